package lineage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Change is a figure that differs between two runs. Old or New is "" where the figure is not in that run.
type Change struct {
	Table  string  `json:"table"`  // 資料 for a printed figure, else the table: marts.indicator_years
	Figure string  `json:"figure"` // its address, or the row's key and the column
	Old    string  `json:"old"`
	New    string  `json:"new"`
	Causes []Cause `json:"causes"`
}

// Papers is the Table of figures that are printed in papers.
const Papers = "資料"

// Cause is what made a figure differ: a cell whose text changed, or something about a file.
type Cause struct {
	Place
	Old  string `json:"old"`
	New  string `json:"new"`
	What string `json:"what,omitempty"` // where it is no cell: ファイルが加わった …
}

// side is one of the two runs.
type side struct {
	db        *warehouse.Reader
	workbooks map[string]workbookState
	texts     map[Place]string   // of the files that changed; one that has gone is told as a whole
	keys      map[Place][]string // what the records that a cell belongs to are about
	places    map[string][]Place // all cells about the same, in the files of all years
	findings  map[string][]finds // by path
	models    map[string]model.Source
	decisions map[string]bool   // lines of 判断.csv, by municipality and text
	duties    map[string]string // what has come of what is owed, by the line of 提出対象.csv
}

type workbookState struct{ sha256, status string }

type finds struct{ cell, message string }

// Diff compares two published runs: the figures of the given papers, and the numbers of every mart that has a key.
func Diff(
	ctx context.Context, before, after *warehouse.Reader, papersBefore, papersAfter []brief.Figure,
) ([]Change, error) {
	a, b := &side{db: before}, &side{db: after}
	var err error
	for _, s := range []*side{a, b} {
		if err := s.state(ctx); err != nil {
			return nil, err
		}
	}
	var changed []string
	for path, now := range b.workbooks {
		if a.workbooks[path] != now {
			changed = append(changed, path)
		}
	}
	slices.Sort(changed)
	for _, s := range []*side{a, b} {
		if err := s.cells(ctx, changed); err != nil {
			return nil, err
		}
	}
	for _, s := range []*side{a, b} {
		if s.models, err = model.Sources(ctx, s.db); err != nil {
			return nil, err
		}
	}
	out := paperChanges(papersBefore, papersAfter)
	marts, err := martChanges(ctx, before, after)
	if err != nil {
		return nil, err
	}
	out = append(out, marts...)
	changes := make([]Change, len(out))
	for i, c := range out {
		changes[i] = c.Change
		changes[i].Causes = causes(a, b, c)
	}
	return changes, nil
}

// state reads which files a run has read, what was found in them, and by which models.
func (s *side) state(ctx context.Context) error {
	s.workbooks, s.findings, s.models = map[string]workbookState{}, map[string][]finds{}, map[string]model.Source{}
	s.decisions, s.duties = map[string]bool{}, map[string]string{}
	for query, each := range map[string]func(row []any){
		"SELECT path, sha256, status FROM meta.workbooks": func(row []any) {
			s.workbooks[fmt.Sprint(row[0])] = workbookState{fmt.Sprint(row[1]), fmt.Sprint(row[2])}
		},
		"SELECT path, coalesce(cell, ''), message FROM meta.findings WHERE severity = 'error' ORDER BY ALL": func(row []any) {
			path := fmt.Sprint(row[0])
			s.findings[path] = append(s.findings[path], finds{fmt.Sprint(row[1]), fmt.Sprint(row[2])})
		},
		"SELECT concat_ws('｜', path, sheet, cell, decision) FROM meta.decisions": func(row []any) {
			s.decisions[fmt.Sprint(row[0])] = true
		},
		`SELECT concat_ws('　', municipality, department, form, wareki(fiscal_year)), status, path FROM ` +
			`raw.submissions`: func(row []any) {
			s.duties[fmt.Sprint(row[2])+"|"+fmt.Sprint(row[0])] = fmt.Sprint(row[1])
		},
	} {
		r, err := s.db.Query(ctx, query)
		if err != nil {
			return fmt.Errorf("reading run %s: %w", s.db.Run, err)
		}
		for _, row := range r.Rows {
			each(row)
		}
	}
	return nil
}

