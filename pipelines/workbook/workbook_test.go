package workbook

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

func fixture(t *testing.T, name string) (*Workbook, error) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return Open(name, data, limits.Default())
}

// written makes a workbook in memory.
func written(t *testing.T, edit func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // in memory
	edit(f)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestXLSXShowsWhatItsAuthorSees(t *testing.T) {
	data := written(t, func(f *excelize.File) {
		style := func(format string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(t, err)
			return id
		}
		must(t, f.SetCellValue("Sheet1", "A1", "結合"))
		must(t, f.MergeCell("Sheet1", "A1", "B2"))
		must(t, f.SetCellValue("Sheet1", "C1", 0.393))
		must(t, f.SetCellStyle("Sheet1", "C1", "C1", style("0%")))
		must(t, f.SetCellValue("Sheet1", "C2", 50.1))
		must(t, f.SetCellStyle("Sheet1", "C2", "C2", style(`#,##0.0"億円"`)))
		must(t, f.SetCellValue("Sheet1", "C3", 342000))
		must(t, f.SetCellStyle("Sheet1", "C3", "C3", style(`#,##0,`)))
		must(t, f.SetCellValue("Sheet1", "C4", 45748))
		must(t, f.SetCellStyle("Sheet1", "C4", "C4", style(`[$-411]ggge"年"m"月"d"日"`)))
		must(t, f.SetCellFormula("Sheet1", "D1", "1+1"))
		must(t, f.SetCellValue("Sheet1", "D2", "一行目\n二行目"))
		must(t, f.SetRowVisible("Sheet1", 3, false))
		must(t, f.SetColVisible("Sheet1", "D", false))
		_, err := f.NewSheet("隠し")
		must(t, err)
		must(t, f.SetCellValue("隠し", "A1", "x"))
		must(t, f.SetSheetVisible("隠し", false))
	})
	wb, err := Open("a.xlsx", data, limits.Default())
	must(t, err)
	s := wb.Sheets[0]
	for at, want := range map[[2]int]Cell{
		{0, 0}: {Kind: Text, Text: "結合"}, {1, 1}: {Kind: Text, Text: "結合"},
		{0, 2}: {Kind: Number, Text: "39.3%", Value: "0.393"},
		{1, 2}: {Kind: Number, Text: "50.1億円", Value: "50.1"},
		{2, 2}: {Kind: Number, Text: "342", Value: "342000"},
		{3, 2}: {Kind: Date, Text: "2025-04-01", Value: "45748"},
		{0, 3}: {Kind: Uncached, Formula: "1+1"},
		{1, 3}: {Kind: Text, Text: "一行目\n二行目"},
	} {
		if got := s.At(at[0], at[1]); got != want {
			t.Errorf("%s = %+v, want %+v", s.Ref(at[0], at[1]), got, want)
		}
	}
	if !s.Covered(1, 1) || s.Covered(0, 0) {
		t.Error("the merged range is not known")
	}
	if !s.HiddenRows[2] || !s.HiddenCols[3] || s.HiddenRows[1] || !wb.Sheets[1].Hidden || s.Hidden {
		t.Errorf("hidden: rows %v, columns %v", s.HiddenRows, s.HiddenCols)
	}
	f := s.Flip()
	if f.At(2, 1).Text != "50.1億円" || f.Ref(2, 1) != "C2" || !f.HiddenRows[3] || !f.Covered(1, 1) {
		t.Error("the flipped sheet does not show the same cells")
	}
}

func TestBinaryNoiseIsRounded(t *testing.T) {
	for raw, want := range map[string]string{
		"71.59999999999999": "71.6", "0.08799999999999999": "0.088", "39.300000000000004": "39.3",
		"1354": "1354", "1E+3": "1000", "-0.5": "-0.5", "123456789012345": "123456789012345",
	} {
		if got, ok := decimal15(raw); !ok || got != want {
			t.Errorf("decimal15(%s) = %s, %v, want %s", raw, got, ok, want)
		}
	}
	for _, raw := range []string{"", "abc", "1/2", "0x10", "NaN", "Inf", "1e999"} {
		if got, ok := decimal15(raw); ok {
			t.Errorf("decimal15(%s) = %s, want none", raw, got)
		}
	}
}

func TestXLS(t *testing.T) {
	wb, err := fixture(t, "series.xls")
	must(t, err)
	s := wb.Sheets[0]
	if len(s.Merges) != 6 || s.At(4, 2).Text != "基金残高（億円）" || s.At(6, 2).Text != "50.1" || s.At(7, 2).Text != "71.6" {
		t.Errorf("merges %v, C5 %q, C7 %q, C8 %q", s.Merges, s.At(4, 2).Text, s.At(6, 2).Text, s.At(7, 2).Text)
	}
	wb, err = fixture(t, "initiatives.xls")
	must(t, err)
	s = wb.Sheets[0]
	if got := s.At(7, 0).Text; got != "柱3 業務の効率化・適正化" {
		t.Errorf("A8 (merged from A7) is %q", got)
	}
	if got := s.At(7, 4).Text; got != "△" {
		t.Errorf("E8 is %q", got)
	}
}

func TestCSVEncodings(t *testing.T) {
	const text = "様式,令和6年度\r\n\r\n\"一行目\n二行目\",①髙\r\n"
	sjis, err := japanese.ShiftJIS.NewEncoder().String(text)
	must(t, err)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	must(t, err)
	for name, data := range map[string]string{
		"UTF-8": text, "UTF-8 with BOM": "\ufeff" + text, "CP932": sjis, "UTF-16": utf16,
		"tabs": strings.ReplaceAll(text, ",", "\t"),
	} {
		wb, err := Open("a.csv", []byte(data), limits.Default())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s := wb.Sheets[0]
		if s.At(0, 0).Text != "様式" || s.At(2, 1).Text != "①髙" || s.At(2, 0).Text != "一行目\n二行目" || s.Ref(2, 1) != "B3" {
			t.Errorf("%s: %+v", name, s.cells)
		}
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	bomb := bombed(t, "xl/worksheets/sheet1.xml", int(limits.Default().Unpacked)>>20+1)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty.xlsx": {nil, ErrUnreadable},
		"text.xlsx":  {[]byte("これはエクセルではない"), ErrUnreadable},
		"zip.xlsx":   {zipped(t, "a.txt", []byte("a")), ErrUnreadable},
		"ole.xls":    {append([]byte{0xD0, 0xCF, 0x11, 0xE0}, make([]byte, 600)...), ErrUnreadable},
		"binary.csv": {[]byte{0x81, 0x00, 0xff, 0xfe, 0x81}, ErrUnreadable},
		"quote.csv":  {[]byte("a,\"b\n"), ErrUnreadable},
		"bomb.xlsx":  {bomb, ErrTooLarge},
		"large.xlsx": {make([]byte, limits.Default().File+1), ErrTooLarge},
	} {
		wb, err := Open(name, c.data, limits.Default())
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, wb, err, c.want)
		}
	}
	for name, want := range map[string]error{"truncated.xlsx": ErrUnreadable, "encrypted.xlsx": ErrEncrypted} {
		if _, err := fixture(t, name); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

// A good zip whose sheet's XML breaks off gives no rows instead of some of them.
func TestBrokenSheetIsNotReadInPart(t *testing.T) {
	data := written(t, func(f *excelize.File) {
		for _, c := range []string{"A1", "A2", "A3"} {
			must(t, f.SetCellValue("Sheet1", c, c))
		}
	})
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		must(t, err)
		var content bytes.Buffer
		_, err = content.ReadFrom(r)
		must(t, err)
		b := content.Bytes()
		if f.Name == "xl/worksheets/sheet1.xml" {
			b = b[:bytes.Index(b, []byte(`<row r="3"`))+5]
		}
		c, err := w.Create(f.Name)
		must(t, err)
		_, err = c.Write(b)
		must(t, err)
	}
	must(t, w.Close())
	if wb, err := Open("a.xlsx", out.Bytes(), limits.Default()); !errors.Is(err, ErrUnreadable) {
		t.Errorf("got %+v, %v", wb, err)
	}
}

