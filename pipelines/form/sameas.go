package form

import (
	"regexp"
	"strings"

	"kyogikai/pipelines/record"
)

var (
	sameWords = regexp.MustCompile(
		`^(?:同|同(?:左|右|上|前|額|値|数|じ|様)|左同|(?:左|右|上|前)(?:記|欄)?[にと]同じ|[仝々〃]+|` +
			`(?:前|昨)(?:年度?|回)(?:[にと]?同(?:じ|様|額|値|数)?)|変更(?:なし|無し?))。?$`,
	)
	arrows     = regexp.MustCompile(`[←→↑↓⇐⇒⇑⇓⇦⇨]|<[-=]+|[-=]+>`)
	sameQuotes = regexp.MustCompile(`^(?:[″"”“]|''|’’|=)+$`)
)

// sameAs reports a text that stands for the value of another cell: 同左, ←, →（同上）, 〃. Which cell is meant, and whether a
// number stands there, the reader does not guess; that there is no value, the text does not say.
func sameAs(text string) bool {
	if strings.Trim(text, "0123456789.,%-") == "" {
		return false // most cells, at a tenth of the cost
	}
	n := record.Normal(text)
	rest := strings.Trim(arrows.ReplaceAllString(n, ""), "()[]【】「」")
	return rest == "" && arrows.MatchString(n) || sameWords.MatchString(rest) || sameQuotes.MatchString(rest)
}
