package council

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/warehouse"
)

// Sheets of before November 2026 asked for printed figures, one a row. A figure that rests on the department alone was
// confirmed as it is printed; of one that rests on several departments each confirmed its own cells, and the department
// of the paper the figure. They come back, and count.

// printedLine is a printed figure as a department confirmed it, and how far that is.
type printedLine struct {
	Line
	department string
	figure     brief.Figure
	shared     bool // Subject is what stands in the department's own cells
	round      int  // of asking, of the newest answer
}

// covers reports whether a line is about a cell that stands behind the figure.
func (p printedLine) covers(l Line) bool {
	return slices.ContainsFunc(p.Cells, func(at Place) bool { return slices.Contains(l.Cells, at) })
}

// narrowest are the lines that rest on a cell and on the fewest others: what is said of them is said of the cell.
func narrowest(printed []printedLine, at Place) []printedLine {
	var out []printedLine
	for _, p := range printed {
		switch {
		case !slices.Contains(p.Cells, at) || len(out) > 0 && len(p.Cells) > len(out[0].Cells):
		case len(out) > 0 && len(p.Cells) < len(out[0].Cells):
			out = []printedLine{p}
		default:
			out = append(out, p)
		}
	}
	return out
}

// printed are the printed figures of papers by the department that confirmed them, where a sheet that asked for such
// has come back.
func (c City) printed(
	ctx context.Context, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper, answers given,
) (map[string][]printedLine, error) {
	out := map[string][]printedLine{}
	if !answers.printed(m.ID) {
		return out, nil
	}
	texts, err := cellTexts(ctx, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	for _, p := range papers {
		for _, l := range c.lines(p, c.responsible(p.Item), texts) {
			list := answers.of(l)
			if l.settle(list); len(list) > 0 {
				l.round = list[0].round
			}
			out[l.department] = append(out[l.department], l)
		}
	}
	return out, nil
}

// printedLineOf is a line about a figure of a paper.
func printedLineOf(p brief.ItemPaper, f brief.Figure, department, subject string, cells []Place) printedLine {
	return printedLine{Line: Line{
		Address: f.Address, Record: strings.Trim(p.Item.Name()+"　"+f.Table+"　"+flat(f.Row), "　"), Item: flat(f.Column),
		Subject: subject, Cells: cells, Figures: []brief.Figure{f},
	}, department: department, figure: f}
}

// lines are the printed figures of one paper, by whoever confirmed them.
func (c City) lines(p brief.ItemPaper, owner string, texts map[Place]string) []printedLine {
	var out []printedLine
	// table and department → own cell → the figure that the fewest cells are behind
	narrowest := map[string]map[Place]int{}
	for i, f := range p.Figures {
		if !confirmed(f) {
			continue
		}
		sources, behind := f.Sources(), c.of(f)
		department := owner
		if len(behind) == 1 {
			department = behind[0]
		}
		out = append(out, printedLineOf(p, f, department, f.Text, placesOf(sources)))
		if len(behind) < 2 || f.Table == brief.ProseTable {
			continue
		}
		for _, s := range sources {
			d := c.files[s.Path].department
			if d == "" || d == owner || s.Cell == "" {
				continue
			}
			key, at := f.Table+"|"+d, placeOf(s)
			if narrowest[key] == nil {
				narrowest[key] = map[Place]int{}
			}
			if k, ok := narrowest[key][at]; !ok || len(sources) < len(p.Figures[k].Sources()) {
				narrowest[key][at] = i
			}
		}
	}
	shared := map[int]map[string][]Place{}
	for key, cells := range narrowest {
		_, d, _ := strings.Cut(key, "|")
		for at, i := range cells {
			if shared[i] == nil {
				shared[i] = map[string][]Place{}
			}
			shared[i][d] = append(shared[i][d], at)
		}
	}
	for _, i := range slices.Sorted(maps.Keys(shared)) {
		for _, d := range slices.Sorted(maps.Keys(shared[i])) {
			cells := shared[i][d]
			slices.SortFunc(cells, comparePlaces)
			var own []string
			for _, at := range cells {
				own = append(own, strings.Join(strings.Fields(texts[at]), " "))
			}
			l := printedLineOf(p, p.Figures[i], d, strings.Join(own, "、"), cells)
			l.shared = true
			out = append(out, l)
		}
	}
	return out
}

func placeOf(s brief.Source) Place { return Place{s.Path, s.Sheet, s.Cell} }

func placesOf(sources []brief.Source) []Place {
	var out []Place
	for _, s := range sources {
		if p := placeOf(s); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func comparePlaces(a, b Place) int {
	return cmp.Or(
		strings.Compare(a.Path, b.Path), strings.Compare(a.Sheet, b.Sheet), cmp.Compare(len(a.Cell), len(b.Cell)),
		strings.Compare(a.Cell, b.Cell),
	)
}

func cellTexts(ctx context.Context, db *warehouse.Reader, municipality string) (map[Place]string, error) {
	r, err := db.Query(ctx, `SELECT w.path, coalesce(c.sheet, ''), c.cell, c.text FROM raw.cells AS c
		JOIN meta.workbooks AS w USING (workbook_id)
		WHERE w.municipality = $municipality`, warehouse.Named("municipality", municipality))
	if err != nil {
		return nil, fmt.Errorf("reading cells: %w", err)
	}
	out := map[Place]string{}
	for _, row := range r.Rows {
		out[Place{fmt.Sprint(row[0]), fmt.Sprint(row[1]), fmt.Sprint(row[2])}] = fmt.Sprint(row[3])
	}
	return out, nil
}

// A sheet named so many cells and files of a line; of more it said how many there were.
const cellsShown, filesShown = 4, 2

// manyFiles reports a line of which the sheet only says how many files and cells are behind it.
func (l printedLine) manyFiles() bool {
	names := map[string]bool{}
	for _, p := range l.Cells {
		names[p.Path[strings.LastIndex(p.Path, "/")+1:]] = true
	}
	return len(names) > filesShown
}

// places names the files and the cells of a line.
func (l printedLine) places() (files, cells string) {
	var f, c []string
	for _, p := range l.Cells {
		if name := p.Path[strings.LastIndex(p.Path, "/")+1:]; !slices.Contains(f, name) {
			f = append(f, name)
		}
		if at := strings.Trim(p.Sheet+"!"+p.Cell, "!"); at != "" {
			c = append(c, at)
		}
	}
	if l.manyFiles() {
		return fmt.Sprintf("調査票%d件", len(f)), fmt.Sprintf("%dか所", len(l.Cells))
	}
	if n := len(c) - cellsShown; n > 0 {
		c = append(c[:cellsShown], fmt.Sprintf("ほか%dか所", n))
	}
	return strings.Join(f, "\n"), strings.Join(c, "、")
}
