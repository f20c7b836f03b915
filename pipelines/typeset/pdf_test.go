package typeset

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
)

// contents are what is drawn on each page of a PDF that we have written, in the operators of PDF.
func contents(t *testing.T, o *objects) []string {
	t.Helper()
	var out []string
	for _, page := range o.pages() {
		m := contentsOf.FindSubmatch(o.body[page])
		if m == nil {
			t.Fatalf("page %d has no contents: %s", page, o.body[page])
		}
		number, _ := strconv.Atoi(string(m[1]))
		_, packed, _ := bytes.Cut(o.body[number], []byte("stream\n"))
		r, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	return out
}

func writtenObjects(t *testing.T, l *Layout, only func(doc, page int) bool) *objects {
	t.Helper()
	pdf, err := writePDF(l, "題", day, only)
	if err != nil {
		t.Fatal(err)
	}
	o, err := readObjects(pdf)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// Every step with what it becomes in a PDF, whose y runs upward.
func TestWritingOps(t *testing.T) {
	l := laid(t, document.Document{Title: "AB"})
	p := &Element{Tag: "P"}
	l.root.Kids = []*Element{p}
	for _, c := range []struct {
		ops  []Op
		want string
	}{
		{[]Op{Line{X1: 1, Y1: 2, X2: 30, Y2: 40}}, "1.00 98.00 m 30.00 60.00 l S"},
		{[]Op{Rect{X: 1, Y: 2, W: 3, H: 4, Paint: Edge}}, "1.00 98.00 3.00 -4.00 re S"},
		{[]Op{Rect{X: 1, Y: 2, W: 3, H: 4, Paint: Inside}}, "1.00 98.00 3.00 -4.00 re f"},
		{[]Op{Rect{X: 1, Y: 2, W: 3, H: 4, Paint: Both}}, "1.00 98.00 3.00 -4.00 re B"},
		{[]Op{SetWidth(1.5)}, "1.50 w"},
		{[]Op{SetStroke(51)}, "0.200 G"},
		{[]Op{SetFill(255)}, "1.000 g"},
		{[]Op{SetDash{5, 2.5}, SetDash{}}, "[5.00 2.50] 0.00 d [] 0.00 d"},
		{[]Op{Begin{}, End{}}, "/Artifact BMC EMC"},
		{[]Op{Begin{p}, End{}, Begin{p}, End{}}, "/P <</MCID 0>> BDC EMC /P <</MCID 1>> BDC EMC"},
		{[]Op{Turn{90, 10, 20}, TurnEnd{}}, "q 0.00000 1.00000 -1.00000 0.00000 90.00000 70.00000 cm Q"},
		{[]Op{Bookmark{Text: "題"}}, ""},
		{
			[]Op{Text{Runs: []Run{{Face: bold, Size: 10, X: 5, Y: 20, Codes: []uint16{'A', 'B'}}}}},
			"BT /F 10.00 Tf ET BT 5.00 80.00 Td (\x00A\x00B) Tj ET",
		},
		{
			[]Op{Text{Space: 0.5, Runs: []Run{
				{Face: bold, Size: 10, X: 5, Y: 20, Codes: []uint16{'A'}},
				{Face: bold, Size: 6, X: 15, Y: 16, Codes: []uint16{'B'}},
			}}},
			"0.5000 Tc BT /F 10.00 Tf ET BT 5.00 80.00 Td (\x00A) Tj ET " +
				"BT /F 6.00 Tf ET BT 15.00 84.00 Td (\x00B) Tj ET 0 Tc",
		},
		{
			[]Op{Text{Grey: 51, Runs: []Run{{Face: bold, Size: 10, X: 5, Y: 20, Codes: []uint16{'A'}}}}, SetFill(0)},
			"BT /F 10.00 Tf ET q 0.200 g BT 5.00 80.00 Td (\x00A) Tj ET Q 0.000 g",
		},
	} {
		l.Pages = []Page{{Width: 100, Height: 100, Number: 1, Ops: c.ops}}
		got := contents(t, writtenObjects(t, l, nil))[0]
		got = strings.Join(strings.Fields(regexp.MustCompile(`/F[0-9a-f]{8,}`).ReplaceAllString(got, "/F")), " ")
		_, got, _ = strings.Cut(got+" ", "0.57 w 0.000 G 0.000 g ") // what every page begins with
		if got = strings.TrimSpace(got); got != c.want {
			t.Errorf("%v:\n got %q\nwant %q", c.ops, got, c.want)
		}
	}
}

// Each piece of a page belongs, by the tree of the parents, to the element that names it.
func TestMarksNameTheirElements(t *testing.T) {
	for name, docs := range cases(t) {
		o := writtenObjects(t, laid(t, docs...), nil)
		marked := 0
		for number, page := range contents(t, o) {
			owners := parentsOf(t, o, number)
			for id, m := range regexp.MustCompile(`/(\w+) <</MCID (\d+)>> BDC`).FindAllStringSubmatch(page, -1) {
				if m[2] != strconv.Itoa(id) || id >= len(owners) {
					t.Fatalf("%s, page %d: mark %s is the %dth, of %d", name, number+1, m[2], id, len(owners))
				}
				body := string(o.body[owners[id]])
				mcr := fmt.Sprintf("/Pg %d 0 R /MCID %d>>", o.pages()[number], id)
				if !strings.Contains(body, "/S /"+m[1]+" ") || !strings.Contains(body, mcr) {
					t.Errorf("%s, page %d: mark %d of %s belongs to %s", name, number+1, id, m[1], body)
				}
				marked++
			}
		}
		if marked == 0 {
			t.Errorf("%s: nothing is marked", name)
		}
	}
}

// parentsOf are the elements to which the marks of a page belong, in the order of the marks.
func parentsOf(t *testing.T, o *objects, page int) (out []int) {
	t.Helper()
	for _, body := range o.body {
		nums := regexp.MustCompile(`^<</Nums \[(.*)\]>>$`).FindSubmatch(body)
		if nums == nil {
			continue
		}
		fields := strings.Fields(string(nums[1]))
		list, _ := strconv.Atoi(fields[4*page+1])
		for _, m := range regexp.MustCompile(`(\d+) 0 R`).FindAllStringSubmatch(string(o.body[list]), -1) {
			n, _ := strconv.Atoi(m[1])
			out = append(out, n)
		}
	}
	return out
}

// outlineOf are the entries of a file's outline: level, page (from 1) and text, in their order.
func outlineOf(t *testing.T, l *Layout, only func(doc, page int) bool) string {
	t.Helper()
	o := writtenObjects(t, l, only)
	titles := map[string]string{}
	for _, p := range l.Pages {
		for _, op := range p.Ops {
			if b, ok := op.(Bookmark); ok {
				titles[pdfText(b.Text)] = b.Text
			}
		}
	}
	pages, levels, out := map[string]int{}, map[string]int{}, ""
	for i, p := range o.pages() {
		pages[strconv.Itoa(p)] = i + 1
	}
	entry := regexp.MustCompile(`^<</Title (<\w+>) /Dest \[(\d+) 0 R /XYZ 0 (-?[\d.]+) null\] /Parent (\d+) 0 R`)
	for n := 1; n <= o.last; n++ {
		if m := entry.FindStringSubmatch(string(o.body[n])); m != nil {
			levels[strconv.Itoa(n)] = levels[m[4]] + 1
			out += fmt.Sprintf("%d %s %d; ", levels[m[4]], titles[m[1]], pages[m[2]])
		}
	}
	return out
}

// Only the headings of pages that are written stand in the outline, none more than a level below the one before it. A
// PDF of somebody else has one entry, on the first of its pages that are written.
func TestOutline(t *testing.T) {
	own, _, err := Render(fonts(t), "自課", day, long("自課", 60))
	if err != nil {
		t.Fatal(err)
	}
	heading := func(level int, text string) document.Block {
		return document.Block{Kind: document.Heading, Level: level, Number: "1", Spans: spans(text)}
	}
	doc := document.Document{Title: "題", Blocks: []document.Block{
		heading(1, "甲"), heading(2, "乙"), {Kind: document.PageBreak}, heading(2, "丙"), heading(1, "丁"),
	}}
	doc.Attached = []document.Attachment{{Name: "添付", Data: own}}
	stamped := document.Document{Title: "自課", Existing: &document.Attachment{Name: "自課", Data: own}}
	next := document.Document{Title: "次", Blocks: []document.Block{heading(2, "戊")}}
	all, err := Lay(fonts(t), Options{}, doc, next, stamped)
	if err != nil {
		t.Fatal(err)
	}
	want := "0 題 1; 1 1　甲 1; 2 1　乙 1; 2 1　丙 2; 1 1　丁 2; 1 別添　添付 3; 0 次 5; 1 1　戊 5; 0 自課 6; "
	if got := outlineOf(t, all, nil); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	second := func(_, page int) bool { return page == 2 }
	some, err := Lay(fonts(t), Options{Only: second}, doc, next, stamped)
	if err != nil {
		t.Fatal(err)
	}
	if len(some.Files) != 2 {
		t.Errorf("of some pages, %d files", len(some.Files))
	}
	if got, want := outlineOf(t, some, second), "0 1　丙 1; 1 1　丁 1; 0 自課 2; "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
