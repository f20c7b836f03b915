package nightly

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Stale reports whether something that the published warehouse rests on has changed since, or nothing is published.
func Stale(ctx context.Context, env Env) (bool, error) {
	_, current, err := warehouse.Current(env.WarehouseDir())
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for the published warehouse: %w", err)
	}
	if mergedElsewhere(env, current) { // what was read on other machines cannot be compared here
		return false, stillHolds(ctx, env, current)
	}
	tree, err := walk(env.Inputs)
	if err != nil {
		return false, err
	}
	problems, err := sourceProblems(env)
	if err != nil {
		return false, err
	}
	print, err := fingerprint(env, tree, problems)
	if err != nil {
		return false, err
	}
	last, ok, err := recordOf(env, current)
	return !ok || last.Fingerprint != print || !warehouse.Whole(ctx, env.WarehouseDir(), current, last.File.Quick()), err
}

// mergedElsewhere reports whether a run was put together from shares, and its workbooks are not here.
func mergedElsewhere(env Env, run string) bool {
	r, ok, err := recordOf(env, run)
	_, missing := os.Stat(env.Inputs)
	return err == nil && ok && r.Kind == kindMerge && missing != nil
}

// stillHolds refuses a run that was put together from shares where the rules have changed since, or its file is damaged: it
// cannot be made anew here.
func stillHolds(ctx context.Context, env Env, run string) error {
	r, _, err := recordOf(env, run)
	if err != nil {
		return err
	}
	rules, err := fingerprint(env, collect.Tree{}, nil)
	if err != nil {
		return err
	}
	if r.Rules != rules {
		return fmt.Errorf("公表中のもの（%s）をまとめた後に、様式・SQL・設定・プログラムのいずれかが変わりました。ここには調査票がないので、"+
			"分担（kyogikai load --shard）からやり直して、--merge してください", run)
	}
	if !warehouse.Whole(ctx, env.WarehouseDir(), run, r.File.Quick()) {
		return fmt.Errorf("公表中のもの（%s）のファイルが壊れています。分担の結果を、もう一度 --merge してください", run)
	}
	return nil
}

// loses refuses to replace what other machines have read by less: municipalities that are not in these inputs.
func (n *night) loses() error {
	if n.before == "" {
		return nil
	}
	last, ok, err := recordOf(n.Env, n.before)
	if err != nil || !ok || last.Kind != kindMerge {
		return err
	}
	here := n.tree.Municipalities()
	for _, p := range slices.Sorted(maps.Keys(last.Inputs)) {
		if parts := strings.Split(p, "/"); len(parts) > 1 && !slices.Contains(here, parts[1]) {
			return fmt.Errorf("公表中のもの（%s）は、ほかの機械で読んだ自治体（%s など）を含みますが、%s にはありません。ここで読み直すと、その数値が消えます。"+
				"--merge でまとめるか、--outputs で別の場所を指定してください。公表済みのファイルは変わりません", n.before, parts[1], n.Inputs)
		}
	}
	return nil
}

// sourceProblems are what the last collection found wrong with the sources.
func sourceProblems(env Env) ([]collect.Problem, error) {
	if len(env.Settings.Sources) == 0 {
		return nil, nil
	}
	state, err := collect.LoadState(env.collectDir())
	if err != nil {
		return nil, err
	}
	return state.Problems(env.Settings.Sources), nil
}

// sourceFindings puts the problems of sources into findings.
func sourceFindings(problems []collect.Problem) []record.Finding {
	var out []record.Finding
	for _, p := range problems {
		if day, err := time.Parse(time.DateOnly, p.What); err == nil {
			p.What = fiscal.WarekiDate(day)
		}
		f := finding.New(p.Code, "", "", p.What, p.Source)
		f.Municipality, f.Department, f.Path = p.Municipality, p.Department, p.Path
		out = append(out, f)
	}
	return out
}

