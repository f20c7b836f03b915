// Command kyogikai turns the spreadsheets of a city's departments into the papers of its council committee.
package main

import (
	"context"
	"embed"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // a closed server may have no zone files

	"kyogikai/pipelines/cli"
)

// project is used where the folder of --config has no files of its own.
//
//go:embed kyogikai.yaml sql templates
var project embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	code := cli.Run(ctx, os.Args[1:], cli.World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Embedded: project, Clock: time.Now, Getenv: os.Getenv,
	})
	stop()
	os.Exit(code)
}