// cells reads the cells of the changed files, and which of them belong to one record.
func (s *side) cells(ctx context.Context, paths []string) error {
	var err error
	if s.texts, err = textsOf(ctx, s.db, paths); err != nil {
		return err
	}
	s.keys, s.places = map[Place][]string{}, map[string][]Place{}
	r, err := s.db.Query(ctx, `SELECT DISTINCT concat_ws('|', w.municipality, r.form, r.kind, r.key), w.path,
		coalesce(f.sheet, ''), f.cell
		FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id) JOIN raw.fields AS f USING (record_id)
		WHERE f.cell IS NOT NULL ORDER BY ALL`)
	if err != nil {
		return fmt.Errorf("reading the records of run %s: %w", s.db.Run, err)
	}
	for _, row := range r.Rows {
		key, p := fmt.Sprint(row[0]), Place{fmt.Sprint(row[1]), fmt.Sprint(row[2]), fmt.Sprint(row[3])}
		s.keys[p] = append(s.keys[p], key)
		s.places[key] = append(s.places[key], p)
	}
	return nil
}

// mates are the cells of the records that a cell belongs to, and of the same records in the files of other years: an
// error in one takes all of them out.
func (s *side) mates(p Place) []Place {
	var out []Place
	for _, key := range s.keys[p] {
		out = append(out, s.places[key]...)
	}
	return out
}

// difference is a change with the cells behind its two values.
type difference struct {
	Change
	before, after []Place
}

// counted are the cells behind a figure; none are behind a count of none, whatever was looked through.
func counted(f brief.Figure) []Place {
	var out []Place
	for _, o := range f.Origins {
		if !o.Examined {
			out = append(out, placesOf(o.Sources)...)
		}
	}
	return out
}

func placesOf(sources []brief.Source) []Place {
	out := make([]Place, len(sources))
	for i, s := range sources {
		out[i] = placeOf(s)
	}
	return out
}

// sameFigures finds for the figures of the newer paper those of the older. Where two templates name a row otherwise,
// the address that both had before names it, unless that was by order.
func sameFigures(before, after []brief.Figure) map[string]brief.Figure {
	out, former := map[string]brief.Figure{}, map[string]brief.Figure{}
	is := map[string]bool{}
	for _, f := range after {
		is[f.Address] = true
	}
	for _, f := range before {
		if out[f.Address] = f; !is[f.Address] && !f.Ordered {
			former[cmp.Or(f.Former, f.Address)] = f
		}
	}
	for _, f := range after {
		_, there := out[f.Address]
		if old, found := former[cmp.Or(f.Former, f.Address)]; found && !there && !f.Ordered {
			out[f.Address] = old
			delete(former, cmp.Or(f.Former, f.Address))
		}
	}
	return out
}

// paperChanges compares printed figures by their addresses, in the order of the newer paper; those that are gone
// follow.
func paperChanges(before, after []brief.Figure) []difference {
	was := sameFigures(before, after)
	var out []difference
	is := map[string]bool{} // figures of the older paper
	for _, f := range after {
		old, there := was[f.Address]
		is[old.Address] = true
		if there && brief.SamePrint(old.Text, f.Text) {
			continue
		}
		out = append(out, difference{
			Change{Table: Papers, Figure: f.Address, Old: old.Text, New: f.Text}, counted(old), counted(f),
		})
	}
	for _, f := range before {
		if !is[f.Address] {
			out = append(out, difference{Change{Table: Papers, Figure: f.Address, Old: f.Text}, counted(f), nil})
		}
	}
	return out
}

