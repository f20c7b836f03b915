package record

import "time"

// Population is a line of 人口.csv: how many people a municipality had on a day of a fiscal year, and who says so. Path
// and Cell are where the number stands.
type Population struct {
	Municipality string
	FiscalYear   int
	AsOf         time.Time // a day of FiscalYear
	People       int64     // above 0
	Source       string
	Path, Cell   string
}
