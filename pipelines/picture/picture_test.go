package picture

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// forms are one form with a yearly field and others.
func forms(t *testing.T) []form.Form {
	t.Helper()
	out, err := form.Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// small is a workbook with all that a sheet can have, and a reading of it by hand.
func small(t *testing.T) Reading {
	t.Helper()
	data := workbooktest.Write(t,
		workbooktest.Sheet{
			Name: "調査票",
			Rows: [][]any{
				{"令和6年度　成果指標調査票", nil, nil, nil, nil, nil, nil},
				{"課名", "人事課", nil, nil, "（単位：人）", nil, "社内用"},
				{"No.", "指標名", "実績値", nil, "備考", "達成率", "予算額"},
				{nil, nil, "令和5年度", "令和6年度", nil, nil, nil},
				{"柱1　人づくり", nil, nil, nil, nil, nil, nil},
				{1, "例）研修の受講者数", 10, nil, nil, nil, nil},
				{2, "研修の受講者数\n（累計）", 1200, "1,5OO", "<b>増</b> & \"減\"", nil, 500},
				{3, "相談の件数", "－", 7, nil, 0.5, nil},
				{"計", nil, 1200, nil, nil, nil, nil},
				{"※ 年度末の値"},
				{"達成率の書き方は手引による"},
			},
			Merged:   [][2]string{{"A1", "G1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"A5", "G5"}},
			Formulas: map[string]string{"D9": "SUM(D7:D8)"}, HiddenRows: []int{6}, HiddenColumns: []string{"G"},
		},
		workbooktest.Sheet{Name: "控え", Rows: [][]any{{"メモ"}}, Hidden: true},
		workbooktest.Sheet{Name: "白紙"},
	)
	grid, err := workbook.Open("調査票.xlsx", data, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	w := &record.Workbook{
		Path: "inputs/八戸市/令和6年度/総務部/人事課/調査票.xlsx", SHA256: strings.Repeat("0f", 32), Municipality: "八戸市",
		FiscalYear: 2024, Bureau: "総務部", Department: "人事課", Forms: []string{"A"}, Status: record.StatusRead,
		Stated: []record.Field{{Name: "stated_department", Text: "人事課", Sheet: "調査票", Cell: "B2"}},
		Findings: []record.Finding{
			{Severity: record.Info, Sheet: "調査票", Cell: "I2", Message: "参考の文。"},
			{Severity: record.Warning, Sheet: "調査票", Cell: "D3", Message: "注意の文。"},
			{Severity: record.Error, Sheet: "調査票", Cell: "D7", Message: "「1,5OO」は数値として読めません。"},
			{Severity: record.Warning, Message: "ファイルについての注意。"},
		},
	}
	add := func(key string, excluded bool, fields ...record.Field) {
		for i := range fields {
			fields[i].Sheet = "調査票"
		}
		w.Records = append(w.Records, record.Record{
			Form: "A", Kind: "indicator", FiscalYear: 2024, Sheet: "調査票", Cell: fields[0].Cell, Key: key, Excluded: excluded,
			Fields: fields,
		})
	}
	add("a", true,
		record.Field{Name: "indicator", Text: "研修の受講者数\n（累計）", Value: "研修の受講者数（累計）", Cell: "B7"},
		record.Field{Name: "actual", Scope: "2023", Text: "1,200", Value: "1200", Unit: "人", Cell: "C7"},
		record.Field{Name: "goal", Text: "柱1　人づくり", Value: "柱1　人づくり", Cell: "A5"},
		record.Field{Name: "remarks", Text: "<b>増</b> & \"減\"", Value: "<b>増</b> & \"減\"", Cell: "E7"})
	add("b", false,
		record.Field{Name: "indicator", Text: "相談の件数", Value: "相談の件数", Cell: "B8"},
		record.Field{Name: "actual", Scope: "2024", Text: "7", Value: "7", Unit: "人", Comparator: "ge", Cell: "D8"},
		record.Field{Name: "target", Scope: record.WholePeriod, Text: "未定", Cell: "E8"},
		record.Field{Name: "goal", Text: "柱1　人づくり", Value: "柱1　人づくり", Cell: "A5"})
	claims := map[string]string{
		"A1": record.ClaimTitle, "A2": record.ClaimLabel, "B2": record.ClaimPreamble, "E2": record.ClaimPreamble,
		"G2": "", "A3": record.ClaimHead, "B3": record.ClaimHead, "C3": record.ClaimHead, "E3": record.ClaimHead,
		"F3": record.ClaimSkipped, "G3": record.ClaimUnread, "C4": record.ClaimHead, "D4": record.ClaimHead,
		"A5": record.ClaimSection, "A6": record.ClaimExample, "B6": record.ClaimExample, "C6": record.ClaimExample,
		"A7": record.ClaimTemplate, "B7": record.ClaimValue, "C7": record.ClaimValue, "D7": record.ClaimUnread,
		"E7": record.ClaimValue, "G7": record.ClaimUnread, "A8": record.ClaimTemplate, "B8": record.ClaimValue,
		"C8": record.ClaimBlankMark, "D8": record.ClaimValue, "F8": record.ClaimSkipped, "A9": record.ClaimTotal,
		"C9": record.ClaimTotal, "D9": record.ClaimTotal, "A10": record.ClaimNote, "A11": record.ClaimTemplate,
	}
	grid.Sheets[0].Each(func(row, col int, c workbook.Cell) {
		ref := grid.Sheets[0].Ref(row, col)
		claim, ok := claims[ref]
		if !ok {
			t.Fatalf("%s %q has no claim", ref, c.Text)
		}
		w.Cells = append(w.Cells, record.Cell{Sheet: "調査票", Ref: ref, Row: row + 1, Col: col + 1, Text: c.Text, Claim: claim})
	})
	return Reading{Grid: grid, Read: w, Forms: forms(t), MunicipalityFrom: "置き場所による", YearFrom: "置き場所による"}
}

// The page of a small workbook, as it is: read the difference before rewriting it.
func TestGolden(t *testing.T) {
	const file = "testdata/small.html"
	got := Page(small(t))
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("line %d:\n%s\nwant:\n%s", i+1, g[i], w[i])
			}
		}
		t.Fatalf("%d lines, want %d", len(g), len(w))
	}
}

// element is one tag of a page with its attributes.
type element struct {
	name       string
	attributes map[string]string
}

// parsed reads a page as XML, which it also is, into its elements and its text.
func parsed(t *testing.T, page string) (elements []element, text string) {
	t.Helper()
	page = strings.TrimPrefix(page, "<!DOCTYPE html>\n")
	d := xml.NewDecoder(strings.NewReader(page))
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements, b.String()
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			e := element{x.Name.Local, map[string]string{}}
			for _, a := range x.Attr {
				e.attributes[a.Name.Local] = a.Value
			}
			elements = append(elements, e)
		case xml.CharData:
			b.Write(x)
		}
	}
}

