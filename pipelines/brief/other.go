package brief

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A table with a column for each symbol (marts.progress_table, marts.rating_table) counts what has a symbol without one
// in the column other, and names those symbols in other_symbols.
const (
	otherColumn  = "other"
	otherSymbols = "other_symbols"
	shareOf      = "_pct" // behind the name of a count, its share
)

var (
	columnShown = regexp.MustCompile(`\.([A-Za-z_][A-Za-z0-9_]*)`)
	valueShown  = regexp.MustCompile("\\bv\\s+[\"`]([^\"`]+)[\"`]\\s+[\"`]([A-Za-z_][A-Za-z0-9_]*)[\"`]")
	otherShown  = regexp.MustCompile(`\bother(_pct)?\b`)
)

// noneUnshown refuses a table or chart that sets out counts by symbol, or their shares, and not those of symbols
// without a column: what it shows would not be all there is. rows are those that it prints, templates what it prints
// of each, and its notes.
func (r *renderer) noneUnshown(where string, rows []map[string]any, templates []string) error {
	all := strings.Join(templates, " ")
	if otherShown.MatchString(all) {
		return nil
	}
	var own []string
	for _, m := range columnShown.FindAllStringSubmatch(all, -1) {
		own = append(own, m[1])
	}
	for _, row := range rows {
		if err := unshown(where, row, own); err != nil {
			return err
		}
	}
	named := map[string][]string{} // columns by the query that {{v "query" "column"}} names
	for _, m := range valueShown.FindAllStringSubmatch(all, -1) {
		named[m[1]] = append(named[m[1]], m[2])
	}
	for _, query := range slices.Sorted(maps.Keys(named)) {
		if _, there := r.values.queries[query]; !there {
			continue // told where it is used
		}
		dots, err := r.dots(where, query)
		if err != nil {
			return err
		}
		for _, row := range dots {
			if err := unshown(where, row, named[query]); err != nil {
				return err
			}
		}
	}
	return nil
}

// unshown refuses a row of which the counts of several symbols are printed, where it has others.
func unshown(where string, row map[string]any, columns []string) error {
	count, err := rat(row[otherColumn])
	if err != nil || count.Sign() <= 0 || !byGrade(row, columns) {
		return nil //nolint:nilerr // a row without the column has no others
	}
	return &Error{
		Where: where,
		What: fmt.Sprintf("記号%sの%s件を数える列が、ここにありません。このままでは、示した数の計が取組数に足りません",
			symbolsOf(row), count.RatString()),
		Do: "見出し「その他」などの列に {{n .other}}（構成比は {{share .other_pct}}）を足すか、sql/marts の表にその記号の列を足してください。",
	}
}

// byGrade reports whether more than one count that has a share, or share of a count, is printed.
func byGrade(row map[string]any, columns []string) bool {
	grades := map[string]bool{}
	for _, c := range columns {
		count := strings.TrimSuffix(c, shareOf)
		_, counted := row[count]
		_, shared := row[count+shareOf]
		if counted && shared {
			grades[count] = true
		}
	}
	return len(grades) > 1
}

// symbolsOf names the symbols without a column.
func symbolsOf(row map[string]any) string {
	list, _ := plain(row[otherSymbols]).([]any)
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, "「%v」", s)
	}
	return b.String()
}
