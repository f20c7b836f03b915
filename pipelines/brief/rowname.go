package brief

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/record"
)

// A row's address says which row it is by the words in it: its number and its name, never how many rows stand above it.
// A － that is filled, and a row that is added, leave the addresses of all others as they are.

// rowWords are the words by which a row of a table, or a category of a chart, is told from the others.
type rowWords struct {
	name   string
	groups string   // of the rows above it that name groups
	more   []string // texts behind the name, up to the first column in which a row has a figure
	former string   // the name in addresses before rows were named by number and name
	joined bool     // it stands for the rows that a merged cell covers
}

// numberHead is the head of a column that numbers the rows: what is numbered stands behind it. kindHead is that of one
// which says of what kind each is, where two of one number and name may be of two kinds. A column behind the numbers
// names the rows where it is written from the left, or its head says so (nameHead).
var (
	nameHead   = regexp.MustCompile(`(?:名|名称|指標|事業|取組|項目)$`)
	numberHead = regexp.MustCompile(`^(?:no\.?|.{0,4}番号|コード|記号|符号)$`)
	kindHead   = regexp.MustCompile(`^(?:指標の?)?(?:種別|種類|区分)$`)
)

// rowName is a row's name where the template says it (row), "" where it does not.
func (r *renderer) rowName(where, src string, dot map[string]any) (string, error) {
	if src == "" {
		return "", nil
	}
	text, err := r.text(where, src, dot)
	return r.plainText(text), err
}

// naming are the columns that name a table's rows, from 0: those at the left; a column of numbers names a row together
// with the name behind it, and with the kind behind that.
func (p tablePlace) naming(spec tableSpec) []int {
	out := make([]int, p.labels)
	for i := range out {
		out[i] = i
	}
	if last := p.labels; last == 1 && len(spec.Columns) > 2 && numberHead.MatchString(record.Normal(p.columns[0])) &&
		(spec.Columns[last].Align == "left" || nameHead.MatchString(record.Normal(p.columns[last]))) {
		out = append(out, last)
		if last+2 < len(spec.Columns) && kindHead.MatchString(record.Normal(p.columns[last+1])) {
			out = append(out, last+1)
		}
	}
	return out
}

// words are those of one row; behind is how many columns stand between its name and the first figures of the table.
func (p tablePlace) words(row []string, values [][]placed, groups []string, behind int) rowWords {
	var left []int
	for j := range p.labels {
		left = append(left, j)
	}
	return rowWords{
		name: wordsOf(row, values, p.names, p.labels), groups: strings.Join(groups, "・"),
		more: row[p.last()+1:][:behind], former: wordsOf(row, values, left, p.labels),
	}
}

// joined are those of the columns which name a row that are merged, as a column behind them is: its cells are of all
// the rows that they cover, not of the first.
func (spec bodySpec) joined(names []int, column int) []int {
	if !slices.Contains(spec.Merge, column+1) {
		return nil
	}
	var out []int
	for _, j := range names {
		if j < column && slices.Contains(spec.Merge, j+1) {
			out = append(out, j)
		}
	}
	return out
}

// sameRun reports whether merged columns go on from the row above.
func (spec bodySpec) sameRun(texts [][]string, groups [][]string, i int, over []int) bool {
	return slices.Equal(groups[i-1], groups[i]) && sameGroup(texts[i-1], texts[i], spec.Merge, slices.Max(over))
}

// joinedRow is the number of the rows together that a merged cell covers.
func (r *renderer) joinedRow(first rowWords, name string, known map[string]int) int {
	if known[name] == 0 {
		r.rows = append(r.rows, rowWords{name: name, groups: first.groups, former: first.former, joined: true})
		known[name] = len(r.rows)
	}
	return known[name]
}

// wordsOf joins the texts of those of a row's columns that name it. One that prints a number which was calculated names
// nothing, unless it stands at the left.
func wordsOf(row []string, values [][]placed, columns []int, labels int) string {
	var names []string
	for _, j := range columns {
		text := row[j]
		if text == "<" || text == "" || j > 0 && text == row[j-1] || j >= labels && calculated(values[j]) {
			continue
		}
		names = append(names, text)
	}
	return strings.Join(names, "・")
}

