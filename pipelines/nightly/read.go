package nightly

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// readAll reads every workbook of the tree into a batch.
func readAll(ctx context.Context, tree collect.Tree, forms []form.Form, plans []warehouse.Plan, now time.Time, before *readings, tell func(done int)) (warehouse.Batch, error) {
	masters, err := form.ReadMasters(tree)
	if err != nil {
		return warehouse.Batch{}, err
	}
	books, err := readFiles(ctx, tree.Files, forms, now, before, tell)
	if err != nil {
		return warehouse.Batch{}, err
	}
	plans = append(plans, unsetPlans(books, forms, plans)...)
	form.SetPlans(forms, books, func(city, id string) string {
		for _, p := range plans {
			if p.Municipality == city && p.Form == id {
				return p.Name
			}
		}
		return ""
	})
	form.Screen(forms, books, masters)
	batch := warehouse.Batch{Workbooks: books, Plans: plans, Symbols: symbols(forms)}
	submissions, findings := form.Submissions(forms, books, masters)
	batch.Findings = findings
	ids := map[string]string{}
	for _, f := range forms {
		ids[f.Name] = f.ID
	}
	for _, s := range submissions {
		batch.Submissions = append(batch.Submissions, warehouse.Submission{
			Municipality: s.Municipality, Bureau: s.Bureau, Department: s.Department, Form: s.Form, FormID: ids[s.Form],
			Due: s.Due, Status: s.Status, FiscalYear: s.FiscalYear, Path: s.Path, Cell: s.Cell,
		})
	}
	batch.Decisions = decisions(masters, books)
	for _, d := range masters.Departments {
		batch.Departments = append(batch.Departments, warehouse.Department{
			Municipality: d.Municipality, Bureau: d.Bureau, Name: d.Name, FormerNames: d.FormerNames, Position: d.Order,
		})
	}
	return batch, nil
}

// decisions lists what persons have decided, a line for every file that a decision is about.
func decisions(masters form.Masters, books []*record.Workbook) []warehouse.Decision {
	var out []warehouse.Decision
	for _, d := range masters.Decisions {
		kind := ""
		switch {
		case d.Withdraws():
			kind = "withdraw"
		case d.Confirms():
			kind = "confirm"
		}
		sheet, cell := d.Place()
		for _, w := range books {
			if w.Municipality == d.Municipality && d.Applies(w.Path) {
				out = append(out, warehouse.Decision{
					Municipality: d.Municipality, Path: w.Path, Sheet: sheet, Cell: cell, Kind: kind, Text: d.Decision, Reason: d.Reason, Date: d.Date,
				})
			}
		}
	}
	return out
}

// unsetPlans gives a plan to every municipality's form that the settings do not mention: the name that its workbooks
// state, else the form's, and the years that they are of. Without one, its figures would be in no plan.
func unsetPlans(books []*record.Workbook, forms []form.Form, set []warehouse.Plan) []warehouse.Plan {
	var out []warehouse.Plan
	at := map[string]int{}
	for _, p := range set {
		at[p.Municipality+"|"+p.Form] = -1
	}
	for _, w := range books {
		for i := range w.Records {
			r := &w.Records[i]
			id := w.Municipality + "|" + r.Form
			k, known := at[id]
			if k < 0 {
				continue
			}
			if !known {
				k = len(out)
				at[id] = k
				out = append(out, warehouse.Plan{
					Municipality: w.Municipality, Form: r.Form, ShareMethod: "largest_remainder", EndedMark: endedMark, FirstYear: r.FiscalYear, LastYear: r.FiscalYear,
				})
			}
			p := &out[k]
			if start, err := strconv.Atoi(r.Value("start_year")); err == nil {
				p.FirstYear = min(p.FirstYear, start)
			}
			p.FirstYear, p.LastYear = min(p.FirstYear, r.FiscalYear), max(p.LastYear, r.FiscalYear)
			if p.Name == "" {
				p.Name = r.Value("plan")
			}
		}
	}
	for k := range out {
		for _, f := range forms {
			if out[k].Name == "" && f.ID == out[k].Form {
				out[k].Name = f.Name
			}
		}
	}
	return out
}

// readFiles reads files on all cores. The results stand in the order of the files, whatever the number of cores.
func readFiles(ctx context.Context, files []collect.File, forms []form.Form, now time.Time, before *readings, tell func(done int)) ([]*record.Workbook, error) {
	books := make([]*record.Workbook, len(files))
	errs := make([]error, len(files))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				books[i], errs[i] = readFile(ctx, i, files[i], forms, now, before)
			}
		})
	}
	for i := range files {
		tell(i)
		next <- i
	}
	close(next)
	workers.Wait()
	return books, errors.Join(errs...)
}

