package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/richardlehane/mscfb"
)

var update = flag.Bool("update", false, "rewrite the golden file of number formats")

// difficult are formats that readers of number formats are known to take differently, and some that are no formats.
var difficult = []string{
	// Units, percent signs and scales.
	`#,##0,"千円"`, `#,##0,,"百万円"`, `#,##0.00,,`, `0,,,`, `#,##0,,,"十億円"`, `#,##0,;△#,##0,`, `0.0,`, `#,`, `,0`,
	`0,0`, `0,.0`, `0.0%`, `0%`, `%0`, `0%%`, `0"%"`, `0\%`, `0.0"％"`, `0％`, `0"%%"`, `0" %達成"`, `"100%のうち"0`,
	`0"(%)"`, `0_%`, `0*%`, `#,##0"人"`, `#,##0"億円"`, `"約"0`, `"約"#,##0"人"`, `0"件";"▲"0"件"`, `0"回/年"`,
	`"令和"0"年度"`, `0"年度"`, `"R"0`, `"No."0`, `0"100億円"`, `0"#1"`, `0"a_b"`, `0"a*b"`, `0"a\b"`, `0"[件]"`,
	`0"@"`, `0"E+"`, `0"General"`, `0"1,000円"`, `0.0"0.00"`, `0" 人 "`, "０", "＃，＃＃０", `0人`, `#,##0円`, `0　人`,
	`0.0ポイント`, `¥#,##0`, `\¥#,##0`, `￥#,##0`, `"¥"#,##0`, `$#,##0`, `[$¥-411]#,##0`, `[$€-2] #,##0.00`,
	`[$円]#,##0`, `\\0`, `0\人`, `\"0`, `0!人`, `!¥#,##0`,
	// Sections, colours, conditions.
	`#,##0;[Red]△#,##0`, `#,##0;"▲"#,##0`, `#,##0;▲ #,##0`, `#,##0_ ;[Red]\-#,##0\ `, `0_);(0)`,
	`#,##0_);\(#,##0\)`, `(0)`, `0;0;"－"`, `0;-0;;@`, `;;;`, `;`, `;0`, `0;`, `0;;;;0`, `0;0;0;0;0;0`,
	`"あ;い"0;"▲"0`, `0\;0`, `[赤]0`, `[Red]0.0%`, `[Color10]0`, `[青]#,##0;[赤]△#,##0`, `[>=1000]#,##0,"千";0`,
	`[<=99]0;#,##0`, `[<1]0.0%;0`, `[=0]"－";0`, `[<>0]0.0;"なし"`,
	`[>=100000000]#,##0.0,,"百万";[>=1000]#,##0,"千";0`, `_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ `,
	`_-* #,##0.00_-;\-* #,##0.00_-`, `@"（案）"`, `@`, `"text"@`, `@@`, `0@`,
	// Dates, times, eras.
	`[$-411]ggge"年"m"月"d"日"`, `ggge"年"`, `ge.m.d`, `[$-411]ge`, `gg`, `e`, `yyyy/m/d`, `yyyy"年"m"月"d"日"`,
	`yyyy-mm-dd`, `m/d`, `mmm-yy`, `d.mm.yy`, `[h]:mm`, `[mm]:ss`, `h:mm AM/PM`, `h"時"mm"分"`, `上午/下午h"時"mm"分"`,
	`A/P h`, `ss.00`, `aaa`, `aaaa`, `yyyy/m/d;@`, `[$-F800]dddd\, mmmm dd, yyyy`,
	`[$-ja-JP-x-gannen]ggge"年"m"月"d"日";@`, `B1yyyy`, `[$-30411]ggge"年"m"月"d"日"`, `"d"0`, `\d0`, `0"day"`, `0d`,
	`"期日:"yyyy/m/d`, `YYYY/M/D`,
	// General, fractions, exponents, digits of other scripts.
	`General`, `GENERAL`, `general"人"`, `G/標準`, `G/標準"人"`, `"約"General`, `Standard`, `General;-General`,
	`[DBNum1]`, `[DBNum1]General`, `[DBNum3]0`, `[DBNum1][$-411]#,##0`, `# ?/?`, `# ??/??`, `0/100`, `?0.0?`,
	`# ?/2"人"`, `0E+00`, `0.00E+00`, `##0.0E+0`, `0e-0`, `0E0`, `00000`, `000-0000`, `0000"-"0000`, `0.`, `.0`,
	`#.##`, `0.0.0`, `#`, `?`, `.`, `,`, `-0`, `+0`, `0-`, `0 0`, `0:0`, `1`, `12`, `0'人'`,
	// Not whole.
	``, ` `, `　`, `"`, `0"`, `0"千円`, `"千円`, `[`, `0[`, `[$-411`, `[>=1000`, `[]0`, `[[0]]`, `]0`, `0]`, `\`,
	`0\`, `_`, `0_`, `*`, `0*`, `""`, `0""`, `"""`, `0""""人`, "0\n", "0\x00人", "0\"a\nb\"", "\xff0",
	"0\u200b人", "0\"葛\U000E0100\"", "𠮷0", "%", "E+", "AM/PM", strings.Repeat("0", 300),
	strings.Repeat(",", 300) + "0", "0" + strings.Repeat(",", 300), `0"` + strings.Repeat("円", 300) + `"`,
	strings.Repeat(`"`, 301), strings.Repeat(`[`, 301), strings.Repeat(`0;`, 300), strings.Repeat(`\`, 301),
}

// stored are the numbers that every format is tried on, as files hold them.
var stored = []string{
	"0", "1", "1234.5", "-1234.5", "0.393", "-0.393", "45000", "45000.75", "60", "123456789", "-123456789",
	"71.59999999999999", "1.5E-3",
}

// kinds name the kinds of cells in the golden file.
var kinds = map[Kind]string{Text: "text", Number: "number", Date: "date", Time: "time"}

// What every number format of the samples and of the list above makes of a number is kept in a golden file: whoever
// reads formats in another way, by a library or by other rules, sees there every value that would change.
func TestNumberFormatsAreReadAsEver(t *testing.T) {
	formats := slices.Concat(difficult, sampleFormats(t))
	slices.Sort(formats)
	var out strings.Builder
	for _, code := range slices.Compact(formats) {
		fmt.Fprintf(&out, "%q\n", code)
		for _, raw := range stored {
			f := parseFormat(code)
			c := f.cell(raw, false)
			fmt.Fprintf(&out, "\t%s\t%s\t%q\t%s\n", raw, kinds[c.Kind], c.Text, c.Value)
		}
	}
	golden := filepath.Join("testdata", "formats.golden")
	if *update {
		must(t, os.WriteFile(golden, []byte(out.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	sameBlocks(t, string(want), out.String())
}

// sameBlocks compares two golden texts format by format.
func sameBlocks(t *testing.T, want, got string) {
	t.Helper()
	blocks := func(text string) map[string]string {
		out := map[string]string{}
		for _, block := range strings.Split(text, "\n\"") {
			head, values, _ := strings.Cut(strings.TrimPrefix(block, `"`), "\n")
			out[`"`+head] = strings.TrimRight(values, "\n")
		}
		return out
	}
	was, is := blocks(want), blocks(got)
	for head, values := range is {
		if old, there := was[head]; !there {
			t.Errorf("%s is not in the golden file: run with -update", head)
		} else if old != values {
			t.Errorf("%s\n got\n%s\n want\n%s", head, values, old)
		}
	}
	for head := range was {
		if _, there := is[head]; !there {
			t.Errorf("%s is in no workbook and no list any more: run with -update", head)
		}
	}
}

