package model

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
)

// A test whose header misspells the kind of its findings is refused before it runs: its rows would leave nothing out.
func TestUnknownKindOfFindingIsRefused(t *testing.T) {
	b := withMacros(t)
	for header, says := range map[string]string{
		"-- 何か\n-- 指摘: values_disagre\n":  "sql/tests/x.sql:2: 指摘「values_disagre」",
		"-- 何か\n-- 指摘: values_disagree\n": "",
		"-- 何か\n-- 重大度: warning\n":        "",
	} {
		project := fstest.MapFS{"sql/tests/x.sql": {Data: []byte(header + "SELECT 1 AS a WHERE false\n")}}
		_, _, err := Test(context.Background(), b, project, PartSize)
		if (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", header, err)
		}
	}
}
