package form_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

var show = flag.String("show", "", "a workbook whose cells TestShowLayout prints, with what each was taken for")

// TestShowLayout prints a workbook as it is read: go test ./pipelines/form -run TestShowLayout -show FILE -v
func TestShowLayout(t *testing.T) {
	if *show == "" {
		t.Skip("no -show FILE")
	}
	data, err := os.ReadFile(*show)
	if err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: filepath.Base(*show), FiscalYear: folderYear(*show), Department: "総務課"}
	form.Read(shippedForms(t), &w, data, limits.Default())
	t.Log("\n" + pictureOf(t, *show, &w))
}

// pictureOf shows a file's sheets, and what was read of them.
func pictureOf(t testing.TB, file string, w *record.Workbook) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return picture(filepath.Base(file), data, w)
}

// picture is a workbook as text: each row of cells, each cell with its claim, the merged ranges; then every value with
// its cell, and the findings.
func picture(name string, data []byte, w *record.Workbook) string {
	wb, err := workbook.Open(name, data, limits.Default())
	if err != nil {
		return err.Error()
	}
	claims := map[string]string{}
	for _, c := range w.Cells {
		if c.Claim == "" {
			continue
		}
		claims[c.Sheet+"!"+c.Ref] = "[" + c.Claim + serves(c) + "]"
	}
	var b strings.Builder
	for _, s := range wb.Sheets {
		fmt.Fprintf(&b, "── シート「%s」%s\n", s.Name, map[bool]string{true: "（非表示）"}[s.Hidden])
		last := -1
		s.Each(func(row, col int, c workbook.Cell) {
			if row != last {
				fmt.Fprintf(&b, "%s%4d ", map[bool]string{true: "\n"}[last >= 0], row+1)
				last = row
			}
			ref := strings.TrimRight(s.Ref(row, col), "0123456789")
			fmt.Fprintf(&b, " %s:%s%s |", ref, strings.ReplaceAll(c.Text, "\n", "⏎"), claims[s.Name+"!"+s.Ref(row, col)])
		})
		b.WriteString("\n")
		var merges []string
		for _, m := range s.Merges {
			merges = append(merges, s.Ref(m.Top, m.Left)+":"+s.Ref(m.Bottom, m.Right))
		}
		if len(merges) > 0 {
			fmt.Fprintf(&b, "結合 %s\n", strings.Join(merges, " "))
		}
	}
	fmt.Fprintf(&b, "── 読んだ様式 %v、状態 %s\n", w.Forms, w.Status)
	for i := range w.Records {
		b.WriteString(recordLine(i+1, &w.Records[i]))
	}
	for _, f := range w.Findings {
		fmt.Fprintf(&b, "指摘 %s\n", told(f))
	}
	return b.String()
}

func serves(c record.Cell) string {
	if c.Record == 0 {
		return ""
	}
	return fmt.Sprintf(" %d.%s", c.Record, c.Field)
}

func recordLine(number int, r *record.Record) string {
	fields := make([]string, 0, len(r.Fields))
	for _, f := range r.Fields {
		name := f.Name
		if f.Scope != "" {
			name += "/" + f.Scope
		}
		fields = append(fields, fmt.Sprintf("%s=%s%s@%s", name, strings.ReplaceAll(f.Value, "\n", "⏎"), f.Unit, f.Cell))
	}
	slices.Sort(fields)
	left := map[bool]string{true: "（除外）"}[r.Excluded]
	return fmt.Sprintf("%3d %s %s!%s%s %s\n", number, r.Form, r.Sheet, r.Cell, left, strings.Join(fields, " "))
}
