package typeset

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/document"
)

const geta = '〓' // printed for a character that no face has; the caller is told

// glyph is one character in a face, at its code there. free says that a line may begin with it.
type glyph struct {
	r    rune
	code uint16
	face int
	w    float64 // em, with the space behind it
	gap  float64 // em of space behind it, between Japanese and Latin letters
	free bool
	hang bool // may stand beyond the line's end

	raised bool // a footnote mark
}

// clean makes text safe to draw: valid, composed, without control characters. Variation selectors stay, and characters
// that stand for their own form (﨑, 塚) are not composed away.
func clean(s string) string {
	s = strings.ToValidUTF8(s, string(geta))
	if !norm.NFC.IsNormalString(s) {
		s = composed(s)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == '\u200b', r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

func composed(s string) string {
	var out strings.Builder
	start := 0
	for i, r := range s {
		if r >= 0xF900 && r <= 0xFAFF || r >= 0x2F800 && r <= 0x2FA1F {
			out.WriteString(norm.NFC.String(s[start:i]))
			out.WriteRune(r)
			start = i + len(string(r))
		}
	}
	return out.String() + norm.NFC.String(s[start:])
}

// oneLine is a clean text without line breaks.
func oneLine(s string) string { return strings.ReplaceAll(clean(s), "\n", "") }

func isSelector(r rune) bool { return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF }

// shape turns spans into glyphs with their break opportunities. base is the face of plain text, strong of strong text.
func (d *drawing) shape(spans []document.Span, base, strong int) []glyph {
	var out []glyph
	var text strings.Builder
	for _, s := range spans {
		f := base
		if s.Strong {
			f = strong
		}
		runes := []rune(clean(s.Text))
		for i := 0; i < len(runes); i++ {
			c := form{r: runes[i]}
			if isSelector(c.r) { // with nothing before it
				continue
			}
			if i+1 < len(runes) && isSelector(runes[i+1]) {
				i++
				c.selector = runes[i]
			}
			g := d.glyph(c, f)
			if s.Raised {
				g.raised, g.w = true, g.w*raisedSize
			}
			g.hang = d.hanging && strings.ContainsRune("、。，．", g.r)
			out = append(out, g)
			text.WriteRune(out[len(out)-1].r)
		}
	}
	markBreaks(out, text.String())
	for i := 1; i < len(out); i++ {
		if mixed(out[i-1].r, out[i].r) {
			out[i-1].gap = latinGap
			out[i-1].w += latinGap
		}
	}
	return out
}

// raisedSize is the size of a footnote mark, in that of the text.
const raisedSize = 0.6

// latinGap is the space between Japanese and Latin letters, in em. Figures stand close to their units.
const latinGap = 0.1

func mixed(a, b rune) bool {
	latin := func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }
	japanese := func(r rune) bool { return r >= 0x3041 && r <= 0x30FE || r >= 0x4E00 && r <= 0x9FFF }
	return latin(a) && japanese(b) || japanese(a) && latin(b)
}

// glyph finds a character's glyph and takes it into the document's letters. 〓 stands for what no face has.
func (d *drawing) glyph(c form, face int) glyph {
	if c.r == '\n' {
		return glyph{r: c.r, face: face}
	}
	g, in, ok := d.find(c, face)
	if !ok {
		d.missing(c.r)
		c = form{r: geta}
		if g, in, ok = d.find(c, face); !ok {
			return glyph{r: geta, face: face}
		}
	}
	if d.letters[in] == nil {
		font, err := d.fonts.face(in)
		if err != nil {
			d.fail(err)
			return glyph{r: c.r, face: face}
		}
		d.letters[in] = newLetters(font)
	}
	l := d.letters[in]
	return glyph{r: c.r, code: l.code(c, g), face: in, w: l.font.advance(g)}
}

// markBreaks finds where lines may begin: UAX #14, less what Japanese papers forbid.
func markBreaks(g []glyph, text string) {
	at, state := 0, -1
	for rest := text; rest != ""; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		at += len([]rune(segment))
		if at < len(g) && at > 0 {
			g[at].free = mayBreak(g[at-1].r, g[at].r)
		}
	}
}

const (
	noStart = "～〜㎡㎥％%㎏㎞、。，．）」』】〕｝ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ・：；！？︑"
	noEnd   = "（「『【〔｛第約"
	counter = "億万千百円人件年月日回時分秒名次期号条項歳位点割倍つ箇か区社校戸台本冊枚種課部柱ポ現㎡"
)

