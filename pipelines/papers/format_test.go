package papers

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/document/documenttest"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/typeset"
)

func fonts(t *testing.T) *typeset.Fonts {
	t.Helper()
	f, err := typeset.LoadFonts(os.DirFS(projecttest.Root), "templates/fonts")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func paper(blocks ...document.Block) brief.ItemPaper {
	return brief.ItemPaper{
		Item:  brief.Item{Number: "1", Title: "題"},
		Paper: brief.Paper{Document: document.Document{Title: "題", Blocks: blocks}},
	}
}

func emptySet(t *testing.T, f format) *set {
	t.Helper()
	return &set{fonts: fonts(t), day: time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC), format: f, files: map[string][]byte{}}
}

// Both tables are walked: every format writes every kind of block, or says that it has none, and none of them writes a
// kind that it does not know.
func TestEveryFormatWritesEveryKind(t *testing.T) {
	for _, f := range formats {
		for _, k := range document.Kinds() {
			s := emptySet(t, f)
			if _, err := s.add("紙", "題", paper(documenttest.Block(k))); err != nil {
				t.Errorf("%s, %s: %v", f.name, k.Name, err)
				continue
			}
			if written := len(s.files["紙."+f.name]) > 0; written != (f.name != "xlsx" || k.Workbook) {
				t.Errorf("%s, %s: written %v", f.name, k.Name, written)
			}
		}
		s := emptySet(t, f)
		_, err := s.add("紙", "題", paper(document.Block{Kind: "絵巻"}))
		if err == nil || !strings.Contains(err.Error(), "「絵巻」という種類の部分は書けません") || len(s.files) > 0 {
			t.Errorf("%s of an unknown kind: %v, %d files", f.name, err, len(s.files))
		}
	}
}

// Formats differ in name and in the note that stands beside their papers: neither is written over the other's.
func TestFormatsKeepApart(t *testing.T) {
	names, notes, official := map[string]bool{}, map[string]bool{}, 0
	for _, f := range formats {
		if names[f.name] || notes[f.note] || f.help == "" || f.write == nil {
			t.Errorf("%s: a name or a note that another has, or nothing to write with", f.name)
		}
		if names[f.name], notes[f.note] = true, true; f.official {
			official++
		}
	}
	if official != 1 || !formats[0].official || !slices.Equal(Formats(), []string{"pdf", "html", "xlsx"}) {
		t.Errorf("%d official formats; %q", official, Formats())
	}
}

// What is not the name of a format is an error: it is never taken for the official one.
func TestUnknownFormatIsRefused(t *testing.T) {
	for name, known := range map[string]bool{
		"": true, "pdf": true, "html": true, "xlsx": true, "docx": false, "PDF": false, "pdf ": false,
	} {
		_, err := formatOf(name)
		var unknown *UnknownFormatError
		if (err == nil) != known || err != nil && !errors.As(err, &unknown) {
			t.Errorf("%q: %v", name, err)
		}
		if IsOfficial(name) != (name == "" || name == "pdf") {
			t.Errorf("%q is official: %v", name, IsOfficial(name))
		}
	}
	if _, err := formatOf("docx"); !strings.Contains(err.Error(), "pdf、html、xlsx のいずれか") {
		t.Error(err)
	}
}

// A draft bears its name and leaves no note; beside each paper stands the list of its figures, and write names the
// papers alone.
func TestSetIsWritten(t *testing.T) {
	s := emptySet(t, formats[1])
	s.draft = true
	for _, name := range []string{"一", "二"} {
		if _, err := s.add(
			name, "題", paper(document.Block{Kind: document.Paragraph, Spans: []document.Span{{Text: "文"}}}),
		); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	files, err := s.write(dir)
	want := []string{filepath.Join(dir, "一（案）.html"), filepath.Join(dir, "二（案）.html")}
	if err != nil || !slices.Equal(files, want) {
		t.Errorf("%q, %v", files, err)
	}
	for _, name := range []string{"一（案）.figures.csv", "二（案）.figures.csv"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// Papers are up to date while their key and every one of their bytes are what was noted.
func TestUpToDate(t *testing.T) {
	s, dir := emptySet(t, formats[0]), t.TempDir()
	if _, err := s.add(
		"一", "題", paper(document.Block{Kind: document.Paragraph, Spans: []document.Span{{Text: "文"}}}),
	); err != nil {
		t.Fatal(err)
	}
	if upToDate(dir, "鍵") {
		t.Error("papers that are not there are up to date")
	}
	if _, err := s.write(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.note(dir, "20251020T170000Z", "鍵"); err != nil {
		t.Fatal(err)
	}
	if !upToDate(dir, "鍵") || upToDate(dir, "別の鍵") {
		t.Error("the key does not decide")
	}
	if m, ok, err := readMade(dir, formats[0]); err != nil || !ok || m.Run != "20251020T170000Z" {
		t.Errorf("%+v %v %v", m, ok, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "一.pdf"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if upToDate(dir, "鍵") {
		t.Error("a damaged paper is up to date")
	}
	if err := os.WriteFile(filepath.Join(dir, ".papers.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readMade(dir, formats[0]); err == nil || !strings.Contains(err.Error(), "作り直してください") {
		t.Errorf("a note that cannot be read: %v", err)
	}
}

// A title as long as it likes gives a paper and its list of figures one name, which a system can hold; a draft's name
// says so all the same.
func TestNamesOfPapersFit(t *testing.T) {
	long := strings.Repeat("題", 81) // with .figures.csv: 255 bytes
	for _, c := range []struct {
		title string
		draft bool
		whole bool
	}{{long, false, true}, {long + "a", false, false}, {long, true, false}, {long[:len(long)-9], true, true}} {
		s := emptySet(t, formats[1])
		s.draft = c.draft
		one := paper(document.Block{Kind: document.Paragraph, Spans: []document.Span{{Text: "文"}}})
		if _, err := s.add(c.title, "題", one); err != nil {
			t.Fatal(err)
		}
		html, list := s.order[0], s.order[1]
		stem := strings.TrimSuffix(html, ".html")
		if list != stem+figuresEnding || len(list) > 255 || strings.HasSuffix(stem, "（案）") != c.draft ||
			strings.HasPrefix(stem, c.title) != c.whole {
			t.Errorf("%d bytes, draft %v: %s and %s", len(c.title), c.draft, html, list)
		}
		if _, err := s.write(t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}
