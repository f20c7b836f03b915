package form

import (
	"path"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// superseded withdraws the files that are gone at their source where another tells the same: a version that is there,
// or was there longer, or the same bytes in another place. Which of them counts is settled by that, and told.
func superseded(workbooks []*record.Workbook) {
	rivals := sharing(workbooks)
	for _, w := range workbooks {
		if w.Removed.At.IsZero() || w.Status == record.StatusWithdrawn {
			continue
		}
		newer := moved(w, workbooks)
		for _, other := range rivals[w] {
			if newer == nil && outlasts(other, w) || outlasts(other, newer) {
				newer = other
			}
		}
		if newer == nil {
			continue
		}
		f := finding.New(
			finding.SourceRemoved, "", "", fiscal.WarekiDate(w.Removed.At), w.Removed.Source,
		)
		f.Message = "「" + path.Base(w.Path) + "」は、収集元「" + w.Removed.Source + "」から消えた前の版です（" + f.Found + "に分かりました）。" +
			"いまの版「" + path.Base(newer.Path) + "」を使い、こちらは集計に入れていません。要らなければ inputs から除いてください。"
		if path.Base(w.Path) == path.Base(newer.Path) {
			f.Message += "いまの版は " + newer.Path + " です。"
		}
		w.Status, w.Records, w.Cells, w.Findings = record.StatusWithdrawn, nil, nil, []record.Finding{f}
	}
}

// outlasts reports whether a file is at its source longer than another: it still is, or was found removed later.
func outlasts(w, other *record.Workbook) bool {
	if other == nil || other.Removed.At.IsZero() || w.Status == record.StatusWithdrawn {
		return false
	}
	return w.Removed.At.IsZero() || w.Removed.At.After(other.Removed.At)
}

// moved is the file with the same bytes, of the same municipality, that is there; nil where there is none.
func moved(w *record.Workbook, workbooks []*record.Workbook) *record.Workbook {
	for _, other := range workbooks {
		if other != w && other.SHA256 == w.SHA256 && w.SHA256 != "" && other.Removed.At.IsZero() &&
			other.Municipality == w.Municipality && other.Status != record.StatusWithdrawn {
			return other
		}
	}
	return nil
}
