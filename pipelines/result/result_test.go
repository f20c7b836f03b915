package result

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// list is rows in memory.
type list struct{ rows [][]any }

func (l *list) Next() ([]any, error) {
	if len(l.rows) == 0 {
		return nil, warehouse.ErrEnd
	}
	row := l.rows[0]
	l.rows = l.rows[1:]
	return row, nil
}

func sample() *list {
	return &list{[][]any{
		{
			"職員研修, \"基礎\"", warehouse.Number("15588.000000000000"), warehouse.Number("97.9"), true,
			time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), []any{"人事課", "財政課"},
		},
		{"=1+1\n次の行|縦", nil, warehouse.Number("-0.5"), false, nil, []any{
			map[string]any{"cell": "E5"}, map[string]any{"cell": "E6"},
		}},
	}}
}

var columns = []string{"指標", "実績", "率", "可", "日", "課"}

func TestForms(t *testing.T) {
	for name, c := range map[string]struct {
		write func(b *bytes.Buffer) (int, error)
		want  string
	}{
		"csv": {func(b *bytes.Buffer) (int, error) {
			return CSV(b, CSVOptions{Encoding: "utf-8-bom"}, columns, sample())
		},
			"\ufeff指標,実績,率,可,日,課\n\"職員研修, \"\"基礎\"\"\",15588.000000000000,97.9,true,2026-11-22,\"[\"\"人事課\"\",\"\"財政課\"\"]\"\n" +
				"\"=1+1\n次の行|縦\",,-0.5,false,,\"[{\"\"cell\"\":\"\"E5\"\"},{\"\"cell\"\":\"\"E6\"\"}]\"\n"},
		"json": {func(b *bytes.Buffer) (int, error) { return JSON(b, columns, sample()) },
			"[\n{\"指標\":\"職員研修, \\\"基礎\\\"\",\"実績\":15588.000000000000,\"率\":97.9,\"可\":true,\"日\":\"2026-11-22\",\"課\":[\"人事課" +
				"\",\"財政課\"]},\n" +
				"{\"指標\":\"=1+1\\n次の行|縦\",\"実績\":null,\"率\":-0.5,\"可\":false,\"日\":null,\"課\":[{\"cell\":\"E5\"},{\"cell\":\"E6\"" +
				"}]}\n]\n"},
		"md": {func(b *bytes.Buffer) (int, error) { return Markdown(b, columns, sample()) },
			"| 指標 | 実績 | 率 | 可 | 日 | 課 |\n|---|---:|---:|---|---|---|\n| 職員研修, \"基礎\" | 15588 | 97.9 | true | 2026-11-22 | " +
				"[\"人事課\",\"財政課\"] |\n" +
				"| =1+1<br>次の行\\|縦 |  | -0.5 | false |  | 2件 |\n"},
		"nothing": {func(b *bytes.Buffer) (int, error) { return JSON(b, columns, &list{}) }, "[\n]\n"},
	} {
		var b bytes.Buffer
		if _, err := c.write(&b); err != nil || b.String() != c.want {
			t.Errorf("%s: %v\n%s\nwant:\n%s", name, err, b.String(), c.want)
		}
	}
}

// A table stands aligned whatever the width of its characters, in 80 columns and in fewer; figures are never cut.
func TestTableFits(t *testing.T) {
	for _, width := range []int{0, 80, 60} {
		var b bytes.Buffer
		n, more, err := Table(&b, TableOptions{Width: width}, columns, sample())
		if err != nil || n != 2 || more {
			t.Fatal(n, more, err)
		}
		lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
		if len(lines) != 4 {
			t.Fatalf("%d columns: %q", width, lines)
		}
		for _, l := range lines {
			if width > 0 && displayed(l) > width {
				t.Errorf("%d columns: %q", width, l)
			}
		}
		if !strings.Contains(lines[2], "15588  97.9") || strings.Index(lines[1], "  ") < 1 {
			t.Errorf("%d columns:\n%s", width, b.String())
		}
	}
	// Where that is too narrow, each row by itself.
	var b bytes.Buffer
	if _, _, err := Table(
		&b, TableOptions{Width: 30}, columns, sample(),
	); err != nil || !strings.Contains(b.String(), "── 1行目") || !strings.Contains(b.String(), "実績  15588\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
	b.Reset()
	if n, more, err := Table(&b, TableOptions{Rows: 1}, columns, sample()); n != 1 || !more || err != nil {
		t.Errorf("cut after one row: %d %v %v", n, more, err)
	}
}

func displayed(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0x2000 && r != '…' && r != '⏎' {
			n++
		}
	}
	return n
}

