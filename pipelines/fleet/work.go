package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
)

// worker reads one municipality at a time.
type worker struct {
	river.WorkerDefaults[job]
	f *fleet
}

// work takes jobs until it is told to stop. A job that is under way then ends first.
func (f *fleet) work(ctx context.Context) error {
	pool, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{f: f})
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Logger: f.log, Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: f.jobs}},
		JobTimeout: f.longest,
		// A machine that died has told nobody: its job is taken for lost once no living one could still be at it.
		RescueStuckJobsAfter: f.longest + f.longest/10 + time.Second,
	})
	if err != nil {
		return fmt.Errorf("preparing the queue: %w", err)
	}
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("仕事を受けられません。先に start を行ってください: %w", err)
	}
	fmt.Fprintln(f.out, "仕事を待っています。Ctrl-C か SIGTERM で、今の仕事を終えてから止まります")
	<-ctx.Done()
	if err := client.Stop(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

// Work reads a municipality: fetch its workbooks, let the city's program write its share, store that, and say last that
// it is there. Every attempt writes to a place of its own, so that one that was taken for lost cannot mix with the
// next.
func (w *worker) Work(ctx context.Context, one *river.Job[job]) error {
	f, j := w.f, one.Args
	var all plan
	if err := f.store.get(ctx, planName(j.Run), &all); err != nil {
		return err
	}
	if len(all.Municipalities) != j.N || j.I < 1 || j.I > j.N || all.Municipalities[j.I-1] != j.Municipality {
		return river.JobCancel(fmt.Errorf("実行「%s」の一覧に、%s は %d/%d ではありません", j.Run, j.Municipality, j.I, j.N))
	}
	dir, err := os.MkdirTemp("", "kyogikai-fleet-")
	if err != nil {
		return fmt.Errorf("making a folder for the job: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what stays is in nobody's way
	inputs, shards := filepath.Join(dir, "inputs"), filepath.Join(dir, "shards")
	for _, city := range all.Municipalities { // the share is found among all municipalities; only its own has files
		if err := usable(city); err != nil {
			return river.JobCancel(err)
		}
		if err := os.MkdirAll(filepath.Join(inputs, city), 0o755); err != nil {
			return fmt.Errorf("making a folder for the job: %w", err)
		}
	}
	// before they are fetched: what changes meanwhile is read again
	sum, err := f.store.sum(ctx, "inputs/"+j.Municipality+"/")
	if err != nil {
		return err
	}
	if err := f.store.download(ctx, "inputs/"+j.Municipality+"/", filepath.Join(inputs, j.Municipality)); err != nil {
		return err
	}
	err = f.city(
		ctx, "load", "--shard", fmt.Sprintf("%d/%d", j.I, j.N), "--to", shards, "--inputs", inputs, "--outputs",
		filepath.Join(dir, "outputs"),
	)
	var ended *exitError
	if err != nil && (!errors.As(err, &ended) || ended.code != exitFindings) {
		return err
	}
	if err := holds(filepath.Join(shards, j.share()), j.Municipality); err != nil {
		return err
	}
	attempt := fmt.Sprintf("%d-%d", one.ID, one.Attempt)
	if err := f.store.upload(
		ctx, filepath.Join(shards, j.share()), "runs/"+j.Run+"/shards/"+j.share()+"/"+attempt+"/",
	); err != nil {
		return err
	}
	if err := f.store.put(ctx, j.doneName(), done{j.Municipality, attempt, sum}); err != nil {
		return err
	}
	fmt.Fprintf(f.out, "%s（%d/%d、%d回目）\n", j.Municipality, j.I, j.N, one.Attempt)
	return nil
}

// holds makes sure that a share is of a municipality and of no other.
func holds(dir, city string) error {
	data, err := os.ReadFile(filepath.Join(dir, "shard.json"))
	if err != nil {
		return fmt.Errorf("reading what the share holds: %w", err)
	}
	var m struct {
		Municipalities []string `json:"municipalities"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("reading what the share holds: %w", err)
	}
	if !slices.Equal(m.Municipalities, []string{city}) {
		return fmt.Errorf("%s の分担が、%s のものになっています", city, strings.Join(m.Municipalities, "、"))
	}
	return nil
}

// merge waits until every municipality is there, fetches what they hold and lets the city's program publish it. It
// publishes nothing where one is missing: the program checks that again, of the files themselves.
func (f *fleet) merge(ctx context.Context, run string) error {
	var p progress
	var all plan
	for {
		var err error
		if p, all, err = f.look(ctx, run); err != nil {
			return err
		}
		if len(p.failed) > 0 {
			return fmt.Errorf(
				"%d自治体を読めませんでした。更新しません。直してから、もう一度 start %s を行ってください\n  %s", len(p.failed), run, strings.Join(p.failed, "\n  "),
			)
		}
		if len(p.done) == p.of && p.waiting == 0 {
			break
		}
		if p.waiting == 0 {
			return fmt.Errorf("%d自治体のうち%dしか済んでおらず、残りの仕事もありません。もう一度 start %s を行ってください", p.of, len(p.done), run)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(f.settle):
		}
	}
	dir, err := os.MkdirTemp("", "kyogikai-fleet-")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what stays is in nobody's way
	for i, city := range all.Municipalities {
		share := job{run, city, i + 1, len(all.Municipalities)}.share()
		d, ok := p.done[share]
		if !ok || d.Municipality != city {
			return fmt.Errorf("分担 %s（%s）がありません。更新しません", share, city)
		}
		now, err := f.store.sum(ctx, "inputs/"+city+"/")
		if err != nil {
			return err
		}
		if now != d.Inputs {
			return fmt.Errorf("%s の調査票が、読んだ後に変わりました。更新しません。もう一度 start %s を行ってください", city, run)
		}
		if err := f.store.download(
			ctx, "runs/"+run+"/shards/"+share+"/"+d.Attempt+"/", filepath.Join(dir, share),
		); err != nil {
			return err
		}
		if err := holds(filepath.Join(dir, share), city); err != nil {
			return err
		}
	}
	return f.city(ctx, "load", "--merge", dir, "--inputs", filepath.Join(dir, "inputs（この機械にはない）"), "--outputs", f.outputs)
}

// city runs the city's program. What it says goes on; how it ends is the error.
func (f *fleet) city(ctx context.Context, args ...string) error {
	c := exec.CommandContext(ctx, f.program, append([]string{"--config", f.config}, args...)...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = 10 * time.Second
	// a Ctrl-C is for this program: the job ends first
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	// The child ends with this program. The kernel means the thread that began it, which must therefore live as long.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if slices.Contains(args, "--merge") {
		c.Stdout = f.out
	}
	err := c.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var ended *exec.ExitError
	findings := errors.As(err, &ended) && ended.ExitCode() == exitFindings
	if (err == nil || findings) && slices.Contains(args, "--merge") {
		_, _ = f.err.Write(said.Bytes()) // what it has noted though it went well
	}
	switch {
	case err == nil:
		return nil
	case findings:
		return &exitError{exitFindings}
	case errors.As(err, &ended):
		return fmt.Errorf("%s", strings.TrimSpace(said.String()))
	}
	return fmt.Errorf("%s を動かせません: %w", f.program, err)
}

// jobOf reads what a row of the queue asks for.
func jobOf(row *rivertype.JobRow) job {
	var j job
	_ = json.Unmarshal(row.EncodedArgs, &j) // the queue holds what start put there
	return j
}
