package brief

import (
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/warehouse"
)

// The numbers of a column that are of one unit have one number of decimals; others, and those of no known unit, stay.
func TestEvenDecimals(t *testing.T) {
	byRow := func(cells string) string {
		r := &renderer{}
		var rows [][]string
		for _, line := range strings.Split(cells, "/") {
			var row []string
			for _, cell := range strings.Fields(line) {
				at := strings.IndexFunc(cell, func(c rune) bool { return !strings.ContainsRune("0123456789.", c) })
				shown, err := thousands(warehouse.Number(cell[:at]))
				if err != nil {
					t.Fatal(err)
				}
				row = append(row, marked(r, shown)+cell[at:])
			}
			rows = append(rows, row)
		}
		r.evenDecimals(rows, "")
		var out []string
		for _, row := range rows {
			out = append(out, r.plainText(strings.Join(row, " ")))
		}
		return strings.Join(out, "/")
	}
	want := "3.0点以上 3.4点/100点 91点/82.0% 99.0%/90.5% 79.5%"
	if got := byRow("3点以上 3.4点/100点 91点/82% 99%/90.5% 79.5%"); got != want {
		t.Errorf("by rows and columns: %s, want %s", got, want)
	}
	for _, c := range []struct {
		name, unit string
		cells      []string // number|rest; a * before the number is one that the template prints in its own way
		want       string
	}{
		{"of one unit", "", []string{"29|%", "18.6|%", "9|%以上"}, "29.0% 18.6% 9.0%以上"},
		{"whole numbers", "", []string{"29|%", "18|%"}, "29% 18%"},
		{"of two units", "", []string{"29|件", "18.6|%", "7|ポイント", "0.6|ポイント"}, "29件 18.6% 7.0ポイント 0.6ポイント"},
		{"of counts", "", []string{"100|人", "1.5|人"}, "100人 1.5人"},
		{"of no unit", "", []string{"29|", "18.6|"}, "29 18.6"},
		{"of the table's unit", "（単位：億円）", []string{"29|", "18.65|", "-3.1|"}, "29.00 18.65 −3.10"},
		{"one in its own way", "（単位：%）", []string{"*29|", "18.6|"}, "29 18.6"},
		{"large", "（単位：人）", []string{"1234567|", "0.5|"}, "1,234,567.0 0.5"},
	} {
		r := &renderer{}
		var rows [][]string
		for _, cell := range c.cells {
			number, rest, _ := strings.Cut(cell, "|")
			number, own := strings.CutPrefix(number, "*")
			shown, err := thousands(warehouse.Number(number))
			if err != nil {
				t.Fatal(err)
			}
			shown.free = shown.free && !own
			shown.from = []Origin{{Query: "q"}}
			rows = append(rows, []string{marked(r, shown) + rest})
		}
		r.evenDecimals(rows, c.unit)
		var got []string
		for _, row := range rows {
			got = append(got, r.plainText(row[0]))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

// A city's sign stands before its negative numbers, and a note says so; a paper with symbols of progress keeps −.
func TestSigns(t *testing.T) {
	for _, c := range []struct{ sign, text, want, note string }{
		{"▲", "−12", "▲12", "※▲は、負の数を示す。"}, {"△", "−1,200", "△1,200", "※△は、負の数を示す。"}, {"−", "−12", "−12", ""},
		{"", "−12", "−12", ""}, {"▲", "12", "12", ""}, {"▲", "−", "−", ""}, {"▲", "−1件", "▲1件", "※▲は、負の数を示す。"},
	} {
		r := &renderer{negative: c.sign}
		shown := tracked{text: c.text, value: warehouse.Number("-12"), from: []Origin{{Query: "q"}}}
		got, placed := r.resolve(marked(r, shown))
		if got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.text, c.sign, got, c.want)
		}
		value := ""
		if strings.ContainsAny(got, "0123456789") {
			value, _ = valueAndUnit(placed[0], "")
		}
		if strings.HasPrefix(c.text, "−1") != strings.HasPrefix(value, "-") {
			t.Errorf("%s is read back as %q", got, value)
		}
		if note := r.signNote([]Figure{{Text: got, Value: value}}); note != c.note {
			t.Errorf("the note of %s is %q, want %q", got, note, c.note)
		}
	}
	for query, want := range map[string]bool{
		"SELECT * FROM marts.progress_table": true, "FROM marts.initiatives WHERE x": true, "FROM meta.symbols": true,
		"SELECT * FROM marts.indicator_years": false, "FROM marts.initiative_texts": false,
	} {
		if got := usesSymbols(map[string]string{"a": "SELECT 1", "q": query}); got != want {
			t.Errorf("%s: %v", query, got)
		}
	}
}

// marked puts a value among those shown, and gives its mark.
func marked(r *renderer, t tracked) string {
	r.shown = append(r.shown, t)
	return string(valueOpen) + strconv.Itoa(len(r.shown)-1) + string(valueClose)
}

// A print of before, with other decimals or another sign, shows the same value.
func TestSamePrint(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"82%", "82.0%", true}, {"82.0%", "82.1%", false}, {"−5", "▲5", true}, {"△5件", "−5件", true}, {"−5", "5", false},
		{"1,234人", "1234人", true}, {"82%", "82", false}, {"１２件", "12件", true}, {"改善", "改善", true}, {"改善", "低下", false},
		{"12件（3件）", "12件（3.0件）", true}, {"10", "100", false}, {"①-1", "1-1", false},
	} {
		if got := SamePrint(c.a, c.b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
