package council

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/printable"
)

// Difference is what is otherwise in a paper than in an earlier one of its kind. Figures that only follow the year are
// none.
type Difference struct {
	Paper  string `json:"paper"`
	Kind   string `json:"kind"`   // 資料, 表, 列, 行, 注, 数値
	Change string `json:"change"` // 追加, 削除, 並べ替え, 飛び, 未点検
	Where  string `json:"where"`
	What   string `json:"what"`
}

// Against compares papers with earlier ones. Those of one template belong together, else those of one title.
func Against(before, now []brief.ItemPaper) []Difference {
	var out []Difference
	matched := map[int]bool{}
	for _, p := range now {
		i := slices.IndexFunc(
			before, func(o brief.ItemPaper) bool { return o.Item.Brief != "" && o.Item.Brief == p.Item.Brief },
		)
		if i < 0 {
			i = slices.IndexFunc(before, func(o brief.ItemPaper) bool { return o.Item.Title == p.Item.Title })
		}
		if i < 0 {
			out = append(out, Difference{p.Item.Name(), "資料", "追加", p.Item.Title, "前の会議にない資料です"})
			continue
		}
		matched[i] = true
		out = append(out, against(before[i], p)...)
		if before[i].Document.Existing != nil || p.Document.Existing != nil {
			out = append(out, Difference{p.Item.Name(), "資料", "未点検", p.Item.Title, "課のPDFなので、中は比べていません"})
		}
	}
	for i, o := range before {
		if !matched[i] {
			out = append(out, Difference{o.Item.Name(), "資料", "削除", o.Item.Title, "前の会議にあった資料です"})
		}
	}
	return out
}

func against(before, now brief.ItemPaper) []Difference {
	old, is := outline(before), outline(now)
	name := now.Item.Name()
	out := lists(name, "表", "", old.names, is.names)
	for _, key := range is.names {
		was, ok := old.tables[key]
		if !ok {
			continue
		}
		t := is.tables[key]
		out = append(out, lists(name, "列", t.name, was.columns, t.columns)...)
		out = append(out, lists(name, "行", t.name, was.rows, t.rows)...)
		out = append(out, lists(name, "注", t.name, was.notes, t.notes)...)
	}
	out = append(out, lists(name, "注", "本文", old.notes, is.notes)...)
	return append(out, jumps(before, now)...)
}

// outlined is what a paper consists of: labels with years counted from the one that it reports, notes without figures.
type outlined struct {
	names  []string
	tables map[string]outlinedTable
	notes  []string
}

type outlinedTable struct {
	name                 string
	columns, rows, notes []string
}

func outline(p brief.ItemPaper) outlined {
	out := outlined{tables: map[string]outlinedTable{}}
	year := reportedYear(p)
	note := func(text string) string { return digitsIn.ReplaceAllString(relative(text, year), "＊") }
	var walk func(blocks []document.Block)
	walk = func(blocks []document.Block) {
		for _, b := range blocks {
			switch {
			case b.Kind == document.Note:
				out.notes = append(out.notes, note(document.Plain(b.Spans)))
			case b.Table != nil:
				key := relative(b.Table.ID, year)
				t := outlinedTable{name: b.Table.ID, columns: columnLabels(b.Table, year), rows: rowLabels(b.Table, year)}
				for _, n := range slices.Concat(b.Table.Legend, b.Table.Notes) {
					t.notes = append(t.notes, note(n))
				}
				out.names, out.tables[key] = append(out.names, key), t
			case b.Chart != nil:
				key := "図 " + relative(b.Chart.ID, year)
				t := outlinedTable{name: "図「" + b.Chart.ID + "」"}
				for _, s := range b.Chart.Series {
					t.columns = append(t.columns, relative(s.Name, year))
				}
				for _, c := range b.Chart.Categories {
					t.rows = append(t.rows, relative(c, year))
				}
				out.names, out.tables[key] = append(out.names, key), t
			}
			walk(b.Blocks)
		}
	}
	walk(p.Document.Blocks)
	return out
}

// grid spreads the cells of rows over the columns that they cover.
func grid(rows []document.Row, columns int) [][]string {
	out := make([][]string, len(rows))
	filled := make([][]bool, len(rows))
	for i := range rows {
		out[i], filled[i] = make([]string, columns), make([]bool, columns)
	}
	for i, row := range rows {
		col := 0
		for _, c := range row.Cells {
			for col < columns && filled[i][col] {
				col++
			}
			for a := range max(c.RowSpan, 1) {
				for b := range max(c.ColSpan, 1) {
					if i+a < len(rows) && col+b < columns {
						out[i+a][col+b], filled[i+a][col+b] = c.Text, true
					}
				}
			}
			col += max(c.ColSpan, 1)
		}
	}
	return out
}

