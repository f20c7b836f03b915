package workbook

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/limits"

	"github.com/xuri/excelize/v2"
)

// reopened is a written workbook, as excelize reads it back.
func reopened(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	t.Cleanup(func() { must(t, f.Close()) })
	return f
}

// lines are the rows of a sheet, a cell between bars each.
func lines(t *testing.T, f *excelize.File, sheet string, raw bool) []string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: raw})
	must(t, err)
	var out []string
	for _, r := range rows {
		out = append(out, strings.Join(r, "|"))
	}
	return out
}

func sameLines(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// A form stands in its rows: lines, a blank one, the heads, what is known, the spare rows, a blank one, the notes. It
// says which form it is.
func TestIntakeRows(t *testing.T) {
	data, err := WriteIntake(Intake{Sheets: []IntakeSheet{{
		Name: "調査", Form: "facilities", Version: "3", Record: "施設", Lines: []string{"題", "説明"},
		Columns: []IntakeColumn{{Head: "施設", Width: 20}, {Head: "状況", Width: 10, Choices: []string{"○", "×"}},
			{Head: "人数", Width: 10, Number: true}},
		Rows: [][]IntakeCell{
			{{Text: "東館"}, {Text: "○", Open: true}, {Open: true, Unit: "人"}}, {{Text: "西館"}, {}, {Open: true, Unit: "－"}},
		},
		Spare: 2, Notes: []string{"注一", "注二"},
	}, {Name: "別", Form: "b", Lines: []string{"題"}, Columns: []IntakeColumn{{Head: "名", Width: 9}}}}})
	must(t, err)
	f := reopened(t, data)
	sameLines(t, "the form", lines(t, f, "調査", true), []string{
		"題", "説明", "", "施設|状況|人数", "東館|○", "西館", "", "", "", "注一", "注二",
	})
	validations, err := f.GetDataValidations("調査")
	must(t, err)
	asked := map[string]string{}
	for _, v := range validations {
		said := v.Formula1
		if v.Prompt != nil {
			said = *v.Prompt
		}
		asked[v.Sqref] = said
	}
	for at, want := range map[string]string{
		"A5": "", "A7": "", "B5 B7:B8": `"○,×"`, "C5": "数字だけを記入してください（単位：人）", "C6:C8": "数字だけを記入してください",
	} {
		if asked[at] != want {
			t.Errorf("%s asks for %q, not %q", at, asked[at], want)
		}
	}
	if index, err := f.GetSheetIndex("調査"); err != nil || f.GetActiveSheetIndex() != index {
		t.Errorf("sheet %d of %d is shown first", f.GetActiveSheetIndex(), index)
	}
	wb, err := Open("調査票.xlsx", data, limits.Default())
	must(t, err)
	identities := wb.Identities()
	if identities["調査"] != [3]string{"facilities", "施設", "3"} || identities["別"] != [3]string{"b", "", ""} ||
		len(identities) != 2 {
		t.Errorf("the forms are %v", identities)
	}
}

// rowsOf is a sheet of rows one after another, and then an error.
func rowsOf(ended error, columns []string, rows ...[]any) RowsSheet {
	return RowsSheet{Name: "行", Columns: columns, Next: func() ([]any, error) {
		if len(rows) == 0 {
			return nil, ended
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	}}
}

// Rows stand below their header with their types; a number that a workbook cannot hold is text.
func TestRowsAsWritten(t *testing.T) {
	day := time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	n, err := WriteRows(&out, rowsOf(io.EOF, []string{"名", "値"},
		[]any{"=1+1", Figure("12.50")}, []any{"日", day}, []any{"時", day.Add(time.Minute)}, []any{"無", nil},
		[]any{"印", true}, []any{"15けた", Figure("123456789012345")}, []any{"16けた", Figure("1234567890123456")},
		[]any{"六位", Figure("1.500000")}, []any{"五位", Figure("1.50000")}, []any{strings.Repeat("長", 40), Figure("-7")},
	), [][2]string{{"条件", "すべて"}})
	must(t, err)
	f := reopened(t, out.Bytes())
	long := strings.Repeat("長", 40)
	sameLines(t, "the rows", lines(t, f, "行", false), []string{
		"名|値", "=1+1|12.50", "日|2025-04-01", "時|2025-04-01 00:01:00", "無", "印|TRUE", "15けた|123456789012345",
		"16けた|1234567890123456", "六位|1.5", "五位|1.50000", long + "|-7",
	})
	sameLines(t, "the notes", lines(t, f, "この表について", false), []string{"条件|すべて"})
	for cell, want := range map[string]excelize.CellType{
		"B2": excelize.CellTypeUnset, "B7": excelize.CellTypeUnset, "B8": excelize.CellTypeInlineString,
		"B6": excelize.CellTypeBool, "A2": excelize.CellTypeInlineString,
	} {
		if got, err := f.GetCellType("行", cell); err != nil || got != want {
			t.Errorf("%s is of type %d, %v, want %d", cell, got, err, want)
		}
	}
	for col, want := range map[string]float64{"A": widestRowCell, "B": 38} { // a day is written out at its widest
		if got, err := f.GetColWidth("行", col); err != nil || got < want-8 || got > want {
			t.Errorf("column %s is %v wide, not %v", col, got, want)
		}
	}
	if n != 10 {
		t.Errorf("%d rows were written", n)
	}
}

// Columns are as wide as what they hold, and two more.
func TestWidthsOfRows(t *testing.T) {
	var out bytes.Buffer
	_, err := WriteRows(&out, rowsOf(io.EOF, []string{"見出し", "a"}, []any{"値", "abcdefg"}), nil)
	must(t, err)
	f := reopened(t, out.Bytes())
	for col, want := range map[string]float64{"A": 8, "B": 9} {
		if got, err := f.GetColWidth("行", col); err != nil || got != want {
			t.Errorf("column %s is %v wide, not %v", col, got, want)
		}
	}
	if sheets := f.GetSheetList(); len(sheets) != 1 {
		t.Errorf("without notes there are the sheets %v", sheets)
	}
}

// What goes wrong on the way is an error, wherever it comes, and no rows but a header are a workbook.
func TestRowsThatFail(t *testing.T) {
	failed := errors.New("no more")
	for name, c := range map[string]struct {
		rows int
		err  error
		text string
	}{
		"none": {0, io.EOF, ""}, "at once": {0, failed, "no more"},
		"behind the first rows":      {widthSample + 1, failed, "no more"},
		"as many as make the widths": {widthSample, io.EOF, ""}, "one more": {widthSample + 1, io.EOF, ""},
	} {
		rows := make([][]any, c.rows)
		for i := range rows {
			rows[i] = []any{"行"}
		}
		n, err := WriteRows(io.Discard, rowsOf(c.err, []string{"名"}, rows...), nil)
		if (err == nil) != (c.text == "") || err != nil && err.Error() != c.text || err == nil && n != c.rows {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
	}
	for n, want := range map[int]string{longestCell: "", longestCell + 1: "1行目「名」: 文字が多すぎて"} {
		_, err := WriteRows(io.Discard, rowsOf(io.EOF, []string{"名"}, []any{strings.Repeat("あ", n)}), nil)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%d characters: %v", n, err)
		}
	}
}

// A printed number of a paper's table is a number with its format; what only looks like one is text.
func TestTablesAsWritten(t *testing.T) {
	texts := []string{"1,234", "98.7%", "−5", "-0.50", "100%", "=1+1", "01", "1,23", "－", "12件"}
	cells := []TableCell{
		{Row: 0, Col: 0, Rows: 1, Cols: 2, Text: "2025"}, {Row: 1, Col: 1, Rows: 2, Cols: 1, Text: "値", Align: "center"},
	}
	for i, text := range texts {
		cells = append(cells, TableCell{Row: 1 + i, Col: 0, Rows: 1, Cols: 1, Text: text, Align: "right"})
	}
	data, err := WriteTables([]Table{
		{Name: "表", Title: "題", Unit: "（単位：人）", Widths: []float64{12, 4}, Head: 1, Rows: 1 + len(texts), Cells: cells,
			Notes: []string{"注"}, Sources: [][]string{{"A/1", "1,234", "a.xlsx", "表", "B2"}}},
		{Name: "表", Title: "二つ目", Widths: []float64{12}, Head: 1, Rows: 1},
	})
	must(t, err)
	f := reopened(t, data)
	if sheets := f.GetSheetList(); !slices.Equal(sheets, []string{"表", "表の出どころ", "表_2"}) {
		t.Errorf("the sheets are %v", sheets)
	}
	sameLines(t, "the table", lines(t, f, "表", true), []string{
		"題", "（単位：人）", "2025", "1234|値", "0.987", "-5", "-0.5", "1", "=1+1", "01", "1,23", "－", "12件", "注",
	})
	sameLines(t, "the sources", lines(t, f, "表の出どころ", true), []string{
		"数値の番地|印字|ファイル|シート|セル", "A/1|1,234|a.xlsx|表|B2",
	})
	for at, want := range map[string]string{"A4": "#,##0", "A5": "#,##0.0%", "A7": "#,##0.00", "A8": "#,##0%"} {
		id, err := f.GetCellStyle("表", at)
		must(t, err)
		st, err := f.GetStyle(id)
		must(t, err)
		if st.CustomNumFmt == nil || *st.CustomNumFmt != want || st.Alignment.Horizontal != "right" {
			t.Errorf("%s has the format %v, not %s", at, st.CustomNumFmt, want)
		}
	}
	if got, err := f.GetCellType("表", "A3"); err != nil || got != excelize.CellTypeSharedString {
		t.Errorf("the year in the head is of type %d, %v", got, err)
	}
	merged, err := f.GetMergeCells("表")
	must(t, err)
	if len(merged) != 2 || merged[0][0] != "A3:B3" || merged[1][0] != "B4:B5" {
		t.Errorf("merged are %v", merged)
	}
}

// A note stands at its cell and in the list in front; errors are red, the rest yellow, and what was said there stays.
func TestMarkedCells(t *testing.T) {
	data := written(t, func(f *excelize.File) {
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"名", "値"}))
		must(t, f.AddComment("Sheet1", excelize.Comment{Cell: "B1", Author: "a",
			Paragraph: []excelize.RichTextRun{{Text: "前から"}}}))
		_, err := f.NewSheet(listSheet)
		must(t, err)
	})
	out, ext, err := Mark("a.xlsm", data, limits.Default(), []string{"題"}, []Note{
		{Sheet: "Sheet1", Cell: "B1", Kind: "注意", Found: "値", Text: "確かめて"},
		{Sheet: "Sheet1", Cell: "A1", Kind: "注意", Text: "一"}, {Sheet: "Sheet1", Cell: "A1", Kind: "誤り", Text: "二"},
		{Sheet: "Sheet1", Kind: "参考", Text: "全体"},
	})
	must(t, err)
	f := reopened(t, out)
	if sheets := f.GetSheetList(); ext != ".xlsm" || !slices.Equal(sheets, []string{"差戻し票2", "Sheet1", listSheet}) {
		t.Errorf("%s %v", ext, sheets)
	}
	sameLines(t, "the list", lines(t, f, "差戻し票2", true), []string{
		"題", "", "番号|区分|シート|セル|記入されている内容|確かめること・直し方", "1|注意|Sheet1|B1|値|確かめて", "2|注意|Sheet1|A1||一",
		"3|誤り|Sheet1|A1||二", "4|参考|Sheet1|||全体",
	})
	for at, want := range map[string]string{"A1": "FFC7CE", "B1": "FFEB9C"} {
		id, err := f.GetCellStyle("Sheet1", at)
		must(t, err)
		st, err := f.GetStyle(id)
		must(t, err)
		if len(st.Fill.Color) != 1 || st.Fill.Color[0] != want {
			t.Errorf("%s is %v, not %s", at, st.Fill.Color, want)
		}
	}
	comments, err := f.GetComments("Sheet1")
	must(t, err)
	said := map[string]string{}
	for _, c := range comments {
		said[c.Cell] = commentText(c)
	}
	if said["A1"] != "［注意］一\n［誤り］二" || said["B1"] != "［注意］確かめて\n（元のコメント）前から" || len(said) != 2 {
		t.Errorf("the comments are %q", said)
	}
}

// A workbook whose only sheet has the list's name keeps it, and a CSV becomes a sheet.
func TestMarkedCopies(t *testing.T) {
	only := written(t, func(f *excelize.File) { must(t, f.SetSheetName("Sheet1", listSheet)) })
	twice := written(t, func(f *excelize.File) {
		for _, name := range []string{listSheet, listSheet + "2"} {
			_, err := f.NewSheet(name)
			must(t, err)
		}
	})
	for name, c := range map[string]struct {
		data   []byte
		sheets []string
	}{
		"a.csv":  {[]byte("名,値\nあ,1\n"), []string{listSheet, "CSV"}},
		"a.xlsx": {only, []string{listSheet}},
		"b.xlsx": {twice, []string{listSheet + "3", "Sheet1", listSheet, listSheet + "2"}},
	} {
		out, _, err := Mark(name, c.data, limits.Default(), nil, []Note{{Kind: "注意", Text: "一"}})
		must(t, err)
		if got := reopened(t, out).GetSheetList(); !slices.Equal(got, c.sheets) {
			t.Errorf("%s has the sheets %v, not %v", name, got, c.sheets)
		}
	}
}
