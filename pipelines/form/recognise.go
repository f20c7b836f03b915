package form

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

const titleRows = 12 // a form's title stands this near the top

// views are a sheet as it is and with its rows as columns.
type views struct{ sheet *workbook.Sheet }

// asides are the cells of a sheet that are no part of a list or a card: titles, notes, legends,
// tallies; each with what it is.
func (f *Form) asides(s *workbook.Sheet) (out map[[2]int]string, tallies []tally) {
	t := newReader(f, s, 0, false)
	out = map[[2]int]string{}
	for i := range s.Rows {
		cells := geometry.Row(s, i, 0, s.Cols)
		if stampBox(s, i, cells) {
			for _, j := range cells {
				if stamp.MatchString(record.Normal(s.At(i, j).Text)) {
					out[[2]int{i, j}] = claimStamp
				}
			}
		}
		if len(cells) == 1 {
			text := strings.TrimSpace(s.At(i, cells[0]).Text)
			n := record.Normal(text)
			at := [2]int{i, cells[0]}
			switch {
			case f.note(text):
				out[at] = record.ClaimNote
			case f.explains(text), endMark.MatchString(n), contactLine.MatchString(n), continuedMark.MatchString(n):
				out[at] = record.ClaimTemplate
			case f.isTitle(text):
				out[at] = record.ClaimTitle
			}
		}
		from, to, ok := f.tallyAt(s, i, 0, s.Cols)
		if !ok {
			continue
		}
		head, ok := t.tallyHead(i, from, to)
		if ok {
			head.left, head.right = from, to
			tallies = append(tallies, head)
		}
		for k := i; ok && k < s.Rows; k++ {
			if k > i {
				if _, kind := t.tallyRowFrom(k, from, head); kind == "" {
					break
				}
			}
			for j := from; j < to; j++ {
				if geometry.Own(s, k, j) {
					out[[2]int{k, j}] = record.ClaimTotal
				}
			}
		}
	}
	return out, tallies
}

// stamp is a post in a box for stamps.
var stamp = regexp.MustCompile(`^(?:部長|次長|局長|課長|室長|所長|館長|課長補佐|補佐|係長|主幹|主査|担当|担当者|合議|決裁|供覧|受付|起案|照合)$`)

// claimStamp marks the cells of a box for stamps, until they are claimed as what the form prints.
const claimStamp = "stamp"

// stampBox reports a row with at least two posts beside each other.
func stampBox(s *workbook.Sheet, i int, cells []int) bool {
	n := 0
	for _, j := range cells {
		if stamp.MatchString(record.Normal(s.At(i, j).Text)) {
			n++
		}
	}
	return n >= 2
}

// only are the cells of some claims.
func only(cells map[[2]int]string, claims ...string) map[[2]int]string {
	out := maps.Clone(cells)
	maps.DeleteFunc(out, func(_ [2]int, c string) bool { return !slices.Contains(claims, c) })
	return out
}

// without shows a sheet without some of its cells.
func without(s *workbook.Sheet, cells map[[2]int]string) *workbook.Sheet {
	if len(cells) == 0 {
		return s
	}
	return s.Only(func(row, col int) bool { return cells[[2]int{row, col}] == "" })
}

// candidate is what a sheet would be by one form: the blocks of a list, of a list with its axes changed, or cards.
type candidate struct {
	form     *Form
	year     int
	titled   int
	bands    []*band
	flip     bool
	view     *workbook.Sheet
	asides   map[[2]int]string // cells that the view leaves out
	tallies  []tally
	cards    *cards
	complete bool
	part     int    // how many heads of it were found
	lacks    string // the needed fields that nothing names
}

// weight is how much a candidate says.
func (c *candidate) weight() int {
	if len(c.bands) > 0 {
		return c.bands[0].weight()
	}
	return 0
}