func columnLabels(t *document.Table, year int) []string {
	g := grid(t.Head, len(t.Columns))
	var out []string
	for j := range t.Columns {
		var parts []string
		for i := range g {
			if text := relative(g[i][j], year); text != "" && !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		}
		out = append(out, strings.Join(parts, "・"))
	}
	return out
}

// rowLabels are what stands in the left columns of a table's rows; of a table without any, in the first.
func rowLabels(t *document.Table, year int) []string {
	labels := 0
	for labels < len(t.Columns) && t.Columns[labels].Align == "left" {
		labels++
	}
	if labels == 0 || labels == len(t.Columns) {
		labels = 1
	}
	var out []string
	for _, row := range grid(t.Rows, len(t.Columns)) {
		var parts []string
		for _, text := range row[:min(labels, len(row))] {
			if text = relative(text, year); text != "" && !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		}
		out = append(out, strings.Join(parts, "・"))
	}
	return out
}

// lists says what is new, gone and in another order.
func lists(paper, kind, where string, before, now []string) []Difference {
	var out []Difference
	left := slices.Clone(before)
	var common []string
	for _, x := range now {
		if i := slices.Index(left, x); i >= 0 {
			left = slices.Delete(left, i, i+1)
			common = append(common, x)
			continue
		}
		out = append(out, Difference{paper, kind, "追加", where, shownLabel(x)})
	}
	for _, x := range left {
		out = append(out, Difference{paper, kind, "削除", where, shownLabel(x)})
	}
	kept := slices.Clone(before)
	for _, x := range left {
		if i := slices.Index(kept, x); i >= 0 {
			kept = slices.Delete(kept, i, i+1)
		}
	}
	if !slices.Equal(kept, common) {
		var moved []string
		for i := range common {
			if i < len(kept) && kept[i] != common[i] {
				moved = append(moved, shownLabel(common[i]))
			}
		}
		out = append(out, Difference{paper, kind, "並べ替え", where, strings.Join(moved, "、")})
	}
	return out
}

// shownLabel is a label as a person reads it: 〔+0〕 is the year that the paper reports.
func shownLabel(s string) string {
	for i, word := range []string{"前々年度", "前年度", "報告年度", "翌年度"} {
		s = strings.ReplaceAll(s, fmt.Sprintf("〔%+d〕", i-2), word)
	}
	if s == "" {
		return "（見出しなし）"
	}
	return printable.Short(s, 60)
}

// A figure's jump is suspicious where a count doubles or halves by at least leastJump, where a percentage moves by at
// least pointJump points, or where its sign, its unit or whether it is a number at all changes.
const (
	timesJump = 2
	leastJump = 5
	pointJump = 20
)

func jumps(before, now brief.ItemPaper) []Difference {
	was := map[string]brief.Figure{}
	for _, f := range before.Figures {
		key := placeKey(f, reportedYear(before))
		if _, there := was[key]; !there && !f.Word {
			was[key] = f
		}
	}
	var out []Difference
	told := map[string]bool{}
	for _, f := range now.Figures {
		key := placeKey(f, reportedYear(now))
		old, ok := was[key]
		if f.Word || !ok || told[key] {
			continue
		}
		told[key] = true
		if why := jump(old, f); why != "" {
			out = append(out, Difference{
				now.Item.Name(), "数値", "飛び", f.Table + "　" + strings.Trim(flat(f.Row)+"・"+flat(f.Column), "・"),
				flat(old.Text) + " → " + flat(f.Text) + "（" + why + "）",
			})
		}
	}
	return out
}

func jump(old, now brief.Figure) string {
	a, wasNumber := new(big.Rat).SetString(old.Value)
	b, isNumber := new(big.Rat).SetString(now.Value)
	switch {
	case wasNumber != isNumber:
		return "数値であるかどうかが違う"
	case !wasNumber:
		return ""
	case old.Unit != now.Unit:
		return "単位が違う"
	case a.Sign()*b.Sign() < 0:
		return "正負が違う"
	}
	diff := new(big.Rat).Sub(b, a)
	diff.Abs(diff)
	if strings.ContainsAny(now.Unit, "%％") || now.Unit == "ポイント" {
		if diff.Cmp(big.NewRat(pointJump, 1)) >= 0 {
			return fmt.Sprintf("%dポイント以上の差", pointJump)
		}
		return ""
	}
	low, high := new(big.Rat).Abs(a), new(big.Rat).Abs(b)
	if low.Cmp(high) > 0 {
		low, high = high, low
	}
	if diff.Cmp(big.NewRat(leastJump, 1)) >= 0 && high.Cmp(new(big.Rat).Mul(low, big.NewRat(timesJump, 1))) >= 0 {
		return fmt.Sprintf("%d倍以上の差", timesJump)
	}
	return ""
}
