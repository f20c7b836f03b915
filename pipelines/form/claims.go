package form

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// unreadColumns reports the columns of a block whose heads fit no word. One that may be the form's (its head names a
// year, a measure or a number field's word, and numbers stand in it) is an error that leaves out the
// records with values there: a target that is lost in silence would be missed by nobody. Another is the
// department's own, and is named.
func (t *reader) unreadColumns(b *band) {
	for j := b.left; j < b.right; j++ {
		if _, known := b.at(j); known || j == b.measures || j == b.years {
			continue
		}
		if _, rival := b.rivals[j]; rival {
			continue
		}
		head := b.headText(j)
		var cells []int
		numbers := 0
		for i := b.bottom + 1; i < b.end; i++ {
			if !geometry.Own(t.sheet, i, j) || t.claims[[2]int{i, j}] != "" || len(t.recordAt[i]) == 0 {
				continue
			}
			cells = append(cells, i)
			if text := t.sheet.At(i, j).Text; isNumber(text) || t.form.isSymbol(text) && t.form.speaksOfYears(b, j) {
				numbers++
			}
		}
		if len(cells) == 0 || head == "" && numbers < 2 {
			continue
		}
		if t.form.passedOver(head) {
			t.claimColumn(cells, j, record.ClaimSkipped)
			continue
		}
		if t.form.isTotal(head) {
			t.claimColumn(cells, j, record.ClaimTotal)
			continue
		}
		t.unreadColumn(b, j, head, cells, numbers)
	}
}

func (t *reader) claimColumn(rows []int, j int, as string) {
	for _, i := range rows {
		t.claim(i, j, as)
	}
}

func (t *reader) unreadColumn(b *band, j int, head string, rows []int, numbers int) {
	t.claimColumn(rows, j, record.ClaimUnread)
	at := [2]int{b.bottom, j}
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref(at), head, "")
	switch {
	case head == "" && t.besideMeasure(b, j):
		f.Message = t.ref([2]int{rows[0], j}) + " からの列に見出しがなく、左の列と同じ項目のどの年度の値か分からないため読んでいません。" +
			"見出しを書いてください。この列に値のある行は集計から除きました。"
		t.leaveOut(rows)
	case b.centred != nil && slices.Contains(b.undated, j):
		t.leaveOut(rows)
		if b.centredTold {
			return
		}
		b.centredTold = true
		above := t.sheet.At(b.centred[0], b.centred[1]).Text
		f.Cell, f.Found = t.ref(*b.centred), above
		f.Message = "「" + record.OneLine(above) + "」が組の途中の列の上にあり、どの列までのものか分からないため、その下の列を読んでいません。" +
			"組の最初の列の上に書くか、組の幅にセルを結合してください。値のある行は集計から除きました。"
	case slices.Contains(b.undated, j) || numbers > 0 && (t.form.speaksOfNumbers(head) || t.form.speaksOfYears(b, j)):
		f.Message = "見出し「" + head + "」の列は、どの年度の何か分からないため読んでいません。" +
			"「令和8年度目標値」のように書いてください。この列に値のある行は集計から除きました。"
		if !yearRange.MatchString(record.Normal(head)) { // a word for 令和7～8年度目標 would hide that it is of two years
			f.Message += t.form.wordFor(head, t.city)
		}
		if t.form.Series != nil {
			f.Message = "見出し「" + head + "」がどの年度の何か分かりません。「令和6年度」のように書いてください。この列は集計から除きました。"
			break
		}
		t.leaveOut(rows)
	case head == "":
		f.Severity = record.Warning
		f.Message = t.ref([2]int{rows[0], j}) + " からの列に見出しがないため、読んでいません。見出しを書いてください。"
	default:
		f.Severity = record.Warning
		f.Message = "この列は様式にないため、読んでいません。" + t.form.UnknownHead(head, t.city)
	}
	t.findings = append(t.findings, f)
}

// leaveOut leaves out the records of some rows.
func (t *reader) leaveOut(rows []int) {
	for _, i := range rows {
		for _, k := range t.recordAt[i] {
			t.records[k].Excluded = true
		}
	}
}

// besideMeasure reports a column without a head right of one of a yearly number, or of such a one: wide heads
// are not always merged.
func (t *reader) besideMeasure(b *band, j int) bool {
	for k := j - 1; k >= b.left; k-- {
		if c, known := b.at(k); known {
			return c.rule == nil || c.rule.Scoped && c.rule.Type == "number"
		}
		if b.headText(k) != "" {
			return slices.Contains(b.undated, k)
		}
	}
	return false
}

