package lineage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// comparison compares what two runs have read of the files that are the same in both.
type comparison struct {
	run    string
	before *warehouse.Reader
	now    *warehouse.Build

	same     map[string]sameFile // by path: files of the same bytes
	hashes   map[string]string   // of every file that there is now
	meanings map[string]string   // of fields, in Japanese
}

// sameFile is a file with the same bytes in both runs.
type sameFile struct {
	sha256, municipality, department string
	old, now                         string // its status
	rival                            bool   // a version of one answer in either run: another file decides what counts
}

// restated reports whether a file as a whole is treated otherwise.
func (f sameFile) restated() bool { return f.old != f.now && !f.rival }

// files finds the files that are the same in both runs.
func (c *comparison) files(ctx context.Context) (err error) {
	c.same, c.hashes = map[string]sameFile{}, map[string]string{}
	old := map[string]sameFile{}
	for _, side := range []struct {
		db   asker
		into map[string]sameFile
	}{{c.before, old}, {c.now, c.same}} {
		r, err := side.db.Query(ctx, `SELECT w.path, w.sha256, w.municipality, w.department, w.status,
			EXISTS (FROM meta.findings AS f WHERE f.path = w.path AND f.code = '`+finding.AmbiguousVersion+`')
			FROM meta.workbooks AS w
			-- a version that is gone at its source, with a newer one in its place, is as if it were not here
			WHERE NOT (w.status = 'withdrawn'
				AND EXISTS (FROM meta.findings AS f WHERE f.path = w.path AND f.code = '`+finding.SourceRemoved+`'))`)
		if err != nil {
			return fmt.Errorf("reading workbooks: %w", err)
		}
		for _, row := range r.Rows {
			rival, _ := row[5].(bool)
			side.into[warehouse.Text(row[0])] = sameFile{
				sha256: warehouse.Text(row[1]), municipality: warehouse.Text(row[2]), department: warehouse.Text(row[3]),
				now: warehouse.Text(row[4]), rival: rival,
			}
		}
	}
	for path, f := range c.same {
		c.hashes[path] = f.sha256
		was, there := old[path]
		if !there || was.sha256 != f.sha256 {
			delete(c.same, path)
			continue
		}
		f.old, f.rival = was.now, f.rival || was.rival
		c.same[path] = f
	}
	c.meanings, err = fieldMeanings(ctx, c.now)
	return err
}

// values are the values of those files that differ. Only municipalities with a file that differs are read whole.
func (c *comparison) values(ctx context.Context) ([]Reread, error) {
	old, err := sums(ctx, c.before)
	if err != nil {
		return nil, err
	}
	now, err := sums(ctx, c.now)
	if err != nil {
		return nil, err
	}
	cities := map[string]bool{}
	var out []Reread
	for _, path := range slices.Sorted(maps.Keys(c.same)) {
		f := c.same[path]
		if f.restated() {
			r := c.reread(Place{Path: path})
			r.Item, r.Old, r.New = fileItem, record.StatusWord(f.old), record.StatusWord(f.now)
			out = append(out, r)
		}
		if old[path] != now[path] {
			cities[f.municipality] = true
		}
	}
	for _, city := range slices.Sorted(maps.Keys(cities)) {
		was, err := c.read(ctx, c.before, city)
		if err != nil {
			return nil, err
		}
		is, err := c.read(ctx, c.now, city)
		if err != nil {
			return nil, err
		}
		for _, path := range slices.Sorted(maps.Keys(merged(presence(was), presence(is)))) {
			if old[path] != now[path] {
				out = append(out, c.compare(path, was[path], is[path])...)
			}
		}
	}
	return out, nil
}

func presence(files map[string][]reading) map[string]string {
	out := map[string]string{}
	for path := range files {
		out[path] = path
	}
	return out
}

