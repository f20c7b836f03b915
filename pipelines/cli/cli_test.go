package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const root = "../.."

var outputs string // of the sample inputs, loaded once

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(program())
	}
	dir, err := os.MkdirTemp("", "kyogikai")
	if err != nil {
		panic(err)
	}
	outputs = filepath.Join(dir, "outputs")
	_, stderr, code := run(context.Background(), "load", "--outputs", outputs)
	if code != exitFindings {
		panic(stderr)
	}
	code = m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// run runs one command line in the project's folder.
func run(ctx context.Context, args ...string) (stdout, stderr string, code int) {
	var out, err bytes.Buffer
	args = append([]string{"--config", filepath.Join(root, "kyogikai.yaml")}, args...)
	code = Run(ctx, args, World{
		Stdin: strings.NewReader("SELECT 7 AS 数"), Stdout: &out, Stderr: &err, Embedded: os.DirFS(root),
		Clock:  func() time.Time { return time.Date(2025, 10, 1, 2, 0, 0, 0, time.UTC) },
		Getenv: func(string) string { return "" },
	})
	return out.String(), err.String(), code
}

func TestExitCodesAndMessages(t *testing.T) {
	nothing := filepath.Join(t.TempDir(), "none")
	cases := map[string]struct {
		args []string
		code int
		says string // on either stream
	}{
		"help":               {[]string{}, exitDone, "調査票"},
		"help of a verb":     {[]string{"load", "--help"}, exitDone, "別の実行が動いている"},
		"unknown verb":       {[]string{"lod"}, exitUsage, "使い方が違います"},
		"unknown flag":       {[]string{"load", "--nothing"}, exitUsage, "使い方が違います"},
		"too many arguments": {[]string{"brief", "a", "b"}, exitUsage, "引数が多すぎます"},
		"absent settings":    {[]string{"--config", "none.yaml", "load"}, exitUsage, "none.yaml"},
		"bad day":            {[]string{"brief", "--as-of", "明日"}, exitUsage, "--as-of"},
		"bad format":         {[]string{"sql", "--format", "xml", "SELECT 1"}, exitUsage, "csv"},
		"no query":           {[]string{"sql"}, exitUsage, "QUERY"},
		"nothing published":  {[]string{"sql", "SELECT 1", "--outputs", nothing}, exitFailed, "kyogikai load"},
		"nothing to check":   {[]string{"check", "--outputs", nothing}, exitFailed, "kyogikai load"},
		"no status":          {[]string{"status", "--outputs", nothing}, exitFailed, "kyogikai load"},
		"no inputs": {
			[]string{"load", "--inputs", nothing, "--outputs", t.TempDir()}, exitFailed, "入力フォルダがありません",
		},
		"unknown meeting":      {[]string{"brief", "2020-01-01", "--outputs", outputs}, exitFailed, "2025-10-21"},
		"unchanged load":       {[]string{"load", "--outputs", outputs}, exitFindings, "何も変わっていません"},
		"flag before the verb": {[]string{"--outputs", outputs, "load"}, exitFindings, "誤り20件"},
		"words":                {[]string{"check", "--words", "2025-10-21", "--outputs", outputs}, exitDone, "根拠未確認1件"},
		"words of no meeting": {
			[]string{"check", "--words", "2020-01-01", "--outputs", outputs}, exitFailed, "2025-10-21",
		},
		"meeting without words": {[]string{"check", "2025-10-21", "--outputs", outputs}, exitUsage, "--words と一緒に"},
		"bad share":             {[]string{"load", "--shard", "5/3"}, exitUsage, "例: 3/16"},
		"share and merge":       {[]string{"load", "--shard", "1/2", "--merge", "a"}, exitUsage, "一緒に使えません"},
		"to without share":      {[]string{"load", "--to", "a"}, exitUsage, "--to は --shard と"},
		"too many shares":       {[]string{"load", "--shard", "1/9", "--to", t.TempDir()}, exitFailed, "自治体は2しかありません"},
		"merge of nothing": {
			[]string{"load", "--merge", nothing, "--outputs", t.TempDir()}, exitFailed, "分担の結果がありません",
		},
		"brief":   {[]string{"brief", "--outputs", outputs}, exitFindings, "総務協議会資料.pdf"},
		"nightly": {[]string{"nightly", "--outputs", outputs}, exitFindings, "資料作成"},
		"nightly, none coming": {
			[]string{"nightly", "--outputs", outputs, "--as-of", "2030-01-01"}, exitFindings, "変わっていません",
		},
		"status":                  {[]string{"status", "--outputs", outputs}, exitFindings, "22／3／1"},
		"status, what to look at": {[]string{"status", "--outputs", outputs}, exitFindings, "調査票に誤りが20件残っています"},
		"collect without sources": {[]string{"collect", "--outputs", outputs}, exitDone, "sources（収集元）がありません"},
		"check":                   {[]string{"check", "--outputs", outputs}, exitFindings, "調査票 › H12"},
		"check a department":      {[]string{"check", "道路維持課", "--outputs", outputs}, exitFindings, "合計: 誤り2件、注意0件、参考0件"},
		"check one without errors": {
			[]string{"check", "八戸市/観光文化スポーツ部/スポーツ振興課", "--outputs", outputs}, exitDone, "誤り0件、注意1件",
		},
		"check by form, year and severity": {
			[]string{"check", "--form", "A", "--year", "令和8年度", "--severity", "error", "--outputs", outputs}, exitFindings,
			"合計: 誤り12件、注意0件、参考0件",
		},
		"check, nothing grave":      {[]string{"check", "--severity", "参考", "--outputs", outputs}, exitDone, "誤り0件、注意0件、参考"},
		"check, two departments":    {[]string{"check", "人事課", "--outputs", outputs}, exitUsage, "八戸市/人事課 か 秦野市/人事課"},
		"check, no such department": {[]string{"check", "道路維待課", "--outputs", outputs}, exitUsage, "八戸市/建設部/道路維持課"},
		"check, no such form":       {[]string{"check", "--form", "Z", "--outputs", outputs}, exitUsage, "A（成果指標調査票）"},
		"check, no such year":       {[]string{"check", "--year", "令和20年度", "--outputs", outputs}, exitUsage, "令和8年度）"},
		"check, no such severity":   {[]string{"check", "--severity", "重大", "--outputs", outputs}, exitUsage, "error（誤り）"},
		"check words of a form":     {[]string{"check", "--words", "--form", "A"}, exitUsage, "一緒に使えません"},
		"returns of one department": {[]string{"check", "財政課", "--returns", "--outputs", outputs}, exitDone, "差戻し票: "},
		"returns, how many and where": {
			[]string{"check", "--returns", "--outputs", outputs}, exitFindings,
			"件作りました（" + filepath.Join(outputs, "returns") + "）",
		},
		"returns, nobody to ask": {
			[]string{"check", "--returns", "--outputs", outputs}, exitFindings, "contacts（担当）に「八戸市」「秦野市」がない",
		},
		"status, what was read":      {[]string{"status", "--outputs", outputs}, exitFindings, "読んだ値／誤りで除いた値／読んでいないセル"},
		"status, values of one form": {[]string{"status", "--outputs", outputs, "--json"}, exitFindings, `"name":"成果指標調査票"`},
		"wrong SQL": {
			[]string{"sql", "SELECT nothing", "--outputs", outputs}, exitFailed, "1行目: SELECT nothing\n              ^",
		},
		"a writing query": {[]string{"sql", "DROP TABLE marts.yearly", "--outputs", outputs}, exitFailed, "読むだけ"},
		"trace":           {[]string{"trace", "2/進捗状況/計/◎", "--outputs", outputs}, exitDone, "もとのセル（3か所）"},
		"trace of none":   {[]string{"trace", "2/進捗状況/計/×", "--outputs", outputs}, exitDone, "調べたセル（101か所）"},
		"trace of a setting": {
			[]string{"trace", "2025-10-21/2/本文/1(2)-2/3", "--outputs", outputs}, exitDone, "kyogikai.yaml",
		},
		"trace with its SQL": {
			[]string{"trace", "2/進捗状況/構成比/○", "--sql", "--outputs", outputs}, exitDone, "largest_remainder(t.counts)",
		},
		"trace, unknown": {
			[]string{"trace", "2/進捗状況/総計/◎", "--outputs", outputs}, exitUsage, "2025-10-21/2/進捗状況/計/◎",
		},
		"trace, ambiguous": {
			[]string{"trace", "計/◎", "--outputs", outputs}, exitUsage,
			"どれか決められません。次のどれかの番地を、全部書いてください：\n  2025-10-21/2/進捗状況/計/◎　3\n  2025-10-21/2/推進期間全体の進捗状況/計/◎",
		},
		"trace of before": {
			[]string{
				"trace", "2/推進項目別の取組数/柱1職員能力の向上と組織運営の強化・(1)職員の能力向上/令和6年度取組数（）は再掲の取組数-2", "--outputs", outputs,
			}, exitDone, "いまの番地は「2025-10-21/2/推進項目別の取組数/柱1職員能力の向上と組織運営の強化/令和6年度取組数（）は再掲の取組数-2」です",
		},
		"trace, no argument":   {[]string{"trace", "--outputs", outputs}, exitUsage, "番地"},
		"trace, nothing there": {[]string{"trace", "2/a/b/c", "--outputs", nothing}, exitFailed, "kyogikai load"},
		"trace, unknown run": {
			[]string{"trace", "2/a/b/c", "--run", "20200101T000000Z", "--outputs", outputs}, exitUsage, "残っているのは 2025",
		},
		"diff of one run": {[]string{"diff", "--outputs", outputs}, exitUsage, "一回だけ"},
		"diff with itself": {
			[]string{"diff", "20251001T020000Z", "20251001T020000Z", "--outputs", outputs}, exitDone, "変わった数値はありません",
		},
		"diff, unknown run": {
			[]string{"diff", "20200101T000000Z", "--outputs", outputs}, exitUsage, "20200101T000000Z",
		},
		"diff, nothing there": {[]string{"diff", "--outputs", nothing}, exitFailed, "kyogikai load"},
		"figures": {
			[]string{"brief", "--figures", "--outputs", outputs}, exitFindings, "2025-10-21/2/進捗状況/計/◎  3\n",
		},
		"query on standard input": {[]string{"sql", "-", "--format", "csv", "--outputs", outputs}, exitDone, "数\n7\n"},
		"query too slow": {[]string{"sql", "--timeout", "300ms", "--outputs", outputs,
			"SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"}, exitFailed, "打ち切りました"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			stdout, stderr, code := run(context.Background(), c.args...)
			if code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			if !strings.Contains(stdout+stderr, c.says) {
				t.Errorf("does not say %s:\n%s%s", c.says, stdout, stderr)
			}
			for _, bad := range []string{"goroutine", "panic", ".go:"} {
				if strings.Contains(stdout+stderr, bad) {
					t.Errorf("shows a trace:\n%s", stderr)
				}
			}
		})
	}
}

