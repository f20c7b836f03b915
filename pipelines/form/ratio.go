package form

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// What the denominator of a ratio may be of, where it is not of the same record.
const (
	previousRow  = "row"
	previousYear = "year"
)

// ratios recomputes the ratios that a record prints from their parts, but those against the year before, which may
// stand in another file. A difference of one unit of the last printed digit or more is a finding; the values stay.
func (t *reader) ratios(r *record.Record) {
	for _, rule := range t.form.Ratios {
		base := r
		switch rule.ToPrevious {
		case previousYear:
			continue
		case previousRow:
			base = t.rowBefore(r)
		}
		if base != nil {
			t.findings = append(t.findings, t.form.ratio(rule, r, base)...)
		}
	}
}

// rowBefore is the nearest record above whose key says the same but for the year (else for its last field): what it is
// compared with in a list that goes from year to year, or from month to month. nil for the first, and for one that is
// left out.
func (t *reader) rowBefore(r *record.Record) *record.Record {
	same := slices.Clone(t.form.Key)
	year := t.form.keyYear()
	if year != "" {
		same = slices.DeleteFunc(same, func(name string) bool { return name == year })
	} else if len(same) > 0 {
		same = same[:len(same)-1]
	}
	for i := len(t.records) - 1; i >= 0; i-- {
		before := &t.records[i]
		if !slices.ContainsFunc(same, func(name string) bool {
			return record.Key(before.Value(name)) != record.Key(r.Value(name))
		}) {
			if before.Excluded || year != "" && before.Value(year) >= r.Value(year) { // a list from the newest year down
				return nil
			}
			return before
		}
	}
	return nil
}

// keyYear is the field of a record's identity that is its year, "" where there is none.
func (f *Form) keyYear() string {
	for _, name := range f.Key {
		if rule := fieldIn(f.Fields, name); rule != nil && rule.Type == "year" {
			return name
		}
	}
	return ""
}

// ratio compares a printed ratio, of each year where it has one, with what follows from a record and the record that it
// is a ratio to.
func (f *Form) ratio(rule RatioRule, r, base *record.Record) []record.Finding {
	if slices.ContainsFunc(rule.When, func(c Condition) bool { return !c.holds(r, r.FiscalYear) }) {
		return nil
	}
	var out []record.Finding
	to := cmp.Or(rule.To, rule.Of)
	for _, printed := range r.Fields {
		if printed.Name != rule.Field || printed.Value == "" {
			continue
		}
		scope := printed.Scope
		if rule.ToPrevious == previousYear && f.scoped(to) {
			scope = previous(printed.Scope)
		}
		part, whole := f.part(r, rule.Of, printed.Scope), f.part(base, to, scope)
		if part.Value == "" || whole.Value == "" || rat(whole.Value).Sign() == 0 {
			continue
		}
		scale, sign, fewest := int64(100), "%", 1
		if field := fieldIn(f.Fields, rule.Field); field != nil && field.Scale == 1 && printed.Unit != "%" {
			scale, sign, fewest = 1, "", 2
		}
		exact := new(big.Rat).Quo(new(big.Rat).Mul(rat(part.Value), big.NewRat(scale, 1)), rat(whole.Value))
		places := 0
		if _, decimals, ok := strings.Cut(digits(printed.Text), "."); ok {
			places = len(decimals)
		}
		places = min(max(places, fewest), 12)
		if !follows(rat(printed.Value), exact, places, rule.Rounding) {
			out = append(out, finding.New(
				finding.RatioMismatch, printed.Sheet, printed.Cell, printed.Text, exact.FloatString(places)+sign,
			))
		}
	}
	return out
}

// part is the value of a field of a record, in a year where the field has one for each.
func (f *Form) part(r *record.Record, name, scope string) record.Field {
	if !f.scoped(name) {
		scope = ""
	}
	field, _ := r.Field(name, scope)
	return field
}

func (f *Form) scoped(name string) bool {
	rule := fieldIn(f.Fields, name)
	return rule != nil && rule.Scoped
}

// follows reports that a printed ratio is the exact one rounded at its last digit, of a negative one its size: half up
// is away from zero, truncated is towards it.
func follows(printed, exact *big.Rat, places int, rounding string) bool {
	unit := big.NewRat(1, 1)
	for range places {
		unit.Quo(unit, big.NewRat(10, 1))
	}
	diff := new(big.Rat).Sub(printed, exact)
	if exact.Sign() < 0 {
		diff.Neg(diff)
	}
	half := new(big.Rat).Quo(unit, big.NewRat(2, 1))
	size := new(big.Rat).Abs(diff)
	switch rounding {
	case "half_up":
		return size.Cmp(half) < 0 || diff.Cmp(half) == 0
	case "truncate":
		return diff.Sign() <= 0 && size.Cmp(unit) < 0
	}
	return size.Cmp(unit) < 0
}

