package workbook

import (
	"math"

	"github.com/xuri/excelize/v2"
)

// paper is what a sheet is printed on.
type paper struct {
	size      int // by Excel's numbers
	landscape bool
	wide      float64 // points between the margins
}

const (
	a4, a3 = 9, 8
	// charWide is the points of a unit of a column's width: a digit of the usual font, seven pixels.
	charWide = 5.25
	// bodySize is the size of what stands in cells, leastSize what it may shrink to in print, in points.
	bodySize, leastSize = 10.0, 9.0
	marginInches        = 0.4
)

// papers are those of offices, in the order in which they are tried. 210, 297 and 420 millimetres less the margins.
var papers = []paper{{a4, false, 537}, {a4, true, 784}, {a3, true, 1133}}

// takes is how wide columns may be altogether, in their own units, for a text of the least size.
func (p paper) takes() float64 { return p.wide / charWide * bodySize / leastSize }

// fitPaper chooses the smallest paper on which columns stand one page wide. Where none takes them, they are made
// narrower, down to what each must have; where that is not enough either, they take several pages.
func fitPaper(columns []IntakeColumn) (p paper, widths []float64, pages int) {
	natural, least := 0.0, 0.0
	for _, c := range columns {
		widths = append(widths, c.Width)
		natural += c.Width
		least += c.least()
	}
	for _, p := range papers {
		if natural <= p.takes() {
			return p, widths, 1
		}
	}
	p = papers[len(papers)-1]
	room := max(0, p.takes()-least)
	for j, c := range columns {
		if widths[j] = c.least(); natural > least {
			widths[j] += (c.Width - c.least()) * room / (natural - least)
		}
	}
	return p, widths, max(1, int(math.Ceil(least/p.takes())))
}

// least is what a column must have.
func (c IntakeColumn) least() float64 {
	if c.Least > 0 {
		return min(c.Least, c.Width)
	}
	const usual = 0.75
	return c.Width * usual
}

// printOn sets the paper, its margins, and the number of each page.
func (w *sheetWriter) printOn(p paper, pages int) {
	tall, orientation, margin := 0, "portrait", marginInches
	if p.landscape {
		orientation = "landscape"
	}
	w.do(w.f.SetPageLayout(w.sheet, &excelize.PageLayoutOptions{
		Size: &p.size, Orientation: &orientation, FitToWidth: &pages, FitToHeight: &tall,
	}))
	w.do(w.f.SetPageMargins(w.sheet, &excelize.PageLayoutMarginsOptions{
		Left: &margin, Right: &margin, Top: &margin, Bottom: &margin,
	}))
	w.do(w.f.SetHeaderFooter(w.sheet, &excelize.HeaderFooterOptions{OddFooter: "&C&P／&N"}))
}
