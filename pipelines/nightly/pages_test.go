package nightly

import (
	"context"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// tight is a text without white space.
func tight(s string) string { return strings.Join(strings.Fields(s), "") }

// Every figure of the sample's papers is found in the part of its document in which it stands, and on a page that
// prints it.
func TestFiguresAreFoundOnTheirPages(t *testing.T) {
	t.Parallel()
	env := sample(t)
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		t.Fatal(err)
	}
	n, later := 0, 0
	for _, m := range meetings {
		r, err := papers.Render(context.Background(), env, db, m, papers.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range r.Items {
			for _, f := range p.Figures {
				n++
				page := r.Laid[i].Page(f.At, f.Text+f.After)
				first := tight(f.Text)
				if runes := []rune(first); len(runes) > 4 { // the rest may stand on the next
					first = string(runes[:4])
				}
				if drawn(p, f) { // a narrow band of a chart has no room for its number
					first = ""
				}
				if page == 0 || !strings.Contains(tight(r.Laid[i].Pages[page-1].Text), first) {
					t.Errorf("%s: page %d does not print %s", f.Address, page, f.Text)
				}
				if page > 1 {
					later++
				}
				if found := textAt(p, f); !strings.Contains(found, tight(f.Before+f.Text+f.After)) {
					t.Errorf("%s: at %s stands %s", f.Address, f.At, found)
				}
			}
		}
	}
	if n < 500 || later < 100 {
		t.Errorf("%d figures, %d of them behind the first page", n, later)
	}
}

// drawn reports a figure of a chart.
func drawn(p brief.ItemPaper, f brief.Figure) bool {
	return slices.ContainsFunc(p.Document.Blocks, func(b document.Block) bool {
		return b.Chart != nil && b.Chart.ID == f.Table
	})
}

// textAt is what a paper says in the part in which a figure stands: all of a row, and of a chart what it draws.
func textAt(p brief.ItemPaper, f brief.Figure) string {
	var out strings.Builder
	for _, t := range p.Document.Texts() {
		if t.At == f.At || strings.HasPrefix(t.At, f.At+"/") {
			out.WriteString(tight(t.Text))
		}
	}
	for _, b := range p.Document.Blocks {
		if b.Chart != nil && b.Chart.ID == f.Table {
			for _, s := range b.Chart.Series {
				out.WriteString(tight(strings.Join(s.Texts, "")))
			}
		}
	}
	return out.String()
}

// A meeting's PDFs, a department's own and one behind a paper, are counted, and named as what nobody has checked; a
// text that speaks of what is not there is told.
func TestPDFsOfASetAreCountedAndNamed(t *testing.T) {
	t.Parallel()
	env := sample(t)
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
	if err != nil {
		t.Fatal(err)
	}
	turn := document.Block{Kind: document.PageBreak}
	own, _, err := typeset.Render(fonts, "計画書", env.AsOf, document.Document{
		Title: "計画書", Sheet: "A3", Blocks: []document.Block{turn},
	})
	if err != nil {
		t.Fatal(err)
	}
	env.Project = overlay{env.Project, "templates/meetings/計画書.pdf", string(own)}
	env.Project = overlay{env.Project, "templates/briefs/本文.md", "---\ntitle: 別の題\n---\n\n別紙のとおりです。\n"}
	env.Project = overlay{env.Project, "templates/meetings/2026-02-17.yaml", `date: 2026-02-17
kind: 経済協議会資料
agenda_title: 協議事項
group: 報告
municipality: 八戸市
items:
  - {title: 計画について, department: 総務部行政管理課, brief: 本文.md, attached: [計画書.pdf], handling: 取扱注意}
  - {title: 計画書, department: 総務部行政管理課, pdf: 計画書.pdf}
  - {title: 別の題, department: 総務部行政管理課, brief: 本文.md, id: 三}
set: {numbering: true, copies: [{to: 委員, count: 8}]}
`}
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		t.Fatal(err)
	}
	m, err := brief.Choose(meetings, "2026-02-17", env.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	r, err := papers.Render(context.Background(), env, db, m, papers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	copies := brief.CopyTable(m, r.Items, r.Laid).Blocks[0].Table
	var got []string
	for _, row := range copies.Rows {
		got = append(got, row.Cells[len(row.Cells)-4].Text+" "+row.Cells[len(row.Cells)-3].Text)
	}
	if want := []string{"1 A4", "3 A3 1枚\n（Z折り）", "2 A3 1枚\n（Z折り）", "1 A4", "7 "}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if title := copies.Rows[1].Cells[1].Text; title != "計画について（うち別添2頁）" {
		t.Errorf("the paper is called %s", title)
	}
	if stamp := r.Items[0].Document.Attached[0].Stamp; stamp != "資料1　別添" {
		t.Errorf("stamped %s", stamp)
	}
	var told []string
	for _, remark := range r.Remarks {
		told = append(told, remark.Item.Name()+" "+remark.Kind+" "+remark.Place)
	}
	want := []string{"資料1 未点検 別添「計画書」", "資料1 表題 表題", "資料2 未点検 資料の全体", "資料3 別添 の1番目"}
	if !slices.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
	if names := m.Unchecked(); len(names) != 2 || !strings.Contains(names[0]+names[1], "計画書.pdf") {
		t.Errorf("unchecked %q", names)
	}
}
