package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/council"
	"kyogikai/pipelines/lineage"
)

// What does not fit a screen is counted, with the way to see all.
func TestRereadValuesFitAScreen(t *testing.T) {
	for _, n := range []int{0, 1, rereadShown - 1, rereadShown, rereadShown + 1, 3 * rereadShown} {
		var fresh []lineage.Reread
		var obstacles []council.Obstacle
		for i := range n {
			place := lineage.Place{Path: "inputs/市/票.xlsx", Sheet: "表", Cell: fmt.Sprint("B", i+1)}
			fresh = append(fresh, lineage.Reread{Place: place, Item: "実績値", Old: "1 件", New: "2 件"})
			obstacles = append(obstacles,
				council.Obstacle{Kind: council.ReadAnew, Where: place.Cell, What: "実績値：1 件 → 2 件"},
				council.Obstacle{Kind: council.NotIn, What: "ほかのこと → "})
		}
		shown, more := min(n, rereadShown), ""
		if n > rereadShown {
			more = fmt.Sprintf("ほか%d件（すべては kyogikai sql @", n-rereadShown)
		}
		var out, err bytes.Buffer
		o := &options{World: World{Stdout: &out, Stderr: &err}}
		o.rereadValues(fresh)
		if got := o.readAnew(obstacles); got != n {
			t.Errorf("%d of %d counted", got, n)
		}
		for name, said := range map[string]string{"load": out.String(), "final": err.String()} {
			if strings.Count(said, " → ") != shown || !strings.Contains(said, more) ||
				strings.Contains(said, "ほか") != (more != "") || (said == "") != (n == 0) {
				t.Errorf("%s, %d values:\n%s", name, n, said)
			}
		}
	}
}
