package report

import (
	"context"
	"fmt"

	"kyogikai/pipelines/warehouse"
)

// Answered is how much of what a form asked of a department for a year has an answer: a value, or a reason why there is
// none (該当なし, 集計中, 終了, 取下げ).
type Answered struct {
	Municipality string `json:"municipality"`
	Department   string `json:"department"`
	Form         string `json:"form"`
	FiscalYear   int    `json:"fiscal_year"`
	Answered     int    `json:"answered"`
	Asked        int    `json:"asked"`
}

const answeredQuery = `WITH newest AS (
  SELECT municipality, form, max(fiscal_year) AS fiscal_year FROM marts.expected GROUP BY ALL),
names AS (SELECT form_id AS form, min(form) AS name FROM marts.submissions GROUP BY ALL)
SELECT e.municipality, e.department, coalesce(any_value(n.name), e.form), e.fiscal_year::VARCHAR,
  count(*) FILTER (e.state NOT IN ('未記入', '未提出', '要修正'))::VARCHAR, count(*)::VARCHAR
FROM marts.expected AS e
JOIN newest USING (municipality, form, fiscal_year)
LEFT JOIN names AS n USING (form)
LEFT JOIN meta.departments AS d ON d.municipality = e.municipality AND d.department = e.department
GROUP BY e.municipality, e.department, e.form, e.fiscal_year
ORDER BY e.municipality, e.fiscal_year, e.form, coalesce(min(d.position), 999999), e.department`

// Answers says of the newest survey of every form how much each department has answered. A run of before November 2026
// does not know.
func Answers(ctx context.Context, db *warehouse.Reader) ([]Answered, error) {
	if known, err := db.Has(ctx, "marts.expected"); err != nil || !known {
		return nil, err
	}
	r, err := db.Query(ctx, answeredQuery)
	if err != nil {
		return nil, fmt.Errorf("reading what is expected: %w", err)
	}
	var out []Answered
	for _, row := range r.Rows {
		a := Answered{
			Municipality: warehouse.Text(row[0]), Department: warehouse.Text(row[1]), Form: warehouse.Text(row[2]),
		}
		for i, into := range []*int{&a.FiscalYear, &a.Answered, &a.Asked} {
			if _, err := fmt.Sscan(warehouse.Text(row[3+i]), into); err != nil {
				return nil, fmt.Errorf("reading what is expected: %w", err)
			}
		}
		out = append(out, a)
	}
	return out, nil
}

// Unlisted are forms of a municipality by which departments were asked, and whose records no list of what the plans
// contain names: what is new there nobody can miss.
type Unlisted struct {
	Municipality string
	Forms        []string // ids
}

// UnlistedForms are those of every municipality. A run of before November 2026 does not know.
func UnlistedForms(ctx context.Context, db *warehouse.Reader) ([]Unlisted, error) {
	if known, err := db.Has(ctx, "raw.listed"); err != nil || !known {
		return nil, err
	}
	r, err := db.Query(ctx, `SELECT DISTINCT w.municipality, r.form FROM raw.records AS r
		JOIN meta.workbooks AS w USING (workbook_id)
		WHERE EXISTS (FROM meta.asked AS a WHERE a.form = r.form AND a.kind = r.kind)
			AND NOT EXISTS (FROM raw.listed AS l
				WHERE l.municipality = w.municipality AND l.form = r.form AND l.kind = r.kind)
		ORDER BY ALL`)
	if err != nil {
		return nil, fmt.Errorf("reading lists: %w", err)
	}
	var out []Unlisted
	for _, row := range r.Rows {
		city, form := warehouse.Text(row[0]), warehouse.Text(row[1])
		if n := len(out); n == 0 || out[n-1].Municipality != city {
			out = append(out, Unlisted{Municipality: city})
		}
		last := &out[len(out)-1]
		last.Forms = append(last.Forms, form)
	}
	return out, nil
}
