package model

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// A year of an indicator that the table of progress or of ranks lacks, or has twice, is found; where each has it once,
// nothing is.
func TestIndicatorSeriesMatch(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../sql/tests/indicator_series_match.sql")
	if err != nil {
		t.Fatal(err)
	}
	const progress, ratings = "marts.indicator_progress", "marts.ratings"
	for name, c := range map[string]struct {
		copies map[string]int // of the one year, in each table
		rows   int
	}{
		"once in each":     {map[string]int{progress: 1, ratings: 1}, 0},
		"not in progress":  {map[string]int{progress: 0, ratings: 1}, 1},
		"twice in ratings": {map[string]int{progress: 1, ratings: 2}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := withMacros(t)
			c.copies["marts.indicator_years"] = 1
			for table, n := range c.copies {
				rows := fmt.Sprintf("SELECT '市' AS municipality, '計画' AS plan, '' AS code, '指標' AS indicator, "+
					"'' AS subgroup, '成果' AS kind, 2026 AS fiscal_year FROM range(%d)", n)
				if err := b.Exec(context.Background(), "CREATE OR REPLACE TABLE "+table+" AS "+rows); err != nil {
					t.Fatal(err)
				}
			}
			r, err := b.Query(context.Background(), statement(string(data)))
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Rows) != c.rows {
				t.Errorf("%d rows: %v", len(r.Rows), r.Rows)
			}
		})
	}
}
