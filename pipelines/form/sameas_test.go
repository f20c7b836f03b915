package form

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

var sameMarks = []string{
	"同左", "（同左）", "同 左", "左に同じ", "左記と同じ", "←", "→", "←同左", "→（同上）", "⇒", "⇐", "↑", "->", "<-", "－>", "=>", "＝",
	"〃", "〃〃", "''", "同上", "同じ", "同", "同額", "前年度と同じ", "前年同", "昨年度と同じ", "変更なし",
}

// A mark that stands for the value of another cell is never a blank: the record is left out until the number is
// written, in a column of numbers and in one that takes texts as well.
func TestMarksForTheCellBeside(t *testing.T) {
	for _, literal := range []string{"", ", literal: true"} {
		yaml := "id: P\nname: 事業一覧\nlayout: table\nrecord: programme\ntitles: [事業一覧]\nfields:\n" +
			"  - {name: programme, type: name, needed: true, words: [事業名]}\n" +
			"  - {name: cost, type: number, scoped: true, words: [事業費]" + literal + "}\nkey: [programme]\n"
		for _, mark := range sameMarks {
			w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
			Read(loaded(t, yaml), &w, []byte("事業一覧\n事業名,令和6年度事業費,令和7年度事業費\n見守り,100,"+mark+"\n緑化,5,6\n"), limits.Default())
			if len(w.Findings) != 1 || w.Findings[0].Code != "number_unreadable" || w.Findings[0].Cell != "C3" ||
				!w.Records[0].Excluded || w.Records[1].Excluded {
				t.Errorf("%s%s: findings %v", mark, literal, w.Findings)
			}
		}
		for _, none := range []string{"－", "-", "…", "未定", "検討中"} {
			w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
			Read(loaded(t, yaml), &w, []byte("事業一覧\n事業名,令和6年度事業費,令和7年度事業費\n見守り,100,"+none+"\n"), limits.Default())
			if undecided := none == "未定" || none == "検討中"; len(w.Findings) > 0 && (!undecided || literal != "") {
				t.Errorf("%s%s: findings %v", none, literal, w.Findings)
			}
		}
	}
}

// The same holds for yearly values of indicators, and for targets of the shipped forms, which take texts.
func TestMarksForTheCellBesideInShippedForms(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range sameMarks {
		series := record.Workbook{Path: "a.csv", FiscalYear: 2025}
		Read(forms, &series, []byte("財政指標\n指標,令和4年度,令和5年度,令和6年度\n職員数（人）,100,"+mark+",102\n"), limits.Default())
		targets := record.Workbook{Path: "a.csv", FiscalYear: 2026}
		Read(forms, &targets, []byte("成果指標調査票\n計画名,事業番号,事業名,成果指標名,種別,単位,方向,基準値,令和7年度実績値,令和8年度目標値\n"+
			"総合計画,1,見守り,訪問件数,成果,件,上昇,10,20,"+mark+"\n"), limits.Default())
		for name, w := range map[string]*record.Workbook{"series": &series, "targets": &targets} {
			if len(w.Records) == 0 {
				t.Fatalf("%s: nothing was read, %v", name, w.Findings)
			}
			if !strings.Contains(fmt.Sprint(w.Findings), "number_unreadable") {
				t.Errorf("%s %s: findings %v", name, mark, w.Findings)
			}
		}
	}
}

// A unit of 〃 is that of the row above.
func TestUnitOfTheRowAbove(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
	Read(forms, &w, []byte("財政指標\n指標,単位,令和5年度,令和6年度\n職員数,人,100,101\n会計年度任用職員数,〃,20,21\n"), limits.Default())
	if len(w.Records) != 4 || len(w.Findings) > 0 {
		t.Fatalf("%d records, findings %v", len(w.Records), w.Findings)
	}
	for i := range w.Records {
		if f, _ := w.Records[i].Field("actual", ""); f.Unit != "人" {
			t.Errorf("%s is in %q", w.Records[i].Value("indicator"), f.Unit)
		}
	}
}
