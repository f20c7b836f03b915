package reading

import (
	"context"
	"os"
	"testing"
	"time"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
)

func benchEnv(b *testing.B) project.Env {
	b.Helper()
	env := projecttest.Env(b, projecttest.SampleInputs())
	env.Version, env.Clock = "bench", time.Now
	return env
}

// benchReader is ready to read the sample cities.
func benchReader(b *testing.B, env project.Env) *Reader {
	b.Helper()
	tree, err := Walk(context.Background(), env)
	if err != nil {
		b.Fatal(err)
	}
	r, err := New(env, tree)
	if err != nil {
		b.Fatal(err)
	}
	return r
}

// readFiles reads every workbook, on one core.
func readFiles(b *testing.B, r *Reader) {
	b.Helper()
	for i := range r.tree.Files {
		if _, err := r.file(context.Background(), i); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReadFiles reads the workbooks of the sample cities into records, from scratch and where all but one were
// read before.
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
