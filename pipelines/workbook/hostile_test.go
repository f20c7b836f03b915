package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/trial"
)

const hostileNS = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
	`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

// hostile makes an .xlsx by hand, of n sheets that are all the same XML.
func hostile(t *testing.T, n int, sheet string) []byte {
	t.Helper()
	const office = "http://schemas.openxmlformats.org/"
	var types, list, rels strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(
			&types,
			`<Override PartName="/xl/worksheets/s%d.xml" `+
				`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`,
			i,
		)
		fmt.Fprintf(&list, `<sheet name="S%d" sheetId="%d" r:id="rId%d"/>`, i, i, i)
		fmt.Fprintf(
			&rels, `<Relationship Id="rId%d" Type="%sofficeDocument/2006/relationships/worksheet" Target="worksheets/s%d.xml"/>`,
			i, office, i,
		)
	}
	parts := map[string]string{
		"[Content_Types].xml": `<Types xmlns="` + office +
			`package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ` +
			`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			types.String() + `</Types>`,
		"_rels/.rels": `<Relationships xmlns="` + office + `package/2006/relationships"><Relationship Id="rId1" Type="` +
			office +
			`officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook ` + hostileNS + `><sheets>` + list.String() + `</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="` + office + `package/2006/relationships">` + rels.String() +
			`</Relationships>`,
	}
	for i := 1; i <= n; i++ {
		parts[fmt.Sprintf("xl/worksheets/s%d.xml", i)] = sheet
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store}) // not what this is about
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Files made to exhaust the reader are refused, or read within its limits.
func TestHostileFiles(t *testing.T) {
	cell := `<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>`
	sheet := func(before, rows, after string) string {
		return `<worksheet ` + hostileNS + `>` + before + `<sheetData>` + rows + `</sheetData>` + after + `</worksheet>`
	}
	// The last corner takes the reader a while; in a trial it is given that.
	row := trial.Count(int(limits.Default().Area)/16384+1, 1048576)
	far := fmt.Sprintf(`<row r="%d"><c r="XFD%d"><v>2</v></c></row>`, row, row)
	cases := map[string]struct {
		sheets int
		xml    string
		err    error // nil: it is read, and A1 is 1
	}{
		"dimension of a whole sheet": {1, sheet(`<dimension ref="A1:XFD1048576"/>`, cell, ""), nil},
		"merge of a whole sheet":     {1, sheet("", cell, `<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`), nil},
		"merges across each other": {1, sheet("", cell,
			`<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="B1:C2"/><mergeCell ref="B2:A1"/></mergeCells>`), nil},
		"a cell in a far corner": {1, sheet("", cell+far, ""), ErrTooLarge},
		"seventeen megabytes of text": {1, sheet("", `<row r="1"><c r="A1" t="inlineStr"><is><t>`+strings.Repeat("a", 17<<20)+
			`</t></is></c></row>`, ""), ErrTooLarge},
		"entities": {1, `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>` +
			sheet("", `<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>`, ""), ErrUnreadable},
		"too many sheets": {int(limits.Default().Sheets) + 1, sheet("", cell, ""), ErrTooLarge},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wb, err := Open("a.xlsx", hostile(t, c.sheets, c.xml), limits.Default())
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err == nil && wb.Sheets[0].At(0, 0).Value != "1" {
				t.Errorf("A1 is %+v", wb.Sheets[0].At(0, 0))
			}
		})
	}
}
