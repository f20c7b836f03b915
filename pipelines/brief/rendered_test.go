package brief

import (
	"context"
	"testing"
	"testing/fstest"
)

// rendered makes a paper of a body with the queries rows and one.
func rendered(t *testing.T, on Querier, body string) (Paper, error) {
	t.Helper()
	fsys := fstest.MapFS{"templates/briefs/a.md": {
		Data: []byte("---\ntitle: 題\nqueries: {rows: ROWS, one: ONE}\n---\n" + body),
	}}
	return Render(context.Background(), fsys, Meeting{ID: "会議"}, Item{ID: "題", Brief: "a.md"}, on)
}
