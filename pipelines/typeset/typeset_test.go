package typeset

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/trial"
)

var day = time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC)

func fonts(t testing.TB) *Fonts {
	t.Helper()
	f, err := LoadFonts(os.DirFS("../.."), "templates/fonts")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// extracted is the text of the PDF of some documents, without white space.
func extracted(t *testing.T, docs ...document.Document) (string, Missing) {
	t.Helper()
	pdf, missing, err := Render(fonts(t), "題", day, docs...)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := trial.Command(t, "pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return strings.Join(strings.Fields(string(out)), ""), missing
}

const prose = "算出方法については別紙のとおりです。令和7年10月21日（火）の総務協議会では、職員数1,383人（R7.4.1現在）、基金残高60.7億円、" +
	"「◎：計画を上回って進んだ」取組の割合3.0％、及び約1,200時間の削減について、ＡＩ－ＯＣＲ・RPAを用いた事務（第7次大綱）の〜年度〜ごとの推移を、" +
	"キャッシュレス決済サービスの導入とあわせて報告しました。"

func spans(s string) []document.Span { return []document.Span{{Text: s}} }

// At any width, no line begins or ends with what Japanese forbids, no number is parted, and no character is lost.
func TestLinesKeepTheRules(t *testing.T) {
	d := &drawing{fonts: fonts(t), absent: map[rune]bool{}}
	g := d.shape(spans(prose), mincho, bold)
	for chars := 6; chars <= 45; chars++ {
		joined := ""
		ls := breakLines(g, bodySize, float64(chars)*bodySize)
		for i, l := range ls {
			text := ""
			for _, c := range l.g {
				text += string(c.r)
			}
			joined += text
			r := []rune(text)
			if i > 0 && strings.ContainsRune("、。，．）」』】〕％%ー々ぁぃぅぇぉっゃゅょ～〜㎡・", r[0]) {
				t.Errorf("width %d: a line begins with %c: %s", chars, r[0], text)
			}
			if i < len(ls)-1 && strings.ContainsRune("（「『【〔", r[len(r)-1]) {
				t.Errorf("width %d: a line ends with %c: %s", chars, r[len(r)-1], text)
			}
			if w := width(l.g, bodySize); w > float64(chars)*bodySize+1 && chars > 9 {
				t.Errorf("width %d: a line is %.1f characters wide: %s", chars, w/bodySize, text)
			}
		}
		if joined != prose {
			t.Errorf("width %d: %s", chars, joined)
		}
		for _, whole := range []string{"1,383人", "60.7億", "3.0％", "1,200時", "R7.4.1現在", "第7次", "和7年", "10月", "21日"} {
			if chars > 12 && !inOneLine(ls, whole) {
				t.Errorf("width %d: %s is parted", chars, whole)
			}
		}
	}
}

func inOneLine(ls []line, text string) bool {
	for _, l := range ls {
		s := ""
		for _, c := range l.g {
			s += string(c.r)
		}
		if strings.Contains(s, text) {
			return true
		}
	}
	return false
}

func TestLastLineIsNotOneCharacter(t *testing.T) {
	d := &drawing{fonts: fonts(t), absent: map[rune]bool{}}
	text := strings.Repeat("漢字", 10) + "末。"
	ls := breakLines(d.shape(spans(text), mincho, bold), 10, 200)
	if n := len(ls[len(ls)-1].g); len(ls) != 2 || n < 3 {
		t.Errorf("%d lines, the last of %d characters", len(ls), n)
	}
}

// Odd text is drawn without a panic; what no face has becomes 〓 and is told.
func TestOddCharacters(t *testing.T) {
	text, missing := extracted(t, document.Document{Title: "𠮷野家と髙﨑㏊☑", Blocks: []document.Block{
		{Kind: document.Paragraph, Spans: spans("絵文字😀、異体字辻\U000E0100と葛\U000E0100、制御\x00\x07文字、壊れた\xff字、①㈱～−塚")},
	}})
	if want := "𠮷野家と髙﨑㏊☑絵文字〓、異体字辻\U000E0100と葛\U000E0100、制御文字、壊れた〓字、①㈱～−塚"; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	if string(missing) != "😀" {
		t.Errorf("missing %q", string(missing))
	}
}

func TestLongTableRepeatsItsHeadAndLosesNoRow(t *testing.T) {
	table := &document.Table{
		Columns: []document.Column{{Width: 10, Align: "left"}, {Width: 30, Align: "left"}},
		Head:    []document.Row{{Cells: []document.Cell{{Text: "番号"}, {Text: "見出し"}}}},
		Legend:  []string{"凡例"}, Notes: []string{"※注"},
	}
	for i := range 120 {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{
			{Text: "行" + string(rune('A'+i/26)) + string(rune('A'+i%26)) + "終"}, {Text: strings.Repeat("長い本文。", i%9)},
		}})
	}
	text, _ := extracted(t, document.Document{
		Title: "表", Numbered: true, Blocks: []document.Block{{Kind: document.TableOf, Table: table}},
	})
	for _, r := range table.Rows {
		if strings.Count(text, r.Cells[0].Text) != 1 {
			t.Errorf("%s stands %d times", r.Cells[0].Text, strings.Count(text, r.Cells[0].Text))
		}
	}
	if n := strings.Count(text, "見出し"); n < 3 {
		t.Errorf("the head stands on %d pages", n)
	}
	if !strings.Contains(text, "-3-") || !strings.HasSuffix(strings.TrimSuffix(text, "\f"), "※注") &&
		!strings.Contains(text, "凡例※注") {
		t.Error("page numbers, legend or note are lost")
	}
}

