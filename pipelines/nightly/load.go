package nightly

import (
	"context"
	"errors"
	"fmt"
	"os"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// Load reads the inputs, builds a warehouse, tests it and publishes it. Nothing is published where anything fails, and
// nothing new where nothing has changed.
func Load(ctx context.Context, env Env, trigger string) (*Run, error) {
	release, err := lock(env.Outputs, holder(env, trigger))
	if err != nil {
		return nil, err
	}
	defer release()
	run := newRun(env, trigger)
	return run, finish(env, run, load(ctx, env, run))
}

func holder(env Env, trigger string) string {
	return fmt.Sprintf("%s、%s に開始、プロセス %d", trigger, env.Clock().Format("2006-01-02 15:04:05"), os.Getpid())
}

// finish writes the run's record, whatever became of the run.
func finish(env Env, run *Run, err error) error {
	run.Finished = env.Clock().UTC()
	if err != nil {
		run.Error = err.Error()
		if run.Status == "" { // nothing was published; a run whose papers failed keeps its status
			run.Status = statusFailed
		}
	}
	return errors.Join(err, run.save(env))
}

// Stale reports whether something that the published warehouse rests on has changed since, or nothing is published.
func Stale(ctx context.Context, env Env) (bool, error) {
	if !readable(ctx, env) {
		return true, nil
	}
	_, published, err := warehouse.Current(env.WarehouseDir())
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for the published warehouse: %w", err)
	}
	tree, err := walk(env.Inputs)
	if err != nil {
		return false, err
	}
	print, err := fingerprint(env.Project, tree, env.Version)
	if err != nil {
		return false, err
	}
	last, ok, err := recordOf(env, published)
	return !ok || last.Fingerprint != print, err
}

// readable reports whether the published file opens: one that does not is made anew.
func readable(ctx context.Context, env Env) bool {
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		return false
	}
	_ = db.Close() // read only
	return true
}

func recordOf(env Env, id string) (Run, bool, error) {
	runs, err := Runs(env)
	for _, r := range runs {
		if r.ID == id {
			return r, true, err
		}
	}
	return Run{}, false, err
}

func load(ctx context.Context, env Env, run *Run) error {
	var tree collect.Tree
	err := run.step(env, "collect", func() (err error) {
		if tree, err = walk(env.Inputs); err != nil {
			return err
		}
		run.Workbooks, run.Inputs = len(tree.Files), hashes(tree)
		run.Fingerprint, err = fingerprint(env.Project, tree, env.Version)
		return err
	})
	if err != nil {
		return err
	}
	if _, published, err := warehouse.Current(env.WarehouseDir()); err == nil {
		last, ok, err := recordOf(env, published)
		if err != nil {
			return err
		}
		if ok && last.Fingerprint == run.Fingerprint && readable(ctx, env) {
			run.Status, run.Findings = statusUnchanged, last.Findings
			return nil
		}
		run.Changed = changed(last.Inputs, run.Inputs)
	} else {
		run.Changed = len(tree.Files)
	}
	var batch warehouse.Batch
	err = run.step(env, "read", func() (err error) {
		forms, err := form.Load(env.Project, "templates/forms")
		if err != nil {
			return fmt.Errorf("reading forms: %w", err)
		}
		if err := env.Settings.checkForms(forms); err != nil {
			return err
		}
		if batch, err = readAll(ctx, tree, forms, env.Settings.plans(), env.Clock()); err != nil {
			return err
		}
		fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
		if err != nil {
			return fmt.Errorf("reading fonts: %w", err)
		}
		missingGlyphs(fonts, batch.Workbooks)
		batch.Lists, err = lists(env.Project)
		return err
	})
	if err != nil {
		return err
	}
	return build(ctx, env, run, batch)
}

func hashes(tree collect.Tree) map[string]string {
	out := map[string]string{}
	for _, f := range tree.Files {
		out[f.Path] = f.SHA256
	}
	return out
}

// changed counts files that are new, gone or different.
func changed(before, now map[string]string) int {
	n := 0
	for p, sum := range now {
		if before[p] != sum {
			n++
		}
	}
	for p := range before {
		if _, ok := now[p]; !ok {
			n++
		}
	}
	return n
}

