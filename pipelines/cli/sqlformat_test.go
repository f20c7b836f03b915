package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every form of a result is written, each under its own ending, and nothing is written in a form that nobody asked for.
func TestEveryFormOfAResult(t *testing.T) {
	ends, dir := map[string]string{}, t.TempDir()
	for _, f := range sqlFormats {
		if (f.write == nil) == (f.toPath == nil) || len(f.ends) == 0 {
			t.Errorf("%s: one way to write it, and an ending", f.name)
		}
		for _, e := range f.ends {
			if other, twice := ends[e]; twice {
				t.Errorf(".%s asks for %s and %s", e, other, f.name)
			}
			ends[e] = f.name
			path := filepath.Join(dir, "a."+e)
			_, stderr, code := run(context.Background(), "sql", "FROM marts.yearly", "-o", path, "--outputs", outputs)
			info, err := os.Stat(path)
			if code != exitDone || err != nil || info.Size() < 50 || !strings.Contains(stderr, "行を書きました") {
				t.Errorf("%s: exit %d, %v\n%s", path, code, err, stderr)
			}
		}
		_, stderr, code := run(context.Background(), "sql", "FROM marts.yearly", "--format", f.name, "--outputs", outputs)
		if want := map[bool]int{false: exitDone, true: exitUsage}[f.file]; code != want {
			t.Errorf("%s on the screen: exit %d, want %d\n%s", f.name, code, want, stderr)
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "a.parquet"))
	if err != nil || !strings.HasPrefix(string(data), "PAR1") {
		t.Errorf("a.parquet: %.4q, %v", data, err)
	}
	if _, _, code := run(
		context.Background(), "sql", "SELECT 1", "-o", filepath.Join(dir, "a.doc"), "--outputs", outputs,
	); code != exitUsage {
		t.Errorf("an unknown ending: exit %d", code)
	}
	if _, err := os.Stat(filepath.Join(dir, "a.doc")); err == nil {
		t.Error("a.doc is there")
	}
}
