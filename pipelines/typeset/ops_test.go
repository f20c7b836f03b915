package typeset

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

// cases are the documents of testdata, by the names of their folders.
func cases(t *testing.T) map[string][]document.Document {
	t.Helper()
	files, err := filepath.Glob("testdata/*/in.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	out := map[string][]document.Document{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var docs []document.Document
		if err := json.Unmarshal(data, &docs); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out[filepath.Base(filepath.Dir(file))] = docs
	}
	return out
}

func laid(t *testing.T, docs ...document.Document) *Layout {
	t.Helper()
	l, err := Lay(fonts(t), Options{Mark: "（差替え）"}, docs...)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What is drawn of each case is in its folder, a step a line.
func TestOps(t *testing.T) {
	for name, docs := range cases(t) {
		t.Run(name, func(t *testing.T) {
			got := listing(laid(t, docs...))
			golden := filepath.Join("testdata", name, "ops.txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (go test -update writes it anew): %s", golden, difference(got, string(want)))
			}
		})
	}
}

// difference is the first line that differs.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}

func listing(l *Layout) string {
	var b strings.Builder
	for _, p := range l.Pages {
		fmt.Fprintf(&b, "page %.2f × %.2f of document %d: %d\n", p.Width, p.Height, p.Document, p.Number)
		for _, o := range p.Ops {
			b.WriteString("  " + written(o) + "\n")
		}
	}
	return b.String()
}

// written is one step as a line of a golden file. The Set that it repeats in its pen stands in lines of its own.
func written(o Op) string {
	switch o := o.(type) {
	case Text:
		out := "text"
		if o.Grey != 0 {
			out += fmt.Sprintf(" grey %d", o.Grey)
		}
		if o.Space != 0 {
			out += fmt.Sprintf(" space %.4f", o.Space)
		}
		for _, r := range o.Runs {
			out += fmt.Sprintf(" | f%d %.2f at %.2f, %.2f wide %.2f %s", r.Face, r.Size, r.X, r.Y, r.Width, r.Text)
			for _, c := range r.Codes {
				if c >= privateUse && c < 0xF900 {
					out += fmt.Sprintf(" %04X", c)
				}
			}
		}
		return out
	case Line:
		return fmt.Sprintf("line %.2f, %.2f to %.2f, %.2f", o.X1, o.Y1, o.X2, o.Y2)
	case Rect:
		return fmt.Sprintf("rect %.2f, %.2f by %.2f × %.2f %s", o.X, o.Y, o.W, o.H, paintNames[o.Paint])
	case Circle:
		return fmt.Sprintf("circle %.2f, %.2f by %.2f %s", o.X, o.Y, o.R, paintNames[o.Paint])
	case SetWidth:
		return fmt.Sprintf("width %.2f", o)
	case SetStroke:
		return fmt.Sprintf("stroke %d", o)
	case SetFill:
		return fmt.Sprintf("fill %d", o)
	case SetDash:
		return fmt.Sprintf("dash %v", []float64(o))
	case Begin:
		if o.Element == nil {
			return "begin furniture"
		}
		return strings.TrimSpace("begin " + o.Element.Tag + " " + o.Element.Attributes + o.Element.Alt)
	case End:
		return "end"
	case Turn:
		return fmt.Sprintf("turn %.2f° about %.2f, %.2f", o.Degrees, o.X, o.Y)
	case TurnEnd:
		return "turn end"
	case ExistingPage:
		return fmt.Sprintf("page %d of file %d", o.Page, o.File)
	case Bookmark:
		return fmt.Sprintf("bookmark %d at %.2f %s file %d", o.Level, o.Y, o.Text, o.File)
	}
	return fmt.Sprintf("%#v", o)
}

var paintNames = map[Paint]string{Edge: "edge", Inside: "inside", Both: "edge and inside"}