// look finds all that a sheet may be by a form, the best first; without any, what part of it is there.
func (f *Form) look(v *views, year, titled int) (found []candidate, part candidate) {
	part = candidate{form: f, year: year, titled: titled, lacks: f.lacking(v.sheet)}
	if f.Layout == LayoutUnknown {
		part.complete = titled > 0
		return nil, part
	}
	consider := func(s *workbook.Sheet, flip bool, left map[[2]int]string) bool {
		bands := f.bands(s, year, flip)
		if len(bands) == 0 {
			return false
		}
		c := candidate{
			form: f, year: year, titled: titled, bands: bands, flip: flip, view: s, asides: left, part: len(bands[0].columns),
		}
		var lacks []string
		for i := range f.rules {
			if r := &f.rules[i]; r.Needed && !f.named(s, bands, r) && (!flip || !f.statedBefore(v.sheet, bands, r)) {
				lacks = append(lacks, r.title)
			}
		}
		c.lacks = strings.Join(lacks, "・")
		c.complete = len(lacks) == 0 && (titled > 0 || c.part >= 5) && (f.Series == nil || titled > 0)
		if c.part > part.part {
			part = c
		}
		if c.complete {
			found = append(found, c)
		}
		return c.complete
	}
	asides, tallies := f.asides(v.sheet)
	counts := only(asides, record.ClaimTotal, claimStamp)
	asIs := consider(without(v.sheet, counts), false, counts)
	defer func() {
		for i := range found {
			found[i].tallies = tallies
		}
	}()
	if asIs && found[0].bands[0].rows(found[0].view) > 1 {
		return found, part
	}
	if f.Series == nil {
		notes := maps.Clone(asides) // a remark may begin like a note
		maps.DeleteFunc(notes, func(_ [2]int, claim string) bool { return claim == record.ClaimNote })
		cardSheet := without(v.sheet, notes)
		if cards, ok := f.findCards(cardSheet, year); ok && (titled > 0 || len(cards.labels) >= 5) {
			found = append(found, candidate{
				form: f, year: year, titled: titled, cards: cards, view: cardSheet, asides: notes, complete: true,
				part: len(cards.labels),
			})
		}
	}
	if !asIs {
		consider(without(v.sheet, asides).Flip(), true, asides)
	}
	return found, part
}

// lacking names the needed fields of which no cell of a sheet is a head.
func (f *Form) lacking(s *workbook.Sheet) string {
	found := map[*FieldRule]bool{}
	for i := range s.Rows {
		for _, j := range geometry.Row(s, i, 0, s.Cols) {
			if c, ok := f.matchHeader(record.OneLine(s.At(i, j).Text)); ok && c.rule != nil {
				found[c.rule] = true
			}
		}
	}
	var out []string
	for i := range f.rules {
		if r := &f.rules[i]; r.Needed && !found[r] && f.Series == nil {
			out = append(out, r.title)
		}
	}
	return strings.Join(out, "・")
}

// rows is how many rows below a block's heads hold something in the naming column.
func (b *band) rows(s *workbook.Sheet) int {
	n := 0
	for i := b.bottom + 1; i < b.end; i++ {
		if geometry.Own(s, i, b.name) {
			n++
		}
	}
	return n
}

// named reports that something names a needed field: a column, a label of the rows, or a line before or between them.
func (f *Form) named(s *workbook.Sheet, bands []*band, rule *FieldRule) bool {
	b := bands[0]
	if b.has(rule.Name) {
		return true
	}
	if rule.Scoped {
		if b.measures < 0 {
			return f.only == rule
		}
		for i := b.bottom + 1; i < b.end; i++ {
			if r, ok := f.measure(record.OneLine(s.At(i, b.measures).Text)); ok && r == rule {
				return true
			}
		}
		return false
	}
	for i := 0; i < s.Rows; i++ {
		if i >= b.top && i <= b.bottom {
			continue
		}
		cells := geometry.Row(s, i, b.left, b.right)
		for _, j := range cells {
			if (i < b.top || len(cells) == 1) && f.states(s, b, i, j, rule, len(cells) == 1) {
				return true
			}
			if i > b.bottom && len(cells) > 1 {
				is := func(r *FieldRule) bool { return r == rule }
				if len(cells)%2 == 0 && len(cells) <= 6 && f.statedBy(record.OneLine(s.At(i, cells[0]).Text), is) == rule {
					return true // 種別 | 成果, in a line between the records
				}
				break
			}
		}
	}
	return false
}

// statedBefore reports that a line above a list whose axes are changed states a field.
func (f *Form) statedBefore(s *workbook.Sheet, bands []*band, rule *FieldRule) bool {
	first := s.Rows
	for _, b := range bands {
		first = min(first, b.lead())
	}
	at := &band{top: first, bottom: first}
	for i := range min(first, s.Rows) {
		cells := geometry.Row(s, i, 0, s.Cols)
		for _, j := range cells {
			if f.states(s, at, i, j, rule, len(cells) == 1) {
				return true
			}
		}
	}
	return false
}

