package reading

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// screenedBooks are the workbooks of the sample city's inputs as a load compares them, by their paths.
func screenedBooks(t *testing.T, env project.Env) map[string]*record.Workbook {
	t.Helper()
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(env, tree)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*record.Workbook{}
	if err := r.Each(context.Background(), func(_ string, b warehouse.Batch) error {
		for _, w := range b.Workbooks {
			out[w.Path] = w
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// Two files whose names look the same are two findings that can be told apart, and neither counts. A decision that says
// their common name is about neither; one that says the name that the finding has, settles it.
func TestFilesThatLookAlike(t *testing.T) {
	inputs := projecttest.FewInputs(t)
	env := projecttest.Env(t, inputs)
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	first, folder := tree.Files[0], filepath.Dir(tree.Files[0].Disk)
	rel := strings.TrimSuffix(first.Path, first.Name)
	ending := filepath.Ext(first.Name)
	composed, divided := filepath.Join(folder, "ぶんかざい"+ending), filepath.Join(folder, norm.NFD.String("ぶんかざい")+ending)
	data, err := os.ReadFile(first.Disk)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{composed, divided} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(first.Disk); err != nil {
		t.Fatal(err)
	}
	plain, other := rel+"ぶんかざい（ふつうの名前）"+ending, rel+"ぶんかざい（濁点が分かれた名前）"+ending
	decide := func(lines string) map[string]*record.Workbook {
		t.Helper()
		file := filepath.Join(inputs, "八戸市", collect.Decisions)
		if err := os.WriteFile(file, []byte("path,cell,decision,reason,date\n"+lines), 0o644); err != nil {
			t.Fatal(err)
		}
		return screenedBooks(t, env)
	}
	for range 2 { // the second time out of the cache
		for _, lines := range []string{"", "ぶんかざい" + ending + ",,取下げ,古い版,2025-10-01\n"} {
			books := decide(lines)
			for path, says := range map[string]string{plain: "濁点が分かれた", other: "ふつうの"} {
				w := books[path]
				if w == nil || w.Status != record.StatusLeftOut || len(w.Records) == 0 || !w.Records[0].Excluded {
					t.Fatalf("%q: %s is %+v", lines, path, w)
				}
				var told string
				for _, f := range w.Findings {
					if f.Code == finding.AmbiguousVersion && f.Path == path {
						told += f.Message
					}
				}
				if !strings.Contains(told, "ぶんかざい（"+says+"名前）") {
					t.Errorf("%q: %s is told %q", lines, path, told)
				}
			}
		}
	}
	books := decide(other + ",,取下げ,古い版,2025-10-01\n")
	if w := books[plain]; w.Status != record.StatusRead || w.Records[0].Excluded {
		t.Errorf("the other is withdrawn, and %s is %s: %+v", plain, w.Status, w.Findings)
	}
	if w := books[other]; w.Status != record.StatusWithdrawn {
		t.Errorf("%s is %s", other, w.Status)
	}
	one, err := One(context.Background(), env, divided, collect.File{})
	if err != nil || one.Read.Path != other || one.Read.Status != record.StatusWithdrawn {
		t.Errorf("read alone it is %+v, %v", one.Read, err)
	}
}

// Files that look alike and share no record are left out too: one name says both.
func TestAlikeFilesOfDifferentContents(t *testing.T) {
	inputs := projecttest.FewInputs(t)
	env := projecttest.Env(t, inputs)
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) < 2 {
		t.Fatal("the department has one file")
	}
	folder := filepath.Dir(tree.Files[0].Disk)
	for i, name := range []string{"がいよう.xlsx", norm.NFD.String("がいよう.xlsx")} {
		if err := os.Rename(tree.Files[i].Disk, filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	alike := 0
	for path, w := range screenedBooks(t, env) {
		if !strings.Contains(path, "がいよう（") {
			continue
		}
		alike++
		if len(w.Records) == 0 || !w.Records[0].Excluded || w.Status != record.StatusLeftOut {
			t.Errorf("%s counts", path)
		}
	}
	if alike != 2 {
		t.Errorf("%d files look alike", alike)
	}
}
