package form

import (
	"math/big"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// tally is a printed block: a head of symbols, a row of counts, a row of shares.
type tally struct {
	row      int
	rule     *FieldRule
	scope    string
	title    string
	symbols  []string
	cols     []int
	totalCol int
}

// tallyHeader recognises the head of a printed tally: its label names a scoped field and beside it stand at least
// three symbols of that field.
func (t *tableReader) tallyHeader(i int) (tally, bool) {
	if t.form.Tally == nil {
		return tally{}, false
	}
	if !t.nameless(i) && !t.symbolName(i) {
		return tally{}, false // a record; a block may stand beside it
	}
	block := tally{row: i, totalCol: -1}
	for j := range t.sheet.Cols {
		text := t.sheet.At(i, j).Text
		if strings.TrimSpace(text) == "" || t.sheet.Covered(i, j) {
			continue
		}
		if block.rule == nil {
			if c, ok := t.form.matchHeader(record.OneLine(text)); ok && c.rule.Type == "symbol" {
				block.rule, block.scope, block.title = c.rule, c.scope, record.OneLine(text)
			}
			continue
		}
		if s, ok := symbol(text, t.form.Symbols[block.rule.Symbols]); ok {
			block.symbols, block.cols = append(block.symbols, s), append(block.cols, j)
		} else if matches(text, t.form.Tally.TotalWords) {
			block.totalCol = j
		}
	}
	return block, len(block.symbols) >= 3
}

// checkTally compares a tally's printed counts and shares with the rows above. It returns the block's last row.
func (t *tableReader) checkTally(b tally) int {
	counted := t.count(b)
	last := b.row
	for i := b.row + 1; i < t.sheet.Rows; i++ {
		if _, again := t.tallyHeader(i); again || t.blankRow(i) {
			break
		}
		last = i
		switch t.tallyRow(i, b.cols[0]) {
		case "count":
			t.checkCounts(i, b, counted)
		case "share":
			t.checkShares(i, b, counted)
		}
	}
	return last
}

func (t *tableReader) blankRow(i int) bool {
	for j := range t.sheet.Cols {
		if !t.sheet.At(i, j).Blank() {
			return false
		}
	}
	return true
}

// symbolName reports a row whose naming cell holds a symbol, or names a field of symbols: the head of a block under the
// table.
func (t *tableReader) symbolName(i int) bool {
	for _, c := range t.head.columns {
		if c.rule == nil || c.rule.Type != "name" {
			continue
		}
		text := t.sheet.At(i, c.col).Text
		if h, ok := t.form.matchHeader(text); ok && h.rule.Type == "symbol" {
			return true
		}
		for _, set := range t.form.Symbols {
			if _, ok := symbol(text, set); ok {
				return true
			}
		}
	}
	return false
}

// tallyRow says what a row under a tally's head is, by the words left of its first symbol.
func (t *tableReader) tallyRow(i, before int) string {
	for j := range before {
		switch text := t.sheet.At(i, j).Text; {
		case matches(text, t.form.Tally.CountWords):
			return "count"
		case matches(text, t.form.Tally.ShareWords):
			return "share"
		}
	}
	return ""
}

func (t *tableReader) count(b tally) map[string]int64 {
	if b.scope == "" && len(t.head.scopes(b.rule.Name)) > 1 {
		return nil // which year the block counts is not said
	}
	n := map[string]int64{}
	for i := range t.records {
		r := &t.records[i]
		if r.Value(t.form.Tally.LeaveOut) != "" {
			continue
		}
		scope := b.scope
		if scope == "" {
			scope = t.head.scopes(b.rule.Name)[0]
		}
		if f, ok := r.Field(b.rule.Name, scope); ok && f.Value != "" {
			n[f.Value]++
		}
	}
	return n
}

func (h header) scopes(name string) []string {
	var out []string
	for _, c := range h.columns {
		if c.rule != nil && c.rule.Name == name {
			out = append(out, c.scope)
		}
	}
	return out
}

func (t *tableReader) checkCounts(i int, b tally, counted map[string]int64) {
	if counted == nil {
		return
	}
	printed := new(big.Rat)
	for k, j := range b.cols {
		c := t.sheet.At(i, j)
		if c.Kind == workbook.Uncached {
			continue // nothing is printed there
		}
		v, ok := number(c)
		if !ok {
			if !c.Blank() {
				t.warn(finding.TotalMismatch, i, j, c.Text, big.NewRat(counted[b.symbols[k]], 1).RatString())
			}
			continue
		}
		printed.Add(printed, v)
		if want := big.NewRat(counted[b.symbols[k]], 1); v.Cmp(want) != 0 {
			t.warn(finding.TotalMismatch, i, j, b.title+" "+b.symbols[k]+" "+c.Text, want.RatString())
		}
	}
	if b.totalCol < 0 {
		return
	}
	c := t.sheet.At(i, b.totalCol)
	if v, ok := number(c); ok && v.Cmp(printed) != 0 {
		t.warn(finding.TotalMismatch, i, b.totalCol, b.title+" 計 "+c.Text, printed.RatString())
	}
}

// checkShares allows less than one unit of the last printed digit (0.1 points): any rounding of the exact share
// stays within it, a share of other counts does not.
func (t *tableReader) checkShares(i int, b tally, counted map[string]int64) {
	var total int64
	for _, s := range b.symbols {
		total += counted[s]
	}
	if total == 0 {
		return
	}
	for k, j := range b.cols {
		c := t.sheet.At(i, j)
		if c.Blank() || c.Kind == workbook.Uncached {
			continue
		}
		want := big.NewRat(counted[b.symbols[k]]*100, total)
		v, ok := number(c)
		if !ok || new(big.Rat).Abs(new(big.Rat).Sub(v, want)).Cmp(big.NewRat(1, 10)) >= 0 {
			t.warn(finding.RatioMismatch, i, j, b.title+" "+b.symbols[k]+" "+c.Text, want.FloatString(1)+"%")
		}
	}
}

func number(c workbook.Cell) (*big.Rat, bool) {
	q := quantity.Parse(c.Text)
	if q.Status != quantity.Number {
		return nil, false
	}
	return new(big.Rat).SetString(q.Value)
}

func (t *tableReader) warn(code string, i, j int, found, expected string) {
	t.findings = append(t.findings, finding.New(code, t.sheet.Name, t.sheet.Ref(i, j), found, expected))
}
