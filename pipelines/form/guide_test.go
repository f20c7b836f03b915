package form

import (
	"os"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/record"
)

// A guide says what is known: until when, where to, whom to ask; of marks and words those that the form asks for.
func TestGuide(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	guide := func(id string, who Asker) []string {
		f := &forms[slices.IndexFunc(forms, func(f Form) bool { return f.ID == id })]
		s := f.Intake(who, []record.Record{{Form: id, Kind: f.Record, FiscalYear: who.FiscalYear - 1, Key: "a"}})
		if s.Spare < 10 {
			t.Errorf("%s: %d empty rows", id, s.Spare)
		}
		return s.Guide
	}
	for name, c := range map[string]struct {
		who  Asker
		want string
	}{
		"all":         {asker(2026), "※ 提出期限：令和9年1月15日　　送り先：共有フォルダ「調査票提出」　　問合せ先：総務部行政管理課（内線 2345、gyosei@example.lg.jp）"},
		"a day alone": {Asker{FiscalYear: 2026, Due: "令和9年1月15日"}, "※ 提出期限：令和9年1月15日"},
		"no day":      {Asker{FiscalYear: 2026, Due: "追って連絡", Contact: "企画課"}, "※ 提出期限：追って連絡　　問合せ先：企画課"},
		"nothing":     {Asker{FiscalYear: 2026}, "※ 色の付いた欄に"},
	} {
		if got := guide("B", c.who)[0]; got != c.want && name != "nothing" || !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
	const numbers, new = "数値の欄には、単位を付けずに", "今年度に始めたものは"
	for id, c := range map[string]struct{ has, lacks []string }{
		"A": {[]string{numbers, "※ 種別　成果　実績", "※ 目指す方向　上昇　低下　維持", "※ 回答状況　"}, []string{new, "◎"}},
		"B": {[]string{
			new, "※ 進捗　◎：計画を上回って進んだ　○：計画どおり進んだ　△", "※ 自己評価　A：想定以上の成果", "※ 終了区分　継続　完了　取りやめ",
		}, []string{numbers}},
		"F": {[]string{numbers}, []string{"回答状況", new}},
	} {
		all := strings.Join(guide(id, asker(2026)), "\n")
		for _, text := range c.has {
			if !strings.Contains(all, text) {
				t.Errorf("%s does not say %s:\n%s", id, text, all)
			}
		}
		for _, text := range c.lacks {
			if strings.Contains(all, text) {
				t.Errorf("%s says %s:\n%s", id, text, all)
			}
		}
		for _, line := range strings.Split(all, "\n") {
			if !strings.HasPrefix(line, guideMark+" ") {
				t.Errorf("%s: %s is no note", id, line)
			}
		}
	}
}
