package model

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// settled is a warehouse of one city with two files of two and one records, over which a table and a test are run.
type settled struct {
	*warehouse.Build
	failures []Failure
}

const keptTable = "-- 集計に使う記録。一行が一つの記録。\n-- 範囲: 自治体ごと\n" +
	"SELECT w.municipality, w.department, w.path, r.sheet, r.cell, r.key, f.value\n" +
	"FROM raw.records AS r\nJOIN meta.workbooks AS w USING (workbook_id)\nJOIN raw.fields AS f USING (record_id)\n" +
	"WHERE NOT r.excluded AND f.name = 'actual'"

func settle(t *testing.T, own, test string) (settled, error) {
	t.Helper()
	ctx := context.Background()
	project := fstest.MapFS{
		"sql/staging/kept.sql": {Data: []byte(keptTable)}, "sql/tests/x.sql": {Data: []byte(test)},
		"sql/marts/total.sql": {
			Data: []byte("-- 計。一行。\nSELECT count(*) AS n, string_agg(key ORDER BY key) AS keys FROM staging.kept"),
		},
	}
	if own != "" {
		project["sql/findings.csv"] = &fstest.MapFile{Data: []byte(own)}
	}
	s := settled{Build: withMacros(t)}
	rec := func(key, cell, value string) record.Record {
		return record.Record{
			Form: "A", Kind: "indicator", FiscalYear: 2026, Sheet: "表", Row: 2, Cell: "A" + cell, Key: key,
			Fields: []record.Field{{Name: "actual", Scope: "2026", Text: value, Value: value, Sheet: "表", Cell: "E" + cell}},
		}
	}
	book := func(id, path, department string, records ...record.Record) *record.Workbook {
		return &record.Workbook{
			ID: id, Path: path, SHA256: id, Municipality: "市", FiscalYear: 2026, Department: department, Forms: []string{"A"},
			Status: record.StatusRead, Records: records,
		}
	}
	duty := func(department string) record.Submission {
		return record.Submission{
			Duty:   record.Duty{Municipality: "市", FiscalYear: 2026, Department: department, Form: "調査票"},
			FormID: "A", Status: "提出済",
		}
	}
	batch := warehouse.Batch{
		Workbooks: []*record.Workbook{
			book("w1", "inputs/一.xlsx", "一課", rec("甲", "2", "1"), rec("乙", "3", "20")),
			book("w2", "inputs/二.xlsx", "二課", rec("丙", "2", "300")),
		},
		Submissions: []record.Submission{duty("一課"), duty("旧二課")},
		Departments: []record.Department{{Municipality: "市", Name: "二課", Order: 1, FormerNames: "旧課、旧二課"}},
	}
	if err := s.InTransaction(ctx, func() error { return s.Add(batch) }); err != nil {
		t.Fatal(err)
	}
	models, err := Load(project)
	if err != nil {
		return s, err
	}
	if err := Build(ctx, s.Build, project, models, PartSize); err != nil {
		return s, err
	}
	s.failures, err = Settle(ctx, s.Build, project, PartSize)
	return s, err
}

const (
	ownHead = "指摘,重大度,文,すること\n"
	ofKept  = "SELECT municipality, department, path, sheet, %s AS cell, value AS found, '百以下' AS expected\n" +
		"FROM staging.kept WHERE CAST(value AS INTEGER) >= %d\n"
)

