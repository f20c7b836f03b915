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
	if len(c.Categories) == 0 || len(c.Series) == 0 {
		return
	}
	if c.Caption != "" {
		f.lines(f.in.add("P", ""), f.d.shape([]document.Span{{Text: c.Caption}}, gothic, bold), textStyle{size: bodySize, lead: leading, gap: leading * 0.3, keep: true})
	}
	parts := f.chartParts(c)
	for k, part := range parts {
		e := f.in.add("Figure", "")
		e.Alt = alternative(part)
		p := &plot{d: f.d, c: part, left: f.sheet.left, width: f.sheet.content}
		p.prepare()
		f.add(piece{h: p.height + 4, keep: len(c.Notes) > 0 && k == len(parts)-1, draw: func(y float64) {
			f.d.stands(c.ID, 0)
			f.d.marked(e, func() { p.draw(y) })
		}})
	}
	below := f.part(f.in)
	for _, n := range c.Notes {
		below.hanging("", []document.Span{{Text: n}}, 0.5, noteSize, noteLeading)
	}
	for i := range below.pieces {
		below.pieces[i].keep = i < len(below.pieces)-1
	}
	f.pieces = append(f.pieces, below.pieces...)
	f.add(piece{h: afterTable})
}

// chartParts parts a chart of lying bars that is longer than a page.
func (f *flow) chartParts(c *document.Chart) []*document.Chart {
	if c.Kind != document.AttainmentChart && c.Kind != document.SharesChart {
		return []*document.Chart{c}
	}
	var out []*document.Chart
	room := f.sheet.depth*0.8 - 32
	for first := 0; first < len(c.Categories); {
		h, last := 0.0, first
		for last < len(c.Categories) {
			step := barStep(breakLines(f.d.shape([]document.Span{{Text: c.Categories[last]}}, gothic, bold), chartSize, f.sheet.content*0.34))
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
			s.Values, s.Texts = s.Values[first:min(last, len(s.Values))], s.Texts[first:min(last, len(s.Texts))]
			part.Series = append(part.Series, s)
		}
		out = append(out, &part)
		first = last
	}
	return out
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

func (p *plot) prepare() {
	p.unit = p.shape(p.c.Unit)
	low, high := 0.0, 0.0
	sums := make([]float64, len(p.c.Categories))
	for _, s := range p.c.Series {
		var values []float64
		var texts [][]glyph
		for i := range p.c.Categories {
			v := math.NaN()
			if i < len(s.Values) && s.Values[i] != "" {
				if x, err := strconv.ParseFloat(s.Values[i], 64); err == nil {
					v = x
					low, high = min(low, v), max(high, v)
					sums[i] += v
				}
			}
			values = append(values, v)
			text := ""
			if i < len(s.Texts) {
				text = s.Texts[i]
			}
			texts = append(texts, p.shape(text))
		}
		p.values, p.texts, p.names = append(p.values, values), append(p.texts, texts), append(p.names, p.shape(s.Name))
	}
	if p.c.Kind == document.StackedChart {
		for _, s := range sums {
			high = max(high, s)
		}
	}
	switch p.c.Kind {
	case document.AttainmentChart:
		p.steps = roundSteps(0, max(high, 100))
		p.lying()
	case document.SharesChart:
		p.lying()
	default:
		if p.c.Kind == document.LineChart {
			low = p.lowest()
		}
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
}

// lying prepares a chart of lying bars: its height follows from their number.
func (p *plot) lying() {
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
	switch p.c.Kind {
	case document.LineChart:
		p.drawLines(y)
	case document.AttainmentChart, document.SharesChart:
		p.drawLying(y)
	default:
		p.drawBars(y)
	}
	p.d.setFill(0)
	p.d.setDash()
}

// text draws a text at a point: align −1 begins there, 0 is centred on it, 1 ends there.
func (p *plot) text(g []glyph, x, y float64, align int) {
	w := width(g, chartSize)
	p.d.setFill(0)
	p.d.put(g, x-w*float64(align+1)/2, y, chartSize, 0)
}
