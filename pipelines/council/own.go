package council

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// stated is what a cell states: one field of one record, as it was read.
type stated struct {
	form, kind, key, field, scope string
	text, value, unit             string
	more                          string // what is said beside the value: a second one, that it is provisional
	year                          int    // of the survey
	at                            Place
	name                          string // of the record, by what tells it apart from others
	names                         bool   // is part of that name
	of                            string // the year that the record is of, where its key says so
}

// record names a record: what its department answers about it belongs together.
func (s stated) record() string { return s.form + "｜" + s.kind + "｜" + s.key }

// what names an answer, whichever year's workbook it stands in.
func (s stated) what() string { return s.record() + "｜" + s.field + "｜" + s.scope }

// counted reports a value that is a figure itself, or is asked year by year; what is not (since when, until when, of
// what kind) is told beside one that is.
func (s stated) counted() bool { return s.scope != "" || s.unit != "" }

// statements are what the cells of a municipality's workbooks state, and what the fields mean.
type statements struct {
	at       map[Place][]stated
	all      map[string]stated // by department and answer; of several surveys the newest
	titles   map[string]string // by form, kind and field, of what forms ask
	meanings map[string]string // of columns
}

func (c City) readStated(ctx context.Context, db *warehouse.Reader, municipality string) (statements, error) {
	out := statements{at: map[Place][]stated{}, all: map[string]stated{}}
	var err error
	if out.meanings, err = lineage.FieldMeanings(ctx, db); err != nil {
		return out, fmt.Errorf("reading what fields mean: %w", err)
	}
	if out.titles, err = askedTitles(ctx, db); err != nil {
		return out, err
	}
	beside, err := saidBeside(ctx, db)
	if err != nil {
		return out, err
	}
	r, err := db.Query(ctx, `SELECT r.record_id, w.department, w.fiscal_year, w.path, coalesce(f.sheet, ''), f.cell,
			r.form, r.kind, r.key, f.name, coalesce(f.scope, ''), f.text, f.value, f.unit,
			concat_ws('', CASE f.comparator WHEN 'ge' THEN '以上' WHEN 'gt' THEN '超' WHEN 'le' THEN '以下'
				WHEN 'lt' THEN '未満' END, `+beside+`)
		FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id) JOIN raw.fields AS f USING (record_id)
		WHERE w.municipality = $municipality AND r.form <> 'K'
			ORDER BY w.fiscal_year, w.path, r.record_id, f.sheet, length(f.cell), f.cell, f.name, f.scope`,
		warehouse.Named("municipality", municipality))
	if err != nil {
		return out, fmt.Errorf("reading what cells state: %w", err)
	}
	for from := 0; from < len(r.Rows); {
		to := from + 1
		for to < len(r.Rows) && fmt.Sprint(r.Rows[to][0]) == fmt.Sprint(r.Rows[from][0]) {
			to++
		}
		out.add(c.name(words(r.Rows[from])[1]), r.Rows[from:to])
		from = to
	}
	return out, nil
}

// saidBeside says in SQL what is said beside a value: that it is about so much, a second one, that it is provisional. A
// file of an earlier version says nothing of it.
func saidBeside(ctx context.Context, db *warehouse.Reader) (string, error) {
	r, err := db.Query(ctx, `SELECT 1 FROM duckdb_columns() WHERE schema_name = 'raw' AND table_name = 'fields'
		AND column_name IN ('approx', 'second', 'second_unit', 'nature')`)
	if err != nil {
		return "", fmt.Errorf("looking at raw.fields: %w", err)
	}
	if len(r.Rows) < 4 {
		return "NULL", nil
	}
	return `CASE WHEN f.approx AND f.unit <> '' THEN '（約）' END,
		'、' || nullif(concat(f.second, f.second_unit), ''), '（' || nullif(f.nature, '') || '）'`, nil
}

