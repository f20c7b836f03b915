package cli

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook/workbooktest"
)

// What a city had before it took this program: the version before, with its own settings, forms, templates and a few
// workbooks, a line 取下げ, 確認 and 除いて確定 of 判断.csv each, four returned 数値確認票, and a meeting whose papers are final.
// That program (commit eb23fd2) made it by load, brief --confirm, the answers, and brief --final; the runs before and
// the cache are left out. It is never made anew: another version's folder is another archive.
const (
	takenOver     = "testdata/taken_over.tar.gz"
	takenMeeting  = "2025-10-21"
	takenDay      = "2025-10-20"
	takenFund     = "八戸市/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx"
	takenProgress = "八戸市/令和6年度/財政部/財政課/財政課　行財政改革取組状況調査票.xlsx"
)

// takeOver unpacks the folder, and puts into it what comes with this program, as the manual says: sql and typefaces.
func takeOver(t *testing.T) (c story, run string) {
	t.Helper()
	dir := t.TempDir()
	c = story{&city{t: t, dir: dir, inputs: filepath.Join(dir, "inputs"), outputs: filepath.Join(dir, "outputs")}}
	f, err := os.Open(takenOver)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	packed, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(packed); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		data, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		c.write(filepath.FromSlash(h.Name), data)
	}
	for _, name := range []string{"sql", "templates/fonts"} {
		if err := os.Symlink(filepath.Join(startDir, root, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := filepath.Glob(filepath.Join(c.outputs, "warehouse", "*.duckdb"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%q, %v", kept, err)
	}
	run = strings.TrimSuffix(filepath.Base(kept[0]), ".duckdb")
	if err := warehouse.Publish(warehouse.Dir(c.outputs), run); err != nil { // links do not stand in the archive
		t.Fatal(err)
	}
	return c, run
}

// A city that takes this program keeps what it has: settings, forms, templates, addresses, decisions, returned sheets,
// published runs and final papers.
func TestTakeOver(t *testing.T) {
	t.Parallel()
	c, before := takeOver(t)
	at := func(want int, args ...string) string {
		t.Helper()
		said, code := c.run(append([]string{"--as-of", takenDay}, args...)...)
		if code != want {
			t.Fatalf("%q: exit %d, want %d\n%s", args, code, want, said)
		}
		return said
	}
	const address = takenMeeting + "/1/進捗/計/○"

	// What is published is read as it is.
	c.says(at(exitFindings, "status"), before, "確定済み（第1版", "3課のうち3課が済んでいます")
	c.says(at(exitDone, "brief", takenMeeting), "第1版", "確定したときのまま", before)
	traced := at(exitDone, "trace", address)
	c.says(traced, "もとのセル")
	c.says(at(exitDone, "sql", "SELECT count(*) AS 数 FROM marts.initiatives"), "数")

	// It is loaded anew, by this program and by the city's own forms.
	c.says(at(exitFindings, "load"), "更新しました", "前回からの変更0件", "誤り1件")
	last, err := runs.List(c.outputs, 1)
	if err != nil || len(last) != 1 || last[0].ID <= before || len(last[0].Notes) != 1 ||
		!strings.Contains(last[0].Notes[0], "「秦野市」のものが inputs に一つもありません") { // the settings are the samples'
		t.Fatalf("%+v, %v", last, err)
	}
	after := last[0].ID
	said := at(exitFindings, "check")
	c.says(said, "「□」は使えない記号", "□ 判断:", "修正版を採るため", "課に確かめた")
	if strings.Contains(said, "効いていません") {
		t.Errorf("a decision has lost its effect:\n%s", said)
	}
	c.says(at(exitFindings, "status"), after, "確定済み（第1版", "3課のうち3課が済んでいます")

	// The figures are the same, and so are the papers and their addresses.
	c.says(at(exitDone, "diff", before, after), "変わった数値はありません")
	cells := func(trail string) string {
		_, trail, _ = strings.Cut(trail, "もとのセル")
		trail, _, _ = strings.Cut(trail, "計算\n")
		return trail
	}
	if now := at(exitDone, "trace", address); cells(now) != cells(traced) || cells(now) == "" {
		t.Errorf("the cells behind a figure are others:\n%s\nwere\n%s", now, traced)
	}
	c.says(at(exitDone, "brief", takenMeeting), "第1版", "確定したときのまま", before)
	c.says(at(exitDone, "errata", takenMeeting), "違いません")
	c.says(at(exitDone, "sql", "--run", before, "SELECT count(*) AS 数 FROM marts.initiatives"), "数")
	c.mustRun("--as-of", takenDay, "brief", takenMeeting, "--draft")
	at(exitFindings, "load") // once more: nothing has changed

	// What changes now is told against the paper of then.
	fund := filepath.Join(c.inputs, takenFund)
	workbooktest.SetCell(t, fund, workbooktest.Sheets(t, fund)[0], "G6", "61.7 億円")
	c.says(at(exitDone, "errata", takenMeeting), "60.7", "61.7", "差替え")
}

// With the forms that come with this program in the place of the city's, the same comes out.
func TestTakeOverWithNewForms(t *testing.T) {
	t.Parallel()
	c, before := takeOver(t)
	forms := filepath.Join(c.dir, "templates", "forms")
	if err := os.RemoveAll(forms); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(startDir, root, "templates/forms"), forms); err != nil {
		t.Fatal(err)
	}
	c.says(c.mustRun("--as-of", takenDay, "load"), "誤り1件")
	last, err := runs.List(c.outputs, 1)
	if err != nil || len(last) != 1 {
		t.Fatalf("%+v, %v", last, err)
	}
	c.says(c.mustRun("--as-of", takenDay, "diff", before, last[0].ID), "変わった数値はありません")
	c.says(c.mustRun("--as-of", takenDay, "errata", takenMeeting), "違いません")
}

// What is read otherwise is told on every way to a paper, and a line of 判断.csv lets it pass.
func TestReadOtherwiseOnTheCommandLine(t *testing.T) {
	t.Parallel()
	c, _ := takeOver(t)
	const next = "2025-11-21"
	meeting, err := os.ReadFile(filepath.Join(c.dir, "templates/meetings", takenMeeting+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c.write("templates/meetings/"+next+".yaml", []byte(strings.Replace(string(meeting), takenMeeting, next, 1)))
	c.mustRun("--as-of", takenDay, "load")
	forms, err := filepath.Glob(filepath.Join(c.dir, "templates/forms/B_*.yaml"))
	if err != nil || len(forms) != 1 {
		t.Fatalf("%q, %v", forms, err)
	}
	form, err := os.ReadFile(forms[0])
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(form), "variants: [a]", "variants: [a, B]", 1) // B is taken for A
	other = strings.Replace(other, "    - {symbol: B, meaning: おおむね想定どおり, variants: [b]}\n", "", 1)
	if err := os.WriteFile(forms[0], []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	const head = "■ 読み方が変わりました"
	said := c.mustRun("--as-of", takenDay, "load")
	c.says(said, head, "財政課　行財政改革取組状況調査票.xlsx › 調査票 ›", "自己評価の記号（令和6年度）: B → A",
		"ほか", "kyogikai sql @読み方の変わった値", "decision=確認")
	if n := strings.Count(said, "B → A"); n != rereadShown {
		t.Errorf("%d values are shown, want %d:\n%s", n, rereadShown, said)
	}
	said = c.mustRun("--as-of", takenDay, "load")
	c.says(said, "何も変わっていません", "■ 前から確かめられていない")
	if strings.Contains(said, head) {
		t.Errorf("told as new a second time:\n%s", said)
	}
	c.says(c.mustRun("--as-of", takenDay, "load", "--json"), `"type":"reread"`, `"new":"A"`)
	c.says(c.mustRun("--as-of", takenDay, "status"), "読み方の変わった値で、確かめられていないもの", "八戸市　財政課")
	c.says(c.mustRun("--as-of", takenDay, "brief", next), "注意: 読み方の変わった値が")
	c.says(c.mustRun("--as-of", takenDay, "sql", "@読み方の変わった値"), "自己評価の記号（令和6年度）")
	const refused = "前と違って読み、まだ誰も確かめていないもの"
	c.says(c.refusal("--as-of", takenDay, "final", next), refused, "B → A", "ほか", "decision=確認")

	list := filepath.Join(c.inputs, "八戸市", "判断.csv")
	decisions, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimRight(string(decisions), "\n") + "\n"
	for _, path := range []string{takenProgress, "八戸市/令和6年度/市民環境部/環境政策課/R6行革調査票.xlsx",
		"八戸市/令和6年度/建設部/道路維持課/行革調査票(2).xlsx"} {
		text += path + ",,確認,記号の意味を変えたため,行政管理課長,令和7年10月20日\n"
	}
	if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if said = c.refusal("--as-of", takenDay, "final", next); strings.Contains(said, refused) {
		t.Errorf("still waiting:\n%s", said)
	}
	said = c.mustRun("--as-of", takenDay, "check")
	if c.says(said, "記号の意味を変えたため"); strings.Contains(said, "効いていません") {
		t.Errorf("a decision has no effect:\n%s", said)
	}
}
