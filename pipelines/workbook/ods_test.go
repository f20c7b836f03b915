package workbook

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
)

// odsOf makes an .ods by hand: styles, and what stands in its first table.
func odsOf(t *testing.T, styles, table string) []byte {
	t.Helper()
	return odsWith(t, styles, `<table:table table:name="表">`+table+`</table:table>`)
}

func odsWith(t *testing.T, styles, spreadsheet string) []byte {
	t.Helper()
	var spaces strings.Builder
	for _, name := range []string{"office", "table", "text", "style", "draw:drawing", "number:datastyle"} {
		short, long, found := strings.Cut(name, ":")
		if !found {
			long = short
		}
		fmt.Fprintf(&spaces, ` xmlns:%s="urn:oasis:names:tc:opendocument:xmlns:%s:1.0"`, short, long)
	}
	return zippedAll(t, map[string]string{
		"mimetype": openDocument + "spreadsheet",
		"content.xml": `<office:document-content` + spaces.String() + ` xmlns:calcext="urn:x"><office:automatic-styles>` +
			styles +
			`</office:automatic-styles><office:body><office:spreadsheet>` + spreadsheet +
			`</office:spreadsheet></office:body></office:document-content>`,
	})
}

func odsCell(attributes, text string) string {
	if text != "" {
		text = `<text:p>` + text + `</text:p>`
	}
	return `<table:table-cell ` + attributes + `>` + text + `</table:table-cell>`
}

func odsSheet(t *testing.T, styles, table string) *Sheet {
	t.Helper()
	wb, err := Open("a.ods", odsOf(t, styles, table), limits.Default())
	must(t, err)
	return wb.Sheets[0]
}

func TestODSCells(t *testing.T) {
	value := func(kind, v, shown string) string {
		return odsCell(`office:value-type="`+kind+`" office:value="`+v+`"`, shown)
	}
	const styles = `<number:date-style style:name="N1"><number:year/><number:text>年度</number:text></number:date-style>` +
		`<number:date-style style:name="N2"><number:year/><number:month/><number:day/></number:date-style>` +
		`<style:style style:name="y" style:data-style-name="N1"/><style:style style:name="d" style:data-style-name="N2"/>`
	date := func(style, shown string) string {
		return odsCell(`table:style-name="`+style+`" office:value-type="date" office:date-value="2025-04-01"`, shown)
	}
	row := func(cells ...string) string {
		return `<table:table-row>` + strings.Join(cells, "") + `</table:table-row>`
	}
	s := odsSheet(t, styles,
		row(value("float", "1200", "1,200"), value("float", "0.393", "0.39"), value("percentage", "0.393", "39%"),
			value("float", "50.1", "50億円"), value("float", "342000", "342"), value("float", "-5", "▲5"), value("float", "0",
				"－"))+
			row(odsCell(`office:value-type="string"`, "一行目</text:p><text:p>二<text:s text:c=\"2\"/>行<text:span>目</text:span>"),
				odsCell(`office:value-type="string"`, `<office:annotation><text:p>メモ</text:p></office:annotation>漢<text:ruby>`+
					`<text:ruby-base>字</text:ruby-base><text:ruby-text>じ</text:ruby-text></text:ruby><draw:frame>図</draw:frame>`),
				odsCell(`office:value-type="boolean" office:boolean-value="true"`, "TRUE"),
				odsCell(`office:value-type="time" office:time-value="PT36H30M"`, "36:30"), date("y", "2025年度"), date("d", "4月1日"),
				date("none", "R7.4"))+
			row(odsCell(`table:formula="of:=[.A1]+1" office:value-type="float" office:value="1201"`, "1201"),
				odsCell(`table:formula="of:=[.A1]"`, ""), odsCell(`table:formula="of:=&quot;&quot;" office:value-type="string"`,
					""),
				odsCell(`table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"`, "#DIV/0!"),
				odsCell(``, ""), odsCell(`office:value-type="string" office:string-value="値"`, "")))
	day := Cell{Kind: Date, Text: "2025-04-01", Value: "45748"}
	shows(t, s, map[string]Cell{
		"A1": {Kind: Number, Text: "1,200", Value: "1200"}, "B1": {Kind: Number, Text: "0.393", Value: "0.393"},
		"C1": {Kind: Number, Text: "39.3%", Value: "0.393"}, "D1": {Kind: Number, Text: "50.1億円", Value: "50.1"},
		"E1": {Kind: Number, Text: "342", Value: "342000"}, "F1": {Kind: Number, Text: "▲5", Value: "-5"},
		"G1": {Kind: Number, Text: "0", Value: "0"},
		"A2": {Kind: Text, Text: "一行目\n二  行目"}, "B2": {Kind: Text, Text: "漢字"}, "C2": {Kind: Bool, Text: "TRUE"},
		"D2": {Kind: Time, Text: "36:30"}, "E2": {Kind: Date, Text: "2025年度", Value: "45748"}, "F2": day, "G2": day,
		"A3": {Kind: Number, Text: "1201", Value: "1201", Formula: "[.A1]+1"}, "B3": {Kind: Uncached, Formula: "[.A1]"},
		"C3": {Formula: `""`}, "D3": {Kind: Error, Text: "#DIV/0!", Formula: "1/0"}, "E3": {}, "F3": {Kind: Text, Text: "値"},
	})
}

