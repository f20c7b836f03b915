package nightly

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/workbook/workbooktest"
)

// What a night could not tell is told by the next; that it could not is noted and no failure.
func TestTellingWaitsAndIsNoted(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	env.Settings.Tell = []notify.Channel{{File: "お知らせ.txt"}, {Webhook: &notify.Webhook{URLEnv: "HOOK"}}}
	if err := notify.Check(env.Settings.Tell); err != nil {
		t.Fatal(err)
	}
	run, err := Nightly(context.Background(), env, "nightly")
	if err != nil || run.Status != runs.StatusPublished || len(run.Told) != 2 ||
		run.Told[0].Error+run.Told[1].Error != "環境変数 HOOK がありません。実行する人の環境に設定してください" {
		t.Fatalf("%s %+v, %v", run.Status, run.Told, err)
	}
	if data, err := os.ReadFile(filepath.Join(env.Outputs, "お知らせ.txt")); err != nil || !strings.Contains(
		string(data), "更新しました",
	) {
		t.Errorf("the file: %s, %v", data, err)
	}
	if a := report.Attention(run); !slices.ContainsFunc(
		a, func(s string) bool { return strings.Contains(s, "「webhook」に知らせられませんでした") },
	) {
		t.Errorf("attention %q", a)
	}
	if n := report.Outbox(env).Waiting(); n != 1 {
		t.Errorf("%d messages wait", n)
	}
}

// A department that has an address gets its own findings with its 差戻し票, once for the same findings.
func TestDepartmentsAreToldOfTheirOwn(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	path := filepath.Join(env.Inputs, "八戸市/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx")
	workbooktest.SetCell(t, path, "指標", "G6", "五十億くらい")
	org := filepath.Join(env.Inputs, "八戸市/組織.csv")
	data, err := os.ReadFile(org)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	lines[0] = strings.TrimSpace(lines[0]) + ",メール"
	for i, l := range lines[1:] {
		if l = strings.TrimSpace(l); strings.Contains(l, "財政部,財政課") {
			lines[i+1] = l + ",zaisei@city.example.jp"
		}
	}
	if err := os.WriteFile(org, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	env.Settings.Tell = []notify.Channel{{Mail: &notify.Mail{
		Server: "localhost:1", From: "a@city.example.jp", To: []string{"b@city.example.jp"}, Departments: true,
	}}}
	if err := notify.Check(env.Settings.Tell); err != nil {
		t.Fatal(err)
	}
	for night, waiting := range []int{2, 3} { // the summary of each night, and the department's mail of the first
		run, err := Nightly(context.Background(), env, "nightly")
		if err != nil || len(run.Notes) > 0 {
			t.Fatalf("%q, %v", run.Notes, err)
		}
		if n := report.Outbox(env).Waiting(); n != waiting {
			t.Errorf("night %d: %d messages wait, want %d", night+1, n, waiting)
		}
	}
	letters, err := filepath.Glob(filepath.Join(env.Outputs, "outbox", "*財政課.json"))
	if err != nil || len(letters) != 1 {
		t.Fatalf("%q, %v", letters, err)
	}
	var w struct {
		Message notify.Message `json:"message"`
	}
	data, err = os.ReadFile(letters[0])
	if err != nil || json.Unmarshal(data, &w) != nil {
		t.Fatal(err)
	}
	m := w.Message
	if !slices.Equal(m.To, []string{"zaisei@city.example.jp"}) || !strings.Contains(m.Text, "「五十億くらい」は") ||
		!strings.Contains(m.Text, "財政部 財政課 御担当者 様") {
		t.Errorf("to %q: %s", m.To, m.Text)
	}
	if !slices.ContainsFunc(m.Attachments, func(a notify.Attachment) bool {
		return a.Name == "差戻し_財政指標_R6_財政課.xlsx" && len(a.Data) > 1000
	}) {
		t.Errorf("%d attachments", len(m.Attachments))
	}
}

// What was published between two nights is told by the second; what could not be told because the run was killed, by
// the one that takes it up.
func TestChangesAreToldOnce(t *testing.T) {
	t.Parallel()
	env := newEnv(t, copyInputs(t))
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	env.Settings.KeepRuns = 1
	night := func() (subject, text string) {
		t.Helper()
		run, err := Nightly(context.Background(), env, "nightly")
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(env.Outputs, "runs", run.ID+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		subject, text, _ = strings.Cut(string(data), "\n")
		return subject, text
	}
	if _, text := night(); strings.Contains(text, "■ 数値の変化") {
		t.Errorf("the first night has nothing to compare with:\n%s", text)
	}
	workbooktest.SetCell(t, filepath.Join(env.Inputs, oneWorkbook), "取組状況", "F6", "▲")
	mustLoad(t, env)
	touchInput(t, env)
	mustLoad(t, env)
	subject, text := night()
	if !strings.Contains(text, "■ 数値の変化") || !strings.Contains(text, "（暮らし交通安全課）") ||
		!strings.Contains(subject, "前回の知らせの後に更新された") {
		t.Errorf("after two loads: %s\n%s", subject, text)
	}
	if subject, text = night(); strings.Contains(text, "■ 数値の変化") || !strings.Contains(subject, "前回から変更はありません") {
		t.Errorf("told again: %s\n%s", subject, text)
	}
}
