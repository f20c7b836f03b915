package answer

import (
	"errors"
	"io"

	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// XLSX writes a workbook: typed cells under a header, and a sheet that says where the rows are from.
func XLSX(w io.Writer, columns []string, rows Rows, about [][2]string) (int, error) {
	next := func() ([]any, error) {
		row, err := rows.Next()
		if errors.Is(err, warehouse.ErrEnd) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, err //nolint:wrapcheck // the query's own error
		}
		out := make([]any, len(row))
		for i, v := range row {
			switch v := v.(type) {
			case warehouse.Number:
				out[i] = workbook.Figure(v)
			case []any, map[string]any:
				out[i] = Text(v)
			default:
				out[i] = v
			}
		}
		return out, nil
	}
	return workbook.WriteRows(w, workbook.RowsSheet{Name: "結果", Columns: columns, Next: next}, about) //nolint:wrapcheck // says what it was doing
}
