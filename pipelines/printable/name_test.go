package printable

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// A name that fits is as it was; a longer one is cut at a character and told apart from others that begin alike.
func TestFile(t *testing.T) {
	ka := func(n int) string { return strings.Repeat("か", n) } // three bytes each
	for _, c := range []struct{ name, ending, want string }{
		{"調査票", ".xlsx", "調査票.xlsx"},
		{ka(83) + "a", ".xlsx", ka(83) + "a.xlsx"}, // 255 bytes
		{"総務/財政", ".pdf", "総務／財政.pdf"},
		{"一\n二\x1b", ".csv", "一⏎二␛.csv"},
		{"..", "", ".._"}, {".", "", "._"}, {"", "", "_"}, {"", ".pdf", ".pdf"},
	} {
		if got := File(c.name, c.ending); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
	for _, name := range []string{ka(84), ka(83) + "ab", ka(500),
		strings.Repeat("か\u3099", 60), strings.Repeat("葛\U000E0100", 50)} {
		got := File(name, ".xlsx")
		stem, _, cut := strings.Cut(got, "…")
		if len(got) > LongestName || !utf8.ValidString(got) || !cut || !strings.HasPrefix(name, stem) ||
			!strings.HasSuffix(got, ".xlsx") || len(got) < LongestName-8 {
			t.Errorf("%d bytes: %q", len(got), got)
		}
		if next := strings.TrimPrefix(
			name,
			stem,
		); strings.HasPrefix(next, "\u3099") ||
			strings.HasPrefix(next, "\U000E0100") {
			t.Errorf("%q is cut inside a character", got)
		}
		if other := File(name+"x", ".xlsx"); other == got {
			t.Errorf("two names are one: %q", got)
		}
		if err := os.WriteFile(filepath.Join(t.TempDir(), got), nil, 0o600); err != nil {
			t.Error(err)
		}
	}
}

func TestFolders(t *testing.T) {
	for path, want := range map[string]string{
		"市/令和8年度/部/課": "市/令和8年度/部/課", "../../etc/a": ".._/.._/etc/a", "/a//b/": "a/b", "a/./b": "a/._/b", "": "",
	} {
		if got := Folders(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
		if got := Folders(path); got != "" && !filepath.IsLocal(got) {
			t.Errorf("%q leads out", got)
		}
	}
}
