package serve

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// atTwo is two in the morning in Tokyo, when the sample settings have a night.
var atTwo = time.Date(2025, 9, 30, 17, 0, 0, 0, time.UTC)

// oneNight is the surroundings of a city in which one night has run, at its time, and left nothing to be looked at.
func oneNight(t *testing.T) (project.Env, *runs.Run) {
	t.Helper()
	env := projecttest.Env(t, projecttest.FewInputs(t))
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC) // no meeting is coming
	env.Clock = func() time.Time { return atTwo }
	run, err := nightly.Nightly(context.Background(), env, "nightly")
	if err != nil {
		t.Fatal(err)
	}
	run.Findings = map[string]int{record.Warning: 2}
	return env, run
}

// later is a run after another: what it would have been with changes.
func later(t *testing.T, env project.Env, of *runs.Run, after time.Duration, change func(r *runs.Run)) {
	t.Helper()
	r, err := runs.New(env.Outputs, of.Started.Add(after), of.Kind, of.Trigger, of.Version)
	if err != nil {
		t.Fatal(err)
	}
	r.Status, r.Steps, r.Findings, r.Schedule = runs.StatusUnchanged, of.Steps, of.Findings, of.Schedule
	r.Finished = r.Started.Add(time.Minute)
	change(r)
	if err := r.Save(env.Outputs); err != nil {
		t.Fatal(err)
	}
}

// Each word has its causes, the gravest comes first, and nothing but OK is a success.
func TestMonitor(t *testing.T) {
	t.Parallel()
	base, night := oneNight(t)
	failed := func(step, text string) func(t *testing.T, env project.Env, r *runs.Run) {
		return func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) {
				r.Status, r.Steps = runs.StatusPublished, []runs.Step{{Name: step, Status: runs.StepFailed, Error: text}}
			})
		}
	}
	damage := func(change func(path string) error) func(t *testing.T, env project.Env, r *runs.Run) {
		return func(t *testing.T, env project.Env, r *runs.Run) {
			if err := change(warehouse.Path(env.WarehouseDir(), r.ID)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		change func(t *testing.T, env project.Env, r *runs.Run)
		after  time.Duration // since the night
		want   State
		says   string
	}{
		"well": {
			nil, time.Hour, OK, " errors=0 warnings=2 sources_failed=0 files_failed=0 concerns=0 人が確かめることはありません",
		},
		"well, at the last moment": {nil, 25 * time.Hour, OK, "age_hours=25.0"},
		"a moment later":           {nil, 25*time.Hour + time.Second, Late, "2025-10-02 02:00 の予定から行われていません"},
		"errors": {func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) { r.Findings = map[string]int{record.Error: 12} })
		}, 2 * time.Hour, Findings, " age_hours=1.0 errors=12 warnings=0 sources_failed=0 files_failed=0 concerns=1 調査票"},
		"a notice that was not sent": {func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) {
				r.Told = []notify.Outcome{{Channel: "chat", Error: "拒まれた"}}
			})
		}, 2 * time.Hour, Findings, "「chat」に知らせられませんでした"},
		"a source and errors": {func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) {
				r.Findings = map[string]int{record.Error: 1}
				r.Sources = []collect.Report{{Source: "庁内", Error: "つながり\nません"}, {Source: "網", Failed: 2}}
			})
		}, 2 * time.Hour, Collect, "sources_failed=1 files_failed=2 concerns=3 収集元「庁内」から取り込めませんでした：つながり⏎ません（ほかに2件。"},
		"files of a source": {func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) { r.Sources = []collect.Report{{Source: "網", Failed: 2}} })
		}, 2 * time.Hour, Collect, "sources_failed=0 files_failed=2"},
		"every source":           {failed("collect", "どの収集元からも"), 2 * time.Hour, Collect, "収集でできなかったことがあります"},
		"late, and a source":     {failed("collect", "どの収集元からも"), 27 * time.Hour, Late, "行われていません"},
		"papers":                 {failed("brief", "表がありません"), 2 * time.Hour, Broken, "資料作成でできなかったことがあります：表がありません"},
		"telling":                {failed("tell", "異常"), 2 * time.Hour, Findings, "通知でできなかった"},
		"papers, and it is late": {failed("brief", "表がありません"), 27 * time.Hour, Broken, "表がありません（ほかに1件"},
		"the last run failed": {func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) { r.Status = runs.StatusFailed })
		}, 2 * time.Hour, Broken, "age_hours=2.0"},
		"a load after a night that failed": {func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) { r.Status = runs.StatusFailed })
			later(t, env, r, 90*time.Minute, func(r *runs.Run) { r.Kind = runs.KindLoad })
		}, 2 * time.Hour, Findings, "夜間の実行 20250930T180000Z: 失敗しました"},
		"a load after a night without papers": {func(t *testing.T, env project.Env, r *runs.Run) {
			failed("brief", "表がありません")(t, env, r)
			later(t, env, r, 90*time.Minute, func(r *runs.Run) { r.Kind = runs.KindLoad })
		}, 2 * time.Hour, Broken, "夜間の実行 20250930T180000Z: 資料作成で"},
		"it was killed": {func(t *testing.T, env project.Env, r *runs.Run) {
			later(t, env, r, time.Hour, func(r *runs.Run) { r.Status = runs.StatusRunning })
		}, 2 * time.Hour, Broken, "途中で止まっています"},
		"the file is gone": {damage(os.Remove), time.Hour, Broken, "run=- "},
		"one byte of the file is another": {damage(func(path string) error {
			data, err := os.ReadFile(path)
			data[len(data)/2] ^= 1
			return errors.Join(err, os.Chmod(path, 0o644), os.WriteFile(path, data, 0o644))
		}), time.Hour, Broken, "中身が違います"},
		"a copy was put back": {damage(func(path string) error { return os.Chtimes(path, atTwo, atTwo) }), time.Hour, OK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := base
			env.Outputs = filepath.Join(t.TempDir(), "outputs")
			if err := os.CopyFS(env.Outputs, os.DirFS(base.Outputs)); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(warehouse.Publish(env.WarehouseDir(), night.ID), night.Save(env.Outputs)); err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(t, env, night)
			}
			env.Clock = func() time.Time { return atTwo.Add(c.after) }
			v := Monitor(context.Background(), env)
			line := v.Line()
			if v.State != c.want || !strings.HasPrefix(line, string(c.want)+" run=") || !strings.Contains(line, c.says) ||
				strings.Contains(line, "\n") {
				t.Errorf("%s, want %s … %s", line, c.want, c.says)
			}
			if data, err := json.Marshal(v); err != nil || !strings.Contains(string(data), `"state":"`+string(c.want)+`"`) {
				t.Errorf("%s, %v", data, err)
			}
		})
	}
}

