package collect

import "testing"

// Whose a file is, and of which year, is told by the folders that it lies in, as far as they go.
func TestWhose(t *testing.T) {
	whole := File{
		Name: "a.xlsx", Municipality: "八戸市", FiscalYear: 2024, Bureau: "総務部", Department: "人事課",
	}
	for rel, want := range map[string]File{
		"a.xlsx":                     {Name: "a.xlsx"},
		"八戸市/組織.csv":                 {Name: "組織.csv", Municipality: "八戸市"},
		"八戸市/令和6年度/a.xlsx":           {Name: "a.xlsx", Municipality: "八戸市", FiscalYear: 2024},
		"八戸市/その他/a.xlsx":             {Name: "a.xlsx", Municipality: "八戸市"},
		"八戸市/R6/総務部/a.xlsx":          {Name: "a.xlsx", Municipality: "八戸市", FiscalYear: 2024, Bureau: "総務部"},
		"八戸市/2024年度/総務部/人事課/a.xlsx":  whole,
		"八戸市/令和6年度/総務部/人事課/係/a.xlsx": whole,
	} {
		want.Path = "inputs/" + rel
		got := Whose(rel)
		if got.Path != want.Path || got.Name != want.Name || got.Municipality != want.Municipality ||
			got.FiscalYear != want.FiscalYear || got.Bureau != want.Bureau || got.Department != want.Department {
			t.Errorf("%s: %+v", rel, got)
		}
	}
}
