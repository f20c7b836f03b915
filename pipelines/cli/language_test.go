package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// ownProject is a copy of what a city keeps, with some of its files changed: "" removes one.
func ownProject(t *testing.T, changes map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"kyogikai.yaml", "sql", "templates/forms", "templates/briefs", "templates/meetings"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		source := filepath.Join(root, name)
		info, err := os.Stat(source)
		if err != nil {
			t.Fatal(err)
		}
		if info.IsDir() {
			err = os.CopyFS(filepath.Join(dir, name), os.DirFS(source))
		} else {
			var data []byte
			if data, err = os.ReadFile(source); err == nil {
				err = os.WriteFile(filepath.Join(dir, name), data, 0o644)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(
		filepath.Join(dir, "inputs/八戸市"), os.DirFS(filepath.Join(root, "inputs/八戸市/令和6年度/財政部")),
	); err != nil {
		t.Fatal(err)
	}
	for name, text := range changes {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// english is a sentence of a developer: words in a row that are no name of a file, a verb or a setting.
var english = regexp.MustCompile(`[a-z]{2,} [a-z]{2,}`)

// names are what stands in messages as it is written in files and on the command line.
var names = regexp.MustCompile(`「[^」]*」|（[A-Z]+ [^）]*）|kyogikai( [a-z]+)*( --[a-z]+)*|\S*[/.]\S*|-[-a-z]+`)

// What goes wrong is told in Japanese, and says where: nobody who runs the program has to read a library's English.
func TestMessagesAreInOneLanguage(t *testing.T) {
	const meeting = "date: 2025-10-21\nkind: 資料\nitems:\n  - {number: '1', title: 題, department: 課, brief: a.md}\n"
	for name, c := range map[string]struct {
		changes map[string]string
		args    []string
		says    string
	}{
		"settings that are no YAML": {map[string]string{"kyogikai.yaml": "plans: [\n"}, nil,
			"の1行目: 「plans: [」を読めません。「[」が対になっていません"},
		"an unknown setting": {
			map[string]string{"kyogikai.yaml": "plans: []\nkeep: 3\n"}, nil, "2行目: 「keep」という項目はありません",
		},
		"a number that is none": {map[string]string{"kyogikai.yaml": "keep_runs: たくさん\n"}, nil,
			"の1行目: keep_runs（データファイルを何回分残すか）には整数を書きます。「たくさん」とあります"},
		"settings in CP932":      {map[string]string{"kyogikai.yaml": "# \x8e\x9a\n"}, nil, "UTF-8 で保存し直してください"},
		"a form that is no YAML": {map[string]string{"templates/forms/B.yaml": "id: [\n"}, nil, "B.yaml:"},
		"a form of unknown fields": {
			map[string]string{"templates/forms/B.yaml": "id: Z\nname: 名\nwhat: 1\n"}, nil, "B.yaml:1: 様式 に layout・titles がありません",
		},
		"a model that is wrong": {
			map[string]string{"sql/marts/x.sql": "-- 何か\nSELECT nothing FROM nowhere\n"}, nil, "sql/marts/x.sql:2",
		},
		"a macro that is wrong": {
			map[string]string{"sql/macros/x.sql": "-- 何か\nCREATE MACRO x(a) AS (\n"}, nil, "sql/macros/x.sql",
		},
		"a data test that is wrong": {
			map[string]string{"sql/tests/x.sql": "-- 何か\nSELEC 1\n"}, nil, "sql/tests/x.sql:2: 検査を実行できません",
		},
		"a misspelt finding": {
			map[string]string{"sql/tests/x.sql": "-- 何か\n-- 指摘: valuse\nSELECT 1 WHERE false\n"}, nil, "sql/tests/x.sql:2",
		},
		"a day that is none": {
			map[string]string{"templates/meetings/2025-10-21.yaml": strings.Replace(meeting, "2025-10-21", "令和7年10月32日", 1)},
			[]string{"brief", "2025-10-21"}, "date には日付（令和7年10月21日か 2025-10-21 の形）を書きます。「令和7年10月32日」とあります",
		},
		"a colon that is wide": {
			map[string]string{"templates/meetings/2025-10-21.yaml": "date： 2025-10-21\nkind: 資料\n"},
			[]string{"brief", "2025-10-21"}, "2025-10-21.yaml:1: 会議の設定を読めません。「date： 2025-10-21」を読めません。「：」が全角です",
		},
		"a template of no function": {
			map[string]string{
				"templates/meetings/2025-10-21.yaml": meeting, "templates/briefs/a.md": "---\ntitle: 題\n---\n{{unheard 1}}\n",
			},
			[]string{"brief", "2025-10-21"}, "a.md:4",
		},
		"a query of no table": {
			map[string]string{
				"templates/meetings/2025-10-21.yaml": meeting,
				"templates/briefs/a.md":              "---\ntitle: 題\nqueries: {q: FROM marts.yearl}\n---\n{{n (v \"q\" \"a\")}}\n",
			},
			[]string{"brief", "2025-10-21"}, "表「yearl」がありません",
		},
		"a template that is not shut": {
			map[string]string{
				"templates/meetings/2025-10-21.yaml": meeting, "templates/briefs/a.md": "---\ntitle: 題\n---\n{{n 1\n",
			},
			[]string{"brief", "2025-10-21"}, "a.md:",
		},
		"a value that is not there": {map[string]string{
			"templates/meetings/2025-10-21.yaml": meeting, "templates/briefs/a.md": "---\ntitle: 題\n---\n{{ .totl.x }}\n",
		}, []string{"brief", "2025-10-21"}, "「totl」"},
		"settings that are empty": {map[string]string{"kyogikai.yaml": ""}, nil, "何も書かれていません"},
		"a day that cannot be read": {
			nil, []string{"final", "2025-10-21", "--distributed", "いつか", "--outputs", filepath.Join(root, "go.mod")},
			"--distributed の「いつか」は日付として読めません",
		},
		"outputs that are a file":    {nil, []string{"load", "--outputs", filepath.Join(root, "go.mod")}, "go.mod"},
		"inputs that are a file":     {nil, []string{"load", "--inputs", filepath.Join(root, "go.mod")}, "go.mod"},
		"a file where there is none": {nil, []string{"sql", "-f", "ありません.sql", "--outputs", outputs}, "ありません.sql"},
		"a folder where there is none": {
			nil, []string{"sql", "SELECT 1", "-o", "ない/結果.csv", "--outputs", outputs}, "ない/結果.csv",
		},
		"a flag that is none":       {nil, []string{"brief", "--nothing"}, "--nothing という指定はありません"},
		"a flag without its value":  {nil, []string{"sql", "--timeout"}, "--timeout の値がありません"},
		"a value that is none":      {nil, []string{"sql", "--timeout", "五分", "SELECT 1"}, "--timeout に「五分」は使えません"},
		"a misspelt flag":           {nil, []string{"brief", "--darft"}, "--darft という指定はありません（近いもの: --draft）"},
		"the beginning of a flag":   {nil, []string{"check", "--sever", "error"}, "--sever という指定はありません（近いもの: --severity）"},
		"the same of every verb":    {nil, []string{"check", "--as-off", "x"}, "（近いもの: --as-of）"},
		"a short flag that is none": {nil, []string{"check", "-q"}, "-q という指定はありません"},
		"a verb that is none":       {nil, []string{"brif"}, "「brif」という命令はありません（近いもの: brief）"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := ownProject(t, c.changes)
			if c.args == nil {
				c.args = []string{"load"}
			}
			var out, err bytes.Buffer
			args := append([]string{"--config", filepath.Join(dir, "kyogikai.yaml")}, c.args...)
			code := Run(context.Background(), args, World{
				Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Embedded: os.DirFS(root),
				Clock:  func() time.Time { return time.Date(2025, 10, 1, 2, 0, 0, 0, time.UTC) },
				Getenv: func(string) string { return "" },
			})
			said := err.String()
			if code == exitDone || code == exitFindings || !strings.Contains(said, c.says) {
				t.Errorf("exit %d, wants %s:\n%s", code, c.says, said)
			}
			for _, line := range strings.Split(said, "\n") {
				if found := english.FindString(names.ReplaceAllString(line, "")); found != "" {
					t.Errorf("「%s」 in: %s", found, line)
				}
			}
		})
	}
}

// Developers get the whole of an error with --debug.
func TestDebugTellsTheWhole(t *testing.T) {
	dir := ownProject(t, map[string]string{"sql/tests/x.sql": "-- 何か\nSELEC 1\n"})
	_, stderr, code := run(context.Background(), "--config", filepath.Join(dir, "kyogikai.yaml"), "--debug", "load")
	if code != exitFailed || !strings.Contains(stderr, "debug: ") || !strings.Contains(stderr, "testing models: ") {
		t.Errorf("exit %d:\n%s", code, stderr)
	}
}
