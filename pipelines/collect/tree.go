// Package collect finds the submitted files under inputs/<自治体>/<年度>/<部>/<課>/.
package collect

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strings"

	"kyogikai/pipelines/fiscal"
)

// File is one submitted file, or one that a department has put into its folder and that is none. Path is inputs/…, as
// PathName says it, with slashes, relative to the parent of the inputs folder.
type File struct {
	Path, Name   string
	Alike        []string // the paths of files whose names look the same: what differs in them cannot be seen
	Disk         string   // where to open it
	SHA256       string   // "" where it could not be read
	Trouble      *Trouble // why not; nil where it could
	Data         []byte   // of a master: what is read is what was summed
	Municipality string
	FiscalYear   int // 0 when the folder names none
	Bureau       string
	Department   string
}

// Masters of a municipality: files that stand directly in its folder.
const (
	Organisation = "組織.csv"
	Submissions  = "提出対象.csv"
	Decisions    = "判断.csv"
	Vocabulary   = "語彙.csv"
	Population   = "人口.csv"
	Indicators   = "指標.csv" // what a plan contains: its indicators
	Initiatives  = "取組.csv" // and its initiatives
)

// MasterNames are those of all masters.
func MasterNames() []string {
	return []string{Organisation, Submissions, Decisions, Vocabulary, Population, Indicators, Initiatives}
}

// Ledger is the folder of a municipality in which its 公表値台帳 stand.
const Ledger = "ledger"

// Tree is everything under the inputs folder, in the order of the municipalities and, within each, of the paths.
type Tree struct {
	Files   []File
	Masters map[string]map[string]File // municipality → file name → file
	// of all municipalities, in the order of their paths, with what says that they are final
	Ledgers []File
}

// Municipalities lists the municipalities of the tree in order.
func (t Tree) Municipalities() []string {
	var out []string
	for m := range t.Masters {
		out = append(out, m)
	}
	sort.Strings(out)
	return out
}

// Sort puts the files into their order.
func (t *Tree) Sort() {
	for _, files := range [][]File{t.Files, t.Ledgers} {
		slices.SortFunc(files, func(a, b File) int {
			return cmp.Or(strings.Compare(a.Municipality, b.Municipality), strings.Compare(a.Path, b.Path))
		})
	}
}

// fileAt is a file as its place says whose it is.
func fileAt(rel, disk string) File {
	f := Whose(rel)
	f.Disk = disk
	return f
}

// Whose tells from where a file lies under an inputs folder whose it is: its municipality, and from the folders in that
// its year, bureau and department, as far as they go. rel is as PathName says it, with slashes.
func Whose(rel string) File {
	parts := strings.Split(rel, "/")
	f := File{Path: path.Join("inputs", rel), Name: parts[len(parts)-1]}
	if len(parts) > 1 {
		f.Municipality = parts[0]
	}
	if len(parts) > 2 {
		f.FiscalYear, _ = fiscal.ParseYear(parts[1])
	}
	if len(parts) > 3 {
		f.Bureau = parts[2]
	}
	if len(parts) > 4 {
		f.Department = parts[3]
	}
	return f
}
