package form_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

func TestZZBreak(t *testing.T) {
	file := os.Getenv("BRK")
	if file == "" {
		t.Skip()
	}
	only := os.Getenv("ONLY")
	raw, _ := os.ReadFile(file)
	for _, part := range strings.Split("\n"+string(raw), "\n=== ")[1:] {
		head, body, _ := strings.Cut(part, "\n")
		if only != "" && !strings.HasPrefix(head, only) {
			continue
		}
		forms := shippedForms(t)
		if strings.Contains(head, "form=") {
			dir := regexp.MustCompile(`form=(\S+)`).FindStringSubmatch(head)[1]
			own, err := form.Load(os.DirFS(dir), ".")
			if err != nil {
				t.Fatal(err)
			}
			forms = own
		}
		year := 2026
		if m := regexp.MustCompile(`year=(\d+)`).FindStringSubmatch(head); m != nil {
			year, _ = strconv.Atoi(m[1])
		}
		isx := false
		var sheets []workbooktest.Sheet
		cur := workbooktest.Sheet{Name: "Sheet1"}
		var text strings.Builder
		flush := func() {
			r := csv.NewReader(strings.NewReader(text.String()))
			r.FieldsPerRecord = -1
			r.LazyQuotes = true
			rows, err := r.ReadAll()
			if err != nil {
				t.Fatal(head, err)
			}
			for _, row := range rows {
				var rr []any
				for _, c := range row {
					if v, err := strconv.ParseFloat(c, 64); err == nil && !strings.HasPrefix(c, "'") {
						rr = append(rr, v)
					} else if c == "" {
						rr = append(rr, nil)
					} else {
						rr = append(rr, strings.TrimPrefix(c, "'"))
					}
				}
				cur.Rows = append(cur.Rows, rr)
			}
			sheets = append(sheets, cur)
		}
		for _, line := range strings.Split(strings.TrimRight(body, "\n"), "\n") {
			if strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "#property") {
				continue
			}
			if !strings.HasPrefix(line, "!") {
				if strings.Trim(line, " ") == "" {
					line = ","
				}
				text.WriteString(line + "\n")
				continue
			}
			f := strings.Fields(line[1:])
			isx = true
			switch f[0] {
			case "xlsx":
			case "merge":
				for _, m := range f[1:] {
					a, b, _ := strings.Cut(m, ":")
					cur.Merged = append(cur.Merged, [2]string{a, b})
				}
			case "sheet":
				if text.Len() > 0 {
					flush()
				}
				text.Reset()
				cur = workbooktest.Sheet{Name: f[1]}
			case "hide":
				for _, h := range f[1:] {
					if n, err := strconv.Atoi(h); err == nil {
						cur.HiddenRows = append(cur.HiddenRows, n)
					} else {
						cur.HiddenColumns = append(cur.HiddenColumns, h)
					}
				}
			}
		}
		flush()
		name, data := "調査票.csv", []byte(text.String())
		if isx {
			name, data = "調査票.xlsx", workbooktest.Write(t, sheets...)
		}
		fmt.Printf("\n######## %s\n%s", head, body)
		w := record.Workbook{Path: name, FiscalYear: year, Department: "総務課"}
		form.Read(forms, &w, data)
		fmt.Printf("\n-- %v %s\n", w.Forms, w.Status)
		quoted := map[string]bool{}
		fsum := map[string]int{}
		for _, f := range w.Findings {
			if f.Severity != record.Info {
				for _, m := range regexp.MustCompile(`[A-Z]{1,2}\d+`).FindAllString(f.Cell+" "+f.Message+" "+f.Found, -1) {
					quoted[m] = true
				}
			}
			fsum[f.Severity]++
		}
		for i := range w.Records {
			fmt.Print(recordLine(i+1, &w.Records[i]))
		}
		for _, f := range w.Findings {
			fmt.Printf("  指摘 %s\n", told(f))
		}
		if fsum[record.Error]+fsum[record.Warning] == 0 {
			fmt.Println("  *** NO FINDING (exit 0)")
		}
		if os.Getenv("FULL") != "" {
			fmt.Println(picture(name, data, &w))
		}
		wb, err := workbook.Open(name, data)
		if err != nil {
			fmt.Println(err)
			continue
		}
		claims := map[string]string{}
		for _, c := range w.Cells {
			claims[c.Sheet+"!"+c.Ref] = c.Claim
		}
		var b bytes.Buffer
		for _, s := range wb.Sheets {
			s.Each(func(row, col int, c workbook.Cell) {
				ref := s.Ref(row, col)
				cl := claims[s.Name+"!"+ref]
				if cl != "value" && cl != "head" && !quoted[ref] && regexp.MustCompile(`[0-9０-９○◎△▲×]`).MatchString(c.Text) {
					fmt.Fprintf(&b, " %s:%s[%s]", ref, c.Text, cl)
				}
			})
		}
		if b.Len() > 0 {
			fmt.Println("  数字だが値でない:", b.String())
		}
	}
}