// build makes the run's warehouse file and publishes it. A file that is not published is removed.
func build(ctx context.Context, env Env, run *Run, batch warehouse.Batch) error {
	dir := env.WarehouseDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the warehouse folder: %w", err)
	}
	b, err := warehouse.Create(ctx, warehouse.Path(dir, run.ID))
	if err != nil {
		return fmt.Errorf("creating the warehouse: %w", err)
	}
	published := false
	defer func() {
		if !published {
			b.Abandon()
		}
	}()
	if err := run.step(env, "load", func() error { return b.Load(ctx, batch) }); err != nil {
		return err
	}
	if err := run.step(env, "model", func() error { return models(ctx, env, run, b, batch) }); err != nil {
		return err
	}
	err = run.step(env, "publish", func() error {
		if err := addRuns(ctx, env, run, b); err != nil {
			return err
		}
		if err := b.Finish(ctx); err != nil {
			return fmt.Errorf("finishing the warehouse: %w", err)
		}
		return warehouse.Publish(dir, run.ID)
	})
	if err != nil {
		return err
	}
	published, run.Status = true, statusPublished
	return warehouse.Prune(dir, env.Settings.KeepRuns)
}

// models runs sql/ and its tests, and counts the findings.
func models(ctx context.Context, env Env, run *Run, b *warehouse.Build, batch warehouse.Batch) error {
	list, err := model.Load(env.Project)
	if err != nil {
		return fmt.Errorf("reading models: %w", err)
	}
	if err := model.Build(ctx, b, env.Project, list); err != nil {
		return fmt.Errorf("building models: %w", err)
	}
	failures, findings, err := model.Test(ctx, b, env.Project, form.Severity, form.Sentence)
	if err != nil {
		return fmt.Errorf("testing models: %w", err)
	}
	if err := b.AddFindings(ctx, findings); err != nil {
		return fmt.Errorf("adding findings: %w", err)
	}
	findings = append(findings, batch.Findings...)
	for _, w := range batch.Workbooks {
		findings = append(findings, w.Findings...)
	}
	for _, f := range findings {
		run.Findings[f.Severity]++
	}
	return judge(ctx, env, run, b, failures)
}

// judge refuses to publish a warehouse of which a test of severity error failed; other failures are told and stored.
func judge(ctx context.Context, env Env, run *Run, b *warehouse.Build, failures []model.Failure) error {
	run.Tests = failures
	var counts, rows [][]any
	var fatal error
	for _, f := range failures {
		counts = append(counts, []any{f.Test, f.Severity, int32(f.Rows)})
		for i, example := range f.Examples {
			rows = append(rows, []any{f.Test, int32(i + 1), example})
		}
		if f.Severity == record.Error {
			fatal = errors.Join(fatal, fmt.Errorf("データの検査 sql/tests/%s.sql に%d行が掛かりました（例：%s）。公表済みのファイルは変わりません",
				f.Test, f.Rows, f.Examples[0]))
			continue
		}
		env.Log.Warn("データの検査に掛かりました", "test", f.Test, "rows", f.Rows, "example", f.Examples[0])
	}
	if fatal != nil {
		return fatal
	}
	return b.InTransaction(ctx, func() error {
		return errors.Join(b.Append("meta.test_failures", counts), b.Append("meta.test_rows", rows))
	})
}

// addRuns copies the history of runs into the file, this one included.
func addRuns(ctx context.Context, env Env, run *Run, b *warehouse.Build) error {
	past, err := Runs(env)
	if err != nil {
		return err
	}
	now := *run
	now.Status, now.Finished = statusPublished, env.Clock().UTC()
	var rows []warehouse.Run
	for _, r := range append(past, now) {
		n := 0
		for _, k := range r.Findings {
			n += k
		}
		rows = append(rows, warehouse.Run{
			ID: r.ID, Started: r.Started, Finished: r.Finished, Trigger: r.Trigger, Status: r.Status,
			Workbooks: r.Workbooks, Changed: r.Changed, Findings: n,
		})
	}
	return b.AddRuns(ctx, rows)
}

// Fresh makes sure that what is published rests on the inputs as they are: it loads where they have changed, and
// returns the record of the run that is published.
func Fresh(ctx context.Context, env Env) (*Run, error) {
	stale, err := Stale(ctx, env)
	if err != nil {
		return nil, err
	}
	if stale {
		return Load(ctx, env, "brief")
	}
	_, published, err := warehouse.Current(env.WarehouseDir())
	if err != nil {
		return nil, fmt.Errorf("looking for the published warehouse: %w", err)
	}
	run, _, err := recordOf(env, published)
	return &run, err
}
