package learn

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// What a cell looks like by its text alone.
const (
	looksOther  = iota
	looksEnding // it ends like a head
	looksHead   // a word of the lexicon, or a corner
	looksYear   // a fiscal year, or a plan's whole period, and nothing else
	looksNumber
)

// spot is a cell of a sheet that holds something.
type spot struct {
	row, col int
	text     string // in one line
	word     string // as a head: without year, unit, number and mark
	year     int
	whole    bool // it speaks of the plan's whole period
	looks    int
	head     bool // it describes others
	group    bool // a head over 年度 and 値: what was at the start
	below    bool // the 年度 or 値 under one
	measure  bool // it says of its row what the values are: 目標, 実績
}

// sheet is a sheet of an example with what is known of its cells.
type sheet struct {
	example  int
	name     string
	grid     *workbook.Sheet
	spots    []spot
	rows     map[int][]int // the spots of a row, from left to right
	cols     map[int][]int // the spots of a column, from above
	heads    []int         // rows of heads
	labels   map[int]bool  // columns of labels
	lists    []workbook.List
	tallied  [][]string // the symbols that each printed tally counts
	exampled bool       // a line shows how to fill in
	years    bool       // heads or labels name fiscal years
}

// relativeYear stands for 前年度 and 今年度: which they are the reader tells from the sheet's year.
const relativeYear = 1

const longestHead = 40 // runes

func newSheet(example int, s *workbook.Sheet, lists []workbook.List) *sheet {
	out := &sheet{
		example: example, name: s.Name, grid: s, rows: map[int][]int{}, cols: map[int][]int{}, labels: map[int]bool{},
	}
	for _, l := range lists {
		if l.Sheet == s.Name {
			out.lists = append(out.lists, l)
		}
	}
	tally := false
	for i := range s.Rows {
		line := geometry.Row(s, i, 0, s.Cols)
		if tallyHead(s, i, line) {
			tally = true
			var symbols []string
			for _, j := range line {
				if n := record.Normal(s.At(i, j).Text); tallySymbol(n) {
					symbols = append(symbols, n)
				}
			}
			out.tallied = append(out.tallied, symbols)
		}
		out.exampled = out.exampled || len(line) > 0 && isExample(s.At(i, line[0]).Text)
		tally = tally && len(line) > 0 && (tallyHead(s, i, line) || countsOnly(s, i, line))
		if tally || numberRow(s, i, line) || aside(s, i, line) {
			continue
		}
		for _, j := range line {
			c := s.At(i, j)
			out.exampled = out.exampled || isExample(c.Text)
			p := spot{row: i, col: j, text: record.OneLine(c.Text)}
			p.look(c)
			out.rows[i] = append(out.rows[i], len(out.spots))
			out.cols[j] = append(out.cols[j], len(out.spots))
			out.spots = append(out.spots, p)
		}
	}
	out.findHeads()
	out.findLabels()
	out.findPlain()
	out.findMeasures()
	out.findGroups()
	out.years = out.yearColumn()
	for _, p := range out.spots {
		out.years = out.years || p.head && (p.year != 0 || p.whole) && !out.dated(p)
	}
	return out
}

// look says what a cell looks like.
func (p *spot) look(c workbook.Cell) {
	l := words()
	if utf8.RuneCountInString(p.text) > longestHead || slices.ContainsFunc(l.Notes, func(m string) bool {
		return strings.HasPrefix(p.text, m)
	}) {
		return
	}
	p.word, p.year = form.HeadWord(p.text)
	normal := record.Normal(p.text)
	if slices.Contains(l.Relative, normal) {
		p.word, p.year, p.looks = "", relativeYear, looksYear
		return
	}
	for _, w := range l.Periods {
		period := record.Normal(w)
		if before, after, ok := strings.Cut(p.word, period); ok && (before == "" || strings.Trim(after, "()") == "") {
			p.whole, p.word = true, strings.Trim(before+after, "の_-・/()")
			break
		}
	}
	switch {
	case len(l.byWord[normal]) > 0 || l.corners[normal]:
		p.looks, p.word, p.whole = looksHead, normal, false
	case p.word == "" && (p.year != 0 || p.whole):
		p.looks = looksYear
	case len(l.byWord[p.word]) > 0 || l.corners[p.word]:
		p.looks = looksHead
	case isNumber(p.text) || c.Kind == workbook.Number:
		p.looks = looksNumber
	case l.ending(p.word) != "":
		p.looks = looksEnding
	}
}

