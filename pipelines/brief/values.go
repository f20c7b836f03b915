package brief

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"text/template"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/warehouse"
)

// Querier answers the queries of a template; a published warehouse is one.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (warehouse.Result, error)
}

// values are a template's queries with its parameters. Each query runs once.
type values struct {
	ctx     context.Context // lives as long as one rendering
	file    string
	on      Querier
	queries map[string]string
	lines   map[string]queryLine // where each of them stands in the file
	params  map[string]any
	done    map[string]warehouse.Result
	facts   *facts // nil where what values state is of no concern
}

type valueError struct{ what, do string }

// errEmpty says that there is no value; an expression may pass over it.
var errEmpty = &valueError{"値が空です", "調査票に値があるかを確かめてください。"}

// placeError is an error of another place of the template than the one that asked.
type placeError struct {
	where string
	error
}

func (e *placeError) Unwrap() error { return e.error }

func (e *valueError) Error() string { return e.what }

func asValueError(err error, into **valueError) bool { return errors.As(err, into) }

var parameter = regexp.MustCompile(`\$([a-z_][a-z0-9_]*)`)

// ParametersOf picks the parameters that a query names.
func ParametersOf(query string, all map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range parameter.FindAllStringSubmatch(query, -1) {
		if value, ok := all[m[1]]; ok {
			out[m[1]] = value
		}
	}
	return out
}

// rows answers a named query.
func (v *values) rows(name string) (warehouse.Result, error) {
	if r, ok := v.done[name]; ok {
		return r, nil
	}
	query, ok := v.queries[name]
	if !ok {
		return warehouse.Result{}, &valueError{"問合せ「" + name + "」がありません", "前書きの queries に書いてください。"}
	}
	for _, m := range parameter.FindAllStringSubmatch(query, -1) {
		if _, ok := v.params[m[1]]; !ok {
			return warehouse.Result{}, &valueError{
				"問合せ「" + name + "」の $" + m[1] + " の値がありません", "会議の設定の parameters に書いてください。",
			}
		}
	}
	var args []any
	for name, value := range ParametersOf(query, v.params) {
		args = append(args, warehouse.Named(name, value))
	}
	r, err := v.on.Query(v.ctx, query, args...)
	if err != nil {
		return warehouse.Result{}, &placeError{v.lines[name].of(v.file, err), &valueError{
			"問合せ「" + name + "」を実行できません（" + fault.Quote(err) + "）", "SQLを直してください。",
		}}
	}
	v.done[name] = r
	return r, nil
}

// value is one column of a query that answers with one row.
func (v *values) value(query, column string) (any, error) {
	r, err := v.rows(query)
	if err != nil {
		return nil, err
	}
	if len(r.Rows) == 0 {
		return nil, noRows(query)
	}
	if len(r.Rows) > 1 {
		return nil, &valueError{
			fmt.Sprintf("問合せ「%s」の結果が%d行あります（1行でなければなりません）", query, len(r.Rows)), "条件を足してください。",
		}
	}
	return v.cell(query, r, r.Rows[0], column)
}

func noRows(query string) error {
	return &valueError{"問合せ「" + query + "」の結果がありません", "年度や計画の指定と、調査票が提出されているかを確かめてください。"}
}

func (v *values) cell(query string, r warehouse.Result, row []any, column string) (any, error) {
	for i, c := range r.Columns {
		if c != column {
			continue
		}
		if row[i] == nil {
			return nil, &valueError{
				"問合せ「" + query + "」の「" + column + "」が空です",
				"調査票に値があるかを確かめてください。空のことがある値なら、問合せで coalesce(" + column +
					", …) のように、空のときのものを書いてください。",
			}
		}
		return v.track(query, r, row, i), nil
	}
	return nil, &valueError{"問合せ「" + query + "」に「" + column + "」の列がありません", "列の名前を確かめてください。"}
}

// functions that templates call.
func (v *values) functions() template.FuncMap {
	functions := template.FuncMap{
		"v": v.value,
		"param": func(name string) (any, error) {
			if p, ok := v.params[name]; ok {
				return p, nil
			}
			return nil, &valueError{"$" + name + " の値がありません", "会議の設定の parameters に書いてください。"}
		},
		"lines": lines, "spark": spark, "n": thousands, "dec": decimals, "share": share, "pct": percent,
		"wareki":   func(y any) (tracked, error) { return yearWord(y, fiscal.Wareki) },
		"short":    func(y any) (tracked, error) { return yearWord(y, fiscal.Short) },
		"plus":     func(a, b any) (tracked, error) { return combine(a, b, (*big.Rat).Add) },
		"minus":    func(a, b any) (tracked, error) { return combine(a, b, (*big.Rat).Sub) },
		"positive": func(a any) (bool, error) { return test(a, "0", func(c int) bool { return c > 0 }) },
		"choose":   choose, "trend": trend, "gap": gap, "allOrSome": allOrSome, "tenths": tenths,
	}
	for name, f := range comparisons() {
		functions[name] = f
	}
	return functions
}

// sparkMark stands around the values of a small line in a cell.
const sparkMark = '\uE003'

// spark draws values as a small line in a cell of a table; one that is missing is passed over.
func spark(vs ...any) (tracked, error) {
	parts := make([]string, len(vs))
	for i, v := range vs {
		if plain(v) == nil {
			continue
		}
		r, err := rat(v)
		if err != nil {
			return tracked{}, err
		}
		places, _ := r.FloatPrec()
		parts[i] = r.FloatString(places)
	}
	return tracked{text: string(sparkMark) + strings.Join(parts, ",") + string(sparkMark)}, nil
}

