package brief

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"

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
}

// bodySpec makes a row of each row of a query. A cell is a template over the query's columns.
type bodySpec struct {
	Query string   `yaml:"query"`
	Cells []string `yaml:"cells"`
	Total bool     `yaml:"total"`
	Bold  []int    `yaml:"strong"` // columns, counted from 1, in strong letters
	Align string   `yaml:"align"`  // of cells that 「<」 joins to their left
	Merge []int    `yaml:"merge"`  // columns, counted from 1, whose equal neighbours below become one cell
}

func (r *renderer) table(src tableSource) (*document.Table, error) {
	where := fmt.Sprintf("%s:%d", r.source.file, src.line)
	var spec tableSpec
	d := yaml.NewDecoder(strings.NewReader(src.yaml))
	d.KnownFields(true)
	if err := d.Decode(&spec); err != nil {
		return nil, &Error{Where: where, What: "表の指定を読めません（" + err.Error() + "）", Do: "YAMLの書き方を直してください。"}
	}
	t := &document.Table{ID: spec.ID, Caption: spec.Caption, Unit: spec.Unit, Size: spec.Size, Columns: spec.Columns}
	for i := range t.Columns {
		if t.Columns[i].Align == "" {
			t.Columns[i].Align = "right"
		}
		if t.Columns[i].Width == 0 {
			t.Columns[i].Width = 4
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
			row[j] = text
		}
	}
	t.Head = headRows(spec.Head)
	for _, b := range spec.Body {
		rows, err := r.body(where, b, len(spec.Columns))
		if err != nil {
			return nil, err
		}
		t.Rows = append(t.Rows, rows...)
	}
	return t, r.around(where, spec, t)
}

func widthError(where, what string, got, want int) error {
	return &Error{
		Where: where, What: fmt.Sprintf("%sのセルが%d個です（列は%d個）", what, got, want), Do: "セルの数を列に合わせてください。",
	}
}

// around evaluates what stands around the table.
func (r *renderer) around(where string, spec tableSpec, t *document.Table) error {
	for _, note := range spec.Notes {
		text, err := r.text(where, note, nil)
		if err != nil {
			return err
		}
		if text != "" {
			t.Notes = append(t.Notes, text)
		}
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

// text runs one small template.
func (r *renderer) text(where, src string, dot any) (string, error) {
	if !strings.Contains(src, "{{") {
		return src, nil
	}
	t, err := template.New("cell").Option("missingkey=error").Funcs(r.functions()).Parse(src)
	if err == nil {
		var out bytes.Buffer
		if err = t.Execute(&out, dot); err == nil && !strings.Contains(out.String(), "<no value>") {
			return out.String(), nil
		}
		if err == nil {
			err = &valueError{"値が空です", "調査票に値があるかを確かめるか、空のときの書き方を式に足してください。"}
		}
	}
	failed := templateError(where, 0, err)
	if e, ok := failed.(*Error); ok { //nolint:errorlint // made just above
		e.Where = where + "（" + src + "）"
	}
	return "", failed
}

func (r *renderer) body(where string, spec bodySpec, columns int) ([]document.Row, error) {
	if len(spec.Cells) != columns {
		return nil, widthError(where, "行「"+spec.Query+"」", len(spec.Cells), columns)
	}
	dots := []map[string]any{{}}
	if spec.Query != "" {
		res, err := r.values.rows(spec.Query)
		if err != nil {
			return nil, &Error{Where: where, What: err.Error(), Do: doOf(err), Cause: err}
		}
		if len(res.Rows) == 0 {
			err := noRows(spec.Query)
			return nil, &Error{Where: where, What: err.Error(), Do: doOf(err), Cause: err}
		}
		dots = dots[:0]
		for _, row := range res.Rows {
			dot := map[string]any{}
			for i, c := range res.Columns {
				dot[c] = row[i]
			}
			dots = append(dots, dot)
		}
	}
	texts := make([][]string, len(dots))
	for i, dot := range dots {
		for _, cell := range spec.Cells {
			text, err := r.text(where, cell, dot)
			if err != nil {
				return nil, err
			}
			texts[i] = append(texts[i], text)
		}
	}
	return bodyRows(texts, spec), nil
}

func doOf(err error) string {
	var own *valueError
	if asValueError(err, &own) {
		return own.do
	}
	return "ひな形を直してください。"
}

// bodyRows makes rows, joining equal neighbours of the merged columns. A column is joined only inside what the merged
// columns to its left have joined.
func bodyRows(texts [][]string, spec bodySpec) []document.Row {
	rows := make([]document.Row, len(texts))
	for i, row := range texts {
		rows[i].Total = spec.Total
		for j, text := range row {
			if contains(spec.Merge, j+1) && i > 0 && sameGroup(texts[i-1], row, spec.Merge, j) {
				continue
			}
			if text == "<" {
				continue
			}
			c := document.Cell{Text: text, Strong: contains(spec.Bold, j+1)}
			for k := j + 1; k < len(row) && row[k] == "<"; k++ {
				c.ColSpan = k - j + 1
			}
			if c.ColSpan > 1 {
				c.Align = spec.Align
			}
			if contains(spec.Merge, j+1) {
				for c.RowSpan = 1; i+c.RowSpan < len(texts) && sameGroup(row, texts[i+c.RowSpan], spec.Merge, j); {
					c.RowSpan++
				}
			}
			rows[i].Cells = append(rows[i].Cells, c)
		}
	}
	return rows
}

func sameGroup(a, b []string, merge []int, j int) bool {
	for _, m := range merge {
		if m-1 <= j && a[m-1] != b[m-1] {
			return false
		}
	}
	return true
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
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