func readFile(ctx context.Context, i int, file collect.File, forms []form.Form, now time.Time, before *readings) (*record.Workbook, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("reading workbooks: %w", err)
	}
	id := fmt.Sprintf("w%05d", i+1)
	if w := before.get(file); w != nil {
		w.ID = id
		return w, nil
	}
	data, whole, err := settled(ctx, file, now)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file.Path, err)
	}
	sum := sha256.Sum256(data)
	w := &record.Workbook{
		ID: id, Path: file.Path, SHA256: hex.EncodeToString(sum[:]), Municipality: file.Municipality,
		FiscalYear: file.FiscalYear, Bureau: file.Bureau, Department: file.Department,
	}
	form.Read(forms, w, data)
	if !whole && w.Status == record.StatusUnreadable {
		w.Findings[0].Message = "ファイルを開けません（まだ書き込み中です）。保存が終わってから、もう一度提出してください。"
		return w, nil
	}
	if w.SHA256 == file.SHA256 { // not where it was replaced since it was listed
		before.put(file, w)
	}
	return w, nil
}

// A file that does not look whole and was written within the last minute may still be being saved: it is read again.
const (
	savingTries = 4
	savingPause = 500 * time.Millisecond
	savingAge   = time.Minute
)

// settled reads a file whole. It waits for one that is still being saved, until it is whole or no longer changes;
// settled is false when neither came.
func settled(ctx context.Context, file collect.File, now time.Time) (data []byte, settled bool, err error) {
	var size int64 = -1
	for range savingTries {
		if data, err = os.ReadFile(file.Disk); err != nil {
			return nil, false, err //nolint:wrapcheck // the caller names the file
		}
		info, err := os.Stat(file.Disk)
		if err != nil {
			return nil, false, err //nolint:wrapcheck // the caller names the file
		}
		resting := now.Sub(info.ModTime()).Abs() > savingAge || info.Size() == size
		endless := strings.EqualFold(filepath.Ext(file.Disk), ".csv") // half of a CSV is a CSV
		if workbook.Whole(data) && !endless || resting && info.Size() == int64(len(data)) {
			return data, true, nil
		}
		size = info.Size()
		select {
		case <-ctx.Done():
			return nil, false, fmt.Errorf("waiting for a file that is being saved: %w", ctx.Err())
		case <-time.After(savingPause):
		}
	}
	return data, false, nil
}

func symbols(forms []form.Form) []warehouse.Symbol {
	var out []warehouse.Symbol
	for _, f := range forms {
		for _, rule := range f.Fields {
			for i, s := range f.Symbols[rule.Symbols] {
				out = append(out, warehouse.Symbol{
					Form: f.ID, Measure: rule.Name, Position: i + 1, Symbol: s.Symbol, Meaning: s.Meaning,
				})
			}
		}
	}
	return out
}

// walk lists the inputs. An inputs folder without any workbook is an error: publishing nothing would erase every figure.
func walk(inputs string) (collect.Tree, error) {
	if _, err := os.Stat(inputs); err != nil {
		return collect.Tree{}, &InputsError{inputs, "がありません"}
	}
	tree, err := collect.Walk(inputs, workbook.Supported)
	if err != nil {
		return collect.Tree{}, fmt.Errorf("listing inputs: %w", err)
	}
	if len(tree.Files) == 0 {
		return collect.Tree{}, &InputsError{inputs, "に調査票が一つもありません"}
	}
	return tree, nil
}

// InputsError says that there is nothing to read.
type InputsError struct{ Dir, What string }

func (e *InputsError) Error() string {
	return fmt.Sprintf("%s: 入力フォルダ%s。inputs/<自治体>/<年度>/<部>/<課>/ に調査票を置くか、--inputs で場所を指定してください。"+
		"公表済みのファイルは変わりません", e.Dir, e.What)
}

// Decisions are what persons have decided about files and cells (判断.csv of every municipality).
func Decisions(env Env) ([]form.Decision, error) {
	tree, err := walk(env.Inputs)
	if err != nil {
		return nil, err
	}
	masters, err := form.ReadMasters(tree)
	return masters.Decisions, err //nolint:wrapcheck // told to a person as it is
}