func TestODSPlaces(t *testing.T) {
	one := odsCell(`office:value-type="float" office:value="1"`, "1")
	wb, err := Open("a.ods", odsWith(t,
		`<style:style style:name="h"><style:table-properties table:display="false"/></style:style>`,
		`<table:tracked-changes><table:table-cell/></table:tracked-changes>`+
			`<table:table table:name="表"><table:shapes><table:table-row>`+one+`</table:table-row></table:shapes>`+
			`<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>`+
			`<table:table-column table:number-columns-repeated="16381"/>`+
			`<table:table-header-rows><table:table-row table:number-rows-repeated="2">`+
			`<table:table-cell table:number-columns-repeated="2"/>`+one+
			`<table:table-cell table:number-columns-repeated="16381"/></table:table-row></table:table-header-rows>`+
			`<table:table-row table:visibility="filter">`+
			odsCell(`table:number-columns-spanned="2" table:number-rows-spanned="2" `+
				`office:value-type="string"`, "結合")+`<table:covered-table-cell/>`+
			odsCell(`table:number-columns-repeated="2" office:value-type="string"`, "同")+`</table:table-row>`+
			`<table:table-row><table:covered-table-cell table:number-columns-repeated="2"/>`+one+`</table:table-row>`+
			`<table:table-row table:number-rows-repeated="1048570" table:visibility="collapse">`+
			`<table:table-cell/></table:table-row></table:table>`+
			`<table:table table:name="隠し" table:style-name="h"><table:table-row>`+one+`</table:table-row></table:table>`),
		limits.Default())
	must(t, err)
	s := wb.Sheets[0]
	number := Cell{Kind: Number, Text: "1", Value: "1"}
	text := func(s string) Cell { return Cell{Kind: Text, Text: s} }
	shows(t, s, map[string]Cell{
		"A1": {}, "C1": number, "C2": number, "D1": {}, "A3": text("結合"), "B4": text("結合"), "C3": text("同"), "D3": text("同"),
		"C4": number,
	})
	if s.Rows != 4 || s.Cols != 4 || len(s.HiddenRows) != 1 || !s.HiddenRows[2] || len(s.HiddenCols) != 1 ||
		!s.HiddenCols[2] {
		t.Errorf("%d rows, %d columns, hidden %v %v", s.Rows, s.Cols, s.HiddenRows, s.HiddenCols)
	}
	if len(wb.Sheets) != 2 || !wb.Sheets[1].Hidden || s.Hidden || s.Name != "表" || !s.Covered(3, 1) {
		t.Errorf("%d sheets, merges %v", len(wb.Sheets), s.Merges)
	}
}

