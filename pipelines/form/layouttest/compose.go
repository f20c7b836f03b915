package layouttest

import (
	"slices"
	"strings"
)

// compose lays out the answers to one form on its sheets.
func (d *draw) compose(l *Layout, form string, m manners) []*Sheet {
	orientation := d.pick("orientation", orientations[form]...)
	if orientation == "transposed" {
		l.transposed = append(l.transposed, form)
	}
	d.list = orientation != "transposed" && orientation != "cards"
	c := d.answers(form, m)
	p := &page{d: d, c: c, m: m, form: form}
	p.title = d.word("title", c.titles)
	blocks := p.cards
	if orientation != "cards" {
		t := d.table(c, m, orientation)
		p.table, p.heads = t, t.heads
		l.Own = append(l.Own, t.own...)
		blocks = p.tables
	} else {
		k := d.cards(c, m)
		p.card, p.heads = k, k.heads
		l.Own = append(l.Own, k.own...)
	}
	p.surround()
	sheets := blocks()
	for i, s := range sheets {
		if len(sheets) > 1 && strings.HasSuffix(s.Name, "年度") {
			s.Name += "（" + itoa(i+1) + "）"
		} else if len(sheets) > 1 {
			s.Name += itoa(i + 1)
		}
	}
	return sheets
}

// page is what stands around the records of a form.
type page struct {
	d     *draw
	c     *content
	m     manners
	form  string
	title string
	table *table
	card  *cards
	heads *headWriter

	titleManner, titleMerging, sheetName, preamble, stamps, legend, tally string
	department, instruction, gap, date, contact                           bool
	offset                                                                [2]int
	yearLine                                                              bool
}

func (p *page) surround() {
	d := p.d
	p.titleManner = d.pick("title", "令和8年度　title", "title（令和8年度）", "two rows", "title")
	p.titleMerging = d.pick("title merging", "none", "merged")
	p.sheetName = d.pick("sheet name", "Sheet1", "調査票", "回答")
	p.preamble = d.pick("preamble", "one cell", "two cells", "one row")
	p.stamps = d.rare(5, "stamp box", "none", "right", "above")
	p.department = d.pick("department line", "stated", "stated", "none") == "stated"
	p.instruction = d.rare(4, "instruction", "none", "given") == "given"
	p.gap = d.pick("gap above table", "none", "blank row") == "blank row"
	p.date = d.rare(5, "date", "none", "given") == "given"
	p.contact = d.rare(5, "contact", "none", "given") == "given"
	switch d.pick("offset", "0 0", "0 0", "1 1", "3 2") {
	case "1 1":
		p.offset = [2]int{1, 1}
	case "3 2":
		p.offset = [2]int{3, 2}
	}
	if p.c.yearElsewhere {
		p.statedYear()
	}
	if p.form == "B" {
		p.legend = d.pick("legend", "none", "none", "above", "below")
		p.tally = d.pick("B tally", "none", "none", "above", "below", "beside")
	}
}

// statedYear says the year that no head names where it was drawn to stand.
func (p *page) statedYear() {
	where := p.d.chosen("B year")
	switch where {
	case "title":
		p.titleManner = "令和8年度　title"
	case "line", "sheet name", "folder":
		p.titleManner = "title"
	}
	if where == "sheet name" {
		p.sheetName = "令和" + itoa(p.m.year-beforeReiwa) + "年度"
	}
	p.yearLine = where == "line"
}

// tables lays out the records as one list or several.
func (p *page) tables() []*Sheet {
	t, entries := p.table, p.c.entries
	if a := p.c.heading(); a != nil {
		body := newGrid()
		row, number, parts := 0, 1, split(entries, a)
		for i, part := range parts {
			body.put(row, 0, p.c.stated(a, part, "："))
			block := t.build(part, number, i == len(parts)-1)
			body.stamp(row+1, 0, block)
			rows, _ := block.size()
			row, number = row+rows+2, number+len(part)
		}
		return []*Sheet{p.sheet(body)}
	}
	half := (len(entries) + 1) / 2
	how := p.d.pick("tables", "one", "one", "one", "two below", "side by side", "two sheets")
	if half == len(entries) || how == "two sheets" && p.alone() {
		how = "one"
	}
	firstHalf := t.build(entries[:half], 1, false)
	switch how {
	case "one":
		return []*Sheet{p.sheet(t.build(entries, 1, true))}
	case "two sheets":
		rest := t.build(entries[half:], half+1, true)
		return []*Sheet{p.sheetOf(firstHalf, entries[:half]), p.sheetOf(rest, entries[half:])}
	case "side by side":
		_, cols := firstHalf.size()
		firstHalf.stamp(0, cols+1, t.build(entries[half:], half+1, true))
	default:
		rows, _ := firstHalf.size()
		firstHalf.text(rows+1, 0, "（続き）")
		firstHalf.stamp(rows+2, 0, t.build(entries[half:], half+1, true))
	}
	return []*Sheet{p.sheet(firstHalf)}
}

