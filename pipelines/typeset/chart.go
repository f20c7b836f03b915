package typeset

import (
	"math"
	"strconv"
	"strings"

	"kyogikai/pipelines/document"
)

const (
	chartHeight = 62 * mm
	chartSize   = 8.5 // of its letters
	axisRule    = 0.5
	gridRule    = 0.3
	gridGrey    = 170
)

// chart adds a chart: caption, unit, the figure, notes. Everything in it is black, grey or hatched: it must survive a
// photocopier.
func (f *flow) chart(c *document.Chart) {
	form, ok := chartForms[c.Kind]
	if !ok {
		f.d.fail(document.UnknownChart(c))
		return
	}
	if len(c.Categories) == 0 || len(c.Series) == 0 {
		return
	}
	if c.Caption != "" {
		f.lines(f.named("P", document.AtCaption), f.d.shape([]document.Span{{Text: c.Caption}}, gothic, bold), textStyle{
			size: bodySize, lead: leading, gap: leading * 0.3, keep: true,
		})
	}
	parts, at, first := f.chartParts(c), f.at, 0
	for k, part := range parts {
		e, from := f.in.add("Figure", ""), first
		first += len(part.Categories)
		e.Alt = alternative(part)
		p := &plot{d: f.d, c: part, form: form, left: f.sheet.left, width: f.sheet.content}
		p.prepare()
		f.add(piece{h: p.height + 4, keep: len(c.Notes) > 0 && k == len(parts)-1, draw: func(y float64) {
			for i := range part.Categories {
				f.d.stands(document.Within(at, from+i), "")
			}
			f.d.marked(e, func() { p.draw(y) })
		}})
	}
	below := f.part(f.in)
	below.at = document.Part(f.at, document.AtNotes)
	for _, n := range c.Notes {
		below.hanging("", []document.Span{{Text: n}}, 0.5, noteSize, noteLeading)
	}
	for i := range below.pieces {
		below.pieces[i].keep = i < len(below.pieces)-1
	}
	f.pieces = append(f.pieces, below.pieces...)
	f.add(piece{h: afterTable})
}

// chartParts parts a chart of horizontal bars that is longer than a page.
func (f *flow) chartParts(c *document.Chart) []*document.Chart {
	if !chartForms[c.Kind].long {
		return []*document.Chart{c}
	}
	var out []*document.Chart
	room := f.sheet.depth*0.8 - 32
	for first := 0; first < len(c.Categories); {
		h, last := 0.0, first
		for last < len(c.Categories) {
			step := barStep(breakLines(
				f.d.shape([]document.Span{{Text: c.Categories[last]}}, gothic, bold), chartSize, f.sheet.content*0.34,
			))
			if h+step > room && last > first {
				break
			}
			h += step
			last++
		}
		part := *c
		part.Categories = c.Categories[first:last]
		part.Series = nil
		for _, s := range c.Series {
			s.Values, s.Texts = between(s.Values, first, last), between(s.Texts, first, last)
			part.Series = append(part.Series, s)
		}
		out = append(out, &part)
		first = last
	}
	return out
}

// between is a part of a list that may be shorter.
func between(list []string, first, last int) []string {
	return list[min(first, len(list)):min(last, len(list))]
}

// alternative tells a chart's figures to a person who does not see it.
func alternative(c *document.Chart) string {
	var b strings.Builder
	b.WriteString(c.Caption + c.Unit)
	for _, s := range c.Series {
		b.WriteString("　" + s.Name)
		for i, t := range s.Texts {
			if i < len(c.Categories) {
				b.WriteString("　" + strings.ReplaceAll(c.Categories[i], "\n", "") + " " + t)
			}
		}
	}
	return b.String()
}

// plot is a chart being drawn. Its texts are shaped before, as all texts of a document are.
type plot struct {
	d           *drawing
	c           *document.Chart
	form        chartForm
	left, width float64
	height      float64

	values     [][]float64 // by series and category; NaN where there is none
	texts      [][][]glyph
	names      [][]glyph
	categories [][]line
	unit       []glyph
	steps      []float64 // of the axis
	stepTexts  [][]glyph
	room       float64 // at the left, for the axis or the categories
}

func (p *plot) shape(s string) []glyph {
	return p.d.shape([]document.Span{{Text: s}}, gothic, bold)
}

