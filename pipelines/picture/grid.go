package picture

import (
	"fmt"
	"strings"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// How much is drawn. What is left out is said, with what it was taken for.
const (
	mostRows  = 2_000
	mostCols  = 200
	mostDrawn = 48 << 20 // bytes of all sheets of a page
)

// Widths of columns in characters.
const (
	narrowest = 3
	widest    = 20
)

// grid is the part of a sheet that is drawn.
type grid struct {
	*workbook.Sheet
	number     int // of the sheet, 1-based
	rows, cols int
	spans      map[[2]int][2]int // rows and columns of a merged range, by its first cell
	under      map[[2]int]bool   // cells under a merged range
	framed     map[[2]int][]numbered
}

func (p *painter) newGrid(i int) *grid {
	s := p.Grid.Sheets[i]
	g := &grid{
		Sheet: s, number: i + 1, rows: s.Rows, cols: s.Cols,
		spans: map[[2]int][2]int{}, under: map[[2]int]bool{}, framed: map[[2]int][]numbered{},
	}
	for _, f := range p.found { // what is missing may be missing beyond all that is there
		if row, col, ok := placeOf(f.Cell); ok && f.Sheet == s.Name && row < mostRows && col < mostCols {
			g.rows, g.cols = max(g.rows, row+1), max(g.cols, col+1)
		}
	}
	g.rows, g.cols = min(g.rows, mostRows), min(g.cols, mostCols)
	for _, m := range s.Merges {
		p.merge(g, m)
	}
	for _, f := range p.found {
		if row, col, ok := placeOf(f.Cell); ok && f.Sheet == s.Name && row < g.rows && col < g.cols {
			row, col = s.Origin(row, col)
			g.framed[[2]int{row, col}] = append(g.framed[[2]int{row, col}], f)
		}
	}
	return g
}

// merge makes one cell of a merged range, as far as it is drawn. One that crosses another is none.
func (p *painter) merge(g *grid, m workbook.Range) {
	m.Bottom, m.Right = min(m.Bottom, g.rows-1), min(m.Right, g.cols-1)
	for i := m.Top; i <= m.Bottom; i++ {
		for j := m.Left; j <= m.Right; j++ {
			_, first := g.spans[[2]int{i, j}]
			if row, col := g.Origin(i, j); first || g.under[[2]int{i, j}] || row != m.Top || col != m.Left {
				return
			}
		}
	}
	if m.Top > m.Bottom || m.Left > m.Right {
		return
	}
	first := cellID(g.number, g.Ref(m.Top, m.Left))
	for i := m.Top; i <= m.Bottom; i++ {
		for j := m.Left; j <= m.Right; j++ {
			if i != m.Top || j != m.Left {
				g.under[[2]int{i, j}] = true
				p.at[cellID(g.number, g.Ref(i, j))] = first
			}
		}
	}
	g.spans[[2]int{m.Top, m.Left}] = [2]int{m.Bottom - m.Top + 1, m.Right - m.Left + 1}
}

// column is the letter of a column.
func (g *grid) column(col int) string { return strings.TrimSuffix(g.Ref(0, col), "1") }

// table draws the grid, as many of its rows as there is room for.
func (p *painter) table(g *grid) string {
	var b strings.Builder
	rows := 0
	for ; rows < g.rows && p.drawn < mostDrawn; rows++ {
		before := b.Len()
		p.row(&b, g, rows)
		p.drawn += b.Len() - before
	}
	g.rows = rows
	if rows == 0 {
		return ""
	}
	var head strings.Builder
	fmt.Fprintf(
		&head, "<div class=\"grid\" tabindex=\"0\" role=\"region\" aria-label=\"シート「%s」\">\n<table class=\"sheet\">\n"+
			"<caption>%s列から%s列まで、1行から%d行まで</caption>\n<colgroup>\n<col class=\"edge\"/>",
		esc(g.Name), g.column(0), g.column(g.cols-1), rows,
	)
	for j := range g.cols {
		fmt.Fprintf(&head, "<col class=\"w%d\"/>", g.width(j))
	}
	head.WriteString("\n</colgroup>\n<thead>\n<tr><td class=\"corner\"></td>")
	for j := range g.cols {
		head.WriteString(edge("col", g.column(j), g.HiddenCols[j]))
	}
	head.WriteString("</tr>\n</thead>\n<tbody>\n")
	return head.String() + b.String() + "</tbody>\n</table>\n</div>\n"
}

// edge is a column's letter or a row's number.
func edge(scope, name string, hidden bool) string {
	if hidden {
		return "<th scope=\"" + scope + "\" class=\"off\">" + name + "<small>非表示</small></th>"
	}
	return "<th scope=\"" + scope + "\">" + name + "</th>"
}

// width is how wide a column is: as its longest line, between two limits.
func (g *grid) width(col int) int {
	most := 0
	for i := range g.rows {
		if g.under[[2]int{i, col}] || g.spans[[2]int{i, col}][1] > 1 {
			continue
		}
		for _, line := range strings.Split(g.At(i, col).Text, "\n") {
			half := 0
			for _, r := range line {
				half++
				if r > 0x7F {
					half++
				}
				if half > 2*widest {
					break
				}
			}
			most = max(most, half)
		}
	}
	return min(max(most/2+3, narrowest), widest) // with room for the mark
}

func (p *painter) row(b *strings.Builder, g *grid, i int) {
	b.WriteString("<tr>" + edge("row", fmt.Sprint(i+1), g.HiddenRows[i]))
	for j := range g.cols {
		if !g.under[[2]int{i, j}] {
			p.cell(b, g, i, j)
		}
	}
	b.WriteString("</tr>\n")
}

func (p *painter) cell(b *strings.Builder, g *grid, i, j int) {
	ref := g.Ref(i, j)
	c, framed := g.At(i, j), g.framed[[2]int{i, j}]
	claimed, uses := p.claimed[g.Name][ref], p.uses[g.Name][ref]
	kind := claimOf(claimed.Claim)
	var classes []string
	if kind.claim != "" {
		classes = append(classes, kind.class())
	}
	if len(framed) > 0 {
		classes = append(classes, "f-"+framed[0].Severity)
	}
	if c.Kind == workbook.Number || c.Value != "" {
		classes = append(classes, "n")
	}
	if isShort(c.Text) {
		classes = append(classes, "s")
	}
	if g.HiddenRows[i] || g.HiddenCols[j] {
		classes = append(classes, "off")
	}
	b.WriteString("<td")
	if !c.Blank() || len(framed) > 0 || kind.claim != "" || len(uses) > 0 {
		id := cellID(g.number, ref)
		p.linked[id] = true
		b.WriteString(" id=\"" + id + "\"")
	}
	attribute(b, "class", strings.Join(classes, " "))
	if span, ok := g.spans[[2]int{i, j}]; ok {
		number(b, "rowspan", span[0])
		number(b, "colspan", span[1])
	}
	attribute(b, "title", p.hover(kind, c, claimed, uses))
	b.WriteString(">")
	if kind.mark != "" {
		b.WriteString("<small>" + kind.mark + "</small>")
	}
	b.WriteString(seen(c))
	for _, f := range framed {
		fmt.Fprintf(b, "<a class=\"flag\" href=\"#f%d\">%s%d</a>", f.n, gravityOf(f.Severity).mark, f.n)
	}
	b.WriteString("</td>")
}

// isShort reports a figure or a code, which no line break may tear apart.
func isShort(text string) bool {
	const most = 10
	return text != "" && len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// seen is what the author sees in a cell.
func seen(c workbook.Cell) string {
	if c.Kind == workbook.Uncached && c.Text == "" {
		return "<em>計算結果なし</em>"
	}
	return esc(shorten(strings.TrimRight(c.Text, " \r\n\t"), longestCell))
}

func attribute(b *strings.Builder, name, value string) {
	if value != "" {
		b.WriteString(" " + name + "=\"" + esc(value) + "\"")
	}
}

func number(b *strings.Builder, name string, n int) {
	if n > 1 {
		fmt.Fprintf(b, " %s=\"%d\"", name, n)
	}
}

// hover is what a cell tells of itself when it is pointed at.
func (p *painter) hover(kind claim, c workbook.Cell, claimed record.Cell, uses []use) string {
	var lines []string
	if kind.claim != "" {
		lines = append(lines, kind.word)
	}
	for k, u := range uses {
		if k == 3 {
			lines = append(lines, fmt.Sprintf("ほか%d件の値", len(uses)-k))
			break
		}
		lines = append(lines, p.describe(u).lines()...)
	}
	if len(uses) == 0 && claimed.Record > 0 && claimed.Record <= len(p.Read.Records) {
		r := &p.Read.Records[claimed.Record-1]
		lines = append(lines, fmt.Sprintf("記録%d：%s", claimed.Record, recordName(r)))
		if claimed.Field != "" {
			lines = append(lines, "項目："+p.word(r, claimed.Field))
		}
	}
	if c.Formula != "" {
		lines = append(lines, "計算式：="+shorten(c.Formula, longestQuote))
	}
	return strings.Join(lines, "\n")
}

// leftOut says what of a sheet is not drawn, "" where all is.
func (p *painter) leftOut(g *grid) string {
	n, counts := 0, map[string]int{}
	g.Each(func(row, col int, c workbook.Cell) {
		if !c.Blank() && (row >= g.rows || col >= g.cols) {
			n++
			counts[p.claimed[g.Name][g.Ref(row, col)].Claim]++
		}
	})
	if g.rows >= g.Rows && g.cols >= g.Cols {
		return ""
	}
	text := fmt.Sprintf("このシートは%s行%s列あり、", thousands(g.Rows), thousands(g.Cols))
	if g.rows == 0 {
		text += "図が大きくなりすぎるので、示していません。"
	} else {
		text += fmt.Sprintf("%s行%s列までを示しています。", thousands(g.rows), thousands(g.cols))
	}
	if n == 0 {
		return text + "残りに記載はありません。"
	}
	return text + fmt.Sprintf("残りに、記載のあるセルが%s個あります（%s）。", thousands(n), Tally(counts))
}

// Tally lists counts of claims in words.
func Tally(counts map[string]int) string {
	var parts []string
	for _, c := range append(claims[:len(claims):len(claims)], unclaimed) {
		if n := counts[c.claim]; n > 0 {
			parts = append(parts, c.word+thousands(n))
		}
	}
	return strings.Join(parts, "、")
}
