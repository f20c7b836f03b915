package project

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/warehouse"
)

// RankSetting says how a plan's indicators are ranked: 判定ランク. There is no default: without it no indicator has a rank.
type RankSetting struct {
	Of      string   `yaml:"of"`      // RankAttainment or RankProgress
	Methods []string `yaml:"methods"` // of the rates of attainment that are ranked: A, B, C
	// Judged are the symbols of what is only judged (method D); without them it has no rank.
	Judged struct {
		Achieved string `yaml:"achieved"`
		Missed   string `yaml:"missed"`
	} `yaml:"judged"`
	Levels []RankLevel `yaml:"levels"` // the best first
}

// RankLevel is one rank. AtLeast is its lower bound in percent; the last has none, and takes what is below the others.
type RankLevel struct {
	Symbol  string `yaml:"symbol"`
	AtLeast string `yaml:"at_least"`
	Meaning string `yaml:"meaning"`
}

// What ranks may be of.
const (
	RankAttainment = "attainment" // 達成率 of the year
	RankProgress   = "progress"   // 進捗率 from the baseline to the target of the plan's last year
)

// check says what a person has to change before anything can be ranked by the setting; "" where nothing.
func (r *RankSetting) check() string {
	switch {
	case r.Of != RankAttainment && r.Of != RankProgress:
		return fmt.Sprintf("of「%s」は使えません。attainment（達成率）か progress（最終目標に対する進捗率）と書いてください", r.Of)
	case r.Of == RankProgress && (len(r.Methods) > 0 || r.Judged.Achieved+r.Judged.Missed != ""):
		return "methods と judged は達成率（of: attainment）のものです。除いてください"
	case r.Of == RankAttainment && len(r.Methods) == 0:
		return "methods がありません。判定する達成率の算式を [A, B, C] のように書いてください"
	}
	for i, m := range r.Methods {
		if !slices.Contains([]string{"A", "B", "C"}, m) || slices.Contains(r.Methods[:i], m) {
			return fmt.Sprintf("methods の「%s」は使えません。A、B、C を一度ずつ書いてください（算式Dの記号は judged に書きます）", m)
		}
	}
	if why := r.checkLevels(); why != "" {
		return why
	}
	return r.checkJudged()
}

func (r *RankSetting) checkLevels() string {
	if len(r.Levels) < 2 {
		return "levels には、良いほうから順に二つ以上の段階を書いてください"
	}
	last := len(r.Levels) - 1
	var above *big.Rat
	for i, l := range r.Levels {
		if strings.TrimSpace(l.Symbol) == "" || strings.TrimSpace(l.Meaning) == "" {
			return fmt.Sprintf("levels の%d番目に、symbol（記号）と meaning（意味）の両方を書いてください", i+1)
		}
		if slices.ContainsFunc(r.Levels[:i], func(o RankLevel) bool { return o.Symbol == l.Symbol }) {
			return fmt.Sprintf("levels に「%s」が二つあります。記号は一度だけ書いてください", l.Symbol)
		}
		if i == last {
			break
		}
		bound, ok := l.bound()
		if !ok {
			return fmt.Sprintf("「%s」の at_least「%s」を、%% の数字（小数第6位まで）で書いてください", l.Symbol, l.AtLeast)
		}
		if above != nil && bound.Cmp(above) >= 0 {
			return fmt.Sprintf("「%s」の at_least は、前の段階より小さい数にしてください（良いほうから順に書きます）", l.Symbol)
		}
		above = bound
	}
	if r.Levels[last].AtLeast != "" {
		return fmt.Sprintf("最後の段階「%s」には at_least を書かないでください（ほかのどれにも満たないものが、この段階です）", r.Levels[last].Symbol)
	}
	return ""
}

func (r *RankSetting) checkJudged() string {
	j := r.Judged
	if j.Achieved == "" && j.Missed == "" {
		return ""
	}
	known := func(symbol string) bool {
		return slices.ContainsFunc(r.Levels, func(l RankLevel) bool { return l.Symbol == symbol })
	}
	if !known(j.Achieved) || !known(j.Missed) || j.Achieved == j.Missed {
		return "judged には、levels にある記号のうち、達成（achieved）と未達成（missed）のものを一つずつ書いてください"
	}
	return ""
}

// bound is a lower bound that the warehouse holds exactly.
func (l RankLevel) bound() (*big.Rat, bool) {
	q := quantity.Parse(l.AtLeast)
	if q.Status != quantity.Number || q.Comparator != "" || q.Approx || q.Unit != "" && q.Unit != "%" {
		return nil, false
	}
	v, ok := new(big.Rat).SetString(q.Value)
	if !ok {
		return nil, false
	}
	micro := new(big.Rat).Mul(v, big.NewRat(1_000_000, 1))
	return v, micro.IsInt() && micro.Num().CmpAbs(big.NewInt(1_000_000_000_000_000)) < 0
}

// checkRanks checks the ranks of every plan, and that a plan that stands twice has them once.
func (s Settings) checkRanks() error {
	seen := map[[2]string]bool{}
	for i, p := range s.Plans {
		if p.Ranks == nil {
			continue
		}
		why := p.Ranks.check()
		if id := [2]string{p.Municipality, p.Name}; seen[id] {
			why = "同じ計画の ranks が二つあります。一つだけ書いてください"
		} else {
			seen[id] = true
		}
		if why != "" {
			return s.Wrong(printable.Sprintf("計画「%s」の ranks: %s", p.Name, why), "plans", i, "ranks")
		}
	}
	return nil
}

// RankRows are the ranks of the settings' plans, a row for each level, the best first.
func (s Settings) RankRows() []warehouse.Rank {
	var out []warehouse.Rank
	for _, p := range s.Plans {
		if p.Ranks == nil {
			continue
		}
		for i, l := range p.Ranks.Levels {
			out = append(out, warehouse.Rank{
				Municipality: p.Municipality, Plan: p.Name, Of: p.Ranks.Of, Methods: p.Ranks.Methods,
				Position: i + 1, Symbol: l.Symbol, AtLeast: quantity.Parse(l.AtLeast).Value, Meaning: l.Meaning,
				Achieved: p.Ranks.Judged.Achieved, Missed: p.Ranks.Judged.Missed,
			})
		}
	}
	return out
}
