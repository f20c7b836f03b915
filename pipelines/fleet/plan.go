package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"golang.org/x/text/unicode/norm"
)

// plan is what a run reads: every municipality is a share of its own.
type plan struct {
	Municipalities []string `json:"municipalities"` // in their order
}

func planName(run string) string { return "runs/" + run + "/plan.json" }

// job is one municipality of a run. All of it together is unique in the queue.
type job struct {
	Run          string `json:"run"`
	Municipality string `json:"municipality"`
	I            int    `json:"shard"` // from 1
	N            int    `json:"of"`
}

// Kind names the job in the queue.
func (job) Kind() string { return "municipality" }

const attempts = 5

// open are the states of a job that is under way or will be. One that has ended may be asked for again: what counts is
// what is in the store.
var open = []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled}

// InsertOpts makes a municipality of a run one job, however often it is asked for.
func (job) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: attempts, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: open}}
}

func (j job) share() string { return fmt.Sprintf("%04d-of-%04d", j.I, j.N) }

func (j job) doneName() string { return "runs/" + j.Run + "/done/" + j.share() + ".json" }

// done says which attempt at a share counts, and what it has read.
type done struct {
	Municipality string `json:"municipality"`
	Attempt      string `json:"attempt"`
	Inputs       string `json:"inputs"` // sum of the names and tags of the workbooks in the store
}

func (f *fleet) connect(ctx context.Context) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, f.database)
	if err == nil {
		err = pool.Ping(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("データベースにつながりません（KYOGIKAI_FLEET_DATABASE）: %w", err)
	}
	return pool, nil
}

// start puts a job a municipality into the queue. Started again, it adds what is missing: what has failed for good.
func (f *fleet) start(ctx context.Context, run string) error {
	cities, err := f.store.folders(ctx, "inputs/")
	if err != nil {
		return err
	}
	slices.Sort(cities)
	if len(cities) == 0 {
		return errors.New("保管庫の inputs/ に自治体のフォルダがありません")
	}
	for _, city := range cities {
		if err := usable(city); err != nil {
			return err
		}
	}
	var before plan
	switch err := f.store.get(ctx, planName(run), &before); {
	case errors.Is(err, errAbsent):
		if err := f.store.put(ctx, planName(run), plan{cities}); err != nil {
			return err
		}
	case err != nil:
		return err
	case !slices.Equal(before.Municipalities, cities):
		return fmt.Errorf("実行「%s」は、ほかの自治体の一覧（%d）で始まっています（今は%d）。別の実行名で始めてください", run, len(before.Municipalities), len(cities))
	}
	pool, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	driver := riverpgxv5.New(pool)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: f.log})
	if err != nil {
		return fmt.Errorf("preparing the queue: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("データベースに仕事の表を作れません: %w", err)
	}
	client, err := river.NewClient(driver, &river.Config{Logger: f.log})
	if err != nil {
		return fmt.Errorf("preparing the queue: %w", err)
	}
	ready, err := f.ready(ctx, run)
	if err != nil {
		return err
	}
	var jobs []river.InsertManyParams
	for i, city := range cities {
		j := job{run, city, i + 1, len(cities)}
		now, err := f.store.sum(ctx, "inputs/"+city+"/")
		if err != nil {
			return err
		}
		if d, ok := ready[j.share()]; !ok || d.Inputs != now { // not read yet, or not as it is now
			jobs = append(jobs, river.InsertManyParams{Args: j})
		}
	}
	if len(jobs) == 0 {
		fmt.Fprintf(f.out, "実行「%s」: 自治体%d、すべて済んでいます\n", run, len(cities))
		return nil
	}
	added, err := client.InsertMany(ctx, jobs)
	if err != nil {
		return fmt.Errorf("仕事を並べられません: %w", err)
	}
	n := 0
	for _, a := range added {
		if !a.UniqueSkippedAsDuplicate {
			n++
		}
	}
	fmt.Fprintf(f.out, "実行「%s」: 自治体%d、新しく並べた仕事%d\n", run, len(cities), n)
	return nil
}

