package project

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

const rankedPlan = `plans:
  - municipality: 市
    name: 計画
    forms: [A]
    first_year: 2026
    last_year: 2030
    ranks:
      of: attainment
      methods: [A, C]
      judged: {achieved: ◎, missed: ▲}
      levels:
        - {symbol: ◎, at_least: 100, meaning: 達成}
        - {symbol: ○, at_least: 79.5%, meaning: おおむね}
        - {symbol: ▲, meaning: 遅れ}
`

// The levels of a plan come out in their order, with exact bounds.
func TestRanks(t *testing.T) {
	s, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(rankedPlan)}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range s.RankRows() {
		got = append(got, strings.Join([]string{
			r.Municipality, r.Plan, r.Of, strings.Join(r.Methods, ""), r.Symbol, r.AtLeast, r.Meaning, r.Achieved, r.Missed,
		}, "/"))
		if r.Position != len(got) {
			t.Errorf("position %d of %s", r.Position, r.Symbol)
		}
	}
	want := "市/計画/attainment/AC/◎/100/達成/◎/▲ 市/計画/attainment/AC/○/79.5/おおむね/◎/▲ 市/計画/attainment/AC/▲//遅れ/◎/▲"
	if strings.Join(got, " ") != want {
		t.Errorf("got %s", strings.Join(got, " "))
	}
}

// A plan without ranks has none: there is no default.
func TestNoRanks(t *testing.T) {
	head, _, _ := strings.Cut(rankedPlan, "    ranks:")
	s, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(head)}})
	if err != nil || len(s.RankRows()) != 0 {
		t.Errorf("%v, %v", s.RankRows(), err)
	}
}

// Ranks that leave anything open are refused, with the plan and what to write.
func TestRanksThatCannotHoldAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ old, new, says string }{
		"of nothing":             {"of: attainment", "of: 達成率", "of「達成率」は使えません"},
		"no methods":             {"methods: [A, C]", "methods: []", "methods がありません"},
		"unknown method":         {"[A, C]", "[A, E]", "methods の「E」"},
		"method D":               {"[A, C]", "[A, D]", "算式Dの記号は judged"},
		"method twice":           {"[A, C]", "[A, A]", "一度ずつ"},
		"methods of progress":    {"of: attainment", "of: progress", "methods と judged は達成率"},
		"no symbol":              {"symbol: ○, ", "", "levels の2番目"},
		"no meaning":             {", meaning: おおむね", "", "levels の2番目"},
		"symbol twice":           {"symbol: ○", "symbol: ◎", "「◎」が二つ"},
		"no bound":               {"at_least: 79.5%, ", "", "「○」の at_least「」"},
		"bound in words":         {"79.5%", "八割くらい", "「○」の at_least「八割くらい」"},
		"bound in another unit":  {"79.5%", "8割", "at_least「8割」"},
		"bound with comparator":  {"79.5%", "79.5以上", "at_least「79.5以上」"},
		"bound too fine":         {"79.5%", "79.1234567", "小数第6位まで"},
		"bounds equal":           {"79.5%", "100", "「○」の at_least は、前の段階より小さい数"},
		"bounds out of order":    {"79.5%", "100.1", "「○」の at_least は、前の段階より小さい数"},
		"bound of the last":      {"symbol: ▲, ", "symbol: ▲, at_least: 0, ", "最後の段階「▲」には at_least を書かない"},
		"judged unknown":         {"achieved: ◎", "achieved: ☆", "judged には"},
		"judged by half":         {", missed: ▲", "", "judged には"},
		"judged the same":        {"missed: ▲", "missed: ◎", "judged には"},
		"misspelt":               {"at_least: 100", "at_lest: 100", "at_lest"},
		"the plan's ranks twice": {"plans:\n", "plans:\n" + strings.TrimPrefix(rankedPlan, "plans:\n"), "ranks が二つ"},
	} {
		yaml := strings.Replace(rankedPlan, c.old, c.new, 1)
		if yaml == rankedPlan {
			t.Fatalf("%s: nothing is replaced", name)
		}
		_, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(yaml)}})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One level says nothing.
func TestOneRankIsRefused(t *testing.T) {
	head, _, _ := strings.Cut(rankedPlan, "        - {symbol: ◎")
	head = strings.Replace(head, "      judged: {achieved: ◎, missed: ▲}\n", "", 1)
	yaml := head + "        - {symbol: ▲, meaning: 遅れ}\n"
	_, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(yaml)}})
	if err == nil || !strings.Contains(err.Error(), "二つ以上の段階") {
		t.Errorf("%v", err)
	}
}

// A bound just below another, and ranks of progress, are taken.
func TestRanksThatHold(t *testing.T) {
	progress := strings.NewReplacer(
		"of: attainment", "of: progress", "      methods: [A, C]\n", "", "      judged: {achieved: ◎, missed: ▲}\n", "",
	).Replace(rankedPlan)
	for name, yaml := range map[string]string{
		"just below": strings.Replace(rankedPlan, "79.5%", "99.999999", 1),
		"below zero": strings.Replace(rankedPlan, "79.5%", "-5", 1),
		"no judged":  strings.Replace(rankedPlan, "      judged: {achieved: ◎, missed: ▲}\n", "", 1),
		"progress":   progress,
	} {
		if _, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(yaml)}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The example of docs/運用手引.md holds once the rest of the plan stands where it says so.
func TestManualsRanks(t *testing.T) {
	manual, err := os.ReadFile("../../docs/運用手引.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(manual), "### 判定ランク")
	_, rest, _ = strings.Cut(rest, "```yaml\n")
	example, _, found := strings.Cut(rest, "```")
	yaml := strings.Replace(example, "    # …\n", "    forms: [A]\n    first_year: 2025\n    last_year: 2028\n", 1)
	if !found || yaml == example {
		t.Fatal("the manual has no example")
	}
	s, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(yaml)}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.RankRows()); n != 4 {
		t.Errorf("%d levels", n)
	}
}
