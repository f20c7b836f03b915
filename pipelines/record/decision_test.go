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
		{Decision{Path: "課/a.xlsx", Cell: "E13", Decision: "取下げ"}, "理由（reason）がないので"},
		{Decision{Path: "課/a.xlsx", Cell: "E13", Decision: "終了", Reason: "計画の改定"}, ""},
		{Decision{Path: "課/a.xlsx", Cell: "E12", Decision: "該当なし", Reason: "実施なし"}, "「該当なし」では消えません"},
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

// A path that names nothing is told with the name that is near, and with the names of files that nobody can tell apart.
func TestDecisionThatNamesNothing(t *testing.T) {
	paths := []string{
		"inputs/市/令和8年度/部/課/成果指標調査票.xlsx", "inputs/市/令和8年度/部/課/がいよう（ふつうの名前）.xlsx",
		"inputs/市/令和8年度/部/課/がいよう（濁点が分かれた名前2）.xlsx", "inputs/町/令和8年度/部/課/成果指標調査表.xlsx",
	}
	for path, want := range map[string]string{
		"令和8年度/部/課/成果指標調査表.xlsx": "ファイル「令和8年度/部/課/成果指標調査表.xlsx」がありません。近い名前のファイルは「" + paths[0] + "」です",
		"成果指標調査.xlsx":            "近い名前のファイルは「" + paths[0] + "」です",
		"/何も.xlsx":               "ファイル「/何も.xlsx」がありません",
		"課/がいよう.xlsx":            "どれのことか決められません。次のどれかを書くか、ファイルの名前を変えてください：" + paths[1] + "、" + paths[2],
	} {
		d := Decision{Municipality: "市", Path: path, Decision: "取下げ"}
		if got := d.Idle(nil, paths); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{paths[1], "課/がいよう（濁点が分かれた名前2）.xlsx"} {
		if got := (Decision{Municipality: "市", Path: path, Decision: "取下げ"}).Idle(nil, paths); got != "" {
			t.Errorf("%s: %q", path, got)
		}
	}
}

func TestFormerNames(t *testing.T) {
	d := Department{FormerNames: "企画課、総務室・広報課 IT推進課"}
	if got := d.Former(); !slices.Equal(got, []string{"企画課", "総務室", "広報課", "IT推進課"}) {
		t.Errorf("%q", got)
	}
}
