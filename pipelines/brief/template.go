package brief

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/yamlfile"
)

// source is a template file: front matter, Markdown, and what stands in fenced blocks: tables, charts, pages.
type source struct {
	file   string
	front  front
	body   string
	offset int // lines before the body
	lines  map[string]queryLine
	fences []fenced
}

type front struct {
	Title      string            `yaml:"title"`
	Sheet      string            `yaml:"sheet"`      // of the first page: landscape, A3; A4 portrait unless told
	Parameters map[string]any    `yaml:"parameters"` // defaults; the meeting's parameters hold
	Pages      string            `yaml:"pages"`      // "x/y" prints 1 / 12; - 1 - unless told
	Head       string            `yaml:"head"`       // at the top of every page but the first
	Hanging    bool              `yaml:"hanging"`    // 、 and 。 may hang out of a line
	Queries    map[string]string `yaml:"queries"`
	Snippets   map[string]string `yaml:"snippets"` // texts used more than once
}

// fenced is a block of its own language: table and chart in YAML, page with the name of a sheet, right with a text,
// title with 別紙 and the title of an appendix.
type fenced struct {
	kind string
	line int
	text string
}

var fence = regexp.MustCompile("(?ms)^```(table|chart|page|right|title)[ \t]*\n(.*?)^```[ \t]*$")

// A value in the text and a fenced block among the others pass through Markdown as private characters around a number,
// so that no sign in a value is taken for Markdown.
const (
	valueOpen, valueClose = '\uE000', '\uE001'
	fenceMark             = '\uE002'
)

func readSource(fsys fs.FS, name string) (source, error) {
	file := path.Join(briefsDir, name)
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return source{}, &Error{Where: file, What: "ひな形がありません", Do: "ファイルを置くか、会議の設定の brief を直してください。", Cause: err}
	}
	text, err := yamlfile.Text(file, data)
	if err != nil {
		return source{}, yamlErrors("ひな形", err)
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if !strings.HasPrefix(text, "---\n") {
		return source{}, &Error{Where: file + ":1", What: "前書き（--- で囲んだYAML）がありません", Do: "title と queries を書いてください。"}
	}
	head, body, found := strings.Cut(text[4:], "\n---\n")
	if !found {
		return source{}, &Error{Where: file, What: "前書きが --- で終わっていません", Do: "--- の行を足してください。"}
	}
	s := source{file: file, offset: strings.Count(head, "\n") + 3, lines: queryLines(head)}
	if err := decodeYAML(file, 1, "前書き", []byte(head), &s.front); err != nil {
		return source{}, err
	}
	if !slices.Contains(sheetNames, s.front.Sheet) {
		return source{}, unknownSheet(file, s.front.Sheet)
	}
	s.body = s.cutFences(body)
	return s, nil
}

// sheetNames are the kinds of pages: A4 portrait where none is named.
var sheetNames = []string{"", "landscape", "A3"}

func unknownSheet(where, name string) error {
	return &Error{Where: where, What: "紙「" + name + "」は使えません", Do: "landscape（横）、A3、または空（A4縦）にしてください。"}
}

// cutFences replaces each fenced block by a mark of as many lines.
func (s *source) cutFences(body string) string {
	var out strings.Builder
	last := 0
	for _, m := range fence.FindAllStringSubmatchIndex(body, -1) {
		out.WriteString(body[last:m[0]])
		// An empty line before and after: what stands close to a fence is no part of its paragraph.
		fmt.Fprintf(&out, "\n%c%d%c", fenceMark, len(s.fences), fenceMark)
		out.WriteString(strings.Repeat("\n", strings.Count(body[m[0]:m[1]], "\n")-1))
		s.fences = append(s.fences, fenced{body[m[2]:m[3]], s.offset + strings.Count(body[:m[4]], "\n") + 1, body[m[4]:m[5]]})
		last = m[1]
	}
	out.WriteString(body[last:])
	return out.String()
}

