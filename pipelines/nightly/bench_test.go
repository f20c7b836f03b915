package nightly

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"kyogikai/pipelines/model"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/warehouse"
)

func benchEnv(b *testing.B) project.Env {
	b.Helper()
	env := projecttest.Env(b, projecttest.SampleInputs())
	env.Version, env.Clock = "bench", time.Now
	return env
}

// benchReader is ready to read the sample cities.
func benchReader(b *testing.B, env project.Env) *reading.Reader {
	b.Helper()
	tree, err := reading.Walk(context.Background(), env)
	if err != nil {
		b.Fatal(err)
	}
	r, err := reading.New(env, tree)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// BenchmarkLoad loads what was read of the sample cities into a new file.
func BenchmarkLoad(b *testing.B) {
	env := benchEnv(b)
	ctx := context.Background()
	var batches []warehouse.Batch
	err := benchReader(b, env).Each(ctx, func(_ string, batch warehouse.Batch) error {
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
	for b.Loop() {
		b.StopTimer()
		build, err := warehouse.Create(ctx, filepath.Join(b.TempDir(), "a.duckdb"), "")
		if err == nil {
			err = benchReader(b, env).Each(ctx, func(_ string, batch warehouse.Batch) error { return build.Add(batch) })
		}
		if err == nil {
			var beside warehouse.Batch
			if beside, _, err = reading.Beside(env, nil, nil); err == nil {
				err = build.Add(beside)
			}
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
