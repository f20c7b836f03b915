package brief

import (
	"fmt"
	"slices"
	"strings"
	"text/template"

	"kyogikai/pipelines/warehouse"
)

// Source is a cell that a value came from. Sheet is "" for a CSV, Cell "" where a whole file or a setting is meant.
type Source struct {
	Field string `json:"field"`
	Path  string `json:"path"`
	Sheet string `json:"sheet,omitempty"`
	Cell  string `json:"cell,omitempty"`
}

// Origin is one column of one row of a template's query, with the cells behind it (of <column>_sources) and the parts
// of a ratio (<column>_numerator and <column>_denominator). Examined says that the value is a count of none: the cells
// are those that were looked through.
type Origin struct {
	Query    string   `json:"query"`
	Column   string   `json:"column"`
	Sources  []Source `json:"sources"`
	Examined bool     `json:"examined,omitempty"`

	Numerator   string `json:"numerator,omitempty"` // of a ratio, as its query gives them: exact decimals
	Denominator string `json:"denominator,omitempty"`

	Fact    string    `json:"fact,omitempty"` // what the value states, "" where that cannot be told
	Year    int       `json:"year,omitempty"` // of the fact
	Revised *Revision `json:"revised,omitempty"`
	own     bool      // Sources are of this value alone, and not of its row
	Said    string    `json:"said,omitempty"` // what the value is beside its number: 見込値, 年度途中（12月末時点）
}

// tracked is a value on its way into the text: how it prints, what it is, where it is from.
type tracked struct {
	text  string
	free  bool // printed with as many decimals as it has: those of a column are made even
	value any
	from  []Origin
}

func (t tracked) String() string { return t.text }

// plain takes a value out of its track.
func plain(v any) any {
	if t, ok := v.(tracked); ok {
		return t.value
	}
	return v
}

// origins of several values.
func origins(vs ...any) []Origin {
	var out []Origin
	for _, v := range vs {
		if t, ok := v.(tracked); ok {
			out = append(out, t.from...)
		}
	}
	return out
}

// printed is a text made of values.
func printed(text string, err error, of ...any) (tracked, error) {
	t := tracked{text: text, from: origins(of...)}
	if len(of) > 0 {
		t.value = plain(of[0])
	}
	return t, err
}

// track follows one value of a result. Truths, empty texts and lists stay as they are, so that if and with see them.
func (v *values) track(query string, r warehouse.Result, row []any, column int) any {
	switch v := row[column].(type) {
	case nil, bool, []any, map[string]any:
		return v
	case string:
		if v == "" {
			return v
		}
	}
	o := originOf(query, r, row, column)
	value := row[column]
	if v.facts != nil {
		o.Fact, o.Year = v.facts.named(v.queries[query], r, row, column, o.Sources)
		value, o.Revised = v.facts.taken(o.Fact, o.Year, value)
		if _, err := rat(value); err == nil && o.restsOn() {
			o.Said = v.facts.said(o.Sources)
		}
	}
	if o.Revised == nil {
		o.Revised = revisedIn(r, row, column)
	}
	return tracked{text: fmt.Sprint(value), value: value, from: []Origin{o}}
}

// restsOn reports that a value is what cells state, or a ratio or a change of what they state: of a count, how final
// the values in the cells are says nothing.
func (o Origin) restsOn() bool {
	return o.Fact != "" || o.Numerator != "" || o.own &&
		slices.ContainsFunc(o.Sources, func(s Source) bool { return s.Field == "previous_actual" })
}

func originOf(query string, r warehouse.Result, row []any, column int) Origin {
	name := r.Columns[column]
	own, found := sourcesIn(r, row, name+"_sources")
	o := Origin{
		Query: query, Column: name, Sources: SourcesOf(r, row, name), Examined: found && len(own) == 0 && isZero(row[column]),
		own: len(own) > 0,
	}
	for i, c := range r.Columns {
		switch {
		case row[i] == nil:
		case c == name+"_numerator":
			o.Numerator = Plain(row[i])
		case c == name+"_denominator":
			o.Denominator = Plain(row[i])
		}
	}
	return o
}

func isZero(v any) bool {
	n, err := rat(v)
	return err == nil && n.Sign() == 0
}

// SourcesOf finds the cells behind a value of a result: those of <column>_sources; else those of sources whose field is
// the column; else all of sources.
func SourcesOf(r warehouse.Result, row []any, column string) []Source {
	if own, _ := sourcesIn(r, row, column+"_sources"); len(own) > 0 {
		return own
	}
	all, _ := sourcesIn(r, row, "sources")
	var out []Source
	for _, s := range all {
		if s.Field == column {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

func sourcesIn(r warehouse.Result, row []any, column string) (out []Source, found bool) {
	for i, c := range r.Columns {
		if c != column {
			continue
		}
		list, _ := row[i].([]any)
		for _, item := range list {
			m, ok := item.(map[string]any)
			if !ok {
				continue
			}
			text := func(k string) string {
				s, _ := m[k].(string)
				return s
			}
			out = append(out, Source{text("field"), text("path"), text("sheet"), text("cell")})
		}
		return out, true
	}
	return nil, false
}

// comparisons replace the template language's own, which know nothing of tracked values. Numbers compare as numbers.
func comparisons() template.FuncMap {
	same := func(a any, others ...any) bool {
		for _, b := range others {
			if c, err := compare(a, b); err == nil && c == 0 || err != nil && fmt.Sprint(plain(a)) == fmt.Sprint(plain(b)) {
				return true
			}
		}
		return false
	}
	ordered := func(holds func(int) bool) func(a, b any) (bool, error) {
		return func(a, b any) (bool, error) { return test(a, b, holds) }
	}
	return template.FuncMap{
		"eq": same,
		"ne": func(a, b any) bool { return !same(a, b) },
		"lt": ordered(func(c int) bool { return c < 0 }), "le": ordered(func(c int) bool { return c <= 0 }),
		"gt": ordered(func(c int) bool { return c > 0 }), "ge": ordered(func(c int) bool { return c >= 0 }),
	}
}

// hasDigit reports whether a text prints a figure.
func hasDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' })
}
