package form

import (
	"encoding/csv"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

func shippedForms(t *testing.T) []Form {
	t.Helper()
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	return forms
}

// wordsOf reads a 語彙.csv without its head.
func wordsOf(t *testing.T, lines string) []Word {
	t.Helper()
	words, err := readWords("市", vocabularyFile("様式,項目,語\n"+lines))
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func vocabularyFile(text string) collect.File {
	return collect.File{Path: "inputs/市/語彙.csv", Disk: "語彙.csv", Data: []byte(text)}
}

// values are the canonical values of a file's only record, by name and scope.
func values(t *testing.T, forms []Form, text string) (map[string]string, record.Workbook) {
	t.Helper()
	w := record.Workbook{Path: "調査票.csv", FiscalYear: 2026}
	Read(forms, &w, []byte(text), limits.Default())
	out := map[string]string{}
	if len(w.Records) == 1 {
		for _, f := range w.Records[0].Fields {
			out[strings.Trim(f.Name+"/"+f.Scope, "/")] = f.Value
		}
	}
	return out, w
}

// A sheet that is written in a municipality's own words is read by its 語彙.csv as it would be in the form's words:
// heads, a title, choices, symbols and the whole period. The forms of the others know none of them.
func TestWords(t *testing.T) {
	forms := shippedForms(t)
	for name, c := range map[string]struct {
		lines, sheet string
		want         map[string]string
	}{
		"heads and choices": {
			"A,様式名,まちの物差し調べ\nA,成果指標名,物差しの名|ものさし名\nA,種別,物差しの別\nA,種別=成果,まちの姿\nA,目指す方向＝上昇,のばす\nA,実績値,出来高\n",
			"まちの物差し調べ\nものさし名,物差しの別,単位,目指す方向,令和7年度出来高,令和8年度出来高\n来館者数,まちの姿,人,のばす,\"1,200\",1300\n",
			map[string]string{
				"indicator": "来館者数", "kind": "成果", "unit": "人", "direction": "上昇", "actual/2025": "1200", "actual/2026": "1300",
			},
		},
		"symbols, the whole period and what is passed over": {
			"B,進捗=◎,特\nB,自己評価=A,最良｜極上\nB,年度全体,5か年通し\nB,読まない,区長会の受付番号\n",
			"行財政改革取組状況調査票\n改革の柱,推進項目,取組名,区長会の受付番号,令和8年度進捗,令和8年度自己評価,5か年通し進捗,開始年度\n" +
				"柱1 人材,推進項目1 育成,研修,77,特,極上,特,令和6年度\n",
			map[string]string{
				"pillar": "人材", "initiative": "研修", "progress/2026": "◎", "self_rating/2026": "A", "progress/whole": "◎",
				"start_year": "2024",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			own, err := WithWords(forms, wordsOf(t, c.lines))
			if err != nil {
				t.Fatal(err)
			}
			got, w := values(t, own, c.sheet)
			if len(w.Findings) > 0 {
				t.Errorf("findings: %+v", w.Findings)
			}
			for field, want := range c.want {
				if got[field] != want {
					t.Errorf("%s is %q, want %q", field, got[field], want)
				}
			}
			if _, ok := got[passedOver]; ok {
				t.Errorf("what is passed over is a value: %v", got)
			}
			if _, w := values(t, forms, c.sheet); len(w.Findings) == 0 {
				t.Errorf("the forms of all know the words of one: %+v", w.Records)
			}
		})
	}
}

// Adding words leaves the forms that they were added to as they were, and forms that no line concerns are the same.
func TestWordsLeaveTheFormsOfAll(t *testing.T) {
	forms := shippedForms(t)
	lines := "A,成果指標名,物差し\nA,種別=成果,姿\nB,進捗=◎,特\nB,終了区分=完了,済\nB,計,しめ\nB,件数,数え\nC,計画,もくろみ\nE,合計,しめ\n" +
		"A,様式名,調べ\nA,読まない,受付\nB,再掲=○,ふたたび\n"
	if _, err := WithWords(forms, wordsOf(t, lines)); err != nil {
		t.Fatal(err)
	}
	if fresh := shippedForms(t); !reflect.DeepEqual(fresh, forms) {
		t.Error("the forms of all were changed")
	}
	own, err := WithWords(forms, wordsOf(t, lines))
	if err != nil {
		t.Fatal(err)
	}
	for i := range own {
		touched := strings.Contains("ABC", own[i].ID) || own[i].Record == "reduction"
		if (own[i].heads == forms[i].heads) == touched {
			t.Errorf("%s %s: remembers heads with the forms of all: %v", own[i].ID, own[i].Record, !touched)
		}
	}
	again, err := WithWords(own, wordsOf(t, "A,成果指標名,めやす\n"))
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(fieldOf(t, own, "A", "indicator").Words, "めやす") ||
		!slices.Contains(fieldOf(t, again, "A", "indicator").Words, "物差し") {
		t.Error("words of a copy stand in the one that it was made of")
	}
}

func fieldOf(t *testing.T, forms []Form, id, name string) *FieldRule {
	t.Helper()
	for i := range forms {
		for j := range forms[i].Fields {
			if forms[i].ID == id && forms[i].Fields[j].Name == name {
				return &forms[i].Fields[j]
			}
		}
	}
	t.Fatalf("no field %s of %s", name, id)
	return nil
}

// A line may name any list of a form: a series', that of totals in each place where they are known, that of two fields
// which share their words. A form with several YAMLs takes it in those that have the field.
func TestWordsOfLists(t *testing.T) {
	forms, err := WithWords(shippedForms(t), wordsOf(
		t, "財政・定員指標調査票,計画,もくろみ\nC,読まない,前年との開き\nC,決算,しめ切り\nB,計,しめ\nE,合計,しめ\nE,区分,まとまり\nE,備考,ひとこと\nE,継続・終了=終了,おしまい\n",
	))
	if err != nil {
		t.Fatal(err)
	}
	of := func(id, kind string) *Form {
		return &forms[slices.IndexFunc(forms, func(f Form) bool { return f.ID == id && f.Record == kind })]
	}
	c, b := of("C", "indicator_value"), of("B", "initiative")
	reduction, current, planned := of("E", "reduction"), of("E", "current_project"), of("E", "planned_project")
	for name, has := range map[string]struct {
		words []string
		word  string
		want  bool
	}{
		"plan":                  {c.Series.PlanWords, "もくろみ", true},
		"actual":                {c.Series.ActualWords, "もくろみ", false},
		"passed over":           {c.Series.SkipWords, "前年との開き", true},
		"behind a year":         {c.Series.YearSuffixes, "しめ切り", true},
		"rows of totals":        {b.SkipWords, "しめ", true},
		"columns of totals":     {b.Tally.TotalWords, "しめ", true},
		"rows of counts":        {b.Tally.CountWords, "しめ", false},
		"a total that is read":  {reduction.Total.Words, "しめ", true},
		"a total that is not":   {planned.SkipWords, "しめ", false},
		"the first of two":      {current.Fields[1].Words, "まとまり", true},
		"the second of two":     {current.Fields[2].Words, "まとまり", true},
		"without such a field":  {reduction.Fields[2].Words, "まとまり", false},
		"remarks of one":        {current.Fields[8].Words, "ひとこと", true},
		"remarks of another":    {reduction.Fields[5].Words, "ひとこと", true},
		"a choice":              {current.Fields[5].Choices[1].Words, "おしまい", true},
		"the other choice":      {current.Fields[5].Choices[0].Words, "おしまい", false},
		"titles are not added":  {current.Titles, "しめ", false},
		"words are not doubled": {c.Series.PlanWords, "計画", true},
	} {
		if slices.Contains(has.words, has.word) != has.want {
			t.Errorf("%s: %q, want %s: %v", name, has.words, has.word, has.want)
		}
	}
}

// A line that means nothing, or two things, is refused with its place, what it comes nearest to and what to do.
func TestWordsRefused(t *testing.T) {
	for name, c := range map[string]struct{ lines, place, says string }{
		"no such form":            {"成果指標調査表,単位,はかり", ":2:", "様式「成果指標調査表」はありません。「成果指標調査票」のことなら"},
		"nothing like a form":     {"ZZZZZZ,単位,はかり", ":2:", "B（行財政改革取組状況調査票）"},
		"behind a blank line":     {"A,単位,はかり\n\nX,単位,はかり", ":4:", "様式「X」はありません"},
		"another word of a field": {"A,指標名,物差し", ":2:", "項目「指標名」はありません。「成果指標名」のことなら"},
		"nearly a field":          {"A,基準値年度,はじめ", ":2:", "「基準年度」のことなら"},
		"nothing like a field":    {"A,電話,内線", ":2:", "書けるのは 様式名、課名"},
		"field of another form":   {"B,目指す方向,むき", ":2:", "項目「目指す方向」はありません"},
		"no such value":           {"A,種別=活動,動き", ":2:", "種別=成果、種別=実績 のいずれか"},
		"no values":               {"A,備考=なし,無", ":2:", "値の決まっていない項目"},
		"no whole period":         {"A,年度全体,通期", ":2:", "項目「年度全体」はありません"},
		"word of another field":   {"A,成果指標名,事業名", ":2:", "「事業名」は「事業名」の語でもあるので、「成果指標名」"},
		"two lines that disagree": {"A,成果指標名,物差し\nA,単位,物差し", ":3:", "「物差し」は「成果指標名」の語でもあるので、「単位」"},
		"passed over and read":    {"A,読まない,物差し\nA,単位,物差し", ":3:", "「読まない」の語でもある"},
		"read and passed over":    {"A,読まない,備考", ":2:", "「備考」の語でもあるので、「読まない」"},
		"named with a year":       {"A,実績値,最終目標", ":2:", "「目標値」の語でもある"},
		"the whole period":        {"B,進捗,期間全体", ":2:", "「年度全体」の語でもある"},
		"of another choice":       {"A,種別=成果,実績", ":2:", "「種別=実績」の語でもあるので、「種別=成果」"},
		"of another symbol":       {"B,進捗=◎,◯", ":2:", "「進捗=○」の語でもある"},
		"of another ending":       {"B,終了区分=完了,取りやめ", ":2:", "「終了区分=取りやめ」の語でもある"},
		"no mark":                 {"B,再掲=○,なし", ":2:", "「再掲=-」の語でもある"},
		"of another list":         {"C,計画,実績", ":2:", "「実績」の語でもあるので、「計画」"},
		"title of another form":   {"A,様式名,市税決算", ":2:", "様式「市税決算」の様式名でもあります"},
		"word with a year":        {"A,実績値,令和7年度の結果", ":2:", "年度を除いた語"},
		"a number":                {"A,実績値,12", ":2:", "数値か空欄の印"},
		"a mark of nothing":       {"A,読まない,－", ":2:", "数値か空欄の印"},
		"no word":                 {"A,実績値, | ", ":2:", "どれかが空です"},
		"no field":                {"A,,出来高", ":2:", "どれかが空です"},
		"no form":                 {",実績値,出来高", ":2:", "どれかが空です"},
		"words by commas":         {"A,実績値,出来高,出来ばえ", ":2:", "「出来ばえ」は、見出しのない列にあります"},
	} {
		words, err := readWords("市", vocabularyFile("様式,項目,語\n"+c.lines+"\n"))
		if err == nil {
			_, err = WithWords(shippedForms(t), words)
		}
		if err == nil || !strings.HasPrefix(err.Error(), "inputs/市/語彙.csv"+c.place) ||
			!strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: says %v, want %s … %s", name, err, c.place, c.says)
		}
	}
	if _, err := readWords("市", vocabularyFile("様式,項目\nA,単位\n")); err == nil ||
		!strings.Contains(err.Error(), "inputs/市/語彙.csv の1行目に「語」の列がありません") {
		t.Errorf("a file without a column: %v", err)
	}
	doubled := "様式,項目,語,備考\nＡ,成果指標名,指標名|ＫＰＩ|物差し,市長部局\n成果指標調査票,成果指標名,物差し,\n"
	words, err := readWords("市", vocabularyFile(doubled))
	if err != nil {
		t.Fatal(err)
	}
	forms, err := WithWords(shippedForms(t), words)
	if err != nil {
		t.Fatalf("words that the field has are refused: %v", err)
	}
	before, after := fieldOf(t, shippedForms(t), "A", "indicator").Words, fieldOf(t, forms, "A", "indicator").Words
	if !slices.Equal(after, append(before, "物差し")) {
		t.Errorf("got %q", after)
	}
}

// A municipality's word for an ending means the ending; a word that nobody gave means nothing.
func TestEnding(t *testing.T) {
	forms, err := WithWords(shippedForms(t), wordsOf(t, "B,終了区分=完了,済み|ｺﾝﾌﾟﾘｰﾄ\nB,終了区分=継続,つづき\n"))
	if err != nil {
		t.Fatal(err)
	}
	rule := fieldOf(t, forms, "B", "ended")
	for word, want := range map[string]string{
		"済み": "完了", "コンプリート": "完了", "完了": "完了", "取りやめ": "取りやめ", "つづき": "継続", "継続中": "継続", "廃止": "",
	} {
		if got, ok := rule.Ending(word); got != want || ok != (want != "") {
			t.Errorf("%s is %q, %v, want %q", word, got, ok, want)
		}
	}
	if got, ok := fieldOf(t, shippedForms(t), "B", "ended").Ending("済み"); ok {
		t.Errorf("the form of all takes a municipality's word for %s", got)
	}
}

// A head is near to a word when one of three characters is another, or when one contains the other.
func TestNearest(t *testing.T) {
	forms := shippedForms(t)
	of := func(id string) *Form { return &forms[slices.IndexFunc(forms, func(f Form) bool { return f.ID == id })] }
	for _, c := range []struct{ form, head, want string }{
		{"A", "成果指標の名称", "成果指標名"}, // contains 指標の名称
		{"A", "目差す方向", "目指す方向"},   // one of five
		{"A", "めざす方角", ""},        // of めざす値 two of five
		{"A", "区分内訳表", "対象区分"},    // contains 内訳
		{"A", "備老", ""},           // one of two is too many
		{"A", "備考蘭", "備考"},        // contains 備考
		{"A", "電話", ""},
		{"A", "", ""},
		{"C", "もくろみ計画", "計画"},
		{"C", "年度末", "年度"},
	} {
		if got := of(c.form).Nearest(c.head); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.form, c.head, got, c.want)
		}
	}
}

