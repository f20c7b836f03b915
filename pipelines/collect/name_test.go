package collect

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// One path has one spelling: composed, on one line, with nothing hidden.
func TestPathName(t *testing.T) {
	for s, want := range map[string]string{
		"令和6年度/がぎぐ.xlsx":            "令和6年度/がぎぐ.xlsx",
		norm.NFD.String("がぎぐ.xlsx"): "がぎぐ.xlsx",
		"調査票\u202Exslx.exe":         "調査票〔U+202E〕xslx.exe",
		"一\n二/三\x1b[2J.csv":         "一⏎二/三␛[2J.csv",
		"\x92\xb2.xlsx":             "〔0x92B2〕.xlsx",
		"葛\U000E0100・𠮷":             "葛\U000E0100・𠮷",
	} {
		if got := PathName(s); got != want || PathName(got) != got {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func isWorkbook(name string) bool {
	return filepath.Ext(name) == ".xlsx" || filepath.Ext(name) == ".csv"
}

// Files of one visible name are listed by names of their own, and each is found again by its own; another file, and a
// name that looks like such a mark, stays as it is.
func TestFilesThatLookAlike(t *testing.T) {
	dir := t.TempDir()
	const folder = "架空市/令和6年度/財政部/だいじ課/"
	for name, text := range map[string]string{
		folder + "がぎぐ.xlsx":                       "composed",
		folder + norm.NFD.String("がぎぐ.xlsx"):      "divided",
		folder + "が" + norm.NFD.String("ぎぐ.xlsx"): "by half",
		folder + "神.xlsx":                         "kanji",
		folder + "\uFA19.xlsx":                    "compatibility ideograph",
		norm.NFD.String(folder) + "か.xlsx":        "in a divided folder",
		folder + "一␛.xlsx":                        "the sign itself",
		folder + "一\x1b.xlsx":                     "an escape",
		folder + "票（ふつうの名前）.xlsx":                 "a name",
	} {
		write(t, dir, name, text)
	}
	tree, err := Walk(context.Background(), dir, Walking{Supported: isWorkbook})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"がぎぐ（ふつうの名前）.xlsx": "composed", "がぎぐ（濁点が分かれた名前）.xlsx": "divided", "がぎぐ（濁点が分かれた名前2）.xlsx": "by half",
		"神（ふつうの名前）.xlsx": "kanji", "神（同じに見える別の名前）.xlsx": "compatibility ideograph", "か.xlsx": "in a divided folder",
		"一␛（ふつうの名前）.xlsx": "the sign itself", "一␛（同じに見える別の名前）.xlsx": "an escape", "票（ふつうの名前）.xlsx": "a name",
	}
	if len(tree.Files) != len(want) {
		t.Errorf("%d files", len(tree.Files))
	}
	for _, f := range tree.Files {
		name := strings.TrimPrefix(f.Path, "inputs/"+folder)
		data, err := os.ReadFile(f.Disk)
		if err != nil || want[name] != string(data) {
			t.Errorf("%s is %q, want %q, %v", name, data, want[name], err)
		}
		if found := Find(dir, f.Path); found != f.Disk {
			t.Errorf("%s is found at %+q, want %+q", f.Path, found, f.Disk)
		}
		alone := name == "か.xlsx" || name == "票（ふつうの名前）.xlsx"
		if alone != (len(f.Alike) == 0) || slices.Contains(f.Alike, f.Path) || strings.HasPrefix(name, "がぎぐ") && len(f.Alike) != 2 {
			t.Errorf("%s looks like %q", name, f.Alike)
		}
	}
	for _, none := range []string{"がぎぐ.xlsx", "ない.xlsx", "か（ふつうの名前）.xlsx", "がぎぐ（濁点が分かれた名前3）.xlsx"} {
		if found := Find(dir, "inputs/"+folder+none); found != "" {
			t.Errorf("%s is found at %+q", none, found)
		}
	}
}

// A master of which there are two that look the same would silently be one of them.
func TestTwoMastersOfOneName(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "つくば市/組織.csv", "部,課\n総務部,人事課\n")
	write(t, dir, norm.NFD.String("つくば市")+"/組織.csv", "部,課\n財政部,財政課\n")
	tree, err := Walk(context.Background(), dir, Walking{Supported: isWorkbook})
	if err != nil {
		t.Fatal(err)
	}
	if m := tree.Masters["つくば市"][Organisation]; m.Trouble == nil || m.Data != nil ||
		!strings.Contains(m.Trouble.Why, "同じに見えるものが二つあります") {
		t.Errorf("%+v", m)
	}
}
