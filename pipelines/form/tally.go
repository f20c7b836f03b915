package form

import (
	"math/big"
	"slices"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// tally is a printed block: a head of symbols, rows of counts, rows of shares.
type tally struct {
	row      int
	set      string // of symbols
	rule     *FieldRule
	scope    string
	title    string
	symbols  []string
	cols     []int
	totalCol int
	left     int // its columns, right exclusive, where it stands before a block
	right    int
}

// tallyAt finds a run of at least three symbols of one field in a row, with the label right before
// it and the total behind.
func (f *Form) tallyAt(s *workbook.Sheet, i, left, right int) (from, to int, ok bool) {
	if f.Tally == nil {
		return 0, 0, false
	}
	cells := geometry.Row(s, i, left, right)
	for set := range f.Symbols {
		first, n, last := -1, 0, -1
		for k, j := range cells {
			if _, is := symbol(s.At(i, j).Text, f.Symbols[set]); is {
				if first < 0 {
					first = k
				}
				n, last = n+1, k
				continue
			}
			if first >= 0 {
				break
			}
		}
		if n < 3 || !distinct(s, i, cells[first:last+1]) || !countsBelow(s, i, cells[first:last+1]) {
			continue
		}
		from, to = cells[first], cells[last]+1
		if first > 0 && cells[first-1] >= from-2 {
			from = cells[first-1]
		}
		if last+1 < len(cells) && matches(s.At(i, cells[last+1]).Text, f.Tally.TotalWords) {
			to = cells[last+1] + 1
		}
		return from, to, true
	}
	return 0, 0, false
}

// countsBelow reports that numbers stand right below some of the cells of a row, and nothing else.
func countsBelow(s *workbook.Sheet, i int, cells []int) bool {
	numbers := 0
	for _, j := range cells {
		switch c := s.At(i+1, j); {
		case c.Kind == workbook.Uncached, isNumber(c.Text):
			numbers++
		case !c.Blank() && !missingMark(c.Text):
			return false
		}
	}
	return numbers > 0
}

// distinct reports cells of which no two say the same.
func distinct(s *workbook.Sheet, i int, cells []int) bool {
	seen := map[string]bool{}
	for _, j := range cells {
		n := record.Normal(s.At(i, j).Text)
		if seen[n] {
			return false
		}
		seen[n] = true
	}
	return true
}

// tallyHead recognises the head of a printed tally: at least three symbols of one field beside each other, behind
// nothing or a label.
func (t *reader) tallyHead(i, left, right int) (tally, bool) {
	if t.form.Tally == nil {
		return tally{}, false
	}
	head := tally{row: i, totalCol: -1}
	before := 0
	for _, j := range geometry.Row(t.sheet, i, left, right) {
		text := t.sheet.At(i, j).Text
		if len(head.symbols) == 0 {
			if c, ok := t.form.matchHeader(record.OneLine(text)); ok && c.rule != nil && c.rule.Type == "symbol" {
				head.rule, head.scope, head.title = c.rule, c.scope, record.OneLine(text)
				head.set = c.rule.Symbols
				continue
			}
			for set, symbols := range t.form.Symbols {
				if _, ok := symbol(text, symbols); ok && (head.set == "" || head.set == set) && len(symbols) > 2 {
					head.set = set
					break
				}
			}
		}
		if s, ok := symbol(text, t.form.Symbols[head.set]); ok && head.set != "" {
			if slices.Contains(head.symbols, s) {
				return tally{}, false
			}
			head.symbols, head.cols = append(head.symbols, s), append(head.cols, j)
		} else if matches(text, t.form.Tally.TotalWords) {
			head.totalCol = j
		} else if before++; len(head.symbols) > 0 || before > 2 {
			return tally{}, false
		}
	}
	return head, len(head.symbols) >= 3 && countsBelow(t.sheet, i, head.cols)
}

// checkTallies compares the tallies of a sheet with the records read from it.
func (t *reader) checkTallies(s *workbook.Sheet, tallies []tally) {
	on := newReader(t.form, s, t.year, false)
	on.records = t.records
	for _, one := range tallies {
		on.checkTally(one)
	}
	t.findings = append(t.findings, on.findings...)
}

// checkTally compares a tally's printed counts and shares with the records.
func (t *reader) checkTally(head tally) {
	left, right := head.left, head.right
	for i := head.row + 1; i < t.sheet.Rows; i++ {
		if _, again := t.tallyHead(i, left, right); again || geometry.BlankRow(t.sheet, i, left, right) {
			break
		}
		one, kind := t.tallyRowFrom(i, left, head)
		if kind == "" {
			break
		}
		counted := t.count(one)
		switch {
		case counted == nil:
		case kind == "share":
			t.checkShares(i, one, counted)
		default:
			t.checkCounts(i, one, counted)
		}
	}
}

// tallyRowFrom says what a row under a tally's head is, by the words left of its first symbol: counts or shares, and of
// which field and year where the row says so itself.
func (t *reader) tallyRowFrom(i, from int, head tally) (tally, string) {
	kind := ""
	for j := from; j < head.cols[0]; j++ {
		text := record.OneLine(t.sheet.At(i, j).Text)
		if text == "" {
			continue
		}
		if c, ok := t.form.matchHeader(text); ok && c.rule != nil && c.rule.Type == "symbol" {
			head.rule, head.scope, head.title = c.rule, c.scope, text
			if kind == "" {
				kind = "count"
			}
			continue
		}
		if s := t.form.scopeOf(text); s != "" {
			head.scope = s
			head.title = text + head.title
			if head.rule == nil {
				head.rule = t.form.symbolField(head.set)
			}
			if kind == "" {
				kind = "count"
			}
			continue
		}
		switch {
		case matches(text, t.form.Tally.CountWords):
			kind = "count"
		case matches(text, t.form.Tally.ShareWords):
			kind = "share"
		}
	}
	return head, kind
}

// symbolField is the only field that a set of symbols belongs to, nil where there are several.
func (f *Form) symbolField(set string) *FieldRule {
	var found *FieldRule
	for i := range f.rules {
		if f.rules[i].Symbols == set && f.rules[i].Type == "symbol" {
			if found != nil {
				return nil
			}
			found = &f.rules[i]
		}
	}
	return found
}

// count counts the symbols of the records read so far; nil where the tally does not say which.
func (t *reader) count(b tally) map[string]int64 {
	if b.rule == nil {
		return nil
	}
	scopes := map[string]bool{}
	for i := range t.records {
		for _, f := range t.records[i].Fields {
			if f.Name == b.rule.Name {
				scopes[f.Scope] = true
			}
		}
	}
	if b.scope == "" && len(scopes) > 1 {
		return nil // which year the block counts is not said
	}
	above := func(r *record.Record) bool { return r.Row-1 < b.row }
	some := false
	for i := range t.records {
		some = some || above(&t.records[i])
	}
	n := map[string]int64{}
	for i := range t.records {
		r := &t.records[i]
		if r.Value(t.form.Tally.LeaveOut) != "" || some && !above(r) {
			continue
		}
		for _, f := range r.Fields {
			if f.Name == b.rule.Name && (b.scope == "" || f.Scope == b.scope) && f.Value != "" {
				n[f.Value]++
			}
		}
	}
	return n
}

func (t *reader) checkCounts(i int, b tally, counted map[string]int64) {
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
func (t *reader) checkShares(i int, b tally, counted map[string]int64) {
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

func (t *reader) warn(code string, i, j int, found, expected string) {
	t.findings = append(t.findings, finding.New(code, t.sheet.Name, t.sheet.Ref(i, j), found, expected))
}
