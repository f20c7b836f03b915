package council

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
)

// The members' 正誤表 tells no cells; its reason stands once beside each group, or there is room for one in each row. The
// office's has the cells, and the reason below.
func TestNoticesForMembersAndOffice(t *testing.T) {
	list := []Erratum{
		{Paper: "資料1", Page: 3, Place: "本文", Wrong: "改善", Right: "低下", Word: true, Causes: []string{"課/票.xlsx：B2"}},
		{Paper: "資料1", Page: 2, Place: "表", Wrong: "10件", Right: "12件", Causes: []string{"課/票.xlsx：B2"}},
		{Paper: "資料2", Place: "資料の全体", Right: "加わった資料です"},
	}
	rows := func(d document.Document) (out []string) {
		for _, row := range d.Blocks[1].Table.Rows {
			var texts []string
			for _, c := range row.Cells {
				texts = append(texts, c.Text)
			}
			out = append(out, strings.Join(texts, "|"))
		}
		if _, err := d.Blocks[1].Table.Placed(); err != nil {
			t.Error(err)
		}
		return out
	}
	for _, c := range []struct {
		reason          string
		members, office []string
	}{
		{"", []string{
			"結論の言葉が変わるもの", "資料1|3|本文|改善|低下|", "数値など", "資料1|2|表|10件|12件|", "資料2|－|資料の全体|（なし）|加わった資料です|",
		}, []string{
			"結論の言葉が変わるもの", "資料1|3|本文|改善|低下|課/票.xlsx：B2", "数値など", "資料1|2|表|10件|12件|課/票.xlsx：B2",
			"資料2|－|資料の全体|（なし）|加わった資料です|",
		}},
		{"誤記のため", []string{
			"結論の言葉が変わるもの", "資料1|3|本文|改善|低下|誤記のため", "数値など", "資料1|2|表|10件|12件|誤記のため",
			"資料2|－|資料の全体|（なし）|加わった資料です",
		}, nil},
	} {
		n := Notice{List: list, Day: "令和7年10月20日", Reason: c.reason}
		members, office := n.ForMembers(brief.Meeting{}), n.ForOffice(brief.Meeting{})
		if got := rows(members); !slices.Equal(got, c.members) {
			t.Errorf("members: %q", got)
		}
		if got := rows(office); c.office != nil && !slices.Equal(got, c.office) {
			t.Errorf("office: %q", got)
		}
		if said := document.Plain(office.Blocks[len(office.Blocks)-1].Spans); !strings.HasSuffix(said, c.reason) ||
			!strings.Contains(said, "控え") {
			t.Errorf("the office is told %s", said)
		}
		if members.Title != "正誤表" || office.Title != "正誤表（事務局用）" || len(members.Blocks) != 2 {
			t.Errorf("%s, %s", members.Title, office.Title)
		}
	}
	one := rows(Notice{List: list[1:2]}.ForMembers(brief.Meeting{}))
	if want := []string{"資料1|2|表|10件|12件|"}; !slices.Equal(one, want) {
		t.Errorf("without conclusions: %q", one)
	}
}

