package form

import (
	"testing"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// What parentheses mean is the column's business.
func TestParenthesesByRule(t *testing.T) {
	cases := []struct {
		rule, text string
		want       map[string]string // field → value
	}{
		{"negative", "（7）", map[string]string{"value": "-7"}},
		{"negative", "(3.4%)", map[string]string{"value": "-3.4"}},
		{"negative", "320件 (1,290人)", map[string]string{"value": "320"}},
		{"plan", "(1,346 人)", map[string]string{"value_plan": "1346"}},
		{"plan", "1,352（1,346）", map[string]string{"value": "1352", "value_plan": "1346"}},
		{"relisted", "6(1)", map[string]string{"value": "6", "value_relisted": "1"}},
		{"", "（7）", map[string]string{"value": "7"}},
	}
	for _, c := range cases {
		reader := &reader{form: &Form{}, sheet: &workbook.Sheet{}}
		fields := reader.number(&record.Record{}, record.Field{Name: "value", Text: c.text}, &FieldRule{
			Name: "value", Parentheses: c.rule,
		})
		if len(fields) != len(c.want) {
			t.Errorf("%s %s: %d fields", c.rule, c.text, len(fields))
		}
		for _, f := range fields {
			if c.want[f.Name] != f.Value {
				t.Errorf("%s %s: %s is %q, want %q", c.rule, c.text, f.Name, f.Value, c.want[f.Name])
			}
		}
	}
}
