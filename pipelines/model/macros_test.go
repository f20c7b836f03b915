package model

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/warehouse"
)

func withMacros(t *testing.T) *warehouse.Build {
	t.Helper()
	ctx := context.Background()
	b, err := warehouse.Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Abandon)
	if _, err := macros(ctx, b, os.DirFS("../..")); err != nil {
		t.Fatal(err)
	}
	return b
}

func one(t *testing.T, b *warehouse.Build, sql string) string {
	t.Helper()
	r, err := b.Query(context.Background(), "SELECT ("+sql+")::VARCHAR")
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return fmt.Sprint(r.Rows[0][0])
}

func TestMacros(t *testing.T) {
	t.Parallel()
	b := withMacros(t)
	for sql, want := range map[string]string{
		"largest_remainder([6, 105, 7, 1, 0])": "[5.1, 88.2, 5.9, 0.8, 0.0]", // the four published rows
		"largest_remainder([3, 93, 5, 0, 0])":  "[3.0, 92.1, 4.9, 0.0, 0.0]",
		"largest_remainder([11, 85, 5])":       "[10.9, 84.2, 4.9]",
		"largest_remainder([11, 100, 8])":      "[9.3, 84.0, 6.7]",
		"largest_remainder([1, 1, 1])":         "[33.4, 33.3, 33.3]", // a tie goes to the earlier column
		"largest_remainder([0, 0])":            "[NULL, NULL]",
		"half_up_share([6, 105, 7, 1, 0])":     "[5.0, 88.2, 5.9, 0.8, 0.0]",
		"half_up_share([1, 7])":                "[12.5, 87.5]",
		"half_up(95.05, 1)":                    "95.100000",
		"half_up(-0.285, 2)":                   "-0.290000",
		"half_up(0.285, 2)":                    "0.290000",
		"half_up(2.5, 0)":                      "3.000000",
		"half_up(-2.5, 0)":                     "-3.000000",
		"wareki(2024)":                         "令和6年度",
		"wareki(2019)":                         "令和元年度",
		"wareki(1988)":                         "昭和63年度",
		"wareki(DATE '2025-10-21')":            "令和7年10月21日",
		"wareki(DATE '2019-04-30')":            "平成31年4月30日",
		"wareki(DATE '2019-05-01')":            "令和元年5月1日",
		"wareki(NULL)":                         "<nil>",
		"percent(105, 119)":                    "88.2",
		"percent(-1, 8)":                       "-12.5",
		"percent(1, -16)":                      "-6.3", // a tie goes away from zero
		"percent(1, 0)":                        "<nil>",
		"percent(0, 7)":                        "0.0",
		"percent(99999999999999, 0.000001)":    "9999999999999900000000.0",

		"attainment_method(90, 100, NULL, '上昇')":    "A",
		"attainment_pct(90, 100, NULL, '上昇')":       "90.0",
		"attainment_pct(46978, 43000, 57250, '低下')": "72.1",
		"attainment_pct(60000, 43000, 57250, '低下')": "-19.3", // worse than the baseline; not clamped
		"attainment_pct(1380, 1234, NULL, '低下')":    "89.4",
		"attainment_pct(0, 0, NULL, '低下')":          "100.0",
		"attainment_pct(0, 5, NULL, '低下')":          "<nil>",
		"attainment_pct(5, 0, NULL, '上昇')":          "<nil>",
		"attainment_pct(5, 10, NULL, '維持以下')":       "<nil>",
		"attainment_pct(5, 10, 8, '低下')":            "<nil>",
		"attainment_pct(-5, -3, NULL, '上昇')":        "<nil>",
		"no_rate_reason(5, NULL, NULL, '上昇')":       "目標未設定",
		"no_rate_reason(NULL, 5, NULL, '上昇')":       "未報告",
		"no_rate_reason(5, 0, NULL, '上昇')":          "目標0",
		"no_rate_reason(0, 5, NULL, '低下')":          "実績0",
		"no_rate_reason(5, 10, 8, '低下')":            "基準値で達成済み",
		"no_rate_reason(5, 10, NULL, '維持以下')":       "基準型",
		"no_rate_reason(-5, -3, NULL, '上昇')":        "負の値",
		"no_rate_reason(90, 100, NULL, '上昇')":       "<nil>",
		"achieved(89.4, 90, 'ge', '維持')":            "false",
		"achieved(90, 90, 'gt', '上昇')":              "false",
		"achieved(90, 90, NULL, '低下')":              "true",
		"achieved(99.96, 100, NULL, '上昇')":          "false",
		"achieved(3, 5, 'lt', '維持以下')":              "true",
		"achieved(NULL, 5, NULL, '上昇')":             "<nil>",
		"change_pct(17039, 15588)":                  "9.3",
		"change_pct(5, 0)":                          "<nil>",
		"change_pct(5, -2)":                         "<nil>",
		"ratio_to_previous(110, 100)":               "110.0",
		"point_change(47.3, 45.4)":                  "1.900000000000",
		"newly_word(5, 0)":                          "皆増",
		"newly_word(0, 5)":                          "皆減",
		"newly_word(0, 0)":                          "<nil>",
		"money(2040000000, '億円', 1)":                "20.400000",
		"money(1500, '千円', 0)":                      "2.000000",
		"people(11200, 3100)":                       "3.6",
		"people(8800, 3100)":                        "2.8",
		"people(100, NULL)":                         "<nil>",
		"fiscal_year(DATE '2025-03-31')":            "2024",
		"fiscal_year(DATE '2025-04-01')":            "2025",
	} {
		if got := one(t, b, sql); got != want {
			t.Errorf("%s = %s, want %s", sql, got, want)
		}
	}
}

