package form

import (
	"errors"
	"slices"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Version of the reading rules in this package: raise it when the same bytes would be read differently.
const Version = 1

// Read reads one submitted file into w: its forms, status, records, cells and findings. It never fails: what cannot
// be read is a finding.
func Read(forms []Form, w *record.Workbook, data []byte) {
	wb, err := workbook.Open(w.Path, data)
	if err != nil {
		w.Status = record.StatusUnreadable
		w.Findings = append(w.Findings, openFinding(err))
		return
	}
	r := reader{w: w}
	for _, s := range wb.Sheets {
		r.sheet(forms, s)
	}
	duplicates(w)
	r.finish()
}

func openFinding(err error) record.Finding {
	code := "workbook_unreadable"
	switch {
	case errors.Is(err, workbook.ErrEncrypted):
		code = "workbook_encrypted"
	case errors.Is(err, workbook.ErrTooLarge):
		code = "workbook_too_large"
	}
	_, why, _ := strings.Cut(err.Error(), ": ")
	return finding(code, "", "", why, "")
}

type reader struct {
	w         *record.Workbook
	headless  []headless // sheets with a form's title but not its header
	completed []string   // forms of which a sheet was read
}

type headless struct {
	form  *Form
	sheet string
	lacks string
}

// recognised is what a sheet turned out to be.
type recognised struct {
	form   *Form
	header header
	series *series
	year   int
}

func (r *reader) sheet(forms []Form, s *workbook.Sheet) {
	found, ok := r.recognise(forms, s)
	if !ok {
		return
	}
	f := found.form
	if !slices.Contains(r.w.Forms, f.ID) {
		r.w.Forms = append(r.w.Forms, f.ID)
	}
	if f.Layout == LayoutUnknown {
		return
	}
	r.completed = append(r.completed, f.ID)
	if s.Hidden {
		r.w.Findings = append(r.w.Findings, finding("hidden_data", s.Name, "", "非表示のシート", ""))
		return
	}
	r.misplaced(found.year, s.Name)
	var records []record.Record
	var findings []record.Finding
	if f.Layout == LayoutSeries {
		records, findings = found.series.read()
	} else {
		records, findings = f.readTable(s, found.header, found.year)
	}
	r.w.Records = append(r.w.Records, records...)
	r.w.Findings = append(r.w.Findings, findings...)
	r.cells(s)
}

// recognise finds the form of a sheet: one whose title stands on it and whose table it has; the longest title wins.
// A table whose header is unmistakable needs no title.
func (r *reader) recognise(forms []Form, s *workbook.Sheet) (recognised, bool) {
	var best recognised
	length := -1
	for i := range forms {
		f := &forms[i]
		n, year := f.title(s)
		if year == 0 {
			year = r.w.FiscalYear
		}
		got := recognised{form: f, year: year}
		complete := false
		switch f.Layout {
		case LayoutUnknown:
			complete = n > 0
		case LayoutTable:
			got.header, complete = f.findHeader(s, year)
			if n > 0 && !complete {
				r.headless = append(r.headless, headless{f, s.Name, f.lacking(got.header)})
			}
			complete = complete && (n > 0 || len(got.header.columns) >= 5)
		case LayoutSeries:
			got.series, complete = f.findSeries(s)
			complete = complete && n > 0
			if complete {
				got.series.year = year
			}
		}
		if complete && n > length {
			best, length = got, n
		}
	}
	return best, length >= 0
}

// lacking names the needed fields that a header lacks.
func (f *Form) lacking(h header) string {
	var out []string
	for _, rule := range f.Fields {
		if rule.Needed && !hasField(h.columns, rule.Name) {
			out = append(out, rule.Words[0])
		}
	}
	return strings.Join(out, "・")
}

func (r *reader) misplaced(year int, sheet string) {
	if r.w.FiscalYear != 0 && year != r.w.FiscalYear {
		r.w.Findings = append(r.w.Findings,
			finding("misplaced_file", sheet, "", fiscal.Wareki(year), fiscal.Wareki(r.w.FiscalYear)))
	}
}

func (r *reader) cells(s *workbook.Sheet) {
	s.Each(func(row, col int, c workbook.Cell) {
		r.w.Cells = append(r.w.Cells, record.Cell{
			Sheet: s.Name, Ref: s.Ref(row, col), Row: row + 1, Col: col + 1, Text: c.Text, Value: c.Value, Formula: c.Formula,
		})
	})
}

// finish settles the file's status. A title without its table is an error, unless another sheet has the table
// (a cover sheet) or is known to be of another form.
func (r *reader) finish() {
	for _, h := range r.headless {
		if len(r.w.Forms) > 0 {
			break
		}
		r.w.Forms = append(r.w.Forms, h.form.ID)
		r.w.Status = record.StatusLeftOut
		f := finding("required_missing", h.sheet, "", "", h.lacks)
		f.Message = "「" + h.lacks + "」の見出しが見つかりません。様式の見出しを消したり変えたりしていないか確かめてください。"
		r.w.Findings = append(r.w.Findings, f)
	}
	switch {
	case r.w.Status != "":
	case len(r.completed) > 0:
		r.w.Status = record.StatusRead
	case len(r.w.Forms) > 0:
		r.w.Status = record.StatusNotReadYet
	default:
		r.w.Status = record.StatusUnrecognized
		r.w.Findings = append(r.w.Findings, finding("form_unrecognized", "", "", "", ""))
	}
}

// Locate writes where a finding is: file › sheet › cell.
func Locate(f record.Finding) string {
	parts := []string{f.Path}
	if f.Sheet != "" {
		parts = append(parts, f.Sheet)
	}
	if f.Cell != "" {
		parts = append(parts, f.Cell)
	}
	return strings.Join(parts, " › ")
}