func calculated(values []placed) bool {
	return slices.ContainsFunc(values, func(p placed) bool { return hasDigit(p.text) && p.judged() })
}

// last is the last of the columns that name a row.
func (p tablePlace) last() int { return slices.Max(p.names) }

// behind is how many columns stand between those that name the rows and the first in which a row has a figure: a － that
// is filled changes nothing of the words in them.
func (p tablePlace) behind(texts [][]string) int {
	for j := p.last() + 1; j < len(p.columns); j++ {
		if slices.ContainsFunc(texts, func(row []string) bool { return hasDigit(row[j]) }) {
			return j - p.last() - 1
		}
	}
	return len(p.columns) - p.last() - 1
}

// tellApart gives rows of one name other names: with the group that each stands in, then with what stands behind the
// name; at last, where a reader cannot tell them apart either, with their order among the rows of the name.
func tellApart(rows []rowWords) []string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.name
	}
	with := func(longer func(r rowWords, name string) string) {
		for _, same := range alike(rows, names) {
			for _, i := range same {
				names[i] = longer(rows[i], names[i])
			}
		}
	}
	with(func(r rowWords, name string) string { return joinWords(r.groups, name) })
	most := 0
	for _, r := range rows {
		most = max(most, len(r.more))
	}
	for k := range most {
		with(func(r rowWords, name string) string {
			if k >= len(r.more) || r.more[k] == "<" {
				return name
			}
			return joinWords(name, r.more[k])
		})
	}
	for _, same := range alike(rows, names) {
		for n, i := range same[1:] {
			names[i] += "（" + strconv.Itoa(n+2) + "）"
		}
	}
	return names
}

// alike are the rows that bear one name, in their order. Those that a merged cell stands for have columns of their own.
func alike(rows []rowWords, names []string) [][]int {
	at := map[string]int{}
	var out [][]int
	for i, r := range rows {
		key := strconv.FormatBool(r.joined) + record.Key(segment(names[i]))
		k, there := at[key]
		if !there {
			k, at[key] = len(out), len(out)
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return slices.DeleteFunc(out, func(same []int) bool { return len(same) < 2 })
}

func joinWords(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "・" + b
}

// nameRows gives the figures of the table or chart that is being made the names of their rows.
func (r *renderer) nameRows() {
	names := tellApart(r.rows)
	for i := r.tableStart; i < len(r.figures); i++ {
		if f := &r.figures[i]; f.row > 0 {
			f.Row, f.FormerRow = names[f.row-1], r.rows[f.row-1].former
		}
	}
	for _, row := range r.rows {
		if !row.joined {
			r.formerRows[r.tableID+"/"+segment(row.former)]++
		}
	}
	r.rows = nil
}

// beginTable begins a table or chart: from here on figures are its own. Two of one id in a paper are told apart.
func (r *renderer) beginTable(id string) {
	r.tableStart, r.tableID, r.rows = len(r.figures), id, nil
	r.ids[id]++
	r.tableName = id
	if n := r.ids[id]; n > 1 {
		r.tableName += "-" + strconv.Itoa(n)
	}
}

// address gives all figures of a paper their addresses, and those that they had before rows were named by number and
// name: then rows of one number were told apart by their order among the figures that were printed.
func (r *renderer) address() {
	now, before := map[string]int{}, map[string]int{}
	for i := range r.figures {
		f := &r.figures[i]
		f.Address = numbered(now, r.prefix, f.in, f.Row, f.Column)
		if f.Former = numbered(before, r.prefix, f.Table, f.FormerRow, f.Column); f.Former == f.Address {
			f.Former = ""
		}
		f.shared = r.formerRows[f.Table+"/"+segment(f.FormerRow)] > 1 || r.ids[f.Table] > 1
		f.Ordered = f.shared && f.Former != ""
	}
}

// numbered is an address; the second and further values of one place have their numbers behind it.
func numbered(count map[string]int, prefix, table, row, column string) string {
	a := strings.Join([]string{prefix, segment(table), segment(row), segment(column)}, "/")
	count[a]++
	if n := count[a]; n > 1 {
		return a + "#" + strconv.Itoa(n)
	}
	return a
}
