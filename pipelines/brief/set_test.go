package brief

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
)

const setMeeting = `date: 2026-10-20
kind: 総務協議会資料
agenda_title: 協議事項
municipality: 市
set: {numbering: true, copies: [{to: 委員, count: 3}]}
items:
  - {title: 一, brief: a.md, department: 課}
  - {title: 二, brief: b.md, department: 課, handling: 取扱注意WITHDRAWN}
  - {title: 三, brief: c.md, department: 課}
  - {title: 三の二, brief: d.md, department: 課, part: true}
  - {title: 別紙, brief: e.md, department: 課, series: 別紙, hidden: true}
  - {title: 四, department: 課}
  - {title: 参考, brief: f.md, department: 課, series: 参考, handling: 公表可}
  - {title: 要旨, brief: g.md, department: 課, unlisted: true}
`

func readMeeting(t *testing.T, yaml string) Meeting {
	t.Helper()
	all, err := Meetings(fstest.MapFS{"templates/meetings/2026-10-20.yaml": {Data: []byte(yaml)}})
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// Papers are numbered by the agenda, and move up when an item is withdrawn; what their figures are called by stays.
func TestNumbering(t *testing.T) {
	for withdrawn, want := range map[string]string{
		"":                  "a=資料1/1 b=資料2/2 c=資料3-1/3 d=資料3-2/3-2 e=別紙1/別紙1 4=/4 f=参考1/参考1 g=/g",
		", withdrawn: true": "a=資料1/1 c=資料2-1/2 d=資料2-2/2-2 e=別紙1/別紙1 3=/3 f=参考1/参考1 g=/g",
	} {
		m := readMeeting(t, strings.Replace(setMeeting, "WITHDRAWN", withdrawn, 1))
		var got []string
		for _, it := range m.Items {
			got = append(got, it.Key()+"="+it.Paper+"/"+it.Number)
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s\nwant %s", text, want)
		}
		agenda := Agenda(m)
		var lines []string
		for _, item := range agenda.Blocks[2].Items {
			lines = append(lines, item.Marker+document.Plain(item.Spans))
		}
		want := "1一（資料1） 2二（資料2） 3三（資料3-1、資料3-2、別紙1） 4四（参考1）"
		if withdrawn != "" {
			want = "1一（資料1） 2三（資料2-1、資料2-2、別紙1） 3四（参考1）"
		}
		if text := strings.Join(lines, " "); text != want {
			t.Errorf("the agenda: %s", text)
		}
	}
}

func TestReferencesResolveOrFail(t *testing.T) {
	m := readMeeting(t, strings.Replace(setMeeting, "WITHDRAWN", ", withdrawn: true", 1))
	if got, err := m.paper("d"); err != nil || got != "資料2-2" {
		t.Errorf("%q %v", got, err)
	}
	for id, says := range map[string]string{"b": "取り下げられています", "z": "この会議にありません", "要旨": ""} {
		if _, err := m.paper(id); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", id, err)
		}
	}
	text := func(s string) []ItemPaper {
		return []ItemPaper{{
			Item: m.Items[0],
			Paper: Paper{Document: document.Document{Blocks: []document.Block{{
				Kind: document.Paragraph, Spans: []document.Span{{Text: s}},
			}}}},
		}}
	}
	for s, ok := range map[string]bool{
		"資料2-1と別紙１、参考1のとおり": true, "資料２－２のとおり": true, "総務協議会資料のとおり": true, "資料3のとおり": false, "別紙2のとおり": false,
	} {
		if err := m.references(text(s)); (err == nil) != ok {
			t.Errorf("%s: %v", s, err)
		}
	}
	if err := (Meeting{}).references(text("資料9")); err != nil {
		t.Errorf("a meeting without numbers: %v", err)
	}
}

