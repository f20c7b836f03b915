package council

import (
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/record"
)

// A returned sheet counts under the address of now and under that of before. One of before that told the rows of a
// number apart by their order counts only where it was about the same cells.
func TestAnswersUnderAddressesOfBefore(t *testing.T) {
	const path, sheet = "inputs/市/令和8年度/部/課/調査票.xlsx", "成果"
	line := printedLine{
		Line: Line{Cells: []Place{{path, sheet, "H4"}}}, department: "課",
		figure: brief.Figure{Address: "会議/1/表/①-1・件数/実績", Former: "会議/1/表/①-1/実績"},
	}
	ordered, named, plain := line, line, line
	ordered.figure.Ordered = true
	named.figure.Former = ""
	plain.figure = brief.Figure{Address: "会議/1/表/1-1・件数/実績", Former: "会議/1/表/1-1/実績"}
	whole := answer{subject: "30", answer: "確認", files: "調査票.xlsx", cells: "成果!H4"}
	elsewhere, otherFile := whole, whole
	elsewhere.cells, otherFile.files = "成果!H5", "調査票2.xlsx"
	wide := whole
	wide.cells = "成果！Ｈ４"
	for name, c := range map[string]struct {
		l       printedLine
		address string
		a       answer
		counts  bool
	}{
		"of now":                    {line, "会議/1/表/①-1・件数/実績", whole, true},
		"of now, cells moved":       {line, "会議/1/表/①-1・件数/実績", elsewhere, true},
		"of now, in full width":     {line, "会議/１/表/①-１・件数/実績", whole, true},
		"of before":                 {line, "会議/1/表/①-1/実績", whole, true},
		"of before, cells moved":    {line, "会議/1/表/①-1/実績", elsewhere, true},
		"by order, the same cells":  {ordered, "会議/1/表/①-1/実績", whole, true},
		"by order, typed wide":      {ordered, "会議/1/表/①-1/実績", wide, true},
		"by order, another row":     {ordered, "会議/1/表/①-1/実績", elsewhere, false},
		"by another order":          {ordered, "会議/1/表/①-1/実績#3", whole, true},
		"by another order, moved":   {ordered, "会議/1/表/①-1/実績#3", elsewhere, false},
		"of another column":         {ordered, "会議/1/表/①-1/目標", whole, false},
		"by order, another file":    {ordered, "会議/1/表/①-1/実績", otherFile, false},
		"of the number in a circle": {plain, "会議/1/表/①-1/実績", whole, false},
		"of no figure":              {named, "会議/1/表/①-1/実績", whole, false},
	} {
		g := given{answerKey("課", c.address): {c.a}}
		if got := g.of(c.l); (len(got) == 1) != c.counts {
			t.Errorf("%s: %v", name, got)
		}
		if got := g.of(printedLine{Line: c.l.Line, figure: c.l.figure, department: "別の課"}); len(got) > 0 {
			t.Errorf("%s: counts for another department", name)
		}
	}
	many := ordered
	many.Cells = []Place{{"a/1.xlsx", "表", "A1"}, {"a/2.xlsx", "表", "A1"}, {"a/3.xlsx", "表", "A1"}}
	files, cells := many.places()
	counted := given{answerKey("課", many.figure.Former): {{subject: "30", files: files, cells: cells}}}
	if got := counted.of(many); len(got) > 0 {
		t.Errorf("by order, of cells that the sheet does not name (%s, %s): %v", files, cells, got)
	}
	newer, older := whole, elsewhere
	newer.order, older.order = 1, 2
	both := given{answerKey("課", "会議/1/表/①-1/実績"): {older}, answerKey("課", line.figure.Address): {newer}}
	if got := both.of(line); len(got) != 2 || got[0] != newer || len(both[answerKey("課", line.figure.Address)]) != 1 {
		t.Errorf("both: %v", got)
	}
	newer.order, older.order = 2, 1
	both = given{answerKey("課", "会議/1/表/①-1/実績"): {older}, answerKey("課", line.figure.Address): {newer}}
	if got := both.of(line); len(got) != 2 || got[0] != older {
		t.Errorf("both, that of before the newer: %v", got)
	}
}

// A waiver of a figure names it as it is called now or as it was before, unless that was by order.
func TestWaiversUnderAddressesOfBefore(t *testing.T) {
	of := func(path string) City {
		return City{waivers: []record.Decision{{Path: path, Decision: "除いて確定", Reason: "r", Post: "p", Date: "d"}}}
	}
	figure := brief.Figure{Address: "会議/1/表/①-1・件数/実績", Former: "会議/1/表/①-1/実績", Text: "30"}
	ordered := figure
	ordered.Ordered = true
	for name, c := range map[string]struct {
		path   string
		f      brief.Figure
		waived bool
	}{
		"of now": {figure.Address, figure, true}, "of before": {figure.Former, figure, true},
		"by order": {figure.Former, ordered, false}, "of now, by order before": {figure.Address, ordered, true},
		"the number without its circle": {"会議/1/表/1-1/実績", figure, false},
		"a part of the address":         {"会議/1/表/①-1", figure, false},
	} {
		list := of(c.path).Untraced([]brief.ItemPaper{{Paper: brief.Paper{Figures: []brief.Figure{c.f}}}})
		if len(list) != 1 || (list[0].Waiver != nil) != c.waived {
			t.Errorf("%s: %+v", name, list)
		}
		if unused := of(c.path).Unused(list); (len(unused) == 0) != c.waived {
			t.Errorf("%s: unused %v", name, unused)
		}
	}
}
