package workbook

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"

	"github.com/xuri/excelize/v2"
)

// assembled makes an .xlsx of one sheet by hand. calc are attributes of calcPr, styles and strings the insides of these
// parts, rows those of sheetData.
func assembled(t *testing.T, calc, styles, texts, rows string) *Sheet {
	t.Helper()
	wb, err := Open("a.xlsx", assemble(t, calc, styles, texts, rows), limits.Default())
	must(t, err)
	return wb.Sheets[0]
}

func assemble(t *testing.T, calc, styles, texts, rows string) []byte {
	t.Helper()
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	relation := func(id, kind, target string) string {
		return fmt.Sprintf(`<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, office, kind, target)
	}
	const relations = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	return zippedAll(t, map[string]string{
		"_rels/.rels": relations + relation("a", "officeDocument", "xl/workbook.xml") + `</Relationships>`,
		"xl/workbook.xml": `<workbook ` + hostileNS +
			`><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets><calcPr ` + calc + `/></workbook>`,
		"xl/_rels/workbook.xml.rels": relations + relation("r1", "worksheet", "/xl/worksheets/sheet1.xml") +
			relation("r2", "styles", "styles.xml") + relation("r3", "sharedStrings", "sharedStrings.xml") + `</Relationships>`,
		"xl/styles.xml":            `<styleSheet ` + hostileNS + `>` + styles + `</styleSheet>`,
		"xl/sharedStrings.xml":     `<sst ` + hostileNS + `>` + texts + `</sst>`,
		"xl/worksheets/sheet1.xml": `<worksheet ` + hostileNS + `><sheetData>` + rows + `</sheetData></worksheet>`,
	})
}

// shows compares cells by their addresses; a cell that is not there is empty.
func shows(t *testing.T, s *Sheet, want map[string]Cell) {
	t.Helper()
	for at, cell := range want {
		row, col, ok := address(at)
		if got := s.At(row, col); !ok || got != cell {
			t.Errorf("%s is %+v, want %+v", at, got, cell)
		}
	}
}

func TestCellsWithoutAddressFollowTheOneBefore(t *testing.T) {
	s := assembled(t, "", "", "", `<row><c><v>1</v></c><c><v>2</v></c></row><row/>`+
		`<row><c r="C3"><v>3</v></c><c><v>4</v></c></row>`+
		`<row r="7"><c><v>5</v></c></row><row><c><v>6</v></c><c r="D8"><v>7</v></c></row><row><c r="B11"><v>8</v></c></row>`+
		`<row hidden="1"><c><v>9</v></c></row>`)
	number := func(v string) Cell { return Cell{Kind: Number, Text: v, Value: v} }
	shows(t, s, map[string]Cell{
		"A1": number("1"), "B1": number("2"), "A2": {}, "C3": number("3"), "D3": number("4"), "A7": number("5"),
		"A8": number("6"), "D8": number("7"), "B11": number("8"), "A12": number("9"), "A3": {}, "A9": {},
	})
	if s.Rows != 12 || s.Cols != 4 || !s.HiddenRows[11] || s.HiddenRows[10] {
		t.Errorf("%d rows, %d columns, hidden %v", s.Rows, s.Cols, s.HiddenRows)
	}
	for _, bad := range []string{"A0", "1", "AAAA1", "XFE1", "A1048577", "あ1"} {
		_, err := Open("a.xlsx", assemble(t, "", "", "", `<row><c r="`+bad+`"><v>1</v></c></row>`), limits.Default())
		if !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// Two cells of one address are refused where they differ: one of them would be lost.
func TestCellsOfOneAddress(t *testing.T) {
	for rows, want := range map[string]error{
		`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>`:                        nil,
		`<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>`:                        ErrUnreadable,
		`<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>`:       ErrUnreadable,
		`<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>`:       nil,
		`<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c><c><v>1</v></c></row>`:         nil, // B1 again, and the same
		`<row r="1"><c r="A1"/><c r="A1"><v>2</v></c></row>`:                                   nil,
		`<row r="1"><c r="A1"><v>1</v></c><c r="A1" t="inlineStr"><is><t>1</t></is></c></row>`: ErrUnreadable,
	} {
		_, err := Open("a.xlsx", assemble(t, "", "", "", rows), limits.Default())
		if !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%s: %v", rows, err)
		}
	}
}

func TestStruckOutCells(t *testing.T) {
	const styles = `<fonts><font/><font><strike/></font><font><strike val="0"/></font></fonts>` +
		`<cellStyleXfs><xf fontId="1"/></cellStyleXfs><cellXfs><xf/><xf fontId="1"/><xf fontId="2" numFmtId="9"/></cellXfs>` +
		`<dxfs><dxf><font><strike/></font></dxf></dxfs>`
	const out = `<r><rPr><strike/></rPr><t>旧</t></r>`
	const texts = `<si><t>一</t></si><si>` + out + `</si><si><r><t>先</t></r>` + out + `</si>` +
		`<si>` + out + `<r><rPr><b/></rPr><t>新</t></r><rPh sb="0" eb="1"><t>きゅう</t></rPh></si>` +
		`<si>` + out + `<r><rPr><b/></rPr><t xml:space="preserve"> </t></r></si>`
	cell := func(at string, style, text int) string {
		return fmt.Sprintf(`<c r="%s" s="%d" t="s"><v>%d</v></c>`, at, style, text)
	}
	s := assembled(t, "", styles, texts, `<row>`+cell("A1", 0, 0)+cell("B1", 1, 0)+cell("C1", 2, 0)+`</row>`+
		`<row>`+cell("A2", 0, 1)+cell("B2", 0, 2)+cell("C2", 1, 2)+cell("D2", 0, 3)+cell("E2", 1, 3)+cell("F2", 0,
		4)+`</row>`+
		`<row><c s="1"><v>5</v></c><c s="1" t="inlineStr"><is><t>六</t></is></c><c s="1"/>`+
		`<c t="inlineStr"><is>`+out+`<r><t>七</t></r></is></c></row>`)
	shows(t, s, map[string]Cell{
		"A1": {Kind: Text, Text: "一"}, "B1": {Kind: Text, Text: "一", Struck: true}, "C1": {Kind: Text, Text: "一"},
		"A2": {Kind: Text, Text: "旧", Struck: true},
		"B2": {Kind: Text, Text: "先旧", PartStruck: true}, // the first piece has the cell's font
		"C2": {Kind: Text, Text: "先旧", Struck: true},
		"D2": {Kind: Text, Text: "旧新", PartStruck: true}, "E2": {Kind: Text, Text: "旧新", PartStruck: true},
		"F2": {Kind: Text, Text: "旧 ", Struck: true}, // what is not struck out cannot be seen
		"A3": {Kind: Number, Text: "5", Value: "5", Struck: true}, "B3": {Kind: Text, Text: "六", Struck: true}, "C3": {},
		"D3": {Kind: Text, Text: "旧七", PartStruck: true},
	})
}

// A workbook that asks for everything to be calculated has results only where one of them is not 0.
func TestFormulasNeverCalculated(t *testing.T) {
	const zeros = `<row><c><v>3</v></c><c><f>A1+1</f><v>0</v></c><c><f>A1+2</f></c></row>`
	uncached := func(f string) Cell { return Cell{Kind: Uncached, Formula: f} }
	zero := Cell{Kind: Number, Text: "0", Value: "0", Formula: "A1+1"}
	for name, c := range map[string]struct {
		calc, more string
		want       Cell
	}{
		"asked, all zeros":           {`fullCalcOnLoad="1"`, ``, uncached("A1+1")},
		"asked, zero as 0.0":         {`fullCalcOnLoad="true"`, `<row><c><f>A1</f><v>0.0</v></c></row>`, uncached("A1+1")},
		"asked, one result":          {`fullCalcOnLoad="1"`, `<row><c><f>A1</f><v>3</v></c></row>`, zero},
		"asked, a small result":      {`fullCalcOnLoad="1"`, `<row><c><f>A1</f><v>0.001</v></c></row>`, zero},
		"asked, an empty text":       {`fullCalcOnLoad="1"`, `<row><c t="str"><f>TRIM(D1)</f><v></v></c></row>`, zero},
		"asked, an error":            {`fullCalcOnLoad="1"`, `<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>`, zero},
		"asked, FALSE":               {`fullCalcOnLoad="1"`, `<row><c t="b"><f>A1=0</f><v>0</v></c></row>`, zero},
		"asked, a number of no cell": {`fullCalcOnLoad="1"`, `<row><c><v>7</v></c></row>`, uncached("A1+1")},
		"not asked, all zeros":       {``, ``, zero},
		"asked not to be, all zeros": {`fullCalcOnLoad="0"`, ``, zero},
		"asked, a shared formula of 0": {`fullCalcOnLoad="1"`,
			`<row><c><f t="shared" si="0" ref="A2:B2">A1</f><v>0</v></c></row>`, uncached("A1+1")},
	} {
		s := assembled(t, c.calc, "", "", zeros+c.more)
		if got := s.At(0, 1); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if got := s.At(0, 2); got != uncached("A1+2") {
			t.Errorf("%s: without a result %+v", name, got)
		}
	}
	// Zeros that nobody calculated are no numbers; those that somebody typed are.
	s := assembled(t, `fullCalcOnLoad="1"`, "", "", `<row><c><v>0</v></c></row>`)
	shows(t, s, map[string]Cell{"A1": {Kind: Number, Text: "0", Value: "0"}})
}

func TestResultsAsSeen(t *testing.T) {
	s := assembled(t, "", `<numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>`+
		`<cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs>`,
		"", `<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c s="1"><v>1.520833333333333</v></c>`+
			`<c t="str"><f>TRIM(Z1)</f><v></v></c><c t="str"><f>TRIM(Z1)</f></c><c t="str"><f>IF(A1,"")</f></c>`+
			`<c t="str"><f>TEXT(A1,"000")</f><v>012</v></c><c s="2" t="d"><v>2025-04-01T00:00:00</v></c>`+
			`<c t="inlineStr"><is><t>_x4E00__x005F_x000D_</t></is></c><c t="e"><v>#N/A</v></c></row>`)
	shows(t, s, map[string]Cell{
		"A1": {Kind: Bool, Text: "TRUE"}, "B1": {Kind: Bool, Text: "FALSE"}, "C1": {Kind: Time, Text: "36:30"},
		"D1": {Formula: "TRIM(Z1)"}, "E1": {Kind: Uncached, Formula: "TRIM(Z1)"}, "F1": {Formula: `IF(A1,"")`},
		"G1": {Kind: Text, Text: "012", Formula: `TEXT(A1,"000")`}, "H1": {Kind: Date, Text: "2025-04-01", Value: "45748"},
		"I1": {Kind: Text, Text: "一_x000D_"}, "J1": {Kind: Error, Text: "#N/A"},
	})
	if !s.At(0, 3).Blank() || s.At(0, 4).Blank() {
		t.Error("an empty text is blank, a formula without a result is not")
	}
}

func TestSharedFormulas(t *testing.T) {
	s := assembled(t, "", "", "",
		`<row><c r="C1"><f t="shared" si="0" ref="C1:D2">A1+$A1+A$1+$A$1+"A1"&amp;AB1!B2+LOG10(A1:B1)</f><v>1</v></c>`+
			`<c r="D1"><f t="shared" si="0"/><v>1</v></c></row><row><c r="C2"><f t="shared" si="0"/><v>1</v></c></row>`)
	for at, want := range map[string]string{
		"C1": `A1+$A1+A$1+$A$1+"A1"&AB1!B2+LOG10(A1:B1)`, "D1": `B1+$A1+B$1+$A$1+"A1"&AB1!C2+LOG10(B1:C1)`,
		"C2": `A2+$A2+A$1+$A$1+"A1"&AB1!B3+LOG10(A2:B2)`,
	} {
		row, col, _ := address(at)
		if got := s.At(row, col).Formula; got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	if got := (shared{"A1", 1, 1}).at(0, 0); got != "#REF!" {
		t.Errorf("beyond the sheet: %s", got)
	}
}

// A sheet that is a chart is passed over; the others are read.
func TestChartSheetIsPassedOver(t *testing.T) {
	for name, want := range map[string]string{"chartsheet.xlsx": "D6", "chart.xls": "D6"} {
		wb, err := fixture(t, name)
		must(t, err)
		row, col, _ := address(want)
		if len(wb.Sheets) != 1 || wb.Sheets[0].At(row, col).Value != "90" || wb.Sheets[0].At(3, 2).Value != "1200" {
			t.Errorf("%s: %d sheets, %+v", name, len(wb.Sheets), wb.Sheets[0].At(row, col))
		}
	}
	data := written(t, func(f *excelize.File) {
		must(t, f.SetCellValue("Sheet1", "A1", 1))
		must(t, f.AddChartSheet("図", &excelize.Chart{Type: excelize.Col,
			Series: []excelize.ChartSeries{{Values: "Sheet1!$A$1:$A$1"}}}))
		must(t, f.SetCellValue("Sheet1", "A2", 2))
	})
	wb, err := Open("a.xlsx", data, limits.Default())
	must(t, err)
	if len(wb.Sheets) != 1 || wb.Sheets[0].At(1, 0).Value != "2" {
		t.Errorf("%d sheets", len(wb.Sheets))
	}
}

// The cases as departments sent them.
func TestCellsAsSent(t *testing.T) {
	for name, want := range map[string]map[string]Cell{
		"yeardates.xlsx": {"C4": {Kind: Date, Text: "令和7年度", Value: "45748"}, "D4": {Kind: Date, Text: "令和8年度",
			Value: "46113"}},
		"emptytext.xlsx": {"E4": {Formula: "TRIM(F4)"}, "D4": {Kind: Number, Text: "1300", Value: "1300"}},
		"uncalculated.xlsx": {"D4": {Kind: Uncached, Formula: "C4+100"}, "D5": {Kind: Uncached, Formula: "C5-20"},
			"D6": {Kind: Number, Text: "90", Value: "90"}},
		"struck.xlsx": {"A5": {Kind: Text, Text: "東館", Struck: true}, "C5": {Kind: Number, Text: "400", Value: "400",
			Struck: true},
			"A6": {Kind: Text, Text: "西館"}},
		"timelogical.xlsx": {"C4": {Kind: Time, Text: "36:30"}, "D5": {Kind: Bool, Text: "TRUE"}},
	} {
		t.Run(strings.TrimSuffix(name, ".xlsx"), func(t *testing.T) {
			wb, err := fixture(t, name)
			must(t, err)
			shows(t, wb.Sheets[0], want)
		})
	}
}

// The rows of a sheet, without the container, in which a fuzzer would hardly find them.
func FuzzRows(f *testing.F) {
	f.Add(`<row><c><v>1</v></c><c r="C1" s="1" t="s"><v>0</v></c></row><row r="3" hidden="1"/>`)
	f.Add(`<row r="1"><c t="inlineStr"><is><r><rPr><strike/></rPr><t>a</t></r></is></c>` +
		`<c><f t="shared" si="0">A1</f></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		wb, err := Open("a.xlsx", assemble(t, `fullCalcOnLoad="1"`, `<fonts><font><strike/></font></fonts><cellXfs><xf/>`+
			`<xf fontId="0" numFmtId="20"/></cellXfs>`, `<si><t>x</t></si>`, rows), limits.Default())
		if (err == nil) == (wb == nil) {
			t.Error("neither a workbook nor an error")
		}
		if wb != nil {
			wb.Sheets[0].Flip().Each(func(int, int, Cell) {})
		}
	})
}
