package hostiletest

import (
	"fmt"
	"strings"
)

// sheets are hostile in what stands around their cells.
func sheets() []Case {
	full := func(rows, cols int) func(t *text) {
		return func(t *text) {
			for i := range rows {
				t.putf(`<row r="%d">`, i+1)
				for k := range cols {
					t.putf(`<c><v>%d</v></c>`, i+k)
				}
				t.put(`</row>`)
			}
		}
	}
	disjoint := func(n int) func(t *text, _ int) {
		return func(t *text, _ int) {
			ordinary("", full(n/25+1, 100), func(t *text) {
				t.put(`<mergeCells>`)
				for i := range n {
					row, col := i/25+1, i%25*4
					t.putf(`<mergeCell ref="%s%d:%s%d"/>`, column(col), row, column(col+1), row)
				}
				t.put(`</mergeCells>`)
			})(t, 1)
		}
	}
	return []Case{
		made("more merges than may be", 100, 200_000, "merges|cells", func(n int) book { return book{sheet: disjoint(n)} }),
		behind("merges of nothing", 100, 200_000, "merges", func(t *text, n int) {
			t.put(`<mergeCells>`)
			for i := range n {
				t.putf(`<mergeCell ref="A%d:B%d"/>`, i+10, i+10)
			}
			t.put(`</mergeCells>`)
		}),
		made("as many merges as may be", 100, 49_900, Read+"|reading_cpu",
			func(n int) book { return book{sheet: disjoint(n)} }),
		made("merges of the whole sheet", 10, 40_000, "area", func(n int) book {
			return book{sheet: ordinary("", full(1000, 100), func(t *text) {
				t.put(`<mergeCells>`)
				t.repeat(`<mergeCell ref="A1:XFD1048576"/>`, n)
				t.put(`</mergeCells>`)
			})}
		}),
		behind("one merge of the whole sheet", 1, 1, Read, func(t *text, _ int) {
			t.put(`<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>`)
		}),
		raw("a dimension of the whole sheet", 1, 1, Read, func(t *text, _ int) {
			ordinary(`<dimension ref="A1:XFD1048576"/>`, oneCell, nil)(t, 1)
		}),
		raw("hidden columns over one another", 100, 1_500_000, Read, func(t *text, n int) {
			t.put(sheetTop + `<cols>`)
			t.repeat(`<col min="1" max="16384" hidden="1"/>`, n)
			t.put(`</cols><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>`)
		}),
		made("thousands of sheets", 3, 5000, "sheets", func(n int) book {
			return book{sheets: n, sheet: ordinary("", oneCell, nil)}
		}),
		made("as many sheets as may be", 3, 990, Read+"|reading_cpu", func(n int) book {
			return book{sheets: n, sheet: ordinary("", func(t *text) {
				t.put(`<row r="1">` + inline("A1", "成果指標調査票") + `</row><row r="2">`)
				for k, s := range []string{"指標名", "種別", "単位", "目指す方向", "令和7年度実績値", "令和8年度実績値"} {
					t.put(inline(column(k)+"2", s))
				}
				t.put(`</row>`)
				for i := 3; i < 30; i++ {
					t.putf(`<row r="%d">%s%s</row>`, i, inline(fmt.Sprintf("A%d", i), "来館者数"), inline(fmt.Sprintf("E%d", i), "五百人"))
				}
			}, nil)}
		}),
		made("sheets without names", 3, 500, Read, func(n int) book {
			return book{sheets: n, named: func(int) string { return "" }, sheet: ordinary("", oneCell, nil)}
		}),
		made("a sheet's name of a megabyte", 300, 1_000_000, Damaged, func(n int) book {
			return book{named: func(int) string { return strings.Repeat("名", n) }, sheet: ordinary("", oneCell, nil)}
		}),
		made("very many defined names", 100, 400_000, Read+"|reading_memory|reading_cpu", func(n int) book {
			var b strings.Builder
			b.WriteString("<definedNames>")
			for i := range n {
				fmt.Fprintf(&b, `<definedName name="n%d">S1!$A$%d</definedName>`, i, i+1)
			}
			return book{sheet: ordinary("", oneCell, nil), inBook: b.String() + "</definedNames>"}
		}),
		made("very large comments and pictures", 1000, 40_000_000, Read, func(n int) book {
			many := func(t *text) {
				t.put(`<comments ` + mainNS + `><commentList>`)
				t.repeat(`<comment ref="A1" authorId="0"><text><t>x</t></text></comment>`, n/60)
				t.put(`</commentList></comments>`)
			}
			return book{sheet: ordinary("", oneCell, nil), more: map[string]func(*text){
				"xl/comments1.xml": many, "xl/drawings/drawing1.xml": many, "xl/media/image1.png": many,
			}}
		}),
		behind("very many conditional formats", 100, 600_000, Read, func(t *text, n int) {
			t.repeat(`<conditionalFormatting sqref="A1:Z9"><cfRule type="expression" dxfId="0" priority="1">`+
				`<formula>A1&gt;1</formula></cfRule></conditionalFormatting>`, n)
		}),
		behind("very many validations", 100, 600_000, Read, func(t *text, n int) {
			t.put(`<dataValidations>`)
			t.repeat(`<dataValidation type="list" sqref="A1:XFD1048576"><formula1>"あ,い"</formula1></dataValidation>`, n)
			t.put(`</dataValidations>`)
		}),
	}
}

// styles are hostile in their styles.
func styles() []Case {
	styled := func(formats func(t *text), cellXfs func(t *text), style int) book {
		return book{
			sheet: ordinary("", func(t *text) { t.putf(`<row r="1"><c r="A1" s="%d"><v>1234.5</v></c></row>`, style) }, nil),
			styles: func(t *text) {
				t.put(`<numFmts>`)
				formats(t)
				t.put(`</numFmts><fonts><font/></fonts><fills><fill/></fills><borders><border/></borders><cellXfs>`)
				cellXfs(t)
				t.put(`</cellXfs>`)
			},
		}
	}
	none := func(*text) {}
	return []Case{
		made("a number format of many megabytes", 9000, 8_000_000, Damaged, func(n int) book {
			return styled(func(t *text) {
				t.put(`<numFmt numFmtId="200" formatCode="`)
				t.repeat(`あ`, n/3)
				t.put(`"/>`)
			}, func(t *text) { t.put(`<xf/><xf numFmtId="200" applyNumberFormat="1"/>`) }, 1)
		}),
		made("very many number formats", 100, 500_000, Read+"|reading_memory|reading_cpu", func(n int) book {
			return styled(func(t *text) {
				for i := range n {
					t.putf(`<numFmt numFmtId="%d" formatCode="0.0&quot;億%d&quot;"/>`, 200+i, i)
				}
			}, func(t *text) { t.put(`<xf/><xf numFmtId="200" applyNumberFormat="1"/>`) }, 1)
		}),
		made("very many styles", 100, 2_000_000, Read+"|reading_memory|reading_cpu", func(n int) book {
			return styled(none, func(t *text) { t.repeat(`<xf numFmtId="9"/>`, n) }, n-1)
		}),
		made("a style that is not there", 1, 1, Read, func(int) book {
			return styled(none, none, 999_999_999)
		}),
	}
}
