//go:build !race

package bounded

import (
	"errors"
	"testing"
)

// The system itself refuses memory far above the limit, for what is faster than the watch, and nothing of what is only
// reserved counts for the watch. With the race detector, whose notes are reserved memory, there is only the watch.
func TestReserved(t *testing.T) {
	for of, refused := range map[string]bool{"100": false, "20000": true} {
		running, err := Start(t.Context(), child("reserve", of), Limits{Memory: 90 << 20})
		if err != nil {
			t.Fatal(err)
		}
		err = running.Wait()
		var end *EndError
		if refused != (errors.As(err, &end) && end.Crashed()) {
			t.Errorf("%s MB reserved: %v", of, err)
		}
	}
}