// alone reports whether the workbook must have one sheet.
func (p *page) alone() bool {
	return p.d.part != "" || strings.HasPrefix(p.d.chosen("format"), "csv") ||
		strings.HasPrefix(p.d.chosen("forms"), "two in")
}

// heading is the attribute that stands as a heading before each block of records.
func (c *content) heading() *attr {
	i := slices.IndexFunc(c.attrs, func(a attr) bool { return a.place == "heading" })
	if i < 0 {
		return nil
	}
	return &c.attrs[i]
}

// split parts records where an attribute changes.
func split(entries []entry, a *attr) [][]entry {
	var parts [][]entry
	for i := range entries {
		if i == 0 || entries[i].text[a.field] != entries[i-1].text[a.field] {
			parts = append(parts, nil)
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], entries[i])
	}
	return parts
}

// cards lays out each record by itself.
func (p *page) cards() []*Sheet {
	per := p.d.pick("cards per", "stack", "stack", "sheet", "side by side")
	if p.alone() && per == "sheet" {
		per = "stack"
	}
	entries := p.c.entries
	if per == "sheet" {
		var sheets []*Sheet
		for i := range entries {
			body := newGrid()
			row := 0
			if a := p.c.heading(); a != nil {
				body.put(0, 0, p.c.stated(a, entries[i:i+1], "："))
				row = 1
			}
			body.stamp(row, 0, p.card.one(&entries[i], i+1))
			sheets = append(sheets, p.sheetOf(body, entries[i:i+1]))
		}
		return sheets
	}
	body := newGrid()
	row := 0
	parts := [][]entry{entries}
	a := p.c.heading()
	if a != nil {
		parts = split(entries, a)
	}
	number := 1
	for _, part := range parts {
		if a != nil {
			body.put(row, 0, p.c.stated(a, part, "："))
			row++
		}
		across := 1
		if per == "side by side" {
			across = 2
		}
		for i := 0; i < len(part); i += across {
			deepest, col := 0, 0
			for j := i; j < min(i+across, len(part)); j++ {
				card := p.card.one(&part[j], number)
				number++
				rows, cols := card.size()
				body.stamp(row, col, card)
				deepest, col = max(deepest, rows), col+cols+1
			}
			row += deepest + 1
		}
	}
	return []*Sheet{p.sheet(body)}
}

func (p *page) sheet(body *grid) *Sheet { return p.sheetOf(body, p.c.entries) }

// sheetOf puts what stands around the records above and below them; entries are those of the sheet.
func (p *page) sheetOf(body *grid, entries []entry) *Sheet {
	g := newGrid()
	_, cols := body.size()
	row := p.above(g, entries, cols)
	if p.tally == "above" {
		row = p.stampTally(g, row, 0, entries)
	}
	if p.unitAbove() != nil {
		g.put(row, max(cols-1, 0), *p.unitAbove())
		row++
	}
	g.stamp(row, 0, body)
	if p.tally == "beside" {
		p.stampTally(g, row, cols+1, entries)
	}
	rows, _ := body.size()
	p.below(g, row+rows, entries)
	s := &Sheet{Name: p.sheetName, grid: *newGrid()}
	s.stamp(p.offset[0], p.offset[1], g)
	return s
}

