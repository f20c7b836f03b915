package council

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

func reportedYear(p brief.ItemPaper) int {
	year, _ := strconv.Atoi(fmt.Sprint(p.Parameters["year"]))
	return year
}

var writtenYear = regexp.MustCompile(`(令和|平成)(\d+|元)(年度|年)?|\b[rh](\d+)(年度)?`)

// leftOut is what a total says that it leaves out.
var leftOut = regexp.MustCompile(`\(\d+件を除く\)`)

// placeKey is where a figure stands, with years counted from the one that the paper reports: this year's column of this
// year's paper is that of last year's paper.
func placeKey(f brief.Figure, of int) string {
	n := 1
	if _, ordinal, several := strings.Cut(f.Address, "#"); several {
		n, _ = strconv.Atoi(ordinal) // the address of a figure ends in a number
	}
	return withOrdinal(placeOnly(f, of), n)
}

// withOrdinal is a place, of its second and further values with their number.
func withOrdinal(place string, n int) string {
	if n < 2 {
		return place
	}
	return place + "#" + strconv.Itoa(n)
}

// placeOnly is a place, whichever of its values is meant.
func placeOnly(f brief.Figure, of int) string {
	return relative(f.Table, of) + "/" + relative(f.Row, of) + "/" + relative(f.Column, of)
}

func relative(label string, of int) string {
	label = leftOut.ReplaceAllString(record.Key(label), "")
	if of == 0 {
		return label
	}
	return writtenYear.ReplaceAllStringFunc(label, func(word string) string {
		year, ok := fiscal.ParseYear(word)
		if !ok {
			year, ok = fiscal.ParseYear(word + "年度")
		}
		if !ok {
			return word
		}
		return fmt.Sprintf("〔%+d〕", year-of)
	})
}