// largestRemainder is the rule written a second time, in rational arithmetic.
func largestRemainder(counts []int64) string {
	total := int64(0)
	for _, n := range counts {
		total += n
	}
	floors := make([]int64, len(counts))
	rests := make([]*big.Rat, len(counts))
	left := int64(1000)
	for i, n := range counts {
		exact := big.NewRat(n*1000, total)
		floors[i] = new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
		rests[i] = new(big.Rat).Sub(exact, big.NewRat(floors[i], 1))
		left -= floors[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range counts {
			if rests[i].Cmp(rests[best]) > 0 {
				best = i
			}
		}
		floors[best]++
		rests[best] = big.NewRat(-1, 1)
	}
	out := make([]string, len(counts))
	for i, f := range floors {
		out[i] = fmt.Sprintf("%d.%d", f/10, f%10)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

func TestLargestRemainderAgreesWithRationalArithmetic(t *testing.T) {
	t.Parallel()
	b := withMacros(t)
	random := rand.New(rand.NewPCG(1, 2))
	var lists, want []string
	for range 2000 {
		counts := make([]int64, 1+random.IntN(9))
		for i := range counts {
			counts[i] = random.Int64N(1 << random.IntN(30))
		}
		counts[0]++ // never all zero
		lists = append(lists, strings.ReplaceAll(fmt.Sprint(counts), " ", ", "))
		want = append(want, largestRemainder(counts))
	}
	r, err := b.Query(context.Background(),
		"SELECT largest_remainder(c)::VARCHAR FROM (SELECT unnest(["+strings.Join(lists, ", ")+
			"]) AS c, generate_subscripts(["+
			strings.Join(lists, ", ")+"], 1) AS i) ORDER BY i")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range r.Rows {
		if row[0] != want[i] {
			t.Fatalf("largest_remainder(%s) = %v, want %s", lists[i], row[0], want[i])
		}
	}
	if len(r.Rows) != len(want) {
		t.Fatalf("%d rows", len(r.Rows))
	}
}

// Every rate over a million random pairs agrees with exact integer arithmetic to the last printed digit.
func TestRatesAgreeWithExactArithmetic(t *testing.T) {
	t.Parallel()
	b := withMacros(t)
	const pairs, part = 1_000_000, 50_000
	for from := 0; from < pairs; from += part {
		r, err := b.Query(context.Background(), fmt.Sprintf(`
			WITH drawn AS (
				SELECT (hash(i * 2 + 1) %% 2000001)::BIGINT - 1000000 AS n, (hash(i * 2) %% 200001)::BIGINT - 100000 AS d,
					i %% 4 AS places
				FROM range(%d, %d) AS t(i)),
			pairs AS (
				SELECT n, d, places, CASE places WHEN 0 THEN n::DECIMAL(30, 3) WHEN 1 THEN n * 0.1::DECIMAL(2, 1)
					WHEN 2 THEN n * 0.01::DECIMAL(3, 2) ELSE n * 0.001::DECIMAL(4, 3) END AS x
				FROM drawn)
			SELECT string_agg(concat_ws(' ', n, d, places, coalesce(percent(x, d)::VARCHAR, '-'),
				coalesce(change_pct(x, d)::VARCHAR, '-')), chr(10)) FROM pairs`, from, from+part))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(warehouse.Text(r.Rows[0][0]), "\n")
		if len(lines) != part {
			t.Fatalf("%d pairs", len(lines))
		}
		for _, line := range lines {
			f := strings.Fields(line)
			n, d, scale := integer(t, f[0]), integer(t, f[1]), [...]int64{1, 10, 100, 1000}[integer(t, f[2])]
			if want := tenths(n, d*scale); f[3] != want {
				t.Fatalf("percent(%d/%d, %d) = %s, want %s", n, scale, d, f[3], want)
			}
			want := "-"
			if d > 0 {
				want = tenths(n-d*scale, d*scale)
			}
			if f[4] != want {
				t.Fatalf("change_pct(%d/%d, %d) = %s, want %s", n, scale, d, f[4], want)
			}
		}
	}
}

func integer(t *testing.T, s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// tenths is n/d in percent, rounded half away from zero at one decimal, the rule written a second time. Nothing here
// comes near the bounds of 64 bits.
func tenths(n, d int64) string {
	if d == 0 {
		return "-"
	}
	sign := ""
	if (n < 0) != (d < 0) {
		sign = "-"
	}
	n, d = max(n, -n), max(d, -d)
	rounded := (2*1000*n + d) / (2 * d)
	if rounded == 0 {
		sign = ""
	}
	return fmt.Sprintf("%s%d.%d", sign, rounded/10, rounded%10)
}
