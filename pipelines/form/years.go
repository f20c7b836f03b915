package form

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// yearLine is a text outside the records that says of which fiscal years a sheet, or a part of it, is.
type yearLine struct {
	years []int
	exact bool // it says nothing else: 令和6年度, ■R6
	title bool
	at    [2]int
	text  string
}

var (
	// otherYears are words beside a year that is not that of the values: when a paper was made, or for
	// how long a plan runs.
	otherYears = regexp.MustCompile(`作成|提出|策定|開始|終了|期間|改定|改訂|更新|照会|期限|公表|設置|制定|記入|入力|回答|ください|下さい|締切|様式第?[0-9]|計画`)
	yearMarks  = "■□◆◇●○◎▼▽▶▲・※【】〔〕〈〉《》＜＞<>[]［］（）() 　"
	// asOfLine is a line above the records that says of which day the values are.
	asOfLine = regexp.MustCompile(`基準日|時点|現在$|現在[)）]`)
	// yearLabels are the labels whose year is that of the values; 目標年度 and 策定年度 are of something else.
	yearLabels = regexp.MustCompile(`^(?:(?:調査|評価|報告|実績|対象|事業|会計|集計|当該|該当|実施|決算)?(?:対象)?年度|対象|区分|期間|年)$`)
	asideWord  = regexp.MustCompile(`^(?:参考|再掲|比較|対象年度?|年度|評価対象年度?|実績年度|評価年度|事業年度|調査年度)[:：\s　]*`)
	afterYear  = regexp.MustCompile(`(?:分|の状況|の実績|実績|の結果|の取組|の数値|度末|末|実績分)+$`)
)

// yearLineOf reads a text as one that states a fiscal year; year is what 前年度 is told from.
func (f *Form) yearLineOf(text string, year int) (l yearLine, ok bool) {
	if !strings.ContainsAny(text, "年RHSrhsＲＨＳｒｈｓ") { // most cells: asking the expressions costs a tenth of reading
		return l, false
	}
	text = record.OneLine(text)
	l.text = text
	if text == "" || len(text) > maxHead || strings.Contains(text, "。") || f.note(text) {
		return l, false
	}
	n := strings.Trim(text, yearMarks)
	n = strings.Trim(asideWord.ReplaceAllString(n, ""), yearMarks)
	if scope := f.yearOf(relativeYear(n, year)); scope != "" {
		y, _ := strconv.Atoi(scope)
		l.years, l.exact = []int{y}, true
		return l, true
	}
	l.title = slices.ContainsFunc(f.Titles, func(w string) bool { return strings.Contains(record.Normal(text), w) })
	if l.title {
		l.years = titleYears(n, year)
		return l, len(l.years) > 0
	}
	if otherYears.MatchString(text) || yearRange.MatchString(record.Normal(text)) {
		return l, false
	}
	if key, rest, pair := strings.Cut(strings.ReplaceAll(n, ":", "："), "："); pair {
		rule := f.statedBy(key, func(*FieldRule) bool { return false })
		if rule != nil && f.yearOf(afterYear.ReplaceAllString(strings.TrimSpace(rest), "")) == "" && rule.Type != "unit" {
			return l, false // 事業名：令和6年度緊急対策
		}
	}
	l.years = fiscal.Named(n)
	if len(l.years) == 0 {
		const short = 15 // runes of a caption that speaks of 前年度
		if m := relativeIn.FindString(n); m != "" && year > 0 && utf8.RuneCountInString(n) <= short {
			scope, _ := strconv.Atoi(f.yearOf(relativeYear(m, year)))
			l.years = []int{scope}
		}
	}
	return l, len(l.years) > 0
}

// titleYears are the years that a title names, in whatever way: 令和6年度, R6, 令和4～6年度. Of 前年度 nobody knows whose.
func titleYears(n string, year int) []int {
	years := fiscal.Named(n)
	if first, rest, ok := fiscal.FindYear(n); ok && len(years) == 0 {
		years = []int{first}
		if last, _, ok := fiscal.FindYear(rest); ok && last != first {
			years = append(years, last)
		}
	}
	if yearRange.MatchString(record.Normal(n)) && len(years) < 2 {
		years = append(years, 0)
	}
	if relativeIn.MatchString(n) && year > 0 {
		years = append(years, year-1, year)
	}
	return years
}