// A cell of several rows loses no line over a page's end, however long it is and wherever the page ends.
func TestMergedCellsLoseNothingOverPages(t *testing.T) {
	for _, c := range []struct{ lines, rows int }{
		{30, 45}, {47, 45}, {66, 45}, {79, 45}, {14, 14}, {200, 2}, {3, 60}, {55, 1},
	} {
		table := &document.Table{
			Columns: []document.Column{{Width: 10, Align: "left"}, {Width: 30, Align: "left"}},
			Head:    []document.Row{{Cells: []document.Cell{{Text: "柱"}, {Text: "項目"}}}},
		}
		var want []string
		for i := range c.lines {
			want = append(want, fmt.Sprintf("甲%03d乙", i))
		}
		for i := range c.rows {
			row := document.Row{Cells: []document.Cell{{Text: fmt.Sprintf("項%03d目", i)}}}
			if i == 0 {
				row.Cells = append([]document.Cell{{Text: strings.Join(want, "\n"), RowSpan: c.rows}}, row.Cells...)
			}
			want = append(want, fmt.Sprintf("項%03d目", i))
			table.Rows = append(table.Rows, row)
		}
		text, _ := extracted(t, document.Document{
			Title: "題", Blocks: []document.Block{{Kind: document.TableOf, Table: table}},
		})
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%d lines over %d rows: %s is lost", c.lines, c.rows, w)
			}
		}
	}
}

// Pages of pages, a running head, hanging marks, raised marks and small lines.
func TestSettingsOfADocument(t *testing.T) {
	table := &document.Table{Columns: []document.Column{{Width: 1, Align: "left"}, {Width: 1}}, Rows: []document.Row{
		{Cells: []document.Cell{{Text: "推移"}, {Spark: []string{"1", "", "3.5", "2"}}}},
		{Cells: []document.Cell{{Text: "値なし"}, {Spark: []string{"", ""}}}},
		{Cells: []document.Cell{{Text: "同じ"}, {Spark: []string{"5"}}}},
	}}
	doc := document.Document{Title: "題", Numbered: true, OfPages: true, Head: "柱書き", Blocks: []document.Block{
		{Kind: document.Paragraph, Spans: []document.Span{{Text: "本文"}, {Text: "※1", Raised: true}}},
		{Kind: document.PageBreak}, {Kind: document.TableOf, Table: table},
	}}
	text, _ := extracted(t, doc)
	if want := []string{"1/2", "2/2", "本文※1", "推移"}; !containsAll(text, want) || strings.Count(text, "柱書き") != 1 {
		t.Errorf("got %s", text)
	}
	sentence := strings.Repeat("漢", 9) + "。" + strings.Repeat("字", 9) + "、終"
	for hanging, want := range map[bool]string{false: "漢漢漢漢漢漢漢漢", true: "漢漢漢漢漢漢漢漢漢。"} {
		d := &drawing{fonts: fonts(t), absent: map[rune]bool{}, hanging: hanging}
		first := ""
		for _, g := range breakLines(d.shape(spans(sentence), mincho, bold), 10, 90)[0].g {
			first += string(g.r)
		}
		if first != want {
			t.Errorf("hanging %v: the first line is %s, want %s", hanging, first, want)
		}
	}
}

