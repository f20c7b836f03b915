package form

import (
	"regexp"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
)

// measureLine reads a line that is nothing but a measure of a form of yearly values: 【計画値】, 実績. A word for values that
// are neither (見込, 推計) is one as well, with no rule.
func (f *Form) measureLine(text string) (rule *FieldRule, ok bool) {
	if f.Series == nil {
		return nil, false
	}
	n := headWord(strings.Trim(record.OneLine(text), yearMarks))
	switch {
	case contains(f.Series.PlanWords, n):
		return f.fieldNamed(seriesPlan), true
	case contains(f.Series.ActualWords, n):
		return f.only, true
	}
	return nil, estimated.MatchString(n)
}

var estimated = regexp.MustCompile(`^(?:決算|実績)?(?:見込み?|見通し|推計|予測|試算|予算)(?:値|額)?$`)

func (f *Form) isMeasureLine(text string) bool {
	_, ok := f.measureLine(text)
	return ok
}

// measureAbove is what the nearest of some rows that is nothing but a measure says.
func (t *reader) measureAbove(from, to, left, right int) (line [2]int, rule *FieldRule, ok bool) {
	for i := to - 1; i >= from; i-- {
		for _, j := range geometry.Row(t.sheet, i, left, right) {
			if rule, is := t.form.measureLine(t.sheet.At(i, j).Text); is {
				return [2]int{i, j}, rule, true
			}
		}
	}
	return line, nil, false
}

// measureOf finds what the lines above a block say its values are; where they say nothing, they are what those of the
// block before are.
func (t *reader) measureOf(b *band) {
	if t.form.Series == nil || t.flip {
		return
	}
	if at, rule, ok := t.measureAbove(b.begin, b.top, b.left, b.right); ok {
		t.measured(rule, at[0], at[1])
		t.claim(at[0], at[1], record.ClaimSection)
	}
}

// measureRow takes a line between the rows that is nothing but a measure: it holds for the rows below.
func (t *reader) measureRow(b *band, i int) bool {
	part, ok := geometry.Alone(t.sheet, i, b.left, b.right)
	if !ok || t.form.Series == nil || b.measures >= 0 {
		return false
	}
	rule, ok := t.form.measureLine(part.Text)
	if !ok || geometry.Own(t.sheet, i, b.name) && part.At[1] != b.name {
		return false
	}
	t.endGroup()
	t.claim(i, part.At[1], record.ClaimSection)
	t.measured(rule, i, part.At[1])
	return true
}

// measured makes a line's measure hold for the rows below it. Values of another kind than the form's
// are told, and not read.
func (t *reader) measured(rule *FieldRule, i, j int) {
	t.blockMeasure, t.unmeasured = rule, rule == nil
	if rule != nil {
		return
	}
	text := t.sheet.At(i, j).Text
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
	f.Message = "「" + record.OneLine(text) + "」の下の値は、実績でも計画でもないため読んでいません。実績か計画なら、そう書いてください。"
	t.findings = append(t.findings, f)
}
