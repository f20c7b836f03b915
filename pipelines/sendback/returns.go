// Package sendback writes the 差戻し票: for every department with findings, copies of its workbooks with the cells in
// question marked, or a list alone where there is no workbook to mark.
package sendback

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Workbook is a submitted file as it was when the findings were made.
type Workbook struct{ Path, SHA256 string }

// Written is a 差戻し票 that was written. Stale says that the submitted file has changed since the findings were made:
// the copy's marks may not fit, and it is left out. Failed says in Japanese why one could not be written.
type Written struct {
	Municipality, Department, Source, File string
	Findings                               int
	Stale                                  bool
	Failed                                 string
}

var kinds = map[string]string{record.Error: "誤り", record.Warning: "注意", record.Info: "参考"}

// Submitted reads a submitted file by its path as findings name it; its error is fs.ErrNotExist where it is gone.
type Submitted func(path string) ([]byte, error)

// Write writes the returns of all findings into dir, in the findings' order of files. One that cannot be written stops
// no other. Files of an earlier time are removed first.
func Write(
	dir string, submitted Submitted, asOf time.Time, findings []record.Finding, files []Workbook,
) ([]Written, error) {
	if err := os.RemoveAll(dir); err != nil {
		return nil, fmt.Errorf("removing old returns: %w", err)
	}
	var out []Written
	for _, group := range bySource(findings) {
		w, err := write(dir, submitted, asOf, group, files)
		if err != nil {
			w.Failed, w.File = fault.Text(err), ""
		}
		out = append(out, w)
	}
	return out, nil
}

// bySource groups findings by the file, or the empty folder, that they are about.
func bySource(findings []record.Finding) [][]record.Finding {
	var order []string
	groups := map[string][]record.Finding{}
	for _, f := range findings {
		if groups[f.Path] == nil {
			order = append(order, f.Path)
		}
		groups[f.Path] = append(groups[f.Path], f)
	}
	out := make([][]record.Finding, 0, len(order))
	for _, p := range order {
		out = append(out, groups[p])
	}
	return out
}

func write(
	dir string, submitted Submitted, asOf time.Time, findings []record.Finding, files []Workbook,
) (Written, error) {
	first := findings[0]
	w := Written{
		Municipality: first.Municipality, Department: first.Department, Source: first.Path, Findings: len(findings),
	}
	rel := strings.TrimPrefix(first.Path, "inputs/")
	i := slices.IndexFunc(files, func(f Workbook) bool { return f.Path == first.Path })
	name, data := "未提出.xlsx", []byte(nil)
	if i >= 0 {
		var err error
		name = path.Base(first.Path)
		if data, err = submitted(first.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return w, fmt.Errorf("reading %s: %w", first.Path, err)
		}
		sum := sha256.Sum256(data)
		if hex.EncodeToString(sum[:]) != files[i].SHA256 {
			w.Stale = true
			return w, nil
		}
		rel = path.Dir(rel)
	}
	notes := make([]workbook.Note, 0, len(findings))
	for _, f := range findings {
		notes = append(notes, workbook.Note{
			Sheet: f.Sheet, Cell: f.Cell, Kind: kinds[f.Severity], Found: printable.Text(f.Found), Text: printable.Line(f.Message),
		})
	}
	marked, ext, err := mark(workbook.Mark, name, data, heading(findings, name, i >= 0, asOf), notes)
	if err != nil {
		return w, fmt.Errorf("making the return of %s: %w", first.Path, err)
	}
	folder := filepath.Join(dir, filepath.FromSlash(printable.Folders(rel)))
	w.File = filepath.Join(folder, printable.File("差戻し_"+strings.TrimSuffix(name, path.Ext(name)), copyMark(name, ext)+ext))
	return w, atomicfile.Write(w.File, marked)
}

// marking writes a copy of a workbook with its notes, as workbook.Mark does.
type marking func(name string, data []byte, heading []string, notes []workbook.Note) ([]byte, string, error)

// mark marks a copy. Where that fails over what is in the file, the list alone is written, with the places in its words.
func mark(
	do marking, name string, data []byte, heading []string, notes []workbook.Note,
) (marked []byte, ext string, err error) {
	err = fault.Contain(func() error {
		marked, ext, err = do(name, data, heading, notes)
		return err
	})
	if err == nil {
		return marked, ext, nil
	}
	list := slices.Clone(notes)
	for i, n := range list {
		if at := strings.Trim(n.Sheet+" › "+n.Cell, " ›"); at != "" {
			list[i].Text = at + "：" + n.Text
		}
		list[i].Sheet, list[i].Cell = "", ""
	}
	return do(name, nil, heading, list)
}

// copyMark keeps the copies of 調査票.csv and 調査票.xlsx apart.
func copyMark(name, ext string) string {
	if old := strings.ToLower(path.Ext(name)); old != ext {
		return "_" + strings.TrimPrefix(old, ".")
	}
	return ""
}

func heading(findings []record.Finding, name string, submitted bool, asOf time.Time) []string {
	first := findings[0]
	lines := []string{"差戻し票", first.Municipality + "　" + first.Department}
	if submitted {
		lines = append(lines, "対象のファイル："+name)
	}
	lines = append(lines, "作成日："+fiscal.WarekiDate(asOf))
	switch {
	case !submitted:
		return append(lines, "次の調査票が提出されていません。")
	case slices.ContainsFunc(findings, func(f record.Finding) bool { return f.Cell != "" }):
		return append(lines, "色の付いたセルを確かめ、提出したファイルを直して同じ場所に置いてください。このファイルは写しです。")
	}
	return append(lines, "次のことを確かめ、提出したファイルを直して同じ場所に置いてください。")
}