// For Excel, texts that it would compute are guarded, in the header too; numbers and other texts are as they were.
func TestCSVIsGuarded(t *testing.T) {
	rows := func() *list {
		return &list{[][]any{
			{"=1+1", warehouse.Number("-5"), "-5", true}, {" ＝cmd|'/c calc'!A1", nil, "\t1", []any{"=1"}},
			{"指標", warehouse.Number("+3"), "－", time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)},
		}}
	}
	head := []string{"名", "数", "@SUM(1)", "可"}
	guarded := 0
	for _, c := range []struct {
		o    CSVOptions
		want string
	}{
		{CSVOptions{Encoding: "utf-8", Guard: true, Guarded: &guarded},
			"名,数,'@SUM(1),可\n'=1+1,-5,-5,true\n' ＝cmd|'/c calc'!A1,,'\t1,\"[\"\"=1\"\"]\"\n" +
				"指標,+3,－,2026-11-22\n"},
		{CSVOptions{Encoding: "utf-8"},
			"名,数,@SUM(1),可\n=1+1,-5,-5,true\n\" ＝cmd|'/c calc'!A1\",,\"\t1\",\"[\"\"=1\"\"]\"\n指標,+3,－,2026-11-22\n"},
	} {
		var b bytes.Buffer
		if n, err := CSV(&b, c.o, head, rows()); n != 3 || err != nil || b.String() != c.want {
			t.Errorf("%+v: %d, %v\n%q\nwant\n%q", c.o, n, err, b.String(), c.want)
		}
	}
	if guarded != 4 {
		t.Errorf("%d texts are counted", guarded)
	}
	if !ForExcel("utf-8-bom") || !ForExcel("cp932") || ForExcel("utf-8") {
		t.Error("utf-8 is what Excel does not open")
	}
}

func TestCP932(t *testing.T) {
	rows := func() *list { return &list{[][]any{{strings.Repeat("①髙～－", 3000)}, {"次"}}} }
	var b bytes.Buffer
	if _, err := CSV(&b, CSVOptions{Encoding: "cp932", Guard: true}, []string{"名"}, rows()); err != nil {
		t.Fatal(err)
	}
	back, err := japanese.ShiftJIS.NewDecoder().String(b.String())
	if err != nil || back != "名\r\n"+strings.Repeat("①髙～－", 3000)+"\r\n次\r\n" {
		t.Errorf("%v, %d bytes", err, len(back))
	}
	_, err = CSV(&b, CSVOptions{Encoding: "cp932"}, []string{"名"}, &list{[][]any{{"一"}, {"辻󠄀"}}})
	if err == nil || !strings.Contains(err.Error(), "2行目「名」") {
		t.Errorf("a character that does not fit: %v", err)
	}
}

// A workbook has typed cells; what begins like a formula is text.
func TestXLSX(t *testing.T) {
	rows := sample()
	for _, s := range []string{"=cmd|'/c calc'!A1", "+81-178", "-5℃", "@SUM(1)"} {
		rows.rows = append(rows.rows, []any{s, warehouse.Number("12345678901234567890"), nil, nil, nil, nil})
	}
	var b bytes.Buffer
	n, err := XLSX(&b, columns, make([]string, len(columns)), rows, [][2]string{{"SQL", "=1"}})
	if err != nil || n != 6 {
		t.Fatal(n, err)
	}
	wb, err := workbook.Open("a.xlsx", b.Bytes(), limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	s := wb.Sheets[0]
	for at, want := range map[[2]int]string{
		{0, 0}: "指標", {1, 1}: "15588", {1, 2}: "97.9", {2, 0}: "=1+1\n次の行|縦", {3, 0}: "=cmd|'/c calc'!A1", {4, 0}: "+81-178",
		{6, 0}: "@SUM(1)",
		{3, 1}: "12345678901234567890",
	} {
		cell := s.At(at[0], at[1])
		if cell.Text != want || cell.Formula != "" {
			t.Errorf("row %d, column %d: %q, formula %q, want %q", at[0], at[1], cell.Text, cell.Formula, want)
		}
	}
	if len(wb.Sheets) != 2 || wb.Sheets[1].At(0, 1).Text != "=1" {
		t.Error("no sheet that says where the rows are from")
	}
}

func TestMistakesAreExplained(t *testing.T) {
	for _, c := range [][2]string{
		{`Parser Error: syntax error at or near "FORM"`, "「FORM」の近く"},
		{"Catalog Error: Table with name yearl does not exist!\nDid you mean \"yearly\"?", "表「yearl」がありません。近い名前は「yearly」です。"},
		{
			"Catalog Error: Table with name submissions does not exist!\nDid you mean \"marts.submissions or raw.submissions\"?",
			"近い名前は「marts.submissions」か「raw.submissions」です。",
		},
		{
			"IO Error: Could not set lock on file \"/a/b.duckdb\": Conflicting lock is held in /usr/bin/duckdb (PID 7). " +
				"However, you would be able to open this database in read-only mode",
			"ファイル「/a/b.duckdb」を、ほかのプログラム（/usr/bin/duckdb (PID 7)）が書ける形で開いているので",
		},
		{
			"Invalid Input Error: Values were not provided for the following prepared statement parameters: from",
			"引数「from」に値がありません",
		},
		{"Catalog Error: Scalar Function with name nofn does not exist!\nDid you mean \"x\"?", "関数「nofn」がありません"},
		{"Out of Memory Error: failed to allocate data", "上限を超えた"},
		{"Conversion Error: Could not convert string '五' to INT32", "「五」は、その型に"},
		{"Unheard Error: something else\nmore", "実行できません：Unheard Error: something else"},
	} {
		said, want := c[0], c[1]
		if got := fault.Query(said); !strings.Contains(got, want) || strings.ContainsAny(got, "{}$") {
			t.Errorf("%s: %s", said, got)
		}
	}
	if got := mark("SELECT 'あいう',\n  計画 FORM x", len("SELECT 'あいう',\n  計画 ")); got != "2行目:   計画 FORM x\n              ^" {
		t.Errorf("mark:\n%s", got)
	}
}
