package nightly

import (
	"strings"
	"testing"
)

// The marts equal the expected values of the sample cities, which were computed without reading the workbooks.
func TestMartsEqualExpected(t *testing.T) {
	t.Parallel()
	env := sample(t)

	t.Run("initiative_tally", func(t *testing.T) {
		measures := map[string][]string{"progress": {"◎", "○", "△", "▲", "×"}, "self_rating": {"A", "B", "C", "－"}}
		for measure, symbols := range measures {
			for _, s := range symbols {
				sameRows(t, measure+s,
					query(t, env, `SELECT municipality, scope, pillar_no, pillar, initiatives,
						CASE WHEN pillar = '計' AND share_pct = 0 THEN '0%' WHEN pillar = '計' THEN share_pct || '%' END
						FROM marts.initiative_tally WHERE measure = '`+measure+`' AND symbol = '`+s+`'`),
					expected(t, "expected/initiative_tally.csv", "municipality", "scope", "pillar_no", "pillar", s, s+"構成比"))
			}
			sameRows(t, "totals by "+measure,
				query(t, env, `SELECT scope, pillar, sum(initiatives)::BIGINT FROM marts.initiative_tally
					WHERE measure = '`+measure+`' GROUP BY ALL`),
				expected(t, "expected/initiative_tally.csv", "scope", "pillar", "initiatives"))
		}
	})
	t.Run("counts_by_item", func(t *testing.T) {
		sameRows(t, "counts_by_item",
			query(
				t, env, `SELECT row_kind, pillar_no, pillar, item_no, item, initiatives, relisted, net FROM marts.counts_by_item`,
			),
			expected(
				t, "expected/counts_by_item.csv", "row_kind", "pillar_no", "pillar", "item_no", "item", "initiatives", "relisted",
				"net",
			))
	})
	t.Run("yearly", func(t *testing.T) {
		sameRows(t, "yearly", query(t, env, `SELECT kind, R2, R3, R4, R5, R6, total FROM marts.yearly`),
			expected(t, "expected/yearly.csv", "kind", "R2", "R3", "R4", "R5", "R6", "total"))
	})
	t.Run("finance_indicators", func(t *testing.T) {
		columns := []string{
			"municipality", "indicator", "standard", "fiscal_year", "as_of", "value", "unit", "plan_value", "diff_from_plan",
			"meets_standard",
		}
		sameRows(t, "finance_indicators",
			query(t, env, `SELECT `+strings.Join(columns, ", ")+` FROM marts.finance_indicators`),
			expected(t, "expected/finance_indicators.csv", columns...))
	})
	t.Run("indicator_years", func(t *testing.T) {
		// Where a sentence stands for a target, the expected file says only that: the sentences are the plans'.
		sameRows(t, "indicator_years",
			query(t, env, `SELECT municipality, plan, code, indicator, subgroup, kind, unit, fiscal_year, baseline,
				CASE WHEN length(target_literal) > 15 THEN '（文）' ELSE target_literal END, target, comparator, actual, method,
					attainment_pct,
				achieved, previous_actual, change, change_pct FROM marts.indicator_years`),
			expected(t, "expected/indicator_years.csv", "municipality", "plan", "code", "indicator", "group", "kind", "unit",
				"fiscal_year",
				"baseline", "target_literal", "target", "comparator", "actual", "method", "attainment_pct", "achieved",
				"previous_actual",
				"change", "change_pct"))
	})
	t.Run("initiative_texts", func(t *testing.T) {
		columns := []string{
			"municipality", "goal_no", "goal", "measure_no", "measure", "no", "name", "summary", "text", "departments",
		}
		sameRows(t, "initiative_texts",
			query(t, env, `SELECT `+strings.Join(columns[:9], ", ")+`, array_to_string(departments, ';')
				FROM marts.initiative_texts
				WHERE fiscal_year = 2023`),
			expected(t, "expected/status_2023.csv", columns...))
	})
	t.Run("project_counts", func(t *testing.T) {
		sameRows(t, "project_counts",
			query(t, env, `SELECT "table", row_kind, "group", name, continued, ended, new, total FROM marts.project_counts`),
			expected(
				t, "expected/hadano_counts.csv", "table", "row_kind", "group", "name", "continued", "ended", "new", "total",
			))
	})
	t.Run("reduction", func(t *testing.T) {
		columns := []string{"tool", "hours_literal", "hours", "people_literal", "people", "status"}
		sameRows(t, "reduction", query(t, env, `SELECT `+strings.Join(columns, ", ")+` FROM marts.reduction`),
			expected(t, "expected/hadano_reduction.csv", columns...))
	})
}

