package brief

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/warehouse"
)

// Revision says that a fact of an earlier year has another value now than the one that was published: 遡及改定. The paper
// prints and compares what was published, marks it with r, and says what it is now.
type Revision struct {
	Published string `json:"published"` // exact decimal
	Today     string `json:"today"`     // likewise
}

// facts tells what the values of queries state, and what of it was published before. A fact is named by the field that
// a department answered (form｜kind｜key｜field｜year｜unit), or by the row and column of a table
// (marts.progress_table｜…｜good_pct): the name is the same whichever paper prints it, and whichever workbook states it.
type facts struct {
	cells     map[Source][]cellFact // without their Field
	published map[factOf]*big.Rat   // in meetings before this one
	negative  string                // the city's sign of negative numbers, "" where it has none
	year      int                   // that the paper reports; facts of earlier years print as they were published
}

// factOf is a fact of a year: what is stated anew each year is called the same in all of them.
type factOf struct {
	fact string
	year int
}

type cellFact struct {
	fact, value string
	year        int
	record      string // form｜kind｜key of the record that states it
	said        string // what its nature is, in words; "" for a plain value
}

// stateCells takes what cells state. Of a fact that two departments state in one survey year it is not told whose is
// meant: a tool of one name in two departments.
func (f *facts) stateCells(r warehouse.Result) error {
	type survey struct{ fact, year string }
	whose, several := map[survey]string{}, map[string]bool{}
	for _, row := range r.Rows {
		at, department := survey{fmt.Sprint(row[5]), fmt.Sprint(row[7])}, fmt.Sprint(row[6])
		if first, known := whose[at]; known && first != department {
			several[at.fact] = true
		}
		whose[at] = department
	}
	for _, row := range r.Rows {
		year, err := strconv.Atoi(fmt.Sprint(row[4]))
		if err != nil {
			return fmt.Errorf("reading what cells state: %w", err)
		}
		if fact := fmt.Sprint(row[5]); !several[fact] {
			at := Source{Path: fmt.Sprint(row[0]), Sheet: fmt.Sprint(row[1]), Cell: fmt.Sprint(row[2])}
			f.cells[at] = append(f.cells[at], cellFact{
				fact: fact, value: fmt.Sprint(row[3]), year: year, record: fmt.Sprint(row[8]), said: qualities(rowMap(r, row, 9)),
			})
		}
	}
	return nil
}

// factsOf reads what a meeting's papers may state. The year that a paper reports is its parameter year.
func factsOf(ctx context.Context, m Meeting, on Querier) (*facts, error) {
	f := &facts{cells: map[Source][]cellFact{}, published: map[factOf]*big.Rat{}}
	if err := f.readSign(ctx, m, on); err != nil {
		return nil, err
	}
	// A run of the version before knows neither the nature of values nor rival departments.
	natures, used := natureColumns, "NOT r.superseded"
	if known, err := hasColumn(ctx, on, "raw", "fields", "nature"); err != nil || !known {
		natures, used = "NULL", "true"
		if err != nil {
			return nil, err
		}
	}
	r, err := on.Query(ctx, `SELECT w.path, coalesce(f.sheet, ''), f.cell, f.value, coalesce(try_cast(f.scope AS INTEGER),
		try_cast(y.value AS INTEGER), r.fiscal_year, 0),
			concat_ws('｜', r.form, r.kind, r.key, f.name, f.scope, f.unit), w.department, w.fiscal_year,
			concat_ws('｜', r.form, r.kind, r.key), `+natures+`
		FROM raw.fields AS f JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)
		LEFT JOIN raw.fields AS y ON y.record_id = r.record_id AND y.name = 'year' AND y.value IS NOT NULL
		WHERE w.municipality = $municipality AND NOT r.excluded AND `+used+` AND f.cell IS NOT NULL
			AND regexp_full_match(f.value, '-?\d+(\.\d+)?')`,
		warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return nil, fmt.Errorf("reading what cells state: %w", err)
	}
	if err := f.stateCells(r); err != nil {
		return nil, err
	}
	r, err = on.Query(ctx, `SELECT fact, coalesce(fact_year, 0), arg_max(value, (held, figure)) FROM meta.published
		WHERE municipality = $municipality AND held < $held::DATE AND meeting IS DISTINCT FROM $meeting
			AND fact IS NOT NULL AND value IS NOT NULL GROUP BY 1, 2`,
		warehouse.Named("municipality", m.Municipality), warehouse.Named("held", m.Date.Format("2006-01-02")),
		warehouse.Named("meeting", m.ID)) // of a meeting that was put off, its own papers are not of before
	if err != nil {
		return nil, fmt.Errorf("reading what was published: %w", err)
	}
	for _, row := range r.Rows {
		year, errYear := strconv.Atoi(fmt.Sprint(row[1]))
		value, err := rat(row[2])
		if err = errors.Join(err, errYear); err != nil {
			return nil, fmt.Errorf("reading what was published: %w", err)
		}
		f.published[factOf{fmt.Sprint(row[0]), year}] = value
	}
	return f, nil
}

