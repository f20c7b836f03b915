package nightly

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// read finds out what there is, and reads it unless the published file already holds it.
func (n *night) read(ctx context.Context, s *runs.Step) (err error) {
	if n.tree, err = reading.Walk(ctx, n.Env); err != nil {
		return err
	}
	if n.problems, err = reading.SourceProblems(n.Env); err != nil {
		return err
	}
	if done, err := n.known(ctx, s); done || err != nil {
		return err
	}
	if err := n.loses(); err != nil {
		return err
	}
	if n.reader, err = reading.New(n.Env, n.tree); err != nil {
		return err
	}
	if err := n.create(ctx); err != nil {
		return err
	}
	n.reader.Progress = func(done int) { n.count("read", "", done, len(n.tree.Files)) }
	err = n.build.InTransaction(ctx, func() error {
		return n.reader.Each(ctx, func(_ string, batch warehouse.Batch) error { return n.build.Add(batch) })
	})
	if err != nil {
		return err
	}
	n.reader.Prune()
	n.run.Undone = n.reader.Undone()
	s.Counts["reused"], s.Counts["changed"] = n.reader.Reused(), n.run.Changed
	return n.asRead()
}

// known notes what the run rests on, and reports whether the published file, or that of the run which is resumed,
// already holds it.
func (n *night) known(ctx context.Context, s *runs.Step) (done bool, err error) {
	fingerprint, err := reading.Fingerprint(n.Env, n.tree, n.problems)
	if err != nil {
		return false, err
	}
	if err := n.settle(ctx, fingerprint); err != nil {
		return false, err
	}
	for _, says := range n.Settings.Strangers(n.tree.Municipalities()) {
		if !slices.Contains(n.run.Notes, says) {
			n.run.Notes = append(n.run.Notes, says)
		}
	}
	n.run.Workbooks, n.run.Inputs, n.run.Fingerprint = len(n.tree.Files), reading.Hashes(n.tree), fingerprint
	n.run.Masters = reading.MasterHashes(n.tree)
	s.Counts = map[string]int{"workbooks": len(n.tree.Files)}
	if n.built() {
		return true, kept(s)
	}
	n.run.Changed = len(n.tree.Files)
	if n.before != "" {
		last, ok, err := runs.Find(n.Outputs, n.before)
		if err != nil {
			return false, err
		}
		holds := ok && last.Fingerprint == fingerprint && last.Undone == 0 // else what could not be read is tried again
		if holds && runs.Whole(ctx, n.Outputs, n.before, runs.ByContents) {
			n.same, n.run.Findings, n.run.Unlooked, n.run.Changed = true, last.Findings, last.Unlooked, 0
			n.run.Lost = last.Lost
			return true, kept(s)
		}
		n.run.Changed = changed(last.Inputs, n.run.Inputs)
	}
	return false, nil
}

// create makes the run's warehouse file, with nothing in it yet.
func (n *night) create(ctx context.Context) (err error) {
	dir := n.WarehouseDir()
	if err := atomicfile.MkdirAll(dir); err != nil {
		return fmt.Errorf("%s を作れません。権限と空き容量を確かめてください: %w", dir, err)
	}
	if n.build, err = warehouse.Create(ctx, warehouse.Path(dir, n.run.ID), n.Settings.Memory); err != nil {
		return fmt.Errorf("新しいファイルを作れません。%s の権限と空き容量を確かめてください: %w", dir, err)
	}
	return nil
}

// asRead corrects what the run rests on to what was read: a file may have been replaced since it was listed, and be put
// back after. Without this, the next run would take the figures of the one for those of the other.
func (n *night) asRead() (err error) {
	n.run.Inputs = reading.Hashes(n.tree)
	n.run.Fingerprint, err = reading.Fingerprint(n.Env, n.tree, n.problems)
	return err
}

// changed counts files that are new, gone or different.
func changed(before, now map[string]string) int {
	n := 0
	for p, sum := range now {
		if was, there := before[p]; !there || was != sum {
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

// load adds what belongs to no workbook: the settings' plans, the forms' symbols, the lists beside the templates, and
// what is wrong with the sources.
func (n *night) load(ctx context.Context, s *runs.Step) error {
	if n.same || n.built() {
		return kept(s)
	}
	problems, err := n.untold(ctx)
	if err != nil {
		return err
	}
	batch, lists, err := reading.Beside(n.Env, n.reader, problems)
	if err != nil {
		return err
	}
	for _, l := range lists {
		if err := n.build.AddList(ctx, l); err != nil {
			return err
		}
	}
	return n.add(ctx, batch)
}

// untold are the problems of the sources but those that the workbooks tell better: of a file that is gone at its source
// a newer version counts.
func (n *night) untold(ctx context.Context) ([]collect.Problem, error) {
	r, err := n.build.Query(ctx, "SELECT path FROM meta.findings WHERE code = '"+finding.SourceRemoved+"'")
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	told := map[string]bool{}
	for _, row := range r.Rows {
		told[warehouse.Text(row[0])] = true
	}
	return slices.DeleteFunc(slices.Clone(n.problems), func(p collect.Problem) bool {
		return p.Code == finding.SourceRemoved && told[p.Path]
	}), nil
}

// add appends a batch in a transaction of its own.
func (n *night) add(ctx context.Context, batch warehouse.Batch) error {
	return n.build.InTransaction(ctx, func() error { return n.build.Add(batch) })
}

// model runs sql/.
func (n *night) model(ctx context.Context, s *runs.Step) error {
	if n.same || n.built() {
		return kept(s)
	}
	list, err := model.Load(n.Project)
	if err != nil {
		return fmt.Errorf("reading models: %w", err)
	}
	s.Counts = map[string]int{"tables": len(list)}
	if err := model.Build(ctx, n.build, n.Project, list, n.PartSize()); err != nil {
		return fmt.Errorf("building models: %w", err)
	}
	return nil
}

// check runs the data tests, counts the findings, and finishes the file: after it the file is whole.
func (n *night) check(ctx context.Context, s *runs.Step) error {
	if n.same || n.built() {
		return kept(s)
	}
	failures, err := model.Settle(ctx, n.build, n.Project, n.PartSize())
	if err != nil {
		return fmt.Errorf("testing models: %w", err)
	}
	revised, err := lineage.Revised(ctx, n.build)
	if err != nil {
		return err
	}
	if err := n.add(ctx, warehouse.Batch{Findings: revised}); err != nil {
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
	if err := n.reread(ctx, s); err != nil {
		return err
	}
	if n.run.Lost, err = n.missing(ctx); err != nil {
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
	if n.run.File, err = warehouse.FingerprintOf(warehouse.Path(n.WarehouseDir(), n.run.ID)); err != nil {
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
			fatal = errors.Join(fatal, fmt.Errorf("データの検査 sql/tests/%s.sql に%d行が掛かりました（例：%s）。いまのデータは変わりません",
				f.Test, f.Rows, f.Examples[0]))
			continue
		}
		n.Log.Info("データの検査に掛かりました", "test", f.Test, "rows", f.Rows, "example", f.Examples[0])
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
	past, err := runs.List(n.Outputs, math.MaxInt)
	if err != nil {
		return err
	}
	now := *n.run
	now.Status, now.Finished = runs.StatusPublished, n.Clock().UTC()
	past = slices.DeleteFunc(past, func(r runs.Run) bool { return r.ID == now.ID })
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
