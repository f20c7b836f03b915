// Command kyogikai turns the spreadsheets of a city's departments into the papers of its council committee.
package main

import (
	"context"
	"embed"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // a closed server may have no zone files

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/cli"
)

// project is used where the folder of --config has no files of its own.
//
//go:embed kyogikai.yaml sql templates
var project embed.FS

func main() {
	if _, err := bounded.Enter(os.Getenv); err != nil {
		fmt.Fprintln(os.Stderr, "失敗しました: 子プロセスの上限を設定できません。作った人に知らせてください。")
		os.Exit(1)
	}
	cli.CrashBySignal(os.Getenv)
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code := cli.Run(ctx, os.Args[1:], cli.World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Embedded: project, Clock: time.Now, Getenv: os.Getenv,
		Self: self,
	})
	stop()
	os.Exit(code)
}
