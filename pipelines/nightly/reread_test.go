package nightly

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// progressPaper is a paper that prints what the departments' workbooks say.
const progressPaper = `---
title: 進捗
queries:
  total: SELECT * FROM marts.progress_table WHERE municipality = $municipality AND scope = wareki($year)
    AND pillar = '計'
---

` + "```table" + `
id: 進捗
columns: [{width: 16, align: left}, {}]
head: [[柱, 取組数]]
body:
  - query: total
    cells: [計, "{{n .initiatives}}"]
` + "```\n"

// ownForms is a project in a folder of its own, whose forms a test may change, with one meeting.
func ownForms(t *testing.T, env project.Env) (own project.Env, form string) {
	t.Helper()
	dir := t.TempDir()
	home, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	forms, err := filepath.Glob(filepath.Join(home, "templates/forms/*.yaml"))
	if err != nil || len(forms) < 5 {
		t.Fatalf("%d forms, %v", len(forms), err)
	}
	files := map[string]string{
		"templates/briefs/進捗.md": progressPaper,
		"templates/meetings/2025-10-21.yaml": "date: 2025-10-21\nkind: 資料\nmunicipality: 八戸市\nagenda_title: 議事\nitems:\n" +
			"  - {number: '1', title: 進捗, department: 財政部財政課, brief: 進捗.md, parameters: {year: 2024}}\n",
	}
	for _, f := range append(forms, filepath.Join(home, "kyogikai.yaml")) {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name, err := filepath.Rel(home, f)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
		if strings.HasPrefix(filepath.Base(f), "B_") {
			form = filepath.Join(dir, name)
		}
	}
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(
			os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(data), 0o644),
		); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"sql", "templates/fonts"} {
		if err := os.Symlink(filepath.Join(home, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	env.Project = os.DirFS(dir)
	return env, form
}

// anew are the values at which somebody has to look before the papers of the meeting can be final.
func anew(t *testing.T, env project.Env) []council.Obstacle {
	t.Helper()
	all, err := meetings.Obstacles(context.Background(), env, october(t, env))
	if err != nil {
		t.Fatal(err)
	}
	var out []council.Obstacle
	for _, o := range all {
		if o.Kind == council.ReadAnew {
			out = append(out, o)
		}
	}
	return out
}

// A form that reads an unchanged workbook otherwise is told, and nothing is final until somebody has looked: not by
// the next run, and not by the next month's.
func TestReadOtherwiseIsTold(t *testing.T) {
	t.Parallel()
	env, form := ownForms(t, newEnv(t, fewInputs(t)))
	if run := mustLoad(t, env); run.Reread+run.Unlooked != 0 || len(anew(t, env)) > 0 {
		t.Fatalf("the first load: %d %d", run.Reread, run.Unlooked)
	}
	data, err := os.ReadFile(form)
	if err != nil {
		t.Fatal(err)
	}
	// ○ is taken for ◎
	other := strings.Replace(string(data), "variants: [◉, ⦿]", "variants: [◉, ⦿, ○, 〇]", 1)
	other = strings.Replace(
		other, "    - {symbol: ○, meaning: 計画どおり進んだ, variants: [〇, ◯, ⭕, o, O]}\n", "", 1,
	)
	if other == string(data) {
		t.Fatal("the form is another")
	}
	if err := os.WriteFile(form, []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	run := mustLoad(t, env)
	first := run
	if run.Reread == 0 || run.Unlooked != run.Reread || run.Changed != 0 {
		t.Fatalf("read otherwise: %d, of which %d wait, %d files changed", run.Reread, run.Unlooked, run.Changed)
	}
	waiting := run.Unlooked
	held := anew(t, env)
	if len(held) == 0 || len(held) > waiting || held[0].Waiver != nil || !strings.Contains(held[0].What, " → ") {
		t.Fatalf("%d obstacles of %d: %+v", len(held), waiting, held)
	}

	if run = mustLoad(t, env); run.Status != runs.StatusUnchanged || run.Unlooked != waiting || run.Reread != 0 {
		t.Errorf("unchanged: %s, %d wait, %d new", run.Status, run.Unlooked, run.Reread)
	}
	touchInput(t, env) // a file that is not read otherwise
	night, err := Nightly(context.Background(), env, "nightly")
	if err != nil || night.Unlooked != waiting || night.Reread != 0 || len(anew(t, env)) != len(held) {
		t.Errorf("a night later: %d wait, %d new, %v", night.Unlooked, night.Reread, err)
	}
	summary, err := os.ReadFile(runs.SummaryPath(env.Outputs, night.ID))
	if err != nil || !strings.Contains(string(summary), "読み方の変わった値が") {
		t.Errorf("%v\n%s", err, summary)
	}

	list := filepath.Join(env.Inputs, "八戸市", "判断.csv")
	line := "path,cell,decision,reason,date,post\n" + held[0].Target + ",,確認,様式を直したため,令和7年10月1日,財政課長\n"
	if err := os.WriteFile(list, []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	if run = mustLoad(t, env); run.Unlooked != 0 || len(anew(t, env)) > 0 {
		t.Errorf("looked at: %d wait, %d obstacles", run.Unlooked, len(anew(t, env)))
	}
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := lineage.ReadRereads(context.Background(), db)
	if err != nil || len(all) != waiting || !strings.Contains(all[0].Decided, "様式を直したため") || all[0].Since != first.ID {
		t.Errorf("the trace: %+v, %v", all, err)
	}
}

// Where the published file is damaged, the one before it is compared with; where none is whole, that is told.
func TestReadOtherwiseThanDamagedFile(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	touchInput(t, env)
	second := mustLoad(t, env)
	damage := func(id string) {
		if err := os.Truncate(warehouse.Path(env.WarehouseDir(), id), 5000); err != nil {
			t.Fatal(err)
		}
	}
	damage(second.ID)
	if run := mustLoad(t, env); len(run.Notes) != 1 || !strings.Contains(run.Notes[0], second.ID) {
		t.Errorf("%q", run.Notes)
	} else {
		damage(run.ID)
	}
	damage(first.ID)
	if run := mustLoad(t, env); len(run.Notes) != 3 || run.Status != runs.StatusPublished {
		t.Errorf("%s %q", run.Status, run.Notes)
	}
}

// Papers are held up too by what is not read any more, though no figure is left that could say so.
func TestNotReadAnyMoreHoldsUpPapers(t *testing.T) {
	t.Parallel()
	env, form := ownForms(t, newEnv(t, fewInputs(t)))
	mustLoad(t, env)
	data, err := os.ReadFile(form)
	if err != nil {
		t.Fatal(err)
	}
	const head = "words: [取組名, 具体的な取組, 取組, 取組の名称, プログラム名]"
	if !strings.Contains(string(data), head) {
		t.Fatal("the form is another")
	}
	other := strings.Replace(string(data), head, "words: [どこにもない見出し]", 1)
	if err := os.WriteFile(form, []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	if run := mustLoad(t, env); run.Unlooked == 0 {
		t.Fatal("that nothing is read any more went unnoticed")
	}
	ctx := context.Background()
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	city, err := council.ReadCity(ctx, db, "八戸市")
	if err != nil {
		t.Fatal(err)
	}
	// a figure of the same year that rests on another form: one of this form might have stood beside it
	rests := func(path string) []brief.ItemPaper {
		return []brief.ItemPaper{{Paper: brief.Paper{Figures: []brief.Figure{{
			Address: "1/表/計/数", Text: "1",
			Origins: []brief.Origin{{Query: "q", Sources: []brief.Source{{Path: path, Sheet: "財政指標", Cell: "A1"}}}},
		}}}}}
	}
	m := brief.Meeting{ID: "2025-10-21", Municipality: "八戸市"}
	for name, papers := range map[string][]brief.ItemPaper{
		"no figure": nil, "the same year": rests("inputs/八戸市/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx"),
	} {
		held, err := city.ReadAnew(ctx, db, m, papers)
		if err != nil || len(held) == 0 || !strings.Contains(held[0].What, "読み込み済み → ") || held[0].Department != "財政課" {
			t.Errorf("%s: %+v, %v", name, held, err)
		}
	}
	if held, err := city.ReadAnew(ctx, db, m, rests("inputs/八戸市/令和5年度/どこか.xlsx")); err != nil || len(held) > 0 {
		t.Errorf("a figure that rests on none of it: %+v, %v", held, err)
	}
	if held, err := city.ReadAnew(ctx, db, brief.Meeting{Municipality: "秦野市"}, nil); err != nil || len(held) > 0 {
		t.Errorf("another city's papers: %+v, %v", held, err)
	}
}
