package picture

import (
	"regexp"
	"strconv"
)

var address = regexp.MustCompile(`^([A-Z]{1,3})([1-9]\d{0,6})(?::[A-Z]{1,3}[1-9]\d{0,6})?$`)

// placeOf is the row and the column, 0-based, of an address; of a range, of its first cell.
func placeOf(ref string) (row, col int, ok bool) {
	m := address.FindStringSubmatch(ref)
	if m == nil {
		return 0, 0, false
	}
	for _, r := range m[1] {
		col = col*26 + int(r-'A') + 1
	}
	row, _ = strconv.Atoi(m[2])
	return row - 1, col - 1, true
}
