package model

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kyogikai/pipelines/warehouse"
)

// PartSize is how many records are computed together where many municipalities are; a larger municipality is a part of
// its own. Fewer cost time, more cost memory.
const PartSize = 3000

// part is a range of municipalities, and where their records begin and end.
type part struct {
	from, until       string // municipalities, until not included
	firstRec, lastRec int64
}

// parts runs statements for some municipalities at a time. In the database part, a view stands for every table, under
// its own name: a statement whose names are looked up there first reads the rows of the part.
type parts struct {
	on   *warehouse.Build
	list []part
	home string          // the database of the tables
	seen map[string]bool // tables with a view
}

// split divides what was loaded into parts of about size records. Where all of it is one part nothing is prepared.
func split(ctx context.Context, b *warehouse.Build, size int64) (*parts, error) {
	p := &parts{on: b, seen: map[string]bool{}}
	r, err := b.Query(ctx, `SELECT municipality, min(record_id)::VARCHAR, max(record_id)::VARCHAR FROM (
		SELECT w.municipality, r.record_id FROM meta.workbooks AS w LEFT JOIN raw.records AS r USING (workbook_id)
		UNION ALL SELECT municipality, NULL FROM raw.submissions UNION ALL SELECT municipality, NULL FROM meta.plans)
		GROUP BY ALL ORDER BY ALL`)
	if err != nil {
		return nil, fmt.Errorf("dividing the municipalities: %w", err)
	}
	now := part{firstRec: 1}
	for _, row := range r.Rows {
		name := fmt.Sprint(row[0])
		if now.lastRec-now.firstRec+1 >= size {
			now.until = name
			p.list = append(p.list, now)
			now = part{from: name, firstRec: now.lastRec + 1, lastRec: now.lastRec}
		}
		if row[1] == nil {
			continue
		}
		var first, last int64
		if _, err := fmt.Sscan(fmt.Sprint(row[1], " ", row[2]), &first, &last); err != nil {
			return nil, fmt.Errorf("dividing the municipalities: %w", err)
		}
		if first != now.lastRec+1 {
			return nil, fmt.Errorf(
				"dividing the municipalities: records of %s begin at %d, not at %d", name, first, now.lastRec+1,
			)
		}
		now.lastRec = last
	}
	now.until = "\U0010FFFF"
	if p.list = append(p.list, now); len(p.list) == 1 {
		return p, nil
	}
	if r, err = b.Query(ctx, "SELECT current_database()"); err != nil {
		return nil, fmt.Errorf("dividing the municipalities: %w", err)
	}
	p.home = fmt.Sprint(r.Rows[0][0])
	if err := b.Exec(
		ctx,
		"ATTACH ':memory:' AS part; CREATE SCHEMA part.raw; CREATE SCHEMA part.meta; CREATE SCHEMA part.staging; CREATE "+
			"SCHEMA part.marts",
	); err != nil {
		return nil, fmt.Errorf("dividing the municipalities: %w", err)
	}
	return p, nil
}

// undivided reports whether there is one part, or a statement wants all rows at once.
func (p *parts) undivided(local bool) bool { return !local || len(p.list) == 1 }

// each calls do for every part, with the names of tables meaning their rows of that part.
func (p *parts) each(ctx context.Context, do func(first bool) error) (err error) {
	if err := p.views(ctx); err != nil {
		return err
	}
	if err := p.on.Exec(
		ctx, "SET search_path = "+quote(`part.raw,part.meta,part.staging,part.marts,"`+p.home+`".main`),
	); err != nil {
		return fmt.Errorf("reading a part: %w", err)
	}
	defer func() { err = errors.Join(err, p.on.Exec(ctx, "RESET search_path")) }()
	for i, one := range p.list {
		err := p.on.Exec(ctx, fmt.Sprintf("SET VARIABLE part_from = %s; SET VARIABLE part_until = %s; SET VARIABLE "+
			"part_first = %d; SET VARIABLE part_last = %d",
			quote(one.from), quote(one.until), one.firstRec, one.lastRec))
		if err != nil {
			return fmt.Errorf("reading a part: %w", err)
		}
		if err := do(i == 0); err != nil {
			return err
		}
	}
	return nil
}

// How the rows of a table are known to be of a part, by the first of these columns that it has.
var (
	partColumns = []string{"municipality", "record_id", "workbook_id"}
	partRows    = map[string]string{
		// Rows of no municipality belong to the first part.
		"municipality": `(municipality >= getvariable('part_from') AND municipality < getvariable('part_until')
			OR municipality IS NULL AND getvariable('part_from') = '')`,
		"record_id": "record_id BETWEEN getvariable('part_first') AND getvariable('part_last')",
		"workbook_id": `workbook_id IN (SELECT workbook_id FROM %s.meta.workbooks
			WHERE municipality >= getvariable('part_from') AND municipality < getvariable('part_until'))`,
	}
)

// views makes the view of every table that has none yet. A table that no column divides is read whole.
func (p *parts) views(ctx context.Context) error {
	r, err := p.on.Query(ctx, `SELECT schema_name || '.' || table_name, list(column_name) FROM duckdb_columns()
		WHERE database_name = `+quote(p.home)+` AND schema_name IN ('raw', 'meta', 'staging', 'marts') GROUP BY ALL
			ORDER BY ALL`)
	if err != nil {
		return fmt.Errorf("dividing the tables: %w", err)
	}
	home := `"` + p.home + `"`
	for _, row := range r.Rows {
		table := fmt.Sprint(row[0])
		if p.seen[table] {
			continue
		}
		p.seen[table] = true
		rows := "true"
		for _, column := range partColumns {
			if table == "raw.cells" && column == "record_id" {
				continue // most cells serve no record
			}
			if contains(row[1], column) {
				rows = strings.ReplaceAll(partRows[column], "%s", home)
				break
			}
		}
		// The variables have no value yet: a view is bound again for every statement.
		if err := p.on.Exec(ctx, "CREATE VIEW part."+table+" AS SELECT * FROM "+home+"."+table+" WHERE "+rows); err != nil {
			return fmt.Errorf("dividing the table %s: %w", table, err)
		}
	}
	return nil
}

func contains(list any, word string) bool {
	words, _ := list.([]any)
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// close removes the views.
func (p *parts) close(ctx context.Context) error {
	if p.home == "" {
		return nil
	}
	if err := p.on.Exec(ctx, "DETACH part"); err != nil {
		return fmt.Errorf("removing the parts: %w", err)
	}
	return nil
}
