package learn

import (
	"slices"
)

// groups are the sheets of the examples by the form that they are of.
func groups(sheets []*sheet) [][]*sheet {
	var out [][]*sheet
	for _, s := range sheets {
		mine := s.wordsOfHeads()
		if len(mine) < 2 {
			continue
		}
		at := slices.IndexFunc(out, func(g []*sheet) bool { return s.alike(g[0]) })
		if at < 0 {
			out = append(out, []*sheet{s})
			continue
		}
		out[at] = append(out[at], s)
	}
	return out
}

func (s *sheet) wordsOfHeads() map[string]bool {
	out := map[string]bool{}
	for _, p := range s.spots {
		if p.head && p.word != "" {
			out[p.word] = true
		}
	}
	return out
}

// alike reports two sheets of one form: nearly the same heads, or half of them under the same title.
func (s *sheet) alike(other *sheet) bool {
	const nearly, half = 80, 50 // percent of the heads of both
	a, b := s.wordsOfHeads(), other.wordsOfHeads()
	n := 0
	for w := range a {
		n += bit(b[w])
	}
	share := 100 * n / max(len(a)+len(b)-n, 1)
	return share >= nearly || s.title() == other.title() && share >= half
}
