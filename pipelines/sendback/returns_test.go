package sendback

import (
	"archive/zip"
	"bytes"
	"context"
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

// under finds submitted files in an inputs folder.
func under(inputs string) func(path string) string {
	return func(path string) string {
		return filepath.Join(inputs, filepath.FromSlash(strings.TrimPrefix(path, "inputs/")))
	}
}

// ordered are returns as they are asked for.
func ordered(dir, inputs string, findings []record.Finding, files []Workbook) Order {
	return Order{
		Dir: dir, Find: under(inputs), AsOf: day, Findings: findings, Files: files, Within: limits.Default(), Mark: Here,
		Back: func(municipality string) []string {
			return []string{"返送の期限：令和8年11月30日（月）まで", "送り先：" + municipality + "の共有", "問合せ先：企画係"}
		},
	}
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
	written, err := Write(t.Context(), ordered(dir, inputs, findings, files))
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
	if got := workbooktest.Link(t, copied, "差戻し票", "D11"); got != "'調査票'!B2" {
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
	again, err := Write(t.Context(), ordered(dir, inputs, findings, files))
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

// One 差戻し票 that cannot be written is told, and every other is written.
func TestOneReturnThatFailsStopsNoOther(t *testing.T) {
	inputs, dir := filepath.Join(t.TempDir(), "inputs"), filepath.Join(t.TempDir(), "returns")
	data := workbooktest.New(t, "調査票", [][]any{{"指標", "実績"}, {"件数", "五百件"}})
	files := []Workbook{
		put(t, inputs, "市/令和8年度/部/甲課/調査票.xlsx", data), put(t, inputs, "市/令和8年度/部/乙課/調査票.xlsx", data),
	}
	findings := []record.Finding{
		find(record.Error, files[0].Path, "調査票", "B2", "一"), find(record.Error, files[1].Path, "調査票", "B2", "二"),
	}
	order := ordered(dir, inputs, findings, files)
	order.Mark = func(ctx context.Context, c Copy) (Marked, error) {
		if strings.Contains(c.Disk, "甲課") {
			return Marked{}, &os.PathError{Op: "open", Path: c.Disk, Err: os.ErrPermission}
		}
		return Here(ctx, c)
	}
	written, err := Write(t.Context(), order)
	if err != nil || len(written) != 2 {
		t.Fatal(written, err)
	}
	if w := written[0]; !strings.Contains(w.Failed, "権限がありません") || w.File != "" || w.Stale {
		t.Errorf("%+v", w)
	}
	if w := written[1]; w.Failed != "" {
		t.Errorf("%+v", w)
	}
	if fill, _ := workbooktest.Marked(t, written[1].File, "調査票", "B2"); fill != "FFC7CE" {
		t.Error("the other is not marked")
	}
}

// Names as long as a system allows, and places that would lead out of the folder, end in files of their own.
func TestReturnsOfLongNames(t *testing.T) {
	inputs, dir := filepath.Join(t.TempDir(), "inputs"), filepath.Join(t.TempDir(), "returns")
	data := workbooktest.New(t, "調査票", [][]any{{"指標", "実績"}, {"件数", "五百件"}})
	long := strings.Repeat("課", 83) // 249 bytes
	var files []Workbook
	for _, rel := range []string{
		"市/令和8年度/部/" + long + "/" + long + "a.xlsx", "市/令和8年度/部/" + long + "/" + long + "b.xlsx",
		"市/令和8年度/部/" + long + "/" + long + "a.csv",
	} {
		if strings.HasSuffix(rel, ".csv") {
			files = append(files, put(t, inputs, rel, []byte("指標,実績\n件数,五百件\n")))
			continue
		}
		files = append(files, put(t, inputs, rel, data))
	}
	var findings []record.Finding
	for _, f := range files {
		findings = append(findings, find(record.Error, f.Path, "", "", "「五百\n件」は\x1b数値として読めません。"))
	}
	findings = append(findings, find(record.Warning, "inputs/市/令和8年度/../../../../よそ", "", "", "提出されていません。"))
	written, err := Write(t.Context(), ordered(dir, inputs, findings, files))
	if err != nil || len(written) != 4 {
		t.Fatal(len(written), err)
	}
	seen := map[string]bool{}
	for _, w := range written {
		rel, err := filepath.Rel(dir, w.File)
		if w.Failed != "" || seen[w.File] || err != nil || !filepath.IsLocal(rel) {
			t.Errorf("%q: %s, %v", w.File, w.Failed, err)
		}
		seen[w.File] = true
		if _, err := os.Stat(w.File); err != nil {
			t.Error(err)
		}
	}
	if !strings.HasSuffix(written[2].File, "_csv.xlsx") {
		t.Errorf("the copy of a CSV is %s", written[2].File)
	}
	if got := workbooktest.Cell(t, written[0].File, "差戻し票", "F11"); got != "「五百⏎件」は␛数値として読めません。" {
		t.Errorf("the list says %q", got)
	}
}

// A sheet whose name no copy can have becomes the list alone: the department gets its return.
func TestReturnOfSheetWithLongName(t *testing.T) {
	inputs, dir := filepath.Join(t.TempDir(), "inputs"), filepath.Join(t.TempDir(), "returns")
	sheet := strings.Repeat("表", 60)
	files := []Workbook{put(t, inputs, "市/令和8年度/部/課/調査票.ods", ods(t, sheet))}
	findings := []record.Finding{find(record.Error, files[0].Path, sheet, "A1", "直してください。")}
	written, err := Write(t.Context(), ordered(dir, inputs, findings, files))
	if err != nil || written[0].Failed != "" || written[0].File == "" {
		t.Fatalf("%+v, %v", written, err)
	}
	if got := workbooktest.Sheets(t, written[0].File); !slices.Equal(got, []string{"差戻し票"}) {
		t.Errorf("sheets %q", got)
	}
	if got := workbooktest.Cell(t, written[0].File, "差戻し票", "F11"); got != sheet+" › A1：直してください。" {
		t.Errorf("the list says %q", got)
	}
}

// ods is a spreadsheet of LibreOffice with one sheet and one cell.
func ods(t *testing.T, sheet string) []byte {
	t.Helper()
	const urn = "urn:oasis:names:tc:opendocument:xmlns:"
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
		{"content.xml", `<office:document-content xmlns:office="` +
			urn + `office:1.0" xmlns:table="` + urn + `table:1.0" xmlns:text="` +
			urn + `text:1.0"><office:body><office:spreadsheet><table:table table:name="` + sheet + `"><table:table-row>` +
			`<table:table-cell office:value-type="string"><text:p>指標</text:p></table:table-cell>` +
			`</table:table-row></table:table>` +
			`</office:spreadsheet></office:body></office:document-content>`},
	} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