// speaksOfYears reports a column whose head names a year, or a bare number between columns of years, as a year is
// abbreviated (令和4年度, 5, 6): the reader does not guess which.
func (f *Form) speaksOfYears(b *band, j int) bool {
	for _, p := range b.heads[j] {
		if f.scopeOf(p.Text) != "" || f.yearOf(p.Text) != "" || yearRange.MatchString(record.Normal(p.Text)) {
			return true
		}
		if len(p.Text) <= len("元年") && isNumber(p.Text) {
			return true
		}
	}
	return false
}

// unreadRows tells of numbers in rows of a block that became no record and are nothing else that is known.
func (t *reader) unreadRows(b *band) {
	told := map[string]bool{}
	for _, f := range t.findings {
		told[f.Cell] = true
	}
	var first [2]int
	count := 0
	for i := b.bottom + 1; i < b.end; i++ {
		if len(t.recordAt[i]) > 0 {
			continue
		}
		for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
			text := t.sheet.At(i, j).Text
			ref := t.ref([2]int{i, j})
			if t.claims[t.origin(i, j)] != "" || told[ref] || slices.Contains(t.also, ref) || !isNumber(text) || isDay(text) {
				continue
			}
			t.claim(i, j, record.ClaimUnread)
			if count == 0 {
				first = [2]int{i, j}
			}
			count++
		}
	}
	if count == 0 {
		return
	}
	text := t.sheet.At(first[0], first[1]).Text
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref(first), text, "")
	f.Message = "「" + text + "」"
	if count > 1 {
		f.Message += "ほか " + strconv.Itoa(count-1) + " 個の数値"
	}
	f.Message += "は、どの記録のどの年度の値か分からないため読んでいません。見出しに「令和8年度実績値」のように書いてください。"
	t.findings = append(t.findings, f)
}

// nothingRead tells of a sheet of a form on which numbers stand and of which no record was read, where
// nothing else says why.
func (t *reader) nothingRead(s *workbook.Sheet) {
	fault := func(f record.Finding) bool { return f.Severity == record.Error }
	if len(t.records) > 0 || slices.ContainsFunc(t.findings, fault) {
		return
	}
	for _, c := range t.cells(s, 0) {
		if c.Claim != record.ClaimUnread || !isNumber(c.Text) {
			continue
		}
		f := finding.New(finding.CellsUnread, t.sheet.Name, c.Ref, c.Text, "")
		f.Message = "「" + c.Text + "」などの数値がどの記録の値か分からず、このシートから何も読めません。見出しに「令和8年度実績値」のように書き、見出しと値の間の空行を除いてください。"
		t.findings = append(t.findings, f)
		return
	}
}

// passedOver reports a head that contains the word of a column which is passed over on purpose (達成率), or that says so
// by a word of the form.
func (f *Form) passedOver(head string) bool {
	n := record.Normal(head)
	for i := range f.rules {
		r := &f.rules[i]
		if r.Type != "skip" || r.Prefilled {
			continue
		}
		for _, w := range r.Words {
			if utf8.RuneCountInString(w) >= 2 && strings.Contains(n, w) {
				return true
			}
		}
	}
	return false
}

// speaksOfNumbers reports a heading that contains a word of a yearly number (目標, 実績).
func (f *Form) speaksOfNumbers(head string) bool {
	const shortest = 2 // runes of a word that means something inside another
	n := record.Normal(head)
	for _, r := range f.rules {
		if !r.Scoped || r.Type != "number" {
			continue
		}
		for _, w := range r.Words {
			if utf8.RuneCountInString(w) >= shortest && strings.Contains(n, w) {
				return true
			}
		}
	}
	return false
}

// net is the last word about a sheet: a number or a symbol that stands among the records and was read as nothing is an
// error that leaves out the records of its row; of a column that was named already nothing more is said.
func (t *reader) net() {
	used := t.usedCells()
	for _, f := range t.findings {
		used[f.Cell] = true
	}
	for _, i := range slices.Sorted(maps.Keys(t.recordAt)) {
		for _, j := range geometry.Row(t.sheet, i, 0, t.sheet.Cols) {
			c := t.sheet.At(i, j)
			if t.claims[t.origin(i, j)] != "" || used[t.ref([2]int{i, j})] || missingMark(c.Text) ||
				c.Kind != workbook.Number && !isNumber(c.Text) && !t.form.isSymbol(c.Text) {
				continue
			}
			if t.totalAbove(i, j) {
				t.claim(i, j, record.ClaimTotal)
				continue
			}
			t.claim(i, j, record.ClaimUnread)
			if !slices.ContainsFunc(t.recordAt[i], func(k int) bool { return !t.records[k].Excluded }) {
				continue // left out already, for a reason that is told
			}
			if label, own := t.ownLabel(i, j, used); own {
				f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref(label), t.sheet.At(label[0], label[1]).Text, "")
				f.Severity = record.Warning
				f.Message = "この欄は様式にないため、読んでいません。" + t.form.UnknownHead(f.Found, t.city)
				t.findings = append(t.findings, f)
				continue
			}
			f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), c.Text, "")
			f.Message = "「" + c.Text + "」がどの項目のどの年度の値か分からないため、読んでいません。見出しを書いてください。" +
				"この記録は集計から除きました。"
			t.findings = append(t.findings, f)
			for _, k := range t.recordAt[i] {
				t.records[k].Excluded = true
			}
			break // one for each row
		}
	}
}

