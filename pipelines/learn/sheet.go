package learn

import (
	"fmt"
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
		out.exampled = out.exampled || len(line) > 0 && form.IsExample(s.At(i, line[0]).Text)
		tally = tally && len(line) > 0 && (tallyHead(s, i, line) || countsOnly(s, i, line))
		if tally || numberRow(s, i, line) || aside(s, i, line) {
			continue
		}
		for _, j := range line {
			c := s.At(i, j)
			out.exampled = out.exampled || form.IsExample(c.Text)
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

// computed reports a word for what is computed of others: 達成率.
func computed(word string) bool {
	return slices.ContainsFunc(words().byWord[word], func(q *question) bool { return q.Name == "attainment" })
}

// yearly reports a word of a question that has an answer for each year.
func yearly(word string) bool {
	return slices.ContainsFunc(words().byWord[word], func(q *question) bool { return q.Yearly })
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
	says := fmt.Sprintf("%s：文字のセル %d、数値のセル %d", sheetName(path, s.name), texts, numbers)
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