func digits(text string) string {
	q := quantity.Parse(text)
	_, decimals, ok := strings.Cut(text, ".")
	if !ok {
		return q.Value
	}
	n := strings.IndexFunc(decimals, func(r rune) bool { return r < '0' || r > '9' })
	if n < 0 {
		n = len(decimals)
	}
	return "0." + decimals[:n]
}

// yearlyRatios recomputes the ratios to the year before, in whichever workbook of the municipality it stands. A year
// that two records state otherwise is compared with neither.
func yearlyRatios(workbooks []*record.Workbook, forms []Form) {
	byForm := map[string]*Form{}
	for i := range forms {
		if slices.ContainsFunc(forms[i].Ratios, func(r RatioRule) bool { return r.ToPrevious == previousYear }) {
			byForm[forms[i].ID+"/"+forms[i].Record] = &forms[i]
		}
	}
	if len(byForm) == 0 {
		return
	}
	at := map[string][]*record.Record{}
	each := func(do func(w *record.Workbook, f *Form, r *record.Record)) {
		for _, w := range workbooks {
			for i := range w.Records {
				r := &w.Records[i]
				if f := byForm[r.Form+"/"+r.Kind]; f != nil && !r.Excluded {
					do(w, f, r)
				}
			}
		}
	}
	each(func(w *record.Workbook, f *Form, r *record.Record) {
		k := f.placeInYear(w, r, 0)
		at[k] = append(at[k], r)
	})
	each(func(w *record.Workbook, f *Form, r *record.Record) {
		for _, rule := range f.Ratios {
			to := cmp.Or(rule.To, rule.Of)
			switch {
			case rule.ToPrevious != previousYear:
			case f.scoped(to):
				w.Findings = append(w.Findings, f.ratio(rule, r, r)...)
			default:
				if base := agreed(at[f.placeInYear(w, r, -1)], to); base != nil {
					w.Findings = append(w.Findings, f.ratio(rule, r, base)...)
				}
			}
		}
	})
}

// placeInYear is what makes a record the same in every year, with its year, or one some years away. "" for a record
// without a year.
func (f *Form) placeInYear(w *record.Workbook, r *record.Record, away int) string {
	name := cmp.Or(f.keyYear(), "year")
	year, err := strconv.Atoi(r.Value(name))
	if err != nil {
		return ""
	}
	parts := []string{w.Municipality, w.Department, r.Form, r.Kind, strconv.Itoa(year + away)}
	for _, key := range f.Key {
		if key != name {
			parts = append(parts, record.Key(r.Value(key)))
		}
	}
	return strings.Join(parts, "|")
}

// agreed is a record whose value of a field is that of all the records of its place; nil where they differ.
func agreed(of []*record.Record, name string) *record.Record {
	for _, r := range of {
		if r.Value(name) != of[0].Value(name) {
			return nil
		}
	}
	if len(of) == 0 {
		return nil
	}
	return of[0]
}

// inconsistentRatios finds what a form's ratios cannot mean, and says where.
func (f *Form) inconsistentRatios() (place []string, what string) {
	for i, rule := range f.Fields {
		at := []string{"fields", strconv.Itoa(i), "scale"}
		switch {
		case rule.Scale == 0:
		case rule.Type != "number":
			return at, "項目「" + rule.Name + "」の scale: は type: number の項目に書いてください"
		case rule.Scale == 1 && (rule.In == "%" || rule.In == "％"):
			return at, "項目「" + rule.Name + "」は in: で％に直すので、scale: 1 にはできません。どちらかを消してください"
		}
	}
	for i, rule := range f.Ratios {
		at := []string{"ratios", strconv.Itoa(i)}
		switch {
		case rule.To == "" && rule.ToPrevious == "":
			return at, "ratios: に to: がありません。割る項目を書くか、前の行・前年度と比べるなら to_previous: を書いてください"
		case rule.ToPrevious == previousRow && len(f.Key) == 0:
			return at, "to_previous: row には key: が必要です"
		case rule.ToPrevious != previousYear || f.scoped(cmp.Or(rule.To, rule.Of)):
		case f.keyYear() == "":
			if year := fieldIn(f.Fields, "year"); year == nil || year.Type != "year" {
				return append(at, "to_previous"), "to_previous: year には、type: year の項目 year が必要です。fields に書き加えてください"
			}
		}
	}
	return nil, ""
}