// A city's own finding has the severity and the words of its list. An error leaves out the record that holds its cell,
// and the tables are made again without it; a warning leaves out nothing.
func TestOwnFindings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		severity, cell string
		least          int
		total, says    string
		statuses       string
	}{
		"a warning": {
			"warning", "'E' || cell[2:]", 20, "3 丙,乙,甲", "warning big 「20」は百以下のはずです。確かめてください。", "提出済,提出済",
		},
		"an error, at its value":   {"error", "'E' || cell[2:]", 20, "1 甲", "error big 「20」は百以下のはずです。確かめてください。", "要修正,要修正"},
		"an error, at its record":  {"error", "cell", 300, "2 乙,甲", "error big 「300」は百以下のはずです。確かめてください。", "提出済,要修正"},
		"an error that none meets": {"error", "cell", 301, "3 丙,乙,甲", "", "提出済,提出済"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := settle(t, ownHead+"big,"+c.severity+",「{found}」は{expected}のはずです,確かめてください\n",
				"-- 大きい値\n-- 範囲: 自治体ごと\n-- 指摘: big\n"+fmt.Sprintf(ofKept, c.cell, c.least))
			if err != nil {
				t.Fatal(err)
			}
			if got := one(t, s.Build, "SELECT n || ' ' || keys FROM marts.total"); got != c.total {
				t.Errorf("kept %s, want %s", got, c.total)
			}
			first := "SELECT severity || ' ' || code || ' ' || message FROM meta.findings LIMIT 1"
			if got := strings.Replace(one(t, s.Build, first), "<nil>", "", 1); got != c.says {
				t.Errorf("finding %q, want %q", got, c.says)
			}
			if got := one(t, s.Build, "SELECT string_agg(status ORDER BY department) FROM raw.submissions"); got != c.statuses {
				t.Errorf("submissions %s, want %s", got, c.statuses)
			}
			if got := one(t, s.Build, "SELECT count(*) FROM meta.models WHERE name = 'marts.total'"); got != "1" {
				t.Errorf("%s models", got)
			}
		})
	}
}

// An error about a file without a cell leaves out the whole of it; one about a place where nothing is read is refused.
func TestErrorsOfWholeFiles(t *testing.T) {
	t.Parallel()
	const own = ownHead + "big,error,文,する\n"
	s, err := settle(t, own, "-- 検査\n-- 指摘: big\nSELECT DISTINCT municipality, department, path, NULL AS sheet, "+
		"NULL AS cell, '' AS found, '' AS expected FROM staging.kept WHERE department = '一課'")
	if err != nil {
		t.Fatal(err)
	}
	if got := one(t, s.Build, "SELECT n || ' ' || keys FROM marts.total"); got != "1 丙" {
		t.Errorf("kept %s", got)
	}
	if got := one(t, s.Build, "SELECT string_agg(status ORDER BY path) FROM meta.workbooks"); got != "left_out,read" {
		t.Errorf("workbooks %s", got)
	}
	for _, place := range []string{"sheet, 'Z99' AS cell", "sheet, NULL AS cell", "NULL AS sheet, 'E2' AS cell"} {
		_, err := settle(t, own, "-- 検査\n-- 指摘: big\nSELECT municipality, department, path, "+place+
			", value AS found, '' AS expected FROM staging.kept")
		if err == nil || !strings.Contains(err.Error(), "sql/tests/x.sql:2: 重大度 error の指摘「big」の場所（inputs/一.xlsx") {
			t.Errorf("%s: %v", place, err)
		}
	}
}

// Of a warning, 200 are kept, always the same; of an error all, for each leaves something out.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	const many = "-- 検査\n-- 指摘: big\nSELECT k.municipality, k.department, k.path, k.sheet, k.cell, " +
		"printf('%%04d', n) AS found, '' AS expected FROM staging.kept AS k, range(%d) AS r(n) " +
		"WHERE k.key = '甲' ORDER BY hash(n)"
	for _, c := range []struct {
		severity string
		made     int
		want     string
	}{
		{"warning", 199, "199 0198"}, {"warning", 200, "200 0199"}, {"warning", 201, "200 0199"}, {"error", 201, "201 0200"},
	} {
		s, err := settle(t, ownHead+"big,"+c.severity+",文,する\n", fmt.Sprintf(many, c.made))
		if err != nil {
			t.Fatal(err)
		}
		if got := one(t, s.Build, "SELECT count(*) || ' ' || max(found) FROM meta.findings"); got != c.want {
			t.Errorf("%s, %d: %s, want %s", c.severity, c.made, got, c.want)
		}
	}
}

// The rows that a test returns are told in their own order, whatever order the statement happens to give them in.
func TestRowsOfTestsAreOrdered(t *testing.T) {
	t.Parallel()
	s, err := settle(t, "", "-- 検査\n-- 重大度: warning\n"+
		"SELECT n, '市' AS municipality FROM range(12) AS r(n) ORDER BY hash(n)")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.failures) != 1 || s.failures[0].Severity != record.Warning || s.failures[0].Rows != 12 {
		t.Fatalf("%+v", s.failures)
	}
	for i, got := range s.failures[0].Examples {
		if want := fmt.Sprintf("n=%d municipality=市", i); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
}