// prepare shapes the chart's texts and finds its height.
func (p *plot) prepare() {
	p.unit = p.shape(p.c.Unit)
	low, high := 0.0, 0.0
	for _, s := range p.c.Series {
		values, texts := make([]float64, len(p.c.Categories)), make([][]glyph, len(p.c.Categories))
		for i := range p.c.Categories {
			if values[i] = math.NaN(); i < len(s.Values) {
				values[i] = number(s.Values[i])
			}
			if !math.IsNaN(values[i]) {
				low, high = min(low, values[i]), max(high, values[i])
			}
			if i < len(s.Texts) {
				texts[i] = p.shape(s.Texts[i])
			}
		}
		p.values, p.texts, p.names = append(p.values, values), append(p.texts, texts), append(p.names, p.shape(s.Name))
	}
	p.form.prepare(p, low, high)
}

// number reads an exact decimal; NaN where there is none.
func number(s string) float64 {
	if v, err := strconv.ParseFloat(s, 64); err == nil {
		return v
	}
	return math.NaN()
}

// upright prepares a chart whose values rise from an axis below them.
func (p *plot) upright(low, high float64) {
	p.steps = roundSteps(low, high)
	p.height = chartHeight
	for _, v := range p.steps {
		p.stepTexts = append(p.stepTexts, p.shape(axisNumber(v, p.steps)))
		p.room = max(p.room, width(p.stepTexts[len(p.stepTexts)-1], chartSize)+6)
	}
	slot := (p.width - p.room - 20) / float64(len(p.c.Categories))
	for _, c := range p.c.Categories {
		p.categories = append(p.categories, breakLines(p.shape(c), chartSize, slot))
	}
}

// highestSum is the highest of the sums of each category's values.
func (p *plot) highestSum() float64 {
	high := 0.0
	for i := range p.c.Categories {
		sum := 0.0
		for _, s := range p.values {
			if !math.IsNaN(s[i]) {
				sum += s[i]
			}
		}
		high = max(high, sum)
	}
	return high
}

// horizontal prepares a chart of horizontal bars: its height follows from their number.
func (p *plot) horizontal() {
	for _, c := range p.c.Categories {
		ls := breakLines(p.shape(c), chartSize, p.width*0.34)
		p.categories = append(p.categories, ls)
		for _, l := range ls {
			p.room = max(p.room, width(l.g, chartSize)+8)
		}
	}
	p.height = 24 + 8
	for _, ls := range p.categories {
		p.height += barStep(ls)
	}
	for _, v := range p.steps {
		p.stepTexts = append(p.stepTexts, p.shape(axisNumber(v, p.steps)+"%"))
	}
}

func barStep(ls []line) float64 { return max(15, float64(len(ls))*chartSize*1.15+4) }

// lowest lets the axis of a line chart begin above zero where all of its values lie close together; bars never do.
func (p *plot) lowest() float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range p.values {
		for _, v := range s {
			if !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if math.IsInf(low, 0) {
		return 0
	}
	if low > 0 && high-low < low*0.5 {
		return low - (high-low)*0.5
	}
	return min(low, 0)
}

// roundSteps are about five steps of 1, 2 or 5 times a power of ten that hold a range.
func roundSteps(low, high float64) []float64 {
	if !(high > low) {
		high = low + 1
	}
	raw := (high - low) / 5
	base := math.Pow(10, math.Floor(math.Log10(raw)))
	step := base * 10
	for _, m := range []float64{1, 2, 5} {
		if base*m >= raw {
			step = base * m
			break
		}
	}
	var out []float64
	for v := math.Floor(low/step) * step; ; v += step {
		out = append(out, math.Round(v/step)*step)
		if v >= high-step*1e-9 || len(out) > 50 {
			return out
		}
	}
}

// axisNumber writes a number of an axis: commas by three, all steps with the decimals that their distance needs.
func axisNumber(v float64, steps []float64) string {
	places := 0
	if len(steps) > 1 {
		places = max(0, int(math.Ceil(-math.Log10(steps[1]-steps[0])-1e-9)))
	}
	s := strconv.FormatFloat(v, 'f', places, 64)
	whole, fraction, dotted := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + fraction
	}
	return strings.Replace(whole, "-", "−", 1)
}

func (p *plot) draw(y float64) {
	p.form.draw(p, y)
	p.d.setFill(0)
	p.d.setDash()
}

// text draws a text at a point: align −1 begins there, 0 is centred on it, 1 ends there.
func (p *plot) text(g []glyph, x, y float64, align int) {
	w := width(g, chartSize)
	p.d.setFill(0)
	p.d.put(g, x-w*float64(align+1)/2, y, chartSize, 0)
}
