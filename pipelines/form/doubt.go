package form

import (
	"math/big"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// sharedNumbers leaves out records of which one number, merged over their rows, would count for each: until a person
// gives it to the first, it counts for none. from is the first record of the block.
func (t *reader) sharedNumbers(from int) {
	of := map[string][]int{}
	var order []string
	for k := from; k < len(t.records); k++ {
		for _, f := range t.records[k].Fields {
			rule := t.form.fieldNamed(f.Name)
			if rule == nil || rule.Type != "number" || slices.Contains(of[f.Cell], k) {
				continue
			}
			if len(of[f.Cell]) == 0 {
				order = append(order, f.Cell)
			}
			of[f.Cell] = append(of[f.Cell], k)
		}
	}
	for _, cell := range order {
		if len(of[cell]) < 2 {
			continue
		}
		text := ""
		for n, k := range of[cell] {
			text = t.dispute(k, cell, n == 0)
		}
		f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, cell, text, "")
		f.Message = "「" + text + "」のセルは、二つ以上の行に結合されています。どの行の値か決められないため、それらの行を集計から除きました。" +
			"セルの結合を解いて書き分けるか、一行目の値なら判断.csvに「確認」と書いてください。"
		t.findings = append(t.findings, f)
	}
}

// dispute takes the fields of a cell out of a record until the cell is confirmed. keeps says that
// it then has the value.
func (t *reader) dispute(k int, cell string, keeps bool) (text string) {
	r := &t.records[k]
	r.Sound = r.Sound && len(r.Disputed) > 0 || !r.Excluded && len(r.Disputed) == 0
	for _, f := range r.Fields {
		if f.Cell != cell {
			continue
		}
		text = f.Text
		if !keeps {
			f.Value, f.Text = "", ""
		}
		r.Disputed = append(r.Disputed, f)
	}
	r.Fields = slices.DeleteFunc(r.Fields, func(f record.Field) bool { return f.Cell == cell })
	r.Excluded = true
	return text
}

// sums leaves out a record that looks like a total by its sum alone: in every column of numbers it equals the sum of
// the records above it, at least three. A person may confirm that it is none.
func (t *reader) sums(from int) {
	const fewest = 3
	for k := from; k < len(t.records); k++ {
		r := &t.records[k]
		if t.form.Total != nil && matches(r.Name(), t.form.Total.Words) {
			continue // a record of its own
		}
		switch {
		case t.form.Total == nil && k-from >= fewest && t.isSumOf(r, t.records[from:k]):
		case t.soundsLikeTotal(r) && t.isSumOfSome(k, from):
		default:
			continue
		}
		f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, r.Cell, r.Name(), "")
		f.Message = "「" + r.Name() + "」の行は、どの数値の列でもほかの行の和に等しく、合計の行の疑いがあります。集計から除きました。" +
			"合計なら行の名前を「合計」とし、合計でなければ判断.csvに「確認」と書いてください。"
		t.findings = append(t.findings, f)
		r.Sound, r.Doubt = !r.Excluded, r.Cell
		r.Excluded = true
	}
}

// soundsLikeTotal is a name that may be that of a total: 総数, 全体, 教育部計.
var soundsLikeTotal = regexp.MustCompile(`^(?:総数|総計|合計|計|小計|全体|全市|市全体|総合|全庁)$|.計$|合計|小計`)

// soundsLikeTotal reports a record whose name, or another of the fields that tell it apart, may be that of a total.
func (t *reader) soundsLikeTotal(r *record.Record) bool {
	return slices.ContainsFunc(t.form.Key, func(name string) bool {
		rule := t.form.fieldNamed(name)
		return rule != nil && (rule.Type == "name" || rule.Type == "label") &&
			soundsLikeTotal.MatchString(record.Normal(r.Value(name)))
	})
}

