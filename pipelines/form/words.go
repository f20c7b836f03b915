package form

import (
	"slices"
	"strings"
)

// Word is what people call a field: the first of its words, as the form writes it. A field that the form has no word
// for is called by its own name.
func (f *Form) Word(field string) string {
	for i := range f.Fields {
		if r := &f.Fields[i]; r.Name == field && r.title != "" {
			return r.title
		}
	}
	if s := f.Series; s != nil {
		for _, w := range []struct {
			field string
			words []string
		}{
			{"indicator", s.IndicatorWords}, {"standard", s.StandardWords}, {"year", s.YearWords}, {"as_of", s.AsOfWords},
			{"standard_as_of", s.AsOfWords}, {"actual", s.ActualWords}, {"plan_value", s.PlanWords}, {"unit", s.UnitWords},
		} {
			if w.field == field && len(w.words) > 0 {
				return w.words[0]
			}
		}
	}
	if named, ok := strings.CutSuffix(field, "_no"); ok { // what a field of type numbered is split into
		if word := f.Word(named); word != named {
			return word + "の番号"
		}
	}
	if of, ok := strings.CutSuffix(field, stateSuffix); ok {
		if word := f.Word(of); word != of {
			return word + stateWords[0]
		}
	}
	return field
}

// Yearly reports whether a field has a value for each year.
func (f *Form) Yearly(field string) bool {
	field = strings.TrimSuffix(field, stateSuffix)
	for i := range f.Fields {
		if f.Fields[i].Name == field {
			return f.Fields[i].Scoped
		}
	}
	return f.Series != nil && (field == "actual" || field == "plan_value")
}

// contains reports whether a normalised text is one of a form's words.
func contains(words []string, text string) bool { return text != "" && slices.Contains(words, text) }
