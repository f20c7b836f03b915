package form

import (
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
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
		w.Findings = append(w.Findings, openFinding(w.Path, err))
		return
	}
	r := reader{w: w}
	identities := wb.Identities()
	for _, s := range wb.Sheets {
		r.sheet(identified(forms, identities[s.Name]), s)
	}
	duplicates(w)
	r.finish()
}

// identified are the forms that a sheet may be: the one that an intake workbook names, else all.
func identified(forms []Form, id [3]string) []Form {
	for i := range forms {
		if forms[i].ID == id[0] && forms[i].Record == id[1] {
			return forms[i : i+1]
		}
	}
	return forms
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
	part  int // how many heads of its table were found
}

// recognised is what a sheet turned out to be.
type recognised struct {
	form   *Form
	header header
	series *series
	cards  *cards
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
		r.w.Findings = append(r.w.Findings, finding.New(finding.HiddenData, s.Name, "", "非表示のシート", ""))
		return
	}
	r.misplaced(found.year)
	var records []record.Record
	var findings []record.Finding
	switch {
	case f.Layout == LayoutSeries:
		records, findings = found.series.read()
	case found.cards != nil:
		records, findings = found.cards.read(f.preamble(s, header{top: found.cards.starts[0]}))
	default:
		records, findings = f.readTable(s, found.header, found.year)
	}
	r.stated(f, s)
	r.yearNotes(s)
	r.w.Records = append(r.w.Records, records...)
	r.w.Findings = append(r.w.Findings, findings...)
	r.cells(s)
}

// recognise finds the form of a sheet: a form whose table the sheet has comes before one that is told by its title
// alone; among those the longest title wins. A table whose header is unmistakable needs no title.
func (r *reader) recognise(forms []Form, s *workbook.Sheet) (recognised, bool) {
	titled := make([]int, len(forms))
	years := make([]int, len(forms))
	var first, others []int
	top := titleTexts(s)
	for i := range forms {
		titled[i], years[i] = forms[i].title(top)
		if years[i] == 0 {
			years[i] = r.w.FiscalYear
		}
		if titled[i] > 0 {
			first = append(first, i)
		} else {
			others = append(others, i)
		}
	}
	var lacking []headless
	for _, some := range [][]int{first, others} {
		var best recognised
		score := -1
		for _, i := range some {
			f := &forms[i]
			got, complete, part := f.look(s, years[i], titled[i] > 0)
			own := titled[i]*100 + got.header.weight()
			if f.Layout == LayoutUnknown {
				own = titled[i]
			}
			if complete && own > score {
				best, score = got, own
			}
			if !complete && titled[i] > 0 && f.Layout != LayoutUnknown {
				lacking = append(lacking, headless{f, s.Name, f.lacking(got.header), part})
			}
		}
		if score >= 0 {
			return best, true
		}
	}
	if !s.Hidden {
		r.headless = append(r.headless, lacking...)
	}
	return recognised{}, false
}

// look looks for a form's table or cards on a sheet. part is how much of a table there is where it is not complete.
func (f *Form) look(s *workbook.Sheet, year int, titled bool) (got recognised, complete bool, part int) {
	got = recognised{form: f, year: year}
	switch f.Layout {
	case LayoutUnknown:
		return got, titled, 0
	case LayoutSeries:
		if !titled {
			return got, false, 0
		}
		if got.series, complete = f.findSeries(s); complete {
			got.series.year = year
		}
		return got, complete, f.yearLabels(s)
	}
	got.header, complete = f.findHeader(s, year)
	part = len(got.header.columns)
	if complete {
		return got, titled || part >= 5, part
	}
	if got.cards, complete = f.findCards(s, year); complete {
		return got, titled || len(got.cards.labels) >= 5, part
	}
	got.cards = nil
	return got, false, part
}

// stated keeps what the sheet says about who sent it.
func (r *reader) stated(f *Form, s *workbook.Sheet) {
	for _, field := range f.preamble(s, header{top: titleRows}) {
		if field.Name == "stated_department" {
			r.w.Stated = append(r.w.Stated, field)
		}
	}
}

