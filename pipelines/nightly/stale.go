package nightly

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// Stale reports whether something that the published warehouse rests on has changed since, or nothing is published.
func Stale(ctx context.Context, env project.Env) (bool, error) {
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
	tree, err := reading.Walk(ctx, env)
	if err != nil {
		return false, err
	}
	problems, err := reading.SourceProblems(env)
	if err != nil {
		return false, err
	}
	fingerprint, err := reading.Fingerprint(env, tree, problems)
	if err != nil {
		return false, err
	}
	last, ok, err := runs.Find(env.Outputs, current)
	return !ok || last.Fingerprint != fingerprint ||
		!runs.Whole(ctx, env.Outputs, current, runs.ByState), err
}

// mergedElsewhere reports whether a run was put together from shares, and its workbooks are not here.
func mergedElsewhere(env project.Env, run string) bool {
	r, ok, err := runs.Find(env.Outputs, run)
	_, missing := os.Stat(env.Inputs)
	return err == nil && ok && r.Kind == runs.KindMerge && missing != nil
}

// stillHolds refuses a run that was put together from shares where the rules have changed since, or its file is
// damaged: it cannot be made anew here.
func stillHolds(ctx context.Context, env project.Env, run string) error {
	r, _, err := runs.Find(env.Outputs, run)
	if err != nil {
		return err
	}
	rules, err := reading.Rules(env)
	if err != nil {
		return err
	}
	if r.Rules != rules {
		return fmt.Errorf("いまのデータ（%s）をまとめた後に、様式・SQL・設定・プログラムのいずれかが変わりました。ここには調査票がないので、"+
			"分担（kyogikai load --shard）からやり直して、--merge してください", run)
	}
	if !runs.Whole(ctx, env.Outputs, run, runs.ByState) {
		return fmt.Errorf("いまのデータ（%s）のファイルが壊れています。分担の結果を、もう一度 --merge してください", run)
	}
	return nil
}

// loses refuses to replace what other machines have read by less: municipalities that are not in these inputs.
func (n *night) loses() error {
	if n.before == "" {
		return nil
	}
	last, ok, err := runs.Find(n.Outputs, n.before)
	if err != nil || !ok || last.Kind != runs.KindMerge {
		return err
	}
	here := map[string]bool{}
	for _, f := range n.tree.Files {
		here[f.Municipality] = true
	}
	for _, p := range slices.Sorted(maps.Keys(last.Inputs)) {
		if parts := strings.Split(p, "/"); len(parts) > 1 && !here[parts[1]] {
			return fmt.Errorf("いまのデータ（%s）は、ほかの機械で読んだ自治体（%s など）を含みますが、%s にはありません。ここで読み直すと、その数値が消えます。"+
				"--merge でまとめるか、--outputs で別の場所を指定してください。いまのデータは変わりません", n.before, parts[1], n.Inputs)
		}
	}
	return nil
}

// Decisions are what persons have decided about files and cells (判断.csv of every municipality).
//
// Where the workbooks are on other machines, so are the decisions: there are none here.
func Decisions(ctx context.Context, env project.Env) ([]record.Decision, error) {
	if _, current, err := warehouse.Current(env.WarehouseDir()); err == nil && mergedElsewhere(env, current) {
		return nil, nil
	}
	if _, err := reading.Walk(ctx, env); err != nil {
		return nil, err
	}
	masters, err := reading.Masters(ctx, env)
	return masters.Decisions, err
}
