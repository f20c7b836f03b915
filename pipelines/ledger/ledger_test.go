package ledger

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/limits"

	"golang.org/x/text/encoding/japanese"
)

func lines() []Line {
	held := time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC)
	return []Line{
		{Meeting: "2025-10-21", Held: held, Edition: 1, Paper: "資料2-1", Item: "総括", Brief: "総括.md", Of: 2024,
			Figure: "2025-10-21/総括/進捗/計/◎",
			Table:  "進捗", Row: "計", Column: "◎", Text: "1,383", Value: "1383", Unit: "人",
			Fact: "C｜indicator_value｜職員数|2024｜actual｜人", Year: 2024},
		{
			Meeting: "2025-10-21", Held: held, Edition: 1, Paper: "1", Figure: "2025-10-21/1/本文/1-1/1", Table: "本文", Row: "1-1",
			Column: "1", Text: "=1+1\n'二行'", Value: "",
		},
		{
			Meeting: "2025-10-21", Held: held, Edition: 1, Paper: "1", Item: "'引用'", Figure: "2025-10-21/1/表/-甲/＝乙", Table: "＠表",
			Row: "-甲（再掲）", Column: "＝乙", Text: "－", Value: "-5", Unit: "-件/人",
		},
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	data, err := Write(lines())
	if err != nil {
		t.Fatal(err)
	}
	cp932, err := japanese.ShiftJIS.NewEncoder().Bytes(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		t.Fatal(err)
	}
	guarded := 0
	for _, cell := range []string{`'-甲（再掲）`, `'＝乙`, `'＠表`, `''引用'`, `'-件/人`, `"'=1+1`, ",－,-5,"} {
		guarded += strings.Count(string(data), cell)
	}
	if guarded != 7 {
		t.Errorf("%d cells are guarded from Excel: %s", guarded, data)
	}
	before := strings.NewReplacer("'-甲", "-甲", "'＝乙", "＝乙", "'＠表", "＠表", "'-件", "-件").Replace(string(data))
	slashed := []byte(strings.ReplaceAll(string(data), ",2025-10-21,", ",2025/10/21,"))
	for name, some := range map[string][]byte{
		"as written": data, "saved by Excel as CP932": cp932, "days as Excel writes them": slashed,
		"written before - was guarded": []byte(before),
	} {
		got, err := Read("inputs/八戸市/ledger/2025-10-21_第1版.csv", some, limits.Default())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := lines()
		for i := range got {
			if got[i].Path == "" || got[i].Position == "" {
				t.Errorf("%s: line %d does not say where it stands", name, i)
			}
			got[i].Path, got[i].Position = "", ""
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%+v\nwant\n%+v", name, got, want)
		}
	}
}

func TestReadSaysWhatIsWrong(t *testing.T) {
	data, err := Write(lines())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, says string }{
		"a column is gone":  {"事実,", "", "「事実」の列がありません"},
		"an edition":        {",2025-10-21,1,", ",2025-10-21,一,", "「一」は版として読めません"},
		"a day":             {",2025-10-21,1,", ",来月,1,", "「来月」は開催日として読めません"},
		"a year of a paper": {",2024,2025", ",6年,2025", "報告年度"},
	} {
		_, err := Read("a.csv", []byte(strings.Replace(string(data), c.old, c.new, 1)), limits.Default())
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "outputs/final") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read("a.csv", nil, limits.Default()); err == nil {
		t.Error("an empty file is a ledger")
	}
}

func TestStanding(t *testing.T) {
	all := lines()
	second := all[0]
	second.Edition, second.Text = 2, "1,384"
	got := Standing(append(all, second))
	if len(got) != 1 || got[0].Text != "1,384" {
		t.Errorf("%+v", got)
	}
}
