package form_test

import (
	"regexp"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form/layouttest"
	"kyogikai/pipelines/record"
)

// heard are the errors and warnings about one form's part of a workbook, and where its records stand.
type heard struct {
	findings   []record.Finding
	transposed bool
	boxes      map[string]map[string][]layouttest.Place // record → sheet → the cells that state something of it alone
	tops       map[string]int                           // sheet → the first row of such a cell
	unread     map[string]bool                          // sheets of which nothing was read: any error on them tells
}

func listen(facts []layouttest.Fact, findings []record.Finding, foreign map[string]bool, transposed bool) *heard {
	h := &heard{transposed: transposed, boxes: map[string]map[string][]layouttest.Place{}, tops: map[string]int{}}
	for _, f := range findings {
		if f.Severity != record.Info && !foreign[f.Sheet] {
			h.findings = append(h.findings, f)
		}
	}
	written := map[layouttest.Place]int{}
	for _, f := range facts {
		for _, p := range f.Places {
			written[p]++
		}
	}
	for _, f := range facts {
		for _, p := range f.Places {
			if written[p] > 1 {
				continue
			}
			if top, ok := h.tops[p.Sheet]; !ok || p.Row < top {
				h.tops[p.Sheet] = p.Row
			}
			if h.boxes[f.Record] == nil {
				h.boxes[f.Record] = map[string][]layouttest.Place{}
			}
			h.boxes[f.Record][p.Sheet] = append(h.boxes[f.Record][p.Sheet], p)
		}
	}
	return h
}

// on reports whether a finding stands on a value of a record: on its cell, its record, its head, or all of its sheet.
func (h *heard) on(record string, places []layouttest.Place) bool {
	for _, f := range h.findings {
		if h.speaks(f, record, places) {
			return true
		}
	}
	return false
}

func (h *heard) speaks(f record.Finding, name string, places []layouttest.Place) bool {
	onSheet := len(h.boxes[name][f.Sheet]) > 0
	for _, p := range places {
		onSheet = onSheet || p.Sheet == f.Sheet
	}
	if f.Cell == "" { // about the file, or about all of a sheet
		if f.Sheet != "" {
			return onSheet
		}
		return f.Severity == record.Error || f.Code == finding.FormUnrecognized
	}
	if !onSheet {
		return false
	}
	if h.unread[f.Sheet] && f.Severity == record.Error {
		return true
	}
	row, col := cellAt(f.Cell)
	for _, p := range places {
		if p.Row == row && p.Col == col {
			return true
		}
	}
	return h.onRecord(name, f.Sheet, row, col) || h.onHead(f, row, col, places)
}

// onRecord reports whether a cell lies on the lines of a record.
func (h *heard) onRecord(name, sheet string, row, col int) bool {
	at := h.along(row, col)
	least, most := -1, -1
	for _, p := range h.boxes[name][sheet] {
		line := h.along(p.Row, p.Col)
		if least < 0 || line < least {
			least = line
		}
		most = max(most, line)
	}
	return least >= 0 && least <= at && at <= most
}

func (h *heard) along(row, col int) int {
	if h.transposed {
		return col
	}
	return row
}

// onHead reports whether a finding stands on the heads, and is about the line of one of the places.
func (h *heard) onHead(f record.Finding, row, col int, places []layouttest.Place) bool {
	sameLine, before := false, h.transposed
	for _, p := range places {
		if h.transposed {
			sameLine, before = sameLine || p.Row == row, before && col <= p.Col
		} else {
			sameLine = sameLine || p.Col == col
		}
	}
	if !h.transposed {
		before = row <= h.tops[f.Sheet]
	}
	return before && (f.Code == finding.RequiredMissing || strings.Contains(f.Message, "見出し") || sameLine)
}

var cellName = regexp.MustCompile(`^([A-Z]+)(\d+)$`)

// cellAt is a cell's place, 0-based.
func cellAt(ref string) (row, col int) {
	m := cellName.FindStringSubmatch(ref)
	if m == nil {
		return -1, -1
	}
	for _, r := range m[1] {
		col = col*26 + int(r-'A') + 1
	}
	for _, r := range m[2] {
		row = row*10 + int(r-'0')
	}
	return row - 1, col - 1
}

// A finding speaks for the value on whose cell, record or head it stands, and for no other.
func TestWhatAFindingSpeaksFor(t *testing.T) {
	// Heads in row 1, records a and b in rows 2 and 3: name, value, value.
	at := func(row, col int) []layouttest.Place { return []layouttest.Place{{Sheet: "s", Row: row, Col: col}} }
	facts := []layouttest.Fact{
		{Record: "a", Field: "name", Places: at(1, 0)}, {Record: "a", Field: "x", Places: at(1, 1)},
		{Record: "a", Field: "y", Places: at(1, 2)}, {Record: "b", Field: "name", Places: at(2, 0)},
		{Record: "b", Field: "x", Places: at(2, 1)}, {Record: "b", Field: "y", Places: at(2, 2)},
	}
	for _, c := range []struct {
		why     string
		finding record.Finding
		ax, by  bool
	}{
		{"on the cell", record.Finding{Severity: record.Error, Sheet: "s", Cell: "B2"}, true, false},
		{"on the record", record.Finding{Severity: record.Warning, Sheet: "s", Cell: "H2"}, true, false},
		{"below the records", record.Finding{Severity: record.Error, Sheet: "s", Cell: "B4"}, false, false},
		{"on the column's head", record.Finding{Severity: record.Error, Sheet: "s", Cell: "B1"}, true, false},
		{"on another head", record.Finding{Severity: record.Error, Sheet: "s", Cell: "H1"}, false, false},
		{"about the heads", record.Finding{Severity: record.Error, Sheet: "s", Cell: "H1", Message: "見出し"}, true, true},
		{"on the sheet", record.Finding{Severity: record.Warning, Sheet: "s"}, true, true},
		{"on another sheet", record.Finding{Severity: record.Error, Sheet: "t"}, false, false},
		{"an error about the file", record.Finding{Severity: record.Error}, true, true},
		{"a warning about the file", record.Finding{Severity: record.Warning}, false, false},
		{"a remark", record.Finding{Severity: record.Info, Sheet: "s", Cell: "B2"}, false, false},
	} {
		h := listen(facts, []record.Finding{c.finding}, nil, false)
		if ax, by := h.on("a", at(1, 1)), h.on("b", at(2, 2)); ax != c.ax || by != c.by {
			t.Errorf("%s: speaks for a's x %v, b's y %v, want %v, %v", c.why, ax, by, c.ax, c.by)
		}
	}
	h := listen(facts, []record.Finding{{Severity: record.Error, Sheet: "s", Cell: "H9"}}, nil, false)
	h.unread = map[string]bool{"s": true}
	if !h.on("b", at(2, 2)) {
		t.Error("an error on a sheet of which nothing was read does not speak for its values")
	}
	across := listen(facts, []record.Finding{{Severity: record.Error, Sheet: "s", Cell: "B9"}}, nil, true)
	if !across.on("a", at(1, 1)) {
		t.Error("where records run across, a finding in a record's column does not speak for it")
	}
}
