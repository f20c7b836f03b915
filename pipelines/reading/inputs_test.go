package reading

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// twoCities are the inputs of two cities with a workbook each, and what a load reads of them, a line for each workbook,
// submission and finding.
type twoCities struct {
	t   *testing.T
	env project.Env
}

func newTwoCities(t *testing.T) twoCities {
	c := twoCities{t, projecttest.Env(t, filepath.Join(t.TempDir(), "inputs"))}
	for _, city := range []string{"甲市", "乙市"} {
		c.write(city+"/令和8年度/福祉部/福祉課/調査票.csv",
			"成果指標調査票\n成果指標名,種別,単位,目指す方向,令和7年度実績値,令和8年度実績値\n来館者数,成果,人,上昇,1200,1300\n")
		c.write(city+"/組織.csv", "部,課\n福祉部,福祉課\n福祉部,長寿課\n総務部,総務課\n")
		c.write(city+"/提出対象.csv", "様式,年度,部,課,提出期限\n成果指標調査票,令和8年度,福祉部,福祉課,令和8年9月30日\n"+
			"成果指標調査票,令和8年度,福祉部,長寿課,令和8年9月30日\n成果指標調査票,令和7年度,総務部,総務課,令和8年9月30日\n")
	}
	return c
}

func (c twoCities) write(name, text string) {
	c.t.Helper()
	at := filepath.Join(c.env.Inputs, name)
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// pipe puts a pipe in the place of a file, which hangs whoever opens it.
func (c twoCities) pipe(name string) {
	c.t.Helper()
	at := filepath.Join(c.env.Inputs, name)
	if err := os.RemoveAll(at); err != nil {
		c.t.Fatal(err)
	}
	if err := syscall.Mkfifo(at, 0o644); err != nil {
		c.t.Fatal(err)
	}
}

func (c twoCities) load() []string {
	c.t.Helper()
	tree, err := Walk(context.Background(), c.env)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := New(c.env, tree)
	if err != nil {
		c.t.Fatal(err)
	}
	var out []string
	err = r.Each(context.Background(), func(_ string, b warehouse.Batch) error {
		add := func(f record.Finding) {
			out = append(out, fmt.Sprint(f.Municipality, " ", f.Path, " ", f.Severity, " ", f.Code, " ", f.Message))
		}
		for _, w := range b.Workbooks {
			counts := len(slices.DeleteFunc(slices.Clone(w.Records), func(r record.Record) bool { return r.Excluded }))
			out = append(out, fmt.Sprint(w.Municipality, " ", w.Path, " ", w.Status, " ", counts > 0))
			for _, f := range w.Findings {
				add(f)
			}
		}
		for _, s := range b.Submissions {
			out = append(out, fmt.Sprint(s.Municipality, " ", s.FiscalYear, s.Department, s.Status))
		}
		for _, f := range b.Findings {
			if f.Code != finding.NotSubmitted {
				add(f)
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return out
}

// want compares what a load reads with what is wanted of the one city; of the other it is always the same.
func (c twoCities) want(what string, lines ...string) {
	c.t.Helper()
	got := c.load()
	lines = append([]string{
		"乙市 inputs/乙市/令和8年度/福祉部/福祉課/調査票.csv read true", "乙市 2026福祉課提出済", "乙市 2026長寿課未提出", "乙市 2025総務課未提出",
	}, lines...)
	if len(got) != len(lines) {
		c.t.Fatalf("%s: got\n%s", what, strings.Join(got, "\n"))
	}
	for i := range got {
		if !strings.HasPrefix(got[i], lines[i]) {
			c.t.Errorf("%s: got %s\nwant %s", what, got[i], lines[i])
		}
	}
}

const answer = "甲市 inputs/甲市/令和8年度/福祉部/福祉課/調査票.csv "

var owed = []string{"甲市 2026福祉課提出済", "甲市 2026長寿課未提出", "甲市 2025総務課未提出"}

// A master that cannot be read is as it was read last, and that is told. Before it was ever read, the figures of its
// municipality alone are left out. Another municipality has nothing of it.
func TestMasterThatCannotBeRead(t *testing.T) {
	c := newTwoCities(t)
	c.want("as it is", slices.Concat([]string{answer + "read true"}, owed)...)
	c.pipe("甲市/組織.csv")
	c.want("once it was read", slices.Concat([]string{answer + "read true"}, owed, []string{
		"甲市 inputs/甲市/組織.csv warning source_failed 組織.csv を読めません（ファイルではなく、名前付きパイプです）。前に読めたときの内容を使っています。",
	})...)
	if m, err := Masters(context.Background(), c.env); err != nil || m.Bureau("甲市", "長寿課") != "福祉部" {
		t.Errorf("the bureau of a department: %q, %v", m.Bureau("甲市", "長寿課"), err)
	}
	if err := os.RemoveAll(c.env.Outputs); err != nil {
		t.Fatal(err)
	}
	c.want("never", slices.Concat([]string{answer + "left_out false"}, owed, []string{
		"甲市 inputs/甲市/組織.csv error workbook_unreadable 組織.csv を読めません（ファイルではなく、名前付きパイプです）。" +
			"前に読めた内容もないので、甲市の調査票は、すべて集計から除きました。",
	})...)
	c.write("甲市/組織.csv.new", "部,課\n福祉部,福祉課\n福祉部,長寿課\n総務部,総務課\n")
	if err := os.Rename(
		filepath.Join(c.env.Inputs, "甲市/組織.csv.new"),
		filepath.Join(c.env.Inputs, "甲市/組織.csv"),
	); err != nil {
		t.Fatal(err)
	}
	c.pipe("甲市/人口.csv")
	c.want("a master without which the figures are the same", slices.Concat([]string{answer + "read true"}, owed, []string{
		"甲市 inputs/甲市/人口.csv error workbook_unreadable 人口.csv を読めません（ファイルではなく、名前付きパイプです）。" +
			"前に読めた内容もないので、ないものとして集計しました。",
	})...)
	if err := os.Remove(filepath.Join(c.env.Inputs, "甲市/人口.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(c.env.Inputs, "甲市/組織.csv")); err != nil {
		t.Fatal(err)
	}
	c.load()
	c.pipe("甲市/組織.csv")
	if got := c.load(); !slices.ContainsFunc(got, func(l string) bool { return strings.HasPrefix(l, answer+"left_out") }) {
		t.Errorf("a master that a person removed is used again: %q", got)
	}
}

// A bureau's folder that cannot be opened is told to each of its departments; none of them has handed in nothing. A
// year's likewise.
func TestFolderThatCannotBeOpened(t *testing.T) {
	c := newTwoCities(t)
	for _, folder := range []string{"甲市/令和8年度/福祉部", "甲市/令和7年度"} {
		at := filepath.Join(c.env.Inputs, folder)
		if err := os.RemoveAll(at); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink("/nowhere", at); err != nil {
			t.Fatal(err)
		}
	}
	told := func(path, why string) []string {
		return []string{
			"甲市 inputs/甲市/" + path + " unreadable false",
			"甲市 inputs/甲市/" + path + " error workbook_unreadable フォルダを開けません（" + why + "リンクの先の /nowhere がありません）。この中の調査票は、",
		}
	}
	c.want("linked to nowhere", slices.Concat(
		told("令和7年度", ""), told("令和7年度/総務部/総務課", "令和7年度："), told("令和8年度/福祉部", ""),
		told("令和8年度/福祉部/福祉課", "福祉部："), told("令和8年度/福祉部/長寿課", "福祉部："),
		[]string{"甲市 2026福祉課要修正", "甲市 2026長寿課要修正", "甲市 2025総務課要修正"},
	)...)
}

// A file that cannot be read any more once its turn comes is told, and ends no run.
func TestFileThatIsGoneWhenItsTurnComes(t *testing.T) {
	c := newTwoCities(t)
	tree, err := Walk(context.Background(), c.env)
	if err != nil {
		t.Fatal(err)
	}
	c.pipe("甲市/令和8年度/福祉部/福祉課/調査票.csv")
	r, err := New(c.env, tree)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range tree.Files {
		w, err := r.file(context.Background(), i)
		unreadable := w != nil && w.Status == record.StatusUnreadable && w.SHA256 == "" &&
			strings.Contains(w.Findings[0].Message, "名前付きパイプ")
		if err != nil || unreadable != (f.Municipality == "甲市") {
			t.Errorf("%s: %+v, %v", f.Path, w, err)
		}
	}
}
