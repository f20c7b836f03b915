package hostiletest

import (
	"archive/zip"
	"io"
	"strings"
)

// ods is a case of an .ods with tables.
func ods(name string, small, full int, want string, do func(t *text, n int)) Case {
	return Case{Name: name, Ext: ".ods", Small: small, Full: full, Want: want, Write: func(w io.Writer, n int) error {
		z := zip.NewWriter(w)
		kind, err := z.Create("mimetype")
		if err != nil {
			return err
		}
		if _, err := kind.Write([]byte("application/vnd.oasis.opendocument.spreadsheet")); err != nil {
			return err
		}
		content, err := z.Create("content.xml")
		if err != nil {
			return err
		}
		t := &text{w: content}
		t.put(`<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>`)
		do(t, n)
		t.put(`</office:spreadsheet></office:body></office:document-content>`)
		if t.err != nil {
			return t.err
		}
		return z.Close()
	}}
}

// open are hostile files of OpenDocument.
func open() []Case {
	cell := func(attributes, s string) string {
		return `<table:table-cell ` + attributes + ` office:value-type="string"><text:p>` + s + `</text:p></table:table-cell>`
	}
	one := `<table:table-row>` + cell("", "a") + `</table:table-row>`
	return []Case{
		ods("a cell a million times a million", 10_000, 1_000_000, "cells|area", func(t *text, n int) {
			t.putf(`<table:table><table:table-row table:number-rows-repeated="%d">`, n)
			t.put(cell(`table:number-columns-repeated="16000"`, "a") + `</table:table-row></table:table>`)
		}),
		ods("a long text in a million rows", 100, 400_000, "text", func(t *text, n int) {
			t.putf(`<table:table><table:table-row table:number-rows-repeated="%d">`, n)
			t.put(cell("", strings.Repeat("あ", 1000)) + `</table:table-row></table:table>`)
		}),
		ods("empty rows without an end", 10, 500_000, Read, func(t *text, n int) {
			t.put(`<table:table>` + one)
			t.repeat(`<table:table-row table:number-rows-repeated="1048576">`+
				`<table:table-cell table:number-columns-repeated="16384"/></table:table-row>`, n)
			t.put(`</table:table>`)
		}),
		ods("a cell below them", 10, 10_000, "area", func(t *text, n int) {
			t.put(`<table:table>` + one)
			t.repeat(`<table:table-row table:number-rows-repeated="1048576"/>`, n)
			t.put(one + `</table:table>`)
		}),
		ods("a column for every style", 100, 200_000, Read+"|cells|reading_cpu", func(t *text, n int) {
			t.put(`<table:table>`)
			t.repeat(`<table:table-column table:default-cell-style-name="s"/>`, n)
			for range min(n, 30) {
				t.put(`<table:table-row>`)
				t.repeat(cell("", "1"), min(n, 16_000))
				t.put(`</table:table-row>`)
			}
			t.put(`</table:table>`)
		}),
		ods("hidden columns without an end in an ods", 100, 500_000, Read, func(t *text, n int) {
			t.put(`<table:table>`)
			t.repeat(`<table:table-column table:visibility="collapse" table:number-columns-repeated="16384"/>`, n)
			t.put(one + `</table:table>`)
		}),
		ods("merges in an ods", 10, 200_000, "merges", func(t *text, n int) {
			t.put(`<table:table>`)
			t.repeat(`<table:table-row>`+cell(`table:number-columns-spanned="16384" table:number-rows-spanned="1048576"`, "a")+
				`</table:table-row>`, n)
			t.put(`</table:table>`)
		}),
		ods("spaces without an end", 100, 2_000_000, "cell_text", func(t *text, n int) {
			t.put(`<table:table><table:table-row><table:table-cell office:value-type="string"><text:p>`)
			t.repeat(`<text:s text:c="1000000000"/>`, n)
			t.put(`</text:p></table:table-cell></table:table-row></table:table>`)
		}),
		ods("spans within one another", 100, 5_000_000, Damaged+"|"+Read, func(t *text, n int) {
			t.put(`<table:table><table:table-row><table:table-cell office:value-type="string"><text:p>`)
			t.repeat(`<text:span>`, n)
			t.repeat(`</text:span>`, n)
			t.put(`</text:p></table:table-cell></table:table-row></table:table>`)
		}),
		ods("tables without an end", 3, 500_000, "sheets", func(t *text, n int) { t.repeat(`<table:table/>`, n) }),
		ods("a bomb of an ods", 2, 200, "part", func(t *text, n int) { t.repeat(spaces(1<<20), n) }),
	}
}

