package form

import (
	"errors"
	"path"
	"slices"
	"strings"
	"unicode"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// openFinding says why a file cannot be opened, and what its author does about it.
func openFinding(name string, err error) record.Finding {
	var kind *workbook.UnsupportedError
	if errors.As(err, &kind) {
		f := finding.New(finding.FileUnsupported, "", "", kind.Kind, kind.Advice)
		f.Message = path.Base(name) + " は" + spaced(kind.Kind) + "で、読めません。" + kind.Advice + "。"
		return f
	}
	var large *workbook.TooLargeError
	switch {
	case errors.As(err, &large):
		f := finding.New(finding.WorkbookTooLarge, "", "", large.String(), large.Limit())
		f.Message = "ファイルが大きすぎます（" + large.String() + "）。" + large.Advice + large.Raise()
		return f
	case errors.Is(err, workbook.ErrEncrypted):
		return finding.New(finding.WorkbookEncrypted, "", "", why(err), "")
	case errors.Is(err, workbook.ErrUnreadable):
		return finding.New(finding.WorkbookUnreadable, "", "", why(err), "")
	}
	return finding.New(finding.WorkbookUnreadable, "", "", strings.TrimSuffix(fault.Text(err), "。"), "") // of the disk
}

// why is what an error of package workbook says beside its kind.
func why(err error) string {
	_, text, _ := strings.Cut(err.Error(), ": ")
	return text
}

// Refuse makes of a workbook one that could not be opened: beyond a limit, or not to be read at all.
func Refuse(w *record.Workbook, err error) {
	w.Status = record.StatusUnreadable
	w.Findings = append(w.Findings, openFinding(w.Path, err))
}

// spaced sets off a word that is Latin alone: は PDF で.
func spaced(word string) string {
	if strings.ContainsFunc(word, func(r rune) bool { return r > unicode.MaxASCII }) {
		return word
	}
	return " " + word + " "
}

// settleUnsupported makes a remark of a file of another kind that nothing waits for: beside answers to every form that
// its department owes for the year, or of a department that owes none. Where nobody has said who owes what, an error
// stands for a file that has a workbook's name, in a folder of which nothing was read.
func settleUnsupported(forms map[string]string, workbooks []*record.Workbook, m Masters) {
	for _, w := range workbooks {
		i := slices.IndexFunc(w.Findings, func(f record.Finding) bool { return f.Code == finding.FileUnsupported })
		if i >= 0 && !awaited(w, forms, workbooks, m) {
			f := &w.Findings[i]
			f.Severity, f.Expected = record.Info, ""
			f.Message = path.Base(w.Path) + " は" + spaced(f.Found) + "なので、読んでいません。調査票でなければ、このままで構いません。"
		}
	}
}

// awaited reports whether something may be lacking that a file of another kind may hold.
func awaited(w *record.Workbook, forms map[string]string, workbooks []*record.Workbook, m Masters) bool {
	read := func(form string) bool {
		return slices.ContainsFunc(workbooks, func(other *record.Workbook) bool {
			return sameFolder(w, other) && other.Status != record.StatusWithdrawn &&
				(form == "" && len(other.Forms) > 0 || slices.Contains(other.Forms, form))
		})
	}
	said := false
	for _, d := range m.Duties {
		if d.Municipality != w.Municipality || d.FiscalYear != w.FiscalYear {
			continue
		}
		said = true
		if m.Present(d.Municipality, d.Department) == w.Department && (forms[d.Form] == "" || !read(forms[d.Form])) {
			return true
		}
	}
	return !said && workbook.Supported(w.Path) && !read("")
}

// sameFolder reports whether two files are of one department and year.
func sameFolder(a, b *record.Workbook) bool {
	return a.Municipality == b.Municipality && a.FiscalYear == b.FiscalYear && a.Department == b.Department
}
