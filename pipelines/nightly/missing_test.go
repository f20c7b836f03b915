package nightly

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/council"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook/workbooktest"
)

// drop is something taken out of the inputs, and the finding that must name it.
type drop struct {
	what, code, department, path, cell, found string
	inPaper                                   bool // it belongs to what the council of October is told
}

// disk is where a path of the inputs is, whatever its letters are made of.
func disk(inputs, path string) string {
	return filepath.Join(filepath.Dir(inputs), filepath.FromSlash(path))
}

// editable are rows of a query whose first column is a workbook that can be edited here.
func editable(rows [][]string, inputs string) [][]string {
	return slices.DeleteFunc(rows, func(row []string) bool {
		_, err := os.Stat(disk(inputs, row[0]))
		return err != nil || !strings.HasSuffix(row[0], ".xlsx")
	})
}

// pick takes some rows at random, no two of one workbook.
func pick(random *rand.Rand, rows [][]string, n int, taken map[string]bool) [][]string {
	var out [][]string
	for _, i := range random.Perm(len(rows)) {
		if row := rows[i]; len(out) < n && !taken[row[0]] {
			taken[row[0]] = true
			out = append(out, row)
		}
	}
	return out
}

// Whatever is taken out of the sample – an answer, an initiative that was there last year, an indicator that a list
// names, a form, a department – is named where people look, in the paper concerned, and keeps it from being final.
func TestNothingIsMissingInSilence(t *testing.T) {
	t.Parallel()
	for seed := range trial.Count(1, 4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			inputs := copyInputs(t)
			env := newEnv(t, inputs)
			drops := takeOut(t, inputs, rand.New(rand.NewPCG(21, uint64(seed))))
			mustLoad(t, env)
			found := query(t, env, "SELECT code, department, path, coalesce(cell, ''), message FROM meta.findings")
			for _, d := range drops {
				if !slices.ContainsFunc(found, func(f []string) bool {
					return f[0] == d.code && (d.department == "" || f[1] == d.department) && (d.path == "" || f[2] == d.path) &&
						(d.cell == "" || f[3] == d.cell) && strings.Contains(f[4], d.found)
				}) {
					t.Errorf("%s: no %s of %s %s %s %s", d.what, d.code, d.department, d.path, d.cell, d.found)
				}
			}
			inPapers(t, env, drops)
		})
	}
}

// takeOut takes things out of the inputs.
func takeOut(t *testing.T, inputs string, random *rand.Rand) []drop {
	t.Helper()
	whole := sample(t)
	taken := map[string]bool{}
	var out []drop
	answers := query(t, whole, `SELECT sources[1].path, sources[1].sheet, sources[1].cell, department, record, form
		FROM marts.expected WHERE state = '記入済' AND there AND form IN ('A', 'D') AND "by" = department
			AND item NOT IN (SELECT item FROM marts.expected WHERE form = 'A' GROUP BY item
				HAVING count(DISTINCT fiscal_year) > 1)
		ORDER BY ALL`)
	for _, row := range pick(random, editable(answers, inputs), 4, taken) {
		workbooktest.SetCell(t, disk(inputs, row[0]), row[1], row[2], nil)
		out = append(out, drop{
			what: "an answer of form " + row[5], code: "not_answered", department: row[3], path: row[0], cell: row[2],
			found: row[4],
		})
	}
	records := query(t, whole, `SELECT n.path, n.sheet, n.record_id::VARCHAR, o.department, o.name, o.path, o.cell
		FROM staging.surveyed AS n JOIN staging.surveyed AS o
			ON o.form = n.form AND o.item = n.item AND o.department = n.department AND o.survey_year = n.survey_year - 1
		WHERE n.form = 'B' AND n.sheet IS NOT NULL ORDER BY ALL`)
	for _, row := range pick(random, editable(records, inputs), 2, taken) {
		for _, cell := range query(t, whole, "SELECT DISTINCT f.cell FROM raw.fields AS f WHERE f.record_id = "+row[2]+
			" AND f.name NOT IN ('pillar', 'pillar_no', 'item', 'item_no', 'stated_department') ORDER BY ALL") {
			workbooktest.SetCell(t, disk(inputs, row[0]), row[1], cell[0], nil)
		}
		out = append(out, drop{
			what: "an initiative", code: "disappeared", department: row[3], path: row[5], cell: row[6], found: row[4],
			inPaper: true,
		})
	}
	files := query(t, whole, `SELECT w.path, s.department FROM marts.submissions AS s JOIN meta.workbooks AS w
		ON w.municipality = s.municipality AND w.department = s.department AND w.fiscal_year = s.fiscal_year
		WHERE s.form_id = 'D' AND s.status = '提出済' AND w.form = 'D' ORDER BY ALL`)
	for _, row := range pick(random, editable(files, inputs), 1, taken) {
		if err := os.Remove(disk(inputs, row[0])); err != nil {
			t.Fatal(err)
		}
		out = append(out, drop{what: "a form", code: "not_submitted", department: row[1]})
	}
	return append(out, takeOutDepartment(t, inputs, whole, random, taken), takeOutListed(t, inputs))
}

