package main

import (
	"slices"
	"strings"
	"testing"
)

// all are the mutants of a statement, as the texts that they make of it.
func all(sql string) []string {
	var out []string
	for _, c := range changes("a.sql", sql) {
		out = append(out, c.apply(sql))
	}
	return out
}

func TestChanges(t *testing.T) {
	for sql, want := range map[string][]string{
		"SELECT a < b":  {"SELECT a <= b"},
		"SELECT a >= b": {"SELECT a > b"},
		"SELECT a = b":  {"SELECT a <> b"},
		"SELECT a + b, -c, x - 1": {
			"SELECT a - b, -c, x - 1", "SELECT a + b, -c, x + 1", "SELECT a + b, -c, x - 2", "SELECT a + b, -c, x - 0",
		},
		"SELECT *, r.*, count(*), a * b":   {"SELECT *, r.*, count(*), a // b"},
		"SELECT a // b % c":                {"SELECT a * b % c", "SELECT a // b // c"},
		"SELECT a AND NOT b":               {"SELECT a OR NOT b", "SELECT a AND b"},
		"SELECT a BETWEEN b AND c":         nil,
		"SELECT a IS NULL":                 {"SELECT a IS NOT NULL"},
		"SELECT a IS NOT NULL":             {"SELECT a IS NULL"},
		"SELECT a IS NOT DISTINCT FROM b":  {"SELECT a IS DISTINCT FROM b"},
		"SELECT a NOT IN (b)":              {"SELECT a IN (b)"},
		"SELECT a IN (b)":                  {"SELECT a NOT IN (b)"},
		"SELECT 99.9, 0":                   {"SELECT 100.0, 0", "SELECT 99.8, 0", "SELECT 99.9, 1", "SELECT 99.9, -1"},
		"SELECT CAST(a AS DECIMAL(38, 6))": {"SELECT CAST(a AS DECIMAL(38, 5))"},
		"SELECT CAST(a AS DECIMAL(38, 0))": {"SELECT CAST(a AS DECIMAL(38, 1))"},
		"SELECT '未達', '', {'a': b}":        {"SELECT '未', '', {'a': b}", "SELECT '未達', '*', {'a': b}"},
		"SELECT true":                      {"SELECT false"},
		"SELECT min(a), left(b), a.left":   {"SELECT max(a), left(b), a.left", "SELECT min(a), right(b), a.left"},
		"SELECT coalesce(a, b)":            {"SELECT (a)"},
		"SELECT count(DISTINCT a)":         {"SELECT count(a)"},
		"SELECT count(*) FILTER (a)":       {"SELECT count(*) ", "SELECT count(*) FILTER (true)"},
		"FROM a LEFT JOIN b USING (c, d)": {
			"FROM a JOIN b USING (c, d)", "FROM a LEFT JOIN b USING (d)", "FROM a LEFT JOIN b USING (c)",
		},
		"SELECT CASE WHEN a THEN b ELSE c END": {
			"SELECT CASE WHEN a THEN b END",
		},
		"SELECT CASE WHEN a THEN b WHEN c THEN d END": {
			"SELECT CASE WHEN c THEN d END", "SELECT CASE WHEN a THEN b END",
		},
		"SELECT a FROM b WHERE c AND d GROUP BY a": {
			"SELECT a FROM b WHERE true AND d GROUP BY a", "SELECT a FROM b WHERE c OR d GROUP BY a",
			"SELECT a FROM b WHERE c AND true GROUP BY a",
		},
		"SELECT sum(a) OVER (PARTITION BY b, c ORDER BY d)": {
			"SELECT sum(a) OVER (PARTITION BY c ORDER BY d)", "SELECT sum(a) OVER (PARTITION BY b ORDER BY d)",
			"SELECT sum(a) OVER (PARTITION BY b, c ORDER BY d DESC)",
		},
		"SELECT list(a ORDER BY b DESC)":        {"SELECT list(a ORDER BY b )"},
		"SELECT a FROM b ORDER BY a":            nil,
		"SELECT a -- b < c\n, \"d < e\" FROM b": nil,
		"SELECT a FROM b UNION SELECT c":        {"SELECT a FROM b UNION ALL SELECT c"},
		"CREATE OR REPLACE MACRO a(b) AS b":     nil,
	} {
		got := all(sql)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got\n  %s\n want\n  %s", sql, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
	}
}

// Like changes on like lines are told apart by their number, so that a reason means one of them.
func TestKeysAreUnique(t *testing.T) {
	seen := map[key]bool{}
	list := changes("a.sql", "SELECT a = b, a = b\n, c\nFROM d WHERE a = b AND a = b")
	for _, c := range list {
		if seen[c.key] {
			t.Errorf("%+v twice", c.key)
		}
		seen[c.key] = true
	}
	if len(list) != 7 || list[1].nth != 2 || list[1].line != "SELECT a = b, a = b" {
		t.Errorf("%+v", list)
	}
}
