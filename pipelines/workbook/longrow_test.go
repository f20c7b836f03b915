package workbook

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
)

func TestLongRows(t *testing.T) {
	const head = "施設名,単位,令和7年度,令和8年度,備考\n"
	for name, c := range map[string]struct {
		csv  string
		want []int
	}{
		"as long as its head":            {head + "中央館,人,400,380,改修\n", nil},
		"shorter":                        {head + "中央館,人,400,380\n", nil},
		"an unquoted number":             {head + "中央館,人,1,200,380,改修\n東館,人,400,380,\n", []int{1}},
		"a quoted number":                {head + "中央館,人,\"1,200\",380,改修\n", nil},
		"two, and nothing in the last":   {head + "中央館,人,1,200,1,300,\n", []int{1}},
		"one, and nothing in the last":   {head + "中央館,人,1,200,380,\n", []int{1}},
		"small numbers side by side":     {head + "中央館,人,1,20,\n", nil},
		"a comma at the end":             {head + "中央館,人,400,1380,改修,\n", nil},
		"a comma, what may be a number":  {head + "中央館,人,400,380,改修,\n", []int{1}}, // nobody can tell
		"commas at every end":            {"施設名,単位,令和7年度,,,\n中央館,人,1,200,,,\n東館,人,300,,,\n", []int{1}},
		"an unquoted text":               {head + "中央館,人,400,380,改修,増築\n", []int{1}},
		"an unquoted name":               {head + "中央館,本館,人,400,380,改修\n", []int{1}},
		"below a title":                  {"来館者調査票\n\n" + head + "中央館,人,1,200,380,改修\n", []int{3}},
		"below a title with a field":     {"様式,令和8年度\n" + head + "中央館,人,1,200,380,改修\n", []int{2}},
		"below two fields with a number": {"担当,文化課\n電話,12345\n" + head + "中央館,人,1,200,380,改修\n東館,人,4,3,\n", []int{3}},
		"heads of two rows":              {"施設名,単位,来館者数\n,,令和7年度,令和8年度,備考\n中央館,人,1,200,380,改修\n", []int{2}},
		"heads of years":                 {"施設名,2024,2025,2026\n中央館,1,200,380,90\n", []int{1}},
		"years in the second row":        {"施設名,来館者数,,\n,2024,2025,2026,備考\n中央館,100,380,90,あ\n", nil},
		"a narrow table and a wide one":  {"施設名,人数\n東館,3\n\n" + head + "中央館,人,400,380,改修\n", nil},
		"a wide table and a narrow one":  {head + "中央館,人,400,380,改修\n\n施設名,人数\n東館,1,200\n", []int{4}},
		"a caption before a wider table": {"施設名,人数\n東館,3\n内訳,\n" + head + "中央館,人,400,380,改修\n", nil},
		"a row behind an empty one":      {head + "\n中央館,人,1,200,380,改修\n", []int{2}},
		"only words":                     {"柱,取組,状況\n1,あ,◎\n1,い,○,遅れ\n", []int{2}},
		"as many words behind the head":  {"施設名,状況\n東館,,良\n", []int{1}},
		"more words than a head of two":  {"施設名,状況\n東館,,良,好\n", nil},
		"more words than a head of more": {"施設名,状況,備考\n東館,良,,好,遅\n", []int{1}},
		"a row without a comma":          {"施設名\n中央館\n", nil},
	} {
		wb, err := Open("a.csv", []byte(c.csv), limits.Default())
		must(t, err)
		if got := wb.Sheets[0].LongRows; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// No CSV of the samples and of the tests has a long row but those that are there for it.
func TestLongRowsOfSamples(t *testing.T) {
	n := 0
	for _, root := range []string{"../../inputs", "../form/testdata"} {
		must(t, filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(p) != ".csv" || strings.HasPrefix(d.Name(), "~$") {
				return err
			}
			n++
			data, err := os.ReadFile(p)
			must(t, err)
			if wb, err := Open(p, data, limits.Default()); err == nil && len(wb.Sheets[0].LongRows) > 0 {
				t.Errorf("%s: %v", p, wb.Sheets[0].LongRows)
			}
			return nil
		}))
	}
	if n < 10 {
		t.Errorf("only %d files", n)
	}
}
