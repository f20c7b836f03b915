package workbook

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"kyogikai/pipelines/fiscal"
)

// dateFormat is the part of a number format that shows dates and times.
type dateFormat struct {
	parts  []datePart
	any    bool // there is a letter of a date or a time
	dated  bool // a year, an era, a month, a day or a weekday is shown
	timed  bool // hours, minutes or seconds are shown
	day    bool // the day of the month is shown
	noon   bool // hours are counted from noon: AM/PM
	gannen bool // the first year of an era is 元
}

// datePart is a text, or what stands for a part of a date: yyyy. A kind of 0 is a text, 'M' a month, 'm' minutes,
// 'f' fractions of a second, 'n' before or after noon; the others are the letters of the format.
type datePart struct {
	kind    rune
	text    string
	elapsed bool // [h]: all hours there are
}

func (d *dateFormat) literal(text string) { d.parts = append(d.parts, datePart{text: text}) }

// digit is a digit of a number, which in a date stands for a fraction of a second: ss.00.
func (d *dateFormat) digit() {
	n := len(d.parts)
	switch {
	case n > 0 && d.parts[n-1].kind == 'f':
		d.parts[n-1].text += "0"
	case n > 1 && d.parts[n-1].kind == 0 && d.parts[n-1].text == "." && d.parts[n-2].kind == 's':
		d.parts[n-1] = datePart{kind: 'f', text: "0"}
	}
}

// bracket is what stands in [ ]: [h] counts hours beyond a day, a locale may ask for 元年.
func (d *dateFormat) bracket(text string) {
	lower := strings.ToLower(text)
	switch strings.TrimPrefix(lower, "[") {
	case "h", "hh", "m", "mm", "s", "ss":
		d.any = true
		d.parts = append(d.parts, datePart{kind: rune(lower[len(lower)-1]), text: lower, elapsed: true})
	}
	d.gannen = d.gannen || strings.Contains(lower, "gannen")
}

// noonWords are how formats ask for a day's half.
var noonWords = []string{"AM/PM", "A/P", "上午/下午", "午前/午後"}

// letters is how many characters of a format at its beginning stand for one part of a date, 0 where none does.
func (d *dateFormat) letters(r []rune) int {
	for _, word := range noonWords {
		if n := len([]rune(word)); len(r) >= n && strings.EqualFold(string(r[:n]), word) {
			return n
		}
	}
	first := lowerLetter(r[0])
	if first == 'b' && len(r) > 2 && (r[1] == '1' || r[1] == '2') && strings.ContainsRune("yegmd", lowerLetter(r[2])) {
		return 2 // the calendar that the date is of
	}
	n := 1
	for n < len(r) && lowerLetter(r[n]) == first {
		n++
	}
	if strings.ContainsRune(dateLetter, r[0]) || first == 'a' && n >= 3 {
		return n
	}
	return 0
}