// Where nothing was ever published, or the settings cannot be read, that is said too.
func TestMonitorOfNothing(t *testing.T) {
	t.Parallel()
	env := serverEnv(t)
	want := "BROKEN run=- age_hours=-1.0 errors=0 warnings=0 sources_failed=0 files_failed=0 concerns=2 まだ何も読み込まれていません"
	if line := Monitor(context.Background(), env).Line(); !strings.HasPrefix(line, want) {
		t.Errorf("%s, want %s", line, want)
	}
	if line := Ill(errors.New("設定 kyogikai.yaml: 3行目")).Line(); !strings.HasPrefix(line, "BROKEN run=- ") ||
		!strings.HasSuffix(line, " 設定 kyogikai.yaml: 3行目") {
		t.Errorf("%s", line)
	}
}

// A next night is announced only where something is known to run it, and one that never came is told an hour after the
// first time.
func TestNextNight(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return atTwo.Add(time.Duration(h) * time.Hour) }
	for name, c := range map[string]struct {
		kind    string
		began   time.Time // of the only run
		noted   time.Time // by a scheduler
		now     time.Time
		serving bool
		by      string
		says    string // among what needs attention
	}{
		"a night by hand":          {runs.KindNightly, at(5), time.Time{}, at(6), false, ByNobody, ""},
		"a night at its time":      {runs.KindNightly, at(0).Add(time.Minute), time.Time{}, at(6), false, ByOthers, ""},
		"within the hour":          {runs.KindNightly, at(1).Add(-time.Second), time.Time{}, at(6), false, ByOthers, ""},
		"an hour after":            {runs.KindNightly, at(1), time.Time{}, at(6), false, ByNobody, ""},
		"late":                     {runs.KindNightly, at(0), time.Time{}, at(26), false, ByNobody, "行われていません"},
		"serve is running":         {runs.KindLoad, at(5), time.Time{}, at(6), true, ByServe, ""},
		"serve ran it and is gone": {runs.KindNightly, at(0), at(0).Add(-time.Second), at(6), false, ByNobody, "serve が動いて"},
		"serve ran it and runs":    {runs.KindNightly, at(0), at(0).Add(-time.Second), at(6), true, ByServe, ""},
		"serve began a later one":  {runs.KindNightly, at(0), at(1), at(6), false, ByOthers, ""},
		"serve ran an earlier one": {runs.KindNightly, at(0), at(-24), at(6), false, ByOthers, ""},
		"never, before the first":  {runs.KindLoad, at(5), time.Time{}, at(25), false, ByNobody, ""},
		"never, after the first": {
			runs.KindLoad, at(5), time.Time{}, at(25).Add(time.Second), false, ByNobody,
			"夜間の実行が一度も行われていません（はじめの予定は 2025-10-02 02:00 でした）",
		},
	} {
		env := serverEnv(t)
		env.Settings.Schedule = "0 2 * * *"
		env.Clock = func() time.Time { return c.now }
		r, err := runs.New(env.Outputs, c.began, c.kind, "test", "v")
		if err != nil {
			t.Fatal(err)
		}
		r.Status = runs.StatusPublished
		known := times{project.NightlyJob: jobTimes{Since: c.noted, Started: c.noted}}
		if err := errors.Join(r.Save(env.Outputs), known.save(env)); err != nil {
			t.Fatal(err)
		}
		if c.serving {
			release, err := runs.LockSchedule(env.Outputs, "test")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(release)
		}
		n, err := NextNight(env)
		if err != nil || n.By != c.by || !n.At.After(c.now) {
			t.Errorf("%s: %+v, %v, want by %s", name, n, err, c.by)
		}
		said, err := NeedsAttention(env)
		if all := strings.Join(said, "\n"); err != nil || !strings.Contains(all, c.says) || c.says == "" && all != "" {
			t.Errorf("%s: %q, %v, want %q", name, said, err, c.says)
		}
	}
}