var relativeIn = regexp.MustCompile(`(?:前々|前|昨|今|本|当該?|翌|来)年度`)

// yearLines are the texts in some rows that state a year, from top to bottom. What stands beside a label is its value.
func (f *Form) yearLines(s *workbook.Sheet, from, to, left, right, year int) []yearLine {
	var out []yearLine
	for i := from; i < to; i++ {
		before := "" // the text beside, where it states no year
		for _, j := range geometry.Row(s, i, left, right) {
			text := s.At(i, j).Text
			l, ok := f.yearLineOf(text, year)
			label := before
			if before = text; ok {
				before = ""
			}
			if ok && f.mayStateYear(label) {
				l.at = [2]int{i, j}
				above := headWord(s.At(max(i-1, 0), j).Text)
				if i > from && strings.HasSuffix(above, "年度") && !yearLabels.MatchString(above) && !hasDigit(above) {
					continue // 策定年度, above its year
				}
				out = append(out, l)
			} else if ok && f.speaksOfNumbers(headWord(label)) { // 目標年度: of the one measure, and not of the other
				l.at, l.years, l.exact = [2]int{i, j}, append(l.years, 0), false
				out = append(out, l)
			} else if !ok && isAsOfLine(text) {
				if scope, told := scopeOfDay(text, year); told {
					y, err := strconv.Atoi(scope)
					years := []int{y}
					if err != nil {
						years = []int{year, 0}
					}
					out = append(out, yearLine{years: years, at: [2]int{i, j}, text: record.OneLine(text)})
				}
			}
		}
	}
	return out
}

// isAsOfLine reports a line that says of which day the values are.
func isAsOfLine(text string) bool {
	return len(text) <= maxHead && strings.ContainsAny(text, "日点在") && asOfLine.MatchString(record.Normal(text))
}

// mayStateYear reports that what stands beside a year is no label of a field, and of no other year than the values':
// 策定年度.
func (f *Form) mayStateYear(label string) bool {
	n := headWord(label)
	if n == "" || yearLabels.MatchString(n) {
		return true
	}
	return !strings.HasSuffix(n, "年度") && f.statedBy(record.OneLine(label), func(*FieldRule) bool { return false }) == nil
}

// yearAbove is the year that lines above a block state: the nearest that is nothing but a year, else the only one that
// they name. Lines that contradict each other are rivals, and there is no year.
func yearAbove(lines []yearLine) (year int, rivals []yearLine) {
	for k := len(lines) - 1; k >= 0; k-- {
		l := lines[k]
		if !l.exact {
			continue
		}
		for _, other := range lines {
			if other.exact && other.at[0] == l.at[0] && other.years[0] != l.years[0] {
				return 0, []yearLine{other, l}
			}
			if !other.exact && !other.title && !slices.Contains(other.years, l.years[0]) {
				return 0, []yearLine{other, l}
			}
		}
		return l.years[0], nil
	}
	for _, l := range lines {
		for k, y := range l.years {
			if (year != 0 || k > 0) && y != year {
				return 0, []yearLine{lines[0], l}
			}
			year = y
		}
	}
	return year, nil
}

// noteOfYears is a note that says of which year a measure of the form is, and it is not that of the lines above: ※実績値は
// 令和6年度.
func (t *reader) noteOfYears(s *workbook.Sheet, year int) (yearLine, bool) {
	for i := range s.Rows {
		for _, j := range geometry.Row(s, i, 0, s.Cols) {
			text := record.OneLine(s.At(i, j).Text)
			if !t.form.note(text) || len(text) > maxHead || !t.form.speaksOfNumbers(text) || noteOfChange.MatchString(text) {
				continue
			}
			years := fiscal.Named(text)
			if len(years) > 0 && (len(years) > 1 || years[0] != year) && measureOfYear.MatchString(record.Normal(text)) {
				return yearLine{years: years, at: [2]int{i, j}, text: text}, true
			}
		}
	}
	return yearLine{}, false
}