// askedTitles are the words by which forms ask for fields. A file of an earlier version has none.
func askedTitles(ctx context.Context, db *warehouse.Reader) (map[string]string, error) {
	out := map[string]string{}
	if there, err := db.Has(ctx, "meta.asked"); err != nil || !there {
		return out, err
	}
	r, err := db.Query(ctx, "SELECT form, kind, field, title FROM meta.asked")
	if err != nil {
		return nil, fmt.Errorf("reading what forms ask: %w", err)
	}
	for _, row := range r.Rows {
		if s := words(row); len(s) > 1 {
			out[strings.Join(s[:3], "｜")] = s[3]
		}
	}
	return out, nil
}

// add adds what the cells of one record of a department state.
func (s *statements) add(department string, rows [][]any) {
	var all []stated
	for _, row := range rows {
		w := words(row)
		f := stated{
			at: Place{w[3], w[4], w[5]}, form: w[6], kind: w[7], key: w[8], field: w[9], scope: w[10], text: w[11],
			value: w[12], unit: w[13], more: w[14],
		}
		f.year, _ = strconv.Atoi(w[2]) // a workbook that has records has a year
		all = append(all, f)
	}
	var name []string
	of := ""
	for _, part := range strings.Split(all[0].key, "|") {
		i := slices.IndexFunc(all, func(f stated) bool {
			return part != "" && f.scope == "" && f.unit == "" && record.Key(f.value) == part
		})
		if i < 0 {
			continue
		}
		all[i].names = true
		switch {
		case yearInKey.MatchString("|"+part) && strings.HasSuffix(all[0].key, part):
			of = part
		case all[i].field != "plan":
			name = append(name, all[i].read())
		}
	}
	for i := range all {
		all[i].name, all[i].of = strings.Join(name, "　"), of
		s.all[department+"|"+all[i].what()] = all[i]
		if all[i].at.Cell != "" {
			s.at[all[i].at] = append(s.at[all[i].at], all[i])
		}
	}
}

// behind are what a source states: the field that it is named for, else all that stands in its cell.
func (s statements) behind(from brief.Source) []stated {
	all := s.at[placeOf(from)]
	named := slices.DeleteFunc(slices.Clone(all), func(f stated) bool {
		return f.field != strings.TrimPrefix(from.Field, "previous_")
	})
	if len(named) > 0 {
		return named
	}
	return all
}

var plainDecimal = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