// Paper is one item's paper and the figures that it prints.
type Paper struct {
	Document   document.Document
	Figures    []Figure
	Queries    map[string]string // the template's queries, by name
	Parameters map[string]any    // what they are asked with
	Ungiven    []Ungiven         // figures in the prose that no query gave
}

// Render makes one item's paper. Its values come from the queries of its template.
func Render(ctx context.Context, fsys fs.FS, m Meeting, it Item, on Querier) (Paper, error) {
	if err := knownNames(ctx, fsys, m, on); err != nil {
		return Paper{}, err
	}
	f, err := factsOf(ctx, m, on)
	if err != nil {
		return Paper{}, err
	}
	return render(ctx, fsys, m, it, on, f)
}

func render(ctx context.Context, fsys fs.FS, m Meeting, it Item, on Querier, f *facts) (Paper, error) {
	s, err := readSource(fsys, it.Brief)
	if err != nil {
		return Paper{}, err
	}
	params := map[string]any{"municipality": m.Municipality}
	for _, from := range []map[string]any{s.front.Parameters, it.Parameters} {
		for k, v := range from {
			params[k] = v
		}
	}
	r := renderer{
		source: s, meeting: m, prefix: segment(m.ID) + "/" + segment(it.Key()), ids: map[string]int{},
		formerRows: map[string]int{},
		values: &values{
			ctx: ctx, file: s.file, on: on, queries: s.front.Queries, lines: s.lines, params: params,
			done: map[string]warehouse.Result{}, facts: f.reporting(params),
		},
	}
	if !usesSymbols(s.front.Queries) {
		r.negative = f.negative
	}
	blocks, err := r.blocks()
	if err != nil {
		return Paper{}, err
	}
	r.renumber(blocks)
	r.address()
	r.locate(blocks)
	if note := revisedNote(inProse(r.figures)); note != "" {
		blocks = append(blocks, document.Block{Kind: document.Note, Spans: []document.Span{{Text: note}}})
	}
	for _, note := range natureNotes(inProse(r.figures)) {
		blocks = append(blocks, document.Block{Kind: document.Note, Spans: []document.Span{{Text: note}}})
	}
	if note := r.signNote(inProse(r.figures)); note != "" {
		blocks = append(blocks, document.Block{Kind: document.Note, Spans: []document.Span{{Text: note}}})
	}
	title := s.front.Title
	if title == "" {
		title = it.Title
	}
	attached, err := attachments(fsys, it)
	if err != nil {
		return Paper{}, err
	}
	d := document.Document{
		Title: title, Sheet: s.front.Sheet, Number: it.Paper, Box: []string{m.Kind, fiscal.WarekiDate(m.Date), it.Department},
		Numbered: true, OfPages: s.front.Pages == "x/y", Head: s.front.Head, Hanging: s.front.Hanging, Blocks: blocks,
		Attached: attached,
	}
	it.marks(&d)
	return Paper{
		Document: d,
		Figures:  r.figures, Queries: s.front.Queries, Parameters: params, Ungiven: r.ungiven,
	}, nil
}

// inProse are the figures of the text.
func inProse(all []Figure) []Figure {
	var out []Figure
	for _, f := range all {
		if f.Table == ProseTable {
			out = append(out, f)
		}
	}
	return out
}

// attachments reads the PDFs that stand behind an item's paper.
func attachments(fsys fs.FS, it Item) ([]document.Attachment, error) {
	var out []document.Attachment
	for _, name := range it.Attached {
		file := path.Join(meetingsDir, name)
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, &Error{Where: file, What: "別添のPDFがありません", Do: "ファイルを置くか、会議の設定の attached を直してください。", Cause: err}
		}
		out = append(out, document.Attachment{Name: strings.TrimSuffix(path.Base(name), ".pdf"), Data: data})
	}
	for i := range out {
		if it.Paper == "" {
			break
		}
		if out[i].Stamp = it.Paper + "　別添"; len(out) > 1 {
			out[i].Stamp += strconv.Itoa(i + 1)
		}
	}
	return out, nil
}

// ItemPaper is the paper of one item of a meeting.
type ItemPaper struct {
	Item Item
	Paper
}

