package layouttest

import (
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// table lays out answers as a list, records going down; it may be transposed in the end.
type table struct {
	d       *draw
	c       *content
	m       manners
	heads   *headWriter
	columns []column
	lines   int // lines of one record

	bareYears bool // years stand alone in the heads, without what is counted

	orientation, head, oneCell, headMerging, numberRow, groupRows                         string
	same, blankRows, example, total, subtotals, emptyRows, sectionManner, unitRow, ending string
	repeated, forecast                                                                    bool
	own                                                                                   []string
}

var orientations = map[string][]string{
	"A": {"rows", "rows", "rows", "alternate", "long", "transposed", "cards"},
	"B": {"rows", "rows", "rows", "alternate", "transposed", "cards"},
	"C": {"rows", "rows", "alternate", "long", "transposed"},
	"D": {"rows", "rows", "transposed", "cards"},
}

func (d *draw) table(c *content, m manners, orientation string) *table {
	t := &table{d: d, c: c, m: m, orientation: orientation}
	t.heads = &headWriter{manner: d.pick("head text", headManners...), unit: c.commonUnit(), known: map[string]string{}}
	t.head = d.pick("head", "one cell", "measure over year", "year over measure")
	t.oneCell = d.pick("one cell", "{y}{w}", "{w}\n{y}", "{y}\n{w}", "{w}（{y}）")
	t.headMerging = d.pick("head merging", "merged", "merged", "first cell", "repeated")
	t.numberRow = d.rare(6, "head number row", "none", "(1)", "①", "1", "Ａ")
	t.groupRows = d.rare(6, "head group row", "none", "above", "three above")
	t.same = d.pick("same as above", "merged", "blank", "repeated", "〃", "同上")
	t.blankRows = d.pick("blank rows", "none", "none", "between groups", "between records")
	t.repeated = d.rare(6, "head repeated", "no", "in the middle") == "in the middle"
	t.example = d.rare(5, "example row", "none", "記入例", "例", "（例）", "【記入例】")
	t.total = d.rare(5, "total row", "none", "計", "合計", "総数", "小　計", "合計（再掲を除く）", "計①")
	t.subtotals = d.rare(8, "subtotals", "none", "小計", "計")
	t.unitRow = d.rare(6, "unit row", "none", "件", "（件）")
	t.ending = d.rare(8, "ending", "none", "以上", "以下余白")
	t.forecast = c.form == "C" && d.rare(5, "C forecast", "none", "（見込）") != "none"
	t.emptyRows = d.rare(6, "empty rows", "none", "boxes")
	t.sectionManner = d.pick("section merging", "merged", "first cell", "two cells")
	if orientation == "transposed" {
		t.repeated = false
	}
	t.columns = t.drawColumns()
	return t
}

// commonUnit is the unit of all records, where they share one.
func (c *content) commonUnit() string {
	for _, e := range c.entries {
		if e.unit != c.entries[0].unit {
			return ""
		}
	}
	return c.entries[0].unit
}

// drawColumns orders the table's columns.
func (t *table) drawColumns() []column {
	d := t.d
	tail := map[string]string{"A": "remarks", "B": "narrative", "C": "standard"}[t.c.form]
	last := d.pick("remarks", "last", "last", "before the values") == "last"
	var front, back []column
	for i := range t.c.attrs {
		a := &t.c.attrs[i]
		if a.place != "column" {
			continue
		}
		c := column{kind: "attr", attr: a, group: "基本情報", levels: []Cell{{Text: t.heads.write(a.head, false)}}}
		if a.field == tail && last {
			c.group = "その他"
			back = append(back, c)
		} else {
			front = append(front, c)
		}
	}
	if d.pick("column order", "usual", "usual", "shuffled") == "shuffled" {
		r := d.source("columns")
		r.Shuffle(len(front), func(i, j int) { front[i], front[j] = front[j], front[i] })
	}
	if own := d.ownColumn(); own != "" {
		t.own = append(t.own, own)
		c := column{kind: "own", group: "その他", levels: []Cell{{Text: own}}}
		if d.pick("own column place", "before the values", "last") == "last" {
			back = append(back, c)
		} else {
			c.group = "基本情報"
			front = append(front, c)
		}
	}
	if d.pick("line numbers", "none", "none", "first column") == "first column" && t.c.attr("code") == nil {
		front = append([]column{{kind: "line", group: "基本情報", levels: []Cell{{Text: "No."}}}}, front...)
	}
	columns := slices.Concat(front, t.valueColumns())
	switch blank := d.rare(4, "blank column", "none", "second", "before the values"); {
	case blank == "second":
		columns = slices.Insert(columns, 1, column{kind: "gap"})
	case blank != "none":
		columns = slices.Insert(columns, len(front), column{kind: "gap"})
	}
	return append(columns, back...)
}

// ownColumn is a head of the department's own that no form knows.
func (d *draw) ownColumn() string {
	own := d.rare(8, "own column", "none", "予算額（千円）", "電話番号", "担当者名", "決算額")
	if own == "none" {
		return ""
	}
	return own
}

// valueColumns are the columns of what is counted year by year.
func (t *table) valueColumns() []column {
	scopes := slices.Clone(t.c.scopes)
	if t.d.pick("year order", "ascending", "ascending", "descending") == "descending" {
		slices.Reverse(scopes)
	}
	t.c.scopes = scopes
	t.lines = 1
	var columns []column
	value := func(m measure, scope int, levels ...Cell) {
		columns = append(columns, column{kind: "value", group: "各年度の状況", measure: m, scope: scope, levels: levels})
	}
	if len(t.c.measures) == 0 {
		return nil
	}
	switch t.orientation {
	case "alternate":
		t.bareYears = true
		t.lines = len(t.c.measures)
		columns = append(columns, column{kind: "measures", group: "各年度の状況", levels: []Cell{{Text: "区分"}}})
		for _, scope := range scopes {
			value(measure{}, scope, t.scopeCells(scope)...)
		}
	case "long":
		t.lines = len(scopes)
		columns = append(columns, column{kind: "scopes", group: "各年度の状況", levels: []Cell{{Text: "年度"}}})
		for _, m := range t.c.measures {
			value(m, 0, t.word(m))
		}
	default:
		t.crossed(scopes, value)
	}
	return columns
}

func (t *table) word(m measure) Cell { return Cell{Text: t.heads.write(m.head, true)} }

// crossed are columns for every measure and year.
func (t *table) crossed(scopes []int, value func(m measure, scope int, levels ...Cell)) {
	if t.withoutYears(scopes, value) {
		return
	}
	only := t.c.form == "C" && len(t.c.measures) == 1 && t.d.pick("C measure word", "none", "with") == "none"
	byYear := t.head == "year over measure"
	outer, inner := len(t.c.measures), len(scopes)
	if byYear {
		outer, inner = inner, outer
	}
	for i := range outer * inner {
		k, s := i/inner, i%inner
		if byYear {
			k, s = s, k
		}
		m, scope := t.c.measures[k], scopes[s]
		if !t.c.has(m, scope) {
			continue
		}
		switch {
		case only:
			t.bareYears = true
			value(m, scope, t.scopeCells(scope)...)
		case t.head == "one cell":
			value(m, scope, Cell{Text: t.oneCellHead(m, scope)})
		case byYear:
			value(m, scope, append(t.scopeCells(scope), t.word(m))...)
		default:
			value(m, scope, append([]Cell{t.word(m)}, t.scopeCells(scope)...)...)
		}
	}
}

// has reports whether any record may state a measure for a year: results are not asked for years to come.
func (c *content) has(m measure, scope int) bool {
	return slices.ContainsFunc(c.entries, func(e entry) bool { return e.values[m.field][scope] != "" })
}

func (t *table) oneCellHead(m measure, scope int) string {
	text := strings.ReplaceAll(t.oneCell, "{w}", t.heads.write(m.head, true))
	if scope == whole {
		return strings.ReplaceAll(text, "{y}", t.wholeWord())
	}
	return strings.ReplaceAll(text, "{y}", spelled(scope, t.m.years)+t.noted(scope))
}

// noted is what a head adds to a year of which the figures are not final.
func (t *table) noted(scope int) string {
	if t.forecast && scope == t.m.year {
		return "（見込）"
	}
	return ""
}

func (t *table) wholeWord() string { return t.d.head("B", "whole") }

// scopeCells are the head cells of a year that stand alone: one, or two where the era stands over the number.
func (t *table) scopeCells(scope int) []Cell {
	split := t.m.years == "元号と数字"
	if scope == whole {
		cells := []Cell{{Text: t.wholeWord()}}
		if split {
			cells = append(cells, Cell{})
		}
		return cells
	}
	if split && t.noted(scope) == "" {
		name, _, _ := era(scope)
		return []Cell{{Text: name}, yearCell(scope, t.m.years)}
	}
	if note := t.noted(scope); note != "" {
		return []Cell{{Text: spelled(scope, t.m.years) + note}}
	}
	if t.bareYears && t.m.years == "年度の数字" { // 8 alone is no year
		return []Cell{{Text: "年度"}, yearCell(scope, t.m.years)}
	}
	return []Cell{yearCell(scope, t.m.years)}
}

// withoutYears are columns whose heads name no year: of one year, which stands elsewhere, or of several, which nobody
// can tell apart. It reports whether the table is of either kind.
func (t *table) withoutYears(scopes []int, value func(m measure, scope int, levels ...Cell)) bool {
	switch {
	case t.c.yearElsewhere:
	case t.c.form == "A" && t.d.rare(40, "A years in heads", "stated", "none") == "none":
		for i := range t.c.measures {
			t.c.measures[i].lenient = true
		}
	default:
		return false
	}
	for _, m := range t.c.measures {
		for _, scope := range scopes { // a head that came once would mean the sheet's year
			if m.field == "target" || scope <= t.m.year {
				value(m, scope, t.word(m))
			}
		}
	}
	return true
}
