package brief

import (
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/quantity"
)

// Figure is one value that a paper prints. Its address (meeting / item / table / row / column) names it for trace and
// diff; the row is named by its words (rowname.go).
type Figure struct {
	Address string `json:"figure"`
	Table   string `json:"table"` // the table's id; 本文 for the text
	Row     string `json:"row"`   // the row's label; of the text, the heading's numbers and the place below it
	Column  string `json:"column"`
	Text    string `json:"text"`  // as printed
	Value   string `json:"value"` // exact decimal in Unit; "" for words and dates
	Unit    string `json:"unit"`
	Word    bool   `json:"word,omitempty"` // a word that follows the values: 改善, 上回り
	Origins []Origin

	Former    string `json:"former,omitempty"` // its address before rows were named by their words; "" where the same
	FormerRow string `json:"-"`                // the row's label in it
	Ordered   bool   `json:"-"`                // Former told rows of one label apart by their order in print alone

	Line    int       `json:"-"` // the table's row, or the chart's category, in which it stands, from 0
	At      string    `json:"-"` // the part of the document in which it stands, as document.Text names it
	Before  string    `json:"-"` // what stands before it in its text, and after it
	After   string    `json:"-"`
	Fact    string    `json:"fact,omitempty"` // what it states, "" where that cannot be told
	Year    int       `json:"fact_year,omitempty"`
	Revised *Revision `json:"revised,omitempty"`
	Said    string    `json:"said,omitempty"` // what it is beside its number, as the note says: 見込値

	shared bool // rows beside its own had FormerRow too
	place  spot // by which At is found when the document is there

	row int    // of the table's rows that have words, from 1; 0 where it stands in none
	in  string // the table in the address: two of one id are told apart
}