var (
	noteOfChange  = regexp.MustCompile(`から|より|変更|見直|改定|以降|以前|まで|廃止|新設|開始|計画`)
	measureOfYear = regexp.MustCompile(`(?:値|目標|実績|計画)[はも、:].*年度|年度の?(?:値|目標|実績)`)
)

var relativeName = regexp.MustCompile(`(?:前々|前|昨|翌|来)年度?|年前|以前|以後|以降|旧|\d[-‐－~～〜][RHＲＨ]?\d`)

// yearOfName is the year that a sheet's name is, or names: R6, 令和6年度実績; -1 where it says that it is another than it
// seems: 前年度, R5以前.
func (f *Form) yearOfName(name string) int {
	if relativeName.MatchString(name) {
		return -1
	}
	n := strings.Trim(name, yearMarks)
	if y, err := strconv.Atoi(f.yearIn(n)); err == nil {
		return y
	}
	if years := fiscal.Named(n); len(years) == 1 && !yearRange.MatchString(record.Normal(n)) {
		return years[0]
	}
	return 0
}

// yearOfBlock finds of which year the heads of a block are that state none, and reads them so. rows are those above it,
// as the sheet's author sees them; own says that they are of this block alone.
func (t *reader) yearOfBlock(b *band, s *workbook.Sheet, rows [2]int, left, right int, own bool) {
	lines := t.form.yearLines(s, rows[0], rows[1], left, right, t.year)
	for _, l := range lines {
		if t.flip {
			l.at = [2]int{l.at[1], l.at[0]}
		}
		if !l.title {
			t.claim(l.at[0], l.at[1], record.ClaimPreamble)
		}
	}
	year, rivals, contradicted := t.yearSaid(s, lines, own)
	if !own || len(lines) > 0 {
		t.sectionYear = ""
	}
	switch {
	case contradicted:
		if b.years < 0 && slices.ContainsFunc(b.columns, func(c column) bool { return c.assumed }) {
			t.findings = append(t.findings, t.rivalYears(lines, rivals))
		}
		year = 0
	case year == 0 && own: // as the block before
		year = t.blockYear
	case year == 0:
		year = t.year
	}
	if !contradicted && year != t.year {
		b.rivals, b.measures, b.years = map[int]int{}, -1, -1
		t.form.describe(t.sheet, b, year)
		t.form.rowLabels(t.sheet, b)
	}
	if own && year != t.blockYear && year != 0 && len(lines) > 0 {
		l := lines[len(lines)-1]
		at := l.at
		if t.flip {
			at = [2]int{at[1], at[0]}
		}
		t.yearField(year, l.text, at[0], at[1])
	}
	t.blockYear = year
	t.undated(b, year, contradicted)
}

// yearSaid is the year that lines state, and what contradicts them: each other, and where they are above all records, a
// note or the sheet's name.
func (t *reader) yearSaid(
	s *workbook.Sheet, lines []yearLine, own bool,
) (year int, rivals []yearLine, contradicted bool) {
	year, rivals = yearAbove(lines)
	if own {
		return year, rivals, len(rivals) > 0
	}
	if note, ok := t.noteOfYears(s, cmp.Or(year, t.year)); ok && len(rivals) == 0 {
		rivals = []yearLine{note}
	}
	named := t.form.yearOfName(t.sheet.Name)
	return year, rivals, len(rivals) > 0 || named > 0 && year != 0 && named != year || named < 0 && year == 0
}

