package brief

import (
	"regexp"
	"strings"

	"kyogikai/pipelines/printable"
)

// Ungiven is a figure in the prose of a paper that no query gave: somebody has written it, and nothing says that it is
// right.
type Ungiven struct {
	Address string `json:"place"` // meeting / item / 本文 / place
	Text    string `json:"text"`  // the figure with its unit
	Around  string `json:"around"`
}

// writtenNumber is a number with a unit. Years, dates and numbers of chapters have none, and are no figures.
var writtenNumber = regexp.MustCompile(`[\d０-９][\d０-９,，.．]*[万億千百]*(?:` + strings.TrimSuffix(
	strings.TrimPrefix(counter.String(), "^(?:"), ")",
) + `)`)

// given stands for a value that a query gave.
const given = "\ufffc"

// ungiven lists the figures of a text whose values are still marks.
func ungiven(marked string) []Ungiven {
	text := valueMark.ReplaceAllString(marked, given)
	var out []Ungiven
	for _, m := range writtenNumber.FindAllStringIndex(text, -1) {
		before := text[:m[0]]
		if strings.HasSuffix(before, "月") || strings.HasSuffix(before, "第") || strings.HasSuffix(before, given) {
			continue // a day, the number of something, the rest of a value
		}
		out = append(out, Ungiven{Text: text[m[0]:m[1]], Around: strings.ReplaceAll(shortly(text, m[0], m[1]), given, "…")})
	}
	return out
}

// shortly is a place of a text with a few characters on each side.
func shortly(text string, begin, end int) string {
	const near = 10
	return strings.Trim(printable.Excerpt(text, begin, end, near), "…")
}
