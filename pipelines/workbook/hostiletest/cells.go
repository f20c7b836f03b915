package hostiletest

import (
	"fmt"
	"strings"
)

// cells are hostile in their cells.
func cells() []Case {
	long := strings.Repeat("あ", 10_000)
	shared := func(t *text, n int, master string) {
		t.put(`<row r="1"><c r="A1"><f t="shared" ref="A1:A1000000" si="0">` + master + `</f><v>1</v></c></row>`)
		for i := 2; i <= n; i++ {
			t.putf(`<row r="%d"><c r="A%d"><f t="shared" si="0"/><v>%d</v></c></row>`, i, i, i)
		}
	}
	pointing := func(n int) func(t *text) {
		return func(t *text) {
			for i := 1; i <= n; i++ {
				t.putf(`<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>`, i, i)
			}
		}
	}
	return []Case{
		made("one long text in every cell", 100, 100_000, "text", func(n int) book {
			return book{sheet: ordinary("", pointing(n), nil), strings: func(t *text) { t.put(`<si><t>` + long + `</t></si>`) }}
		}),
		rows("long texts", 30, 3000, "text", func(t *text, n int) {
			for i := 1; i <= n; i++ {
				t.putf(`<row r="%d">%s</row>`, i, inline(fmt.Sprintf("A%d", i), long))
			}
		}),
		rows("a text of many megabytes", 1000, 100_000_000, "cell_text", func(t *text, n int) {
			t.put(`<row><c t="inlineStr"><is><t>`)
			t.repeat("a", n)
			t.put(`</t></is></c></row>`)
		}),
		rows("a text of many pieces", 1000, 5_000_000, "cell_text", func(t *text, n int) {
			t.put(`<row><c t="inlineStr"><is>`)
			t.repeat("<r><t>a</t></r>", n)
			t.put(`</is></c></row>`)
		}),
		made("very many texts", 1000, 8_000_000, "strings", func(n int) book {
			return book{sheet: ordinary("", oneCell, nil), strings: func(t *text) { t.repeat(`<si/>`, n) }}
		}),
		made("a list of texts of many megabytes", 1000, 60_000_000, "cell_text", func(n int) book {
			return book{sheet: ordinary("", oneCell, nil), strings: func(t *text) {
				t.put(`<si><t>`)
				t.repeat("a", n)
				t.put(`</t></si>`)
			}}
		}),
		made("texts that are not there", 100, 100_000, Damaged, func(n int) book {
			return book{sheet: ordinary("", pointing(n), nil), strings: func(*text) {}}
		}),
		rows("more cells than may be", 1000, 3_000_000, "cells", func(t *text, n int) {
			t.put(`<row>`)
			for i := range n {
				if i%100 == 99 {
					t.put(`</row><row>`)
				}
				t.put(`<c><v>1</v></c>`)
			}
			t.put(`</row>`)
		}),
		rows("as many numbers as may be", 1000, 499_000, Read+"|reading_cpu|reading_memory", func(t *text, n int) {
			for i := range n / 100 {
				t.putf(`<row r="%d">`, i+1)
				for k := range 100 {
					t.putf(`<c><v>%d.%d</v></c>`, i, k)
				}
				t.put(`</row>`)
			}
		}),
		rows("as many texts as may be", 1000, 499_000, Read+"|reading_cpu|reading_memory", func(t *text, n int) {
			for i := range n / 100 {
				t.putf(`<row r="%d">`, i+1)
				for k := range 100 {
					t.put(inline(fmt.Sprintf("%s%d", column(k), i+1), fmt.Sprintf("指標%d（令和%d年度）%d人", i, k, i*k)))
				}
				t.put(`</row>`)
			}
		}),
		rows("all columns of many rows", 2, 240, "cells", func(t *text, n int) {
			for range n {
				t.put(`<row>`)
				t.repeat(`<c><v>1</v></c>`, 16_384)
				t.put(`</row>`)
			}
		}),
		rows("all columns of as many rows as may be", 1, 30, Read+"|reading_cpu|reading_memory", func(t *text, n int) {
			for i := range n {
				t.put(`<row>`)
				for k := range 16_384 {
					t.put(`<c t="inlineStr"><is><t>令和` + fmt.Sprint(k%30+1) + `年度実績` + fmt.Sprint(i) + `</t></is></c>`)
				}
				t.put(`</row>`)
			}
		}),
		rows("empty cells", 1000, 6_000_000, "cells", func(t *text, n int) {
			t.put(`<row>`)
			for i := range n {
				if i%1000 == 999 {
					t.put(`</row><row>`)
				}
				t.put(`<c/>`)
			}
			t.put(`</row>`)
		}),
		rows("a cell in the last corner", 300, 1_048_576, "area", func(t *text, n int) {
			oneCell(t)
			t.putf(`<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, n, n)
		}),
		rows("one cell again and again", 1000, 490_000, Read+"|"+Damaged, func(t *text, n int) {
			t.repeat(`<row r="1"><c r="A1"><v>1</v></c></row>`, n)
		}),
		rows("one cell with other contents", 1000, 490_000, Damaged, func(t *text, n int) {
			for i := range n {
				t.putf(`<row r="1"><c r="A1"><v>%d</v></c></row>`, i)
			}
		}),
		rows("rows of numbers beyond a sheet", 10, 1_000_000, Damaged, func(t *text, n int) {
			for i := range n {
				t.putf(`<row r="%d"><c><v>1</v></c></row>`, 1_048_576+i+1)
			}
		}),
		rows("hidden rows without an end", 1000, 5_000_000, Read, func(t *text, n int) {
			oneCell(t)
			t.repeat(`<row hidden="1"/>`, n)
		}),
		rows("a number of a million digits", 1000, 1_000_000, Read, func(t *text, n int) {
			t.put(`<row r="1"><c r="A1"><v>`)
			t.repeat("7", n)
			t.put(`</v></c></row>`)
		}),
		rows("numbers of great powers", 10, 100_000, Read, func(t *text, n int) {
			for i := range n {
				t.putf(`<row r="%d"><c r="A%d"><v>1e%d</v></c></row>`, i+1, i+1, 999_999_999-i)
			}
		}),
		rows("shared formulas without a master", 100, 190_000, Read+"|reading_cpu", func(t *text, n int) {
			shared(t, n, "")
		}),
		rows("shared formulas of a long master", 100, 100_000, "text", func(t *text, n int) {
			shared(t, n, strings.Repeat("A1+B$2+", 1000)+"C3")
		}),
		rows("more formulas than may be", 100, 400_000, "formulas", func(t *text, n int) { shared(t, n, "B1+1") }),
		rows("a formula of many megabytes", 1000, 16_000_000, "cell_text", func(t *text, n int) {
			t.put(`<row r="1"><c r="A1"><f>`)
			t.repeat("A1+", n/3)
			t.put(`1</f><v>1</v></c></row>`)
		}),
	}
}
