package hostiletest

import "strings"

// markup are hostile in their XML.
func markup() []Case {
	laughs := func(t *text, n int) {
		t.put(`<!DOCTYPE x [<!ENTITY a0 "笑">`)
		for i := 1; i <= n; i++ {
			t.putf(`<!ENTITY a%d "%s">`, i, strings.Repeat("&a"+string(rune('0'+i-1))+";", 10))
		}
		t.put(`]>`)
	}
	last := func(n int) string { return "&a" + string(rune('0'+n)) + ";" }
	return []Case{
		raw("billion laughs in a sheet", 3, 9, Damaged, func(t *text, n int) {
			laughs(t, n)
			ordinary("", func(t *text) { t.put(`<row>` + inline("A1", last(n)) + `</row>`) }, nil)(t, 1)
		}),
		made("billion laughs in the strings", 3, 9, Damaged, func(n int) book {
			return book{sheet: ordinary("", oneCell, nil), strings: func(t *text) {
				laughs(t, n)
				t.put(`<si><t>` + last(n) + `</t></si>`)
			}}
		}),
		made("billion laughs in the styles", 3, 9, Damaged+"|"+Read, func(n int) book {
			return book{sheet: ordinary("", oneCell, nil), styles: func(t *text) {
				laughs(t, n)
				t.put(`<numFmts><numFmt numFmtId="200" formatCode="` + last(n) + `"/></numFmts>`)
			}}
		}),
		raw("an entity of another file", 1, 1, Damaged, func(t *text, _ int) {
			t.put(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`)
			ordinary("", func(t *text) { t.put(`<row>` + inline("A1", "&e;") + `</row>`) }, nil)(t, 1)
		}),
		behind("elements within one another", 300_000, 15_000_000, Damaged, func(t *text, n int) {
			t.repeat("<a>", n)
			t.repeat("</a>", n)
		}),
		made("styles within one another", 1000, 15_000_000, Damaged+"|"+Read+"|reading_memory|reading_cpu", func(n int) book {
			return book{sheet: ordinary("", oneCell, nil), styles: func(t *text) {
				t.repeat("<a>", n)
				t.repeat("</a>", n)
			}}
		}),
		made("a workbook part within itself", 1000, 15_000_000, Damaged+"|"+Read+"|reading_memory|reading_cpu",
			func(n int) book {
				return book{sheet: ordinary("", oneCell, nil), inBook: strings.Repeat("<a>", n) + strings.Repeat("</a>", n)}
			}),
		behind("an attribute without an end", 1_000_000, 100_000_000, "cell_text", func(t *text, n int) {
			t.put(`<a b="`)
			t.repeat("x", n)
			t.put(`"/>`)
		}),
		behind("very many attributes", 100_000, 20_000_000, "cell_text", func(t *text, n int) {
			t.put(`<a`)
			t.repeat(` b=""`, n)
			t.put(`/>`)
		}),
		behind("as many attributes as one token may have", 1000, 800_000, Read+"|reading_memory", func(t *text, n int) {
			t.put(`<a`)
			t.repeat(` b=""`, n)
			t.put(`/>`)
		}),
		behind("names of spaces without an end", 1000, 120_000, Read+"|reading_memory|reading_cpu", func(t *text, n int) {
			t.put(`<a`)
			for i := range n {
				t.putf(` xmlns:n%d="u%d"`, i, i)
			}
			t.put(`/>`)
		}),
		behind("a remark without an end", 1_000_000, 100_000_000, "cell_text", func(t *text, n int) {
			t.put(`<!--`)
			t.repeat("x", n)
			t.put(`-->`)
		}),
		behind("XML that never closes", 1000, 5_000_000, Damaged, func(t *text, n int) { t.repeat("<a>x", n) }),
		raw("no XML at all", 1000, 100_000_000, Damaged+"|cell_text", func(t *text, n int) { t.repeat("x", n) }),
		raw("a sheet in UTF-16", 1, 1, Damaged+"|"+Read, func(t *text, _ int) {
			t.put("\xFE\xFF" + strings.Join(strings.Split(sheetTop+"<sheetData/></worksheet>", ""), "\x00"))
		}),
	}
}
