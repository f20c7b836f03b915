package typeset

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// fragment is the lines of a row that stand on one page.
type fragment struct {
	row, from, to int
	y, h          float64
	again         bool // the head, on a further page
}

// run places the table over as many pages as it needs, repeating its head, and what stands below it.
func (l *tableLayout) run() {
	d := l.f.d
	var page []fragment
	put := func(row, from, to int, again bool) {
		h := l.height(row, from, to)
		page = append(page, fragment{row, from, to, d.y, h, again})
		d.y += h
	}
	turn := func(row, from int) {
		l.draw(page)
		page = nil
		for _, c := range l.cells { // what is left of a cell over this page's end needs room on the next
			if c.rows > 1 && !c.head && c.row <= row && row < c.row+c.rows && (c.row < row || from > 0) {
				l.makeRoom(c, row, from)
			}
		}
		d.newPage(d.sheet)
		for i := range l.head {
			put(i, 0, l.rows[i].lines, true)
		}
		for _, g := range l.groupsAbove(row) {
			put(g, 0, l.rows[g].lines, true)
		}
	}
	for i := range l.head {
		put(i, 0, l.rows[i].lines, false)
	}
	below := min(height(l.below.pieces), d.sheet.depth/3)
	for row := l.head; row < len(l.rows); row++ {
		if l.groupNeedsPage(row, d.y) && len(page) > l.head {
			turn(row, 0)
		}
		for from := 0; ; {
			rest := 0.0
			switch last := len(l.rows) - 1; row {
			case last:
				rest = below
			case last - 1: // a last row does not stand alone
				rest = min(below+l.height(last, 0, l.rows[last].lines), d.sheet.depth/3)
			}
			room := d.sheet.bottom() + slack - d.y
			// nothing but what is repeated stands on the page
			fresh := l.fresh(page) && page[0].y <= topEdge+slack || len(page) == 0 && d.y <= topEdge+slack
			if h := l.height(row, from, l.rows[row].lines); h+rest <= room || fresh && h <= room {
				put(row, from, l.rows[row].lines, false)
				break
			}
			left, fit := l.rows[row].lines-from, int((room-2*padY)/l.lead)
			switch {
			case l.mayPart(row, left, fit, room):
				fit = min(fit, left-2)
				put(row, from, from+fit, false)
				from += fit
			case fresh: // it does not even fit on a page of its own
				fit = max(1, min(fit, left))
				put(row, from, from+fit, false)
				if from += fit; from >= l.rows[row].lines {
					from = l.rows[row].lines
				}
			}
			if from >= l.rows[row].lines {
				break
			}
			turn(row, from)
		}
	}
	l.draw(page)
	l.complete()
	l.placeBelow()
}

// complete fails where a cell has lines that stand on no page.
func (l *tableLayout) complete() {
	for _, c := range l.cells {
		if c.shown < len(c.lines) {
			l.f.d.fail(fmt.Errorf("表「%s」のセル（%d行%d列）の文が、ページに入りきりません", l.t.ID, c.row+1, c.col+1))
		}
	}
}

// placeBelow draws the legend and the notes.
func (l *tableLayout) placeBelow() {
	d := l.f.d
	if len(l.below.pieces) > 0 {
		d.y += underTable
	}
	for _, p := range l.below.pieces {
		if p.gap = 0; p.h > 0 && p.run == nil {
			if d.y+p.h > d.sheet.bottom()+slack {
				d.newPage(d.sheet)
			}
			p.draw(d.y)
			d.y += p.h
		}
	}
}

// fresh reports whether a page holds only a head, and rows repeated from the page before.
func (l *tableLayout) fresh(page []fragment) bool {
	for _, p := range page {
		if p.row >= l.head && !p.again {
			return false
		}
	}
	return len(page) > 0
}

