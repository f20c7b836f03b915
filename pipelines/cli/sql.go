package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/warehouse"
)

const tableRows = 200 // of a table on a terminal; files are never cut

// sqlOptions are the flags of sql.
type sqlOptions struct {
	format, file, output, encoding string
	run, before, memory            string
	timeout                        time.Duration
	comments, guard                bool
	params                         []string
	most                           int64 // bytes of memory, as memory says
	again                          bool  // the dialogue has begun in another process
}

func newSQL(o *options) *cobra.Command {
	var q sqlOptions
	c := &cobra.Command{
		Use: "sql [QUERY | @例 [引数=値…] | -]", Short: "いまのデータをSQLで見る（読むだけ）",
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
			s, h, err := o.asSession()
			if err != nil {
				return err
			}
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
			q.settle(env.Settings.Limits, c.Flags().Changed)
			switch {
			case h != nil:
				return o.within(c, args, env, q, talks, s, h)
			case o.Self != "":
				return o.supervise(c.Context(), env, q, talks)
			}
			folder, err := warehouse.SessionFolder(env.WarehouseDir())
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder) //nolint:errcheck // the next session removes it
			return o.answer(c, args, env, q, talks, &desk{o: o, env: env}, folder)
		},
	}
	f := c.Flags()
	f.StringVar(&q.format, "format", "table", "出力の形: "+sqlFormatNames(", "))
	f.StringVarP(&q.output, "output", "o", "", "結果を書くファイル（形は名前の終わりで決まる）")
	f.StringVarP(&q.file, "file", "f", "", "SQLのファイル")
	f.StringVar(&q.encoding, "encoding", "utf-8-bom", "csv の文字コード: "+strings.Join(result.Encodings, ", "))
	addGuardFlag(c, &q.guard)
	f.StringArrayVar(&q.params, "param", nil, "SQLの $名前 に入れる値（例: --param year=2024）")
	f.StringVar(&q.run, "run", "", "見る実行（番号、前回、先月、2026-10）。なければいまのデータ")
	f.StringVar(&q.before, "before", "", "比べる前の実行。SQLでは before.marts.表 と書く")
	usual := limits.Default()
	f.DurationVar(&q.timeout, "timeout", usual.SQLTime, "打ち切るまでの時間（設定の sql_time でも変えられる）")
	f.StringVar(&q.memory, "memory", limits.Amount(limits.Bytes, usual.SQLMemory), "使うメモリの上限（設定の sql_memory でも変えられる）")
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
	case bytesOf(q.memory) == 0:
		return usageError{"--memory は 500MB や 2GB のように書いてください"}
	}
	return nil
}

// settle takes what the command line does not say from the table of limits.
func (q *sqlOptions) settle(set limits.Set, said func(flag string) bool) {
	if !said("timeout") {
		q.timeout = set.SQLTime
	}
	if q.most = set.SQLMemory; said("memory") {
		q.most = bytesOf(q.memory)
	}
}

var memoryForm = regexp.MustCompile(`^(\d+(?:\.\d+)?)\s*([KMG])i?B$`)

// bytesOf reads 500MB; 0 where it is none.
func bytesOf(memory string) int64 {
	m := memoryForm.FindStringSubmatch(memory)
	if m == nil {
		return 0
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0
	}
	return int64(n * float64(map[string]int64{"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}[m[2]]))
}

// within answers in the process that a supervisor has started for it.
func (o *options) within(
	c *cobra.Command, args []string, env project.Env, q sqlOptions, talks bool, s session, h host,
) error {
	if s.State.Again {
		q.run, q.before, q.comments, q.again = s.State.Run, s.State.Before, s.State.Comments, true
	}
	err := o.answer(c, args, env, q, talks, h, s.Folder)
	if code := codeError(0); errors.As(err, &code) && code == again {
		return err
	}
	return codeError(told + o.exitCode(c.Context(), c.Root(), err))
}

// answer answers in this process.
func (o *options) answer(
	c *cobra.Command, args []string, env project.Env, q sqlOptions, talks bool, h host, folder string,
) error {
	a, err := newQuerier(c.Context(), o, env, q, h, folder)
	if err != nil {
		return err
	}
	if _, ours := h.(*desk); ours { // else the process ends with the session, and has nothing to put in order
		defer a.close()
	}
	if talks {
		return a.shell(c.Context())
	}
	return o.oneShot(c, a, args)
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
	if len(args) > 0 && dotCommand.MatchString(args[0]) { // what messages say to look things up with
		return a.command(ctx, strings.Fields(strings.Join(args, " ")))
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
