package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReasons(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(name, []byte("ファイル,行,変更,番,扱い,理由\n"+
		"sql/macros/a.sql,x < y,< → <=,1,同じ,xとyは等しくならない\nsql/macros/a.sql,z,1 → 2,2,残す,見えない\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := readReasons(name)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	results := []result{
		{"sql/macros/a.sql", key{"x < y", "< → <=", 1}, lived, 4},
		{"sql/macros/a.sql", key{"z", "1 → 2", 1}, lived, 5}, // the list has the second
		{"sql/macros/a.sql", key{"z", "1 → 2", 2}, killed, 5},
	}
	why, faults := explain(name, list, results)
	if len(why) != 1 || why[0].is != same {
		t.Errorf("%v", why)
	}
	if len(faults) != 2 || !strings.HasPrefix(faults[0], "sql/macros/a.sql:5: ") ||
		!strings.HasPrefix(faults[1], name+":3: ") {
		t.Errorf("%q", faults)
	}
	for text, want := range map[string]string{
		"a\n": ":1: ",
		"ファイル,行,変更,番,扱い,理由\na,b,c,0,同じ,d\n": ":2: 番",
		"ファイル,行,変更,番,扱い,理由\na,b,c,1,だめ,d\n": ":2: 扱い",
		"ファイル,行,変更,番,扱い,理由\na,b,c,1,残す, \n": ":2: 理由",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := readReasons(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A bound is kept at the bound and above it. What changes nothing counts neither way, up to three of a hundred.
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		count count
		want  int
	}{
		{count{killed: 98, lived: 2}, 0}, {count{killed: 979, lived: 21}, 1}, {count{killed: 99, lived: 1}, 0},
		{count{killed: 96, lived: 1, same: 3}, 0}, {count{killed: 96, same: 4}, 1}, {count{}, 0},
		{count{killed: 1, broken: 50}, 0},
	} {
		g := group{title: "a", least: 98}
		if faults := g.faults(c.count); len(faults) != c.want {
			t.Errorf("%+v: %q", c.count, faults)
		}
	}
}

func TestDocument(t *testing.T) {
	results := []result{
		{"sql/macros/a.sql", key{"x | y < z", "< → <=", 1}, lived, 4},
		{"sql/macros/a.sql", key{"z", "1 → 2", 2}, killed, 5}, {"sql/macros/a.sql", key{"z", "1 → 0", 1}, broken, 5},
		{"sql/marts/b.sql", key{"z", "1 → 2", 3}, lived, 5},
	}
	text, faults := document(results, map[int]*reason{0: {is: same, why: "変わらない"}})
	for _, want := range []string{
		"| sql/macros | 2 | 1 | 0 | 1 | 1 | 100.0% | 98% | すべて |", "| sql/marts/b.sql | 1 | 0 | 1 | 0 | 0 | 0.0% |",
		"| sql/macros/a.sql | `` x \\| y < z `` | `` < → <= `` | 同じ | 変わらない |",
		"| sql/marts/b.sql | `` z `` | `` 1 → 2 ``（3番目） | 残す | **理由がありません** |", "| 64行に1行 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	if len(faults) != 2 { // half of the macros are said to change nothing; no mart is noticed
		t.Errorf("%q", faults)
	}
}

func TestMutantOfGo(t *testing.T) {
	s := source("package a\n\nvar x = 1 -\n\t1\n\nfunc f() bool {\n\treturn x <= 1\n}\n")
	m, err := s.mutant("CONDITIONALS_NEGATION", 7, 11)
	if err != nil || m.what != "<= → >" || m.line != "return x <= 1" {
		t.Errorf("%+v, %v", m, err)
	}
	m, err = s.mutant("ARITHMETIC_BASE", 3, 11)
	if err != nil || m.what != "- → +" {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err = s.mutant("ARITHMETIC_BASE", 3, 1); err == nil {
		t.Error("a v is no operator")
	}
}

// The sample has the share that its rate says, and chooses a line by what stands there.
func TestSample(t *testing.T) {
	p := goPackage{name: "form", one: 10}
	n := 0
	for i := range 10_000 {
		line := strings.Repeat("x", i%100) + strings.Repeat("y", i/100)
		if chosen(p, "a.go", line) {
			n++
		}
		if chosen(p, "a.go", line) != chosen(p, "a.go", "\t\t"+line) {
			t.Errorf("%s moves", line)
		}
	}
	if n < 800 || n > 1200 {
		t.Errorf("%d of 10000", n)
	}
}