// groupsAbove are the rows that name a row, to be repeated where it begins a page.
func (l *tableLayout) groupsAbove(row int) []int {
	if row >= len(l.rows) || l.rows[row].heads {
		return nil
	}
	last := row - 1
	for last >= l.head && !l.rows[last].heads {
		last--
	}
	first := last
	for first-1 >= l.head && l.rows[first-1].heads {
		first--
	}
	var out []int
	for g := max(first, l.head); g <= last && last >= l.head; g++ {
		out = append(out, g)
	}
	return out
}

// mayPart reports whether a row is parted here: three lines stay and two go over, and the gap that an unparted row
// would leave is large.
func (l *tableLayout) mayPart(row, left, fit int, room float64) bool {
	long := room > l.sheet.depth*0.12 || l.height(row, 0, l.rows[row].lines) > l.sheet.depth*0.5
	return fit >= 3 && left >= 5 && long
}

// groupNeedsPage reports whether rows that a cell joins, or a row that names those below it, begin a page: they fit on
// one and not on the rest of this.
func (l *tableLayout) groupNeedsPage(row int, y float64) bool {
	h, joined := 0.0, l.rows[row].group
	for k := row; k < len(l.rows) && l.rows[k].heads; k++ {
		h += l.height(k, 0, l.rows[k].lines)
		if k+1 < len(l.rows) && !l.rows[k+1].heads {
			h += l.height(k+1, 0, min(l.rows[k+1].lines, 5))
			joined = 2
		}
	}
	for k := row; k < row+l.rows[row].group && !l.rows[row].heads; k++ {
		h += l.height(k, 0, l.rows[k].lines)
	}
	s := l.sheet
	return joined > 1 && y+h > s.bottom()+slack && h < s.depth*0.4
}

// draw draws the fragments of one page: every cell over those of its rows that stand here.
func (l *tableLayout) draw(page []fragment) {
	if len(page) == 0 {
		return
	}
	for _, c := range l.cells {
		var y, h float64
		from, to, again, here := 0, 0, false, false
		for _, p := range page {
			if p.row < c.row || p.row >= c.row+c.rows || p.again != page[0].again && p.again && here {
				continue
			}
			if !here {
				y, here = p.y, true
				from, to = p.from, p.to
			}
			h += p.h
			again = again || p.again
		}
		if here {
			l.frameCell(c, y, h)
			l.textCell(c, y, h, from, to, again)
		}
	}
	l.rules(page)
}

func (l *tableLayout) frameCell(c *cellLayout, y, h float64) {
	d, paint := l.f.d, Both
	x, w := l.x[c.col], l.x[c.col+c.cols]-l.x[c.col]
	switch {
	case c.group:
		d.setFill(zebraGrey)
	case c.head:
		d.setFill(headGrey)
	case l.t.Zebra && (c.row-l.head)%2 == 1:
		d.setFill(zebraGrey)
	default:
		paint = Edge
	}
	d.furniture(func() {
		d.setWidth(innerRule)
		d.rect(x, y, w, h, paint)
	})
}

// textCell draws the lines of a cell that belong on this page. A cell that was shown already and goes on says so.
func (l *tableLayout) textCell(c *cellLayout, y, h float64, from, to int, again bool) {
	lines := c.lines
	switch {
	case again && c.group:
		lines = c.continued
	case again:
	case c.rows == 1:
		lines = lines[min(from, len(lines)):min(to, len(lines))]
		c.shown += len(lines)
	default:
		fit := max(1, int((h-2*padY)/l.lead+0.01))
		lines = lines[min(c.shown, len(lines)):min(c.shown+fit, len(lines))]
		c.shown += len(lines)
	}
	if !again && len(lines) == 0 && c.everDrawn && float64(len(c.continued))*l.lead+2*padY <= h {
		l.f.d.furniture(func() { l.textLines(c, c.continued, y, h) })
		return
	}
	if len(c.spark) > 0 && !again && from == 0 {
		l.f.d.marked(c.element, func() { l.sparkline(c, y, h) })
	}
	if len(lines) == 0 {
		return
	}
	c.everDrawn = true
	if again {
		l.f.d.furniture(func() { l.textLines(c, lines, y, h) })
		return
	}
	l.f.d.marked(c.element, func() { l.textLines(c, lines, y, h) })
}