// A cell's text is its paragraphs and headings, a line each; remarks and pictures are none of it.
func TestODSParagraphs(t *testing.T) {
	const note = `<office:annotation><text:p>注</text:p></office:annotation>`
	for inside, want := range map[string]string{
		note + `<text:h>見出し</text:h><text:p>二</text:p>`: "見出し\n二", `<text:p>一</text:p>` + note: "一", note: "",
		`<text:p>一</text:p><text:h>二</text:h>`: "一\n二", `<text:list><text:p>一</text:p></text:list>`: "",
	} {
		s := odsSheet(t, "", `<table:table-row><table:table-cell office:value-type="string">`+inside+
			`</table:table-cell></table:table-row>`)
		if got := s.At(0, 0).Text; got != want {
			t.Errorf("%s reads %q, not %q", inside, got, want)
		}
	}
}

// What is shown is written with the digits that are stored, up to thirty places.
func TestODSNumbersAsShown(t *testing.T) {
	zeros := func(n int) string { return "0." + strings.Repeat("0", n) }
	for _, c := range []struct {
		shown, stored string
		percent       bool
		text          string
	}{
		{"1,234.6人", "1234.56", false, "1,234.56人"}, {"12.3%", "0.12345", true, "12.345%"}, {"－", "0.5", false, "0.5"},
		{"－", "0.5", true, "50%"}, {"12.5", "12.5", false, "12.5"}, {"13", "12.5", false, "12.5"},
		{"14", "12.5", false, "14"},
		{"2 13", "12.6", false, "2 12.6"}, {"▲3", "-3.2", false, "▲3.2"}, {zeros(30), "4e-31", false, zeros(30) + "4"},
		{zeros(31), "4e-32", false, zeros(31)}, {"多数", "x", false, "多数"},
	} {
		if got := odsNumber(c.shown, c.stored, c.percent); got.Text != c.text {
			t.Errorf("%s, stored as %s: %q, not %q", c.shown, c.stored, got.Text, c.text)
		}
	}
}

func TestODSStruckOut(t *testing.T) {
	const styles = `<style:style style:name="x">` +
		`<style:text-properties style:text-line-through-style="solid"/></style:style>` +
		`<style:style style:name="n"><style:text-properties style:text-line-through-style="none"/></style:style>`
	const span = `先<text:span text:style-name="x">旧</text:span>`
	s := odsSheet(t, styles, `<table:table-column/>`+
		`<table:table-column table:default-cell-style-name="x"/><table:table-row>`+
		odsCell(`office:value-type="string" table:style-name="x"`, "旧")+odsCell(`office:value-type="string"`, "列")+
		odsCell(`office:value-type="string"`, span)+odsCell(`office:value-type="string" table:style-name="x"`, span)+
		odsCell(`office:value-type="string" table:style-name="x"`, `<text:span text:style-name="n">新</text:span>`)+
		odsCell(`office:value-type="float" office:value="3" table:style-name="x"`, "3")+`</table:table-row>`)
	shows(t, s, map[string]Cell{
		"A1": {Kind: Text, Text: "旧", Struck: true}, "B1": {Kind: Text, Text: "列", Struck: true},
		"C1": {Kind: Text, Text: "先旧", PartStruck: true}, "D1": {Kind: Text, Text: "先旧", Struck: true},
		"E1": {Kind: Text, Text: "新"}, "F1": {Kind: Number, Text: "3", Value: "3", Struck: true},
	})
}

