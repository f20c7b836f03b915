package form

import (
	"fmt"
	"slices"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// statement is a record with the workbook that it stands in.
type statement struct {
	w *record.Workbook
	r *record.Record
}

// owners sees to it that what a municipality has once is told by one department. Of records of several departments with
// one key and one survey year the one that holds all that the others state is used, and they are superseded. Where none
// does, reported_twice names both cells and all are left out, until a person has confirmed a cell of one. A record with
// an error of its own is no rival: nothing of one department's trouble touches another.
func owners(workbooks []*record.Workbook, forms []Form, m Masters) {
	once := map[string]*Form{}
	for i := range forms {
		// the marts know an indicator by its municipality, also where a form of an older version does not say so
		if forms[i].OneOwner || forms[i].Record == "indicator" || forms[i].Record == "indicator_value" {
			once[forms[i].ID+"/"+forms[i].Record] = &forms[i]
		}
	}
	told := map[string][]statement{}
	var order []string
	for _, w := range workbooks {
		if w.Status != record.StatusRead {
			continue
		}
		for i := range w.Records {
			r := &w.Records[i]
			if once[r.Form+"/"+r.Kind] == nil || r.Excluded || r.Key == "" {
				continue
			}
			k := fmt.Sprint(w.Municipality, "\x00", r.Form, "\x00", r.Kind, "\x00", r.FiscalYear, "\x00", r.Key)
			if told[k] == nil {
				order = append(order, k)
			}
			told[k] = append(told[k], statement{w, r})
		}
	}
	for _, k := range order {
		list := told[k]
		if !severalDepartments(list) {
			continue
		}
		settleOwner(once[list[0].r.Form+"/"+list[0].r.Kind], list, m)
	}
}

func severalDepartments(list []statement) bool {
	return slices.ContainsFunc(list, func(s statement) bool { return s.w.Department != list[0].w.Department })
}

// settleOwner finds which of the records holds, or leaves all of them out.
func settleOwner(f *Form, list []statement, m Masters) {
	var confirmed []int
	for i, s := range list {
		if slices.ContainsFunc(s.r.Fields, func(v record.Field) bool { return m.confirmedOn(s.w, v.Sheet, v.Cell) }) {
			confirmed = append(confirmed, i)
		}
	}
	if len(confirmed) == 1 {
		supersede(list, confirmed[0])
		return
	}
	for i := range list {
		whole := true
		for j := range list {
			if i != j {
				_, _, differ := f.difference(list[i].r, list[j].r)
				whole = whole && !differ
			}
		}
		if whole {
			supersede(list, i)
			return
		}
	}
	for _, s := range list {
		if rival, mine, theirs := f.rival(s, list); rival.w != nil {
			at := rival.w.Path + " " + rival.r.Sheet + "!" + orCell(theirs, rival.r)
			s.w.Findings = append(s.w.Findings, finding.New(
				finding.ReportedTwice, s.r.Sheet, orCell(mine, s.r), quoted(mine, s.r),
				rival.w.Department+"の「"+quoted(theirs, rival.r)+"」（"+at+"）"))
		}
	}
	for _, s := range list {
		s.r.Excluded = true
	}
}

// rival is the first of the other records that states something else, or something more, or something less.
func (f *Form) rival(s statement, list []statement) (other statement, mine, theirs record.Field) {
	for _, o := range list {
		if o.r == s.r {
			continue
		}
		if own, its, differ := f.difference(s.r, o.r); differ {
			return o, own, its
		}
		if its, own, differ := f.difference(o.r, s.r); differ {
			return o, own, its
		}
	}
	return statement{}, record.Field{}, record.Field{}
}

func supersede(list []statement, owner int) {
	for i, s := range list {
		s.r.Superseded = i != owner
	}
}

// orCell is the cell of a value, or where there is none that of its record.
func orCell(f record.Field, r *record.Record) string {
	if f.Cell == "" {
		return r.Cell
	}
	return f.Cell
}

func quoted(f record.Field, r *record.Record) string {
	if f.Cell == "" {
		return r.Name() + "（記載なし）"
	}
	return f.Text
}

// difference is the first value of b that a does not state just so: a's value, without a cell where there is none, and
// b's. Only what a figure may rest on counts: numbers, their units, and what is chosen from a list.
func (f *Form) difference(a, b *record.Record) (mine, theirs record.Field, differ bool) {
	for _, v := range b.Fields {
		if !f.figureRestsOn(v) {
			continue
		}
		own, ok := a.Field(v.Name, v.Scope)
		if !ok || !sameValue(own, v) || !saysAll(own, v) {
			return own, v, true
		}
	}
	return record.Field{}, record.Field{}, false
}

// figureRestsOn reports that a field says something that a figure may rest on.
func (f *Form) figureRestsOn(v record.Field) bool {
	kind := ""
	for _, rule := range f.rules {
		if rule.Name == v.Name {
			kind = rule.Type
		}
	}
	if f.Series != nil && (v.Name == seriesActual || v.Name == seriesPlan || v.Name == seriesStandard) {
		kind = "number"
	}
	switch kind {
	case "number":
		return v.Value != "" || !missingMark(v.Text) // a text for a target, 後に決定 too, is another statement than a number
	case "choice", "year", "symbol":
		return v.Value != ""
	}
	return false
}

// sameValue reports that two cells state one value: the same number in the same unit, 1,000円 and 1千円, the same word.
func sameValue(a, b record.Field) bool {
	if a.Value == "" || b.Value == "" {
		return a.Value == b.Value && record.Normal(a.Text) == record.Normal(b.Text)
	}
	in, ok := quantity.Quantity{Status: quantity.Number, Value: a.Value, Base: a.Value, BaseUnit: a.Unit}.In(b.Unit)
	return ok && quantity.Canonical(in) == quantity.Canonical(b.Value) && a.Comparator == b.Comparator
}

// saysAll reports that a value says of itself all that the other does: 90（12月末時点） all that 90 does, and not the other
// way round. An increase is no decrease.
func saysAll(a, b record.Field) bool {
	return (b.Nature == "" || a.Nature == b.Nature) && (b.Span == "" || a.Span == b.Span && a.AsOf == b.AsOf) &&
		(a.Approx || !b.Approx) && a.Change == b.Change
}
