package typeset

import (
	"slices"
	"strings"

	"kyogikai/pipelines/document"
)

// columns finds the edges of the columns. Columns whose widths are all given share the line in that proportion; one
// without takes what its content needs.
func (l *tableLayout) columns() {
	n := len(l.t.Columns)
	content := l.sheet.content
	given := 0.0
	open := 0
	for _, c := range l.t.Columns {
		given += c.Width
		if c.Width == 0 {
			open++
		}
	}
	widths := make([]float64, n)
	if open == 0 {
		for i, c := range l.t.Columns {
			widths[i] = content * c.Width / given
		}
		l.widen(widths)
	} else {
		widths = l.automatic(content)
	}
	l.x = []float64{l.sheet.left}
	for _, w := range widths {
		l.x = append(l.x, l.x[len(l.x)-1]+w)
	}
}

// longest is the widest, in characters, that a column's text counts for when the line is shared: a paragraph of a
// thousand characters needs no more of it than one of a hundred.
const longest = 42

// automatic shares the line by content: every column gets what its widest unbreakable text needs, the rest goes in
// proportion to what each would like.
func (l *tableLayout) automatic(content float64) []float64 {
	n := len(l.t.Columns)
	least, wish := make([]float64, n), make([]float64, n)
	for _, c := range slices.Concat(l.place...) {
		if c.Cols == 1 {
			narrow, wide := l.needs(c.Text)
			least[c.Col], wish[c.Col] = max(least[c.Col], narrow), max(wish[c.Col], wide)
		}
	}
	pad := 2*padX + l.size*0.2
	sumLeast, sumWish := 0.0, 0.0
	for i, c := range l.t.Columns {
		if c.Width > 0 {
			least[i] = c.Width * l.size
			wish[i] = least[i]
		}
		least[i] = max(least[i], l.size) + pad
		wish[i] = max(min(wish[i], longest*l.size)+pad, least[i])
		sumLeast += least[i]
		sumWish += wish[i]
	}
	out := make([]float64, n)
	for i := range out {
		switch {
		case sumLeast >= content:
			out[i] = content * least[i] / sumLeast
		case sumWish <= content:
			out[i] = content * wish[i] / sumWish
		default:
			out[i] = least[i] + (content-sumLeast)*(wish[i]-least[i])/(sumWish-sumLeast)
		}
	}
	return out
}

// widen gives a column whose width was told what its longest number with its unit needs: a number is never parted. The
// widest columns give it.
func (l *tableLayout) widen(widths []float64) {
	need := make([]float64, len(widths))
	for _, c := range slices.Concat(l.place...) {
		if c.Cols == 1 && len([]rune(c.Text)) <= 60 {
			need[c.Col] = max(need[c.Col], l.longestNumber(c.Text))
		}
	}
	for i := range widths {
		for short := need[i] - widths[i]; short > 0; {
			from := -1
			for k := range widths {
				if k != i && widths[k]-need[k] > l.size && (from < 0 || widths[k] > widths[from]) {
					from = k
				}
			}
			if from < 0 {
				break
			}
			give := min(short, max(l.size*0.5, 0), widths[from]-need[from])
			widths[from] -= give
			widths[i] += give
			short -= give
		}
	}
}

// longestNumber is the width that the longest number of a text needs with its unit, 0 where it has none.
func (l *tableLayout) longestNumber(text string) float64 {
	need := 0.0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ' ' || r == '　' }) {
		if strings.ContainsAny(word[:1], "0123456789-") && len([]rune(word)) <= 16 {
			g := l.f.d.shape([]document.Span{{Text: word}}, gothic, bold)
			need = max(need, width(g, l.size)+2*padX+1)
		}
	}
	return need
}

// needs are the widths in points of a text's longest unbreakable part and of its longest line.
func (l *tableLayout) needs(text string) (narrow, wide float64) {
	for _, p := range splitNewlines(l.f.d.shape([]document.Span{{Text: text}}, gothic, bold)) {
		wide = max(wide, width(p, l.size))
		part := 0.0
		for _, c := range p {
			if c.free {
				part = 0
			}
			part += c.w * l.size
			narrow = max(narrow, part)
		}
	}
	return min(narrow, 14*l.size), wide
}
