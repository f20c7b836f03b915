// Package picture draws how a file was read: every sheet as its author sees it, each cell with what it was taken for,
// the values that came of it, and the findings. It makes HTML whose look is all in one stylesheet, so that a page with
// a strict content policy shows the same.
package picture

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Reading is what a picture shows. MunicipalityFrom and YearFrom say in Japanese how these are known, "" where they are
// not.
type Reading struct {
	Grid                       *workbook.Workbook // nil where the file cannot be opened
	Read                       *record.Workbook
	Forms                      []form.Form // by which it was read
	MunicipalityFrom, YearFrom string
}

// Page is one HTML file that needs nothing else and runs nothing.
func Page(r Reading) []byte {
	style := pageStyle + Stylesheet()
	sum := sha256.Sum256([]byte(style))
	var b strings.Builder
	b.WriteString("<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\"/>\n" +
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'\"/>\n" +
		"<title>" + esc(heading(r)) + "</title>\n<style>" + style + "</style>\n</head>\n<body>\n<main>\n")
	b.WriteString(Fragment(r))
	b.WriteString("</main>\n</body>\n</html>\n")
	return []byte(b.String())
}

// Fragment is the picture alone, an article for a page that has Stylesheet. Its ids are s<sheet>-<cell> (s1-E12),
// s<sheet> and f<finding>.
func Fragment(r Reading) string {
	p := newPainter(r)
	var sheets strings.Builder
	if r.Grid != nil {
		for i := range r.Grid.Sheets {
			sheets.WriteString(p.sheet(i))
		}
	}
	p.printf("<article class=\"picture\" lang=\"ja\">\n")
	p.head()
	p.legend()
	p.findings() // after the sheets are drawn: which of their cells can be led to is known then
	p.contents()
	p.out.WriteString(sheets.String())
	p.printf("</article>\n")
	return p.out.String()
}

// Claims counts the cells of a file by what they were taken for, "" where the reader does not say. Those of a file that
// no form recognises are unread.
func Claims(r Reading) map[string]int {
	out := map[string]int{}
	for _, sheet := range newPainter(r).claimed {
		for _, c := range sheet {
			out[c.Claim]++
		}
	}
	return out
}

func heading(r Reading) string { return "読み取りの図　" + baseName(r.Read.Path) }

func baseName(path string) string { return path[strings.LastIndex(path, "/")+1:] }
