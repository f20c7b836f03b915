package meetings

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
)

// A correction compares with the PDFs of today, by the names that the edition has for them.
func TestPDFsOfToday(t *testing.T) {
	folder := func(files map[string]string) fs.FS {
		dir := t.TempDir()
		for name, data := range files {
			path := filepath.Join(dir, "templates", "meetings", name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return os.DirFS(dir)
	}
	meeting := func(it brief.Item) brief.Meeting { return brief.Meeting{ID: "会議", Items: []brief.Item{it}} }
	edition := folder(map[string]string{"施設.pdf": "前", "計画.pdf": "前", "会議.yaml": "前"})
	then := brief.Item{Title: "施設", Number: "1", PDF: "施設.pdf", Pages: 2, Attached: []string{"計画.pdf"}}
	with := func(change func(it *brief.Item)) brief.Meeting {
		it := then
		it.Attached = slices.Clone(then.Attached)
		change(&it)
		return meeting(it)
	}
	same := with(func(*brief.Item) {})
	for name, c := range map[string]struct {
		today fs.FS
		now   brief.Meeting
		want  string // of the two PDFs
		notes string
		fails string
	}{
		"other files": {folder(map[string]string{"施設.pdf": "後", "計画.pdf": "後", "会議.yaml": "後"}), same, "後後", "", ""},
		"other names": {
			folder(map[string]string{"改.pdf": "後", "計画2.pdf": "後2"}),
			with(func(it *brief.Item) { it.PDF, it.Attached[0], it.ID = "改.pdf", "計画2.pdf", "改" }), "後後2", "", "",
		},
		"one is gone": {
			folder(map[string]string{"計画.pdf": "後"}), same, "前後", "案件1のPDF（templates/meetings/施設.pdf）がいまはない", "",
		},
		"no such item": {folder(nil), brief.Meeting{}, "前前", "", ""},
		"other pages":  {folder(nil), with(func(it *brief.Item) { it.Pages = 3 }), "", "", "kyogikai errata 会議 --templates"},
		"more behind": {
			folder(nil), with(func(it *brief.Item) { it.Attached = append(it.Attached, "x") }), "", "", "--templates",
		},
		"no PDF": {folder(nil), with(func(it *brief.Item) { it.PDF, it.Pages = "", 2 }), "", "", "--templates"},
	} {
		project, notes, err := withPDFs(edition, c.today, meeting(then), c.now)
		if c.fails != "" {
			if err == nil || !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := ""
		for _, file := range []string{"施設.pdf", "計画.pdf", "会議.yaml"} {
			data, err := fs.ReadFile(project, "templates/meetings/"+file)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got += string(data)
		}
		if said := strings.Join(notes, ""); got != c.want+"前" || (c.notes == "") != (said == "") ||
			!strings.Contains(said, c.notes) {
			t.Errorf("%s: %s, %q", name, got, notes)
		}
	}
}

// What an earlier look has left is removed and named, what it has not made stays; a new look leaves only its own.
func TestEarlierLooksAreRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "会議")
	if gone, err := removeErrata(dir); err != nil || len(gone) > 0 {
		t.Errorf("of nothing: %q, %v", gone, err)
	}
	all := map[string][]byte{errataFile: []byte("一"), officeFile: []byte("二"), replaceFile: []byte("三")}
	if files, err := writeErrata(dir, all); err != nil || len(files) != 3 {
		t.Fatalf("%q, %v", files, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "控え.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	left := func() (names []string) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}
	if _, err := writeErrata(dir, map[string][]byte{errataFile: []byte("四")}); err != nil {
		t.Fatal(err)
	}
	if got := left(); !slices.Equal(got, []string{"控え.txt", errataFile}) {
		t.Errorf("left %q", got)
	}
	gone, err := removeErrata(dir)
	if got := left(); err != nil || !slices.Equal(gone, []string{filepath.Join(dir, errataFile)}) ||
		!slices.Equal(got, []string{"控え.txt"}) {
		t.Errorf("removed %q, left %q, %v", gone, got, err)
	}
}
