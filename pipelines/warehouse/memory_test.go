package warehouse

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// greedy needs more memory than a build begins with, and cannot put it into files.
const greedy = "CREATE TABLE marts.greedy AS SELECT list(i * 2) AS l FROM range(25_000_000) AS t(i)"

// A statement that needs more memory gets it, unless the settings say how much there is: then it fails, with what to
// do.
func TestMemoryGrowsWhereItIsNotFixed(t *testing.T) {
	ctx := context.Background()
	for memory, want := range map[string]string{"": "", "128MB": "kyogikai.yaml の memory を増やすか"} {
		b, err := Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"), memory)
		if err != nil {
			t.Fatal(err)
		}
		err = b.Exec(ctx, greedy)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("memory %q: %v", memory, err)
		}
		if want == "" && b.step == 0 {
			t.Error("it was content with what there was: the test asks for too little")
		}
		b.Abandon()
	}
	if _, err := Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"), "たくさん"); err == nil {
		t.Error("a limit that is no amount was taken")
	}
	if _, err := Create(
		ctx, filepath.Join(t.TempDir(), "q?x.duckdb"), "",
	); err == nil || !strings.Contains(err.Error(), "「?」は使えません") {
		t.Errorf("a path that DuckDB would cut: %v", err)
	}
}
