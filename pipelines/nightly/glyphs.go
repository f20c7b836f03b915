package nightly

import (
	"fmt"
	"unicode"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/typeset"
)

// missingGlyphs finds the characters of what will be printed that no typeface has: 〓 would stand in their place.
func missingGlyphs(fonts *typeset.Fonts, books []*record.Workbook) {
	known := map[rune]bool{}
	has := func(r rune) bool {
		ok, asked := known[r]
		if !asked {
			ok = unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Variation_Selector, r) || fonts.Has(r)
			known[r] = ok
		}
		return ok
	}
	for _, w := range books {
		told := map[string]bool{}
		for i := range w.Records {
			for _, f := range w.Records[i].Fields {
				for _, r := range f.Text {
					if at := f.Sheet + "!" + f.Cell; r > 0x7F && !has(r) && !told[at] {
						told[at] = true
						w.Findings = append(w.Findings, record.Finding{
							Severity: form.Severity("glyph_missing"), Code: "glyph_missing", Municipality: w.Municipality, Department: w.Department,
							Path: w.Path, Sheet: f.Sheet, Cell: f.Cell, Found: fmt.Sprintf("%c（U+%04X）", r, r),
							Message: form.Sentence("glyph_missing", fmt.Sprintf("%c（U+%04X）", r, r), ""),
						})
					}
				}
			}
		}
	}
}