// read finds out what there is, and reads it unless the published file already holds it.
func (n *night) read(ctx context.Context, s *Step) (err error) {
	if n.tree, err = walk(n.Inputs); err != nil {
		return err
	}
	if n.problems, err = sourceProblems(n.Env); err != nil {
		return err
	}
	if done, err := n.known(ctx, s); done || err != nil {
		return err
	}
	if err := n.loses(); err != nil {
		return err
	}
	reader, err := newReader(n.Env, n.tree)
	if err != nil {
		return err
	}
	if err := n.create(ctx); err != nil {
		return err
	}
	reader.tell = func(done int) { n.count("read", "", done, len(n.tree.Files)) }
	err = n.build.InTransaction(ctx, func() error {
		return reader.each(ctx, func(_ string, batch warehouse.Batch) error { return n.build.Add(batch) })
	})
	if err != nil {
		return err
	}
	reader.before.prune()
	n.forms = reader.forms
	s.Counts["reused"], s.Counts["changed"] = reader.before.reused, n.run.Changed
	return n.asRead()
}

// known notes what the run rests on, and reports whether the published file, or that of the run which is taken up, already
// holds it.
func (n *night) known(ctx context.Context, s *Step) (done bool, err error) {
	print, err := fingerprint(n.Env, n.tree, n.problems)
	if err != nil {
		return false, err
	}
	if err := n.settle(ctx, print); err != nil {
		return false, err
	}
	n.run.Workbooks, n.run.Inputs, n.run.Fingerprint = len(n.tree.Files), hashes(n.tree), print
	s.Counts = map[string]int{"workbooks": len(n.tree.Files)}
	if n.built() {
		return true, kept(s)
	}
	n.run.Changed = len(n.tree.Files)
	if n.before != "" {
		last, ok, err := recordOf(n.Env, n.before)
		if err != nil {
			return false, err
		}
		if ok && last.Fingerprint == print && warehouse.Whole(ctx, n.WarehouseDir(), n.before, last.File) {
			n.same, n.run.Findings, n.run.Changed = true, last.Findings, 0
			return true, kept(s)
		}
		n.run.Changed = changed(last.Inputs, n.run.Inputs)
	}
	return false, nil
}

// create makes the run's warehouse file, with nothing in it yet.
func (n *night) create(ctx context.Context) (err error) {
	dir := n.WarehouseDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("%s を作れません。権限と空き容量を確かめてください: %w", dir, err)
	}
	if n.build, err = warehouse.Create(ctx, warehouse.Path(dir, n.run.ID), n.Settings.Memory); err != nil {
		return fmt.Errorf("新しいファイルを作れません。%s の権限と空き容量を確かめてください: %w", dir, err)
	}
	return nil
}

