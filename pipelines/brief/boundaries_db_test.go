package brief

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// loadedDB is a warehouse that holds a batch, without any model.
func loadedDB(t *testing.T, batch warehouse.Batch) *warehouse.Build {
	t.Helper()
	ctx := context.Background()
	b, err := warehouse.Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Abandon)
	if err := b.InTransaction(ctx, func() error { return b.Add(batch) }); err != nil {
		t.Fatal(err)
	}
	return b
}

// meetingDay is the day of the meeting that the tests are about.
var meetingDay = time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)

// What counts as published before a meeting is what earlier meetings of its municipality printed, the latest of each
// fact: neither what the meeting itself, on the day from which it was put off, nor a later one printed.
func TestBoundaryOfWhatWasPublished(t *testing.T) {
	line := func(city, fact, value string, days int) warehouse.Published {
		return warehouse.Published{Municipality: city, Line: ledger.Line{
			Meeting: "前の会議", Held: meetingDay.AddDate(0, 0, days), Figure: "会議/1/表/" + value, Fact: fact, Value: value,
			Text: value, Year: 2024,
		}}
	}
	another := line("市", "二度", "9", -1) // of another year
	another.Year = 2025
	own := line("市", "延期", "10", -1)
	own.Meeting = "この会議"
	db := loadedDB(t, warehouse.Batch{Published: []warehouse.Published{
		line("市", "前日", "1", -1), line("市", "当日", "2", 0), line("市", "翌日", "3", 1),
		line("市", "二度", "4", -10), line("市", "二度", "5", -2), line("市", "二度", "6", -5),
		line("町", "前日", "7", -1), line("市", "", "8", -1), another, own, line("市", "値なし", "", -1),
	}})
	f, err := factsOf(context.Background(), Meeting{ID: "この会議", Municipality: "市", Date: meetingDay}, db)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for of, value := range f.published {
		got[fmt.Sprint(of.fact, of.year)] = decimal(value)
	}
	if want := map[string]string{"前日2024": "1", "二度2024": "5", "二度2025": "9"}; !maps.Equal(got, want) {
		t.Errorf("published: %v, want %v", got, want)
	}
}

// A cell states its number of the year that its column names, else its record, else its sheet.
func TestYearsOfCells(t *testing.T) {
	field := func(name, scope, value, cell string) record.Field {
		return record.Field{Name: name, Scope: scope, Text: value, Value: value, Cell: cell}
	}
	book := &record.Workbook{
		ID: "w", Path: "inputs/市/票.csv", Municipality: "市", FiscalYear: 2026, Status: record.StatusRead,
		Records: []record.Record{
			{Form: "A", Kind: "indicator", FiscalYear: 2026, Key: "甲", Fields: []record.Field{
				field("actual", "2024", "5", "B2"), field("baseline", "", "-6.5", "C2"), field("name", "", "名", "A2"),
			}},
			{Form: "C", Kind: "indicator_value", FiscalYear: 2026, Key: "乙", Fields: []record.Field{
				field("actual", "", "7", "B3"), field("year", "", "2023", "A3"),
			}},
		},
	}
	book.Records[0].Fields[0].Nature = "見込"
	// What another department states of the same indicator, and was left out or superseded, is no second statement.
	others := &record.Workbook{
		ID: "x", Path: "inputs/市/他.csv", Municipality: "市", Department: "他課", FiscalYear: 2026, Status: record.StatusRead,
		Records: []record.Record{
			{Form: "A", Kind: "indicator", FiscalYear: 2026, Key: "甲", Excluded: true, Fields: []record.Field{
				field("actual", "2024", "5", "B2"),
			}},
			{Form: "A", Kind: "indicator", FiscalYear: 2026, Key: "甲", Superseded: true, Fields: []record.Field{
				field("baseline", "", "-6.5", "C2"),
			}},
		},
	}
	f, err := factsOf(context.Background(), Meeting{Municipality: "市"}, loadedDB(t, warehouse.Batch{
		Workbooks: []*record.Workbook{book, others},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for cell, want := range map[string]string{
		"B2": "[{A｜indicator｜甲｜actual｜2024 5 2024 A｜indicator｜甲 見込値}]",
		"C2": "[{A｜indicator｜甲｜baseline -6.5 2026 A｜indicator｜甲 }]", "A2": "[]",
		"B3": "[{C｜indicator_value｜乙｜actual 7 2023 C｜indicator_value｜乙 }]",
	} {
		if got := fmt.Sprint(f.cells[Source{Path: book.Path, Cell: cell}]); got != want {
			t.Errorf("%s states %s, want %s", cell, got, want)
		}
	}
}

// A fact that two departments state in one survey year is neither's: what was published of one is not printed for the
// other. One that has moved from a department to another is one fact.
func TestFactsOfTwoDepartments(t *testing.T) {
	book := func(department string, year int, key string) *record.Workbook {
		path := fmt.Sprint("inputs/市/", year, "/", department, key, "/票.csv")
		return &record.Workbook{
			ID: path, Path: path, Municipality: "市", Department: department, FiscalYear: year, Status: record.StatusRead,
			Records: []record.Record{{Form: "E", Kind: "reduction", FiscalYear: year, Key: key, Fields: []record.Field{
				{Name: "hours", Scope: "2024", Text: "5", Value: "5", Cell: "B2"},
			}}},
		}
	}
	twice := book("甲課", 2024, "二行")
	twice.Records = append(twice.Records, twice.Records[0])
	f, err := factsOf(context.Background(), Meeting{Municipality: "市"}, loadedDB(t, warehouse.Batch{
		Workbooks: []*record.Workbook{
			book("甲課", 2024, "RPA"), book("乙課", 2024, "RPA"), book("甲課", 2024, "移った"), book("乙課", 2025, "移った"),
			book("甲課", 2024, "甲の"), book("乙課", 2024, "乙の"), twice,
		},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]int{
		"2024/甲課RPA": 0, "2024/乙課RPA": 0, "2024/甲課移った": 1, "2025/乙課移った": 1, "2024/甲課甲の": 1, "2024/乙課乙の": 1,
		"2024/甲課二行": 2,
	} {
		if got := f.cells[Source{Path: "inputs/市/" + at + "/票.csv", Cell: "B2"}]; len(got) != want {
			t.Errorf("%s states %v", at, got)
		}
	}
}