func byID(elements []element) map[string]element {
	out := map[string]element{}
	for _, e := range elements {
		if id := e.attributes["id"]; id != "" {
			out[id] = e
		}
	}
	return out
}

// A page runs nothing, fetches nothing and has its look in one element: a strict content policy changes nothing.
func TestNothingButClasses(t *testing.T) {
	page := string(Page(small(t)))
	elements, _ := parsed(t, page)
	styles := 0
	allowed := strings.Fields("id class rowspan colspan title href scope lang charset name content http-equiv tabindex " +
		"role aria-label aria-labelledby")
	for _, e := range elements {
		if slices.Contains(strings.Fields("script link img iframe object embed form input base svg font"), e.name) {
			t.Errorf("a page has <%s>", e.name)
		}
		if e.name == "style" {
			styles++
		}
		for name, value := range e.attributes {
			if !slices.Contains(allowed, name) {
				t.Errorf("<%s %s=%q>", e.name, name, value)
			}
			if name == "href" && !strings.HasPrefix(value, "#") {
				t.Errorf("a link leads outside: %s", value)
			}
		}
	}
	if styles != 1 {
		t.Errorf("%d style elements", styles)
	}
	style := page[strings.Index(page, "<style>")+len("<style>") : strings.Index(page, "</style>")]
	sum := sha256.Sum256([]byte(style))
	if !strings.Contains(page, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") {
		t.Error("the page's own policy does not allow its own style")
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") {
		t.Error("the style fetches something")
	}
}

