package brief

import (
	"strings"

	"kyogikai/pipelines/record"
)

// FindFigure finds a figure by its address; else by the one that it had before (Figure.Former); else by the end of
// either, where no other figure's ends alike. Spaces and widths do not matter. A whole address wins over all that only
// end alike. Where none or more than one is found, near are those that it may be: see Matching.
func FindFigure(figures []Figure, address string) (found *Figure, near []Figure) {
	want := record.Key(address)
	for _, of := range []func(f Figure) bool{
		func(f Figure) bool { return f.Address == address },
		func(f Figure) bool { return record.Key(f.Address) == want },
		func(f Figure) bool { return f.Former != "" && record.Key(f.Former) == want },
	} {
		if some := matching(figures, of); len(some) == 1 {
			return &figures[some[0]], nil
		} else if len(some) > 1 {
			return nil, pick(figures, some)
		}
	}
	some := matching(figures, endsAs(want))
	switch len(some) {
	case 0:
		return nil, nearest(figures, want)
	case 1:
		return &figures[some[0]], pick(figures, some)
	}
	return nil, pick(figures, some)
}

// Matching are the figures whose address is, or ends as, the one given; more than one where it is ambiguous.
func Matching(figures []Figure, address string) []Figure {
	want := record.Key(address)
	return pick(figures, matching(figures, func(f Figure) bool {
		return record.Key(f.Address) == want || record.Key(f.Former) == want && want != "" || endsAs(want)(f)
	}))
}

// endsAs reports a figure whose address ends as is wanted, now or before. Before, one address told the first of several
// rows of a number: an abbreviation of it is of all of them.
func endsAs(want string) func(f Figure) bool {
	return func(f Figure) bool {
		if strings.HasSuffix(record.Key(f.Address), "/"+want) || strings.HasSuffix(record.Key(f.Former), "/"+want) {
			return true
		}
		_, second := cutOrdinal(f.Address)
		row, _ := cutOrdinal(f.Former)
		return f.shared && !second && strings.HasSuffix(record.Key(row), "/"+want)
	}
}

// cutOrdinal takes the number off an address: of the second value of a place, #2.
func cutOrdinal(address string) (place string, cut bool) {
	place, _, cut = strings.Cut(address, "#")
	return place, cut
}

func matching(figures []Figure, is func(f Figure) bool) []int {
	var out []int
	for i, f := range figures {
		if is(f) {
			out = append(out, i)
		}
	}
	return out
}

func pick(figures []Figure, some []int) []Figure {
	var out []Figure
	for _, i := range some {
		out = append(out, figures[i])
	}
	return out
}

// nearest are the figures whose addresses hold the most of the words of one that is not found.
func nearest(figures []Figure, want string) []Figure {
	words := strings.Split(want, "/")
	var near []Figure
	best := 0
	for _, f := range figures {
		n, hits := record.Key(f.Address), 0
		for _, w := range words {
			if w != "" && strings.Contains(n, w) {
				hits++
			}
		}
		switch {
		case hits > best:
			best, near = hits, []Figure{f}
		case hits == best && hits > 0:
			near = append(near, f)
		}
	}
	return near
}
