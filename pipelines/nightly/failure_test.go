package nightly

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

func TestEmptyInputsKeepWhatIsPublished(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	for name, dir := range map[string]string{"empty": t.TempDir(), "absent": filepath.Join(t.TempDir(), "none")} {
		env.Inputs = dir
		run, err := Load(context.Background(), env, "test")
		var nothing *reading.InputsError
		if !errors.As(err, &nothing) {
			t.Fatalf("%s inputs: %v", name, err)
		}
		if run.Status != runs.StatusFailed || !strings.Contains(err.Error(), "--inputs") {
			t.Errorf("%s inputs: status %s, message %s", name, run.Status, err)
		}
	}
	if _, published, err := warehouse.Current(env.WarehouseDir()); err != nil || published != first.ID {
		t.Errorf("published is %s (%v), want %s", published, err, first.ID)
	}
	runs, err := runs.List(env.Outputs, 100)
	if err != nil || len(runs) != 3 || runs[0].Error == "" {
		t.Errorf("failed runs left no record: %d records, %v", len(runs), err)
	}
}

// small is a project of one meeting and one template over the real sql and forms.
func small(t *testing.T, env project.Env, template string) project.Env {
	t.Helper()
	files := fstest.MapFS{
		"templates/meetings/2025-10-21.yaml": {Data: []byte(
			"date: 2025-10-21\nkind: 資料\nmunicipality: 八戸市\nagenda_title: 議事\nitems:\n  - {number: '1', title: 題, department: " +
				"課, brief: a.md, parameters: {year: 2024}}\n")},
	}
	if template != "" {
		files["templates/briefs/a.md"] = &fstest.MapFile{Data: []byte(template)}
	}
	for _, f := range []string{"BIZUDMincho-Regular.ttf", "BIZUDGothic-Regular.ttf", "BIZUDGothic-Bold.ttf"} {
		data, err := os.ReadFile(filepath.Join(root, "templates/fonts", f))
		if err != nil {
			t.Fatal(err)
		}
		files["templates/fonts/"+f] = &fstest.MapFile{Data: data}
	}
	env.Project = files
	return env
}

// Each mistake in a template is told with its line and what to do, and writes nothing.
func TestTemplateMistakesAreTold(t *testing.T) {
	t.Parallel()
	real := sample(t)
	const head = "---\ntitle: 題\nqueries:\n  none: SELECT 1 AS x WHERE false\n  many: SELECT unnest([1, 2]) AS x\n" +
		"  empty: SELECT NULL AS x\n" +
		"  bad: SELECT nothing FROM nowhere\n  param: SELECT $place AS x\n---\n"
	cases := map[string]struct{ template, want string }{
		"no template":    {"", "templates/briefs/a.md: ひな形がありません"},
		"no rows":        {head + "\n文{{v \"none\" \"x\"}}", "a.md:11: 問合せ「none」の結果がありません"},
		"two rows":       {head + "{{v \"many\" \"x\"}}", "a.md:10: 問合せ「many」の結果が2行あります"},
		"empty value":    {head + "{{v \"empty\" \"x\"}}", "問合せ「empty」の「x」が空です"},
		"unknown query":  {head + "{{v \"misspelt\" \"x\"}}", "問合せ「misspelt」がありません"},
		"unknown column": {head + "{{v \"many\" \"y\"}}", "結果が2行"},
		"bad sql":        {head + "{{v \"bad\" \"x\"}}", "問合せ「bad」を実行できません"},
		"no parameter":   {head + "{{v \"param\" \"x\"}}", "$place の値がありません"},
		"bad function":   {head + "\n\n{{nofunction 1}}", "a.md:12: 文中の式を計算できません"},
		"not a number":   {head + "{{n \"abc\"}}", "「abc」は数値ではありません"},
		"empty table": {
			head + "```table\ncolumns: [{}]\nhead: [[a]]\nbody: [{query: none, cells: ['{{.x}}']}]\n```\n",
			"a.md:11: 問合せ「none」の結果がありません",
		},
		"NULL in a table": {
			head + "```table\ncolumns: [{}]\nhead: [[a]]\nbody: [{query: empty, cells: ['{{.x}}']}]\n```\n", "値が空です",
		},
		"cells too few": {
			head + "```table\ncolumns: [{}, {}]\nhead: [[a, b]]\nbody: [{query: many, cells: ['{{.x}}']}]\n```\n",
			"セルが1個です（列は2個）",
		},
		"no front matter": {"本文だけ", "前書き"},
		"pipe table":      {head + "| 列 | 列 |\n|---|---|\n| あ | い |\n", "a.md:10: ここに書けない書き方です（縦棒の表"},
		"picture":         {head + "\n文 ![図](a.png)\n", "a.md:11: ここに書けない書き方です（図）"},
		"html":            {head + "<div>\n</div>\n", "ここに書けない書き方です"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			env := small(t, real, c.template)
			ms, err := brief.Meetings(env.Project)
			if err != nil {
				t.Fatal(err)
			}
			_, err = papers.Make(context.Background(), env, ms[0], papers.Options{})
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:  %v\nwant: %s", err, c.want)
			}
			if written, _ := filepath.Glob(filepath.Join(env.Outputs, "briefs", "2025-10-21", "資料*")); len(written) > 0 {
				t.Errorf("something was written: %q", written)
			}
		})
	}
}

