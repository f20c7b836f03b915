package brief

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/document"
)

// tableSpec is the YAML of a fenced table.
type tableSpec struct {
	ID      string            `yaml:"id"`
	Caption string            `yaml:"caption"`
	Unit    string            `yaml:"unit"`
	Size    float64           `yaml:"size"` // of the letters, never under 9 points
	Columns []document.Column `yaml:"columns"`
	Head    [][]string        `yaml:"head"` // 「<」 joins a cell to its left, 「^」 to the one above
	Body    []bodySpec        `yaml:"body"`
	Legend  []string          `yaml:"legend"`
	Notes   []string          `yaml:"notes"` // a note that comes out empty is not printed
	Legends string            `yaml:"legend_query"`
	Zebra   bool              `yaml:"zebra"`
	Hidden  bool              `yaml:"hidden"` // 非公表: not in what the public gets
}

// bodySpec makes a row of each row of a query. A cell is a template over the query's columns.
type bodySpec struct {
	Query  string      `yaml:"query"`
	Cells  []string    `yaml:"cells"`
	Row    string      `yaml:"row"` // a template that names a row in addresses; else the columns that number and name it
	Total  bool        `yaml:"total"`
	Bold   []int       `yaml:"strong"` // columns, counted from 1, in strong letters
	Align  string      `yaml:"align"`  // of cells that 「<」 joins to their left
	Merge  []int       `yaml:"merge"`  // columns, counted from 1, whose equal neighbours below become one cell
	Across []int       `yaml:"across"` // columns, counted from 1, whose equal neighbours at the right become one cell
	Group  []groupSpec `yaml:"group"`  // rows that stand above where their text changes
	Empty  string      `yaml:"empty"`  // what stands where the query gives no row; without it that is an error
}

// groupSpec is a row across the table, printed where its text is not that of the row before: a goal, a measure.
type groupSpec struct {
	Text string `yaml:"text"`
}

func (r *renderer) table(src fenced) (*document.Table, error) {
	where := fmt.Sprintf("%s:%d", r.source.file, src.line)
	var spec tableSpec
	if err := decodeYAML(r.source.file, src.line-1, "表の指定", []byte(src.text), &spec); err != nil {
		return nil, err
	}
	t := &document.Table{
		ID: spec.ID, Caption: spec.Caption, Unit: spec.Unit, Size: spec.Size, Columns: spec.Columns, Zebra: spec.Zebra,
		Hidden: spec.Hidden,
	}
	for i := range t.Columns {
		if t.Columns[i].Align == "" {
			t.Columns[i].Align = "right"
		}
		if c := t.Columns[i]; c.Width < 0 || !slices.Contains(document.Aligns(), c.Align) {
			return nil, &Error{
				Where: where, What: fmt.Sprintf("%d列目の width %v か align「%s」を使えません", i+1, c.Width, c.Align),
				Do: "width は0以上、align は " + strings.Join(document.Aligns(), "、") + " のいずれかにしてください。",
			}
		}
	}
	for i, row := range spec.Head {
		if len(row) != len(spec.Columns) {
			return nil, widthError(where, fmt.Sprintf("見出しの%d行目", i+1), len(row), len(spec.Columns))
		}
	}
	for _, row := range spec.Head {
		for j := range row {
			text, err := r.text(where, row[j], nil)
			if err != nil {
				return nil, err
			}
			row[j] = r.plainText(text)
		}
	}
	place := r.tablePlace(spec)
	t.ID = place.id
	r.beginTable(place.id)
	t.Head = headRows(spec.Head)
	bodies := make([]filledBody, len(spec.Body))
	var all [][]string
	for i, b := range spec.Body {
		filled, err := r.fill(where, b, place)
		if err != nil {
			return nil, err
		}
		bodies[i], all = filled, append(all, filled.marked...)
	}
	r.evenDecimals(all, spec.Unit)
	for i, b := range spec.Body {
		first := len(r.figures)
		rows, err := r.body(where, b, place, bodies[i])
		if err != nil {
			return nil, err
		}
		var at []int // of each row of the query, below the rows that name groups
		for i, row := range rows {
			if !row.Group {
				at = append(at, len(t.Rows)+i)
			}
		}
		for i := first; i < len(r.figures); i++ {
			r.figures[i].Line = at[r.figures[i].Line]
		}
		t.Rows = append(t.Rows, rows...)
	}
	r.nameRows()
	return t, r.around(where, spec, place.id, t)
}