// reporting is the same for a paper that reports a year; 0 where it names none.
func (f *facts) reporting(parameters map[string]any) *facts {
	own := *f
	own.year, _ = strconv.Atoi(fmt.Sprint(parameters["year"]))
	return &own
}

// wholeTable is a query whose columns are those of one table.
var wholeTable = regexp.MustCompile(`(?is)^\s*(?:SELECT\s+\*\s+)?FROM\s+(marts\.\w+)\s*(?:WHERE\b|ORDER\s+BY\b|$)`)

// named is what a value of a result states, and of which year; "" where that cannot be told.
func (f *facts) named(sql string, r warehouse.Result, row []any, column int, sources []Source) (fact string, year int) {
	value, err := rat(row[column])
	if err != nil {
		return "", 0
	}
	if len(sources) == 1 {
		at := sources[0]
		at.Field = ""
		if c, ok := statedBy(f.cells[at], value, yearOf(r, row)); ok {
			return c.fact, c.year
		}
	}
	if m := wholeTable.FindStringSubmatch(sql); m != nil {
		return RowFact(m[1], r, row, column)
	}
	return "", 0
}

// statedBy is what a cell states by a number. Where it states several facts by it (a target that is merged over its
// years), it is that of the row's year; else it cannot be told.
func statedBy(cell []cellFact, value *big.Rat, year int) (cellFact, bool) {
	var same []cellFact
	for _, c := range cell {
		stated, ok := new(big.Rat).SetString(c.value)
		known := slices.ContainsFunc(same, func(s cellFact) bool { return s.fact == c.fact })
		if ok && stated.Cmp(value) == 0 && !known {
			same = append(same, c)
		}
	}
	if len(same) > 1 {
		same = slices.DeleteFunc(same, func(c cellFact) bool { return c.year != year })
	}
	if len(same) != 1 {
		return cellFact{}, false
	}
	return same[0], true
}

// yearOf is the fiscal year of a result's row, 0 where it has none.
func yearOf(r warehouse.Result, row []any) int {
	i := slices.Index(r.Columns, "fiscal_year")
	if i < 0 {
		return 0
	}
	year, _ := strconv.Atoi(fmt.Sprint(row[i]))
	return year
}

// RowFact names what a column of a table's row states, by the row's words and year. It is "" for a row of no year:
// whatever period that is of, another paper's is another.
func RowFact(table string, r warehouse.Result, row []any, column int) (fact string, year int) {
	parts := []string{table}
	for i, name := range r.Columns {
		text, isText := row[i].(string)
		switch {
		case name == "fiscal_year":
			text = fmt.Sprint(row[i])
			year, _ = strconv.Atoi(text)
		case !isText:
			continue
		case name == "scope":
			year, _ = fiscal.ParseYear(text)
		}
		parts = append(parts, text)
	}
	if year == 0 {
		return "", 0
	}
	name := r.Columns[column]
	if first, renamed := firstNames[table+"."+name]; renamed {
		name = first
	}
	return strings.Join(append(parts, name), "｜"), year
}

// firstNames are the names by which ledgers know columns that are called otherwise since: what was published under the
// one is compared with the other.
var firstNames = map[string]string{
	"marts.progress_table.all_late":   "late",
	"marts.progress_table.behind_pct": "late_pct",
}

