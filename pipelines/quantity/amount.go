package quantity

import (
	"math/big"
	"regexp"
	"strings"
)

const decimalPattern = `(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?`

var (
	part     = regexp.MustCompile(`^\s*(` + decimalPattern + `)\s*([十百千]?[万億兆]?)`)
	grouping = regexp.MustCompile(`^\d+,[\d,]*`)
	grouped  = regexp.MustCompile(`^\d{1,3}(,\d{3})+$`)
	clock    = regexp.MustCompile(`^((?:\s*` + decimalPattern + `\s*(?:日間|時間|分間|秒間|年間|日|分|秒|年|(?:か|ヶ|ヵ|カ|ケ|箇|個)月)){2,})$`)
	clockBit = regexp.MustCompile(`(` + decimalPattern + `)\s*(日間|時間|分間|秒間|年間|日|分|秒|年|(?:か|ヶ|ヵ|カ|ケ|箇|個)月)`)
	tenths   = regexp.MustCompile(`^(` + decimalPattern + `)割(?:(\d)分)?(?:(\d)厘)?$`)
	fraction = regexp.MustCompile(`^(\d{1,6})(?:/|分の)(\d{1,6})$`)
	half     = regexp.MustCompile(`^(\d+)(時間|日|年)半$`)
	unitText = regexp.MustCompile(
		`^(?:[%‰℃°㎡㎥㎢㎞㎏㎝㎜㎎㍑㌔㌧]|か(?:所|月|国|年|村|寺|条|店|町)|ヶ|つ|こま|(?:[\p{Han}\p{Katakana}ー々〆・]|か所|か月|か国|か年)+)` +
			`(?:/(?:[\p{Han}\p{Katakana}ー々]+|か月|㎡|㎥|㎢|㎞|ha|km2?|m[23]|kWh|kg|t|L))?$`,
	)
	latin = regexp.MustCompile(
		`^(?:kWh|MWh|GWh|Wh|kW|MW|GB|MB|TB|KB|kB|Mbps|Gbps|dB|ppm|ppb|pH|kg|g|mg|t|t-CO2e?|tCO2|kg-CO2|km2?|k㎡|m[23]?|` +
			`cm2?|mm|ha|a|kL|kl|mL|ml|L|PV|UU|DL|pt|cal|kcal|MJ|GJ|kJ|J|Pa|hPa|Hz|mSv|μSv|h)(?:/(?:[\p{Han}\p{Katakana}・]+|` +
			`kWh|km2?|m[23]?|ha|h|s|L|㎡|㎥))?$`,
	)
)

// noUnit is what no unit contains: the text then says more than a quantity.
var noUnit = regexp.MustCompile(`拡大|縮小|改善|満点|新規|予定|済|実績|半$`)

// scales are the powers of ten of 十百千 and 万億兆.
var scales = map[rune]int{'十': 1, '百': 2, '千': 3, '万': 4, '億': 8, '兆': 12}

// amount reads a number with its unit, to the end of the text.
func (q *Quantity) amount(s string) string {
	s = strings.TrimSpace(s)
	if m := grouping.FindString(s); m != "" && !grouped.MatchString(m) {
		return "桁区切りの位置が違う"
	}
	if m := half.FindStringSubmatch(s); m != nil {
		q.set(m[1]+".5", m[2], m[1]+".5", m[2])
		return ""
	}
	if m := tenths.FindStringSubmatch(s); m != nil {
		return q.tenths(m)
	}
	if m := fraction.FindStringSubmatch(s); m != nil {
		return q.fraction(m[1], m[2], strings.Contains(s, "分の"))
	}
	if clock.MatchString(s) {
		return q.clock(s)
	}
	return q.scaled(s)
}

func (q *Quantity) set(value, unit, base, baseUnit string) {
	q.Value, q.Unit, q.Base, q.BaseUnit = Canonical(value), unit, Canonical(base), baseUnit
}

// tenths reads 9割, 3割5分: 割 is 10 %.
func (q *Quantity) tenths(m []string) string {
	v := rat(plain(m[1]))
	for i, place := range []int64{10, 100} {
		if d := m[i+2]; d != "" {
			v.Add(v, new(big.Rat).Quo(rat(d), big.NewRat(place, 1)))
		}
	}
	q.set(decimal(v), "割", decimal(new(big.Rat).Mul(v, big.NewRat(10, 1))), "%")
	return ""
}

