package nightly

import (
	"path/filepath"
	"testing"
)

// The second tree is two invented cities whose departments use other layouts, words and defects than the sample's. Its
// workbooks and what must come out were written from one model by someone who had not seen the reader.
func TestSecondTreeEqualsExpected(t *testing.T) {
	t.Parallel()
	env := newEnv(t, filepath.Join("testdata", "second", "inputs"))
	env.Settings.Plans = nil // the settings know neither city
	mustLoad(t, env)
	want := func(file string, columns ...string) [][]string {
		return expected(t, filepath.Join("second", "expected", file), columns...)
	}
	sameRows(t, "findings", query(t, env, `SELECT path, sheet, cell, code FROM meta.findings`),
		want("findings.csv", "path", "sheet", "cell", "code"))
	sameRows(t, "indicator_years",
		query(t, env, `SELECT municipality, plan, code, indicator, subgroup, kind, unit, fiscal_year, baseline,
			target_literal, target,
			comparator, actual, method, attainment_pct, achieved, previous_actual, change, change_pct
				FROM marts.indicator_years`),
		want("indicator_years.csv", "municipality", "plan", "code", "indicator", "group", "kind", "unit", "fiscal_year",
			"baseline",
			"target_literal", "target", "comparator", "actual", "method", "attainment_pct", "achieved", "previous_actual",
			"change",
			"change_pct"))
	for measure, symbols := range map[string][]string{
		"progress": {"◎", "○", "△", "▲", "×"}, "self_rating": {"A", "B", "C", "－"},
	} {
		for _, s := range symbols {
			sameRows(t, measure+s,
				query(t, env, `SELECT municipality, scope, pillar_no, pillar, initiatives,
					CASE WHEN pillar = '計' AND share_pct = 0 THEN '0%' WHEN pillar = '計' THEN share_pct || '%' END
					FROM marts.initiative_tally WHERE measure = '`+measure+`' AND symbol = '`+s+`'`),
				want("initiative_tally.csv", "municipality", "scope", "pillar_no", "pillar", s, s+"構成比"))
		}
	}
	sameRows(t, "counts_by_item",
		query(t, env, `SELECT municipality, row_kind, pillar_no, pillar, item_no, item, initiatives, relisted, net
			FROM marts.counts_by_item WHERE fiscal_year = 2024`),
		want(
			"counts_by_item.csv", "municipality", "row_kind", "pillar_no", "pillar", "item_no", "item", "initiatives",
			"relisted", "net",
		))
	sameRows(t, "finance_indicators",
		query(t, env, `SELECT municipality, indicator, standard, fiscal_year, as_of, value, unit, plan_value, diff_from_plan,
			meets_standard
			FROM marts.finance_indicators`),
		want("finance_indicators.csv", "municipality", "indicator", "standard", "fiscal_year", "as_of", "value", "unit",
			"plan_value",
			"diff_from_plan", "meets_standard"))
	sameRows(t, "initiative_texts",
		query(t, env, `SELECT municipality, goal_no, goal, measure_no, measure, no, name, summary, text,
			array_to_string(departments, ';')
			FROM marts.initiative_texts WHERE fiscal_year = 2024`),
		want(
			"status_2024.csv", "municipality", "goal_no", "goal", "measure_no", "measure", "no", "name", "summary", "text",
			"departments",
		))
	sameRows(t, "project_counts",
		query(
			t, env,
			`SELECT municipality, "table", row_kind, "group", name, continued, ended, new, total FROM marts.project_counts`,
		),
		want("hadano_counts.csv", "municipality", "table", "row_kind", "group", "name", "continued", "ended", "new", "total"))
	sameRows(t, "reduction",
		query(t, env, `SELECT municipality, tool, hours_literal, hours, people_literal, people, status FROM marts.reduction`),
		want("hadano_reduction.csv", "municipality", "tool", "hours_literal", "hours", "people_literal", "people", "status"))
}