// takeOutDepartment takes out a department that answered last year: its folder of this year, and what says that it owes
// something.
func takeOutDepartment(
	t *testing.T, inputs string, whole project.Env, random *rand.Rand, taken map[string]bool,
) drop {
	t.Helper()
	rows := query(t, whole, `SELECT any_value(n.path), o.department, min(o.name)
		FROM staging.surveyed AS n JOIN staging.surveyed AS o
			ON o.form = n.form AND o.item = n.item AND o.department = n.department AND o.survey_year = n.survey_year - 1
		WHERE n.form = 'B' GROUP BY o.department HAVING count(DISTINCT n.path) = 1 ORDER BY ALL`)
	gone := pick(random, editable(rows, inputs), 1, taken)[0]
	if err := os.RemoveAll(filepath.Dir(disk(inputs, gone[0]))); err != nil {
		t.Fatal(err)
	}
	duties := filepath.Join(inputs, "八戸市", "提出対象.csv")
	data, err := os.ReadFile(duties)
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for line := range strings.SplitSeq(string(data), "\n") {
		if !strings.Contains(line, ","+gone[1]+",") || !strings.Contains(line, "令和6年度") {
			kept = append(kept, line)
		}
	}
	if err := os.WriteFile(duties, []byte(strings.Join(kept, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	return drop{what: "a department", code: "disappeared", department: gone[1], found: gone[2], inPaper: true}
}

// takeOutListed makes a list name an indicator that no department has answered.
func takeOutListed(t *testing.T, inputs string) drop {
	t.Helper()
	list := "様式,計画,指標番号,指標名,種別,部,課,開始年度\n" +
		"成果指標調査票,第2期八戸市デジタル推進計画,9-9,だれも答えない指標,成果,総務部,総務課,令和8年度\n"
	if err := os.WriteFile(filepath.Join(inputs, "八戸市", "指標.csv"), []byte(list), 0o644); err != nil {
		t.Fatal(err)
	}
	return drop{
		what: "a listed indicator", code: "not_answered", department: "総務課", path: "inputs/八戸市/指標.csv", cell: "D2",
		found: "だれも答えない指標",
	}
}

// inPapers wants what belongs to the papers of October named in them, or counted, and in the way of their being final.
func inPapers(t *testing.T, env project.Env, drops []drop) {
	t.Helper()
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r, err := papers.Render(context.Background(), env, db, october(t, env), papers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	notes := ""
	for _, p := range r.Items {
		for _, b := range p.Document.Blocks {
			if b.Kind == document.Note {
				notes += document.Plain(b.Spans)
			}
		}
	}
	for _, d := range drops {
		if !d.inPaper {
			continue
		}
		if !slices.ContainsFunc(r.Gaps, func(o council.Obstacle) bool {
			return o.Kind == council.Gone && o.Department == d.department && strings.Contains(o.What, d.found)
		}) {
			t.Errorf("%s: nothing keeps the paper from being final: %s %s", d.what, d.department, d.found)
		}
		if !strings.Contains(notes, d.found) && !strings.Contains(notes, "・ほか") {
			t.Errorf("%s: the paper does not name %s: %s", d.what, d.found, notes)
		}
	}
}
