package model

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/warehouse"
)

// Each folder of sql/unit is a case: small tables (schema.table.csv, a column's type behind a colon in the head) and
// the rows that a model makes of them (schema.model.expected.csv, any of its columns), or the arguments of a macro with
// its value in the last column (name.macro.csv).
func TestUnits(t *testing.T) {
	t.Parallel()
	models, err := Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob("../../sql/unit/*")
	if err != nil || len(cases) == 0 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, dir := range cases {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			b := withMacros(t)
			files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
			if err != nil {
				t.Fatal(err)
			}
			var expected []string
			macros := 0
			for _, file := range files {
				if name, ok := strings.CutSuffix(filepath.Base(file), ".macro.csv"); ok {
					macroCase(t, b, name, readCSV(t, file))
					macros++
					continue
				}
				if strings.HasSuffix(file, ".expected.csv") {
					expected = append(expected, file)
					continue
				}
				makeTable(t, b, strings.TrimSuffix(filepath.Base(file), ".csv"), readCSV(t, file))
			}
			if len(expected)+macros == 0 {
				t.Fatal("nothing is expected")
			}
			for _, file := range expected {
				name := strings.TrimSuffix(filepath.Base(file), ".expected.csv")
				i := slices.IndexFunc(models, func(m Model) bool { return m.Name == name })
				if i < 0 {
					t.Fatalf("there is no model %s", name)
				}
				if err := b.Exec(context.Background(), "CREATE OR REPLACE TABLE "+name+" AS\n"+models[i].SQL); err != nil {
					t.Fatal(err)
				}
				sameTable(t, b, name, readCSV(t, file))
			}
		})
	}
}

// macroCase calls a macro with every line's arguments.
func macroCase(t *testing.T, b *warehouse.Build, name string, lines [][]string) {
	t.Helper()
	last := len(lines[0]) - 1
	for _, l := range lines[1:] {
		args := make([]string, last)
		for i := range args {
			_, kind, typed := strings.Cut(lines[0][i], ":")
			if !typed {
				kind = "VARCHAR"
			}
			if args[i] = "CAST(" + quote(l[i]) + " AS " + kind + ")"; l[i] == "" {
				args[i] = "CAST(NULL AS " + kind + ")"
			}
		}
		call := name + "(" + strings.Join(args, ", ") + ")"
		r, err := b.Query(context.Background(), "SELECT CAST("+call+" AS VARCHAR)")
		if err != nil {
			t.Fatalf("%s: %v", call, err)
		}
		got := ""
		if v := r.Rows[0][0]; v != nil {
			got = fmt.Sprint(v)
		}
		if trimmed(got) != trimmed(l[last]) {
			t.Errorf("%s = %s, want %s", call, got, l[last])
		}
	}
}

// trimmed is a number without its trailing zeros, another text as it is.
func trimmed(v string) string {
	if strings.Contains(v, ".") && strings.Trim(v, "-0123456789.") == "" {
		return strings.TrimSuffix(strings.TrimRight(v, "0"), ".")
	}
	return v
}

func readCSV(t *testing.T, file string) [][]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(string(data)))
	r.LazyQuotes = true
	lines, err := r.ReadAll()
	if err != nil || len(lines) < 2 {
		t.Fatalf("%s: %d lines, %v", file, len(lines), err)
	}
	return lines
}

// makeTable makes a table of text, and of the types that its head names. sources is a list of places.
func makeTable(t *testing.T, b *warehouse.Build, name string, lines [][]string) {
	t.Helper()
	var columns, values []string
	for _, h := range lines[0] {
		column, kind, typed := strings.Cut(h, ":")
		if !typed {
			kind = "VARCHAR"
		}
		if column == "sources" {
			kind = "STRUCT(field VARCHAR, path VARCHAR, sheet VARCHAR, cell VARCHAR)[]"
		}
		columns = append(columns, fmt.Sprintf("%q %s", column, strings.Trim(kind, `"`)))
	}
	for _, l := range lines[1:] {
		row := make([]string, len(l))
		for i, v := range l {
			if row[i] = quote(v); v == "" {
				row[i] = "NULL"
			}
		}
		values = append(values, "("+strings.Join(row, ", ")+")")
	}
	err := b.Exec(context.Background(), fmt.Sprintf("CREATE OR REPLACE TABLE %s (%s); INSERT INTO %s VALUES %s",
		name, strings.Join(columns, ", "), name, strings.Join(values, ", ")))
	if err != nil {
		t.Fatal(err)
	}
}

func sameTable(t *testing.T, b *warehouse.Build, name string, lines [][]string) {
	t.Helper()
	columns := make([]string, len(lines[0]))
	for i, c := range lines[0] {
		columns[i] = fmt.Sprintf(`CAST(%q AS VARCHAR)`, c)
	}
	r, err := b.Query(context.Background(), "SELECT "+strings.Join(columns, ", ")+" FROM "+name)
	if err != nil {
		t.Fatal(err)
	}
	key := func(values []string) string {
		out := make([]string, len(values))
		for i, v := range values {
			out[i] = trimmed(v)
		}
		return strings.Join(out, " | ")
	}
	var got, want []string
	for _, row := range r.Rows {
		values := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				values[i] = fmt.Sprint(v)
			}
		}
		got = append(got, key(values))
	}
	for _, l := range lines[1:] {
		want = append(want, key(l))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s\n got\n  %s\n want\n  %s", name, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