// Where the schedule was edited after the night, a time that it did not have then is not late: once.
func TestEditedScheduleIsNotLate(t *testing.T) {
	t.Parallel()
	env := serverEnv(t)
	env.Settings.Schedule = "0 10 * * *"
	folder := t.TempDir()
	file := filepath.Join(folder, project.SettingsFile)
	env.Project = os.DirFS(folder)
	edited := atTwo.Add(12 * time.Hour) // 14:00
	if err := errors.Join(os.WriteFile(file, nil, 0o644), os.Chtimes(file, edited, edited)); err != nil {
		t.Fatal(err)
	}
	for schedule, want := range map[string][3]bool{ // an hour after the edit, at 11:01 of the next day, the day after
		"0 2 * * * Asia/Tokyo":  {false, true, true},
		"0 10 * * * Asia/Tokyo": {true, true, true},
		"":                      {true, true, true}, // of an older version
	} {
		night := runs.Run{Started: atTwo, Schedule: schedule}
		for i, after := range []time.Duration{time.Hour, 21*time.Hour + time.Minute, 46 * time.Hour} {
			now := edited.Add(after)
			env.Clock = func() time.Time { return now }
			if late, err := lateNight(env, night, true); err != nil || (late != "") != want[i] {
				t.Errorf("%q at %s: %q, %v, want %v", schedule, now, late, err, want[i])
			}
		}
	}
}

// The line becomes what Prometheus reads, whatever its sentence holds; no line at all is broken.
func TestLineForPrometheus(t *testing.T) {
	t.Parallel()
	v := Verdict{
		State: Collect, Run: "20261130T020000Z", Age: 7.25, Errors: 12, SourcesFailed: 1, Concerns: 3,
		Message: "a=1 errors=99",
	}
	for line, wants := range map[string][]string{
		v.Line() + "\n": {
			"kyogikai_state 2\n", "\nkyogikai_age_hours 7.2\n", "\nkyogikai_errors 12\n", "\nkyogikai_warnings 0\n",
			"\nkyogikai_sources_failed 1\n", "\nkyogikai_files_failed 0\n", "\nkyogikai_concerns 3\n",
		},
		Ill(errors.New("設定")).Line(): {"kyogikai_state 4\n", "\nkyogikai_age_hours -1.0\n"},
		(Verdict{State: OK}).Line():  {"kyogikai_state 0\n"},
		"":                           {"kyogikai_state 4\n"},
		"失敗しました\n":                   {"kyogikai_state 4\n"},
	} {
		c := exec.Command("awk", "-f", filepath.Join(projecttest.Root, "docs", "monitoring", "prometheus.awk"))
		c.Stdin = strings.NewReader(line)
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(out), want) {
				t.Errorf("%q: no %q in\n%s", line, want, out)
			}
		}
		for said := range strings.Lines(string(out)) {
			if f := strings.Fields(said); said[0] != '#' && (len(f) != 2 || !strings.HasPrefix(f[0], "kyogikai_")) {
				t.Errorf("%q", said)
			}
		}
	}
}
