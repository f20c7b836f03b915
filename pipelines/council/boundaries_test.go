package council

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// figureOf is a figure with one cell of each of some files.
func figureOf(address, text string, paths ...string) brief.Figure {
	f := brief.Figure{
		Address: address, Table: "表", Row: address, Column: "数", Text: text, Value: strings.TrimRight(text, "%件"),
	}
	for i, path := range paths {
		cell := brief.Source{Path: path, Sheet: "票", Cell: fmt.Sprint("B", i+2)}
		f.Origins = append(f.Origins, brief.Origin{Sources: []brief.Source{cell}})
	}
	return f
}

// cityOfYears has a workbook of 財政課 for each of three years, all of form A, and one of 福祉課.
func cityOfYears() City {
	c := testCity()
	c.files, c.sheets = map[string]file{"福祉": {department: "福祉課", year: 2023}}, map[Place][]string{
		{Path: "福祉", Sheet: "票"}: {"A", "B"},
	}
	for year := 2022; year <= 2024; year++ {
		path := fmt.Sprint("財政", year)
		c.files[path], c.sheets[Place{Path: path, Sheet: "票"}] = file{department: "財政課", year: year}, []string{"A"}
	}
	return c
}

// A figure rests on the forms of the years of its cells, from the first to the last, and up to the year that its paper
// reports: a form of that year that is not there at all has left no cell behind.
func TestBoundaryOfYearsThatAFigureRestsOn(t *testing.T) {
	for _, c := range []struct {
		name     string
		paths    []string
		reported int
		want     map[string][2]int
	}{
		{"one year", []string{"財政2023"}, 0, map[string][2]int{"": {2023, 2023}, "A": {2023, 2023}}},
		{"the paper's own year", []string{"財政2023"}, 2024, map[string][2]int{"": {2023, 2024}, "A": {2023, 2024}}},
		{"a paper of the year before", []string{"財政2023"}, 2022, map[string][2]int{"": {2023, 2023}, "A": {2023, 2023}}},
		{"the middle first", []string{"財政2023", "財政2022", "財政2024"}, 0,
			map[string][2]int{"": {2022, 2024}, "A": {2022, 2024}}},
		{"the last first", []string{"財政2024", "財政2022"}, 2023, map[string][2]int{"": {2022, 2024}, "A": {2022, 2024}}},
		{"two forms of one sheet", []string{"福祉"}, 0,
			map[string][2]int{"": {2023, 2023}, "A": {2023, 2023}, "B": {2023, 2023}}},
		{"a file that is none of the city's", []string{"x"}, 2024, map[string][2]int{}},
	} {
		got := cityOfYears().rests(figureOf("a", "1", c.paths...), c.reported)
		if !maps.Equal(got.years, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got.years, c.want)
		}
	}
	gap := func(year int) Obstacle { return Obstacle{Kind: NotIn, Department: "財政課", form: "A", year: year} }
	for year, want := range map[int]bool{2022: false, 2023: true, 2024: true, 2025: false} {
		if got := gap(year).touches(cityOfYears().rests(figureOf("a", "1", "財政2023"), 2024)); got != want {
			t.Errorf("a gap of %d touches: %v", year, got)
		}
	}
}

