package brief

import (
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/document"
)

// A draft says so once in every title, and on every PDF that is put in.
func TestDraftsAreMarked(t *testing.T) {
	behind := []document.Attachment{{Name: "計画書", Stamp: "資料1　別添"}}
	papers := []ItemPaper{
		{Paper: Paper{Document: document.Document{Title: "題", Number: "資料1", Attached: behind}}},
		{Paper: Paper{Document: document.Document{Title: "題（案）", Number: "資料2", Existing: &document.Attachment{}}}},
	}
	Draft(papers)
	own, existing := papers[0].Document, papers[1].Document
	if own.Title != "題（案）" || own.Number != "資料1" || own.Attached[0].Stamp != "資料1　別添（案）" {
		t.Errorf("%+v", own)
	}
	if existing.Title != "題（案）" || existing.Number != "資料2（案）" {
		t.Errorf("%+v", existing)
	}
	if behind[0].Stamp != "資料1　別添" {
		t.Error("what was given is marked too")
	}
}

// Every point stands once in the whole, under the papers that it concerns; an item's own list has what concerns it.
func TestPointsStandOnce(t *testing.T) {
	paper := func(id, name string) ItemPaper {
		return ItemPaper{
			Item:  Item{ID: id, Paper: name, Title: id + "の題"},
			Paper: Paper{Document: document.Document{Handling: "取扱注意" + id}},
		}
	}
	papers := []ItemPaper{paper("甲", "資料1"), paper("乙", "資料2"), paper("丙", "資料3")}
	points := []Point{
		{Kind: "誤り", What: "どこにも", Papers: nil}, {Kind: "誤り", What: "二つに", Papers: []string{"甲", "乙"}},
		{Kind: "注意", What: "乙だけに", Papers: []string{"乙"}}, {Kind: "用語", What: "甲だけに", Papers: []string{"甲"}},
		{Kind: "確認", What: "二つにまた", Papers: []string{"甲", "乙"}},
	}
	for of, want := range map[string]string{
		"":  "[資料1　甲の題] 甲だけに [資料2　乙の題] 乙だけに [資料1、資料2に掛かるもの] 二つに 二つにまた [どの資料の数値にも掛からないもの] どこにも",
		"甲": "[資料1　甲の題] 甲だけに [資料1、資料2に掛かるもの] 二つに 二つにまた",
		"乙": "[資料2　乙の題] 乙だけに [資料1、資料2に掛かるもの] 二つに 二つにまた",
		"丙": "[ありません]",
	} {
		p := Points(papers, points, of)
		var got []string
		for _, row := range p.Document.Blocks[0].Table.Rows {
			if len(row.Cells) == 1 {
				got = append(got, "["+row.Cells[0].Text+"]")
			} else {
				got = append(got, row.Cells[3].Text)
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%q: %s, want %s", of, text, want)
		}
		if handling := p.Document.Handling; of == "" && handling != "" || of != "" && handling != "取扱注意"+of {
			t.Errorf("%q bears %q", of, handling)
		}
	}
	papers[0].Item.Paper, papers[0].Item.Number = "", "1"
	papers[1].Item = Item{ID: "乙", Number: "要旨", Title: "要旨の題", Unlisted: true}
	if got := Points(papers, points, "甲").Document.Blocks[0].Table.Rows; got[0].Cells[0].Text != "案件1　甲の題" ||
		got[2].Cells[0].Text != "案件1、要旨に掛かるもの" {
		t.Errorf("without numbers: %q, %q", got[0].Cells[0].Text, got[2].Cells[0].Text)
	}
	if len(papers[0].Document.Blocks) > 0 {
		t.Error("a paper has blocks more")
	}
}

// What is told of papers: what nobody has checked, what a text speaks of and is not there, titles that differ, numbers
// of figures.
func TestRemarks(t *testing.T) {
	words := func(text string) document.Block {
		return document.Block{Kind: document.Paragraph, Spans: []document.Span{{Text: text}}}
	}
	figure := func(caption string) document.Block {
		return document.Block{Kind: document.ChartOf, Chart: &document.Chart{Caption: caption}}
	}
	appendix := document.Block{Kind: document.Title, Number: "別紙", Spans: []document.Span{{Text: "一覧"}}}
	one := func(title string, blocks ...document.Block) ItemPaper {
		return ItemPaper{
			Item:  Item{Number: "1", Title: "題", Department: "課"},
			Paper: Paper{Document: document.Document{Title: title, Blocks: blocks}},
		}
	}
	unlisted := one("別の題")
	unlisted.Item.Unlisted = true
	existing := one("", words("別添のとおり"))
	existing.Document.Existing = &document.Attachment{}
	behind := one("題", words("別添のとおり、図3を見る"))
	behind.Document.Attached = []document.Attachment{{Name: "計画書"}}
	series := one("題", words("別紙のとおり"))
	other := one("題")
	other.Item.Series = "別紙"
	for name, c := range map[string]struct {
		papers []ItemPaper
		want   string
	}{
		"nothing":           {[]ItemPaper{one("題", words("本文"))}, ""},
		"a title":           {[]ItemPaper{one("別の題")}, "表題 表題"},
		"a title's width":   {[]ItemPaper{one(" 題")}, ""},
		"not on the agenda": {[]ItemPaper{unlisted}, ""},
		"a PDF":             {[]ItemPaper{existing}, "未点検 資料の全体"},
		"a PDF behind":      {[]ItemPaper{behind}, "未点検 別添「計画書」"},
		"別添":                {[]ItemPaper{one("題", words("詳細は別添のとおりです"))}, "別添 の1番目"},
		"別紙 of a number":    {[]ItemPaper{one("題", words("別紙２「一覧」の通り"))}, "別添 の1番目"},
		"the word alone":    {[]ItemPaper{one("題", words("別添の様式"))}, ""},
		"an appendix":       {[]ItemPaper{one("題", words("別紙のとおり"), appendix)}, ""},
		"another appendix":  {[]ItemPaper{one("題", words("別添のとおり"), appendix)}, "別添 の1番目"},
		"a paper 別紙":        {[]ItemPaper{series, other}, ""},
		"figures in order":  {[]ItemPaper{one("題", figure("図1　甲"), figure("図２　乙"), words("図2のとおり"))}, ""},
		"図2 alone":          {[]ItemPaper{one("題", figure("図2　乙"))}, "図番号 図2"},
		"図1 and 図3":         {[]ItemPaper{one("題", figure("図1"), figure("図3"))}, "図番号 図3"},
		"図1 twice":          {[]ItemPaper{one("題", figure("図1"), figure("図1"))}, "図番号 図1"},
		"no such figure":    {[]ItemPaper{one("題", words("図1のとおり"))}, "図番号 の1番目"},
		"a map":             {[]ItemPaper{one("題", words("地図1、図書館"))}, ""},
	} {
		var got []string
		for _, r := range Remarks(c.papers) {
			got = append(got, r.Kind+" "+r.Place)
		}
		if text := strings.Join(got, "; "); text != c.want {
			t.Errorf("%s: %s, want %s", name, text, c.want)
		}
	}
}

// Each PDF behind a paper of a number is stamped with it, and where there are several with which of them it is.
func TestStampsOfAttachments(t *testing.T) {
	fsys := fstest.MapFS{"templates/meetings/甲.pdf": {}, "templates/meetings/乙.pdf": {}}
	for _, c := range []struct {
		paper string
		files []string
		want  string
	}{
		{"資料1", []string{"甲.pdf"}, "資料1　別添"}, {"資料1", []string{"甲.pdf", "乙.pdf"}, "資料1　別添1 資料1　別添2"},
		{"", []string{"甲.pdf"}, ""}, {"資料1", nil, ""},
	} {
		list, err := attachments(fsys, Item{Paper: c.paper, Attached: c.files})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range list {
			got = append(got, a.Stamp)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s with %d: %q, want %q", c.paper, len(c.files), text, c.want)
		}
	}
}
