package brief

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"golang.org/x/text/width"

	"kyogikai/pipelines/document"
)

// markdown turns the executed text into blocks. Headings are numbered 1, (1), ①, ア.
func (r *renderer) markdown(src []byte) ([]document.Block, error) {
	root := goldmark.DefaultParser().Parse(text.NewReader(src))
	w := mdWalker{r: r, src: src, texts: map[string]int{}}
	if err := w.refuse(root); err != nil {
		return nil, err
	}
	return w.children(root, false)
}

// refuse finds what this Markdown does not know and would print raw or drop: pipe tables, pictures, HTML, links, code.
func (w *mdWalker) refuse(root ast.Node) error {
	return ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		what := ""
		switch n := n.(type) {
		case *ast.RawHTML:
			what = "HTML"
		case *ast.Image:
			what = "図"
		case *ast.Link, *ast.AutoLink:
			what = "リンク"
		case *ast.CodeSpan:
			what = "コード"
		case *ast.Paragraph:
			if strings.HasPrefix(strings.TrimSpace(string(n.Lines().Value(w.src))), "|") {
				what = "縦棒の表（表は ```table で書く）"
			}
		}
		if what == "" || !entering {
			return ast.WalkContinue, nil
		}
		at := n
		for at.Type() == ast.TypeInline && at.Parent() != nil {
			at = at.Parent()
		}
		return ast.WalkStop, w.unknown(at, what)
	})
}

// unknown says that a block holds something that cannot be written here.
func (w *mdWalker) unknown(n ast.Node, what string) error {
	line := w.r.source.offset + 1
	if n.Lines() != nil && n.Lines().Len() > 0 {
		line += strings.Count(string(w.src[:n.Lines().At(0).Start]), "\n")
	}
	return &Error{
		Where: fmt.Sprintf("%s:%d", w.r.source.file, line), What: "ここに書けない書き方です（" + what + "）",
		Do: "見出し、段落、箇条書き、引用（ポイント）か、行の頭から始まる ```table、```chart、```page、```right、```title で書いてください。",
	}
}

type mdWalker struct {
	r        *renderer
	src      []byte
	counters [7]int
	place    string         // the numbers of the headings above: 3(2), with the label of a box
	texts    map[string]int // texts met in each place
	values   []placed       // of the text that is being read
	ungiven  []Ungiven      // likewise
}

func (w *mdWalker) children(parent ast.Node, inBox bool) ([]document.Block, error) {
	var out []document.Block
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		b, err := w.block(n, inBox)
		if err != nil {
			return nil, err
		}
		if b.Kind != "" {
			out = append(out, b)
		}
	}
	return out, nil
}

func (w *mdWalker) block(n ast.Node, inBox bool) (document.Block, error) {
	switch n := n.(type) {
	case *ast.Heading:
		number := w.number(n.Level)
		w.place = w.path()
		spans := w.figures(n)
		w.r.at.next(spans)
		return document.Block{Kind: document.Heading, Level: n.Level, Number: number, Spans: spans}, nil
	case *ast.List:
		return document.Block{Kind: document.List, Items: w.items(n, inBox, 0)}, nil
	case *ast.ThematicBreak:
		return document.Block{Kind: document.PageBreak}, nil
	case *ast.Blockquote:
		return w.box(n)
	case *ast.Paragraph, *ast.TextBlock:
		spans := w.figures(n)
		plain := document.Plain(spans)
		if i, ok := fenceIndex(plain); ok {
			f := w.r.source.fences[i]
			if f.kind == "title" { // an appendix numbers its headings anew
				clear(w.counters[:])
				w.place = "別紙"
			}
			return w.r.fenced(f)
		}
		w.r.at.next(spans)
		if strings.HasPrefix(plain, "※") {
			return document.Block{Kind: document.Note, Spans: spans}, nil
		}
		if plain == "" {
			return document.Block{}, nil
		}
		return document.Block{Kind: document.Paragraph, Spans: spans}, nil
	}
	return document.Block{}, w.unknown(n, n.Kind().String())
}

// number counts headings of a level; a heading begins the numbers of lower levels anew.
func (w *mdWalker) number(level int) string {
	w.counters[level]++
	for i := level + 1; i < len(w.counters); i++ {
		w.counters[i] = 0
	}
	return headingNumber(level, w.counters[level])
}

func headingNumber(level, n int) string {
	switch level {
	case 1:
		return strconv.Itoa(n)
	case 2:
		return "(" + strconv.Itoa(n) + ")"
	case 3:
		return circled(n)
	}
	return kana(n)
}

const katakana = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"

// kana counts アイウ…; past the last, アア.
func kana(n int) string {
	letters := []rune(katakana)
	if n > len(letters) {
		return kana((n-1)/len(letters)) + kana((n-1)%len(letters)+1)
	}
	return string(letters[n-1])
}

// ordinal is the number of an entry: ① outermost, then ア, then (ｱ).
func ordinal(depth, n int) string {
	switch {
	case depth == 0 || n < 1:
		return circled(n)
	case depth == 1:
		return kana(n)
	}
	return "(" + width.Narrow.String(kana(n)) + ")"
}

