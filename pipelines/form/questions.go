package form

import (
	"cmp"
	"slices"

	"kyogikai/pipelines/record"
)

// Questions are what forms ask of a department every year and have to get: what they say is asked and needed, the value
// of the year where a record is of one year. What may stay blank (備考) is none.
func Questions(forms []Form) []record.Question {
	var out []record.Question
	for i := range forms {
		f := &forms[i]
		if f.ID == confirmations {
			continue
		}
		add := func(rule *FieldRule, yearInKey bool) {
			q := record.Question{
				Form: f.ID, Kind: f.Record, Field: rule.Name, Title: cmp.Or(rule.title, rule.Name),
				ByYear: rule.Scoped && !yearInKey, YearInKey: yearInKey, Literal: rule.Literal || rule.Type == "text",
			}
			if f.Judge != nil && f.Judge.Actual == rule.Name {
				q.Unless = f.Judge.Target
			}
			out = append(out, q)
		}
		if f.Layout == LayoutUnknown {
			continue
		}
		if f.Series != nil {
			add(f.only, true)
			continue
		}
		before := len(out)
		for k := range f.Fields {
			rule := &f.Fields[k]
			switch {
			case rule.Asked && (rule.Needed || f.mustHave(rule.Name)):
				add(rule, f.keyYear() != "")
			case f.keyYear() != "" && rule.Type == "number" && f.mustHave(rule.Name):
				add(rule, true)
			}
		}
		if len(out) == before { // nothing but that the record is there
			out = append(out, record.Question{Form: f.ID, Kind: f.Record, YearInKey: f.keyYear() != ""})
		}
	}
	return out
}

// confirmations is the form on which a department confirms figures: it is no survey, and owed by nobody.
const confirmations = "K"

// mustHave reports a field that may never be blank.
func (f *Form) mustHave(name string) bool {
	return slices.ContainsFunc(f.Required, func(q Requirement) bool {
		return q.Field == name && len(q.When) == 0 && len(q.Unless) == 0
	})
}
