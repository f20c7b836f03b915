package form

import (
	"fmt"
	"os"
	"testing"
)

// No number alone is a head of the forms that there are: what is passed over to save time would not be one. A form of
// which a head is a number reads it.
func TestNumbersAloneAreNoHeads(t *testing.T) {
	t.Parallel()
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	var tried int
	try := func(text string) {
		if !plainNumber(text) {
			return
		}
		tried++
		for i := range forms {
			if _, ok := forms[i].readHeader(text); ok || forms[i].numbered {
				t.Errorf("%s is a head of %s", text, forms[i].ID)
			}
		}
	}
	for i := range 400 {
		for _, text := range []string{
			fmt.Sprint(i), fmt.Sprint(i * 7), fmt.Sprintf("%d.%d", i, i%13), fmt.Sprintf("-%d", i), fmt.Sprintf("%d%%", i),
			fmt.Sprintf("%d,%03d", i, i), fmt.Sprintf("%d-%d", i, i+1), fmt.Sprint(30_000_000 + i*97),
		} {
			try(text)
		}
	}
	if tried < 2000 {
		t.Errorf("%d texts tried", tried)
	}
	for text, want := range map[string]bool{
		"12": true, "1,234.5": true, "-3%": true, "2024": false, "1998": false, "120": false, "12人": false,
		"R6": false, "①": false,
	} {
		if plainNumber(text) != want {
			t.Errorf("%s", text)
		}
	}
	for i := range forms {
		f := forms[i]
		f.Fields = append([]FieldRule{{Name: "numbered", Words: []string{"１"}}}, f.Fields...)
		f.Series = nil
		f.normalise()
		if c, ok := f.matchHeader("1"); !ok || c.rule.Name != "numbered" {
			t.Errorf("%s: a head that is a number is not read", f.ID)
		}
	}
}
