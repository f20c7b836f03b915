package typeset

import (
	"math"

	"kyogikai/pipelines/document"
)

// chartForm is how a kind of chart is prepared, given its lowest and highest value, and drawn.
type chartForm struct {
	prepare func(p *plot, low, high float64)
	draw    func(p *plot, y float64)
	long    bool // its height follows from the number of its categories: it may be parted
}

// chartForms are those of all kinds of charts.
var chartForms = map[string]chartForm{
	document.LineChart: {
		prepare: func(p *plot, _, high float64) { p.upright(p.lowest(), high) }, draw: (*plot).drawLines,
	},
	document.BarChart: {prepare: (*plot).upright, draw: (*plot).drawBars},
	document.StackedChart: {
		prepare: func(p *plot, low, high float64) { p.upright(low, max(high, p.highestSum())) }, draw: (*plot).drawBars,
	},
	document.AttainmentChart: {
		prepare: func(p *plot, _, high float64) {
			p.steps = roundSteps(0, max(high, 100))
			p.horizontal()
		},
		draw: (*plot).drawHorizontal, long: true,
	},
	document.SharesChart: {
		prepare: func(p *plot, _, _ float64) { p.horizontal() }, draw: (*plot).drawHorizontal, long: true,
	},
}

// area is where the values of an upright chart stand.
type area struct{ x, y, w, h, low, high float64 }

func (a area) at(v float64) float64 { return a.y + a.h - (v-a.low)/(a.high-a.low)*a.h }

// axes draws the frame of an upright chart, its steps and its categories. names leaves room at the right for names.
func (p *plot) axes(y, names float64) area {
	d := p.d
	top, legend := y+4, 0.0
	if len(p.unit) > 0 {
		p.text(p.unit, p.left, top+chartSize, -1)
		top += chartSize * 1.4
	}
	if names == 0 && len(p.names) > 1 {
		legend = p.legend(top)
	}
	top += legend + chartSize
	bottom := y + p.height - 4
	deepest := 1
	for _, c := range p.categories {
		deepest = max(deepest, len(c))
	}
	bottom -= float64(deepest)*chartSize*1.2 + 4
	a := area{p.left + p.room, top, p.width - p.room - names, bottom - top, p.steps[0], p.steps[len(p.steps)-1]}
	d.setStroke(gridGrey)
	d.setWidth(gridRule)
	for i, v := range p.steps {
		d.line(a.x, a.at(v), a.x+a.w, a.at(v))
		p.text(p.stepTexts[i], a.x-3, a.at(v)+chartSize*0.36, 1)
	}
	d.setStroke(0)
	d.setWidth(axisRule)
	d.line(a.x, a.y, a.x, a.y+a.h)
	d.line(a.x, a.at(max(a.low, 0)), a.x+a.w, a.at(max(a.low, 0)))
	slot := a.w / float64(len(p.categories))
	for i, c := range p.categories {
		for k, l := range c {
			p.text(l.g, a.x+slot*(float64(i)+0.5), a.y+a.h+chartSize*(1.45+1.2*float64(k)), 0)
		}
	}
	return a
}

// legend names the series beside their fills and returns the height that it takes.
func (p *plot) legend(y float64) float64 {
	x := p.left + p.room
	rows := 1
	for i, name := range p.names {
		w := width(name, chartSize) + 24
		if x+w > p.left+p.width && x > p.left+p.room {
			x = p.left + p.room
			rows++
		}
		base := y + float64(rows)*chartSize*1.3
		p.fill(i, x, base-chartSize*0.75, 12, chartSize*0.8)
		p.text(name, x+15, base, -1)
		x += w
	}
	return float64(rows) * chartSize * 1.4
}

// fills by series: black, 30%, hatched, 60%, white. Each is told from its neighbours on a photocopy.
const fillKinds = 5

func (p *plot) fill(series int, x, y, w, h float64) {
	d := p.d
	if h < 0 {
		y, h = y+h, -h
	}
	d.setWidth(0.4)
	d.setStroke(0)
	grey := [fillKinds]int{40, 200, 255, 128, 255}[series%fillKinds]
	d.setFill(grey)
	d.rect(x, y, w, h, Both)
	if series%fillKinds == 2 {
		p.hatch(x, y, w, h)
	}
}

// hatch draws slanted lines inside a rectangle.
func (p *plot) hatch(x, y, w, h float64) {
	d := p.d
	d.setWidth(0.35)
	const gap = 3.2
	for s := gap; s < w+h; s += gap {
		x1, y1 := x+s, y
		if x1 > x+w {
			x1, y1 = x+w, y+s-w
		}
		x2, y2 := x, y+s
		if y2 > y+h {
			x2, y2 = x+s-h, y+h
		}
		d.line(x1, y1, x2, y2)
	}
}

// drawBars draws bars side by side, or one upon the other, each with its value.
func (p *plot) drawBars(y float64) {
	a := p.axes(y, 0)
	slot := a.w / float64(len(p.categories))
	stacked := p.c.Kind == document.StackedChart
	n := float64(len(p.values))
	if stacked {
		n = 1
	}
	bar := min(slot*0.7/n, 44)
	for i := range p.categories {
		up := max(a.low, 0)
		for k, series := range p.values {
			v := series[i]
			x := a.x + slot*(float64(i)+0.5) - bar*n/2 + bar*float64(k)
			if math.IsNaN(v) { // its text says why there is none
				if !stacked {
					p.text(p.texts[k][i], x+bar/2, a.at(max(a.low, 0))-2.5, 0)
				}
				continue
			}
			if stacked {
				x = a.x + slot*(float64(i)+0.5) - bar/2
				p.fill(k, x, a.at(up+v), bar, a.at(up)-a.at(up+v))
				if h := a.at(up) - a.at(up+v); h > chartSize*1.2 {
					p.onWhite(p.texts[k][i], x+bar/2, a.at(up+v)+h/2+chartSize*0.36)
				}
				up += v
				continue
			}
			p.fill(k, x, a.at(max(v, 0)), bar, math.Abs(a.at(0)-a.at(v)))
			p.text(p.texts[k][i], x+bar/2, a.at(max(v, 0))-2.5, 0)
		}
	}
}