// What a department has not confirmed holds the papers up. Its silence may be waived, in one edition; what it has
// corrected, or has not seen since it changed, nobody waives.
func TestBoundaryOfWaivingTheUnanswered(t *testing.T) {
	waiver := func(target string) record.Decision {
		return record.Decision{Path: target, Decision: "除いて確定", Reason: "理由", Post: "課長", Date: "令和8年10月1日"}
	}
	sheet := func(states ...State) Sheet {
		s := Sheet{Department: "財政課"}
		for i, state := range states {
			l := Line{State: state, Note: "記すこと", Record: fmt.Sprint("取組", i), Item: "進捗"}
			if state != Waiting {
				l.At = Place{Path: "inputs/票.xlsx", Cell: "B2"}
			}
			s.Lines = append(s.Lines, l)
		}
		return s
	}
	const first, second = "数値確認票/会議/財政課", "数値確認票/会議/財政課/第2版"
	for _, c := range []struct {
		name         string
		sheet        Sheet
		edition      int
		waiver       string
		open, waived bool
	}{
		{"all confirmed", sheet(Confirmed, Confirmed), 1, first, false, false},
		{"one of two waits", sheet(Confirmed, Waiting), 1, first, true, true},
		{"without a waiver", sheet(Confirmed, Waiting), 1, "数値確認票/会議/福祉課", true, false},
		{"all wait", sheet(Waiting, Waiting), 1, first, true, true},
		{"one correction", sheet(Confirmed, Correct), 1, first, true, false},
		{"a correction among those that wait", sheet(Waiting, Waiting, Correct), 1, first, true, false},
		{"one that has changed", sheet(Confirmed, Changed), 1, first, true, false},
		{"a change among those that wait", sheet(Changed, Waiting), 1, first, true, false},
		{"both", sheet(Changed, Correct), 1, first, true, false},
		{"the waiver of the first edition in the second", sheet(Waiting), 2, first, true, false},
		{"that of the second", sheet(Waiting), 2, second, true, true},
		{"that of the second in the first", sheet(Waiting), 1, second, true, false},
		{"that of the second in the third", sheet(Waiting), 3, second, true, false},
	} {
		city := City{waivers: []record.Decision{waiver(c.waiver)}}
		got := city.Unanswered(brief.Meeting{ID: "会議"}, []Sheet{c.sheet}, c.edition)
		if len(got) > 0 != c.open || c.open && (got[0].Waiver != nil) != c.waived {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	o := City{}.Unanswered(brief.Meeting{ID: "会議"}, []Sheet{sheet(Confirmed, Waiting, Correct)}, 1)[0]
	if want := "3件のうち訂正待ち1件、未確認1件。取組2・進捗：記すこと（票.xlsx › B2）"; o.What != want {
		t.Errorf("what is open: %s, want %s", o.What, want)
	}
}

// totalled is a table of a total with a figure, and the paper that it stands in.
func totalled(label string, total bool, figures ...brief.Figure) (*document.Table, []brief.ItemPaper) {
	table := &document.Table{ID: "表", Rows: []document.Row{
		{Cells: []document.Cell{{Text: "計"}}}, {Total: total, Cells: []document.Cell{{Text: label}, {Text: "5"}}},
	}}
	blocks := []document.Block{{Kind: document.Box, Blocks: []document.Block{{Kind: document.TableOf, Table: table}}}}
	return table, []brief.ItemPaper{{Paper: brief.Paper{Document: document.Document{Blocks: blocks}, Figures: figures}}}
}

// A total says how many were left out of it by decision, and only those: what is left out without one keeps the paper
// from being final. A table without a total says it in a note, once.
func TestBoundaryOfWhatIsSaidToBeLeftOut(t *testing.T) {
	waived := &record.Decision{}
	gap := func(kind string, waiver *record.Decision) Obstacle {
		return Obstacle{Kind: kind, Department: "財政課", Waiver: waiver, form: "A", year: 2023}
	}
	other := gap(WithError, waived)
	other.year = 2021
	figure := figureOf("a", "5件", "財政2023")
	word := figure
	word.Value = ""
	for _, c := range []struct {
		name, label string
		total       bool
		figure      brief.Figure
		gaps        []Obstacle
		want        string
	}{
		{"an error", "計", true, figure, []Obstacle{gap(WithError, waived)}, "計（1件を除く）"},
		{"an error without a waiver", "計", true, figure, []Obstacle{gap(WithError, nil)}, "計"},
		{"what is not submitted", "合計", true, figure, []Obstacle{gap(NotIn, waived)}, "合計（1件を除く）"},
		{"and without a waiver", "合計", true, figure, []Obstacle{gap(NotIn, nil)}, "合計"},
		{"both", "総計", true, figure, []Obstacle{gap(NotIn, waived), gap(WithError, waived)}, "総計（2件を除く）"},
		{"one of two is waived", "計", true, figure, []Obstacle{gap(NotIn, nil), gap(WithError, waived)}, "計（1件を除く）"},
		{"what leaves nothing out", "計", true, figure, []Obstacle{gap(Unconfirmed, waived), gap(NoGlyph, waived)}, "計"},
		{"of a year that no figure rests on", "計", true, figure, []Obstacle{other}, "計"},
		{"a subtotal", "小計", true, figure, []Obstacle{gap(NotIn, waived)}, "小計 ※1件を除く。"},
		{"a row that is only called so", "計", false, figure, []Obstacle{gap(NotIn, waived)}, "計 ※1件を除く。"},
		{"a table of words", "計", true, word, []Obstacle{gap(NotIn, waived)}, "計"},
	} {
		table, papers := totalled(c.label, c.total, c.figure)
		cityOfYears().Except(papers, c.gaps)
		got := strings.TrimSpace(table.Rows[1].Cells[0].Text + " " + strings.Join(table.Notes, " "))
		if got != c.want || table.Rows[0].Cells[0].Text != "計" {
			t.Errorf("%s: %s, want %s; the row above: %s", c.name, got, c.want, table.Rows[0].Cells[0].Text)
		}
	}
	table, papers := totalled("小計", true, figure)
	table.Notes = []string{"※集計から除いた取組がある。"}
	cityOfYears().Except(papers, []Obstacle{gap(NotIn, waived)})
	if len(table.Notes) != 1 {
		t.Errorf("it is said twice: %q", table.Notes)
	}
}

// A cell of several records means that of its own row, whatever else stands in that row.
func TestWhatACellMeans(t *testing.T) {
	on := &recordsOn{
		of:    map[string][]string{"A5": {"B5", "B6"}, "B5": {"B5"}, "C6": {"B6"}, "H5": {"H5"}},
		cells: []string{"B5", "B6", "H5"},
	}
	for _, c := range []struct {
		cell, record string
		want         bool
	}{
		{"A5", "B5", true}, {"A5", "B6", false}, {"A5", "H5", false}, {"B5", "B5", true}, {"B5", "H5", false},
		{"C6", "B6", true},
		{"H5", "H5", true}, {"Z5", "B5", false}, {"Z6", "B6", true}, {"", "B5", false}, {"B5", "", false}, {"", "", true},
	} {
		if got := on.means(c.cell, c.record); got != c.want {
			t.Errorf("%s means %s: %v", c.cell, c.record, got)
		}
	}
}

// Figures without a cell are told, words that follow others are not.
func TestUntraced(t *testing.T) {
	bare, word := figureOf("番地1", "5"), figureOf("番地2", "改善")
	word.Word = true
	one, two := figureOf("番地3", "5", "a"), figureOf("番地4", "5", "a", "b")
	papers := []brief.ItemPaper{{
		Item: brief.Item{Department: "財政課"}, Paper: brief.Paper{Figures: []brief.Figure{one, bare, word, two}},
	}}
	got := City{waivers: []record.Decision{{Path: "番地1"}, {Path: "番地3"}}}.Untraced(papers)
	if len(got) != 1 || got[0].Target != "番地1" || got[0].Department != "財政課" || got[0].Waiver == nil ||
		got[0].Kind != NoSource {
		t.Errorf("%+v", got)
	}
}

// A character that no typeface has is told with the first place where it stands, whether or not one is found.
func TestUnprintable(t *testing.T) {
	paper := func(name, text string) brief.ItemPaper {
		return brief.ItemPaper{
			Item: brief.Item{Number: name, Department: name + "課"},
			Paper: brief.Paper{Document: document.Document{
				Blocks: []document.Block{{Kind: document.Paragraph, Spans: []document.Span{{Text: text}}}},
			}},
		}
	}
	got := City{waivers: []record.Decision{{Path: "😀"}}}.Unprintable(
		[]brief.ItemPaper{paper("1", "なし"), paper("2", "絵😀"), paper("3", "絵😀と☃")}, []rune("😀☃☂"),
	)
	var out []string
	for _, o := range got {
		out = append(out, fmt.Sprint(o.Target, o.Department, o.Waiver != nil))
	}
	if text := strings.Join(out, " "); text != "😀2課true ☃3課false ☂false" {
		t.Errorf("%s", text)
	}
}

// A figure jumps where a count doubles or halves by five at least, where a percentage or a difference in points moves
// by twenty at least, where its sign or unit is another, or where it is a number no longer.
func TestBoundaryOfSuspiciousFigures(t *testing.T) {
	for _, c := range []struct{ old, now, unit, want string }{
		{"50", "69.9", "%", ""}, {"50", "70", "%", "20ポイント以上の差"}, {"50", "70.1", "％", "20ポイント以上の差"},
		{"50", "30.1", "%", ""}, {"50", "30", "%", "20ポイント以上の差"}, {"1", "5", "%", ""},
		{"5", "24.9", "ポイント", ""}, {"5", "25", "ポイント", "20ポイント以上の差"},
		{"5", "9", "件", ""}, {"5", "10", "件", "2倍以上の差"}, {"5", "11", "件", "2倍以上の差"},
		{"4", "8", "件", ""}, {"4", "9", "件", "2倍以上の差"}, {"10", "6", "件", ""}, {"10", "5", "件", "2倍以上の差"},
		{"1000", "1999", "件", ""}, {"1000", "2000", "件", "2倍以上の差"}, {"0", "4", "件", ""}, {"0", "5", "件", "2倍以上の差"},
		{"5", "0", "件", "2倍以上の差"}, {"0", "0", "件", ""},
		{"1", "-1", "件", "正負が違う"}, {"-1", "1", "件", "正負が違う"}, {"0", "-1", "件", ""}, {"-5", "-9", "件", ""},
		{"-5", "-10", "件", "2倍以上の差"}, {"", "5", "件", "数値であるかどうかが違う"}, {"5", "", "件", "数値であるかどうかが違う"}, {"", "", "件", ""},
	} {
		if got := jump(brief.Figure{Value: c.old, Unit: c.unit}, brief.Figure{Value: c.now, Unit: c.unit}); got != c.want {
			t.Errorf("%s → %s %s: %q, want %q", c.old, c.now, c.unit, got, c.want)
		}
	}
	if got := jump(brief.Figure{Value: "5", Unit: "千円"}, brief.Figure{Value: "5", Unit: "円"}); got != "単位が違う" {
		t.Errorf("another unit: %q", got)
	}
}

// Figures are compared with those of their place, each place once; words are none.
func TestJumpsOfAPlace(t *testing.T) {
	at := func(text, value string, word bool) brief.Figure {
		return brief.Figure{Table: "表", Row: "行", Column: "列", Text: text, Value: value, Unit: "件", Word: word}
	}
	before := paper("2023", []string{"柱"}, nil, nil, at("増加", "", true), at("10件", "10", false), at("500件", "500", false))
	now := paper("2024", []string{"柱"}, nil, nil, at("増加", "", true), at("100件", "100", false), at("900件", "900", false))
	var got []string
	for _, d := range jumps(before, now) {
		got = append(got, d.What)
	}
	if text := strings.Join(got, " "); text != "10件 → 100件（2倍以上の差）" {
		t.Errorf("%s", text)
	}
}

// Papers without a template belong together by their title alone, and rows are named by the left columns of words.
func TestWhichPapersAreCompared(t *testing.T) {
	named := func(title, template string) brief.ItemPaper {
		return brief.ItemPaper{Item: brief.Item{Number: title, Title: title, Brief: template}}
	}
	var got []string
	for _, d := range Against(
		[]brief.ItemPaper{named("甲", ""), named("乙", ""), named("丙", "c.md"), named("丁", "d.md")},
		[]brief.ItemPaper{named("乙", ""), named("新しい題", "c.md"), named("戊", ""), named("丁", "e.md")},
	) {
		got = append(got, d.Change+d.Where)
	}
	if text := strings.Join(got, " "); text != "追加戊 削除甲" {
		t.Errorf("%s", text)
	}
	row := document.Row{Cells: []document.Cell{{Text: "一"}, {Text: "二"}, {Text: "三"}}}
	for aligns, want := range map[string]string{
		"left right right": "一", "left left right": "一・二", "left left left": "一", "right right right": "一",
		"left right left": "一",
	} {
		table := &document.Table{Rows: []document.Row{row}}
		for _, a := range strings.Fields(aligns) {
			table.Columns = append(table.Columns, document.Column{Align: a})
		}
		if got := rowLabels(table, 0); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %q", aligns, got, want)
		}
	}
}

// An answer that says 確認 and gives another value counts as a correction of the value that it saw, and of no other.
func TestContradictingAnswers(t *testing.T) {
	of := func(subject, said, correction string) answer {
		return answer{subject: subject, answer: said, correction: correction, on: "令和8年10月1日", post: "課長"}
	}
	for _, c := range []struct {
		name    string
		answers []answer
		want    State
	}{
		{"another value", []answer{of("30", "確認", "31")}, Correct},
		{"the same value", []answer{of("30", "確認", "３０")}, Confirmed},
		{"another value of what was there before", []answer{of("29", "確認", "31")}, Changed},
		{"that, and then confirmed", []answer{of("30", "確認", ""), of("30", "確認", "31")}, Confirmed},
		{"another value of before, behind one that is confirmed",
			[]answer{of("29", "確認", "31"), of("30", "確認", "")}, Confirmed},
	} {
		l := Line{Subject: "30"}
		if l.settle(c.answers); l.State != c.want {
			t.Errorf("%s: %s %q, want %s", c.name, l.State, l.Note, c.want)
		}
	}
}

// A figure of one department is confirmed by it, one of several by the department of the paper, and its cells by each
// other department, where the fewest are behind a figure. Words and long texts are not confirmed.
func TestWhoConfirmsWhat(t *testing.T) {
	c := cityOfYears()
	f := func(address, text, value string, paths ...string) brief.Figure {
		out := figureOf(address, text, paths...)
		out.Value = value
		return out
	}
	word := f("語", "改善", "", "福祉")
	word.Word = true
	prose := f("文", "7", "7", "福祉", "財政2023")
	prose.Table = brief.ProseTable
	file := f("提出数", "5", "5", "財政2023", "福祉")
	file.Origins[1].Sources[0].Cell = ""
	twenty := strings.Repeat("字", 20)
	for _, x := range []struct {
		name    string
		figures []brief.Figure
		want    string // department figure, and its cells where they are shared
	}{
		{"of one department", []brief.Figure{f("甲", "5", "5", "福祉")}, "福祉課甲"},
		{"of none", []brief.Figure{f("甲", "5", "5")}, "財政課甲"},
		{"of two", []brief.Figure{f("甲", "5", "5", "財政2023", "福祉")}, "財政課甲 福祉課甲[B3]"},
		{"in the text", []brief.Figure{prose}, "財政課文"},
		{"a file", []brief.Figure{file}, "財政課提出数"},
		{"a word", []brief.Figure{word}, ""},
		{"a literal", []brief.Figure{f("甲", twenty, "", "福祉")}, "福祉課甲"},
		{"a text with digits", []brief.Figure{f("甲", twenty+"字", "", "福祉")}, ""},
		{"a long number", []brief.Figure{f("甲", twenty+"字", "5", "福祉")}, "福祉課甲"},
		{"the narrower figure", []brief.Figure{
			f("広", "9", "9", "財政2022", "福祉", "財政2023"), f("狭", "7", "7", "財政2022", "福祉"), f("狭2", "7", "7", "財政2023", "福祉"),
		}, "財政課広 財政課狭 財政課狭2 福祉課狭[B3]"},
	} {
		var got []string
		for _, l := range c.lines(brief.ItemPaper{Paper: brief.Paper{Figures: x.figures}}, "財政課", nil) {
			text := l.department + l.Address
			if l.shared {
				text += fmt.Sprint([]string{l.Cells[0].Cell})
			}
			got = append(got, text)
		}
		if text := strings.Join(got, " "); text != x.want {
			t.Errorf("%s: %s, want %s", x.name, text, x.want)
		}
	}
}

// A sheet of before named two files and four cells of a line, and of more how many they were.
func TestBoundaryOfPlacesOfPrintedFigures(t *testing.T) {
	line := func(files, cells int) printedLine {
		var l printedLine
		for i := range cells {
			l.Cells = append(l.Cells, Place{fmt.Sprint("inputs/票", i%files, ".xlsx"), "表", fmt.Sprint("B", i)})
		}
		return l
	}
	for _, c := range []struct {
		files, cells int
		want         string
	}{
		{1, 4, "票0.xlsx|表!B0、表!B1、表!B2、表!B3"}, {1, 5, "票0.xlsx|表!B0、表!B1、表!B2、表!B3、ほか1か所"},
		{2, 2, "票0.xlsx\n票1.xlsx|表!B0、表!B1"}, {3, 3, "調査票3件|3か所"},
	} {
		files, cells := line(c.files, c.cells).places()
		if got := files + "|" + cells; got != c.want {
			t.Errorf("%d files, %d cells: %q, want %q", c.files, c.cells, got, c.want)
		}
	}
}

// textOfWorkbook is all that stands in a workbook.
func textOfWorkbook(t *testing.T, data []byte) string {
	t.Helper()
	book, err := workbook.Open("a.xlsx", data, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, s := range book.Sheets {
		for i := range s.Rows {
			for j := range s.Cols {
				out += s.At(i, j).Text
			}
			out += "\n"
		}
	}
	return out
}