// isNumber reports a number with its unit at most: 「4　財政の健全化」 is none.
func isNumber(text string) bool {
	if !strings.ContainsAny(text, "0123456789０１２３４５６７８９") || numberedLike.MatchString(text) {
		return false
	}
	q := quantity.Parse(text)
	const longestUnit = 3
	unit, _, _ := strings.Cut(q.Unit, "/")
	return q.Status == quantity.Number && (utf8.RuneCountInString(q.Unit) <= longestUnit || form.IsUnit(unit))
}

// tallyHead reports the head of a printed tally: the symbols that are counted, and their total.
func tallyHead(s *workbook.Sheet, i int, line []int) bool {
	symbols, total := 0, false
	for _, j := range line {
		n := record.Normal(s.At(i, j).Text)
		symbols += bit(tallySymbol(n))
		total = total || slices.ContainsFunc(words().Totals, func(w string) bool { return record.Normal(w) == n })
	}
	return symbols >= 3 && total
}

func tallySymbol(n string) bool {
	return utf8.RuneCountInString(n) == 1 && strings.ContainsAny(n, "◎○〇◯△▲×✕abcde-－")
}

// countsOnly reports a row of a tally: numbers behind what is counted.
func countsOnly(s *workbook.Sheet, i int, line []int) bool {
	return len(line) > 1 && !slices.ContainsFunc(line[1:], func(j int) bool { return !isNumber(s.At(i, j).Text) })
}

// isExample reports a text that says of its line that it shows how to fill in.
func isExample(text string) bool {
	n := record.Normal(text)
	return strings.HasPrefix(n, "記入例") || n == "例" || n == "(例)"
}

var stamp = regexp.MustCompile(`^(?:部長|次長|局長|課長|室長|所長|館長|課長補佐|補佐|係長|主幹|主査|担当|担当者|合議|決裁|供覧|受付|起案|照合)$`)