func widthError(where, what string, got, want int) error {
	return &Error{
		Where: where, What: fmt.Sprintf("%sのセルが%d個です（列は%d個）", what, got, want), Do: "セルの数を列に合わせてください。",
	}
}

// around evaluates what stands around the table.
func (r *renderer) around(where string, spec tableSpec, id string, t *document.Table) error {
	for i, note := range spec.Notes {
		text, err := r.text(where, note, nil)
		if err != nil {
			return err
		}
		text, values := r.resolve(text)
		if text == "" {
			continue
		}
		t.Notes = append(t.Notes, text)
		first := len(r.figures)
		r.register(id, "注"+strconv.Itoa(i+1), "注", spec.Unit, values)
		for k := first; k < len(r.figures); k++ {
			r.figures[k].Line, r.figures[k].place.note = max(0, len(t.Rows)-1), true
		}
	}
	if note := revisedNote(r.figures[r.tableStart:]); note != "" {
		t.Notes = append(t.Notes, note)
	}
	t.Notes = append(t.Notes, natureNotes(r.figures[r.tableStart:])...)
	if note := r.signNote(r.figures[r.tableStart:]); note != "" {
		t.Notes = append(t.Notes, note)
	}
	t.Legend = spec.Legend
	if spec.Legends == "" {
		return nil
	}
	res, err := r.values.rows(spec.Legends)
	if err != nil {
		return templateError(r.source.file, 0, err)
	}
	for _, row := range res.Rows {
		t.Legend = append(t.Legend, fmt.Sprintf("%v：%v", row[0], row[1]))
	}
	return nil
}

// text runs one small template. The values in it are marks still.
func (r *renderer) text(where, src string, dot any) (string, error) {
	if !strings.Contains(src, "{{") {
		return src, nil
	}
	out, err := r.run("cell", src, dot)
	if err == nil {
		return out, nil
	}
	failed := templateError(where, 0, err)
	if e, ok := failed.(*Error); ok { //nolint:errorlint // made just above
		if at := placeOf(err); at != "" {
			where = at
		}
		e.Where = where + "（" + src + "）"
	}
	return "", failed
}

// filledBody is the rows of a query with the texts of their cells, in which the values are marks still.
type filledBody struct {
	dots   []map[string]any
	names  []string
	marked [][]string
}

// fill runs the cells of a body for each row of its query.
func (r *renderer) fill(where string, spec bodySpec, place tablePlace) (f filledBody, err error) {
	if len(spec.Cells) != len(place.columns) {
		return f, widthError(where, "行「"+spec.Query+"」", len(spec.Cells), len(place.columns))
	}
	if f.dots, err = r.dots(where, spec.Query); err != nil {
		return f, err
	}
	if err := r.noneUnshown(where, f.dots, append(slices.Clone(spec.Cells), place.notes...)); err != nil {
		return f, err
	}
	f.names, f.marked = make([]string, len(f.dots)), make([][]string, len(f.dots))
	for i, dot := range f.dots {
		if f.names[i], err = r.rowName(where, spec.Row, dot); err != nil {
			return f, err
		}
		for _, cell := range spec.Cells {
			marked, err := r.text(where, cell, dot)
			if err != nil {
				return f, r.ofRow(err, f.names[i], f.marked[i])
			}
			f.marked[i] = append(f.marked[i], marked)
		}
	}
	return f, nil
}

func (r *renderer) body(where string, spec bodySpec, place tablePlace, f filledBody) ([]document.Row, error) {
	dots, names := f.dots, f.names
	if len(dots) == 0 {
		if spec.Empty != "" { // a table may say that there is nothing to list
			row := document.Row{
				Cells: []document.Cell{{Text: spec.Empty, ColSpan: len(place.columns), Align: "center"}},
			}
			return []document.Row{row}, nil
		}
		err := noRows(spec.Query)
		return nil, &Error{Where: where, What: err.Error(), Do: doOf(err), Cause: err}
	}
	texts, values := make([][]string, len(dots)), make([][][]placed, len(dots))
	for i, row := range f.marked {
		for _, marked := range row {
			text, stands := r.resolve(marked)
			texts[i], values[i] = append(texts[i], text), append(values[i], stands)
		}
	}
	groups, err := r.groups(where, spec, dots)
	if err != nil {
		return nil, err
	}
	r.registerRows(place, spec, names, texts, values, groups)
	return grouped(spec, groups, bodyRows(texts, spec, groups), len(place.columns)), nil
}

