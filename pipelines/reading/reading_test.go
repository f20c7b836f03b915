package reading

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// A run rests on everything that can change a figure: whichever of it changes, the fingerprint does.
func TestFingerprint(t *testing.T) {
	project1 := func(changed string) fstest.MapFS {
		files := fstest.MapFS{}
		for _, name := range []string{
			"kyogikai.yaml", "sql/macros/a.sql", "sql/staging/a.sql", "sql/marts/a.sql", "sql/tests/a.sql",
			"templates/forms/a.yaml",
			"templates/briefs/a.csv", "templates/briefs/a.md",
		} {
			data := "x"
			if name == changed {
				data = "y"
			}
			files[name] = &fstest.MapFile{Data: []byte(data)}
		}
		return files
	}
	tree := func() collect.Tree {
		return collect.Tree{
			Files:   []collect.File{{Path: "inputs/市/令和6年度/部/課/a.xlsx", SHA256: "1", Municipality: "市"}},
			Ledgers: []collect.File{{Path: "inputs/市/ledger/a.csv", SHA256: "2", Municipality: "市"}},
			Masters: map[string]map[string]collect.File{"市": {
				collect.Organisation: {SHA256: "3"}, collect.Submissions: {SHA256: "4"}, collect.Decisions: {SHA256: "5"},
				collect.Vocabulary: {SHA256: "6"},
			}},
		}
	}
	of := func(changed, version string, tree collect.Tree, problems ...collect.Problem) string {
		t.Helper()
		sum, err := Fingerprint(project.Env{Project: project1(changed), Version: version}, tree, problems)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	first := of("", "v", tree())
	if again := of("", "v", tree()); again != first {
		t.Error("the same has two fingerprints")
	}
	seen := map[string]string{first: "nothing"}
	differs := func(what, sum string) {
		t.Helper()
		if other, ok := seen[sum]; ok {
			t.Errorf("%s has the fingerprint of %s", what, other)
		}
		seen[sum] = what
	}
	for name := range project1("") {
		if name == "templates/briefs/a.md" { // the words of a paper change no figure
			if of(name, "v", tree()) != first {
				t.Error("a template changes what a load rests on")
			}
			continue
		}
		differs(name, of(name, "v", tree()))
	}
	differs("the program", of("", "w", tree()))
	differs("a problem of a source", of("", "v", tree(), collect.Problem{What: "つながらない"}))
	for what, change := range map[string]func(t *collect.Tree){
		"a workbook":     func(t *collect.Tree) { t.Files[0].SHA256 = "x" },
		"its place":      func(t *collect.Tree) { t.Files[0].Path = "inputs/市/令和6年度/部/課/b.xlsx" },
		"a ledger":       func(t *collect.Tree) { t.Ledgers[0].SHA256 = "x" },
		"組織.csv":         func(t *collect.Tree) { t.Masters["市"][collect.Organisation] = collect.File{SHA256: "x"} },
		"提出対象.csv":       func(t *collect.Tree) { t.Masters["市"][collect.Submissions] = collect.File{SHA256: "x"} },
		"判断.csv":         func(t *collect.Tree) { t.Masters["市"][collect.Decisions] = collect.File{SHA256: "x"} },
		"語彙.csv":         func(t *collect.Tree) { t.Masters["市"][collect.Vocabulary] = collect.File{SHA256: "x"} },
		"one file fewer": func(t *collect.Tree) { t.Files = nil },
	} {
		other := tree()
		change(&other)
		differs(what, of("", "v", other))
	}
	if rules, err := Rules(project.Env{Project: project1(""), Version: "v"}); err != nil || rules == first {
		t.Errorf("the rules alone: %v", err)
	}
}

// Inputs that are not there, or hold no workbook, are refused: publishing nothing would erase every figure.
func TestWalkRefusesNothing(t *testing.T) {
	empty := t.TempDir()
	for dir, says := range map[string]string{filepath.Join(empty, "none"): "がありません", empty: "に調査票が一つもありません"} {
		_, err := Walk(context.Background(), project.Env{Inputs: dir})
		var nothing *InputsError
		if !errors.As(err, &nothing) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if m, err := Masters(
		context.Background(),
		project.Env{Inputs: filepath.Join(empty, "none")},
	); err != nil ||
		len(m.Departments) > 0 {
		t.Errorf("masters of no inputs: %+v, %v", m, err)
	}
}

// A file of another kind is read as far as its kind, once; one that is gone, or cannot be opened, ends no run. Such
// files alone are no inputs.
func TestFilesOfOtherKinds(t *testing.T) {
	dir := projecttest.FewInputs(t)
	env := projecttest.Env(t, dir)
	const folder = "八戸市/令和6年度/財政部/財政課/"
	for name, data := range map[string]string{"控え.pdf": "PK\x03\x04x", "動画.mp4": "%PDF-1.7", "消える.docx": "x"} {
		if err := os.WriteFile(filepath.Join(dir, folder+name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{"控え.pdf": "PDF", "動画.mp4": "PDF", "消える.docx": "ワードの文書"}
	for turn := range 2 {
		tree, err := Walk(context.Background(), env)
		if err != nil {
			t.Fatal(err)
		}
		if turn == 0 {
			if err := os.Remove(filepath.Join(dir, folder+"消える.docx")); err != nil {
				t.Fatal(err)
			}
		} else {
			delete(want, "消える.docx")
		}
		r, err := New(env, tree)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		err = r.Each(context.Background(), func(_ string, batch warehouse.Batch) error {
			for _, w := range batch.Workbooks {
				for _, f := range w.Findings {
					if f.Code == finding.FileUnsupported {
						got[filepath.Base(w.Path)] = f.Found
					}
				}
			}
			return nil
		})
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%v, want %v, %v", got, want, err)
		}
		if reused := r.Reused(); (reused == len(tree.Files)) != (turn == 1) {
			t.Errorf("turn %d: %d of %d taken as read before", turn, reused, len(tree.Files))
		}
	}
	alone := t.TempDir()
	if err := os.MkdirAll(filepath.Join(alone, folder), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(alone, folder, "a.pdf"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	var nothing *InputsError
	if _, err := Walk(context.Background(), project.Env{Inputs: alone}); !errors.As(err, &nothing) {
		t.Errorf("a PDF alone: %v", err)
	}
}

// What was read before is taken again, and only then, when nothing of what it follows from has changed. A damaged file
// of the cache counts for nothing.
func TestCache(t *testing.T) {
	env := projecttest.Env(t, projecttest.FewInputs(t))
	f := collect.File{
		Path: "inputs/市/令和6年度/部/課/a.xlsx", SHA256: "1", Municipality: "市", FiscalYear: 2024, Bureau: "部", Department: "課",
	}
	w := &record.Workbook{Path: f.Path, Status: record.StatusRead, Records: []record.Record{{Key: "鍵"}}}
	words := func(city, sum string) collect.Tree {
		return collect.Tree{Masters: map[string]map[string]collect.File{city: {collect.Vocabulary: {SHA256: sum}}}}
	}
	cache, err := newReadings(env, words("市", "1"))
	if err != nil {
		t.Fatal(err)
	}
	book, err := encoded(w)
	if err != nil {
		t.Fatal(err)
	}
	cache.put(f, book)
	if got := cache.get(f); got == nil || got.Records[0].Key != "鍵" {
		t.Fatalf("%+v", got)
	}
	for what, change := range map[string]func(f *collect.File){
		"bytes": func(f *collect.File) { f.SHA256 = "2" }, "path": func(f *collect.File) { f.Path += "x" },
		"municipality": func(f *collect.File) { f.Municipality = "町" }, "year": func(f *collect.File) { f.FiscalYear = 2025 },
		"bureau": func(f *collect.File) { f.Bureau = "局" }, "department": func(f *collect.File) { f.Department = "室" },
	} {
		other := f
		change(&other)
		if cache.get(other) != nil {
			t.Errorf("%s: another file is taken for it", what)
		}
	}
	for what, c := range map[string]struct {
		tree  collect.Tree
		taken bool
	}{
		"other words": {words("市", "2"), false}, "no words": {collect.Tree{}, false},
		"the same words": {words("市", "1"), true},
	} {
		if next, err := newReadings(env, c.tree); err != nil || (next.get(f) != nil) != c.taken {
			t.Errorf("%s of the municipality: %v", what, err)
		}
	}
	elsewhere := f
	elsewhere.Municipality = "町"
	cache.put(elsewhere, book)
	if next, err := newReadings(env, words("市", "2")); err != nil || next.get(elsewhere) == nil {
		t.Errorf("another municipality's words change what is read of this one: %v", err)
	}
	other := env
	if err := other.Settings.Limits.Override(limits.CellCount, "1000"); err != nil {
		t.Fatal(err)
	}
	if next, err := newReadings(other, words("市", "1")); err != nil || next.get(f) != nil {
		t.Errorf("other limits take what was read within these: %v", err)
	}
	env.Version = "next"
	if next, err := newReadings(env, words("市", "1")); err != nil || next.get(f) != nil {
		t.Errorf("another program takes what this has read: %v", err)
	}
	path := cache.path(cache.key(f))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for what, damaged := range map[string][]byte{
		"cut": data[:len(data)-1], "changed": append(slices.Clone(data[:len(data)-1]), 'x'), "empty": nil,
	} {
		if err := os.WriteFile(path, damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		if cache.get(f) != nil {
			t.Errorf("a file that is %s is taken", what)
		}
	}
	unused, err := newReadings(projecttest.Env(t, env.Inputs), collect.Tree{})
	if err != nil {
		t.Fatal(err)
	}
	unused.dir = cache.dir
	if unused.prune(); fileExists(path) {
		t.Error("what nobody used is kept")
	}
}

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// A form that the settings do not mention gets a plan: the name that its workbooks state, else the form's, and their
// years.
func TestUnsetPlans(t *testing.T) {
	books := []*record.Workbook{
		{Municipality: "市", Records: []record.Record{
			{Form: "A", FiscalYear: 2025, Fields: []record.Field{{Name: "start_year", Value: "2021"}}},
			{Form: "A", FiscalYear: 2024, Fields: []record.Field{{Name: "plan", Value: "総合計画"}}},
			{Form: "B", FiscalYear: 2024},
		}},
		{Municipality: "町", Records: []record.Record{{Form: "B", FiscalYear: 2023}}},
	}
	got := unsetPlans(
		books, []form.Form{{ID: "A", Name: "指標"}, {ID: "B", Name: "取組"}}, []warehouse.Plan{{Municipality: "市", Form: "B"}},
	)
	want := []warehouse.Plan{
		{
			Municipality: "市", Form: "A", Name: "総合計画", ShareMethod: "largest_remainder", EndedMark: project.EndedMark,
			FirstYear: 2021, LastYear: 2025,
		},
		{
			Municipality: "町", Form: "B", Name: "取組", ShareMethod: "largest_remainder", EndedMark: project.EndedMark,
			FirstYear: 2023, LastYear: 2023,
		},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// A waiver stands as it is written: what it is about may not be there. Every other decision stands once for each file
// that it is about, and not at all where there is none.
func TestDecisions(t *testing.T) {
	books := []*record.Workbook{
		{Municipality: "市", Path: "inputs/市/令和6年度/部/課/a.xlsx"}, {Municipality: "市", Path: "inputs/市/令和7年度/部/課/a.xlsx"},
		{Municipality: "町", Path: "inputs/町/令和6年度/部/課/a.xlsx"},
	}
	waiver := record.Decision{
		Municipality: "市", Path: "様式/2024/課", Decision: "除いて確定", Reason: "廃止", Post: "課長", Date: "2025-10-01",
	}
	got := decisions(form.Masters{Decisions: []record.Decision{
		{Municipality: "市", Path: "課/a.xlsx", Decision: "取下げ"}, {Municipality: "市", Path: "b.xlsx", Decision: "取下げ"}, waiver,
		{Municipality: "市", Path: "令和7年度/部/課/a.xlsx", Cell: "E12", Decision: "確認"},
	}}, books)
	var said []string
	for _, d := range got {
		said = append(said, strings.Join([]string{d.Path, d.Cell, d.Kind()}, "|"))
	}
	want := []string{
		"inputs/市/令和6年度/部/課/a.xlsx||withdraw", "inputs/市/令和7年度/部/課/a.xlsx||withdraw", "様式/2024/課||waive",
		"inputs/市/令和7年度/部/課/a.xlsx|E12|confirm",
	}
	if !slices.Equal(said, want) {
		t.Errorf("got %q\nwant %q", said, want)
	}
}

// A character that no typeface has is told once a cell, wherever it is printed from; one that a further face has is not
// told.
func TestMissingGlyphs(t *testing.T) {
	fonts, err := typeset.LoadFonts(os.DirFS(projecttest.Root), "templates/fonts")
	if err != nil {
		t.Fatal(err)
	}
	w := &record.Workbook{Path: "a.xlsx", Municipality: "市", Department: "課"}
	w.Records = []record.Record{{Fields: []record.Field{
		{Text: "\U0001F600と\U0001F600", Sheet: "表", Cell: "A1"}, {Text: "\U0001F600", Sheet: "表", Cell: "A1"},
		{Text: "𠮷野家㏊", Sheet: "表", Cell: "A2"}, {Text: "\U0001F601", Sheet: "別", Cell: "A1"},
	}}}
	missingGlyphs(fonts, []*record.Workbook{w})
	var said []string
	for _, f := range w.Findings {
		said = append(said, f.Code+" "+f.Sheet+"!"+f.Cell+" "+f.Found)
	}
	want := []string{"glyph_missing 表!A1 \U0001F600（U+1F600）", "glyph_missing 別!A1 \U0001F601（U+1F601）"}
	if !slices.Equal(said, want) {
		t.Errorf("got %q, want %q", said, want)
	}
}

// A file that is being saved is waited for; one that rests is taken as it is, however it looks.
func TestSettled(t *testing.T) {
	const half = "PK\x03\x04half of a workbook"
	now := time.Date(2025, 10, 1, 12, 0, 0, 0, time.UTC)
	path := filepath.Join(t.TempDir(), "a.xlsx")
	write := func(data string, age time.Duration) {
		t.Helper()
		err := errors.Join(os.WriteFile(path, []byte(data), 0o644), os.Chtimes(path, now.Add(-age), now.Add(-age)))
		if err != nil {
			t.Fatal(err)
		}
	}
	write(half, savingAge+time.Second)
	if data, whole, err := settled(
		context.Background(), path, now, limits.Default()); string(data) != half || !whole || err != nil {
		t.Errorf("an old file: %q %v %v", data, whole, err)
	}
	write(half, savingAge-time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, whole, err := settled(ctx, path, now, limits.Default()); whole || !errors.Is(err, context.Canceled) {
		t.Errorf("a young file is not waited for: %v %v", whole, err)
	}
	if _, _, err := settled(context.Background(), path+"x", now, limits.Default()); err == nil {
		t.Error("a file that is gone is read")
	}
}
