package layouttest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// content is what a department answers to one form, before anybody lays it out.
type content struct {
	form     string
	titles   []string
	attrs    []attr
	measures []measure
	scopes   []int // years in their order, and whole
	entries  []entry
	number   func(value, unit string) Cell // how a value of a measure is written
	blanks   string                        // what stands where there is no value

	yearElsewhere bool // no head names the one year: the title, a line above, the sheet's name or the folder does
	relativeTo    int  // the year that heads call 今年度; 0 where years are named
	unitInCell    bool // nothing but the values' cells states the unit
}

// whole is the scope of values about a plan's whole period.
const whole = -1

// attr is something that is said of a record.
type attr struct {
	field  string
	head   string
	place  string // where it stands: column, section, preamble, heading
	group  bool   // several records share it
	name   bool   // it names the record
	number bool   // it holds a number of the record's unit
	own    bool   // a column of the department's own, or one that a form passes over: it states nothing
	worded bool   // its sections and preambles name it: 計画名：…
}

// measure is something that is counted or rated year by year.
type measure struct {
	field, head string
	lenient     bool // the head is no word of the form
	own         bool // computed from others, passed over
}

// entry is one record.
type entry struct {
	key    string // what its facts are named by
	unit   string
	text   map[string]string         // attr → as written
	value  map[string]string         // attr → what it means; absent where it says nothing
	also   map[string][2]string      // attr → a second field and value that the same cell states
	values map[string]map[int]string // measure → scope → value
}

func newEntry(key string) entry {
	return entry{key: key, text: map[string]string{}, value: map[string]string{}, also: map[string][2]string{},
		values: map[string]map[int]string{}}
}

func (e *entry) say(field, text, value string) {
	if text != "" {
		e.text[field] = text
	}
	if value != "" {
		e.value[field] = value
	}
}

func (e *entry) rate(measure string, scope int, value string) {
	if e.values[measure] == nil {
		e.values[measure] = map[int]string{}
	}
	e.values[measure][scope] = value
}

func (c *content) attr(field string) *attr {
	for i := range c.attrs {
		if c.attrs[i].field == field {
			return &c.attrs[i]
		}
	}
	return nil
}

// fact is what a cell says of a record.
func (c *content) fact(e *entry, field, scope, value string) Fact {
	return Fact{Form: c.form, Record: e.key, Field: field, Scope: scope, Value: value}
}

// saying are the facts that an attribute's cell states about a record.
func (c *content) saying(e *entry, a *attr) []Fact {
	var facts []Fact
	if a.own {
		return nil
	}
	if v := e.value[a.field]; v != "" {
		facts = append(facts, c.fact(e, a.field, "", v))
	}
	if also, ok := e.also[a.field]; ok {
		facts = append(facts, c.fact(e, also[0], "", also[1]))
	}
	return facts
}

// attrCell is an attribute as it is written for a record.
func (c *content) attrCell(e *entry, a *attr) Cell {
	var cell Cell
	if a.number {
		cell = c.number(e.text[a.field], e.unit)
		if e.text[a.field] == "" {
			cell = Cell{Text: c.blanks}
		}
	} else {
		cell = Cell{Text: e.text[a.field]}
	}
	cell.marks = c.saying(e, a)
	return cell
}

// valueCell is a value of a measure as it is written for a record.
func (c *content) valueCell(e *entry, m measure, scope int) Cell {
	value := e.values[m.field][scope]
	if value == "" {
		return Cell{Text: c.blanks}
	}
	if m.own {
		return Cell{Text: value}
	}
	if literal, ok := strings.CutPrefix(value, "="); ok { // words instead of a number
		return Cell{Text: literal}
	}
	cell := c.number(value, e.unit)
	f := c.fact(e, m.field, scopeName(scope), value)
	f.Lenient = m.lenient || c.relativeTo > 0 && (scope == c.relativeTo || scope == c.relativeTo-1)
	cell.marks = []Fact{f}
	if c.unitInCell {
		cell.marks = append(cell.marks, c.fact(e, "unit", "", e.unit))
	}
	return cell
}

func scopeName(scope int) string {
	if scope == whole {
		return "whole"
	}
	return strconv.Itoa(scope)
}

// filter keeps the entries that share the first one's answer to a field.
func (c *content) filter(field string) {
	first := c.entries[0].text[field]
	c.entries = slices.DeleteFunc(c.entries, func(e entry) bool { return e.text[field] != first })
}

// sortBy brings together the entries that share an answer, in the order in which the answers come.
func (c *content) sortBy(fields ...string) {
	rank := map[string]int{}
	of := func(e *entry) []int {
		var ranks []int
		path := ""
		for _, f := range fields {
			path += "/" + e.text[f]
			if _, ok := rank[path]; !ok {
				rank[path] = len(rank)
			}
			ranks = append(ranks, rank[path])
		}
		return ranks
	}
	keys := map[string][]int{}
	for i := range c.entries {
		keys[c.entries[i].key] = of(&c.entries[i])
	}
	slices.SortStableFunc(c.entries, func(a, b entry) int { return slices.Compare(keys[a.key], keys[b.key]) })
}

// shuffled is a permutation of texts.
func shuffled(r *rand.Rand, texts []string) []string {
	out := slices.Clone(texts)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// oneOf draws a text.
func oneOf(r *rand.Rand, texts ...string) string { return texts[r.IntN(len(texts))] }

// decimal writes a number of tenths, with its point where a unit shows one.
func decimal(tenths int, unit string) string {
	if unit == "%" || unit == "億円" {
		return fmt.Sprintf("%d.%d", tenths/10, tenths%10)
	}
	return strconv.Itoa(tenths / 10)
}

// wrap breaks a name in two lines.
func wrap(name string) string {
	r := []rune(name)
	if len(r) < 6 {
		return name
	}
	return string(r[:len(r)/2]) + "\n" + string(r[len(r)/2:])
}