// A page break right behind a heading, which keeps with what follows it, is one: what follows is set for its paper.
func TestPageBreakBehindHeading(t *testing.T) {
	l := laid(t, document.Document{Title: "題", Blocks: []document.Block{
		{Kind: document.Heading, Level: 1, Number: "1", Spans: spans("見出し")},
		{Kind: document.PageBreak, Sheet: "landscape"},
		{Kind: document.Paragraph, Spans: spans(prose)},
	}})
	if len(l.Pages) != 2 || l.Pages[0].Width > l.Pages[0].Height || l.Pages[1].Width < l.Pages[1].Height {
		t.Errorf("%s", listing(l))
	}
}

func containsAll(text string, parts []string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

// A row with more cells than columns is an error: a figure would stand under another head or nowhere.
func TestSurplusCellIsRefused(t *testing.T) {
	table := &document.Table{
		ID: "表", Columns: []document.Column{{Width: 1}},
		Rows: []document.Row{{Cells: []document.Cell{{Text: "1"}, {Text: "2"}}}},
	}
	_, _, err := Render(fonts(t), "題", day, document.Document{
		Title: "題", Blocks: []document.Block{{Kind: document.TableOf, Table: table}},
	})
	if err == nil || !strings.Contains(err.Error(), "列より多くのセル") {
		t.Errorf("got %v", err)
	}
}

func TestOddTablesAreDrawn(t *testing.T) {
	extracted(t, oddTables())
}

// oddTables is a document that is hard to place: sixty columns, no rows, a cell and a box of several pages.
func oddTables() document.Document {
	wide := &document.Table{}
	row := document.Row{}
	for range 60 {
		wide.Columns = append(wide.Columns, document.Column{Width: 1, Align: "right"})
		row.Cells = append(row.Cells, document.Cell{Text: "1"})
	}
	wide.Rows = []document.Row{row}
	one := []document.Column{{Width: 1, Align: "left"}}
	return document.Document{Title: strings.Repeat("長い題名", 30), Blocks: []document.Block{
		{Kind: document.TableOf, Table: wide},
		{Kind: document.TableOf, Table: &document.Table{Columns: one}},
		{Kind: document.TableOf, Table: &document.Table{
			Columns: one, Rows: []document.Row{{Cells: []document.Cell{{Text: "一"}}}},
		}},
		{Kind: document.TableOf, Table: &document.Table{
			Columns: one, Rows: []document.Row{{Cells: []document.Cell{{Text: strings.Repeat("五千字", 1700)}}}},
		}},
		{
			Kind: document.Box, Label: "ポイント",
			Blocks: []document.Block{{Kind: document.Paragraph, Spans: spans(strings.Repeat("長い囲み。", 800))}},
		},
	}}
}

// Existing PDFs stand behind the paper at their own size; a broken one is an error that names it, never a panic.
func TestAttachedPDF(t *testing.T) {
	cover := document.Document{Title: "原案の表紙", Sheet: "landscape", Blocks: []document.Block{
		{Kind: document.Paragraph, Spans: spans("一枚目")}, {Kind: document.PageBreak, Sheet: ""},
		{Kind: document.Paragraph, Spans: spans("二枚目")},
	}}
	other, _, err := Render(fonts(t), "別の部", day, cover)
	if err != nil {
		t.Fatal(err)
	}
	packed := filepath.Join(t.TempDir(), "packed.pdf")
	if err := os.WriteFile(packed+".in", other, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := trial.Command(
		t, "qpdf", "--object-streams=generate", packed+".in", packed,
	).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
	compressed, err := os.ReadFile(packed)
	if err != nil {
		t.Fatal(err)
	}
	first := document.Document{Title: "前の案件", Blocks: []document.Block{{Kind: document.Paragraph, Spans: spans("別添のとおり")}},
		Attached: []document.Attachment{{Name: "原案", Data: other}, {Name: "資料編", Data: compressed}}}
	last := document.Document{Title: "後の案件", Blocks: []document.Block{{Kind: document.Paragraph, Spans: spans("終わり")}}}
	text, _ := extracted(t, first, last)
	if want := "前の案件別添のとおり原案の表紙一枚目二枚目原案の表紙一枚目二枚目後の案件終わり"; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	pdf, _, err := Render(fonts(t), "題", day, first, last)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := trial.Command(t, "qpdf", "--check", file).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, out)
	}
	if bytes.Contains(pdf, []byte("pdfaid:part")) {
		t.Error("a file with pages of others claims PDF/A")
	}
	if again, _, err := Render(fonts(t), "題", day, first, last); err != nil || !bytes.Equal(pdf, again) {
		t.Errorf("not the same bytes twice (%v)", err)
	}
	for name, data := range map[string][]byte{
		"empty": nil, "text": []byte("text"), "cut": other[:len(other)/2],
		"noise": append([]byte("%PDF-1.4\n"), bytes.Repeat([]byte{0, 1, 0xff}, 500)...),
	} {
		first.Attached = []document.Attachment{{Name: name, Data: data}}
		_, _, err := Render(fonts(t), "題", day, first)
		var told *AttachmentError
		if !errors.As(err, &told) || !strings.Contains(err.Error(), "別添「"+name+"」を綴じられません") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	doc := document.Document{
		Title: "題", Box: []string{"資料"}, Blocks: []document.Block{{Kind: document.Paragraph, Spans: spans(prose)}},
	}
	a, _, err := Render(fonts(t), "題", day, doc)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		b, _, err := Render(fonts(t), "題", day, doc)
		if err != nil || !bytes.Equal(a, b) {
			t.Fatalf("differs (%v)", err)
		}
	}
}

