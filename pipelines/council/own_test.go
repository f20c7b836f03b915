package council

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// rated is a record of form B in a row: a name, since when it runs, and its progress in a year and as a whole.
func rated(name string, at int, since, year, progress, whole string) record.Record {
	cell := func(column string) string { return fmt.Sprint(column, at) }
	return record.Record{
		Form: "B", Kind: "initiative", FiscalYear: 2024, Sheet: "表", Row: at, Cell: cell("A"), Key: name,
		Fields: []record.Field{
			{Name: "initiative", Text: name, Value: name, Cell: cell("A")},
			{Name: "start_year", Text: since, Value: since, Cell: cell("B")},
			{Name: "progress", Scope: year, Text: progress, Value: progress, Cell: cell("C")},
			{Name: "progress", Scope: record.WholePeriod, Text: whole, Value: whole, Cell: cell("D")},
		},
	}
}

// namedSources is a figure of cells of the sheet 表, as `field file cell`.
func namedSources(address string, sources ...string) brief.Figure {
	f := figureAt(address, "1件", "1")
	for _, s := range sources {
		parts := strings.Fields(s)
		f.Origins = append(f.Origins, brief.Origin{Sources: []brief.Source{
			{Field: parts[0], Path: parts[1], Sheet: "表", Cell: parts[2]},
		}})
	}
	return f
}

// told writes lines for a comparison: what is asked, the value, the year before, what is beside, and on how many
// figures.
func told(lines []Line) string {
	var out []string
	for _, l := range lines {
		out = append(out, strings.Join([]string{
			l.Name(), l.Subject, l.Before, l.beside(), fmt.Sprint(len(l.Figures)),
		}, "|"))
	}
	return strings.Join(out, "\n")
}

const earlierFile = "inputs/市/令和5年度/福祉部/福祉課/票.xlsx"

// A department is asked once for each of its own answers, however many figures rest on it. What its workbook of the
// year before says of the same, and what it says of the record itself, is confirmed beside it; what is left out of a
// figure, and other departments' cells, are not its to confirm.
func TestOwnAnswersBehindFigures(t *testing.T) {
	earlier := book(earlierFile, rated("窓口", 2, "2019", "2023", "△", "△"))
	earlier.FiscalYear = 2023
	db := published(t, warehouse.Batch{Workbooks: []*record.Workbook{
		earlier, book(welfareFile, rated("窓口", 2, "2019", "2024", "○", "◎"), rated("文書", 3, "2020", "2024", "○", "○")),
		book(staffFile, rated("研修", 2, "2021", "2024", "▲", "▲")),
	}})
	c := cityIn(t, db)
	stated, err := c.readStated(context.Background(), db, "市")
	if err != nil {
		t.Fatal(err)
	}
	stated.meanings = map[string]string{"progress": "進捗の記号", "start_year": "開始年度"}
	now, before, staff := "progress "+welfareFile, "progress "+earlierFile, "progress "+staffFile
	for _, x := range []struct {
		name    string
		figures []brief.Figure
		want    string
	}{
		{"one figure", []brief.Figure{namedSources("甲", now+" C2")}, "窓口・進捗（令和6年度）|○|△||1"},
		{"three figures", []brief.Figure{
			namedSources("甲", now+" C2"), namedSources("乙", now+" C2", staff+" C2"), namedSources("丙", now+" C2", now+" C3"),
		}, "窓口・進捗（令和6年度）|○|△||3\n文書・進捗（令和6年度）|○|||1"},
		{"the year before too", []brief.Figure{namedSources("甲", now+" C2"), namedSources("乙", before+" C2")},
			"窓口・進捗（令和6年度）|○|△|進捗（令和5年度） △|2"},
		{"the year before alone", []brief.Figure{namedSources("乙", before+" C2")}, "窓口・進捗（令和5年度）|△|||1"},
		{"the whole period", []brief.Figure{namedSources("甲", now+" C2"), namedSources("乙", now+" D2")},
			"窓口・進捗（令和6年度）|○|△||1\n窓口・進捗（推進期間全体）|◎|||1"},
		{"since when", []brief.Figure{namedSources("甲", now+" C2"), namedSources("乙", "start_year "+welfareFile+" B2")},
			"窓口・進捗（令和6年度）|○|△|開始年度 令和元年度|2"},
		{"since when alone", []brief.Figure{namedSources("乙", "start_year "+welfareFile+" B2")}, "窓口・開始年度|令和元年度|||1"},
		{"the name", []brief.Figure{namedSources("甲", now+" C2"), namedSources("乙", "initiative "+welfareFile+" A2")},
			"窓口・進捗（令和6年度）|○|△||2"},
		{"the name alone", []brief.Figure{namedSources("乙", "initiative "+welfareFile+" A2")}, "窓口・initiative|窓口|||1"},
		{"what is left out", []brief.Figure{namedSources("甲", now+" C2", "left_out "+welfareFile+" C3")},
			"窓口・進捗（令和6年度）|○|△||1"},
		{"a cell of no record", []brief.Figure{namedSources("甲", "progress "+welfareFile+" Z9")}, ""},
		{"a list of the city", []brief.Figure{namedSources("甲", "line templates/briefs/表.csv A2")}, ""},
	} {
		if got := told(c.own(meeting, paperOf(x.figures...), stated)["福祉課"]); got != x.want {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, got, x.want)
		}
	}
}

