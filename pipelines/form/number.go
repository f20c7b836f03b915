package form

import (
	"cmp"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

var allInBrackets = regexp.MustCompile(`^[（(]([^（）()]*)[)）]$`)

// noValue is what people write where there is no value: an answer, and no number.
var noValue = regexp.MustCompile(`^\(?(?:該当(?:なし|無し|無|せず|事業なし)|` +
	`(?:集計|集計作業|調査|精査|確認|取りまとめ|とりまとめ|算定|算出)中(?:です)?|n/a)[。]?\)?$`)

// pointsElsewhere is a text in place of a number that stands somewhere else: the figure is not lost in silence.
var pointsElsewhere = regexp.MustCompile(`^[(（]?(?:(?:別紙|別添|別表|別途|別記|上記|下記|次頁|前頁).*|.*を?参照)[)）]?$`)

// number reads a quantity into the unit of its record. Values keep how they were written in Text.
func (t *reader) number(r *record.Record, f record.Field, rule *FieldRule) []record.Field {
	if noValue.MatchString(record.Normal(f.Text)) {
		return []record.Field{f}
	}
	q := quantity.Parse(f.Text)
	f.Comparator = q.Comparator
	unit := cmp.Or(rule.In, r.Value(rule.Unit))
	switch {
	case sameAs(f.Text), pointsElsewhere.MatchString(record.Normal(f.Text)):
		t.unreadable(r, f, "ほかのセルか資料を指している")
		return []record.Field{f}
	case q.Status == quantity.Missing:
		return []record.Field{f}
	case q.Status == quantity.Undecided && rule.Literal, q.Status == quantity.Text && rule.Literal && !hasDigit(f.Text):
		return []record.Field{f}
	case q.Status != quantity.Number:
		t.unreadable(r, f, q.Why)
		return []record.Field{f}
	case q.Rivals():
		return t.twoValues(r, f, q, unit, rule)
	}
	second := q.Secondary != "" && (rule.Parentheses == "plan" || rule.Parentheses == "relisted")
	if why := remark(f.Text, f.Scope); why != "" && (!second || otherYear(f.Text, f.Scope) != "") {
		t.unreadable(r, f, why)
		return []record.Field{f}
	}
	if why := t.unitDoubt(&q, f.Text, unit, rule); why != "" {
		t.unitMismatch(r, f, unit, why)
		return []record.Field{f}
	}
	value, ok := q.In(unit)
	if whole, _, _ := strings.Cut(strings.TrimPrefix(value, "-"), "."); len(whole) > maxWhole {
		t.unreadable(r, f, "桁数が多すぎる")
		return []record.Field{f}
	}
	if !ok {
		why := ""
		if unit == "－" {
			why = "「" + q.Unit + "」とあるが、単位の欄は「－」"
		}
		t.unitMismatch(r, f, unit, why)
		return []record.Field{f}
	}
	f.Value, f.Unit = value, unit
	if unit == "" {
		f.Unit = q.Unit
	}
	f.Approx, f.Change = q.Approx, q.Change
	qualify(&f, natureOf(f.Text).over(t.headNature))
	if !second {
		f.Second, f.SecondUnit = q.Secondary, q.SecondaryUnit
	}
	return t.parentheses(r, rule, f, q)
}

// twoValues is a cell with two values of one unit, 「2回 11回」: which of them is meant, nothing says. A target stays as it
// is written, without a value; anything else is no number.
func (t *reader) twoValues(
	r *record.Record, f record.Field, q quantity.Quantity, unit string, rule *FieldRule,
) []record.Field {
	if !rule.Literal {
		t.unreadable(r, f, "同じ単位の値が二つある")
		return []record.Field{f}
	}
	f.Comparator, f.Unit = "", unit
	f.Second, f.SecondUnit = q.Secondary, q.SecondaryUnit
	t.findings = append(t.findings, finding.New(
		finding.ValueAmbiguous, t.sheet.Name, f.Cell, record.OneLine(f.Text), q.Secondary+q.SecondaryUnit))
	return []record.Field{f}
}

// unitDoubt says why the unit of a number cannot be known: its head and its record state two, a scale (万) stands in a
// unit that has one itself, or a cell has a scaled unit (千円) where nothing else says one. The head's unit is that of
// the number where a form reads all into one.
func (t *reader) unitDoubt(q *quantity.Quantity, text, unit string, rule *FieldRule) string {
	scaled := scaledUnit.MatchString(unit)
	switch head := t.headUnit; {
	case head == "" || q.Unit != "":
	case rule.In != "" && !quantity.SameUnit(head, rule.In):
		*q = quantity.Parse(strings.TrimSpace(text) + head)
		if q.Status != quantity.Number {
			return "見出しの単位「" + head + "」で読めない"
		}
	case rule.In == "" && unit == "" && t.unitAbove() != "" && !quantity.SameUnit(head, t.unitAbove()):
		return "見出しの単位は「" + head + "」、表の単位は「" + t.unitAbove() + "」"
	case rule.In == "" && unit != "" && unit != "－" && !quantity.SameUnit(head, unit):
		return "見出しの単位は「" + head + "」、単位の欄は「" + unit + "」"
	}
	switch {
	case taxOf(unit) != "" && taxOf(text) != "" && taxOf(unit) != taxOf(text):
		return "「" + taxOf(text) + "」とあるが、単位は「" + unit + "」"
	case unit != "" && perPart.MatchString(q.Unit) && !strings.Contains(norm.NFKC.String(unit), "/"):
		return "「" + q.Unit + "」とあるが、単位は「" + unit + "」"
	case scaled && q.Unit == "" && bareScale.MatchString(strings.TrimSpace(norm.NFKC.String(text))):
		return "単位「" + unit + "」に桁の字が重なっている"
	case unit == "" && q.Unit != "" && q.Unit != "%" && t.headUnit == "" && t.unitAbove() != "" &&
		!quantity.SameUnit(q.Unit, t.unitAbove()):
		return "「" + q.Unit + "」とあるが、表の単位は「" + t.unitAbove() + "」"
	case unit == "" && rule.Unit == "" && scaledUnit.MatchString(q.Unit) && t.unitAbove() == "" && t.headUnit != q.Unit:
		return "「" + q.Unit + "」とあるが、ほかの値の単位が分からない"
	}
	if unit == "" && q.Unit != "" { // as it is written: what else it may be counted in, nothing says
		q.Base, q.BaseUnit = q.Value, ""
	}
	return ""
}

// taxOf says whether an amount is with the consumption tax or without; "" where a text does not say, or says both.
func taxOf(text string) string {
	with, without := taxWith.MatchString(text), taxWithout.MatchString(text)
	switch {
	case with == without:
		return ""
	case with:
		return "税込"
	}
	return "税抜"
}

var (
	taxWith    = regexp.MustCompile(`税込|内税`)
	taxWithout = regexp.MustCompile(`税抜|税別|外税`)
)

// perPart is a unit of a part of the year: 冊/月.
var perPart = regexp.MustCompile(`/(?:か?月|週|日)`)

// scaledUnit is a unit with a scale in it: 千円, 百万円, 万人.
var scaledUnit = regexp.MustCompile(`^[十百千]?[十百千万億兆].`)

// unitAbove is the unit that a line above the records states for all of them: （単位：千円）.
func (t *reader) unitAbove() string {
	end := t.sheet.Rows
	if t.head != nil {
		end = t.head.top
	}
	for i := range end {
		for _, j := range geometry.Row(t.sheet, i, 0, t.sheet.Cols) {
			if m := unitStated.FindStringSubmatch(norm.NFKC.String(t.sheet.At(i, j).Text)); m != nil {
				return m[1]
			}
		}
	}
	return ""
}

var unitStated = regexp.MustCompile(`単位\s*[:：]\s*([^\s()、,・]+)`)

// unitMismatch leaves out a record for a value whose unit is not its column's, with the reason where there is more to
// say than the two units.
func (t *reader) unitMismatch(r *record.Record, f record.Field, unit, why string) {
	t.fail(r, finding.UnitMismatch, f.Cell, f.Text, unit)
	if why != "" {
		unitClash(t.findings, why)
	}
}

// unitClash says in the last finding which two units a value cannot have at once.
func unitClash(findings []record.Finding, why string) {
	last := &findings[len(findings)-1]
	last.Message = "「" + last.Found + "」の単位が決められません（" + why + "）。単位をそろえて書き直してください。"
}

// parentheses reads what stands in parentheses by the column's rule: a negative number, or the value of another field
// (plan, relisted), alone or behind the number. The second value is put into the column's unit as the first is.
func (t *reader) parentheses(r *record.Record, rule *FieldRule, f record.Field, q quantity.Quantity) []record.Field {
	whole := allInBrackets.MatchString(strings.TrimSpace(f.Text))
	switch rule.Parentheses {
	case "negative":
		if whole {
			f.Value = quantity.Canonical("-" + strings.TrimPrefix(f.Value, "-"))
		}
	case "plan", "relisted":
		other := f
		other.Name = f.Name + "_" + rule.Parentheses
		if whole {
			return []record.Field{other}
		}
		if q.Secondary == "" {
			break
		}
		value, ok := q.Second().In(f.Unit)
		if !ok {
			t.unitMismatch(r, other, f.Unit, "括弧の中の値の単位が違う")
			return []record.Field{f}
		}
		other.Value = value
		return []record.Field{f, other}
	}
	return []record.Field{f}
}

// unreadable says why a text is no number.
func (t *reader) unreadable(r *record.Record, f record.Field, why string) {
	t.fail(r, finding.NumberUnreadable, f.Cell, f.Text, "数値")
	if why != "" {
		last := &t.findings[len(t.findings)-1]
		last.Message = strings.Replace(last.Message, "読めません。", "読めません（"+why+"）。", 1)
	}
}

// maxWhole is the digits before the point of the largest value (99兆円): rates are computed exactly up to it.
const maxWhole = 14

func hasDigit(s string) bool { return strings.ContainsAny(norm.NFKC.String(s), "0123456789") }

// unitName is a unit as it is stored: half width and without spaces; a mark for no unit is －.
func unitName(text string) string {
	if quantity.Parse(text).Status == quantity.Missing {
		return "－"
	}
	return strings.Join(strings.Fields(norm.NFKC.String(quantity.Bare(text))), "")
}

// choose is the value that a text means, also with a remark in parentheses: 継続(名称変更) is 継続.
func (rule *FieldRule) choose(text string) (string, bool) {
	n := record.Normal(text)
	short := n
	if m := headBrackets.FindStringSubmatch(n); m != nil {
		short = m[1]
	}
	for _, try := range []string{n, short} {
		for _, c := range rule.Choices {
			if contains(c.Words, try) || record.Normal(c.Value) == try {
				return c.Value, true
			}
		}
	}
	return "", false
}

func (rule *FieldRule) choiceList() string {
	var out []string
	for _, c := range rule.Choices {
		out = append(out, c.Value)
	}
	return strings.Join(out, " ")
}
