package form

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// block reads the rows of a block into records.
func (t *reader) block(b *band) {
	t.head = b
	t.ended, t.groupUnit = false, ""
	t.measureOf(b)
	first := len(t.records)
	if t.form.Series != nil {
		t.headDates(b)
	}
	t.claimHeads(b)
	t.hiddenColumns(b)
	for i := b.bottom + 1; i < b.end; i++ {
		switch {
		case geometry.BlankRow(t.sheet, i, b.left, b.right):
		case t.example(b, i):
		case t.form.Series != nil && t.seriesRow(b, i):
		case t.skip(b, i):
		case t.otherHeads(b, i):
		case t.yearRow(b, i), t.measureRow(b, i):
		case t.section(b, i):
		case t.aside(b, i), t.struck(b, i):
		default:
			t.row(b, i)
		}
	}
	t.endGroup()
	if t.form.Series == nil {
		t.sharedNumbers(first)
		t.sums(first)
	}
	t.rivalHeads(b)
	t.unreadColumns(b)
	t.unreadRows(b)
	t.totals(b)
}

var exampleMark = regexp.MustCompile(`^[（(【〔\[＜<]?(?:記入|記載|入力|回答)?例[0-9①-⑳]*[）)】〕\]＞>：:]?$`)

// exampleName is a name that is marked as an example: （例）○○の件数, 例：….
var exampleName = regexp.MustCompile(`^[（(【〔\[＜<]?(?:記入|記載|入力|回答)?例[0-9０-９]*[）)】〕\]＞>：: 　]`)

var (
	// exampleRemark is a remark that says that its row is an example: （記入例）, 記載例です.
	exampleRemark = regexp.MustCompile(`^[(【〔\[]?(?:記入|記載|入力|回答)例(?:です|である|)[)】〕\]]?$`)
	// entryMark is a line above the rows that are to be filled in: 【記入欄】.
	entryMark = regexp.MustCompile(`^[(【〔\[■◆●]?(?:記入|記載|入力|回答)欄[)】〕\]]?$`)
)

// isExample reports a text that marks a row as an example: 記入例, （例）, 【記載例】, 例１.
func isExample(text string) bool {
	n := record.Normal(text)
	return strings.Contains(text, "例") && (exampleMark.MatchString(n) || exampleName.MatchString(strings.TrimSpace(text)))
}

// example passes over a row that the form fills in to show how: one of its first cells says so. A mark over several
// rows holds for all of them, and for the rows below that are no record of their own.
func (t *reader) example(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	marked := false
	for n, j := range cells {
		row, _ := t.sheet.Origin(i, j)
		text := t.sheet.At(i, j).Text
		if row == i && (n < 2 && isExample(text) || len(cells) > 2 && exampleRemark.MatchString(record.Normal(text))) {
			marked = true
		}
	}
	for j := b.left; j < b.right && !marked; j++ {
		if row, _ := t.sheet.Origin(i, j); row < i && isExample(t.sheet.At(i, j).Text) {
			marked = true
		}
	}
	if len(cells) == 1 && marked {
		// The row below a mark without a name is the example.
		t.exampleLine = exampleMark.MatchString(record.Normal(t.sheet.At(i, cells[0]).Text))
	} else if t.exampleLine && !marked {
		t.exampleLine = false
		if marked = len(cells) > 1; marked && !t.entryBelow(b, i) {
			t.takenForExample(i, cells[0])
		}
	}
	if len(cells) == 1 && entryMark.MatchString(record.Normal(t.sheet.At(i, cells[0]).Text)) {
		t.endGroup()
		t.claim(i, cells[0], record.ClaimTemplate)
		return true
	}
	below := t.exampleRow == i-1 && t.exampleRow > 0 && !geometry.Own(t.sheet, i, b.name) && len(cells) > 0 &&
		t.labelled(b, i)
	if !marked && !below {
		return false
	}
	t.endGroup()
	t.exampleRow = i
	for _, j := range cells {
		t.claim(i, j, record.ClaimExample)
	}
	return true
}