// mayBreak adds to UAX #14: no line begins with a closing mark, a number is not parted from its counter, nor a symbol
// of a legend from its colon.
func mayBreak(before, after rune) bool {
	if strings.ContainsRune(noStart, after) || strings.ContainsRune(noEnd, before) {
		return false
	}
	switch string(before) + string(after) {
	case "現在", "令和", "平成", "昭和": // （R7.4.1現在）, 令和7年
		return false
	}
	if unicode.IsDigit(before) && (strings.ContainsRune(counter, after) || unicode.IsDigit(after)) {
		return false
	}
	return !strings.ContainsRune("−▲△+±※和成", before) || !unicode.IsDigit(after) // 令和7年, 平成30年
}

// line is a range of glyphs that stands on one line.
type line struct {
	g    []glyph
	last bool // of its paragraph: never justified
}

func width(g []glyph, size float64) float64 {
	w := 0.0
	for _, c := range g {
		w += c.w
	}
	return w * size
}

const slack = 0.01 // pt; sums of many widths are not exact

// breakLines breaks glyphs into lines of a width in pt. A last line of a single character takes one more from the
// line before.
func breakLines(g []glyph, size, max float64) []line {
	var out []line
	for _, paragraph := range splitNewlines(g) {
		out = append(out, breakParagraph(paragraph, size, max)...)
	}
	return out
}

func splitNewlines(g []glyph) [][]glyph {
	var out [][]glyph
	start := 0
	for i, c := range g {
		if c.r == '\n' {
			out = append(out, g[start:i])
			start = i + 1
		}
	}
	return append(out, g[start:])
}

func breakParagraph(g []glyph, size, max float64) []line {
	var starts []int
	start, free, w := 0, 0, 0.0
	for i := 0; i < len(g); i++ {
		if g[i].free && i > start {
			free = i
		}
		w += g[i].w * size
		if w <= max+slack || i == start || g[i].hang && w-g[i].w*size <= max+slack {
			continue
		}
		cut := free
		if cut <= start {
			cut = forcedCut(g, start, i)
		}
		starts = append(starts, start)
		start = cut
		w = width(g[start:i+1], size)
		free = lastFree(g, start, i)
	}
	starts = append(starts, start)
	avoidStray(g, starts)
	var out []line
	for k, s := range starts {
		end := len(g)
		if k+1 < len(starts) {
			end = starts[k+1]
		}
		out = append(out, line{trimSpace(g[s:end]), k+1 == len(starts)})
	}
	return out
}

// forcedCut parts a run that is wider than the line, where at least no mark is stranded.
func forcedCut(g []glyph, start, i int) int {
	for cut := i; cut > start+1; cut-- {
		if !strings.ContainsRune(noStart, g[cut].r) && !strings.ContainsRune(noEnd, g[cut-1].r) &&
			!inNumber(g[cut-1].r, g[cut].r) {
			return cut
		}
	}
	return i
}

// inNumber reports a place within a number.
func inNumber(before, after rune) bool {
	part := func(r rune) bool { return r >= '0' && r <= '9' || r == ',' || r == '.' }
	return part(before) && part(after)
}

func lastFree(g []glyph, start, end int) int {
	for i := end; i > start; i-- {
		if g[i].free {
			return i
		}
	}
	return start
}

// avoidStray moves the last line's beginning back where the last line would hold a single character (and its 。).
func avoidStray(g []glyph, starts []int) {
	k := len(starts) - 1
	if k < 1 {
		return
	}
	letters := 0
	for _, c := range g[starts[k]:] {
		if !strings.ContainsRune("、。）」", c.r) {
			letters++
		}
	}
	if letters > 1 {
		return
	}
	if i := lastFree(g, starts[k-1]+1, starts[k]-1); i > starts[k-1]+1 {
		starts[k] = i
	}
}

// trimSpace drops spaces at a line's end.
func trimSpace(g []glyph) []glyph {
	for len(g) > 0 && g[len(g)-1].r == ' ' {
		g = g[:len(g)-1]
	}
	return g
}

// Break lays out a text in the body's face on lines of so many characters: what a person reads on each line.
func Break(fonts *Fonts, text string, characters float64) []string {
	d := &drawing{fonts: fonts, absent: map[rune]bool{}}
	var out []string
	for _, l := range breakLines(d.shape([]document.Span{{Text: text}}, mincho, bold), bodySize, characters*bodySize) {
		var b strings.Builder
		for _, g := range l.g {
			b.WriteRune(g.r)
		}
		out = append(out, b.String())
	}
	return out
}
