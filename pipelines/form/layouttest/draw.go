package layouttest

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
)

// Choice is what was drawn for one dimension of a layout.
type Choice struct{ Dimension, Value string }

// draw makes the choices of one layout. Every dimension has a source of its own, so that pinning one changes no other.
type draw struct {
	seed    uint64
	number  int
	pins    []Choice
	part    string // which form of the workbook: its dimensions are drawn apart
	list    bool   // records go down a list
	choices []Choice
}

// source is the random source of a name.
func (d *draw) source(name string) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s/%s", d.number, d.part, name)
	return rand.New(rand.NewPCG(d.seed, h.Sum64())) //nolint:gosec // layouts are drawn, no secrets
}

// pick chooses one of the values, a repeated one more often.
func (d *draw) pick(dimension string, values ...string) string {
	value := values[d.source(dimension).IntN(len(values))]
	for _, pin := range d.pins {
		if pin.Dimension == dimension {
			value = pin.Value
		}
	}
	d.choices = append(d.choices, Choice{d.part + dimension, value})
	return value
}

// rare chooses the first value but for one layout in so many.
func (d *draw) rare(oneIn int, dimension, usual string, others ...string) string {
	values := make([]string, 0, oneIn*len(others))
	for range (oneIn - 1) * len(others) {
		values = append(values, usual)
	}
	return d.pick(dimension, append(values, others...)...)
}

// word chooses one of the words for a head; it is no dimension.
func (d *draw) word(name string, words []string) string {
	for _, pin := range d.pins {
		if pin.Dimension == "words" && pin.Value == "first" {
			return words[0]
		}
	}
	return words[d.source("word "+name).IntN(len(words))]
}

// chosen is the value of a dimension; "" where it was not drawn.
func (d *draw) chosen(dimension string) string {
	i := slices.IndexFunc(d.choices, func(c Choice) bool { return c.Dimension == d.part+dimension })
	if i < 0 {
		return ""
	}
	return d.choices[i].Value
}

func chosenLine(choices []Choice) string {
	var parts []string
	for _, c := range choices {
		parts = append(parts, c.Dimension+": "+oneLine(c.Value))
	}
	return strings.Join(parts, "; ")
}