var comment = regexp.MustCompile(`(?s)/\*.*?\*/`)

// The fragment and the stylesheet can be served apart: together they are the page, and no rule is about anything else.
func TestFragmentAndStylesheet(t *testing.T) {
	r := small(t)
	page, style := string(Page(r)), Stylesheet()
	if !strings.Contains(page, Fragment(r)) || !strings.Contains(page, style) {
		t.Error("the page is not made of the fragment and the stylesheet")
	}
	for _, m := range regexp.MustCompile(`([^{}]+)\{`).FindAllStringSubmatch(comment.ReplaceAllString(style, ""), -1) {
		for selector := range strings.SplitSeq(m[1], ",") {
			if s := strings.TrimSpace(selector); s != ".picture" && !strings.HasPrefix(s, ".picture ") && s != "@media print" {
				t.Errorf("%q is about more than the picture", s)
			}
		}
	}
	used := map[string]bool{}
	elements, _ := parsed(t, page)
	for _, e := range elements {
		for class := range strings.FieldsSeq(e.attributes["class"]) {
			used[class] = true
		}
	}
	for class := range used {
		if !regexp.MustCompile(`\.` + class + `\b`).MatchString(style) {
			t.Errorf("no rule is about the class %s", class)
		}
	}
}

// Every claim has a word and a mark of its own, is in the legend with its count, and can be read on its ground.
func TestEveryClaimIsShown(t *testing.T) {
	r := small(t)
	page, style := Fragment(r), Stylesheet()
	counts := Claims(r)
	marks, words := map[string]bool{}, map[string]bool{}
	if len(claims) != len(record.Claims) {
		t.Errorf("%d claims are shown, of %d", len(claims), len(record.Claims))
	}
	for _, name := range record.Claims {
		c := claimOf(name)
		if c.claim != name || c.word == "" || c.means == "" || len([]rune(c.mark)) != 1 || marks[c.mark] || words[c.word] {
			t.Errorf("%s: %+v", name, c)
		}
		marks[c.mark], words[c.word] = true, true
		if counts[name] == 0 {
			t.Errorf("the small workbook has no %s", name)
		}
		entry := fmt.Sprintf(
			`<li><span class="key c-%s">%s</span><b>%s</b><span class="count">%d</span>`, name, c.mark, c.word, counts[name],
		)
		if !strings.Contains(page, entry) {
			t.Errorf("%s is not in the legend", name)
		}
		if !strings.Contains(style, ".picture .c-"+name+"{background-color:"+c.colour) {
			t.Errorf("%s has no colour", name)
		}
		if n := strings.Count(page, "<small>"+c.mark+"</small>"); n != counts[name] {
			t.Errorf("%d cells are marked %s, want %d", n, c.mark, counts[name])
		}
		for _, ink := range []string{"#1d2733", "#46525f"} { // text and marks
			if ratio := contrast(t, ink, c.colour); ratio < 4.5 || !strings.Contains(style, "color: "+ink) {
				t.Errorf("%s on %s: %.2f", ink, name, ratio)
			}
		}
	}
	manual, err := os.ReadFile("../../docs/運用手引.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range claims {
		if line := "| " + c.mark + " | " + c.word + " | " + c.means + " |\n"; !strings.Contains(string(manual), line) {
			t.Errorf("the manual lacks %s", line)
		}
	}
	for _, g := range gravities {
		if marks[g.mark] {
			t.Errorf("the mark %s is a claim's and a finding's", g.mark)
		}
	}
}

// contrast is the ratio of two colours by WCAG.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light := func(colour string) float64 {
		n, err := strconv.ParseUint(colour[1:], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		linear := func(v uint64) float64 {
			x := float64(v) / 255
			if x <= 0.04045 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(n>>16&255) + 0.7152*linear(n>>8&255) + 0.0722*linear(n&255) + 0.05
	}
	x, y := light(a), light(b)
	return max(x, y) / min(x, y)
}