// entryBelow reports a line further down that says where the rows to be filled in begin.
func (t *reader) entryBelow(b *band, i int) bool {
	for k := i + 1; k < b.end; k++ {
		part, ok := geometry.Alone(t.sheet, k, b.left, b.right)
		if ok && entryMark.MatchString(record.Normal(part.Text)) {
			return true
		}
	}
	return false
}

// takenForExample tells of a row that only the line above it makes an example: where the example was cleared and its
// mark left, it is an answer.
func (t *reader) takenForExample(i, j int) {
	text := record.OneLine(t.sheet.At(i, j).Text)
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
	f.Severity = record.Warning
	f.Message = "「" + text + "」の行は、上の行に記入例とあるため読んでいません。記入した行なら、「記入例」の行を消してください。"
	t.findings = append(t.findings, f)
}

// labelled reports a row whose label says which measure or year its values are of.
func (t *reader) labelled(b *band, i int) bool {
	if b.measures >= 0 {
		if _, ok := t.form.measure(record.OneLine(t.sheet.At(i, b.measures).Text)); ok {
			return true
		}
	}
	return b.years >= 0 && t.yearLabel(b, t.sheet.At(i, b.years).Text) != ""
}

// isTotal reports the label of a printed total by any usual name: 総数, 小 計, 合計（再掲を除く）, 計①, 総務部計.
func (f *Form) isTotal(text string) bool {
	n := record.Normal(text)
	if slices.Contains(f.SkipWords, n) {
		return true
	}
	if !strings.ContainsAny(n, "計総") {
		return false
	}
	m := totalWord.FindString(n)
	return m != ""
}

var totalWord = regexp.MustCompile(`^[【〔\[(]?(?:総合計|総計|総数|合計|小計|累計|中計|計)[】〕\])]?(?:\([^()]*\))?(?:[①-⑳]|\d{1,2})?$`)

// skip reports rows that are no records: notes, printed totals.
func (t *reader) skip(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	if len(cells) == 0 {
		return true
	}
	first := strings.TrimSpace(t.sheet.At(i, cells[0]).Text)
	if t.form.note(first) && !t.substance(b, i) && !t.valuesBehind(b, i, cells) {
		t.claimRow(cells, i, record.ClaimNote)
		return true
	}
	if columnNumbers(t.sheet, i, b.left, b.right) && (t.current == nil || geometry.Own(t.sheet, i, b.name)) {
		t.claimRow(cells, i, record.ClaimTemplate)
		return true
	}
	mark := continuedMark.MatchString(record.Normal(first)) || endMark.MatchString(record.Normal(first))
	if t.legend(i, cells) || len(cells) == 1 && mark {
		t.claimRow(cells, i, record.ClaimTemplate)
		return true
	}
	totals := 0
	for _, j := range cells {
		if text := t.sheet.At(i, j).Text; t.form.isTotal(text) || t.subtotal(b, i, text) {
			totals++
		}
	}
	if totals == 0 || t.substance(b, i) || t.totalRecord(b, i) || t.complete(b, i) && !t.form.isTotal(first) {
		return false
	}
	if t.nameless(b, i) || t.form.isTotal(first) {
		t.endGroup()
		t.claimRow(cells, i, record.ClaimTotal)
		return true
	}
	return false
}

// valuesBehind reports a line that begins like a note and has values as a record has: ※1 | 研修 | ○.
func (t *reader) valuesBehind(b *band, i int, cells []int) bool {
	n := 0
	for _, j := range cells[1:] {
		c, ok := b.at(j)
		if !ok || c.rule != nil && c.rule.Type == "skip" {
			continue
		}
		text := t.sheet.At(i, j).Text
		if c.rule == nil || c.rule.Type == "number" || c.rule.Type == "symbol" {
			if isNumber(text) || t.form.isSymbol(text) {
				return true
			}
		}
		n++
	}
	const several = 2
	return n >= several
}

