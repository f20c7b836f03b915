package collect

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// Whose a file is, and of which year, is told by the folders that it lies in, as far as they go.
func TestWhose(t *testing.T) {
	whole := File{
		Name: "a.xlsx", Municipality: "八戸市", FiscalYear: 2024, Bureau: "総務部", Department: "人事課",
	}
	for rel, want := range map[string]File{
		"a.xlsx":                     {Name: "a.xlsx"},
		"八戸市/組織.csv":                 {Name: "組織.csv", Municipality: "八戸市"},
		"八戸市/令和6年度/a.xlsx":           {Name: "a.xlsx", Municipality: "八戸市", FiscalYear: 2024},
		"八戸市/その他/a.xlsx":             {Name: "a.xlsx", Municipality: "八戸市"},
		"八戸市/R6/総務部/a.xlsx":          {Name: "a.xlsx", Municipality: "八戸市", FiscalYear: 2024, Bureau: "総務部"},
		"八戸市/2024年度/総務部/人事課/a.xlsx":  whole,
		"八戸市/令和6年度/総務部/人事課/係/a.xlsx": whole,
	} {
		want.Path = "inputs/" + rel
		got := Whose(rel)
		if got.Path != want.Path || got.Name != want.Name || got.Municipality != want.Municipality ||
			got.FiscalYear != want.FiscalYear || got.Bureau != want.Bureau || got.Department != want.Department {
			t.Errorf("%s: %+v", rel, got)
		}
	}
}

func twoKinds(name string) bool {
	return slices.Contains([]string{".xlsx", ".csv"}, filepath.Ext(name))
}

// troubles are those of a tree's files, and no others.
func troubles(t *testing.T, tree Tree, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for _, f := range tree.Files {
		if f.Trouble != nil {
			got[strings.TrimPrefix(f.Path, "inputs/")] = f.Trouble.Why
			if f.SHA256 != "" || !strings.Contains(f.Trouble.Message(), "開けません（"+f.Trouble.Why+"）") ||
				!strings.HasSuffix(f.Trouble.Do, "ください。") {
				t.Errorf("%+v: %s", f, f.Trouble.Message())
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("troubles %q,\nwant %q", got, want)
	}
}

// A file that nobody reads is listed where a department has put it into its folder of a year, and nowhere else.
func TestFilesOfOtherKindsAreListed(t *testing.T) {
	dir := t.TempDir()
	const folder = "架空市/令和6年度/財政部/税務課/"
	listed := []string{"調査票.xlsx", "調査票.pdf", "調査票", "添付/図.PNG"}
	nobodys := []string{
		"~$調査票.xlsx", ".DS_Store", "Thumbs.db", "THUMBS.DB", "Desktop.ini", "調査票.tmp", "~WRL0001.tmp", "調査票.xlsx.bak",
		"調査票.LNK", "庁内.url", "調査票.docx~", "調査票.crdownload", ".git/HEAD",
	}
	for _, name := range slices.Concat(listed, nobodys) {
		write(t, dir, folder+name, name)
	}
	for _, elsewhere := range []string{
		"はじめに.pdf", "架空市/組織.csv", "架空市/覚え.txt", "架空市/令和6年度/様式.docx", "架空市/令和6年度/財政部/通知.pdf",
		"架空市/資料/財政部/税務課/控え.pdf", "架空市/令和6年度/財政部/総括.xlsx",
	} {
		write(t, dir, elsewhere, "x")
	}
	at := filepath.Join(dir, folder)
	for _, err := range []error{
		os.Symlink(filepath.Join(dir, "ない.pdf"), filepath.Join(at, "切れた.pdf")), os.Symlink(dir, filepath.Join(at, "よそ")),
		syscall.Mkfifo(filepath.Join(at, "管"), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Walk(context.Background(), dir, Walking{Supported: twoKinds})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"inputs/架空市/令和6年度/財政部/総括.xlsx"}
	for _, name := range listed {
		want = append(want, "inputs/"+folder+name)
	}
	slices.Sort(want)
	var got []string
	for _, f := range tree.Files {
		if f.Trouble != nil {
			continue
		}
		got = append(got, f.Path)
		if data, err := os.ReadFile(f.Disk); err != nil || f.SHA256 != sum(data) || f.FiscalYear != 2024 ||
			f.Bureau != "財政部" &&
				!strings.HasSuffix(f.Path, "総括.xlsx") {
			t.Errorf("%+v, %v", f, err)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed %q,\nwant %q", got, want)
	}
	troubles(t, tree, map[string]string{
		folder + "切れた.pdf": "リンクの先の " + filepath.Join(dir, "ない.pdf") + " がありません", folder + "よそ": "自分を含むフォルダに戻るリンクです",
		folder + "管": "ファイルではなく、名前付きパイプです",
	})
	if masters := tree.Masters["架空市"]; len(masters) != 1 || string(masters[Organisation].Data) != "x" {
		t.Errorf("masters %v", masters)
	}
}
