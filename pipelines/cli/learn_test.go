package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// form --learn writes the proposal and a picture of each example, says of each item how sure it is, and refuses to
// write over what is there.
func TestLearn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first := write("令和8年度/図書館.csv", "来館者調査票\n施設名,来館者数（人）,備考\n図書館,1300,\n公民館,900,夜間も開館\n")
	second := write("令和8年度/博物館.csv", "来館者調査票\n施設名,来館者数（人）,備考\n博物館,310,\n美術館,200,\n")
	out := filepath.Join(dir, "案")
	stdout, stderr, code := run(t.Context(), "form", "--learn", first, second, "-o", out)
	if code != 0 {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	for _, want := range []string{
		"来館者調査票.yaml", "確か 項目 facility: 施設名（!A2ほか1）", "例から読める記録は 4 件", "templates/forms/ に移してください",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not in\n%s", want, stdout)
		}
	}
	files, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	picture, err := os.ReadFile(files[1])
	if err != nil || !strings.Contains(string(picture), "公民館") {
		t.Errorf("%s, %v", files[1], err)
	}
	learn := func(args ...string) (stderr string, code int) {
		_, stderr, code = run(t.Context(), append([]string{"form", "--learn"}, args...)...)
		return stderr, code
	}
	if stderr, code := learn(first, "-o", out); code != 1 || !strings.Contains(stderr, "すでに") {
		t.Errorf("over what is there: exit %d: %s", code, stderr)
	}
	if stderr, code := learn(); code != 2 || !strings.Contains(stderr, "例にする調査票") {
		t.Errorf("no example: exit %d: %s", code, stderr)
	}
	if stderr, code := learn("--all", first); code != 2 || !strings.Contains(stderr, "--learn") {
		t.Errorf("with --all: exit %d: %s", code, stderr)
	}
	if stderr, code := learn(filepath.Join(dir, "ない.csv")); code != 2 || !strings.Contains(stderr, "ありません") {
		t.Errorf("no file: exit %d: %s", code, stderr)
	}
	broken := write("壊れた.xlsx", "")
	if stderr, code := learn(first, broken); code != 1 || !strings.Contains(stderr, "「壊れた.xlsx」を開けません（ファイルが空です）") {
		t.Errorf("what cannot be opened: exit %d: %s", code, stderr)
	}
	note := write("お知らせ.csv", "お知らせ\nきょうは雨です\n")
	stdout, stderr, code = run(t.Context(), "form", "--learn", note, "-o", filepath.Join(dir, "別"))
	if code != 1 || !strings.Contains(stdout, "お知らせ.csv") || !strings.Contains(stderr, "様式の案は作れませんでした") {
		t.Errorf("no form: exit %d: %s%s", code, stdout, stderr)
	}
}
