package model

import (
	"errors"
	"testing"
)

// The line that is told is the one in which the mistake stands, whatever the database counts.
func TestErrorLine(t *testing.T) {
	const text = "-- 何か\n-- 範囲: 自治体ごと\nSELECT a,\n  b\nFROM nowhere\nSELECT a,\n"
	for name, c := range map[string]struct {
		said string
		want int
	}{
		"quoted line":       {"Catalog Error: Table nowhere\n\nLINE 2: FROM nowhere\n        ^", 5},
		"quoted in part":    {"Binder Error: b\n\nLINE 1: ... b...\n", 4},
		"a comment quoted":  {"Parser Error: syntax error at or near \"FROM\"\n\nLINE 1: -- 何\n   ^", 5},
		"one of two alike":  {"Binder Error: b\n\nLINE 6: SELECT a,\n", 6},
		"nothing quoted":    {"Out of Memory Error: no", 3},
		"the first of them": {"Binder Error: b\n\nLINE 2: SELECT a,\n", 3},
		"what is not there": {"Parser Error: syntax error at or near \"zz\"\n\nLINE 9: zz\n", 3},
	} {
		if got := errorLine(errors.New(c.said), text); got != c.want {
			t.Errorf("%s: line %d, want %d", name, got, c.want)
		}
	}
}
