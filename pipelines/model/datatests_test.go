package model

import (
	"context"
	"os"
	"strings"
	"testing"
)

// found runs one test of sql/tests over tables of a few rows, and gives the columns of its rows that are asked for.
func found(t *testing.T, name, columns string, tables map[string]string) string {
	t.Helper()
	b := withMacros(t)
	for table, rows := range tables {
		if err := b.Exec(context.Background(), "CREATE OR REPLACE TABLE "+table+" AS "+rows); err != nil {
			t.Fatalf("%s: %v", table, err)
		}
	}
	data, err := os.ReadFile("../../sql/tests/" + name + ".sql")
	if err != nil {
		t.Fatal(err)
	}
	asked := "SELECT concat_ws(' ', " + columns + ") FROM (" + statement(string(data)) + "\n) ORDER BY ALL"
	r, err := b.Query(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range r.Rows {
		out = append(out, plainText(row[0]))
	}
	return strings.Join(out, "; ")
}

const (
	countedOnce = "SELECT '市' AS municipality, '計画' AS plan, '令和6年度' AS scope, '計' AS pillar, * FROM (VALUES "
	ratings     = "SELECT '市' AS municipality, '計画' AS plan, '令和6年度' AS scope, * FROM (VALUES "
	ratingNames = ") AS v(relisted, progress, self_rating)"
	tallyNames  = ") AS v(measure, symbol, initiatives)"
	noPlan      = "SELECT '市' AS municipality, '計画' AS plan, false AS count_relisted"
)

// A symbol that the tally does not count is found, of progress and of self-rating; one that is relisted, or counted, is
// not.
func TestTallyCountsEveryInitiative(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ rows, tally, plan, want string }{
		"all counted":      {"(false, '○', 'A')", "('progress', '○', 1), ('self_rating', 'A', 1)", noPlan, ""},
		"progress is lost": {"(false, '☆', 'A')", "('progress', '○', 0), ('self_rating', 'A', 1)", noPlan, "progress ☆ 1"},
		"a rating is lost": {
			"(false, '○', 'S')", "('progress', '○', 1), ('self_rating', 'A', 0)", noPlan, "self_rating S 1",
		},
		"one of two":    {"(false, '○', NULL), (false, '○', NULL)", "('progress', '○', 1)", noPlan, "progress ○ 2 1"},
		"counted twice": {"(false, '○', NULL)", "('progress', '○', 2)", noPlan, "progress ○ 1 2"},
		"relisted, not": {"(true, '☆', 'S')", "('progress', '○', 0)", noPlan, ""},
		"relisted, counted": {
			"(true, '☆', NULL)", "('progress', '○', 0)", strings.Replace(noPlan, "false", "true", 1), "progress ☆ 1",
		},
	} {
		got := found(t, "tally_counts_every_initiative", "measure, symbol, initiatives, counted", map[string]string{
			"marts.initiatives": ratings + c.rows + ratingNames, "marts.initiative_tally": countedOnce + c.tally + tallyNames,
			"meta.plans": c.plan,
		})
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// The columns of a wide table, with other, are all there is: of each row, and as the tally counts it.
func TestTablesCountEverySymbol(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ progress, rating, tally, want string }{
		"whole": {"(3, 1, 0, 0, 0, 1, 1)", "(2, 1, 0, 0, 0, 1)", "('progress', '○', 3), ('self_rating', 'A', 2)", ""},
		"a column less": {
			"(3, 1, 0, 0, 0, 1, 0)", "(2, 1, 0, 0, 0, 1)", "('progress', '○', 3), ('self_rating', 'A', 2)", "progress 3 2 3",
		},
		"a column of nothing": {
			"(2, 1, NULL, 0, 0, 1, 0)", "(2, 1, 0, 0, 0, 1)", "('progress', '○', 2), ('self_rating', 'A', 2)", "",
		},
		"the tally has more": {
			"(3, 1, 0, 0, 0, 1, 1)", "(2, 1, 0, 0, 0, 1)", "('progress', '○', 3), ('self_rating', 'A', 3)",
			"self_rating 2 2 3",
		},
		"the tally has none": {"(3, 1, 0, 0, 0, 1, 1)", "(2, 1, 0, 0, 0, 1)", "('progress', '○', 3)", "self_rating 2 2"},
	} {
		got := found(t, "tables_count_every_symbol", "measure, initiatives, symbols, tally", map[string]string{
			"marts.progress_table": "SELECT 1 AS pillar_no, q.* FROM (" + countedOnce + c.progress +
				") AS v(initiatives, ahead, on_plan, partly_late, all_late, not_done, other)) AS q",
			"marts.rating_table": "SELECT 1 AS pillar_no, q.* FROM (" + countedOnce + c.rating +
				`) AS v(initiatives, a, b, c, "none", other)) AS q`,
			"marts.initiative_tally": "SELECT 1 AS pillar_no, q.* FROM (" + countedOnce + c.tally + tallyNames + ") AS q",
		})
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Symbols without a column are told by name, where there is anything to count.
func TestSymbolsWithoutColumn(t *testing.T) {
	t.Parallel()
	none := countedOnce + "(0, []::VARCHAR[])) AS v(other, other_symbols)"
	some := countedOnce + "(1, ['☆'])) AS v(other, other_symbols)"
	for _, c := range [][3]string{
		{none, none, ""}, {some, none, "progress_table [☆] 1"}, {none, some, "rating_table [☆] 1"},
	} {
		got := found(t, "symbols_without_column", `"table", symbols, initiatives`, map[string]string{
			"marts.progress_table": c[0], "marts.rating_table": c[1],
		})
		if got != c[2] {
			t.Errorf("%q, want %q", got, c[2])
		}
	}
}

// One row a year says what the rows of the flow say, and nothing is on one side alone.
func TestYearlyCountsEqualFlow(t *testing.T) {
	t.Parallel()
	const flow = "SELECT '市' AS municipality, '計画' AS plan, 2026 AS fiscal_year, * FROM (VALUES " +
		"('継続取組', 4), ('追加取組', 1), ('当該年度取組数', 5), ('完了', NULL), ('取りやめ', NULL)) AS v(kind, initiatives)"
	for counts, want := range map[string]string{
		"2026, 4, 1, 5, NULL::INTEGER, NULL::INTEGER": "",
		"2026, 4, 1, 6, NULL::INTEGER, NULL::INTEGER": "当該年度取組数 5 6",
		"2026, 4, 1, 5, 0, NULL::INTEGER":             "完了 0",
		"2027, 4, 1, 5, NULL::INTEGER, NULL::INTEGER": "2026", // ten rows: five of each side alone
	} {
		got := found(t, "yearly_counts_equal_flow", "kind, flow, counts", map[string]string{
			"marts.yearly_flow": flow,
			"marts.yearly_counts": "SELECT '市' AS municipality, '計画' AS plan, * FROM (VALUES (" + counts +
				")) AS v(fiscal_year, continued, added, total, completed, dropped)",
		})
		if want == "2026" {
			if n := strings.Count(got, ";") + 1; n != 10 {
				t.Errorf("another year: %d rows: %s", n, got)
			}
			continue
		}
		if got != want {
			t.Errorf("%s: %q, want %q", counts, got, want)
		}
	}
}

// A mark beside a number is told unless the cell says itself what it means, or the row is out of every figure.
func TestMarksBesideValues(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]string{
		"'25※', '25', NULL, NULL, false":    "25※",
		"'＊3', '3', NULL, NULL, false":      "＊3",
		"'25', '25', NULL, NULL, false":     "",
		"'25※速報', '25', '速報', NULL, false":  "",
		"'25※', '25', NULL, '施設を除く', false": "",
		"'※注を参照', NULL, NULL, NULL, false":  "",
		"'※注を参照', '調整中', NULL, NULL, false": "",
		"'25※', '25', NULL, NULL, true":     "",
	} {
		got := found(t, "marks_beside_values", "text", map[string]string{
			"raw.fields": "SELECT 1 AS record_id, '表' AS sheet, 'A1' AS cell, * EXCLUDE (excluded) FROM (VALUES (" + fields +
				")) AS v(text, value, nature, remark, excluded)",
			"raw.records": "SELECT 1 AS record_id, 1 AS workbook_id, excluded FROM (VALUES (" + fields +
				")) AS v(a, b, c, d, excluded)",
			"meta.workbooks": "SELECT 1 AS workbook_id, '市' AS municipality, '課' AS department, 'inputs/a.csv' AS path",
		})
		if got != want {
			t.Errorf("%s: %q, want %q", fields, got, want)
		}
	}
}
