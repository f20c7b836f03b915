package shards

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Shard{
		"1/1": {1, 1}, "3/16": {3, 16}, "16/16": {16, 16},
		"0/1": {}, "2/1": {}, "1/0": {}, "1": {}, "a/b": {}, "01/2": {}, "1/2/3": {}, "-1/2": {}, "1/1000000": {}, "": {},
	} {
		got, err := Parse(text)
		if got != want || (err == nil) != (want != Shard{}) || err != nil && !strings.Contains(err.Error(), "例: 3/16") {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

// The shares in their order are all municipalities in theirs, each once, and about as many in each.
func TestSharesAreAll(t *testing.T) {
	for n := 1; n <= 12; n++ {
		var all, together []string
		for i := range 12 {
			all = append(all, fmt.Sprintf("市%02d", i))
		}
		for i := 1; i <= n; i++ {
			own := Shard{i, n}.of(all)
			if len(own) < 12/n || len(own) > 12/n+1 {
				t.Errorf("%d/%d holds %d", i, n, len(own))
			}
			together = append(together, own...)
		}
		if !slices.Equal(all, together) {
			t.Errorf("in %d shares: %q", n, together)
		}
	}
}

// rules are those of a project of one file.
func rules(t *testing.T) (env project.Env, sum string) {
	t.Helper()
	files := fstest.MapFS{"kyogikai.yaml": {}}
	for _, dir := range []string{"sql/macros", "sql/staging", "sql/marts", "sql/tests", "templates/forms"} {
		files[dir+"/a"] = &fstest.MapFile{Data: []byte("x")}
	}
	env = project.Env{Project: files, Version: "v", Inputs: filepath.Join(t.TempDir(), "none")}
	sum, err := reading.Rules(env)
	if err != nil {
		t.Fatal(err)
	}
	return env, sum
}

// Shares are put together only where they are all there, once, of one reading, by the rules that hold here, and
// unchanged.
func TestAccept(t *testing.T) {
	env, sum := rules(t)
	all := []string{"甲市", "乙市", "丙市"}
	for name, c := range map[string]struct {
		change func(s []Share) []Share
		says   string
	}{
		"all":                {func(s []Share) []Share { return s }, ""},
		"one is missing":     {func(s []Share) []Share { return s[1:] }, "分担 1/3 がありません"},
		"one twice":          {func(s []Share) []Share { return append(s, s[0]) }, "分担 1/3 が二つあります"},
		"of another parting": {func(s []Share) []Share { s[1].N = 4; return s }, "分け方の違う"},
		"a number too large": {func(s []Share) []Share { s[2].I = 4; return s }, "分け方の違う"},
		"other rules":        {func(s []Share) []Share { s[1].Rules = "x"; return s }, "ここと違います"},
		"another program":    {func(s []Share) []Share { s[1].Version = "w"; return s }, "ここと違います"},
		"other cities":       {func(s []Share) []Share { s[1].All = all[1:]; return s }, "自治体の一覧が違います"},
		"another's cities":   {func(s []Share) []Share { s[1].Own = all[:1]; return s }, "分担の決まりと違います"},
		"a file is gone":     {func(s []Share) []Share { s[0].Files["a.parquet"] = "x"; return s }, "a.parquet がありません"},
		"a file has changed": {
			func(s []Share) []Share { s[0].Files["b.parquet"] = "x"; return s }, "b.parquet が、作ったときから変わって",
		},
		"a file too many": {
			func(s []Share) []Share { delete(s[0].Files, "b.parquet"); return s }, "作った覚えのないファイル b.parquet",
		},
	} {
		dir := t.TempDir()
		var list []Share
		for i := 1; i <= 3; i++ {
			s := Share{Dir: filepath.Join(dir, Shard{i, 3}.Name())}
			s.I, s.N, s.Rules, s.Version, s.All, s.Own = i, 3, sum, "v", all, Shard{i, 3}.of(all)
			if err := os.MkdirAll(s.Dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(s.Dir, "b.parquet"), []byte{byte(i)}, 0o644); err != nil {
				t.Fatal(err)
			}
			files, err := sums(s.Dir)
			if err != nil {
				t.Fatal(err)
			}
			s.Files = files
			list = append(list, s)
		}
		compared, err := Accept(context.Background(), env, dir, c.change(list))
		var refused *MergeError
		if (err == nil) != (c.says == "") || err != nil &&
			(!errors.As(err, &refused) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
		if compared {
			t.Errorf("%s: compared with inputs that are not here", name)
		}
	}
}

// A folder without any share, or with one whose record is damaged, is told; one that is being written is passed over.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "分担の結果がありません") {
		t.Errorf("an empty folder: %v", err)
	}
	write := func(name, data string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, manifestFile), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("0002-of-0002", `{"shard": 2, "of": 2}`)
	write("0001-of-0002", `{"shard": 1, "of": 2}`)
	write(".next-1", "{")
	list, err := Read(dir)
	if err != nil || len(list) != 2 || list[0].I != 1 || list[1].I != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	write("0003-of-0002", "{")
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "この分担（0003-of-0002）をやり直して") {
		t.Errorf("a damaged one: %v", err)
	}
}
