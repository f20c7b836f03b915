package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// cost is what a process took from its start to its end.
type cost struct {
	wall, cpu time.Duration // cpu of all cores
	peak      int64         // bytes
	out       string
}

// run runs a command and measures it. Exit 3 (done with findings) is success.
func run(ctx context.Context, name string, args ...string) (cost, error) {
	c := exec.CommandContext(ctx, name, args...)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	began := time.Now()
	err := c.Run()
	took := cost{wall: time.Since(began), out: out.String()}
	if c.ProcessState == nil {
		return took, fmt.Errorf("%s: %w", name, err)
	}
	took.cpu = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		took.peak = u.Maxrss * 1024
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) && ended.ExitCode() == 3 {
		err = nil
	}
	if err != nil {
		return took, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, said.String())
	}
	return took, nil
}

// median is the middle of each figure by itself.
func median(costs []cost) cost {
	middle := func(of func(c cost) int64) int64 {
		var all []int64
		for _, c := range costs {
			all = append(all, of(c))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return cost{
		wall: time.Duration(middle(func(c cost) int64 { return int64(c.wall) })),
		cpu:  time.Duration(middle(func(c cost) int64 { return int64(c.cpu) })),
		peak: middle(func(c cost) int64 { return c.peak }),
	}
}

// stage is a step of a run, as its record says.
type stage struct {
	Name     string    `json:"name"`
	Started  time.Time `json:"started_at"`
	Finished time.Time `json:"finished_at"`
	CPU      float64   `json:"cpu_seconds"`
	Peak     int64     `json:"peak_bytes"`
}

func (s stage) wall() float64 { return s.Finished.Sub(s.Started).Seconds() }

// stages are those of the newest run of an outputs folder.
func stages(outputs string) ([]stage, error) {
	records, err := filepath.Glob(filepath.Join(outputs, "runs", "2*.json"))
	if err != nil || len(records) == 0 {
		return nil, fmt.Errorf("%s has no record of a run", outputs)
	}
	data, err := os.ReadFile(slices.Max(records))
	if err != nil {
		return nil, fmt.Errorf("reading the record of a run: %w", err)
	}
	var r struct {
		Steps []stage `json:"steps"`
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("reading the record of a run: %w", err)
	}
	return r.Steps, nil
}

// cpuOf adds up the CPU seconds of the stages of these names.
func cpuOf(all []stage, names ...string) float64 {
	sum := 0.0
	for _, s := range all {
		if slices.Contains(names, s.Name) {
			sum += s.CPU
		}
	}
	return sum
}

func middle[T cmp.Ordered](all []T) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

func megabytes(n int64) string { return fmt.Sprintf("%d", n>>20) }
