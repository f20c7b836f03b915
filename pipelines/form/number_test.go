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

// The second value scales as the first does: 1,352千円（1,346千円） in a column of 千円 is 1,352 and 1,346, in one of 円 a
// thousand times both; what cannot be put into the column's unit is no value.
func TestParenthesesScaleLikeTheirColumn(t *testing.T) {
	for _, c := range []struct{ in, text, value, second string }{
		{"千円", "1,352千円（1,346千円）", "1352", "1346"}, {"千円", "1,352千円（1,346）", "1352", "1346"},
		{"円", "1,352千円（1,346千円）", "1352000", "1346000"}, {"円", "1,352千円（1,346）", "1352000", "1346000"},
		{"千円", "1,352（1,346）", "1352", "1346"}, {"千円", "2百万円（1,346千円）", "2000", "1346"},
		{"", "1,352千円（1,346千円）", "1352", "1346"}, {"件", "320件（1,290人）", "320", ""}, {"千円", "1,352（1,346人）", "1352", ""},
	} {
		for _, kind := range []string{"plan", "relisted"} {
			reader := &reader{form: &Form{}, sheet: &workbook.Sheet{}, headUnit: "千円"}
			fields := reader.number(&record.Record{}, record.Field{Name: "value", Text: c.text}, &FieldRule{
				Name: "value", Parentheses: kind, In: c.in,
			})
			second := ""
			if len(fields) > 1 {
				second = fields[1].Value
			}
			refused := len(reader.findings) == 1 && reader.findings[0].Code == "unit_mismatch"
			if fields[0].Value != c.value || second != c.second || refused != (c.second == "") {
				t.Errorf("%s in %s: %q and %q, %+v", c.text, c.in, fields[0].Value, second, reader.findings)
			}
		}
	}
}
