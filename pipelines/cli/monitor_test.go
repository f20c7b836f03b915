package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/runs"
)

// The line of a monitor stands alone on stdout, and its code is 0 for OK and 3 for everything else, whatever is wrong.
func TestMonitorLine(t *testing.T) {
	nothing, broken := filepath.Join(t.TempDir(), "none"), filepath.Join(t.TempDir(), "kyogikai.yaml")
	if err := os.WriteFile(broken, []byte("schedule: 毎晩\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	quiet := filepath.Join(t.TempDir(), "outputs") // of a city in which all is well
	if err := os.CopyFS(quiet, os.DirFS(outputs)); err != nil {
		t.Fatal(err)
	}
	newest, err := runs.List(quiet, 1)
	if err != nil {
		t.Fatal(err)
	}
	newest[0].Findings, newest[0].Started = nil, time.Date(2025, 10, 1, 1, 0, 0, 0, time.UTC)
	if err := newest[0].Save(quiet); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"errors are left":     {[]string{"--outputs", outputs}, exitFindings, "FINDINGS run=2025"},
		"nothing published":   {[]string{"--outputs", nothing}, exitFindings, "BROKEN run=- "},
		"settings unreadable": {[]string{"--config", broken, "--outputs", outputs}, exitFindings, "BROKEN run=- "},
		"well":                {[]string{"--outputs", quiet}, exitDone, "OK run=2025"},
	} {
		out, said, code := run(context.Background(), append([]string{"status", "--monitor"}, c.args...)...)
		if code != c.code || !strings.HasPrefix(out, c.want) || strings.Count(out, "\n") != 1 || said != "" {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, said)
		}
	}
	out, _, code := run(context.Background(), "status", "--monitor", "--json", "--outputs", quiet)
	var v struct {
		Type, State string
		Errors      *int
	}
	err = json.Unmarshal([]byte(out), &v)
	if err != nil || code != exitDone || v.Type != "monitor" || v.State != "OK" || v.Errors == nil {
		t.Errorf("exit %d, %s, %v", code, out, err)
	}
	if _, said, code := run(context.Background(), "status", "--monitor", "--config", "none.yaml"); code != exitUsage {
		t.Errorf("a mistake in the command line: exit %d, %s", code, said)
	}
}

// Where the published file is gone, one sentence says so, whoever asks; never that nothing was published.
func TestPublishedFileIsGone(t *testing.T) {
	for name, remove := range map[string]string{"pointer": "current.duckdb", "everything": ""} {
		gone := filepath.Join(t.TempDir(), "outputs")
		if err := os.CopyFS(gone, os.DirFS(outputs)); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(gone, "warehouse", remove)); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"status"}, {"check"}, {"sql", "SELECT 1"}, {"trace", "2/進捗状況/計/◎"}, {"diff"}} {
			out, said, code := run(context.Background(), append(args, "--outputs", gone)...)
			if code != exitFailed || out != "" || !strings.HasPrefix(said, "データのファイルがなくなっています（") ||
				!strings.Contains(said, "kyogikai load") || strings.Contains(said, "まだ何も読み込まれていません") ||
				strings.Count(said, "\n") != 1 {
				t.Errorf("%s, %q: exit %d\n%s%s", name, args, code, out, said)
			}
		}
	}
}
