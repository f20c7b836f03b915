package typeset

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// AttachmentError says that an existing PDF cannot be appended.
type AttachmentError struct {
	Name  string
	Cause error
}

func (e *AttachmentError) Error() string {
	return fmt.Sprintf("別添「%s」を綴じられません（%v）。PDFを開いて確かめ、保存し直してください", e.Name, e.Cause)
}

func (e *AttachmentError) Unwrap() error { return e.Cause }

// attachment is a PDF of somebody else, to be put in the place of pages that the PDF library has drawn: of the two for
// each of its pages, of which the last is the after-th.
type attachment struct {
	File
	after     int
	overlays  []int // the drawn page over each of its pages, 0 where the page is left out
	underlays []int // likewise under it
}

// insertAttached puts the pages of existing PDFs among the file's own, each at its own size and with its own page
// numbers, and returns the pages in their order.
func (w *pdfWriter) insertAttached(o *objects, pages []int) error {
	all := slices.Clone(pages)
	for k := len(w.attached) - 1; k >= 0; k-- { // from the last, so that the places of the others hold
		a := w.attached[k]
		if len(a.overlays) == 0 { // none of its pages is among those that are written
			continue
		}
		foreign, err := foreignPages(o, a, pages)
		if err != nil {
			return &AttachmentError{a.Name, err}
		}
		all = slices.Replace(all, a.after-2*len(foreign), a.after, foreign...)
		for i := range w.outline {
			if w.outline[i].attached == k+1 {
				w.outline[i].object = foreign[0]
			}
		}
	}
	var kids strings.Builder
	for _, p := range all {
		fmt.Fprintf(&kids, "%d 0 R ", p)
	}
	a4 := sheets[""]
	o.body[1] = []byte(fmt.Sprintf(
		"<</Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 %.2f %.2f]>>", strings.TrimSpace(kids.String()), len(all),
		a4.width, a4.height,
	))
	return nil
}

// foreign reports whether pages of other makers are among those that are written: of them nobody can claim PDF/A.
func (w *pdfWriter) foreign() bool {
	return slices.ContainsFunc(w.attached, func(a attachment) bool { return len(a.overlays) > 0 })
}

// withoutConfig keeps the reader from making a folder of settings in the user's home; it sets a global, so once.
var withoutConfig = sync.OnceFunc(api.DisableConfigDir)

// foreignPages copies the pages of a PDF with all that they rest on. The reader panics on some damage.
func foreignPages(o *objects, a attachment, drawn []int) (pages []int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("壊れています: %v", p)
		}
	}()
	ctx, err := readForeign(a.Data)
	if err != nil {
		return nil, err
	}
	c := copier{o: o, ctx: ctx, numbers: map[int]int{}}
	for n := 1; n <= ctx.PageCount; n++ {
		page, _, inherited, err := ctx.PageDict(n, false)
		if err != nil || page == nil {
			return nil, fmt.Errorf("%dページを読めません: %w", n, err)
		}
		if n > len(a.overlays) || a.overlays[n-1] == 0 {
			continue
		}
		if inherited.MediaBox == nil {
			return nil, errors.New("大きさが分かりません")
		}
		size := PageLaid{Width: visible(inherited).Width(), Height: visible(inherited).Height()}
		if inherited.Rotate%180 != 0 {
			size.Width, size.Height = size.Height, size.Width
		}
		var form forms
		if form.over, err = o.overlayForm(drawn[a.overlays[n-1]-1], size); err != nil {
			return nil, err
		}
		if form.under, err = o.overlayForm(drawn[a.underlays[n-1]-1], size); err != nil {
			return nil, err
		}
		number, err := c.page(page, inherited, form)
		if err != nil {
			return nil, fmt.Errorf("%dページを写せません: %w", n, err)
		}
		pages = append(pages, number)
	}
	return pages, nil
}

// copier writes objects of another file into this one, under new numbers in the order in which they are met.
type copier struct {
	o       *objects
	ctx     *model.Context
	numbers map[int]int
}

