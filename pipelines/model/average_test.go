package model

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// averageChange is the rule of average_change_pct written a second time, in rational arithmetic without a guess: the
// tenth of a percent between whose bounds the ratio lies, found by halving.
func averageChange(current, first int64, years int) string {
	ratio := big.NewRat(current, first)
	above := func(twoThousandths int64) int { // the ratio beside (twoThousandths/2000)^years
		bound := big.NewRat(max(twoThousandths, 0), 2000)
		power := big.NewRat(1, 1)
		for range years {
			power.Mul(power, bound)
		}
		return ratio.Cmp(power)
	}
	if ratio.Cmp(big.NewRat(1, 1)) >= 0 { // the greatest k whose lower bound is reached
		low, high := int64(0), int64(1)<<50
		for low < high {
			k := (low + high + 1) / 2
			if above(1999+2*k) >= 0 {
				low = k
			} else {
				high = k - 1
			}
		}
		return fmt.Sprintf("%d.%d", low/10, low%10)
	}
	low, high := int64(0), int64(1000) // the greatest fall whose upper bound is reached
	for low < high {
		k := (low + high + 1) / 2
		if above(2001-2*k) <= 0 {
			low = k
		} else {
			high = k - 1
		}
	}
	sign := "-"
	if low == 0 {
		sign = ""
	}
	return fmt.Sprintf("%s%d.%d", sign, low/10, low%10)
}

// Every average rate of change agrees with rational arithmetic, on and beside the bounds between two printed rates too.
func TestAverageChangeAgreesWithRationalArithmetic(t *testing.T) {
	t.Parallel()
	b := withMacros(t)
	random := rand.New(rand.NewPCG(3, 4))
	var calls, want []string
	add := func(current, first int64, years int) {
		calls = append(calls, fmt.Sprintf("(%d, %d, %d, %d)", len(calls), current, first, years))
		want = append(want, averageChange(current, first, years))
	}
	for range 1500 {
		add(1+random.Int64N(1<<(1+random.IntN(45))), 1+random.Int64N(1<<(1+random.IntN(45))), 1+random.IntN(12))
	}
	for range 500 { // a bound, and one below and above it
		years := 1 + random.IntN(4)
		current, first := int64(1), int64(1)
		k := random.Int64N(600) - 300
		for range years {
			current, first = current*(1999+2*k), first*2000
		}
		add(current-1, first, years)
		add(current, first, years)
		add(current+1, first, years)
	}
	r, err := b.Query(context.Background(), `SELECT average_change_pct(current, first, years)::VARCHAR
		FROM (VALUES `+strings.Join(calls, ", ")+`) AS t(i, current, first, years) ORDER BY i`)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != len(want) {
		t.Fatalf("%d rows", len(r.Rows))
	}
	for i, row := range r.Rows {
		if row[0] != want[i] {
			t.Errorf("average_change_pct%s = %v, want %s", calls[i], row[0], want[i])
		}
	}
}