// readingColumns are what a value is read as.
const readingColumns = `r.form, r.kind, r.key, f.name, coalesce(f.scope, ''), coalesce(f.value, f.text, ''),
	coalesce(f.unit, ''), coalesce(f.comparator, ''), r.excluded, coalesce(r.fiscal_year, 0)`

// sums are a sum over all that is read of a file, by its path.
func sums(ctx context.Context, db asker) (map[string]string, error) {
	r, err := db.Query(ctx, `SELECT w.path, sum(hash(`+readingColumns+`)::HUGEINT)::VARCHAR
		FROM raw.fields AS f JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)
		GROUP BY 1`)
	if err != nil {
		return nil, fmt.Errorf("comparing what was read: %w", err)
	}
	out := make(map[string]string, len(r.Rows))
	for _, row := range r.Rows {
		out[warehouse.Text(row[0])] = warehouse.Text(row[1])
	}
	return out, nil
}

// reading is one value as a run has read it.
type reading struct {
	record, name                                           string // the record, and the cell that names it
	form, kind, key, field, scope, value, unit, comparator string
	excluded                                               bool
	year                                                   string
	place                                                  Place
}

// of is what the value is of: equal for the same value in both runs.
func (r reading) of() string {
	return strings.Join([]string{r.form, r.kind, r.key, r.field, r.scope}, "\x00")
}

// at is where the value stands and as what.
func (r reading) at() string {
	return strings.Join([]string{r.form, r.kind, r.place.Sheet, r.place.Cell, r.field, r.scope}, "\x00")
}

// as is what it is read as.
func (r reading) as() string {
	return strings.Join([]string{r.value, r.unit, r.comparator, r.year}, "\x00")
}

// read reads the values of a municipality's files that are the same in both runs. Whether one is left out says nothing
// where the whole file is, or where another version of it decides.
func (c *comparison) read(ctx context.Context, db asker, city string) (map[string][]reading, error) {
	r, err := db.Query(ctx, `SELECT w.path, coalesce(f.sheet, ''), coalesce(f.cell, ''), `+readingColumns+`,
		f.record_id, coalesce(r.cell, '')
		FROM raw.fields AS f JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)
		WHERE w.municipality = $city ORDER BY w.path, f.record_id, f.rowid`, warehouse.Named("city", city))
	if err != nil {
		return nil, fmt.Errorf("reading the values of %s: %w", city, err)
	}
	out := map[string][]reading{}
	for _, row := range r.Rows {
		path := warehouse.Text(row[0])
		file, same := c.same[path]
		if !same {
			continue
		}
		t := make([]string, len(row))
		for i, v := range row {
			t[i] = warehouse.Text(v)
		}
		excluded, _ := row[11].(bool)
		out[path] = append(out[path], reading{
			form: t[3], kind: t[4], key: t[5], field: t[6], scope: t[7], value: t[8], unit: t[9], comparator: t[10],
			excluded: excluded && file.old == file.now && !file.rival, year: t[12], place: Place{path, t[1], t[2]},
			record: t[13], name: t[14],
		})
	}
	return out, nil
}

// compare are the values of a file that differ: those of one name, else those of one cell; the rest came or went. Of a
// file that is read in one run alone, the file says it.
func (c *comparison) compare(path string, was, is []reading) []Reread {
	flipped := map[string]bool{} // records, by their number now
	var out []Reread
	pair := func(old, now reading) {
		if old.excluded != now.excluded {
			flipped[now.record] = true
		}
		if old.as() != now.as() { // else it is called otherwise; what it is called by is a value of its own
			out = append(out, c.differs(&old, &now))
		}
	}
	now := is
	was, is = unmatched(was, is, func(r reading) string { return r.of() + "\x00" + r.as() }, pair)
	was, is = unmatched(was, is, reading.of, pair)
	was, is = unmatched(was, is, reading.at, pair)
	out = append(out, c.flips(now, flipped)...)
	if c.same[path].restated() && (len(was) == 0 || len(is) == 0) {
		return onceEach(out)
	}
	for _, r := range was {
		out = append(out, c.differs(&r, nil))
	}
	for _, r := range is {
		out = append(out, c.differs(nil, &r))
	}
	return onceEach(out)
}

