// Command mutate changes the program in one place at a time and sees whether the fast tests of the changed package
// notice: SQL by itself, Go by gremlins. make mutants calls it, and it writes docs/変異試験.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
)

const reasonsFile = "pipelines/mutate/変異の理由.csv"

func main() {
	r := &run{}
	only := flag.String("only", "", "名前がこの正規表現に合うものだけを試し、文書を書かない（例: sql/macros/percent、pipelines/fiscal）")
	flag.StringVar(&r.gremlins, "gremlins", ".cache/bin/gremlins", "gremlins")
	flag.StringVar(&r.out, "out", "docs/変異試験.md", "書き出すファイル")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if r.only, err = regexp.Compile(*only); err == nil {
		r.isPart = *only != ""
		err = r.all(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is one run of the program.
type run struct {
	only          *regexp.Regexp
	isPart        bool
	gremlins, out string
	results       []result
}

// all changes everything, or what was asked for, and writes the document. It is an error where the tests notice less
// than they must, or where a reason is missing or out of date.
func (r *run) all(ctx context.Context) error {
	temp, remove, err := tempDir()
	if err != nil {
		return err
	}
	defer remove()
	if err := r.sql(ctx, temp); err != nil {
		return err
	}
	if err := r.golang(ctx, temp); err != nil {
		return err
	}
	list, err := readReasons(reasonsFile)
	if err != nil {
		return err
	}
	if r.isPart {
		list = tried(list, r.results)
	}
	why, faults := explain(reasonsFile, list, r.results)
	text, short := document(r.results, why)
	if !r.isPart {
		if err := os.WriteFile(r.out, []byte(text), 0o644); err != nil {
			return fmt.Errorf("writing %s: %w", r.out, err)
		}
		fmt.Println(r.out)
		faults = append(faults, short...)
	}
	for _, f := range faults {
		fmt.Fprintln(os.Stderr, f)
	}
	if len(faults) > 0 {
		return fmt.Errorf("変異試験に通らないものが %d 件あります", len(faults))
	}
	return nil
}

// tried are the reasons of files that were changed.
func tried(list []reason, results []result) []reason {
	files := map[string]bool{}
	for _, r := range results {
		files[r.file] = true
	}
	var out []reason
	for _, one := range list {
		if files[one.file] {
			out = append(out, one)
		}
	}
	return out
}

func (r *run) sql(ctx context.Context, temp string) error {
	fsys := os.DirFS(".")
	room, err := newSQLRoom(fsys, temp)
	if err != nil {
		return err
	}
	files, err := sqlFiles(fsys)
	if err != nil {
		return err
	}
	for _, file := range files {
		if !r.only.MatchString(file) {
			continue
		}
		list, err := room.file(ctx, file)
		if err != nil {
			return err
		}
		r.took(file, list)
	}
	return nil
}

func (r *run) golang(ctx context.Context, temp string) error {
	var room *goRoom
	for _, p := range goPackages {
		name := "pipelines/" + p.name
		if !r.only.MatchString(name) {
			continue
		}
		if room == nil {
			var err error
			if room, err = newGoRoom(r.gremlins, temp); err != nil {
				return err
			}
		}
		list, err := room.run(ctx, p)
		if err != nil {
			return err
		}
		r.took(name, list)
	}
	return nil
}

// took adds results and tells how many.
func (r *run) took(name string, list []result) {
	r.results = append(r.results, list...)
	var c count
	for _, one := range list {
		c.add(one, nil)
	}
	fmt.Printf("%s: %d 件に気付き、%d 件に気付かない\n", name, c.killed, c.lived)
}
