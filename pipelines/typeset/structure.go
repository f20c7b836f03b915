package typeset

// Element is a node of the structure tree, by which a reader that speaks the page knows what is what. What of the
// pages belongs to it stands, on each page, between a Begin that names it and an End.
type Element struct {
	Tag        string // as PDF names it: H1, P, TH
	Attributes string // of a table's cells, as PDF writes them: /Scope, /ColSpan, /RowSpan
	Alt        string // what a figure shows, in words
	Kids       []*Element

	at string // the text of the document that it holds, as document.Text names it; "" where it holds none
}

func (e *Element) add(tag, attributes string) *Element {
	child := &Element{Tag: tag, Attributes: attributes}
	e.Kids = append(e.Kids, child)
	return child
}

// marked draws the content of an element, and notes where it stands.
func (d *drawing) marked(e *Element, draw func()) {
	d.op(Begin{e})
	before := d.text.Len()
	draw()
	if e != nil && e.at != "" {
		d.stands(e.at, d.text.String()[before:])
	}
	d.op(End{})
}

// furniture draws what is no content: rules, page numbers, heads that are repeated.
func (d *drawing) furniture(draw func()) { d.marked(nil, draw) }
