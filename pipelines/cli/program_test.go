package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// asProgram makes the test binary run as the program, on the real clock, until the parent kills it.
const asProgram = "KYOGIKAI_TEST_AS_PROGRAM"

func program() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Run(ctx, os.Args[1:], World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Embedded: os.DirFS(os.Getenv(asProgram)), Clock: time.Now, Getenv: os.Getenv,
	})
}
