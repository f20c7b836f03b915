package typeset

import "fmt"

// bookmark is an entry of the outline, by which a reader jumps to a heading. Level 0 is a document of the file.
type bookmark struct {
	level, page int
	top         float64 // of what it leads to, in points below the page's upper edge
	text        string
	attached    int     // 1 for the first attachment, that it leads to; 0 for none
	object      int     // the page that it leads to, where it is an attachment's
	height      float64 // of the page

	parent, first, last, next, prev, kids int // indexes of other bookmarks, −1 for none
	number                                int // of the entry's own object
}

// outlineTree writes the outline and returns its number, 0 when there is none. All of it is shown opened.
func (w *pdfWriter) outlineTree(o *objects, pages []int) int {
	marks := w.outline
	if len(marks) == 0 {
		return 0
	}
	var path [8]int // the last bookmark of each level
	first, last := 0, 0
	for i := range marks {
		m := &marks[i]
		m.parent, m.first, m.last, m.next, m.prev = -1, -1, -1, -1, -1
		m.number = o.add(nil)
		if m.level > 0 {
			m.parent = path[m.level-1]
			p := &marks[m.parent]
			if p.first < 0 {
				p.first = i
			} else {
				m.prev = p.last
			}
			p.last = i
		} else if i > 0 {
			m.prev = last
		}
		if m.level == 0 {
			last = i
		}
		if m.prev >= 0 {
			marks[m.prev].next = i
		}
		for k := m.parent; k >= 0; k = marks[k].parent {
			marks[k].kids++
		}
		path[min(m.level, len(path)-1)] = i
	}
	root := o.add([]byte(fmt.Sprintf(
		"<</Type /Outlines /First %d 0 R /Last %d 0 R /Count %d>>", marks[first].number, marks[last].number, len(marks),
	)))
	for _, m := range marks {
		page := pages[m.page-1]
		if m.object > 0 {
			page = m.object
		}
		body := fmt.Sprintf("<</Title %s /Dest [%d 0 R /XYZ 0 %.2f null]", pdfText(m.text), page, m.height-m.top)
		parent := root
		if m.parent >= 0 {
			parent = marks[m.parent].number
		}
		body += fmt.Sprintf(" /Parent %d 0 R", parent)
		if m.prev >= 0 {
			body += fmt.Sprintf(" /Prev %d 0 R", marks[m.prev].number)
		}
		if m.next >= 0 {
			body += fmt.Sprintf(" /Next %d 0 R", marks[m.next].number)
		}
		if m.first >= 0 {
			body += fmt.Sprintf(" /First %d 0 R /Last %d 0 R /Count %d", marks[m.first].number, marks[m.last].number, m.kids)
		}
		o.body[m.number] = []byte(body + ">>")
	}
	return root
}