// causes are the changed cells among those behind the two values; where a record came or went, the changed cells of
// that record, else what became of its file; else what changed beside the workbooks or in the arithmetic.
func causes(a, b *side, c difference) []Cause {
	before, after := c.before, c.after
	var out []Cause
	seen := map[Cause]bool{}
	add := func(c Cause) {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	cell := func(p Place) {
		if old, now := a.texts[p], b.texts[p]; a.reads(p.Path) && b.reads(p.Path) && old != now {
			add(Cause{Place: p, Old: old, New: now})
		}
	}
	for _, p := range slices.Concat(before, after) {
		cell(p)
	}
	moved := onlyInOne(before, after)
	for _, p := range moved {
		if a.reads(p.Path) && b.reads(p.Path) && a.texts[p] != b.texts[p] {
			continue // it says itself why
		}
		for _, mate := range slices.Concat(a.mates(p), b.mates(p)) {
			cell(mate)
		}
	}
	for _, p := range moved {
		if slices.ContainsFunc(out, func(c Cause) bool { return c.What == "" && c.Path == p.Path }) {
			continue
		}
		for _, c := range aboutFile(a, b, p) {
			add(c)
		}
	}
	if len(out) == 0 {
		for _, c := range besideWorkbooks(a, b, slices.Concat(before, after)) {
			add(c)
		}
	}
	if len(out) == 0 {
		for _, name := range model.Differ(a.models, b.models, c.Table) {
			add(Cause{What: "計算式が変わった（" + name + "）"})
		}
	}
	if len(out) == 0 {
		add(Cause{What: "もとのセルは変わっていない（資料のひな形か設定が変わった）"})
	}
	slices.SortFunc(out, func(x, y Cause) int {
		return strings.Compare(x.Path+"|"+x.Sheet+"|"+x.Cell+"|"+x.What, y.Path+"|"+y.Sheet+"|"+y.Cell+"|"+y.What)
	})
	return out
}

func onlyInOne(before, after []Place) []Place {
	count := map[Place]int{}
	for _, p := range before {
		count[p] |= 1
	}
	for _, p := range after {
		count[p] |= 2
	}
	var out []Place
	for _, p := range slices.Concat(before, after) {
		if count[p] == 1 || count[p] == 2 {
			out = append(out, p)
			count[p] = 0
		}
	}
	return out
}

// aboutFile says what became of a file whose cells are behind a figure in one of the runs alone.
func aboutFile(a, b *side, p Place) []Cause {
	old, was := a.workbooks[p.Path]
	now, is := b.workbooks[p.Path]
	at := Place{Path: p.Path}
	switch {
	case !was && is:
		return []Cause{{Place: at, What: "ファイルが加わった"}}
	case was && !is:
		return []Cause{{Place: at, What: "ファイルが無くなった"}}
	}
	var out []Cause
	for _, f := range b.findings[p.Path] {
		if !slices.Contains(a.findings[p.Path], f) {
			out = append(out, Cause{Place: Place{p.Path, "", f.cell}, What: "誤りの指摘が付いた：" + f.message})
		}
	}
	for _, f := range a.findings[p.Path] {
		if !slices.Contains(b.findings[p.Path], f) {
			out = append(out, Cause{Place: Place{p.Path, "", f.cell}, What: "誤りの指摘が消えた：" + f.message})
		}
	}
	if len(out) == 0 && old.status != now.status {
		out = append(out, Cause{
			Place: at, What: "ファイルの扱いが変わった（" + record.StatusWord(old.status) + " → " + record.StatusWord(now.status) + "）",
		})
	}
	return out
}

// reads reports whether a run has read a file into cells.
func (s *side) reads(path string) bool {
	w, ok := s.workbooks[path]
	return ok && w.status == record.StatusRead
}

// besideWorkbooks says what changed in the lists beside the workbooks: 判断.csv, and who has submitted what is owed.
func besideWorkbooks(a, b *side, behind []Place) []Cause {
	var out []Cause
	for _, two := range [][2]*side{{a, b}, {b, a}} {
		for _, d := range slices.Sorted(maps.Keys(two[1].decisions)) {
			path, rest, _ := strings.Cut(d, "｜")
			if two[0].decisions[d] || !slices.ContainsFunc(behind, func(p Place) bool { return p.Path == path }) {
				continue
			}
			what := "判断.csv に加わった："
			if two[1] == a {
				what = "判断.csv から無くなった："
			}
			out = append(out, Cause{Place: Place{Path: path}, What: what + rest})
		}
	}
	lists := map[string]bool{}
	for _, p := range behind {
		lists[p.Path] = true
	}
	for _, duty := range slices.Sorted(maps.Keys(merged(a.duties, b.duties))) {
		path, words, _ := strings.Cut(duty, "|")
		if old, now := a.duties[duty], b.duties[duty]; old != now && lists[path] {
			out = append(out, Cause{Place: Place{Path: path}, Old: old, New: now, What: words})
		}
	}
	return out
}

func merged(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
