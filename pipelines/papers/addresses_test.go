package papers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

const firstRun, secondRun, thirdRun = "20251001T020000Z", "20251002T020000Z", "20251003T020000Z"

func note(t *testing.T, env project.Env, run string, figures ...brief.Figure) {
	t.Helper()
	if err := noteAddresses(context.Background(), env, run, figures); err != nil {
		t.Fatal(err)
	}
}

func table(t *testing.T, env project.Env, run string) string {
	t.Helper()
	data, err := os.ReadFile(runs.AddressesPath(env.Outputs, run))
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff前の番地,いまの番地\r\n"), "\r\n", " ")
}

// What was written down of an address goes on from run to run, whatever is worked out from later values.
func TestOldAndNewAddressesGoOn(t *testing.T) {
	env := project.Env{Outputs: t.TempDir()}
	note(t, env, firstRun, brief.Figure{Address: "m/1/表/計/数"})
	if last, err := runs.LastAddresses(env.Outputs); err != nil || last != "" {
		t.Fatalf("a table of nothing: %q %v", last, err)
	}
	first := brief.Figure{Address: "m/1/表/1・甲/数", Former: "m/1/表/1/数"}
	second := brief.Figure{Address: "m/1/表/1・丙/数", Former: "m/1/表/1/数#2"}
	note(t, env, firstRun, first, second)
	// 乙 has been filled: by order, #2 is its own now and 丙 the third
	filled := brief.Figure{Address: "m/1/表/1・乙/数", Former: "m/1/表/1/数#2", Ordered: true}
	moved := second
	moved.Former, moved.Ordered = "m/1/表/1/数#3", true
	now := []brief.Figure{first, filled, moved, {Address: "m/1/表/2・丁/数", Former: "m/1/表/2/数", Ordered: true}}
	if err := Remember(env.Outputs, now); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"m/1/表/1/数", "", "m/1/表/1/数#2", "m/1/表/2/数"} {
		if now[i].Former != want || now[i].Ordered != (i == 3) {
			t.Errorf("%s was %q (by order %v), want %q", now[i].Address, now[i].Former, now[i].Ordered, want)
		}
	}
	note(t, env, secondRun, now...)
	was := "m/1/表/1/数,m/1/表/1・甲/数 m/1/表/1/数#2,m/1/表/1・丙/数 "
	if got := table(t, env, secondRun); got != was+"m/1/表/2/数,m/1/表/2・丁/数 " {
		t.Error(got)
	}
	if got := table(t, env, firstRun); got != was {
		t.Errorf("the first run's has changed: %s", got)
	}
	// papers of an older run: what they add is found in the newest too
	note(t, env, thirdRun)
	note(t, env, firstRun, brief.Figure{Address: "n/1/表/1・甲/数", Former: "n/1/表/1/数"})
	got := table(t, env, thirdRun)
	if !strings.HasSuffix(got, " n/1/表/1/数,n/1/表/1・甲/数 ") || got != table(t, env, firstRun) {
		t.Error(got)
	}
}

// A table that somebody has spoiled is told with its place, and nothing is worked out in its stead.
func TestSpoiledAddresses(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "another head": "番地,いま\r\na,b\r\n", "a field more": "前の番地,いまの番地\r\na,b,c\r\n",
		"a field less": "前の番地,いまの番地\r\na\r\n",
	} {
		env := project.Env{Outputs: t.TempDir()}
		path := runs.AddressesPath(env.Outputs, firstRun)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		err := Remember(env.Outputs, nil)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "消してください") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
