package brief

import (
	"fmt"
	"slices"
	"strconv"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/workbook"
)

// sourcesShown is how many cells of one figure a sheet lists; trace tells all.
const sourcesShown = 30

// Sheets are the tables and charts of papers, each with the cells that its figures came from, to be written as a
// workbook. Blocks of words alone have no sheet; an unknown kind of block, or a table that is not well formed, is an
// error.
func Sheets(papers []ItemPaper) ([]workbook.Table, error) {
	var out []workbook.Table
	for _, p := range papers {
		sheets, err := sheetsOf(p, p.Document.Blocks)
		if err != nil {
			return nil, err
		}
		out = append(out, sheets...)
	}
	return out, nil
}

// sheetKinds make the sheets of the kinds of blocks that have one.
var sheetKinds = map[string]func(ItemPaper, document.Block) (workbook.Table, error){
	document.TableOf: func(p ItemPaper, b document.Block) (workbook.Table, error) { return tableSheet(p, b.Table) },
	document.ChartOf: func(p ItemPaper, b document.Block) (workbook.Table, error) { return chartSheet(p, b.Chart) },
}

// sheetsOf are the sheets of blocks and of those within them.
func sheetsOf(p ItemPaper, blocks []document.Block) ([]workbook.Table, error) {
	var out []workbook.Table
	for _, b := range blocks {
		if err := b.Check(); err != nil {
			return nil, err
		}
		if kind, _ := document.KindOf(b.Kind); kind.Workbook {
			sheet, ok := sheetKinds[b.Kind]
			if !ok {
				return nil, document.UnknownKind(b.Kind)
			}
			s, err := sheet(p, b)
			if err != nil {
				return nil, err
			}
			out = append(out, s)
		}
		within, err := sheetsOf(p, b.Blocks)
		if err != nil {
			return nil, err
		}
		out = append(out, within...)
	}
	return out, nil
}

func tableSheet(p ItemPaper, t *document.Table) (workbook.Table, error) {
	s := workbook.Table{
		Name: p.Item.Number + "_" + t.ID, Title: t.ID, Unit: t.Unit, Head: len(t.Head), Rows: len(t.Head) + len(t.Rows),
		Notes: append(append([]string(nil), t.Legend...), t.Notes...), Sources: sourcesOfTable(p, t.ID),
	}
	for _, c := range t.Columns {
		s.Widths = append(s.Widths, min(max(c.Width*2, 10), 60))
	}
	place, err := t.Placed()
	if err != nil {
		return s, err
	}
	for _, c := range slices.Concat(place...) {
		cell := workbook.TableCell{Row: c.Row, Col: c.Col, Rows: c.Rows, Cols: c.Cols, Text: c.Text, Align: c.Align}
		s.Cells = append(s.Cells, cell)
	}
	return s, nil
}

func chartSheet(p ItemPaper, c *document.Chart) (workbook.Table, error) {
	s := workbook.Table{
		Name: p.Item.Number + "_" + c.ID, Title: c.Caption, Unit: c.Unit, Head: 1, Rows: 1 + len(c.Categories),
		Notes:  c.Notes,
		Widths: []float64{30}, Sources: sourcesOfTable(p, c.ID), Cells: []workbook.TableCell{{Rows: 1, Cols: 1}},
	}
	for k, series := range c.Series {
		if len(series.Texts) > len(c.Categories) { // a sheet without them would look complete
			return s, fmt.Errorf("図「%s」の系列「%s」の値が、区分より多くあります", c.Caption, series.Name)
		}
		s.Widths = append(s.Widths, 12)
		s.Cells = append(s.Cells, workbook.TableCell{Col: k + 1, Rows: 1, Cols: 1, Text: series.Name})
		for i, text := range series.Texts {
			s.Cells = append(s.Cells, workbook.TableCell{Row: i + 1, Col: k + 1, Rows: 1, Cols: 1, Text: text, Align: "right"})
		}
	}
	for i, category := range c.Categories {
		s.Cells = append(s.Cells, workbook.TableCell{Row: i + 1, Rows: 1, Cols: 1, Text: category})
	}
	return s, nil
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
