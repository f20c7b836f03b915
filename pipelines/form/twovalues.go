package form

import (
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// choose gives a target of two values (2回 11回) the one that a person's confirmation names: 「確認 11回」. A confirmation
// that names neither settles nothing.
func (m Masters) choose(w *record.Workbook) {
	for i := range w.Records {
		for j := range w.Records[i].Fields {
			f := &w.Records[i].Fields[j]
			if f.Value != "" || f.Second == "" {
				continue
			}
			value, ok := m.chosen(w, *f)
			if !ok {
				continue
			}
			f.Value, f.Comparator, f.Second, f.SecondUnit = value.Value, value.Comparator, "", ""
			w.Findings = slices.DeleteFunc(w.Findings, func(found record.Finding) bool {
				return found.Code == finding.ValueAmbiguous && found.Sheet == f.Sheet && found.Cell == f.Cell
			})
		}
	}
}

// chosen is the value of a cell of two that the decisions about it name, in the cell's unit, with its 以上 or 以下; false
// where none does, or two name different ones.
func (m Masters) chosen(w *record.Workbook, f record.Field) (quantity.Quantity, bool) {
	first := quantity.Parse(f.Text)
	second := first.Second()
	var ok, also bool
	first.Value, ok = first.In(f.Unit)
	second.Value, also = second.In(f.Unit)
	if !ok || !also {
		return quantity.Quantity{}, false
	}
	named := map[string]quantity.Quantity{}
	for _, d := range m.Decisions {
		on, _ := d.Place()
		if d.Municipality != w.Municipality || !d.Confirms() || !d.Applies(w.Path) || !d.IsAbout(f.Cell) ||
			on != "" && on != f.Sheet {
			continue
		}
		switch v, ok := quantity.Parse(afterWord(d.Decision)).In(f.Unit); {
		case !ok:
		case v == first.Value:
			named[v] = first
		case v == second.Value:
			named[v] = second
		}
	}
	if len(named) != 1 {
		return quantity.Quantity{}, false
	}
	for _, v := range named {
		return v, true
	}
	return quantity.Quantity{}, false
}

// afterWord is what stands behind the word of a confirmation: 11回 of 「確認（11回）」.
func afterWord(decision string) string {
	for _, word := range []string{"確認", "正しい", "認める", "認め"} {
		if _, rest, ok := strings.Cut(decision, word); ok {
			return strings.Trim(rest, " 　:：()（）「」、。")
		}
	}
	return ""
}