// endMark is a line that closes a list: 以上, 以下余白.
var endMark = regexp.MustCompile(`^[-－(（]*(?:以上|以下余白|余白|\d+(?:[/／]\d+)?(?:頁|ページ|枚目))[-－)）]*$|^[-－]\d+[-－]$`)

// continuedMark is a line that says that a list goes on: （続き）.
var continuedMark = regexp.MustCompile(`^[(【]?(?:前頁|前ページ|表)?(?:の|から)?(?:続き|つづき|続)[)】]?$`)

var contactLine = regexp.MustCompile(`^[(（※・]?(?:記入|作成|回答|提出|入力)?` +
	`(?:担当者?|担当係|問合せ先?|問い?合わせ先?|連絡先|電話|内線|tel|作成者|提出先|回答期限|提出期限|締切|` +
	`作成日|印刷日)[:：（( ]|^問い?合わ?せ先$|\d{2,4}-\d{2,4}-\d{4}$`)

// struck passes over a row that its author has struck out, and says so: its naming cell is, or all of it.
func (t *reader) struck(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	all := len(cells) > 0
	for _, j := range cells {
		all = all && t.sheet.At(i, j).Struck
	}
	name := t.sheet.At(i, b.name)
	own := geometry.Own(t.sheet, i, b.name)
	if !all && (!own || !name.Struck) {
		return false
	}
	t.endGroup()
	at := [2]int{i, b.name}
	if !own {
		at = [2]int{i, cells[0]}
	}
	t.struckOut(at, t.sheet.At(at[0], at[1]).Text)
	t.claimRow(cells, i, record.ClaimSkipped)
	return true
}

func (t *reader) struckOut(at [2]int, text string) {
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref(at), text, "")
	f.Severity = record.Warning
	f.Message = "「" + text + "」は取消線で消してあるため、読んでいません。生きている記載なら取消線を外し、不要なら削除してください。"
	t.findings = append(t.findings, f)
}

// aside passes over a lone text that is no record: whom to ask, a caption in a column of values.
func (t *reader) aside(b *band, i int) bool {
	part, ok := geometry.Alone(t.sheet, i, b.left, b.right)
	if !ok {
		return false
	}
	c, known := b.at(part.At[1])
	switch {
	case contactLine.MatchString(record.Normal(part.Text)):
	case part.At[1] == b.name, isNumber(part.Text), known && (c.rule == nil || c.rule.Scoped), missingMark(part.Text):
		return false
	case isDay(part.Text):
	case t.sheet.Covered(i, b.name) || t.current != nil && known:
		return false
	}
	t.claim(i, part.At[1], record.ClaimTemplate)
	return true
}

// legend reports a lone line that explains symbols: ◎：計画を上回って進んだ　○：….
func (t *reader) legend(i int, cells []int) bool {
	if len(cells) != 1 {
		return false
	}
	return t.form.explains(t.sheet.At(i, cells[0]).Text)
}

// explains reports a text that explains at least two of the form's symbols.
func (f *Form) explains(text string) bool {
	n := 0
	for _, set := range f.Symbols {
		for _, s := range set {
			if strings.Contains(text, s.Symbol+"：") || strings.Contains(text, s.Symbol+":") ||
				s.Meaning != "" && strings.Contains(text, s.Symbol) && strings.Contains(text, s.Meaning) {
				n++
			}
		}
	}
	return n >= 2
}

func (t *reader) claimRow(cells []int, i int, claim string) {
	for _, j := range cells {
		t.claim(i, j, claim)
	}
}

// subtotal reports the label of a line without a name: 柱1 計, 総務部小計.
func (t *reader) subtotal(b *band, i int, text string) bool {
	n := record.Normal(text)
	for _, w := range t.form.SkipWords {
		if strings.HasSuffix(n, w) {
			return !t.standsIn(i, t.form.naming()) && !t.valued(b, i)
		}
	}
	return false
}