// Findings are those planted in the workbooks, at their cells: none missing, none extra.
func TestFindingsEqualPlanted(t *testing.T) {
	t.Parallel()
	env := sample(t)
	got := query(t, env, `SELECT path, sheet, cell, code FROM meta.findings`)
	want := expected(t, "expected/findings.csv", "path", "sheet", "cell", "code")
	if len(want) != 38 {
		t.Fatalf("%d planted findings", len(want))
	}
	sameRows(t, "findings", got, want)

	severities := map[string]string{}
	for _, r := range expected(t, "expected/codes.csv", "code", "severity") {
		severities[r[0]] = r[1]
	}
	for _, r := range query(t, env, `SELECT DISTINCT code, severity FROM meta.findings`) {
		if severities[r[0]] != r[1] {
			t.Errorf("%s is %s, want %s", r[0], r[1], severities[r[0]])
		}
	}
}

// The published figures (facts of the seed documents) come out of the departments' workbooks.
func TestMartsEqualPublishedFacts(t *testing.T) {
	t.Parallel()
	env := sample(t)
	sameRows(t, "items",
		query(
			t, env,
			`SELECT pillar_no, pillar, item_no, item, initiatives, relisted FROM marts.counts_by_item WHERE row_kind = 'item'`,
		),
		expected(t, "facts/gyokaku_counts_by_item.csv", "pillar_no", "pillar", "item_no", "item", "initiatives", "relisted"))
	sameRows(t, "pillars and total",
		query(
			t, env, `SELECT row_kind, pillar, initiatives, relisted, net FROM marts.counts_by_item WHERE row_kind <> 'item'`,
		),
		expected(t, "facts/gyokaku_counts_totals.csv", "row_kind", "pillar", "initiatives", "relisted", "net_of_relisted"))
	sameRows(t, "progress",
		query(t, env, `SELECT scope, pillar, initiatives, ahead, on_plan, partly_late, late, not_done
			FROM marts.progress_table
			WHERE scope <> '令和5年度'`),
		expected(
			t, "facts/gyokaku_progress.csv", "scope", "pillar", "initiatives", "n_double_circle", "n_circle", "n_triangle",
			"n_black_triangle", "n_cross",
		))
	percent := func(c string) string { return `CASE WHEN ` + c + ` = 0 THEN '0%' ELSE ` + c + ` || '%' END` }
	sameRows(t, "progress shares",
		query(t, env, `SELECT scope, `+percent("ahead_pct")+`, `+percent("on_plan_pct")+`, `+percent("partly_late_pct")+`, `+
			percent("all_late_pct")+`, `+percent("not_done_pct")+
			` FROM marts.progress_table WHERE scope <> '令和5年度' AND pillar = '計'`),
		expected(
			t, "facts/gyokaku_progress_ratio.csv", "scope", "r_double_circle", "r_circle", "r_triangle", "r_black_triangle",
			"r_cross",
		))
	sameRows(t, "self-rating",
		query(t, env, `SELECT scope, pillar, initiatives, a, b, c, "none" FROM marts.rating_table WHERE scope <> '令和5年度'`),
		expected(t, "facts/gyokaku_selfeval.csv", "scope", "pillar", "initiatives", "n_A", "n_B", "n_C", "n_dash_derived"))
	sameRows(t, "self-rating shares",
		query(t, env, `SELECT scope, `+percent("a_pct")+`, `+percent("b_pct")+`, `+percent("c_pct")+` FROM marts.rating_table
			WHERE scope <> '令和5年度' AND pillar = '計'`),
		expected(t, "facts/gyokaku_selfeval_ratio.csv", "scope", "r_A", "r_B", "r_C"))
	sameRows(t, "yearly", query(t, env, `SELECT kind, R2, R3, R4, R5, R6, total FROM marts.yearly`),
		expected(t, "facts/gyokaku_yearly.csv", "kind", "R2", "R3", "R4", "R5", "R6", "total"))
	sameRows(t, "indicators",
		query(
			t, env,
			`SELECT indicator, standard, wareki(fiscal_year), as_of, value, unit, plan_value, diff_from_plan FROM `+
				`marts.finance_indicators`,
		),
		expected(
			t, "facts/gyokaku_indicators.csv", "indicator", "standard", "fiscal_year", "as_of", "value", "unit", "plan_value",
			"diff_from_plan",
		))
}