// RenderAll makes the papers of all items of a meeting that have a template.
func RenderAll(ctx context.Context, fsys fs.FS, m Meeting, on Querier) ([]ItemPaper, error) {
	if err := knownNames(ctx, fsys, m, on); err != nil {
		return nil, err
	}
	f, err := factsOf(ctx, m, on)
	if err != nil {
		return nil, err
	}
	var out []ItemPaper
	for _, it := range m.Items {
		var p Paper
		switch {
		case it.PDF != "":
			p, err = existing(fsys, it)
		case it.Brief != "":
			p, err = render(ctx, fsys, m, it, on, f)
		default:
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ItemPaper{it, p})
	}
	return out, m.references(out)
}

// Template is the file of an item's template.
func (i Item) Template() string { return path.Join(briefsDir, i.Brief) }

type renderer struct {
	meeting Meeting
	source  source
	values  *values
	shown   []tracked // the values, in the order in which they appear

	negative string // the sign of negative numbers, "" for the plain −

	at      spot     // of what is being made
	prefix  string   // of the addresses of this paper's figures
	figures []Figure // in the order in which they stand
	ungiven []Ungiven
	tables  int
	omitted []string // captions of charts that have too little to show, and are not there

	tableStart int            // the first figure of the table or chart that is being made
	tableID    string         // its id, and how addresses call it
	tableName  string         //
	rows       []rowWords     // its rows
	ids        map[string]int // how many tables and charts have an id
	formerRows map[string]int // how many rows of a table had a label in addresses before
}

func (r *renderer) blocks() ([]document.Block, error) {
	text, err := r.execute()
	if err != nil {
		return nil, err
	}
	return r.markdown([]byte(text))
}

// execute runs the template over the text; every value that it would print goes through Markdown as a mark.
func (r *renderer) execute() (string, error) {
	out, err := r.run(path.Base(r.source.file), r.source.body, nil)
	if err != nil {
		return "", templateError(r.source.file, r.source.offset, err)
	}
	return out, nil
}

// run executes one template; the values that it prints are marks in the text that comes out.
func (r *renderer) run(name, src string, dot any) (string, error) {
	functions := r.functions()
	functions["emit"] = func(v any) (string, error) {
		t, ok := v.(tracked)
		switch {
		case v == nil:
			return "", errEmpty
		case !ok:
			t = tracked{text: fmt.Sprint(v)}
		}
		r.shown = append(r.shown, t)
		return string(valueOpen) + strconv.Itoa(len(r.shown)-1) + string(valueClose), nil
	}
	t, err := template.New(name).Option("missingkey=error").Funcs(functions).Parse(src)
	if err != nil {
		return "", err
	}
	emitAll(t.Root)
	var out bytes.Buffer
	if err := t.Execute(&out, dot); err != nil {
		return "", err
	}
	return out.String(), nil
}

// functions are those of the values, and snippet, which runs a text of the front matter.
func (r *renderer) functions() template.FuncMap {
	functions := r.values.functions()
	functions["paper"] = r.meeting.paper
	functions["snippet"] = func(name string) (string, error) {
		text, ok := r.source.front.Snippets[name]
		if !ok {
			return "", &valueError{"文「" + name + "」がありません", "前書きの snippets に書いてください。"}
		}
		return r.text(r.source.file+" の snippets."+name, text, nil)
	}
	return functions
}

// emitAll appends 「| emit」 to every action that prints, as html/template appends its escapers.
func emitAll(node parse.Node) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			emitAll(child)
		}
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			n.Pipe.Cmds = append(n.Pipe.Cmds, &parse.CommandNode{
				NodeType: parse.NodeCommand, Pos: n.Pos,
				Args: []parse.Node{parse.NewIdentifier("emit").SetPos(n.Pos)},
			})
		}
	case *parse.IfNode:
		emitAll(n.List)
		emitAll(n.ElseList)
	case *parse.RangeNode:
		emitAll(n.List)
		emitAll(n.ElseList)
	case *parse.WithNode:
		emitAll(n.List)
		emitAll(n.ElseList)
	}
}
