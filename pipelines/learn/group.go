package learn

import (
	"slices"
)

// groups are the sheets of the examples by the form that they are of: sheets whose heads are mostly the same.
func groups(sheets []*sheet) [][]*sheet {
	var out [][]*sheet
	for _, s := range sheets {
		mine := s.wordsOfHeads()
		if len(mine) < 2 {
			continue
		}
		at := slices.IndexFunc(out, func(g []*sheet) bool { return shared(mine, g[0].wordsOfHeads()) })
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

// shared reports two sets of heads of which at least half are the same.
func shared(a, b map[string]bool) bool {
	n := 0
	for w := range a {
		if b[w] {
			n++
		}
	}
	return 2*n >= min(len(a), len(b))
}
