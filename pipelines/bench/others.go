package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// meetings whose papers are compared: one of ten pages with prose and small tables, one of twenty with long tables.
var meetings = []string{"2025-10-21", "秦野市-2027-05-25"}

// way is a way to do a part of the job, and what it took each time.
type way struct {
	name    string
	command func(i int) []string
	costs   []cost
	failed  string
}

// others does the same job as people would otherwise: openpyxl and pandas, and PDFs by LibreOffice or WeasyPrint.
func (b *bench) others(ctx context.Context) error {
	script := b.dir("baseline.py")
	if err := os.WriteFile(script, []byte(baseline), 0o644); err != nil {
		return fmt.Errorf("writing the script: %w", err)
	}
	var old []string
	err := filepath.WalkDir("inputs", func(path string, _ os.DirEntry, err error) error {
		if filepath.Ext(path) == ".xls" {
			old = append(old, path)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("listing inputs: %w", err)
	}
	soffice := func(to string, files []string) func(int) []string {
		return func(i int) []string {
			return append(
				[]string{"soffice", "--headless", "--convert-to", to, "--outdir", b.dir(fmt.Sprintf("office-%d", i))}, files...,
			)
		}
	}
	python := &way{name: "Python：openpyxl と pandas で全セルを読み、数える", command: func(int) []string {
		return []string{"/usr/bin/python3", script, "inputs", b.dir("python.html")}
	}}
	convert := &way{name: "LibreOffice：openpyxl が読めない .xls を .xlsx に", command: soffice("xlsx", old)}
	ways := []*way{python, convert}
	var ours, office, weasy []*way
	for _, meeting := range meetings {
		outputs := b.dir("html")
		if _, err := run(ctx, b.program, "brief", meeting, "--format", "html", "--outputs", outputs); err != nil {
			return err
		}
		pages, err := filepath.Glob(filepath.Join(outputs, "briefs", meeting, "*.html"))
		if err != nil || len(pages) == 0 {
			return fmt.Errorf("%s has no HTML", outputs)
		}
		o := &way{name: "kyogikai brief " + meeting + "（読取りから、その会議のすべての資料まで）", command: func(i int) []string {
			return []string{b.program, "brief", meeting, "--outputs", b.dir(fmt.Sprintf("brief-%s-%d", meeting, i))}
		}}
		l := &way{
			name:    fmt.Sprintf("LibreOffice：%s の資料の HTML（%d件）を PDF に", meeting, len(pages)),
			command: soffice("pdf:writer_web_pdf_Export", pages),
		}
		w := &way{name: "WeasyPrint：" + meeting + " のうち最も長いものだけを PDF に", command: func(int) []string {
			return []string{"weasyprint", longest(pages), b.dir("weasy.pdf")}
		}}
		ours, office, weasy = append(ours, o), append(office, l), append(weasy, w)
		ways = append(ways, o, l, w)
	}
	for i := range b.times(3) {
		for _, w := range ways {
			command := w.command(i)
			if w.failed != "" {
				continue
			}
			c, err := run(ctx, command[0], command[1:]...)
			switch {
			case err == nil:
				w.costs = append(w.costs, c)
			case ctx.Err() != nil || command[0] == b.program:
				return err
			default:
				w.failed = "動きませんでした（入っていないか、失敗）"
			}
		}
	}
	b.compared(ways, python, convert, ours, office, weasy)
	return nil
}

// compared writes what was measured, and the ratios of the whole job.
func (b *bench) compared(ways []*way, python, convert *way, ours, office, weasy []*way) {
	b.text("## ほかの作り方との比べ")
	b.text("同じ調査票（128件）から、会議の同じ資料をすべて作る。Python の側は、結合セルも様式も見ず、達成率も計算せず、何も検査しない。")
	rows := [][]string{{"", "時間（秒）", "CPU（秒）", "メモリ（MB）"}}
	for _, w := range ways {
		if w.failed != "" {
			rows = append(rows, []string{w.name, w.failed, "", ""})
			continue
		}
		c := median(w.costs)
		rows = append(rows, []string{w.name, seconds(c.wall), seconds(c.cpu), megabytes(c.peak)})
	}
	b.table(rows...)
	for i, meeting := range meetings {
		for _, print := range []*way{office[i], weasy[i]} {
			if python.failed+convert.failed+print.failed != "" {
				continue
			}
			us, read, old, pdf := median(ours[i].costs), median(python.costs), median(convert.costs), median(print.costs)
			b.text("%s：Python と %s を合わせると、時間で%.1f倍、CPUで%.1f倍（目標は3倍以上）。", meeting, strings.Split(print.name, "：")[0],
				(read.wall+old.wall+pdf.wall).Seconds()/us.wall.Seconds(), (read.cpu+old.cpu+pdf.cpu).Seconds()/us.cpu.Seconds())
		}
	}
}

// longest is the largest of some files.
func longest(files []string) string {
	var out string
	var most int64
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && info.Size() > most {
			out, most = f, info.Size()
		}
	}
	return out
}
