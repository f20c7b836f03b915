package nightly

import (
	"strings"
	"testing"

	"kyogikai/pipelines/project"
)

// The key that a mart's header states (鍵) tells its rows apart: diff compares rows by it.
func TestKeysAreUnique(t *testing.T) {
	t.Parallel()
	second := newEnv(t, "testdata/second/inputs")
	mustLoad(t, second)
	for _, env := range []project.Env{sample(t), second} {
		keyed := query(t, env, `SELECT name, array_to_string(list_transform(key, lambda k: '"' || k || '"'), ', ')
			FROM meta.models
			WHERE starts_with(name, 'marts.') AND len(key) > 0`)
		if len(keyed) < 12 {
			t.Fatalf("only %d marts state a key", len(keyed))
		}
		for _, m := range keyed {
			if twice := query(
				t, env, "SELECT "+m[1]+", count(*) FROM "+m[0]+" GROUP BY ALL HAVING count(*) > 1 LIMIT 1",
			); len(twice) > 0 {
				t.Errorf("%s: rows with the same key (%s): %s", m[0], m[1], strings.Join(twice[0], " "))
			}
		}
	}
}
