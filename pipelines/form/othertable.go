package form

import (
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
)

// otherHeads reports a row in which heads stand in the columns of yearly values, and the rows below it: another table
// begins, which is not read by these heads.
func (t *reader) otherHeads(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	if t.ended {
		t.claimRow(cells, i, record.ClaimUnread)
		return true
	}
	heads, others := 0, 0
	for _, j := range cells {
		c, ok := b.at(j)
		if !ok || j == b.name || c.rule != nil && (!c.rule.Scoped || c.rule.Type != "number") {
			continue
		}
		text := record.OneLine(t.sheet.At(i, j).Text)
		if _, number := bareNumber(text); number {
			others++
			continue
		}
		_, head := t.form.matchHeader(text)
		_, measure := t.form.measure(text)
		measure = measure && !inBrackets.MatchString(text) && !hasDigit(text)
		if year := t.form.scopeOf(text) != "" && !isNumber(text) && t.form.yearOf(text) != ""; head || measure || year {
			heads++
		} else if !missingMark(text) {
			others++
		}
	}
	const fewest = 2
	if heads < fewest || heads <= others {
		return false
	}
	t.endGroup()
	t.ended = true
	t.claimRow(cells, i, record.ClaimUnread)
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, cells[0]}), t.sheet.At(i, cells[0]).Text, "")
	f.Message = t.ref([2]int{i, cells[0]}) + " の行は別の表の見出しに見えるため、この行から下を読んでいません。" +
		"この様式の続きなら上と同じ見出しを書き、別の表なら別のシートに移してください。"
	t.findings = append(t.findings, f)
	return true
}
