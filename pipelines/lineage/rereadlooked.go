package lineage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/warehouse"
)

// line is a line of 判断.csv that may say that a person has looked at what is read otherwise.
type line struct {
	sheet, cell, kind, text string
}

// covers reports whether the line is about a difference: one of its cells, or its whole file.
func (l line) covers(r Reread) bool {
	return l.cell == "" || l.kind == "confirm" && slices.Contains(r.cells, l.cell) && (l.sheet == "" || l.sheet == r.Sheet)
}

// handedOn are the differences of the run before at which nobody has looked. Those of a file with other bytes are
// settled by that; those of a file that is not here now wait until it is.
func (c *comparison) handedOn(ctx context.Context) ([]Reread, error) {
	all, err := ReadRereads(ctx, c.before)
	return slices.DeleteFunc(all, func(r Reread) bool {
		now, here := c.hashes[r.Path]
		return !r.Waits() || here && now != r.SHA256
	}), err
}

// decide finds, for each difference, the line of 判断.csv by which a person has looked at it. A line counts that was not
// there before the difference was: what somebody decided earlier was about another value. In the run that finds it, a
// new line about its cell or the withdrawal of its file counts, since it may be what changed the value; one about the
// whole file has to be written after that.
func (c *comparison) decide(ctx context.Context, all []Reread) error {
	old, err := lines(ctx, c.before)
	if err != nil {
		return err
	}
	now, err := lines(ctx, c.now)
	if err != nil {
		return err
	}
	for i := range all {
		r := &all[i]
		if r.Since == c.run {
			for _, l := range old[r.Path] {
				r.known = append(r.known, l.text)
			}
			for _, l := range now[r.Path] {
				if l.kind == "look" && !slices.Contains(r.known, l.text) {
					r.known = append(r.known, l.text)
				}
			}
		}
		for _, l := range now[r.Path] {
			if l.covers(*r) && !slices.Contains(r.known, l.text) {
				r.Decided = l.text
				break
			}
		}
	}
	return nil
}

// lines are the lines of 判断.csv of a run that a person may have written after looking, by file. Each bears a date.
func lines(ctx context.Context, db asker) (map[string][]line, error) {
	r, err := db.Query(ctx, `SELECT path, coalesce(sheet, ''), coalesce(cell, ''), coalesce(kind, ''),
		replace(concat_ws('　', nullif(concat_ws('!', sheet, cell), ''), decision, reason, post, date), chr(10), ' ')
		FROM meta.decisions WHERE coalesce(trim(date), '') <> '' AND coalesce(kind, '') <> 'waive' ORDER BY rowid`)
	if err != nil {
		return nil, fmt.Errorf("reading decisions: %w", err)
	}
	out := map[string][]line{}
	for _, row := range r.Rows {
		l := line{
			sheet: warehouse.Text(row[1]), cell: warehouse.Text(row[2]), kind: warehouse.Text(row[3]),
			text: strings.TrimSpace(warehouse.Text(row[4])),
		}
		if path := warehouse.Text(row[0]); l.kind != "" {
			out[path] = append(out[path], l)
		}
	}
	return out, nil
}