// What is said about an unknown head names a line that 語彙.csv takes, and with which the head is known.
func TestUnknownHead(t *testing.T) {
	forms := shippedForms(t)
	f := &forms[slices.IndexFunc(forms, func(f Form) bool { return f.ID == "A" })]
	for head, want := range map[string]string{
		"成果指標の呼名":      "A,成果指標名,成果指標の呼名",
		"令和8年度の実績見込":   "A,実績値,実績見込",
		"備考,\"特記\"など":  `A,備考,"備考,""特記""など"`,
		"電話":           "A,読まない,電話",
		"令和7年度の令和8年度比": "A,読まない,比",
	} {
		says := f.UnknownHead(head, "市")
		if !strings.Contains(says, "見出し「"+head+"」は分かりません。") || !strings.Contains(says, "inputs/市/語彙.csv に「") ||
			!strings.Contains(says, "「"+want+"」の行") {
			t.Errorf("says %s, want %s", says, want)
		}
		own, err := WithWords(forms, wordsOf(t, want+"\n"))
		if err != nil {
			t.Errorf("%s is refused: %v", want, err)
			continue
		}
		line, err := csv.NewReader(strings.NewReader(want)).Read()
		if err != nil {
			t.Fatal(err)
		}
		known := slices.ContainsFunc(own[slices.IndexFunc(own, func(f Form) bool { return f.ID == "A" })].Fields,
			func(r FieldRule) bool { return matches(line[2], r.Words) })
		if !known {
			t.Errorf("%s leaves the head unknown", want)
		}
	}
	for _, head := range []string{"100", "－", "赤|青"} { // no line can name these
		if says := f.UnknownHead(head, "市"); strings.Contains(says, "語彙.csv") || !strings.Contains(says, "様式の見出しの語に直してください") {
			t.Errorf("%s: says %s", head, says)
		}
	}
	if says := f.UnknownHead("成果指標の呼名", ""); !strings.Contains(says, "inputs/<自治体>/語彙.csv") {
		t.Errorf("without a municipality: %s", says)
	}
}

