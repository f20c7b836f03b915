package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"kyogikai/pipelines/result"
)

const (
	tableRows    = 200 // of a table on a terminal; files are never cut
	queryTimeout = 5 * time.Minute
)

// sqlOptions are the flags of sql.
type sqlOptions struct {
	format, file, output, encoding string
	run, before, memory            string
	timeout                        time.Duration
	comments, guard                bool
	params                         []string
}

func newSQL(o *options) *cobra.Command {
	var q sqlOptions
	c := &cobra.Command{
		Use: "sql [QUERY | @例 [引数=値…] | -]", Short: "公表済みの値をSQLで見る（読むだけ）",
		Long: `
QUERY を書かずに端末で実行すると、対話になる（.help で使い方）。- のときは標準入力から読む。
結果は標準出力に、注意書きは標準エラー出力に出る。xlsx と parquet は -o でファイルに出す。

はじめに: kyogikai sql @examples                使える例の一覧
          kyogikai sql @課ごとの達成状況        例を実行する
          kyogikai sql "FROM marts.submissions"  表をそのまま見る
          kyogikai sql -o 指標.xlsx "FROM marts.indicator_years"
表と列の説明: docs/データ辞書.md　　手引: docs/分析手引.md
`,
		RunE: func(c *cobra.Command, args []string) error {
			if o.json && !c.Flags().Changed("format") {
				q.format = "json"
			}
			if !c.Flags().Changed(guardFlag) {
				q.guard = result.ForExcel(q.encoding)
			}
			if err := q.check(c.Flags().Changed("format")); err != nil {
				return err
			}
			talks := len(args) == 0 && q.file == "" && o.interactive()
			if len(args) == 0 && q.file == "" && !talks {
				return usageError{noQuery}
			}
			env, err := o.env()
			if err != nil {
				return err
			}
			a, err := newQuerier(c.Context(), o, env, q)
			if err != nil {
				return err
			}
			defer a.close()
			if talks {
				return a.shell(c.Context())
			}
			return o.oneShot(c, a, args)
		},
	}
	f := c.Flags()
	f.StringVar(&q.format, "format", "table", "出力の形: "+sqlFormatNames(", "))
	f.StringVarP(&q.output, "output", "o", "", "結果を書くファイル（形は名前の終わりで決まる）")
	f.StringVarP(&q.file, "file", "f", "", "SQLのファイル")
	f.StringVar(&q.encoding, "encoding", "utf-8-bom", "csv の文字コード: "+strings.Join(result.Encodings, ", "))
	addGuardFlag(c, &q.guard)
	f.StringArrayVar(&q.params, "param", nil, "SQLの $名前 に入れる値（例: --param year=2024）")
	f.StringVar(&q.run, "run", "", "見る実行（番号、前回、先月、2026-10）。なければ公表中のもの")
	f.StringVar(&q.before, "before", "", "比べる前の実行。SQLでは before.marts.表 と書く")
	f.DurationVar(&q.timeout, "timeout", queryTimeout, "打ち切るまでの時間")
	f.StringVar(&q.memory, "memory", "1GB", "使うメモリの上限")
	f.BoolVar(&q.comments, "comments", false, "結果の列の説明も示す")
	return c
}

// guardFlag keeps Excel from taking texts of a CSV for formulas.
const guardFlag = "excel-guard"

func addGuardFlag(c *cobra.Command, guard *bool) {
	c.Flags().BoolVar(guard, guardFlag, true,
		"csv で、= + - @ などで始まる文字の先頭に ' を付け、エクセルに式と取らせない（数値は変えない。utf-8 では付けない）")
}

const noQuery = "QUERY を書いてください。例: kyogikai sql \"FROM marts.yearly\"　例の一覧: kyogikai sql @examples"

// interactive reports whether a person sits at both ends.
func (o *options) interactive() bool {
	in, isFile := o.Stdin.(*os.File)
	return isFile && isatty.IsTerminal(in.Fd()) && o.terminal()
}

// terminal reports whether results go to a terminal.
func (o *options) terminal() bool {
	out, isFile := o.rawStdout.(*os.File)
	return isFile && isatty.IsTerminal(out.Fd())
}

func (q *sqlOptions) check(formatSet bool) error {
	if ending := strings.TrimPrefix(filepath.Ext(q.output), "."); q.output != "" && !formatSet {
		name, ok := sqlFormatFor(ending)
		if !ok {
			return usageError{"-o のファイル名の終わりを .csv .json .xlsx .parquet .md .txt のどれかにするか、--format を書いてください"}
		}
		q.format = name
	}
	format, err := sqlFormatOf(q.format)
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains(result.Encodings, q.encoding):
		return usageError{"--encoding は " + strings.Join(result.Encodings, "、") + " のいずれかです"}
	case q.output == "" && format.file:
		return usageError{"--format " + q.format + " は -o でファイルの名前を書いてください"}
	case q.timeout <= 0:
		return usageError{"--timeout は 30s や 5m のように書いてください"}
	case !memoryForm.MatchString(q.memory):
		return usageError{"--memory は 500MB や 2GB のように書いてください"}
	}
	return nil
}

// oneShot answers the query of the command line.
func (o *options) oneShot(c *cobra.Command, a *querier, args []string) error {
	ctx := c.Context()
	if len(args) > 0 && strings.HasPrefix(args[0], "@") {
		if args[0] == "@examples" || args[0] == "@" {
			return a.listExamples()
		}
		return a.runExample(
			ctx, strings.TrimPrefix(args[0], "@"), append(slices.Clone(a.opts.params), args[1:]...), a.opts.output,
		)
	}
	if err := atMost(1)(c, args); err != nil {
		return err
	}
	query, err := o.query(args, a.opts.file)
	if err != nil {
		return err
	}
	values, err := params(a.opts.params)
	if err != nil {
		return err
	}
	return a.ask(ctx, query, values, a.opts.output)
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
		return result.DecodeSQL(data), nil
	case len(args) == 0:
		return "", usageError{noQuery}
	case args[0] == "-":
		data, err := io.ReadAll(o.Stdin)
		if err != nil {
			return "", fmt.Errorf("reading the query: %w", err)
		}
		return result.DecodeSQL(data), nil
	}
	return args[0], nil
}
