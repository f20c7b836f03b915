package webpage

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is written of each case is in its folder.
func TestWrite(t *testing.T) {
	files, err := filepath.Glob("testdata/*/in.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			got, err := Write("綴り <&>", documents(t, file)...)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, string(got))
			golden := filepath.Join(filepath.Dir(file), "out.html")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			g, w := strings.Split(string(got), "\n"), strings.Split(string(want), "\n")
			for i := range min(len(g), len(w)) {
				if g[i] != w[i] {
					t.Fatalf("line %d of %s (go test -update writes it anew):\n got %s\nwant %s", i+1, golden, g[i], w[i])
				}
			}
			if len(g) != len(w) {
				t.Errorf("%d lines, want %d", len(g), len(w))
			}
		})
	}
}

func documents(t *testing.T, file string) []document.Document {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var docs []document.Document
	if err := json.Unmarshal(data, &docs); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return docs
}

// wellFormed checks that every element ends where it should. Those of HTML that have no end are given one.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	page = strings.NewReplacer("<!DOCTYPE html>", "", "<meta charset=\"utf-8\">", "", "<br>", "").Replace(page)
	d := xml.NewDecoder(strings.NewReader(page))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, page)
		}
	}
}

// Text of any kind is text: it closes no element and begins none.
func FuzzEscaping(f *testing.F) {
	f.Add("<b>&amp;\"'", "</td>")
	f.Fuzz(func(t *testing.T, a, b string) {
		blocks := []document.Block{
			{Kind: document.Heading, Number: a, Spans: []document.Span{
				{Text: b}, {Text: a, Strong: true}, {Text: b, Raised: true},
			}},
			{Kind: document.List, Items: []document.Item{{Marker: a, Spans: []document.Span{{Text: b}}}}},
			{Kind: document.Box, Label: a, Blocks: []document.Block{{Kind: document.Note, Spans: []document.Span{{Text: b}}}}},
		}
		page, err := Write(a, document.Document{Title: b, Number: a, Box: []string{b}, Blocks: blocks})
		if err != nil {
			t.Fatal(err)
		}
		bare, err := Write("", document.Document{Number: "x", Box: []string{""}, Blocks: []document.Block{
			{Kind: document.Heading, Spans: []document.Span{{}, {Strong: true}, {Raised: true}}},
			{Kind: document.List, Items: []document.Item{{Marker: "x", Spans: []document.Span{{}}}}},
			{Kind: document.Box, Blocks: []document.Block{{Kind: document.Note}}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if a != "" && strings.Count(string(page), "<") != strings.Count(string(bare), "<") {
			t.Errorf("%q and %q begin elements:\n%s", a, b, page)
		}
	})
}

// A series of fewer values than there are categories, or with none, leaves cells empty.
func TestChartWithMissingTexts(t *testing.T) {
	page := written(t, document.Block{Kind: document.ChartOf, Chart: &document.Chart{
		Kind: document.BarChart, Categories: []string{"一", "二"},
		Series: []document.Series{{Name: "甲", Texts: []string{"1"}}, {Name: "乙"}},
	}})
	want := `<tr><th scope="row">一</th><td class="right">1</td><td class="right"></td></tr>
<tr><th scope="row">二</th><td class="right"></td><td class="right"></td></tr>`
	if !strings.Contains(page, want) {
		t.Error(page)
	}
}