// onceEach tells what a cell says for several records (a plan, a year) once.
func onceEach(all []Reread) []Reread {
	type told struct {
		Place
		item, old, now string
	}
	seen := map[told]bool{}
	return slices.DeleteFunc(all, func(r Reread) bool {
		this := told{r.Place, r.Item, r.Old, r.New}
		again := seen[this]
		seen[this] = true
		return again
	})
}

// flips are the records that count in one of the runs alone: one difference each, which every cell of it may settle.
func (c *comparison) flips(now []reading, flipped map[string]bool) []Reread {
	at := map[string]int{}
	var out []Reread
	for _, of := range now {
		if !flipped[of.record] {
			continue
		}
		i, there := at[of.record]
		if !there {
			i, at[of.record] = len(out), len(out)
			r := c.reread(Place{of.place.Path, of.place.Sheet, of.name})
			r.Form, r.kind, r.key, r.Item = of.form, of.kind, of.key, recordItem
			r.Old, r.New = "集計に入れる", "集計から除く"
			if !of.excluded {
				r.Old, r.New = r.New, r.Old
			}
			out = append(out, r)
		}
		if of.place.Cell == of.name && of.value != "" && out[i].Item == recordItem {
			out[i].Item += "（" + of.value + "）"
		}
		if !slices.Contains(out[i].cells, of.place.Cell) {
			out[i].cells = append(out[i].cells, of.place.Cell)
		}
	}
	return out
}

// unmatched takes away, in their order, pairs that have the same name, and hands each to do.
func unmatched(
	was, is []reading, name func(r reading) string, do func(old, now reading),
) (oldLeft, nowLeft []reading) {
	byName := map[string][]int{}
	for i, r := range was {
		byName[name(r)] = append(byName[name(r)], i)
	}
	taken := map[int]bool{}
	for _, r := range is {
		some := byName[name(r)]
		if len(some) == 0 {
			nowLeft = append(nowLeft, r)
			continue
		}
		byName[name(r)], taken[some[0]] = some[1:], true
		do(was[some[0]], r)
	}
	for i, r := range was {
		if !taken[i] {
			oldLeft = append(oldLeft, r)
		}
	}
	return oldLeft, nowLeft
}

// differs makes the difference of two readings, one of which may be lacking.
func (c *comparison) differs(old, now *reading) Reread {
	of := now
	if of == nil {
		of = old
	}
	r := c.reread(of.place)
	r.Form, r.Item = of.form, itemOf(c.meanings, of.field, of.scope)
	r.kind, r.key, r.field, r.scope = of.kind, of.key, of.field, of.scope
	r.Old, r.New = shown(old, now), shown(now, old)
	return r
}

func (c *comparison) reread(at Place) Reread {
	f := c.same[at.Path]
	return Reread{
		Municipality: f.municipality, Department: f.department, Place: at, SHA256: f.sha256, Since: c.run,
		cells: strings.Fields(at.Cell),
	}
}

// comparators are how a bound is written behind its number.
var comparators = map[string]string{"ge": "以上", "le": "以下", "gt": "超", "lt": "未満"}

// shown is a reading for a person, with its year where that tells it from the other: 90 %以上、令和6年度の 90 %.
func shown(r, other *reading) string {
	if r == nil {
		return NotRead
	}
	text := strings.TrimSpace(r.value + " " + r.unit)
	if text == "" {
		text = "（空欄）"
	}
	text += comparators[r.comparator]
	if other == nil {
		return text
	}
	if year := 0; r.year != other.year {
		if _, err := fmt.Sscan(r.year, &year); err == nil && year > 0 {
			text = fiscal.Wareki(year) + "の " + text
		} else {
			text = "年度の分からない " + text
		}
	}
	return text
}
