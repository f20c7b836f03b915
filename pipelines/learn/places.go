package learn

import (
	"slices"

	"kyogikai/pipelines/geometry"
)

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
