package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"

	"kyogikai/pipelines/warehouse"
)

const (
	tableRows    = 200 // of a table on a terminal; files are never cut
	tableColumn  = 40  // widest column of a table
	queryTimeout = 5 * time.Minute
)

func newSQL(o *options) *cobra.Command {
	var format, file string
	var timeout time.Duration
	c := &cobra.Command{
		Use: "sql [QUERY | -]", Short: "公表済みの値をSQLで見る（読むだけ）", Args: atMost(1),
		Long: `
QUERY が - のときは標準入力から読む。結果は標準出力に、注意書きは標準エラー出力に出る。

例: kyogikai sql "SELECT * FROM marts.initiative_tally WHERE pillar = '計'"
    kyogikai sql --format csv "FROM marts.finance_indicators" > 指標.csv
`,
		RunE: func(c *cobra.Command, args []string) error {
			query, err := o.query(args, file)
			if err != nil {
				return err
			}
			if o.json && !c.Flags().Changed("format") {
				format = "json"
			}
			write, ok := map[string]func(warehouse.Result) error{
				"table": o.sqlTable, "csv": o.sqlCSV, "json": o.sqlJSON,
			}[format]
			if !ok {
				return usageError{"--format は table、csv、json のいずれかです"}
			}
			return o.runSQL(c.Context(), query, timeout, write)
		},
	}
	c.Flags().StringVar(&format, "format", "table", "出力の形: table, csv, json")
	c.Flags().StringVarP(&file, "file", "f", "", "SQLのファイル")
	c.Flags().DurationVar(&timeout, "timeout", queryTimeout, "打ち切るまでの時間")
	return c
}

func (o *options) query(args []string, file string) (string, error) {
	switch {
	case file != "" && len(args) > 0:
		return "", usageError{"QUERY と -f はどちらか一つにしてください"}
	case file != "":
		data, err := os.ReadFile(file)
		if err != nil {
			return "", usageError{"SQLのファイルを読めません: " + file}
		}
		return string(data), nil
	case len(args) == 0:
		return "", usageError{"QUERY を書いてください。例: kyogikai sql \"FROM marts.yearly\""}
	case args[0] == "-":
		data, err := io.ReadAll(o.Stdin)
		if err != nil {
			return "", fmt.Errorf("reading the query: %w", err)
		}
		return string(data), nil
	}
	return args[0], nil
}

func (o *options) runSQL(ctx context.Context, query string, timeout time.Duration, write func(warehouse.Result) error) error {
	_, db, err := o.published(ctx)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // read only
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r, err := db.Query(limited, query)
	if errors.Is(limited.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%v を過ぎたので打ち切りました。条件を絞るか、--timeout を延ばしてください", timeout)
	}
	if err != nil {
		return fmt.Errorf("SQLを実行できません（読むだけで、変更や外部のファイルへの接続はできません）\n%w", err)
	}
	return write(r)
}

// sqlTable prints an aligned table; full-width characters count two columns.
func (o *options) sqlTable(r warehouse.Result) error {
	shown := r.Rows[:min(len(r.Rows), tableRows)]
	cells := [][]string{r.Columns}
	for _, row := range shown {
		line := make([]string, len(row))
		for i, v := range row {
			line[i] = shorten(strings.ReplaceAll(text(v), "\n", "⏎"))
		}
		cells = append(cells, line)
	}
	widths := make([]int, len(r.Columns))
	for _, line := range cells {
		for i, c := range line {
			widths[i] = max(widths[i], uniseg.StringWidth(c))
		}
	}
	for n, line := range cells {
		var b strings.Builder
		for i, c := range line {
			pad := strings.Repeat(" ", widths[i]-uniseg.StringWidth(c))
			if _, numeric := value(shown, n-1, i).(warehouse.Number); numeric {
				c, pad = pad+c, ""
			}
			b.WriteString(c + pad + "  ")
		}
		fmt.Fprintln(o.Stdout, strings.TrimRight(b.String(), " "))
		if n == 0 {
			fmt.Fprintln(o.Stdout, rule(widths))
		}
	}
	if len(r.Rows) > len(shown) {
		fmt.Fprintf(o.Stderr, "%d行のうち%d行を示しました。すべては --format csv で出せます。\n", len(r.Rows), len(shown))
	}
	return nil
}

func value(rows [][]any, i, j int) any {
	if i < 0 {
		return nil
	}
	return rows[i][j]
}

func rule(widths []int) string {
	var out []string
	for _, w := range widths {
		out = append(out, strings.Repeat("-", w))
	}
	return strings.Join(out, "  ")
}

// padded fills a text up to a width in columns of a terminal.
func padded(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-uniseg.StringWidth(s)))
}

func shorten(s string) string {
	if uniseg.StringWidth(s) <= tableColumn {
		return s
	}
	w := 0
	for i, r := range s {
		if w += uniseg.StringWidth(string(r)); w > tableColumn-1 {
			return s[:i] + "…"
		}
	}
	return s
}

func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case warehouse.Number:
		return string(v)
	case bool:
		return fmt.Sprint(v)
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.DateTime)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}

func (o *options) sqlCSV(r warehouse.Result) error {
	w := csv.NewWriter(o.Stdout)
	if err := w.Write(r.Columns); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	for _, row := range r.Rows {
		line := make([]string, len(row))
		for i, v := range row {
			line[i] = text(v)
		}
		if err := w.Write(line); err != nil {
			return fmt.Errorf("writing CSV: %w", err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

// sqlJSON prints an array of objects, keys in the order of the columns. Numbers are exact: their digits are printed.
func (o *options) sqlJSON(r warehouse.Result) error {
	fmt.Fprint(o.Stdout, "[")
	for i, row := range r.Rows {
		if i > 0 {
			fmt.Fprint(o.Stdout, ",")
		}
		fmt.Fprint(o.Stdout, "\n{")
		for j, v := range row {
			key, err := json.Marshal(r.Columns[j])
			if err != nil {
				return fmt.Errorf("writing JSON: %w", err)
			}
			val, err := json.Marshal(jsonValue(v))
			if err != nil {
				return fmt.Errorf("writing JSON: %w", err)
			}
			if j > 0 {
				fmt.Fprint(o.Stdout, ",")
			}
			fmt.Fprintf(o.Stdout, "%s:%s", key, val)
		}
		fmt.Fprint(o.Stdout, "}")
	}
	fmt.Fprintln(o.Stdout, "\n]")
	return nil
}

func jsonValue(v any) any {
	if n, ok := v.(warehouse.Number); ok {
		return json.Number(n)
	}
	return v
}