// naming is the name of the field that names records.
func (f *Form) naming() string {
	for _, r := range f.rules {
		if r.Type == "name" {
			return r.Name
		}
	}
	return ""
}

// complete reports a row in which every required field is filled in: an indicator may be called 割合.
func (t *reader) complete(b *band, i int) bool {
	n := 0
	for _, q := range t.form.Required {
		c, ok := b.find(q.Field)
		if !ok {
			continue
		}
		if t.sheet.At(i, c.col).Blank() {
			return false
		}
		n++
	}
	return n >= 3
}

// substance reports a row in which a required field of its own stands that no total and no note has: a unit, a
// direction.
func (t *reader) substance(b *band, i int) bool {
	for _, q := range t.form.Required {
		rule := t.form.fieldNamed(q.Field)
		if rule == nil || rule.FillDown || rule.Scoped || rule.Type != "choice" && rule.Type != "unit" {
			continue
		}
		c, ok := b.find(q.Field)
		if !ok || !geometry.Own(t.sheet, i, c.col) {
			continue
		}
		text := t.sheet.At(i, c.col).Text
		if !isNumber(text) && !t.form.isTotal(text) && !t.form.note(strings.TrimSpace(text)) {
			return true
		}
	}
	return false
}

// valued reports a row in which a yearly value stands.
func (t *reader) valued(b *band, i int) bool {
	for _, c := range b.columns {
		if (c.rule == nil || c.rule.Scoped) && geometry.Own(t.sheet, i, c.col) {
			return true
		}
	}
	return false
}

// totalRecord reports a printed total that is a record of its own.
func (t *reader) totalRecord(b *band, i int) bool {
	return t.form.Total != nil && matches(t.sheet.At(i, b.name).Text, t.form.Total.Words)
}

// nameless reports a row whose naming cell is blank or holds no name (a total's label, a count).
func (t *reader) nameless(b *band, i int) bool {
	cell := t.sheet.At(i, b.name)
	return cell.Blank() || cell.Kind == workbook.Number || t.form.isTotal(cell.Text)
}

var sameAbove = regexp.MustCompile(`^(?:〃|″|"|”|“|''|’’|同上|同じ|仝|々|上に同じ)$`)

// ditto reports a mark that means the cell above.
func ditto(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && len(text) <= len("（上に同じ）") && sameAbove.MatchString(strings.Trim(text, "（）()"))
}

// above is the text that a mark for 同上 repeats, and where it stands.
func (t *reader) above(i, j int) (row, col int) {
	for k := i - 1; k > t.head.bottom; k-- {
		if !geometry.Own(t.sheet, k, j) || t.claims[t.origin(k, j)] == record.ClaimSection {
			continue
		}
		if !ditto(t.sheet.At(k, j).Text) {
			return k, j
		}
	}
	return -1, -1
}

// nameAt is the name that stands in a row's naming cell, with 〃 resolved, and whether the row has a cell of its own for
// it.
func (t *reader) nameAt(b *band, i int) (name string, own bool) {
	cell := t.sheet.At(i, b.name)
	row, _ := t.sheet.Origin(i, b.name)
	if ditto(cell.Text) {
		if k, j := t.above(i, b.name); k >= 0 {
			return record.OneLine(t.sheet.At(k, j).Text), false
		}
	}
	return record.OneLine(cell.Text), row == i && !cell.Blank()
}

// row reads a row that is a record, or part of one.
func (t *reader) row(b *band, i int) {
	if t.vacant(b, i) {
		return
	}
	label, ok := t.rowLabel(b, i)
	if !ok {
		return
	}
	if t.onlyFills(b, i, label) {
		return
	}
	if t.current != nil && (b.measures >= 0 || b.years >= 0) && label.id == "" && !geometry.Own(t.sheet, i, b.name) {
		t.stray(b, i)
		return
	}
	if t.current != nil && t.onlyNumbers(b, i) {
		t.strayNumbers(b, i)
		return
	}
	if t.current == nil || t.starts(b, i, label) {
		t.endGroup()
		if t.continued(b, i) {
			return
		}
		t.begin(b, i)
	} else if b.measures < 0 && b.years < 0 && !label.named && label.rule == nil {
		t.claimCovered(b, i)
		return
	}
	t.current.seen[label.id] = true
	t.current.rows = append(t.current.rows, i)
	t.place(b, i, label)
}

