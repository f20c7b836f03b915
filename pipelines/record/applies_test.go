package record

import "testing"

// A decision names whole folders and files: one whose name only ends alike is another.
func TestApplies(t *testing.T) {
	t.Parallel()
	const file = "inputs/架空市/令和6年度/財政部/財政課/旧調査票.xlsx"
	for path, want := range map[string]bool{
		file: true, "/" + file: true, "旧調査票.xlsx": true, "財政課/旧調査票.xlsx": true, "/財政課/旧調査票.xlsx": true,
		"調査票.xlsx": false, "政課/旧調査票.xlsx": false, "": false, "/": false, "x/" + file: false,
	} {
		if (Decision{Path: path}).Applies(file) != want {
			t.Errorf("%q: want %v", path, want)
		}
	}
}
