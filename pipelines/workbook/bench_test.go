package workbook

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"

	"github.com/xuri/excelize/v2"
)

// sampleFiles are the .xlsx files of the sample cities.
func sampleFiles(b *testing.B) map[string][]byte {
	b.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir("../../inputs", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".xlsx" || strings.HasPrefix(d.Name(), "~$") {
			return err
		}
		out[p], err = os.ReadFile(p)
		return err
	})
	if err != nil || len(out) < 100 {
		b.Fatalf("%d files, %v", len(out), err)
	}
	return out
}

// BenchmarkBareRows is the least that any reader on excelize does: every sheet's Rows and nothing else. BenchmarkOpen
// may cost at most three times as much.
func BenchmarkBareRows(b *testing.B) {
	files := sampleFiles(b)
	for b.Loop() {
		for _, data := range files {
			f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
			if err != nil {
				continue // truncated or encrypted on purpose
			}
			for _, name := range f.GetSheetList() {
				rows, err := f.Rows(name)
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() {
					if _, err := rows.Columns(); err != nil {
						b.Fatal(err)
					}
				}
			}
			_ = f.Close()
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	files := sampleFiles(b)
	for b.Loop() {
		for name, data := range files {
			_, _ = Open(name, data, limits.Default())
		}
	}
}
