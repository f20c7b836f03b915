package typeset

import (
	"bytes"
	"compress/zlib"
	"crypto/md5" // names a file by its bytes; nothing rests on it
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// archive turns what the PDF library wrote into a tagged PDF/A-1b: the structure tree, exact text for every letter,
// metadata, the colour space, an identity that follows from the bytes.
func (w *pdfWriter) archive(raw []byte, title string, day time.Time) ([]byte, error) {
	o, err := readObjects(raw)
	if err != nil {
		return nil, err
	}
	pages := o.pages()
	if len(pages) != w.pdf.PageCount() {
		return nil, fmt.Errorf("%d pages drawn, %d found", w.pdf.PageCount(), len(pages))
	}
	for k, p := range pages {
		o.amend(p, fmt.Sprintf(" /StructParents %d /Tabs /S", k))
	}
	w.exactText(o)
	if err := w.insertAttached(o, pages); err != nil {
		return nil, err
	}
	tree := w.structureTree(o, pages)
	stamp := day.UTC()
	meta := o.add(stream("/Type /Metadata /Subtype /XML", []byte(xmp(title, stamp, !w.foreign())), false))
	profile := o.add(stream("/N 3", sRGB(), true))
	catalog := "<</Type /Catalog /Pages 1 0 R "
	if outline := w.outlineTree(o, pages); outline > 0 {
		catalog += fmt.Sprintf("/Outlines %d 0 R /PageMode /UseOutlines ", outline)
	}
	o.body[o.root] = []byte(catalog + fmt.Sprintf("/Lang (ja-JP) /MarkInfo <</Marked true>> /StructTreeRoot %d 0 R "+
		"/Metadata %d 0 R "+
		"/ViewerPreferences <</DisplayDocTitle true>> /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 "+
		"/OutputConditionIdentifier (sRGB) "+
		"/Info (sRGB) /DestOutputProfile %d 0 R>>]>>", tree, meta, profile))
	date := stamp.Format("20060102150405")
	o.body[o.info] = []byte(
		"<</Title " + pdfText(title) + " /Producer (kyogikai) /CreationDate (D:" + date + "Z) /ModDate (D:" + date + "Z)>>",
	)
	return o.write(), nil
}

// objects are the parts of a PDF file by number.
type objects struct {
	body       map[int][]byte
	root, info int
	last       int
}

var (
	rootOf = regexp.MustCompile(`/Root (\d+) 0 R`)
	infoOf = regexp.MustCompile(`/Info (\d+) 0 R`)
)

// readObjects splits a file as the PDF library writes it: one table of objects, no updates.
func readObjects(raw []byte) (*objects, error) {
	at := bytes.LastIndex(raw, []byte("startxref"))
	if at < 0 {
		return nil, fmt.Errorf("no table of objects")
	}
	fields := strings.Fields(string(raw[at+len("startxref"):]))
	table, err := strconv.Atoi(fields[0])
	if err != nil || table >= at {
		return nil, fmt.Errorf("no table of objects: %w", err)
	}
	lines := strings.Split(string(raw[table:at]), "\n")
	count, err := strconv.Atoi(strings.Fields(lines[1])[1])
	if err != nil {
		return nil, fmt.Errorf("table of objects: %w", err)
	}
	type entry struct{ number, offset int }
	var entries []entry
	for k := 1; k < count; k++ {
		offset, err := strconv.Atoi(strings.TrimLeft(lines[2+k][:10], "0"))
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", k, err)
		}
		entries = append(entries, entry{k, offset})
	}
	slices.SortFunc(entries, func(a, b entry) int { return a.offset - b.offset })
	o := &objects{body: map[int][]byte{}, last: count - 1}
	for k, e := range entries {
		end := table
		if k+1 < len(entries) {
			end = entries[k+1].offset
		}
		b := raw[e.offset:end]
		from, to := bytes.Index(b, []byte("obj"))+3, bytes.LastIndex(b, []byte("endobj"))
		if from < 3 || to < from {
			return nil, fmt.Errorf("object %d is not whole", e.number)
		}
		o.body[e.number] = bytes.TrimSpace(b[from:to])
	}
	trailer := strings.Join(lines[2+count:], "\n")
	for into, pattern := range map[*int]*regexp.Regexp{&o.root: rootOf, &o.info: infoOf} {
		m := pattern.FindStringSubmatch(trailer)
		if m == nil {
			return nil, fmt.Errorf("the trailer names no %s", pattern)
		}
		if *into, err = strconv.Atoi(m[1]); err != nil {
			return nil, fmt.Errorf("trailer: %w", err)
		}
	}
	return o, nil
}

func (o *objects) add(body []byte) int {
	o.last++
	o.body[o.last] = body
	return o.last
}

// amend adds entries to a dictionary.
func (o *objects) amend(number int, entries string) {
	b := bytes.TrimSuffix(o.body[number], []byte(">>"))
	o.body[number] = append(append(slices.Clone(b), entries...), ">>"...)
}