// csv is a case of a .csv.
func csv(name string, small, full int, want string, do func(t *text, n int)) Case {
	return Case{Name: name, Ext: ".csv", Small: small, Full: full, Want: want, Write: func(w io.Writer, n int) error {
		t := &text{w: w}
		do(t, n)
		return t.err
	}}
}

// plain are hostile texts.
func plain() []Case {
	return []Case{
		csv("one line of commas", 1000, 90_000_000, "cells", func(t *text, n int) { t.repeat(",", n) }),
		csv("one cell of many megabytes", 1000, 60_000_000, "cell_text", func(t *text, n int) { t.repeat("a", n) }),
		csv("a text of many megabytes in marks", 1000, 60_000_000, "cell_text", func(t *text, n int) {
			t.put(`"`)
			t.repeat("あ\n", n/4)
			t.put(`"`)
		}),
		csv("a mark that never closes", 1000, 60_000_000, Damaged, func(t *text, n int) {
			t.put(`"`)
			t.repeat("a,b\n", n/4)
		}),
		csv("more text than may be", 100_000, 95_000_000, "text", func(t *text, n int) {
			t.repeat(strings.Repeat("あ",
				300)+"\n", n/901)
		}),
		csv("far more text than may be", 200_000, 100_000_000, "text|cells", func(t *text, n int) {
			t.repeat(strings.Repeat("あ", 3000)+"\n", n/9001)
		}),
		csv("more lines than may be", 1000, 40_000_000, "cells", func(t *text, n int) { t.repeat("a\n", n/2) }),
		csv("empty lines", 1000, 90_000_000, Read, func(t *text, n int) {
			t.put("a,b\n")
			t.repeat("\n", n)
		}),
		csv("a line a long way down", 100_000, 20_000_000, "area", func(t *text, n int) {
			t.put("a,b\n")
			t.repeat("\n", n)
			t.put("c,d\n")
		}),
		csv("UTF-16 of many megabytes", 1000, 90_000_000, "cells", func(t *text, n int) {
			t.put("\xFF\xFE")
			t.repeat("a\x00,\x00", n/4)
		}),
		csv("half a character of UTF-16", 1001, 40_000_001, Damaged+"|cell_text|"+Read, func(t *text, n int) {
			t.put("\xFE\xFF")
			t.repeat("\xD8", n)
		}),
		csv("Shift JIS of many megabytes", 100_000, 95_000_000, "text", func(t *text, n int) {
			t.repeat(strings.Repeat("\x82\xA0", 300)+"\n", n/601)
		}),
		csv("zeros", 1000, 90_000_000, Damaged+"|cell_text|"+Read, func(t *text, n int) { t.repeat("\x00", n) }),
		csv("bytes of no character", 1000, 90_000_000, Damaged, func(t *text, n int) { t.repeat("\x81\xFF", n/2) }),
		csv("marks alone", 1000, 60_000_000, Damaged+"|cell_text", func(t *text, n int) { t.repeat(`"`, n/2*2) }),
		csv("tabs alone", 1000, 60_000_000, "cells", func(t *text, n int) { t.repeat("\t", n) }),
		csv("carriage returns alone", 1000, 60_000_000, "cell_text|"+Read, func(t *text, n int) { t.repeat("a\r", n/2) }),
	}
}
