package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

// surveyed is a city of one department, which answered one form in 令和7年度 and confirmed figures in 令和8年度.
func surveyed(t *testing.T) *city {
	t.Helper()
	c := &city{t: t, dir: t.TempDir()}
	c.inputs, c.outputs = filepath.Join(c.dir, "inputs"), filepath.Join(c.dir, "outputs")
	home := filepath.Join(startDir, root)
	if err := os.Symlink(filepath.Join(home, "sql"), filepath.Join(c.dir, "sql")); err != nil {
		t.Fatal(err)
	}
	c.write("templates/README.md", []byte("様式\n"))
	if err := os.Symlink(filepath.Join(home, "templates/forms"), filepath.Join(c.dir, "templates/forms")); err != nil {
		t.Fatal(err)
	}
	c.write("kyogikai.yaml", []byte("contacts:\n"+
		"  - {municipality: 海辺市, name: 総務部企画課, phone: 内線 2345, send_to: 共有フォルダ「調査票」}\n"+
		"plans:\n  - {municipality: 海辺市, name: 計画, forms: [A], first_year: 2024, last_year: 2028}\n"))
	for name, text := range map[string]string{
		"組織.csv":   "部,課,表示順,旧名称\n経済部,商工観光課,10,商工課\n",
		"提出対象.csv": "様式,年度,部,課,提出期限\n成果指標調査票,令和8年度,経済部,商工課,2027-01-15\n",
		"令和7年度/経済部/商工観光課/調査票.csv": "令和7年度　成果指標調査票\n事業番号,成果指標名,種別,単位,目指す方向,令和7年度目標値,令和7年度実績値\n" +
			"1-1,観光入込客数,成果,千人,上昇,950,1004\n1-2,相談件数,実績,件,上昇,600,五百件\n",
		"令和8年度/経済部/商工観光課/確認.csv": "数値確認票\n回,資料,表,行,列,今回の印字,確かめる値,確認,確認日,確認者の職,番地\n" +
			"1,資料1,達成状況,観光入込客数,目標,950,950,確認,令和8年10月10日,課長,2026-02-17/産業/達成状況/観光入込客数/目標\n",
	} {
		c.write("inputs/海辺市/"+name, []byte(text))
	}
	return c
}

// What a department is handed says until when, where to and whom to ask; what could not be read is asked again; a
// 数値確認票 is neither asked nor copied, nor does it move the year.
func TestFormOfADepartment(t *testing.T) {
	t.Parallel()
	c := surveyed(t)
	c.mustRun("load")
	c.mustRun("form", "商工観光課")
	path := filepath.Join(c.outputs, "forms/海辺市/令和8年度_調査票_商工観光課.xlsx")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	wb, err := workbook.Open(path, data, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	const name = "成果指標調査票"
	var sheets []string
	for _, s := range wb.Sheets {
		sheets = append(sheets, s.Name)
	}
	if !slices.Equal(sheets, []string{name, "_kyogikai"}) {
		t.Errorf("sheets %v", sheets)
	}
	said := strings.Join(wb.Printed()[name], "\n")
	for _, want := range []string{
		"提出期限：令和9年1月15日", "送り先：共有フォルダ「調査票」", "問合せ先：総務部企画課（内線 2345）", "種別　成果　実績", "該当なし、集計中、終了、取下げ",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("does not say %s:\n%s", want, said)
		}
	}
	notes := workbooktest.Notes(t, path, name)
	var at string
	for cell, note := range notes {
		if at = cell; !strings.Contains(note, "「五百件」") || !strings.Contains(note, "令和7年度") {
			t.Errorf("the note at %s: %s", cell, note)
		}
	}
	if len(notes) != 1 || workbooktest.Cell(t, path, name, at) != "" || workbooktest.Locked(t, path, name, at) {
		t.Errorf("notes at %v; the cell is to be empty and open", notes)
	}
	locked := ""
	wb.Sheets[0].Each(func(row, col int, cell workbook.Cell) {
		if ref := wb.Sheets[0].Ref(row, col); cell.Text == "1004" && workbooktest.Locked(t, path, name, ref) {
			locked += ref
		}
	})
	if len(locked) != len(at) || locked[:1] != at[:1] {
		t.Errorf("what was read is locked at %q, what was not is asked at %q", locked, at)
	}
	refused, code := c.run("form", "商工観光課", "--form", "K")
	if code != exitUsage || !strings.Contains(refused, "kyogikai confirm") {
		t.Errorf("exit %d: %s", code, refused)
	}
}
