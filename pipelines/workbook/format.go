package workbook

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what of an Excel number format changes the meaning of a number.
type numberFormat struct {
	when      condition // when it is used, of a format with conditions
	others    []numberFormat
	date      dateFormat
	percent   bool
	thousands int    // each trailing comma shows a thousandth
	grouped   bool   // 1,234
	decimals  int    // places that are always shown
	minus     string // the mark that the format shows for a negative number: ▲ or △; "" for -
	prefix    string // text shown before the digits: "令和", (
	suffix    string // text shown after the digits: "億円", )
	words     bool   // nothing but text is shown, of a format with conditions: [=0]"－"
}

// longestFormat is far beyond what Excel takes for a number format (255 characters): no program writes it.
const longestFormat = 4 << 10

var errFormat = fmt.Errorf("%w: 表示形式が長すぎます", ErrUnreadable)

var (
	general      = regexp.MustCompile(`(?i)general|G/標準`)
	negativeMark = regexp.MustCompile(`[▲△]`)
	conditional  = regexp.MustCompile(`^\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]`)
	dateLetter   = "ymdghseYMDGHSE"
	currency     = "¥\\$￥"
)

// condition says for which numbers a section of a format is used: [>=1000].
type condition struct{ operator, limit string }

// negative reports a condition that holds for negative numbers alone: the section has a mark of its own for them.
func (c condition) negative() bool { return c == condition{"<", "0"} }

func (c condition) holds(value string) bool {
	v, ok := new(big.Rat).SetString(value)
	limit, known := new(big.Rat).SetString(c.limit)
	if !ok || !known {
		return false
	}
	sign := v.Cmp(limit)
	switch c.operator {
	case "<":
		return sign < 0
	case "<=":
		return sign <= 0
	case ">":
		return sign > 0
	case ">=":
		return sign >= 0
	case "<>":
		return sign != 0
	}
	return sign == 0
}

// parseFormat reads a format code: its first section, or all of them where one has a condition.
func parseFormat(code string) numberFormat {
	code = general.ReplaceAllString(code, "0")
	f, rest := parseSection([]rune(code))
	sections := []numberFormat{f}
	for len(rest) > 1 && len(sections) < 3 { // the fourth is of texts
		var next numberFormat
		next, rest = parseSection(rest[1:])
		sections = append(sections, next)
	}
	for i := range sections {
		if sections[i].when.operator != "" {
			return numberFormat{others: sections}
		}
	}
	f.words = false // what a format without conditions hides is not lost
	return f
}

// section is the part of a format that a number is shown by: the first whose condition holds, else the first that has
// none, else the first.
func (f *numberFormat) section(value string) *numberFormat {
	if len(f.others) == 0 {
		return f
	}
	free := -1
	for i := range f.others {
		if when := f.others[i].when; when.operator == "" {
			if free < 0 {
				free = i
			}
		} else if when.holds(value) {
			return &f.others[i]
		}
	}
	return &f.others[max(free, 0)]
}

// parseSection reads one section of a format code, and returns what stands behind it, from the semicolon on.
func parseSection(r []rune) (f numberFormat, rest []rune) {
	seen, point := false, false // a digit, a decimal point
	digits := 0
	var date dateFormat
	literal := func(text string) {
		date.literal(text)
		if seen {
			f.suffix += text
		} else {
			f.prefix += text
		}
	}
loop:
	for len(r) > 0 {
		n := 1
		switch c := r[0]; {
		case c == ';':
			f.minus = negativeMark.FindString(strings.SplitN(string(r[1:]), ";", 2)[0])
			break loop
		case c == '@':
			r = r[max(slices.Index(r, ';'), 0):]
			if r[0] != ';' {
				r = nil
			}
			break loop
		case c == '"':
			for n < len(r) && r[n] != '"' {
				n++
			}
			literal(string(r[1:n]))
			n++
		case c == '[':
			for n < len(r) && r[n] != ']' {
				n++
			}
			date.bracket(string(r[1:n]))
			n++
			if m := conditional.FindStringSubmatch(string(r[:min(n, len(r))])); m != nil {
				f.when = condition{m[1], m[2]}
			}
		case c == '\\' && len(r) > 1:
			literal(string(r[1]))
			n = 2
		case c == '_' || c == '*':
			n = 2
		case strings.ContainsRune("0#?", c):
			digits++
			date.digit()
			f.grouped = f.grouped || f.thousands > 0
			seen, f.thousands = true, 0
			if point && c == '0' {
				f.decimals++
			}
		case c == '.':
			point = true
			date.literal(".")
		case c == ',' && seen:
			f.thousands++ // one that more digits follow only groups
		case c == '%':
			f.percent = true
		case (c == 'E' || c == 'e') && len(r) > 1 && (r[1] == '+' || r[1] == '-'):
			n = 2
		case date.letters(r) > 0:
			n = date.letters(r)
			date.add(string(r[:n]))
		case strings.ContainsRune(",/"+currency, c):
			date.literal(string(c))
		default:
			literal(string(c))
		}
		r = r[min(n, len(r)):]
	}
	if date.any {
		date.settle()
		return numberFormat{when: f.when, date: date}, r
	}
	f.words = digits == 0 && !f.percent && f.prefix != ""
	f.prefix, f.suffix = strings.TrimSpace(f.prefix), strings.TrimSpace(f.suffix)
	return f, r
}

