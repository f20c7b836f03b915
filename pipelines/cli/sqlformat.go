package cli

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/chzyer/readline"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/warehouse"
)

// sqlFormat is a form in which a result is written. Whatever differs between them stands here.
type sqlFormat struct {
	name   string   // as --format names it
	ends   []string // the endings of files that ask for it
	file   bool     // to a file alone
	data   bool     // for programs: nothing in it is made printable but on a terminal
	asking warehouse.For
	write  func(a *querier, w io.Writer, rows *warehouse.Rows, query string) (int, error)
	// toPath is set where a library writes the file by its path.
	toPath func(ctx context.Context, path string, rows *warehouse.Rows) (int, error)
}

var sqlFormats = []sqlFormat{
	{name: "table", ends: []string{"txt", "table"}, write: (*querier).table},
	{name: "csv", ends: []string{"csv"}, data: true, write: func(
		a *querier, w io.Writer, rows *warehouse.Rows, _ string,
	) (int, error) {
		n, guarded, err := a.csv(w, rows)
		a.o.tellGuarded(guarded)
		return n, err
	}},
	{name: "json", ends: []string{"json"}, data: true, write: func(
		_ *querier, w io.Writer, rows *warehouse.Rows, _ string,
	) (int, error) {
		return result.JSON(w, rows.Columns, rows)
	}},
	{name: "xlsx", ends: []string{"xlsx"}, file: true, write: (*querier).workbook},
	{name: "parquet", ends: []string{"parquet"}, file: true, asking: warehouse.ForParquet, toPath: warehouse.WriteParquet},
	{name: "md", ends: []string{"md"}, write: func(_ *querier, w io.Writer, rows *warehouse.Rows, _ string) (int, error) {
		return result.Markdown(w, rows.Columns, rows)
	}},
}

// sqlFormatOf finds a format by its name.
func sqlFormatOf(name string) (sqlFormat, error) {
	i := slices.IndexFunc(sqlFormats, func(f sqlFormat) bool { return f.name == name })
	if i < 0 {
		return sqlFormat{}, usageError{"--format は " + sqlFormatNames("、") + " のいずれかです"}
	}
	return sqlFormats[i], nil
}

// sqlFormatFor finds the format that the ending of a file asks for; ok is false where none does.
func sqlFormatFor(ending string) (name string, ok bool) {
	i := slices.IndexFunc(sqlFormats, func(f sqlFormat) bool { return slices.Contains(f.ends, ending) })
	if i < 0 {
		return "", false
	}
	return sqlFormats[i].name, true
}

func sqlFormatNames(between string) string {
	out := ""
	for i, f := range sqlFormats {
		if i > 0 {
			out += between
		}
		out += f.name
	}
	return out
}

// table writes a result for a person: on a terminal no wider than that, and no more than the first rows.
func (a *querier) table(w io.Writer, rows *warehouse.Rows, _ string) (int, error) {
	var how result.TableOptions
	if a.o.terminal() && w == a.screen {
		how = result.TableOptions{Width: readline.GetScreenWidth(), Rows: tableRows}
	}
	n, more, err := result.Table(w, how, rows.Columns, rows)
	if more {
		printable.Fprintf(a.o.Stderr, "初めの%d行だけを示しました。すべては -o 結果.csv で出せます。\n", n)
	}
	return n, err
}

// csv writes a result as CSV, and counts the texts that are guarded from Excel.
func (a *querier) csv(w io.Writer, rows *warehouse.Rows) (n, guarded int, err error) {
	how := result.CSVOptions{Encoding: a.opts.encoding, Guard: a.opts.guard, Guarded: &guarded}
	n, err = result.CSV(w, how, rows.Columns, rows)
	return n, guarded, err
}

// tellGuarded says that texts of a CSV are not quite what they were.
func (o *options) tellGuarded(n int) {
	if n > 0 {
		printable.Fprintf(o.Stderr, "注意: エクセルが式とみなす文字%d件の先頭に ' を付けました（付けないなら --excel-guard=false）。\n", n)
	}
}

// workbook writes a result as a workbook that says where it comes from.
func (a *querier) workbook(w io.Writer, rows *warehouse.Rows, query string) (int, error) {
	return result.XLSX(w, rows.Columns, rows.Types, rows, [][2]string{
		{"実行", a.session.Run}, {"出した日時", a.env.Clock().Format(time.DateTime)}, {"SQL", query},
	})
}
