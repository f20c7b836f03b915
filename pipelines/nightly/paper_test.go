package nightly

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/trial"
)

const (
	item2File = "2_第7次八戸市行財政改革大綱の総括について.pdf"
	wholeFile = "総務協議会資料.pdf"
)

// extract returns a PDF's text without white space: lines are broken where the paper breaks them.
func extract(t *testing.T, file string) string {
	t.Helper()
	out, err := trial.Command(t, "pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return squeeze(string(out))
}

func squeeze(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "　", "")), "")
}

// Every paragraph, list item, cell, legend and note of the tree can be extracted from the PDF as it went in, but for
// page numbers that stand between.
func TestTextOfPaperIsWhole(t *testing.T) {
	t.Parallel()
	env, dir := sample(t), samplePapers(t)
	text := extract(t, filepath.Join(dir, item2File))
	n := 0
	for _, s := range texts(item2(t, env).Blocks) {
		if s = squeeze(s); s == "" {
			continue
		}
		n++
		if !strings.Contains(text, s) {
			t.Errorf("not in the PDF: %s", s)
		}
	}
	if n < 200 {
		t.Fatalf("only %d texts in the tree", n)
	}
	if strings.Contains(text, "〓") {
		t.Error("a character has no glyph")
	}
}

// texts are all texts of a tree; lines of a cell apart.
func texts(blocks []document.Block) []string {
	var out []string
	for _, b := range blocks {
		out = append(out, document.Plain(b.Spans), b.Label)
		for _, it := range b.Items {
			out = append(out, document.Plain(it.Spans))
		}
		if b.Table != nil {
			for _, r := range append(append([]document.Row(nil), b.Table.Head...), b.Table.Rows...) {
				for _, c := range r.Cells {
					out = append(out, strings.Split(c.Text, "\n")...)
				}
			}
			out = append(append(out, b.Table.Legend...), b.Table.Notes...)
		}
		out = append(out, texts(b.Blocks)...)
	}
	return out
}

// The paper shows the published figures, row by row and in its sentences.
func TestPaperShowsPublishedFigures(t *testing.T) {
	t.Parallel()
	text := extract(t, filepath.Join(samplePapers(t), item2File))
	shows := func(parts ...string) {
		t.Helper()
		if s := strings.Join(parts, ""); !strings.Contains(text, s) {
			t.Errorf("the paper does not show %s", s)
		}
	}
	for _, r := range expected(t, "facts/gyokaku_counts_by_item.csv", "item_no", "item", "literal") {
		shows("(", r[0], ")", r[1], r[2])
	}
	for _, r := range expected(t, "facts/gyokaku_counts_totals.csv", "literal") {
		shows(squeeze(r[0]))
	}
	for _, r := range expected(
		t, "facts/gyokaku_progress.csv", "pillar", "initiatives", "n_double_circle", "n_circle", "n_triangle",
		"n_black_triangle", "n_cross",
	) {
		shows(r...)
	}
	for _, r := range expected(
		t, "facts/gyokaku_selfeval.csv", "pillar", "initiatives", "n_A", "n_B", "n_C", "n_dash_derived",
	) {
		shows(r...)
	}
	shows("構成比－3.0%92.1%4.9%0%0%")
	shows("構成比－5.1%88.2%5.9%0.8%0%")
	shows("構成比－10.9%84.2%4.9%0%")
	shows("構成比－9.3%84.0%6.7%0%")
	for _, r := range expected(t, "facts/gyokaku_yearly.csv", "kind", "R2", "R3", "R4", "R5", "R6") {
		if r[1] != "" {
			shows(r...)
		}
	}
	shows("推進期間における総取組数：119件")
	shows("実取組数（再掲を除く。）：101件")
	for _, file := range []string{"literal", "plan_literal"} {
		for _, r := range expected(t, "facts/gyokaku_indicators.csv", file) {
			shows(squeeze(r[0]))
		}
	}
	for _, r := range expected(t, "facts/gyokaku_points.csv", "literal") {
		shows(r[0])
	}
	shows("95.1%、遅れ")
	shows("前年度（それぞれ89.2%、10.8%）から改善しました")
	shows("前年度（それぞれ90.2%、9.8%）から改善しました")
	shows("1,383人（R7.4.1現在）で、計画値の1,336人を47人上回りました")
	shows("集計から除いたもの：不備のある調査票4件、不備のある取組3件、調査票が未提出の1課")
}

func TestAgendaListsEveryItem(t *testing.T) {
	t.Parallel()
	env, dir := sample(t), samplePapers(t)
	text := extract(t, filepath.Join(dir, wholeFile))
	for _, s := range []string{"総務協議会協議事項", "令和7年10月21日（火）午前10時", "第一委員会室", "所管事項の報告について"} {
		if !strings.Contains(text, s) {
			t.Errorf("the agenda does not show %s", s)
		}
	}
	for _, it := range october(t, env).Items {
		if it.Unlisted {
			if strings.Contains(text, squeeze(it.Title)) {
				t.Errorf("%s stands in the whole", it.Title)
			}
			continue
		}
		if !strings.Contains(text, it.Number+squeeze(it.Title)) {
			t.Errorf("the agenda does not show item %s", it.Title)
		}
	}
}

func TestPapersAreWellFormed(t *testing.T) {
	t.Parallel()
	dir := samplePapers(t)
	for _, f := range []string{item2File, wholeFile} {
		if out, err := trial.Command(t, "qpdf", "--check", filepath.Join(dir, f)).CombinedOutput(); err != nil {
			t.Errorf("qpdf --check %s: %v\n%s", f, err, out)
		}
	}
}

// Two runs on the same inputs give the same bytes, in whatever year they run.
func TestPapersAreReproducible(t *testing.T) {
	t.Parallel()
	a, second := samplePapers(t), newEnv(t, sampleInputs())
	clock := second.Clock()
	second.Clock = func() time.Time { return clock.AddDate(1, 2, 3) }
	mustLoad(t, second)
	b := render(t, second)
	for _, f := range []string{item2File, wholeFile} {
		x, err := os.ReadFile(filepath.Join(a, f))
		if err != nil {
			t.Fatal(err)
		}
		y, err := os.ReadFile(filepath.Join(b, f))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(x, y) {
			t.Errorf("%s differs between two runs", f)
		}
	}
}
