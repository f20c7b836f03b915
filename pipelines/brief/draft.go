package brief

import (
	"slices"
	"strings"

	"kyogikai/pipelines/document"
)

// Point is what a person has still to look at before papers are final.
type Point struct {
	Kind       string // 誤り, 注意, 用語, 根拠, 確認, …
	Department string
	Place      string
	What       string
	Papers     []string // keys of the items that it concerns, in the order of the papers; none where it is of no paper
}

// Draft marks papers as drafts: （案） behind every title, and at the top of every PDF that is put in as it is.
func Draft(papers []ItemPaper) {
	const draft = "（案）"
	for i := range papers {
		d := &papers[i].Document
		if !strings.HasSuffix(d.Title, draft) {
			d.Title += draft
		}
		if d.Existing != nil {
			d.Number += draft
		}
		d.Attached = slices.Clone(d.Attached)
		for k := range d.Attached {
			d.Attached[k].Stamp += draft
		}
	}
}

// Points is the last page of a draft, 確認を要する事項: each point once, with those of the same papers under their names. Of
// one item it lists what concerns its paper; where of is "", all.
func Points(papers []ItemPaper, points []Point, of string) ItemPaper {
	table := &document.Table{
		ID: "確認を要する事項", Size: 9,
		Columns: []document.Column{
			{Width: 4, Align: "center"}, {Width: 9, Align: "left"}, {Width: 16, Align: "left"}, {Width: 20, Align: "left"},
		},
		Head: []document.Row{{}},
	}
	for _, head := range []string{"別", "課", "場所", "内容"} {
		table.Head[0].Cells = append(table.Head[0].Cells, document.Cell{Text: head, Align: "center"})
	}
	out := ItemPaper{Item: Item{Number: "全体"}, Paper: Paper{Document: document.Document{Title: "確認を要する事項"}}}
	for _, p := range papers {
		if of != "" && p.Item.Key() == of {
			out.Item = p.Item
			out.Document.Handling, out.Document.Watermark = p.Document.Handling, p.Document.Watermark
		}
	}
	for _, g := range grouping(papers, points) {
		if of != "" && !slices.Contains(g.keys, of) {
			continue
		}
		across := document.Cell{Text: g.title, ColSpan: len(table.Columns), Align: "left"}
		table.Rows = append(table.Rows, document.Row{Group: true, Cells: []document.Cell{across}})
		for _, p := range g.points {
			var cells []document.Cell
			for _, text := range []string{p.Kind, p.Department, p.Place, p.What} {
				cells = append(cells, document.Cell{Text: text})
			}
			table.Rows = append(table.Rows, document.Row{Cells: cells})
		}
	}
	if len(table.Rows) == 0 {
		table.Rows = []document.Row{{Cells: []document.Cell{{Text: "ありません", ColSpan: len(table.Columns), Align: "center"}}}}
	}
	out.Document.Blocks = []document.Block{{Kind: document.TableOf, Table: table}}
	return out
}

// pointGroup is the points that concern the same papers.
type pointGroup struct {
	title  string
	keys   []string
	points []Point
}

// grouping puts points under the papers that they concern: first those of one paper each, in the order of the papers,
// then those of several, then those of none.
func grouping(papers []ItemPaper, points []Point) []pointGroup {
	names := map[string]string{}
	groups := make([]pointGroup, len(papers))
	for i, p := range papers {
		name := p.Item.Name()
		if p.Item.Paper == "" && !p.Item.Unlisted {
			name = "案件" + name
		}
		names[p.Item.Key()] = name
		groups[i] = pointGroup{title: name + "　" + p.Item.Title, keys: []string{p.Item.Key()}}
	}
	none := pointGroup{title: "どの資料の数値にも掛からないもの"}
	for _, p := range points {
		if len(p.Papers) == 0 {
			none.points = append(none.points, p)
			continue
		}
		i := slices.IndexFunc(groups, func(g pointGroup) bool { return slices.Equal(g.keys, p.Papers) })
		if i < 0 {
			var of []string
			for _, key := range p.Papers {
				of = append(of, names[key])
			}
			groups = append(groups, pointGroup{title: strings.Join(of, "、") + "に掛かるもの", keys: p.Papers})
			i = len(groups) - 1
		}
		groups[i].points = append(groups[i].points, p)
	}
	return slices.DeleteFunc(append(groups, none), func(g pointGroup) bool { return len(g.points) == 0 })
}
