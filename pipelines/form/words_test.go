package form

import "testing"

// A field is called by the first of its words as the form writes it, and by its own name where there is none.
func TestWord(t *testing.T) {
	table := Form{Fields: []FieldRule{
		{Name: "indicator", Words: []string{"ＫＰＩ", "指標"}}, {Name: "actual", Words: []string{"実績値"}, Scoped: true},
		{Name: "pillar", Words: []string{"改革の柱"}}, {Name: "relisted"},
	}}
	table.normalise()
	series := Form{Series: &SeriesRule{
		IndicatorWords: []string{"指標"}, ActualWords: []string{"実績"}, PlanWords: []string{"計画"}, AsOfWords: []string{"時点"},
	}}
	series.normalise()
	for _, c := range []struct {
		form   *Form
		field  string
		word   string
		yearly bool
	}{
		{&table, "indicator", "ＫＰＩ", false}, {&table, "actual", "実績値", true}, {&table, "pillar_no", "改革の柱の番号", false},
		{&table, "relisted", "relisted", false}, {&table, "nothing_no", "nothing_no", false},
		{&table, "plan_value", "plan_value", false}, {&table, "actual_state", "実績値の回答状況", true},
		{&table, "nothing_state", "nothing_state", false},
		{&series, "indicator", "指標", false}, {&series, "actual", "実績", true}, {&series, "plan_value", "計画", true},
		{&series, "as_of", "時点", false}, {&series, "standard_as_of", "時点", false}, {&series, "unit", "unit", false},
	} {
		if word, yearly := c.form.Word(c.field), c.form.Yearly(c.field); word != c.word || yearly != c.yearly {
			t.Errorf("%s: %q %v", c.field, word, yearly)
		}
	}
}
