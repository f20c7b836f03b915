// Package webpage writes document trees as accessible HTML: the same words and figures as the PDF, for pasting into
// Word.
package webpage

import (
	"fmt"
	"html"
	"strings"

	"kyogikai/pipelines/document"
)

const style = "" +
	`body{font-family:"BIZ UDMincho","Yu Mincho",serif;max-width:46em;margin:2em auto;line-height:1.6}` + "\n" +
	`h1,h2,h3,th,figcaption{font-family:"BIZ UDGothic","Yu Gothic",sans-serif}h1{font-size:1.3em;text-align:center}` +
	`h2,h3,h4,h5{font-size:1em}` + "\n" +
	`table{border-collapse:collapse;margin:.5em 0}th,td{border:1px solid #000;padding:.2em .5em;` +
	`vertical-align:middle}` + "\n" +
	`thead th{background:#e6e6e6}.right{text-align:right}.center{text-align:center}.box{border:1px solid #000;` +
	`padding:.3em;width:12em;margin-left:auto;text-align:center}` + "\n" +
	`.point{border:1px solid #000;padding:.5em 1em;margin:1em 0}.note{font-size:.85em;margin:.1em 0}` +
	`ul,ol{list-style:none;padding-left:2em}tr.total td,tr.total th{border-top:2px solid #000}` +
	`tr.group td,tr.group th{background:#f6f6f6;text-align:left}`

// Write makes one page of documents, one behind the other. A kind of block that it does not know, or a
// table that is not well formed, is an error.
func Write(title string, docs ...document.Document) ([]byte, error) {
	w := &writer{kinds: kinds()}
	w.printf(
		"<!DOCTYPE html>\n<html lang=\"ja\">\n<head><meta charset=\"utf-8\"><title>%s</title>\n<style>%s</style></head>\n"+
			"<body>\n",
		esc(title), style,
	)
	for _, d := range docs {
		w.document(d)
	}
	w.printf("</body>\n</html>\n")
	if w.failed != nil {
		return nil, w.failed
	}
	return []byte(w.out.String()), nil
}

type writer struct {
	out    strings.Builder
	kinds  map[string]func(*writer, document.Block)
	failed error
}

