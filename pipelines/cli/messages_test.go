package cli

import (
	"bytes"
	"strings"
	"testing"

	"kyogikai/pipelines/model"
)

// What the tests of the figures have noticed is a sentence with where its rows are, no line of a log.
func TestDataTestsAreTold(t *testing.T) {
	var out bytes.Buffer
	o := &options{World: World{Stdout: &out}}
	err := o.dataTests([]model.Failure{
		{Test: "jumps", Severity: "warning", Rows: 2, Says: "百倍になった指標。"}, {Test: "own", Severity: "info", Rows: 1},
	})
	const want = "\n■ 集計の検査（事務局が確かめるもの。値は変えていません）\n" +
		"  [注意] 百倍になった指標。（2行）\n        行は kyogikai sql \"FROM meta.test_rows WHERE test = 'jumps'\" で見られます。\n" +
		"  [参考] 検査 own に掛かりました。（1行）\n        行は kyogikai sql \"FROM meta.test_rows WHERE test = 'own'\" で見られます。\n"
	if err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
	out.Reset()
	if err := o.dataTests(nil); err != nil || out.Len() > 0 {
		t.Errorf("where there is nothing to tell: %v, %s", err, out.String())
	}
}

// What messages say to look tables up with works where they are read, and so does what other databases have for it.
func TestTablesOutsideTheDialogue(t *testing.T) {
	c := newCity(t)
	c.mustRun("load")
	for _, query := range []string{".tables", "show tables", "SHOW TABLES;"} {
		if said := c.mustRun("sql", query); !strings.Contains(said, "marts.submissions") {
			t.Errorf("%s:\n%s", query, said)
		}
	}
	said := c.mustRun("sql", ".tables", "提出")
	if strings.Contains(said, "marts.yearly ") || !strings.Contains(said, "submissions") {
		t.Errorf("tables of a word:\n%s", said)
	}
	said, code := c.run("sql", "FROM submissions")
	if code != exitFailed || !strings.Contains(said, "「marts.submissions」か「raw.submissions」") {
		t.Error(said)
	}
}
