package cli

import (
	"strings"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

func newLimits(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "limits", Short: "調査票の大きさ、メモリ、時間などの上限を示す", Args: atMost(0),
		Long: `
上限を超えた調査票は、読まずに指摘（workbook_too_large）にする。ほかの調査票は、いつもどおり読む。
上限は、設定ファイルの limits: に「名前: 値」で書いて変えられる。例:
  limits:
    file: 50MB
    cells: 1,000,000
    reading_time: 2分
`,
		RunE: func(*cobra.Command, []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			if o.json {
				return o.limitLines(env)
			}
			o.limitTable(env)
			return nil
		},
	}
}

// limitOrigin says where a limit comes from.
func limitOrigin(e limits.Entry) string {
	if e.Stated {
		return "設定"
	}
	return "既定"
}

// Widths of the columns in half-width characters: the table fits into 80.
const (
	limitNameWidth  = 16
	limitValueWidth = 14
	originWidth     = 6
)

// limitTable prints the limits in force, by what they are limits of.
func (o *options) limitTable(env project.Env) {
	of := ""
	for _, e := range env.Settings.Limits.All() {
		if e.Of != of {
			if of != "" {
				printable.Fprintln(o.Stdout)
			}
			of = e.Of
			printable.Fprintf(o.Stdout, "■ %s\n", of)
		}
		printable.Fprintf(
			o.Stdout, "  %s%s%s%s\n", wide(e.Name, limitNameWidth), wide(e.Limit(), limitValueWidth),
			wide(limitOrigin(e), originWidth), e.Meaning,
		)
	}
	if len(env.Settings.Sources) > 0 {
		printable.Fprintf(o.Stdout, "\n■ 収集元のファイル一つの大きさ（max_megabytes。file より大きくはできない）\n")
	}
	for _, s := range env.Settings.Sources {
		printable.Fprintf(
			o.Stdout, "  %s%s\n", wide(sourceLimit(env, s.MaxMegabytes), limitValueWidth), printable.Line(s.Name),
		)
	}
	for _, note := range env.Settings.Notes {
		printable.Fprintf(o.Stdout, "\n注意: %s。\n", printable.Line(note))
	}
	printable.Fprintf(o.Stdout, "\n変えるには、%s の limits: に「名前: 値」を書く（例 file: 50MB）。\n", o.config)
}

// sourceLimit is the limit on a file of a source; the whole megabytes of its settings end at the limit on every file.
func sourceLimit(env project.Env, megabytes int) string {
	return limits.Amount(limits.Bytes, min(int64(megabytes)<<20, env.Settings.Limits.File))
}

// wide fills a text with spaces up to a width in half-width characters.
func wide(text string, width int) string {
	return text + strings.Repeat(" ", max(width-uniseg.StringWidth(text), 1))
}

// limitLines prints a line for every limit: values in bytes, seconds or pieces.
func (o *options) limitLines(env project.Env) error {
	plain := func(e limits.Entry, value int64) float64 {
		if e.Unit == limits.Seconds {
			const second = 1e9
			return float64(value) / second
		}
		return float64(value)
	}
	for _, e := range env.Settings.Limits.All() {
		if err := o.line("limit", map[string]any{
			"name": e.Name, "of": e.Of, "meaning": e.Meaning, "unit": string(e.Unit), "value": plain(e, e.Value),
			"default": plain(e, e.Default), "stated": e.Stated,
		}); err != nil {
			return err
		}
	}
	for _, s := range env.Settings.Sources {
		if err := o.line("source_limit", map[string]any{
			"source": s.Name, "unit": string(limits.Bytes), "value": min(int64(s.MaxMegabytes)<<20, env.Settings.Limits.File),
		}); err != nil {
			return err
		}
	}
	return nil
}
