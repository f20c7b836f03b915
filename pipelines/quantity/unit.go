package quantity

import (
	"math/big"
	"regexp"
	"strings"
)

// unit is a unit's size in its base: 千円 is 1000 円, 割 is 10 %.
type unit struct {
	base   string
	factor *big.Rat
}

var (
	seconds = map[string]int64{"秒": 1, "分": 60, "時間": 3600, "日": 86400}
	months  = map[string]int64{"か月": 1, "ヶ月": 1, "ヵ月": 1, "カ月": 1, "ケ月": 1, "箇月": 1, "個月": 1, "年": 12}
	period  = regexp.MustCompile(`\s*/\s*(?:年度|年間|年)$|\s*/\s*1年$`)
	scaleOf = regexp.MustCompile(`^([十百千]?[万億兆]|[百千])([^貨葉/].*)$`)
	synonym = map[string]string{
		"名": "人", "パーセント": "%", "㌫": "%", "個所": "か所", "箇所": "か所", "ヶ所": "か所", "ヵ所": "か所", "カ所": "か所", "ケ所": "か所",
		"pt": "ポイント", "名分": "人分",
	}
)

// measure reads a unit as written: 千円/回 is 1000 円/回. An unknown unit is its own base.
func measure(u string) unit {
	switch u {
	case "割":
		return unit{"%", big.NewRat(10, 1)}
	case "パーセント":
		u = "%"
	}
	if m := scaleOf.FindStringSubmatch(u); m != nil {
		small, large := exponents(m[1])
		return unit{m[2], power(small + large)}
	}
	return unit{u, big.NewRat(1, 1)}
}

// cutPeriod drops what says that a value is of a year: 時間/年間 is 時間. /回 and /月 stay.
func cutPeriod(u string) string { return period.ReplaceAllString(u, "") }

// In is the value in a column's unit: 342千円 in 千円 is 342, 1時間30分 in 分 is 90. A value without a unit, or
// with nothing but a period (100/年), is in the column's already. It is false where the two units measure different
// things, or where no decimal says it exactly.
func (q Quantity) In(column string) (string, bool) {
	if q.BaseUnit == "" || q.Status != Number {
		return q.Value, q.Status == Number
	}
	want := measure(cutPeriod(columnUnit(column)))
	if want.base == "" {
		return q.Base, true
	}
	from, size := dimension(q.BaseUnit)
	to, unit := dimension(want.base)
	if from != to || from == "" {
		if !sameCount(q.BaseUnit, want.base) {
			return "", false
		}
		from, to = "", ""
	}
	v := new(big.Rat).Quo(rat(q.Base), want.factor)
	if from == to && from != "" {
		v.Mul(v, big.NewRat(size, unit))
	}
	if _, exact := v.FloatPrec(); !exact {
		return "", false
	}
	return decimal(v), true
}

var inParens = regexp.MustCompile(`\(.*?\)`)

// columnUnit is the unit that a 単位 column or a heading states: 千円（税込） is 千円; － is none.
func columnUnit(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(inParens.ReplaceAllString(fold(s), "")), " ", "")
	if missingMark.MatchString(s) {
		return ""
	}
	return s
}

// sizes are units that measure the same thing, each in the smallest.
var sizes = map[string]struct {
	dimension string
	size      int64
}{
	"mm": {"length", 1}, "cm": {"length", 10}, "m": {"length", 1000}, "メートル": {"length", 1000},
	"km": {"length", 1_000_000}, "㎞": {"length", 1_000_000},
	"mg": {"weight", 1}, "g": {"weight", 1000}, "グラム": {"weight", 1000}, "kg": {"weight", 1_000_000},
	"㎏": {"weight", 1_000_000},
	"t": {"weight", 1_000_000_000}, "トン": {"weight", 1_000_000_000},
	"㎡": {"area", 1}, "m2": {"area", 1}, "平方メートル": {"area", 1}, "a": {"area", 100}, "ha": {"area", 10_000},
	"㏊":     {"area", 10_000},
	"ヘクタール": {"area", 10_000}, "㎢": {"area", 1_000_000}, "km2": {"area", 1_000_000},
	"mL": {"volume", 1}, "ml": {"volume", 1}, "L": {"volume", 1000}, "リットル": {"volume", 1000}, "kL": {"volume", 1_000_000},
	"kl": {"volume", 1_000_000},
	"㎥":  {"volume", 1_000_000}, "m3": {"volume", 1_000_000},
	"Wh": {"energy", 1}, "kWh": {"energy", 1000}, "MWh": {"energy", 1_000_000}, "GWh": {"energy", 1_000_000_000},
}

// dimension says what a base unit measures, and its size there: 分 is time, 60. Counts (件, 回, 台) have none. % and
// ポイント are one: a target of 「2ポイント増」 stands in a column of %.
func dimension(u string) (string, int64) {
	if s, ok := synonym[u]; ok {
		u = s
	}
	if n, ok := seconds[u]; ok && u != "日" { // a day of work is no 24 hours
		return "time", n
	}
	if n, ok := months[u]; ok {
		return "months", n
	}
	if s, ok := sizes[u]; ok {
		return s.dimension, s.size
	}
	switch u {
	case "円", "人":
		return u, 1
	case "%", "ポイント":
		return "%", 1
	}
	return "", 1
}

// sameCount reports two counters that may stand for each other: 件 and 件数, 人 and 延べ人数, か所 and 箇所.
func sameCount(a, b string) bool {
	for _, u := range []*string{&a, &b} {
		if s, ok := synonym[*u]; ok {
			*u = s
		}
	}
	return strings.Contains(a, b) || strings.Contains(b, a)
}
