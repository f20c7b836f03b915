package layouttest

import (
	"strings"
	"unicode/utf8"
)

// column is one column of a table, before it may be transposed.
type column struct {
	kind    string // line, attr, own, measures, scopes, value or gap
	levels  []Cell // its head, from the top
	group   string // the head above the head
	attr    *attr
	measure measure
	scope   int
}

// headWriter writes the words of heads in one department's manner. A word is decorated alike wherever it comes.
type headWriter struct {
	manner string
	unit   string // what all values are counted in; "" where they differ
	known  map[string]string
	notes  []string // what the marks in heads say, for below the table
}

var headManners = []string{
	"plain", "plain", "plain", "spaced", "note mark", "circled numbers", "(注1)", "wrapped", "unit in brackets",
	"number before",
}

func (w *headWriter) write(word string, counted bool) string {
	if done, ok := w.known[word]; ok {
		return done
	}
	n := len(w.known) + 1
	out := word
	const marked = 2 // only the first heads have notes
	switch w.manner {
	case "spaced":
		if utf8.RuneCountInString(word) <= 4 && !strings.ContainsAny(word, "（）().KP ・") {
			out = strings.Join(strings.Split(word, ""), "　")
		}
	case "note mark":
		if n <= marked {
			out = word + "※" + string(rune('0'+n))
			w.notes = append(w.notes, "※"+string(rune('0'+n))+"　計画書に記載のとおり記入すること。")
		}
	case "(注1)":
		if n <= marked {
			out = word + "(注" + string(rune('0'+n)) + ")"
			w.notes = append(w.notes, "(注"+string(rune('0'+n))+")　計画書に記載のとおり記入すること。")
		}
	case "circled numbers":
		out = circled(n) + word
	case "number before":
		out = "(" + itoa(n) + ") " + word
	case "wrapped":
		if utf8.RuneCountInString(word) >= 4 && !strings.ContainsAny(word, "（）().") {
			r := []rune(word)
			out = string(r[:len(r)/2]) + "\n" + string(r[len(r)/2:])
		}
	case "unit in brackets":
		if counted && w.unit != "" {
			out = word + "（" + w.unit + "）"
		}
	}
	w.known[word] = out
	return out
}

// putHeads writes the heads of columns from a row on, in as many rows as the deepest has, and returns the first row
// below.
func (t *table) putHeads(g *grid, row int, columns []column) int {
	depth := 1
	for _, c := range columns {
		depth = max(depth, len(c.levels))
	}
	if t.groupRows == "three above" {
		t.across(g, row, columns, func(column) string { return "調査事項" })
		t.across(g, row+1, columns, func(c column) string {
			return map[bool]string{true: "数値", false: "事項"}[c.kind == "value"]
		})
		row += 2
	}
	if t.groupRows != "none" {
		t.across(g, row, columns, func(c column) string { return c.group })
		row++
	}
	for level := range depth {
		for col := 0; col < len(columns); {
			c := columns[col]
			if level >= len(c.levels) || c.levels[level].Text == "" {
				col++
				continue
			}
			to := col
			for to+1 < len(columns) && sameHead(columns, col, to+1, level) {
				to++
			}
			g.put(row+level, col, c.levels[level])
			bottom := level
			for bottom+1 < depth && (bottom+1 >= len(c.levels) || c.levels[bottom+1].Text == "") {
				bottom++
			}
			switch t.headMerging {
			case "merged":
				g.merge(row+level, col, row+bottom, to)
			case "repeated":
				for k := col + 1; k <= to; k++ {
					g.put(row+level, k, columns[k].levels[level])
				}
			}
			col = to + 1
		}
	}
	row += depth
	if t.unitRow != "none" && t.heads.unit != "" {
		for col, c := range columns {
			unit := t.heads.unit
			if c.measure.own {
				unit = "％"
			}
			if c.kind == "value" {
				g.text(row, col, strings.Replace(t.unitRow, "件", unit, 1))
			}
		}
		row++
	}
	if t.numberRow != "none" {
		for col, c := range columns {
			if c.kind != "gap" {
				g.text(row, col, columnNumber(t.numberRow, col+1))
			}
		}
		row++
	}
	return row
}

// across writes one row of heads over heads, each once over the columns that share it.
func (t *table) across(g *grid, row int, columns []column, of func(column) string) {
	for col := 0; col < len(columns); {
		to := col
		for to+1 < len(columns) && columns[to+1].kind != "gap" && of(columns[to+1]) == of(columns[col]) {
			to++
		}
		if columns[col].kind != "gap" {
			g.text(row, col, of(columns[col]))
			if t.headMerging == "merged" {
				g.merge(row, col, row, to)
			}
		}
		col = to + 1
	}
}

// sameHead reports whether a column's head at a level continues the one that began at another column.
func sameHead(columns []column, from, col, level int) bool {
	a, b := columns[from], columns[col]
	if a.kind != "value" || b.kind != "value" || level >= len(a.levels)-1 || level >= len(b.levels)-1 {
		return false
	}
	for l := range level + 1 {
		if a.levels[l].Text != b.levels[l].Text {
			return false
		}
	}
	return true
}

func columnNumber(manner string, n int) string {
	switch manner {
	case "①":
		return circled(n)
	case "1":
		return itoa(n)
	case "Ａ":
		return string(rune('Ａ' + n - 1))
	}
	return "(" + itoa(n) + ")"
}