// page writes a page with what it inherits. Links, which lead elsewhere, are left out; a form's fields are refused,
// for what is written in them would be lost.
//
// form is what is drawn over and under it.
func (c *copier) page(page types.Dict, inherited *model.InheritedPageAttrs, form forms) (int, error) {
	if list, _ := c.ctx.DereferenceArray(page["Annots"]); list != nil {
		for _, a := range list {
			if d, _ := c.ctx.DereferenceDict(a); d != nil && d.Subtype() != nil && *d.Subtype() == "Widget" {
				return 0, errors.New("記入欄のあるPDFです。印刷用のPDFとして保存し直してください")
			}
		}
	}
	box := inherited.MediaBox
	if box == nil {
		return 0, errors.New("大きさが分かりません")
	}
	number := c.o.add(nil)
	body := fmt.Sprintf(
		"<</Type /Page /Parent 1 0 R /MediaBox [%.2f %.2f %.2f %.2f]", box.LL.X, box.LL.Y, box.UR.X, box.UR.Y,
	)
	if crop := inherited.CropBox; crop != nil {
		body += fmt.Sprintf(" /CropBox [%.2f %.2f %.2f %.2f]", crop.LL.X, crop.LL.Y, crop.UR.X, crop.UR.Y)
	}
	if inherited.Rotate != 0 {
		body += fmt.Sprintf(" /Rotate %d", inherited.Rotate)
	}
	own, err := c.ctx.DereferenceDict(page["Resources"])
	if err != nil {
		return 0, fmt.Errorf("resources: %w", err)
	}
	if own == nil {
		own = inherited.Resources
	}
	resources, err := c.resources(own, form)
	if err != nil {
		return 0, err
	}
	contents, err := c.contents(page, turned(visible(inherited), inherited.Rotate))
	if err != nil {
		return 0, err
	}
	body += " /Resources " + resources + " /Contents " + contents
	if group := page["Group"]; group != nil {
		text, err := c.write(group)
		if err != nil {
			return 0, err
		}
		body += " /Group " + text
	}
	c.o.body[number] = []byte(body + ">>")
	return number, nil
}

// write writes one object, and those that it refers to.
func (c *copier) write(object types.Object) (string, error) {
	switch v := object.(type) {
	case nil:
		return "null", nil
	case types.IndirectRef:
		return c.refer(v)
	case types.Dict:
		return c.dict(v)
	case types.Array:
		parts := make([]string, len(v))
		for i, x := range v {
			text, err := c.write(x)
			if err != nil {
				return "", err
			}
			parts[i] = text
		}
		return "[" + strings.Join(parts, " ") + "]", nil
	}
	return object.PDFString(), nil
}

func (c *copier) dict(d types.Dict) (string, error) {
	var b strings.Builder
	b.WriteString("<<")
	for _, key := range slices.Sorted(maps.Keys(d)) {
		if key == "Parent" || key == "StructParent" || key == "StructParents" || d[key] == nil {
			continue
		}
		text, err := c.write(d[key])
		if err != nil {
			return "", err
		}
		b.WriteString(types.Name(key).PDFString() + " " + text + " ")
	}
	return b.String() + ">>", nil
}

func (c *copier) refer(r types.IndirectRef) (string, error) {
	old := r.ObjectNumber.Value()
	number, known := c.numbers[old]
	if known {
		return fmt.Sprintf("%d 0 R", number), nil
	}
	number = c.o.add([]byte("null"))
	c.numbers[old] = number
	object, err := c.ctx.Dereference(r)
	if err != nil {
		return "", fmt.Errorf("object %d: %w", old, err)
	}
	body := ""
	if s, ok := object.(types.StreamDict); ok {
		dict := maps.Clone(s.Dict)
		dict["Length"] = types.Integer(len(s.Raw))
		if body, err = c.dict(dict); err == nil {
			body += "\nstream\n" + string(s.Raw) + "\nendstream"
		}
	} else {
		body, err = c.write(object)
	}
	if err != nil {
		return "", err
	}
	c.o.body[number] = []byte(body)
	return fmt.Sprintf("%d 0 R", number), nil
}
