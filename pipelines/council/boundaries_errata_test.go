package council

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/typeset"
)

// pagesSide is a side of one paper with pages of these texts.
func pagesSide(unlisted bool, pages ...string) Side {
	var laid typeset.Laid
	for _, text := range pages {
		laid.Pages = append(laid.Pages, typeset.PageLaid{Text: text})
	}
	return Side{[]brief.ItemPaper{{Item: brief.Item{ID: "a", Number: "1", Unlisted: unlisted}}}, []typeset.Laid{laid}}
}

// Pages are replaced where they differ; where there are more or fewer than before, all from the first that differs; of
// a paper that is new, all; of one that only the chair gets, none.
func TestBoundaryOfReplacedPages(t *testing.T) {
	for _, c := range []struct {
		name     string
		old, now Side
		want     string
	}{
		{"nothing", pagesSide(false, "一", "二"), pagesSide(false, "一", "二"), ""},
		{"one page", pagesSide(false, "一", "二", "三"), pagesSide(false, "一", "弐", "三"), "案件1の2頁"},
		{"two pages", pagesSide(false, "一", "二", "三"), pagesSide(false, "壱", "二", "参"), "案件1の1頁、3頁"},
		{"a page more at the end", pagesSide(false, "一", "二"), pagesSide(false, "一", "二", "三"), "案件1の3頁"},
		{
			"a page more within", pagesSide(false, "一", "二", "三"), pagesSide(false, "一", "新", "二", "三"),
			"案件1の2頁、3頁、4頁",
		},
		{"behind it alike", pagesSide(false, "一", "二", "二"), pagesSide(false, "一", "新", "二", "二"), "案件1の2頁、3頁、4頁"},
		{"a page less at the end", pagesSide(false, "一", "二"), pagesSide(false, "一"), "案件1の（前の版の2頁からは除く）"},
		{"a page less within", pagesSide(false, "一", "二", "三"), pagesSide(false, "一", "三"), "案件1の2頁（前の版の3頁からは除く）"},
		{"a new paper", Side{}, pagesSide(false, "一", "二"), "案件1の1頁、2頁（加わった資料）"},
		{"a paper for the chair", pagesSide(true, "一"), pagesSide(true, "壱"), ""},
	} {
		got := ""
		for _, p := range Replaced(c.old, c.now) {
			got += p.String()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	docs, numbers := ToPrint([]Pages{{Was: 2, Is: 1}, {Numbers: []int{2}}})
	if len(docs) != 1 || len(numbers) != 1 {
		t.Errorf("a withdrawn page is printed: %v", numbers)
	}
}

// The 正誤表 names three cells of a sheet, and of more how many; of a change that is no figure of the paper it has none.
func TestBoundaryOfCauses(t *testing.T) {
	cell := func(i int) lineage.Cause {
		return lineage.Cause{
			Place: lineage.Place{Path: "inputs/市/部/課/票.xlsx", Sheet: "表", Cell: fmt.Sprint("B", i)}, Old: "1", New: "2",
		}
	}
	for n, want := range map[int]string{3: "B3 「1」→「2」", 4: "ほか1件", 5: "ほか2件"} {
		var list []lineage.Cause
		for i := range n {
			list = append(list, cell(i+1))
		}
		got := causeTexts(list)
		if len(got) != 1 || !strings.HasPrefix(got[0], "課/票.xlsx 表：B1") || !strings.HasSuffix(got[0], "、"+want) {
			t.Errorf("%d cells: %q", n, got)
		}
		text := causes(slices.Repeat([]string{"x"}, n))
		if strings.Count(text, "x") != 3 || (n > 3) != strings.Contains(text, "ほか") {
			t.Errorf("%d sheets: %q", n, text)
		}
	}
	if got := causeTexts([]lineage.Cause{{What: "計算式が変わった（a）"}}); !slices.Equal(got, []string{"計算式が変わった（a）"}) {
		t.Errorf("without a cell: %q", got)
	}
	empty := cell(1)
	empty.New = ""
	if got := causeTexts([]lineage.Cause{empty}); !strings.HasSuffix(got[0], "B1 「1」→空") {
		t.Errorf("a cell that is empty now: %q", got)
	}
}

// What only the chair gets is not in the 正誤表; papers that came and went are, as a whole.
func TestErrataOfWholePapers(t *testing.T) {
	side := func(items ...brief.Item) Side {
		var s Side
		for _, it := range items {
			s.Papers = append(s.Papers, brief.ItemPaper{Item: it, Paper: brief.Paper{Figures: []brief.Figure{
				{Address: "会議/" + it.ID, Table: "表", Row: it.ID, Text: "1"},
			}}})
			s.Laid = append(s.Laid, typeset.Laid{})
		}
		return s
	}
	item := func(id, number string) brief.Item { return brief.Item{ID: id, Number: number} }
	stays, goes, comes := item("甲", "1"), item("乙", "2"), item("丙", "3")
	chair := brief.Item{ID: "要旨", Unlisted: true}
	var changes []lineage.Change
	for _, it := range []brief.Item{stays, goes, chair} {
		changes = append(changes, lineage.Change{Table: lineage.Papers, Figure: "会議/" + it.ID, Old: "1", New: "2"})
	}
	var got []string
	for _, e := range Errata(side(stays, goes, chair), side(stays, comes, chair), changes) {
		got = append(got, e.Paper+" "+e.Place+" "+e.Wrong+"→"+e.Right)
	}
	want := []string{
		"案件1 表「表」　甲 1→2", "案件2 表「表」　乙 1→2", "案件3 資料の全体 →加わった資料です", "案件2 資料の全体 無くなった資料です→",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A change is weighed by its points where it is of a percentage, else by the part of the year before; of nothing
// before it, by itself.
func TestWeightOfChanges(t *testing.T) {
	rat := func(s string) *big.Rat {
		if s == "" {
			return nil
		}
		r, ok := new(big.Rat).SetString(s)
		if !ok {
			t.Fatalf("%s is no number", s)
		}
		return r
	}
	for _, c := range []struct{ before, now, unit, weight, change string }{
		{"100", "150", "件", "1/2", "+50"}, {"100", "50", "件", "1/2", "−50"}, {"-100", "50", "件", "3/2", "+150"},
		{"50", "70", "%", "1/5", "+20"}, {"50", "70.5", "％", "41/200", "+20.5"}, {"0", "5", "件", "1/20", "+5"},
		{"5", "0", "件", "1", "−5"}, {"5", "5", "件", "0", "0"}, {"", "5", "件", "0", ""}, {"5", "", "件", "0", ""},
	} {
		q := question{figure: brief.Figure{Unit: c.unit}, values: [2]*big.Rat{rat(c.before), rat(c.now)}}
		if got := q.weight().RatString(); got != c.weight || q.change() != c.change {
			t.Errorf("%s → %s %s weighs %s (%s), want %s (%s)", c.before, c.now, c.unit, got, q.change(), c.weight, c.change)
		}
	}
}

// The ten largest changes stand first in the 想定問答, the largest first; what has not changed is none of them.
func TestBoundaryOfTheLargestChanges(t *testing.T) {
	for n, want := range map[int]int{0: 0, 9: 9, 10: 10, 11: 10} {
		var all []question
		for i := range n + 2 {
			now := big.NewRat(int64(100+i), 1)
			if i > n-1 {
				now = big.NewRat(100, 1)
			} else {
				now.Add(now, big.NewRat(1, 1))
			}
			f := brief.Figure{Row: fmt.Sprint("行", i)}
			all = append(all, question{figure: f, values: [2]*big.Rat{big.NewRat(100, 1), now}})
		}
		sheet := questionSheet(brief.ItemPaper{}, all)
		var ordered []string
		for _, c := range sheet.Cells {
			if c.Col == 0 && c.Cols == 1 && c.Text != "" && c.Text != "順" {
				ordered = append(ordered, c.Text)
			}
		}
		if len(ordered) != want || sheet.Rows != 3+want+n+2 {
			t.Errorf("%d changes: %q in %d rows", n, ordered, sheet.Rows)
		}
		if n == 11 {
			if first := sheet.Cells[len(questionHead)+1+2].Text; first != "行10" {
				t.Errorf("the largest is %s", first)
			}
		}
	}
}

// An exact ratio is shown of one origin with both of its parts, of which the lower is not zero.
func TestExactRatios(t *testing.T) {
	of := func(a, b string) brief.Figure {
		return brief.Figure{Origins: []brief.Origin{{Numerator: a, Denominator: b}}}
	}
	for want, f := range map[string]brief.Figure{
		"1 ÷ 3 ≒ 33.333333%": of("1", "3"), "1 ÷ 8 ＝ 12.5%": of("1", "8"), "0 ÷ 8 ＝ 0%": of("0", "8"),
	} {
		if got := ratio(f); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	two := brief.Figure{Origins: slices.Repeat(of("1", "3").Origins, 2)}
	for _, f := range []brief.Figure{of("1", "0"), of("", "3"), of("1", ""), {}, two} {
		if got := ratio(f); got != "" {
			t.Errorf("%+v: %q", f, got)
		}
	}
}

// What a figure stated a year or two before is named by the year in what it states; a fact of no year was not stated
// before.
func TestEarlierFacts(t *testing.T) {
	for _, c := range []struct {
		fact string
		year int
		back int
		want string
	}{
		{"A｜indicator｜甲｜actual｜2024｜件", 2024, 1, "A｜indicator｜甲｜actual｜2023｜件"},
		{"A｜indicator｜甲｜actual｜2024｜件", 2024, 2, "A｜indicator｜甲｜actual｜2022｜件"},
		{"marts.t｜計｜令和6年度｜n", 2024, 1, "marts.t｜計｜令和5年度｜n"},
		{"C｜v｜乙|2024｜actual｜件", 2024, 1, "C｜v｜乙|2023｜actual｜件"},
		{"C｜v｜乙|20245｜actual｜件", 2024, 1, ""},
		{"A｜indicator｜甲｜baseline｜件", 2024, 1, ""},
		{"A｜indicator｜0｜actual｜件", 0, 1, ""}, {"", 2024, 1, ""},
	} {
		if got := earlierFact(brief.Figure{Fact: c.fact, Year: c.year}, c.back); got != c.want {
			t.Errorf("%s, %d before: %q, want %q", c.fact, c.back, got, c.want)
		}
	}
}

// The figure of an earlier paper is that of the same place, with years counted from the paper's own; a word is none.
func TestFiguresOfEarlierPapers(t *testing.T) {
	at := func(column, text string, word bool) brief.Figure {
		return brief.Figure{Table: "表", Row: "計", Column: column, Text: text, Word: word}
	}
	p := brief.Paper{Figures: []brief.Figure{at("令和5年度", "増加", true), at("令和6年度", "6", false), at("令和5年度", "5", false)}}
	if got, ok := sameFigure(p, at("令和6年度", "7", false), 2024, 1); !ok || got.Text != "5" {
		t.Errorf("%q %v", got.Text, ok)
	}
	if got, ok := sameFigure(p, at("令和6年度", "7", false), 2024, 2); ok {
		t.Errorf("two years before: %q", got.Text)
	}
}

// The remarks of five records stand beside a figure, of more only how many they are.
func TestBoundaryOfRemarks(t *testing.T) {
	r := remarks{map[Place]string{}, map[string]string{}}
	for i := range 7 {
		r.record[Place{Path: "p", Cell: fmt.Sprint("B", i)}] = fmt.Sprint(i)
		r.text[fmt.Sprint(i)] = fmt.Sprint("備考", i)
	}
	r.text["1"] = ""
	for n, want := range map[int]string{0: "", 4: "備考0\n備考2\n備考3", 5: "備考0\n備考2\n備考3\n備考4", 6: "6件の回答による"} {
		var f brief.Figure
		for i := range n {
			s := brief.Source{Path: "p", Cell: fmt.Sprint("B", i)}
			f.Origins = append(f.Origins, brief.Origin{Sources: []brief.Source{s, {Path: "p", Cell: "X", Field: fmt.Sprint(i)}}})
		}
		if got := r.of(f); got != want {
			t.Errorf("%d records: %q, want %q", n, got, want)
		}
	}
}

// The ledger keeps every figure of the papers, and no words.
func TestLedgerLines(t *testing.T) {
	p := brief.ItemPaper{
		Item: brief.Item{Number: "1", Title: "題", Brief: "a.md"},
		Paper: brief.Paper{Parameters: map[string]any{"year": 2024}, Figures: []brief.Figure{
			{Address: "甲", Text: "5件", Value: "5", Unit: "件", Fact: "f", Year: 2023}, {Address: "乙", Text: "改善", Word: true},
			{Address: "丙", Text: "90%以上"},
		}},
	}
	day := time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)
	var got []string
	for _, l := range LedgerLines(brief.Meeting{ID: "会議", Date: day}, 2, []brief.ItemPaper{p}) {
		if !l.Held.Equal(day) {
			t.Errorf("held on %v", l.Held)
		}
		got = append(got, fmt.Sprint(
			l.Meeting, l.Edition, l.Paper, l.Item, l.Brief, l.Of, l.Figure, l.Text, l.Value, l.Unit, l.Fact, l.Year,
		))
	}
	if want := []string{"会議21題a.md2024甲5件5件f2023", "会議21題a.md2024丙90%以上0"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Editions are numbered from one without a gap; what is no edition's folder is passed over.
func TestBoundaryOfEditions(t *testing.T) {
	store := func(dir string, n int) {
		t.Helper()
		if _, err := Store(dir, Edition{Number: n}, map[string][]byte{"a": []byte("一")}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		numbers []int
		says    string
	}{
		{[]int{1}, ""}, {[]int{2, 1}, ""}, {[]int{2}, "第1版がありません"}, {[]int{1, 3}, "第2版がありません"}, {[]int{10}, "第1版がありません"},
	} {
		dir := t.TempDir()
		for _, n := range c.numbers {
			store(dir, n)
		}
		if err := os.Mkdir(filepath.Join(dir, "第1版 のコピー"), 0o755); err != nil {
			t.Fatal(err)
		}
		all, err := Editions(dir)
		if c.says == "" && (err != nil || len(all) != len(c.numbers) || all[0].Number != 1) ||
			c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%v: %+v, %v", c.numbers, all, err)
		}
	}
	dir := t.TempDir()
	store(dir, 1)
	if err := os.Rename(filepath.Join(dir, "第1版"), filepath.Join(dir, "第2版")); err != nil {
		t.Fatal(err)
	}
	if _, err := Editions(dir); err == nil || !strings.Contains(err.Error(), "版の番号がフォルダの名前と違います") {
		t.Errorf("a folder of another name: %v", err)
	}
}

// Of a long text that has changed on its second page, that page is told.
func TestPageOfAChangeInALongText(t *testing.T) {
	of := func(text string) brief.ItemPaper {
		return brief.ItemPaper{Paper: brief.Paper{Document: document.Document{Blocks: []document.Block{
			{Kind: document.Paragraph, Spans: []document.Span{{Text: text}}},
		}}}}
	}
	laid := typeset.Laid{Pieces: []typeset.Piece{{At: "0", Page: 1, Text: "前の頁の文。"}, {At: "0", Page: 2, Text: "次の頁の語。"}}}
	for now, want := range map[string]int{"前の頁の文。次の頁の句。": 2, "前の面の文。次の頁の語。": 1} {
		list := otherWords(of("前の頁の文。次の頁の語。"), of(now), laid, laid, nil)
		if len(list) != 1 || list[0].Page != want {
			t.Errorf("%s: %+v", now, list)
		}
	}
}

// Texts of a paper that came, went, or are others are told with their place.
func TestOtherWords(t *testing.T) {
	of := func(texts ...string) brief.ItemPaper {
		p := brief.ItemPaper{Item: brief.Item{Number: "1", Title: "題"}}
		for _, text := range texts {
			p.Document.Blocks = append(p.Document.Blocks, document.Block{
				Kind: document.Paragraph, Spans: []document.Span{{Text: text}},
			})
		}
		return p
	}
	was := typeset.Laid{Pieces: []typeset.Piece{{At: "0", Page: 1, Text: "一"}, {At: "1", Page: 1}, {At: "2", Page: 2}}}
	is := typeset.Laid{Pieces: []typeset.Piece{{At: "3", Page: 3, Text: "五"}}}
	var got []string
	for _, e := range otherWords(of("一", "二", "三"), of("一", "二", "四", "五"), was, is, nil) {
		got = append(got, fmt.Sprintf("%d %s→%s", e.Page, e.Wrong, e.Right))
	}
	if want := []string{"2 三→四", "3 →五"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
