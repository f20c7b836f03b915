// Command bench measures the program against what there is to measure it against, and writes docs/性能.md. make bench
// calls it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	if len(os.Args) == 4 && os.Args[1] == "floor" { // a process of its own, measured from outside
		cells, err := floor(context.Background(), os.Args[2], os.Args[3])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(cells)
		return
	}
	b := &bench{}
	flag.BoolVar(&b.full, "full", false, "回数を増やし、Go のベンチマークを繰り返す")
	flag.StringVar(&b.program, "kyogikai", ".cache/bin/kyogikai", "測るプログラム")
	out := flag.String("out", "docs/性能.md", "書き出すファイル")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := b.all(ctx, *out); err != nil {
		fmt.Fprintln(os.Stderr, "測れませんでした:", err)
		os.Exit(1)
	}
	fmt.Println(*out)
}

// all measures everything and writes the report.
func (b *bench) all(ctx context.Context, out string) (err error) {
	if b.program, err = filepath.Abs(b.program); err != nil {
		return fmt.Errorf("finding the program: %w", err)
	}
	if b.self, err = os.Executable(); err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	if b.work, err = os.MkdirTemp("", "kyogikai-bench"); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer os.RemoveAll(b.work) //nolint:errcheck // what stays is in nobody's way
	for _, section := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"機械", b.machine}, {"標本の市", b.sample}, {"ほかの作り方", b.others}, {"頁数", b.pages},
		{"量", b.growth}, {"分担", b.shards}, {"問合せ", b.queries}, {"部分ごと", b.parts},
	} {
		fmt.Fprintln(os.Stderr, section.name+" …")
		if err := section.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
	}
	b.text(findings)
	if err := os.WriteFile(out, []byte(b.report.String()), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