// states reports a text outside the records that states a field: 「種別：成果」, 「種別」 beside its value, 【成果】, 柱1 ….
func (f *Form) states(s *workbook.Sheet, b *band, i, j int, rule *FieldRule, alone bool) bool {
	raw := s.At(i, j).Text
	text := record.OneLine(raw)
	if len(text) > maxHead {
		return false
	}
	is := func(r *FieldRule) bool { return r == rule }
	if slices.ContainsFunc(f.pairs(raw, is), func(p pair) bool { return p.rule == rule }) {
		return true
	}
	if f.statedBy(text, is) == rule && i < b.top {
		return true
	}
	if !alone || f.note(text) || f.isTitle(text) {
		return false
	}
	switch rule.Type {
	case "choice":
		_, ok := rule.choose(strings.Trim(text, "【】〈〉《》＜＞<>■◆●◎○ 　"))
		return ok && (i > b.bottom || sectionStyle(text) != "text")
	case "numbered":
		return f.numberedBy(rule, text) || i > b.bottom && sectionStyle(text) != "text"
	}
	return contains(rule.SectionOf, "*") && sectionStyle(text) != "text"
}

// numberedBy reports 柱1 …: a word of the field and a number.
func (f *Form) numberedBy(rule *FieldRule, text string) bool {
	n := record.Normal(strings.Trim(text, sectionMarks))
	for _, w := range rule.Words {
		if statesLevel(n, w) && !strings.HasPrefix(n, w+":") {
			return true
		}
	}
	return false
}

// recognise finds the form of a sheet: a form whose heads the sheet has comes before one that is told by its title
// alone; among those the longest title wins. Heads that are unmistakable need no title.
func (r *fileReader) recognise(forms []Form, v *views, year int) (best, lacking []candidate) {
	top := titleTexts(v.sheet)
	titled := make([]int, len(forms))
	years := make([]int, len(forms))
	var first, others []int
	for i := range forms {
		titled[i], years[i] = forms[i].title(top)
		if titled[i] > 0 {
			first = append(first, i)
		} else {
			others = append(others, i)
		}
	}
	for _, some := range [][]int{first, others} {
		score := -1
		for _, i := range some {
			if years[i] == 0 {
				years[i] = cmp.Or(r.statedYear(v.sheet, &forms[i]), year, r.w.FiscalYear)
			}
			found, part := forms[i].look(v, years[i], titled[i])
			if forms[i].Layout == LayoutUnknown && part.complete && titled[i] > score {
				best, score = []candidate{part}, titled[i]
				continue
			}
			if len(found) == 0 {
				if titled[i] > 0 && forms[i].Layout != LayoutUnknown {
					lacking = append(lacking, part)
				}
				continue
			}
			if own := titled[i]*100 + found[0].weight(); own > score {
				best, score = found, own
			}
		}
		if score >= 0 {
			return best, nil
		}
	}
	return nil, lacking
}

// statedYear is the year of a sheet whose title states none: one that stands alone in its first rows, or its name; 0
// where nothing does.
func (r *fileReader) statedYear(s *workbook.Sheet, f *Form) int {
	top := firstRow(s)
	end := top
	for end < min(s.Rows, top+titleRows) && !f.describesRecords(s, end) {
		end++
	}
	if year, rivals := yearAbove(f.yearLines(s, top, end, 0, s.Cols, 0)); year != 0 && len(rivals) == 0 {
		return year
	}
	return max(f.yearOfName(s.Name), 0)
}

// describesRecords reports a row in which a head or a label of a record's field stands: what is above
// it holds for the sheet.
func (f *Form) describesRecords(s *workbook.Sheet, row int) bool {
	return slices.ContainsFunc(geometry.Row(s, row, 0, s.Cols), func(j int) bool {
		text := record.OneLine(s.At(row, j).Text)
		c, ok := f.matchHeader(text)
		return ok && c.rule != nil && !c.rule.Preamble && !f.isTitle(text)
	})
}

// firstRow is the first row of a sheet, or of a part of one, that holds something.
func firstRow(s *workbook.Sheet) int {
	for i := range s.Rows {
		if len(geometry.Row(s, i, 0, s.Cols)) > 0 {
			return i
		}
	}
	return 0
}

