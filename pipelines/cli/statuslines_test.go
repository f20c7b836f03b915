package cli

import (
	"strings"
	"testing"
)

// The program's own newlines are newlines: only those in names of others are shown as marks.
func TestStatusHasItsOwnLines(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("load")
	said, _ := c.run("status")
	if strings.Contains(said, "⏎") || !strings.Contains(said, "\n\n最近の実行\n") {
		t.Errorf("%s", said)
	}
}
