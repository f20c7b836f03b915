package brief

import (
	"strings"

	"kyogikai/pipelines/record"
)

// FindFigure finds a figure by its address; else by the one that it had before (Figure.Former); else by the end of
// either; else by the end of its address with the first words of the row alone (its number). Spaces and widths do not
// matter. A whole address wins over all that only end alike. Of an address that fits more than one figure none is
// found; near are those then, else those whose addresses come near.
func FindFigure(figures []Figure, address string) (found *Figure, near []Figure) {
	some := candidates(figures, address)
	switch len(some) {
	case 0:
		return nil, nearest(figures, record.Key(address))
	case 1:
		return &figures[some[0]], nil
	}
	return nil, pick(figures, some)
}

// Matching are the figures that an address fits: none, the one that FindFigure finds, or those between which it cannot
// choose.
func Matching(figures []Figure, address string) []Figure {
	return pick(figures, candidates(figures, address))
}

// candidates are the figures that an address fits in the first of the ways in which it fits any.
func candidates(figures []Figure, address string) []int {
	want := record.Key(address)
	for _, fits := range []func(f Figure) bool{
		func(f Figure) bool { return f.Address == address },
		func(f Figure) bool { return record.Key(f.Address) == want },
		func(f Figure) bool { return f.Former != "" && record.Key(f.Former) == want },
		endsAs(want),
		rowBegins(address),
	} {
		if some := matching(figures, fits); len(some) > 0 {
			return some
		}
	}
	return nil
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

// rowBegins reports a figure whose address ends as is wanted but for the row, of which only the first words are given:
// 指標ごと/1-2/実績値 for 指標ごと/1-2・受付件数・成果/実績値.
func rowBegins(address string) func(f Figure) bool {
	want := strings.Split(address, "/")
	return func(f Figure) bool {
		own := strings.Split(f.Address, "/")
		if len(want) < 2 || len(own) < len(want) {
			return false
		}
		own = own[len(own)-len(want):]
		for i := range want {
			a, b := record.Key(own[i]), record.Key(want[i])
			if a != b && (i != len(want)-2 || b == "" || !strings.HasPrefix(a, b+"・")) {
				return false
			}
		}
		return true
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
