// Package council is what happens around a meeting: departments confirm their figures (数値確認票), the papers become final
// (確定), what changes after that is told (正誤表, 差替え), and whoever explains them finds what is behind (想定問答).
package council

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Place is a cell of a workbook; Cell is "" where the whole file is meant.
type Place struct{ Path, Sheet, Cell string }

func (p Place) String() string {
	var parts []string
	for _, s := range []string{strings.TrimPrefix(p.Path, "inputs/"), p.Sheet, p.Cell} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " › ")
}

// City is what a municipality's departments are called, which of them has handed in what, and what has been waived:
// read once for all that is asked about a meeting.
type City struct {
	order   []string          // present names, as they print
	present map[string]string // former name → present name
	bureau  map[string]string // by present name
	files   map[string]file
	sheets  map[Place][]string // forms by file and sheet: a workbook may answer several
	waivers []record.Decision
}

type file struct {
	department string // by its present name; "" where the city no longer has it
	year       int
}

// ReadCity reads what a published file says of a municipality.
func ReadCity(ctx context.Context, db *warehouse.Reader, municipality string) (City, error) {
	c := City{
		present: map[string]string{}, bureau: map[string]string{}, files: map[string]file{}, sheets: map[Place][]string{},
	}
	named := warehouse.Named("municipality", municipality)
	r, err := db.Query(
		ctx,
		"SELECT department, bureau, coalesce(former_names, '') FROM meta.departments WHERE municipality = $municipality "+
			"ORDER BY position",
		named,
	)
	if err != nil {
		return c, fmt.Errorf("reading departments: %w", err)
	}
	for _, row := range r.Rows {
		now := fmt.Sprint(row[0])
		c.order, c.bureau[now] = append(c.order, now), fmt.Sprint(row[1])
		for _, old := range record.FormerNames(fmt.Sprint(row[2])) {
			c.present[old] = now
		}
	}
	r, err = db.Query(
		ctx, "SELECT path, department, coalesce(fiscal_year, 0) FROM meta.workbooks WHERE municipality = $municipality",
		named,
	)
	if err != nil {
		return c, fmt.Errorf("reading workbooks: %w", err)
	}
	for _, row := range r.Rows {
		f := file{department: c.name(fmt.Sprint(row[1]))}
		if _, err := fmt.Sscan(fmt.Sprint(row[2]), &f.year); err != nil {
			return c, fmt.Errorf("reading workbooks: %w", err)
		}
		c.files[fmt.Sprint(row[0])] = f
	}
	r, err = db.Query(ctx, `SELECT DISTINCT w.path, coalesce(r.sheet, ''), r.form FROM raw.records AS r
		JOIN meta.workbooks AS w USING (workbook_id)
		WHERE w.municipality = $municipality ORDER BY ALL`, named)
	if err != nil {
		return c, fmt.Errorf("reading sheets: %w", err)
	}
	for _, row := range r.Rows {
		at := Place{Path: fmt.Sprint(row[0]), Sheet: fmt.Sprint(row[1])}
		c.sheets[at] = append(c.sheets[at], fmt.Sprint(row[2]))
	}
	c.waivers, err = readWaivers(ctx, db, municipality)
	return c, err
}

// place is where a department stands among those of the city; one that it does not know stands behind them.
func (c City) place(name string) int {
	if i := slices.Index(c.order, name); i >= 0 {
		return i
	}
	return len(c.order)
}

// name is what a department is called now; "" where the city has no such department any more.
func (c City) name(department string) string {
	if _, ok := c.bureau[department]; ok || len(c.bureau) == 0 {
		return department
	}
	return c.present[department]
}

// responsible is the department that answers for an item's paper: 総務部行政管理課 is 行政管理課.
func (c City) responsible(it brief.Item) string {
	best := ""
	for name, bureau := range c.bureau {
		if n := record.Normal(it.Department); n == record.Normal(bureau+name) || n == record.Normal(name) {
			return name
		}
		if strings.HasSuffix(it.Department, name) && len(name) > len(best) {
			best = name
		}
	}
	if best != "" {
		return best
	}
	return it.Department
}

// of are the departments whose workbooks a figure rests on.
func (c City) of(f brief.Figure) []string {
	var out []string
	for _, s := range f.Sources() {
		if d := c.files[s.Path].department; d != "" && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}
