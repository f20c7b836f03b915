package quantity

import (
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
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

// In is the value in a column's unit: 342千円 in 千円 is 342, 1時間30分 in 分 is 90, 45円 in 円/件 is 45 (what is
// counted over the column's own count). A value without a unit, or with nothing but a period (100/年), is in the
// column's already. It is false where the two units are not the same thing, where no decimal says it exactly, and
// where a column that states no unit (－) meets a scale that it cannot keep.
func (q Quantity) In(column string) (string, bool) {
	if q.Status != Number {
		return "", false
	}
	if q.BaseUnit == "" {
		return q.Value, true
	}
	want := sizeOf(columnUnit(column))
	if want.base == "" && q.Value != q.Base {
		return "", false
	}
	if want.base == "" {
		return q.Value, true
	}
	have := sizeOf(q.BaseUnit)
	if !have.measures(want) && (q.Change == "" || have.base+want.base != "ポイント%") { // 2ポイント増, of a column of %
		return "", false
	}
	v := new(big.Rat).Mul(rat(q.Base), have.factor)
	v.Quo(v, want.factor)
	if want.per != "" && have.per != "" {
		v.Quo(v, have.perFactor).Mul(v, want.perFactor)
	}
	if _, exact := v.FloatPrec(); !exact {
		return "", false
	}
	return decimal(v), true
}

// Second is the value beside the first, 1,346千円 of 1,352千円（1,346千円）, as a quantity of its own. One without a
// unit is in the unit of the first as it is written.
func (q Quantity) Second() Quantity {
	second := Quantity{
		Status: Number, Value: q.Secondary, Base: q.Secondary, BaseUnit: q.SecondaryUnit, Comparator: q.SecondaryComp,
	}
	if q.SecondaryUnit == "再掲" || q.SecondaryUnit == "" {
		u := measure(strings.ReplaceAll(cutPeriod(q.Unit), " ", ""))
		second.Base = decimal(new(big.Rat).Mul(rat(q.Secondary), u.factor))
		second.Unit, second.BaseUnit = q.Unit, u.base
	}
	return second
}

// SameUnit reports that two units, as a column states them, are one: 箇所 and か所, 名 and 人, ％ and パーセント. 千円
// and 円 are not: a bare number is another amount in each.
func SameUnit(a, b string) bool {
	x, y := sizeOf(columnUnit(a)), sizeOf(columnUnit(b))
	return x.base == y.base && x.of == y.of && x.per == y.per && x.factor.Cmp(y.factor) == 0 &&
		x.perFactor.Cmp(y.perFactor) == 0
}

// size is a unit taken apart: what it counts or measures, how much of that, of what (CO2), and per what.
type size struct {
	base      string // 円, mm, 秒, 件; of all units that convert into each other the same
	factor    *big.Rat
	of        string   // CO2 of t-CO2
	per       string   // 日 of km/日
	perFactor *big.Rat // 1000 of 人/千人
}

// measures reports that a value in x is one in a column of y: the same thing, per the same thing, or what y is a rate
// of. A column may say of what it is (kg-CO2) where a cell does not.
func (x size) measures(y size) bool {
	return x.base == y.base && (x.of == y.of || x.of == "") && (x.per == y.per || x.per == "")
}

func sizeOf(name string) size {
	s := size{perFactor: big.NewRat(1, 1)}
	counted, per, rate := strings.Cut(unitKey(name), "/")
	if rate {
		p := sizeOf(strings.ReplaceAll(per, "/", "・"))
		s.per, s.perFactor = p.base+p.of, p.factor
	}
	if m := ofCO2.FindStringSubmatch(counted); m != nil {
		counted, s.of = m[1], "CO2"
	}
	s.base, s.factor = baseOf(counted)
	return s
}

// baseOf is a unit's base and its size there: 千円 is 1000 円, km is 1,000,000 mm, 件数 is 1 件.
func baseOf(name string) (string, *big.Rat) {
	if base, factor, ok := known(name); ok {
		return base, factor
	}
	if m := scaleOf.FindStringSubmatch(name); m != nil {
		small, large := exponents(m[1])
		base, factor := baseOf(unitKey(m[2]))
		return base, new(big.Rat).Mul(factor, power(small+large))
	}
	return name, big.NewRat(1, 1)
}

func known(name string) (string, *big.Rat, bool) {
	if s, ok := spelling[name]; ok {
		name = s
	}
	switch {
	case name == "割":
		return "%", big.NewRat(10, 1), true
	case name == "年" || name == "か月":
		return "か月", big.NewRat(months[name], 1), true
	case seconds[name] > 0 && name != "日": // a day of work is no 24 hours
		return "秒", big.NewRat(seconds[name], 1), true
	}
	if m, ok := measures[name]; ok {
		return m.base, power(m.exponent), true
	}
	return name, big.NewRat(1, 1), spelling[name] != ""
}

var (
	inParens = regexp.MustCompile(`\(.*?\)`)
	bracket  = regexp.MustCompile(`^[(\[【]([^()\[\]【】]+)[)\]】]$`)
	ofCO2    = regexp.MustCompile(`^(.+?)-?CO2(?:e|eq)?$`)
	kaCount  = regexp.MustCompile(`^[ヶヵカケ箇個](所|月|国|年|村)`)
	total    = regexp.MustCompile(`^(?:延べ|のべ|述べ|延)(.{1,3})$`)
	number   = regexp.MustCompile(`^(.*[^指係関総])数$`)
	stretch  = regexp.MustCompile(`^(年|か月|日|時間|分|秒)間$`)
)

// Bare is a unit without the brackets that it stands in: 件 of （件）. Another text is returned as it is.
func Bare(unit string) string {
	if m := bracket.FindStringSubmatch(strings.TrimSpace(norm.NFKC.String(unit))); m != nil {
		return m[1]
	}
	return unit
}

// columnUnit is the unit that a 単位 column or a heading states: 千円（税込） is 千円, （件） is 件; － is none.
func columnUnit(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(inParens.ReplaceAllString(fold(Bare(s)), "")), " ", "")
	if missingMark.MatchString(s) {
		return ""
	}
	return cutPeriod(s)
}