// What is made to exhaust the reader is refused.
func TestODSLimits(t *testing.T) {
	one := func(attributes string) string {
		return odsCell(attributes+` office:value-type="float" office:value="1"`, "1")
	}
	row := func(attributes, cells string) string {
		return `<table:table-row ` + attributes + `>` + cells + `</table:table-row>`
	}
	for name, c := range map[string]struct {
		table string
		want  error
	}{
		"as many cells as may be": {row(`table:number-rows-repeated="500"`, one(`table:number-columns-repeated="1000"`)),
			nil},
		"one row more": {row(`table:number-rows-repeated="501"`, one(`table:number-columns-repeated="1000"`)),
			ErrTooLarge},
		"a whole sheet of ones": {row(`table:number-rows-repeated="1048576"`,
			one(`table:number-columns-repeated="16384"`)), ErrTooLarge},
		"a number too large": {row(`table:number-rows-repeated="99999999999999999999"`, one("")), nil},
		"the last row": {row(`table:number-rows-repeated="1048575"`, `<table:table-cell/>`) + row("", one("")),
			nil},
		"behind the last row": {row(`table:number-rows-repeated="1048576"`, `<table:table-cell/>`) + row("", one("")),
			ErrTooLarge},
		"behind the last column": {row("", `<table:table-cell table:number-columns-repeated="16384"/>`+one("")),
			ErrTooLarge},
		"a far corner": {row("", one("")) + row(`table:number-rows-repeated="40000"`, `<table:table-cell/>`) +
			row("", `<table:table-cell table:number-columns-repeated="1000"/>`+one("")), ErrTooLarge},
		"a merge of everything": {row("",
			one(`table:number-columns-spanned="16384" table:number-rows-spanned="1048576"`)), nil},
		"a long text": {row("", odsCell(`office:value-type="string"`, strings.Repeat("a", int(limits.Default().CellText)+1))),
			ErrTooLarge},
		"a very long text": {row("", odsCell(`office:value-type="string"`, strings.Repeat("a",
			4*int(limits.Default().CellText)+1))), ErrTooLarge},
		"deep spans": {row("", odsCell(`office:value-type="string"`, strings.Repeat("<text:span>",
			100_000)+strings.Repeat("</text:span>", 100_000))), nil},
		"broken off": {`<table:table-row>`, ErrUnreadable},
	} {
		_, err := Open("a.ods", odsOf(t, "", c.table), limits.Default())
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	many := strings.Repeat(`<table:table><table:table-row>`+one("")+`</table:table-row></table:table>`,
		int(limits.Default().Sheets))
	if _, err := Open("a.ods", odsWith(t, "", many), limits.Default()); err != nil {
		t.Error(err)
	}
	if _, err := Open("a.ods", odsWith(t, "", many+`<table:table/>`), limits.Default()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a sheet too many: %v", err)
	}
	locked := zippedAll(t, map[string]string{"mimetype": openDocument + "spreadsheet", "content.xml": "\x01\x02",
		"META-INF/manifest.xml": `<manifest><file-entry><encryption-data/></file-entry></manifest>`})
	if _, err := Open("a.ods", locked, limits.Default()); !errors.Is(err, ErrEncrypted) {
		t.Errorf("encrypted: %v", err)
	}
}

// An intake workbook that LibreOffice has saved says which forms it is, and what was filled in.
func TestODSAsSaved(t *testing.T) {
	wb, err := fixture(t, "filled.ods")
	must(t, err)
	if id := wb.Identities()["行財政改革取組状況調査票"]; id != [3]string{"B", "initiative", "1"} || !wb.Sheets[1].Hidden {
		t.Errorf("identity %v", id)
	}
	shows(t, wb.Sheets[0], map[string]Cell{
		"A5": {Kind: Text, Text: "２２"}, "L7": {Kind: Text, Text: "一部が遅れた。\n（要因）人員不足"}, "E5": {},
	})
}

func FuzzODS(f *testing.F) {
	for _, table := range []string{
		`<table:table-row table:number-rows-repeated="3">` +
			`<table:table-cell table:number-columns-spanned="2" office:value-type="float" ` +
			`office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>`,
		`<table:table-row><table:table-cell office:value-type="date" office:date-value="2025">` +
			`<text:p>x<text:s text:c="9"/></text:p>` +
			`</table:table-cell><table:covered-table-cell table:number-columns-repeated="16384"/></table:table-row>`,
		`<table:table-column table:visibility="collapse" table:number-columns-repeated="16384"/><table:table-row>`,
	} {
		f.Add(table)
	}
	f.Fuzz(func(t *testing.T, table string) {
		wb, err := Open("a.ods", odsOf(t, "", table), limits.Default())
		if err == nil && wb == nil {
			t.Error("neither a workbook nor an error")
		}
		if wb != nil {
			for _, s := range wb.Sheets {
				s.Flip().Each(func(int, int, Cell) {})
			}
		}
	})
}
