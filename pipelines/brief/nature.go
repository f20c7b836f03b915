package brief

import (
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// natureMark stands before a value that is not simply the final one of its whole year: an estimate, an interim value,
// one of several years, a rough one. What it is stands in the note below.
const natureMark = "*"

// natureWords are how a note calls a value by how final it is. 確定 needs no word.
var natureWords = map[string]string{
	"速報": "速報値", "見込": "見込値", "推計": "推計値", "暫定": "暫定値", "集計中": "集計中の値",
}

// qualities are what the row of a field says of its number, in words for a note; "" for a plain value.
func qualities(row map[string]any) string {
	text := func(name string) string {
		s, _ := row[name].(string)
		return s
	}
	var out []string
	if w := natureWords[text("nature")]; w != "" {
		out = append(out, w)
	}
	switch span, asOf := text("span"), text("as_of"); {
	case span == "" || span == "単年度":
	case asOf != "":
		out = append(out, span+"（"+asOf+"）")
	case span == record.PartOfYear:
		out = append(out, "年度途中の値")
	default:
		out = append(out, span)
	}
	if approx, _ := row["approx"].(bool); approx {
		out = append(out, "およその値")
	}
	if w := map[string]string{"increase": "増加の幅", "decrease": "減少の幅"}[text("change")]; w != "" {
		out = append(out, w)
	}
	if second := text("second"); second != "" {
		unit := text("second_unit")
		if unit == "再掲" {
			unit = ""
		}
		out = append(out, "調査票には"+commas(second)+unit+"も併記")
	}
	if remark := text("remark"); remark != "" {
		out = append(out, strings.TrimRight(remark, "。"))
	}
	return strings.Join(out, "・")
}

// said is what the cells behind a value say of it, where all of them are one record's: a count of many records is no
// estimate because one of them is.
func (f *facts) said(sources []Source) string {
	record, words := "", []string(nil)
	for _, at := range sources {
		at.Field = ""
		for _, c := range f.cells[at] {
			if record == "" {
				record = c.record
			}
			if c.record != record {
				return ""
			}
			if c.said != "" && !slices.Contains(words, c.said) {
				words = append(words, c.said)
			}
		}
	}
	return strings.Join(words, "・")
}

// said is what is known of a printed value beside the value: that of its origins, where it prints a number.
func (t tracked) said() string {
	if len(t.from) != 1 || !hasDigit(t.text) {
		return ""
	}
	return t.from[0].Said
}

// notedRows is how many rows a note names; of more it says how many there are.
const notedRows = 10

// natureNotes say below a table, or at the end of a text, what the values with a mark are: one for each thing said.
func natureNotes(figures []Figure) []string {
	var order []string
	places := map[string][]string{}
	for _, f := range figures {
		if f.Said == "" {
			continue
		}
		if places[f.Said] == nil {
			order = append(order, f.Said)
		}
		place := strings.ReplaceAll(f.Row, "・", "　") // the marks show which of its values
		if f.Table == ProseTable {
			place = f.Text
		}
		if !slices.Contains(places[f.Said], place) {
			places[f.Said] = append(places[f.Said], place)
		}
	}
	var notes []string
	for _, said := range order {
		list := places[said]
		if n := len(list) - notedRows; n > 0 {
			list = append(slices.Clone(list[:notedRows]), fmt.Sprintf("ほか%dか所", n))
		}
		notes = append(notes, "※"+natureMark+" "+said+"："+strings.Join(list, "、"))
	}
	return notes
}

// natureColumns are the columns of a field that say what its number is.
const natureColumns = "f.nature, f.span, f.as_of, f.approx, f.change, f.second, f.second_unit, f.remark"

// rowMap names the values of a row, from a column on.
func rowMap(r warehouse.Result, row []any, from int) map[string]any {
	out := map[string]any{}
	for i := from; i < len(row); i++ {
		out[r.Columns[i]] = row[i]
	}
	return out
}
