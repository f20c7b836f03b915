package form

import (
	"os"
	"slices"
	"testing"
)

// A form K of the version before gets the columns that the program writes now, as the project's own form has them.
func TestOlderConfirmationFormKnowsTheColumnsOfNow(t *testing.T) {
	of := func(dir string) Form {
		forms, err := Load(os.DirFS(dir), ".")
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(forms, func(f Form) bool { return f.ID == confirmations })
		return forms[i]
	}
	older, now := of(olderForms), of("../../templates/forms")
	for _, want := range confirmationFields {
		for _, f := range []Form{older, now} {
			var same []FieldRule
			for _, rule := range f.Fields {
				if rule.Name == want.Name {
					same = append(same, rule)
				}
			}
			if len(same) != 1 || same[0].Type != want.Type || !same[0].Prefilled || !slices.Equal(same[0].Words, want.Words) {
				t.Errorf("%s: %+v", want.Name, same)
			}
		}
	}
	if len(older.Fields) != len(now.Fields) {
		t.Errorf("%d fields, and %d now", len(older.Fields), len(now.Fields))
	}
}