// above writes what stands above the records, and returns the first row below.
func (p *page) above(g *grid, entries []entry, cols int) int {
	row := 0
	if p.stamps == "above" {
		p.stampBox(g, 0, max(cols-3, 2))
		row = 2
	}
	if p.date {
		g.text(row, max(cols-1, 1), "令和8年5月12日")
		row++
	}
	year := "令和" + itoa(p.m.year-beforeReiwa) + "年度"
	titleRow := row
	switch p.titleManner {
	case "令和8年度　title":
		g.text(row, 0, year+"　"+p.title)
	case "title（令和8年度）":
		g.text(row, 0, p.title+"（"+year+"）")
	case "two rows":
		g.text(row, 0, p.title)
		row++
		g.text(row, 0, year)
	default:
		g.text(row, 0, p.title)
	}
	if p.titleMerging == "merged" && p.stamps != "right" {
		g.merge(titleRow, 0, titleRow, cols-1)
	}
	if p.stamps == "right" {
		p.stampBox(g, titleRow, max(cols-3, 3))
		row++
	}
	row++
	row = p.preambleLines(g, row, entries)
	if p.instruction {
		g.text(row, 0, "※着色されたセルには記入しないでください。")
		row++
	}
	if p.legend == "above" {
		g.text(row, 0, legendText)
		row++
	}
	if p.gap {
		row++
	}
	return row
}

const legendText = "※　◎：計画を上回って進んだ　○：計画どおり進んだ　△：一部の取組が遅れた　▲：全体的に取組が遅れた　×：未実施"

// stampBox is where superiors put their seals.
func (p *page) stampBox(g *grid, row, col int) {
	for i, who := range []string{"部長", "課長", "係長"} {
		g.text(row, col+i, who)
	}
}

// preambleLines are what is said once for all records: who answers, and the attributes that they share.
func (p *page) preambleLines(g *grid, row int, entries []entry) int {
	type line struct {
		label string
		cell  Cell
	}
	var lines []line
	if p.department {
		lines = append(lines, line{p.d.word("sender", senders), Cell{Text: "総務部　総務課"}})
	}
	if p.yearLine {
		lines = append(lines, line{"年度", Cell{Text: "令和" + itoa(p.m.year-beforeReiwa) + "年度"}})
	}
	for i := range p.c.attrs {
		if a := &p.c.attrs[i]; a.place == "preamble" {
			cell := p.c.stated(a, entries, "")
			cell.Text = entries[0].text[a.field]
			lines = append(lines, line{a.head, cell})
		}
	}
	for i, l := range lines {
		switch p.preamble {
		case "two cells":
			g.text(row+i, 0, l.label)
			g.put(row+i, 1, l.cell)
		case "one row":
			g.text(row, 2*i, l.label)
			g.put(row, 2*i+1, l.cell)
		default:
			l.cell.Text = l.label + "：" + l.cell.Text
			g.put(row+i, 0, l.cell)
		}
	}
	if p.preamble == "one row" && len(lines) > 0 {
		return row + 1
	}
	return row + len(lines)
}

// unitAbove is the line above a table that says in what all of it is counted; nil for none.
func (p *page) unitAbove() *Cell {
	i := slices.IndexFunc(p.c.attrs, func(a attr) bool { return a.place == "above" })
	if i < 0 {
		return nil
	}
	cell := Cell{Text: "（単位：" + p.c.entries[0].unit + "）"}
	for k := range p.c.entries {
		cell.marks = append(cell.marks, p.c.saying(&p.c.entries[k], &p.c.attrs[i])...)
	}
	return &cell
}

// stampTally writes how many records have which symbol, and returns the first row below.
func (p *page) stampTally(g *grid, row, col int, entries []entry) int {
	symbols := []string{"◎", "○", "△", "▲", "×"}
	g.text(row, col, "区分")
	for i, s := range symbols {
		g.text(row, col+1+i, s)
	}
	g.text(row, col+1+len(symbols), "計")
	row++
	for _, scope := range p.c.scopes {
		label := "推進期間全体進捗"
		if scope != whole {
			label = spelled(scope, "令和8年度") + "進捗"
		}
		g.text(row, col, label)
		sum := 0
		for i, s := range symbols {
			n := 0
			for _, e := range entries {
				if e.values["progress"][scope] == s && e.also["initiative"][1] != "true" && e.value["relisted"] == "" {
					n++
				}
			}
			sum += n
			g.put(row, col+1+i, Cell{Text: itoa(n), Number: itoa(n)})
		}
		g.put(row, col+1+len(symbols), Cell{Text: itoa(sum), Number: itoa(sum)})
		row++
	}
	return row
}

// below writes what stands below the records.
func (p *page) below(g *grid, row int, entries []entry) {
	row++
	if p.tally == "below" {
		row = p.stampTally(g, row, 0, entries) + 1
	}
	for _, note := range p.heads.notes {
		g.text(row, 0, note)
		row++
	}
	if p.legend == "below" {
		g.text(row, 0, legendText)
		row++
	}
	if p.contact {
		g.text(row, 0, "担当：総務係　山田（内線2101）")
	}
}
