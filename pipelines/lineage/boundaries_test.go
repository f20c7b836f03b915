package lineage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// sideOf is a run that has read files, each with its status.
func sideOf(statuses map[string]string) *side {
	s := &side{
		workbooks: map[string]workbookState{},
		texts:     map[Place]string{},
		keys:      map[Place][]string{},
		places:    map[string][]Place{},
		findings:  map[string][]finds{},
		decisions: map[string]bool{},
		duties:    map[string]string{},
	}
	for path, status := range statuses {
		s.workbooks[path] = workbookState{status: status}
	}
	return s
}

// told writes causes in one line.
func told(list []Cause) string {
	var out []string
	for _, c := range list {
		text := strings.Join(strings.Fields(c.Path+" "+c.Cell+" "+c.What), " ")
		if c.Old+c.New != "" {
			text += " " + c.Old + "→" + c.New
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// Of a file, what was found in one of the runs alone is the cause: neither what both have found nor what another file
// has. Only where nothing was, its status is.
func TestCausesAboutAFile(t *testing.T) {
	stays, comes, goes := finds{"B2", "前から"}, finds{"B3", "今度の"}, finds{"B4", "直った"}
	sides := func(was, is []finds, old, now string) (a, b *side) {
		a, b = sideOf(map[string]string{"票": old, "他": "read"}), sideOf(map[string]string{"票": now, "他": "read"})
		a.findings["票"], b.findings["票"] = was, is
		b.findings["他"] = []finds{{"B9", "他の票"}}
		return a, b
	}
	for _, c := range []struct {
		name     string
		was, is  []finds
		old, now string
		want     string
	}{
		{"one more", []finds{stays}, []finds{stays, comes}, "read", "read", "票 B3 誤りの指摘が付いた：今度の"},
		{"one less", []finds{stays, goes}, []finds{stays}, "read", "read", "票 B4 誤りの指摘が消えた：直った"},
		{
			"both", []finds{stays, goes}, []finds{stays, comes}, "read", "read",
			"票 B3 誤りの指摘が付いた：今度の, 票 B4 誤りの指摘が消えた：直った",
		},
		{"the same", []finds{stays}, []finds{stays}, "read", "read", ""},
		{"the same in another cell", []finds{stays}, []finds{{"B5", "前から"}}, "read", "read",
			"票 B5 誤りの指摘が付いた：前から, 票 B2 誤りの指摘が消えた：前から"},
		{"another status", []finds{stays}, []finds{stays}, "read", "withdrawn", "票 ファイルの扱いが変わった（読み込み済み → 取り下げられた）"},
		{"both at once", nil, []finds{comes}, "read", "left_out", "票 B3 誤りの指摘が付いた：今度の"},
	} {
		a, b := sides(c.was, c.is, c.old, c.now)
		if got := told(aboutFile(a, b, Place{Path: "票", Cell: "B1"})); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	a, b := sides(nil, nil, "read", "read")
	delete(a.workbooks, "票")
	if got := told(aboutFile(a, b, Place{Path: "票"})); got != "票 ファイルが加わった" {
		t.Errorf("a new file: %q", got)
	}
	if got := told(aboutFile(b, a, Place{Path: "票"})); got != "票 ファイルが無くなった" {
		t.Errorf("a file that has gone: %q", got)
	}
	if got := told(aboutFile(a, a, Place{Path: "無い票"})); got != "" {
		t.Errorf("a file of neither run: %q", got)
	}
}

// Beside the workbooks, the lines of 判断.csv about the files of a figure are causes, and those of 提出対象.csv that the
// figure rests on, where what has come of them is another.
func TestCausesBesideTheWorkbooks(t *testing.T) {
	a, b := sideOf(nil), sideOf(nil)
	a.decisions = map[string]bool{"票｜B2｜確認": true, "票｜B3｜確認": true, "他｜B4｜確認": true}
	b.decisions = map[string]bool{"票｜B2｜確認": true, "票｜B5｜確認": true, "他｜B6｜確認": true}
	a.duties = map[string]string{"表|人事課": "未提出", "表|財政課": "提出済", "別表|福祉課": "未提出"}
	b.duties = map[string]string{"表|人事課": "提出済", "表|財政課": "提出済", "別表|福祉課": "提出済", "表|新しい課": "未提出"}
	for path, want := range map[string]string{
		"票": "票 判断.csv に加わった：B5｜確認, 票 判断.csv から無くなった：B3｜確認",
		"表": "表 人事課 未提出→提出済, 表 新しい課 →未提出", "別表": "別表 福祉課 未提出→提出済", "無関係": "",
	} {
		if got := told(besideWorkbooks(a, b, []Place{{Path: path}})); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// A cell is behind one of two values where it is behind the other not; one that is behind it twice is told once.
func TestCellsBehindOneOfTwoValues(t *testing.T) {
	cells := func(names string) []Place {
		var out []Place
		for _, n := range strings.Fields(names) {
			out = append(out, Place{Cell: n})
		}
		return out
	}
	for _, c := range []struct{ before, after, want string }{
		{"A B", "A B", ""}, {"A B", "A", "B"}, {"A", "A B", "B"}, {"A", "B", "A B"}, {"A A", "", "A"}, {"", "A A", "A"},
		{"A A", "A", ""}, {"", "", ""},
	} {
		got := ""
		for _, p := range onlyInOne(cells(c.before), cells(c.after)) {
			got = strings.TrimSpace(got + " " + p.Cell)
		}
		if got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.before, c.after, got, c.want)
		}
	}
}

// A changed cell is a cause where both runs have read its file: of one that was read in one of them alone, the file is.
func TestChangedCellsOfReadFiles(t *testing.T) {
	p := Place{"票", "表", "B2"}
	for _, c := range []struct{ old, now, want string }{
		{"read", "read", "票 B2 1→2"}, {"unreadable", "read", "票 ファイルの扱いが変わった（開けない → 読み込み済み）"},
		{"read", "left_out", "票 ファイルの扱いが変わった（読み込み済み → 集計から除かれた）"},
	} {
		a, b := sideOf(map[string]string{"票": c.old}), sideOf(map[string]string{"票": c.now})
		a.texts[p], b.texts[p] = "1", "2"
		got := told(causes(a, b, difference{before: []Place{p}, after: nil}))
		if got != c.want {
			t.Errorf("%s, then %s: %q, want %q", c.old, c.now, got, c.want)
		}
	}
}

// A printed figure that is there in one paper alone is told, also where it prints nothing.
func TestFiguresOfOnePaperAlone(t *testing.T) {
	empty, five, six := printed("甲", ""), printed("乙", "5"), printed("乙", "6")
	var got []string
	for _, d := range paperChanges([]brief.Figure{five, printed("丙", "")}, []brief.Figure{empty, six}) {
		got = append(got, d.Figure+d.Old+"→"+d.New)
	}
	if want := []string{"甲→", "乙5→6", "丙→"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A whole file is treated otherwise where its status is another, unless another version of it decides.
func TestRestatedFiles(t *testing.T) {
	for _, c := range []struct {
		f    sameFile
		want bool
	}{
		{sameFile{old: "read", now: "read"}, false}, {sameFile{old: "read", now: "left_out"}, true},
		{sameFile{old: "read", now: "left_out", rival: true}, false},
	} {
		if got := c.f.restated(); got != c.want {
			t.Errorf("%+v: %v", c.f, got)
		}
	}
}

// A line of 判断.csv is about its whole file, or, where it confirms, about one of the cells of a difference.
func TestWhatALineCovers(t *testing.T) {
	r := Reread{Place: Place{Path: "票", Sheet: "表"}, cells: []string{"B2", "C2"}}
	for _, c := range []struct {
		l    line
		want bool
	}{
		{line{kind: "look"}, true}, {line{kind: "withdraw"}, true}, {line{kind: "confirm", cell: "B2"}, true},
		{line{kind: "confirm", cell: "C2"}, true}, {line{kind: "confirm", cell: "B22"}, false},
		{line{kind: "confirm", cell: "B2", sheet: "表"}, true}, {line{kind: "confirm", cell: "B2", sheet: "別表"}, false},
		{line{kind: "look", cell: "B2"}, false},
	} {
		if got := c.l.covers(r); got != c.want {
			t.Errorf("%+v: %v", c.l, got)
		}
	}
}

// What is read otherwise once more is told from where it began, and as it was at first no longer; of two of one name,
// neither is taken for the other.
func TestChainsOfReadings(t *testing.T) {
	of := func(field, old, now string) Reread {
		return Reread{Place: Place{Path: "票"}, field: field, Old: old, New: now}
	}
	for _, c := range []struct {
		name           string
		waiting, fresh []Reread
		want           string
	}{
		{"waits on", []Reread{of("a", "1", "2")}, nil, "a1→2"},
		{"once more", []Reread{of("a", "1", "2")}, []Reread{of("a", "2", "3")}, "a1→3"},
		{"and back", []Reread{of("a", "1", "2")}, []Reread{of("a", "2", "1")}, ""},
		{"another value", []Reread{of("a", "1", "2")}, []Reread{of("b", "2", "3")}, "a1→2 b2→3"},
		{"two that wait", []Reread{of("a", "1", "2"), of("a", "5", "6")}, []Reread{of("a", "2", "3")}, "a1→2 a5→6 a2→3"},
		{"two that are fresh", []Reread{of("a", "1", "2")}, []Reread{of("a", "2", "3"), of("a", "6", "7")}, "a1→2 a2→3 a6→7"},
	} {
		var got []string
		for _, r := range chained(c.waiting, c.fresh) {
			got = append(got, r.field+r.Old+"→"+r.New)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

// A reading is shown with its bound, and with its year where that tells it from the other.
func TestShownReadings(t *testing.T) {
	at := func(value, unit, comparator, year string) *reading {
		return &reading{value: value, unit: unit, comparator: comparator, year: year}
	}
	for _, c := range []struct {
		r, other *reading
		want     string
	}{
		{nil, at("1", "", "", "2024"), NotRead}, {at("90", "%", "ge", "2024"), nil, "90 %以上"},
		{at("90", "%", "", "2024"), at("91", "%", "", "2024"), "90 %"},
		{at("90", "%", "", "2024"), at("90", "%", "", "2023"), "令和6年度の 90 %"},
		{at("90", "%", "", "0"), at("90", "%", "", "2023"), "年度の分からない 90 %"}, {at("", "", "", "2024"), nil, "（空欄）"},
	} {
		if got := shown(c.r, c.other); got != c.want {
			t.Errorf("%+v beside %+v is %s, want %s", c.r, c.other, got, c.want)
		}
	}
}

// bookOf is a workbook of 令和6年度 of a department that bears the name of its case, with one value.
func bookOf(name, status, sha256, key, cell, value string, excluded bool) *record.Workbook {
	w := &record.Workbook{
		ID: name, Path: "inputs/見本市/令和6年度/部/" + name + "/票.xlsx", SHA256: sha256, FiscalYear: 2024, Municipality: "見本市",
		Bureau: "部", Department: name, Forms: []string{"A"}, Status: status,
	}
	w.Records = []record.Record{{
		Form: "A", Kind: "indicator", FiscalYear: 2024, Sheet: "表", Row: 2, Cell: cell, Key: key, Excluded: excluded,
		Fields: []record.Field{{Name: "actual", Text: value, Value: value, Sheet: "表", Cell: cell}},
	}}
	return w
}

// rival finds that another version of a file's answer is there.
func rival(w *record.Workbook) *record.Workbook {
	f := finding.New(finding.AmbiguousVersion, "", "", "票2.xlsx", "")
	f.Municipality, f.Path = w.Municipality, w.Path
	w.Findings = []record.Finding{f}
	return w
}

// runOf is the file of a run that has read some workbooks, up to its end.
func runOf(t *testing.T, dir, run string, decisions []record.Decision, books ...*record.Workbook) *warehouse.Build {
	t.Helper()
	ctx := context.Background()
	b, err := warehouse.Create(ctx, warehouse.Path(dir, run), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Abandon)
	batch := warehouse.Batch{Workbooks: books, Decisions: decisions}
	if err := b.InTransaction(ctx, func() error { return b.Add(batch) }); err != nil {
		t.Fatal(err)
	}
	return b
}

// Only files of the same bytes are compared. One that is left out as a whole says so once, its rows do not; of versions
// of one answer the finding tells; what has no part in the other run is told beside it.
func TestWhatIsComparedOfAFile(t *testing.T) {
	const read, out = record.StatusRead, record.StatusLeftOut
	before := []*record.Workbook{
		bookOf("値", read, "1", "甲", "B2", "5", false), bookOf("別の内容", read, "1", "甲", "B2", "5", false),
		bookOf("全体", read, "1", "甲", "B2", "5", false), bookOf("版が来た", read, "1", "甲", "B2", "5", false),
		rival(bookOf("版が消えた", out, "1", "甲", "B2", "5", true)), bookOf("行だけ", read, "1", "甲", "B2", "5", false),
		bookOf("全体と値", read, "1", "甲", "B2", "5", false), bookOf("版と値", read, "1", "甲", "B2", "5", false),
	}
	now := []*record.Workbook{
		bookOf("値", read, "1", "甲", "B2", "6", false), bookOf("別の内容", read, "2", "甲", "B2", "6", false),
		bookOf("全体", out, "1", "甲", "B2", "5", true), rival(bookOf("版が来た", out, "1", "甲", "B2", "5", true)),
		bookOf("版が消えた", read, "1", "甲", "B2", "5", false), bookOf("行だけ", read, "1", "甲", "B2", "5", true),
		bookOf("全体と値", out, "1", "乙", "B9", "7", true), rival(bookOf("版と値", out, "1", "甲", "B2", "6", true)),
	}
	dir := t.TempDir()
	was := published(t, runOf(t, dir, "20261001T020000Z", nil, before...), dir, "20261001T020000Z")
	const run = "20261002T020000Z"
	all, err := Rereads(context.Background(), was, runOf(t, dir, run, nil, now...), run)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range all {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s→%s", r.Department, r.Cell, r.Item, r.Old, r.New)))
	}
	want := []string{
		"全体  ファイルの扱い 読み込み済み→集計から除かれた",
		"全体と値  ファイルの扱い 読み込み済み→集計から除かれた", "全体と値 B2 actual 5→（読んでいない）", "全体と値 B9 actual （読んでいない）→7",
		"値 B2 actual 5→6", "版と値 B2 actual 5→6", "行だけ B2 行の扱い（5） 集計に入れる→集計から除く",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("\n got\n  %s\n want\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// A line that lets a paper be final has looked at nothing; neither has one without a date, nor one that was there
// before.
func TestLinesThatHaveLookedAtNothing(t *testing.T) {
	line := func(department, cell, decision, date string) record.Decision {
		return record.Decision{
			Municipality: "見本市", Path: "inputs/見本市/令和6年度/部/" + department + "/票.xlsx", Cell: cell, Decision: decision,
			Reason: "理由", Date: date, Post: "課長",
		}
	}
	const day = "令和8年10月1日"
	earlier := []record.Decision{line("前から", "B2", "確認", day)}
	later := append(earlier[:1:1],
		line("確認", "B2", "確認", day), line("除いて確定", "", "除いて確定", day), line("日付なし", "B2", "確認", ""),
		line("別のセル", "B3", "確認", day), line("取下げ", "", "取下げ", day), line("同じ夜の全体", "", "確認", day))
	var before, now []*record.Workbook
	names := []string{"前から", "確認", "除いて確定", "日付なし", "別のセル", "取下げ", "同じ夜の全体"}
	for _, name := range names {
		before = append(before, bookOf(name, record.StatusRead, "1", "甲", "B2", "5", false))
		now = append(now, bookOf(name, record.StatusRead, "1", "甲", "B2", "6", false))
	}
	dir := t.TempDir()
	was := published(t, runOf(t, dir, "20261001T020000Z", earlier, before...), dir, "20261001T020000Z")
	const run = "20261002T020000Z"
	all, err := Rereads(context.Background(), was, runOf(t, dir, run, later, now...), run)
	if err != nil {
		t.Fatal(err)
	}
	looked := map[string]bool{}
	for _, r := range all {
		looked[r.Department] = !r.Waits()
	}
	for _, name := range names {
		if want := name == "確認" || name == "取下げ"; looked[name] != want || len(looked) != len(names) {
			t.Errorf("%s: looked at %v of %d", name, looked[name], len(looked))
		}
	}
}

// A figure of a table that was published is revised where the table states another number today: of the latest meeting
// that published it, and neither where it is the same number nor where nothing is stated any more.
func TestRevised(t *testing.T) {
	w := city(t)
	w.add("marts/counts", `-- 一行が一つの年度と名前。
SELECT * FROM (VALUES (2024, '同じ', 5.0), (2024, '改めた', 6), (2024, '空', NULL), (2024, '二度', 8)) AS v(fiscal_year, name, n)`)
	dir := t.TempDir()
	b := w.build(t, dir, "20261001T020000Z")
	line := func(name, value string, days int) warehouse.Published {
		return warehouse.Published{Municipality: "見本市", Line: ledger.Line{
			Meeting: fmt.Sprint("会議", days), Held: time.Date(2026, 10, 1+days, 0, 0, 0, 0, time.UTC), Figure: name,
			Text: value + "件", Value: value, Fact: "marts.counts｜2024｜" + name + "｜n", Year: 2024, Path: "台帳.csv",
			Position: "L" + value,
		}}
	}
	gone := line("無い表", "1", 0)
	gone.Fact = "marts.gone｜2024｜n"
	cell := line("セル", "1", 0)
	cell.Fact = "A｜indicator｜甲｜actual｜2024｜件"
	ctx := context.Background()
	if err := b.InTransaction(ctx, func() error {
		return b.Add(warehouse.Batch{Published: []warehouse.Published{
			line("同じ", "5", 0), line("改めた", "7", 0), line("空", "1", 0), line("無い行", "1", 0), line("二度", "8", 1),
			line("二度", "9", 0), gone, cell,
		}})
	}); err != nil {
		t.Fatal(err)
	}
	list, err := Revised(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Cell != "L7" || list[0].Found != "6" || list[0].Expected != "7件（会議 会議0）" ||
		list[0].Path != "台帳.csv" || list[0].Municipality != "見本市" || list[0].Code != finding.PublishedRevised {
		t.Errorf("%+v", list)
	}
}
