package model

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
)

// Units are compared in Go, where cells are read, and in SQL, where years are: for every pair of units that either
// table knows, with scales and rates, both say the same of what is one unit, and a value comes out the same.
func TestUnitsAgreeInSQLAndGo(t *testing.T) {
	t.Parallel()
	b := withMacros(t)
	names := quantity.Units()
	names = append(names, "円", "人", "件", "か所", "箇所", "回", "回線", "件数", "延べ人数", "日間", "延長", "係数", "校", "－", "割")
	for _, u := range []string{"円", "人", "kWh", "t", "トン", "箇所", "㎡"} {
		for _, scale := range []string{"百", "千", "万", "十万", "百万", "千万", "億", "十億", "兆"} {
			names = append(names, scale+u)
		}
	}
	names = append(names, "㎡", "㎢", "㎥", "㏊", "㎞", "㎏", "％", "円/件", "千円/件", "円/件数", "人/千人", "人/万人", "km/日",
		"kg-CO2", "t-CO2", "tCO2", "千t-CO2", "千円（税込）", "件／年", "件/年度", "時間/年間", "千葉", "百貨", "個所", "ヶ所")
	sizes, err := b.Query(t.Context(), "SELECT u, canonical_unit(u), unit_size(u).base, unit_size(u).exponent::VARCHAR"+
		" FROM (VALUES "+values(names)+") AS l(u)")
	if err != nil || len(sizes.Rows) != len(names) {
		t.Fatalf("%d sizes of %d units, %v", len(sizes.Rows), len(names), err)
	}
	var pairs []string
	for _, a := range sizes.Rows {
		for _, c := range sizes.Rows {
			x, y := a[0].(string), c[0].(string)
			same := a[1] == c[1] || a[2] == c[2] && a[3] == c[3]
			if quantity.SameUnit(x, y) != same {
				t.Errorf("%s and %s: the same unit is %v in SQL, %v in Go", x, y, same, !same)
			}
			_, ok := quantity.Quantity{Status: quantity.Number, Value: "2", Base: "2", BaseUnit: x}.In(y)
			if a[2] == c[2] && !ok && !strings.Contains(x, "（") {
				t.Errorf("%s converts into %s in SQL, not in Go", x, y)
			}
			if a[2] == c[2] && a[3] != c[3] && !strings.Contains(x, "（") {
				pairs = append(pairs, "('"+x+"', '"+y+"')")
			}
		}
	}
	rows, err := b.Query(t.Context(),
		"SELECT a, b, in_unit(2, a, b)::VARCHAR FROM (VALUES "+strings.Join(pairs, ", ")+") AS l(a, b)")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.Rows {
		two := quantity.Quantity{Status: quantity.Number, Value: "2", Base: "2", BaseUnit: r[0].(string)}
		want, ok := two.In(r[1].(string))
		if got := quantity.Canonical(fmt.Sprint(r[2])); !ok || got != want && len(want) < 13 {
			t.Errorf("2 %s in %s: %s in SQL, %s (%v) in Go", r[0], r[1], got, want, ok)
		}
	}
	if len(pairs) < 300 {
		t.Errorf("only %d pairs convert", len(pairs))
	}
}

func values(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, "('"+n+"')")
	}
	return strings.Join(out, ", ")
}

// The eras are written twice too: every fiscal year from 昭和 on, and the days around each change of era.
func TestErasAgreeInSQLAndGo(t *testing.T) {
	t.Parallel()
	b := withMacros(t)
	rows, err := b.Query(t.Context(), "SELECT y::INTEGER, wareki(y::INTEGER) FROM range(1927, 2080) AS l(y)")
	if err != nil || len(rows.Rows) != 153 {
		t.Fatalf("%d years, %v", len(rows.Rows), err)
	}
	for _, r := range rows.Rows {
		year, err := strconv.Atoi(fmt.Sprint(r[0]))
		if err != nil {
			t.Fatal(err)
		}
		if want := fiscal.Wareki(year); r[1] != want {
			t.Errorf("%v: %v in SQL, %s in Go", r[0], r[1], want)
		}
	}
	rows, err = b.Query(t.Context(), `SELECT strftime(day, '%Y-%m-%d'), wareki(day) FROM (SELECT change + n::INTEGER AS day
		FROM (VALUES (DATE '1926-12-25'), (DATE '1989-01-08'), (DATE '2019-05-01'), (DATE '2026-04-01')) AS c(change),
		range(-3, 4) AS l(n)) WHERE day >= DATE '1926-12-25' ORDER BY day`)
	if err != nil || len(rows.Rows) != 25 {
		t.Fatalf("%d days, %v", len(rows.Rows), err)
	}
	for _, r := range rows.Rows {
		day, err := time.Parse("2006-01-02", r[0].(string))
		if err != nil {
			t.Fatal(err)
		}
		if want := fiscal.WarekiDate(day); r[1] != want {
			t.Errorf("%v: %v in SQL, %s in Go", r[0], r[1], want)
		}
	}
}
