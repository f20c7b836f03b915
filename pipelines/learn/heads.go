package learn

import (
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
)

// head is a head or a label of the examples with all that it describes.
type head struct {
	word     string
	texts    []string // as it is written, each once
	at       []string // where it stands: sheet and cell
	answers  answers
	choices  []string
	cells    []cell // those of its answers that places tell
	blanks   bool   // cells below it are blank between others that are not
	dated    bool   // it names a year, or stands with heads that do
	own      bool   // it names a year itself
	listed   bool   // in a row of heads or a column of labels
	before   bool   // above the records, with its answer beside it
	known    bool
	examples map[int]bool
	sheets   map[*sheet]bool // where it stands in a row of heads or a column of labels
	fixed    *question       // what it asks by its place
	over     string          // the head above it, which makes it that
}

// cell is a place of an example.
type cell struct {
	example    int
	sheet, ref string
	text       string
}

var (
	pairMark  = regexp.MustCompile(`([^\s　:：]{1,20})[ 　]*[:：]`)
	levelMark = regexp.MustCompile(`^([^\d０-９:：\s　（(]{1,8})[ 　]?[0-9０-９①-⑳]{1,2}[ 　:：．.]`)
)

// headsOf collects the heads of sheets that are of one form.
func headsOf(sheets []*sheet) []*head {
	byWord := map[string]*head{}
	var out []*head
	get := func(s *sheet, p *spot, word string) *head {
		h := byWord[word]
		if h == nil {
			h = &head{word: word, examples: map[int]bool{}, sheets: map[*sheet]bool{}}
			byWord[word] = h
			out = append(out, h)
		}
		h.examples[s.example] = true
		if !slices.Contains(h.texts, p.text) {
			h.texts = append(h.texts, p.text)
		}
		h.at = append(h.at, s.name+"!"+s.grid.Ref(p.row, p.col))
		return h
	}
	for _, s := range sheets {
		first := s.first()
		var values = map[*head][]string{}
		for k := range s.spots {
			p := &s.spots[k]
			switch {
			case p.head && s.labels[p.col] && p.row < first && s.besideOne(k):
				h := get(s, p, p.word)
				h.before, h.known = true, true
				values[h] = append(values[h], s.values2(k)...)
			case p.group:
				s.group(k, get)
			case p.below, p.head && s.overMeasures(p):
			case p.head && p.word != "":
				h := get(s, p, p.word)
				h.listed = true
				h.sheets[s] = true
				h.known = h.known || p.looks == looksHead
				h.own = h.own || (p.year != 0 || p.whole) && !s.dated(*p)
				for _, other := range s.values(k) {
					q := s.spots[other]
					values[h] = append(values[h], q.text)
					h.cells = append(h.cells, cell{s.example, s.name, s.grid.Ref(q.row, q.col), q.text})
				}
				h.offer(s.choices(k))
				h.blanks = h.blanks || s.gaps(k)
			case p.head:
			case p.looks == looksHead && (p.row < first || len(s.rows[p.row]) == 2) && s.besideOne(k):
				h := get(s, p, p.word)
				h.before, h.known = h.before || p.row < first, true
				values[h] = append(values[h], s.values2(k)...)
			default:
				s.pairs(p, first, get)
			}
		}
		for h, v := range values {
			a := answersOf(v)
			h.answers.all = append(h.answers.all, a.all...)
			h.answers.blank += a.blank
			h.dated = h.dated || s.years
		}
	}
	return out
}

// offer takes what a drop-down list offers as answers that are possible.
func (h *head) offer(choices []string) {
	for _, c := range choices {
		if !slices.Contains(h.choices, c) {
			h.choices = append(h.choices, c)
		}
	}
}

// possible are the answers given and those that a list offers.
func (h *head) possible() answers {
	out := answers{all: slices.Clone(h.answers.all), blank: h.answers.blank}
	offered := answersOf(h.choices)
	out.all, out.blank = append(out.all, offered.all...), out.blank+offered.blank
	return out
}

// first is the first row of heads or labels, behind what is said once above them.
func (s *sheet) first() int {
	const list = 4 // heads of a list
	first := s.grid.Rows
	for _, i := range s.heads {
		if first = min(first, i); len(s.rows[i]) >= list && !s.yearRow(i) && s.pairsAbove(i) {
			return i
		}
	}
	var blocks [][2]int // rows of labels that stand together
	for i := range first {
		if len(s.rows[i]) == 0 || !s.headIn(i) {
			continue
		}
		if len(s.rows[i]) > 2 && s.spots[s.rows[i][0]].head {
			return i // the label of several records
		}
		if n := len(blocks); n > 0 && blocks[n-1][1] == i-1 {
			blocks[n-1][1] = i
			continue
		}
		blocks = append(blocks, [2]int{i, i})
	}
	const shortest = 3 // rows of a card
	for _, b := range blocks {
		if b[1]-b[0]+1 >= shortest {
			return b[0]
		}
	}
	return first
}

// pairsAbove reports that above a row nothing stands but texts alone, and labels with one value.
func (s *sheet) pairsAbove(i int) bool {
	for k := range i {
		if len(s.rows[k]) > 2 && s.headIn(k) {
			return false
		}
	}
	return true
}

func (s *sheet) headIn(i int) bool {
	return slices.ContainsFunc(s.rows[i], func(k int) bool { return s.spots[k].head })
}

