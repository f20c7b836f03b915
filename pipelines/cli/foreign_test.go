package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project/projecttest"
)

// hostileNames are names that a terminal would obey, that begin a line, that nobody can see, and that are as long as a
// system allows, each with how it is shown.
var hostileNames = map[string]string{
	"一\x1b[2J\x1b]0;題\x07.xlsx":        "一␛[2J␛]0;題␇.xlsx",
	"二\n■ 更新しました: 偽.xlsx":              "二⏎■ 更新しました: 偽.xlsx",
	"三\r上書き.xlsx":                      "三␍上書き.xlsx",
	"四\u202Exslx.xlsx":                 "四〔U+202E〕xslx.xlsx",
	"五\u200b\ufeff.xlsx":               "五〔U+200B〕〔U+FEFF〕.xlsx",
	"\x98\x5a.xlsx":                    "〔0x98〕Z.xlsx",
	strings.Repeat("長", 83) + "x.xlsx": strings.Repeat("長", 83) + "x.xlsx", // 255 bytes
	"葛\U000E0100と\u3000辻・が①.xlsx":      "葛\U000E0100と\u3000辻・が①.xlsx",
}

// longDepartment has a name as long as a folder can have.
var longDepartment = strings.Repeat("長", 84) + "課"

// hostileInputs are the inputs of one department whose workbooks have hostile names. Every workbook has an error: a
// total department of its own folder that nobody knows.
func hostileInputs(t *testing.T) string {
	t.Helper()
	inputs := projecttest.FewInputs(t)
	folder := filepath.Join(inputs, "八戸市", "令和6年度", "財政部", "ない課")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(inputs, "八戸市/令和6年度/財政部/財政課/財政課　行財政改革取組状況調査票.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range hostileNames {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	long := filepath.Join(inputs, "八戸市", "令和6年度", "財政部", longDepartment)
	if err := errors.Join(os.Mkdir(long, 0o755), os.WriteFile(filepath.Join(long, "調査票.xlsx"), data, 0o644)); err != nil {
		t.Fatal(err)
	}
	return inputs
}

// Whatever a file is called, no verb writes anything that a terminal obeys or that nobody can see, no name begins a
// line, and every name is shown.
func TestNamesOfOthersAreShown(t *testing.T) {
	inputs := hostileInputs(t)
	outputs := filepath.Join(t.TempDir(), "outputs")
	own := []string{"--inputs", inputs, "--outputs", outputs}
	ran := func(code int, args ...string) string {
		t.Helper()
		stdout, stderr, got := run(context.Background(), append(args, own...)...)
		if got != code {
			t.Errorf("%q: exit %d\n%s", args, got, stderr)
		}
		for _, text := range []string{stdout, stderr} {
			if printable.Text(text) != text || !utf8.ValidString(text) {
				t.Errorf("%q writes %q", args, text)
			}
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "■ 更新しました: 偽") || strings.HasPrefix(line, "上書き") {
					t.Errorf("%q: a name begins a line: %q", args, line)
				}
			}
		}
		return stdout + stderr
	}
	shows := func(what, text string) {
		t.Helper()
		for _, name := range hostileNames {
			if !strings.Contains(text, name) {
				t.Errorf("%s does not show %q", what, name)
			}
		}
	}
	ran(exitFindings, "load")
	shows("check", ran(exitFindings, "check"))
	ran(exitFindings, "status")
	shows("sql", ran(exitDone, "sql", "SELECT path FROM meta.workbooks"))
	shows("sql, md", ran(exitDone, "sql", "--format", "md", "SELECT path FROM meta.workbooks"))
	shows("the log of a night", ran(exitFindings, "nightly", "-v", "--as-of", "2030-01-01")+ran(exitFindings, "check"))
	for _, line := range strings.Split(strings.TrimSpace(ran(exitFindings, "check", "--json")), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("%q is no JSON", line)
		}
	}
	if made := ran(exitDone, "form", longDepartment); !strings.Contains(made, "…") {
		t.Error(made)
	}
	file := filepath.Join(inputs, "八戸市/令和6年度/財政部/ない課", strings.Repeat("長", 83)+"x.xlsx")
	if made := ran(exitFindings, "check", "--reading", file); !strings.Contains(made, "…") {
		t.Error(made)
	}
	returns := ran(exitFindings, "check", "--returns")
	if n := strings.Count(returns, "差戻し票: "); n < len(hostileNames) || strings.Contains(returns, "変わっています") ||
		strings.Contains(returns, "作れませんでした") {
		t.Errorf("%d returns\n%s", n, returns)
	}
}

