package workbook

import (
	"math/big"
	"regexp"
	"strings"
	"time"
)

// numberFormat is what of an Excel number format changes the meaning of a number.
type numberFormat struct {
	date      bool
	percent   bool
	thousands int    // each trailing comma shows a thousandth
	grouped   bool   // 1,234
	decimals  int    // places that are always shown
	minus     string // the mark that the format shows for a negative number: ▲ or △; "" for -
	prefix    string // text shown before the digits: "令和", (
	suffix    string // text shown after the digits: "億円", )
}

var (
	general      = regexp.MustCompile(`(?i)general|G/標準`)
	negativeMark = regexp.MustCompile(`[▲△]`)
	dateLetter   = "ymdghseYMDGHSE"
	currency     = "¥\\$￥"
)

// parseFormat reads the first section of a format code.
func parseFormat(code string) numberFormat {
	var f numberFormat
	code = general.ReplaceAllString(code, "0")
	seen, letters, point := false, false, false // a digit, a letter of a date, a decimal point
	literal := func(text string) {
		if seen {
			f.suffix += text
		} else {
			f.prefix += text
		}
	}
	for r := []rune(code); len(r) > 0; {
		n := 1
		switch c := r[0]; {
		case c == ';':
			f.minus = negativeMark.FindString(strings.SplitN(string(r[1:]), ";", 2)[0])
			r = r[:1]
		case c == '@':
			r = r[:1]
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
			n++
		case c == '\\' && len(r) > 1:
			literal(string(r[1]))
			n = 2
		case c == '_' || c == '*':
			n = 2
		case strings.ContainsRune("0#?", c):
			f.grouped = f.grouped || f.thousands > 0
			seen, f.thousands = true, 0
			if point && c == '0' {
				f.decimals++
			}
		case c == '.':
			point = true
		case c == ',' && seen:
			f.thousands++ // one that more digits follow only groups
		case c == '%':
			f.percent = true
		case (c == 'E' || c == 'e') && len(r) > 1 && (r[1] == '+' || r[1] == '-'):
			n = 2
		case strings.ContainsRune(dateLetter, c):
			letters = true
		case !strings.ContainsRune(".,/"+currency, c):
			literal(string(c))
		}
		r = r[min(n, len(r)):]
	}
	if letters {
		return numberFormat{date: true}
	}
	f.prefix, f.suffix = strings.TrimSpace(f.prefix), strings.TrimSpace(f.suffix)
	return f
}

// builtinFormat is the format of a built-in id (ECMA-376 18.8.30, with the Japanese dates 27–36 and 50–58).
func builtinFormat(id int) numberFormat {
	switch {
	case id == 9 || id == 10:
		return numberFormat{percent: true, decimals: (id - 9) * 2}
	case id == 2 || id == 4 || id == 39 || id == 40:
		return numberFormat{grouped: id != 2, decimals: 2}
	case id == 3 || id == 37 || id == 38:
		return numberFormat{grouped: true}
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 45 && id <= 47, id >= 50 && id <= 58:
		return numberFormat{date: true}
	}
	return numberFormat{}
}

// cell makes the cell of a stored number. Text that is no number stays text.
func (f numberFormat) cell(raw string, date1904 bool) Cell {
	value, ok := decimal15(raw)
	if !ok {
		return Cell{Kind: Text, Text: raw}
	}
	if f.date {
		if day, ok := serialDay(value, date1904); ok {
			return Cell{Kind: Date, Text: day, Value: value}
		}
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
	if positive, negative := strings.CutPrefix(f.write(shown), "-"); negative && f.minus != "" {
		text = f.minus + f.prefix + positive + sign + f.suffix
	}
	return Cell{Kind: Number, Text: text, Value: value}
}

// write groups the digits of a decimal and adds the zeros that the format always shows. It does not round: what the
// format hides would be lost.
func (f numberFormat) write(decimal string) string {
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
	if strings.ContainsAny(raw, "/_xXpP") {
		return "", false
	}
	v, _, err := big.ParseFloat(raw, 10, 200, big.ToNearestEven)
	if err != nil || v.IsInf() || len(raw) > 40 || v.MantExp(nil) > 200 || v.MantExp(nil) < -200 {
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

// serialDay converts an Excel serial number to a day. Serial 60 of the 1900 system is the day that never was.
func serialDay(value string, date1904 bool) (string, bool) {
	r, ok := new(big.Rat).SetString(value)
	if !ok || r.Sign() < 0 {
		return "", false
	}
	days := new(big.Int).Quo(r.Num(), r.Denom()).Int64()
	if days > 2_958_465 {
		return "", false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		days++
	}
	return base.AddDate(0, 0, int(days)).Format(time.DateOnly), true
}
