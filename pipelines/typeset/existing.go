package typeset

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"kyogikai/pipelines/document"
)

// Existing is what is known of a PDF that somebody else has made.
type Existing struct {
	Pages      []PageLaid // as a reader sees them: turned
	Unembedded []string   // typefaces that are not in the file: it prints differently elsewhere
}

// Inspect reads a PDF of somebody else.
func Inspect(data []byte) (x Existing, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("壊れています: %v", p)
		}
	}()
	ctx, err := readForeign(data)
	if err != nil {
		return x, err
	}
	fonts := map[string]bool{}
	seen := map[types.Object]bool{}
	for n := 1; n <= ctx.PageCount; n++ {
		page, _, inherited, err := ctx.PageDict(n, false)
		if err != nil || page == nil {
			return x, fmt.Errorf("%dページを読めません: %w", n, err)
		}
		if inherited.MediaBox == nil {
			return x, errors.New("大きさが分かりません")
		}
		box := visible(inherited)
		w, h := box.Width(), box.Height()
		if inherited.Rotate%180 != 0 {
			w, h = h, w
		}
		x.Pages = append(x.Pages, PageLaid{Width: w, Height: h})
		resources, _ := ctx.DereferenceDict(page["Resources"])
		if resources == nil {
			resources = inherited.Resources
		}
		unembedded(ctx, resources, fonts, seen)
	}
	for name := range fonts {
		x.Unembedded = append(x.Unembedded, name)
	}
	slices.Sort(x.Unembedded)
	return x, nil
}

// visible is the part of a page that a reader sees: its crop box, within the media.
func visible(page *model.InheritedPageAttrs) *types.Rectangle {
	media, crop := page.MediaBox, page.CropBox
	if crop == nil {
		return media
	}
	box := types.NewRectangle(
		max(media.LL.X, crop.LL.X), max(media.LL.Y, crop.LL.Y), min(media.UR.X, crop.UR.X), min(media.UR.Y, crop.UR.Y),
	)
	if box.Width() <= 0 || box.Height() <= 0 {
		return media
	}
	return box
}

// readForeign opens a PDF of somebody else.
func readForeign(data []byte) (*model.Context, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, errors.New("PDFではありません")
	}
	withoutConfig()
	ctx, err := api.ReadContext(bytes.NewReader(data), model.NewDefaultConfiguration())
	if err != nil {
		return nil, fmt.Errorf("読めません: %w", err)
	}
	if err := ctx.EnsurePageCount(); err != nil || ctx.PageCount == 0 {
		return nil, fmt.Errorf("ページがありません: %w", err)
	}
	return ctx, nil
}

// unembedded collects the fonts of resources, and of the forms in them, that have no file in the PDF.
func unembedded(ctx *model.Context, resources types.Dict, into map[string]bool, seen map[types.Object]bool) {
	if resources == nil {
		return
	}
	fonts, _ := ctx.DereferenceDict(resources["Font"])
	for _, object := range fonts {
		if font, _ := ctx.DereferenceDict(object); font != nil && !embedded(ctx, font) {
			name := "（名前なし）"
			if base := font.NameEntry("BaseFont"); base != nil {
				name = *base
			}
			into[name] = true
		}
	}
	forms, _ := ctx.DereferenceDict(resources["XObject"])
	for _, object := range forms {
		if ref, ok := object.(types.IndirectRef); ok {
			if seen[ref] {
				continue
			}
			seen[ref] = true
		}
		if form, _, _ := ctx.DereferenceStreamDict(object); form != nil {
			inner, _ := ctx.DereferenceDict(form.Dict["Resources"])
			unembedded(ctx, inner, into, seen)
		}
	}
}

func embedded(ctx *model.Context, font types.Dict) bool {
	if kind := font.Subtype(); kind != nil && *kind == "Type3" { // drawn in the file itself
		return true
	}
	if list, _ := ctx.DereferenceArray(font["DescendantFonts"]); len(list) > 0 {
		if inner, _ := ctx.DereferenceDict(list[0]); inner != nil {
			font = inner
		}
	}
	descriptor, _ := ctx.DereferenceDict(font["FontDescriptor"])
	for _, key := range []string{"FontFile", "FontFile2", "FontFile3"} {
		if descriptor != nil && descriptor[key] != nil {
			return true
		}
	}
	return false
}

// existing draws a document that is a PDF of somebody else.
func (d *drawing) existing(doc document.Document) {
	d.page = 0
	d.foreign(*doc.Existing, doc.Number, "", Bookmark{Text: oneLine(doc.Title)})
}

