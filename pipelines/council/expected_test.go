package council

import (
	"fmt"
	"testing"
)

// Ten of what is not in a paper are named, the eleventh is counted; the answers of one record that are missing are one,
// and each stands under its reason, in the order of the reasons.
func TestTenAreNamed(t *testing.T) {
	lacking := func(n int) []Obstacle {
		var out []Obstacle
		for i := range n {
			out = append(out, Obstacle{Kind: NotAnswered, Department: "課", name: fmt.Sprint("指標", i)})
		}
		return out
	}
	for n, more := range map[int]int{1: 0, 9: 0, 10: 0, 11: 1, 25: 15} {
		got := tell(append(lacking(n), lacking(1)...))
		if got.Count != n || got.More != more || len(got.Groups) != 1 || len(got.Groups[0].Names) != n-more {
			t.Errorf("%d: %+v", n, got)
		}
	}
	got := tell([]Obstacle{
		{Kind: pending, Department: "課", name: "後"}, {Kind: NotIn, Department: "乙課"}, {Kind: WithError, Department: "丙課"},
		{Kind: WithError, Department: "丁課", name: "取組（丁課）"}, {Kind: Gone, Department: "課", name: "消えた"},
	})
	want := "[{調査票が未提出 [乙課]} {調査票の記載に不備があり、確認中 [丙課の調査票 取組（丁課）]} " +
		"{前年度の調査票または計画の一覧にあり、今年度の調査票に記載なし [消えた（課）]} {集計中 [後（課）]}]"
	if fmt.Sprint(got.Groups) != want || got.Count != 5 || got.More != 0 {
		t.Errorf("%+v", got)
	}
}

// A paper about one plan misses nothing of another; one that names no plan misses what its figures rest on.
func TestWhatConcernsAPaper(t *testing.T) {
	on := []rests{{years: map[string][2]int{"A": {2025, 2026}}}}
	for _, c := range []struct {
		o    Obstacle
		plan string
		want bool
	}{
		{Obstacle{form: "A", year: 2026, plan: "計画甲"}, "計画甲", true},
		{Obstacle{form: "A", year: 2026, plan: "計画甲"}, "計画乙", false},
		{Obstacle{form: "A", year: 2026, plan: "計画甲"}, "", true},
		{Obstacle{form: "A", year: 2026}, "計画乙", true},
		{Obstacle{form: "A", year: 2027, plan: "計画甲"}, "計画甲", false},
		{Obstacle{form: "A", year: 2024, plan: "計画甲"}, "計画甲", false},
		{Obstacle{form: "B", year: 2026, plan: "計画甲"}, "計画甲", false},
	} {
		if got := c.o.concerns(paperRests{c.plan, on}); got != c.want {
			t.Errorf("%+v in a paper about %q: %v", c.o, c.plan, got)
		}
	}
}
