package brief

import (
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/warehouse"
)

// Where a chart has too little to show, those behind it move up: in captions, and where texts speak of them. Where all
// are there, nothing moves, whatever the template has given.
func TestFiguresMoveUp(t *testing.T) {
	on := answers{"ROWS": {Columns: []string{"name", "n"}, Rows: [][]any{
		{"甲", warehouse.Number("1")}, {"乙", warehouse.Number("2")},
	}}, "ONE": {Columns: []string{"n"}, Rows: [][]any{{warehouse.Number("1")}}}}
	chart := func(caption string, least int) string {
		return fmt.Sprintf("```chart\nkind: bars\nquery: rows\ncaption: %s\nleast: %d\ncategory: '{{.name}}'\n"+
			"series: [{name: 数, value: n, text: '{{n .n}}'}]\nnotes: [※図２の注]\n```\n\n", caption, least)
	}
	for _, c := range []struct {
		least int
		also  string
		want  string
	}{
		{2, "", "1件は図3、図２と図2、地図2のとおり。 図3を見る 図1　甲 ※図２の注 図2　乙 ※図２の注 図３　丙 ※図２の注"},
		{3, "", "1件は図2、図１と図1、地図2のとおり。 図2を見る 図1　乙 ※図１の注 図２　丙 ※図１の注"},
		{3, "と図1", "1件は図3、図２と図2、地図2のとおり。 図3と図1を見る 図2　乙 ※図２の注 図３　丙 ※図２の注"},
		{3, "、2", "1件は図3、図２と図2、地図2のとおり。 図3、2を見る 図2　乙 ※図２の注 図３　丙 ※図２の注"},
	} {
		p, err := rendered(t, on, "{{n (v \"one\" \"n\")}}件は図3、図２と**図2**、地図2のとおり。\n\n- 図3"+c.also+"を見る\n\n"+
			chart("図1　甲", c.least)+chart("図2　乙", 0)+chart("図３　丙", 0))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, text := range p.Document.Texts() {
			if text.At != document.AtTitle && text.At != document.AtBox {
				got = append(got, text.Text)
			}
		}
		if all := strings.Join(got, " "); all != c.want {
			t.Errorf("least %d: %s, want %s", c.least, all, c.want)
		}
		if f := p.Figures[0]; !strings.HasPrefix(got[0], f.Before+f.Text+f.After) || f.At != "0" {
			t.Errorf("a figure stands in %s at %s", f.Before+f.Text+f.After, f.At)
		}
	}
}
