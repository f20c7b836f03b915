package brief

import (
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// What a column of a table looks like as a whole: one number of decimals, one sign for negatives.

// bound is what may stand behind a unit in a cell and is no part of it.
var bound = regexp.MustCompile(`(?:以上|以下|未満|超|程度|以内)$`)

// rateUnit is a unit whose numbers are of one kind in whatever row they stand. Of counts, 100人 is no 100.0人 because an
// average of 1.5人 stands below it; beside 1.5人 in its own row it is.
var rateUnit = regexp.MustCompile(`^(?:[%％]|ポイント)`)

// evenDecimals gives numbers that are read together one number of decimals, the rates of a column (29% beside 18.6% is
// 29.0%), all of a column where the table states one unit, and those of one unit in a row (3点, 3.4点). Only numbers
// that the template prints as they are (n) are touched. Nothing is rounded.
func (r *renderer) evenDecimals(marked [][]string, tableUnit string) {
	type group struct {
		row, column int // -1 for all
		unit        string
	}
	places := map[group]int{}
	members := map[group][]int{}
	for k, row := range marked {
		for j, text := range row {
			i, unit, ok := r.freeNumber(text)
			if !ok || unit == "" && unitOfTable.FindString(tableUnit) == "" {
				continue
			}
			g := group{-1, j, unit}
			if unit != "" && !rateUnit.MatchString(unit) {
				g = group{k, -1, unit}
			}
			_, fraction, _ := strings.Cut(r.shown[i].text, ".")
			places[g] = max(places[g], len(fraction))
			members[g] = append(members[g], i)
		}
	}
	for g, list := range members {
		for _, i := range list {
			whole, fraction, _ := strings.Cut(r.shown[i].text, ".")
			if missing := places[g] - len(fraction); missing > 0 {
				r.shown[i].text = whole + "." + fraction + strings.Repeat("0", missing)
			}
		}
	}
}

// freeNumber is the one number in a cell that is printed as it is, and the unit behind it.
func (r *renderer) freeNumber(text string) (shown int, unit string, ok bool) {
	found := valueMark.FindAllStringSubmatchIndex(text, -1)
	for _, m := range found {
		i, err := r.markAt(text[m[2]:m[3]])
		if err != nil {
			return 0, "", false
		}
		if !r.shown[i].free {
			continue
		}
		if ok {
			return 0, "", false // two numbers in one cell
		}
		shown, unit, ok = i, r.plainText(text[m[1]:]), true
	}
	return shown, bound.ReplaceAllString(unit, ""), ok
}

// usesSymbols reports that a paper prints symbols of progress, among which ▲ and △ are: its negatives keep the −.
var symbolTables = regexp.MustCompile(`\bmarts\.(?:progress_table|initiative_tally|initiatives)\b|\bmeta\.symbols\b`)

func usesSymbols(queries map[string]string) bool {
	for _, q := range queries {
		if symbolTables.MatchString(q) {
			return true
		}
	}
	return false
}

// withSign prints a negative number with the city's sign.
func (r *renderer) withSign(text string) string {
	rest, negative := strings.CutPrefix(text, "−")
	if negative && r.negative != "" && rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return r.negative + rest
	}
	return text
}

// signNote says below a table, or at the end of a text, what the city's sign means, where one is printed.
func (r *renderer) signNote(figures []Figure) string {
	if r.negative == "" || r.negative == "−" || !slices.ContainsFunc(figures, func(f Figure) bool {
		return f.Value != "" && strings.HasPrefix(strings.TrimPrefix(f.Text, revisedMark), r.negative)
	}) {
		return ""
	}
	return "※" + r.negative + "は、負の数を示す。"
}

// plainNumber takes the separators out of a printed number, and makes its sign the one of computers.
var plainNumber = strings.NewReplacer(",", "", "−", "-", "▲", "-", "△", "-")

// SamePrint reports that two prints show one value: 82% and 82.0%, −5 and ▲5, whatever their width and spaces.
func SamePrint(a, b string) bool { return canonicalPrint(a) == canonicalPrint(b) }

func canonicalPrint(s string) string {
	return printedNumber.ReplaceAllStringFunc(record.Key(s), func(number string) string {
		return quantity.Canonical(plainNumber.Replace(number))
	})
}
