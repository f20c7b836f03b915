package record

import (
	"slices"
	"strings"
	"testing"
)

// What a decision does follows from its words, its cell, and, of a waiver, from being whole.
func TestKindOfDecision(t *testing.T) {
	waiver := Decision{Path: "a", Decision: "除いて確定", Reason: "廃止", Post: "課長", Date: "2025-10-01"}
	without := func(change func(d *Decision)) Decision {
		d := waiver
		change(&d)
		return d
	}
	for _, c := range []struct {
		d    Decision
		kind string
	}{
		{Decision{Decision: "取下げ"}, "withdraw"}, {Decision{Decision: "取り下げる"}, "withdraw"},
		{Decision{Decision: "取下げ", Cell: "E12"}, ""},
		{Decision{Decision: "確認", Cell: "E12"}, "confirm"}, {Decision{Decision: "正しい", Cell: "E12"}, "confirm"},
		{Decision{Decision: "確認"}, ""}, {Decision{Decision: "確認", Date: "2025-10-01"}, "look"},
		{Decision{Decision: "取下げを確認", Date: "2025-10-01"}, "withdraw"},
		{waiver, "waive"}, {without(func(d *Decision) { d.Reason = "" }), ""},
		{without(func(d *Decision) { d.Post = "　" }), ""},
		{without(func(d *Decision) { d.Date = "" }), ""}, {Decision{Decision: "保留", Cell: "E12"}, ""}, {Decision{}, ""},
	} {
		if got := c.d.Kind(); got != c.kind {
			t.Errorf("%+v: %q, want %q", c.d, got, c.kind)
		}
	}
	if got := without(func(d *Decision) { d.Post, d.Date = "", "" }).Lacks(); got != "職（post）、日付（date）" {
		t.Error(got)
	}
}

// The cell of a decision may name its sheet, in full width and with the signs of a spreadsheet.
func TestPlaceOfDecision(t *testing.T) {
	for cell, want := range map[string][2]string{
		"E12": {"", "E12"}, "$e$12": {"", "E12"}, "Ｅ１２": {"", "E12"}, "成果指標!E12": {"成果指標", "E12"},
		"成果指標！e12": {"成果指標", "E12"},
		"a!b!C3":   {"a!b", "C3"}, "": {"", ""}, "!E12": {"", "E12"}, "！Ｅ１２": {"", "E12"},
	} {
		sheet, at := Decision{Cell: cell}.Place()
		if sheet != want[0] || at != want[1] {
			t.Errorf("%q: %q %q", cell, sheet, at)
		}
	}
	d := Decision{Path: "/課/a.xlsx", Cell: "表!E12"}
	if !d.Applies("inputs/市/課/a.xlsx") || d.Applies("inputs/市/課/b.xlsx") || (Decision{}).Applies("a") ||
		!d.IsAbout("e12") || d.IsAbout("E1") || d.IsAbout("") {
		t.Error("a decision is about its own file and cell alone")
	}
}

// A decision that changes nothing says why.
func TestIdleDecision(t *testing.T) {
	paths := []string{"inputs/市/課/a.xlsx"}
	left := []Finding{{Path: "inputs/市/課/a.xlsx", Cell: "E12", Message: "計算式がエラーです。"}}
	for _, c := range []struct {
		d    Decision
		says string
	}{
		{Decision{Path: "課/a.xlsx", Decision: "取下げ"}, ""},
		{Decision{Path: "課/b.xlsx", Decision: "取下げ"}, "ファイル「課/b.xlsx」がありません"},
		{Decision{Path: "課/a.xlsx", Cell: "E12", Decision: "確認"}, "確認では消えません"},
		{Decision{Path: "課/a.xlsx", Cell: "E13", Decision: "確認"}, ""},
		{Decision{Path: "課/a.xlsx", Cell: "E13", Decision: "取下げ"}, "セルの欄を空に"},
		{Decision{Path: "課/a.xlsx", Decision: "確認"}, "日付（date）がないので"},
		{Decision{Path: "課/a.xlsx", Decision: "確認", Date: "令和8年10月1日"}, ""},
		{Decision{Path: "課/b.xlsx", Decision: "確認", Date: "令和8年10月1日"}, "がありません"},
		{Decision{Path: "課/a.xlsx", Decision: "保留"}, "決まった語ではありません"},
		{Decision{Path: "何も", Decision: "除いて確定"}, "理由（reason）、職（post）、日付（date）がないので"},
	} {
		if got := c.d.Idle(left, paths); (got == "") != (c.says == "") || !strings.Contains(got, c.says) {
			t.Errorf("%+v: %q, want %q", c.d, got, c.says)
		}
	}
}

func TestFormerNames(t *testing.T) {
	d := Department{FormerNames: "企画課、総務室・広報課 IT推進課"}
	if got := d.Former(); !slices.Equal(got, []string{"企画課", "総務室", "広報課", "IT推進課"}) {
		t.Errorf("%q", got)
	}
}
