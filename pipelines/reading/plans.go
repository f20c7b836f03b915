package reading

import (
	"strconv"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// unsetPlans gives a plan to every municipality's form that the settings do not mention: the name that its workbooks
// state, else the form's, and the years that they are of. Without one, its figures would be in no plan.
func unsetPlans(books []*record.Workbook, forms []form.Form, set []warehouse.Plan) []warehouse.Plan {
	var out []warehouse.Plan
	at := map[string]int{}
	for _, p := range set {
		at[p.Municipality+"|"+p.Form] = -1
	}
	for _, w := range books {
		for i := range w.Records {
			r := &w.Records[i]
			id := w.Municipality + "|" + r.Form
			k, known := at[id]
			if k < 0 {
				continue
			}
			if !known {
				k = len(out)
				at[id] = k
				out = append(out, warehouse.Plan{
					Municipality: w.Municipality, Form: r.Form, ShareMethod: "largest_remainder", EndedMark: project.EndedMark,
					FirstYear: r.FiscalYear, LastYear: r.FiscalYear,
				})
			}
			p := &out[k]
			if start, err := strconv.Atoi(r.Value("start_year")); err == nil {
				p.FirstYear = min(p.FirstYear, start)
			}
			p.FirstYear, p.LastYear = min(p.FirstYear, r.FiscalYear), max(p.LastYear, r.FiscalYear)
			if p.Name == "" {
				p.Name = r.Value("plan")
			}
		}
	}
	for k := range out {
		for _, f := range forms {
			if out[k].Name == "" && f.ID == out[k].Form {
				out[k].Name = f.Name
			}
		}
	}
	return out
}

// symbols lists the symbols of every form in their order.
func symbols(forms []form.Form) []warehouse.Symbol {
	var out []warehouse.Symbol
	for _, f := range forms {
		for _, rule := range f.Fields {
			for i, s := range f.Symbols[rule.Symbols] {
				out = append(out, warehouse.Symbol{
					Form: f.ID, Measure: rule.Name, Position: i + 1, Symbol: s.Symbol, Meaning: s.Meaning,
				})
			}
		}
	}
	return out
}