// onlyNumbers reports a row without a name of its own in which nothing stands but yearly numbers: 下半期 below 上半期.
func (t *reader) onlyNumbers(b *band, i int) bool {
	if b.measures >= 0 || b.years >= 0 || t.form.Series != nil || geometry.Own(t.sheet, i, b.name) ||
		t.sheet.Covered(i, b.name) {
		return false
	}
	numbers := 0
	for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
		c, ok := b.at(j)
		if !ok {
			continue
		}
		if c.rule == nil || !c.rule.Scoped || c.rule.Type != "number" || !isNumber(t.sheet.At(i, j).Text) {
			return false
		}
		numbers++
	}
	return numbers > 0
}

// strayNumbers leaves out the record above such a row: whose the numbers are, nothing says, and of
// what part its own are.
func (t *reader) strayNumbers(b *band, i int) {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	t.claimRow(cells, i, record.ClaimUnread)
	for _, j := range cells {
		c, ok := b.at(j)
		if !ok {
			continue
		}
		text := t.sheet.At(i, j).Text
		f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
		f.Message = "「" + text + "」に「" + t.form.namer.title + "」がないため、どの記録の「" +
			t.describeField(c.rule, c.scope) + "」か分かりません。隣の「" + t.current.name + "」とともに集計から除きました。名前を書くか、一つの値にまとめてください。"
		t.current.problems = append(t.current.problems, f)
		return
	}
}

// stray is for a row that is part of no record: nothing says which measure or year it is of. Values in it are an error.
func (t *reader) stray(b *band, i int) {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	t.claimRow(cells, i, record.ClaimUnread)
	for _, j := range cells {
		c, ok := b.at(j)
		if !ok || c.rule != nil && !c.rule.Scoped {
			continue
		}
		text := t.sheet.At(i, j).Text
		f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
		f.Message = "「" + text + "」は、" + t.form.measureList() + " のどの行の値か分からないため読んでいません。" +
			"行の見出しを書いてください。この記録は集計から除きました。"
		t.current.problems = append(t.current.problems, f)
		return
	}
}

// rowLabel is what the labels of a row say its values are: a measure, a year.
type rowLabel struct {
	rule   *FieldRule
	year   string
	id     string // tells the rows of one record apart
	skip   bool   // a measure that is not read: 達成率
	named  bool   // the measure stands in the naming cell
	column int    // where the measure stands, -1 for none
}

// label reads the labels of a row. A label that says nothing is a finding, and leaves the record out; ok is false then.
func (t *reader) rowLabel(b *band, i int) (l rowLabel, ok bool) {
	l.column = -1
	untold := b.measures < 0 || t.form.Series != nil && t.sheet.At(i, b.measures).Blank()
	if untold && t.current != nil && t.valued(b, i) { // a measure in the naming column: 目標 below the name
		rule, is := t.form.measure(record.OneLine(t.sheet.At(i, b.name).Text))
		if is && !t.sheet.Covered(i, b.name) && t.yearColumns(b) {
			l.rule, l.skip, l.named, l.column = rule, rule == nil, true, b.name
			l.id = headWord(t.sheet.At(i, b.name).Text)
			t.claim(i, b.name, record.ClaimLabel)
		}
	}
	if b.measures >= 0 && !l.named {
		text := record.OneLine(t.sheet.At(i, b.measures).Text)
		rule, is := t.form.measure(text)
		switch {
		case is:
			l.rule, l.skip, l.id, l.column = rule, rule == nil, headWord(text), b.measures
			t.claim(i, b.measures, record.ClaimLabel)
		case text == "" && t.form.only != nil && !t.plannedAbove(b, i):
			l.rule, l.id = t.form.only, t.form.only.Name
		case text != "" && !t.claimedAs(i, b.measures, record.ClaimSection) || t.valued(b, i):
			t.unlabelled(b, i, finding.SymbolUnknown, b.measures, t.form.measureList())
			return l, false
		}
	} else if l.rule == nil && !l.skip && t.form.only != nil {
		l.rule = cmp.Or(t.blockMeasure, t.form.only)
		l.id = l.rule.Name
		l.skip = t.unmeasured
		if l.skip {
			l.rule = nil
		}
	}
	if b.years >= 0 {
		text := t.sheet.At(i, b.years).Text
		if l.year = t.yearLabel(b, text); l.year != "" {
			t.claim(i, b.years, record.ClaimLabel)
		} else if t.scopedIn(b, i) {
			t.unlabelled(b, i, finding.NumberUnreadable, b.years, "年度（例：令和6年度、R6）")
			return l, false
		}
		l.id += l.year
	}
	return l, true
}