// Sources are the cells of all of a figure's values, each once.
func (f Figure) Sources() []Source {
	var out []Source
	seen := map[Source]bool{}
	for _, o := range f.Origins {
		for _, s := range o.Sources {
			if !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}

// ProseTable is the table of figures that stand in the text.
const ProseTable = "本文"

// placed is a value that has come to stand in a text, with what follows it there.
type placed struct {
	tracked
	lead, rest   string
	above, below string // the texts in other letters before and after them
}

var valueMark = regexp.MustCompile(string(valueOpen) + `(\d+)` + string(valueClose))

// resolve puts the values back in the place of their marks and tells which stand where. A value may hold marks itself:
// a snippet is a text with values.
func (r *renderer) resolve(text string) (string, []placed) {
	var out strings.Builder
	var values []placed
	var ends []int
	last := 0
	for _, m := range valueMark.FindAllStringSubmatchIndex(text, -1) {
		out.WriteString(text[last:m[0]])
		last = m[1]
		i, err := r.markAt(text[m[2]:m[3]])
		if err != nil {
			continue
		}
		t := r.shown[i]
		inner, below := r.resolve(t.text)
		if len(below) == 0 {
			inner = r.withSign(inner)
		}
		if t.revision() != nil {
			inner = revisedMark + inner
		}
		if t.said() != "" {
			out.WriteString(natureMark)
		}
		out.WriteString(inner)
		if len(below) > 0 {
			for _, p := range below {
				values, ends = append(values, p), append(ends, -1)
			}
			continue
		}
		if len(t.from) > 0 {
			t.text = inner
			values, ends = append(values, placed{tracked: t}), append(ends, out.Len())
		}
	}
	out.WriteString(text[last:])
	whole := out.String()
	for i, end := range ends {
		if end >= 0 {
			values[i].rest = whole[end:]
			values[i].lead = whole[:end-len(values[i].text)]
		}
	}
	return whole, values
}

// markAt is the place of a value by the number in its mark.
func (r *renderer) markAt(number string) (int, error) {
	i, err := strconv.Atoi(number)
	if err == nil && i >= len(r.shown) {
		err = fmt.Errorf("no value %d", i)
	}
	return i, err //nolint:wrapcheck // only whether there is one counts
}

// plainText is a text whose values are of no concern: a label, a caption.
func (r *renderer) plainText(text string) string {
	out, _ := r.resolve(text)
	return out
}

// register takes the values of one place for figures of the paper.
func (r *renderer) register(table, row, column, tableUnit string, values []placed) {
	for _, p := range values {
		word := !hasDigit(p.text)
		if word && !p.judged() {
			continue
		}
		f := Figure{
			Table: table, Row: row, Column: column, Text: p.text, Word: word, Origins: p.from,
			Before: p.above + p.lead, After: p.rest + p.below, FormerRow: row, in: table, place: r.at,
		}
		if table == r.tableID {
			f.in = r.tableName
		}
		if !word {
			f.Value, f.Unit = valueAndUnit(p, tableUnit)
			f.Revised = p.revision()
			f.Said = p.said()
			f.Fact, f.Year = p.fact(f.Value)
		}
		r.figures = append(r.figures, f)
	}
}

// fact is what a printed value states: that of its only origin, where it prints just that value.
func (p placed) fact(printed string) (string, int) {
	if len(p.from) != 1 || p.from[0].Fact == "" {
		return "", 0
	}
	own, err := rat(p.value)
	shown, ok := new(big.Rat).SetString(printed)
	if err != nil || !ok || own.Cmp(shown) != 0 {
		return "", 0
	}
	return p.from[0].Fact, p.from[0].Year
}

// judged reports whether a text without digits was made from numbers: a word that would change with them.
func (p placed) judged() bool {
	s, isText := p.value.(string)
	return !isText || s != p.text
}

var slashes = strings.NewReplacer("/", "／", "#", "＃")

// segment is a label as a part of an address: without white space and slashes.
func segment(s string) string { return slashes.Replace(strings.Join(strings.Fields(s), "")) }

var (
	printedNumber = regexp.MustCompile(`[−▲△-]?\d[\d,]*(?:\.\d+)?`)
	counter       = regexp.MustCompile(
		`^(?:%|％|ポイント|百億円|十億円|億円|百万円|千円|万円|円|人分|人|名|件|課|年間|か月|箇所|か所|時間|日|回|事業|指標|項目|点|倍|世帯|台|冊|施設|手続|業務|割)`,
	)
	unitOfTable = regexp.MustCompile(`単位[：:]\s*([^）)\s]+)`)
)

// valueAndUnit reads a figure as it is printed: the value in the unit that stands after it, else in the table's.
func valueAndUnit(p placed, tableUnit string) (value, unit string) {
	text := strings.TrimSpace(p.text)
	if s, ok := p.value.(string); ok && s == p.text { // a literal of a workbook
		q := quantity.Parse(s)
		if q.Status == quantity.Number {
			return q.Value, q.Unit
		}
		return "", ""
	}
	m := printedNumber.FindStringIndex(text)
	if m == nil {
		return "", ""
	}
	number, ok := new(big.Rat).SetString(plainNumber.Replace(text[m[0]:m[1]]))
	if !ok {
		return "", ""
	}
	places, _ := number.FloatPrec()
	value = number.FloatString(places)
	if unit = counter.FindString(text[m[1]:] + p.rest); unit == "" {
		if u := unitOfTable.FindStringSubmatch(tableUnit); u != nil {
			unit = u[1]
		}
	}
	return value, unit
}

// figureColumns are the head of a figures file.
var figureColumns = []string{"figure", "table", "row", "column", "text", "value", "unit", "said"}

// WriteFigures writes the list of a paper's figures as CSV, with the mark by which Excel knows UTF-8. Words are left
// out.
func WriteFigures(w io.Writer, figures []Figure) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("writing figures: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	lines := [][]string{figureColumns}
	for _, f := range figures {
		if !f.Word {
			line := []string{f.Address, f.Table, f.Row, f.Column, f.Text, f.Value, f.Unit, f.Said}
			for i := range line {
				line[i] = printable.Guarded(line[i])
			}
			lines = append(lines, line)
		}
	}
	if err := out.WriteAll(lines); err != nil {
		return fmt.Errorf("writing figures: %w", err)
	}
	return nil
}