// layouts are those of the cases, of documents that are hard to place, and of one that is stamped on another.
func layouts(t *testing.T) map[string]*Layout {
	t.Helper()
	out := map[string]*Layout{}
	for name, docs := range cases(t) {
		out[name] = laid(t, docs...)
	}
	out["odd"] = laid(t, oddTables())
	own, _, err := Render(fonts(t), "自課", day, long("自課", 60))
	if err != nil {
		t.Fatal(err)
	}
	file := document.Attachment{Name: "自課", Data: own}
	stamped := document.Document{Title: "自課", Number: "資料3", Handling: "取扱注意", Watermark: "案"}
	stamped.Existing = &file
	before := long("先", 3)
	before.Attached = []document.Attachment{file}
	out["stamped"] = laid(t, before, stamped)
	return out
}

func TestOpsLieOnThePage(t *testing.T) {
	for name, l := range layouts(t) {
		for k, p := range l.Pages {
			turn := Turn{}
			for _, o := range p.Ops {
				switch o := o.(type) {
				case Turn:
					turn = o
				case TurnEnd:
					turn = Turn{}
				}
				for _, c := range corners(o) {
					x, y := rotated(turn, c[0], c[1])
					if x < 0 || y < 0 || x > p.Width || y > p.Height || math.IsNaN(x+y) {
						t.Errorf("%s, page %d of %.0f × %.0f: %.1f, %.1f of %s", name, k+1, p.Width, p.Height, x, y, written(o))
					}
				}
			}
		}
	}
}

// corners are the outermost points of what a step draws.
func corners(o Op) (out [][2]float64) {
	switch o := o.(type) {
	case Text:
		for _, r := range o.Runs {
			top, bottom := r.Y-r.Size*0.85, r.Y+r.Size*0.15
			out = append(out, [][2]float64{{r.X, top}, {r.X + r.Width, top}, {r.X, bottom}, {r.X + r.Width, bottom}}...)
		}
	case Line:
		out = [][2]float64{{o.X1, o.Y1}, {o.X2, o.Y2}}
	case Rect:
		out = [][2]float64{{o.X, o.Y}, {o.X + o.W, o.Y + o.H}}
	case Circle:
		out = [][2]float64{{o.X - o.R, o.Y - o.R}, {o.X + o.R, o.Y + o.R}}
	case Bookmark:
		out = [][2]float64{{0, o.Y}}
	}
	return out
}

// rotated is where a turn takes a point.
func rotated(by Turn, x, y float64) (float64, float64) {
	sin, cos := math.Sincos(by.Degrees * math.Pi / 180)
	x, y = x-by.X, y-by.Y
	return by.X + x*cos + y*sin, by.Y - x*sin + y*cos
}

// Everything that is drawn belongs to one element or is furniture; what begins ends, on the same page.
func TestMarksAreBalanced(t *testing.T) {
	for name, l := range layouts(t) {
		known := elements(l.root)
		for k, p := range l.Pages {
			open, turned := false, false
			for i, o := range p.Ops {
				switch o := o.(type) {
				case Begin:
					if open || o.Element != nil && !known[o.Element] {
						t.Errorf("%s, page %d, step %d: %s within another, or of an unknown element", name, k+1, i, written(o))
					}
					open = true
				case End:
					if !open {
						t.Errorf("%s, page %d, step %d: an end without a beginning", name, k+1, i)
					}
					open = false
				case Turn, TurnEnd:
					_, turns := o.(Turn)
					if turns == turned || !open {
						t.Errorf("%s, page %d, step %d: %s", name, k+1, i, written(o))
					}
					turned = turns
				case Text, Line, Rect, Circle:
					if !open {
						t.Errorf("%s, page %d, step %d: belongs to nothing: %s", name, k+1, i, written(o))
					}
				}
			}
			if open || turned {
				t.Errorf("%s, page %d: something does not end", name, k+1)
			}
		}
	}
}

func elements(root *Element) map[*Element]bool {
	out := map[*Element]bool{root: true}
	for _, k := range root.Kids {
		for e := range elements(k) {
			out[e] = true
		}
	}
	return out
}

