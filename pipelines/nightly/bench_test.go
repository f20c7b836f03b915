package nightly

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

func benchEnv(b *testing.B) Env {
	b.Helper()
	project := os.DirFS(root)
	settings, err := LoadSettings(project)
	if err != nil {
		b.Fatal(err)
	}
	return Env{
		Project: project, Inputs: filepath.Join(root, "inputs"), Outputs: b.TempDir(), Version: "bench", Settings: settings, Clock: time.Now,
		Getenv: func(string) string { return "" },
	}
}

// benchReader is ready to read the sample cities.
func benchReader(b *testing.B, env Env) *reader {
	b.Helper()
	tree, err := collect.Walk(env.Inputs, workbook.Supported, nil)
	if err != nil {
		b.Fatal(err)
	}
	r, err := newReader(env, tree)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// readFiles reads every workbook, on one core.
func readFiles(b *testing.B, r *reader) {
	b.Helper()
	for i := range r.tree.Files {
		if _, err := r.file(context.Background(), i); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadFiles reads the workbooks of the sample cities into records, from scratch and where all but one were read before.
func BenchmarkReadFiles(b *testing.B) {
	env := benchEnv(b)
	b.Run("scratch", func(b *testing.B) {
		for b.Loop() {
			env.Outputs = b.TempDir()
			readFiles(b, benchReader(b, env))
		}
	})
	b.Run("one-changed", func(b *testing.B) {
		env.Outputs = b.TempDir()
		r := benchReader(b, env)
		readFiles(b, r)
		for b.Loop() {
			_ = os.Remove(r.before.path(r.before.key(r.tree.Files[len(r.tree.Files)/2])))
			readFiles(b, r)
		}
	})
}

// BenchmarkLoad loads what was read of the sample cities into a new file.
func BenchmarkLoad(b *testing.B) {
	env := benchEnv(b)
	readFiles(b, benchReader(b, env))
	ctx := context.Background()
	var batches []warehouse.Batch
	err := benchReader(b, env).each(ctx, func(_ string, batch warehouse.Batch) error {
		batches = append(batches, batch)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		build, err := warehouse.Create(ctx, filepath.Join(b.TempDir(), "a.duckdb"), "")
		if err != nil {
			b.Fatal(err)
		}
		err = build.InTransaction(ctx, func() error {
			for _, batch := range batches {
				if err := build.Add(batch); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		build.Abandon()
	}
}

// BenchmarkRun is whole runs over the sample cities: from scratch, and where nothing has changed.
func BenchmarkRun(b *testing.B) {
	env := benchEnv(b)
	env.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	b.Run("scratch", func(b *testing.B) {
		for b.Loop() {
			env.Outputs = b.TempDir()
			if _, err := Load(context.Background(), env, "bench"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		env.Outputs = b.TempDir()
		if _, err := Load(context.Background(), env, "bench"); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := Load(context.Background(), env, "bench"); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkModels computes every table of sql/ from what was read of the sample cities.
func BenchmarkModels(b *testing.B) {
	env := benchEnv(b)
	ctx := context.Background()
	list, err := model.Load(env.Project)
	if err != nil {
		b.Fatal(err)
	}
	r := benchReader(b, env)
	readFiles(b, r)
	for b.Loop() {
		b.StopTimer()
		build, err := warehouse.Create(ctx, filepath.Join(b.TempDir(), "a.duckdb"), "")
		if err == nil {
			err = benchReader(b, env).each(ctx, func(_ string, batch warehouse.Batch) error { return build.Add(batch) })
		}
		if err == nil {
			err = build.Add(warehouse.Batch{Plans: env.Settings.plans(), Symbols: symbols(r.forms)})
		}
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := model.Build(ctx, build, env.Project, list, model.PartSize); err != nil {
			b.Fatal(err)
		}
		build.Abandon()
	}
}
