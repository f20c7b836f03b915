package typeset

import "fmt"

// element is a node of the structure tree, by which a reader that speaks the page knows what is what.
type element struct {
	tag        string
	attributes string // of tables: /Scope, /ColSpan, /RowSpan
	alt        string // of figures
	parent     *element
	kids       []any // *element and mark, in reading order
	object     int
}

// mark is a piece of a page's content that belongs to an element.
type mark struct{ page, id int }

func (e *element) add(tag, attributes string) *element {
	child := &element{tag: tag, attributes: attributes, parent: e}
	e.kids = append(e.kids, child)
	return child
}

// marked draws the content of an element.
func (d *drawing) marked(e *element, draw func()) {
	if e == nil || d.hidden() {
		d.furniture(draw)
		return
	}
	page := d.pdf.PageNo()
	m := mark{page, d.marks[page]}
	d.marks[page]++
	e.kids = append(e.kids, m)
	d.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", e.tag, m.id))
	draw()
	d.pdf.RawWriteStr("EMC")
}

// furniture draws what is no content: rules, page numbers, heads that are repeated.
func (d *drawing) furniture(draw func()) {
	d.pdf.RawWriteStr("/Artifact BMC")
	draw()
	d.pdf.RawWriteStr("EMC")
}