// BenchmarkRender sets papers of 1, 10 and 100 pages: headings, paragraphs, tables, tagged and archivable.
func BenchmarkRender(b *testing.B) {
	f := fonts(b)
	table := &document.Table{
		Columns: []document.Column{{Width: 20, Align: "left"}, {Width: 5, Align: "right"}, {Width: 5, Align: "right"}},
		Head:    []document.Row{{Cells: []document.Cell{{Text: "改革の柱"}, {Text: "取組数"}, {Text: "構成比"}}}},
		Unit:    "（単位：件）", Notes: []string{"※構成比は、合計が100.0%となるよう端数を調整している。"},
	}
	for _, name := range []string{"職員能力の向上", "市民サービスの向上", "業務の効率化", "持続可能な財政運営"} {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: name}, {Text: "24"}, {Text: "23.8%"}}})
	}
	for _, pages := range []int{1, 10, 100} {
		doc := document.Document{Title: "題", Numbered: true}
		for range pages {
			doc.Blocks = append(doc.Blocks, document.Block{Kind: document.Heading, Level: 1, Number: "1", Spans: spans("見出し")},
				document.Block{Kind: document.Paragraph, Spans: spans(prose)}, document.Block{Kind: document.TableOf, Table: table},
				document.Block{Kind: document.Paragraph, Spans: spans(prose)}, document.Block{Kind: document.TableOf, Table: table},
				document.Block{Kind: document.Paragraph, Spans: spans(prose)}, document.Block{Kind: document.PageBreak})
		}
		doc.Blocks = doc.Blocks[:len(doc.Blocks)-1]
		b.Run(fmt.Sprintf("pages=%d", pages), func(b *testing.B) {
			for b.Loop() {
				if _, _, err := Render(f, "題", day, doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoadFonts is what every process pays once.
func BenchmarkLoadFonts(b *testing.B) {
	for b.Loop() {
		fonts(b)
	}
}
