package nightly

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/workbook/workbooktest"
)

// tableOf is a table of a paper by its name.
func tableOf(t *testing.T, blocks []document.Block, id string) *document.Table {
	t.Helper()
	for _, b := range blocks {
		if b.Table != nil && b.Table.ID == id {
			return b.Table
		}
	}
	t.Fatalf("no table %s", id)
	return nil
}

// rowsOf are the texts of a table's rows but those that only name the rows below.
func rowsOf(table *document.Table) [][]string {
	var out [][]string
	for _, r := range table.Rows {
		if r.Group {
			continue
		}
		var line []string
		for _, c := range r.Cells {
			line = append(line, c.Text)
		}
		out = append(out, line)
	}
	return out
}

// The lists of the paper name as many projects as the published document counts, each with what its department wrote.
func TestListsOfProjects(t *testing.T) {
	t.Parallel()
	blocks := allPapers(t)["秦野市-2025-10-06 1"].Document.Blocks
	now := rowsOf(tableOf(t, blocks, "現行計画の事業"))
	standing := map[string]int{}
	for _, r := range now {
		standing[r[3]]++
		if r[3] == "終了" && (r[4] == "－" || r[4] == "") {
			t.Errorf("%s ends without a word on why", r[0])
		}
	}
	if len(now) != 59 || standing["継続"] != 29 || standing["終了"] != 30 {
		t.Errorf("%d projects, %v", len(now), standing)
	}
	next := rowsOf(tableOf(t, blocks, "次期計画の事業"))
	standing = map[string]int{}
	former := 0
	for _, r := range next {
		standing[r[2]]++
		if r[3] != "－" {
			former++
		}
		if r[4] == "" || r[5] == "－" {
			t.Errorf("%s has no department or no outline: %q", r[0], r)
		}
	}
	if len(next) != 40 || standing["継続"] != 27 || standing["新規"] != 13 || former != 23 {
		t.Errorf("%d projects, %v, %d with a former name", len(next), standing, former)
	}
	var subtotals []string
	for _, r := range rowsOf(tableOf(t, blocks, "次期計画")) {
		if k := slices.Index(r, "小計"); k >= 0 {
			subtotals = append(subtotals, strings.Join(r[k+1:], " "))
		}
	}
	if want := []string{"4 4 8", "23 9 32"}; !slices.Equal(subtotals, want) {
		t.Errorf("subtotals %q, want %q", subtotals, want)
	}
}

// The digital plan's initiatives are named once each, under their goals and measures, as the list has them.
func TestListOfInitiatives(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root, "templates/briefs/第2期計画の取組.csv"))
	if err != nil {
		t.Fatal(err)
	}
	_, listed, _ := strings.Cut(string(raw), "\n")
	lines, err := csv.NewReader(strings.NewReader(listed)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, l := range lines[1:] {
		switch {
		case l[7] != "":
			want = append(want, "－ "+l[5]+"（再掲）")
		case l[6] != "":
			want = append(want, l[4]+" "+l[5]+"【新規】")
		default:
			want = append(want, l[4]+" "+l[5])
		}
	}
	var got []string
	for _, r := range rowsOf(tableOf(t, allPapers(t)["2025-10-21 3"].Document.Blocks, "主な取組")) {
		got = append(got, r[0]+" "+r[1])
		if r[3] != "" {
			got = append(got, r[2]+" "+r[3])
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if len(want) != 75 || !slices.Equal(got, want) {
		t.Errorf("%d listed, got %q", len(want), got)
	}
}

// A sheet that says something else than the list is told, with both, and the list's word holds.
func TestSheetAgainstList(t *testing.T) {
	t.Parallel()
	inputs := filepath.Join(t.TempDir(), "inputs")
	sample := os.DirFS(filepath.Join(projecttest.SampleInputs(), "秦野市"))
	if err := os.CopyFS(filepath.Join(inputs, "秦野市"), sample); err != nil {
		t.Fatal(err)
	}
	book := filepath.Join(inputs, "秦野市/令和8年度/政策部/デジタル推進課/はだのDX推進計画_事業個票.xlsx")
	for _, c := range [][3]string{
		{"①-1", "B5", "オンライン申請"}, {"①-2", "B4", "①-9"}, {"2-6", "B7", "市民税課"}, {"3-1", "C13", ""},
	} {
		workbooktest.SetCell(t, book, c[0], c[1], c[2])
	}
	env := newEnv(t, inputs)
	mustLoad(t, env)
	sameRows(t, "findings", query(t, env, `SELECT sheet, cell, found, expected FROM meta.findings
		WHERE code = 'values_disagree' AND path LIKE '%個票%'`), [][]string{
		{"①-1", "B5", "オンライン申請", "オンライン申請・オンライン決済の拡充による行かない窓口の推進"},
		{"①-2", "B5", "①-9 窓口の待ち時間や混雑を減らす窓口予約の仕組みづくり", "（一覧に同じ番号の事業がありません）"},
		{"2-6", "B7", "市民税課", "資産税課"},
	})
	sameRows(t, "projects", query(t, env, `SELECT "table", code, project, len(departments), current_state IS NULL
		FROM marts.projects WHERE code IN ('①-1', '①-2', '①-9', '2-6')`), [][]string{
		{"次期計画", "①-1", "オンライン申請・オンライン決済の拡充による行かない窓口の推進", "4", "false"},
		{"次期計画", "①-2", "窓口の待ち時間や混雑を減らす窓口予約の仕組みづくり", "4", "true"},
		{"個票", "①-9", "窓口の待ち時間や混雑を減らす窓口予約の仕組みづくり", "4", "false"},
		{"次期計画", "2-6", "家屋の経年異動判読にAIを活用し公平・適正な課税と業務効率化を実現", "1", "false"},
	})
	sameRows(t, "counts", query(t, env, `SELECT continued, new, total FROM marts.project_counts
		WHERE "table" = '次期計画' AND row_kind = 'total'`), [][]string{{"27", "13", "40"}})
}