// What stands beside a value is known again, whatever marks are in it.
func TestMarksInWhatStandsBeside(t *testing.T) {
	var l Line
	l.also("区分", &behindPapers{stated: stated{field: "group", value: "甲；乙;丙"}})
	l.also("担当課", &behindPapers{stated: stated{field: "departments", value: "総務課"}})
	if got := l.beside(); got != "区分 甲、乙、丙；担当課 総務課" || !l.seen(answer{beside: got}) {
		t.Errorf("%s", got)
	}
	if l.seen(answer{beside: "区分 甲、乙、丙"}) {
		t.Error("what was not there was seen")
	}
}

// A value is shown as it was read: with its unit, its thousands apart, and what was said beside it.
func TestValuesAsTheyWereRead(t *testing.T) {
	for _, c := range []struct {
		s            stated
		want, number string
	}{
		{stated{value: "1362", unit: "人", text: "1362"}, "1,362人", "1,362"},
		{stated{value: "999", unit: "人"}, "999人", "999"},
		{stated{value: "-1234567.5", unit: "千円"}, "−1,234,567.5千円", "−1,234,567.5"},
		{stated{value: "50", unit: "億円", more: "以上"}, "50億円以上", "50"},
		{stated{value: "2019", field: "start_year", text: "R1"}, "令和元年度", ""},
		{stated{value: "2019", field: "code"}, "2019", ""},
		{stated{value: "○", text: "◯"}, "○", ""},
		{stated{value: "true", text: "再掲"}, "再掲", ""},
		{stated{text: "令和8年度に\n決定"}, "令和8年度に 決定", ""},
		{stated{value: "未定", unit: "時間", text: "未定"}, "未定", ""},
	} {
		if got := c.s.read(); got != c.want || c.s.number() != c.number {
			t.Errorf("%+v: %s and %q, want %s and %q", c.s, got, c.s.number(), c.want, c.number)
		}
	}
}

// One cell that holds for every year, as a standard does, is asked for once.
func TestOneCellOfSeveralRecordsIsOneAnswer(t *testing.T) {
	of := func(year string, at int) record.Record {
		return record.Record{
			Form: "C", Kind: "indicator_value", FiscalYear: 2024, Sheet: "表", Row: at, Cell: fmt.Sprint("C", at),
			Key: "基金残高|" + year,
			Fields: []record.Field{
				{Name: "indicator", Value: "基金残高"}, {Name: "year", Value: year},
				{Name: "standard", Text: "50億円以上", Value: "50", Unit: "億円", Comparator: "ge", Cell: "B2"},
				{Name: "actual", Text: "69.6", Value: "69.6", Unit: "億円", Cell: fmt.Sprint("C", at)},
			},
		}
	}
	db := published(t, warehouse.Batch{Workbooks: []*record.Workbook{book(welfareFile, of("2023", 2), of("2024", 3))}})
	c := cityIn(t, db)
	stated, err := c.readStated(context.Background(), db, "市")
	if err != nil {
		t.Fatal(err)
	}
	lines := c.own(meeting, paperOf(
		namedSources("甲", "standard "+welfareFile+" B2"), namedSources("乙", "actual "+welfareFile+" C2"),
		namedSources("丙", "actual "+welfareFile+" C3"),
	), stated)["福祉課"]
	want := "基金残高・standard|50億円以上|||1\n基金残高・actual（令和5年度）|69.6億円|||1\n基金残高・actual（令和6年度）|69.6億円|69.6億円||1"
	if got := told(lines); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
	if !strings.HasSuffix(lines[2].Address, ownRoom+"C｜indicator_value｜基金残高|2024｜actual｜") {
		t.Errorf("the address is %s", lines[2].Address)
	}
}