// cutSpark takes the values of a small line out of a cell's text.
func cutSpark(text string) (rest string, values []string) {
	before, inner, found := strings.Cut(text, string(sparkMark))
	if !found {
		return text, nil
	}
	inner, after, _ := strings.Cut(inner, string(sparkMark))
	return before + after, strings.Split(inner, ",")
}

// lines writes a list, an entry a line.
func lines(a any) (string, error) {
	list, ok := plain(a).([]any)
	if !ok {
		return "", &valueError{fmt.Sprintf("「%v」は並びではありません", a), "並びの列を指定してください。"}
	}
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = fmt.Sprint(x)
	}
	return strings.Join(out, "\n"), nil
}

func rat(a any) (*big.Rat, error) {
	a = plain(a)
	if a == nil {
		return nil, errEmpty
	}
	r, ok := new(big.Rat).SetString(fmt.Sprint(a))
	if !ok {
		return nil, &valueError{fmt.Sprintf("「%v」は数値ではありません", a), "数値の列を指定してください。"}
	}
	return r, nil
}

// thousands writes a number with commas by three and no needless decimals: 1383.000000 is 1,383.
func thousands(a any) (tracked, error) {
	r, err := rat(a)
	if err != nil {
		return tracked{}, err
	}
	places, exact := r.FloatPrec()
	if !exact {
		return tracked{}, &valueError{fmt.Sprintf("「%v」は割り切れません", a), "SQLで四捨五入してください。"}
	}
	t, err := printed(commas(r.FloatString(places)), nil, a)
	t.free = true
	return t, err
}

// decimals writes a number with a fixed number of decimals. It never rounds: rounding is the business of sql/macros.
func decimals(a, digits any) (tracked, error) {
	d, err := rat(digits)
	if err != nil {
		return tracked{}, err
	}
	places := int(d.Num().Int64())
	r, err := rat(a)
	if err != nil {
		return tracked{}, err
	}
	if n, exact := r.FloatPrec(); !exact || n > places {
		return tracked{}, &valueError{fmt.Sprintf("「%v」は小数第%d位で書けません", a, places), "SQLで四捨五入してください。"}
	}
	return printed(commas(r.FloatString(places)), nil, a)
}

func commas(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, fraction, found := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		whole += "." + fraction
	}
	return sign + whole
}

// share writes a share of a whole: one decimal, and a zero as 0%.
func share(a any) (tracked, error) {
	if r, err := rat(a); err == nil && r.Sign() == 0 {
		return printed("0%", nil, a)
	}
	return percent(a)
}

func percent(a any) (tracked, error) {
	t, err := decimals(a, 1)
	t.text += "%"
	return t, err
}

func yearWord(y any, word func(int) string) (tracked, error) {
	r, err := rat(y)
	if err != nil {
		return tracked{}, err
	}
	return printed(word(int(r.Num().Int64())), nil, y)
}

func combine(a, b any, f func(z, x, y *big.Rat) *big.Rat) (tracked, error) {
	x, err := rat(a)
	if err != nil {
		return tracked{}, err
	}
	y, err := rat(b)
	if err != nil {
		return tracked{}, err
	}
	z := f(new(big.Rat), x, y)
	n, _ := z.FloatPrec()
	text := z.FloatString(n)
	return tracked{text: text, value: warehouse.Number(text), from: origins(a, b)}, nil
}

func compare(a, b any) (int, error) {
	x, err := rat(a)
	if err != nil {
		return 0, err
	}
	y, err := rat(b)
	if err != nil {
		return 0, err
	}
	return x.Cmp(y), nil
}

func test(a, b any, holds func(int) bool) (bool, error) {
	c, err := compare(a, b)
	return holds(c), err
}

// choose gives the first word where a is above b, the second where below, the third where equal.
func choose(a, b, above, below, same any) (tracked, error) {
	c, err := compare(a, b)
	if err != nil {
		return tracked{}, err
	}
	word := same
	switch {
	case c > 0:
		word = above
	case c < 0:
		word = below
	}
	return printed(fmt.Sprint(word), nil, a, b)
}

// trend says how a share of good results moved from an earlier year: 改善, 低下, 横ばい.
func trend(now, before any) (tracked, error) {
	return choose(now, before, "改善", "低下", "横ばい")
}

// gap says how far a value is from its plan: を47人上回り, を8人下回り, と同数となり.
func gap(difference, unit any) (tracked, error) {
	r, err := rat(difference)
	if err != nil {
		return tracked{}, err
	}
	size, err := thousands(new(big.Rat).Abs(r).RatString())
	if err != nil {
		return tracked{}, err
	}
	return choose(difference, "0", fmt.Sprintf("を%v%v上回り", size, unit), fmt.Sprintf("を%v%v下回り", size, unit), "と同数となり")
}

// allOrSome says 全て where n is the whole, 一部 where it is a part of it, and nothing where it is none.
func allOrSome(n, whole any) (tracked, error) {
	if none, err := test(n, "0", func(c int) bool { return c <= 0 }); err != nil || none {
		return printed("", err, n, whole)
	}
	return choose(n, whole, "全て", "一部", "全て")
}

// tenths names the tenths that a percentage has reached: 93.3 is 9割以上, 100 is 全て, under 10 is 1割未満.
func tenths(a any) (tracked, error) {
	r, err := rat(a)
	if err != nil {
		return tracked{}, err
	}
	n := new(big.Int).Quo(r.Num(), new(big.Int).Mul(r.Denom(), big.NewInt(10))).Int64()
	switch {
	case n >= 10:
		return printed("全て", nil, a)
	case n < 1:
		return printed("1割未満", nil, a)
	}
	return printed(fmt.Sprintf("%d割以上", n), nil, a)
}