// A decision names a file by the path that is shown, whatever it is called on the disk.
func TestDecisionOfHostileNames(t *testing.T) {
	inputs := hostileInputs(t)
	outputs := filepath.Join(t.TempDir(), "outputs")
	own := []string{"--inputs", inputs, "--outputs", outputs}
	var lines strings.Builder
	lines.WriteString("path,cell,decision,reason,date\n")
	for _, shown := range hostileNames {
		lines.WriteString("ない課/" + shown + ",,取下げ,名前,2025-10-01\n")
	}
	if err := os.WriteFile(filepath.Join(inputs, "八戸市", "判断.csv"), []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	run(context.Background(), append([]string{"load"}, own...)...)
	stdout, stderr, _ := run(context.Background(), append([]string{"check"}, own...)...)
	if strings.Contains(stdout, "効いていません") ||
		strings.Contains(stdout, "ない課/") && strings.Contains(stdout, "[誤り] inputs/八戸市/令和6年度/財政部/ない課/") ||
		strings.Count(stdout, "□ 判断") != len(hostileNames) {
		t.Errorf("%s\n%s", stdout, stderr)
	}
}

// A CSV for Excel is guarded unless somebody says otherwise, and says so; for programs the texts are as they are.
func TestCSVIsGuardedForExcel(t *testing.T) {
	const query = "SELECT '=1+1' AS 文, '-5' AS 字, -5 AS 数, '+81-178' AS 電話"
	for args, want := range map[string]string{
		"":                                      "'=1+1,-5,-5,'+81-178",
		"--encoding utf-8-bom":                  "'=1+1,-5,-5,'+81-178",
		"--encoding cp932":                      "'=1+1,-5,-5,'+81-178",
		"--encoding utf-8":                      "=1+1,-5,-5,+81-178",
		"--excel-guard=false":                   "=1+1,-5,-5,+81-178",
		"--encoding cp932 --excel-guard=false":  "=1+1,-5,-5,+81-178",
		"--encoding utf-8 --excel-guard=true":   "'=1+1,-5,-5,'+81-178",
		"--encoding utf-8 --excel-guard":        "'=1+1,-5,-5,'+81-178",
		"--encoding utf-8-bom --comments=false": "'=1+1,-5,-5,'+81-178",
	} {
		stdout, stderr, code := run(
			context.Background(), append(strings.Fields("sql --outputs "+outputs+" --format csv "+args), query)...,
		)
		lines := strings.Fields(stdout)
		told := strings.Contains(stderr, "文字2件の先頭に ' を付けました")
		if code != exitDone || len(lines) != 2 || lines[1] != want || told != strings.HasPrefix(want, "'") {
			t.Errorf("%q: exit %d, %q, %s", args, code, stdout, stderr)
		}
	}
	stdout, _, _ := run(
		context.Background(),
		"sql",
		"--outputs",
		outputs,
		"--format",
		"json",
		"SELECT '=1' || chr(8238) AS 文",
	)
	if stdout != "[\n{\"文\":\"=1\\u202e\"}\n]\n" {
		t.Errorf("JSON is %q", stdout)
	}
	stdout, _, _ = run(
		context.Background(),
		"sql",
		"--outputs",
		outputs,
		"--format",
		"csv",
		"--encoding",
		"utf-8",
		"SELECT 'a' || chr(27) || chr(8238) AS 文",
	)
	if stdout != "文\na\x1b\u202e\n" {
		t.Errorf("for a program CSV is %q", stdout)
	}
}

// One record of the log is one line in which everything is seen, whatever the names in it.
func TestLogIsPrintable(t *testing.T) {
	var b bytes.Buffer
	at := time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)
	log := slog.New(lineHandler{w: &b, level: slog.LevelInfo, clock: func() time.Time { return at }, mu: &sync.Mutex{}})
	log.With("自治体", "市\x1b[1m").Warn("読め\nない", "path", "a\r\nb\u202e.xlsx", "error",
		errors.Join(errors.New("一つ目\x07です"), errors.New("二つ目です")), "names", []string{"一\n二"})
	want := "2026-11-30 02:00:00 注意 読め⏎ない 自治体=市␛[1m path=a⏎b〔U+202E〕.xlsx error=一つ目␇です 二つ目です names=[一⏎二]\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
}
