package brief

import (
	"strconv"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/workbook"
)

// sourcesShown is how many cells of one figure a sheet lists; trace tells all.
const sourcesShown = 30

// Sheets are the tables and charts of papers, each with the cells that its figures came from, to be written as a workbook.
func Sheets(papers []ItemPaper) []workbook.Table {
	var out []workbook.Table
	for _, p := range papers {
		var walk func(blocks []document.Block)
		walk = func(blocks []document.Block) {
			for _, b := range blocks {
				switch b.Kind {
				case document.TableOf:
					out = append(out, tableSheet(p, b.Table))
				case document.ChartOf:
					out = append(out, chartSheet(p, b.Chart))
				}
				walk(b.Blocks)
			}
		}
		walk(p.Document.Blocks)
	}
	return out
}

func tableSheet(p ItemPaper, t *document.Table) workbook.Table {
	s := workbook.Table{
		Name: p.Item.Number + "_" + t.ID, Title: t.ID, Unit: t.Unit, Head: len(t.Head), Rows: len(t.Head) + len(t.Rows),
		Notes: append(append([]string(nil), t.Legend...), t.Notes...), Sources: sourcesOfTable(p, t.ID),
	}
	for _, c := range t.Columns {
		s.Widths = append(s.Widths, min(max(c.Width*2, 10), 60))
	}
	covered := map[[2]int]bool{}
	for i, row := range append(append([]document.Row(nil), t.Head...), t.Rows...) {
		col := 0
		for _, c := range row.Cells {
			for covered[[2]int{i, col}] {
				col++
			}
			cell := workbook.TableCell{Row: i, Col: col, Rows: max(c.RowSpan, 1), Cols: max(c.ColSpan, 1), Text: c.Text, Align: c.Align}
			if cell.Align == "" && col < len(t.Columns) {
				cell.Align = t.Columns[col].Align
			}
			for a := range cell.Rows {
				for b := range cell.Cols {
					covered[[2]int{i + a, col + b}] = true
				}
			}
			s.Cells = append(s.Cells, cell)
			col += cell.Cols
		}
	}
	return s
}

func chartSheet(p ItemPaper, c *document.Chart) workbook.Table {
	s := workbook.Table{
		Name: p.Item.Number + "_" + c.ID, Title: c.Caption, Unit: c.Unit, Head: 1, Rows: 1 + len(c.Categories), Notes: c.Notes,
		Widths: []float64{30}, Sources: sourcesOfTable(p, c.ID), Cells: []workbook.TableCell{{Rows: 1, Cols: 1}},
	}
	for k, series := range c.Series {
		s.Widths = append(s.Widths, 12)
		s.Cells = append(s.Cells, workbook.TableCell{Col: k + 1, Rows: 1, Cols: 1, Text: series.Name})
		for i, text := range series.Texts {
			s.Cells = append(s.Cells, workbook.TableCell{Row: i + 1, Col: k + 1, Rows: 1, Cols: 1, Text: text, Align: "right"})
		}
	}
	for i, category := range c.Categories {
		s.Cells = append(s.Cells, workbook.TableCell{Row: i + 1, Rows: 1, Cols: 1, Text: category})
	}
	return s
}

func sourcesOfTable(p ItemPaper, table string) [][]string {
	var out [][]string
	for _, f := range p.Figures {
		if f.Table != table || f.Word {
			continue
		}
		sources := f.Sources()
		for i, s := range sources {
			if i == sourcesShown {
				out = append(out, []string{f.Address, f.Text, "ほか" + strconv.Itoa(len(sources)-i) + "か所（kyogikai trace で見られます）"})
				break
			}
			out = append(out, []string{f.Address, f.Text, s.Path, s.Sheet, s.Cell})
		}
	}
	return out
}
