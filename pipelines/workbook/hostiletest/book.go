package hostiletest

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
)

const (
	mainNS   = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" `
	relNS    = `xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	office   = "http://schemas.openxmlformats.org/"
	kindOf   = office + "officeDocument/2006/relationships/"
	sheetTop = `<?xml version="1.0" encoding="UTF-8"?><worksheet ` + mainNS + relNS + `>`
)

// book is an .xlsx whose parts are written one after another.
type book struct {
	sheets  int // all of which the part sheet is, but for those that parts names
	named   func(i int) string
	inBook  string               // behind the sheets in the workbook's own part
	sheet   func(t *text, i int) // all of one sheet's part
	strings func(t *text)        // inside sst; nil for none
	styles  func(t *text)        // inside styleSheet; nil for none
	more    map[string]func(t *text)
}

// ordinary is a sheet that holds what is between its tags.
func ordinary(before string, rows func(t *text), after func(t *text)) func(*text, int) {
	return func(t *text, _ int) {
		t.put(sheetTop + before + `<sheetData>`)
		if rows != nil {
			rows(t)
		}
		t.put(`</sheetData>`)
		if after != nil {
			after(t)
		}
		t.put(`</worksheet>`)
	}
}

func (b book) write(w io.Writer) error {
	z := zip.NewWriter(w)
	part := func(name string, do func(*text)) error {
		out, err := z.Create(name)
		if err != nil {
			return err
		}
		t := &text{w: out}
		do(t)
		return t.err
	}
	b.sheets = max(b.sheets, 1)
	if b.named == nil {
		b.named = func(i int) string { return fmt.Sprintf("S%d", i) }
	}
	type entry struct {
		name string
		do   func(*text)
	}
	list := []entry{
		{"[Content_Types].xml", b.types}, {"_rels/.rels", func(t *text) {
			t.put(`<Relationships xmlns="` + office + `package/2006/relationships"><Relationship Id="rId1" Type="` + kindOf +
				`officeDocument" Target="xl/workbook.xml"/></Relationships>`)
		}},
		{"xl/workbook.xml", b.workbook}, {"xl/_rels/workbook.xml.rels", b.relations},
	}
	if b.strings != nil {
		list = append(list, entry{"xl/sharedStrings.xml", func(t *text) {
			t.put(`<sst ` + mainNS + `>`)
			b.strings(t)
			t.put(`</sst>`)
		}})
	}
	if b.styles != nil {
		list = append(list, entry{"xl/styles.xml", func(t *text) {
			t.put(`<styleSheet ` + mainNS + `>`)
			b.styles(t)
			t.put(`</styleSheet>`)
		}})
	}
	for name, do := range b.more {
		list = append(list, entry{name, do})
	}
	for i := 1; i <= b.sheets; i++ {
		list = append(list, entry{fmt.Sprintf("xl/worksheets/sheet%d.xml", i), func(t *text) { b.sheet(t, i) }})
	}
	for _, e := range list {
		if err := part(e.name, e.do); err != nil {
			return err
		}
	}
	return z.Close()
}

func (b book) types(t *text) {
	const kind = `ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.`
	t.put(`<Types xmlns="` + office + `package/2006/content-types">` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ` + kind + `sheet.main+xml"/>`)
	for i := 1; i <= b.sheets; i++ {
		t.putf(`<Override PartName="/xl/worksheets/sheet%d.xml" %sworksheet+xml"/>`, i, kind)
	}
	t.put(`<Override PartName="/xl/styles.xml" ` + kind + `styles+xml"/>` +
		`<Override PartName="/xl/sharedStrings.xml" ` + kind +
		`sharedStrings+xml"/></Types>`)
}

func (b book) workbook(t *text) {
	t.put(`<workbook ` + mainNS + relNS + `><sheets>`)
	for i := 1; i <= b.sheets; i++ {
		t.putf(`<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, b.named(i), i, i)
	}
	t.put(`</sheets>` + b.inBook + `</workbook>`)
}

func (b book) relations(t *text) {
	t.put(`<Relationships xmlns="` + office + `package/2006/relationships">`)
	for i := 1; i <= b.sheets; i++ {
		t.putf(`<Relationship Id="rId%d" Type="%sworksheet" Target="worksheets/sheet%d.xml"/>`, i, kindOf, i)
	}
	if b.styles != nil {
		t.putf(`<Relationship Id="rIdS" Type="%sstyles" Target="styles.xml"/>`, kindOf)
	}
	if b.strings != nil {
		t.putf(`<Relationship Id="rIdT" Type="%ssharedStrings" Target="sharedStrings.xml"/>`, kindOf)
	}
	t.put(`</Relationships>`)
}

// oneCell is a row with a number.
func oneCell(t *text) { t.put(`<row r="1"><c r="A1"><v>1</v></c></row>`) }

// inline is a cell with a text of its own.
func inline(ref, s string) string {
	return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>`
}

// raw is a case of a workbook of one sheet whose part is written as a whole.
func raw(name string, small, full int, want string, sheet func(t *text, n int)) Case {
	return Case{Name: name, Ext: ".xlsx", Small: small, Full: full, Want: want, Write: func(w io.Writer, n int) error {
		return book{sheet: func(t *text, _ int) { sheet(t, n) }}.write(w)
	}}
}

// rows is a case of a workbook of one sheet with rows.
func rows(name string, small, full int, want string, do func(t *text, n int)) Case {
	return raw(name, small, full, want, func(t *text, n int) {
		ordinary("", func(t *text) { do(t, n) }, nil)(t, 1)
	})
}

// behind is a case of a workbook of one sheet with a cell, and something behind its rows.
func behind(name string, small, full int, want string, do func(t *text, n int)) Case {
	return raw(name, small, full, want, func(t *text, n int) {
		ordinary("", oneCell, func(t *text) { do(t, n) })(t, 1)
	})
}

// made is a case of a workbook.
func made(name string, small, full int, want string, do func(n int) book) Case {
	return Case{Name: name, Ext: ".xlsx", Small: small, Full: full, Want: want, Write: func(w io.Writer, n int) error {
		return do(n).write(w)
	}}
}

func spaces(n int) string { return strings.Repeat(" ", n) }
