package form

import (
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// strangers accounts for the sheets of a recognised workbook that no form reads: their cells keep their places but no
// text. One that looks like a form's data is named: it would be missed by nobody.
func (r *fileReader) strangers(forms []Form) {
	if len(r.w.Forms) == 0 {
		return
	}
	for _, s := range r.foreign {
		looks := likeData(forms, s.sheet)
		claim := record.ClaimTemplate
		if looks {
			claim = record.ClaimUnread
		}
		first := r.keep(s.sheet, claim)
		if s.whole {
			for i := range r.w.Cells[first:] {
				c := &r.w.Cells[first+i]
				c.Text, c.Value, c.Formula = "", "", ""
			}
		}
		if looks && !s.sheet.Hidden && !r.lacks(s.sheet.Name) {
			f := finding.New(finding.CellsUnread, s.sheet.Name, "", "シート", "")
			f.Severity = record.Warning
			f.Message = "シート「" + s.sheet.Name + "」は様式の記入に見えますが、表題か見出しが様式と違うため読んでいません。" +
				"集計に要るなら、様式の表題と見出しに直してください。"
			r.w.Findings = append(r.w.Findings, f)
		}
	}
}

// lacks reports a sheet of which it is said already that its heads are not found.
func (r *fileReader) lacks(sheet string) bool {
	for _, h := range r.headless {
		if h.sheet.Name == sheet && (len(r.w.Forms) == 0 || h.part >= 3) {
			return true
		}
	}
	return false
}

// keep keeps all cells of a sheet with one claim, and returns where the first of them stands.
func (r *fileReader) keep(s *workbook.Sheet, claim string) (first int) {
	first = len(r.w.Cells)
	s.Each(func(row, col int, c workbook.Cell) {
		r.w.Cells = append(r.w.Cells, record.Cell{
			Sheet: s.Name, Ref: s.Ref(row, col), Row: row + 1, Col: col + 1, Text: c.Text, Value: c.Value, Formula: c.Formula,
			Claim: claim,
		})
	})
	return first
}

// likeData reports a sheet on which at least three fields of one form are named, the naming one among them, and
// something stands that could be their values. A cover, instructions, a list of choices name fewer.
func likeData(forms []Form, s *workbook.Sheet) bool {
	const fewest = 3
	for k := range forms {
		f := &forms[k]
		named := map[string]bool{}
		naming, scoped, values := false, false, 0
		for i := range s.Rows {
			for _, j := range geometry.Row(s, i, 0, s.Cols) {
				cell := s.At(i, j)
				c, ok := f.matchHeader(record.OneLine(cell.Text))
				switch {
				case ok && c.rule != nil && c.rule.Type != "skip" && c.rule.Name != "stated_department":
					named[c.rule.Name] = true
					naming = naming || c.rule == f.namer
					scoped = scoped || c.rule.Scoped
				case !ok && (cell.Kind == workbook.Number || isNumber(cell.Text) || f.isSymbol(cell.Text)):
					values++
				}
			}
		}
		if (naming || scoped) && len(named) >= fewest && (values >= fewest || scoped && values > 0) {
			return true
		}
	}
	return false
}