// sampleFormats are the number formats of all workbooks of the samples and of the packages' tests.
func sampleFormats(t *testing.T) []string {
	t.Helper()
	var out []string
	files := 0
	for _, root := range []string{"../../inputs", ".."} {
		must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || root == ".." && !strings.Contains(path, "testdata") {
				return err
			}
			switch filepath.Ext(path) {
			case ".xlsx", ".xlsm", ".xls":
				files++
				data, err := os.ReadFile(path)
				out = append(out, formatsIn(data)...)
				return err
			}
			return nil
		}))
	}
	if files < 150 {
		t.Errorf("only %d workbooks", files)
	}
	return out
}

// formatsIn are the number formats of a workbook; none of one that is damaged or encrypted.
func formatsIn(data []byte) []string {
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		return zipFormats(z)
	}
	doc, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	for entry, err := doc.Next(); err == nil; entry, err = doc.Next() {
		if entry.Name == "Workbook" {
			stream := new(bytes.Buffer)
			_, _ = stream.ReadFrom(entry) // what is there is enough
			return biffFormats(stream.Bytes())
		}
	}
	return nil
}

// zipFormats are the formatCode attributes of a workbook's styles.
func zipFormats(z *zip.Reader) (out []string) {
	f, err := z.Open("xl/styles.xml")
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // read only
	d := xml.NewDecoder(f)
	for token, err := d.Token(); err == nil; token, err = d.Token() {
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "numFmt" {
			for _, a := range e.Attr {
				if a.Name.Local == "formatCode" {
					out = append(out, a.Value)
				}
			}
		}
	}
	return out
}

// biffFormats are the Format records of an .xls.
func biffFormats(data []byte) (out []string) {
	b := &biff{data: data}
	for r, at, ok := b.next(0); ok; r, at, ok = b.next(at) {
		if r.kind == recFormat && r.has(5) {
			code, _ := (&chars{parts: [][]byte{r.body()[2:]}}).text(2)
			out = append(out, code)
		}
	}
	return out
}

// Great powers are refused at once, and what is within reach is read as before.
func TestPowersOfNumbers(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"1e3": "1000", "1.5E-3": "0.0015", "0e999999999": "0", "1e999999999": "", "1e-999999999": "", "1e201": "", "1e61": "",
		"12e2": "1200", "1e+2": "100",
	} {
		if got, ok := decimal15(raw); ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, %v", raw, got, ok)
		}
	}
}
