package nightly

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook/workbooktest"
)

// steps are the names of a run's steps with what became of them.
func steps(r *runs.Run) string {
	var out []string
	for _, s := range r.Steps {
		out = append(out, s.Name+" "+s.Status)
	}
	return strings.Join(out, ", ")
}

const allDone = "collect kept, read done, load done, model done, check done, brief done, publish done, tell kept"

// A night makes everything once; a night on which nothing changed makes nothing, and says so.
func TestNightMakesWhatChangedAndNothingElse(t *testing.T) {
	t.Parallel()
	env := newEnv(t, copyInputs(t))
	env.Project = overlay{FS: env.Project, name: "templates/meetings/2025-10-21.yaml", data: onlyItem2}
	first, err := Nightly(context.Background(), env, "nightly")
	if err != nil || steps(first) != allDone || first.Status != runs.StatusPublished || len(first.Papers) == 0 {
		t.Fatalf("first night: %s %s %q, %v", first.Status, steps(first), first.Papers, err)
	}
	if r, ok, err := runs.Find(
		env.Outputs, first.ID,
	); !ok || err != nil || r.Status != runs.StatusPublished || len(r.Inputs) != r.Workbooks {
		t.Errorf("its record: %+v %v", r, err)
	}
	before := written(t, env.Outputs)
	second, err := Nightly(context.Background(), env, "nightly")
	const nothing = "collect kept, read kept, load kept, model kept, check kept, brief kept, publish kept, tell kept"
	if err != nil || steps(second) != nothing || second.Status != runs.StatusUnchanged || len(second.Papers) != 0 ||
		second.Changed != 0 {
		t.Fatalf("second night: %s %s, %v", second.Status, steps(second), err)
	}
	for path, at := range written(t, env.Outputs) {
		if at != before[path] && !strings.Contains(path, second.ID) && filepath.Base(path) != ".lock" {
			t.Errorf("written again: %s", path)
		}
	}
	// A paper that somebody has changed by hand, or a template that has changed, is made again from the same data.
	if err := os.WriteFile(first.Papers[0], []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	third, err := Nightly(context.Background(), env, "nightly")
	if err != nil || third.Status != runs.StatusUnchanged || !slices.Equal(third.Papers, first.Papers) {
		t.Errorf("after a paper was damaged: %s %q, %v", third.Status, third.Papers, err)
	}
	// A reader that opened before sees what it opened; one that opens after sees the new.
	reader, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	workbooktest.SetCell(t, filepath.Join(env.Inputs, oneWorkbook), "取組状況", "F6", "▲")
	fourth, err := Nightly(context.Background(), env, "nightly")
	if err != nil || fourth.Status != runs.StatusPublished || fourth.Changed != 1 {
		t.Fatalf("after a change: %s, %d changed, %v", fourth.Status, fourth.Changed, err)
	}
	const late = "SELECT count(*) FROM marts.initiatives WHERE progress = '▲'"
	old, err := reader.Query(context.Background(), late)
	if err != nil || warehouse.Text(old.Rows[0][0]) == query(t, env, late)[0][0] {
		t.Errorf("the reader from before sees %v: %v", old.Rows, err)
	}
	summary, err := os.ReadFile(filepath.Join(env.Outputs, "runs", fourth.ID+".txt"))
	for _, want := range []string{"■ 数値の変化", "（暮らし交通安全課）", "■ 未提出・要修正", "■ 課ごとの指摘", "前回からの変更1件"} {
		if err != nil || !strings.Contains(string(summary), want) {
			t.Errorf("the summary does not say %s: %v\n%s", want, err, summary)
		}
	}
}

const oneWorkbook = "八戸市/令和6年度/市民環境部/暮らし交通安全課/【暮らし交通安全課】行財政改革取組状況.xlsx"

// onlyItem2 is a meeting of the one item whose workbooks copyInputs copies.
const onlyItem2 = `date: 2025-10-21
kind: 総務協議会資料
agenda_title: 総務協議会協議事項
municipality: 八戸市
items:
  - number: "2"
    title: 第7次八戸市行財政改革大綱の総括について
    department: 総務部行政管理課
    brief: 行財政改革大綱の総括.md
    parameters: {plan: 第7次八戸市行財政改革大綱, year: 2024, first_year: 2020}
`

// written is when the files of a folder were written.
func written(t *testing.T, dir string) map[string]time.Time {
	t.Helper()
	out := map[string]time.Time{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			info, err := e.Info()
			if err != nil {
				return err
			}
			out[path] = info.ModTime()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A run that stopped after its file was whole is resumed: the file is published as it is.
func TestInterruptedRunIsResumed(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	touchInput(t, env)
	stopped := stopIn(t, env, "publish")
	if stopped.Status != runs.StatusInterrupted || !stopped.Built || runs.Published(env.Outputs, stopped.ID) {
		t.Fatalf("stopped: %s, built %v", stopped.Status, stopped.Built)
	}
	file := written(t, env.WarehouseDir())
	run := mustLoad(t, env)
	if run.ID != stopped.ID || run.Status != runs.StatusPublished || len(run.Resumed) != 1 ||
		!runs.Published(env.Outputs, run.ID) {
		t.Errorf("resumed: %s %s, resumed %v", run.ID, run.Status, run.Resumed)
	}
	path := warehouse.Path(env.WarehouseDir(), run.ID)
	if now := written(t, env.WarehouseDir()); now[path] != file[path] {
		t.Error("the file was made again")
	}
	// Where something has changed since, the run begins anew, and nothing of the old one is left.
	touchInput(t, env)
	stopped = stopIn(t, env, "publish")
	touchInput(t, env)
	run = mustLoad(t, env)
	if run.ID == stopped.ID || run.Status != runs.StatusPublished || len(run.Resumed) != 0 {
		t.Errorf("began anew: %s %s, resumed %v", run.ID, run.Status, run.Resumed)
	}
	if r, _, _ := runs.Find(env.Outputs, stopped.ID); r.Status != runs.StatusInterrupted {
		t.Errorf("the one that stopped: %s", r.Status)
	}
	if _, err := os.Stat(warehouse.Path(env.WarehouseDir(), stopped.ID)); err == nil {
		t.Error("its file is left")
	}
	if first.ID >= stopped.ID || stopped.ID >= run.ID {
		t.Errorf("ids go back: %s %s %s", first.ID, stopped.ID, run.ID)
	}
}

var touched atomic.Int64

// touchInput changes a workbook's bytes and nothing in it: a line of 判断.csv.
func touchInput(t *testing.T, env project.Env) {
	t.Helper()
	line := fmt.Sprintf("path,cell,decision,reason,date\nない%d.xlsx,,取下げ,試験,令和7年10月1日\n", touched.Add(1))
	if err := os.WriteFile(filepath.Join(env.Inputs, "八戸市", "判断.csv"), []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
}

// stopIn runs a load that is told to stop when a step begins.
func stopIn(t *testing.T, env project.Env, step string) *runs.Run {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	env.Progress = func(p project.Progress) {
		if p.Step == step && p.Of > 0 {
			cancel()
		}
	}
	run, err := Load(ctx, env, "test")
	if err == nil {
		t.Fatalf("stopped in %s: no error", step)
	}
	return run
}

// A run that is told to stop in any step says so, changes nothing that is published, and the next one succeeds.
func TestStopInEveryStep(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	for _, step := range []string{"read", "load", "model", "check", "publish"} {
		touchInput(t, env)
		run := stopIn(t, env, step)
		if run.Status != runs.StatusInterrupted || run.Error == "" || !runs.Published(env.Outputs, first.ID) {
			t.Errorf("stopped in %s: %s, published is the first: %v", step, run.Status, runs.Published(env.Outputs, first.ID))
		}
		next := mustLoad(t, env)
		if next.Status != runs.StatusPublished {
			t.Errorf("after a stop in %s: %s", step, next.Status)
		}
		first = next
	}
}

// A process whose parent is gone publishes nothing.
func TestOrphanNeverPublishes(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.Orphan = func() bool { return true }
	run, err := Load(context.Background(), env, "test")
	if err == nil || run.Status != runs.StatusFailed || runs.Published(env.Outputs, run.ID) {
		t.Errorf("%s, %v", run.Status, err)
	}
	env.Orphan = nil
	next := mustLoad(t, env)
	if kept, err := warehouse.Kept(env.WarehouseDir()); err != nil || !slices.Equal(kept, []string{next.ID}) {
		t.Errorf("kept %q, %v: what was never published passes for the past", kept, err)
	}
}

// A clock that was set back takes nothing away: ids go on, nothing published is lost, and the run says so.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	now := time.Date(2024, 1, 1, 2, 0, 0, 0, time.UTC)
	env.Clock = func() time.Time { return now }
	touchInput(t, env)
	run := mustLoad(t, env)
	if run.ID <= first.ID || len(run.Notes) != 1 || !strings.Contains(run.Notes[0], "時刻合わせ") {
		t.Errorf("run %s after %s: %q", run.ID, first.ID, run.Notes)
	}
	if kept, err := warehouse.Kept(env.WarehouseDir()); err != nil || !slices.Equal(kept, []string{run.ID, first.ID}) {
		t.Errorf("kept %q, %v", kept, err)
	}
}

// Kept are the newest runs, the last of every month in the city's calendar, and those that papers rest on.
func TestRetention(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.Settings.KeepRuns = 2
	dir := env.WarehouseDir()
	old := []string{
		"20240110T170000Z", "20240131T160000Z", // 1 February in Tokyo
		"20240229T140000Z", "20240310T170000Z", "20240311T170000Z",
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, id := range old {
		if err := os.WriteFile(warehouse.Path(dir, id), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := (&runs.Run{ID: id, Status: runs.StatusPublished}).Save(env.Outputs); err != nil {
			t.Fatal(err)
		}
	}
	if err := atomicfile.Write(
		filepath.Join(env.Outputs, "briefs", "2024-03-15", ".papers.json"), []byte(`{"run": "20240310T170000Z", "key": "k"}`),
	); err != nil {
		t.Fatal(err)
	}
	run := mustLoad(t, env)
	touchInput(t, env)
	next := mustLoad(t, env)
	kept, err := warehouse.Kept(dir)
	want := []string{next.ID, run.ID, "20240311T170000Z", "20240310T170000Z", "20240229T140000Z", "20240110T170000Z"}
	if err != nil || !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q (%v)", kept, want, err)
	}
	if _, ok, _ := runs.Find(env.Outputs, "20240131T160000Z"); ok {
		t.Error("the record of a run that is long gone is kept")
	}
	if _, ok, _ := runs.Find(env.Outputs, "20240110T170000Z"); !ok {
		t.Error("the record of a run that is kept is gone")
	}
}

// What a source has wrong is a finding; the rest of the night goes on, and the same trouble the next night is no news.
func TestSourceThatFailsIsAFinding(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	share := t.TempDir()
	data, err := os.ReadFile(filepath.Join(env.Inputs, "八戸市/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(share, "R6", "財政課"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(share, "R6", "財政課", "財政指標_R6_財政課.xlsx"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	env.Settings.Sources = []collect.Source{
		{Name: "共有", Directory: share, Municipality: "八戸市", Pattern: "{年度}/{課}/{ファイル}"},
		{Name: "外れた共有", Directory: "/nowhere", Municipality: "八戸市", Pattern: "{年度}/{課}/{ファイル}"},
	}
	if err := collect.Check(env.Settings.Sources); err != nil {
		t.Fatal(err)
	}
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) // no meeting is coming
	run, err := Nightly(context.Background(), env, "nightly")
	if err != nil || run.Status != runs.StatusPublished || len(run.Sources) != 2 || run.Sources[0].Unchanged != 1 {
		t.Fatalf("%s %+v, %v", run.Status, run.Sources, err)
	}
	sameRows(t, "findings", query(
		t, env,
		"SELECT severity, expected, found LIKE 'フォルダ /nowhere を開けません%' FROM meta.findings WHERE code = 'source_failed'",
	),
		[][]string{{"warning", "外れた共有", "true"}})
	if again, err := Nightly(context.Background(), env, "nightly"); err != nil || again.Status != runs.StatusUnchanged {
		t.Errorf("the next night: %s, %v", again.Status, err)
	}
	if stale, err := Stale(context.Background(), env); err != nil || stale {
		t.Errorf("papers would be loaded for anew: %v", err)
	}
}

// twoWorkbooks is the path of a workbook, and its bytes before and after one of its figures is changed; the second
// stands in place.
func twoWorkbooks(t *testing.T, env project.Env) (string, []byte, []byte) {
	t.Helper()
	path := filepath.Join(env.Inputs, "八戸市/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx")
	one, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	workbooktest.SetCell(t, path, "指標", "G6", "49.9 億円")
	two, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, one, two
}

// A workbook that is replaced again and again while it is read is read whole, as one or the other; the run after it has
// come to rest holds what is there.
func TestWorkbookReplacedWhileItIsRead(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	path, one, two := twoWorkbooks(t, env)
	const value = "SELECT value FROM marts.finance_indicators WHERE unit = '億円' ORDER BY ALL"
	want := map[string]bool{}
	for _, data := range [][]byte{one, two} {
		replace(t, path, data)
		mustLoad(t, env)
		want[flat(query(t, env, value))] = true
	}
	if len(want) != 2 {
		t.Fatalf("the two workbooks do not differ: %v", want)
	}
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				replace(t, path, [][]byte{one, two}[i%2])
			}
		}
	}()
	for range 4 {
		mustLoad(t, env)
		if got := flat(query(t, env, value)); !want[got] {
			t.Errorf("read %s, want one of %v", got, want)
		}
	}
	close(stop)
	<-stopped
	replace(t, path, two)
	mustLoad(t, env)
	if got := flat(query(t, env, value)); !strings.Contains(got, "49.9") {
		t.Errorf("at rest: %s", got)
	}
}

func flat(rows [][]string) string {
	var out []string
	for _, r := range rows {
		out = append(out, strings.Join(r, " "))
	}
	return strings.Join(out, " | ")
}

// replace puts a file in place by rename, as Excel does.
func replace(t *testing.T, path string, data []byte) {
	if err := os.WriteFile(path+".new", data, 0o644); err != nil {
		t.Error(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Error(err)
	}
}

// A file whose blocks are damaged is made anew, though it opens.
func TestDamagedBlockIsMadeAnew(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	path := warehouse.Path(env.WarehouseDir(), first.ID)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("damage"), info.Size()/2); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if stale, err := Stale(context.Background(), env); err != nil || !stale {
		t.Errorf("stale: %v, %v", stale, err)
	}
	if run := mustLoad(t, env); run.Status != runs.StatusPublished || run.ID == first.ID {
		t.Errorf("the load after it: %s", run.Status)
	}
}

// A run of one kind does not resume what another has left: its papers and its telling would never come.
func TestOnlyTheSameKindIsResumed(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	ctx, cancel := context.WithCancel(context.Background())
	stopped := env
	stopped.Progress = func(p project.Progress) {
		if p.Step == "publish" && p.Of > 0 {
			cancel()
		}
	}
	night, err := Nightly(ctx, stopped, "nightly")
	if err == nil || !night.Built {
		t.Fatalf("stopped: %v", err)
	}
	if run := mustLoad(t, env); run.ID == night.ID {
		t.Error("a load has resumed a night")
	}
	next, err := Nightly(context.Background(), env, "nightly")
	if err != nil || next.Status != runs.StatusUnchanged {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(env.Outputs, "runs", next.ID+".txt"))
	if err != nil || !strings.Contains(string(text), "■ 結果") {
		t.Errorf("the next night told nothing: %v", err)
	}
}

// A workbook that is replaced between the listing and the reading, and put back after, is read again by the next run:
// what is published always says what it was read from.
func TestWorkbookPutBackIsReadAgain(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	path, one, two := twoWorkbooks(t, env)
	swapped := env
	swapped.Progress = func(p project.Progress) { // the listing is done, the reading begins
		if p.Step == "read" && p.Size > 0 && p.Count == 0 {
			replace(t, path, one)
		}
	}
	mustLoad(t, swapped)
	replace(t, path, two)
	mustLoad(t, env)
	if got := flat(query(
		t, env, "SELECT value FROM marts.finance_indicators WHERE unit = '億円' ORDER BY ALL",
	)); !strings.Contains(got, "49.9") {
		t.Errorf("published %s, the workbook says 49.9", got)
	}
}