// isSumOfSome reports a record that is the sum of at least two right above or right below it, up to the next
// or the last of its kind.
func (t *reader) isSumOfSome(k, from int) bool {
	const fewest = 2
	others := func(rs []record.Record) []record.Record { // totals are no parts of a total
		return slices.DeleteFunc(slices.Clone(rs), func(r record.Record) bool {
			return r.Doubt != "" || t.soundsLikeTotal(&r)
		})
	}
	above, below := others(t.records[from:k]), others(t.records[k+1:])
	for i := len(above) - fewest; i >= 0; i-- {
		if t.isSumOf(&t.records[k], above[i:]) {
			return true
		}
	}
	for i := fewest; i <= len(below); i++ {
		if t.isSumOf(&t.records[k], below[:i]) {
			return true
		}
	}
	return false
}

// isRatio reports a field that is printed as a ratio of others: no sum of it means anything.
func (t *reader) isRatio(name string) bool {
	return slices.ContainsFunc(t.form.Ratios, func(r RatioRule) bool { return r.Field == name })
}

// isSumOf reports that each number of a record is the sum of the same numbers of others, and that there are some.
func (t *reader) isSumOf(r *record.Record, above []record.Record) bool {
	numbers := 0
	for _, f := range r.Fields {
		rule := t.form.fieldNamed(f.Name)
		if rule == nil || rule.Type != "number" || f.Value == "" || strings.HasSuffix(f.Unit, "%") || t.isRatio(f.Name) {
			continue
		}
		sum := new(big.Rat)
		for i := range above {
			g, ok := above[i].Field(f.Name, f.Scope)
			if !ok || g.Value == "" || g.Unit != f.Unit {
				return false
			}
			sum.Add(sum, rat(g.Value))
		}
		if sum.Sign() == 0 || sum.Cmp(rat(f.Value)) != 0 {
			return false
		}
		numbers++
	}
	return numbers > 0
}

// inLine reports that a finding about a head stands in the column, or in the row, of a cell that was decided upon.
func inLine(done map[string]bool, f record.Finding) bool {
	for place := range done {
		cell, ok := strings.CutPrefix(place, f.Sheet+"!")
		if !ok {
			continue
		}
		for _, head := range []string{f.Cell, f.Expected} {
			col, row := columnAndRow(head)
			ownCol, ownRow := columnAndRow(cell)
			if col != "" && col == ownCol || row != "" && row == ownRow {
				return true
			}
		}
	}
	return false
}

// settle takes up what a person has decided: of two cells that state one field the confirmed one, a number merged over
// records for the first, a record that looked like a total.
func settle(w *record.Workbook, confirmed func(sheet, cell string) bool) {
	open := map[string]bool{} // sheets on which something is undecided
	done := map[string]bool{} // cells that are decided upon
	for i := range w.Records {
		r := &w.Records[i]
		if r.Doubt != "" && confirmed(r.Sheet, r.Doubt) {
			done[r.Sheet+"!"+r.Doubt] = true
			r.Doubt = ""
			r.Excluded = !r.Sound || len(r.Disputed) > 0
		}
		if len(r.Disputed) == 0 {
			continue
		}
		var left []record.Field
		for _, f := range r.Disputed {
			if confirmed(f.Sheet, f.Cell) {
				done[f.Sheet+"!"+f.Cell] = true
				if f.Text != "" {
					r.Fields = append(r.Fields, f)
				}
				continue
			}
			if !slices.ContainsFunc(r.Disputed, func(g record.Field) bool {
				return g.Name == f.Name && g.Scope == f.Scope && confirmed(g.Sheet, g.Cell)
			}) {
				left = append(left, f)
			}
		}
		r.Disputed = left
		if len(left) > 0 || r.Doubt != "" {
			open[r.Sheet] = true
			continue
		}
		r.Excluded = !r.Sound
	}
	w.Findings = slices.DeleteFunc(w.Findings, func(f record.Finding) bool {
		if f.Code != finding.ReadingAmbiguous {
			return false
		}
		return done[f.Sheet+"!"+f.Cell] || done[f.Sheet+"!"+f.Expected] || !open[f.Sheet] && inLine(done, f)
	})
}

// columnAndRow divides the address of a cell: E12 → E, 12.
func columnAndRow(ref string) (col, row string) {
	return strings.TrimRight(ref, "0123456789"), strings.TrimLeft(ref, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}