func TestUnknownMeetingNamesTheKnownOnes(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	ms, err := brief.Meetings(env.Project)
	if err != nil {
		t.Fatal(err)
	}
	_, err = brief.Choose(ms, "2025-01-01", env.AsOf)
	if err == nil || !strings.Contains(err.Error(), "2025-10-21") {
		t.Errorf("got %v", err)
	}
}

func TestSecondRunIsRefused(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	release, err := runs.Lock(env.Outputs, "夜間の実行")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	_, err = Load(context.Background(), env, "test")
	var locked *runs.LockedError
	if !errors.As(err, &locked) || locked.Holder != "夜間の実行" {
		t.Errorf("got %v", err)
	}
}

func TestUnchangedInputsPublishNothing(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	second := mustLoad(t, env)
	if second.Status != runs.StatusUnchanged || second.Errors() != first.Errors() {
		t.Errorf("second run: %s, %d errors (first %d)", second.Status, second.Errors(), first.Errors())
	}
	env.Version = "another program"
	if third := mustLoad(t, env); third.Status != runs.StatusPublished {
		t.Errorf("a run of another program: %s", third.Status)
	}
}

// A published file that is damaged is told by readers and made anew by the next load, though nothing else changed.
func TestDamagedFileIsMadeAnew(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	mustLoad(t, env)
	path, _, err := warehouse.Current(env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(path, 0o644), os.WriteFile(path, []byte("garbage"), 0o644)); err != nil {
		t.Fatal(err)
	}
	var altered *warehouse.AlteredError
	if _, err := papers.Make(
		context.Background(), env, october(t, env), papers.Options{},
	); !errors.As(err, &altered) || !strings.Contains(err.Error(), "kyogikai load") {
		t.Errorf("papers: %v", err)
	}
	if run := mustLoad(t, env); run.Status != runs.StatusPublished {
		t.Errorf("the load after it: %s", run.Status)
	}
}

