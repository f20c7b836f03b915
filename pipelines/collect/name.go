package collect

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
)

// PathName is a path, or a name, as the program says it everywhere: NFC, with what nobody can see made visible. A
// file's path under inputs is known by it, and a decision names the file by it.
func PathName(s string) string { return printable.Line(norm.NFC.String(s)) }

// tellApart gives each of several places on the disk, all of one path, a path of its own: before its ending it says
// what is peculiar about the name.
func tellApart(at string, disks []string) []string {
	ending := path.Ext(at)
	stem := strings.TrimSuffix(at, ending)
	used := map[string]int{}
	out := make([]string, len(disks))
	for i, disk := range disks {
		disk = filepath.ToSlash(disk)
		mark := record.OtherTwin
		switch {
		case strings.HasSuffix(disk, strings.TrimPrefix(at, "inputs/")):
			mark = record.PlainTwin
		case strings.ContainsAny(disk, "\u3099\u309A"):
			mark = record.DividedTwin
		}
		if used[mark]++; used[mark] > 1 {
			mark = strings.TrimSuffix(mark, "）") + strconv.Itoa(used[mark]) + "）"
		}
		out[i] = stem + mark + ending
	}
	return out
}

// tellApart names the files apart whose paths are one, and says of each which others look like it.
func (t *Tree) tellApart() {
	byPath := map[string][]int{}
	for i, f := range t.Files {
		byPath[f.Path] = append(byPath[f.Path], i)
	}
	for at, twins := range byPath {
		if len(twins) < 2 {
			continue
		}
		slices.SortFunc(twins, func(a, b int) int { return strings.Compare(t.Files[a].Disk, t.Files[b].Disk) })
		var disks []string
		for _, i := range twins {
			disks = append(disks, t.Files[i].Disk)
		}
		names := tellApart(at, disks)
		for n, i := range twins {
			t.Files[i].Path = names[n]
			t.Files[i].Alike = slices.Delete(slices.Clone(names), n, n+1)
		}
	}
}

// alike says that two names are not the same, where nobody can see it.
func alike(a, b string) string {
	if a != b && PathName(a) == PathName(b) {
		return "同じに見えて、濁点などの文字の持ち方だけが違います。"
	}
	return ""
}

// Find is where on the disk the file is that the program knows by a path: inputs/八戸市/令和6年度/財政部/財政課/調査票.xlsx. It
// is "" where there is none.
func Find(inputs, at string) string {
	rel := strings.TrimPrefix(at, "inputs/")
	if found := diskNames(inputs, strings.Split(rel, "/")); len(found) == 1 {
		return found[0]
	}
	for _, mark := range []string{record.PlainTwin, record.DividedTwin, record.OtherTwin} {
		i := strings.LastIndex(rel, strings.TrimSuffix(mark, "）"))
		if i < 0 {
			continue
		}
		plain := rel[:i] + path.Ext(rel)
		disks := diskNames(inputs, strings.Split(plain, "/"))
		for n, name := range tellApart("inputs/"+plain, disks) {
			if name == "inputs/"+rel && len(disks) > 1 {
				return disks[n]
			}
		}
	}
	return ""
}

// diskNames are the places under a folder that are told by a path, in the order of their names.
func diskNames(dir string, parts []string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil || len(parts) == 0 {
		return nil
	}
	var out []string
	for _, e := range entries {
		if PathName(e.Name()) != parts[0] {
			continue
		}
		disk := filepath.Join(dir, e.Name())
		if len(parts) == 1 {
			out = append(out, disk)
			continue
		}
		out = append(out, diskNames(disk, parts[1:])...)
	}
	slices.Sort(out)
	return out
}
