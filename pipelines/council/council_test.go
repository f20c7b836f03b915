package council

import (
	"reflect"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/typeset"
)

func TestSettle(t *testing.T) {
	whole := answer{subject: "30", answer: "確認", on: "令和7年10月1日", post: "課長"}
	with := func(f func(a *answer)) answer {
		a := whole
		f(&a)
		return a
	}
	for name, c := range map[string]struct {
		answers []answer // the newest first
		want    State
		note    string
	}{
		"nobody has answered": {nil, Waiting, "数値確認票で"},
		"confirmed":           {[]answer{whole}, Confirmed, ""},
		"written otherwise":   {[]answer{with(func(a *answer) { a.subject = "３０" })}, Confirmed, ""},
		"without a day":       {[]answer{with(func(a *answer) { a.on = "" })}, Waiting, "確認日か"},
		"without a post":      {[]answer{with(func(a *answer) { a.post = "" })}, Waiting, "確認者の職"},
		"changed since":       {[]answer{with(func(a *answer) { a.subject = "29" })}, Changed, "「29」が「30」に変わりました"},
		"a correction": {
			[]answer{with(func(a *answer) { a.answer, a.correction = "訂正", "31" })}, Correct, "「30」を「31」に訂正",
		},
		"a correction of nothing": {[]answer{with(func(a *answer) { a.answer = "訂正" })}, Correct, "訂正後の値がありません"},
		"fixed as it was said": {
			[]answer{with(func(a *answer) { a.subject, a.answer, a.correction = "29", "訂正", "30" })}, Confirmed, "",
		},
		"fixed to something else": {
			[]answer{with(func(a *answer) { a.subject, a.answer, a.correction = "29", "訂正", "31" })}, Correct,
			"訂正の回答は「31」でしたが、いまは「30」です",
		},
		"first confirmed, then corrected": {
			[]answer{with(func(a *answer) { a.answer, a.correction = "訂正", "31" }), whole}, Correct, "「31」",
		},
		"confirmed, corrected to another, and back": {
			[]answer{with(func(a *answer) { a.subject, a.answer, a.correction = "29", "訂正", "31" }), whole}, Correct,
			"訂正の回答は「31」でしたが、いまは「30」です",
		},
		"first corrected, then confirmed": {
			[]answer{whole, with(func(a *answer) { a.answer, a.correction = "訂正", "31" })}, Confirmed, "",
		},
	} {
		l := Line{Subject: "30", Cells: []Place{{"inputs/市/令和6年度/部/課/a.xlsx", "表", "B2"}}}
		l.settle(c.answers)
		if l.State != c.want || !strings.Contains(l.Note, c.note) || c.note == "" && l.Note != "" {
			t.Errorf("%s: %s %q", name, l.State, l.Note)
		}
	}
}

func TestPlaceKeyFollowsTheYear(t *testing.T) {
	this := brief.Figure{Table: "令和6年度の進捗", Row: "計", Column: "R6"}
	last := brief.Figure{Table: "令和５年度の進捗", Row: "計", Column: "R5"}
	if a, b := placeKey(this, 2024), placeKey(last, 2023); a != b {
		t.Errorf("%q and %q", a, b)
	}
	if a, b := placeKey(this, 2024), placeKey(last, 2024); a == b {
		t.Errorf("last year's column is this year's: %q", a)
	}
	if a := placeKey(brief.Figure{Row: "令和6年度"}, 0); a != "/令和6年度/" {
		t.Errorf("a paper of no year: %q", a)
	}
}

func paper(year string, head []string, rows [][]string, notes []string, figures ...brief.Figure) brief.ItemPaper {
	t := &document.Table{ID: "進捗", Notes: notes}
	row := document.Row{}
	for i, text := range head {
		align := "right"
		if i == 0 {
			align = "left"
		}
		t.Columns = append(t.Columns, document.Column{Align: align})
		row.Cells = append(row.Cells, document.Cell{Text: text})
	}
	t.Head = []document.Row{row}
	for _, r := range rows {
		row := document.Row{}
		for _, text := range r {
			row.Cells = append(row.Cells, document.Cell{Text: text})
		}
		t.Rows = append(t.Rows, row)
	}
	return brief.ItemPaper{
		Item: brief.Item{Number: "1", Title: "題", Brief: "a.md"},
		Paper: brief.Paper{
			Document: document.Document{Title: "題", Blocks: []document.Block{{Kind: document.TableOf, Table: t}}},
			Figures:  figures, Parameters: map[string]any{"year": year},
		},
	}
}

func TestAgainst(t *testing.T) {
	value := func(row, column, text, unit string) brief.Figure {
		return brief.Figure{
			Table: "進捗", Row: row, Column: column, Text: text, Value: strings.TrimRight(text, "%－"), Unit: unit,
		}
	}
	before := paper("2023", []string{"柱", "令和5年度", "構成比"}, [][]string{
		{"甲", "10", "50%"}, {"乙", "20", "50%"}, {"丙", "1", "0%"},
	}, []string{"※合計は12件"},
		value(
			"甲", "令和5年度", "10", "件",
		), value("乙", "令和5年度", "20", "件"), value("甲", "構成比", "50%", "%"), value("乙", "構成比", "50%", "%"))
	now := paper("2024", []string{"柱", "令和6年度", "前年度"}, [][]string{
		{"乙", "9", ""}, {"甲", "11", ""}, {"丁", "1", ""},
	}, []string{"※合計は15件", "※新しい注"},
		value(
			"甲", "令和6年度", "11", "件",
		), value("乙", "令和6年度", "9", "件"), value("甲", "構成比", "71%", "%"), value("乙", "構成比", "－", ""))
	got := map[string]bool{}
	for _, d := range Against([]brief.ItemPaper{before}, []brief.ItemPaper{now}) {
		got[d.Kind+d.Change+" "+d.What] = true
	}
	want := []string{
		"列追加 前年度", "列削除 構成比", "行追加 丁", "行削除 丙", "行並べ替え 乙、甲", "注追加 ※新しい注",
		"数値飛び 20 → 9（2倍以上の差）", "数値飛び 50% → 71%（20ポイント以上の差）", "数値飛び 50% → －（数値であるかどうかが違う）",
	}
	for _, w := range want {
		if !got[w] {
			t.Errorf("not told: %s", w)
		}
		delete(got, w)
	}
	if len(got) > 0 {
		t.Errorf("told besides: %v", got)
	}
}