// parts divides a sheet whose parts are of different forms: each begins at its title, or at its
// heads where it has none.
func (r *fileReader) parts(forms []Form, s *workbook.Sheet) [][2]int {
	type start struct {
		row int
		ids []string
	}
	var starts []start
	for i := range s.Rows {
		var ids []string
		cells := geometry.Row(s, i, 0, s.Cols)
		if len(cells) > 4 {
			continue // a record may be called like a form
		}
		for _, j := range cells {
			text := record.Normal(s.At(i, j).Text)
			if len(text) > maxHead {
				continue
			}
			longest := 0
			for k := range forms {
				n, _ := forms[k].title([]string{text})
				if n < len("取組状況") || n < longest || forms[k].note(text) { // ※…は、成果指標調査票に記入する
					continue
				}
				if n > longest {
					ids, longest = nil, n
				}
				ids = append(ids, forms[k].ID)
			}
		}
		if len(ids) == 0 {
			continue
		}
		if n := len(starts); n > 0 && slices.ContainsFunc(ids, func(id string) bool {
			return slices.Contains(starts[n-1].ids, id)
		}) {
			continue
		}
		starts = append(starts, start{i, ids})
	}
	if len(starts) < 2 {
		return nil
	}
	var out [][2]int
	for k, st := range starts {
		from, to := st.row, s.Rows
		if k == 0 {
			from = 0
		}
		if k+1 < len(starts) {
			to = starts[k+1].row
		}
		for n := 0; k > 0 && n < 3 && from-1 > out[k-1][0] && aboveTitle(s, from-1); n++ {
			from--
			out[k-1][1] = from
		}
		out = append(out, [2]int{from, to})
	}
	return out
}

// aboveTitle reports a line right above a title that belongs to it: a date, a year, a box for stamps.
func aboveTitle(s *workbook.Sheet, i int) bool {
	cells := geometry.Row(s, i, 0, s.Cols)
	for _, j := range cells {
		text := s.At(i, j).Text
		if isNumber(text) && !isDay(text) && len(fiscal.Named(text)) == 0 {
			return false
		}
	}
	return len(cells) > 0 && len(cells) <= 4
}

// title is the longest title word found near the top of a sheet, and the fiscal year written beside it.
func (f *Form) title(top []string) (length, year int) {
	for _, text := range top {
		for _, w := range f.Titles {
			if strings.Contains(text, w) && len(w) > length {
				length = len(w)
				year = 0
				if named := fiscal.Named(text); len(named) == 1 { // 令和2年度～令和6年度 says no single year
					year = named[0]
				}
			}
		}
	}
	return length, year
}

// titleTexts are the normalised texts of the rows where a title may stand.
func titleTexts(s *workbook.Sheet) []string {
	var out []string
	top := firstRow(s)
	for i := top; i < min(s.Rows, top+titleRows); i++ {
		for j := range s.Cols {
			if text := record.Normal(s.At(i, j).Text); text != "" && !s.Covered(i, j) {
				out = append(out, text)
			}
		}
	}
	return out
}

// titleRow reports a row in which a title of the form stands: it is no part of a block's heads.
func (f *Form) titleRow(s *workbook.Sheet, i int) bool {
	return slices.ContainsFunc(geometry.Row(s, i, 0, s.Cols), func(j int) bool { return f.isTitle(s.At(i, j).Text) })
}

func (f *Form) isTitle(text string) bool {
	n := record.Normal(text)
	for _, w := range f.Titles {
		if len(w) > len("取組状況") && strings.Contains(n, w) {
			return true
		}
	}
	return false
}

// below reports a heading that means something only under another: 値 under 基準.
func (f *Form) below(text string) bool {
	n := headWord(text)
	for i := range f.rules {
		if contains(f.rules[i].Below, n) || contains(f.rules[i].Under, n) {
			return true
		}
	}
	return false
}

// hiddenColumns reports a hidden column of a block that holds values.
func (t *reader) hiddenColumns(b *band) {
	for _, c := range b.columns {
		if !t.sheet.HiddenCols[c.col] {
			continue
		}
		for i := b.bottom + 1; i < b.end; i++ {
			if !t.sheet.At(i, c.col).Blank() {
				f := finding.New(finding.HiddenData, t.sheet.Name, t.sheet.Ref(b.bottom, c.col), "非表示の列", "")
				if t.form.Series == nil {
					f.Severity = record.Warning // the column's values are read: leaving out a whole sheet would hide more
				}
				t.findings = append(t.findings, f)
				break
			}
		}
	}
}