// fraction reads 1/2 and 2分の1, when a decimal can say it exactly.
func (q *Quantity) fraction(a, b string, inverted bool) string {
	if inverted {
		a, b = b, a
	}
	n, d := rat(a), rat(b)
	if d.Sign() == 0 || n.Cmp(d) > 0 {
		return "分数または日付と読める"
	}
	v := new(big.Rat).Quo(n, d)
	if _, exact := v.FloatPrec(); !exact {
		return "小数で書き表せない分数"
	}
	q.set(decimal(v), "", decimal(v), "")
	return ""
}

// clock reads 20分34秒, 1時間30分, 2年6か月: in the smallest unit written. Units must go from large to small, and a part
// behind the first must stay below one of the part before it.
func (q *Quantity) clock(s string) string {
	total, unit, size := new(big.Rat), "", int64(0)
	var last int64
	for i, m := range clockBit.FindAllStringSubmatch(s, -1) {
		name := strings.TrimSuffix(m[2], "間")
		if m[2] == "時間" {
			name = m[2]
		}
		step := seconds[name]
		if step == 0 {
			step = months[name]
		}
		v := rat(plain(m[1]))
		if step == 0 || i > 0 && (step >= last || last%step != 0 || v.Cmp(big.NewRat(last/step, 1)) >= 0) {
			return "時間の書き方が読めない"
		}
		total.Add(total, new(big.Rat).Mul(v, big.NewRat(step, 1)))
		last, unit, size = step, name, step
	}
	v := decimal(total.Quo(total, big.NewRat(size, 1)))
	q.set(v, unit, v, unit)
	return ""
}

// scaled reads 1,354人, 3.5万人, 20億4千万円, 100千円/回.
func (q *Quantity) scaled(s string) string {
	total, section := new(big.Rat), new(big.Rat)
	first, value := "", ""
	lastBig, lastSmall, parts := 99, 99, 0
	for {
		m := part.FindStringSubmatch(s)
		if m == nil {
			break
		}
		if lastSmall == 0 && lastBig == 0 || strings.Contains(value, ".") {
			return "数字が続いている"
		}
		if len(m[1]) > maxDigits {
			return "桁数が多すぎる"
		}
		small, large := exponents(m[2])
		if small >= lastSmall || large >= lastBig {
			return "桁の並びが読めない"
		}
		section.Add(section, new(big.Rat).Mul(rat(plain(m[1])), power(small)))
		lastSmall = small
		if large > 0 || parts == 0 && m[2] == "" {
			total.Add(total, section.Mul(section, power(large)))
			section = new(big.Rat)
			lastBig, lastSmall = large, 99
			if large == 0 {
				lastSmall = 0
			}
		}
		if parts == 0 {
			first, value = m[2], plain(m[1])
		} else {
			value = plain(m[1])
		}
		s = s[len(m[0]):]
		parts++
	}
	total.Add(total, section)
	return q.finish(total, first, s)
}

// finish sets the values of a number whose first scale and unit are known.
func (q *Quantity) finish(total *big.Rat, scale, unit string) string {
	unit = strings.TrimSpace(unit)
	bare := strings.ReplaceAll(cutPeriod(unit), " ", "")
	if bare != "" && !knownUnit(bare) {
		return "単位「" + bare + "」が読めない"
	}
	small, large := exponents(scale)
	value := decimal(new(big.Rat).Quo(total, power(small+large)))
	if bare == "" && scale != "" { // 3.5万: the scale is no unit
		value, scale = decimal(total), ""
	}
	u := measure(bare)
	q.set(value, scale+unit, decimal(new(big.Rat).Mul(total, u.factor)), u.base)
	return ""
}

func knownUnit(u string) bool {
	runes := []rune(u)
	return len(runes) <= 14 && (latin.MatchString(u) || unitText.MatchString(u) && !strings.ContainsAny(
		u, "〇○第増減",
	) && !kanjiNumeral.MatchString(u) && !noUnit.MatchString(u))
}

func exponents(scale string) (small, large int) {
	for _, r := range scale {
		if n := scales[r]; n <= 3 {
			small += n
		} else {
			large += n
		}
	}
	return small, large
}

func power(n int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
}

func plain(s string) string { return strings.ReplaceAll(s, ",", "") }

func decimal(r *big.Rat) string {
	n, _ := r.FloatPrec()
	return r.FloatString(n)
}
