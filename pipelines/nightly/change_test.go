package nightly

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/workbook/workbooktest"
)

// figures are the texts of a paper by where they stand: a table's cell by id, row label and column, a sentence by its
// beginning.
func figures(doc document.Document) map[string]string {
	out := map[string]string{}
	var walk func(blocks []document.Block)
	walk = func(blocks []document.Block) {
		for i, b := range blocks {
			if b.Table != nil {
				for r, row := range b.Table.Rows {
					for c, cell := range row.Cells {
						out[fmt.Sprintf("%s/%d/%s/%d", b.Table.ID, r, row.Cells[0].Text, c)] = cell.Text
					}
				}
				for k, n := range b.Table.Notes {
					out[fmt.Sprintf("%s/note%d", b.Table.ID, k)] = n
				}
			}
			for k, it := range b.Items {
				s := document.Plain(it.Spans)
				head, _, _ := strings.Cut(s, "、")
				out[fmt.Sprintf("sentence/%s/%d.%d", head, i, k)] = s
			}
			out[fmt.Sprintf("block/%s%d/%s", b.Kind, i, b.Number)] += document.Plain(b.Spans)
			walk(b.Blocks)
		}
	}
	walk(doc.Blocks)
	return out
}

// difference lists the places whose text differs.
func difference(a, b map[string]string) []string {
	var out []string
	for k := range a {
		if a[k] != b[k] {
			out = append(out, k)
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			out = append(out, k)
		}
	}
	sort.Strings(out)
	return out
}

func edited(t *testing.T, edit func(inputs string)) (before, after map[string]string) {
	t.Helper()
	inputs := copyInputs(t)
	env := newEnv(t, inputs)
	before = figures(item2(t, sample(t)))
	edit(inputs)
	mustLoad(t, env)
	return before, figures(item2(t, env))
}

// One symbol changes in one workbook: exactly the figures that depend on it change, in tables and sentences.
func TestOneSymbolChangesItsFiguresOnly(t *testing.T) {
	t.Parallel()
	const file = "八戸市/令和6年度/市民環境部/暮らし交通安全課/【暮らし交通安全課】行財政改革取組状況.xlsx"
	before, after := edited(t, func(inputs string) {
		path := filepath.Join(inputs, file)
		if got := workbooktest.Cell(t, path, "取組状況", "F6"); got != "○" {
			t.Fatalf("F6 is %q", got)
		}
		workbooktest.SetCell(t, path, "取組状況", "F6", "▲")
	})
	got := difference(before, after)
	pillar := "柱3　業務の効率化・適正化"
	want := []string{
		"進捗状況/2/" + pillar + "/3", "進捗状況/2/" + pillar + "/5", // ○ and ▲ of the pillar
		"進捗状況/4/計/3", "進捗状況/4/計/5",
		"進捗状況/5/構成比/3", "進捗状況/5/構成比/5", // 92 and 1 of 101: 91.1 and 1.0; △ stays 4.9
	}
	var tables []string
	sentences := 0
	for _, k := range got {
		if strings.HasPrefix(k, "sentence/") {
			sentences++
			continue
		}
		tables = append(tables, k)
	}
	sort.Strings(want)
	if strings.Join(tables, "\n") != strings.Join(want, "\n") {
		t.Errorf("changed:\n%s\nwant:\n%s", strings.Join(tables, "\n"), strings.Join(want, "\n"))
	}
	if sentences != 1 {
		t.Errorf("%d sentences changed, want the one on progress: %q", sentences, got)
	}
	if a := after["進捗状況/5/構成比/5"]; a != "1.0%" {
		t.Errorf("the share of ▲ is %s, want 1.0%%", a)
	}
	if a := after["進捗状況/2/"+pillar+"/3"]; a != "36" {
		t.Errorf("○ of pillar 3 is %s, want 36", a)
	}
}

// A figure that changes its sign changes the sentence's word.
func TestSentenceFollowsItsFigure(t *testing.T) {
	t.Parallel()
	t.Run("staff below plan", func(t *testing.T) {
		_, after := edited(t, func(inputs string) {
			path := filepath.Join(inputs, "八戸市/令和6年度/総務部/人事課/R6行革調査票.xlsx")
			workbooktest.SetCell(t, path, "定員指標", "G6", "1,330 人")
		})
		contains(t, after, "1,330人（R7.4.1現在）で、計画値の1,336人を6人下回りました")
	})
	t.Run("standard missed", func(t *testing.T) {
		_, after := edited(t, func(inputs string) {
			path := filepath.Join(inputs, "八戸市/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx")
			workbooktest.SetCell(t, path, "指標", "G6", "49.9 億円")
			workbooktest.SetCell(t, path, "指標", "G10", "200.1%")
		})
		contains(t, after, "49.9億円で、目標・基準の50億円以上を満たしていません")
		contains(t, after, "200.1%は、一方のみ基準を満たしています")
	})
	t.Run("progress worse than last year", func(t *testing.T) {
		_, after := edited(t, func(inputs string) {
			path := filepath.Join(inputs, "八戸市/令和6年度/市民環境部/暮らし交通安全課/【暮らし交通安全課】行財政改革取組状況.xlsx")
			for _, c := range []string{"F5", "F6", "F7", "F10"} {
				workbooktest.SetCell(t, path, "取組状況", c, "△")
			}
			path = filepath.Join(inputs, "八戸市/令和6年度/市民病院/医事課/R6行革調査票.xlsx")
			for _, c := range []string{"F5", "F6", "F8", "F10"} {
				workbooktest.SetCell(t, path, "取組状況", c, "×")
			}
		})
		contains(t, after, "から低下しました")
	})
}

func contains(t *testing.T, figures map[string]string, text string) {
	t.Helper()
	for _, s := range figures {
		if strings.Contains(s, text) {
			return
		}
	}
	t.Errorf("no text contains %s", text)
}
