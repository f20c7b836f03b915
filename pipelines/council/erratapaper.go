package council

import (
	"fmt"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
)

// causesShown is how many cells the 正誤表 names for one place.
const causesShown = 3

// Notice is a 正誤表: what is wrong and right, the pages that are handed out for it, and why.
type Notice struct {
	List   []Erratum
	Pages  []Pages
	Day    string // on which it is handed out, as it is printed
	Reason string // in a sentence; "" leaves room to write it
}

// ForMembers is the 正誤表 that is handed out: page, place, wrong, right and the reason in words.
func (n Notice) ForMembers(m brief.Meeting) document.Document {
	return n.document(m, "正誤表", "理由", n.reasons)
}

// ForOffice is the 正誤表 for the office: with the cells that have changed in the place of the reason.
func (n Notice) ForOffice(m brief.Meeting) document.Document {
	d := n.document(m, "正誤表（事務局用）", "変わったセル", func(rows []document.Row, list []Erratum) {
		for i, e := range list {
			rows[i].Cells = append(rows[i].Cells, document.Cell{Text: causes(e.Causes)})
		}
	})
	note := "配るのは「正誤表」です。この表は、事務局の控えです。"
	if n.Reason != "" {
		note += "理由：" + n.Reason
	}
	d.Blocks = append(d.Blocks, document.Block{Kind: document.Note, Spans: []document.Span{{Text: "※" + note}}})
	return d
}

// reasons are the last cells of rows that stand together: the reason once beside all of them, or room for one in each.
func (n Notice) reasons(rows []document.Row, _ []Erratum) {
	for i := range rows {
		switch {
		case n.Reason == "":
			rows[i].Cells = append(rows[i].Cells, document.Cell{})
		case i == 0:
			rows[i].Cells = append(rows[i].Cells, document.Cell{Text: n.Reason, RowSpan: len(rows)})
		}
	}
}

// document is the 正誤表 as a paper; why adds the last cells of rows that stand together.
func (n Notice) document(
	m brief.Meeting, title, why string, add func(rows []document.Row, list []Erratum),
) document.Document {
	t := &document.Table{ID: "正誤表", Size: 9, Columns: []document.Column{
		{Width: 4.5, Align: "left"}, {Width: 3, Align: "right"}, {Width: 13, Align: "left"}, {Width: 8, Align: "left"},
		{Width: 8, Align: "left"}, {Width: 14, Align: "left"},
	}}
	head := document.Row{}
	for _, text := range []string{"資料", "頁", "箇所", "誤", "正", why} {
		head.Cells = append(head.Cells, document.Cell{Text: text, Align: "center"})
	}
	t.Head = []document.Row{head}
	words := 0
	for words < len(n.List) && n.List[words].Word {
		words++
	}
	for _, group := range []struct {
		kind string
		list []Erratum
	}{{"結論の言葉が変わるもの", n.List[:words]}, {"数値など", n.List[words:]}} {
		if len(group.list) == 0 {
			continue
		}
		if words > 0 {
			across := document.Cell{Text: group.kind, ColSpan: len(t.Columns), Align: "left"}
			t.Rows = append(t.Rows, document.Row{Group: true, Cells: []document.Cell{across}})
		}
		rows := erratumRows(group.list)
		add(rows, group.list)
		t.Rows = append(t.Rows, rows...)
	}
	var parts []string
	for _, p := range n.Pages {
		parts = append(parts, p.String())
	}
	intro := fmt.Sprintf("%sの%sについて、次のとおり訂正します。", fiscal.WarekiDate(m.Date), m.Kind)
	if len(parts) > 0 {
		intro += "差替え頁は、" + strings.Join(parts, "、") + "です。"
	}
	return document.Document{
		Title: title, Box: []string{m.Kind, fiscal.WarekiDate(m.Date), n.Day + "　訂正"},
		Blocks: []document.Block{
			{Kind: document.Paragraph, Spans: []document.Span{{Text: intro}}},
			{Kind: document.TableOf, Table: t},
		},
	}
}

// erratumRows are rows of the 正誤表 without their last cells.
func erratumRows(list []Erratum) []document.Row {
	var out []document.Row
	for _, e := range list {
		page := "－"
		if e.Page > 0 {
			page = strconv.Itoa(e.Page)
		}
		out = append(out, document.Row{Cells: []document.Cell{
			{Text: e.Paper}, {Text: page}, {Text: e.Place}, {Text: or(e.Wrong, "（なし）")},
			{Text: or(e.Right, "（削る）"), Strong: true},
		}})
	}
	return out
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func causes(list []string) string {
	if len(list) > causesShown {
		return strings.Join(list[:causesShown], "\n") + fmt.Sprintf("\nほか%d件", len(list)-causesShown)
	}
	return strings.Join(list, "\n")
}