// What was confirmed with a value holds it too: what stands beside it now must have stood there.
func TestSettleBeside(t *testing.T) {
	of := func(subject, beside, said, correction string) answer {
		return answer{subject: subject, beside: beside, answer: said, correction: correction, on: "令和7年10月1日", post: "課長"}
	}
	for name, c := range map[string]struct {
		a      answer
		beside []string
		want   State
		note   string
	}{
		"the same":            {of("30件", "開始年度 令和元年度；終了区分 継続", "確認", ""), []string{"開始年度 令和元年度", "終了区分 継続"}, Confirmed, ""},
		"one of them":         {of("30件", "開始年度 令和元年度；終了区分 継続", "確認", ""), []string{"終了区分 継続"}, Confirmed, ""},
		"none is needed":      {of("30件", "開始年度 令和元年度", "確認", ""), nil, Confirmed, ""},
		"another value":       {of("30件", "開始年度 令和元年度", "確認", ""), []string{"開始年度 令和2年度"}, Changed, "「開始年度 令和2年度」に変わりました"},
		"one more":            {of("30件", "", "確認", ""), []string{"開始年度 令和2年度"}, Changed, "あわせて確かめる値"},
		"corrected and fixed": {of("29件", "終了区分 継続", "訂正", "30"), []string{"終了区分 継続"}, Confirmed, ""},
		"fixed, and another beside": {of("29件", "終了区分 継続", "訂正", "30"), []string{"終了区分 完了"}, Correct,
			"訂正の回答は「30」でしたが"},
		"what is beside is corrected": {of("30件", "終了区分 継続", "訂正", "終了区分は完了"), []string{"終了区分 継続"}, Correct,
			"「30件」を「終了区分は完了」に"},
		"the number again":  {of("30件", "", "確認", "30"), nil, Confirmed, ""},
		"as in the cell":    {of("29件", "", "訂正", "三十件"), nil, Confirmed, ""},
		"another number":    {of("30件", "", "確認", "31"), nil, Correct, "訂正後の値「31」"},
		"changed since":     {of("29件", "", "確認", ""), nil, Changed, "「29件」が「30件」に変わりました"},
		"a correction open": {of("30件", "", "訂正", "31"), nil, Correct, "「30件」を「31」に訂正"},
	} {
		l := Line{
			Subject: "30件", Number: "30", Written: "三十件", Beside: c.beside,
			Cells: []Place{{"inputs/市/令和6年度/部/課/a.xlsx", "表", "B2"}},
		}
		l.settle([]answer{c.a})
		if l.State != c.want || !strings.Contains(l.Note, c.note) || c.note == "" && l.Note != "" {
			t.Errorf("%s: %s %q", name, l.State, l.Note)
		}
	}
}

// What a department confirmed last is that of the newest sheet of this meeting, else of the latest day of another's.
func TestConfirmedLast(t *testing.T) {
	const what = "A｜indicator｜相談｜actual｜2024"
	of := func(subject, said, on string, order int) answer {
		return answer{subject: subject, answer: said, on: on, post: "課長", order: order}
	}
	at := func(meeting string) string { return answerKey("課", meeting+ownRoom+what) }
	for name, c := range map[string]struct {
		g    given
		want string
	}{
		"never":         {given{}, ""},
		"once":          {given{at("今"): {of("5件", "確認", "令和7年10月1日", 0)}}, "5件"},
		"twice":         {given{at("今"): {of("5件", "確認", "R7.10.1", 1), of("6件", "確認", "R7.10.1", 0)}}, "6件"},
		"corrected":     {given{at("今"): {of("5件", "訂正", "R7.10.1", 0)}}, ""},
		"without a day": {given{at("今"): {of("5件", "確認", "", 0)}}, ""},
		"for another":   {given{at("前"): {of("4件", "確認", "R6.10.1", 0)}}, "4件"},
		"for two others": {given{
			at("前"): {of("4件", "確認", "R9.10.1", 0)}, at("前々"): {of("3件", "確認", "R10.4.1", 1)},
		}, "3件"},
		"this and another": {given{
			at("今"): {of("5件", "確認", "R7.10.1", 1)}, at("前"): {of("4件", "確認", "R8.10.1", 0)},
		}, "5件"},
		"another department": {given{answerKey("別の課", "今"+ownRoom+what): {of("5件", "確認", "R7.10.1", 0)}}, ""},
		"another answer":     {given{at("今") + "5": {of("5件", "確認", "R7.10.1", 0)}}, ""},
	} {
		if got := c.g.last("課", "今", what); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What is said beside a value is shown with it: whether it is about so much, at least so much, provisional, or one of
// two.
func TestWhatIsSaidBesideAValue(t *testing.T) {
	var records []record.Record
	for i, f := range []record.Field{
		{Text: "約30", Approx: true}, {Text: "30以上", Comparator: "ge"}, {Text: "30（速報）", Nature: "速報"},
		{Text: "30 110名", Second: "110", SecondUnit: "名"}, {Text: "30"},
	} {
		r := row(fmt.Sprint("指標", i), i+2, "30", "")
		f.Name, f.Scope, f.Value, f.Unit, f.Cell = "actual", "2024", "30", "件", fmt.Sprint("B", i+2)
		r.Fields[1] = f
		records = append(records, r)
	}
	db := published(t, warehouse.Batch{Workbooks: []*record.Workbook{book(welfareFile, records...)}})
	stated, err := cityIn(t, db).readStated(context.Background(), db, "市")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"30件（約）", "30件以上", "30件（速報）", "30件、110名", "30件"} {
		at := stated.at[Place{welfareFile, "表", fmt.Sprint("B", i+2)}]
		if len(at) != 1 || at[0].read() != want {
			t.Errorf("%+v, want %s", at, want)
		}
	}
}