// fail keeps the first thing that went wrong.
func (w *writer) fail(err error) {
	if w.failed == nil {
		w.failed = err
	}
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

func esc(s string) string { return html.EscapeString(s) }

func spans(list []document.Span) string {
	var b strings.Builder
	for _, s := range list {
		switch {
		case s.Strong:
			b.WriteString("<strong>" + esc(s.Text) + "</strong>")
		case s.Raised:
			b.WriteString("<sup>" + esc(s.Text) + "</sup>")
		default:
			b.WriteString(esc(s.Text))
		}
	}
	return b.String()
}

func (w *writer) document(d document.Document) {
	w.printf("<article>\n")
	if d.Number != "" {
		w.printf("<p class=\"right\">%s</p>\n", esc(d.Number))
	}
	if len(d.Box) > 0 {
		lines := make([]string, len(d.Box))
		for i, l := range d.Box {
			lines[i] = esc(l)
		}
		w.printf("<div class=\"box\">%s</div>\n", strings.Join(lines, "<br>"))
	}
	w.printf("<h1>%s</h1>\n", esc(d.Title))
	w.blocks(d.Blocks)
	w.printf("</article>\n")
}

// kinds write the kinds of blocks.
func kinds() map[string]func(*writer, document.Block) {
	return map[string]func(*writer, document.Block){
		document.Heading: func(w *writer, b document.Block) {
			level := min(b.Level+1, 6)
			w.printf("<h%d>%s　%s</h%d>\n", level, esc(b.Number), spans(b.Spans), level)
		},
		document.Paragraph: func(w *writer, b document.Block) { w.printf("<p>%s</p>\n", spans(b.Spans)) },
		document.Note:      func(w *writer, b document.Block) { w.printf("<p class=\"note\">%s</p>\n", spans(b.Spans)) },
		document.List:      func(w *writer, b document.Block) { w.items(b.Items) },
		document.Terms:     func(w *writer, b document.Block) { w.items(b.Items) },
		document.TableOf:   func(w *writer, b document.Block) { w.table(b.Table) },
		document.ChartOf:   func(w *writer, b document.Block) { w.chart(b.Chart) },
		document.Title: func(w *writer, b document.Block) {
			w.printf("<p class=\"right\">%s</p>\n<h1>%s</h1>\n", esc(b.Number), spans(b.Spans))
		},
		document.Right:     func(w *writer, b document.Block) { w.printf("<p class=\"right\">%s</p>\n", spans(b.Spans)) },
		document.Box:       (*writer).box,
		document.PageBreak: func(*writer, document.Block) {}, // a page of the web has no end
	}
}

func (w *writer) blocks(blocks []document.Block) {
	for _, b := range blocks {
		write, ok := w.kinds[b.Kind]
		if !ok {
			w.fail(document.UnknownKind(b.Kind))
			return
		}
		if err := b.Check(); err != nil {
			w.fail(err)
			return
		}
		write(w, b)
	}
}

func (w *writer) box(b document.Block) {
	w.printf("<section class=\"point\" aria-label=\"%s\">\n<p><strong>%s</strong></p>\n", esc(b.Label), esc(b.Label))
	w.blocks(b.Blocks)
	w.printf("</section>\n")
}

func (w *writer) items(items []document.Item) {
	w.printf("<ul>\n")
	for _, it := range items {
		space := "　"
		if it.Marker == "・" {
			space = ""
		}
		w.printf("<li>%s%s%s", esc(it.Marker), space, spans(it.Spans))
		if len(it.Items) > 0 {
			w.items(it.Items)
		}
		w.printf("</li>\n")
	}
	w.printf("</ul>\n")
}

func (w *writer) table(t *document.Table) {
	placed, err := t.Placed()
	if err != nil {
		w.fail(err)
		return
	}
	if t.Unit != "" {
		w.printf("<p class=\"note right\">%s</p>\n", esc(t.Unit))
	}
	w.printf("<table>\n")
	if t.Caption != "" {
		w.printf("<caption>%s</caption>\n", esc(t.Caption))
	}
	w.rows("thead", t.Head, placed)
	w.rows("tbody", t.Rows, placed[len(t.Head):])
	w.printf("</table>\n")
	for _, n := range append(append([]string(nil), t.Legend...), t.Notes...) {
		w.printf("<p class=\"note\">%s</p>\n", esc(n))
	}
}

// rows writes the head or the body of a table, whose cells have been placed.
func (w *writer) rows(section string, rows []document.Row, placed [][]document.PlacedCell) {
	if len(rows) == 0 {
		return
	}
	w.printf("<%s>\n", section)
	for i, row := range rows {
		class := ""
		switch {
		case row.Total:
			class = " class=\"total\""
		case row.Group:
			class = " class=\"group\""
		}
		w.printf("<tr%s>", class)
		for _, c := range placed[i] {
			w.cell(c)
		}
		w.printf("</tr>\n")
	}
	w.printf("</%s>\n", section)
}

func (w *writer) cell(c document.PlacedCell) {
	tag, attributes := "td", ""
	switch {
	case c.Head:
		tag, attributes = "th", " scope=\"col\""
	case c.Col == 0 && c.Align == "left":
		tag, attributes = "th", " scope=\"row\""
	}
	if c.Cols > 1 {
		attributes += fmt.Sprintf(" colspan=\"%d\"", c.Cols)
	}
	if c.Rows > 1 {
		attributes += fmt.Sprintf(" rowspan=\"%d\"", c.Rows)
	}
	switch c.Align {
	case "right", "decimal":
		attributes += " class=\"right\""
	case "center":
		attributes += " class=\"center\""
	}
	text := strings.ReplaceAll(esc(c.Text), "\n", "<br>")
	if c.Strong {
		text = "<strong>" + text + "</strong>"
	}
	w.printf("<%s%s>%s</%s>", tag, attributes, text, tag)
}

// chart writes a chart's figures as a table: whoever pastes it draws it anew.
func (w *writer) chart(c *document.Chart) {
	w.printf(
		"<figure>\n<figcaption>%s%s</figcaption>\n<table>\n<thead>\n<tr><th scope=\"col\"></th>", esc(c.Caption), esc(c.Unit),
	)
	for _, s := range c.Series {
		w.printf("<th scope=\"col\">%s</th>", esc(s.Name))
	}
	w.printf("</tr>\n</thead>\n<tbody>\n")
	for i, category := range c.Categories {
		w.printf("<tr><th scope=\"row\">%s</th>", esc(category))
		for _, s := range c.Series {
			text := "" // a series may be shorter than the categories
			if i < len(s.Texts) {
				text = s.Texts[i]
			}
			w.printf("<td class=\"right\">%s</td>", esc(text))
		}
		w.printf("</tr>\n")
	}
	w.printf("</tbody>\n</table>\n")
	for _, n := range c.Notes {
		w.printf("<p class=\"note\">%s</p>\n", esc(n))
	}
	w.printf("</figure>\n")
}
