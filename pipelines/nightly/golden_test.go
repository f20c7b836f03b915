package nightly

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The papers of 令和7年10月21日 as trees, a folder each: tree.json and what it says, line by line (text.txt). Refresh with
// -update, and read the difference.
func TestGoldenPapers(t *testing.T) {
	t.Parallel()
	seen := 0
	for name, p := range allPapers(t) {
		if !strings.HasPrefix(name, "2025-10-21 ") {
			continue
		}
		seen++
		var tree bytes.Buffer
		e := json.NewEncoder(&tree)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		if err := e.Encode(p.Document); err != nil {
			t.Fatal(err)
		}
		words, charts := wordsOf(p.Document)
		for _, c := range charts {
			for _, s := range c.Series {
				words = append(words, c.Caption+" "+s.Name+" "+strings.Join(s.Texts, " "))
			}
		}
		dir := filepath.Join("testdata", "papers", strings.ReplaceAll(name, " ", "_"))
		for file, got := range map[string]string{"tree.json": tree.String(), "text.txt": strings.Join(words, "\n") + "\n"} {
			path := filepath.Join(dir, file)
			if *update {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if want, err := os.ReadFile(path); err != nil || string(want) != got {
				t.Errorf(
					"%s differs: go test ./pipelines/nightly -run GoldenPapers -update, and read the difference (%v)", path, err,
				)
			}
		}
	}
	if seen < 5 {
		t.Errorf("only %d papers", seen)
	}
}
