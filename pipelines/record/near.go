package record

import (
	"strings"
	"unicode/utf8"
)

// Near reports whether two texts are nearly the same word: at most one of three characters of the longer is another, or
// one contains the other. distance is how many characters must be added, dropped or replaced to make one of the other.
func Near(a, b string) (distance int, ok bool) {
	const shortest = 2 // runes of a word that means something inside another
	a, b = Normal(a), Normal(b)
	x, y := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	distance = edits([]rune(a), []rune(b))
	inside := min(x, y) >= shortest && (strings.Contains(a, b) || strings.Contains(b, a))
	return distance, inside || 3*distance <= max(x, y)
}

// Nearest is the word that is nearest to a text, the first of those that are equally near; "" where none is near.
func Nearest(text string, words []string) string {
	word, least := "", 0
	for _, w := range words {
		if d, ok := Near(text, w); ok && (word == "" || d < least) {
			word, least = w, d
		}
	}
	return word
}

// Closest is the word that is the least part of its length apart from a text, however far that is; the first of those
// that are equally close, and "" where there is no word.
func Closest(text string, words []string) string {
	word, least, of := "", 0, 1
	for _, w := range words {
		a, b := []rune(text), []rune(w)
		if d, longer := edits(a, b), max(len(a), len(b), 1); word == "" || d*of < least*longer {
			word, least, of = w, d, longer
		}
	}
	return word
}

// edits is how many characters must be added, dropped or replaced to make one text of another.
func edits(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		before := row[0]
		row[0] = i + 1
		for j, y := range b {
			replaced := before
			if x != y {
				replaced++
			}
			before = row[j+1]
			row[j+1] = min(replaced, before+1, row[j]+1)
		}
	}
	return row[len(b)]
}
