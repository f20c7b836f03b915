package brief

import (
	"context"
	"fmt"
	"strings"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/warehouse"
)

// openFindings lists what a person has still to look at, with where it is.
const openFindings = `SELECT CASE severity WHEN 'error' THEN '誤り' ELSE '注意' END, coalesce(department, ''),
  concat_ws(' › ', regexp_replace(path, '^inputs/[^/]*/', ''), sheet, cell), message
FROM meta.findings WHERE municipality = $municipality AND severity <> 'info' ORDER BY severity, path, sheet, cell, code`

// Draft marks papers as drafts: （案） behind every title, and on the last page the open findings of the city and what
// else is open: kind, department, place and what to do.
func Draft(ctx context.Context, m Meeting, on Querier, papers []ItemPaper, open [][4]string) error {
	r, err := on.Query(ctx, openFindings, warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return fmt.Errorf("reading findings: %w", err)
	}
	table := &document.Table{
		ID: "確認を要する事項", Size: 9,
		Columns: []document.Column{
			{Width: 4, Align: "center"}, {Width: 9, Align: "left"}, {Width: 16, Align: "left"}, {Width: 20, Align: "left"},
		},
		Head: []document.Row{{}},
	}
	for _, head := range []string{"別", "課", "場所", "内容"} {
		table.Head[0].Cells = append(table.Head[0].Cells, document.Cell{Text: head, Align: "center"})
	}
	for _, row := range r.Rows {
		var cells []document.Cell
		for _, v := range row {
			cells = append(cells, document.Cell{Text: fmt.Sprint(v)})
		}
		table.Rows = append(table.Rows, document.Row{Cells: cells})
	}
	for _, o := range open {
		var cells []document.Cell
		for _, text := range o {
			cells = append(cells, document.Cell{Text: text})
		}
		table.Rows = append(table.Rows, document.Row{Cells: cells})
	}
	if len(table.Rows) == 0 {
		table.Rows = []document.Row{{Cells: []document.Cell{{Text: "ありません", ColSpan: len(table.Columns), Align: "center"}}}}
	}
	for i := range papers {
		d := &papers[i].Document
		if !strings.HasSuffix(d.Title, "（案）") {
			d.Title += "（案）"
		}
		d.Blocks = append(d.Blocks[:len(d.Blocks):len(d.Blocks)], document.Block{Kind: document.PageBreak},
			document.Block{Kind: document.Title, Spans: []document.Span{{Text: "確認を要する事項"}}},
			document.Block{Kind: document.TableOf, Table: table})
	}
	return nil
}