// foreign draws what is stamped on the pages of a PDF that somebody else has made: on the first its number, on all
// what every page bears. The watermark lies under its pages: over somebody's text it would hide it. mark leads to the
// first page; attached names the pages where they stand behind a document's own.
func (d *drawing) foreign(a document.Attachment, number, attached string, mark Bookmark) {
	x, err := Inspect(a.Data)
	if err != nil {
		d.fail(&AttachmentError{a.Name, err})
		return
	}
	d.numbers, d.head = false, nil
	d.files = append(d.files, File{Attachment: a})
	mark.File = len(d.files)
	for i, p := range x.Pages {
		d.openPage(page(p.Width, p.Height, int(p.Width/bodySize)-6, 1))
		laid := d.laid[d.current].Pages
		laid[len(laid)-1].Attached = attached
		d.watermark()
		d.text.Reset()
		d.op(ExistingPage{File: len(d.files) - 1, Page: i + 1})
		d.corner()
		fmt.Fprintf(&d.text, "%x", sha256.Sum256(a.Data)) // another file has other pages, whatever is stamped on them
		if i == 0 && number != "" {
			d.stampNumber(number)
		}
		d.op(mark)
	}
	d.files[len(d.files)-1].Behind = len(d.pages)
}

// stampNumber draws the number of a paper in a frame at the top right, on white: it may lie over something.
func (d *drawing) stampNumber(number string) {
	g := d.shape([]document.Span{{Text: number}}, gothic, bold)
	const size, high = 12.0, 20.0
	w := width(g, size) + 2*boxPadding + 6
	x, y := d.sheet.width-w-12*mm, 8*mm
	d.furniture(func() {
		d.setWidth(boxRule)
		d.setFill(255)
		d.rect(x, y, w, high, Both)
		d.put(g, x+(w-width(g, size))/2, y+baseline(high, size), size, 0)
	})
}

// forms are what is drawn over and under a page.
type forms struct{ over, under int }

var contentsOf = regexp.MustCompile(`/Contents (\d+) 0 R`)

// overlayForm makes a form of what was drawn on a page, and takes the page away. It returns the form's number.
func (o *objects) overlayForm(page int, size PageLaid) (int, error) {
	m := contentsOf.FindSubmatch(o.body[page])
	if m == nil {
		return 0, errors.New("the overlay has no contents")
	}
	var number int
	if _, err := fmt.Sscan(string(m[1]), &number); err != nil {
		return 0, fmt.Errorf("the overlay's contents: %w", err)
	}
	head := fmt.Sprintf("<</Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Resources 2 0 R ", size.Width, size.Height)
	o.body[number] = append([]byte(head), bytes.TrimPrefix(o.body[number], []byte("<<"))...)
	o.body[page] = []byte("null")
	return number, nil
}

// What a page of somebody else calls what we draw over and under it: names that no program gives.
const overName, underName = "KyogikaiStamp", "KyogikaiWatermark"

// turned is the matrix by which what is drawn as a reader sees a page comes to lie on the page as it is stored.
func turned(box *types.Rectangle, rotate int) string {
	w, h := box.Width(), box.Height()
	m := "1 0 0 1 0 0"
	switch ((rotate % 360) + 360) % 360 {
	case 90:
		m = fmt.Sprintf("0 1 -1 0 %.2f 0", w)
	case 180:
		m = fmt.Sprintf("-1 0 0 -1 %.2f %.2f", w, h)
	case 270:
		m = fmt.Sprintf("0 -1 1 0 0 %.2f", h)
	}
	return fmt.Sprintf("1 0 0 1 %.2f %.2f cm %s cm", box.LL.X, box.LL.Y, m)
}

// contents writes a page's contents between two of our own: the state of the drawing is kept before, and the overlay
// drawn after.
func (c *copier) contents(page types.Dict, matrix string) (string, error) {
	before := c.o.add(stream("", []byte("q "+matrix+" /"+underName+" Do Q q"), false))
	after := c.o.add(stream("", []byte("Q q "+matrix+" /"+overName+" Do Q"), false))
	parts := []string{fmt.Sprintf("%d 0 R", before)}
	var list types.Array
	switch v := page["Contents"].(type) {
	case nil:
	case types.Array:
		list = v
	default:
		if inner, err := c.ctx.DereferenceArray(v); err == nil && inner != nil {
			list = inner
		} else {
			list = types.Array{v}
		}
	}
	for _, one := range list {
		text, err := c.write(one)
		if err != nil {
			return "", err
		}
		parts = append(parts, text)
	}
	return "[" + strings.Join(append(parts, fmt.Sprintf("%d 0 R", after)), " ") + "]", nil
}

// resources writes a page's resources with what is drawn over and under it among its forms.
func (c *copier) resources(own types.Dict, drawn forms) (string, error) {
	all := types.Dict{}
	for k, v := range own {
		all[k] = v
	}
	known, err := c.ctx.DereferenceDict(all["XObject"])
	if err != nil {
		return "", fmt.Errorf("resources: %w", err)
	}
	delete(all, "XObject")
	rest, err := c.dict(all)
	if err != nil {
		return "", err
	}
	inner, err := c.dict(known)
	if err != nil {
		return "", err
	}
	return strings.TrimSuffix(rest, ">>") + "/XObject " + strings.TrimSuffix(inner, ">>") +
		fmt.Sprintf("/%s %d 0 R /%s %d 0 R>>>>", overName, drawn.over, underName, drawn.under), nil
}