// A shape's pen says what the steps before it have set: a writer may follow either.
func TestPensAreWhatWasSet(t *testing.T) {
	for name, l := range layouts(t) {
		set := Pen{}
		for k, p := range l.Pages {
			for i, o := range p.Ops {
				pen := set
				switch o := o.(type) {
				case SetWidth:
					set.Width = float64(o)
				case SetStroke:
					set.Stroke = int(o)
				case SetFill:
					set.Fill = int(o)
				case SetDash:
					set.Dash = []float64(o)
				case Line:
					pen = o.Pen
				case Rect:
					pen = o.Pen
				case Circle:
					pen = o.Pen
				}
				if len(corners(o)) > 0 && !reflect.DeepEqual(pen, set) {
					t.Errorf("%s, page %d, step %d: %+v, and %+v was set", name, k+1, i, pen, set)
				}
			}
		}
	}
}

// Every word of a document is drawn once, in the element that it belongs to, in the order of the document.
func TestOpsSayTheText(t *testing.T) {
	for name, docs := range cases(t) {
		l := laid(t, docs...)
		said := map[*Element]string{}
		for _, p := range l.Pages {
			var in *Element
			for _, o := range p.Ops {
				switch o := o.(type) {
				case Begin:
					in = o.Element
				case Text:
					if in != nil {
						said[in] += textOf(o)
					}
				}
			}
		}
		var want strings.Builder
		for _, d := range docs {
			want.WriteString(squeezed(d.Number + strings.Join(d.Box, "") + d.Title + blocksText(d.Blocks)))
		}
		if got := squeezed(spoken(l.root, said)); got != want.String() {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want.String())
		}
	}
}

func textOf(t Text) string {
	out := ""
	for _, r := range t.Runs {
		out += r.Text
	}
	return out
}

func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

// spoken is the text of an element and of those below it; of a figure, what is told in its place.
func spoken(e *Element, said map[*Element]string) string {
	out := said[e]
	if e.Tag == "Figure" {
		out = e.Alt
	}
	for _, k := range e.Kids {
		out += spoken(k, said)
	}
	return out
}

func blocksText(blocks []document.Block) string {
	out := ""
	for _, b := range blocks {
		out += b.Number + b.Label + document.Plain(b.Spans) + itemsText(b.Items) + blocksText(b.Blocks)
		if t := b.Table; t != nil {
			out += t.Caption + t.Unit
			for _, row := range slices.Concat(t.Head, t.Rows) {
				for _, c := range row.Cells {
					out += c.Text
				}
			}
			out += strings.Join(t.Legend, "") + strings.Join(t.Notes, "")
		}
		if c := b.Chart; c != nil {
			out += c.Caption + c.Caption + c.Unit
			for _, s := range c.Series {
				out += s.Name
				for i, text := range s.Texts {
					out += c.Categories[i] + text
				}
			}
			out += strings.Join(c.Notes, "")
		}
	}
	return out
}

func itemsText(items []document.Item) string {
	out := ""
	for _, it := range items {
		out += it.Marker + document.Plain(it.Spans) + itemsText(it.Items)
	}
	return out
}

// A figure draws all that stands in its place.
func TestFiguresDrawTheirTexts(t *testing.T) {
	for name, docs := range cases(t) {
		drawn := ""
		for _, p := range laid(t, docs...).Pages {
			for _, o := range p.Ops {
				if o, ok := o.(Text); ok {
					drawn += textOf(o) + "\n"
				}
			}
		}
		for _, b := range docs[0].Blocks {
			if b.Chart == nil {
				continue
			}
			want := append([]string{b.Chart.Unit}, strings.Split(strings.Join(b.Chart.Categories, "\n"), "\n")...)
			for _, s := range b.Chart.Series {
				for i, text := range s.Texts {
					if b.Chart.Kind != document.StackedChart || s.Values[i] != "" { // what has no value has no place in a stack
						want = append(want, text)
					}
				}
			}
			for _, w := range want {
				if !strings.Contains(drawn, w+"\n") {
					t.Errorf("%s: %s is not drawn", name, w)
				}
			}
		}
	}
}

// Writing changes no layout: it may be written again, and in another form.
func TestLayoutIsWrittenTwice(t *testing.T) {
	for name, l := range layouts(t) {
		before := listing(l)
		first, err := writePDF(l, "題", day, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := writePDF(l, "題", day, nil)
		if err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: the second PDF differs (%v)", name, err)
		}
		if after := listing(l); after != before {
			t.Errorf("%s: %s", name, difference(after, before))
		}
	}
}