// dots are the rows of a query for templates; one empty row where no query is named.
func (r *renderer) dots(where, query string) ([]map[string]any, error) {
	if query == "" {
		return []map[string]any{{}}, nil
	}
	res, err := r.values.rows(query)
	if err != nil {
		if at := placeOf(err); at != "" {
			where = at
		}
		return nil, &Error{Where: where, What: err.Error(), Do: doOf(err), Cause: err}
	}
	var dots []map[string]any
	for _, row := range res.Rows {
		dot := map[string]any{}
		for i, c := range res.Columns {
			dot[c] = r.values.track(query, res, row, i)
		}
		dots = append(dots, dot)
	}
	return dots, nil
}

// placeOf is where a value is wrong that another place has asked for, "" where it is that place.
func placeOf(err error) string {
	var placed *placeError
	if errors.As(err, &placed) {
		return placed.where
	}
	return ""
}

// ofRow adds to an error in a cell which row it is in: by the row's name, else by the cells before it.
func (r *renderer) ofRow(err error, name string, before []string) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	for _, marked := range before {
		if text, _ := r.resolve(marked); name == "" && text != "" {
			name = text
		} else if text != "" && len(before) > 1 && text != name {
			name += "　" + text
			break
		}
	}
	if name != "" {
		e.Where += "の行「" + name + "」"
	}
	return e
}

func doOf(err error) string {
	var own *valueError
	if asValueError(err, &own) {
		return own.do
	}
	return "ひな形を直してください。"
}

// tablePlace is what a table's figures are called by.
type tablePlace struct {
	id, unit string
	columns  []string // the lowest words of the head; with those above where two columns have the same
	labels   int      // columns at the left whose cells are no figures
	names    []int    // columns that name the row, from 0
	notes    []string // below the table, as they are written
}

func (r *renderer) tablePlace(spec tableSpec) tablePlace {
	r.tables++
	p := tablePlace{id: spec.ID, unit: spec.Unit, columns: make([]string, len(spec.Columns)), notes: spec.Notes}
	if p.id == "" {
		p.id = "表" + strconv.Itoa(r.tables)
	}
	above := make([]string, len(spec.Columns))
	for i, row := range spec.Head {
		for j := range row {
			k, text := j, ""
			for k > 0 && row[k] == "<" {
				k--
			}
			if text = row[k]; text == "^" {
				continue
			}
			if i > 0 && p.columns[j] != "" {
				above[j] = p.columns[j] + "・"
			}
			p.columns[j] = text
		}
	}
	count := map[string]int{}
	for _, c := range p.columns {
		count[c]++
	}
	for j, c := range p.columns {
		if count[c] > 1 {
			p.columns[j] = above[j] + c
		}
	}
	seen := map[string]int{}
	for j, c := range p.columns {
		if c == "" { // a table without a head
			c = strconv.Itoa(j+1) + "列"
			p.columns[j] = c
		}
		if seen[c]++; seen[c] > 1 { // two columns under one head
			p.columns[j] = c + "-" + strconv.Itoa(seen[c])
		}
	}
	for p.labels < len(spec.Columns) && spec.Columns[p.labels].Align == "left" {
		p.labels++
	}
	if p.labels == 0 || p.labels == len(spec.Columns) {
		p.labels = 1
	}
	p.names = p.naming(spec)
	return p
}

// registerRows takes the figures of a body's rows. Cells at the left that name the row are no figures, nor are those
// that a merged cell above stands for.
func (r *renderer) registerRows(
	place tablePlace, spec bodySpec, names []string, texts [][]string, values [][][]placed, groups [][]string,
) {
	behind := place.behind(texts)
	for i, row := range texts {
		words := place.words(row, values[i], groups[i], behind)
		if names[i] != "" {
			words.name, words.more = names[i], nil
		}
		r.rows = append(r.rows, words)
		own, joined := len(r.rows), map[string]int{}
		for j := place.labels; j < len(row); j++ {
			if slices.Contains(spec.Merge, j+1) && i > 0 && slices.Equal(groups[i-1], groups[i]) &&
				sameGroup(texts[i-1], row, spec.Merge, j) {
				continue
			}
			first := len(r.figures)
			r.register(place.id, words.former, place.columns[j], place.unit, values[i][j])
			of := own
			if over := spec.joined(place.names, j); len(over) > 0 && (i == 0 || !spec.sameRun(texts, groups, i, over)) {
				of = r.joinedRow(words, wordsOf(row, values[i], over, place.labels), joined)
			}
			for k := first; k < len(r.figures); k++ {
				r.figures[k].Line, r.figures[k].row = i, of
			}
		}
	}
}

