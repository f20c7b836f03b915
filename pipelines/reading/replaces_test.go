package reading

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project/projecttest"
)

// What a load cannot read takes the place of nothing that it can; between two that it cannot, the newer is taken. What
// was read to find that out is not read again by the load.
func TestReplaces(t *testing.T) {
	const at = "八戸市/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx"
	env := projecttest.Env(t, projecttest.FewInputs(t))
	j := judge{env: env}
	defer j.close()
	whole, err := os.ReadFile(filepath.Join(env.Inputs, at))
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile("../workbook/testdata/uncalculated.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	encrypted, err := os.ReadFile("../workbook/testdata/encrypted.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	copy(damaged[len(damaged)/3:], bytes.Repeat([]byte("x"), len(damaged)/3))
	for name, c := range map[string]struct {
		next, old []byte
		why       string
	}{
		"another workbook":     {other, whole, ""},
		"the same":             {whole, whole, ""},
		"damaged inside":       {damaged, whole, "壊れ"},
		"encrypted":            {encrypted, whole, "パスワードで保護されています"},
		"a PDF":                {[]byte("%PDF-1.7"), whole, "PDFは読めません"},
		"nothing":              {nil, whole, "空"},
		"damaged over damaged": {encrypted, damaged, ""},
		"whole over damaged":   {whole, damaged, ""},
	} {
		why := j.replaces(context.Background(), at, c.next, c.old)
		if (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: %q, want %q", name, why, c.why)
		}
	}
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(env, tree)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range tree.Files {
		if strings.HasSuffix(f.Path, at) {
			if _, err := r.file(context.Background(), i); err != nil || r.Reused() != 1 {
				t.Errorf("read again: %d, %v", r.Reused(), err)
			}
		}
	}
	if _, err := os.Stat(j.dir); err != nil {
		t.Error(err)
	}
	j.close()
	if left, err := filepath.Glob(filepath.Join(env.CollectDir(), judgeDirs)); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// Everything is a CSV of one cell: in the place of a table only a table with one of its words is taken, in whichever
// characters, and none that breaks off.
func TestNoTable(t *testing.T) {
	t.Parallel()
	const old = "課名,件数,割合\n財政課,12,50%\n税務課,7,50%\n"
	ms, err := japanese.ShiftJIS.NewEncoder().String("課名,件数,割合\n財政課,13,50%\n")
	if err != nil {
		t.Fatal(err)
	}
	const foreign, cut = "前の版と同じ見出しや項目が一つもありません", "途中で切れています"
	for name, c := range map[string]struct{ next, why string }{
		"other numbers":        {"課名,件数,割合\n財政課,13,40%\n", ""},
		"a word is left":       {"部,課\n財政部,税務課\n", ""},
		"in other characters":  {ms, ""},
		"in another width":     {"課　名,件数\n", ""},
		"fewer rows":           {"課名,件数,割合\n財政課,12,50%\n", ""},
		"cut in a row":         {"課名,件数,割合\n財政課,12,5", cut},
		"cut behind a row":     {"課名,件数,割合\n財政課,12,50%", cut},
		"an error":             {"Internal Server Error\n", foreign},
		"prose with commas":    {"申し訳ありませんが、現在、混み合っています, 後ほど, お試しください\n", foreign},
		"a stack of a program": {"at a.b(C.java:12), at d.e(F.java:34)\n", foreign},
		"numbers alone":        {"12,7\n", foreign},
		"JSON":                 {`{"error": "x", "code": 12}`, foreign},
	} {
		if why := noTable("a.CSV", []byte(c.next), []byte(old), limits.Default()); why != c.why {
			t.Errorf("%s: %q, want %q", name, why, c.why)
		}
	}
	if why := noTable("a.xlsx", []byte("x"), []byte(old), limits.Default()); why != "" {
		t.Errorf("no CSV: %s", why)
	}
	if why := noTable("a.csv", []byte("x,y\n"), []byte("1,2\n"), limits.Default()); why != "" {
		t.Errorf("of a table without words: %s", why)
	}
}

// Where a version cannot be read to be judged, what was read before stays.
func TestNothingIsReplacedUnjudged(t *testing.T) {
	env := projecttest.Env(t, projecttest.FewInputs(t))
	if err := os.MkdirAll(env.Outputs, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(env.CollectDir(), nil, 0o600); err != nil { // a file where the folder belongs
		t.Fatal(err)
	}
	j := judge{env: env}
	defer j.close()
	why := j.replaces(context.Background(), "八戸市/令和6年度/財政部/財政課/a.xlsx", []byte("PK"), []byte("PK"))
	if !strings.HasPrefix(why, "読んで確かめられません（") {
		t.Errorf("%q", why)
	}
}
