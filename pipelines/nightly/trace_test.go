package nightly

import (
	"context"
	"math/big"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook/workbooktest"
)

// octoberPaper is the paper of item 2 with its figures, from what an environment has published.
func octoberPaper(t *testing.T, env project.Env) (*warehouse.Reader, brief.ItemPaper) {
	t.Helper()
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	papers, err := brief.RenderAll(context.Background(), env.Project, october(t, env), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range papers {
		if p.Item.Number == "2" {
			return db, p
		}
	}
	t.Fatal("the meeting has no item 2")
	return nil, brief.ItemPaper{}
}

// Every figure of the paper leads to cells that are in the workbooks, or to the settings or the lists beside them.
func TestEveryFigureHasItsCells(t *testing.T) {
	t.Parallel()
	db, paper := octoberPaper(t, sample(t))
	seen := map[string]bool{}
	for _, f := range paper.Figures {
		if seen[f.Address] {
			t.Errorf("two figures have the address %s", f.Address)
		}
		seen[f.Address] = true
		if found, _ := brief.FindFigure(paper.Figures, f.Address); found == nil || found.Address != f.Address {
			t.Errorf("%s is not found by its own address", f.Address)
		}
		trail, err := lineage.Trace(context.Background(), db, "a.md", paper.Paper, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(trail.Cells) == 0 || len(trail.Queries) == 0 {
			t.Errorf("%s: %d cells, %d queries", f.Address, len(trail.Cells), len(trail.Queries))
		}
		for _, c := range trail.Cells {
			if c.Cell != "" && c.Field != "left_out" && !c.Known && strings.HasSuffix(c.Path, ".xlsx") {
				t.Errorf("%s: %s %s %s is not among the cells that were read", f.Address, c.Path, c.Sheet, c.Cell)
			}
		}
	}
	if len(seen) < 250 {
		t.Errorf("only %d figures", len(seen))
	}
}

var firstNumber = regexp.MustCompile(`\d[\d,]*(?:\.\d+)?`)

// Figures come out again from the cells that trace names, read by the spreadsheet library itself and counted here.
func TestFiguresComeOutOfTheirCells(t *testing.T) {
	t.Parallel()
	_, paper := octoberPaper(t, sample(t))
	known := map[brief.Source]string{}
	cellText := func(s brief.Source) string {
		if filepath.Ext(s.Path) != ".xlsx" {
			return ""
		}
		s.Field = ""
		if _, ok := known[s]; !ok {
			known[s] = workbooktest.Cell(t, filepath.Join(root, s.Path), s.Sheet, s.Cell)
		}
		return known[s]
	}
	symbol := strings.NewReplacer("〇", "○", "◯", "○", "⭕", "○", "Δ", "△", "Ａ", "A", "Ｂ", "B", "Ｃ", "C", "a", "A", "b", "B",
		"c", "C", "ａ", "A", "ｂ", "B", "ｃ", "C",
		"-", "－", "―", "－", "ー", "－", "—", "－", "‐", "－", "✕", "×", "✖", "×", "ｘ", "×", "x", "×", "Ｘ", "×", "X", "×", " ", "",
		"　", "", "\n", "")
	recomputed := 0
	for _, f := range paper.Figures {
		sources := f.Sources()
		all := true
		for _, s := range sources {
			all = all && strings.HasSuffix(s.Path, ".xlsx") && s.Cell != ""
		}
		if !all || f.Value == "" {
			continue
		}
		value, ok := new(big.Rat).SetString(f.Value)
		if !ok {
			t.Fatalf("%s: value %q", f.Address, f.Value)
		}
		matching := 0
		for _, s := range sources {
			if symbol.Replace(cellText(s)) == f.Column {
				matching++
			}
		}
		switch {
		case strings.Contains(f.Table, "進捗状況") || strings.Contains(f.Table, "自己評価"):
			switch {
			case f.Row == "構成比": // within a tenth of a point of the plain share
				plain := big.NewRat(int64(matching)*100, int64(len(sources)))
				if gap := new(big.Rat).Sub(value, plain); gap.Abs(gap).Cmp(big.NewRat(1, 10)) >= 0 {
					t.Errorf(
						"%s prints %s, its %d of %d cells make %s", f.Address, f.Text, matching, len(sources), plain.FloatString(3),
					)
				}
			case strings.HasPrefix(f.Column, "取組数"):
				if value.Cmp(big.NewRat(int64(len(sources)), 1)) != 0 {
					t.Errorf("%s prints %s, it has %d cells", f.Address, f.Text, len(sources))
				}
			case f.Row == "注2" || f.Row == "注1":
				continue
			default:
				if value.Cmp(big.NewRat(int64(matching), 1)) != 0 {
					t.Errorf("%s prints %s, %d of its cells have the symbol", f.Address, f.Text, matching)
				}
			}
		case f.Table == "推進項目別の取組数" && f.Row != "注2":
			if value.Cmp(big.NewRat(int64(len(sources)), 1)) != 0 {
				t.Errorf("%s prints %s, it has %d cells", f.Address, f.Text, len(sources))
			}
		case f.Table == "指標":
			number := firstNumber.FindString(cellText(sources[0]))
			if v, ok := new(big.Rat).SetString(strings.ReplaceAll(
				number, ",", "",
			)); len(sources) != 1 || !ok || v.Cmp(value) != 0 {
				t.Errorf("%s prints %s, its cells hold %q", f.Address, f.Text, cellText(sources[0]))
			}
		case f.Table == "取組数" && sign(value) > 0 && f.Row != "注1" && f.Row != "注2":
			field := "start_year"
			if f.Row == "完了" || f.Row == "取りやめ" {
				field = "end_year"
			}
			n := 0
			for _, s := range sources {
				if s.Field == field {
					n++
				}
			}
			if value.Cmp(big.NewRat(int64(n), 1)) != 0 {
				t.Errorf("%s prints %s, it has %d cells of %s", f.Address, f.Text, n, field)
			}
		default:
			continue
		}
		recomputed++
	}
	if recomputed < 150 {
		t.Errorf("only %d figures could be recomputed", recomputed)
	}
	t.Logf("%d figures recomputed", recomputed)
}

func sign(r *big.Rat) int { return r.Sign() }

// diff names the figures that changed and the cells that changed them: a symbol, a number, and a row that an error
// takes out of every count.
func TestDiffNamesTheCells(t *testing.T) {
	t.Parallel()
	inputs := copyInputs(t)
	env := newEnv(t, inputs)
	mustLoad(t, env)
	before, was := octoberPaper(t, env)
	const (
		symbols = "八戸市/令和6年度/市民環境部/暮らし交通安全課/【暮らし交通安全課】行財政改革取組状況.xlsx"
		staff   = "八戸市/令和6年度/総務部/人事課/R6行革調査票.xlsx"
		broken  = "八戸市/令和6年度/市民病院/医事課/R6行革調査票.xlsx"
	)
	workbooktest.SetCell(t, filepath.Join(inputs, symbols), "取組状況", "F6", "▲")
	workbooktest.SetCell(t, filepath.Join(inputs, staff), "定員指標", "G6", "1,390 人")
	workbooktest.SetCell(t, filepath.Join(inputs, broken), "取組状況", "F5", "良好")
	mustLoad(t, env)
	after, is := octoberPaper(t, env)
	changes, err := lineage.Diff(context.Background(), before, after, was.Figures, is.Figures)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range changes {
		var causes []string
		for _, x := range c.Causes {
			causes = append(causes, filepath.Base(filepath.Dir(x.Path))+" "+x.Cell+" "+x.Old+"→"+x.New+x.What)
		}
		got[c.Table+" "+c.Figure] = c.Old + " → " + c.New + " | " + strings.Join(causes, ", ")
	}
	for figure, want := range map[string]string{
		"資料 2025-10-21/2/進捗状況/計/▲":                                  "0 → 1 | 暮らし交通安全課 F6 ○→▲",
		"資料 2025-10-21/2/指標/職員数※（定員適正化計画）/令和6年度#2":                  "1,383 → 1,390 | 人事課 G6 1,383 人→1,390 人",
		"資料 2025-10-21/2/本文/2ポイント-1/4":                              "を47人上回り → を54人上回り | 人事課 G6 1,383 人→1,390 人",
		"資料 2025-10-21/2/進捗状況/計/○":                                  "93 → 91 | 暮らし交通安全課 F6 ○→▲, 医事課 F5 ○→良好",
		"資料 2025-10-21/2/自己評価/計/取組数（再掲を除く）":                         "101 → 100 | 医事課 F5 ○→良好",
		"marts.finance_indicators 八戸市／第7次八戸市行財政改革大綱／職員数／2024／value": "1383 → 1390 | 人事課 G6 1,383 人→1,390 人",
	} {
		if got[figure] != want {
			t.Errorf("%s\n got  %s\n want %s", figure, got[figure], want)
		}
	}
	if same, err := lineage.Diff(
		context.Background(), after, after, is.Figures, is.Figures,
	); err != nil || len(same) != 0 {
		t.Errorf("a run differs from itself: %v, %v", same, err)
	}
	for _, c := range changes {
		if len(c.Causes) == 0 || c.Causes[0].Path == "" {
			t.Errorf("%s %s: %s → %s has no cause: %v", c.Table, c.Figure, c.Old, c.New, c.Causes)
		}
	}
}
