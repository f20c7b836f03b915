// Package cli is the command line: one file a verb.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
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
  1    失敗した（いまのデータは変わらない）
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
	Self           string // the program's file, which children are started from; "" in tests that need none
}

// options are the flags that every verb has.
type options struct {
	World
	args                          []string // the whole command line
	config, inputs, outputs, asOf string
	logFormat                     string
	json, verbose, debug          bool
	logging                       bool // the verb runs unattended: what it does goes to the log
	begins                        bool // the verb makes the settings where there are none
	patience                      atomic.Int64
	// behind the doors that make what is written to World's printable: for data that programs read, for child processes,
	// and for what moves the cursor
	rawStdout, rawStderr io.Writer
}

// codeError carries an exit code out of a verb that has already said what it had to say.
type codeError int

func (e codeError) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// usageError is a mistake in the command line.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

// Run runs one command line and returns its exit code.
func Run(ctx context.Context, args []string, w World) int {
	o := &options{World: w, args: args, rawStdout: w.Stdout, rawStderr: w.Stderr}
	stdout, stderr := printable.NewWriter(w.Stdout), newStderr(w, asksForJSON(args))
	o.Stdout, o.Stderr = stdout, stderr
	defer atMostFor(lastWords, func() { _ = errors.Join(stdout.Flush(), stderr.Flush()) }) // half a character
	root := &cobra.Command{
		Use: "kyogikai", Version: release + "（構築 " + version() + "）",
		Short: "課の調査票から総務協議会資料を作る",
		Long: `課の調査票（xlsx・xls・ods・csv）を読み、DuckDBに集め、SQLで計算し、総務協議会資料（PDF）を作る。

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
	f.StringVar(&o.logFormat, "log-format", logText, "標準エラー出力の形: "+logText+", "+logJSON+"（一行に一つのJSON）")
	if asksForJSON(args) {
		o.logFormat = logJSON
	}
	f.BoolVarP(&o.verbose, "verbose", "v", false, "実行の様子を詳しく出す")
	f.BoolVar(&o.debug, "debug", false, "（開発者向け）失敗の内容を英語でも出す")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageError{flagMistake(c, err.Error())} })
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if err := o.checkLogFormat(); err != nil {
			return err
		}
		return o.refuseForeign(c, os.Geteuid())
	}
	root.SetOut(o.Stdout)
	root.SetErr(o.Stderr)
	root.SetVersionTemplate("kyogikai {{.Version}}\n")
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpCommand(&cobra.Command{Hidden: true})
	root.AddCommand(
		newCollect(o), newLoad(o), newCheck(o), newBrief(o), newConfirm(o), newFinal(o), newCompare(o), newQuestions(o),
		newNightly(o), newServe(o), newSQL(o), newExport(o), newTrace(o), newDiff(o), newErrata(o), newStatus(o), newParse(o),
		newForm(o), newInit(o), newNew(o), newPostpone(o), newLimits(o), newWorker(o),
	)
	for _, c := range append(root.Commands(), below(root)...) {
		c.Long = c.Short + "\n" + c.Long + exitHelp
		c.DisableFlagsInUseLine = true
		c.Flags().BoolP("help", "h", false, "この説明を出す")
	}
	root.Flags().BoolP("help", "h", false, "この説明を出す")
	root.Flags().Bool("version", false, "版を出す")
	root.SetArgs(args)
	return o.exitCode(ctx, root, o.execute(ctx, root))
}

// exitCode tells an error to the person at the terminal and gives its code.
func (o *options) exitCode(ctx context.Context, root *cobra.Command, err error) int {
	if err == nil {
		return exitDone
	}
	var code codeError
	if errors.As(err, &code) {
		return int(code)
	}
	says, exit := o.mistake(ctx, root, err)
	atMostFor(lastWords, func() {
		if o.logFormat == logJSON {
			o.logger(time.Local).Error(says, "exit_code", exit)
			return
		}
		door := printable.NewWriter(o.rawStderr) // what was left where it did not stop may stand in the other for ever
		printable.Fprintln(door, printable.Block(says))
		if o.debug && exit != exitUsage {
			printable.Fprintf(door, "debug: %s\n", printable.Block(err.Error()))
		}
	})
	return exit
}

// lastWords is how long the end of a process waits for whoever reads what it says last.
const lastWords = 5 * time.Second

// atMostFor does something, and leaves it where it takes longer.
func atMostFor(d time.Duration, do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	select {
	case <-done:
	case <-time.After(d):
	}
}

// mistake is what a person is told of an error, and its code.
func (o *options) mistake(ctx context.Context, root *cobra.Command, err error) (says string, exit int) {
	var usage usageError
	var locked *runs.LockedError
	var noRun *warehouse.NoRunError
	var query *result.QueryError
	switch {
	case ctx.Err() != nil:
		return "中断しました。いまのデータは変わりません。", exitInterrupted
	case errors.As(err, &usage):
		return "使い方が違います: " + usage.text + "\n使い方は kyogikai --help で見られます。", exitUsage
	case unknownCommand(err):
		return "使い方が違います: " + commandMistake(root, err) + "\n使い方は kyogikai --help で見られます。", exitUsage
	case errors.As(err, &query):
		return query.Error(), exitFailed
	case errors.As(err, &locked):
		return locked.Error(), exitLocked
	case errors.As(err, &noRun):
		return noRun.Error(), exitUsage
	case errors.Is(err, warehouse.ErrNothingPublished):
		return runs.NothingPublished(o.outputsDir()).Error(), exitFailed
	}
	if fault.NoMemory(err) {
		return "失敗しました: " + fault.ShortOfMemory, exitFailed
	}
	says = "失敗しました: " + fault.Text(err)
	if fault.Text(err) == fault.Unforeseen && !o.debug {
		says += "。--debug を付けて実行し、出たものを作った人に知らせてください。"
	}
	return says, exitFailed
}

func atMost(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return usageError{fmt.Sprintf("引数が多すぎます: %q", args[n:])}
		}
		return nil
	}
}