// A stray cell at the end of the sheet is told, and does not make the reader walk a desert.
func TestStrayCellIsRefused(t *testing.T) {
	data := written(t, func(f *excelize.File) {
		must(t, f.SetCellValue("Sheet1", "A1", "x"))
		must(t, f.SetCellValue("Sheet1", "XFD300", "x"))
	})
	if _, err := Open("a.xlsx", data, limits.Default()); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func zipped(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	return zippedAll(t, map[string]string{name: string(content)})
}

func zippedAll(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		must(t, err)
		_, err = f.Write([]byte(files[name]))
		must(t, err)
	}
	must(t, w.Close())
	return out.Bytes()
}

// bombed is a zip of a file of so many megabytes of spaces. One megabyte is packed, and comes again and again.
func bombed(t *testing.T, name string, megabytes int) []byte {
	t.Helper()
	plain := bytes.Repeat([]byte(" "), 1<<20)
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestSpeed)
	must(t, err)
	_, err = w.Write(plain)
	must(t, err)
	must(t, w.Flush())
	all := bytes.Repeat(packed.Bytes(), megabytes)
	packed.Reset()
	must(t, w.Close()) // the end of the stream
	all = append(all, packed.Bytes()...)
	sum := crc32.NewIEEE()
	for range megabytes {
		_, _ = sum.Write(plain) // it never fails
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	f, err := z.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Deflate, CRC32: sum.Sum32(),
		CompressedSize64: uint64(len(all)), UncompressedSize64: uint64(megabytes) << 20,
	})
	must(t, err)
	_, err = f.Write(all)
	must(t, err)
	must(t, z.Close())
	return out.Bytes()
}

// A bomb is what it says: it unpacks to so many megabytes.
func TestBombUnpacks(t *testing.T) {
	z, err := zip.NewReader(bytes.NewReader(bombed(t, "a", 3)), int64(len(bombed(t, "a", 3))))
	must(t, err)
	f, err := z.File[0].Open()
	must(t, err)
	if n, err := io.Copy(io.Discard, f); err != nil || n != 3<<20 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func FuzzOpen(f *testing.F) {
	for _, name := range []string{
		"series.xls", "initiatives.xls", "truncated.xlsx", "encrypted.xlsx", "chart.xls", "struck.xlsx", "filled.ods",
	} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(name, data)
	}
	f.Add("a.csv", []byte("a,b\n1,\"x\ny\"\n"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		wb, err := Open(name, data, limits.Default())
		if err == nil && wb == nil {
			t.Error("neither a workbook nor an error")
		}
		if wb != nil {
			for _, s := range wb.Sheets {
				s.Flip().Each(func(int, int, Cell) {})
			}
		}
	})
}
