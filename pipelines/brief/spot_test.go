package brief

import (
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/warehouse"
)

// A figure stands in the text, row, note or category in which the template has put it, whatever else says the same; and
// goes on to, where blocks are put before it.
func TestFiguresAreFoundInTheirTexts(t *testing.T) {
	on := answers{"ROWS": {Columns: []string{"name", "n"}, Rows: [][]any{
		{"甲", warehouse.Number("1")}, {"乙", warehouse.Number("1")},
	}}, "ONE": {Columns: []string{"n"}, Rows: [][]any{{warehouse.Number("1")}}}}
	const one = "{{n (v \"one\" \"n\")}}"
	const chart = "```chart\nid: 図\nkind: bars\nquery: rows\ncategory: '{{.name}}'\n" +
		"series: [{name: 数, value: n, text: '{{n .n}}'}]\n```\n\n"
	const table = "```table\nid: 表\ncolumns: [{align: left}, {}]\nhead: [[名, 数]]\n" +
		"body: [{query: rows, cells: ['{{.name}}', '{{n .n}}']}]\nnotes: ['※" + one + "件']\n```\n\n"
	p, err := rendered(t, on, "# 題"+one+"\n\n1件\n\n"+one+"件と**"+one+"件**の計\n\n- 前\n- 中"+one+"\n\n  後"+one+"\n  - 内"+one+"\n\n"+
		chart+table+"> **囲み**\n>\n> "+one+"件\n\n"+table+"※"+one+"件\n")
	if err != nil {
		t.Fatal(err)
	}
	places := func() string {
		var out []string
		for _, f := range p.Figures {
			out = append(out, f.At)
		}
		return strings.Join(out, " ")
	}
	if got, want := places(), "0 2 2 3/1 3/1 3/1/0 4/0 4/1 5/1 5/2 5/注 6/0 7/1 7/2 7/注 8"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if f := p.Figures[2]; f.Before != "1件と" || f.After != "件の計" {
		t.Errorf("it stands between %s and %s", f.Before, f.After)
	}
	before := p.Figures
	p.Insert(5, []document.Block{{Kind: document.Note}, {Kind: document.Note}})
	if got, want := places(), "0 2 2 3/1 3/1 3/1/0 4/0 4/1 7/1 7/2 7/注 8/0 9/1 9/2 9/注 10"; got != want {
		t.Errorf("behind two blocks: %s, want %s", got, want)
	}
	if len(p.Document.Blocks) != 11 || p.Document.Blocks[6].Kind != document.Note || before[8].At != "5/1" {
		t.Errorf("%d blocks", len(p.Document.Blocks))
	}
}
