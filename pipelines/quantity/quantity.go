// Package quantity reads a quantity as a Japanese office writes it: 「1,354 人」, 「20億4千万円」, 「約３割」, 「年1回以上」.
package quantity

import (
	"math/big"
	"regexp"
	"strings"
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

// Quantity is what a literal says. Numbers are exact decimals, never binary.
type Quantity struct {
	Status        Status
	Value         string // in Unit, as written: "50.1"; a mixture in the largest scale written: 20億4千万円 is "20.4" 億円
	Unit          string // as written: 億円, 割, 人; "" when none is
	Base          string // the value scaled: 20億4千万円 is "2040000000", 3.5万人 "35000", 9割 "90", 1時間30分 "90"
	BaseUnit      string // the unit of Base: 円, 人, %, 分
	Comparator    string // ge le gt lt or ""
	Change        string // increase decrease or ""; Value is the magnitude as printed
	Approx        bool
	Secondary     string // the second value of 6(1), 320件 (1,290人), 80名 110名, scaled
	SecondaryUnit string
	SecondaryComp string // the comparator of the second value: le of 3件以下 5件以下
	Beside        bool   // the second value stands beside the first and not in parentheses: 80名 110名
	Why           string // for Text: why it is no quantity, in Japanese
}

// Parse reads one literal. A sign may be ▲ △ - － − ‐ –; parentheses never are one: 「(7)」 is 7, and what they mean
// in a column is the form's business.
func Parse(literal string) Quantity {
	s := fold(literal)
	if q, ok := missing(s); ok {
		return q
	}
	s = wholeBrackets.ReplaceAllString(trimNote(s), "$1")
	if q, ok := missing(s); ok {
		return q
	}
	if undecided.MatchString(outsideBrackets(s)) && !counted.MatchString(s) {
		return Quantity{Status: Undecided}
	}
	q, why := parse(s)
	if why == "" {
		return q
	}
	if undecided.MatchString(s) {
		return Quantity{Status: Undecided}
	}
	q = Quantity{Status: Text, Why: why}
	_, q.Comparator = cutComparator(s)
	return q
}

var (
	wholeBrackets = regexp.MustCompile(`^[(【\[「]([^()【】\[\]「」]*)[)】\]」]$`)
	brackets      = regexp.MustCompile(`^(.*?[^(\s])\s*\(([^()]*)\)\s*(.*)$`)
	pair          = regexp.MustCompile(`^([^\s\d]*[\d.,]+[^\s\d.,]*)` +
		`(?:\s+|[/、,・と]|\s*(?:及び|並びに|または|又は)\s*)([▲△+-]?\d[^\s]*)$`)
	counted    = regexp.MustCompile(`^[\d,.]+ ?[^\d\s]{1,4}(?:策定|設定)$`) // 10件策定
	formula    = regexp.MustCompile(`^([^×*=]+)[×*]([^×*=]+)=([^=×*]+)$`)
	periodNote = regexp.MustCompile(`^(?:年|年間|年度|1年間?)$`)
	ofWhich    = regexp.MustCompile(`(?s)^(?:うち|内)?(?:再掲)?[:は]?(.*?)(?:再掲)?$`)
)

// parse reads a literal to its end: a formula, one quantity with a note or a second value in parentheses, or two
// quantities side by side. why is "" when it could.
func parse(s string) (q Quantity, why string) {
	if m := formula.FindStringSubmatch(s); m != nil {
		return product(m[1], m[2], m[3])
	}
	if m := brackets.FindStringSubmatch(s); m != nil {
		return withBrackets(m[1], strings.TrimSpace(m[2]), m[3])
	}
	if q, why = one(s); why == "" {
		return q, ""
	}
	m := pair.FindStringSubmatch(s)
	if m == nil {
		return q, why
	}
	first, why1 := one(m[1])
	second, why2 := one(m[2])
	if why1 != "" || why2 != "" || first.Unit == "" != (second.Unit == "") || first.Unit == "" &&
		!strings.Contains(s, "\n") {
		return q, why
	}
	first.Secondary, first.SecondaryUnit, first.Beside = second.Base, second.BaseUnit, true
	first.SecondaryComp = second.Comparator
	return first, ""
}

// Rivals reports that a cell states two values of one unit side by side, 「2回 11回」, and nothing says which is meant.
func (q Quantity) Rivals() bool { return q.Beside && SameUnit(q.BaseUnit, q.SecondaryUnit) }

// withBrackets reads 6(1), 320件 (1,290人), 50% (H20~R9), 30件（年）以上: what stands in the parentheses is a second
// value when it is a quantity and nothing else, and a note otherwise.
func withBrackets(before, inside, after string) (Quantity, string) {
	q, why := one(before + after)
	if why != "" {
		return q, why
	}
	if rest, code := cutComparator(inside); rest == "" && code != "" && q.Comparator == "" {
		q.Comparator = code // 100件（以下）
		return q, ""
	}
	if undecided.MatchString(inside) && undecided.FindString(inside) == inside && !counting.MatchString(inside) {
		return q, "括弧の中に「" + inside + "」とある"
	}
	m := ofWhich.FindStringSubmatch(inside)
	second, why := one(m[1])
	if why != "" || periodNote.MatchString(inside) || yearPrefix.MatchString(inside) {
		return q, ""
	}
	q.Secondary, q.SecondaryUnit = second.Base, second.BaseUnit
	if q.SecondaryUnit == "" {
		q.SecondaryUnit = "再掲"
	}
	return q, ""
}

// product reads 1,000千円×6人=6,000千円: the result, with the second factor beside it.
func product(a, b, c string) (Quantity, string) {
	x, why1 := one(strings.TrimSpace(a))
	y, why2 := one(strings.TrimSpace(b))
	z, why3 := one(strings.TrimSpace(c))
	if why1+why2+why3 != "" {
		return z, "式の各項が数量として読めない"
	}
	if new(big.Rat).Mul(rat(x.Base), rat(y.Base)).Cmp(rat(z.Base)) != 0 {
		return z, "式の左右が等しくない"
	}
	z.Secondary, z.SecondaryUnit = y.Base, y.BaseUnit
	return z, ""
}

// one reads a single quantity: words before it, sign, amount, unit, words after it.
func one(s string) (Quantity, string) {
	q := Quantity{Status: Number}
	s, q.Approx, q.Comparator = cutPrefixes(strings.TrimSpace(s))
	negative := false
	if rest := strings.TrimLeft(s, "▲△-"); len(rest) < len(s) {
		if strings.Count(s, "")-strings.Count(rest, "") > 1 {
			return q, "符号が重なっている"
		}
		s, negative = strings.TrimSpace(rest), true
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	s = cutYen(s)
	if s == "" || s[0] < '0' || s[0] > '9' {
		return q, startsWithNoDigit(s)
	}
	if why := looksLike(s); why != "" {
		return q, why
	}
	s = q.cutSuffixes(s)
	if why := q.amount(s); why != "" {
		return q, why
	}
	if negative {
		if q.Change != "" {
			return q, "符号と「増」「減」が重なっている"
		}
		q.Value, q.Base = Canonical("-"+q.Value), Canonical("-"+q.Base)
	}
	return q, ""
}

func startsWithNoDigit(s string) string {
	if kanjiNumeral.MatchString(s) {
		return "漢数字で書かれている"
	}
	if strings.ContainsAny(s, "0123456789") {
		return "数字の前に読めない語がある"
	}
	return "数字がない"
}

// Canonical writes a decimal text without needless zeros: 126.0 is 126, -0 is 0. Other text is returned as it is.
func Canonical(s string) string {
	if len(s) > maxDigits {
		return s
	}
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

func rat(s string) *big.Rat {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return new(big.Rat)
	}
	return r
}
