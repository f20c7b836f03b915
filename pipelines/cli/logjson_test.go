package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/runs"
)

// objects reads a log, every line of which has to be an object with the keys that a program relies on.
func objects(t *testing.T, log string) []map[string]any {
	t.Helper()
	var out []map[string]any
	for line := range strings.Lines(log) {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		at, _ := o["time"].(string)
		message, _ := o["message"].(string)
		level, _ := o["level"].(string)
		if _, err := time.Parse(time.RFC3339, at); err != nil || message == "" ||
			!slices.Contains([]string{"DEBUG", "INFO", "WARN", "ERROR"}, level) {
			t.Errorf("%s", line)
		}
		out = append(out, o)
	}
	return out
}

// Everything that goes to standard error is an object a line, whoever says it: steps with what a program reads of them,
// mistakes in the command line, failures with their code.
func TestLogInJSON(t *testing.T) {
	own := t.TempDir()
	_, said, code := run(
		context.Background(), "nightly", "--log-format", "json", "--outputs", outputs, "--as-of", "2030-01-01",
	)
	steps := map[string]string{}
	for _, o := range objects(t, said) {
		if name, ok := o["step"].(string); ok {
			steps[name], _ = o["status"].(string)
			if _, timed := o["seconds"].(float64); !timed {
				t.Errorf("%v", o)
			}
		}
	}
	if code != exitFindings || steps["read"] != "kept" || steps["publish"] != "kept" || len(steps) != 8 {
		t.Errorf("exit %d, steps %v\n%s", code, steps, said)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no such verb": {[]string{"lod", "--log-format=json"}, exitUsage, "使い方が違います"},
		"no such flag": {[]string{"--log-format", "json", "load", "--nothing"}, exitUsage, "使い方が違います"},
		"no inputs": {
			[]string{"load", "--log-format=json", "--inputs", own, "--outputs", own}, exitFailed, "失敗しました: ",
		},
	} {
		_, said, code := run(context.Background(), c.args...)
		all := objects(t, said)
		last := all[len(all)-1]
		if code != c.code || last["level"] != "ERROR" || last["exit_code"] != float64(c.code) ||
			!strings.HasPrefix(last["message"].(string), c.want) {
			t.Errorf("%s: exit %d\n%s", name, code, said)
		}
	}
	_, said, code = run(context.Background(), "load", "--log-format", "xml")
	if code != exitUsage || !strings.Contains(said, "json") {
		t.Errorf("a form that there is not: exit %d, %s", code, said)
	}
}

// A value that is hidden is none behind the log's door, an error is told as to people, and a line that comes in pieces
// is one.
func TestLinesOfTheLog(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	clock := func() time.Time { return time.Date(2026, 11, 30, 2, 0, 0, 0, time.FixedZone("JST", 9*60*60)) }
	log := slog.New(newJSONHandler(&b, slog.LevelInfo, clock))
	log.Warn("名前", "file", "a\u202eb\x1b[2J", "error", errors.New("reading: no such thing"), "n", 3)
	log.Debug("詳細")
	const want = `{"time":"2026-11-30T02:00:00+09:00","level":"WARN","message":"名前","file":"a\u202eb\u001b[2J",` +
		`"error":"プログラムの中で、できなかったことがあります","n":3}` + "\n"
	if b.String() != want {
		t.Errorf("%s, want %s", b.String(), want)
	}
	b.Reset()
	j := &jsonLines{log: log}
	for _, piece := range []string{"一行", "目\n\n二行目\n三", "行目"} {
		if n, err := j.Write([]byte(piece)); n != len(piece) || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if err := j.Flush(); err != nil {
		t.Error(err)
	}
	var got []string
	for _, o := range objects(t, b.String()) {
		got = append(got, o["message"].(string))
	}
	if strings.Join(got, "|") != "一行目|二行目|三行目" {
		t.Errorf("%q", got)
	}
}

// A run keeps its log beside its record, whether a person sees it or not: how it began, its steps, what it warned of,
// how it ended.
func TestLogBesideTheRecord(t *testing.T) {
	own := filepath.Join(t.TempDir(), "outputs")
	inputs := filepath.Join(t.TempDir(), "none")
	if _, _, code := run(context.Background(), "load", "--inputs", inputs, "--outputs", own); code != exitFailed {
		t.Fatalf("exit %d", code)
	}
	for folder, wants := range map[string][]string{
		own:     {" 開始 ", "読み込み 失敗 ", "終わり：失敗　", "入力フォルダがありません"},
		outputs: {" 開始 run=", "読み込み", "更新", "終わり："},
	} {
		newest, err := runs.List(folder, 1)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(runs.LogPath(folder, newest[0].ID))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(data), want) {
				t.Errorf("no %q in\n%s", want, data)
			}
		}
		if info, err := os.Stat(runs.LogPath(folder, newest[0].ID)); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
}
