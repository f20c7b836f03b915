package form

import (
	"maps"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Version of the reading rules in this package: raise it when the same bytes would be read differently.
const Version = 4

// Read reads one submitted file into w, as far as it is within limits: its forms, status, records, cells and findings.
// It never fails: what cannot be read is a finding.
func Read(forms []Form, w *record.Workbook, data []byte, within limits.Set) {
	wb, err := workbook.Open(w.Path, data, within)
	if err != nil {
		Refuse(w, err)
		return
	}
	ReadOpened(forms, w, wb)
}

// ReadOpened reads a file that is open already, or some of its sheets, as Read does.
func ReadOpened(forms []Form, w *record.Workbook, wb *workbook.Workbook) {
	r := fileReader{w: w}
	identities, printed := wb.Identities(), wb.Printed()
	for _, s := range wb.Sheets {
		if isExample(s.Name) {
			r.keep(s, record.ClaimExample)
			continue
		}
		answers, own := apart(s, printed[s.Name])
		kept := len(w.Cells)
		r.sheet(identified(forms, identities[s.Name]), answers)
		if len(w.Cells) > kept {
			w.Cells = append(w.Cells, own...)
		}
	}
	duplicates(w)
	r.strangers(forms)
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

// apart shows a sheet without the notes that an intake workbook says it has written itself beside the answers (own).
func apart(s *workbook.Sheet, printed []string) (answers *workbook.Sheet, own []record.Cell) {
	if len(printed) == 0 {
		return s, nil
	}
	written := map[string]bool{}
	for _, text := range printed {
		if strings.HasPrefix(text, guideMark) { // whatever else it says, no answer goes unread
			written[record.Normal(text)] = true
		}
	}
	out := map[[2]int]string{}
	s.Each(func(row, col int, c workbook.Cell) {
		if !written[record.Normal(c.Text)] {
			return
		}
		out[[2]int{row, col}] = record.ClaimTemplate
		own = append(own, record.Cell{
			Sheet: s.Name, Ref: s.Ref(row, col), Row: row + 1, Col: col + 1, Text: c.Text, Claim: record.ClaimTemplate,
		})
	})
	return without(s, out), own
}

// fileReader reads the sheets of a file.
type fileReader struct {
	w         *record.Workbook
	headless  []headless // sheets with a form's title but not its heads
	completed []string   // forms of which a sheet was read
	foreign   []foreign
}

// foreign is a sheet, or a part of one, that no form reads.
type foreign struct {
	sheet *workbook.Sheet
	whole bool
}

type headless struct {
	form  *Form
	sheet *workbook.Sheet
	lacks string
	part  int // how many heads of its table were found
}

// sheet reads a sheet by the form that it turns out to be; parts of it that are of different forms each by their own.
func (r *fileReader) sheet(forms []Form, s *workbook.Sheet) {
	parts := r.parts(forms, s)
	if len(parts) < 2 {
		r.part(forms, s, 0, true)
		return
	}
	year := 0
	for _, p := range parts {
		if got := r.part(forms, s.Lines(p[0], p[1]), year, false); year == 0 {
			year = got
		}
	}
}

// part reads a sheet, or a part of one that begins below another, whose year it has where it states
// none. It returns its year.
func (r *fileReader) part(forms []Form, s *workbook.Sheet, year int, whole bool) int {
	v := &views{sheet: s}
	found, lacking := r.recognise(forms, v, year)
	if len(found) == 0 {
		r.foreign = append(r.foreign, foreign{s, whole})
		for _, c := range lacking {
			if !s.Hidden {
				r.headless = append(r.headless, headless{c.form, s, c.lacks, c.part})
			}
		}
		return 0
	}
	f := found[0].form
	if !slices.Contains(r.w.Forms, f.ID) {
		r.w.Forms = append(r.w.Forms, f.ID)
	}
	if f.Layout == LayoutUnknown {
		r.keep(s, record.ClaimUnread)
		return 0
	}
	r.completed = append(r.completed, f.ID)
	if s.Hidden {
		r.w.Findings = append(r.w.Findings, finding.New(finding.HiddenData, s.Name, "", "非表示のシート", ""))
		r.keep(s, record.ClaimUnread)
		return 0
	}
	r.misplaced(found[0].year)
	best := choose(v, found, r.w.Municipality)
	best.nothingRead(s)
	r.stated(best)
	r.yearNotes(s)
	first := len(r.w.Records)
	r.w.Cells = append(r.w.Cells, best.cells(s, first)...)
	r.w.Records = append(r.w.Records, best.records...)
	r.w.Findings = append(r.w.Findings, best.findings...)
	return found[0].year
}

// choose reads a sheet in every way in which it can be read, and takes the one that leaves least in doubt. Where two
// leave nothing in doubt and do not say the same, neither holds.
func choose(v *views, found []candidate, city string) *reader {
	var best *reader
	least := 0
	for _, c := range found {
		t := c.read(v, city)
		doubts := t.doubts(v.sheet)
		switch {
		case best == nil || doubts < least:
			best, least = t, doubts
		case doubts == 0 && least == 0:
			best.compare(t)
		}
	}
	return best
}

// compare leaves out all records of a reading where another that holds as well says something else.
func (t *reader) compare(other *reader) {
	mine, theirs := t.values(), other.values()
	for _, cell := range slices.Sorted(maps.Keys(both(mine, theirs))) {
		if theirs[cell] == mine[cell] {
			continue
		}
		f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, cell, "", "")
		f.Message = "このシートは二通りに読めて、" + cell + " の値の項目か年度が違ってくるため、集計から除きました。" +
			"見出しと値の並べ方を様式のとおりにしてください。"
		t.findings = append(t.findings, f)
		for i := range t.records {
			t.records[i].Excluded = true
		}
		return
	}
}

func both(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

// values are the numbers of a reading, by their cells: of which record, field and year each is.
func (t *reader) values() map[string]string {
	out := map[string]string{}
	for i := range t.records {
		r := &t.records[i]
		for _, f := range r.Fields {
			rule := t.form.fieldNamed(f.Name)
			if rule != nil && (rule.Type == "number" || rule.Type == "symbol") && f.Value != "" {
				out[f.Cell] += r.Name() + "|" + f.Name + "|" + f.Scope + "|" + f.Value + "\n"
			}
		}
	}
	return out
}

// doubts is how much of a reading does not hold: places that two cells claim, labels that say nothing, and cells from
// its first head on that it leaves unread.
func (t *reader) doubts(s *workbook.Sheet) int {
	n := 0
	for _, f := range t.findings {
		if f.Code == finding.ReadingAmbiguous || f.Code == finding.CellsUnread || f.Severity == record.Error {
			n++
		}
	}
	top := t.sheet.Rows
	for at, claim := range t.claims {
		if claim == record.ClaimHead || claim == record.ClaimLabel {
			top = min(top, at[0])
		}
	}
	for _, c := range t.cells(s, 0) {
		row := c.Row
		if t.flip {
			row = c.Col
		}
		if c.Claim == record.ClaimUnread && row > top {
			n++
		}
	}
	return n
}

// read reads a sheet in one way.
func (c *candidate) read(v *views, city string) *reader {
	s := v.sheet
	if c.view != nil {
		s = c.view
	}
	t := newReader(c.form, s, c.year, c.flip)
	for at, claim := range c.asides {
		if c.flip {
			at = [2]int{at[1], at[0]}
		}
		if claim == claimStamp {
			claim = record.ClaimTemplate
		}
		t.claims[at] = claim
	}
	t.upright, t.city = v.sheet, city
	if c.cards != nil {
		t.preamble(nil, 0, c.cards.first(), 0, s.Cols)
		t.yearOfCards(v.sheet, 0, c.cards.first())
		c.cards.read(t)
		t.net()
		t.checkTallies(v.sheet, c.tallies)
		return t
	}
	t.table(c.bands)
	t.net()
	t.checkTallies(v.sheet, c.tallies)
	return t
}

// stated keeps what the sheet says about who sent it.
func (r *fileReader) stated(t *reader) {
	for _, f := range t.shared {
		if f.Name == "stated_department" {
			r.w.Stated = append(r.w.Stated, f)
		}
	}
}

// yearNotes reports texts that give a year in 和暦 and 西暦 which are not the same.
func (r *fileReader) yearNotes(s *workbook.Sheet) {
	s.Each(func(row, col int, c workbook.Cell) {
		if c.Kind != workbook.Text || !strings.ContainsAny(c.Text, "(（") { // 令和4（2024）年度
			return
		}
		if wareki, seireki, found := fiscal.Contradiction(c.Text); found {
			r.w.Findings = append(r.w.Findings, finding.New(finding.YearMismatch, s.Name, s.Ref(row, col), wareki, seireki))
		}
	})
}

// misplaced reports, once a file, a sheet of another year than the folder's.
func (r *fileReader) misplaced(year int) {
	told := slices.ContainsFunc(r.w.Findings, func(f record.Finding) bool { return f.Code == finding.MisplacedFile })
	if r.w.FiscalYear != 0 && year != r.w.FiscalYear && !told {
		r.w.Findings = append(
			r.w.Findings, finding.New(finding.MisplacedFile, "", "", fiscal.Wareki(year), fiscal.Wareki(r.w.FiscalYear)),
		)
	}
}

// finish settles the file's status. A title without its table is an error where part of a table is there, or where the
// file has nothing else; elsewhere it is a cover sheet.
func (r *fileReader) finish() {
	for _, h := range r.headless {
		if len(r.w.Forms) > 0 && h.part < 3 {
			continue
		}
		lacks := h.lacks
		if lacks == "" {
			lacks = "指標と年度"
		}
		f := finding.New(finding.RequiredMissing, h.sheet.Name, "", "", lacks)
		f.Message = "「" + lacks + "」の見出しが見つからないため、このシートを読めません。様式の見出しを消したり変えたりしていないか確かめてください。" +
			h.form.insteadOf(h.sheet, h.lacks)
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
