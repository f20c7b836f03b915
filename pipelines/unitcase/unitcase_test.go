package unitcase

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/model"
	"kyogikai/pipelines/warehouse"
)

func city(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{
		"sql/macros/twice.sql":  {Data: []byte("-- 二倍\nCREATE OR REPLACE MACRO twice(x) AS 2 * x;")},
		"sql/staging/rows.sql":  {Data: []byte("-- 行\nSELECT twice(n) AS n, t, sources FROM raw.given")},
		"sql/marts/answers.sql": {Data: []byte("-- 答え\nSELECT sum(n) AS n FROM staging.rows")},
	}
	for name, text := range files {
		out["sql/unit/例/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func check(t *testing.T, fsys fstest.MapFS) []string {
	t.Helper()
	ctx := context.Background()
	models, err := model.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	b, err := warehouse.Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Abandon)
	if err := model.CreateMacros(ctx, b, fsys); err != nil {
		t.Fatal(err)
	}
	if err := cases[0].Fill(ctx, b); err != nil {
		t.Fatal(err)
	}
	differ, err := cases[0].Check(ctx, b, models)
	if err != nil {
		t.Fatal(err)
	}
	return differ
}

// A mart is made of the rows that the case's staging model makes, though its name comes first.
func TestCheck(t *testing.T) {
	files := map[string]string{
		"raw.given.csv":              "n:INTEGER,t,sources\n1,,a B2; c D4\n2,'',\n",
		"staging.rows.expected.csv":  "n,t,=[s.field || '@' || s.cell FOR s IN sources]\n4,'',\n2,,\"[a@B2, c@D4]\"\n",
		"marts.answers.expected.csv": "n\n6.0\n",
		"twice.macro.csv":            "\"x:DECIMAL(4,1)\",is\n1.5,3\n,\n",
	}
	if differ := check(t, city(files)); len(differ) != 0 {
		t.Errorf("%q", differ)
	}
	files["twice.macro.csv"] = "x:INTEGER,is\n1,3\n2,4\n"
	files["marts.answers.expected.csv"] = "n\n7\n"
	differ := check(t, city(files))
	if len(differ) != 2 || differ[0] != "twice(1) = 2, want 3" ||
		!strings.HasPrefix(differ[1], "marts.answers\n got\n  6") {
		t.Errorf("%q", differ)
	}
}

// An empty text and no text are two things.
func TestEmptyIsNotNull(t *testing.T) {
	differ := check(t, city(map[string]string{
		"raw.given.csv": "n:INTEGER,t,sources\n1,,\n", "staging.rows.expected.csv": "t\n''\n",
	}))
	if len(differ) != 1 {
		t.Errorf("%q", differ)
	}
}

func TestCaseWithoutExpectation(t *testing.T) {
	if _, err := Load(city(map[string]string{"raw.given.csv": "n\n1\n"})); err == nil {
		t.Error("a case that expects nothing is taken")
	}
	none := map[string]string{"raw.given.csv": "n\n", "marts.answers.expected.csv": "n\n1\n"}
	if _, err := Load(city(none)); err == nil {
		t.Error("a table without a line is taken")
	}
}