func TestLockedAndInterrupted(t *testing.T) {
	f, err := os.OpenFile(filepath.Join(outputs, ".lock"), os.O_RDWR, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it holds a lock, nothing is written
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := run(
		context.Background(), "load", "--outputs", outputs,
	); code != exitLocked || !strings.Contains(stderr, "プロセス") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, stderr, code := run(
		ctx, "load", "--outputs", t.TempDir(),
	); code != exitInterrupted || !strings.Contains(stderr, "いまのデータは変わりません") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

func TestSQLFormats(t *testing.T) {
	const query = "SELECT '柱1' AS 柱, 3.0::DECIMAL(4,1) AS 割合, NULL AS 空, true AS 可, ['課', '室'] AS 課 " +
		"UNION ALL SELECT 'a,\"b', 12.5, NULL, false, []"
	for format, want := range map[string]string{
		"csv": "\ufeff柱,割合,空,可,課\n柱1,3.0,,true,\"[\"\"課\"\",\"\"室\"\"]\"\n\"a,\"\"b\",12.5,,false,[]\n",
		"json": "[\n{\"柱\":\"柱1\",\"割合\":3.0,\"空\":null,\"可\":true,\"課\":[\"課\",\"室\"]},\n" +
			"{\"柱\":\"a,\\\"b\",\"割合\":12.5,\"空\":null,\"可\":false,\"課\":[]}\n]\n",
		"table": "柱    割合  空  可     課\n----  ----  --  -----  -----------\n柱1    3.0      true   [\"課\",\"室\"]\na,\"b  " +
			"12.5      false  []\n",
	} {
		got, stderr, code := run(context.Background(), "sql", "--format", format, query, "--outputs", outputs)
		if code != exitDone || got != want {
			t.Errorf("%s: exit %d, %s\n%s\nwant:\n%s", format, code, stderr, got, want)
		}
	}
}

func TestJSONLines(t *testing.T) {
	for verb, kind := range map[string]string{
		"check": "finding", "status": "run", "load": "run", "brief": "papers", "trace 2/進捗状況/計/◎": "figure",
		"diff 20251001T020000Z": "diff", "brief --figures": "figure",
	} {
		stdout, _, _ := run(context.Background(), append(strings.Fields(verb), "--json", "--outputs", outputs)...)
		lines := strings.Split(strings.TrimSpace(stdout), "\n")
		for i, line := range lines {
			var v map[string]any
			if err := json.Unmarshal([]byte(line), &v); err != nil {
				t.Fatalf("%s: line %d is not JSON: %s", verb, i, line)
			}
			if i == 0 && v["type"] != kind {
				t.Errorf("%s: type %v, want %s", verb, v["type"], kind)
			}
		}
	}
}

// Without a project folder, the copies in the binary serve.
func TestEmbeddedProject(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	project, err := filepath.Abs(filepath.Join(startDir, root))
	if err != nil {
		t.Fatal(err)
	}
	var out, stderr bytes.Buffer
	code := Run(context.Background(), []string{"brief", "2025-10-21", "--inputs", filepath.Join(project, "inputs")}, World{
		Stdout: &out, Stderr: &stderr, Embedded: os.DirFS(project), Clock: time.Now,
	})
	if code != exitFindings {
		t.Fatalf("exit %d: %s", code, stderr.String())
	}
	if _, err := os.Stat(filepath.Join(here, "outputs/briefs/2025-10-21/総務協議会資料.pdf")); err != nil {
		t.Error(err)
	}
}

// startDir is the package's folder, in which the tests begin.
var startDir, _ = os.Getwd()

func TestParseVerb(t *testing.T) {
	out, stderr, code := run(context.Background(), "parse", "-3.4", "--json", "20億4千万円", "五百件")
	const none = `"comparator":"none","change":"none","approx":false,"secondary_value":"","secondary_unit":"",`
	want := `{"literal":"-3.4","value":"-3.4","unit":"",` + none + `"status":"number"}` + "\n" +
		`{"literal":"20億4千万円","value":"2040000000","unit":"円",` + none + `"status":"number"}` + "\n" +
		`{"literal":"五百件","value":"","unit":"",` + none + `"status":"text","why":"漢数字で書かれている"}` + "\n"
	if code != 0 || out != want {
		t.Errorf("parse: %d\n%s%s", code, out, stderr)
	}
	if _, _, code := run(context.Background(), "parse"); code != exitUsage {
		t.Errorf("parse without literals: %d", code)
	}
}

// Two shares of the sample cities and their merge say what they did.
func TestShareAndMerge(t *testing.T) {
	t.Parallel()
	to, merged := t.TempDir(), t.TempDir()
	for share, want := range map[string]string{"1/2": "自治体1、調査票105件", "2/2": "自治体1、調査票24件"} {
		out, said, _ := run(context.Background(), "load", "--shard", share, "--to", to, "--outputs", t.TempDir())
		if !strings.Contains(out, want) {
			t.Errorf("%s: %s%s", share, out, said)
		}
	}
	out, said, code := run(context.Background(), "load", "--merge", to, "--outputs", merged)
	if code != exitFindings || !strings.Contains(out, "調査票129件") || !strings.Contains(out, "誤り20件") {
		t.Errorf("merge: %d %s%s", code, out, said)
	}
}
