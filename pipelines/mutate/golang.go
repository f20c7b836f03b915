package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// goPackage is a package whose Go is changed.
type goPackage struct {
	name string
	rate float64 // percent of its mutants that its tests must notice
	one  uint32  // every one of so many lines is changed, chosen by a hash of the seed and of what stands there
}

// seed chooses the lines of the packages whose tests take too long to change every line.
const seed = "2026"

// goPackages are small enough to be changed as a whole, or sampled.
var goPackages = []goPackage{
	{"quantity", 95, 1}, {"fiscal", 95, 1}, {"record", 85, 1},
	{"geometry", 85, 1}, {"workbook", 85, 24}, {"form", 85, 64}, {"reading", 85, 8},
}

// goRoom runs gremlins on a copy of the module.
type goRoom struct {
	program string // gremlins
	module  string // the copy
	temp    string
}

func newGoRoom(program, temp string) (*goRoom, error) {
	r := &goRoom{temp: temp, module: filepath.Join(temp, "module")}
	var err error
	if r.program, err = filepath.Abs(program); err != nil {
		return nil, fmt.Errorf("finding gremlins: %w", err)
	}
	return r, copyModule(".", r.module)
}

// uncopied are the folders that no test of a package reads.
var uncopied = []string{".git", ".cache", "outputs", "docs/頁", "docs/会議前後", "pipelines/fleet"}

// copyModule copies what the tests of packages need, so that gremlins, which copies it again for each of its workers,
// copies nothing else.
func copyModule(from, to string) error {
	err := filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(uncopied, name) {
			return filepath.SkipDir
		}
		target := filepath.Join(to, name)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o644)
	})
	if err != nil {
		return fmt.Errorf("copying the module: %w", err)
	}
	return nil
}

// report is what gremlins writes.
type report struct {
	Files []struct {
		Name      string `json:"file_name"`
		Mutations []struct {
			Type, Status string
			Line, Column int
		} `json:"mutations"`
	} `json:"files"`
}

// run changes one package.
func (r *goRoom) run(ctx context.Context, p goPackage) ([]result, error) {
	dir := filepath.Join(r.module, "pipelines", p.name)
	out := filepath.Join(r.temp, p.name+".json")
	args := []string{"unleash", "--workers", "2", "--timeout-coefficient", "10", "--output", out}
	path := os.Getenv("PATH")
	if p.one > 1 {
		tools, err := r.sample(p, dir)
		if err != nil {
			return nil, err
		}
		path = tools + string(os.PathListSeparator) + path
		args = append(args, "--diff", "sample")
	}
	cmd := exec.CommandContext(ctx, r.program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+path, "GOFLAGS=-short")
	if said, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("gremlins on %s: %w\n%s", p.name, err, said)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("reading what gremlins says of %s: %w", p.name, err)
	}
	var told report
	if err := json.Unmarshal(data, &told); err != nil {
		return nil, fmt.Errorf("reading what gremlins says of %s: %w", p.name, err)
	}
	return r.results(ctx, p, told)
}

// sample writes the lines that are to be changed as the difference that gremlins asks git for, and returns the folder
// of a git that answers with it.
func (r *goRoom) sample(p goPackage, dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return "", fmt.Errorf("listing %s: %w", dir, err)
	}
	var diff strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("reading %s: %w", file, err)
		}
		name := filepath.Base(file)
		var hunks strings.Builder
		for i, line := range strings.Split(string(data), "\n") {
			if chosen(p, name, line) {
				fmt.Fprintf(&hunks, "@@ -%d,0 +%d,1 @@\n+%s\n", i, i+1, line)
			}
		}
		if hunks.Len() > 0 {
			fmt.Fprintf(&diff, "diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n%s", name, name, name, name, hunks.String())
		}
	}
	tools := filepath.Join(r.temp, "tools-"+p.name)
	if err := os.MkdirAll(tools, 0o755); err != nil {
		return "", fmt.Errorf("sampling %s: %w", p.name, err)
	}
	text := filepath.Join(tools, "sample.diff")
	script := "#!/bin/sh\nexec cat '" + text + "'\n"
	err = errors.Join(os.WriteFile(text, []byte(diff.String()), 0o644),
		os.WriteFile(filepath.Join(tools, "git"), []byte(script), 0o755))
	if err != nil {
		return "", fmt.Errorf("sampling %s: %w", p.name, err)
	}
	return tools, nil
}

// chosen reports whether a line belongs to the sample: by what stands there, so that a change elsewhere does not choose
// others.
func chosen(p goPackage, file, line string) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(seed + "\x00" + p.name + "/" + file + "\x00" + strings.TrimSpace(line)))
	return h.Sum32()%p.one == 0
}

// mutants are what gremlins makes of an operator, by the kind of mutant.
var mutants = map[string]map[string]string{
	"CONDITIONALS_BOUNDARY": {"<": "<=", "<=": "<", ">": ">=", ">=": ">"},
	"CONDITIONALS_NEGATION": {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"},
	"ARITHMETIC_BASE":       {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*"},
	"INCREMENT_DECREMENT":   {"++": "--", "--": "++"},
	"INVERT_NEGATIVES":      {"-": "+"},
}

// results takes over what gremlins says. What it counts as noticed because it does not compile is left out.
func (r *goRoom) results(ctx context.Context, p goPackage, told report) ([]result, error) {
	var out []result
	slices.SortFunc(told.Files, func(a, b struct {
		Name      string `json:"file_name"`
		Mutations []struct {
			Type, Status string
			Line, Column int
		} `json:"mutations"`
	}) int {
		return strings.Compare(a.Name, b.Name)
	})
	for _, f := range told.Files {
		if strings.Contains(filepath.ToSlash(f.Name), "/") {
			continue // a package inside it
		}
		file := "pipelines/" + p.name + "/" + f.Name
		data, err := os.ReadFile(filepath.Join(r.module, file))
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		source := source(data)
		var list []placed
		for _, m := range f.Mutations {
			if m.Status == "SKIPPED" {
				continue
			}
			one, err := source.mutant(m.Type, m.Line, m.Column)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			one.status = m.Status
			list = append(list, one)
		}
		slices.SortFunc(list, func(a, b placed) int {
			if a.at != b.at {
				return a.at - b.at
			}
			return strings.Compare(a.what, b.what)
		})
		seen := map[key]int{}
		for _, m := range list {
			seen[m.key]++
			m.nth = seen[m.key]
			got, err := r.judge(ctx, p, file, data, m)
			if err != nil {
				return nil, err
			}
			out = append(out, result{file: file, key: m.key, outcome: got, line: m.lineNo})
		}
	}
	return out, nil
}