// plannedAbove reports a blank in the column of measures beside a name of its own, where the last label above says that
// its values are no actual ones: whether it holds for this row too, nothing says.
func (t *reader) plannedAbove(b *band, i int) bool {
	if !geometry.Own(t.sheet, i, b.name) {
		return false
	}
	k, j := t.above(i, b.measures)
	if k < 0 {
		return false
	}
	rule, ok := t.form.measure(record.OneLine(t.sheet.At(k, j).Text))
	return ok && rule != t.form.only
}

// yearLabel is the year that a cell of a column of years states: also 今年度, and a bare number where all of them are.
func (t *reader) yearLabel(b *band, text string) string {
	text = relativeYear(text, t.year)
	if y := era(text, t.form.yearIn(text), t.year); y != "" {
		return y
	}
	if n, ok := bareNumber(text); ok && t.bareYears(b) {
		return yearText(eraNumber(n, t.year))
	}
	return ""
}

// bareYears reports a column of years in which every cell is a bare number, the sheet's year or
// one beside it among them.
func (t *reader) bareYears(b *band) bool {
	near, count := false, 0
	for i := b.bottom + 1; i < b.end; i++ {
		if !geometry.Own(t.sheet, i, b.years) || len(geometry.Row(t.sheet, i, b.left, b.right)) < 2 {
			continue
		}
		n, ok := bareNumber(t.sheet.At(i, b.years).Text)
		if !ok || n > 64 {
			return false
		}
		y := eraNumber(n, t.year)
		near = near || y >= t.year-1 && y <= t.year+1
		count++
	}
	return near && count > 1
}

// yearColumns reports a block with columns of years whose field each row tells.
func (t *reader) yearColumns(b *band) bool {
	return slices.ContainsFunc(b.columns, func(c column) bool { return c.rule == nil })
}

func (t *reader) unlabelled(b *band, i int, code string, col int, expected string) {
	if t.current == nil || t.starts(b, i, rowLabel{}) {
		t.endGroup()
		t.begin(b, i)
	}
	t.current.rows = append(t.current.rows, i)
	text := t.sheet.At(i, col).Text
	t.current.problems = append(t.current.problems, finding.New(code, t.sheet.Name, t.sheet.Ref(i, col), text, expected))
	t.current.seen["?"+t.ref([2]int{i, col})] = true
	for _, c := range b.columns {
		switch {
		case c.rule != nil && (!c.rule.Scoped || !c.assumed):
			t.current.add(entry{rule: c.rule, scope: c.scope, at: [2]int{i, c.col}, column: c})
		case c.col != b.name:
			t.claim(i, c.col, record.ClaimUnread)
		}
	}
	t.claim(i, col, record.ClaimUnread)
}

// scopedIn reports a row in which a value of a year stands.
func (t *reader) scopedIn(b *band, i int) bool {
	for _, c := range b.columns {
		if c.rule != nil && c.rule.Scoped && t.sheet.At(i, c.col).Kind != workbook.Empty && !t.sheet.Covered(i, c.col) {
			return true
		}
	}
	return false
}