// unitKey brings the spellings of a unit together: ㎡ is m2, 箇所 か所, 延べ人数 人, 件数 件, 日間 日.
func unitKey(name string) string {
	parts := strings.SplitN(cutPeriod(norm.NFKC.String(name)), "/", 2)
	for i, p := range parts {
		p = kaCount.ReplaceAllString(strings.Join(strings.Fields(p), ""), "か$1")
		if m := total.FindStringSubmatch(p); m != nil && !strings.HasPrefix(m[1], "長") {
			p = m[1]
		}
		p = number.ReplaceAllString(p, "$1")
		p = stretch.ReplaceAllString(p, "$1")
		if s, ok := spelling[p]; ok {
			p = s
		}
		parts[i] = p
	}
	return strings.Join(parts, "/")
}

// spelling is how else a unit is written.
var spelling = map[string]string{
	"名": "人", "名分": "人分", "パーセント": "%", "pt": "ポイント", "%ポイント": "ポイント", "才": "歳",
	"ミリメートル": "mm", "センチメートル": "cm", "メートル": "m", "キロメートル": "km", "KM": "km", "Km": "km",
	"グラム": "g", "キログラム": "kg", "Kg": "kg", "KG": "kg", "トン": "t",
	"平方メートル": "m2", "平米": "m2", "アール": "a", "ヘクタール": "ha", "平方キロメートル": "km2", "k㎡": "km2",
	"立方メートル": "m3", "立米": "m3", "ミリリットル": "mL", "ml": "mL", "リットル": "L", "l": "L", "キロリットル": "kL", "kl": "kL",
	"kwh": "kWh", "KWh": "kWh", "KWH": "kWh", "Kwh": "kWh", "キロワット時": "kWh",
}

// Units are the names of units that the tables know, in no order: what a test of the tables in SQL goes through.
func Units() []string {
	names := slices.Collect(maps.Keys(spelling))
	return slices.AppendSeq(names, maps.Keys(measures))
}

// measures are units of one thing in powers of ten of the smallest. Counts (件, 回, 台) have none.
var measures = map[string]struct {
	base     string
	exponent int
}{
	"mm": {"mm", 0}, "cm": {"mm", 1}, "m": {"mm", 3}, "km": {"mm", 6},
	"mg": {"mg", 0}, "g": {"mg", 3}, "kg": {"mg", 6}, "t": {"mg", 9},
	"m2": {"m2", 0}, "a": {"m2", 2}, "ha": {"m2", 4}, "km2": {"m2", 6},
	"mL": {"mL", 0}, "L": {"mL", 3}, "kL": {"mL", 6}, "m3": {"mL", 6},
	"Wh": {"Wh", 0}, "kWh": {"Wh", 3}, "MWh": {"Wh", 6}, "GWh": {"Wh", 9},
	"W": {"W", 0}, "kW": {"W", 3}, "MW": {"W", 6},
	"J": {"J", 0}, "kJ": {"J", 3}, "MJ": {"J", 6}, "GJ": {"J", 9},
}