// usable refuses the name of a municipality that the city's program would know by another name, or not at all: it and
// this program must see the same municipalities in the same order.
func usable(city string) error {
	switch {
	case norm.NFC.String(city) != city:
		return fmt.Errorf("保管庫のフォルダ「%s」は、濁点などが別の字として書かれています（Macで作った名前）。名前を付け直してください", city)
	case strings.HasPrefix(city, ".") || strings.HasPrefix(city, "~$") || !filepath.IsLocal(city) ||
		strings.ContainsRune(city, '\\'):
		return fmt.Errorf("保管庫のフォルダ「%s」は、自治体の名前として使えません。名前を付け直してください", city)
	}
	return nil
}

// progress is how far a run is.
type progress struct {
	of      int
	done    map[string]done // share → which attempt counts
	failed  []string        // municipalities given up, with why
	waiting int             // jobs that are under way or will be
}

// ready are the shares that are in the store.
func (f *fleet) ready(ctx context.Context, run string) (map[string]done, error) {
	out := map[string]done{}
	err := f.store.list(ctx, "runs/"+run+"/done/", func(name string) error {
		var d done
		if err := f.store.get(ctx, name, &d); err != nil {
			return err
		}
		out[strings.TrimSuffix(path.Base(name), ".json")] = d
		return nil
	})
	return out, err
}

func (f *fleet) look(ctx context.Context, run string) (p progress, all plan, err error) {
	if err := f.store.get(ctx, planName(run), &all); err != nil {
		if errors.Is(err, errAbsent) {
			err = fmt.Errorf("実行「%s」は始まっていません。先に start を行ってください", run)
		}
		return p, all, err
	}
	p.of = len(all.Municipalities)
	if p.done, err = f.ready(ctx, run); err != nil {
		return p, all, err
	}
	pool, err := f.connect(ctx)
	if err != nil {
		return p, all, err
	}
	defer pool.Close()
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: f.log})
	if err != nil {
		return p, all, fmt.Errorf("asking the queue: %w", err)
	}
	params := river.NewJobListParams().Kinds(job{}.Kind()).First(10_000).Where(
		"args->>'run' = @run", river.NamedArgs{"run": run},
	)
	found, err := client.JobList(ctx, params.States(open...))
	if err != nil {
		return p, all, fmt.Errorf("asking the queue: %w", err)
	}
	p.waiting = len(found.Jobs)
	settled := map[string]bool{} // shares that are there or will be
	for share := range p.done {
		settled[share] = true
	}
	for _, row := range found.Jobs {
		settled[jobOf(row).share()] = true
	}
	ended := params.States(
		rivertype.JobStateDiscarded, rivertype.JobStateCancelled,
	).OrderBy(river.JobListOrderByID, river.SortOrderDesc)
	if found, err = client.JobList(ctx, ended); err != nil {
		return p, all, fmt.Errorf("asking the queue: %w", err)
	}
	for _, row := range found.Jobs { // the newest of each
		j, why := jobOf(row), "取りやめられました"
		if settled[j.share()] {
			continue
		}
		settled[j.share()] = true
		if n := len(row.Errors); n > 0 {
			why = row.Errors[n-1].Error
		}
		p.failed = append(p.failed, j.Municipality+"："+why)
	}
	slices.Sort(p.failed)
	return p, all, nil
}

// status says how far a run is.
func (f *fleet) status(ctx context.Context, run string) error {
	p, _, err := f.look(ctx, run)
	if err != nil {
		return err
	}
	fmt.Fprintf(f.out, "実行「%s」: 自治体%d、済み%d、残り%d、できなかったもの%d\n", run, p.of, len(p.done), p.waiting, len(p.failed))
	for _, what := range p.failed {
		fmt.Fprintln(f.out, "  "+what)
	}
	if len(p.failed) > 0 {
		fmt.Fprintf(f.out, "直してから、もう一度 start %s を行うと、できなかったものだけを並べ直します\n", run)
		return &exitError{exitFindings}
	}
	return nil
}
