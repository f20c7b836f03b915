// Package quantity reads a quantity as a Japanese office writes it: 「1,354 人」, 「50 億円以上」, 「▲3.4%」.
package quantity

import (
	"math/big"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Status says what a literal turned out to be.
type Status string

// A literal is a number, a mark for no value, a text that says the value is still to be decided, or plain text.
const (
	Number    Status = "number"
	Missing   Status = "missing"
	Undecided Status = "undecided"
	Text      Status = "text"
)

// Quantity is what a literal says. Value is an exact decimal in Unit as written ("50.1", 億円), never scaled.
type Quantity struct {
	Status     Status
	Value      string
	Unit       string
	Comparator string // ge le gt lt or ""
}

var (
	missingMark = regexp.MustCompile(`^[-—–―ー‐−－.…・]*$|^空欄$|^〇〇$|^該当なし$`)
	undecided   = regexp.MustCompile(`決定|未定|検討中|調整中`)
	number      = regexp.MustCompile(`^([▲△\-−+])?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(.*)$`)
	approximate = regexp.MustCompile(`^(約|おおむね|概ね|計|全|合計|平均)`)
	unit        = regexp.MustCompile(`^[\p{L}%℃‰/㎡㎥㎞ー々〇・]*$`)
	comparators = []struct{ word, code string }{
		{"以上", "ge"}, {"以下", "le"}, {"以内", "le"}, {"未満", "lt"}, {"を超える", "gt"}, {"を超え", "gt"}, {"超", "gt"},
	}
)

// Parse reads one literal. A sign may be ▲ △ - − +; parentheses are the form's business and are not read here.
func Parse(literal string) Quantity {
	s := strings.Join(strings.Fields(norm.NFKC.String(literal)), "")
	if missingMark.MatchString(s) {
		return Quantity{Status: Missing}
	}
	rest := approximate.ReplaceAllString(s, "")
	m := number.FindStringSubmatch(rest)
	if m == nil {
		if undecided.MatchString(s) {
			return Quantity{Status: Undecided}
		}
		return Quantity{Status: Text}
	}
	q := Quantity{Status: Number, Value: strings.ReplaceAll(m[2], ",", "") + m[3], Unit: m[4]}
	for _, c := range comparators {
		if strings.HasSuffix(q.Unit, c.word) {
			q.Unit, q.Comparator = strings.TrimSuffix(q.Unit, c.word), c.code
			break
		}
	}
	if !unit.MatchString(q.Unit) {
		return Quantity{Status: Text}
	}
	if m[1] != "" && m[1] != "+" {
		q.Value = "-" + q.Value
	}
	q.Value = Canonical(q.Value)
	return q
}

// Canonical writes a decimal text without needless zeros: 126.0 is 126, -0 is 0. Other text is returned as it is.
func Canonical(s string) string {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return s
	}
	n, exact := r.FloatPrec()
	if !exact {
		return s
	}
	return r.FloatString(n)
}