// usedCells are the cells that the records have values from.
func (t *reader) usedCells() map[string]bool {
	used := map[string]bool{}
	for i := range t.records {
		for _, f := range slices.Concat(t.records[i].Fields, t.records[i].Disputed) {
			used[f.Cell] = true
		}
	}
	for _, ref := range t.also {
		used[ref] = true
	}
	return used
}

// ownLabel is the label beside or above a cell of a card that no field has: the department's own. One that speaks of a
// year or of a number of the form is not.
func (t *reader) ownLabel(i, j int, used map[string]bool) (label [2]int, own bool) {
	if t.head != nil {
		return label, false
	}
	for _, at := range [][2]int{{i, j - 1}, {i - 1, j}} {
		if at[0] < 0 || at[1] < 0 {
			continue
		}
		at = t.origin(at[0], at[1])
		c := t.sheet.At(at[0], at[1])
		text := record.OneLine(c.Text)
		if t.claims[at] != "" || used[t.ref(at)] || c.Kind != workbook.Text || isNumber(text) || c.Blank() ||
			t.form.isSymbol(text) {
			continue
		}
		return at, !t.form.speaksOfNumbers(text) && t.form.scopeOf(text) == ""
	}
	return label, false
}

// totalAbove reports a column of totals beside a card.
func (t *reader) totalAbove(i, j int) bool {
	for k := i - 1; t.head == nil && k >= 0; k-- {
		if t.form.isTotal(t.sheet.At(k, j).Text) {
			return true
		}
	}
	return false
}

// cells are the non-empty cells of a sheet with what each was taken for. first is the number of records before these.
func (t *reader) cells(s *workbook.Sheet, first int) []record.Cell {
	type place struct {
		record int
		field  string
		many   bool
	}
	places := map[string]place{}
	for i, r := range t.records {
		for _, f := range r.Fields {
			p := place{record: first + i + 1, field: f.Name}
			if old, ok := places[f.Cell]; ok && (old.record != p.record || old.field != p.field) {
				p.many = true
			}
			places[f.Cell] = p
		}
	}
	var out []record.Cell
	s.Each(func(row, col int, c workbook.Cell) {
		cell := record.Cell{
			Sheet: s.Name, Ref: s.Ref(row, col), Row: row + 1, Col: col + 1, Text: c.Text, Value: c.Value, Formula: c.Formula,
		}
		at := [2]int{row, col}
		if t.flip {
			at = [2]int{col, row}
		}
		cell.Claim = t.claims[at]
		p, used := places[cell.Ref]
		switch {
		case cell.Claim != "":
		case used:
			cell.Claim = record.ClaimValue
		case slices.Contains(t.also, cell.Ref):
			cell.Claim = record.ClaimValue
		case missingMark(c.Text) || ditto(c.Text):
			cell.Claim = record.ClaimBlankMark
		default:
			cell.Claim = t.outside(c)
		}
		if cell.Claim == record.ClaimValue && used && !p.many {
			cell.Record, cell.Field = p.record, p.field
		}
		if c.Blank() && cell.Claim == record.ClaimUnread {
			cell.Claim = record.ClaimBlankMark
		}
		out = append(out, cell)
	})
	return out
}

// outside is what a cell was taken for that no record, head or label is.
func (t *reader) outside(c workbook.Cell) string {
	text := strings.TrimSpace(c.Text)
	switch {
	case t.form.isTitle(text):
		return record.ClaimTitle
	case t.form.note(text):
		return record.ClaimNote
	case t.form.explains(text):
		return record.ClaimTemplate
	}
	return record.ClaimUnread
}

// note reports a text that begins like a note.
func (f *Form) note(text string) bool {
	return slices.ContainsFunc(f.NoteMarks, func(m string) bool { return strings.HasPrefix(text, m) })
}
