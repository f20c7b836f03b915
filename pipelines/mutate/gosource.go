package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// placed is a mutant of Go with its place in its file.
type placed struct {
	key
	at, lineNo int // byte of the operator, and line
	old, with  string
	status     string // as gremlins says it
}

// source is a file of Go.
type source []byte

// mutant is the mutant that gremlins made at a line and a column, both from 1.
func (s source) mutant(kind string, line, column int) (placed, error) {
	lines := strings.SplitAfter(string(s), "\n")
	if line > len(lines) || column > len(lines[line-1]) {
		return placed{}, fmt.Errorf("no line %d has a column %d", line, column)
	}
	at := column - 1
	for _, l := range lines[:line-1] {
		at += len(l)
	}
	m := placed{at: at, lineNo: line}
	for old, with := range mutants[kind] {
		if strings.HasPrefix(string(s[at:]), old) && len(old) > len(m.old) {
			m.old, m.with = old, with
		}
	}
	if m.old == "" {
		return placed{}, fmt.Errorf("line %d, column %d: %s is not known", line, column, kind)
	}
	m.line, m.what = strings.TrimSpace(lines[line-1]), m.old+" → "+m.with
	return m, nil
}

// judge says what became of a mutant. gremlins takes a mutant that does not compile for one that the tests noticed; a +
// between texts is the one that there is. And it takes what no count of coverage names for something that no test
// reaches: variables of a package, the conditions of a switch. Such a mutant is tested here.
func (r *goRoom) judge(ctx context.Context, p goPackage, file string, data []byte, m placed) (outcome, error) {
	switch m.status {
	case "LIVED":
		return lived, nil
	case "NOT VIABLE":
		return broken, nil
	}
	overlay, err := r.overlay(file, data, m)
	if err != nil {
		return lived, err
	}
	if m.old == "+" && !r.passes(ctx, "vet", overlay, p) {
		return broken, ctx.Err()
	}
	if m.status == "NOT COVERED" && r.passes(ctx, "test", overlay, p) {
		return lived, ctx.Err()
	}
	return killed, ctx.Err()
}

// overlay writes the mutant beside the module, for the flag of that name.
func (r *goRoom) overlay(file string, data []byte, m placed) (string, error) {
	changed := filepath.Join(r.temp, "changed.go")
	text := string(data[:m.at]) + m.with + string(data[m.at+len(m.old):])
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(r.module, file): changed}})
	if err != nil {
		return "", fmt.Errorf("writing a mutant of %s: %w", file, err)
	}
	name := filepath.Join(r.temp, "overlay.json")
	for _, f := range []struct {
		name, text string
	}{{changed, text}, {name, string(list)}} {
		if err := os.WriteFile(f.name, []byte(f.text), 0o644); err != nil {
			return "", fmt.Errorf("writing a mutant of %s: %w", file, err)
		}
	}
	return name, nil
}

// passes reports whether go vet or go test is content with a mutant.
func (r *goRoom) passes(ctx context.Context, verb, overlay string, p goPackage) bool {
	args := []string{"build", "-overlay", overlay, "-o", os.DevNull, "./pipelines/" + p.name}
	if verb == "test" {
		args = []string{"test", "-short", "-overlay", overlay, "./pipelines/" + p.name}
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = r.module
	return cmd.Run() == nil
}
