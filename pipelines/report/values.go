package report

import (
	"context"
	"fmt"

	"kyogikai/pipelines/warehouse"
)

// FormValues counts what became of the values of a municipality's workbooks of one form.
type FormValues struct {
	Municipality string `json:"municipality"`
	Form         string `json:"form"`
	Name         string `json:"name"`    // the form's id where nobody owes it
	Read         int    `json:"read"`    // values that count
	Refused      int    `json:"refused"` // values of records that an error leaves out
	Unread       int    `json:"unread"`  // cells that no rule could read
}

// What is unread on a sheet without records may be of any form of its workbook: it counts for each.
const valuesQuery = `WITH sheets AS (SELECT DISTINCT workbook_id, sheet, form FROM raw.records),
unread AS (
  SELECT workbook_id, sheet, count(*) AS cells FROM raw.cells WHERE claim = 'unread' GROUP BY ALL),
placed AS (
  SELECT u.workbook_id, s.form, u.cells FROM unread AS u JOIN sheets AS s USING (workbook_id, sheet)
  UNION ALL
  SELECT u.workbook_id, unnest(string_split(w.form, ';')), u.cells
  FROM unread AS u ANTI JOIN sheets AS s USING (workbook_id, sheet) JOIN meta.workbooks AS w USING (workbook_id)),
counted AS (
  SELECT r.workbook_id, r.form, count(*) FILTER (NOT r.excluded AND f.value <> '') AS read,
    count(*) FILTER (r.excluded AND (f.value <> '' OR f.text <> '')) AS refused, 0 AS unread
  FROM raw.fields AS f JOIN raw.records AS r USING (record_id) GROUP BY ALL
  UNION ALL
  SELECT workbook_id, form, 0, 0, cells FROM placed),
names AS (SELECT form_id AS form, min(form) AS name FROM raw.submissions GROUP BY ALL)
SELECT w.municipality, c.form, coalesce(n.name, c.form), sum(c.read)::INTEGER, sum(c.refused)::INTEGER,
  sum(c.unread)::INTEGER
FROM counted AS c JOIN meta.workbooks AS w USING (workbook_id) LEFT JOIN names AS n ON n.form = c.form
GROUP BY ALL ORDER BY ALL`

// Values counts by municipality and form how many values were read, refused and left unread. A file that an earlier
// program published cannot say it: there are none.
func Values(ctx context.Context, db *warehouse.Reader) ([]FormValues, error) {
	claims, err := db.Query(ctx, `SELECT 1 FROM information_schema.columns
		WHERE table_schema = 'raw' AND table_name = 'cells' AND column_name = 'claim'`)
	if err != nil {
		return nil, fmt.Errorf("counting values: %w", err)
	}
	if len(claims.Rows) == 0 {
		return nil, nil
	}
	r, err := db.Query(ctx, valuesQuery)
	if err != nil {
		return nil, fmt.Errorf("counting values: %w", err)
	}
	var out []FormValues
	for _, row := range r.Rows {
		v := FormValues{Municipality: warehouse.Text(row[0]), Form: warehouse.Text(row[1]), Name: warehouse.Text(row[2])}
		for i, count := range []*int{&v.Read, &v.Refused, &v.Unread} {
			if _, err := fmt.Sscan(warehouse.Text(row[3+i]), count); err != nil {
				return nil, fmt.Errorf("counting values: %w", err)
			}
		}
		out = append(out, v)
	}
	return out, nil
}