// aside reports a row that is neither head nor answer: a box for stamps, an example of how to fill in, the units below
// the heads.
func aside(s *workbook.Sheet, i int, line []int) bool {
	stamps, units := 0, 0
	for n, j := range line {
		text := record.Normal(s.At(i, j).Text)
		if n == 0 && isExample(text) {
			return true
		}
		stamps += bit(stamp.MatchString(text))
		units += bit(form.IsUnit(strings.Trim(text, "()")))
	}
	return stamps >= 2 && stamps == len(line) || units >= 2 && units == len(line)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// dated reports a head that names the year of one value, as 基準値（令和4年度） does.
func (s *sheet) dated(p spot) bool {
	return slices.ContainsFunc(words().byWord[p.word], func(q *question) bool { return q.Name == "baseline" }) &&
		!slices.ContainsFunc(words().byWord[p.word], func(q *question) bool { return q.Yearly })
}

// findHeads marks the rows whose cells are heads of the columns below.
func (s *sheet) findHeads() {
	for i := range s.grid.Rows {
		heads, ends, years, numbers := s.tally(s.rows[i])
		n := len(s.rows[i])
		if numbers > 0 || n < 2 {
			continue
		}
		known := heads + years
		list := heads >= 3 && 10*(known+ends) >= 6*n || heads >= 1 && known+ends == n && s.offered(i) >= 2
		small := heads >= 2 && n <= 3 && known+ends == n && s.below(i)
		if list || small || years >= 2 && 10*known >= 8*n {
			if years < 2 && (n == 2 || known < n) && s.inPairs(i) {
				continue
			}
			s.heads = append(s.heads, i)
			for _, k := range s.rows[i] {
				s.spots[k].head = true
			}
		}
	}
}

// offered counts the cells of a row below which drop-down lists offer answers.
func (s *sheet) offered(i int) int {
	n := 0
	for _, k := range s.rows[i] {
		n += bit(len(s.lists) > 0 && len(s.choices(k)) > 0)
	}
	return n
}

// findPlain marks the head of a plain table of which no word is known: the first row of at least three texts and no
// number, with filled rows right below.
func (s *sheet) findPlain() {
	if len(s.heads) > 0 || len(s.labels) > 0 {
		return
	}
	const fewest, rows = 3, 2
	for i := range s.grid.Rows {
		line := s.rows[i]
		_, _, _, numbers := s.tally(line)
		if len(line) < fewest || numbers > 0 {
			continue
		}
		filled := 0
		for below := i + 1; below <= i+rows; below++ {
			filled += bit(2*len(s.rows[below]) >= len(line) && len(s.rows[below]) >= rows)
		}
		if filled < rows {
			continue
		}
		s.heads = append(s.heads, i)
		for _, k := range line {
			p := &s.spots[k]
			p.head, p.word = true, headOf(p.text)
		}
		return
	}
}

func (s *sheet) tally(line []int) (heads, ends, years, numbers int) {
	for _, k := range line {
		switch s.spots[k].looks {
		case looksHead:
			heads++
		case looksEnding:
			ends++
		case looksYear:
			years++
		case looksNumber:
			numbers++
		case looksOther:
			ends += bit(len(s.lists) > 0 && len(s.choices(k)) > 0)
		}
	}
	return heads, ends, years, numbers
}

// below reports that something stands in the next rows, under most cells of a row.
func (s *sheet) below(i int) bool {
	const rows = 3
	n := 0
	for _, k := range s.rows[i] {
		for near := i + 1; near <= i+rows && near < s.grid.Rows; near++ {
			if geometry.Own(s.grid, near, s.spots[k].col) {
				n++
				break
			}
		}
	}
	return 2*n >= len(s.rows[i])
}

// inPairs reports a row of labels that have their values at the right, as a row beside it shows.
func (s *sheet) inPairs(i int) bool {
	for _, near := range []int{i - 1, i + 1} {
		line := s.rows[near]
		if len(line) < 2 || s.spots[line[0]].col != s.spots[s.rows[i][0]].col || s.spots[line[0]].looks != looksHead {
			continue
		}
		heads, ends, years, _ := s.tally(line)
		switch value := s.spots[line[1]].looks; {
		case near > i && heads+ends+years < len(line): // a list has no label below its heads
			return true
		case near < i && len(line) >= 4 && (value == looksOther || value == looksNumber) &&
			s.spots[line[2]].looks == looksHead:
			return true // a lone pair above may be 計画名 | … before a list
		}
	}
	return false
}

// findLabels marks the columns whose cells are labels of what stands at their right: those above the first list, and
// those of a sheet that has none.
func (s *sheet) findLabels() {
	for j, line := range s.cols {
		seen := map[string]bool{}
		texts := 0
		for _, k := range line {
			p := s.spots[k]
			if p.head && !s.yearRow(p.row) || s.listOver(p.row, j) {
				continue
			}
			switch {
			case p.looks == looksHead:
				seen[p.word] = true
			case p.looks == looksYear, len(s.rows[p.row]) == 1:
				continue
			}
			texts++
		}
		heads, years := s.count(line, looksHead), s.count(line, looksYear)
		if (len(seen) < 3 || 10*heads < 4*texts) && (len(seen) < 1 || years < 2 || 10*(heads+years) < 7*texts) {
			continue
		}
		s.labels[j] = true
	}
	for j := range s.labels {
		for _, k := range s.cols[j] {
			p := &s.spots[k]
			if (p.looks == looksHead || p.looks == looksYear && s.transposed(j)) && !s.listOver(p.row, j) {
				p.head = true
			}
		}
	}
	s.findPairs()
}

// findPairs marks the labels that stand in a line behind another label and its value.
func (s *sheet) findPairs() {
	for i := range s.grid.Rows {
		line := s.rows[i]
		heads, _, _, _ := s.tally(line)
		if len(line) < 3 || 2*heads < len(line)-1 || slices.Contains(s.heads, i) {
			continue
		}
		if first := s.spots[line[0]]; !first.head || !s.labels[first.col] {
			continue
		}
		for n := 2; n < len(line); n++ {
			p := &s.spots[line[n]]
			if p.looks == looksHead && !s.spots[line[n-1]].head && !p.head && n+1 < len(line) {
				p.head, s.labels[p.col] = true, true
			}
		}
	}
	for j := range s.labels {
		for _, k := range s.cols[j] {
			p := &s.spots[k]
			line := s.rows[p.row]
			first := s.spots[line[0]]
			if p.looks == looksHead && !p.head && first.head && s.labels[first.col] && !slices.Contains(s.heads, p.row) {
				p.head = true
			}
		}
	}
}

// listOver reports a cell below the heads of a list that has a column there: of the rows of heads that stand together
// the nearest above.
func (s *sheet) listOver(i, j int) bool {
	list := false
	for n := len(s.heads) - 1; n >= 0; n-- {
		h := s.heads[n]
		if h >= i {
			continue
		}
		for _, k := range s.rows[h] {
			p := s.spots[k]
			corner := p.word == "年度" || words().corners[p.word] && len(words().byWord[p.word]) == 0
			if p.col == j && !s.yearRow(h) && !corner {
				list = true
			}
		}
		if n > 0 && !s.together(s.heads[n-1], h) {
			break
		}
	}
	return list
}

// together reports two rows of heads with nothing but heads between them.
func (s *sheet) together(a, b int) bool {
	for i := a + 1; i < b; i++ {
		if !slices.Contains(s.heads, i) {
			return false
		}
	}
	return true
}

// transposed reports a column of labels with fiscal years among them.
func (s *sheet) transposed(j int) bool { return s.count(s.cols[j], looksYear) >= 2 }

func (s *sheet) count(line []int, looks int) int {
	n := 0
	for _, k := range line {
		if s.spots[k].looks == looks {
			n++
		}
	}
	return n
}

// yearRow reports a row of heads that are years and a corner: the head of a small table on a card.
func (s *sheet) yearRow(i int) bool {
	heads, _, years, _ := s.tally(s.rows[i])
	return years >= 2 && heads <= 1
}

// listAbove reports a row below the heads of a list.
func (s *sheet) listAbove(i int) bool {
	for _, h := range s.heads {
		if h < i && !s.yearRow(h) {
			return true
		}
	}
	return false
}

// findMeasures marks the cells that say what the values of their row are: a column in which, from the first on, nothing
// stands but words of yearly questions, at least two of them.
func (s *sheet) findMeasures() {
	for _, line := range s.cols {
		seen := map[string]bool{}
		var found []int
		other := false
		for _, k := range line {
			p := s.spots[k]
			switch {
			case p.head || len(s.rows[p.row]) == 1:
			case yearly(p.word) && p.year == 0:
				seen[p.word] = true
				found = append(found, k)
			case computed(p.word):
				found = append(found, k)
			case len(found) > 0 || s.listAbove(p.row):
				other = true
			}
		}
		if other || len(seen) < 2 && (len(found) < 2 || !s.underCorner(found[0])) {
			continue
		}
		for _, k := range found {
			s.spots[k].head, s.spots[k].measure = true, true
		}
	}
}

// findGroups marks heads of two rows that ask for a value and its year: 基準 over 年度 and 値.
func (s *sheet) findGroups() {
	l := words()
	for _, h := range s.heads {
		for _, k := range s.rows[h] {
			p := &s.spots[k]
			if !p.head || !s.dated(*p) || !slices.Contains(s.heads, h+1) {
				continue
			}
			year, value := -1, -1
			for _, other := range s.rows[h+1] {
				q := s.spots[other]
				if q.col < p.col || q.col >= s.reach(k) {
					continue
				}
				switch {
				case slices.Contains(l.YearBelow, q.text):
					year = other
				case slices.Contains(l.ValueBelow, q.text):
					value = other
				}
			}
			if year >= 0 && value >= 0 {
				p.group = true
				s.spots[year].below, s.spots[value].below = true, true
			}
		}
	}
}

// underCorner reports a cell of a list whose column has a corner for its head.
func (s *sheet) underCorner(k int) bool {
	over := ""
	for _, other := range s.cols[s.spots[k].col] {
		if p := s.spots[other]; p.head && p.row < s.spots[k].row {
			over = p.word
		}
	}
	return words().corners[over]
}

// computed reports a word for what is computed of others: 達成率.
func computed(word string) bool {
	return slices.ContainsFunc(words().byWord[word], func(q *question) bool { return q.Name == "attainment" })
}

// yearly reports a word of a question that has an answer for each year.
func yearly(word string) bool {
	return slices.ContainsFunc(words().byWord[word], func(q *question) bool { return q.Yearly })
}

// values are the cells that a head describes, as far as places alone tell: below it in a list, at its right on a card.
func (s *sheet) values(k int) []int {
	p := s.spots[k]
	var out []int
	if s.labels[p.col] && !slices.Contains(s.heads, p.row) || p.measure {
		for _, other := range s.rows[p.row] {
			if q := s.spots[other]; q.col > p.col {
				if q.head {
					break
				}
				if !p.measure || s.underYear(q) {
					out = append(out, other)
				}
			}
		}
		return out
	}
	end := s.grid.Rows // the next heads
	for _, h := range s.heads {
		if h > p.row && !s.together(p.row, h) {
			end = min(end, h)
		}
	}
	for col := p.col; col < s.reach(k); col++ {
		for _, other := range s.cols[col] {
			q := s.spots[other]
			if q.row <= p.row || q.row >= end || len(s.rows[q.row]) == 1 || q.head && slices.Contains(s.heads, q.row) {
				continue
			}
			if s.totals(q.row) || s.labelled(q.row) {
				break
			}
			if first := s.spots[s.rows[q.row][0]]; len(s.rows[q.row]) == 2 && first.looks == looksHead && !first.measure {
				continue // 計画名 | … between the records
			}
			out = append(out, other)
		}
	}
	return out
}

// labelled reports a row of a card that begins with a label.
func (s *sheet) labelled(i int) bool {
	first := s.spots[s.rows[i][0]]
	return first.head && first.looks == looksHead && s.labels[first.col] && !first.measure && !slices.Contains(s.heads, i)
}

// totals reports a row of a total or a tally.
func (s *sheet) totals(i int) bool {
	return slices.ContainsFunc(s.rows[i], func(k int) bool {
		n := record.Normal(s.spots[k].text)
		return slices.ContainsFunc(words().Totals, func(w string) bool { return record.Normal(w) == n })
	})
}

// underYear reports a cell of a column of a year, or any where no heads name years.
func (s *sheet) underYear(q spot) bool {
	any := false
	for _, h := range s.heads {
		for _, k := range s.rows[h] {
			p := s.spots[k]
			if p.year == 0 && !p.whole {
				continue
			}
			any = true
			if p.row < q.row && p.col <= q.col && q.col < s.reach(k) {
				return true
			}
		}
	}
	return !any
}

// overMeasures reports a head over a column that says what the values of each row are.
func (s *sheet) overMeasures(p *spot) bool {
	return !p.measure && slices.ContainsFunc(s.cols[p.col], func(k int) bool {
		return s.spots[k].measure && s.spots[k].row > p.row
	})
}

// reach is the column behind the last that a head stands over: up to the next of its row, or as far as it is merged.
func (s *sheet) reach(k int) int {
	p := s.spots[k]
	at := slices.Index(s.rows[p.row], k)
	if at+1 < len(s.rows[p.row]) {
		return s.spots[s.rows[p.row][at+1]].col
	}
	if !s.headIn(p.row + 1) {
		return p.col + geometry.Width(s.grid, p.row, p.col)
	}
	return s.grid.Cols
}

// numberRow reports a row of column numbers: (1) (2) (3).
func numberRow(s *workbook.Sheet, i int, line []int) bool {
	return len(line) > 2 && !slices.ContainsFunc(line, func(j int) bool {
		return !columnNumber.MatchString(record.Normal(s.At(i, j).Text))
	})
}

// choices are what drop-down lists of the cells that a head describes offer.
func (s *sheet) choices(k int) []string {
	p := s.spots[k]
	label := s.labels[p.col] && !slices.Contains(s.heads, p.row)
	for _, l := range s.lists {
		for _, r := range l.Cells {
			beside := label && r.Top <= p.row && p.row <= r.Bottom && r.Left == p.col+geometry.Width(s.grid, p.row, p.col)
			below := !label && r.Bottom > p.row && r.Left < s.reach(k) && r.Right >= p.col
			if beside || below {
				return l.Choices
			}
		}
	}
	return nil
}

// describe says what stands on a sheet of which no form is proposed.
func (s *sheet) describe(path string) string {
	numbers, texts := 0, 0
	for _, p := range s.spots {
		if p.looks == looksNumber {
			numbers++
		} else {
			texts++
		}
	}
	says := fmt.Sprintf("%s「%s」：文字のセル %d、数値のセル %d", path, cmp.Or(s.name, "（CSV）"), texts, numbers)
	if t := s.title(); t != "" {
		says += "、表題らしいもの「" + t + "」"
	}
	var heads []string
	if len(s.heads) > 0 {
		for _, k := range s.rows[s.heads[0]] {
			heads = append(heads, s.spots[k].text)
		}
	}
	if len(heads) == 0 {
		return says + "。見出しの行が見つかりません"
	}
	const most = 8
	return says + "、見出しらしい行「" + strings.Join(heads[:min(most, len(heads))], "｜") + "」。記録の名前になる見出しが決まりません"
}
