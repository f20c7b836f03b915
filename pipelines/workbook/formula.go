package workbook

import (
	"regexp"
	"strconv"
	"strings"
)

// shared is a formula that other cells share, with the cell that it was written for.
type shared struct {
	formula  string
	row, col int
}

var (
	quoted    = regexp.MustCompile(`"[^"]*"|'[^']*'`)
	reference = regexp.MustCompile(`(^|[^A-Za-z0-9_.$])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})($|[^A-Za-z0-9_.(!])`)
)

// at is the formula as it stands in another cell: what it points to moves with it.
func (s shared) at(row, col int) string {
	var b strings.Builder
	last := 0
	for _, span := range quoted.FindAllStringIndex(s.formula, -1) {
		b.WriteString(s.move(s.formula[last:span[0]], row-s.row, col-s.col))
		b.WriteString(s.formula[span[0]:span[1]])
		last = span[1]
	}
	b.WriteString(s.move(s.formula[last:], row-s.row, col-s.col))
	return b.String()
}

// move moves the references of a text without quotes.
func (s shared) move(text string, rows, cols int) string {
	var b strings.Builder
	for text != "" {
		m := reference.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		part := func(i int) string { return text[m[2*i]:m[2*i+1]] }
		row, _ := strconv.Atoi(part(5)) // the pattern admits nothing else
		col := columnNumber(part(3))
		if part(2) == "" {
			col += cols
		}
		if part(4) == "" {
			row += rows
		}
		b.WriteString(text[:m[4]])
		if col < 0 || row < 1 {
			b.WriteString("#REF!")
		} else {
			b.WriteString(part(2) + columnName(col) + part(4) + strconv.Itoa(row))
		}
		text = text[m[11]:] // the character behind may stand before the next
	}
	b.WriteString(text)
	return b.String()
}

// columnNumber is the column of its letters, from 0.
func columnNumber(letters string) int {
	n := 0
	for _, r := range letters {
		n = n*26 + int(r-'A') + 1
	}
	return n - 1
}