func TestSetMistakes(t *testing.T) {
	for old, c := range map[string]struct{ new, says string }{
		"handling: 公表可":          {"handling: 社外秘", "取扱区分「社外秘」は使えません"},
		"series: 参考":             {"series: 付録", "series「付録」は使えません"},
		"{title: 一, brief: a.md": {"{title: 一, part: true, brief: a.md", "前に案件がありません"},
		"brief: c.md":            {"brief: c.md, pdf: c.pdf", "両方があります"},
	} {
		_, err := Meetings(
			fstest.MapFS{"templates/meetings/2026-10-20.yaml": {Data: []byte(strings.Replace(
				strings.Replace(setMeeting, "WITHDRAWN", "", 1), old, c.new, 1,
			))}},
		)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.new, err)
		}
	}
}

// The public gets neither what is hidden nor what is to be handled with care, and no marks of the time before.
func TestPublic(t *testing.T) {
	m := readMeeting(t, strings.Replace(setMeeting, "WITHDRAWN", "", 1))
	var papers []ItemPaper
	for _, it := range m.Items {
		d := document.Document{Title: it.Title, Blocks: []document.Block{
			{Kind: document.Paragraph, Spans: []document.Span{{Text: "公開"}}},
			{
				Kind:   document.Box,
				Blocks: []document.Block{{Kind: document.TableOf, Hidden: true, Table: &document.Table{ID: "個人"}}},
			},
			{Kind: document.Box, Label: "非公表", Hidden: true},
		}}
		it.marks(&d)
		if it.Handling == WithCare && d.Watermark != WithCare || it.Handling == Open && d.Watermark != "" ||
			it.Handling == AfterMeeting && d.Watermark != AfterMeeting {
			t.Errorf("%s: watermark %q", it.Title, d.Watermark)
		}
		figures := []Figure{
			{Table: "個人"}, {Table: "ほか"}, {Table: ProseTable, Row: "1(2)非公表-1"}, {Table: ProseTable, Row: "1(2)-1"},
		}
		papers = append(papers, ItemPaper{it, Paper{Document: d, Figures: figures}})
	}
	var titles []string
	for _, p := range Public(papers) {
		titles = append(titles, p.Item.Title)
		if p.Document.Handling+p.Document.Watermark != "" || len(p.Document.Blocks) != 2 ||
			len(p.Document.Blocks[1].Blocks) != 0 || len(p.Figures) != 2 {
			t.Errorf("%s: %+v", p.Item.Title, p.Document)
		}
	}
	if got := strings.Join(titles, " "); got != "一 三 三の二 四 参考 要旨" {
		t.Errorf("%s", got)
	}
	if text := document.Plain(PublicAgenda(m).Blocks[2].Items[2].Spans); text != "三（資料3-1、資料3-2、別紙1は非公表）" {
		t.Errorf("the public's agenda: %s", text)
	}
	if len(papers[0].Figures) != 4 || len(papers[0].Document.Blocks) != 3 || papers[0].Document.Watermark == "" {
		t.Error("the members' own papers were changed")
	}
	laid := []typeset.Laid{{Pages: []typeset.PageLaid{{Width: 595.28, Height: 841.89}, {Width: 1190.55, Height: 841.89}}}}
	laid[0].Pages[1].Attached = "図面"
	table := CopyTable(m, papers[:1], laid).Blocks[0].Table
	if got := table.Rows[1].Cells[1].Text; !strings.HasSuffix(got, "（うち別添1頁）") {
		t.Errorf("the paper is called %s", got)
	}
	if got := table.Rows[1].Cells[3].Text; got != "A3 1枚\n（Z折り）" || len(table.Notes) != 1 ||
		table.Rows[2].Cells[3].Text != "9" {
		t.Errorf("%q %v %+v", got, table.Notes, table.Rows)
	}
}

