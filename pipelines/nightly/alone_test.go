package nightly

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every model can be run alone on the published file, as an analyst would, and gives the rows of its table.
func TestModelsRunAloneOnThePublishedFile(t *testing.T) {
	t.Parallel()
	env := sample(t)
	files, err := filepath.Glob(filepath.Join(root, "sql", "*", "*.sql"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, file := range files {
		layer := filepath.Base(filepath.Dir(file))
		if layer != "staging" && layer != "marts" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := layer + "." + strings.TrimSuffix(filepath.Base(file), ".sql")
		statement := strings.TrimRight(strings.TrimSpace(string(data)), ";")
		for _, difference := range query(t, env,
			"SELECT count(*) FROM ((FROM ("+statement+") EXCEPT ALL FROM "+name+") UNION ALL (FROM "+name+
				" EXCEPT ALL FROM ("+statement+")))") {
			if difference[0] != "0" {
				t.Errorf("%s: %s rows differ from its table", file, difference[0])
			}
		}
		n++
	}
	if n < 15 {
		t.Fatalf("only %d models", n)
	}
}