// The example of the manual does what the manual says: the form of its shortest example reads a sheet in a
// municipality's own words, and a line is refused as it is printed there.
func TestDocumentedWords(t *testing.T) {
	data, err := os.ReadFile("../../docs/様式の書き方.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(data)
	block := func(after, fence string) string {
		t.Helper()
		_, rest, found := strings.Cut(doc, after)
		_, rest, _ = strings.Cut(rest, "```"+fence+"\n")
		text, _, closed := strings.Cut(rest, "```")
		if !found || !closed {
			t.Fatalf("no example after %s", after)
		}
		return text
	}
	forms, err := Load(fstest.MapFS{"forms/例.yaml": {Data: []byte(block("## いちばん短い例", "yaml"))}}, "forms")
	if err != nil {
		t.Fatal(err)
	}
	words, err := readWords("市", vocabularyFile(block("## 語彙.csv", "csv")))
	if err != nil {
		t.Fatal(err)
	}
	if forms, err = WithWords(forms, words); err != nil {
		t.Fatal(err)
	}
	got, w := values(t, forms, "館の利用調べ\n館名,単位,令和8年度入館された方,館長印\n図書館,人,\"1,200\",済\n")
	if got["facility"] != "図書館" || got["visitors/2026"] != "1200" || len(w.Findings) > 0 {
		t.Errorf("got %v, findings %+v", got, w.Findings)
	}
	_, refused := WithWords(shippedForms(t), []Word{{
		Form: "A", Item: "指標名", Words: []string{"物差し"}, Path: "inputs/八戸市/語彙.csv", Line: 3,
	}})
	if printed := strings.TrimSpace(block("重なった相手を示して止まります", "")); refused == nil || refused.Error() != printed {
		t.Errorf("says %v, the manual %s", refused, printed)
	}
}
