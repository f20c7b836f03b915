package form

import (
	"fmt"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// duplicates leaves out records of one file that state the same fact twice, all of them, on whatever sheets they stand.
func duplicates(w *record.Workbook) {
	first := map[string]int{}
	told := map[string]bool{}
	for _, f := range w.Findings {
		if f.Code == finding.DuplicateRow {
			told[f.Sheet+"|"+f.Cell] = true
		}
	}
	for i := range w.Records {
		r := &w.Records[i]
		key := fmt.Sprint(r.Form, "|", r.Kind, "|", r.FiscalYear, "|", r.Key)
		j, again := first[key]
		if !again {
			first[key] = i
			continue
		}
		a := &w.Records[j]
		a.Excluded, r.Excluded = true, true
		if at := r.Sheet + "|" + r.Cell; !told[at] {
			told[at] = true
			w.Findings = append(
				w.Findings, finding.New(finding.DuplicateRow, r.Sheet, r.Cell, r.Name(), strings.TrimSpace(a.Sheet+" "+a.Cell)),
			)
		}
	}
}