// rivalYears tells of lines that give a block two years, or of a sheet's name that speaks of another than they do.
func (t *reader) rivalYears(lines, rivals []yearLine) record.Finding {
	at := func(l yearLine) string {
		if t.flip {
			return t.sheet.Ref(l.at[1], l.at[0])
		}
		return t.sheet.Ref(l.at[0], l.at[1])
	}
	f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, "", t.sheet.Name, "")
	switch {
	case len(rivals) == 0:
		f.Message = "シート名「" + t.sheet.Name + "」"
		if len(lines) > 0 {
			l := lines[len(lines)-1]
			f.Cell = at(l)
			f.Message += "と " + f.Cell + " の「" + l.text + "」とで年度が違い、"
		} else {
			f.Message += "がどの年度のことか分からず、"
		}
	case rivals[0].at == rivals[len(rivals)-1].at:
		f.Cell, f.Found = at(rivals[0]), rivals[0].text
		f.Message = "「" + f.Found + "」がどの年度のことか分からず、"
	default:
		first, last := rivals[0], rivals[len(rivals)-1]
		f.Cell, f.Found, f.Expected = at(last), last.text, at(first)
		f.Message = at(first) + " の「" + first.text + "」と " + f.Cell + " の「" + last.text + "」とで年度が違い、"
	}
	f.Message += "見出しに年度のない列がどの年度の値か決められません。列の見出しに「令和8年度実績値」のように年度を書いてください。"
	return f
}

// undated takes those columns of a yearly field out of a block of whose year nothing tells: the same field has columns
// with years beside it, the year stands over a column farther right, the head names a day of another year, or the lines
// above contradict each other. What stands in them is told.
func (t *reader) undated(b *band, year int, contradicted bool) {
	var doubtful []int
	var values []int
	for _, c := range b.columns {
		if c.rule == nil || c.rule.Scoped {
			values = append(values, c.col)
		}
	}
	for _, j := range b.unknown {
		if t.form.speaksOfYears(b, j) {
			values = append(values, j)
		}
	}
	for _, j := range values {
		if at, ok := t.yearFartherRight(b, j); ok { // of which columns the others are, nothing says either
			b.centred = &at
			for _, o := range b.columns {
				if o.rule == nil || o.rule.Scoped {
					doubtful = append(doubtful, o.col)
				}
			}
			break
		}
	}
	if b.years >= 0 && len(doubtful) == 0 {
		return
	}
	for k := range b.columns {
		c := &b.columns[k]
		if c.rule == nil || !c.assumed || slices.Contains(doubtful, c.col) {
			continue
		}
		scope, told := t.dayOfHead(b, c.col, year)
		switch {
		case contradicted && !told, t.datedBeside(b, *c), b.yearRivals:
			doubtful = append(doubtful, c.col)
		case told && scope == "":
			doubtful = append(doubtful, c.col)
		case told && scope != c.scope:
			c.scope, c.assumed = scope, false
			same := func(o column) bool { return o.rule == c.rule && o.col != c.col && o.scope == scope }
			if slices.ContainsFunc(b.columns, same) {
				doubtful = append(doubtful, c.col)
			}
		}
	}
	for _, j := range doubtful {
		b.drop(j)
		b.unknown = append(b.unknown, j)
		b.undated = append(b.undated, j)
		delete(b.rivals, j)
	}
	slices.Sort(b.unknown)
}

// datedBeside reports that a field has other columns whose heads state a year in so many words: 前年度実績 beside 実績 is told
// from the sheet's year, 令和5年度実績 beside 実績 says nothing of it.
func (t *reader) datedBeside(b *band, c column) bool {
	return slices.ContainsFunc(b.columns, func(o column) bool {
		if o.rule != c.rule || o.assumed || o.scope == record.WholePeriod {
			return false
		}
		_, all := geometry.Stack(t.sheet, b.top, b.bottom, b.left, o.col)
		return !slices.ContainsFunc(all, func(p geometry.Part) bool { return relativeIn.MatchString(p.Text) })
	})
}

