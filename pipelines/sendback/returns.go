// Package sendback writes the 差戻し票: for every department with findings, copies of its workbooks with the cells in
// question marked, or a list alone where there is no workbook to mark.
package sendback

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Workbook is a submitted file as it was when the findings were made.
type Workbook struct{ Path, SHA256 string }

// Written is a 差戻し票 that was written. Stale says that the submitted file has changed since the findings were made:
// the copy's marks may not fit, and it is left out.
type Written struct {
	Municipality, Department, Source, File string
	Findings                               int
	Stale                                  bool
}

var kinds = map[string]string{record.Error: "誤り", record.Warning: "注意", record.Info: "参考"}

// Order is what returns are made of, and where: Dir takes them, Inputs is the inputs folder, whose files are only read
// within limits and marked by Mark.
type Order struct {
	Dir, Inputs string
	AsOf        time.Time
	Findings    []record.Finding
	Files       []Workbook
	Within      limits.Set
	Mark        Marker
}

// Write writes the returns of all findings, in the findings' order of files. Files of an earlier time are removed
// first.
func Write(ctx context.Context, o Order) ([]Written, error) {
	if err := os.RemoveAll(o.Dir); err != nil {
		return nil, fmt.Errorf("removing old returns: %w", err)
	}
	var out []Written
	for _, group := range bySource(o.Findings) {
		w, err := o.write(ctx, group)
		if err != nil {
			return out, err
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
		c.Disk = filepath.Join(o.Inputs, filepath.FromSlash(rel))
		rel = path.Dir(rel)
	}
	c.Heading = heading(findings, c.Name, i >= 0, o.AsOf)
	for _, f := range findings {
		c.Notes = append(c.Notes, workbook.Note{
			Sheet: f.Sheet, Cell: f.Cell, Kind: kinds[f.Severity], Found: f.Found, Text: f.Message,
		})
	}
	marked, err := o.Mark(ctx, c)
	if err != nil {
		return w, fmt.Errorf("making the return of %s: %w", first.Path, err)
	}
	if w.Stale = marked.Stale; w.Stale {
		return w, nil
	}
	folder := filepath.Join(o.Dir, filepath.FromSlash(rel))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return w, fmt.Errorf("making %s: %w", folder, err)
	}
	w.File = filepath.Join(folder, fileName(c.Name, marked.Ext))
	if err := os.WriteFile(w.File, marked.Data, 0o644); err != nil {
		return w, fmt.Errorf("writing %s: %w", w.File, err)
	}
	return w, nil
}

// longestName is how many bytes a file's name has at most on the disks of Linux.
const longestName = 255

// fileName is the name of a file's copy. Of a name that leaves no room for more, the beginning stays, with what tells
// it from others that begin alike.
func fileName(name, ext string) string {
	before, after := "差戻し_", copyMark(name, ext)+ext
	base := strings.TrimSuffix(name, path.Ext(name))
	if len(before)+len(base)+len(after) > longestName {
		sum := sha256.Sum256([]byte(name))
		after = "_" + hex.EncodeToString(sum[:4]) + after
		base = strings.ToValidUTF8(base[:longestName-len(before)-len(after)], "")
	}
	return before + base + after
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
