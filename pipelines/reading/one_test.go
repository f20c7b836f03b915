package reading

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// One file alone is read as a load reads it among the others.
func TestOneIsAsLoaded(t *testing.T) {
	inputs := projecttest.CopyInputs(t)
	env := projecttest.Env(t, inputs)
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(env, tree)
	if err != nil {
		t.Fatal(err)
	}
	loaded := map[string]*record.Workbook{}
	if err := r.Each(context.Background(), func(_ string, b warehouse.Batch) error {
		for _, w := range b.Workbooks {
			loaded[w.Path] = w
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	compared, found := 0, 0
	for i, f := range tree.Files {
		want := loaded[f.Path]
		if i%9 != 0 && len(want.Findings) == 0 {
			continue
		}
		one, err := One(context.Background(), env, f.Disk, collect.File{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(one.Read, want) {
			t.Errorf("%s is read otherwise alone:\n%+v\n%+v", f.Path, one.Read.Findings, want.Findings)
		}
		if !one.CityByPath || !one.YearByPath || (one.Grid == nil) != (want.Status == record.StatusUnreadable) {
			t.Errorf("%s: %v %v", f.Path, one.CityByPath, one.YearByPath)
		}
		compared++
		found += len(want.Findings)
	}
	if compared < 5 || found < 5 {
		t.Errorf("only %d files with %d findings were compared", compared, found)
	}
}

// What a person decided about the file holds, wherever it lies. A withdrawn file still shows what it says.
func TestOneDecided(t *testing.T) {
	inputs := projecttest.FewInputs(t)
	env := projecttest.Env(t, inputs)
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	file := tree.Files[0]
	decisions := filepath.Join(inputs, "八戸市", collect.Decisions)
	line := "ファイル,セル,判断,理由,日付\n" + file.Name + ",,取下げ,古い版,2025-10-01\n"
	if err := os.WriteFile(decisions, []byte(line), 0o644); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), file.Name)
	data, err := os.ReadFile(file.Disk)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(elsewhere, data, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		disk, city string
		status     string
		excluded   bool
	}{
		{file.Disk, "", record.StatusWithdrawn, true},
		{elsewhere, "八戸市", record.StatusWithdrawn, true},
		{elsewhere, "別の市", record.StatusRead, false},
		{elsewhere, "", record.StatusRead, false},
	} {
		one, err := One(context.Background(), env, c.disk, collect.File{Municipality: c.city})
		if err != nil {
			t.Fatal(err)
		}
		w := one.Read
		if w.Status != c.status || len(w.Records) == 0 || len(w.Cells) == 0 || w.Records[0].Excluded != c.excluded {
			t.Errorf("%s of %q: %s, %d records, %d cells", c.disk, c.city, w.Status, len(w.Records), len(w.Cells))
		}
	}
}

// Whose a file is and of which year, its path says, else whoever asks; where the two differ, neither is taken.
func TestOneWhose(t *testing.T) {
	inputs := projecttest.FewInputs(t)
	env := projecttest.Env(t, inputs)
	tree, err := Walk(context.Background(), env)
	if err != nil {
		t.Fatal(err)
	}
	file := tree.Files[0]
	data, err := os.ReadFile(file.Disk)
	if err != nil {
		t.Fatal(err)
	}
	at := func(parts ...string) string {
		path := filepath.Join(append([]string{t.TempDir()}, parts...)...)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(inputs, link); err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(inputs, file.Disk)
	if err != nil {
		t.Fatal(err)
	}
	other := at("inputs", "別の市", "R5", "部", "課", file.Name)
	const noBook = "no workbook by its name, which is refused for its kind"
	for _, c := range []struct {
		name, disk string
		given      collect.File
		city       string
		year       int
		path, flag string // what it is called, and which flag is refused
	}{
		{"in its place", file.Disk, collect.File{}, "八戸市", 2024, file.Path, ""},
		{"through a link", filepath.Join(link, rel), collect.File{}, "八戸市", 2024, file.Path, ""},
		{"as the path says", file.Disk, collect.File{Municipality: "八戸市", FiscalYear: 2024}, "八戸市", 2024, file.Path, ""},
		{"another city", file.Disk, collect.File{Municipality: "別の市"}, "", 0, "", "--municipality"},
		{"another year", file.Disk, collect.File{FiscalYear: 2023}, "", 0, "", "--year"},
		{"another inputs folder", other, collect.File{}, "別の市", 2023, "inputs/別の市/R5/部/課/" + file.Name, ""},
		{"elsewhere", at(file.Name), collect.File{}, "", 0, file.Name, ""},
		{"elsewhere, told", at(file.Name), collect.File{Municipality: "別の市", FiscalYear: 2023}, "別の市", 2023,
			file.Name, ""},
		{"a folder called inputs", at("inputs", "資料", "控え", file.Name), collect.File{FiscalYear: 2023}, "", 2023,
			file.Name, ""},
		{noBook, at("inputs", "別の市", "R5", "部", "課", "a.txt"), collect.File{}, "別の市", 2023,
			"inputs/別の市/R5/部/課/a.txt", ""},
	} {
		one, err := One(context.Background(), env, c.disk, c.given)
		var place *PlaceError
		if errors.As(err, &place) != (c.flag != "") || place != nil && place.Flag != c.flag || place == nil && err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.flag != "" {
			continue
		}
		w := one.Read
		refused := len(w.Records) == 0 && len(w.Findings) == 1 && w.Findings[0].Code == finding.FileUnsupported
		if w.Municipality != c.city || w.FiscalYear != c.year || w.Path != c.path || len(w.Records) == 0 != refused ||
			refused != (c.name == noBook) {
			t.Errorf("%s: %q %d %s, %d records", c.name, w.Municipality, w.FiscalYear, w.Path, len(w.Records))
		}
		if told := c.path != file.Name; one.CityByPath != told || one.YearByPath != told {
			t.Errorf("%s: by its path: city %v, year %v", c.name, one.CityByPath, one.YearByPath)
		}
	}
}
