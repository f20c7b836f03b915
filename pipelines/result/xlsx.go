package result

import (
	"errors"
	"io"
	"math"
	"strconv"
	"time"

	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// XLSX writes a workbook: typed cells under a header, and a sheet that says where the rows are from.
func XLSX(w io.Writer, columns, types []string, rows Rows, about [][2]string) (int, error) {
	next := func() ([]any, error) {
		row, err := rows.Next()
		if errors.Is(err, warehouse.ErrEnd) {
			return nil, io.EOF
		}
		if err != nil {
			return nil, err
		}
		out := make([]any, len(row))
		for i, v := range row {
			switch v := v.(type) {
			case warehouse.Number:
				out[i] = workbook.Figure(v)
				if f, err := strconv.ParseFloat(
					string(v), 64,
				); err == nil && (types[i] == "DOUBLE" || types[i] == "FLOAT") && !math.IsNaN(f) && !math.IsInf(f, 0) {
					out[i] = f // binary, as a workbook's numbers are
				}
			case time.Time:
				if out[i] = v; v.Year() > 9999 || v.Year() < 1900 { // a workbook has no such dates
					out[i] = Text(v)
				}
			case []any, map[string]any:
				out[i] = Text(v)
			default:
				out[i] = v
			}
		}
		return out, nil
	}
	return workbook.WriteRows(w, workbook.RowsSheet{Name: "結果", Columns: columns, Next: next}, about)
}