// number is a number with its thousands set apart, "" where the value is none.
func (s stated) number() string {
	if s.unit == "" || !plainDecimal.MatchString(s.value) {
		return ""
	}
	whole, fraction, found := strings.Cut(strings.TrimPrefix(s.value, "-"), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	if strings.HasPrefix(s.value, "-") {
		return "−" + whole
	}
	return whole
}

// read is a value as it was read, for people.
func (s stated) read() string {
	year, notYear := strconv.Atoi(s.value)
	switch {
	case s.number() != "":
		return s.number() + s.unit + s.more
	case s.value == "" || s.value == "true" || len([]rune(s.value)) > longestLiteral:
		return cmp.Or(flat(s.text), s.value)
	case notYear == nil && strings.HasSuffix(s.field, "year"):
		return fiscal.Wareki(year)
	}
	return s.value + s.more
}

// called are words for what fields are called, where the columns' comments explain more than they name.
var called = map[string]string{
	"ended": "終了区分", "direction": "方向", "as_of": "時点", "standard_as_of": "目標・基準の時点", "group": "区分", "measure": "施策",
	"kind": "種別", "departments": "担当課", "relisted": "再掲", "novelty": "新規・継続", "outcome": "継続・終了", "hours": "削減時間",
	"people": "人数換算", "tool": "ツール・取組", "status": "実施状況", "summary": "概要", "remarks": "備考", "unit": "単位",
}

// word is what a field is called: as its form asks for it, else as its column is.
func (s statements) word(f stated) string {
	if title := s.titles[f.form+"｜"+f.kind+"｜"+f.field]; title != "" {
		return title
	}
	return strings.TrimSuffix(cmp.Or(called[f.field], s.meanings[f.field], f.field), "の記号")
}

// item says what of a record it is: 進捗（令和6年度）.
func (s statements) item(f stated) string {
	scope := cmp.Or(f.scope, f.of)
	year, err := strconv.Atoi(scope)
	switch {
	case scope == record.WholePeriod:
		scope = "推進期間全体"
	case err == nil:
		scope = fiscal.Wareki(year)
	case scope == "":
		return s.word(f)
	}
	return s.word(f) + "（" + scope + "）"
}

// before is what a department stated of the year before, "" where nothing is known.
func (s statements) before(department string, f stated) string {
	last := f
	if year, err := strconv.Atoi(f.scope); err == nil {
		last.scope = strconv.Itoa(year - 1)
	} else if last.key = yearBefore(f.key); last.key == f.key {
		return ""
	}
	before, ok := s.all[department+"|"+last.what()]
	if !ok {
		return ""
	}
	return before.read()
}

var yearInKey = regexp.MustCompile(`\|(\d{4})$`)

// yearBefore is a record's key with the year before in the place of its year: 基金残高|2023 of 基金残高|2024.
func yearBefore(key string) string {
	return yearInKey.ReplaceAllStringFunc(key, func(part string) string {
		year, _ := strconv.Atoi(part[1:])
		return "|" + strconv.Itoa(year-1)
	})
}

// behindPapers is one answer that printed figures rest on.
type behindPapers struct {
	stated
	older   []stated // the same answer in workbooks of earlier years
	figures []brief.Figure
}

// own are the answers of each department that the figures of papers rest on, a line each. What a department that is no
// more has answered is confirmed by the one that is responsible for the paper.
func (c City) own(m brief.Meeting, papers []brief.ItemPaper, s statements) map[string][]Line {
	records := map[string]map[string]*behindPapers{} // by department and record, by answer
	for _, p := range papers {
		owner := c.responsible(p.Item)
		for _, f := range p.Figures {
			if !confirmed(f) {
				continue
			}
			for _, from := range f.Sources() {
				if from.Field == leftOutField {
					continue // what is left out is no part of the figure
				}
				department := cmp.Or(c.files[from.Path].department, owner)
				for _, one := range s.behind(from) {
					key := department + "|" + one.record()
					if records[key] == nil {
						records[key] = map[string]*behindPapers{}
					}
					records[key][one.what()] = records[key][one.what()].with(one, f)
				}
			}
		}
	}
	out := map[string][]Line{}
	for _, key := range slices.Sorted(maps.Keys(records)) {
		department, _, _ := strings.Cut(key, "|")
		out[department] = append(out[department], s.lines(m, department, records[key])...)
	}
	for _, lines := range out {
		slices.SortStableFunc(lines, func(a, b Line) int { return compareCells(a.Cells[0], b.Cells[0]) })
	}
	for department, lines := range out {
		out[department] = joined(lines)
		for _, l := range out[department] {
			slices.SortStableFunc(l.Figures, func(a, b brief.Figure) int {
				return cmp.Compare(len(a.Sources()), len(b.Sources()))
			})
		}
	}
	return out
}

// joined are lines of which one stands for all that one cell states: a standard that holds for every year is one
// answer.
func joined(lines []Line) []Line {
	var out []Line
	for _, l := range lines {
		last := len(out) - 1
		if last < 0 || out[last].Cells[0] != l.Cells[0] || out[last].word != l.word || out[last].Subject != l.Subject {
			out = append(out, l)
			continue
		}
		out[last].Item = l.word
		out[last].Beside = slices.Concat(out[last].Beside, without(l.Beside, out[last].Beside))
		out[last].Cells = slices.Concat(out[last].Cells, without(l.Cells, out[last].Cells))
		for _, f := range l.Figures {
			out[last].rests(f)
		}
	}
	return out
}

// without are those of a list that another does not have.
func without[T comparable](list, other []T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return slices.Contains(other, x) })
}

// rests adds a figure that rests on a line.
func (l *Line) rests(f brief.Figure) {
	if !slices.ContainsFunc(l.Figures, func(g brief.Figure) bool { return g.Address == f.Address }) {
		l.Figures = append(l.Figures, f)
	}
}

