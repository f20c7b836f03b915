package form

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// Screen applies the rules that no single file can tell: withdrawn files, departments that do not exist, versions of
// one answer. It changes the workbooks' status and findings, and completes where every finding is.
func Screen(forms []Form, workbooks []*record.Workbook, m Masters) {
	for _, w := range workbooks {
		w.Department = m.Present(w.Municipality, w.Department)
		withdraw(w, m)
		if len(w.Records) > 0 && !m.knows(w.Municipality, w.Department) {
			leaveOut(w, unknownFolder(w))
			continue
		}
		settle(w, func(sheet, cell string) bool { return m.confirmedOn(w, sheet, cell) })
		m.choose(w)
		duplicates(w) // again: the plan of the settings may make two keys one
		namedDepartments(w, forms, m)
		elsewhere(w, m)
	}
	superseded(workbooks)
	versions(workbooks)
	lookAlikes(workbooks)
	conflicts(workbooks, forms, m)
	owners(workbooks, forms, m)
	jumps(workbooks, forms, m.confirmed)
	yearlyRatios(workbooks, forms)
	for _, w := range workbooks {
		w.Findings = slices.DeleteFunc(w.Findings, func(f record.Finding) bool {
			return f.Severity != record.Error && f.Code != finding.ValueAmbiguous && f.Cell != "" && m.confirmed(w, f.Cell)
		})
	}
	for _, w := range workbooks {
		for i := range w.Findings {
			f := &w.Findings[i]
			f.Municipality, f.Department, f.Path = w.Municipality, w.Department, w.Path
		}
	}
}

func withdraw(w *record.Workbook, m Masters) {
	for _, d := range m.Decisions {
		if d.Municipality == w.Municipality && d.Withdraws() && d.Applies(w.Path) {
			w.Status, w.Records, w.Findings, w.Cells = record.StatusWithdrawn, nil, nil, nil
		}
	}
}

// SetPlans completes the identity of records whose workbook does not state a plan with the plan that the settings give
// their municipality and form.
func SetPlans(forms []Form, workbooks []*record.Workbook, plan func(municipality, form string) string) {
	keyed := map[string]bool{}
	for i := range forms {
		keyed[forms[i].ID+"/"+forms[i].Record] = len(forms[i].Key) > 0 && forms[i].Key[0] == "plan"
	}
	for _, w := range workbooks {
		for i := range w.Records {
			r := &w.Records[i]
			if keyed[r.Form+"/"+r.Kind] && r.Value("plan") == "" {
				r.Key = record.Key(plan(w.Municipality, r.Form)) + r.Key
			}
		}
	}
}

// namedDepartments leaves out the rows that name a department which does not exist.
func namedDepartments(w *record.Workbook, forms []Form, m Masters) {
	for i := range w.Records {
		r := &w.Records[i]
		for _, name := range departmentFields(forms, r) {
			if f, ok := r.Field(name, ""); ok {
				m.presentIn(w, r, f)
			}
		}
	}
}

// departmentFields are the fields of a record that name departments.
func departmentFields(forms []Form, r *record.Record) []string {
	names := []string{"departments"}
	for i := range forms {
		if forms[i].ID != r.Form || forms[i].Record != r.Kind {
			continue
		}
		for _, rule := range forms[i].Fields {
			if rule.Type == "departments" && rule.Name != names[0] && rule.Name != "stated_department" {
				names = append(names, rule.Name)
			}
		}
	}
	return names
}

// presentIn writes the departments that a field of a record names by their present names.
func (m Masters) presentIn(w *record.Workbook, r *record.Record, f record.Field) {
	names := m.namedIn(w.Municipality, f)
	r.SetValue(f.Name, m.presentNames(w.Municipality, names))
	for _, name := range names {
		if name != "" && !m.knows(w.Municipality, name) {
			r.Excluded = true
			found := finding.New(finding.UnknownDepartment, f.Sheet, f.Cell, name, "")
			found.Message = "担当課の「" + name + "」は組織.csvにありません。今の課名か組織.csvの旧名称で書いてください。"
			w.Findings = append(w.Findings, found)
		}
	}
}

// presentNames writes a list of departments, one a line, by their present names.
func (m Masters) presentNames(city string, names []string) string {
	var out []string
	for _, name := range names {
		if now := m.Present(city, name); !slices.Contains(out, now) {
			out = append(out, now)
		}
	}
	return strings.Join(out, "\n")
}

// elsewhere reports a file that names another department than the folder it stands in.
func elsewhere(w *record.Workbook, m Masters) {
	for _, f := range w.Stated {
		if m.names(w.Municipality, f.Text, w.Department) {
			continue
		}
		for _, d := range m.Departments {
			if d.Municipality == w.Municipality && len(d.Name) > len("課") &&
				strings.Contains(record.Normal(f.Text), record.Normal(d.Name)) {
				found := finding.New(finding.MisplacedFile, "", "", d.Name, w.Department)
				found.Message = "「" + d.Name + "」の調査票ですが、" + w.Department + "のフォルダにあります。正しいフォルダに移してください。"
				w.Findings = append(w.Findings, found)
				return
			}
		}
	}
}

// leaveOut leaves a whole file out of every figure.
func leaveOut(w *record.Workbook, f record.Finding) {
	w.Status = record.StatusLeftOut
	w.Findings = append(w.Findings, f)
	for i := range w.Records {
		w.Records[i].Excluded = true
	}
}