// resolved fails where a link leads nowhere or two things have one id, and returns where links lead.
func resolved(t *testing.T, page string) map[string]bool {
	t.Helper()
	elements, _ := parsed(t, page)
	ids, links := map[string]bool{}, map[string]bool{}
	for _, e := range elements {
		id := e.attributes["id"]
		if ids[id] && id != "" {
			t.Errorf("two things are called %s", id)
		}
		ids[id] = true
	}
	for _, e := range elements {
		for _, name := range []string{"href", "aria-labelledby"} {
			target := strings.TrimPrefix(e.attributes[name], "#")
			if !ids[target] && target != "" {
				t.Errorf("%s=%s leads nowhere", name, target)
			}
			links[target] = true
		}
	}
	return links
}

// Every link leads to what there is, and no two things have one id.
func TestLinksResolve(t *testing.T) {
	links := resolved(t, Fragment(small(t)))
	for _, want := range []string{"s1-C7", "s1-D7", "s1-C3", "s1-I2", "f1", "f2", "f4", "s1", "s2", "s3"} {
		if !links[want] {
			t.Errorf("no link leads to %s", want)
		}
	}
}

// Real workbooks, as they are read, have pages that are well formed and whole.
func TestSamplePages(t *testing.T) {
	all := forms(t)
	pages := 0
	err := filepath.WalkDir("../../inputs/八戸市/令和6年度", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		w := &record.Workbook{Path: path, FiscalYear: 2024}
		form.Read(all, w, data, limits.Default())
		r := Reading{Read: w, Forms: all}
		r.Grid, _ = workbook.Open(path, data, limits.Default())
		links := resolved(t, Fragment(r))
		p := newPainter(r)
		for i := range w.Records {
			for _, f := range w.Records[i].Fields {
				sheet := p.sheetNumber(f.Sheet)
				if row, col, ok := placeOf(f.Cell); ok {
					s := r.Grid.Sheets[sheet-1]
					if id := cellID(sheet, s.Ref(s.Origin(row, col))); !links[id] {
						t.Errorf("%s: no link leads to %s", path, id)
					}
				}
			}
		}
		pages++
		return nil
	})
	if err != nil || pages < 10 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

// What stands in a sheet, a name or a finding is text, whatever it looks like.
func TestEscaping(t *testing.T) {
	const hostile = "</td></style><script>alert('1')</script>\"' onmouseover='x' &amp; \x00\u202E\x1b\r"
	const csv = `"</td></style><script>alert('1')</script>"" onmouseover='x' &amp;",2` + "\n"
	grid, err := workbook.Open("a.csv", []byte(csv), limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	w := &record.Workbook{
		Path: hostile, Municipality: hostile, Bureau: hostile, Forms: []string{hostile}, Status: record.StatusRead,
		Records: []record.Record{{Form: hostile, Sheet: grid.Sheets[0].Name, Cell: "A1", Fields: []record.Field{
			{Name: hostile, Scope: hostile, Text: hostile + "2", Value: hostile, Unit: hostile, Cell: "A1"},
			{Name: hostile, Value: "1", Cell: hostile},
		}}},
		Stated: []record.Field{{Text: hostile}},
		Cells:  []record.Cell{{Sheet: grid.Sheets[0].Name, Ref: "A1", Claim: record.ClaimValue, Formula: hostile}},
		Findings: []record.Finding{
			{Severity: hostile, Sheet: hostile, Cell: hostile, Message: hostile},
			{Severity: record.Error, Sheet: grid.Sheets[0].Name, Cell: "A1", Message: hostile},
		},
	}
	page := string(Page(Reading{Grid: grid, Read: w, MunicipalityFrom: hostile, YearFrom: hostile}))
	elements, text := parsed(t, page)
	for _, e := range elements {
		if e.name == "script" || e.attributes["onmouseover"] != "" {
			t.Errorf("<%s %v>", e.name, e.attributes)
		}
	}
	if strings.ContainsAny(page, "\x00\x1b\r\u202E") {
		t.Error("a control character is in the page")
	}
	if n := strings.Count(text, "<script>alert('1')</script>"); n < 10 {
		t.Errorf("the text is shown %d times", n)
	}
	if got := esc("a\r\nb\x00c\u202Ed\u2066e\x7Ff<&'\""); got != "a\nb\uFFFDc\uFFFDd\uFFFDe\uFFFDf&lt;&amp;&#39;&#34;" {
		t.Errorf("%q", got)
	}
}
