package typeset

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/trial"
)

func words(t *testing.T, pdf []byte, args ...string) string {
	t.Helper()
	cmd := trial.Command(t, "pdftotext", append(args, "-", "-")...)
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

func long(title string, lines int) document.Document {
	d := document.Document{Title: title, Numbered: true}
	for range lines {
		d.Blocks = append(d.Blocks, document.Block{
			Kind: document.Paragraph, Spans: []document.Span{{Text: title + "の段落です。"}},
		})
	}
	return d
}

// A department's own PDF keeps its pages, and bears its number on the first, the marks on all. A page that is stored
// turned is stamped where a reader sees its corner.
func TestExistingIsStamped(t *testing.T) {
	fonts := fonts(t)
	day := time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)
	own, _, err := Render(fonts, "自課の資料", day, long("自課", 60))
	if err != nil {
		t.Fatal(err)
	}
	turnedPDF := bytes.ReplaceAll(own, []byte("/Type /Page\n"), []byte("/Type /Page\n/Rotate 90\n"))
	if bytes.Equal(turnedPDF, own) {
		t.Fatal("nothing was turned")
	}
	for name, data := range map[string][]byte{"as it is": own, "turned": turnedPDF} {
		doc := document.Document{
			Title: "自課の資料", Number: "資料3-1", Handling: "取扱区分：取扱注意", Watermark: "取扱注意",
			Existing: &document.Attachment{Name: "自課", Data: data},
		}
		set, err := Typeset(fonts, "綴り", day, Options{}, long("先", 3), doc, long("後", 3))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := Typeset(fonts, "綴り", day, Options{}, long("先", 3), doc, long("後", 3))
		if err != nil || !bytes.Equal(set.PDF, again.PDF) {
			t.Errorf("%s: two renderings differ: %v", name, err)
		}
		if len(set.Laid[1].Pages) != 2 || set.Laid[1].Pages[0].Text == "" {
			t.Errorf("%s: %d pages", name, len(set.Laid[1].Pages))
		}
		// What is compared of a page: the marks on it and which PDF it is of, once each.
		if text := set.Laid[1].Pages[1].Text; text != doc.Handling+fmt.Sprintf("%x", sha256.Sum256(data)) {
			t.Errorf("%s: page 2 says %s", name, text)
		}
		for page, want := range map[string][2]string{
			"1": {"先の段落", "資料3-1"}, "2": {"資料3-1", "先の段落"}, "3": {"自課の段落", "資料3-1"}, "4": {"後の段落", "取扱区分"},
		} {
			text := words(t, set.PDF, "-f", page, "-l", page)
			if !strings.Contains(text, want[0]) || strings.Contains(text, want[1]) {
				t.Errorf("%s, page %s:\n%s", name, page, text)
			}
		}
		for _, page := range []string{"2", "3"} {
			if text := words(
				t, set.PDF, "-f", page, "-l", page,
			); strings.Count(text, "取扱区分：取扱注意") != 1 || strings.Count(text, "注") != 2 {
				t.Errorf("%s: page %s has no mark:\n%s", name, page, text)
			}
		}
		x, err := Inspect(set.PDF)
		if err != nil || len(x.Pages) != 4 || len(x.Unembedded) > 0 {
			t.Errorf("%s: %+v %v", name, x, err)
		}
		if doc.Existing.Data = []byte("%PDF-"); name == "turned" {
			if _, err := Typeset(fonts, "綴り", day, Options{}, doc); err == nil || !strings.Contains(err.Error(), "自課") {
				t.Errorf("a damaged PDF: %v", err)
			}
		}
	}
}

// Of pages that are handed out in place of others only those are in the file, with the mark on each.
func TestOnlySomePages(t *testing.T) {
	fonts := fonts(t)
	day := time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)
	table := &document.Table{
		ID: "表", Columns: []document.Column{{Width: 10, Align: "left"}},
		Head: []document.Row{{Cells: []document.Cell{{Text: "頭"}}}},
	}
	for range 80 {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: "行"}}})
	}
	doc := long("長い", 50)
	doc.OfPages = true
	doc.Blocks = append(doc.Blocks, document.Block{Kind: document.TableOf, Table: table})
	all, err := Typeset(fonts, "題", day, Options{}, doc)
	if err != nil {
		t.Fatal(err)
	}
	first, last := all.Laid[0].Page("50/1", ""), all.Laid[0].Page("50/80", "")
	if first != 2 || last <= first || all.Laid[0].Page("50/81", "") != 0 {
		t.Errorf("rows stand on pages %d to %d", first, last)
	}
	some, err := Typeset(
		fonts, "題", day, Options{Mark: "（差替え）令和8年10月19日", Only: func(_, page int) bool { return page == 2 }}, doc,
	)
	if err != nil {
		t.Fatal(err)
	}
	x, err := Inspect(some.PDF)
	if err != nil || len(x.Pages) != 1 {
		t.Fatalf("%d pages, %v", len(x.Pages), err)
	}
	text := words(t, some.PDF)
	if !strings.Contains(text, "（差替え）令和8年10月19日") || !strings.Contains(text, "2 / ") || strings.Contains(text, "1 / ") {
		t.Errorf("%s", text)
	}
	if len(some.PDF) >= len(all.PDF) {
		t.Error("what is left out is in the file")
	}
}

func FuzzInspect(f *testing.F) {
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R/Size 3>>"))
	f.Add([]byte("%PDF-"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _ = Inspect(data) // it may refuse, never panic
	})
}
