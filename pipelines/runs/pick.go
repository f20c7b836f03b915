package runs

import (
	"regexp"
	"time"

	"kyogikai/pipelines/warehouse"
)

// Words that name an earlier run.
const (
	PreviousRun = "前回"
	LastMonth   = "先月"
)

var monthForm = regexp.MustCompile(`^\d{4}-\d{2}$`)

// Pick finds the run that a word names: its id, 前回 (the one before the published), 先月 (the last that began in a month
// before that of today, in the city's zone), or 2026-10 (the last that began in that month). It returns a
// *warehouse.NoRunError where none is kept.
func Pick(outputs, word string, today time.Time, zone *time.Location) (string, error) {
	kept, err := warehouse.Kept(warehouse.Dir(outputs))
	if err != nil {
		return "", err
	}
	for i, id := range kept { // newest first
		if word == id || word == PreviousRun && i == 1 {
			return id, nil
		}
		if word != LastMonth && !monthForm.MatchString(word) {
			continue
		}
		at, err := startOf(outputs, id)
		if err != nil {
			return "", err
		}
		month := at.In(zone).Format("2006-01")
		if month == word || word == LastMonth && month < today.Format("2006-01") {
			return id, nil
		}
	}
	return "", &warehouse.NoRunError{Run: word, Kept: kept}
}