// LeaveOut leaves whole files out of every figure for a reason that is no file's own.
func LeaveOut(workbooks []*record.Workbook) {
	for _, w := range workbooks {
		if w.Status == record.StatusRead {
			w.Status = record.StatusLeftOut
		}
		for i := range w.Records {
			w.Records[i].Excluded = true
		}
	}
}

// lookAlikes leaves out the files whose names nobody can tell from another's: they are one file to everybody but the
// disk, and a decision that says the name would be about neither. Where all but one are withdrawn, that one counts.
func lookAlikes(workbooks []*record.Workbook) {
	stands := map[string]bool{}
	for _, w := range workbooks {
		stands[w.Path] = w.Status != record.StatusWithdrawn
	}
	for _, w := range workbooks {
		var names []string
		for _, other := range w.Alike {
			if stands[other] {
				names = append(names, path.Base(other))
			}
		}
		told := slices.ContainsFunc(w.Findings, func(f record.Finding) bool { return f.Code == finding.AmbiguousVersion })
		if len(names) == 0 || len(w.Records) == 0 || told {
			continue
		}
		f := finding.New(finding.AmbiguousVersion, "", "", strings.Join(names, "、"), "")
		f.Message = "同じに見える名前のファイルが、ほかにもあります（" + f.Found + "）。濁点などの文字の持ち方だけが違います。" +
			"どちらも集計から除きました。一方を消すか、名前を変えてください。"
		leaveOut(w, f)
	}
}

// versions finds files of one form, year and department that share a key: neither is read until a person withdraws one.
// Files that share no key are parts of one answer.
func versions(workbooks []*record.Workbook) {
	rivals := sharing(workbooks)
	for _, w := range workbooks {
		if len(rivals[w]) == 0 {
			continue
		}
		var names []string
		for _, o := range rivals[w] {
			names = append(names, path.Base(o.Path))
		}
		leaveOut(w, finding.New(finding.AmbiguousVersion, "", "", strings.Join(names, "、"), ""))
	}
}

// sharing are, for each file, the others of its form, year and department with which it shares a key.
func sharing(workbooks []*record.Workbook) map[*record.Workbook][]*record.Workbook {
	byKey := map[string][]*record.Workbook{}
	var order []string
	for _, w := range workbooks {
		for _, r := range w.Records {
			k := fmt.Sprint(w.Municipality, "|", w.Department, "|", r.Form, "|", r.Kind, "|", w.FiscalYear, "|", r.Key)
			if !slices.Contains(byKey[k], w) {
				if byKey[k] == nil {
					order = append(order, k)
				}
				byKey[k] = append(byKey[k], w)
			}
		}
	}
	out := map[*record.Workbook][]*record.Workbook{}
	for _, k := range order {
		for _, w := range byKey[k] {
			for _, other := range byKey[k] {
				if other != w && !slices.Contains(out[w], other) {
					out[w] = append(out[w], other)
				}
			}
		}
	}
	return out
}

// Submissions compares what is owed with what has come, in the order of 提出対象.csv, and finds what has not come.
// A file that cannot be opened may be any form that its department owes for the year; one of another kind that nothing
// waits for becomes a remark.
func Submissions(forms []Form, workbooks []*record.Workbook, m Masters) ([]record.Submission, []record.Finding) {
	ids := map[string]string{}
	for _, f := range forms {
		ids[f.Name] = f.ID
	}
	duties, findings := m.duties(forms)
	m.Duties = duties
	settleUnsupported(ids, workbooks, m)
	var out []record.Submission
	for _, d := range duties {
		s := record.Submission{
			Duty: d, FormID: ids[d.Form], Status: status(d, m.Present(d.Municipality, d.Department), ids[d.Form], workbooks),
		}
		if s.Status == notSubmitted && (s.FormID == "" || !m.knows(d.Municipality, d.Department)) {
			s.Status = toFix // the line itself: nothing that anybody submits could answer it
		}
		out = append(out, s)
		if s.Status == notSubmitted {
			findings = append(findings, missing(d))
		}
	}
	findings = append(findings, unlisted(forms, workbooks, m)...)
	return out, slices.Concat(findings, yearFolders(workbooks), tooHigh(workbooks))
}

// What has come of a duty.
const (
	submitted    = "提出済"
	toFix        = "要修正"
	notSubmitted = "未提出"
)

// missing says that something owed has not come.
func missing(d record.Duty) record.Finding {
	f := finding.New(finding.NotSubmitted, "", "", d.Form+"（"+fiscal.Wareki(d.FiscalYear)+"）", d.Due)
	if d.Due == "" {
		f.Message = f.Found + "が提出されていません。このフォルダに置いてください。"
	}
	f.Municipality, f.Department = d.Municipality, d.Department
	f.Path = path.Join("inputs", d.Municipality, fiscal.Wareki(d.FiscalYear), d.Bureau, d.Department)
	return f
}

func status(d record.Duty, department, form string, workbooks []*record.Workbook) string {
	out := notSubmitted
	for _, w := range workbooks {
		if w.Municipality != d.Municipality || w.FiscalYear != d.FiscalYear || w.Department != department {
			continue
		}
		switch {
		case w.Status == record.StatusWithdrawn:
		case w.Status == record.StatusUnreadable && out == notSubmitted:
			out = toFix
		case !slices.Contains(w.Forms, form):
		case hasError(w):
			return toFix
		default:
			out = submitted
		}
	}
	return out
}

func hasError(w *record.Workbook) bool {
	return slices.ContainsFunc(w.Findings, func(f record.Finding) bool { return f.Severity == record.Error })
}