// leftOutField names the sources that are only counted as left out.
const leftOutField = "left_out"

// with is an answer with another cell that states it, and another figure that rests on it.
func (b *behindPapers) with(one stated, f brief.Figure) *behindPapers {
	if b == nil {
		b = &behindPapers{stated: one}
	}
	if one.at != b.at && !slices.ContainsFunc(b.older, func(o stated) bool { return o.at == one.at }) {
		if one.year > b.year {
			b.stated, one = one, b.stated
		}
		b.older = append(b.older, one)
	}
	if !slices.ContainsFunc(b.figures, func(g brief.Figure) bool { return g.Address == f.Address }) {
		b.figures = append(b.figures, f)
	}
	return b
}

// lines are the lines of one record: one for each answer that is counted. What an earlier year's workbook says of the
// same, and what is said of the record itself, is confirmed beside one of them.
func (s statements) lines(m brief.Meeting, department string, answers map[string]*behindPapers) []Line {
	all := slices.SortedFunc(maps.Values(answers), func(a, b *behindPapers) int {
		return cmp.Or(cmp.Compare(b.year, a.year), compareCells(a.at, b.at), strings.Compare(a.what(), b.what()))
	})
	var main, beside []*behindPapers
	for _, b := range all {
		older := b.year < all[0].year && slices.ContainsFunc(main, func(o *behindPapers) bool { return o.field == b.field })
		if b.counted() && !older {
			main = append(main, b)
		} else {
			beside = append(beside, b)
		}
	}
	if len(main) == 0 { // nothing is counted: the first of what is said of the record, its name where that is all
		i := max(0, slices.IndexFunc(beside, func(b *behindPapers) bool { return !b.names }))
		main, beside = beside[i:i+1:i+1], slices.Concat(beside[:i], beside[i+1:])
	}
	out := make([]Line, len(main))
	for i, b := range main {
		out[i] = Line{
			Address: m.ID + ownRoom + b.what(), Record: cmp.Or(b.name, b.key), Item: s.item(b.stated), Subject: b.read(),
			Number: b.number(), Before: s.before(department, b.stated), Cells: []Place{b.at}, Figures: b.figures,
			word: s.word(b.stated),
		}
		if !out[i].says(b.text) {
			out[i].Written = flat(b.text)
		}
		out[i].alsoOlder(b)
	}
	for _, b := range beside {
		i := max(0, slices.IndexFunc(main, func(o *behindPapers) bool { return o.field == b.field }))
		out[i].also(s.item(b.stated), b)
	}
	return out
}

// apart takes out of a text what stands between those that are confirmed together.
var apart = strings.NewReplacer(besideMark, "、", ";", "、")

// also adds to a line what is confirmed beside it. What names the record stands there already.
func (l *Line) also(item string, b *behindPapers) {
	if !b.names {
		l.Beside = append(l.Beside, apart.Replace(item+" "+b.read()))
	}
	l.Cells = append(l.Cells, b.at)
	for _, f := range b.figures {
		l.rests(f)
	}
	l.alsoOlder(b)
}

// alsoOlder adds the cells of earlier workbooks that state an answer too, and what they say where that is another
// value.
func (l *Line) alsoOlder(b *behindPapers) {
	for _, o := range b.older {
		if !slices.Contains(l.Cells, o.at) {
			l.Cells = append(l.Cells, o.at)
		}
		if !brief.SamePrint(o.read(), b.read()) {
			l.Beside = append(l.Beside, apart.Replace(fiscal.Wareki(o.year)+"の調査票では "+o.read()))
		}
	}
}

// compareCells puts cells in the order in which people read them: by file and sheet, row by row.
func compareCells(a, b Place) int {
	row := func(p Place) int {
		n, _ := strconv.Atoi(rowOf(p.Cell))
		return n
	}
	return cmp.Or(
		strings.Compare(a.Path, b.Path), strings.Compare(a.Sheet, b.Sheet), cmp.Compare(row(a), row(b)),
		cmp.Compare(len(a.Cell), len(b.Cell)), strings.Compare(a.Cell, b.Cell),
	)
}
