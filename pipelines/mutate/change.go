package main

import (
	"sort"
	"strconv"
	"strings"
)

// change is one mutant: a piece of a file in place of another.
type change struct {
	file       string
	start, end int    // bytes of the statement that are replaced
	with       string // what stands there instead
	key
}

// key is by what a mutant is known whatever moves around it: the line that it begins on, the change, and which of the
// like ones of its file it is.
type key struct {
	line string // without the white space around it
	what string // old → new
	nth  int    // from 1
}

// apply is the statement with the change.
func (c change) apply(sql string) string { return sql[:c.start] + c.with + sql[c.end:] }

// changes are the mutants of a file, in the order of the text.
func changes(file, sql string) []change {
	m := &maker{file: file, sql: sql, list: tokens(sql)}
	for i := range m.list {
		m.words(i)
		m.signs(i)
		m.literals(i)
		m.calls(i)
		m.clauses(i)
	}
	sort.SliceStable(m.out, func(i, j int) bool { return m.out[i].start < m.out[j].start })
	seen := map[key]int{}
	for i := range m.out {
		c := &m.out[i]
		c.line = lineAt(sql, c.start)
		seen[c.key]++
		c.nth = seen[c.key]
	}
	return m.out
}

// maker collects the mutants of a file.
type maker struct {
	file, sql string
	list      []token
	out       []change
}

// at is a token, and an empty one outside of the text.
func (m *maker) at(i int) token {
	if i < 0 || i >= len(m.list) {
		return token{kind: mark}
	}
	return m.list[i]
}

// replace makes a mutant: from the first token to the last, both with, something else.
func (m *maker) replace(first, last int, with string) {
	start, end := m.at(first).start, m.at(last).end
	old := m.sql[start:end]
	if with == "" && (start == 0 || strings.ContainsRune(" \n(", rune(m.sql[start-1]))) { // with the space behind it
		for end < len(m.sql) && m.sql[end] == ' ' {
			end++
		}
	}
	m.out = append(m.out, change{file: m.file, start: start, end: end, with: with, key: key{what: brief(old, with)}})
}

// brief says what a change is: the old text, the new one.
func brief(old, with string) string {
	old, with = short(old), short(with)
	if with == "" {
		return old + " を消す"
	}
	return old + " → " + with
}

// short is a text on one line, without its middle where it is long.
func short(s string) string {
	const longest, head, tail = 70, 45, 20
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > longest {
		return string(r[:head]) + " … " + string(r[len(r)-tail:])
	}
	return s
}

func lineAt(sql string, at int) string {
	start := strings.LastIndexByte(sql[:at], '\n') + 1
	end := strings.IndexByte(sql[at:], '\n')
	if end < 0 {
		return strings.TrimSpace(sql[start:])
	}
	return strings.TrimSpace(sql[start : at+end])
}

// swaps are words and operators that stand for one another.
var swaps = map[string]string{
	"<": "<=", "<=": "<", ">": ">=", ">=": ">", "=": "<>", "<>": "=",
	"AND": "OR", "OR": "AND", "TRUE": "false", "FALSE": "true",
}

// functions are names of functions that stand for one another.
var functions = map[string]string{
	"min": "max", "max": "min", "arg_min": "arg_max", "arg_max": "arg_min", "bool_or": "bool_and", "bool_and": "bool_or",
	"first_value": "last_value", "last_value": "first_value", "lag": "lead", "left": "right",
}

// words makes the mutants of comparisons, AND and OR, NOT, IS NULL, DESC, and of functions.
func (m *maker) words(i int) {
	t := m.at(i)
	switch {
	case t.kind == text || t.kind == quoted || t.kind == number:
	case t.is("AND") && m.isBetween(i):
	case t.is("OR") && m.at(i+1).is("REPLACE"):
	case swaps[strings.ToUpper(t.s)] != "":
		m.replace(i, i, swaps[strings.ToUpper(t.s)])
	case t.is("IS"):
		m.isNull(i)
	case t.is("NOT") && !m.at(i-1).is("IS"):
		m.replace(i, i, "")
	case t.is("IN", "EXISTS") && !m.at(i-1).is("NOT"):
		m.replace(i, i, "NOT "+t.s)
	case t.is("DESC"):
		m.replace(i, i, "")
	case functions[t.s] != "" && m.at(i+1).is("("):
		m.replace(i, i, functions[t.s])
	case t.is("ORDER") && m.at(i+1).is("BY"):
		m.order(i + 2)
	}
}