// builtinCodes are the formats of the built-in ids that are dates and times (ECMA-376 18.8.30; 27–36 and 50–58 are the
// Japanese ones).
var builtinCodes = map[int]string{
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
	21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: "ge.m.d", 28: `ggge"年"m"月"d"日"`, 29: `ggge"年"m"月"d"日"`, 30: "m/d/yy",
	31: `yyyy"年"m"月"d"日"`, 32: `h"時"mm"分"`, 33: `h"時"mm"分"ss"秒"`, 34: `yyyy"年"m"月"`, 35: `m"月"d"日"`, 36: "ge.m.d",
	45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 50: "ge.m.d", 51: `ggge"年"m"月"d"日"`, 52: `yyyy"年"m"月"`,
	53: `m"月"d"日"`, 54: `ggge"年"m"月"d"日"`, 55: `yyyy"年"m"月"`, 56: `m"月"d"日"`, 57: "ge.m.d", 58: `ggge"年"m"月"d"日"`,
}

// builtinFormat is the format of a built-in id (ECMA-376 18.8.30).
func builtinFormat(id int) numberFormat {
	switch {
	case id == 9 || id == 10:
		return numberFormat{percent: true, decimals: (id - 9) * 2}
	case id == 2 || id == 4 || id == 39 || id == 40:
		return numberFormat{grouped: id != 2, decimals: 2}
	case id == 3 || id == 37 || id == 38:
		return numberFormat{grouped: true}
	case builtinCodes[id] != "":
		return parseFormat(builtinCodes[id])
	}
	return numberFormat{}
}

// cell makes the cell of a stored number. Text that is no number stays text.
func (f *numberFormat) cell(raw string, date1904 bool) Cell {
	value, ok := decimal15(raw)
	if !ok {
		return Cell{Kind: Text, Text: raw}
	}
	f = f.section(value)
	if f.date.any {
		if c, ok := f.date.cell(value, date1904); ok {
			return c
		}
	}
	if f.words {
		return Cell{Kind: Number, Text: f.prefix, Value: value}
	}
	shown := value
	for range f.thousands {
		shown = scale(shown, 1, 1000)
	}
	sign := ""
	if f.percent {
		shown, sign = scale(shown, 100, 1), "%"
	}
	text := f.prefix + f.write(shown) + sign + f.suffix
	if positive, negative := strings.CutPrefix(f.write(shown), "-"); negative {
		switch {
		case f.minus != "":
			text = f.minus + f.prefix + positive + sign + f.suffix
		case f.when.negative() && negativeMark.MatchString(f.prefix):
			text = f.prefix + positive + sign + f.suffix
		}
	}
	return Cell{Kind: Number, Text: text, Value: value}
}

// write groups the digits of a decimal and adds the zeros that the format always shows. It does not round: what the
// format hides would be lost.
func (f *numberFormat) write(decimal string) string {
	whole, fraction, _ := strings.Cut(decimal, ".")
	for len(fraction) < f.decimals {
		fraction += "0"
	}
	if f.grouped {
		minus := strings.HasPrefix(whole, "-")
		whole = strings.TrimPrefix(whole, "-")
		for k := len(whole) - 3; k > 0; k -= 3 {
			whole = whole[:k] + "," + whole[k:]
		}
		if minus {
			whole = "-" + whole
		}
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// decimal15 writes a stored number as a plain decimal of at most 15 significant digits, as Excel shows it:
// 71.59999999999999 is 71.6.
func decimal15(raw string) (string, bool) {
	if len(raw) > 40 || strings.ContainsAny(raw, "/_xXpP") {
		return "", false
	}
	mantissa, power, found := strings.Cut(strings.ToLower(raw), "e")
	if found && strings.ContainsAny(mantissa, "123456789") {
		const beyond = 200 // what is refused below, after a long time for a great one
		if n, err := strconv.Atoi(power); err != nil || n > beyond || n < -beyond {
			return "", false
		}
	}
	v, _, err := big.ParseFloat(raw, 10, 200, big.ToNearestEven)
	if err != nil || v.IsInf() || v.MantExp(nil) > 200 || v.MantExp(nil) < -200 {
		return "", false
	}
	r, ok := new(big.Rat).SetString(v.Text('e', 14))
	if !ok {
		return "", false
	}
	n, exact := r.FloatPrec()
	if !exact || n > 60 {
		return "", false
	}
	return r.FloatString(n), true
}

func scale(decimal string, mul, div int64) string {
	r, ok := new(big.Rat).SetString(decimal)
	if !ok {
		return decimal
	}
	r.Mul(r, big.NewRat(mul, div))
	n, _ := r.FloatPrec()
	return r.FloatString(n)
}

// serialDay is the day of an Excel serial number. Serial 60 of the 1900 system is the day that never was.
func serialDay(value string, date1904 bool) (time.Time, bool) {
	r, ok := new(big.Rat).SetString(value)
	if !ok || r.Sign() < 0 {
		return time.Time{}, false
	}
	days := new(big.Int).Quo(r.Num(), r.Denom()).Int64()
	if days > 2_958_465 {
		return time.Time{}, false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		days++
	}
	return base.AddDate(0, 0, int(days)), true
}

// isoDate makes the cell of a day that is stored as 2025-04-01T00:00:00.
func (f *numberFormat) isoDate(text string, date1904 bool) Cell {
	for _, layout := range []string{"2006-01-02T15:04:05.999", "2006-01-02T15:04:05Z07:00", time.DateOnly} {
		t, err := time.Parse(layout, strings.TrimSpace(text))
		if err != nil {
			continue
		}
		base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		if date1904 {
			base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		serial := big.NewRat(int64(t.Sub(base)/time.Millisecond), 24*60*60*1000).FloatString(15)
		if s := f.section(serial); !s.date.any {
			return Cell{Kind: Date, Text: t.Format(time.DateOnly), Value: scale(serial, 1, 1)}
		}
		return f.cell(serial, date1904)
	}
	return Cell{Kind: Text, Text: text}
}
