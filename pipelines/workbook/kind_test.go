package workbook

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"kyogikai/pipelines/limits"

	"github.com/xuri/excelize/v2"
)

// renamed is an .xls whose stream of cells has another name: what another program's file looks like from outside.
func renamed(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "series.xls"))
	must(t, err)
	at := bytes.Index(data, biffBytes("Workbook"))
	copy(data[at:at+64], make([]byte, 64))
	copy(data[at:], biffBytes(name))
	le.PutUint16(data[at+64:], uint16(2*len(utf16.Encode([]rune(name)))+2))
	return data
}

func TestKindsOfFiles(t *testing.T) {
	book := written(t, func(f *excelize.File) { must(t, f.SetCellValue("Sheet1", "A1", 1)) })
	xls, err := os.ReadFile(filepath.Join("testdata", "series.xls"))
	must(t, err)
	office := func(target string) []byte {
		return zippedAll(t, map[string]string{
			"_rels/.rels": `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="` + target +
				`"/></Relationships>`,
			target: "x", "[Content_Types].xml": "<Types/>",
		})
	}
	open := func(kind string) []byte { return zipped(t, "mimetype", []byte(openDocument+kind)) }
	const utf16HTML = "\xFF\xFE<\x00h\x00t\x00m\x00l\x00>\x00"
	const broken = "PK\x03\x04x" // as of a file of which only the beginning has come
	for name, c := range map[string]struct {
		data []byte
		want *UnsupportedError
	}{
		// By what is in them, whatever their names say.
		"html.xls":    {[]byte("<html><table><tr><td>1</td></tr></table></html>"), &kindHTML},
		"space.xls":   {[]byte("\xEF\xBB\xBF \r\n<TABLE><tr><td>1</td></tr></TABLE>"), &kindHTML},
		"doctype.xls": {[]byte("<!DOCTYPE html>\n<html>"), &kindHTML},
		"xhtml.xlsx":  {[]byte(`<?xml version="1.0"?><html xmlns="x">`), &kindHTML},
		"utf16.xls":   {[]byte(utf16HTML), &kindHTML},
		"html.csv":    {[]byte("<html><body>"), &kindHTML},
		"xml.xls": {[]byte(`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`),
			&kindXMLSheet},
		"other.xls":      {[]byte(`<?xml version="1.0"?><a/>`), &kindXML},
		"mht.xls":        {[]byte("MIME-Version: 1.0\r\n"), &kindWebArchive},
		"tabs.xls":       {[]byte("\x8e\x7b\x90\xdd\t\x90\x6c\n"), &kindTabs},
		"commas.xlsx":    {[]byte("施設,人\n"), &kindCommas},
		"words.xls":      {[]byte("これはエクセルではない"), &kindText},
		"pdf.xlsx":       {[]byte("%PDF-1.7\n"), &kindPDF},
		"pdf.csv":        {[]byte("%PDF-1.7\n"), &kindPDF},
		"photo.xlsx":     {[]byte("\xFF\xD8\xFF\xE0\x00\x10JFIF"), &kindPicture},
		"biff2.xls":      {biffBytes(uint16(0x0009), uint16(4), uint32(0)), &kindExcel5},
		"biff4.xls":      {biffBytes(uint16(0x0409), uint16(6), uint32(0)), &kindExcel5},
		"book.xls":       {renamed(t, "Book"), &kindExcel5},
		"word.xls":       {renamed(t, "WordDocument"), &kindWord},
		"binary.xlsx":    {office("xl/workbook.bin"), &kindBinaryBook},
		"word.xlsx":      {office("word/document.xml"), &kindWord},
		"slides.xlsx":    {office("ppt/presentation.xml"), &kindSlides},
		"text.ods":       {open("text"), &kindOpenText},
		"zip.xlsx":       {zipped(t, "調査票.pdf", []byte("x")), &kindPacked},
		"empty zip.xlsx": {zippedAll(t, nil), &kindPacked},
		// By their names, where nobody can tell more.
		"a.xlsb": {[]byte(broken), &kindBinaryBook}, "a.docx": {[]byte(broken), &kindWord}, "a.ods": {[]byte(broken),
			&kindBrokenODS},
		"a.pdf": {[]byte(broken), &kindPDF}, "a.txt": {[]byte(broken), &kindText}, "a.zip": {[]byte(broken), &kindPacked},
		"a.JTD": {xls, &kindIchitaro}, "a.xdw": {[]byte("\x00\x01"), &kindDocuWorks}, "b.ods": {[]byte("\x00\x01"),
			&kindBrokenODS},
		"a.tsv": {[]byte("a\tb"), &kindTabs}, "b.txt": {[]byte("a,b"), &kindText}, "c.txt": {nil, &kindText},
		"scan.txt": {[]byte("%PDF-1.4"), &kindPDF}, "b.docx": {office("word/document.xml"), &kindWord}, "d.xltx": {book,
			&kindTemplate},
		// A workbook that nobody finds by its name.
		"調査票.bak": {book, &kindMisnamed}, "調査票": {xls, &kindMisnamed}, "b": {odsOf(t, "", ""), &kindMisnamed},
		"c": {office("word/document.xml"), &kindWord}, "d": {renamed(t, "__substg1.0_0"), &kindMail}, "e": {[]byte("あ"),
			&kindText},
		"f": {[]byte("\x00\x01"), &kindUnknown}, "g": {nil, &kindUnknown}, "h.dat": {[]byte(broken), &kindPacked},
	} {
		_, err := Open(name, c.data, limits.Default())
		var got *UnsupportedError
		if !errors.As(err, &got) || *got != *c.want || !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	for name, data := range map[string][]byte{
		"a.xlsx": []byte(broken), "b.xlsx": zipped(t, "[Content_Types].xml", []byte("<Types/>")), "c.xls": renamed(t,
			"Something"),
		"d.xlsx": []byte("\x00\x01"), "e.csv": []byte("a,\"b\n"), "f.xlsx": nil,
	} {
		var kind *UnsupportedError
		if _, err := Open(name, data, limits.Default()); !errors.Is(err, ErrUnreadable) || errors.As(err, &kind) {
			t.Errorf("%s: %v, want a damaged file", name, err)
		}
	}
	for name, data := range map[string][]byte{
		"a.xls": book, "b.csv": book, "c.xlsx": xls, "d.csv": []byte("PK,BM\nMM,1\n"), "e.csv": []byte("II*,GIF\n"),
		"f.csv": []byte("<備考>,1\n"), "g.csv": []byte("あ\tい\n"), "h.xlsx": odsOf(t, "", "<table:table-row/>"),
	} {
		if _, err := Open(name, data, limits.Default()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every kind says what its author does, and no file that is read has one.
func TestKindsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for ending, kind := range endings {
		if Supported("a"+ending) && ending != ".ods" {
			t.Errorf("%s is read", ending)
		}
		seen[kind.Kind] = true
		if !strings.HasSuffix(kind.Advice, "ください") || kind.Kind == "" {
			t.Errorf("%s: %+v", ending, kind)
		}
	}
	if len(seen) < 18 {
		t.Errorf("only %d kinds", len(seen))
	}
}

func TestDisguisedFilesAsSent(t *testing.T) {
	for name, want := range map[string]string{"html.xls": "HTMLの表", "xml2003.xls": "XMLスプレッドシート2003",
		"tabs.xls": "タブ区切りの文字"} {
		_, err := fixture(t, name)
		var got *UnsupportedError
		if !errors.As(err, &got) || got.Kind != want || !strings.Contains(got.Advice, "「名前を付けて保存」で .xlsx に") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file that cannot be read goes back as the list of its notes alone; an .ods as a copy of its cells.
func TestMarkFilesOfOtherKinds(t *testing.T) {
	filled, err := os.ReadFile(filepath.Join("testdata", "filled.ods"))
	must(t, err)
	for name, c := range map[string]struct {
		data   []byte
		sheets int
	}{
		"a.pdf": {[]byte("%PDF-1.7"), 1}, "a.docx": {zipped(t, "word/document.xml", []byte("x")), 1}, "a.txt": {nil, 1},
		"a.xlsb": {zipped(t, "xl/workbook.bin", []byte("x")), 1}, "a.ods": {filled, 3}, "b.ods": {[]byte("PK\x03\x04x"), 1},
		"a.xls": {[]byte("<html>"), 1},
	} {
		out, ext, err := Mark(name, c.data, limits.Default(), []string{"題"}, []Note{{Kind: "誤り", Text: "読めません"}})
		must(t, err)
		f, err := excelize.OpenReader(bytes.NewReader(out))
		must(t, err)
		if sheets := f.GetSheetList(); ext != ".xlsx" || len(sheets) != c.sheets || sheets[0] != listSheet {
			t.Errorf("%s: %s %v", name, ext, sheets)
		}
		must(t, f.Close())
	}
}