// yearNotes reports texts that give a year in 和暦 and 西暦 which are not the same.
func (r *reader) yearNotes(s *workbook.Sheet) {
	s.Each(func(row, col int, c workbook.Cell) {
		if wareki, seireki, found := fiscal.Contradiction(c.Text); found && c.Kind == workbook.Text {
			r.w.Findings = append(r.w.Findings, finding.New(finding.YearMismatch, s.Name, s.Ref(row, col), wareki, seireki))
		}
	})
}

// yearLabels is the largest number of fiscal years in a row or a column near the top.
func (f *Form) yearLabels(s *workbook.Sheet) int {
	rows, cols := map[int]int{}, map[int]int{}
	for i := range min(s.Rows, headerScan) {
		for j := range s.Cols {
			text := s.At(i, j).Text
			if bareYear.MatchString(record.Normal(text)) || matches(text, f.Series.IndicatorWords) {
				rows[i], cols[j] = rows[i]+1, cols[j]+1
			} else if _, ok := fiscal.ParseYear(text + "年度"); ok {
				rows[i], cols[j] = rows[i]+1, cols[j]+1
			}
		}
	}
	n := 0
	for _, m := range []map[int]int{rows, cols} {
		for _, k := range m {
			n = max(n, k)
		}
	}
	return n
}

// lacking names the needed fields that a header lacks.
func (f *Form) lacking(h header) string {
	var out []string
	for _, rule := range f.Fields {
		if rule.Needed && !h.has(&rule) {
			out = append(out, rule.title)
		}
	}
	return strings.Join(out, "・")
}

// misplaced reports, once a file, a sheet of another year than the folder's.
func (r *reader) misplaced(year int) {
	told := slices.ContainsFunc(r.w.Findings, func(f record.Finding) bool { return f.Code == finding.MisplacedFile })
	if r.w.FiscalYear != 0 && year != r.w.FiscalYear && !told {
		r.w.Findings = append(
			r.w.Findings, finding.New(finding.MisplacedFile, "", "", fiscal.Wareki(year), fiscal.Wareki(r.w.FiscalYear)),
		)
	}
}

func (r *reader) cells(s *workbook.Sheet) {
	s.Each(func(row, col int, c workbook.Cell) {
		r.w.Cells = append(r.w.Cells, record.Cell{
			Sheet: s.Name, Ref: s.Ref(row, col), Row: row + 1, Col: col + 1, Text: c.Text, Value: c.Value, Formula: c.Formula,
		})
	})
}

// finish settles the file's status. A title without its table is an error where part of a table is there, or where the
// file has nothing else; elsewhere it is a cover sheet.
func (r *reader) finish() {
	for _, h := range r.headless {
		if len(r.w.Forms) > 0 && h.part < 3 {
			continue
		}
		lacks := h.lacks
		if lacks == "" {
			lacks = "指標と年度"
		}
		f := finding.New(finding.RequiredMissing, h.sheet, "", "", lacks)
		f.Message = "「" + lacks + "」の見出しが見つからないため、このシートを読めません。様式の見出しを消したり変えたりしていないか確かめてください。"
		r.w.Findings = append(r.w.Findings, f)
		if !slices.Contains(r.w.Forms, h.form.ID) {
			r.w.Forms = append(r.w.Forms, h.form.ID)
		}
		if len(r.completed) == 0 {
			r.w.Status = record.StatusLeftOut
		}
	}
	switch {
	case r.w.Status != "":
	case len(r.completed) > 0:
		r.w.Status = record.StatusRead
	case len(r.w.Forms) > 0:
		r.w.Status = record.StatusNotReadYet
	default:
		r.w.Status = record.StatusUnrecognized
		r.w.Findings = append(r.w.Findings, finding.New(finding.FormUnrecognized, "", "", "", ""))
	}
}
