// Package cli is the command line: one file a verb.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// Exit codes, the same for every verb.
const (
	exitDone        = 0
	exitFailed      = 1 // nothing was published
	exitUsage       = 2
	exitFindings    = 3 // done, but findings of severity error remain
	exitLocked      = 4
	exitInterrupted = 130
)

const exitHelp = `
終了コード:
  0    終わった
  1    失敗した（公表済みのファイルは変わらない）
  2    使い方が違う
  3    終わったが、誤り（error）の指摘が残っている
  4    別の実行が動いている
  130  中断された`

// usageTemplate is cobra's own, in Japanese.
const usageTemplate = `使い方:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} <命令> [指定]{{else}}{{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}

命令:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

指定:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableInheritedFlags}}

共通の指定:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableSubCommands}}

命令ごとの説明は {{.CommandPath}} <命令> --help で見られる。{{end}}
`

// World is what the program meets outside itself.
type World struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Embedded       fs.FS
	Clock          func() time.Time
	Getenv         func(string) string
}

// options are the flags that every verb has.
type options struct {
	World
	config, inputs, outputs, asOf string
	json, verbose                 bool
	logging                       bool // the verb runs unattended: what it does goes to the log
}

// codeError carries an exit code out of a verb that has already said what it had to say.
type codeError int

func (e codeError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// usageError is a mistake in the command line.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// Run runs one command line and returns its exit code.
func Run(ctx context.Context, args []string, w World) int {
	o := &options{World: w}
	root := &cobra.Command{
		Use:   "kyogikai",
		Short: "課の調査票から総務協議会資料を作る",
		Long: `課の調査票（xlsx・xls・csv）を読み、DuckDBに集め、SQLで計算し、総務協議会資料（PDF）を作る。

はじめに: kyogikai brief          次の会議の資料を outputs/briefs/ に作る
          kyogikai check          直すべき調査票を課ごとに示す
          kyogikai sql "QUERY"    集めた値をSQLで見る`,
		SilenceErrors: true, SilenceUsage: true, CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	f := root.PersistentFlags()
	f.StringVar(&o.config, "config", project.SettingsFile, "設定ファイル。そのフォルダの templates と sql を使う")
	f.StringVar(&o.inputs, "inputs", "", "調査票のフォルダ（既定は設定ファイルの隣の inputs）")
	f.StringVar(&o.outputs, "outputs", "", "作ったものを置くフォルダ（既定は設定ファイルの隣の outputs）")
	f.StringVar(&o.asOf, "as-of", "", "今日とみなす日（例: 2025-10-01）")
	f.BoolVar(&o.json, "json", false, "JSONで一行ずつ出力する")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "実行の様子を詳しく出す")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err.Error()} })
	root.SetOut(w.Stdout)
	root.SetErr(w.Stderr)
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpCommand(&cobra.Command{Hidden: true})
	root.AddCommand(newCollect(o), newLoad(o), newCheck(o), newBrief(o), newConfirm(o), newFinal(o), newCompare(o), newQuestions(o), newNightly(o), newServe(o), newSQL(o), newExport(o), newTrace(o), newDiff(o), newErrata(o), newStatus(o), newParse(o), newForm(o))
	for _, c := range root.Commands() {
		c.Long = c.Short + "\n" + c.Long + exitHelp
		c.DisableFlagsInUseLine = true
		c.Flags().BoolP("help", "h", false, "この説明を出す")
	}
	root.Flags().BoolP("help", "h", false, "この説明を出す")
	root.SetArgs(args)
	return exitCode(ctx, w.Stderr, root.ExecuteContext(ctx))
}

// exitCode tells an error to the person at the terminal and gives its code.
func exitCode(ctx context.Context, stderr io.Writer, err error) int {
	var code codeError
	var usage usageError
	var locked *runs.LockedError
	var noRun *warehouse.NoRunError
	var query *result.QueryError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "中断しました。公表済みのファイルは変わりません。")
		return exitInterrupted
	case errors.As(err, &usage), isUsage(err):
		fmt.Fprintf(stderr, "使い方が違います: %v\n使い方は kyogikai --help で見られます。\n", err)
		return exitUsage
	case errors.As(err, &query):
		fmt.Fprintln(stderr, query.Error())
		return exitFailed
	case errors.As(err, &locked):
		fmt.Fprintln(stderr, locked.Error())
		return exitLocked
	case errors.As(err, &noRun):
		fmt.Fprintln(stderr, noRun.Error())
		return exitUsage
	case errors.Is(err, warehouse.ErrNothingPublished):
		fmt.Fprintln(stderr, "まだ何も公表されていません。先に kyogikai load を実行してください。")
		return exitFailed
	}
	fmt.Fprintf(stderr, "失敗しました: %v\n", err)
	return exitFailed
}

// isUsage recognises cobra's own complaints, which have no type.
func isUsage(err error) bool {
	var unknown string
	_, scanErr := fmt.Sscanf(err.Error(), "unknown command %q", &unknown)
	return scanErr == nil
}

func atMost(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return usageError{fmt.Sprintf("引数が多すぎます: %q", args[n:])}
		}
		return nil
	}
}

func (o *options) logger(zone *time.Location) *slog.Logger {
	level := slog.LevelWarn
	if o.logging {
		level = slog.LevelInfo
	}
	if o.verbose {
		level = slog.LevelDebug
	}
	return slog.New(lineHandler{w: o.Stderr, level: level, clock: func() time.Time { return o.Clock().In(zone) }, mu: &sync.Mutex{}})
}