// isBetween reports that an AND belongs to a BETWEEN.
func (m *maker) isBetween(i int) bool {
	for k := i - 1; k >= 0; k-- {
		if m.list[k].is("BETWEEN") {
			return true
		}
		if m.list[k].is("AND", "OR", "WHERE", "ON", "(", ",") {
			return false
		}
	}
	return false
}

// isNull turns IS NULL, IS NOT NULL, IS DISTINCT FROM and IS NOT DISTINCT FROM round.
func (m *maker) isNull(i int) {
	switch {
	case m.at(i + 1).is("NOT"):
		m.replace(i, i+2, "IS "+m.at(i+2).s)
	case m.at(i+1).is("NULL", "DISTINCT"):
		m.replace(i, i+1, "IS NOT "+m.at(i+1).s)
	}
}

// order turns the direction of every term of an ORDER BY inside brackets that names none. The rows of a table have no
// order that a case could see.
func (m *maker) order(i int) {
	if !m.inside(i) {
		return
	}
	for begin := i; i < len(m.list); i++ {
		t := m.at(i)
		if t.is("(", "[", "{") {
			i = closing(m.list, i)
			t = m.at(i)
		}
		next := m.at(i + 1)
		if next.is(",", ")", "ROWS") || next.kind == mark && next.s == "" {
			if !t.is("DESC", "ASC", "ALL", "FIRST", "LAST") && i >= begin {
				m.replace(i, i, t.s+" DESC")
			}
			if !next.is(",") {
				return
			}
			i++
		}
	}
}

// inside reports that a token stands in brackets that a function or a window opens, not a SELECT.
func (m *maker) inside(i int) bool {
	depth := 0
	for k := i - 1; k >= 0; k-- {
		t := m.list[k]
		if t.is(")", "]", "}") {
			depth++
		}
		if t.is("(", "[", "{") {
			if depth--; depth < 0 {
				return !m.at(k+1).is("SELECT", "FROM", "WITH")
			}
		}
	}
	return false
}

// signs makes the mutants of + - * / // %, where they stand between two values.
func (m *maker) signs(i int) {
	t, before, after := m.at(i), m.at(i-1), m.at(i+1)
	if t.kind != operator || !isValueEnd(before) || after.is(")", ",") {
		return
	}
	if with := map[string]string{"+": "-", "-": "+", "*": "//", "//": "*", "/": "*", "%": "//"}[t.s]; with != "" {
		m.replace(i, i, with)
	}
}

// isValueEnd reports that a value may end with a token, so that a sign behind it has two sides.
func isValueEnd(t token) bool {
	switch t.kind {
	case number, text, quoted:
		return true
	case mark:
		return t.is(")", "]")
	case word:
		return !t.is("SELECT", "THEN", "ELSE", "WHEN", "AND", "OR", "NOT", "IN", "BY", "DISTINCT", "CASE", "ON", "WHERE")
	}
	return false
}

// literals makes the mutants of numbers and strings.
func (m *maker) literals(i int) {
	t := m.at(i)
	switch t.kind {
	case number:
		m.numbers(i)
	case text:
		if m.at(i+1).s != ":" { // the name of a part of a structure
			m.replace(i, i, shorter(t.s))
		}
	}
}

// shorter is a string without its last character; the empty one has one instead.
func shorter(s string) string {
	runes := []rune(s[1 : len(s)-1])
	if len(runes) == 0 {
		return "'*'"
	}
	n := len(runes) - 1
	if n > 0 && runes[n] == '\'' { // a quote is two
		n--
	}
	return "'" + string(runes[:n]) + "'"
}

// numbers makes a number one more and one less in its last place. Of a type's numbers only the places behind the point
// are a rule: one less. What an EXISTS selects is none.
func (m *maker) numbers(i int) {
	t := m.at(i)
	if m.isPrecision(i) || m.at(i-1).is("SELECT") && m.at(i-3).is("EXISTS") {
		return
	}
	whole, places, decimal := strings.Cut(t.s, ".")
	n, err := strconv.ParseInt(whole+places, 10, 64)
	if err != nil {
		return
	}
	for _, step := range []int64{1, -1} {
		s := strconv.FormatInt(n+step, 10)
		if m.isScale(i) && step > 0 == (n > 0) || m.isScale(i) && n+step < 0 {
			continue
		}
		if decimal {
			s = strings.Repeat("0", max(0, len(places)+1-len(s))) + s
			s = s[:len(s)-len(places)] + "." + s[len(s)-len(places):]
		}
		m.replace(i, i, s)
	}
}

func (m *maker) isPrecision(i int) bool { return m.at(i-2).is("DECIMAL") && m.at(i-1).is("(") }

func (m *maker) isScale(i int) bool { return m.at(i-1).is(",") && m.isPrecision(i-2) }