// A department's own PDF is refused with what is wrong and who must act.
func TestExistingPDF(t *testing.T) {
	it := Item{Number: "1", Paper: "資料1", Title: "題", Department: "総務部人事課", PDF: "a.pdf"}
	page := func(size, font string) []byte {
		return pdfOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
			"<</Type/Page/Parent 2 0 R/MediaBox["+size+"]/Resources<</Font<<"+font+">>>>>>")
	}
	for name, c := range map[string]struct {
		data  []byte
		pages int
		says  string
	}{
		"none":   {nil, 0, "PDFがありません"},
		"no PDF": {[]byte("MZ"), 0, "開けません"},
		"letter": {page("0 0 612 792", ""), 0, "A4でもA3でもありません（216×279mm）"},
		"font": {
			page("0 0 595 842", "/F1<</Type/Font/Subtype/TrueType/BaseFont/MS-Mincho>>"), 0, "書体が埋め込まれていません（MS-Mincho）",
		},
		"page count": {page("0 0 595 842", ""), 2, "1ページあります（会議の設定では2ページ）"},
		"good":       {page("0 0 842 595", ""), 1, ""},
	} {
		fsys := fstest.MapFS{}
		if c.data != nil {
			fsys["templates/meetings/a.pdf"] = &fstest.MapFile{Data: c.data}
		}
		it.Pages = c.pages
		p, err := existing(fsys, it)
		if c.says == "" {
			if err != nil || p.Document.Existing == nil || p.Document.Number != "資料1" {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.says) || name != "page count" &&
			!strings.Contains(err.Error(), "総務部人事課") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// pdfOf is a PDF of these objects, the first its catalog.
func pdfOf(objects ...string) []byte {
	out, table := "%PDF-1.4\n", ""
	for i, body := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(out))
		out += fmt.Sprintf("%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	n := len(objects) + 1
	return []byte(out + fmt.Sprintf(
		"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n", n, table, n,
		len(out),
	))
}

// What was published of an earlier year is what the paper prints and compares; the paper's own year is as the data say.
func TestTakenAsPublished(t *testing.T) {
	f := &facts{year: 2024, published: nil}
	if v, rev := f.taken("x", 2023, "5"); v != "5" || rev != nil {
		t.Errorf("%v %v", v, rev)
	}
	was, err := rat("70.6")
	if err != nil {
		t.Fatal(err)
	}
	f.published = map[factOf]*big.Rat{{"x", 2022}: new(big.Rat), {"x", 2023}: was, {"x", 2024}: was}
	for name, c := range map[string]struct {
		fact  string
		year  int
		value any
		want  string
		rev   bool
	}{
		"an earlier year, revised":   {"x", 2023, "69.6", "70.6", true},
		"an earlier year, the same":  {"x", 2023, "70.600", "70.600", false},
		"the paper's own year":       {"x", 2024, "69.6", "69.6", false},
		"a year not published":       {"x", 2021, "69.6", "69.6", false},
		"a fact of no year":          {"x", 0, "69.6", "69.6", false},
		"a fact that was not there":  {"y", 2023, "69.6", "69.6", false},
		"what is not a number":       {"x", 2023, "－", "－", false},
		"what has no fact to itself": {"", 2023, "69.6", "69.6", false},
	} {
		v, rev := f.taken(c.fact, c.year, c.value)
		if got := strings.TrimSpace(fmt.Sprint(v)); got != c.want || (rev != nil) != c.rev {
			t.Errorf("%s: %v %v", name, v, rev)
		}
	}
	if v, rev := f.reporting(map[string]any{}).taken("x", 2023, "69.6"); fmt.Sprint(v) != "69.6" || rev != nil {
		t.Errorf("a paper that reports no year takes %v", v)
	}
}

func TestMeetingWithoutSetIsAsBefore(t *testing.T) {
	m := Meeting{
		ID: "m", Date: time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC),
		Items: []Item{{Number: "1", Title: "題", Brief: "a.md", Department: "課"}},
	}
	fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte("---\ntitle: 題\n---\n\n本文は資料9のとおり。\n")}}
	papers, err := RenderAll(context.Background(), fsys, m, answers{})
	if err != nil {
		t.Fatal(err)
	}
	if d := papers[0].Document; d.Number+d.Handling+d.Watermark != "" {
		t.Errorf("%+v", d)
	}
}
