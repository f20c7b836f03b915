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
	suffix    string // text shown after the digits: "億円"
}

var (
	quoted     = regexp.MustCompile(`"([^"]*)"`)
	brackets   = regexp.MustCompile(`\[[^\]]*\]`)
	escaped    = regexp.MustCompile(`[\\_*].`)
	dateTokens = regexp.MustCompile(`(?i)[ymdghse]`)
	digits     = regexp.MustCompile(`[0#?]`)
)

// parseFormat reads the first section of a format code.
func parseFormat(code string) numberFormat {
	section, _, _ := strings.Cut(code, ";")
	if strings.EqualFold(section, "general") || section == "@" {
		return numberFormat{}
	}
	var f numberFormat
	bare := escaped.ReplaceAllString(brackets.ReplaceAllString(quoted.ReplaceAllString(section, ""), ""), "")
	last := strings.LastIndexAny(section, "0#?")
	if !digits.MatchString(bare) || last < 0 {
		f.date = dateTokens.MatchString(bare)
		return f
	}
	if dateTokens.MatchString(strings.ReplaceAll(bare, "E+", "")) && strings.Contains(strings.ToLower(bare), "s") {
		f.date = true // h:mm:ss.0
		return f
	}
	tail := section[last+1:]
	for strings.HasPrefix(tail, ",") {
		f.thousands++
		tail = tail[1:]
	}
	f.percent = strings.Contains(bare, "%")
	for _, m := range quoted.FindAllStringSubmatch(tail, -1) {
		f.suffix += m[1]
	}
	f.suffix = strings.TrimSpace(f.suffix)
	return f
}

// builtinFormat is the format of a built-in id (ECMA-376 18.8.30, with the Japanese dates 27–36 and 50–58).
func builtinFormat(id int) numberFormat {
	switch {
	case id == 9 || id == 10:
		return numberFormat{percent: true}
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
	if f.percent {
		shown = scale(value, 100, 1) + "%"
	}
	for range f.thousands {
		shown = scale(shown, 1, 1000)
	}
	return Cell{Kind: Number, Text: shown + f.suffix, Value: value}
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