// onWhite draws a text centred on a point, on a white ground: it stands on a fill.
func (p *plot) onWhite(g []glyph, x, y float64) {
	if len(g) == 0 {
		return
	}
	w := width(g, chartSize)
	p.d.setFill(255)
	p.d.rect(x-w/2-1.5, y-chartSize*0.82, w+3, chartSize*1.02, Inside)
	p.text(g, x, y, 0)
}

// drawLines draws a line a series, told apart by dashes and marks, each named at its right end.
func (p *plot) drawLines(y float64) {
	names := 0.0
	if len(p.names) > 1 {
		for _, n := range p.names {
			names = max(names, width(n, chartSize)+8)
		}
	}
	a := p.axes(y, names)
	d := p.d
	slot := a.w / float64(len(p.categories))
	var ends []float64
	for k, series := range p.values {
		d.setWidth(1)
		d.setDash([][]float64{{}, {5, 2.5}, {1.5, 2}, {7, 2, 1.5, 2}}[k%4]...)
		last := -1
		for i, v := range series {
			if math.IsNaN(v) {
				last = -1
				continue
			}
			if last >= 0 {
				d.line(a.x+slot*(float64(last)+0.5), a.at(series[last]), a.x+slot*(float64(i)+0.5), a.at(v))
			}
			last = i
		}
		d.setDash()
		for i, v := range series {
			if math.IsNaN(v) {
				p.text(p.texts[k][i], a.x+slot*(float64(i)+0.5), a.y+a.h-3-float64(k)*chartSize*1.1, 0)
			} else {
				p.point(k, a.x+slot*(float64(i)+0.5), a.at(v))
				p.label(a, k, i, a.x+slot*(float64(i)+0.5))
			}
		}
		if last >= 0 && len(p.names) > 1 {
			at := a.at(series[last]) + chartSize*0.36
			for moved := true; moved; { // names do not overprint
				moved = false
				for _, e := range ends {
					if math.Abs(at-e) < chartSize*1.05 {
						at, moved = e+chartSize*1.1, true
					}
				}
			}
			ends = append(ends, at)
			p.text(p.names[k], a.x+a.w+5, at, -1)
		}
	}
}

// label writes a point's value above it, or below where another series runs close above.
func (p *plot) label(a area, k, i int, x float64) {
	y := a.at(p.values[k][i])
	for other, series := range p.values {
		if other != k && !math.IsNaN(series[i]) && series[i] > p.values[k][i] && y+chartSize*1.5 < a.y+a.h {
			p.text(p.texts[k][i], x, y+chartSize*1.35, 0)
			return
		}
	}
	p.text(p.texts[k][i], x, y-5, 0)
}

func (p *plot) point(k int, x, y float64) {
	d := p.d
	d.setWidth(0.8)
	d.setFill([]int{0, 255, 128, 255}[k%4])
	if k%2 == 0 {
		d.circle(x, y, 2.2, Both)
		return
	}
	d.rect(x-2, y-2, 4, 4, Both)
}

// drawHorizontal draws horizontal bars: attainment with the line at 100%, or the shares of a whole.
func (p *plot) drawHorizontal(y float64) {
	d := p.d
	top := y + 6
	shares := p.c.Kind == document.SharesChart
	if shares {
		top += p.legend(y)
	} else {
		top += chartSize * 1.3
		p.text(p.unit, p.left, top-3, -1)
	}
	x, w := p.left+p.room, p.width-p.room-34
	high := 100.0
	if !shares {
		high = p.steps[len(p.steps)-1]
	}
	bottom := top
	for _, c := range p.categories {
		bottom += barStep(c)
	}
	if !shares {
		d.setStroke(gridGrey)
		d.setWidth(gridRule)
		for i, v := range p.steps {
			d.line(x+w*v/high, top, x+w*v/high, bottom)
			p.text(p.stepTexts[i], x+w*v/high, top-3, 0)
		}
	}
	if !shares { // below the values, which stand on white where they cross it
		d.setStroke(0)
		d.setWidth(1.2)
		d.line(x+w*100/high, top-1, x+w*100/high, bottom)
	}
	at := top
	for i, c := range p.categories {
		step := barStep(c)
		for k, l := range c {
			p.text(l.g, x-4, at+step/2+chartSize*(0.36+1.15*(float64(k)-float64(len(c)-1)/2)), 1)
		}
		from := 0.0
		for k, series := range p.values {
			v := series[i]
			if math.IsNaN(v) {
				p.text(p.texts[k][i], x+w+30, at+step/2+chartSize*0.36, 1)
				continue
			}
			v = max(v, 0)
			p.fill(map[bool]int{true: k, false: 1}[shares], x+w*from/high, at+2, w*v/high, step-4)
			switch {
			case !shares: // the values stand in a column of their own, clear of the line at 100%
				p.text(p.texts[k][i], x+w+30, at+step/2+chartSize*0.36, 1)
			case w*v/high > width(p.texts[k][i], chartSize)+5:
				p.onWhite(p.texts[k][i], x+w*(from+v/2)/high, at+step/2+chartSize*0.36)
			}
			from += v
		}
		at += step
	}
	d.setStroke(0)
	d.setWidth(axisRule)
	d.line(x, top, x, bottom)
}