// identifies reports a column whose cell tells records apart.
func (t *reader) identifies(c column) bool {
	return c.rule != nil && !c.rule.Scoped && (c.rule.Type == "name" || contains(t.form.Key, c.rule.Name))
}

// starts reports that a row begins a new record.
func (t *reader) starts(b *band, i int, l rowLabel) bool {
	labels := b.measures >= 0 || b.years >= 0 || l.named
	if labels && t.current.seen[l.id] && t.form.Series == nil {
		return true
	}
	name, own := t.nameAt(b, i)
	if l.named || t.form.Series != nil && !own {
		return false
	}
	switch {
	case own && !labels:
		return true
	case own && record.Normal(name) != record.Normal(t.current.name):
		return true
	case own || labels:
		return t.otherIdentity(b, i)
	}
	if ditto(t.sheet.At(i, b.name).Text) {
		return true
	}
	if !t.sheet.Covered(i, b.name) { // a blank name
		return !t.nothing(b, i)
	}
	for _, c := range b.columns {
		top, _ := t.sheet.Origin(i, c.col)
		tells := c.rule != nil && (c.rule.Scoped || contains(t.form.Key, c.rule.Name))
		if tells && top == i && !t.sheet.At(i, c.col).Blank() {
			return true
		}
	}
	return false
}

// otherIdentity reports that a cell of a row which tells records apart says something else than the record's first row.
func (t *reader) otherIdentity(b *band, i int) bool {
	for _, c := range b.columns {
		if !t.identifies(c) || c.col == b.name {
			continue
		}
		row, col := t.sheet.Origin(i, c.col)
		cell := t.sheet.At(i, c.col)
		old, known := t.current.places[c.rule.Name]
		if cell.Blank() || ditto(cell.Text) || known && old == [2]int{row, col} {
			continue
		}
		if !known || record.Normal(cell.Text) != record.Normal(t.sheet.At(old[0], old[1]).Text) {
			return true
		}
	}
	return false
}

// vacant reports a row in which only what an empty form already holds stands: its line number, the plan's name.
func (t *reader) vacant(b *band, i int) bool {
	numbers := 0
	for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
		if t.claims[t.origin(i, j)] != "" {
			continue
		}
		c, ok := b.at(j)
		switch {
		case !ok:
			if !slices.Contains(b.unknown, j) {
				if isNumber(t.sheet.At(i, j).Text) && len(geometry.Row(t.sheet, i, b.left, b.right)) == 1 {
					t.strayNumber(i, j)
				}
				continue
			}
			return false
		case c.rule == nil || !c.rule.Prefilled:
			if c.rule != nil && (c.rule.Type == "label" || c.rule.Type == "text") && lineNumber(t.sheet.At(i, j).Text) {
				numbers++
				continue
			}
			return false
		}
	}
	if numbers > 1 {
		return false
	}
	for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
		t.claim(i, j, record.ClaimTemplate)
	}
	return true
}

// strayNumber tells of a number in a row of its own in no column of the block: whose it is, nothing says.
func (t *reader) strayNumber(i, j int) {
	t.claim(i, j, record.ClaimUnread)
	text := t.sheet.At(i, j).Text
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
	f.Message = "「" + text + "」がどの記録のどの項目の値か分からないため、読んでいません。要る値なら記録の行と見出しの列に書き、不要なら消してください。"
	t.findings = append(t.findings, f)
}

var lineNo = regexp.MustCompile(`^\d{1,3}$`)

// lineNumber reports a number that an empty form prints at its lines.
func lineNumber(text string) bool { return lineNo.MatchString(record.Normal(text)) }

// at is the column of a place.
func (b *band) at(col int) (column, bool) {
	for _, c := range b.columns {
		if c.col == col {
			return c, true
		}
	}
	return column{}, false
}

// continued reports a row in which nothing stands but what is merged from above.
func (t *reader) continued(b *band, i int) bool { return t.nothing(b, i) }