// A figure is quoted with its unit; in its sentence, with words on each side that end in no figure.
func TestFiguresAreQuotedWhole(t *testing.T) {
	for _, c := range []struct {
		f             brief.Figure
		whole, around string
	}{
		{brief.Figure{Before: "受付は", Text: "12", After: "件増加しました", Unit: "件"}, "12件", "受付は12件増加しました"},
		{brief.Figure{Text: "1,004", After: "千人"}, "1,004千人", "1,004千人"},
		{brief.Figure{Before: "施設は", Text: "35", After: "校になりました"}, "35校", "施設は35校になりました"},
		{brief.Figure{Text: "12", Unit: "件"}, "12", "12"},
		{brief.Figure{Text: "上回り", After: "ました", Word: true}, "上回り", "上回りました"},
		{
			brief.Figure{Before: "令和5年度の69.6億円から令和6年度の", Text: "70.6億円", After: "へ、施設の数の合計は前年度から1,234校"},
			"70.6億円", "…69.6億円から令和6年度の70.6億円へ、施設の数の合計は前年…",
		},
	} {
		if got := whole(c.f); got != c.whole {
			t.Errorf("%s, want %s", got, c.whole)
		}
		if got := around(c.f); got != c.around {
			t.Errorf("%s, want %s", got, c.around)
		}
	}
	at := placed{whole: "12件"}
	for text, want := range map[string]string{"12": "12件", "": "", "13": "13"} {
		if got := asFound(text, at); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Of short texts all is shown, of long ones the place in which they differ.
func TestDifferingTexts(t *testing.T) {
	long := strings.Repeat("長い文です。", 20)
	for _, c := range []struct{ old, now, was, is string }{
		{"短い文", "短かい文", "短い文", "短かい文"},
		{long + "甲は12件。" + long, long + "甲は13件。" + long,
			"…い文です。長い文です。長い文です。甲は12件。長い文です。長い文です。長い文です。…",
			"…い文です。長い文です。長い文です。甲は13件。長い文です。長い文です。長い文です。…"},
		{long, long + "終わり", "…す。長い文です。長い文です。長い文です。", "…す。長い文です。長い文です。長い文です。終わり"},
	} {
		if was, is := differing(c.old, c.now); was != c.was || is != c.is {
			t.Errorf("%s → %s", was, is)
		}
	}
	if n := same("亜", "伊"); n != 0 {
		t.Errorf("characters that begin alike are alike up to %d", n)
	}
}

// PDFs that are other files now are told, each with its pages: a department's own, and those behind a paper.
func TestErrataOfPDFs(t *testing.T) {
	file := func(name, data string) document.Attachment {
		return document.Attachment{Name: name, Data: []byte(data)}
	}
	side := func(existing string, attached ...document.Attachment) Side {
		own := brief.ItemPaper{Item: brief.Item{ID: "甲", Paper: "資料1"}}
		own.Document.Attached = attached
		pdf := brief.ItemPaper{Item: brief.Item{ID: "乙", Paper: "資料2"}}
		is := file("乙", existing)
		pdf.Document.Existing = &is
		laid := typeset.Laid{Pages: []typeset.PageLaid{{Text: "本文"}}}
		for _, a := range attached {
			for i := range a.Data {
				laid.Pages = append(laid.Pages, typeset.PageLaid{Text: string(a.Data) + fmt.Sprint(i), Attached: a.Name})
			}
		}
		return Side{
			[]brief.ItemPaper{own, pdf}, []typeset.Laid{laid, {Pages: []typeset.PageLaid{{Text: existing}}}},
		}
	}
	for _, c := range []struct {
		name       string
		old, now   Side
		list, page string
	}{
		{"nothing", side("x", file("計画", "ab")), side("x", file("計画", "ab")), "", ""},
		{
			"all", side("x", file("計画", "ab")), side("y", file("計画", "cd")),
			"資料1 別添「計画」 配った頁→差替え頁のとおり; 資料2 頁の全体（課のPDF） 配った頁→差替え頁のとおり",
			"資料1の別添「計画」1頁、別添「計画」2頁; 資料2の1頁",
		},
		{
			"more and fewer", side("x", file("計画", "ab"), file("図面", "e")), side("x", file("計画", "a"), file("名簿", "f")),
			"資料1 別添「計画」 配った頁→差替え頁のとおり; 資料1 別添「名簿」 →加わった別添です; 資料1 別添「図面」 無くなった別添です→",
			"資料1の別添「計画」1頁、別添「名簿」1頁（前の版の別添「計画」2頁から、前の版の別添「図面」1頁からは除く）",
		},
	} {
		var list, pages []string
		for _, e := range Errata(c.old, c.now, nil) {
			list = append(list, fmt.Sprintf("%s %s %s→%s", e.Paper, e.Place, e.Wrong, e.Right))
			if !strings.Contains(strings.Join(e.Causes, ""), "PDFの中の違いは比べていません") {
				t.Errorf("%s: %q", c.name, e.Causes)
			}
		}
		for _, p := range Replaced(c.old, c.now) {
			pages = append(pages, p.String())
		}
		if got := strings.Join(list, "; "); got != c.list {
			t.Errorf("%s: %s", c.name, got)
		}
		if got := strings.Join(pages, "; "); got != c.page {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	if p := Replaced(side("x", file("計画", "ab")), side("x", file("計画", "cb"))); !slices.Equal(p[0].Numbers, []int{2, 3}) {
		t.Errorf("pages of the paper: %v", p[0].Numbers)
	}
}
