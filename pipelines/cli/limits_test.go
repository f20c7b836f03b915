package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// The limits in force fit into a terminal of 80 columns, and say where each comes from.
func TestLimits(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "kyogikai.yaml")
	settings := "limits: {file: 50MB, reading_time: 2分}\nsources:\n  - {name: 共有, directory: /mnt, municipality: 市, " +
		"pattern: \"{年度}/{課}/{ファイル}\", max_megabytes: 60}\n"
	if err := os.WriteFile(config, []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, code := run(context.Background(), "limits", "--config", config)
	if code != exitDone || stderr != "" {
		t.Fatalf("%d: %s", code, stderr)
	}
	for line := range strings.Lines(stdout) {
		if n := uniseg.StringWidth(strings.TrimSuffix(line, "\n")); n > 80 && !strings.HasPrefix(line, "注意") &&
			!strings.HasPrefix(line, "変えるには") { // a sentence, with a path in it
			t.Errorf("%d columns: %s", n, line)
		}
	}
	fields := map[string]string{}
	for line := range strings.Lines(stdout) {
		if f := strings.Fields(line); len(f) > 3 {
			fields[f[0]] = f[1] + " " + f[2]
		}
	}
	for name, want := range map[string]string{
		"file": "50MB 設定", "reading_time": "2分 設定", "cells": "500,000個 既定", "reading_memory": "768MB 既定",
	} {
		if fields[name] != want {
			t.Errorf("%s: %q, want %q", name, fields[name], want)
		}
	}
	if !strings.Contains(stdout, "50MB          共有") || !strings.Contains(stdout, "注意: 収集元「共有」の max_megabytes: 60 は") {
		t.Error(stdout)
	}

	stdout, _, _ = run(context.Background(), "limits", "--json", "--config", config)
	values := map[string]float64{}
	for line := range strings.Lines(stdout) {
		var l struct {
			Type, Name, Source string
			Value              float64
			Stated             bool
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		values[l.Type+" "+l.Name+l.Source] = l.Value
		if l.Stated != (l.Name == "file" || l.Name == "reading_time") {
			t.Error(line)
		}
	}
	for name, want := range map[string]float64{
		"limit file": 50 << 20, "limit reading_time": 120, "limit cells": 500_000, "source_limit 共有": 50 << 20,
	} {
		if values[name] != want {
			t.Errorf("%s: %v, want %v", name, values[name], want)
		}
	}
}

// A limit that there is not is a mistake in the settings, with its line and what is meant.
func TestLimitsThatThereAreNot(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "kyogikai.yaml")
	if err := os.WriteFile(config, []byte("limits:\n  flie: 50MB\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, stderr, code := run(context.Background(), "limits", "--config", config)
	if code != exitFailed || !strings.Contains(stderr, "2行目") || !strings.Contains(stderr, "「file」のことではありませんか") {
		t.Errorf("%d: %s", code, stderr)
	}
}