func (t *reader) nothing(b *band, i int) bool {
	for _, c := range b.columns {
		if geometry.Own(t.sheet, i, c.col) {
			return false
		}
	}
	return true
}

// claimCovered is for a row of a record without labels that adds nothing: what stands in it is unread.
func (t *reader) claimCovered(b *band, i int) {
	for _, c := range b.columns {
		if geometry.Own(t.sheet, i, c.col) && c.rule != nil {
			t.current.entries = append(t.current.entries, entry{rule: c.rule, scope: c.scope, at: [2]int{i, c.col}, column: c})
		}
	}
}

// onlyFills takes a row in which only fields that hold for the rows below stand.
func (t *reader) onlyFills(b *band, i int, l rowLabel) bool {
	n := 0
	for _, c := range b.columns {
		if !geometry.Own(t.sheet, i, c.col) {
			continue
		}
		if c.rule == nil || !c.rule.FillDown || c.col == b.name {
			return false
		}
		n++
	}
	if n == 0 || l.column >= 0 || l.year != "" {
		return false
	}
	for _, j := range b.unknown {
		if geometry.Own(t.sheet, i, j) {
			return false
		}
	}
	t.endGroup()
	var scratch record.Record
	for k := range t.form.rules {
		for _, c := range b.columns {
			if c.rule == &t.form.rules[k] && geometry.Own(t.sheet, i, c.col) {
				t.readCell(&scratch, i, c.col, c.rule, c.scope)
				t.claim(i, c.col, record.ClaimSection)
			}
		}
	}
	return true
}

// begin begins the record of a row.
func (t *reader) begin(b *band, i int) {
	name, _ := t.nameAt(b, i)
	t.current = &group{row: i, name: name, places: map[string][2]int{}, seen: map[string]bool{}, band: b}
	for _, c := range b.columns {
		if t.identifies(c) {
			row, col := t.sheet.Origin(i, c.col)
			t.current.places[c.rule.Name] = [2]int{row, col}
		}
	}
}

// place adds the cells of a row to its record.
func (t *reader) place(b *band, i int, l rowLabel) {
	g := t.current
	for _, c := range b.columns {
		at := [2]int{i, c.col}
		switch {
		case l.named && c.col == b.name:
		case c.rule != nil && c.rule.Type == "skip":
			t.claim(i, c.col, record.ClaimSkipped)
		case c.rule == nil && l.skip:
			t.claim(i, c.col, record.ClaimSkipped)
		case c.rule == nil && l.rule == nil:
		case c.rule == nil:
			g.add(entry{rule: l.rule, scope: c.scope, at: at, column: c})
		case c.rule.Scoped && c.assumed && l.year != "":
			g.add(entry{rule: c.rule, scope: l.year, at: at, column: c})
		case c.rule.Scoped && c.assumed && t.sectionYear != "":
			g.add(entry{rule: c.rule, scope: t.sectionYear, at: at, column: c})
		default:
			g.add(entry{rule: c.rule, scope: c.scope, at: at, column: c})
		}
	}
	for j, first := range b.rivals {
		c, _ := b.at(first)
		scope := c.scope
		rule := c.rule
		if c.rule == nil {
			rule = l.rule
		} else if c.assumed && l.year != "" {
			scope = l.year
		} else if c.assumed && t.sectionYear != "" {
			scope = t.sectionYear
		}
		if rule != nil {
			c.col = j
			g.add(entry{rule: rule, scope: scope, at: [2]int{i, j}, column: c, rival: true})
		}
	}
}

// missingMark reports a text that says that there is no value: －, 該当なし.
func missingMark(text string) bool {
	const longest = 60 // bytes of （該当なし） and the like
	// Most cells begin with a digit: parsing each again costs a tenth of reading.
	if len(text) > longest || text != "" && text[0] >= '0' && text[0] <= '9' {
		return false
	}
	return quantity.Parse(text).Status == quantity.Missing || noValue.MatchString(record.Normal(text))
}
