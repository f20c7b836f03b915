package nightly

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/workbook/workbooktest"
)

const (
	finance     = "令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx"
	financePath = "inputs/八戸市/" + finance
	oku         = "SELECT value FROM marts.finance_indicators WHERE unit = '億円' ORDER BY ALL"
)

// sharedCity is a city whose inputs hold the masters alone: its workbooks are collected from a shared folder.
func sharedCity(t *testing.T) (env project.Env, share string) {
	t.Helper()
	env = newEnv(t, fewInputs(t))
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) // no meeting is coming
	share = filepath.Join(t.TempDir(), "share")
	if err := os.MkdirAll(share, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(env.Inputs, "八戸市/令和6年度"), filepath.Join(share, "令和6年度")); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(share, "令和6年度/総務部/総務課/覚え.csv"), "項目,値\n会議室,2\n")
	env.Settings.Sources = []collect.Source{{
		Name: "共有", Directory: share, Municipality: "八戸市", Pattern: "{年度}/{部}/{課}/{ファイル}",
	}}
	if err := collect.Check(env.Settings.Sources); err != nil {
		t.Fatal(err)
	}
	old := env.Clock().Add(-time.Hour) // nobody is writing it any more
	if err := filepath.WalkDir(share, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Chtimes(path, old, old)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return env, share
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func mustNight(t *testing.T, env project.Env) *runs.Run {
	t.Helper()
	run, err := Nightly(context.Background(), env, "nightly")
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// A version by another name is no rival of the one that is gone at the source: the new one counts, and both are named.
func TestRenamedAtItsSource(t *testing.T) {
	t.Parallel()
	env, share := sharedCity(t)
	first := mustNight(t, env)
	before := flat(query(t, env, oku))
	if before == "" || strings.Contains(before, "49.9") {
		t.Fatalf("at first: %s", before)
	}
	final := strings.Replace(finance, ".xlsx", "_最終.xlsx", 1)
	if err := os.Rename(filepath.Join(share, finance), filepath.Join(share, final)); err != nil {
		t.Fatal(err)
	}
	workbooktest.SetCell(t, filepath.Join(share, final), "指標", "G6", "49.9 億円")
	env.Clock = func() time.Time { return first.Started.Add(24 * time.Hour).In(time.UTC) }
	run := mustNight(t, env)
	if got := flat(query(t, env, oku)); !strings.Contains(got, "49.9") || run.Unlooked != 0 {
		t.Errorf("renamed: %s, %d values read otherwise", got, run.Unlooked)
	}
	sameRows(
		t,
		"findings",
		query(t, env, `SELECT code, severity, path, message LIKE '「財政指標_R6_財政課.xlsx」は、収集元「共有」から消えた前の版です%'
		AND message LIKE '%いまの版「財政指標_R6_財政課_最終.xlsx」を使い%'
		FROM meta.findings WHERE code IN ('source_removed', 'ambiguous_version')`),
		[][]string{{"source_removed", "info", financePath, "true"}},
	)
	sameRows(
		t,
		"workbooks",
		query(t, env, "SELECT path, status FROM meta.workbooks WHERE path LIKE '%財政指標%'"),
		[][]string{{financePath, "withdrawn"}, {strings.Replace(financePath, ".xlsx", "_最終.xlsx", 1), "read"}},
	)
	if run.Errors() != first.Errors() || len(run.Lost) != 0 {
		t.Errorf("%d errors, %d before; lost %+v", run.Errors(), first.Errors(), run.Lost)
	}
	if again := mustNight(t, env); again.Status != runs.StatusUnchanged {
		t.Errorf("the next night: %s", again.Status)
	}
	// Gone by either name, the newer is used on.
	if err := os.Remove(filepath.Join(share, final)); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(share, "令和6年度/財政部/財政課/別.csv"), "項目,値\nほか,1\n")
	env.Clock = func() time.Time { return first.Started.Add(48 * time.Hour).In(time.UTC) }
	mustNight(t, env)
	if got := flat(query(t, env, oku)); !strings.Contains(got, "49.9") {
		t.Errorf("gone by either name: %s", got)
	}
}

// A version that is damaged inside does not take its department out: the one before counts, and both are named, as long
// as no version comes that can be read.
func TestDamagedVersionAtItsSource(t *testing.T) {
	t.Parallel()
	env, share := sharedCity(t)
	first := mustNight(t, env)
	before := flat(query(t, env, oku))
	whole, err := os.ReadFile(filepath.Join(share, finance))
	if err != nil {
		t.Fatal(err)
	}
	damaged := slices.Clone(whole)
	for i := len(damaged) / 4; i < len(damaged)*3/4; i++ {
		damaged[i] = 'x'
	}
	for name, text := range map[string]string{
		"damaged inside": string(damaged), "cut in the middle": string(whole[:len(whole)/2]), "empty": "",
		"a page":       "<html>ログイン</html>",
		"another kind": "%PDF-1.7",
	} {
		put(t, filepath.Join(share, finance), text)
		old := first.Started.Add(-time.Hour)
		if err := os.Chtimes(filepath.Join(share, finance), old, old); err != nil {
			t.Fatal(err)
		}
		env.Clock = func() time.Time { return first.Started.Add(24 * time.Hour).In(time.UTC) }
		mustNight(t, env)
		env.Clock = func() time.Time { return first.Started.Add(48 * time.Hour).In(time.UTC) }
		run := mustNight(t, env)
		if got := flat(query(t, env, oku)); got != before || run.Errors() != first.Errors() {
			t.Errorf("%s: %s, %d errors; before %s, %d", name, got, run.Errors(), before, first.Errors())
		}
		told := query(t, env, "SELECT severity, path, message FROM meta.findings WHERE code = 'source_failed'")
		if len(told) != 1 || told[0][1] != financePath || !strings.Contains(told[0][2], "新しい版（令和7年10月1日 01:00 更新、") ||
			!strings.Contains(told[0][2], "前の版（令和7年10月1日 02:00 取り込み、") {
			t.Errorf("%s: told %q", name, told)
		}
		if a := report.Attention(run); !slices.ContainsFunc(a, func(s string) bool {
			return strings.Contains(s, "取り込めないファイルが1件あります：財政課「財政指標_R6_財政課.xlsx」")
		}) {
			t.Errorf("%s: attention %q", name, a)
		}
	}
	env.Clock = func() time.Time { return first.Started.Add(120 * time.Hour).In(time.UTC) }
	run := mustNight(t, env)
	if a := report.Attention(run); !slices.Contains(a, "八戸市　財政課：令和7年10月2日から、収集元「共有」の調査票を取り込めません。"+
		"令和7年10月1日までに取り込んだ1件を使い続けています。続きは kyogikai check で確かめてください") {
		t.Errorf("after some days: attention %q", a)
	}
	put(t, filepath.Join(share, finance), string(whole))
	workbooktest.SetCell(t, filepath.Join(share, finance), "指標", "G6", "49.9 億円")
	run = mustNight(t, env)
	if got := flat(
		query(t, env, oku),
	); !strings.Contains(got, "49.9") ||
		len(report.Attention(run)) != len(report.Attention(first)) {
		t.Errorf("once it is whole: %s, %q", got, report.Attention(run))
	}
	if left, err := filepath.Glob(filepath.Join(env.CollectDir(), ".judge-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// What a published run held and the next does not is told, with the run that holds it, until it is there again or a
// person has settled it. What has only been moved is not missing.
func TestDepartmentsThatAreGone(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	put(t, filepath.Join(env.Inputs, "八戸市/令和6年度/総務部/総務課/覚え.csv"), "項目,値\n会議室,2\n")
	first := mustLoad(t, env)
	at := filepath.Join(env.Inputs, "八戸市", filepath.Dir(finance))
	aside := filepath.Join(t.TempDir(), "課")
	rename := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	attention := func(what string, want ...string) *runs.Run {
		t.Helper()
		run := mustLoad(t, env)
		var got []string
		for _, a := range report.Attention(run) {
			if strings.Contains(a, "前はあった") || strings.Contains(a, "がなくなりました（") {
				got = append(got, a)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: attention %q, want %q", what, got, want)
		}
		return run
	}
	attention("at first")
	gone := "八戸市　令和6年度：前はあった課の調査票がなくなりました（財政課）。値は実行 " + first.ID + " に残っています（kyogikai sql --run " + first.ID +
		"）。フォルダをもとに戻すか、取り下げたのなら判断.csvに「取下げ」と書いてください"
	rename(at, aside)
	second := attention("gone", gone)
	if len(second.Lost) != 1 || !slices.Contains(second.Lost[0].Files, financePath) || second.Lost[0].Bureau != "財政部" {
		t.Errorf("%+v", second.Lost)
	}
	if run := attention("still gone", gone); run.Status != runs.StatusUnchanged {
		t.Errorf("nothing changed: %s", run.Status)
	}
	put(t, filepath.Join(env.Inputs, "八戸市/令和6年度/総務部/総務課/覚え.csv"), "項目,値\n会議室,3\n")
	attention("gone, and something else changed", gone)
	if err := os.Symlink("/nowhere", at); err != nil {
		t.Fatal(err)
	}
	attention("a link to nowhere", strings.Replace(gone, "なくなりました", "開けません", 1))
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	put(
		t,
		filepath.Join(env.Inputs, "八戸市/判断.csv"),
		"path,cell,decision,reason,post,date\n"+financePath+",,取下げ,別に集計,課長,令和7年10月1日\n"+
			"財政課　行財政改革取組状況調査票.xlsx,,取下げ,別に集計,課長,令和7年10月1日\n",
	)
	attention("withdrawn")
	if err := os.Remove(filepath.Join(env.Inputs, "八戸市/判断.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(env.Inputs, "八戸市/令和6年度/総合政策部/政策推進課"), 0o755); err != nil {
		t.Fatal(err)
	}
	rename(aside, filepath.Join(env.Inputs, "八戸市/令和6年度/総合政策部/財政課"))
	third := mustLoad(t, env)
	rename(filepath.Join(env.Inputs, "八戸市/令和6年度/総合政策部/財政課"), at)
	attention("in its place again", "八戸市：判断.csvがなくなりました（"+third.Lost[0].Run+" の実行の後）。もとに戻すか、要らないものなら、見出しだけのファイルを置いてください")
	put(t, filepath.Join(env.Inputs, "八戸市/判断.csv"), "path,cell,decision\n")
	attention("a master with its heading")
	if err := os.Remove(filepath.Join(env.Inputs, "八戸市/組織.csv")); err != nil {
		t.Fatal(err)
	}
	attention("a master", "八戸市：組織.csvがなくなりました（"+lastID(t, env)+" の実行の後）。もとに戻すか、要らないものなら、見出しだけのファイルを置いてください")
}

// lastID is the run before the last.
func lastID(t *testing.T, env project.Env) string {
	t.Helper()
	kept, err := runs.List(env.Outputs, 2)
	if err != nil || len(kept) < 2 {
		t.Fatal(kept, err)
	}
	return kept[0].ID
}
