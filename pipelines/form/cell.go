package form

import (
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// standsIn reports that a row has a cell of its own for a field.
func (t *reader) standsIn(i int, name string) bool {
	if t.head == nil {
		return false
	}
	c, ok := t.head.find(name)
	return ok && geometry.Own(t.sheet, i, c.col)
}

// otherField reports a cell that is merged from a column of another field: a merge covers the years of one field only.
func (t *reader) otherField(i, j int, rule *FieldRule) bool {
	if t.head == nil {
		return false
	}
	_, left := t.sheet.Origin(i, j)
	for _, c := range t.head.columns {
		if left != j && c.col == left && c.rule != nil && c.rule != rule && rule.Scoped {
			return true
		}
	}
	return false
}

// readCell reads a cell by a rule, and reports whether it was blank.
func (t *reader) readCell(r *record.Record, i, j int, rule *FieldRule, scope string) (blank bool) {
	cell := t.sheet.At(i, j)
	row, col := t.sheet.Origin(i, j)
	f := record.Field{Name: rule.Name, Scope: scope, Text: cell.Text, Sheet: t.sheet.Name, Cell: t.sheet.Ref(row, col)}
	switch {
	case cell.Struck:
		t.struckOut([2]int{i, j}, cell.Text)
		t.claim(i, j, record.ClaimSkipped)
		return true
	case cell.PartStruck && rule.Type != "text":
		t.unreadable(r, f, "一部が取消線で消してある")
		return false
	case cell.Kind == workbook.Error:
		t.fail(r, finding.FormulaError, f.Cell, cell.Text, "計算結果")
		return false
	case cell.Kind == workbook.Uncached:
		t.fail(r, finding.FormulaUncached, f.Cell, "="+cell.Formula, "計算結果")
		return false
	case cell.Kind == workbook.Bool && rule.Type == "number":
		t.fail(r, finding.NumberUnreadable, f.Cell, f.Text, "数値")
		return false
	case t.otherField(i, j, rule):
		return true // the cell is merged over two fields: it is the first one's
	case empty(cell, rule):
		return true
	}
	if rule.fillsDown() && !t.sheet.Covered(i, j) {
		t.forget(rule)
	}
	for _, f := range t.interpret(r, f, rule) {
		r.Fields = append(r.Fields, f)
		if rule.fillsDown() {
			t.fill[f.Name] = f
		}
	}
	return false
}

// forget drops what later fields would fill down: under a new pillar, the item of the old one no longer holds.
func (t *reader) forget(rule *FieldRule) {
	after := false
	for _, r := range t.form.rules {
		if after && r.fillsDown() && !t.section1(&r) {
			delete(t.fill, r.Name)
			delete(t.fill, r.Name+"_no")
		}
		after = after || r.Name == rule.Name
	}
}

// interpret reads the cell's text by the rule's type; one cell can hold two fields.
func (t *reader) interpret(r *record.Record, f record.Field, rule *FieldRule) []record.Field {
	with := func(name, value string) record.Field {
		g := f
		g.Name, g.Value = name, value
		return g
	}
	switch rule.Type {
	case "label":
		return []record.Field{with(f.Name, record.Label(f.Text))}
	case "numbered":
		number, label := numbered(f.Text, rule.Words...)
		delete(t.fill, f.Name+"_no")
		if number == "" {
			return []record.Field{with(f.Name, label)}
		}
		return []record.Field{with(f.Name, label), with(f.Name+"_no", number)}
	case "name":
		if rule.Mark == "" {
			return []record.Field{with(f.Name, record.OneLine(f.Text))}
		}
		name, marked := cutMark(record.OneLine(f.Text))
		if marked {
			return []record.Field{with(f.Name, name), with(rule.Mark, "true")}
		}
		if strings.Contains(name, "再掲") {
			t.fail(r, finding.SymbolUnknown, f.Cell, f.Text, "（再掲）")
		}
		return []record.Field{with(f.Name, name)}
	case "mark":
		if matches(f.Text, rule.Unmarked) {
			return nil
		}
		if !matches(f.Text, rule.Marks) && !matches(f.Text, rule.Words) {
			t.fail(r, finding.SymbolUnknown, f.Cell, f.Text, strings.Join(rule.Marks[:1], " ")+" または空欄")
		}
		return []record.Field{with(f.Name, "true")}
	case "symbol":
		value, ok := symbol(f.Text, t.form.Symbols[rule.Symbols])
		nothingOwed := r.Value(t.form.markName()) != "" || t.beforeStart(f.Scope) // nor does one that repeats another owe it
		if !ok && nothingOwed && quantity.Parse(f.Text).Status == quantity.Missing {
			return nil
		}
		if !ok {
			t.fail(r, finding.SymbolUnknown, f.Cell, f.Text, t.form.symbolList(rule.Symbols))
		}
		return []record.Field{with(f.Name, value)}
	case "number":
		return t.number(r, f, rule)
	case "unit":
		return []record.Field{with(f.Name, unitName(f.Text))}
	case "choice":
		value, ok := rule.choose(f.Text)
		if !ok {
			t.fail(r, finding.SymbolUnknown, f.Cell, f.Text, rule.choiceList())
		}
		return []record.Field{with(f.Name, value)}
	case "departments":
		return []record.Field{with(f.Name, strings.Join(departments(f.Text, noneKnown), "\n"))}
	case "list":
		return []record.Field{with(f.Name, strings.Join(rule.listed(f.Text), "\n"))}
	case "year":
		return t.yearCell(r, f, rule)
	case "ended":
		return t.endedCell(r, f, rule)
	case typeState:
		return t.stateCell(r, f)
	}
	return []record.Field{with(f.Name, strings.TrimSpace(f.Text))}
}

// markName is the field that a name's mark sets, "" when the form has none.
func (f *Form) markName() string {
	for _, r := range f.rules {
		if r.Mark != "" {
			return r.Mark
		}
	}
	return ""
}

func (f *Form) symbolList(set string) string {
	var out []string
	for _, s := range f.Symbols[set] {
		out = append(out, s.Symbol)
	}
	return strings.Join(out, " ")
}

// yearCell reads a fiscal year: 令和6年度, R6, 2020, 8年度.
func (t *reader) yearCell(r *record.Record, f record.Field, rule *FieldRule) []record.Field {
	year, ok := fiscal.ParseYear(f.Text)
	if !ok {
		year, ok = fiscal.ParseYear(f.Text + "年度") // 2020
	}
	f.Value = yearText(year)
	if !ok {
		f.Value = era(f.Text, t.form.yearOf(f.Text), t.year)
	}
	if f.Value == "" && !rule.Literal {
		t.fail(r, finding.NumberUnreadable, f.Cell, f.Text, "年度（例：令和6年度、R6）")
		return nil
	}
	return []record.Field{f}
}
