package layouttest

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// xlsx writes sheets as a workbook, by hand: hundreds of layouts are written and read in seconds. Names of people's
// things carry their reading (furigana), which is no part of the text.
func xlsx(sheets []*Sheet, furigana bool) ([]byte, error) {
	formats := []string{}
	var names, rels, kinds strings.Builder
	parts := map[string]string{}
	for i, s := range sheets {
		state := map[bool]string{true: ` state="hidden"`}[s.Hidden]
		fmt.Fprintf(&names, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, escaped(s.Name), i+1, state, i+1)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`,
			i+1, officeRelation, i+1)
		fmt.Fprintf(&kinds, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%s.worksheet+xml"/>`,
			i+1, sheetKind)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = sheetXML(s, &formats, furigana)
	}
	fmt.Fprintf(&rels, `<Relationship Id="rIdS" Type="%s/styles" Target="styles.xml"/>`, officeRelation)
	fmt.Fprintf(&kinds, `<Override PartName="/xl/workbook.xml" ContentType="%s.sheet.main+xml"/>`, sheetKind)
	fmt.Fprintf(&kinds, `<Override PartName="/xl/styles.xml" ContentType="%s.styles+xml"/>`, sheetKind)
	parts["xl/styles.xml"] = stylesXML(formats)
	parts["xl/workbook.xml"] = `<workbook xmlns="` + mainSpace + `" xmlns:r="` + officeRelation + `"><sheets>` +
		names.String() + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships xmlns="` + packageSpace + `/relationships">` + rels.String() +
		`</Relationships>`
	parts["_rels/.rels"] = `<Relationships xmlns="` + packageSpace + `/relationships"><Relationship Id="rId1" Type="` +
		officeRelation + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	parts["[Content_Types].xml"] = `<Types xmlns="` + packageSpace + `/content-types"><Default Extension="rels" ` +
		`ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ` +
		`ContentType="application/xml"/>` + kinds.String() + `</Types>`
	return zipped(parts)
}

const (
	mainSpace      = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRelation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace   = "http://schemas.openxmlformats.org/package/2006"
	sheetKind      = "application/vnd.openxmlformats-officedocument.spreadsheetml"
)

func zipped(parts map[string]string) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + parts[name]))
		}
		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("packing a workbook: %w", err)
	}
	return out.Bytes(), nil
}

func sheetXML(s *Sheet, formats *[]string, furigana bool) string {
	var b strings.Builder
	b.WriteString(`<worksheet xmlns="` + mainSpace + `"><sheetData>`)
	row := -1
	for _, p := range s.places() {
		if p[0] != row {
			if row >= 0 {
				b.WriteString("</row>")
			}
			row = p[0]
			fmt.Fprintf(&b, `<row r="%d">`, row+1)
		}
		b.WriteString(cellXML(Ref(p[0], p[1]), s.cells[p], formats, furigana))
	}
	if row >= 0 {
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData>")
	if len(s.merges) > 0 {
		b.WriteString("<mergeCells>")
		for _, m := range s.merges {
			fmt.Fprintf(&b, `<mergeCell ref="%s:%s"/>`, Ref(m.Top, m.Left), Ref(m.Bottom, m.Right))
		}
		b.WriteString("</mergeCells>")
	}
	b.WriteString("</worksheet>")
	return b.String()
}

func cellXML(ref string, c Cell, formats *[]string, furigana bool) string {
	if c.Number != "" {
		return fmt.Sprintf(`<c r="%s" s="%d"><v>%s</v></c>`, ref, styleOf(c.Format, formats), c.Number)
	}
	reading := ""
	if furigana && len(c.marks) > 0 {
		reading = `<rPh sb="0" eb="1"><t>ヨミ</t></rPh>`
	}
	return fmt.Sprintf(`<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t>%s</is></c>`,
		ref, escaped(c.Text), reading)
}

// styleOf is the number of the style with a number format; 0 is the general one.
func styleOf(format string, formats *[]string) int {
	if format == "" {
		return 0
	}
	for i, f := range *formats {
		if f == format {
			return i + 1
		}
	}
	*formats = append(*formats, format)
	return len(*formats)
}

func stylesXML(formats []string) string {
	const firstOwn = 164 // lower numbers are built in
	var own, styles strings.Builder
	for i, f := range formats {
		fmt.Fprintf(&own, `<numFmt numFmtId="%d" formatCode="%s"/>`, firstOwn+i, escaped(f))
		fmt.Fprintf(&styles, `<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>`,
			firstOwn+i)
	}
	head := ""
	if len(formats) > 0 {
		head = fmt.Sprintf(`<numFmts count="%d">%s</numFmts>`, len(formats), own.String())
	}
	return `<styleSheet xmlns="` + mainSpace + `">` + head + `<fonts count="1"><font><sz val="11"/></font></fonts>` +
		`<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		fmt.Sprintf(`<cellXfs count="%d"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`, len(formats)+1) +
		styles.String() + `</cellXfs></styleSheet>`
}

func escaped(text string) string { return escapes.Replace(text) }

var escapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// commaSeparated writes one sheet as CSV, as it shows.
func commaSeparated(s *Sheet, mark bool) ([]byte, error) {
	var out bytes.Buffer
	if mark {
		out.WriteString("\uFEFF")
	}
	w := csv.NewWriter(&out)
	rows, cols := s.size()
	for r := range rows {
		line := make([]string, cols)
		for c := range cols {
			line[c] = s.At(r, c).Text
		}
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("writing CSV: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("writing CSV: %w", err)
	}
	return out.Bytes(), nil
}

// Ref is a cell's address: B3.
func Ref(row, col int) string {
	const letters = 26
	name := ""
	for col++; col > 0; col = (col - 1) / letters {
		name = string(rune('A'+(col-1)%letters)) + name
	}
	return fmt.Sprintf("%s%d", name, row+1)
}
