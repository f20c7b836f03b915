package workbook

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/workbook/hostiletest"
)

// outcomeOf is what came of a file, in the words of hostiletest.
func outcomeOf(err error) string {
	var large *TooLargeError
	var other *UnsupportedError
	switch {
	case err == nil:
		return hostiletest.Read
	case errors.As(err, &large):
		return large.Name
	case errors.As(err, &other):
		return hostiletest.Other
	case errors.Is(err, ErrEncrypted):
		return hostiletest.Locked
	case errors.Is(err, ErrUnreadable):
		return hostiletest.Damaged
	}
	return err.Error()
}

// smallLimits are limits that small hostile files are beyond.
var smallLimits = limits.Set{
	Unpacked: 2 << 20, Part: 1 << 20, Parts: 90, Sheets: 2, Area: 90_000, Cells: 90, CellText: 900, Text: 90_000,
	Strings: 90, Merges: 9, Formulas: 9,
}

// lowered are the usual limits with those of some names as small.
func lowered(names []string) limits.Set {
	s := limits.Default()
	for _, l := range []struct {
		name string
		at   *int64
		to   int64
	}{
		{limits.Unpacked, &s.Unpacked, smallLimits.Unpacked}, {limits.Part, &s.Part, smallLimits.Part},
		{limits.Parts, &s.Parts, smallLimits.Parts}, {limits.SheetCount, &s.Sheets, smallLimits.Sheets},
		{limits.Area, &s.Area, smallLimits.Area}, {limits.CellCount, &s.Cells, smallLimits.Cells},
		{limits.CellText, &s.CellText, smallLimits.CellText}, {limits.Text, &s.Text, smallLimits.Text},
		{limits.Strings, &s.Strings, smallLimits.Strings}, {limits.Merges, &s.Merges, smallLimits.Merges},
		{limits.Formulas, &s.Formulas, smallLimits.Formulas},
	} {
		if slices.Contains(names, l.name) {
			*l.at = l.to
		}
	}
	return s
}

// Small hostile files come to the end to which large ones come within the usual limits, where the limit that these are
// beyond is as small as they are. The large ones are a trial of the whole program.
func TestSmallHostileFiles(t *testing.T) {
	t.Parallel()
	for _, c := range hostiletest.Cases() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			var file bytes.Buffer
			if err := c.Write(&file, c.Small); err != nil {
				t.Fatal(err)
			}
			want := strings.Split(c.Want, "|")
			began := time.Now()
			wb, err := Open("a"+c.Ext, file.Bytes(), lowered(want))
			took := time.Since(began)
			if got := outcomeOf(err); !slices.Contains(want, got) {
				t.Errorf("%s, want %s: %v", got, c.Want, err)
			}
			if (wb == nil) != (err != nil) || took > time.Minute { // of a file that takes hours without its limit
				t.Errorf("%v, %v, after %v", wb, err, took)
			}
		})
	}
}