// asRead corrects what the run rests on to what was read: a file may have been replaced since it was listed, and be put back
// after. Without this, the next run would take the figures of the one for those of the other.
func (n *night) asRead() (err error) {
	n.run.Inputs = hashes(n.tree)
	n.run.Fingerprint, err = fingerprint(n.Env, n.tree, n.problems)
	return err
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

// load adds what belongs to no workbook: the settings' plans, the forms' symbols, the lists beside the templates, and what
// is wrong with the sources.
func (n *night) load(ctx context.Context, s *Step) error {
	if n.same || n.built() {
		return kept(s)
	}
	if n.forms == nil { // others have read
		var err error
		if n.forms, err = form.Load(n.Project, "templates/forms"); err != nil {
			return fmt.Errorf("reading forms: %w", err)
		}
	}
	beside, err := lists(n.Project)
	if err != nil {
		return err
	}
	for _, l := range beside {
		if err := n.build.AddList(ctx, l); err != nil {
			return err
		}
	}
	return n.add(ctx, warehouse.Batch{Plans: n.Settings.plans(), Symbols: symbols(n.forms), Findings: sourceFindings(n.problems)})
}

// add appends a batch in a transaction of its own.
func (n *night) add(ctx context.Context, batch warehouse.Batch) error {
	return n.build.InTransaction(ctx, func() error { return n.build.Add(batch) })
}

// model runs sql/.
func (n *night) model(ctx context.Context, s *Step) error {
	if n.same || n.built() {
		return kept(s)
	}
	list, err := model.Load(n.Project)
	if err != nil {
		return fmt.Errorf("reading models: %w", err)
	}
	s.Counts = map[string]int{"tables": len(list)}
	if err := model.Build(ctx, n.build, n.Project, list, n.partSize()); err != nil {
		return fmt.Errorf("building models: %w", err)
	}
	return nil
}

// check runs the data tests, counts the findings, and finishes the file: after it the file is whole.
func (n *night) check(ctx context.Context, s *Step) error {
	if n.same || n.built() {
		return kept(s)
	}
	failures, findings, err := model.Test(ctx, n.build, n.Project, n.partSize())
	if err != nil {
		return fmt.Errorf("testing models: %w", err)
	}
	revised, err := n.revisedTables(ctx)
	if err != nil {
		return err
	}
	if err := n.add(ctx, warehouse.Batch{Findings: append(findings, revised...)}); err != nil {
		return fmt.Errorf("adding findings: %w", err)
	}
	counted, err := n.build.CountFindings(ctx)
	if err != nil {
		return err
	}
	s.Counts = map[string]int{}
	for _, c := range counted {
		n.run.Findings[c.Severity] += c.Count
		s.Counts[c.Code] += c.Count
	}
	if err := n.judge(ctx, failures); err != nil {
		return err
	}
	if err := n.addRuns(ctx); err != nil {
		return err
	}
	build := n.build
	if err := build.Finish(ctx); err != nil {
		return fmt.Errorf("finishing the warehouse: %w", err)
	}
	n.build = nil
	if n.run.File, err = warehouse.PrintOf(warehouse.Path(n.WarehouseDir(), n.run.ID)); err != nil {
		return err
	}
	n.run.Built = true
	return nil
}

// judge refuses to publish a warehouse of which a test of severity error failed; other failures are told and stored.
func (n *night) judge(ctx context.Context, failures []model.Failure) error {
	n.run.Tests = failures
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
		n.Log.Warn("データの検査に掛かりました", "test", f.Test, "rows", f.Rows, "example", f.Examples[0])
	}
	if fatal != nil {
		return fatal
	}
	return n.build.InTransaction(ctx, func() error {
		return errors.Join(n.build.Append("meta.test_failures", counts), n.build.Append("meta.test_rows", rows))
	})
}

// addRuns copies the history of runs into the file, this one included.
func (n *night) addRuns(ctx context.Context) error {
	past, err := Runs(n.Env, math.MaxInt)
	if err != nil {
		return err
	}
	now := *n.run
	now.Status, now.Finished = StatusPublished, n.Clock().UTC()
	past = slices.DeleteFunc(past, func(r Run) bool { return r.ID == now.ID })
	var rows []warehouse.Run
	for _, r := range append(past, now) {
		found := 0
		for _, k := range r.Findings {
			found += k
		}
		rows = append(rows, warehouse.Run{
			ID: r.ID, Started: r.Started, Finished: r.Finished, Trigger: r.Trigger, Status: r.Status,
			Workbooks: r.Workbooks, Changed: r.Changed, Findings: found,
		})
	}
	return n.add(ctx, warehouse.Batch{Runs: rows})
}

// publish points readers to the run's file and puts the papers in place.
func (n *night) publish(ctx context.Context, s *Step) error {
	if ctx.Err() != nil {
		return fmt.Errorf("publishing: %w", ctx.Err())
	}
	if n.Orphan != nil && n.Orphan() {
		return errors.New("この実行を始めたプロセスがなくなったので、公表しませんでした。公表済みのファイルは変わりません")
	}
	if n.built() && !published(n.Env, n.run.ID) {
		if err := warehouse.Publish(n.WarehouseDir(), n.run.ID); err != nil {
			return fmt.Errorf("公表できません。%s の権限と空き容量を確かめてください: %w", n.WarehouseDir(), err)
		}
		if err := retain(n.Env, n.before); err != nil { // it is published, and only old files stay
			n.run.Notes = append(n.run.Notes, "古い公表ファイルを片付けられませんでした："+err.Error())
		}
	} else {
		s.Status = stepKept
	}
	written, err := n.writePapers(ctx)
	s.Counts = map[string]int{"papers": written}
	return err
}