func lowerLetter(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// add takes what letters found.
func (d *dateFormat) add(text string) {
	first := lowerLetter([]rune(text)[0])
	switch {
	case strings.Contains(text, "/"):
		d.noon, first = true, 'n'
	case first == 'b':
		return
	}
	d.any = true
	d.parts = append(d.parts, datePart{kind: first, text: text})
}

// settle tells months from minutes, and what is shown at all.
func (d *dateFormat) settle() {
	before := rune(0)
	for i := range d.parts {
		p := &d.parts[i]
		if p.kind == 'm' && !p.elapsed && before != 'h' && d.after(i) != 's' {
			p.kind = 'M'
		}
		if p.kind != 0 && p.kind != 'n' {
			before = p.kind
		}
		switch p.kind {
		case 'h', 'm', 's', 'n':
			d.timed = true
		case 'd':
			d.dated, d.day = true, d.day || len(p.text) <= 2
		case 'y', 'e', 'g', 'M', 'a':
			d.dated = true
		}
	}
}

// after is the kind of the next part that is no text.
func (d *dateFormat) after(i int) rune {
	for _, p := range d.parts[i+1:] {
		if p.kind != 0 && p.kind != 'n' {
			return p.kind
		}
	}
	return 0
}

// cell makes the cell of a date or a time. A day is written YYYY-MM-DD; a date of which no day is shown, and a time, as
// the author sees it. ok is false for a number that is no date.
func (d *dateFormat) cell(value string, date1904 bool) (c Cell, ok bool) {
	if !d.dated {
		return Cell{Kind: Time, Text: d.write(time.Time{}, value)}, true
	}
	day, ok := serialDay(value, date1904)
	if !ok {
		return Cell{}, false
	}
	c = Cell{Kind: Date, Text: day.Format(time.DateOnly), Value: value}
	if text := strings.TrimSpace(d.write(day, value)); !d.day && text != "" {
		c.Text = text
	}
	return c, true
}

// write shows a day and a time as the format does. Days count as hours where these are counted beyond a day; a time
// before the first day has a minus sign.
func (d *dateFormat) write(day time.Time, value string) string {
	places := 0
	for _, p := range d.parts {
		if p.kind == 'f' {
			places = min(len(p.text), 3)
		}
	}
	v, ok := new(big.Rat).SetString(value)
	if !ok {
		return value
	}
	unit := int64(1)
	for range places {
		unit *= 10
	}
	v.Mul(v, big.NewRat(2*24*60*60*unit, 1))
	sign := ""
	if v.Sign() < 0 {
		sign = "-"
		v.Neg(v)
	}
	v.Add(v, big.NewRat(1, 1)) // halves are rounded up
	ticks := new(big.Int).Quo(v.Num(), new(big.Int).Mul(v.Denom(), big.NewInt(2)))
	if !ticks.IsInt64() {
		return value
	}
	seconds, rest := ticks.Int64()/unit, ticks.Int64()%unit
	var b strings.Builder
	b.WriteString(sign)
	for _, p := range d.parts {
		switch p.kind {
		case 0:
			b.WriteString(p.text)
		case 'f':
			fmt.Fprintf(&b, ".%0*d", places, rest)
		case 'n', 'h', 'm', 's':
			b.WriteString(p.clock(seconds, d.noon))
		default:
			b.WriteString(p.calendar(day, d.gannen))
		}
	}
	return b.String()
}

// clock shows a part of a time.
func (p datePart) clock(seconds int64, noon bool) string {
	hour := seconds / 3600 % 24
	var n int64
	switch {
	case p.kind == 'n':
		am, pm, _ := strings.Cut(p.text, "/")
		if hour < 12 {
			return am
		}
		return pm
	case p.elapsed:
		n = seconds / map[rune]int64{'h': 3600, 'm': 60, 's': 1}[p.kind]
	case p.kind == 'h' && noon:
		n = (hour+11)%12 + 1
	case p.kind == 'h':
		n = hour
	case p.kind == 'm':
		n = seconds / 60 % 60
	default:
		n = seconds % 60
	}
	return fmt.Sprintf("%0*d", min(len(p.text), 2), n)
}

// calendar shows a part of a date.
func (p datePart) calendar(day time.Time, gannen bool) string {
	n := len(p.text)
	era, letter, year := fiscal.EraOfDay(day)
	switch p.kind {
	case 'y':
		if n <= 2 {
			return day.Format("06")
		}
		return day.Format("2006")
	case 'g':
		switch {
		case n == 1:
			return letter
		case n == 2 && era != "":
			return string([]rune(era)[:1])
		}
		return era
	case 'e':
		if gannen && year == 1 {
			return "元"
		}
		return fmt.Sprintf("%0*d", min(n, 2), year)
	case 'a':
		return fiscal.Weekday(day) + map[bool]string{true: "曜日"}[n > 3]
	case 'd':
		return day.Format([]string{"2", "02", "Mon", "Monday"}[min(n, 4)-1])
	}
	if n == 5 {
		return day.Format("Jan")[:1]
	}
	return day.Format([]string{"1", "01", "Jan", "January"}[min(n, 4)-1])
}
