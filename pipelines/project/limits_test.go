package project

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// The key limits overrides the table by name; what it cannot mean is refused with its line.
func TestLimitsOfTheSettings(t *testing.T) {
	t.Parallel()
	load := func(yaml string) (Settings, error) {
		return LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(yaml)}})
	}
	s, err := load("keep_runs: 3\nlimits:\n  file: 50MB\n  cells: 1000\n  reading_time: 20秒\n")
	if err != nil || s.Limits.File != 50<<20 || s.Limits.Cells != 1000 || s.Limits.ReadingTime != 20*time.Second ||
		s.Limits.Sheets != 1000 {
		t.Fatalf("%+v, %v", s.Limits, err)
	}
	for _, yaml := range []string{"", "limits:\n", "limits: {}\n"} {
		if s, err := load("keep_runs: 3\n" + yaml); err != nil || s.Limits.File != 100<<20 {
			t.Errorf("%q: %+v, %v", yaml, s.Limits, err)
		}
	}
	for yaml, says := range map[string]string{
		"limits: 50MB":                      "2行目: limits（上限） には「名前: 値」の組を",
		"limits: [file]":                    "2行目: limits（上限） には「名前: 値」の組を",
		"limits:\n  flie: 50MB":             "3行目: limits の「flie」という上限はありません。「file」のこと",
		"limits:\n  file: 50":               "3行目: limits の「file」",
		"limits: {file: [1MB, 2MB]}":        "2行目: limits には文字を書きます",
		"limits:\n  file:":                  "3行目: limits の「file」",
		"limits:\n  file: 1MB\n  file: 2MB": "4行目: 「file」が二度あります",
	} {
		if _, err := load("keep_runs: 3\n" + yaml + "\n"); err == nil || !strings.Contains(err.Error(), says) ||
			!strings.HasPrefix(err.Error(), "設定 kyogikai.yaml の") {
			t.Errorf("%s: %v", yaml, err)
		}
	}
}