func circled(n int) string {
	if n < 1 || n > 20 {
		return "(" + strconv.Itoa(n) + ")"
	}
	return string(rune('①' + n - 1))
}

// box is a block quotation: its first line, in strong letters, is its label.
func (w *mdWalker) box(n *ast.Blockquote) (document.Block, error) {
	b := document.Block{Kind: document.Box}
	first := n.FirstChild()
	if p, ok := first.(*ast.Paragraph); ok {
		if spans := w.spans(p); len(spans) == 1 && spans[0].Strong {
			b.Label = spans[0].Text
			n.RemoveChild(n, first)
		}
	}
	before := w.place
	w.place += b.Label
	var err error
	b.Blocks, err = w.children(n, true)
	b.Hidden = b.Label == hiddenLabel
	w.place = before
	return b, err
}

// items of a list: ①②③ for a numbered list, ア and (ｱ) for those within, ✓ in a box, else ・.
func (w *mdWalker) items(l *ast.List, inBox bool, depth int) []document.Item {
	var out []document.Item
	for li := l.FirstChild(); li != nil; li = li.NextSibling() {
		it, own := document.Item{Marker: "・"}, w.r.at
		if inBox {
			it.Marker = "✓"
		}
		if l.IsOrdered() {
			it.Marker = ordinal(depth, l.Start+len(out))
		}
		for c := li.FirstChild(); c != nil; c = c.NextSibling() {
			if sub, ok := c.(*ast.List); ok {
				it.Items = w.items(sub, false, depth+1)
				continue
			}
			here := w.r.at
			w.r.at = own
			spans := w.figures(c)
			if w.r.at = here; len(it.Spans) == 0 {
				w.r.at.next(spans)
			}
			it.Spans = append(it.Spans, spans...)
		}
		out = append(out, it)
	}
	return out
}

// path is the numbers of the headings that a text stands under: 3(2)①.
func (w *mdWalker) path() string {
	out := ""
	for level, n := range w.counters {
		if n > 0 {
			out += headingNumber(level, n)
		}
	}
	return out
}

// figures are the inline text of a block whose values are figures of the paper.
func (w *mdWalker) figures(n ast.Node) []document.Span {
	w.values, w.ungiven = nil, nil
	spans := w.spans(n)
	if plain := document.Plain(spans); plain != "" {
		w.texts[w.place]++
		row := fmt.Sprintf("%s-%d", w.place, w.texts[w.place])
		figures, words := 0, 0
		for _, v := range w.values {
			column := ""
			if hasDigit(v.text) {
				figures++
				column = strconv.Itoa(figures)
			} else if v.judged() {
				words++
				column = "語" + strconv.Itoa(words)
			}
			w.r.register(ProseTable, row, column, "", []placed{v})
		}
		for _, u := range w.ungiven {
			u.Address = strings.Join([]string{w.r.prefix, ProseTable, segment(row)}, "/")
			w.r.ungiven = append(w.r.ungiven, u)
		}
	}
	return spans
}

// spans are the inline text of a block, with the values put back. A line break in the source joins: Japanese has no
// spaces between words.
func (w *mdWalker) spans(n ast.Node) []document.Span {
	var out []document.Span
	var walk func(n ast.Node, as document.Span)
	add := func(s string, as document.Span) {
		if s == "" {
			return
		}
		if k := len(out) - 1; k >= 0 && out[k].Strong == as.Strong && out[k].Raised == as.Raised {
			out[k].Text += s
			return
		}
		as.Text = s
		out = append(out, as)
	}
	walk = func(n ast.Node, as document.Span) {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			switch c := c.(type) {
			case *ast.Text:
				add(string(c.Segment.Value(w.src)), as)
			case *ast.String:
				add(string(c.Value), as)
			case *ast.Emphasis:
				walk(c, document.Span{Strong: as.Strong || c.Level == 2, Raised: as.Raised || c.Level == 1})
			default:
				walk(c, as)
			}
		}
	}
	walk(n, document.Span{})
	var above string
	var ends []int // of the values, by the spans behind which they stand
	for i := range out {
		marked := unescape(out[i].Text)
		w.ungiven = append(w.ungiven, ungiven(marked)...)
		text, values := w.r.resolve(marked)
		for k := range values {
			values[k].above = above
		}
		out[i].Text, above = text, above+text
		w.values, ends = append(w.values, values...), append(ends, slices.Repeat([]int{len(above)}, len(values))...)
	}
	for k, end := range ends {
		w.values[len(w.values)-len(ends)+k].below = above[end:]
	}
	return out
}

// unescape takes the backslash off escaped ASCII punctuation, which the parser leaves in its segments.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\\`*_{}[]()#+-.!<>|~", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func fenceIndex(s string) (int, bool) {
	s = strings.TrimSpace(s)
	inner, ok := strings.CutPrefix(s, string(fenceMark))
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(strings.TrimSuffix(inner, string(fenceMark)))
	return i, err == nil
}
