package reading

import (
	"fmt"
	"unicode"

	"kyogikai/pipelines/finding"
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
						found := finding.New(finding.GlyphMissing, f.Sheet, f.Cell, fmt.Sprintf("%c（U+%04X）", r, r), "")
						found.Municipality, found.Department, found.Path = w.Municipality, w.Department, w.Path
						w.Findings = append(w.Findings, found)
					}
				}
			}
		}
	}
}
