package model

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/warehouse"
)

func withMacros(t *testing.T) *warehouse.Build {
	t.Helper()
	ctx := context.Background()
	b, err := warehouse.Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Abandon)
	if err := macros(ctx, b, os.DirFS("../..")); err != nil {
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
		"fiscal_year(DATE '2025-03-31')":       "2024",
		"fiscal_year(DATE '2025-04-01')":       "2025",
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
		"SELECT largest_remainder(c)::VARCHAR FROM (SELECT unnest(["+strings.Join(lists, ", ")+"]) AS c, generate_subscripts(["+
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
