package council

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/warehouse"
)

// recordsOn are the records of a form on a sheet, by which a cell names one of them. Cards stand beside each other: not
// all that is in a row is of one record.
type recordsOn struct {
	of    map[string][]string // the records that a cell belongs to, each by its own cell
	cells []string            // of the records themselves
}

// formOn is a form as a sheet answers it.
type formOn struct{ path, sheet, form string }

// readRecordsOn reads the records of the files in which something is left out.
func readRecordsOn(ctx context.Context, db *warehouse.Reader, municipality string) (map[formOn]*recordsOn, error) {
	r, err := db.Query(ctx, `SELECT DISTINCT w.path, coalesce(r.sheet, ''), r.form, f.cell, r.cell
		FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id) JOIN raw.fields AS f USING (record_id)
		WHERE w.municipality = $municipality AND f.cell IS NOT NULL AND r.cell IS NOT NULL
			AND f.sheet IS NOT DISTINCT FROM r.sheet AND w.path IN (SELECT path FROM marts.left_out)
		ORDER BY ALL`, warehouse.Named("municipality", municipality))
	if err != nil {
		return nil, fmt.Errorf("reading the records of what is left out: %w", err)
	}
	out := map[formOn]*recordsOn{}
	for _, row := range r.Rows {
		s := words(row)
		at := formOn{s[0], s[1], s[2]}
		if out[at] == nil {
			out[at] = &recordsOn{of: map[string][]string{}}
		}
		cell, record := s[3], s[4]
		out[at].of[cell] = append(out[at].of[cell], record)
		if !slices.Contains(out[at].cells, record) {
			out[at].cells = append(out[at].cells, record)
		}
	}
	return out, nil
}

// means reports whether a line of 判断.csv that names a cell is about the record that stands at another: the cell is the
// record's alone; or it is of none or of several, and the record is the only one in its row that it can mean. Without a
// cell a line is about a whole file.
func (on *recordsOn) means(cell, record string) bool {
	if cell == "" || record == "" {
		return cell == record
	}
	var rivals []string
	if on != nil {
		rivals = on.cells
		if owners := on.of[cell]; len(owners) > 0 {
			if !slices.Contains(owners, record) {
				return false
			}
			if len(owners) == 1 {
				return true
			}
			rivals = owners
		}
	}
	return rowOf(cell) == rowOf(record) && !slices.ContainsFunc(rivals, func(other string) bool {
		return other != record && rowOf(other) == rowOf(record)
	})
}

// rowOf is the row of a cell: 6 of D6; "" where there is none.
func rowOf(cell string) string { return strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") }

// WaiverFile is the list that stands beside the papers of a meeting that cannot be final yet.
const WaiverFile = "除いて確定する場合の判断.csv"

// waiverColumns are those of 判断.csv.
var waiverColumns = []string{"path", "cell", "decision", "reason", "post", "date"}

// Waivable reports whether a line of 判断.csv can waive an obstacle: not what is read otherwise than before, nor what a
// department has corrected or not seen since it changed.
func (o Obstacle) Waivable() bool { return o.Kind != ReadAnew && !o.held }

// WaiverLines are the lines of 判断.csv that would waive obstacles, once a person has written the reason, the post and
// the date into each: those that nobody has waived, each once. n counts them.
func WaiverLines(obstacles []Obstacle) (data []byte, n int, err error) {
	b := bytes.NewBufferString("\ufeff") // by which Excel knows that it is UTF-8
	w := csv.NewWriter(b)
	w.UseCRLF = true
	lines := [][]string{waiverColumns}
	seen := map[string]bool{}
	for _, o := range obstacles {
		cell := o.Cell
		if o.Sheet != "" && cell != "" {
			cell = o.Sheet + "!" + cell
		}
		if key := o.Target + "|" + cell; o.Waiver == nil && o.Waivable() && !seen[key] {
			seen[key] = true
			lines = append(lines, []string{o.Target, cell, "除いて確定", "", "", ""})
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return nil, 0, fmt.Errorf("writing %s: %w", WaiverFile, err)
	}
	return b.Bytes(), len(lines) - 1, nil
}
