package brief

import (
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/text/width"

	"kyogikai/pipelines/document"
)

// figureNumber is a figure's number in a caption or a text: 図2, not that of a map (地図2).
var figureNumber = regexp.MustCompile(`(^|[^\p{Han}])(図\s*)([0-9０-９]+)`)

// severalFigures is a text that names several figures at once: what of it are numbers of figures, nobody can tell.
var severalFigures = regexp.MustCompile(`図\s*[0-9０-９]+\s*(?:[、・,，～〜-]|及び|から|と)\s*[0-9０-９]`)

// renumber numbers the figures of a paper from 1 on where one of them is not there: in their captions, and where texts
// speak of them. Where a text speaks of the one that is not there, or of several at once, all stays as it is, and
// Remarks tells of it: another figure must not come to stand for it.
func (r *renderer) renumber(blocks []document.Block) {
	if len(r.omitted) == 0 || spokenOf(blocks, r.omitted) {
		return
	}
	now := map[int]int{} // by the number that the template has given
	var captions func(blocks []document.Block)
	captions = func(blocks []document.Block) {
		for _, b := range blocks {
			if b.Chart != nil {
				if m := captioned.FindStringSubmatch(b.Chart.Caption); m != nil && now[number(m[1])] == 0 {
					now[number(m[1])] = len(now) + 1
				}
			}
			captions(b.Blocks)
		}
	}
	captions(blocks)
	anew := func(text string) string {
		return figureNumber.ReplaceAllStringFunc(text, func(found string) string {
			m := figureNumber.FindStringSubmatch(found)
			n, known := now[number(m[3])]
			if !known {
				return found
			}
			digits := strconv.Itoa(n)
			if m[3][0] > 0x7F {
				digits = width.Widen.String(digits)
			}
			return m[1] + m[2] + digits
		})
	}
	rewrite(blocks, anew)
	for i := range r.figures {
		f := &r.figures[i]
		f.Before, f.After = anew(f.Before), anew(f.After)
	}
}

// spokenOf reports whether a text speaks of a figure of one of these captions.
func spokenOf(blocks []document.Block, captions []string) bool {
	for _, t := range (document.Document{Blocks: blocks}).Texts() {
		if severalFigures.MatchString(t.Text) {
			return true
		}
		for _, m := range figureNumber.FindAllStringSubmatch(t.Text, -1) {
			if slices.ContainsFunc(captions, func(caption string) bool {
				c := captioned.FindStringSubmatch(caption)
				return c != nil && number(c[1]) == number(m[3])
			}) {
				return true
			}
		}
	}
	return false
}

// rewrite changes the texts of blocks that speak of figures.
func rewrite(blocks []document.Block, anew func(string) string) {
	spans := func(list []document.Span) {
		for i := range list {
			list[i].Text = anew(list[i].Text)
		}
	}
	var items func(list []document.Item)
	items = func(list []document.Item) {
		for _, it := range list {
			spans(it.Spans)
			items(it.Items)
		}
	}
	for _, b := range blocks {
		spans(b.Spans)
		items(b.Items)
		if t := b.Table; t != nil {
			t.Caption = anew(t.Caption)
			for i := range t.Notes {
				t.Notes[i] = anew(t.Notes[i])
			}
		}
		if c := b.Chart; c != nil {
			c.Caption = anew(c.Caption)
			for i := range c.Notes {
				c.Notes[i] = anew(c.Notes[i])
			}
		}
		rewrite(b.Blocks, anew)
	}
}