func TestErrataTellsConclusionsFirst(t *testing.T) {
	value := brief.Figure{Address: "m/1/進捗/甲/数", Table: "進捗", Row: "甲", Column: "数", Text: "10", At: "0/2"}
	word := brief.Figure{
		Address: "m/1/本文/1-1/語1", Table: brief.ProseTable, Row: "1-1", Column: "語1", Text: "改善", Word: true, Before: "前年度から",
		After: "しました。",
	}
	old := paper("2024", []string{"柱", "数"}, [][]string{{"乙", "1"}, {"甲", "10"}, {"名の変わる行", "5"}}, nil, value, word)
	now := paper("2024", []string{"柱", "数"}, [][]string{{"乙", "1"}, {"甲", "12"}, {"名の変わった行", "5"}}, nil, value, word)
	laid := []typeset.Laid{{
		Pages:  []typeset.PageLaid{{Text: "乙1"}, {Text: "甲10 名の変わる行5"}},
		Pieces: []typeset.Piece{{At: "0/1/0", Page: 1}, {At: "0/2/0", Page: 2}, {At: "0/3/0", Page: 2}},
	}}
	newLaid := []typeset.Laid{{
		Pages: []typeset.PageLaid{{Text: "乙1"}, {Text: "甲12 名の変わった行5"}}, Pieces: laid[0].Pieces,
	}}
	cause := lineage.Cause{
		Place: lineage.Place{Path: "inputs/市/令和6年度/部/福祉課/票.xlsx", Sheet: "表", Cell: "B2"}, Old: "10", New: "12",
	}
	list := Errata(Side{[]brief.ItemPaper{old}, laid}, Side{[]brief.ItemPaper{now}, newLaid}, []lineage.Change{
		{Table: lineage.Papers, Figure: value.Address, Old: "10", New: "12", Causes: []lineage.Cause{cause}},
		{Table: "marts.other", Figure: "x", Old: "1", New: "2"},
		{Table: lineage.Papers, Figure: word.Address, Old: "改善", New: "低下"},
	})
	var got []string
	for _, e := range list {
		got = append(got, strings.Join([]string{e.Wrong, e.Right, strings.Join(e.Causes, "；")}, "→"))
	}
	want := []string{"改善→低下→", "10→12→福祉課/票.xlsx 表：B2 「10」→「12」", "名の変わる行→名の変わった行→"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	if list[1].Page != 2 || list[2].Page != 2 {
		t.Errorf("pages %d %d", list[1].Page, list[2].Page)
	}
	pages := Replaced(Side{[]brief.ItemPaper{old}, laid}, Side{[]brief.ItemPaper{now}, newLaid})
	if len(pages) != 1 || pages[0].String() != "案件1の2頁" {
		t.Errorf("%v", pages)
	}
	newLaid[0].Pages = newLaid[0].Pages[:1]
	if pages := Replaced(Side{[]brief.ItemPaper{old}, laid}, Side{
		[]brief.ItemPaper{now}, newLaid,
	}); len(pages) != 1 || !strings.Contains(pages[0].String(), "2頁からは除く") {
		t.Errorf("a page that is gone: %v", pages)
	}
}

func TestFollows(t *testing.T) {
	explained := []pair{{"95.1%", "94.1%"}, {"4.9%", "5.9%"}, {"0", "1"}, {"改善しました", "低下しました"}, {"を47人上回り", "を40人上回り"}}
	for name, c := range map[string]struct {
		old, now string
		want     bool
	}{
		"figures and a word":             {"95.1%、4.9%で10件、改善しました", "94.1%、5.9%で10件、低下しました", true},
		"a number that is not listed":    {"計（8件を除く）", "計（7件を除く）", false},
		"a word that is not listed":      {"95.1%が完了", "94.1%が終了", false},
		"a number becomes another's":     {"95.1%、4.9%", "5.9%、94.1%", false},
		"a name":                         {"窓口の見直し", "窓口見直し", false},
		"one number more":                {"0件", "1件2", false},
		"a number inside a listed words": {"計画を47人上回り", "計画を40人上回り", true},
	} {
		if got := follows(c.old, c.now, explained); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestUnlikePassesOverWhatHasMoved(t *testing.T) {
	text := func(list ...string) []document.Text {
		var out []document.Text
		for i, s := range list {
			out = append(out, document.Text{Place: string(rune('a' + i)), Text: s})
		}
		return out
	}
	gone, added := unlike(text("一", "二", "三", "12"), text("一", "新", "二", "三", "13"), []pair{{"12", "13"}})
	if len(gone) != 1 || gone[0].Text != "12" || len(added) != 2 {
		t.Errorf("%v %v", gone, added) // the row came before the figure: both are told
	}
	if gone, added := unlike(text("一", "12"), text("一", "13"), []pair{{"12", "13"}}); len(gone)+len(added) != 0 {
		t.Errorf("%v %v", gone, added)
	}
}