// pages in their order.
func (o *objects) pages() []int {
	kids := regexp.MustCompile(`/Kids \[([^\]]*)\]`).FindSubmatch(o.body[1])
	if kids == nil {
		return nil
	}
	var out []int
	for _, m := range regexp.MustCompile(`(\d+) 0 R`).FindAllSubmatch(kids[1], -1) {
		n, _ := strconv.Atoi(string(m[1]))
		out = append(out, n)
	}
	return out
}

// write writes the file; its identity is a hash of what it holds.
func (o *objects) write() []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, o.last+1)
	for i := 1; i <= o.last; i++ {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n", i)
		out.Write(o.body[i])
		out.WriteString("\nendobj\n")
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", o.last+1)
	for i := 1; i <= o.last; i++ {
		fmt.Fprintf(&out, "%010d 00000 n \n", offsets[i])
	}
	sum := md5.Sum(out.Bytes()) // names a file by its bytes; nothing rests on it
	id := hex.EncodeToString(sum[:])
	fmt.Fprintf(
		&out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n", o.last+1, o.root,
		o.info, id, id, table,
	)
	return out.Bytes()
}

func stream(entries string, data []byte, compress bool) []byte {
	if compress {
		var packed bytes.Buffer
		w, _ := zlib.NewWriterLevel(&packed, zlib.DefaultCompression)
		_, _ = w.Write(data) // into memory
		_ = w.Close()
		data, entries = packed.Bytes(), entries+" /Filter /FlateDecode"
	}
	return append(
		append([]byte(fmt.Sprintf("<<%s /Length %d>>\nstream\n", entries, len(data))), data...), "\nendstream"...,
	)
}

func pdfText(s string) string { return "<FEFF" + hexUnits(s) + ">" }

func hexUnits(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

var textOfFont = regexp.MustCompile(`/BaseFont /utf8f(\d+)[\s\S]*?/ToUnicode (\d+) 0 R`)

// exactText replaces what the library says its letters stand for: it knows no characters beyond U+FFFF and no forms.
func (w *pdfWriter) exactText(o *objects) {
	for _, n := range slices.Sorted(maps.Keys(o.body)) {
		if m := textOfFont.FindSubmatch(o.body[n]); m != nil {
			face, _ := strconv.Atoi(string(m[1]))
			at, _ := strconv.Atoi(string(m[2]))
			if face < len(w.layout.letters) && w.layout.letters[face] != nil {
				o.body[at] = stream("", []byte(toUnicode(w.layout.letters[face])), true)
			}
		}
		if b := o.body[n]; bytes.Contains(b[:min(len(b), 100)], []byte("/Ordering (UCS)")) {
			o.body[n] = []byte("<</Registry (Adobe) /Ordering (Identity) /Supplement 0>>")
		}
	}
}

func toUnicode(l *letters) string {
	codes := slices.Sorted(maps.Keys(l.text))
	var b strings.Builder
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) " +
		"/Ordering (UCS) " +
		"/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\n" +
		"endcodespacerange\n")
	for chunk := range slices.Chunk(codes, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(chunk))
		for _, c := range chunk {
			fmt.Fprintf(&b, "<%04X> <%s>\n", c, hexUnits(l.text[c]))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
	return b.String()
}

// structureTree writes the elements and returns the number of the tree's root.
func (w *pdfWriter) structureTree(o *objects, pages []int) int {
	root := o.add(nil)
	parents := make([]map[int]int, len(pages)+1)
	top := w.element(o, w.layout.root, root, pages, parents)
	var numbers strings.Builder
	for k := range pages {
		var list strings.Builder
		for id := range w.marks[k+1] {
			fmt.Fprintf(&list, "%d 0 R ", parents[k+1][id])
		}
		fmt.Fprintf(&numbers, "%d %d 0 R ", k, o.add([]byte("["+list.String()+"]")))
	}
	parentTree := o.add([]byte("<</Nums [" + numbers.String() + "]>>"))
	o.body[root] = []byte(fmt.Sprintf("<</Type /StructTreeRoot /K [%d 0 R] /ParentTree %d 0 R /ParentTreeNextKey %d>>",
		top, parentTree, len(pages)))
	return root
}

// element writes an element with those below it, and returns its number. parents are, by page and mark, the elements
// that the marks belong to.
func (w *pdfWriter) element(o *objects, e *Element, parent int, pages []int, parents []map[int]int) int {
	number := o.add(nil)
	var kids strings.Builder
	for _, k := range e.Kids {
		fmt.Fprintf(&kids, "%d 0 R ", w.element(o, k, number, pages, parents))
	}
	for _, m := range w.content[e] {
		fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", pages[m.page-1], m.id)
		if parents[m.page] == nil {
			parents[m.page] = map[int]int{}
		}
		parents[m.page][m.id] = number
	}
	body := fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R /K [%s]", e.Tag, parent, strings.TrimSpace(kids.String()))
	if e.Attributes != "" {
		body += " /A <<" + e.Attributes + ">>"
	}
	if e.Alt != "" {
		body += " /Alt " + pdfText(e.Alt)
	}
	o.body[number] = []byte(body + ">>")
	return number
}
