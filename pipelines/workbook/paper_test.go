package workbook

import (
	"math"
	"slices"
	"testing"
)

// Columns stand on the smallest paper on which a text of ten points keeps nine; what no paper takes is made narrower,
// and what each column must have is never taken from it.
func TestFitPaper(t *testing.T) {
	cols := func(n int, width, least float64) []IntakeColumn {
		return slices.Repeat([]IntakeColumn{{Width: width, Least: least}}, n)
	}
	for name, c := range map[string]struct {
		columns   []IntakeColumn
		size      int
		landscape bool
		width     float64 // of the first column
		pages     int
	}{
		"A4 upright":                   {cols(1, 113.6, 0), a4, false, 113.6, 1},
		"just too wide for it":         {cols(1, 113.7, 0), a4, true, 113.7, 1},
		"A4 across":                    {cols(2, 82.9, 0), a4, true, 82.9, 1},
		"just too wide for that":       {cols(2, 83, 0), a3, true, 83, 1},
		"A3":                           {cols(2, 119.8, 0), a3, true, 119.8, 1},
		"made narrower":                {cols(2, 130, 100), a3, true, 119.9, 1},
		"made as narrow as it may be":  {cols(2, 160, 119.8), a3, true, 119.9, 1},
		"narrower by three quarters":   {cols(2, 150, 0), a3, true, 119.9, 1},
		"too wide for one page":        {cols(2, 160, 120), a3, true, 120, 2},
		"least more than it is wide":   {cols(2, 20, 30), a4, false, 20, 1},
		"no columns":                   {nil, a4, false, 0, 1},
		"wide and narrow, narrow kept": {append(cols(1, 10, 10), cols(1, 300, 100)...), a3, true, 10, 1},
	} {
		t.Run(name, func(t *testing.T) {
			p, widths, pages := fitPaper(c.columns)
			if p.size != c.size || p.landscape != c.landscape || pages != c.pages {
				t.Errorf("paper %d, across %v, %d pages; want %d, %v, %d", p.size, p.landscape, pages, c.size, c.landscape, c.pages)
			}
			if len(widths) > 0 && math.Abs(widths[0]-c.width) > 0.05 {
				t.Errorf("the first column is %.2f wide, want %.2f", widths[0], c.width)
			}
			sum := 0.0
			for _, w := range widths {
				sum += w
			}
			if sum*charWide*leastSize/bodySize > p.wide*float64(pages)+0.01 {
				t.Errorf("%.1f do not fit", sum)
			}
		})
	}
}
