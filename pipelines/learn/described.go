package learn

import (
	"slices"

	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
)

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
