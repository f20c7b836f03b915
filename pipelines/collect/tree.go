// Package collect finds the submitted files under inputs/<自治体>/<年度>/<部>/<課>/.
package collect

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
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
	SHA256       string
	Data         []byte // of a master: what is read is what was summed
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
)

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

// Municipalities lists the municipalities of an inputs folder in their order: its folders, whatever is in them.
func Municipalities(inputs string) ([]string, error) {
	entries, err := os.ReadDir(inputs) // which follows a link, as Walk does
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", inputs, err)
	}
	var out []string
	for _, e := range entries {
		if name := PathName(e.Name()); e.IsDir() && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "~$") {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return slices.Compact(out), nil
}

// Walk lists the files of an inputs folder with the SHA-256 of each. Lock files (~$) and hidden files are passed over,
// and files that no workbook reader knows by name unless a department has put them into its folder of a year: these are
// listed, so that somebody is told. ok says whether a file's name can be read, of which municipalities are wanted: all
// where it is nil.
func Walk(inputs string, ok func(name string) bool, of func(municipality string) bool) (Tree, error) {
	t := Tree{Masters: map[string]map[string]File{}}
	given := inputs
	inputs, err := filepath.EvalSymlinks(given)
	if err != nil {
		return Tree{}, fmt.Errorf("listing %s: %w", given, err)
	}
	err = filepath.WalkDir(inputs, func(disk string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("listing %s: %w", disk, err)
		}
		name := PathName(d.Name())
		if disk != inputs && strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() && of != nil && filepath.Dir(disk) == filepath.Clean(inputs) && !of(name) {
			return fs.SkipDir
		}
		if d.IsDir() {
			return nil
		}
		rel, err := filepath.Rel(inputs, disk)
		if err != nil {
			return fmt.Errorf("listing %s: %w", disk, err)
		}
		rel = PathName(filepath.ToSlash(rel))
		if ok(name) || filepath.Base(filepath.Dir(disk)) == Ledger {
			return t.add(rel, disk)
		}
		t.addOther(rel, disk)
		return nil
	})
	if err != nil {
		return Tree{}, err
	}
	t.tellApart()
	t.Sort()
	return t, nil
}

// Sort puts the files into their order.
func (t *Tree) Sort() {
	for _, files := range [][]File{t.Files, t.Ledgers} {
		slices.SortFunc(files, func(a, b File) int {
			return cmp.Or(strings.Compare(a.Municipality, b.Municipality), strings.Compare(a.Path, b.Path))
		})
	}
}

func (t *Tree) add(rel, disk string) error {
	f := fileAt(rel, disk)
	parts := strings.Split(rel, "/")
	if len(parts) < 2 {
		return nil
	}
	if t.Masters[f.Municipality] == nil {
		t.Masters[f.Municipality] = map[string]File{}
	}
	var err error
	if len(parts) > 2 && parts[1] != Ledger {
		if f.SHA256, err = sumOf(disk); err != nil {
			return fmt.Errorf("reading %s: %w", disk, err)
		}
		t.Files = append(t.Files, f)
		return nil
	}
	if f.Data, err = os.ReadFile(disk); err != nil {
		return fmt.Errorf("reading %s: %w", disk, err)
	}
	f.SHA256 = sum(f.Data)
	if _, twice := t.Masters[f.Municipality][f.Name]; twice && len(parts) == 2 {
		return fmt.Errorf("%s が二つあります。濁点などの文字の持ち方だけが違う、同じに見えるフォルダかファイルがあるためです。"+
			"中のものを一方に移し、もう一方を消してください", f.Path)
	}
	if len(parts) == 2 {
		t.Masters[f.Municipality][f.Name] = f
		return nil
	}
	t.Ledgers = append(t.Ledgers, f)
	return nil
}

// addOther lists a file that is no workbook by its name, where a department has put it into its folder. One that is no
// file, or cannot be read, is nobody's.
func (t *Tree) addOther(rel, disk string) {
	f := fileAt(rel, disk)
	if f.FiscalYear == 0 || f.Department == "" || !Submission(f.Name) {
		return
	}
	info, err := os.Stat(disk) // a pipe would never end
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	if f.SHA256, err = sumOf(disk); err != nil {
		return
	}
	if t.Masters[f.Municipality] == nil {
		t.Masters[f.Municipality] = map[string]File{}
	}
	t.Files = append(t.Files, f)
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

// sumOf is the SHA-256 of a file, which need not fit into memory.
func sumOf(disk string) (string, error) {
	in, err := os.Open(disk)
	if err != nil {
		return "", fmt.Errorf("opening: %w", err)
	}
	defer in.Close() //nolint:errcheck // read only
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", fmt.Errorf("summing: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
