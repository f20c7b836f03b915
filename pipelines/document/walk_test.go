package document_test

import (
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/document/documenttest"
)

func TestPlain(t *testing.T) {
	spans := []document.Span{{Text: "本文"}, {Text: "強調", Strong: true}, {}, {Text: "※1", Raised: true}}
	if got := document.Plain(spans); got != "本文強調※1" {
		t.Errorf("got %s", got)
	}
	if got := document.Plain(nil); got != "" {
		t.Errorf("got %s", got)
	}
}

func words(text string) []document.Span { return []document.Span{{Text: text}} }

// Texts come in the order in which they print, each with the place where a reader finds it.
func TestTexts(t *testing.T) {
	doc := document.Document{Title: "題", Box: []string{"枠一", "枠二"}, Blocks: []document.Block{
		{Kind: document.Paragraph, Spans: words("前文")},
		{Kind: document.Heading, Level: 1, Number: "1", Spans: words("見出し")},
		{Kind: document.Paragraph, Spans: []document.Span{{Text: "本文の"}, {Text: "強調", Strong: true}}},
		{Kind: document.PageBreak},
		{Kind: document.List, Items: []document.Item{
			{Marker: "①", Spans: words("項目"), Items: []document.Item{{Marker: "ア", Spans: words("細目")}}},
			{Marker: "②"},
		}},
		{Kind: document.TableOf, Table: &document.Table{
			ID: "体系", Caption: "表題", Legend: []string{"凡例"}, Notes: []string{"※表注"},
			Head: []document.Row{{Cells: []document.Cell{{Text: "頭"}}}},
			Rows: []document.Row{{Cells: []document.Cell{{Text: "甲"}, {}, {Text: "乙"}}}, {Cells: []document.Cell{{Text: "丙"}}}},
		}},
		{Kind: document.ChartOf, Chart: &document.Chart{ID: "推移", Caption: "図題", Notes: []string{"※図注"}}},
		{Kind: document.Box, Label: "ポイント", Blocks: []document.Block{{Kind: document.Note, Spans: words("囲みの注")}}},
		{Kind: document.Title, Number: "別紙", Spans: words("別紙の題")},
		{Kind: document.Right, Spans: words("財政課")},
	}}
	want := []string{
		"表題: 題", "枠: 枠一", "枠: 枠二", " の1番目: 前文",
		"1 見出し の2番目: 見出し", "1 見出し の3番目: 本文の強調", "1 見出し の5番目（①）: 項目", "1 見出し の5番目（ア）: 細目",
		"表「体系」の題: 表題", "表「体系」見出し1行1番目のセル: 頭", "表「体系」1行1番目のセル: 甲", "表「体系」1行3番目のセル: 乙",
		"表「体系」2行1番目のセル: 丙", "表「体系」の注: 凡例", "表「体系」の注: ※表注", "図「推移」: 図題", "図「推移」の注: ※図注",
		"1 見出し の8番目: ポイント", "1 見出しポイント の1番目: 囲みの注",
		"別紙 別紙の題 の9番目: 別紙の題", "別紙 別紙の題 の10番目: 財政課",
	}
	var got []string
	for _, text := range doc.Texts() {
		got = append(got, text.Place+": "+text.Text)
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("text %d differs:\n got %s\nwant %s", i+1, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
	}
}

// Every kind of block gives its words.
func TestTextsOfEveryKind(t *testing.T) {
	for _, k := range document.Kinds() {
		all := ""
		for _, text := range (document.Document{Blocks: []document.Block{documenttest.Block(k)}}).Texts() {
			all += text.Place + text.Text + "\n"
		}
		for _, w := range documenttest.Words(k) {
			if !k.Chart && !strings.Contains(all, w) { // what a chart draws stands in a table or in the text too
				t.Errorf("%s: %s is not in %s", k.Name, w, all)
			}
		}
	}
}
