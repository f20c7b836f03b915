package report

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/sendback"
	"kyogikai/pipelines/warehouse"
)

// What needs a person is told, each thing once; a run that went well needs nobody.
func TestAttention(t *testing.T) {
	if a := Attention(&runs.Run{Status: runs.StatusPublished, Findings: map[string]int{record.Warning: 3}}); len(a) != 0 {
		t.Errorf("%q", a)
	}
	got := Attention(&runs.Run{
		Status: runs.StatusFailed,
		Steps: []runs.Step{
			{Name: "brief", Status: runs.StepFailed, Error: "表がありません"}, {Name: "publish", Status: runs.StepSkipped},
		},
		Sources: []collect.Report{{Source: "庁内", Error: "つながりません"}, {Source: "網", Failed: 2}, {Source: "良い"}},
		Told: []notify.Outcome{
			{Channel: "chat", Subject: "一", Error: "拒まれた"}, {Channel: "chat", Subject: "二", Error: "拒まれた"},
			{Channel: "mail", Subject: "三"},
		},
		Findings: map[string]int{record.Error: 4}, Notes: []string{"時計が違います"},
	})
	want := []string{
		"失敗しました。前のデータがそのまま使われています", "資料作成でできなかったことがあります：表がありません",
		"収集元「庁内」から取り込めませんでした：つながりません", "収集元「網」で取り込めないファイルが2件あります",
		"調査票に誤りが4件残っています（kyogikai check）", "「chat」に知らせられませんでした：拒まれた（一　ほか1通）", "時計が違います",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// What of a source needs a person is told with names and what is used instead; what an earlier run held, with that run.
func TestWhatHasStoppedComing(t *testing.T) {
	t.Parallel()
	twelve := []string{"一課", "二課", "三課", "四課", "五課", "六課", "七課", "八課", "九課", "十課", "十一課", "十二課"}
	for name, c := range map[string]struct {
		source collect.Report
		want   []string
	}{
		"a source that fails": {
			collect.Report{
				Source: "網", Error: "つながりません。", Since: "2026-11-27", Behind: twelve, NotAsked: 3, Failed: 2,
				Named: []string{"甲「a.xlsx」"},
			},
			[]string{
				"収集元「網」から取り込めませんでした（令和8年11月27日から）：つながりません。前に取り込んだものを使っている課：" + strings.Join(twelve[:10], "、") + " ほか2課",
				"収集元「網」で取り込めないファイルが5件あります：甲「a.xlsx」 ほか4件（kyogikai check）",
			},
		},
		"files that fail": {
			collect.Report{Source: "網", Failed: 2, Named: []string{"R6/財政部（財政課）", "甲「a.xlsx」"}},
			[]string{"収集元「網」で取り込めないファイルが2件あります：R6/財政部（財政課）、甲「a.xlsx」（kyogikai check）"},
		},
		"departments of which nothing comes": {
			collect.Report{Source: "網", Stopped: []collect.Stopped{
				{Municipality: "市", Department: "財政課", Files: 2, Since: "2026-11-25", Kept: "2026-11-24"},
				{Department: "税務課", Files: 1, Since: "2026-11-26", Kept: "2026-11-20", Removed: true},
			}},
			[]string{
				"市　財政課：令和8年11月25日から、収集元「網」の調査票を取り込めません。令和8年11月24日までに取り込んだ2件を使い続けています。続きは kyogikai check で確かめてください",
				"税務課：令和8年11月26日から、収集元「網」の調査票がすべて消えました。令和8年11月20日までに取り込んだ1件を使い続けています。要らないものなら inputs から除くか、判断.csvで取り下げてください",
			},
		},
	} {
		if got := Attention(&runs.Run{Sources: []collect.Report{c.source}}); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q\nwant %q", name, got, c.want)
		}
	}
	const put = "フォルダをもとに戻すか、取り下げたのなら判断.csvに「取下げ」と書いてください"
	of := func(city string, year int, department, run string, unreadable bool) runs.Lost {
		return runs.Lost{
			Municipality: city,
			FiscalYear:   year,
			Department:   department,
			Files:        []string{"inputs/" + city + "/" + department + ".xlsx"},
			Run:          run,
			Unreadable:   unreadable,
		}
	}
	got := Attention(&runs.Run{Lost: []runs.Lost{
		of("市", 2024, "財政課", "一", false), of("市", 2024, "税務課", "一", false), of("市", 2024, "総務課", "一", true),
		of("市", 2023, "財政課", "二", false), {Municipality: "町", Files: []string{"inputs/町/組織.csv"}, Run: "一"},
	}})
	want := []string{
		"市　令和6年度：前はあった課の調査票がなくなりました（財政課、税務課）。値は実行 一 に残っています（kyogikai sql --run 一）。" + put,
		"市　令和6年度：前はあった課の調査票が開けません（総務課）。値は実行 一 に残っています（kyogikai sql --run 一）。" + put,
		"市　令和5年度：前はあった課の調査票がなくなりました（財政課）。値は実行 二 に残っています（kyogikai sql --run 二）。" + put,
		"町：組織.csvがなくなりました（一 の実行の後）。もとに戻すか、要らないものなら、見出しだけのファイルを置いてください",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if n := lostDepartments(&runs.Run{
		Lost:    []runs.Lost{of("市", 2024, "財政課", "一", false), of("市", 2023, "財政課", "一", false), {Municipality: "市"}},
		Sources: []collect.Report{{Stopped: []collect.Stopped{{Municipality: "市", Department: "税務課"}}}},
	}); n != 2 {
		t.Errorf("%d departments", n)
	}
}

// The subject says what a person must know before opening the mail: whether it went well, and whether the figures are
// new.
func TestSubject(t *testing.T) {
	for name, c := range map[string]struct {
		published string // "" where nothing is
		notice    Notice
		notified  string
		run       runs.Run
		want      string
	}{
		"published":              {"20261105T000000Z", Notice{}, "", runs.Run{}, "更新しました"},
		"nothing published":      {"", Notice{}, "", runs.Run{}, "失敗しました（前のデータがそのまま使われています）"},
		"another is published":   {"20261104T000000Z", Notice{Failed: true}, "", runs.Run{}, "失敗しました（前のデータがそのまま使われています）"},
		"published with trouble": {"20261105T000000Z", Notice{Failed: true}, "", runs.Run{}, "更新しましたが、できなかったことがあります"},
		"unchanged": {
			"20261104T000000Z", Notice{Unchanged: true}, "20261104T000000Z", runs.Run{}, "前回から変更はありません",
		},
		"unchanged, not told": {
			"20261104T000000Z", Notice{Unchanged: true}, "20261103T000000Z", runs.Run{}, "前回の知らせの後に更新されたものがあります",
		},
		"unchanged, trouble": {
			"20261104T000000Z", Notice{Unchanged: true, Failed: true}, "", runs.Run{}, "できなかったことがあります（数値は前回のまま）",
		},
		"errors": {"20261105T000000Z", Notice{}, "", runs.Run{
			Findings: map[string]int{record.Error: 2}, Sources: []collect.Report{{Error: "x"}},
		},
			"更新しました（取り込めない収集元1、調査票の誤り2件）"},
	} {
		outputs := t.TempDir()
		n := c.notice
		n.Env = project.Env{Outputs: outputs, Clock: func() time.Time { return time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC) }}
		n.Run = &c.run
		n.Run.ID, n.Run.Started = "20261105T000000Z", time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)
		write := func(path, data string) {
			t.Helper()
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if c.published != "" {
			write(warehouse.Path(warehouse.Dir(outputs), c.published), "")
			if err := warehouse.Publish(warehouse.Dir(outputs), c.published); err != nil {
				t.Fatal(err)
			}
		}
		if c.notified != "" {
			write(notifiedFile(n.Env), c.notified+"\n")
		}
		if got, want := n.subject(), "【協議会資料】令和8年11月5日の実行："+c.want; got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A department with an address gets its own findings and its own 差戻し票, and no other's.
func TestDepartmentMail(t *testing.T) {
	file := filepath.Join(t.TempDir(), "差戻し.xlsx")
	if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	own := record.Department{Municipality: "市", Bureau: "福祉部", Name: "福祉課", Mail: "fukushi@city.example.jp"}
	found := []record.Finding{
		{Municipality: "市", Department: "福祉課", Path: "a.xlsx", Sheet: "表", Cell: "E12",
			Code: "unit_scale_suspect", Message: "直してください。正しければ判断.csvに「確認」と記入してください。"},
		{Municipality: "市", Department: "財政課", Message: "別の課"}, {Municipality: "町", Department: "福祉課", Message: "別の町"},
	}
	written := []sendback.Written{
		{Municipality: "市", Department: "福祉課", File: file}, {Municipality: "市", Department: "福祉課", File: file, Stale: true},
		{Municipality: "市", Department: "財政課", File: file},
	}
	env := project.Env{AsOf: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), Settings: project.Settings{
		Contacts: []project.Contact{{Municipality: "市", Name: "企画係", SendTo: "共有", ReturnDays: 7}},
	}}
	m, ok := departmentMail(own, found, written, env)
	if !ok || !slices.Equal(m.To, []string{own.Mail}) || len(m.Attachments) != 1 ||
		!strings.Contains(m.Text, "a.xlsx › 表 › E12") ||
		!strings.Contains(m.Text, "次の1件") || strings.Contains(m.Text, "別の") {
		t.Errorf("%v %+v", ok, m)
	}
	if !strings.Contains(m.Text, "正しければ担当に知らせてください。") || !strings.HasSuffix(m.Text, "\n送り先：共有\n問合せ先：企画係\n") ||
		strings.Contains(m.Text, "返送の期限") {
		t.Errorf("%s", m.Text)
	}
	own.Mail = ""
	if _, ok := departmentMail(own, found, written, env); ok {
		t.Error("a mail without an address")
	}
	own.Mail, own.Name = "x", "総務課"
	if _, ok := departmentMail(own, found, written, env); ok {
		t.Error("a mail about nothing")
	}
}

// Whose findings they are, in words.
func TestWho(t *testing.T) {
	for want, d := range map[string]DepartmentFindings{
		"（収集）": {}, "市（課によらないもの）": {Municipality: "市"}, "市　福祉課": {Municipality: "市", Department: "福祉課"},
		"福祉課": {Department: "福祉課"},
	} {
		if got := d.Who(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// What is late comes first, then what is due soon, and last what has no day that can be read.
func TestUrgency(t *testing.T) {
	list := []Submission{
		{Department: "日付なし"}, {Department: "先", Dated: true, Days: 40},
		{Department: "一週間", Dated: true, Reminder: RemindWeek, Days: 6},
		{Department: "超過", Dated: true, Reminder: Overdue, Days: -3},
		{Department: "前日", Dated: true, Reminder: RemindEve, Days: 1},
	}
	slices.SortStableFunc(list, func(a, b Submission) int { return a.urgency() - b.urgency() })
	var got []string
	for _, s := range list {
		got = append(got, s.Department)
	}
	if want := []string{"超過", "前日", "一週間", "先", "日付なし"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSentBack(t *testing.T) {
	for _, c := range []struct {
		code, severity string
		want           bool
	}{
		{finding.FileUnsupported, record.Error, true}, {finding.FileUnsupported, record.Info, false},
		{finding.TargetAlreadyMet, record.Info, true}, {finding.SourceFailed, record.Warning, false},
		{finding.SourceRemoved, record.Info, false}, {finding.NumberUnreadable, record.Error, true},
	} {
		f := record.Finding{Code: c.code, Severity: c.severity, Department: "課", Path: "inputs/市/令和8年度/部/課/a.xlsx"}
		if got := sentBack(f); got != c.want {
			t.Errorf("%s %s: %v", c.code, c.severity, got)
		}
		f.Path = "inputs/市/提出対象.csv"
		if sentBack(f) {
			t.Errorf("%s: of a table beside the departments' folders", c.code)
		}
		f.Path, f.Department = "inputs/市/7年度", ""
		if sentBack(f) {
			t.Errorf("%s: of no department", c.code)
		}
	}
}
