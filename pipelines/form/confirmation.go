package form

import "slices"

// confirmationFields are the columns of 数値確認票 since November 2026. The program writes them, and reads them back
// whatever a city's own form K, of a version before, knows of.
var confirmationFields = []FieldRule{
	{Name: "beside", Type: "label", Prefilled: true, Words: []string{"あわせて確かめる値"}},
	{Name: "context", Type: "skip", Prefilled: true, Words: []string{"取組・指標"}},
	{Name: "item", Type: "skip", Prefilled: true, Words: []string{"項目"}},
	{Name: "before", Type: "skip", Prefilled: true, Words: []string{"一年前の値"}},
	{Name: "confirmed_last", Type: "skip", Prefilled: true, Words: []string{"前回確認した値"}},
	{Name: "places", Type: "skip", Prefilled: true, Words: []string{"載る所"}},
}

// complete gives form K the columns that the program writes.
func (f *Form) complete() {
	if f.ID != confirmations {
		return
	}
	for _, rule := range confirmationFields {
		if !slices.ContainsFunc(f.Fields, func(own FieldRule) bool { return own.Name == rule.Name }) {
			rule.Words = slices.Clone(rule.Words)
			f.Fields = append(f.Fields, rule)
		}
	}
}
