package form

import (
	"maps"
	"math/big"
	"slices"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// scaleJump is how many times last year's value, or what part of it, is taken for a slip of the unit (千円 for 円).
const scaleJump = 100

// judge reports a baseline that already meets the last target: a target that asks for nothing.
func (t *reader) judge(r *record.Record) {
	j := t.form.Judge
	if j == nil || r.Excluded {
		return
	}
	baseline, ok := r.Field(j.Baseline, "")
	last := lastNumber(r, j.Target)
	if !ok || baseline.Value == "" || last.Value == "" {
		return
	}
	b, target := rat(baseline.Value), rat(last.Value)
	met := false
	switch direction := r.Value(j.Direction); {
	case direction == "上昇", direction == "維持" && (last.Comparator == "ge" || last.Comparator == "gt"):
		met = b.Cmp(target) >= 0
	case direction == "低下", direction == "維持" && (last.Comparator == "le" || last.Comparator == "lt"):
		met = b.Cmp(target) <= 0
	}
	if met {
		t.findings = append(
			t.findings, finding.New(finding.TargetAlreadyMet, t.sheet.Name, last.Cell, baseline.Text, last.Text),
		)
	}
}

// opposed leaves out a record with an increase and a decrease among its targets and actual values, 3%減 of a target of
// 5%増: printed as magnitudes, they cannot be compared.
func (t *reader) opposed(r *record.Record) {
	j := t.form.Judge
	if j == nil || r.Excluded {
		return
	}
	var first record.Field
	for _, f := range r.Fields {
		switch {
		case f.Name != j.Target && f.Name != j.Actual || f.Change == "" || f.Value == "" || rat(f.Value).Sign() == 0:
		case first.Change == "":
			first = f
		case first.Change != f.Change:
			t.fail(r, finding.NumberUnreadable, f.Cell, f.Text, "数値")
			last := &t.findings[len(t.findings)-1]
			last.Message = "「" + f.Text + "」は、" + first.Cell + "の「" + first.Text + "」と増減の向きが逆で、大きさを比べられません。" +
				"どちらかの向きにそろえ、逆のものは「▲3」のように負の数で書いてください。"
			return
		}
	}
}

// lastNumber is the value of a scoped field in the last year that has one.
func lastNumber(r *record.Record, name string) record.Field {
	var last record.Field
	for _, f := range r.Fields {
		if f.Name == name && f.Value != "" && f.Scope >= last.Scope {
			last = f
		}
	}
	return last
}

// jumps leaves out records whose actual value is a hundred times the year before's, or a hundredth, in whichever
// workbook the year before stands. Zero is no slip of a unit.
func jumps(workbooks []*record.Workbook, forms []Form, confirmed func(w *record.Workbook, cell string) bool) {
	type value struct {
		w *record.Workbook
		r *record.Record
		f record.Field
	}
	judged := judges(forms)
	byKey := map[string]map[string]value{}
	for _, w := range workbooks {
		for i := range w.Records {
			r := &w.Records[i]
			j := judged[r.Form+r.Kind]
			if j == nil || r.Excluded || r.Superseded {
				continue
			}
			k := w.Municipality + "|" + r.Form + "|" + r.Key
			for _, f := range r.Fields {
				if f.Name != j.Actual || f.Value == "" {
					continue
				}
				if byKey[k] == nil {
					byKey[k] = map[string]value{}
				}
				if old, ok := byKey[k][f.Scope]; !ok || old.r.FiscalYear < r.FiscalYear {
					byKey[k][f.Scope] = value{w, r, f}
				}
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(byKey)) {
		for _, year := range slices.Sorted(maps.Keys(byKey[k])) {
			now := byKey[k][year]
			before, ok := byKey[k][previous(year)]
			if !ok || before.f.Unit != now.f.Unit || !jump(rat(before.f.Value), rat(now.f.Value)) ||
				confirmed(now.w, now.f.Cell) {
				continue
			}
			now.r.Excluded = true
			now.w.Findings = append(now.w.Findings,
				finding.New(finding.UnitScaleSuspect, now.f.Sheet, now.f.Cell, now.f.Text, before.f.Text))
		}
	}
}

// conflicts leaves out records whose target and direction contradict each other, 「30分以下」 under 上昇: which of the two
// is meant, only a person can say. Once the target's cell is confirmed, its 以上 or 以下 decides.
func conflicts(workbooks []*record.Workbook, forms []Form, m Masters) {
	judged := judges(forms)
	for _, w := range workbooks {
		for i := range w.Records {
			r := &w.Records[i]
			j := judged[r.Form+r.Kind]
			if j == nil || r.Excluded {
				continue
			}
			for _, f := range contradicting(r, j, func(f record.Field) bool { return m.confirmedOn(w, f.Sheet, f.Cell) }) {
				r.Excluded = true
				w.Findings = append(w.Findings,
					finding.New(finding.DirectionConflict, f.Sheet, f.Cell, f.Text, r.Value(j.Direction)))
			}
		}
	}
}

// judges are the rules by which records are judged, by form and kind; nil where they are not.
func judges(forms []Form) map[string]*JudgeRule {
	out := map[string]*JudgeRule{}
	for i := range forms {
		out[forms[i].ID+forms[i].Record] = forms[i].Judge
	}
	return out
}

// contradicting are a record's targets that its direction contradicts, one for each text: 「30分以下」 of five years is one
// question, and one confirmation answers it.
func contradicting(r *record.Record, j *JudgeRule, confirmed func(f record.Field) bool) []record.Field {
	var out []record.Field
	settled := map[string]bool{}
	for _, f := range r.Fields {
		if f.Name == j.Target && confirmed(f) {
			settled[record.Normal(f.Text)] = true
		}
	}
	for _, f := range r.Fields {
		text := record.Normal(f.Text)
		if f.Name == j.Target && contradict(r.Value(j.Direction), f.Comparator) && !settled[text] {
			settled[text] = true
			out = append(out, f)
		}
	}
	return out
}

// contradict reports that a direction and the word of a target exclude each other. 維持 goes with either; a target
// without a word (約 is none) goes with all.
func contradict(direction, comparator string) bool {
	switch direction {
	case "上昇":
		return comparator == "le" || comparator == "lt"
	case "低下":
		return comparator == "ge" || comparator == "gt"
	}
	return false
}

func jump(before, now *big.Rat) bool {
	if before.Sign() == 0 || now.Sign() == 0 {
		return false
	}
	ratio := new(big.Rat).Abs(new(big.Rat).Quo(now, before))
	return ratio.Cmp(big.NewRat(scaleJump, 1)) >= 0 || ratio.Cmp(big.NewRat(1, scaleJump)) <= 0
}

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// totals compares a printed total that is a record with the sum of the records above it.
func (t *reader) totals(*band) {
	rule := t.form.Total
	if rule == nil {
		return
	}
	for _, name := range rule.Fields {
		sum, whole := new(big.Rat), true
		for i := range t.records {
			r := &t.records[i]
			f, ok := r.Field(name, "")
			if matches(r.Name(), rule.Words) {
				if ok && f.Value != "" && whole && rat(f.Value).Cmp(sum) != 0 {
					t.findings = append(
						t.findings, finding.New(finding.TotalMismatch, t.sheet.Name, f.Cell, f.Text, quantity.Canonical(sum.RatString())),
					)
				}
				continue
			}
			if !ok || f.Value == "" {
				whole = false
				continue
			}
			sum.Add(sum, rat(f.Value))
		}
	}
}
