package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/model"
	"kyogikai/pipelines/unitcase"
	"kyogikai/pipelines/warehouse"
)

// sqlRoom runs the mutants of SQL against the unit cases, all in one process.
type sqlRoom struct {
	fsys   fs.FS
	models []model.Model
	cases  []unitcase.Case
	macros map[string]string // by name, their statements
	calls  map[string][]string
	temp   string
	builds int
}

func newSQLRoom(fsys fs.FS, temp string) (*sqlRoom, error) {
	r := &sqlRoom{fsys: fsys, macros: map[string]string{}, calls: map[string][]string{}, temp: temp}
	var err error
	if r.models, err = model.Load(fsys); err != nil {
		return nil, err
	}
	if r.cases, err = unitcase.Load(fsys); err != nil {
		return nil, err
	}
	files, err := fs.Glob(fsys, "sql/macros/*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing macros: %w", err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		r.macros[nameOf(file)] = string(data)
	}
	for name, sql := range r.macros {
		r.calls[name] = r.called(sql, name)
	}
	for _, m := range r.models {
		r.calls[m.Name] = r.called(m.SQL, "")
	}
	return r, nil
}

func nameOf(file string) string { return strings.TrimSuffix(path.Base(file), ".sql") }

// called are the macros that a statement calls.
func (r *sqlRoom) called(sql, self string) []string {
	var out []string
	list := tokens(sql)
	for i, t := range list[:len(list)-1] {
		if _, is := r.macros[t.s]; is && t.s != self && list[i+1].is("(") && !slices.Contains(out, t.s) {
			out = append(out, t.s)
		}
	}
	return out
}

// rests reports whether a macro or model calls a macro, itself or through others.
func (r *sqlRoom) rests(name, on string) bool {
	if name == on {
		return true
	}
	return slices.ContainsFunc(r.calls[name], func(called string) bool { return r.rests(called, on) })
}

// outcome is what became of a mutant.
type outcome int

const (
	lived  outcome = iota // no test noticed
	killed                // a test failed
	broken                // it is no valid program
)

// result is a mutant and what became of it.
type result struct {
	file string
	key
	outcome outcome
	line    int
}

// longest is the most that one mutant takes in one case; each takes milliseconds.
const longest = time.Minute