// A broken model or a failed data test publishes nothing and says where.
func TestBrokenModelKeepsWhatIsPublished(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	cases := map[string]struct{ file, sql, want string }{
		"misspelt table": {
			"sql/marts/x.sql", "-- 表\nSELECT *\nFROM marts.initiativs", "sql/marts/x.sql:3: 表「marts.initiativs」がありません",
		},
		"cycle":            {"sql/marts/x.sql", "-- 表\nSELECT * FROM marts.x", "循環"},
		"not a select":     {"sql/marts/x.sql", "-- 表\nDELETE FROM meta.runs", "sql/marts/x.sql:"},
		"missing column":   {"sql/marts/x.sql", "-- 表\nSELECT nothing\nFROM marts.yearly", "sql/marts/x.sql:"},
		"no comment":       {"sql/marts/x.sql", "SELECT 1", "コメントがありません"},
		"data test failed": {"sql/tests/x.sql", "-- 検査\nSELECT 1 AS wrong", "sql/tests/x.sql に1行が掛かりました"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			broken := env
			broken.Project = overlay{FS: env.Project, name: c.file, data: c.sql}
			_, err := Load(context.Background(), broken, "test")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got:  %v\nwant: %s", err, c.want)
			}
			if _, published, err := warehouse.Current(env.WarehouseDir()); err != nil || published != first.ID {
				t.Errorf("published is %s (%v), want %s", published, err, first.ID)
			}
			left, err := filepath.Glob(filepath.Join(env.WarehouseDir(), "*"))
			if err != nil || len(left) != 2 { // the published file and its pointer
				t.Errorf("left behind: %q (%v)", left, err)
			}
		})
	}
}

// A night whose paper fails has published its data, and says both.
func TestNightSaysThatOnlyThePaperFailed(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t)) // without the workbooks that item 2 needs
	run, err := Nightly(context.Background(), env, "nightly")
	if err == nil || !strings.Contains(err.Error(), "データは更新してありますが") || run.Status != runs.StatusPublished ||
		run.Error == "" {
		t.Errorf("status %s: %v", run.Status, err)
	}
	if _, published, err := warehouse.Current(env.WarehouseDir()); err != nil || published != run.ID {
		t.Errorf("published %s, %v", published, err)
	}
}

// A plan of a form that does not exist is refused: its figures would be in no plan.
func TestPlanOfUnknownFormIsRefused(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.Settings.Plans[0].Forms = []string{"B", "Z"}
	if _, err := Load(context.Background(), env, "test"); err == nil || !strings.Contains(err.Error(), "様式「Z」がありません") {
		t.Errorf("an unknown form: %v", err)
	}
}

func TestMeetingsThatCannotHoldAreRefused(t *testing.T) {
	t.Parallel()
	const head = "date: 2025-10-21\nkind: 資料\nitems:\n"
	for text, want := range map[string]string{
		head + "  - {number: '1', title: ''}\n":                                    "number か title",
		head + "  - {number: '1', title: 一}\n  - {number: '1', title: 二}\n":        "重複",
		head + "  - {number: '1', title: 一, brief: a.md}\n":                        "department",
		strings.Replace(head, "21", "22", 1) + "  - {number: '1', title: 一}\n":     "date が違います",
		strings.Replace(head, "kind", "kimd", 1) + "  - {number: '1', title: 一}\n": "kimd",
	} {
		_, err := brief.Meetings(fstest.MapFS{"templates/meetings/2025-10-21.yaml": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The rows that a data test returned are stored with the run: in its record where nothing was published, in the file
// too where it was. They are counted, and capped.
func TestRowsOfDataTestsAreStored(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	const many = "-- 検査\n%sSELECT i AS wrong FROM range(150) AS t(i) ORDER BY i"
	for severity, header := range map[string]string{"error": "", "warning": "-- 重大度: warning\n"} {
		env.Project = overlay{FS: newEnv(t, "").Project, name: "sql/tests/x.sql", data: fmt.Sprintf(many, header)}
		env.Version = severity
		run, err := Load(context.Background(), env, "test")
		if (err != nil) != (severity == "error") {
			t.Fatalf("%s: %v", severity, err)
		}
		if len(run.Tests) != 1 || run.Tests[0].Rows != 150 || len(run.Tests[0].Examples) != 100 ||
			run.Tests[0].Examples[0] != "wrong=0" {
			t.Errorf("%s: the record holds %+v", severity, run.Tests)
		}
	}
	sameRows(t, "stored", query(t, env, `SELECT test, severity, rows, (SELECT count(*) FROM meta.test_rows AS r
		WHERE r.test = f.test)
		FROM meta.test_failures AS f`), [][]string{{"x", "warning", "150", "100"}})
}
