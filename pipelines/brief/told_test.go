package brief

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/warehouse"
)

const toldTable = "\n```table\ncolumns: [{}, {}]\nhead: [[名, 率]]\nbody:\n" +
	"  - query: rows\n    cells: [\"{{.name}}\", \"{{pct .rate}}\"]\n```\n"

// What cannot be printed is told with its row and with the words that pass it over; what a query cannot do, at the
// query's line.
func TestWhereAndWhatToDoIsTold(t *testing.T) {
	db := loadedDB(t, warehouse.Batch{})
	item := Item{Number: "1", Title: "題", Brief: "a.md", Department: "課"}
	m := Meeting{ID: "会議", Date: meetingDay, Kind: "資料", Items: []Item{item}}
	render := func(queries, body string) error {
		fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte("---\ntitle: 題\nqueries:\n" + queries + "---\n" + body)}}
		_, err := RenderAll(context.Background(), fsys, m, db)
		return err
	}
	for name, c := range map[string]struct{ queries, body, want string }{
		"an empty value": {
			"  rows: \"SELECT '甲' AS name, 1.5 AS rate UNION ALL SELECT '乙', NULL ORDER BY 1 DESC\"\n", toldTable,
			"（{{pct .rate}}）の行「乙」: 値が空です。調査票に値があるかを確かめてください。空のことがある値なら、{{if .rate}}{{pct .rate}}{{else}}－{{end}} のように書いて",
		},
		"an empty value in the text": {
			"  one: SELECT NULL AS n\n", "\n{{v \"one\" \"n\"}}\n", "coalesce(n, …) のように",
		},
		"a query of one line": {
			"  one: SELECT 1 AS n\n  rows: SELECT 1 FROM nowhere\n", toldTable, "a.md:5: 問合せ「rows」を実行できません（表「nowhere」がありません",
		},
		"a query of several": {
			"  one: SELECT 1 AS n\n  rows: |\n    SELECT 1\n    FROM nowhere\n", toldTable, "a.md:7: 問合せ「rows」",
		},
		"a query in the text": {
			"  'one': >-\n    SELECT 1 AS n\n    FROM nowhere\n", "\n{{v \"one\" \"n\"}}\n", "a.md:5: 問合せ「one」",
		},
	} {
		err := render(c.queries, c.body)
		var own *Error
		if !errors.As(err, &own) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
	if err := render("  rows: SELECT '甲' AS name, NULL AS rate\n",
		strings.Replace(toldTable, "{{pct .rate}}", "{{if .rate}}{{pct .rate}}{{else}}－{{end}}", 1)); err != nil {
		t.Errorf("what the message says to write: %v", err)
	}
}
