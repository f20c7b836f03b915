package lineage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// history is the runs of a world, one after another.
type history struct {
	t      *testing.T
	runs   int
	before *warehouse.Reader
}

// run makes the next run, and says what it holds of what is read otherwise.
func (h *history) run(w *world) []string {
	h.t.Helper()
	ctx, dir := context.Background(), h.t.TempDir()
	h.runs++
	id := fmt.Sprintf("202610%02dT020000Z", h.runs)
	b := w.build(h.t, dir, id)
	if h.before != nil {
		all, err := Rereads(ctx, h.before, b, id)
		if err != nil {
			h.t.Fatal(err)
		}
		if err := KeepRereads(ctx, b, all); err != nil {
			h.t.Fatal(err)
		}
	}
	h.before = published(h.t, b, dir, id)
	all, err := ReadRereads(ctx, h.before)
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, r := range all {
		parts := strings.Split(r.Path, "/")
		line := fmt.Sprintf("%s%s %s %s %s → %s", parts[2], parts[4], r.Cell, r.Item, r.Old, r.New)
		if !r.Waits() {
			line += " ✓" + r.Decided
		}
		out = append(out, line)
	}
	return out
}

// wants makes the next run, and compares.
func (h *history) wants(what string, w *world, want ...string) {
	h.t.Helper()
	if got := h.run(w); !slices.Equal(got, want) {
		h.t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// reads makes the program read a cell otherwise, whose file is as it was.
func (w *world) reads(path, name string, column int, text string) {
	w.write(path, name, column, text)
	w.file(path).version--
}

// decide writes a line of 判断.csv about a cell of 福祉課.
func (w *world) decide(cell, decision, date string) {
	w.decisions = append(w.decisions, record.Decision{
		Municipality: "見本市", Path: welfareFile, Cell: cell, Decision: decision, Reason: "見た", Date: date,
	})
}

// What waits, waits from run to run, until a line of 判断.csv says that somebody has looked.
func TestRereadWaitsUntilLookedAt(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	w.decide("C2", "確認", "令和8年9月1日") // long ago, about another value
	h.wants("the first run", w)
	h.wants("nothing changed", w)
	w.write(staffFile, "職員数", 2, "1,390人")
	h.wants("another file was handed in", w)
	w.reads(welfareFile, "相談件数", 2, "530件")
	want := "令和6年度福祉課 C2 実績値 520 件 → 530 件"
	h.wants("read otherwise", w, want)
	h.wants("a night later", w, want)
	w.decide("C3", "確認", "令和8年10月5日")
	h.wants("a line about another cell", w, want)
	w.decide("C2", "確認", "")
	h.wants("a line without a date", w, want)
	w.decide("C2", "確認", "令和8年10月6日")
	h.wants("looked at", w, want+" ✓C2　確認　見た　令和8年10月6日")
	h.wants("settled", w)
	w.reads(welfareFile, "相談件数", 2, "540件")
	h.wants("what was written about 530 is not about 540", w, "令和6年度福祉課 C2 実績値 530 件 → 540 件")
}

// A line about the whole file settles all of it, once it is written after the difference is known.
func TestRereadOfWholeFileIsLookedAt(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	h.run(w)
	w.reads(welfareFile, "相談件数", 2, "530件")
	w.reads(welfareFile, "訪問回数", 1, "31回")
	w.decide("", "確認", "令和8年10月1日")
	want := []string{"令和6年度福祉課 C2 実績値 520 件 → 530 件", "令和6年度福祉課 B3 目標値 30 回 → 31 回"}
	h.wants("in the same night", w, want...)
	h.wants("a night later", w, want...)
	w.decide("", "確認", "令和8年10月3日")
	for i := range want {
		want[i] += " ✓確認　見た　令和8年10月3日"
	}
	h.wants("afterwards", w, want...)
	h.wants("settled", w)
}

// A line of 判断.csv that itself changes how a cell is read has looked at it.
func TestRereadByDecisionIsLookedAt(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	w.file(welfareFile).excluded = map[string]bool{"相談件数": true, "訪問回数": true}
	h.run(w)
	w.file(welfareFile).excluded = nil
	w.decide("C2", "確認", "令和8年10月1日")
	h.wants("taken in again, one of two by a line", w,
		"令和6年度福祉課 A2 行の扱い（相談件数） 集計から除く → 集計に入れる ✓C2　確認　見た　令和8年10月1日",
		"令和6年度福祉課 A3 行の扱い（訪問回数） 集計から除く → 集計に入れる")
	h.wants("a night later", w, "令和6年度福祉課 A3 行の扱い（訪問回数） 集計から除く → 集計に入れる")
	w.file(welfareFile).excluded = map[string]bool{"訪問回数": true}
	h.wants("left out again", w)
}

// A value that is read otherwise twice is told from where it began; one that is read as at first is told no longer.
func TestRereadTwice(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	h.run(w)
	w.reads(welfareFile, "相談件数", 2, "530件")
	h.run(w)
	w.reads(welfareFile, "相談件数", 2, "540件")
	h.wants("twice", w, "令和6年度福祉課 C2 実績値 520 件 → 540 件")
	w.reads(welfareFile, "相談件数", 2, "520件")
	h.wants("back", w)
}

// Other bytes settle what was read otherwise of the old ones. A file that is away for a while comes back with it.
func TestRereadFollowsItsFile(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	h.run(w)
	w.reads(welfareFile, "相談件数", 2, "530件")
	w.reads(lastYearFile, "相談件数", 2, "491件")
	old, now := "令和5年度福祉課 C2 実績値 490 件 → 491 件", "令和6年度福祉課 C2 実績値 520 件 → 530 件"
	h.wants("both", w, old, now)
	all := w.files
	w.files = all[:2]
	h.wants("one is away", w, old, now)
	w.files = all
	h.wants("it is back", w, old, now)
	w.write(welfareFile, "相談件数", 2, "531件")
	h.wants("the other is handed in anew", w, old)
}

// A value is its number, its unit and its bound: each of them is told, and the way of writing is not.
func TestRereadOfUnitsAndBounds(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	h.run(w)
	for _, c := range [][2]string{
		{"500人", "500 件 → 500 人"}, {"500件以上", "500 件 → 500 件以上"}, {"500件以下", "500 件 → 500 件以下"},
		{"500件未満", "500 件 → 500 件未満"}, {"500件超", "500 件 → 500 件超"}, {"", "500 件 → （空欄）"},
	} {
		w.reads(welfareFile, "相談件数", 1, c[0])
		h.wants(c[0], w, "令和6年度福祉課 B2 目標値 "+c[1])
	}
	w.reads(welfareFile, "相談件数", 1, "５００　件")
	h.wants("written otherwise", w)
}

// Rows that come and go, years, and rows that are called otherwise.
func TestRereadRows(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	h.run(w)
	f := w.file(welfareFile)
	f.rows = append(f.rows, [3]string{"利用者数", "10人", ""})
	h.wants("a row more", w,
		"令和6年度福祉課 A4 name （読んでいない） → 利用者数", "令和6年度福祉課 B4 目標値 （読んでいない） → 10 人",
		"令和6年度福祉課 C4 実績値 （読んでいない） → （空欄）")
	f.rows = f.rows[:2]
	h.wants("a row less", w)
	w.reads(welfareFile, "訪問回数", 0, "訪問の回数")
	h.wants("its name alone differs", w, "令和6年度福祉課 A3 name 訪問回数 → 訪問の回数")
	w.reads(welfareFile, "訪問の回数", 0, "訪問回数")
	w.file(lastYearFile).year = 2022
	if got := h.run(w); !slices.Contains(got, "令和5年度福祉課 C2 実績値 令和5年度の 490 件 → 令和4年度の 490 件") {
		t.Errorf("another year: %q", got)
	}
}

// Of a file that is read as a whole or not at all, the file says it. Versions of one answer are told by their finding.
func TestRereadOfFiles(t *testing.T) {
	t.Parallel()
	w, h := city(t), history{t: t}
	h.run(w)
	w.file(welfareFile).status = record.StatusUnreadable
	want := "令和6年度福祉課  ファイルの扱い 読み込み済み → 開けない"
	h.wants("a file that cannot be read any more", w, want)
	w.file(welfareFile).status = record.StatusRead
	h.wants("it can be read again", w)

	w.file(welfareFile).status = record.StatusWithdrawn
	w.decide("", "取下げ", "令和8年10月1日")
	h.wants("withdrawn", w, "令和6年度福祉課  ファイルの扱い 読み込み済み → 取り下げられた ✓取下げ　見た　令和8年10月1日")
	h.wants("settled", w)
	w.decisions, w.file(welfareFile).status = nil, record.StatusRead
	h.wants("and back", w, "令和6年度福祉課  ファイルの扱い 取り下げられた → 読み込み済み")

	w, h = city(t), history{t: t}
	h.run(w)
	rival := finding.New(finding.AmbiguousVersion, "", "", "票2.xlsx", "")
	rival.Path = staffFile
	w.file(staffFile).findings = []record.Finding{rival}
	w.file(staffFile).excluded = map[string]bool{"職員数": true}
	h.wants("another version came", w)
	w.file(staffFile).findings, w.file(staffFile).excluded = nil, nil
	h.wants("and went", w)
}
