// Package sendback writes the 差戻し票: for every department with findings, copies of its workbooks with the cells in
// question marked, or a list alone where there is no workbook to mark.
package sendback

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/limits"
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

// Order is what returns are made of, and where: Dir takes them, Find tells where a submitted file lies on the disk (""
// where it is gone), Mark marks it within limits.
type Order struct {
	Dir      string
	Find     func(path string) string
	AsOf     time.Time
	Findings []record.Finding
	Files    []Workbook
	Within   limits.Set
	Mark     Marker
	Back     func(municipality string) []string // until when and where a return comes back, and whom to ask
}

// Write writes the returns of all findings, in the findings' order of files. One that cannot be written stops no other.
// Files of an earlier time are removed first.
func Write(ctx context.Context, o Order) ([]Written, error) {
	if err := os.RemoveAll(o.Dir); err != nil {
		return nil, fmt.Errorf("removing old returns: %w", err)
	}
	var out []Written
	for _, group := range bySource(o.Findings) {
		w, err := o.write(ctx, group)
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

func (o Order) write(ctx context.Context, findings []record.Finding) (Written, error) {
	first := findings[0]
	w := Written{
		Municipality: first.Municipality, Department: first.Department, Source: first.Path, Findings: len(findings),
	}
	rel := strings.TrimPrefix(first.Path, "inputs/")
	i := slices.IndexFunc(o.Files, func(f Workbook) bool { return f.Path == first.Path })
	c := Copy{Name: "未提出.xlsx", Within: o.Within}
	if i >= 0 {
		c.Name, c.SHA256 = path.Base(first.Path), o.Files[i].SHA256
		if c.Disk = o.Find(first.Path); c.Disk == "" {
			w.Stale = true
			return w, nil
		}
		rel = path.Dir(rel)
	}
	c.Heading = heading(findings, c.Name, i >= 0, o.AsOf, o.Back(first.Municipality))
	for _, f := range findings {
		c.Notes = append(c.Notes, workbook.Note{
			Sheet: f.Sheet,
			Cell:  f.Cell,
			Kind:  kinds[f.Severity],
			Found: printable.Text(f.Found),
			Text:  Words(f, o.AsOf),
		})
	}
	marked, err := o.Mark(ctx, c)
	if err != nil {
		return w, fmt.Errorf("making the return of %s: %w", first.Path, err)
	}
	if w.Stale = marked.Stale; w.Stale {
		return w, nil
	}
	folder, ext := filepath.Join(
		o.Dir,
		filepath.FromSlash(printable.Folders(rel)),
	), copyMark(
		c.Name,
		marked.Ext,
	)+marked.Ext
	w.File = filepath.Join(folder, printable.File("差戻し_"+strings.TrimSuffix(c.Name, path.Ext(c.Name)), ext))
	return w, atomicfile.Write(w.File, marked.Data)
}

// copyMark keeps the copies of 調査票.csv and 調査票.xlsx apart.
func copyMark(name, ext string) string {
	if old := strings.ToLower(path.Ext(name)); old != ext {
		return "_" + strings.TrimPrefix(old, ".")
	}
	return ""
}

func heading(findings []record.Finding, name string, submitted bool, asOf time.Time, back []string) []string {
	first := findings[0]
	lines := []string{"差戻し票", first.Municipality + "　" + first.Department}
	if submitted {
		lines = append(lines, "対象のファイル："+name)
	}
	lines = append(lines, "作成日："+fiscal.WarekiDate(asOf))
	lines = append(lines, back...)
	switch {
	case !submitted:
		return append(lines, "次の調査票を、送り先に出してください。")
	case slices.ContainsFunc(findings, func(f record.Finding) bool { return f.Cell != "" }):
		return append(lines, "色の付いたセルを確かめ、元のファイルを直して、送り先に返してください。このファイルは写しです。「担当」は、上の問合せ先です。")
	}
	return append(lines, "次のことを確かめ、元のファイルを直して、送り先に返してください。「担当」は、上の問合せ先です。")
}
