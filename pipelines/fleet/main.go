// Command fleet reads the workbooks of many municipalities on many machines: a job a municipality in a queue on
// PostgreSQL, an S3-compatible store between the machines, and the city's own program to read and to publish.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"
)

const usage = `使い方: kyogikai-fleet 命令 [--旗 値 …] 実行名
  start  実行名   保管庫の inputs/ にある自治体ごとに、一つの仕事を並べる
  work            仕事を受けて調査票を読む（止めるまで続ける。何台でもよい）
  status 実行名   どこまで済んだか
  merge  実行名   すべて済むのを待ち、まとめて更新する（kyogikai load --merge）

場所は環境変数で示す:
  KYOGIKAI_FLEET_DATABASE   postgres://利用者:合言葉@サーバ/データベース
  KYOGIKAI_FLEET_STORE      https://サーバ/バケット（S3互換。鍵は AWS_ACCESS_KEY_ID と AWS_SECRET_ACCESS_KEY）
`

// exit codes are those of the city's program.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitFindings    = 3
	exitInterrupted = 130
)

// fleet is what every verb needs from outside.
type fleet struct {
	database string
	store    *store
	log      *slog.Logger
	out, err io.Writer

	program string        // the city's program
	config  string        // its settings; templates and sql stand beside them
	outputs string        // where merge publishes
	jobs    int           // at a time in one worker
	longest time.Duration // that one job may take
	settle  time.Duration // between looks at the queue
}

var runName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	var ended *exitError
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(exitDone)
	case errors.As(err, &ended):
		os.Exit(ended.code)
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "中断しました")
		os.Exit(exitInterrupted)
	default:
		fmt.Fprintln(os.Stderr, "失敗しました:", err)
		os.Exit(exitFailed)
	}
}

// exitError ends the program with a code; what there is to say is said.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// run does one verb.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	f := &fleet{
		out: stdout, err: stderr, log: slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	flags := flag.NewFlagSet("kyogikai-fleet", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage, "\n旗:\n")
		flags.PrintDefaults()
	}
	flags.StringVar(&f.program, "kyogikai", "kyogikai", "本体のプログラム")
	flags.StringVar(&f.config, "config", "kyogikai.yaml", "本体の設定。すべての機械で同じものを使う")
	flags.StringVar(&f.outputs, "outputs", "outputs", "merge で更新するフォルダ")
	flags.IntVar(&f.jobs, "jobs", 1, "work で一度に行う仕事の数（一つの仕事がすべてのコアを使う）")
	flags.DurationVar(&f.longest, "longest", 30*time.Minute, "一つの仕事に掛けてよい時間。これを過ぎても終わらない仕事は、ほかの機械がやり直す")
	flags.DurationVar(&f.settle, "look", 2*time.Second, "merge が仕事の様子を見る間隔")
	wrong := func(what string) error {
		fmt.Fprintln(stderr, what)
		fmt.Fprint(stderr, usage)
		return &exitError{exitUsage}
	}
	if len(args) == 0 {
		return wrong("命令を書いてください")
	}
	if args[0] == "-h" || args[0] == "--help" {
		flags.Usage()
		return flag.ErrHelp
	}
	verb := args[0]
	if err := flags.Parse(args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return &exitError{exitUsage}
	}
	verbs := map[string]func(context.Context, string) error{"start": f.start, "status": f.status, "merge": f.merge}
	do, named := verbs[verb]
	switch {
	case verb == "work" && flags.NArg() == 0:
		do = func(ctx context.Context, _ string) error { return f.work(ctx) }
	case !named:
		return wrong("命令「" + verb + "」はありません")
	case flags.NArg() != 1 || !runName.MatchString(flags.Arg(0)):
		return wrong("実行名を一つ、英数字で書いてください（例: " + verb + " 2026-11-22）")
	}
	if f.database = getenv("KYOGIKAI_FLEET_DATABASE"); f.database == "" {
		return wrong("KYOGIKAI_FLEET_DATABASE にデータベースの場所を書いてください")
	}
	var err error
	if f.store, err = openStore(
		getenv("KYOGIKAI_FLEET_STORE"), getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"),
	); err != nil {
		return wrong(err.Error())
	}
	return do(ctx, flags.Arg(0))
}
