package layouttest

import (
	"fmt"
	"strconv"
	"strings"
)

// Years as departments write them, by the name of the spelling, which is how it writes 2026.
var yearSpellings = []string{
	"令和8年度", "令和8年度", "R8年度", "R8", "R8(2026)", "2026年度", "8年度", "令和8(2026)年度", "令和８年度", "R08", "令和8（2026）年度",
	"2026（R8）年度", "R8末", "年度の数字", "西暦の数字", "日付", "元号と数字", relative,
}

// relative is the spelling of years by what they are to the one who writes; the year itself follows it after an @.
const relative = "前年度・今年度"

// inWords is the spelling for places where a year cannot be a bare number or a date, or stand in two cells.
func inWords(spelling string) string {
	if strings.HasPrefix(spelling, relative) {
		return "令和8年度"
	}
	switch spelling {
	case "年度の数字", "元号と数字", "西暦の数字", "日付", "R8末":
		return "令和8年度"
	}
	return spelling
}

const (
	beforeReiwa  = 2018
	beforeHeisei = 1988
)

// era is a western fiscal year's era and the year in it.
func era(year int) (name, letter string, n int) {
	if year > beforeReiwa {
		return "令和", "R", year - beforeReiwa
	}
	return "平成", "H", year - beforeHeisei
}

// spelled writes a year as text.
func spelled(year int, spelling string) string {
	name, letter, n := era(year)
	in := strconv.Itoa(n)
	if _, now, ok := strings.Cut(spelling, relative+"@"); ok {
		switch now {
		case strconv.Itoa(year):
			return "今年度"
		case strconv.Itoa(year + 1):
			return "前年度"
		}
	}
	if n == 1 {
		in = "元"
	}
	switch inWords(spelling) {
	case "R8年度":
		return fmt.Sprintf("%s%d年度", letter, n)
	case "R8":
		return fmt.Sprintf("%s%d", letter, n)
	case "R8(2026)":
		return fmt.Sprintf("%s%d(%d)", letter, n, year)
	case "2026年度":
		return fmt.Sprintf("%d年度", year)
	case "8年度":
		return fmt.Sprintf("%d年度", n)
	case "令和8(2026)年度":
		return fmt.Sprintf("%s%s(%d)年度", name, in, year)
	case "令和8（2026）年度":
		return fmt.Sprintf("%s%s（%d）年度", name, in, year)
	case "令和８年度":
		return name + wide(in) + "年度"
	case "2026（R8）年度":
		return fmt.Sprintf("%d（%s%d）年度", year, letter, n)
	case "R08":
		return fmt.Sprintf("%s%02d", letter, n)
	}
	return name + in + "年度"
}

// yearFormat shows a date as a fiscal year.
const yearFormat = `yyyy"年度"`

// yearCell is a year that stands alone in a cell of a heading.
func yearCell(year int, spelling string) Cell {
	_, letter, n := era(year)
	switch spelling {
	case "年度の数字", "元号と数字":
		return Cell{Text: strconv.Itoa(n), Number: strconv.Itoa(n)}
	case "西暦の数字":
		return Cell{Text: strconv.Itoa(year), Number: strconv.Itoa(year)}
	case "R8末":
		return Cell{Text: fmt.Sprintf("%s%d年度末", letter, n)}
	case "日付": // 1 April, shown as a year
		return Cell{Text: spelled(year, "2026年度"), Number: strconv.Itoa(serial(year)), Format: yearFormat}
	}
	return Cell{Text: spelled(year, spelling)}
}

// serial is the number that a spreadsheet stores for 1 April of a year.
func serial(year int) int {
	const april2000, y, perYear, perLeap = 36617, 2000, 365, 4
	return april2000 + (year-y)*perYear + (year-y)/perLeap
}

// Numbers as departments write them.
var numberSpellings = []string{"数値", "数値", "書式", "単位の書式", "文字", "単位付きの文字", "全角", "空白付き"}

// numberCell writes a number of a unit. per cent are stored as fractions where a format shows them.
func numberCell(value, unit, spelling string) Cell {
	if value == "" {
		return Cell{}
	}
	grouped := thousands(value)
	places := ""
	if _, after, ok := strings.Cut(value, "."); ok {
		places = "." + strings.Repeat("0", len(after))
	}
	switch spelling {
	case "書式", "単位の書式":
		if unit == "%" {
			return Cell{Text: value + "%", Number: hundredth(value), Format: "0" + places + "%"}
		}
		if spelling == "単位の書式" {
			return Cell{Text: grouped + unit, Number: value, Format: "#,##0" + places + `"` + unit + `"`}
		}
		return Cell{Text: grouped, Number: value, Format: "#,##0" + places}
	case "文字":
		return Cell{Text: grouped}
	case "単位付きの文字":
		return Cell{Text: grouped + unit}
	case "全角":
		return Cell{Text: wide(grouped)}
	case "空白付き":
		return Cell{Text: "  " + grouped + " "}
	}
	if strings.Contains(value, ".") {
		value = strings.TrimRight(strings.TrimRight(value, "0"), ".")
	}
	return Cell{Text: value, Number: value}
}

// thousands groups the digits of a decimal.
func thousands(value string) string {
	whole, after, fraction := strings.Cut(value, ".")
	const group = 3
	for i := len(whole) - group; i > 0; i -= group {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction {
		return whole + "." + after
	}
	return whole
}

// hundredth moves the point of a decimal by two places.
func hundredth(value string) string {
	whole, after, _ := strings.Cut(value, ".")
	whole = strings.Repeat("0", max(0, 3-len(whole))) + whole
	cut := len(whole) - 2
	return whole[:cut] + "." + whole[cut:] + after
}

// wide writes ASCII as 全角.
func wide(text string) string {
	const distance = 0xFEE0
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r + distance
		}
		return r
	}, text)
}

// circled is ① for 1.
func circled(n int) string {
	if n > 20 {
		return fmt.Sprintf("(%d)", n)
	}
	return string(rune('①' + n - 1))
}

// numbered writes a group's name with its number: word is what the form calls such a group.
func numbered(n int, word, name, style string) string {
	switch style {
	case "①name":
		return circled(n) + name
	case "(1)name":
		return fmt.Sprintf("(%d)%s", n, name)
	case "（1）name":
		return fmt.Sprintf("（%d）%s", n, name)
	case "（１）name":
		return fmt.Sprintf("（%s）%s", wide(strconv.Itoa(n)), name)
	case "word1 name":
		return fmt.Sprintf("%s%d　%s", word, n, name)
	case "【word1】name":
		return fmt.Sprintf("【%s%d】%s", word, n, name)
	}
	return fmt.Sprintf("%d　%s", n, name)
}
