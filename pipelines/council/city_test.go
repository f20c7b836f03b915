package council

import (
	"slices"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/record"
)

func testCity() City {
	return City{
		order: []string{"財政課", "福祉課"}, bureau: map[string]string{"財政課": "財政部", "福祉課": "福祉部"},
		present: map[string]string{"厚生課": "福祉課"},
		files: map[string]file{
			"a": {department: "財政課", year: 2023}, "b": {department: "福祉課", year: 2024}, "c": {department: "", year: 2024},
		},
		waivers: []record.Decision{{Path: "inputs/a", Cell: "D6"}, {Path: "様式/2024/課"}},
	}
}

// Departments are called by their present names and stand in the city's order, those that it does not know behind them.
func TestCityNames(t *testing.T) {
	c := testCity()
	for given, want := range map[string]string{"財政課": "財政課", "厚生課": "福祉課", "無い課": ""} {
		if got := c.name(given); got != want {
			t.Errorf("%s: %q", given, got)
		}
	}
	if got := (City{}).name("どの課も"); got != "どの課も" { // a city without 組織.csv
		t.Errorf("%q", got)
	}
	if a, b, x := c.place("財政課"), c.place("福祉課"), c.place("無い課"); a >= b || b >= x {
		t.Errorf("order %d %d %d", a, b, x)
	}
	for given, want := range map[string]string{"財政部財政課": "財政課", "福祉課": "福祉課", "市民協働室": "市民協働室"} {
		if got := c.responsible(brief.Item{Department: given}); got != want {
			t.Errorf("%s: %q, want %q", given, got, want)
		}
	}
}

// A waiver is of the whole path, with or without inputs/, and of a row one of its cells; those that name nothing are
// told.
func TestWaivers(t *testing.T) {
	c := testCity()
	for name, o := range map[string]struct {
		obstacle Obstacle
		waived   bool
	}{
		"the row":         {Obstacle{Target: "inputs/a", Cell: "B6"}, true},
		"another row":     {Obstacle{Target: "inputs/a", Cell: "B7"}, false},
		"the whole file":  {Obstacle{Target: "inputs/a"}, false},
		"another file":    {Obstacle{Target: "inputs/aa", Cell: "D6"}, false},
		"the submission":  {Obstacle{Target: "様式/2024/課"}, true},
		"of another year": {Obstacle{Target: "様式/2025/課"}, false},
	} {
		if got := waiverOf(c.waivers, o.obstacle) != nil; got != o.waived {
			t.Errorf("%s: waived %v", name, got)
		}
	}
	unused := c.Unused([]Obstacle{{Target: "様式/2024/課"}})
	if len(unused) != 1 || unused[0].Path != "inputs/a" || len(c.waivers) != 2 {
		t.Errorf("unused %+v; all of them %+v", unused, c.waivers)
	}
}

// What is left out touches a figure of the same form and of a year that it rests on; of one department alone, only that
// department's.
func TestTouches(t *testing.T) {
	r := rests{years: map[string][2]int{"A": {2022, 2024}}, departments: []string{"財政課", "福祉課"}}
	alone := rests{years: r.years, departments: []string{"財政課"}}
	for name, c := range map[string]struct {
		o           Obstacle
		many, alone bool
	}{
		"of the first year": {Obstacle{form: "A", year: 2022, Department: "財政課"}, true, true},
		"of the last year":  {Obstacle{form: "A", year: 2024, Department: "財政課"}, true, true},
		"a year before":     {Obstacle{form: "A", year: 2021, Department: "財政課"}, false, false},
		"a year after":      {Obstacle{form: "A", year: 2025, Department: "財政課"}, false, false},
		"another form":      {Obstacle{form: "B", year: 2023, Department: "財政課"}, false, false},
		"of another":        {Obstacle{form: "A", year: 2023, Department: "福祉課"}, true, false},
	} {
		if many, one := c.o.touches(r), c.o.touches(alone); many != c.many || one != c.alone {
			t.Errorf("%s: %v %v", name, many, one)
		}
	}
	if !slices.Equal(r.departments, []string{"財政課", "福祉課"}) {
		t.Error("what a figure rests on was changed")
	}
}