// bodyRows makes rows, joining equal neighbours of the merged columns. A column is joined only inside what the merged
// columns to its left have joined, and never over the row of another group.
func bodyRows(texts [][]string, spec bodySpec, groups [][]string) []document.Row {
	rows := make([]document.Row, len(texts))
	for i, row := range texts {
		rows[i].Total = spec.Total
		for j, text := range row {
			if slices.Contains(spec.Merge, j+1) && i > 0 && slices.Equal(groups[i-1], groups[i]) &&
				sameGroup(texts[i-1], row, spec.Merge, j) {
				continue
			}
			if text == "<" || j > 0 && slices.Contains(spec.Across, j) && slices.Contains(spec.Across, j+1) &&
				row[j-1] == text && text != "" {
				continue
			}
			shown, values := cutSpark(text)
			c := document.Cell{Text: shown, Spark: values, Strong: slices.Contains(spec.Bold, j+1)}
			for k := j + 1; k < len(row) && (row[k] == "<" || slices.Contains(
				spec.Across, j+1,
			) && slices.Contains(spec.Across, k+1) && row[k] == text && text != ""); k++ {
				c.ColSpan = k - j + 1
			}
			if c.ColSpan > 1 && slices.Contains(spec.Across, j+1) {
				c.Align = "center"
			}
			if c.ColSpan > 1 && !slices.Contains(spec.Across, j+1) {
				c.Align = spec.Align
			}
			if slices.Contains(spec.Merge, j+1) {
				for c.RowSpan = 1; i+c.RowSpan < len(texts) && slices.Equal(groups[i], groups[i+c.RowSpan]) && sameGroup(
					row, texts[i+c.RowSpan], spec.Merge, j,
				); {
					c.RowSpan++
				}
			}
			rows[i].Cells = append(rows[i].Cells, c)
		}
	}
	return rows
}

// groups are the texts of the group rows that each row stands under.
func (r *renderer) groups(where string, spec bodySpec, dots []map[string]any) ([][]string, error) {
	out := make([][]string, len(dots))
	for i, dot := range dots {
		for _, g := range spec.Group {
			text, err := r.text(where, g.Text, dot)
			if err != nil {
				return nil, err
			}
			out[i] = append(out[i], r.plainText(text))
		}
	}
	return out, nil
}

// grouped puts the rows of groups above the rows where they change; a group within a group begins anew with it.
func grouped(spec bodySpec, groups [][]string, rows []document.Row, columns int) []document.Row {
	var out []document.Row
	last := make([]string, len(spec.Group))
	for i, row := range rows {
		for k, text := range groups[i] {
			if text == last[k] {
				continue
			}
			last[k] = text
			clear(last[k+1:])
			if text != "" {
				out = append(
					out,
					document.Row{Group: true, Cells: []document.Cell{{Text: text, ColSpan: columns, Align: "left"}}},
				)
			}
		}
		out = append(out, row)
	}
	return out
}

func sameGroup(a, b []string, merge []int, j int) bool {
	for _, m := range merge {
		if m-1 <= j && a[m-1] != b[m-1] {
			return false
		}
	}
	return true
}

// headRows joins the cells that 「<」 and 「^」 mark.
func headRows(head [][]string) []document.Row {
	rows := make([]document.Row, len(head))
	for i, row := range head {
		for j, text := range row {
			if text == "<" || text == "^" {
				continue
			}
			c := document.Cell{Text: text, ColSpan: 1, RowSpan: 1, Align: "center"}
			for j+c.ColSpan < len(row) && row[j+c.ColSpan] == "<" {
				c.ColSpan++
			}
			for i+c.RowSpan < len(head) && head[i+c.RowSpan][j] == "^" {
				c.RowSpan++
			}
			rows[i].Cells = append(rows[i].Cells, c)
		}
	}
	return rows
}
