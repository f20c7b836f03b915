package learn

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// tallyHead reports the head of a printed tally: the symbols that are counted, and their total.
func tallyHead(s *workbook.Sheet, i int, line []int) bool {
	symbols, total := 0, false
	for _, j := range line {
		n := record.Normal(s.At(i, j).Text)
		symbols += bit(tallySymbol(n))
		total = total || slices.ContainsFunc(words().Totals, func(w string) bool { return record.Normal(w) == n })
	}
	return symbols >= 3 && total
}

func tallySymbol(n string) bool {
	return utf8.RuneCountInString(n) == 1 && strings.ContainsAny(n, "◎○〇◯△▲×✕abcde-－")
}

// countsOnly reports a row of a tally: numbers behind what is counted.
func countsOnly(s *workbook.Sheet, i int, line []int) bool {
	return len(line) > 1 && !slices.ContainsFunc(line[1:], func(j int) bool { return !isNumber(s.At(i, j).Text) })
}

// aside reports a row that is neither head nor answer: a box for stamps, an example of how to fill in, the units below
// the heads.
func aside(s *workbook.Sheet, i int, line []int) bool {
	stamps, units := 0, 0
	for n, j := range line {
		text := record.Normal(s.At(i, j).Text)
		if n == 0 && form.IsExample(s.At(i, j).Text) {
			return true
		}
		stamps += bit(form.IsStamp(text))
		units += bit(form.IsUnit(strings.Trim(text, "()")))
	}
	return stamps >= 2 && stamps == len(line) || units >= 2 && units == len(line)
}

// numberRow reports a row of column numbers: (1) (2) (3).
func numberRow(s *workbook.Sheet, i int, line []int) bool {
	return len(line) > 2 && !slices.ContainsFunc(line, func(j int) bool {
		return !columnNumber.MatchString(record.Normal(s.At(i, j).Text))
	})
}
