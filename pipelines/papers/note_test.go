package papers

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What lies beside papers and nobody has made with them is told; drafts, and what the folder's list names, are not.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	put := func(name, data string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s := &set{format: formats[0], files: map[string][]byte{"題.pdf": []byte("一"), "公開用.pdf": []byte("二")}}
	for name, data := range s.files {
		put(name, string(data))
	}
	if err := s.note(dir, "run", "key"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"前の題.pdf", "前の題（案）.pdf", "題（案）.pdf", "題.xlsx", "題.figures.csv"} {
		put(name, "x")
	}
	at := func(names ...string) (out []string) {
		for _, name := range names {
			out = append(out, filepath.Join(dir, name))
		}
		return out
	}
	for _, c := range []struct{ made, left []string }{
		{at("題（案）.pdf"), at("前の題.pdf")}, {at("題.pdf", "公開用.pdf"), at("前の題.pdf")}, {at("題.html"), nil}, {nil, nil},
	} {
		if got := Leftovers(c.made); !slices.Equal(got, c.left) {
			t.Errorf("beside %q: %q", c.made, got)
		}
	}
	put("公開用.pdf", "別の中身")
	if got, want := Leftovers(at("題（案）.pdf")), at("公開用.pdf", "前の題.pdf"); !slices.Equal(got, want) {
		t.Errorf("a paper that somebody has changed: %q", got)
	}
	put(formats[0].note, "{")
	want := at("題.pdf", "公開用.pdf", "前の題.pdf")
	if got := Leftovers(at("題（案）.pdf")); len(got) != len(want) {
		t.Errorf("of a list that cannot be read: %q", got)
	}
}
