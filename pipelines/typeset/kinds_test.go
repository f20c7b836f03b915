package typeset

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/document/documenttest"
)

func blocks(list ...document.Block) document.Document {
	return document.Document{Title: "題", Blocks: list}
}

func boxOf(list ...document.Block) document.Block {
	return document.Block{Kind: document.Box, Blocks: list}
}

// Every kind of block is drawn with all of its words, and no other kind has a way of being drawn.
func TestEveryKindIsDrawn(t *testing.T) {
	for _, k := range document.Kinds() {
		l := laid(t, blocks(documenttest.Block(k)))
		drawn := ""
		for _, p := range l.Pages {
			for _, o := range p.Ops {
				if o, ok := o.(Text); ok {
					drawn += textOf(o) + " "
				}
			}
		}
		for _, w := range documenttest.Words(k) {
			if !strings.Contains(drawn, w) {
				t.Errorf("%s: %s is not drawn: %s", k.Name, w, drawn)
			}
		}
		if pages := map[bool]int{true: 2, false: 1}[k.Sheet]; len(l.Pages) != pages {
			t.Errorf("%s: %d pages", k.Name, len(l.Pages))
		}
	}
	var names []string
	for _, k := range document.Kinds() {
		names = append(names, k.Name)
	}
	same(t, "kinds", slices.Sorted(maps.Keys(kinds)), names)
	inBox, _ := document.KindOf(document.Box)
	same(t, "kinds in a box", slices.Sorted(maps.Keys(boxed)), inBox.Blocks)
	same(t, "kinds of charts", slices.Sorted(maps.Keys(chartForms)), document.ChartKinds())
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if want = slices.Sorted(slices.Values(want)); !slices.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestEveryChartIsDrawn(t *testing.T) {
	for _, kind := range document.ChartKinds() {
		l := laid(t, blocks(document.Block{Kind: document.ChartOf, Chart: documenttest.Chart(kind)}))
		if !strings.Contains(listing(l), "年") || !strings.Contains(listing(l), "  line ") {
			t.Errorf("%s:\n%s", kind, listing(l))
		}
	}
}

// A chart of bars for more categories than a page has room for is parted; a series that is shorter is drawn as far as
// it goes, and nothing stands in the place of what it lacks.
func TestLongChartIsParted(t *testing.T) {
	chart := documenttest.Chart(document.SharesChart)
	chart.Categories, chart.Series[1].Texts = nil, nil
	for i := range 150 {
		chart.Categories = append(chart.Categories, fmt.Sprintf("年%03d", i))
	}
	l := laid(t, blocks(document.Block{Kind: document.ChartOf, Chart: chart}))
	all := listing(l)
	if len(l.Pages) < 3 || strings.Count(all, "begin Figure") != len(l.Pages) {
		t.Errorf("%d pages, %d figures", len(l.Pages), strings.Count(all, "begin Figure"))
	}
	for _, c := range chart.Categories {
		if strings.Count(all, " "+c+"\n") != 1 {
			t.Errorf("%s stands %d times", c, strings.Count(all, " "+c+"\n"))
		}
	}
}

// What this writer does not know fails the rendering: nothing is left out, and nothing drawn as something else.
func TestUnknownIsRefused(t *testing.T) {
	table, number := documenttest.Table(), documenttest.Table()
	table.Columns[0].Align = "rihgt"
	number.Rows[0].Cells = append(number.Rows[0].Cells, document.Cell{Text: "余り"})
	bare := documenttest.Table()
	bare.Columns = nil
	for name, c := range map[string]struct {
		doc  document.Document
		want string
	}{
		"kind":           {blocks(document.Block{Kind: "poem"}), "「poem」という種類の部分は書けません"},
		"kind in a box":  {blocks(boxOf(document.Block{Kind: "poem"})), "「poem」という種類"},
		"table in a box": {blocks(boxOf(document.Block{Kind: document.TableOf, Table: table})), "置けません"},
		"no table":       {blocks(document.Block{Kind: document.TableOf}), "中身がありません"},
		"chart":          {blocks(document.Block{Kind: document.ChartOf, Chart: documenttest.Chart("pie")}), "種類「pie」を知りません"},
		"align":          {blocks(document.Block{Kind: document.TableOf, Table: table}), "揃え「rihgt」を使えません"},
		"cell":           {blocks(document.Block{Kind: document.TableOf, Table: number}), "列より多くのセル"},
		"no columns":     {blocks(document.Block{Kind: document.TableOf, Table: bare}), "列より多くのセル"},
		"paper":          {blocks(document.Block{Kind: document.PageBreak, Sheet: "B4"}), "紙「B4」はありません"},
		"first page":     {document.Document{Title: "題", Sheet: "B4"}, "紙「B4」はありません"},
	} {
		set, err := Typeset(fonts(t), "題", day, Options{}, c.doc)
		if err == nil || !strings.Contains(err.Error(), c.want) || set.PDF != nil {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}
