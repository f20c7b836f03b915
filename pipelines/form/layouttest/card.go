package layouttest

import "slices"

// cards lays out each record by itself, as labels with what they label beside or below them, and its years as a small
// table.
type cards struct {
	d       *draw
	c       *content
	m       manners
	heads   *headWriter
	fields  []*attr
	own     []string
	labels  string // left, left in pairs, above
	heading string
	years   string // across, down or in labels
	corner  string
	gap     bool
	merged  bool
	scopes  []int
}

func (d *draw) cards(c *content, m manners) *cards {
	k := &cards{d: d, c: c, m: m}
	manner := d.pick("head text", "plain", "plain", "spaced", "circled numbers")
	k.heads = &headWriter{manner: manner, known: map[string]string{}}
	k.labels = d.pick("card labels", "left", "left in pairs", "above")
	k.heading = d.pick("card heading", "none", "個票", "№", "（1）", "【1】")
	k.years = d.pick("card table", "across", "down", "in labels")
	k.corner = d.pick("card table corner", "年度", "", "区分")
	if c.yearElsewhere || m.years == "年度の数字" {
		k.corner = "年度"
	}
	k.gap = d.pick("card table gap", "none", "blank row") != "none"
	k.merged = d.pick("card merges", "none", "values merged") != "none"
	k.scopes = slices.Clone(c.scopes)
	if d.pick("year order", "ascending", "ascending", "descending") == "descending" {
		slices.Reverse(k.scopes)
	}
	for i := range c.attrs {
		if c.attrs[i].place == "column" {
			k.fields = append(k.fields, &c.attrs[i])
		}
	}
	if d.pick("card order", "usual", "name first") == "name first" {
		slices.SortStableFunc(k.fields, func(a, b *attr) int { return first(b) - first(a) })
	}
	if own := d.ownColumn(); own != "" {
		k.own = append(k.own, own)
	}
	return k
}

func first(a *attr) int {
	if a.name {
		return 1
	}
	return 0
}

// one lays out one record.
func (k *cards) one(e *entry, number int) *grid {
	g := newGrid()
	row := 0
	if k.heading != "none" {
		text := k.heading + itoa(number)
		if k.heading == "（1）" || k.heading == "【1】" {
			r := []rune(k.heading)
			text = string(r[0]) + itoa(number) + string(r[2])
		}
		g.text(0, 0, text)
		row++
	}
	tail := map[string]string{"A": "remarks", "B": "narrative"}[k.c.form]
	var main, after []labelled
	for _, a := range k.fields {
		l := labelled{k.heads.write(a.head, false), k.c.attrCell(e, a)}
		if a.field == tail {
			after = append(after, l)
		} else {
			main = append(main, l)
		}
	}
	for _, own := range k.own {
		after = append(after, labelled{own, Cell{Text: ownText(own, number)}})
	}
	if k.years == "in labels" {
		main = append(main, k.labelledValues(e)...)
	}
	row = k.put(g, row, main)
	if k.years != "in labels" && len(k.c.measures) > 0 {
		if k.gap {
			row++
		}
		row = k.small(g, row, e)
	}
	k.put(g, row, after)
	return g
}

// labelled is a label and what it labels.
type labelled struct {
	label string
	cell  Cell
}

// labelledValues are the values of the years with a label each.
func (k *cards) labelledValues(e *entry) []labelled {
	t := table{d: k.d, m: k.m, heads: k.heads, oneCell: "{y}{w}"}
	var out []labelled
	for _, m := range k.c.measures {
		for _, scope := range k.scopes {
			if k.c.has(m, scope) {
				out = append(out, labelled{t.oneCellHead(m, scope), k.c.valueCell(e, m, scope)})
			}
		}
	}
	return out
}

// put writes labels with what they label, and returns the first row below.
func (k *cards) put(g *grid, row int, all []labelled) int {
	switch k.labels {
	case "above":
		const across = 4
		for part := range slices.Chunk(all, across) {
			for col, l := range part {
				g.text(row, col, l.label)
				g.put(row+1, col, l.cell)
			}
			row += 2
		}
	case "left in pairs":
		for part := range slices.Chunk(all, 2) {
			for i, l := range part {
				col := 3 * i
				g.text(row, col, l.label)
				g.put(row, col+1, l.cell)
				if k.merged {
					g.merge(row, col+1, row, col+2)
				}
			}
			row++
		}
	default:
		for _, l := range all {
			g.text(row, 0, l.label)
			g.put(row, 1, l.cell)
			if k.merged {
				g.merge(row, 1, row, 3)
			}
			row++
		}
	}
	return row
}

// small is the table of a card's years. A year that no measure is asked for has no line.
func (k *cards) small(g *grid, row int, e *entry) int {
	t := table{d: k.d, m: k.m}
	small := newGrid()
	small.text(0, 0, k.corner)
	for i, scope := range k.scopes {
		small.put(0, i+1, t.scopeCell(scope))
	}
	for j, m := range k.c.measures {
		small.text(j+1, 0, k.heads.write(m.head, true))
		for i, scope := range k.scopes {
			if k.c.has(m, scope) {
				small.put(j+1, i+1, k.c.valueCell(e, m, scope))
			}
		}
	}
	if k.years == "down" {
		small = small.flip()
	}
	g.stamp(row, 0, small)
	rows := 1 + len(k.c.measures)
	if k.years == "down" {
		rows = 1 + len(k.scopes)
	}
	return row + rows
}
