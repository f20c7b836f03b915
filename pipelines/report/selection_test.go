package report

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// published is a published file that holds what statements put into it.
func published(t *testing.T, statements string) *warehouse.Reader {
	t.Helper()
	dir := t.TempDir()
	const run = "20261105T000000Z"
	b, err := warehouse.Create(context.Background(), warehouse.Path(dir, run), "")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	err = errors.Join(b.Exec(ctx, statements), b.Finish(ctx), warehouse.Publish(dir, run))
	if err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// Two cities with a 人事課 each; in 甲市 two bureaus have an 総務課; the 福祉課 has moved from a bureau to another.
const cities = `INSERT INTO meta.departments VALUES
  ('甲市', '総務部', '人事課', 10, ''), ('甲市', '総務部', '総務課', 20, ''), ('甲市', '教育部', '総務課', 30, ''),
  ('甲市', '健康福祉部', '福祉課', 40, ''), ('乙市', '総務部', '人事課', 10, '');
INSERT INTO meta.workbooks VALUES
  ('w1', 'inputs/甲市/令和8年度/総務部/人事課/a.xlsx', '', '甲市', 2026, '総務部', '人事課', 'A', 'read'),
  ('w2', 'inputs/甲市/令和7年度/総務部/総務課/ab.xlsx', '', '甲市', 2025, '総務部', '総務課', 'A;B', 'read'),
  ('w3', 'inputs/甲市/令和8年度/教育部/総務課/b.xlsx', '', '甲市', 2026, '教育部', '総務課', 'B', 'read'),
  ('w4', 'inputs/甲市/令和7年度/福祉部/福祉課/壊.xlsx', '', '甲市', 2025, '福祉部', '福祉課', '', 'unreadable'),
  ('w5', 'inputs/乙市/令和8年度/総務部/人事課/壊.xlsx', '', '乙市', 2026, '総務部', '人事課', '', 'unreadable');
INSERT INTO raw.records (record_id, workbook_id, form, kind, fiscal_year, sheet, "row", cell, key, excluded) VALUES
  (1, 'w1', 'A', 'indicator', 2026, '表', 2, 'A2', '一', false),
  (2, 'w1', 'A', 'indicator', 2026, '表', 3, 'A3', '二', true),
  (3, 'w2', 'A', 'indicator', 2025, '指標', 2, 'A2', '三', false),
  (4, 'w2', 'B', 'initiative', 2025, '取組', 2, 'A2', '四', true);
INSERT INTO raw.submissions VALUES
  ('甲市', 2026, '健康福祉部', '福祉課', '取組状況調査票', 'B', '', '未提出', '', ''),
  ('甲市', 2025, '福祉部', '福祉課', '指標調査票', 'A', '', '要修正', '', '');`

// What a person asks for is found by department, form, year and severity, alone and together; nothing that may be meant
// is left out.
func TestSelect(t *testing.T) {
	db := published(t, cities)
	of := func(path, sheet, severity, code string) record.Finding {
		parts := append(strings.Split(path, "/"), "", "", "", "", "")
		return record.Finding{
			Severity: severity, Code: code, Municipality: parts[1], Department: parts[4], Path: path, Sheet: sheet,
		}
	}
	findings := map[string]record.Finding{
		"a":  of("inputs/甲市/令和8年度/総務部/人事課/a.xlsx", "表", record.Error, finding.SymbolUnknown),
		"aw": of("inputs/甲市/令和8年度/総務部/人事課/a.xlsx", "表", record.Warning, finding.YearMismatch),
		"2a": of("inputs/甲市/令和7年度/総務部/総務課/ab.xlsx", "指標", record.Error, finding.SymbolUnknown),
		"2b": of("inputs/甲市/令和7年度/総務部/総務課/ab.xlsx", "取組", record.Error, finding.SymbolUnknown),
		"2":  of("inputs/甲市/令和7年度/総務部/総務課/ab.xlsx", "", record.Info, finding.TargetAlreadyMet),
		"3":  of("inputs/甲市/令和8年度/教育部/総務課/b.xlsx", "表紙", record.Error, finding.HiddenData),
		"4":  of("inputs/甲市/令和7年度/福祉部/福祉課/壊.xlsx", "", record.Error, finding.WorkbookUnreadable),
		"5":  of("inputs/乙市/令和8年度/総務部/人事課/壊.xlsx", "", record.Error, finding.WorkbookUnreadable),
		"6":  of("inputs/甲市/令和8年度/健康福祉部/福祉課", "", record.Warning, finding.NotSubmitted),
		"7":  {Severity: record.Warning, Code: finding.SourceFailed, Expected: "庁内"},
	}
	missing := findings["6"]
	missing.Found = "取組状況調査票（令和8年度）"
	findings["6"] = missing
	forms := []FormName{{"A", "指標調査票"}, {"B", "取組状況調査票"}, {"B", "取組状況調査票"}}
	for _, c := range []struct {
		wanted Wanted
		want   string // the findings, or what is said of what does not exist
	}{
		{Wanted{}, "2 2a 2b 3 4 5 6 7 a aw"},
		{Wanted{Department: "甲市/人事課"}, "a aw"},
		{Wanted{Department: "乙市/総務部/人事課"}, "5"},
		{Wanted{Department: "教育部／総務課"}, "3"},
		{Wanted{Department: "甲市/総務部/総務課"}, "2 2a 2b"},
		{Wanted{Department: "福祉課"}, "4 6"},
		{Wanted{Department: "健康福祉部/福祉課"}, "4 6"}, // the bureau of today: the one department, whatever its bureau was
		{Wanted{Department: "福祉部/福祉課"}, "4 6"},
		{Wanted{Form: "A"}, "2 2a 4 5 a aw"}, // 壊: 福祉課 owes it; of 乙市 nobody knows what is owed
		{Wanted{Form: "取組状況調査票"}, "2 2b 3 5 6"},
		{Wanted{Form: "ｂ", Year: "R7"}, "2 2b"},
		{Wanted{Year: "令和8年度"}, "3 5 6 a aw"},
		{Wanted{Year: "2025"}, "2 2a 2b 4"},
		{Wanted{Severity: "error"}, "2a 2b 3 4 5 a"},
		{Wanted{Severity: "注意"}, "6 7 aw"},
		{Wanted{Severity: "info"}, "2"},
		{Wanted{Form: "A", Year: "令和8年度", Severity: "error"}, "5 a"},
		{Wanted{Department: "甲市/人事課", Form: "A", Year: "2026", Severity: "誤り"}, "a"},
		{Wanted{Department: "甲市/人事課", Form: "B"}, ""},

		{Wanted{Department: "人事課"}, "「人事課」は二つ以上の所にあります。乙市/人事課 か 甲市/人事課 と書いてください"},
		{Wanted{Department: "甲市/総務課"}, "甲市/教育部/総務課 か 甲市/総務部/総務課 と書いてください"},
		{Wanted{Department: "人亊課"}, "「人亊課」という課はありません（近いもの: 乙市/総務部/人事課、甲市/総務部/人事課）"},
		{Wanted{Department: "福祉部/人事課"}, "「福祉部/人事課」という課はありません（近いもの: "},
		{Wanted{Department: "水道局"}, "「水道局」という課はありません（あるのは 乙市/総務部/人事課、甲市/健康福祉部/福祉課、"},
		{Wanted{Department: "甲市/総務部/総務課/係"}, "という課はありません"},
		{Wanted{Department: "/"}, "という課はありません"},
		{Wanted{Form: "C"}, "「C」という様式はありません（あるのは A（指標調査票）、B（取組状況調査票））"},
		{Wanted{Form: "取組調査票"}, "（近いもの: B（取組状況調査票））"},
		{Wanted{Year: "去年"}, "「去年」を年度として読めません"},
		{Wanted{Year: "令和9年度"}, "令和9年度の調査票はありません（あるのは 令和7年度、令和8年度）"},
		{Wanted{Severity: "重大"}, "「重大」という重さはありません（あるのは error（誤り）、warning（注意）、info（参考））"},
	} {
		s, err := Select(context.Background(), db, forms, c.wanted)
		if err != nil {
			var unknown *WantedError
			if !errors.As(err, &unknown) || !strings.Contains(err.Error(), c.want) || c.want == "" {
				t.Errorf("%+v: says %v, want %s", c.wanted, err, c.want)
			}
			continue
		}
		var got []string
		for name, f := range findings {
			if s.Has(f) {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v: %v, want %s", c.wanted, got, c.want)
		}
	}
}

// Files are asked for as their findings are, whatever their severity.
func TestSelectedFiles(t *testing.T) {
	db := published(t, cities)
	forms := []FormName{{"A", "指標調査票"}, {"B", "取組状況調査票"}}
	for _, c := range []struct {
		wanted Wanted
		path   string
		about  bool
	}{
		{Wanted{Severity: "error"}, "inputs/甲市/令和8年度/総務部/人事課/a.xlsx", true},
		{Wanted{Form: "B"}, "inputs/甲市/令和8年度/総務部/人事課/a.xlsx", false},
		{Wanted{Form: "B"}, "inputs/甲市/令和7年度/総務部/総務課/ab.xlsx", true},
		{Wanted{Year: "R7"}, "inputs/甲市/令和7年度/総務部/総務課/ab.xlsx", true},
		{Wanted{Year: "R8"}, "inputs/甲市/令和7年度/総務部/総務課/ab.xlsx", false},
		{Wanted{Department: "甲市/人事課"}, "inputs/乙市/令和8年度/総務部/人事課/壊.xlsx", false},
		{Wanted{Department: "教育部/総務課"}, "inputs/甲市/令和7年度/総務部/総務課/ab.xlsx", false},
	} {
		s, err := Select(context.Background(), db, forms, c.wanted)
		if err != nil {
			t.Fatal(err)
		}
		if s.About(c.path) != c.about {
			t.Errorf("%+v: about %s: %v", c.wanted, c.path, s.About(c.path))
		}
	}
}

// A decision is shown with the files that it is about; a waiver of what is not there, by what its path says.
func TestSelectedDecisions(t *testing.T) {
	db := published(t, cities)
	forms := []FormName{{"A", "指標調査票"}, {"B", "取組状況調査票"}}
	paths := []string{"inputs/甲市/令和8年度/総務部/人事課/a.xlsx", "inputs/甲市/令和7年度/総務部/総務課/ab.xlsx"}
	for _, c := range []struct {
		wanted  Wanted
		city    string
		path    string
		decided bool
	}{
		{Wanted{Severity: "info"}, "甲市", "人事課/a.xlsx", true},
		{Wanted{Department: "甲市/人事課"}, "甲市", "人事課/a.xlsx", true},
		{Wanted{Department: "甲市/人事課"}, "甲市", "総務課/ab.xlsx", false},
		{Wanted{Department: "乙市/人事課"}, "甲市", "人事課/a.xlsx", false},
		{Wanted{Form: "B"}, "甲市", "人事課/a.xlsx", false},
		{Wanted{Year: "R7"}, "甲市", "総務課/ab.xlsx", true},
		{Wanted{Year: "R8"}, "甲市", "総務課/ab.xlsx", false},
		{Wanted{Department: "福祉課"}, "甲市", "取組状況調査票/2026/福祉課", true},
		{Wanted{Department: "福祉課"}, "乙市", "取組状況調査票/2026/福祉課", false},
		{Wanted{Form: "B", Year: "R8"}, "甲市", "取組状況調査票/2026/福祉課", true},
		{Wanted{Form: "A"}, "甲市", "取組状況調査票/2026/福祉課", false},
		{Wanted{Year: "R7"}, "甲市", "取組状況調査票/2026/福祉課", false},
		{Wanted{Year: "R8"}, "甲市", "取組状況調査票/令和8年度/福祉課", true},
	} {
		s, err := Select(context.Background(), db, forms, c.wanted)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Decided(record.Decision{Municipality: c.city, Path: c.path}, paths); got != c.decided {
			t.Errorf("%+v: decision of %s about %s: %v", c.wanted, c.city, c.path, got)
		}
	}
}

// Values are counted by form: what is unread on a sheet with records for their form, on another for each form of the
// workbook. A file of an earlier program says nothing.
func TestValues(t *testing.T) {
	db := published(t, cities+`
INSERT INTO raw.fields (record_id, name, scope, text, value, unit, comparator, sheet, cell) VALUES
  (1, 'indicator', '', '来館者数', '来館者数', '', '', '表', 'A2'), (1, 'actual', '2026', '12', '12', '人', '', '表', 'B2'),
  (1, 'target', '2026', '後に決定', '', '', '', '表', 'C2'), (2, 'indicator', '', '貸出数', '貸出数', '', '', '表', 'A3'),
  (2, 'actual', '2026', '五百件', '', '', '', '表', 'B3'), (3, 'indicator', '', '三', '三', '', '', '指標', 'A2'),
  (4, 'initiative', '', '四', '四', '', '', '取組', 'A2');
INSERT INTO raw.cells (workbook_id, sheet, cell, claim) VALUES
  ('w1', '表', 'D2', 'unread'), ('w1', '表', 'D3', 'unread'), ('w1', '表', 'A1', 'head'), ('w1', '表', 'A2', 'value'),
  ('w2', '指標', 'D2', 'unread'), ('w2', '別', 'A1', 'unread'), ('w2', '別', 'A2', NULL), ('w3', '表紙', 'A1', 'unread');`)
	got, err := Values(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	want := []FormValues{
		{"甲市", "A", "指標調査票", 3, 2, 4}, {"甲市", "B", "取組状況調査票", 0, 1, 2},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	old := published(t, cities+"ALTER TABLE raw.cells DROP COLUMN claim;")
	if got, err := Values(context.Background(), old); err != nil || got != nil {
		t.Errorf("a file of an earlier program: %+v, %v", got, err)
	}
}
