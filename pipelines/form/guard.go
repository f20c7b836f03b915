package form

import (
	"path"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// Reading reads one submitted file into w, as Read does.
type Reading func(forms []Form, w *record.Workbook, data []byte, within limits.Set)

// Guard reads one submitted file so that whatever is in it, only that file suffers: where the program fails over it,
// the file is unreadable, with a finding that says whose fault that is. The error tells developers where; another
// program may read the file right, so that nobody should keep the reading.
func Guard(read Reading, forms []Form, w *record.Workbook, data []byte, within limits.Set) error {
	err := fault.Contain(func() error {
		read(forms, w, data, within)
		return nil
	})
	if err != nil {
		Faulty(w)
	}
	return err
}

// Faulty makes of a workbook, over which the program has failed, one that could not be read: nothing that was read of
// it by then counts.
func Faulty(w *record.Workbook) {
	w.Forms, w.Records, w.Stated, w.Cells = nil, nil, nil, nil
	w.Status = record.StatusUnreadable
	f := finding.New(finding.WorkbookUnreadable, "", "", "プログラムの不具合", "")
	f.Message = "プログラムの不具合で、このファイルを読めません。調査票の誤りとは限らないので、課で直すことはありません。" +
		"事務局は、ファイル「" + path.Base(w.Path) + "」を添えて、このプログラムを作った人に知らせてください。"
	f.Municipality, f.Department, f.Path = w.Municipality, w.Department, w.Path
	w.Findings = []record.Finding{f}
}