// yearFartherRight finds the first year, or measure, in a row above heads, where a blank stands left of it above a
// head: they were centred over their columns, and which are theirs, nothing tells.
func (t *reader) yearFartherRight(b *band, col int) (at [2]int, ok bool) {
	for i := b.top; i < b.bottom; i++ {
		merged := t.sheet.Covered(b.bottom, col) && geometry.Height(t.sheet, b.bottom, col) > 1
		if !t.sheet.At(i, col).Blank() || t.sheet.At(b.bottom, col).Blank() || merged {
			continue
		}
		if t.groupBefore(b, i, col) {
			continue
		}
		for j := col + 1; j < b.right; j++ {
			c, known := b.at(j)
			if !known || c.rule != nil && !c.rule.Scoped {
				break
			}
			if !t.sheet.At(i, j).Blank() {
				text := record.OneLine(t.sheet.At(i, j).Text)
				_, measure := t.form.measure(text)
				if measure || t.form.scopeOf(relativeYear(text, t.year)) != "" || t.form.yearIn(text) != "" {
					return [2]int{i, j}, true
				}
				break
			}
		}
	}
	return at, false
}

// yearRow takes a line between the records that is nothing but a year: it holds for the rows below
// whose heads state none.
func (t *reader) yearRow(b *band, i int) bool {
	part, ok := geometry.Alone(t.sheet, i, b.left, b.right)
	if !ok || t.current != nil && b.years >= 0 || part.At[1] == b.years || part.At[1] == b.measures {
		return false
	}
	l, ok := t.form.yearLineOf(part.Text, t.blockYear)
	if !ok || !l.exact {
		return false
	}
	if c, known := b.at(part.At[1]); known && (c.rule == nil || c.rule.Scoped || c.rule.Type == "year") {
		return false
	}
	t.endGroup()
	t.claim(i, part.At[1], record.ClaimSection)
	t.sectionYear = yearText(l.years[0])
	t.yearField(l.years[0], part.Text, i, part.At[1])
	return true
}

// yearField makes a year hold for the records below that have a field for it; where the form has none, and no yearly
// field either, records of another year than the sheet's have no place in it.
func (t *reader) yearField(year int, text string, i, j int) {
	yearly := false
	for k := range t.form.rules {
		r := &t.form.rules[k]
		yearly = yearly || r.Scoped
		if r.Type == "year" && r.Prefilled && contains(r.Words, "年度") {
			t.fill[r.Name] = record.Field{
				Name: r.Name, Text: text, Value: yearText(year), Sheet: t.sheet.Name, Cell: t.ref([2]int{i, j}),
			}
			return
		}
	}
	t.elsewhere = record.Finding{}
	if yearly || year == t.year {
		return
	}
	f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, t.ref([2]int{i, j}), text, "")
	f.Message = "「" + record.OneLine(text) + "」の下の記録は、このシートの年度（" + fiscal.Wareki(t.year) + "）のものではないため、集計から除きました。" +
		"年度ごとにシートかファイルを分け、その年度のフォルダに入れてください。"
	t.elsewhere = f
	t.findings = append(t.findings, f)
}

// groupBefore reports that something stands in a row of heads left of a column of values, up to one that is none.
func (t *reader) groupBefore(b *band, i, col int) bool {
	for j := col - 1; j >= b.left; j-- {
		if !t.sheet.At(i, j).Blank() {
			c, known := b.at(j)
			return !known || c.rule == nil || c.rule.Scoped
		}
		if c, known := b.at(j); known && c.rule != nil && !c.rule.Scoped {
			return false
		}
	}
	return false
}

// captionRows is the first of the rows right above a block that only state a year or what belongs beside it; its
// top where there are none.
func (f *Form) captionRows(s *workbook.Sheet, b *band, from, year int) int {
	const most = 4 // rows, blank ones included
	first := b.top
	for i := b.top - 1; i >= max(from, b.top-most); i-- {
		cells := geometry.Row(s, i, b.left, b.right)
		stated, beside := false, len(cells) <= 3
		for _, j := range cells {
			text := strings.TrimSpace(s.At(i, j).Text)
			l, ok := f.yearLineOf(text, year)
			switch {
			case ok && len(l.years) == 1, f.isMeasureLine(text):
				stated = true
			case isNumber(text), utf8.RuneCountInString(text) > 30:
				beside = false
			case len(cells) > 1 && !unitHead(text) && !isUnit(text) && !isDay(text):
				beside = false
			}
		}
		if !beside {
			break
		}
		if stated {
			first = i
		}
	}
	return first
}