// file runs the mutants of one file of sql/macros, sql/staging or sql/marts.
func (r *sqlRoom) file(ctx context.Context, file string) ([]result, error) {
	data, err := fs.ReadFile(r.fsys, file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	list := changes(file, string(data))
	out := make([]result, len(list))
	for i, c := range list {
		out[i] = result{file: file, key: c.key, line: 1 + strings.Count(string(data[:c.start]), "\n")}
	}
	// The rows of the macro itself first: what they notice need not be tried in all that calls it.
	for _, own := range []bool{true, false} {
		for _, c := range r.cases {
			t := r.trial(c, file, own)
			if t == nil || !slices.ContainsFunc(out, func(r result) bool { return r.outcome == lived }) {
				continue
			}
			if err := r.inCase(ctx, t, string(data), list, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// inCase runs the mutants that still live against one case.
func (r *sqlRoom) inCase(ctx context.Context, t *trial, sql string, list []change, out []result) error {
	b, err := r.build(ctx)
	if err != nil {
		return err
	}
	defer b.Abandon()
	if err := t.prepare(ctx, b); err != nil {
		return err
	}
	if got, err := t.run(ctx, b, sql); err != nil {
		return err
	} else if got != lived {
		return fmt.Errorf("the case %s fails before anything is changed in %s", t.c.Name, t.file)
	}
	for i, c := range list {
		if out[i].outcome != lived {
			continue
		}
		limited, done := context.WithTimeout(ctx, longest)
		got, err := t.run(limited, b, c.apply(sql))
		done()
		if err != nil && ctx.Err() != nil {
			return err
		}
		if out[i].outcome = got; err != nil { // it would never have come to an end
			out[i].outcome = killed
		}
	}
	return nil
}

// build is a new warehouse with the macros.
func (r *sqlRoom) build(ctx context.Context) (*warehouse.Build, error) {
	r.builds++
	b, err := warehouse.Create(ctx, filepath.Join(r.temp, fmt.Sprintf("%d.duckdb", r.builds)), "1GB")
	if err != nil {
		return nil, fmt.Errorf("making a warehouse: %w", err)
	}
	err = b.Exec(ctx, "SET threads = 1") // the tables are small
	if err == nil {
		err = model.CreateMacros(ctx, b, r.fsys)
	}
	if err != nil {
		b.Abandon()
		return nil, err
	}
	return b, nil
}

// trial is what of one case tells the mutants of one file from the original.
type trial struct {
	c      unitcase.Case
	file   string
	isMac  bool
	own    bool          // only the rows of the file's own macro
	models []model.Model // those whose rows may become others, in their order
	macros []unitcase.Table
	all    []model.Model
	on     string // the macro or model of the file
}

// trial is nil where the case does not touch the file: own asks for calls of the file's own macro, else for all others.
func (r *sqlRoom) trial(c unitcase.Case, file string, own bool) *trial {
	t := &trial{c: c, own: own, file: file, all: r.models, on: nameOf(file)}
	t.isMac = strings.HasPrefix(file, "sql/macros/")
	if !t.isMac {
		t.on = path.Base(path.Dir(file)) + "." + t.on
	}
	touches := false
	for _, e := range c.Expected {
		touches = touches || !own && (e.Name == t.on || t.isMac && r.rests(e.Name, t.on))
	}
	if t.isMac {
		for _, m := range c.Macros {
			if own == (m.Name == t.on) && r.rests(m.Name, t.on) {
				t.macros = append(t.macros, m)
			}
		}
	}
	if !touches && len(t.macros) == 0 {
		return nil
	}
	return t
}

// prepare makes the tables of the case and finds the order of its models.
func (t *trial) prepare(ctx context.Context, b *warehouse.Build) (err error) {
	if err := t.c.Fill(ctx, b); err != nil {
		return err
	}
	if !t.own {
		t.models, err = t.c.Models(ctx, b, t.all)
	}
	return err
}

// run puts a statement in place of the file's own and checks the case. Only an error of the machine is an error.
func (t *trial) run(ctx context.Context, b *warehouse.Build, sql string) (outcome, error) {
	if t.isMac {
		if err := b.Exec(ctx, sql); err != nil {
			return judge(err), ctx.Err()
		}
	}
	for _, m := range t.macros {
		differ, err := unitcase.CheckMacro(ctx, b, m)
		if err != nil {
			return judge(err), ctx.Err()
		}
		if len(differ) > 0 {
			return killed, nil
		}
	}
	for _, m := range t.models {
		if m.Name == t.on {
			m.SQL = strings.TrimRight(strings.TrimSpace(sql), "; \n")
		}
		differ, err := t.c.CheckModel(ctx, b, m)
		if err != nil {
			return judge(err), ctx.Err()
		}
		if differ != "" {
			return killed, nil
		}
	}
	return lived, nil
}

// invalid are the errors of a statement that would never have been loaded.
var invalid = regexp.MustCompile(`(Parser|Binder|Catalog|Not implemented|Invalid Input) Error: `)

// judge says what an error makes of a mutant: no valid statement, or one that a case noticed.
func judge(err error) outcome {
	if invalid.MatchString(err.Error()) {
		return broken
	}
	return killed
}

// sqlFiles are the files that are changed, in their order.
func sqlFiles(fsys fs.FS) ([]string, error) {
	var out []string
	for _, layer := range []string{"macros", "staging", "marts"} {
		files, err := fs.Glob(fsys, "sql/"+layer+"/*.sql")
		if err != nil {
			return nil, fmt.Errorf("listing sql/%s: %w", layer, err)
		}
		out = append(out, files...)
	}
	return out, nil
}

// tempDir makes a folder for what a run needs, and says how to remove it.
func tempDir() (string, func(), error) {
	dir, err := os.MkdirTemp("", "kyogikai-mutants")
	if err != nil {
		return "", nil, fmt.Errorf("making a folder: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil
}
