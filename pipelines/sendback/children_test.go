package sendback

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
	"kyogikai/pipelines/workers"
)

// The tests' own program is the child that marks, too.
func TestMain(m *testing.M) {
	child, err := bounded.Enter(os.Getenv)
	switch {
	case err == nil && !child:
		os.Exit(m.Run())
	case err == nil:
		err = Serve(os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func children(t *testing.T, l bounded.Limits) Marker {
	t.Helper()
	p := workers.New(func() *exec.Cmd { return exec.Command("/proc/self/exe") }, 1, l, nil)
	t.Cleanup(p.Close)
	return By(p)
}

// Children write the same copies as this process does, tell of a file that has changed since, and of one that cannot be
// read.
func TestChildrenMarkTheSame(t *testing.T) {
	inputs := filepath.Join(t.TempDir(), "inputs")
	data := workbooktest.New(t, "調査票", [][]any{{"指標", "実績"}, {"件数", "五百件"}})
	file := put(t, inputs, "市/令和8年度/部/福祉課/調査票.xlsx", data)
	c := Copy{
		Name: "調査票.xlsx", Disk: under(inputs)(file.Path), SHA256: file.SHA256, Within: limits.Default(),
		Heading: []string{"差戻し票"},
		Notes:   []workbook.Note{{Sheet: "調査票", Cell: "B2", Kind: "誤り", Found: "五百件", Text: "直してください。"}},
	}
	mark := children(t, bounded.Limits{Memory: 500 << 20, CPU: time.Minute, Time: time.Minute})
	want, err := Here(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		got, err := mark(t.Context(), c)
		if err != nil || got.Ext != want.Ext || got.Stale || !bytes.Equal(got.Data, want.Data) {
			t.Errorf("%d bytes %s, want %d: %v", len(got.Data), got.Ext, len(want.Data), err)
		}
	}
	other := c
	other.SHA256 = "of yesterday"
	if got, err := mark(t.Context(), other); err != nil || !got.Stale {
		t.Errorf("%+v, %v", got.Stale, err)
	}
	gone := c
	gone.Disk += "x"
	if got, err := mark(t.Context(), gone); err != nil || !got.Stale {
		t.Errorf("%+v, %v", got.Stale, err)
	}
	folder := c
	folder.Disk = filepath.Dir(c.Disk)
	if _, err := mark(t.Context(), folder); err == nil || !strings.Contains(err.Error(), "フォルダ") {
		t.Errorf("%v", err)
	}
}

// Of a workbook that is too large, or over which a child ends, the department gets the list alone, with the places in
// words; the others get their copies.
func TestListAloneOfWhatCannotBeMarked(t *testing.T) {
	inputs, dir := filepath.Join(t.TempDir(), "inputs"), filepath.Join(t.TempDir(), "returns")
	data := workbooktest.New(t, "調査票", [][]any{{"指標", "実績"}, {"件数", "五百件"}})
	const lines = 5000
	files := []Workbook{
		put(t, inputs, "市/令和8年度/部/甲課/長い.csv", []byte(strings.Repeat("五百件\n", lines))),
		put(t, inputs, "市/令和8年度/部/乙課/大きい.csv", bytes.Repeat([]byte("a"), 400<<10)),
		put(t, inputs, "市/令和8年度/部/丙課/調査票.xlsx", data),
	}
	var findings []record.Finding
	for i := range lines {
		findings = append(findings, find(record.Error, files[0].Path, "", fmt.Sprintf("A%d", i+1), "直してください。"))
	}
	findings = append(findings, find(record.Error, files[1].Path, "", "", "ファイルが大きすぎます。"),
		find(record.Error, files[2].Path, "調査票", "B2", "直してください。"))
	order := ordered(dir, inputs, findings, files)
	order.Within.File = 300 << 10
	order.Mark = children(t, bounded.Limits{Memory: 500 << 20, CPU: 200 * time.Millisecond, Time: time.Minute})
	written, err := Write(t.Context(), order)
	if err != nil || len(written) != 3 {
		t.Fatal(written, err)
	}
	for i, w := range written {
		if w.Failed != "" || w.Stale {
			t.Fatalf("%+v", w)
		}
		if got := workbooktest.Sheets(t, w.File); slices.Equal(got, []string{"差戻し票"}) != (i < 2) {
			t.Errorf("%s: sheets %q", w.File, got)
		}
	}
	if got := workbooktest.Cell(t, written[0].File, "差戻し票", "F12"); !strings.HasPrefix(got, "A2：") {
		t.Errorf("the second line is %q", got)
	}
}

// Whoever is told to stop does so, whatever a child is at.
func TestMarkingStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := children(t, bounded.Limits{})(ctx, Copy{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