// group takes a head over 年度 and 値 for the two questions that it asks.
func (s *sheet) group(k int, get func(*sheet, *spot, string) *head) {
	p := &s.spots[k]
	for _, other := range s.rows[p.row+1] {
		q := &s.spots[other]
		if !q.below || q.col < p.col || q.col >= s.reach(k) {
			continue
		}
		name := "baseline"
		if slices.Contains(words().YearBelow, q.text) {
			name = "baseline_year"
		}
		h := get(s, q, p.word+"/"+q.word)
		h.fixed, h.over, h.listed, h.known = questionNamed(name), p.text, true, true
		h.sheets[s] = true
		for _, v := range s.values(other) {
			c := s.spots[v]
			h.answers.all = append(h.answers.all, c.text)
			h.cells = append(h.cells, cell{s.example, s.name, s.grid.Ref(c.row, c.col), c.text})
		}
	}
}

// besideOne reports a cell with one other at its right: 計画名 | 情報化推進計画.
func (s *sheet) besideOne(k int) bool {
	p := s.spots[k]
	at := slices.Index(s.rows[p.row], k)
	return at+1 < len(s.rows[p.row]) && !s.spots[s.rows[p.row][at+1]].head
}

func (s *sheet) values2(k int) []string {
	p := s.spots[k]
	at := slices.Index(s.rows[p.row], k)
	return []string{s.spots[s.rows[p.row][at+1]].text}
}

// gaps reports that cells below a head are blank between others that are not, as they are where a blank means the same
// as above; rows of one cell are no records.
func (s *sheet) gaps(k int) bool {
	p := s.spots[k]
	if s.labels[p.col] && !slices.Contains(s.heads, p.row) {
		return s.gapsBeside(p)
	}
	own := map[int]bool{}
	last := 0
	for _, other := range s.cols[p.col] {
		own[s.spots[other].row] = true
	}
	blank := false
	for i := p.row + 1; i < s.grid.Rows; i++ {
		if slices.Contains(s.heads, i) || !s.says(i, p.col) {
			continue
		}
		_, left := s.grid.Origin(i, p.col)
		merged := s.grid.Covered(i, p.col) && left == p.col
		switch {
		case own[i]:
			last = i
		case last > 0 && !merged:
			blank = true
		}
	}
	return blank
}

// gapsBeside reports that cells beside a label are blank in columns in which other labels have their values: records
// stand beside each other.
func (s *sheet) gapsBeside(p spot) bool {
	const fewest = 3 // labels that have a value in the column of a record
	count := map[int]int{}
	for _, q := range s.spots {
		if !q.head && q.col > p.col && s.headOfRow(q.row, p.col) {
			count[q.col]++
		}
	}
	began := false
	for col := p.col + 1; col < s.grid.Cols; col++ {
		own := geometry.Own(s.grid, p.row, col)
		began = began || own
		if began && !own && count[col] >= fewest && !s.grid.Covered(p.row, col) {
			return true
		}
	}
	return false
}

// headOfRow reports a row that has its label in a column.
func (s *sheet) headOfRow(i, col int) bool {
	return slices.ContainsFunc(s.rows[i], func(k int) bool { return s.spots[k].head && s.spots[k].col == col })
}

// says reports a row in which something of the record itself stands in another column: not its year, its measure or a
// value of them.
func (s *sheet) says(i, col int) bool {
	return len(s.rows[i]) > 1 && slices.ContainsFunc(s.rows[i], func(k int) bool {
		q := s.spots[k]
		own := q.looks == looksOther || q.looks == looksEnding
		return q.col != col && !q.head && own && len([]rune(q.text)) > 2 && !s.yearly(q)
	})
}

// yearly reports a cell under a head that names a year.
func (s *sheet) yearly(q spot) bool {
	for _, h := range s.heads {
		for _, k := range s.rows[h] {
			if p := s.spots[k]; (p.year != 0 || p.whole) && p.row < q.row && p.col <= q.col && q.col < s.reach(k) {
				return true
			}
		}
	}
	return false
}

// pairs takes what a cell states of a field by itself: 計画名：…, 柱2　…, 【成果指標】.
func (s *sheet) pairs(p *spot, first int, get func(*sheet, *spot, string) *head) {
	l := words()
	found := pairMark.FindAllStringSubmatchIndex(p.text, -1)
	for n, m := range found {
		word := headOf(p.text[m[2]:m[3]])
		end := len(p.text)
		if n+1 < len(found) {
			end = found[n+1][0]
		}
		value := strings.TrimSpace(p.text[m[1]:end])
		if len(l.byWord[word]) == 0 || value == "" {
			continue
		}
		h := get(s, p, word)
		h.known, h.before = true, h.before || p.row < first
		h.answers.all = append(h.answers.all, value)
	}
	if m := levelMark.FindStringSubmatch(p.text); m != nil && len(s.rows[p.row]) == 1 {
		if word := record.Normal(m[1]); len(l.byWord[word]) > 0 && l.byWord[word][0].Group {
			h := get(s, p, word)
			h.known = true
			h.answers.all = append(h.answers.all, strings.TrimSpace(p.text[len(m[0])-1:]))
		}
	}
	if len(s.rows[p.row]) != 1 || p.row < first {
		return
	}
	bare := strings.Trim(p.text, "【】〈〉《》＜＞<>■◆●◎○ 　")
	for i := range l.Questions {
		if q := &l.Questions[i]; q.Name == "kind" && q.chosen(bare) != "" {
			h := get(s, p, record.Normal(q.Words[0]))
			h.known = true
			h.answers.all = append(h.answers.all, bare)
		}
	}
}
