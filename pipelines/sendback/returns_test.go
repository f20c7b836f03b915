package sendback

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

var day = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// put writes a submitted file and returns it as the run knew it.
func put(t *testing.T, inputs, rel string, data []byte) Workbook {
	t.Helper()
	disk := filepath.Join(inputs, filepath.FromSlash(rel))
	if err := os.MkdirAll(filepath.Dir(disk), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(disk, data, 0o644); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return Workbook{"inputs/" + rel, hex.EncodeToString(sum[:])}
}

func find(severity, path, sheet, cell, message string) record.Finding {
	return record.Finding{
		Severity: severity, Code: "number_unreadable", Municipality: "市", Department: "福祉課", Path: path, Sheet: sheet,
		Cell:    cell,
		Message: message, Found: "五百件",
	}
}

func TestReturnsMarkCopies(t *testing.T) {
	inputs, dir := filepath.Join(t.TempDir(), "inputs"), filepath.Join(t.TempDir(), "returns")
	data := workbooktest.New(t, "調査票", [][]any{{"指標", "実績"}, {"件数", "五百件"}, {"人数", 12}})
	files := []Workbook{
		put(t, inputs, "市/令和8年度/部/福祉課/調査票.xlsx", data),
		put(t, inputs, "市/令和8年度/部/福祉課/表.csv", []byte("指標,実績\n件数,五百件\n")),
		put(t, inputs, "市/令和8年度/部/福祉課/壊.xlsx", []byte("PK\x03\x04broken")),
		put(t, inputs, "市/令和8年度/部/福祉課/変.xlsx", data),
	}
	files[3].SHA256 = "of yesterday"
	findings := []record.Finding{
		find(record.Error, files[0].Path, "調査票", "B2", "「五百件」は数値として読めません。"),
		find(record.Warning, files[0].Path, "調査票", "B2", "単位を確かめてください。"),
		find(record.Info, files[0].Path, "調査票", "B3", "目標を満たしています。"),
		find(record.Error, files[1].Path, "", "B2", "「五百件」は数値として読めません。"),
		find(record.Error, files[2].Path, "", "", "ファイルを開けません。"),
		find(record.Error, files[3].Path, "調査票", "B2", "前の内容についての指摘。"),
		find(record.Warning, "inputs/市/令和8年度/部/福祉課", "", "", "提出されていません。"),
	}
	order := Order{
		Dir: dir, Inputs: inputs, AsOf: day, Findings: findings, Files: files, Within: limits.Default(), Mark: Here,
	}
	written, err := Write(t.Context(), order)
	if err != nil || len(written) != 5 {
		t.Fatalf("%d written, %v", len(written), err)
	}
	if now, err := os.ReadFile(filepath.Join(inputs, "市/令和8年度/部/福祉課/調査票.xlsx")); err != nil || !bytes.Equal(now, data) {
		t.Error("the submitted file was changed")
	}
	copied := written[0].File
	if got := workbooktest.Sheets(t, copied); !slices.Equal(got, []string{"差戻し票", "調査票"}) {
		t.Errorf("sheets %q", got)
	}
	fill, comment := workbooktest.Marked(t, copied, "調査票", "B2")
	if fill != "FFC7CE" || !strings.Contains(comment, "［誤り］「五百件」") || !strings.Contains(comment, "［注意］単位") {
		t.Errorf("B2 has fill %s and comment %q", fill, comment)
	}
	if fill, _ := workbooktest.Marked(t, copied, "調査票", "B3"); fill != "FFEB9C" {
		t.Errorf("B3 has fill %s", fill)
	}
	if fill, comment := workbooktest.Marked(t, copied, "調査票", "A2"); fill != "" || comment != "" {
		t.Errorf("A2 is marked: %s %q", fill, comment)
	}
	if got := workbooktest.Link(t, copied, "差戻し票", "D8"); got != "'調査票'!B2" {
		t.Errorf("the first line links to %q", got)
	}
	if got := workbooktest.Cell(t, copied, "調査票", "B3"); got != "12" {
		t.Errorf("B3 holds %q", got)
	}
	if fill, _ := workbooktest.Marked(t, written[1].File, "CSV", "B2"); fill != "FFC7CE" {
		t.Errorf("the CSV's copy is not marked: %s", fill)
	}
	for _, w := range []Written{written[2], written[4]} { // nothing to mark: the list alone
		if got := workbooktest.Sheets(t, w.File); !slices.Equal(got, []string{"差戻し票"}) {
			t.Errorf("%s has sheets %q", w.File, got)
		}
	}
	if !written[3].Stale || written[3].File != "" {
		t.Error("a file that has changed since was marked all the same")
	}
	again, err := Write(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	for i := range again {
		if again[i].File != written[i].File {
			t.Errorf("the second time %s, the first %s", again[i].File, written[i].File)
		}
	}
}

// Where the program fails over what is in a file, the department gets the list alone, with the places in words.
func TestReturnOfWorkbookThatFailsTheProgram(t *testing.T) {
	t.Parallel()
	data := workbooktest.New(t, "調査票", [][]any{{"指標", "実績"}, {"件数", "五百件"}})
	failing := func(
		name string, data []byte, within limits.Set, heading []string, notes []workbook.Note,
	) ([]byte, string, error) {
		if len(data) > 0 {
			data = data[:len(data)/2]
			_ = data[len(data)]
		}
		return workbook.Mark(name, data, within, heading, notes)
	}
	out, ext, err := mark(failing, "調査票.xlsx", data, limits.Default(), []string{"差戻し票"}, []workbook.Note{
		{Sheet: "調査票", Cell: "B2", Kind: "誤り", Found: "五百件", Text: "「五百件」は数値として読めません。"},
		{Kind: "誤り", Text: "ファイルを開けません。"},
	})
	if err != nil || ext != ".xlsx" {
		t.Fatalf("%q, %v", ext, err)
	}
	file := filepath.Join(t.TempDir(), "票.xlsx")
	if err := os.WriteFile(file, out, 0o644); err != nil {
		t.Fatal(err)
	}
	if got := workbooktest.Sheets(t, file); !slices.Equal(got, []string{"差戻し票"}) {
		t.Errorf("sheets %q", got)
	}
	wb, err := workbook.Open("票.xlsx", out, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	wb.Sheets[0].Each(func(_, _ int, c workbook.Cell) { texts = append(texts, c.Text) })
	if all := strings.Join(texts, "|"); !strings.Contains(all, "調査票 › B2：「五百件」は") ||
		!strings.Contains(all, "|ファイルを開けません。") {
		t.Error(all)
	}
}