// sparkline draws a cell's values as a small line, its last value a point.
func (l *tableLayout) sparkline(c *cellLayout, y, h float64) {
	var values []float64
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range c.spark {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			v = math.NaN()
		} else {
			low, high = min(low, v), max(high, v)
		}
		values = append(values, v)
	}
	if math.IsInf(low, 0) {
		return
	}
	l.f.d.text.WriteString(strings.Join(c.spark, ","))
	d := l.f.d
	x, w := l.x[c.col]+2*padX, l.x[c.col+c.cols]-l.x[c.col]-4*padX
	top, tall := y+2*padY, min(h, 2*rowMin)-4*padY
	at := func(i int) (float64, float64) {
		px, py := x+w/2, top+tall/2
		if len(values) > 1 {
			px = x + w*float64(i)/float64(len(values)-1)
		}
		if high > low {
			py = top + tall*(high-values[i])/(high-low)
		}
		return px, py
	}
	d.setStroke(0)
	d.setWidth(0.8)
	last := -1
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if last >= 0 {
			x1, y1 := at(last)
			x2, y2 := at(i)
			d.line(x1, y1, x2, y2)
		}
		last = i
	}
	px, py := at(last)
	d.setFill(0)
	d.circle(px, py, 1.4, Inside)
}

// textLines draws lines in a cell, centred from top to bottom unless the table is of paragraphs. Figures stand one
// character from the right edge where the column is wide enough.
func (l *tableLayout) textLines(c *cellLayout, lines []line, y, h float64) {
	x, w := l.x[c.col], l.x[c.col+c.cols]-l.x[c.col]
	top := y + (h-float64(len(lines))*l.lead)/2
	if l.tall && !c.head && c.rows == 1 {
		top = y + padY
	}
	for k, ln := range lines {
		own, space := width(ln.g, l.size), 0.0
		at := x + padX
		switch c.align {
		case "center":
			if c.head && len(lines) == 1 {
				space = l.spread(ln.g, own, w-2*padX)
			}
			at = x + (w-own-space*float64(len(ln.g)-1))/2
		case "right":
			at = x + w - own - min(l.size, max(padX, (w-own)/2))
		case "decimal":
			at = max(x+padX, x+w-own-min(l.size, max(padX, (w-own)/2))-max(0, l.point[c.col]-behindPoint(ln.g, l.size)))
		default:
			space = justified(ln, l.size, w-2*padX)
		}
		l.f.d.put(ln.g, at, top+float64(k)*l.lead+baseline(l.lead, l.size), l.size, space)
	}
}

// spread is the space between the letters of a short head (均等割付): two to four kanji in a wide cell.
func (l *tableLayout) spread(g []glyph, own, inner float64) float64 {
	if len(g) < 2 || len(g) > 4 || inner < own*1.8 {
		return 0
	}
	for _, c := range g {
		if c.r < 0x3040 || c.r > 0x9FFF {
			return 0
		}
	}
	target := min(inner*0.62, own+float64(len(g)-1)*l.size)
	return max(0, target-own) / float64(len(g)-1)
}

// rules draws the heavier rules: around what stands on the page and above totals.
func (l *tableLayout) rules(page []fragment) {
	d := l.f.d
	left, right := l.x[0], l.x[len(l.x)-1]
	top, last := page[0].y, page[len(page)-1]
	d.furniture(func() {
		d.setWidth(outerRule)
		d.rect(left, top, right-left, last.y+last.h-top, Edge)
		for _, p := range page {
			if r := l.rows[p.row]; r.total && p.from == 0 && (p.row == 0 || !l.rows[p.row-1].total) {
				d.line(left, p.y, right, p.y)
			}
		}
	})
}
