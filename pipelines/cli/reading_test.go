package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// check --reading draws one file, whether or not anything is published, and tells where.
func TestCheckReading(t *testing.T) {
	own := t.TempDir()
	sound := filepath.Join(root, "inputs/八戸市/令和7年度/総務部/人事課/人事課_KPI調査票.xlsx")
	wrong := filepath.Join(root, "inputs/秦野市/令和8年度/総務部/契約検査課/成果指標調査票（パスワード付）.xlsx")
	roster := filepath.Join(own, "名簿.csv")
	if err := os.WriteFile(roster, []byte("氏名,電話\n山田,0123\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(own, "reading/八戸市/令和7年度/総務部/人事課/人事課_KPI調査票.xlsx.html")
	for name, c := range map[string]struct {
		args []string
		code int
		file string   // that is written
		page []string // what is in it
		says string   // on either stream
	}{
		"in its place": {[]string{"--reading", sound}, exitDone, place,
			[]string{"人事課_KPI調査票.xlsx", "八戸市（置き場所による）", "令和7年度（置き場所による）", "A 成果指標調査票"}, "読み取りの図: " + place},
		"to a file": {[]string{"--reading", sound, "-o", filepath.Join(own, "深い/図.html")}, exitDone,
			filepath.Join(own, "深い/図.html"), []string{"<html lang=\"ja\">"}, "図.html"},
		"with an error": {[]string{"--reading", wrong}, exitFindings,
			filepath.Join(own, "reading/秦野市/令和8年度/総務部/契約検査課/成果指標調査票（パスワード付）.xlsx.html"),
			[]string{"パスワードで保護されています"}, "誤り1件"},
		"of no form": {[]string{"--reading", roster}, exitDone, filepath.Join(own, "reading/名簿.csv.html"),
			[]string{"<dd>なし（置き場所からも", "山田", "どの様式にも当てはまらない"}, "未読4"},
		"told whose": {[]string{"--reading", roster, "--municipality", "八戸市", "--year", "2024"}, exitDone,
			filepath.Join(own, "reading/名簿.csv.html"), []string{"八戸市（--municipality による）", "令和6年度（--year による）"}, "未読4"},
		"as JSON":          {[]string{"--reading", roster, "--json"}, exitDone, "", nil, `"claims":{"unread":4}`},
		"no such file":     {[]string{"--reading", "ありません.xlsx"}, exitUsage, "", nil, "ありません.xlsx がありません"},
		"a folder":         {[]string{"--reading", own}, exitUsage, "", nil, "ファイルではありません"},
		"two files":        {[]string{"--reading", sound, wrong}, exitUsage, "", nil, "一つです"},
		"no year":          {[]string{"--reading", roster, "--year", "来年"}, exitUsage, "", nil, "--year は 令和6年度"},
		"another city":     {[]string{"--reading", sound, "--municipality", "秦野市"}, exitUsage, "", nil, "置き場所は「八戸市」"},
		"over the file":    {[]string{"--reading", roster, "-o", roster}, exitUsage, "", nil, "読むファイルと同じ"},
		"with --returns":   {[]string{"--reading", sound, "--returns"}, exitUsage, "", nil, "一緒に使えません"},
		"city alone":       {[]string{"--municipality", "八戸市"}, exitUsage, "", nil, "--reading と一緒に"},
		"year alone":       {[]string{"--year", "令和6年度"}, exitFailed, "", nil, "先に kyogikai load"}, // of findings
		"output alone":     {[]string{"-o", "a.html"}, exitUsage, "", nil, "--reading と一緒に"},
		"to a folder file": {[]string{"--reading", sound, "-o", filepath.Join(roster, "a.html")}, exitFailed, "", nil, "権限"},
	} {
		stdout, stderr, code := run(context.Background(), append([]string{"check", "--outputs", own}, c.args...)...)
		if code != c.code || !strings.Contains(stdout+stderr, c.says) {
			t.Errorf("%s: exit %d, want %d\n%s%s", name, code, c.code, stdout, stderr)
		}
		if c.file == "" {
			continue
		}
		page, err := os.ReadFile(c.file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range c.page {
			if !strings.Contains(string(page), want) {
				t.Errorf("%s: the page does not say %s", name, want)
			}
		}
		if err := os.Remove(c.file); err != nil {
			t.Error(err)
		}
	}
	if data, err := os.ReadFile(roster); err != nil || !strings.HasPrefix(string(data), "氏名") {
		t.Errorf("the file that was read is changed: %v", err)
	}
}

// The line of JSON says what the page shows.
func TestCheckReadingJSON(t *testing.T) {
	file := filepath.Join(root, "inputs/八戸市/令和7年度/総務部/人事課/人事課_KPI調査票.xlsx")
	stdout, stderr, code := run(context.Background(), "check", "--reading", file, "--json", "--outputs", t.TempDir())
	var line struct {
		Type, File, Path, Municipality, Status string
		FiscalYear                             int `json:"fiscal_year"`
		Forms                                  []string
		Records                                int
		Claims, Findings                       map[string]int
	}
	if err := json.Unmarshal([]byte(stdout), &line); err != nil || code != exitDone {
		t.Fatalf("%v %d %s%s", err, code, stdout, stderr)
	}
	if _, err := os.Stat(line.File); err != nil || line.Type != "reading" || line.Municipality != "八戸市" ||
		line.FiscalYear != 2025 || line.Status != "read" || line.Records == 0 || len(line.Forms) != 1 ||
		!strings.HasSuffix(line.Path, "人事課_KPI調査票.xlsx") || len(line.Claims) == 0 {
		t.Errorf("%+v %v", line, err)
	}
}
