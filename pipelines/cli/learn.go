package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kyogikai/pipelines/begin"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/learn"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

// learn proposes forms from examples, and writes each with the pictures of how the examples are read by it.
func (o *options) learn(ctx context.Context, paths []string, out string) error {
	env, err := o.env()
	if err != nil {
		return err
	}
	task := learn.Task{Within: env.Settings.Limits}
	if task.IDs, err = takenIDs(env); err != nil {
		return err
	}
	for _, path := range paths {
		e, err := example(path, env.Settings.Limits)
		if err != nil {
			return err
		}
		task.Examples = append(task.Examples, e)
	}
	pool := env.Children(learn.WorkerKind, nil)
	if pool != nil {
		defer pool.Close()
	}
	found, err := learn.By(ctx, pool, task)
	if err != nil {
		return fmt.Errorf("learning forms: %w", err)
	}
	if found.Failed != "" {
		return fmt.Errorf("例を読めないため、様式の案を作れません。%s", found.Failed)
	}
	if out == "" {
		out = filepath.Join(env.Outputs, "forms", "様式の案")
	}
	var files []begin.File
	for _, l := range found.Learned {
		files = append(files, proposalFiles(out, l, paths)...)
	}
	if err := begin.Write(files); err != nil {
		return err //nolint:wrapcheck // in words for people already
	}
	if err := o.toldLearned(found, out); err != nil {
		return err
	}
	if len(found.Learned) == 0 {
		return errors.New("様式の案は作れませんでした。見出しのある表か個票のファイルを例にするか、docs/様式の書き方.md を見て様式を書いてください")
	}
	return nil
}

// takenIDs are the letters of the forms that the project has; it need not have any.
func takenIDs(env project.Env) ([]string, error) {
	names, err := fs.Glob(env.Project, "templates/forms/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing forms: %w", err)
	}
	if len(names) == 0 {
		return nil, nil
	}
	forms, err := form.Load(env.Project, "templates/forms")
	if err != nil {
		return nil, err //nolint:wrapcheck // in words for people already
	}
	var ids []string
	for i := range forms {
		if !slices.Contains(ids, forms[i].ID) {
			ids = append(ids, forms[i].ID)
		}
	}
	return ids, nil
}

// example reads a file that is no larger than a workbook may be.
func example(path string, within limits.Set) (learn.Example, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return learn.Example{}, usageError{"ファイル " + path + " がありません"}
	case !info.Mode().IsRegular():
		return learn.Example{}, usageError{path + " はファイルではありません"}
	case info.Size() > within.File:
		return learn.Example{}, fmt.Errorf(
			"%s は大きすぎて読めません（%s）", path, within.Beyond(limits.File, info.Size(), "").String(),
		)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return learn.Example{}, fmt.Errorf("%s を読めません: %w", path, err)
	}
	return learn.Example{Path: filepath.Base(path), Data: data, FiscalYear: folderYear(path)}, nil
}

// folderYear is the fiscal year that a folder of a path names, the nearest to the file; 0 for none.
func folderYear(path string) int {
	whole, err := filepath.Abs(path)
	if err != nil {
		return 0
	}
	for dir := filepath.Dir(whole); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if y, ok := fiscal.ParseYear(filepath.Base(dir)); ok {
			return y
		}
	}
	return 0
}

// proposalFiles are a proposal's YAML and pictures.
func proposalFiles(dir string, l learn.Learned, paths []string) []begin.File {
	name := l.ID + "_" + l.Name
	files := []begin.File{{Path: filepath.Join(dir, printable.File(name, ".yaml")), Data: l.YAML}}
	for k, i := range l.Examples {
		base := strings.TrimSuffix(filepath.Base(paths[i]), filepath.Ext(paths[i]))
		files = append(files, begin.File{
			Path: filepath.Join(dir, printable.File(fmt.Sprintf("%s_読み取り%d_%s", name, k+1, base), ".html")), Data: l.Pages[k],
		})
	}
	return files
}

// toldLearned says what was proposed, item by item with how sure it is, and what was seen besides.
func (o *options) toldLearned(found learn.Outcome, dir string) error {
	if o.json {
		return o.learnedJSON(found, dir)
	}
	say := func(format string, args ...any) { printable.Fprintf(o.Stdout, format, args...) }
	for _, l := range found.Learned {
		say("様式の案: %s\n", filepath.Join(dir, printable.File(l.ID+"_"+l.Name, ".yaml")))
		say("  例: %s\n", strings.Join(l.Sheets, "、"))
		count := map[string]int{}
		for _, it := range l.Items {
			count[it.Sure]++
		}
		for _, it := range l.Items {
			at := ""
			if len(it.At) > 0 {
				at = "（" + it.At[0] + more(len(it.At)) + "）"
			}
			say("  %s %s: %s%s\n", it.Sure, it.What, it.Says, at)
			if it.Why != "" {
				say("    %s\n", it.Why)
			}
		}
		say("  確か %d、たぶん %d、未定 %d\n", count[learn.Sure], count[learn.Probable], count[learn.Open])
		if l.Unread {
			say("  合わないところがあるので、この案ではまだ読みません（layout: not_read_yet）。\n")
		} else {
			say("  この案で例から読める記録は %d 件です。\n  読み取りの図（HTML）で確かめてください。\n", l.Records)
		}
	}
	for _, s := range found.Seen {
		say("様式とみなさなかったシート: %s\n", s)
	}
	if len(found.Learned) > 0 {
		say("直したら templates/forms/ に移してください。\n移すまでは、どの読み込みにも使われません。\n")
	}
	return nil
}

func more(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf("ほか%d", n-1)
}

func (o *options) learnedJSON(found learn.Outcome, dir string) error {
	for _, l := range found.Learned {
		items := []map[string]any{}
		for _, it := range l.Items {
			items = append(items, map[string]any{
				"what": it.What, "says": it.Says, "sure": it.Sure, "why": it.Why, "cells": append([]string{}, it.At...),
			})
		}
		if err := o.line("form", map[string]any{
			"file": filepath.Join(dir, printable.File(l.ID+"_"+l.Name, ".yaml")), "id": l.ID, "name": l.Name, "sheets": l.Sheets,
			"records": l.Records, "read": !l.Unread, "items": items,
		}); err != nil {
			return err
		}
	}
	for _, s := range found.Seen {
		if err := o.line("sheet", map[string]any{"seen": s}); err != nil {
			return err
		}
	}
	return nil
}
