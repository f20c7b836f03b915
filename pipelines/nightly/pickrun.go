package nightly

import (
	"fmt"
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

// PickRun finds the run that a word names: its id, 前回 (the one before the published), 先月 (the last of the month before
// this day's, or the newest before it), or 2026-10 (the last of that month). It returns a *warehouse.NoRunError where none
// is kept.
func PickRun(env Env, word string) (string, error) {
	kept, err := warehouse.Kept(env.WarehouseDir())
	if err != nil {
		return "", err
	}
	zone, err := time.LoadLocation(env.Settings.Timezone)
	if err != nil {
		return "", fmt.Errorf("設定の timezone を読めません: %w", err)
	}
	month := func(id string) string {
		at, err := time.Parse(idForm, id)
		if err != nil {
			return ""
		}
		return at.In(zone).Format("2006-01")
	}
	for i, id := range kept { // newest first
		m := month(id)
		switch {
		case word == id,
			word == PreviousRun && i == 1,
			word == LastMonth && m != "" && m < env.AsOf.Format("2006-01"),
			monthForm.MatchString(word) && m == word:
			return id, nil
		}
	}
	return "", &warehouse.NoRunError{Run: word, Kept: kept}
}
