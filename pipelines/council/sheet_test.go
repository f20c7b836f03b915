package council

import (
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/workbook/workbooktest"
)

// A sheet names two of the printed figures that rest on an answer, and of more how many they are.
func TestBoundaryOfPlacesInThePapers(t *testing.T) {
	for n, want := range map[int]string{
		0: "", 1: "1/表/行0", 2: "1/表/行0、1/表/行1", 3: "1/表/行0、1/表/行1、ほか1か所", 12: "1/表/行0、1/表/行1、ほか10か所",
	} {
		var l Line
		for i := range n {
			l.Figures = append(l.Figures, brief.Figure{Address: fmt.Sprint("会議/1/表/行", i)})
		}
		if got := l.printedAt(); got != want {
			t.Errorf("%d figures: %s, want %s", n, got, want)
		}
	}
}

// sheetOf is a sheet of a line that is confirmed and one that is not.
func sheetOf() Sheet {
	return Sheet{Department: "福祉課", Bureau: "福祉部", Round: 1, Lines: []Line{
		{
			State: Confirmed, Record: "済んだ取組", Item: "進捗", Subject: "○", Cells: []Place{{"inputs/市/部/課/票.xlsx", "表", "B2"}},
		},
		{
			State: Waiting, Record: "窓口の改善", Item: "実績値（令和6年度）", Subject: "30件", Number: "30", Written: "三十件", Before: "29件",
			Beside: []string{"開始年度 令和元年度", "終了区分 継続"}, Cells: []Place{{"inputs/市/部/課/票.xlsx", "表", "B3"}},
			Address: "2025-10-21/調査票/A｜indicator｜窓口の改善｜actual｜2024",
		},
	}}
}

var backLines = []string{"返送の期限：令和7年10月14日（火）まで", "送り先：共有", "問合せ先：企画係"}

// What is confirmed is left out of a sheet, unless all is wanted. The value, those confirmed with it, and until when
// and where the sheet goes back stand on it, in the workbook and on paper.
func TestSheets(t *testing.T) {
	s := sheetOf()
	for all, want := range map[bool]string{false: "窓口の改善", true: "済んだ取組 窓口の改善"} {
		var got []string
		for _, row := range lastTable(s.Document(brief.Meeting{}, all, backLines)).Rows {
			got = append(got, row.Cells[0].Text)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("all %v: the paper has %s", all, got)
		}
		data, err := s.Workbook(brief.Meeting{}, all, backLines)
		if err != nil {
			t.Fatal(err)
		}
		text := textOfWorkbook(t, data)
		if strings.Contains(text, "済んだ取組") != all {
			t.Errorf("all %v: the workbook has %s", all, text)
		}
		for _, want := range []string{
			"所属：福祉部　福祉課", "返送の期限：令和7年10月14日（火）まで", "送り先：共有", "問合せ先：企画係", "もとの調査票：票.xlsx",
			"窓口の改善実績値（令和6年度）30件29件－開始年度 令和元年度；終了区分 継続", "表!B3「三十件」", "2025-10-21/調査票/A｜indicator｜窓口の改善｜actual｜2024",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("all %v: %q is not in the workbook:\n%s", all, want, text)
			}
		}
	}
	said := ""
	for _, text := range s.Document(brief.Meeting{}, false, backLines).Texts() {
		said += text.Text
	}
	for _, want := range backLines {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not on the paper", want)
		}
	}
	s.Lines = s.Lines[:1]
	if blocks := s.Document(brief.Meeting{}, false, backLines).Blocks; len(blocks) != 1 {
		t.Errorf("nothing is left: %+v", blocks)
	}
	for round, want := range map[int]string{0: "", 1: "", 2: "（2回目）"} {
		if got := (Sheet{Round: round}).roundWord(); got != want {
			t.Errorf("round %d: %q", round, got)
		}
	}
}

// A sheet whose answers come from two files says of each from which.
func TestSheetOfTwoFiles(t *testing.T) {
	s := sheetOf()
	s.Lines[0].State, s.Lines[0].Cells[0].Path = Waiting, "inputs/市/部/課/別の票.xlsx"
	for i, want := range []string{"別の票.xlsx\n表!B2", "票.xlsx\n表!B3「三十件」"} {
		if got := s.Lines[i].standsAt(filesOf(s.Lines)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// lastTable is the last table of a document.
func lastTable(d document.Document) *document.Table {
	var out *document.Table
	for _, b := range d.Blocks {
		if b.Kind == document.TableOf {
			out = b.Table
		}
	}
	return out
}

// A sheet is printed on A4 landscape, one page wide, with its heads on every page, in letters of 9 points at least.
// What only the program needs is not printed, and no note is cut off.
func TestSheetsArePrintedLargeEnough(t *testing.T) {
	const letters, marks = 10, 75 // points of the cells; full-width letters of a line
	data, err := sheetOf().Workbook(brief.Meeting{}, true, backLines)
	if err != nil {
		t.Fatal(err)
	}
	if size, pages := workbooktest.Printed(t, data, confirmName, letters); size < 9 || pages != 1 {
		t.Errorf("%.2f points, %d pages wide", size, pages)
	}
	area, titles, landscape, paper := workbooktest.PrintedPart(t, data, confirmName)
	if area != "'数値確認票'!$A$1:$M$17" || titles != "'数値確認票'!$9:$9" || !landscape || paper != 9 {
		t.Errorf("%s, %s, %v, %d", area, titles, landscape, paper)
	}
	for i, c := range confirmColumns[len(confirmColumns)-unprinted:] {
		if want := []string{"回", "番地"}[i]; c.Head != want {
			t.Errorf("%s is not printed", c.Head)
		}
	}
	for _, n := range confirmNotes {
		if wide := len([]rune(n)); wide > marks {
			t.Errorf("a note of %d characters is cut off on paper: %s", wide, n)
		}
	}
}