// taken is a value as the paper takes it: one of an earlier year as it was published.
func (f *facts) taken(fact string, year int, value any) (any, *Revision) {
	was, ok := f.published[factOf{fact, year}]
	if !ok || fact == "" || f.year == 0 || year == 0 || year >= f.year {
		return value, nil
	}
	now, err := rat(value)
	if err != nil || now.Cmp(was) == 0 {
		return value, nil
	}
	return warehouse.Number(decimal(was)), &Revision{Published: decimal(was), Today: decimal(now)}
}

// SameNumber reports whether two values of results are the same number.
func SameNumber(a, b any) bool {
	c, err := compare(a, b)
	return err == nil && c == 0
}

// Plain writes a number of a result without needless zeros; anything else as it is.
func Plain(v any) string {
	r, err := rat(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return decimal(r)
}

func decimal(r *big.Rat) string {
	places, _ := r.FloatPrec()
	return r.FloatString(places)
}

// revisedIn finds in a result what a table says about the value of a column today: column_today.
func revisedIn(r warehouse.Result, row []any, column int) *Revision {
	for i, name := range r.Columns {
		if name != r.Columns[column]+"_today" || row[i] == nil {
			continue
		}
		was, err := rat(row[column])
		now, errNow := rat(row[i])
		if err == nil && errNow == nil && was.Cmp(now) != 0 {
			return &Revision{Published: decimal(was), Today: decimal(now)}
		}
	}
	return nil
}

// revision of a printed value: that of its only origin, where the value itself stands in the text.
func (t tracked) revision() *Revision {
	if len(t.from) != 1 || t.from[0].Revised == nil {
		return nil
	}
	shown := printedNumber.FindString(t.text)
	number, ok := new(big.Rat).SetString(plainNumber.Replace(shown))
	was, _ := new(big.Rat).SetString(t.from[0].Revised.Published)
	if !ok || was == nil || number.Cmp(was) != 0 {
		return nil
	}
	return t.from[0].Revised
}

// revisedMark stands before a value that has been revised since it was published.
const revisedMark = "r"

// revisedNote says below a table, or at the end of a text, what its marks mean.
func revisedNote(figures []Figure) string {
	var parts []string
	for _, f := range figures {
		if f.Revised != nil {
			place := strings.TrimSpace(f.Row+"　"+f.Column) + "　"
			if f.Table == ProseTable {
				place = ""
			}
			parts = append(parts, place+commas(f.Revised.Published)+" → "+commas(f.Revised.Today))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "※r：遡及改定。前に公表した値を示し、増減もそれによる。改定後の値：" + strings.Join(parts, "、")
}

// Printed writes a value as a figure is printed: with as many decimals, and its sign of percent.
func Printed(value *big.Rat, like Figure) string {
	places := 0
	if m := printedNumber.FindString(like.Text); strings.Contains(m, ".") {
		places = len(m) - strings.Index(m, ".") - 1
	}
	if n, exact := value.FloatPrec(); exact && n > places {
		places = n
	}
	text := commas(value.FloatString(places))
	if strings.HasSuffix(like.Text, "%") {
		text += "%"
	}
	return text
}

// hasColumn reports whether a table of a published file has a column: one of an earlier version may not.
func hasColumn(ctx context.Context, on Querier, schema, table, column string) (bool, error) {
	r, err := on.Query(ctx, `SELECT 1 FROM duckdb_columns()
		WHERE schema_name = $schema AND table_name = $of AND column_name = $named`,
		warehouse.Named("schema", schema), warehouse.Named("of", table), warehouse.Named("named", column))
	if err != nil {
		return false, fmt.Errorf("looking for %s.%s.%s: %w", schema, table, column, err)
	}
	return len(r.Rows) > 0, nil
}

// readSign reads how the meeting's city prints negative numbers.
func (f *facts) readSign(ctx context.Context, m Meeting, on Querier) error {
	if known, err := hasColumn(ctx, on, "meta", "signs", "negative"); err != nil || !known {
		return err
	}
	r, err := on.Query(ctx, "SELECT negative FROM meta.signs WHERE municipality = $municipality",
		warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return fmt.Errorf("reading the sign of negative numbers: %w", err)
	}
	for _, row := range r.Rows {
		f.negative = fmt.Sprint(row[0])
	}
	return nil
}
