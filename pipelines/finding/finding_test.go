package finding

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kyogikai/pipelines/record"
)

var update = flag.Bool("update", false, "write the list of findings into the manual")

// The contract fixes the severity of these codes, and whether they leave anything out (testdata/codes.csv).
func TestKindsKeepTheContract(t *testing.T) {
	f, err := os.Open("testdata/codes.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil || len(lines) < 15 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, l := range lines[1:] {
		k, ok := Of(l[0])
		nothing := strings.HasPrefix(l[2], "nothing")
		if !ok || k.Severity != l[1] || (k.LeavesOut == "") != nothing {
			t.Errorf("%s: %+v, the contract says %s", l[0], k, l[1:])
		}
	}
}

// Every kind is there once, says what was found and what to do, and an error says what it leaves out.
func TestKindsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	rank := map[string]int{record.Error: 0, record.Warning: 1, record.Info: 2}
	last := 0
	for _, k := range Kinds {
		if seen[k.Code] {
			t.Errorf("%s is there twice", k.Code)
		}
		seen[k.Code] = true
		if k.Severity == record.Error && k.LeavesOut == "" {
			t.Errorf("%s: an error leaves something out", k.Code)
		}
		if !strings.HasSuffix(k.Do, "。") || k.Says == "" {
			t.Errorf("%s: %q %q", k.Code, k.Says, k.Do)
		}
		if rank[k.Severity] < last {
			t.Errorf("%s: the gravest first", k.Code)
		}
		last = rank[k.Severity]
	}
}

func TestNew(t *testing.T) {
	got := New(SymbolUnknown, "取組状況", "F6", "☆", "◎、○")
	want := record.Finding{Severity: record.Error, Code: "symbol_unknown", Sheet: "取組状況", Cell: "F6", Found: "☆",
		Expected: "◎、○",
		Message:  "「☆」は使えない記号です。◎、○ のいずれかを記入してください。"}
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if _, ok := Of("symbol_unheard"); ok {
		t.Error("a misspelt code has a kind")
	}
}

func TestLocate(t *testing.T) {
	for want, f := range map[string]record.Finding{
		"inputs/a.xlsx › 成果指標 › E12": {Path: "inputs/a.xlsx", Sheet: "成果指標", Cell: "E12"},
		"inputs/a.csv › B3":          {Path: "inputs/a.csv", Cell: "B3"},
		"inputs/a.xls":               {Path: "inputs/a.xls"},
	} {
		if got := Locate(f); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// The manual lists every kind as this list has it. Refresh with -update.
func TestManualListsEveryKind(t *testing.T) {
	const manual = "../../docs/運用手引.md"
	data, err := os.ReadFile(manual)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- 指摘の一覧 -->\n", "<!-- 指摘の一覧ここまで -->\n"
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the list", manual)
	}
	want := before + begin + table() + end + after
	if *update {
		if err := os.WriteFile(manual, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(data) != want {
		t.Errorf("%s differs: go test ./pipelines/finding -update, and read the difference", manual)
	}
}

// table is the list as the manual prints it. What stands in braces is called by what it is.
func table() string {
	names := map[string]string{record.Error: "誤り", record.Warning: "注意", record.Info: "参考"}
	plain := strings.NewReplacer("{found}", "〈記載〉", "{expected}", "〈期待〉", "|", "\\|")
	var b strings.Builder
	b.WriteString("| 種類 | 重さ | 直るまで集計から除くもの | 文 | すること |\n|---|---|---|---|---|\n")
	for _, k := range Kinds {
		leaves := k.LeavesOut
		if leaves == "" {
			leaves = "なし"
		}
		fmt.Fprintf(
			&b, "| `%s` | %s | %s | %s | %s |\n", k.Code, names[k.Severity], leaves, plain.Replace(k.Says), plain.Replace(k.Do),
		)
	}
	return b.String()
}

// No code is written out anywhere but in the list: a misspelt one would leave nothing out.
func TestCodesAreWrittenOnce(t *testing.T) {
	literal := regexp.MustCompile(`"(` + strings.Join(Codes(), "|") + `)"`)
	files, err := filepath.Glob("../*/*.go")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || strings.HasPrefix(f, "../finding/") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range literal.FindAllString(string(data), -1) {
			t.Errorf("%s: %s stands beside the list", f, at)
		}
	}
}
