package record

import "testing"

// Two words are near when at most one of three characters is another, or when one contains the other.
func TestNear(t *testing.T) {
	for _, c := range []struct {
		a, b     string
		distance int
		near     bool
	}{
		{"あいうえおか", "あいうえきく", 2, true}, {"あいうえおか", "あいうきくけ", 3, false},
		{"あいう", "あいえ", 1, true}, {"あい", "あう", 1, false},
		{"あ", "あいう", 2, false}, {"あい", "うえおあい", 3, true}, // contained: one character, two
		{"", "あ", 1, false}, {"あ", "あ", 0, true}, {"ＫＰＩ名", "kpi 名", 0, true},
		{"あいうえ", "いうえお", 2, false}, {"abcdef", "abdef", 1, true},
	} {
		d, ok := Near(c.a, c.b)
		if d != c.distance || ok != c.near {
			t.Errorf("%s and %s: %d, %v", c.a, c.b, d, ok)
		}
		if back, same := Near(c.b, c.a); back != d || same != ok {
			t.Errorf("%s and %s are not the same the other way", c.b, c.a)
		}
	}
	if got := Nearest("あいうえく", []string{"あいうえか", "あいうえき"}); got != "あいうえか" {
		t.Errorf("%q is not the first of two that are equally near", got)
	}
	words := []string{"福祉政策課", "障がい福祉課", "生活福祉課", "人事課"}
	for text, want := range map[string]string{
		"障害福祉課": "障がい福祉課", "福祉課": "生活福祉課", "人亊課": "人事課", "財政課": "", "": "",
	} {
		if got := Nearest(text, words); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// The closest word is the one of which the least part is another, near or not.
func TestClosest(t *testing.T) {
	codes := []string{"cells_unread", "definition_changed", "values_disagree", "jumps"}
	for text, want := range map[string]string{
		"owner_chnged": "definition_changed", "values_disagre": "values_disagree", "jump": "jumps", "": "cells_unread",
	} {
		if got := Closest(text, codes); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := Closest("x", nil); got != "" {
		t.Errorf("among none: %q", got)
	}
}
