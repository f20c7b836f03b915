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
		"limits: 50MB":                      "2行目: limits（大きさと時間の上限） には「名前: 値」の組を",
		"limits: [file]":                    "2行目: limits（大きさと時間の上限） には「名前: 値」の組を",
		"limits:\n  flie: 50MB":             "3行目: limits の「flie」という上限はありません。「file」のこと",
		"limits:\n  file: 50":               "3行目: limits の「file」",
		"limits: {file: [1MB, 2MB]}":        "2行目: limits には文字を書きます",
		"limits:\n  file:":                  "3行目: limits の「file」",
		"limits:\n  file: 1MB\n  file: 2MB": "4行目: 「file」が二度あります（はじめは3行目）",
	} {
		if _, err := load("keep_runs: 3\n" + yaml + "\n"); err == nil || !strings.Contains(err.Error(), says) ||
			!strings.HasPrefix(err.Error(), "設定 kyogikai.yaml の") {
			t.Errorf("%s: %v", yaml, err)
		}
	}
}

// A source's max_megabytes can only lower the limit on a file; above it, it holds as the limit, and that is told.
func TestSourcesFitTheLimitOnFiles(t *testing.T) {
	t.Parallel()
	load := func(limit, most string) Settings {
		t.Helper()
		s, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(
			"limits: {" + limit + "}\nsources:\n  - {name: 共有, directory: /mnt, municipality: 市, pattern: \"{ファイル}\", " +
				"year: 令和6年度, department: 課" + most + "}\n",
		)}})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, c := range []struct {
		limit, most string
		want        int
		told        bool
	}{
		{"", "", 100, false}, {"", ", max_megabytes: 99", 99, false}, {"", ", max_megabytes: 100", 100, false},
		{"", ", max_megabytes: 101", 100, true}, {"file: 50MB", "", 50, false}, {"file: 50MB", ", max_megabytes: 51", 50, true},
		{"file: 1GB", ", max_megabytes: 200", 200, false}, {"file: 300KB", "", 1, false},
		{"file: 300KB", ", max_megabytes: 2", 1, true},
	} {
		s := load(c.limit, c.most)
		if got := s.Sources[0].MaxMegabytes; got != c.want || (len(s.Notes) == 1) != c.told {
			t.Errorf("%q%q: %d MB, told %q", c.limit, c.most, got, s.Notes)
		}
		for _, n := range s.Notes {
			if !strings.Contains(n, "収集元「共有」の max_megabytes") || !strings.Contains(n, "limits の file") {
				t.Error(n)
			}
		}
	}
}
