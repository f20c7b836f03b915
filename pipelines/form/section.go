package form

import (
	"regexp"
	"strings"

	"kyogikai/pipelines/record"
)

// section is a line that heads the records below it: 基本目標1 すみよいデジタル, 【重点事業】, ①…の取組.
type section struct {
	style string
	field string
}

// sectionStyles are the ways in which such lines are numbered; lines of one way are of one level.
var sectionStyles = []struct {
	name string
	like *regexp.Regexp
}{
	{"【", regexp.MustCompile(`^[【〈《＜<■◆●○◎]`)},
	{"①", regexp.MustCompile(`^[①-⑳]`)},
	{"Ⅰ", regexp.MustCompile(`^[Ⅰ-Ⅻ]`)},
	{"第", regexp.MustCompile(`^第\s*[\d０-９一二三四五六七八九十]+`)},
	{"(1)", regexp.MustCompile(`^[（(]\s*[\d０-９]+\s*[)）]`)},
	{"1", regexp.MustCompile(`^[\d０-９]+\s*[.．、　 ]`)},
	{"ア", regexp.MustCompile(`^[ア-ン]\s*[.．、　 ]`)},
}

// section takes a line that heads a section, and reports whether the row was one, or a note that belongs to no record.
func (t *tableReader) section(i int) bool {
	text, col, ok := t.aloneIn(i)
	if !ok || t.nameColumn() == col && !t.wide(i, col) {
		return false
	}
	if isNumber(text) || !t.mayHead(i, col) {
		return false
	}
	above := i < t.head.top
	field, style := t.sectionField(text, above)
	if field == "" {
		return !above // a note
	}
	if above && style == "text" {
		return false
	}
	row, c := t.sheet.Origin(i, col)
	t.forgetSections(field)
	f := record.Field{Name: field, Text: text, Sheet: t.sheet.Name, Cell: t.sheet.Ref(row, c)}
	rule := t.form.fieldNamed(field)
	f.Text = strings.Trim(f.Text, "【】〈〉《》＜＞<>■◆●◎ 　")
	for _, g := range t.interpret(&record.Record{}, f, rule) {
		t.fill[g.Name] = g
	}
	t.sections = append(t.sections, section{style, field})
	return true
}

// aloneIn is the only text of a row, and its column. A merged cell is one text.
func (t *tableReader) aloneIn(i int) (text string, col int, ok bool) {
	n := 0
	for j := range t.sheet.Cols {
		if c := t.sheet.At(i, j); !c.Blank() && !t.sheet.Covered(i, j) {
			text, col = record.OneLine(c.Text), j
			n++
		}
	}
	return text, col, n == 1
}

// mayHead reports a place where a line above records stands: the first column, one without a heading, or a wide cell.
func (t *tableReader) mayHead(i, col int) bool {
	first := true
	for _, c := range t.head.columns {
		if c.col == col {
			return first || t.wide(i, col)
		}
		first = first && c.col > col
	}
	return col != t.head.measures && col != t.head.years
}

func (t *tableReader) nameColumn() int {
	for _, c := range t.head.columns {
		if c.rule != nil && c.rule.Type == "name" {
			return c.col
		}
	}
	return -1
}

// wide reports a cell merged over at least three columns.
func (t *tableReader) wide(i, j int) bool {
	_, c := t.sheet.Origin(i, j+2)
	return t.sheet.Covered(i, j+2) && c == j
}

// sectionField is the field that a section line is, and its way of numbering: by the word that it begins with, else by
// the order in which the ways of numbering first came.
func (t *tableReader) sectionField(text string, above bool) (field, style string) {
	n := record.Normal(text)
	for _, rule := range t.form.Fields {
		for _, w := range rule.SectionOf {
			if rest, ok := strings.CutPrefix(n, w); ok && w != "" && rest != "" && strings.ContainsAny(rest[:1], "0123456789:") {
				return rule.Name, w
			}
		}
	}
	style = "text"
	for _, s := range sectionStyles {
		if s.like.MatchString(text) {
			style = s.name
			break
		}
	}
	if above && style == "text" {
		return "", style
	}
	var levels []string
	for _, rule := range t.form.Fields {
		if contains(rule.SectionOf, "*") {
			levels = append(levels, rule.Name)
		}
	}
	if len(levels) == 0 {
		return "", style
	}
	depth := 0
	for _, s := range t.sections {
		if s.style == style {
			return s.field, style
		}
		depth++
	}
	return levels[min(depth, len(levels)-1)], style
}

// forgetSections ends the sections at and below a field's level.
func (t *tableReader) forgetSections(field string) {
	for k, s := range t.sections {
		if s.field == field {
			for _, gone := range t.sections[k:] {
				delete(t.fill, gone.field)
				delete(t.fill, gone.field+"_no")
			}
			t.sections = t.sections[:k]
			return
		}
	}
}

// fromSection gives a record the fields that the lines above it, or the sheet as a whole, state.
func (t *tableReader) fromSection(r *record.Record, rule *FieldRule) {
	if len(rule.SectionOf) > 0 {
		for _, name := range []string{rule.Name, rule.Name + "_no"} {
			if f, ok := t.fill[name]; ok {
				r.Fields = append(r.Fields, f)
			}
		}
		return
	}
	for _, f := range t.shared {
		if f.Name == rule.Name {
			r.Fields = append(r.Fields, f)
		}
	}
}

func (f *Form) fieldNamed(name string) *FieldRule {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}
