package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// Of two versions of one answer, that counts which is at its source, else which was there longer. Parts of one answer
// all count, wherever they are.
func TestVersionGoneAtItsSource(t *testing.T) {
	day := func(n int) time.Time {
		if n == 0 {
			return time.Time{}
		}
		return time.Date(2026, 11, n, 2, 0, 0, 0, time.UTC)
	}
	type file struct {
		keys    string
		removed int // the day; 0 where it is there
	}
	for name, c := range map[string]struct {
		files []file
		want  string
	}{
		"both there":                     {[]file{{"甲", 0}, {"甲", 0}}, "ambiguous ambiguous"},
		"the older gone":                 {[]file{{"甲 乙", 3}, {"甲 乙", 0}}, "gone counts"},
		"the newer named first":          {[]file{{"甲 乙", 0}, {"甲 乙", 3}}, "counts gone"},
		"some of what the older said":    {[]file{{"甲 乙", 3}, {"乙 丙", 0}}, "gone counts"},
		"parts of one answer":            {[]file{{"甲", 3}, {"乙", 0}}, "counts counts"},
		"gone, and nothing in its place": {[]file{{"甲", 3}}, "counts"},
		"renamed twice":                  {[]file{{"甲", 3}, {"甲", 5}, {"甲", 0}}, "gone gone counts"},
		"renamed, and the new one gone":  {[]file{{"甲", 3}, {"甲", 5}}, "gone counts"},
		"gone on one day":                {[]file{{"甲", 3}, {"甲", 3}}, "ambiguous ambiguous"},
		"two there and one gone":         {[]file{{"甲", 3}, {"甲", 0}, {"甲", 0}}, "gone ambiguous ambiguous"},
	} {
		var books []*record.Workbook
		for i, f := range c.files {
			w := &record.Workbook{
				Path: fmt.Sprintf("inputs/市/令和8年度/部/課/票%d.csv", i), SHA256: fmt.Sprint(i), Municipality: "市", Department: "課",
				FiscalYear: 2026, Status: record.StatusRead, Removed: record.Removal{Source: "共有", At: day(f.removed)},
			}
			for _, key := range strings.Fields(f.keys) {
				w.Records = append(w.Records, record.Record{Form: "A", Key: key})
			}
			books = append(books, w)
		}
		superseded(books)
		versions(books)
		var got []string
		for _, w := range books {
			codes := ""
			for _, f := range w.Findings {
				codes += f.Code
			}
			got = append(got, map[string]string{
				"read": "counts", "left_outambiguous_version": "ambiguous", "withdrawnsource_removed": "gone",
			}[w.Status+codes])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %s", name, got, c.want)
		}
	}
}

// What says that a version no longer counts names both. The same bytes in another place are the same file, moved.
func TestMovedFile(t *testing.T) {
	gone := record.Removal{Source: "共有", At: time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)}
	of := func(path, sum, city string) *record.Workbook {
		return &record.Workbook{
			Path: path, SHA256: sum, Municipality: city, Department: path, Status: record.StatusRead,
			Records: []record.Record{{Form: "A", Key: path}},
		}
	}
	old := of("inputs/市/令和7年度/部/課/調査票.xlsx", "x", "市")
	old.Removed = gone
	there := of("inputs/市/令和8年度/部/課/調査票_最終.xlsx", "x", "市")
	same := of("inputs/市/令和8年度/部/課/調査票.xlsx", "x", "市")
	elsewhere, other := of("inputs/町/a.xlsx", "x", "町"), of("inputs/市/b.xlsx", "y", "市")
	removed := of("inputs/市/c.xlsx", "x", "市")
	removed.Removed = gone
	withdrawn := of("inputs/市/d.xlsx", "x", "市")
	withdrawn.Status = record.StatusWithdrawn
	for _, c := range []struct {
		others []*record.Workbook
		says   string
	}{
		{[]*record.Workbook{there}, "「調査票.xlsx」は、収集元「共有」から消えた前の版です（令和8年11月30日に分かりました）。いまの版「調査票_最終.xlsx」を使い、こちらは集計に入れていません。"},
		{[]*record.Workbook{same}, "いまの版は inputs/市/令和8年度/部/課/調査票.xlsx です。"},
		{[]*record.Workbook{elsewhere, other, removed, withdrawn}, ""},
	} {
		w := *old
		superseded(slices.Concat([]*record.Workbook{&w}, c.others))
		if c.says == "" {
			if w.Status != record.StatusRead || len(w.Findings) != 0 {
				t.Errorf("%+v", w)
			}
			continue
		}
		if w.Status != record.StatusWithdrawn || len(w.Findings) != 1 || w.Findings[0].Severity != record.Info ||
			w.Findings[0].Code != finding.SourceRemoved || !strings.Contains(w.Findings[0].Message, c.says) {
			t.Errorf("%+v", w)
		}
	}
}
