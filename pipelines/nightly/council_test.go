package nightly

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/warehouse"
)

// spendingForm is a form of a city's own, with the fields that marts.execution is made of.
const spendingForm = `id: X
name: 事業費調書
layout: table
record: spending
titles: [事業費調書]
fields:
  - {name: project, type: name, needed: true, words: [事業名]}
  - {name: unit, type: unit, preamble: true, words: [単位]}
  - {name: budget, type: number, asked: true, needed: true, unit: unit, words: [予算現額]}
  - {name: settlement, type: number, asked: true, needed: true, unit: unit, words: [決算額]}
  - {name: rate, type: skip, words: [執行率]}
required:
  - {field: project}
key: [project]
skip_words: [計, 合計]
`

// councilCity writes a small city: an indicator form, a spending form, and the population of one of the two years.
func councilCity(t *testing.T) project.Env {
	t.Helper()
	inputs := filepath.Join(t.TempDir(), "inputs")
	for name, text := range map[string]string{
		"試験市/人口.csv": "年度,基準日,人口,出典\n令和7年度,令和8年1月1日,\"200,000\",住民基本台帳人口\n",
		"試験市/令和8年度/図書部/図書課/成果指標調査票.csv": "成果指標調査票（令和8年度）\n計画名,試験計画\n" +
			"事業番号,事業名,種別,指標名,単位,目指す方向,基準年度,基準値,令和7年度目標値,令和7年度実績値,令和8年度目標値,令和8年度実績値,令和10年度目標値\n" +
			"1,読書,成果,貸出冊数,冊,上昇,令和6年度,1000,1200,1100,1400,1399.5,2000\n" +
			"2,督促,成果,延滞件数,件,低下,令和6年度,100,,90,80,84,60\n" +
			"3,窓口,成果,満足度,%,維持,令和6年度,90,88以上,89,88以上,87.9,88以上\n",
		"試験市/令和8年度/図書部/図書課/事業費調書.csv": "事業費調書（令和8年度）\n単位,千円\n事業名,予算現額,決算額,執行率\n" +
			"読書推進,\"10,000\",\"9,876\",98.8%\n移動図書館,0,0,\n合計,\"10,000\",\"9,876\",\n",
	} {
		file := filepath.Join(inputs, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	env := newEnv(t, inputs)
	env.Project = overlay{env.Project, "templates/forms/X_事業費調書.yaml", spendingForm}
	env.Settings.Plans = []project.PlanSetting{{
		Municipality: "試験市", Name: "試験計画", Forms: []string{"A", "X"}, FirstYear: 2025, LastYear: 2028,
		ShareMethod: "half_up", Ranks: &project.RankSetting{
			Of: project.RankAttainment, Methods: []string{"A", "B"}, Levels: []project.RankLevel{
				{Symbol: "◎", AtLeast: "100", Meaning: "達成"}, {Symbol: "○", AtLeast: "80", Meaning: "おおむね"},
				{Symbol: "▲", Meaning: "遅れ"},
			},
		},
	}}
	return env
}

// What councils compare comes out of departments' sheets, the settings and 人口.csv: ranks with their rule, progress to
// the final target and against the path, the trend, the value per head of the year's own population, 執行率.
func TestWhatCouncilsCompare(t *testing.T) {
	t.Parallel()
	env := councilCity(t)
	mustLoad(t, env)
	found := query(t, env, `SELECT code, path, cell, message FROM meta.findings WHERE severity = 'error'`)
	if len(found) > 0 {
		t.Errorf("findings: %q", found)
	}
	const years = " WHERE actual IS NOT NULL AND municipality = '試験市'"
	sameRows(t, "ratings", query(t, env, `SELECT indicator, fiscal_year, attainment_pct, rank, rank_meaning,
		no_rank_reason, rate_printed FROM marts.ratings`+years), [][]string{
		{"貸出冊数", "2025", "91.7", "○", "おおむね", "", "91.7"}, {"貸出冊数", "2026", "100", "○", "おおむね", "", "99.9"},
		{"延滞件数", "2025", "", "", "", "目標未設定", ""}, {"延滞件数", "2026", "80", "○", "おおむね", "", "80"},
		{"満足度", "2025", "101.1", "◎", "達成", "", "101.1"}, {"満足度", "2026", "99.9", "○", "おおむね", "", "99.9"},
	})
	sameRows(t, "the rule", query(t, env, `SELECT DISTINCT rule, legend FROM marts.ratings`), [][]string{
		{"達成率（算式Ａ・Ｂ）により、◎ 100%以上、○ 80%以上100%未満、▲ 80%未満とする。", "◎ 達成、○ おおむね、▲ 遅れ"},
	})
	sameRows(t, "progress", query(t, env, `SELECT indicator, fiscal_year, final_target_year, progress_pct, expected,
		path_pct, on_path FROM marts.indicator_progress`+years), [][]string{
		{"貸出冊数", "2025", "2028", "10", "1200", "50", "false"}, {"貸出冊数", "2026", "2028", "40", "1400", "99.9", "false"},
		{"延滞件数", "2025", "2028", "25", "90", "100", "true"}, {"延滞件数", "2026", "2028", "40", "80", "80", "false"},
		{"満足度", "2025", "2028", "", "88", "", ""}, {"満足度", "2026", "2028", "", "88", "", ""},
	})
	sameRows(t, "trend", query(t, env, `SELECT indicator, fiscal_year, years, average_change_pct, average_change_points
		FROM marts.trend WHERE years > 0`), [][]string{
		{"貸出冊数", "2026", "1", "27.2", ""}, {"延滞件数", "2026", "1", "-6.7", ""}, {"満足度", "2026", "1", "", "-1.1"},
	})
	sameRows(t, "per head", query(t, env, `SELECT indicator, fiscal_year, per_head, per_thousand, no_per_head_reason
		FROM marts.per_head WHERE value IS NOT NULL`), [][]string{
		{"貸出冊数", "2025", "0.01", "5.5", ""}, {"貸出冊数", "2026", "", "", "その年度の人口なし"},
		{"延滞件数", "2025", "0", "0.45", ""}, {"延滞件数", "2026", "", "", "その年度の人口なし"},
		{"満足度", "2025", "", "", "人口で割れない単位"}, {"満足度", "2026", "", "", "人口で割れない単位"},
	})
	sameRows(t, "execution", query(t, env, `SELECT project, fiscal_year, unit, budget, settlement, execution_pct,
		no_execution_reason FROM marts.execution`), [][]string{
		{"読書推進", "2026", "千円", "10000", "9876", "98.8", ""}, {"移動図書館", "2026", "千円", "0", "0", "", "予算0"},
	})
	for _, c := range [][3]string{
		{"per_head.per_head", "指標 貸出冊数 2025", "actual J4 population C2"},
		{"per_head.population", "指標 貸出冊数 2026", ""},
		{"execution.execution_pct", "事業 読書推進 2026", "budget B4 settlement C4"},
		{"indicator_progress.path_pct", "指標 延滞件数 2025", "actual J5 baseline H5 baseline_year G5 direction F5 target K5"},
		{"indicator_progress.progress_pct", "指標 延滞件数 2025", "actual J5 baseline H5 direction F5 target M5"},
		{"ratings.rank", "指標 貸出冊数 2025", "actual J4 baseline H4 direction F4 target I4 ranks kyogikai.yaml"},
		{"trend.average_change_pct", "指標 貸出冊数 2026", "actual L4 first_actual J4"},
	} {
		mart, figure, _ := strings.Cut(c[0], ".")
		row := strings.Fields(c[1])
		name := map[string]string{"指標": "indicator", "事業": "project"}[row[0]]
		got := query(t, env, `SELECT coalesce(string_agg(s.field || ' ' || coalesce(s.cell, s.path), ' '), '')
			FROM (SELECT unnest(`+figure+`_sources) AS s FROM marts.`+mart+`
				WHERE `+name+` = '`+row[1]+`' AND fiscal_year = `+row[2]+`)`)
		if got[0][0] != c[2] {
			t.Errorf("%s of %s rests on %s", c[0], c[1], got[0][0])
		}
	}
}

// A wrong line of 人口.csv stops the load with its place; nothing is published.
func TestWrongPopulationStopsTheLoad(t *testing.T) {
	t.Parallel()
	env := councilCity(t)
	file := filepath.Join(env.Inputs, "試験市", "人口.csv")
	if err := os.WriteFile(file, []byte("年度,基準日,人口,出典\n令和7年度,令和8年4月1日,200000,住民基本台帳人口\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Load(t.Context(), env, "test")
	if err == nil || !strings.Contains(err.Error(), "inputs/試験市/人口.csv:2: 基準日「令和8年4月1日」") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(filepath.Join(env.WarehouseDir(), "current.duckdb")); !os.IsNotExist(err) {
		t.Errorf("something was published: %v", err)
	}
}

// The example of docs/ひな形の書き方.md prints the ranks with their rule, and the cells behind each.
func TestManualsTemplateOfRanks(t *testing.T) {
	t.Parallel()
	env := councilCity(t)
	mustLoad(t, env)
	manual, err := os.ReadFile(filepath.Join(root, "docs", "ひな形の書き方.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(manual), "## 判定ランク\n")
	_, rest, _ = strings.Cut(rest, "```yaml\n")
	queries, rest, _ := strings.Cut(rest, "```\n")
	_, rest, _ = strings.Cut(rest, "````\n")
	table, _, found := strings.Cut(rest, "````\n")
	if !found {
		t.Fatal("the manual has no example")
	}
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	env.Project = overlay{
		env.Project, "templates/briefs/判定.md", "---\ntitle: 判定\n" + queries + "---\n\n# 判定\n\n" + table,
	}
	render := func(year int) brief.Paper {
		paper, err := brief.Render(context.Background(), env.Project, brief.Meeting{Municipality: "試験市"}, brief.Item{
			Brief: "判定.md", Parameters: map[string]any{"plan": "試験計画", "year": year},
		}, db)
		if err != nil {
			t.Fatal(err)
		}
		return paper
	}
	before, _ := wordsOf(render(2025).Document) // where one has no target, and so neither rate nor rank
	if !strings.Contains(strings.Join(before, "|"), "延滞件数|－|－") {
		t.Errorf("the year before: %s", strings.Join(before, "|"))
	}
	paper := render(2026)
	words, _ := wordsOf(paper.Document)
	printed := strings.Join(words, "|")
	for _, want := range []string{
		"貸出冊数|99.9%|○", "延滞件数|80.0%|○", "満足度|99.9%|○",
		squeeze("※達成率（算式Ａ・Ｂ）により、◎ 100%以上、○ 80%以上100%未満、▲ 80%未満とする。"), squeeze("※◎ 達成、○ おおむね、▲ 遅れ"),
	} {
		if !strings.Contains(printed, want) {
			t.Errorf("%s is not in %s", want, printed)
		}
	}
	for _, f := range paper.Figures {
		if len(f.Sources()) == 0 {
			t.Errorf("%s has no source", f.Address)
		}
	}
	if len(paper.Figures) < 3 {
		t.Errorf("only %d figures", len(paper.Figures))
	}
}
