package council

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// The files of the city that the tests are about, all of 令和6年度.
const (
	staffFile   = "inputs/市/令和6年度/総務部/人事課/票.xlsx"
	welfareFile = "inputs/市/令和6年度/福祉部/福祉課/票.xlsx"
	answerFile  = "inputs/市/令和6年度/福祉部/福祉課/数値確認票"
)

var (
	heldOn  = time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC)
	meeting = brief.Meeting{ID: "2025-10-21", Municipality: "市", Date: heldOn}
)

// published publishes a batch with the project's own tables of what is left out, submitted and confirmed.
func published(t *testing.T, batch warehouse.Batch, rereads ...lineage.Reread) *warehouse.Reader {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	const run = "20261001T020000Z"
	b, err := warehouse.Create(ctx, warehouse.Path(dir, run), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Abandon)
	sql := fstest.MapFS{}
	for _, name := range []string{"confirmations", "left_out", "submissions"} {
		data, err := os.ReadFile("../../sql/marts/" + name + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		sql["sql/marts/"+name+".sql"] = &fstest.MapFile{Data: data}
	}
	models, err := model.Load(sql)
	if err != nil {
		t.Fatal(err)
	}
	batch.Departments = []record.Department{
		{Municipality: "市", Bureau: "総務部", Name: "人事課", Order: 1}, {Municipality: "市", Bureau: "福祉部", Name: "福祉課", Order: 2},
	}
	if err := errors.Join(
		b.InTransaction(ctx, func() error { return b.Add(batch) }), model.Build(ctx, b, sql, models, model.PartSize),
		lineage.KeepRereads(ctx, b, rereads), b.Finish(ctx), warehouse.Publish(dir, run),
	); err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// book is a workbook of one sheet with these records.
func book(path string, records ...record.Record) *record.Workbook {
	parts := strings.Split(path, "/")
	w := &record.Workbook{
		ID: path, Path: path, SHA256: path, Municipality: parts[1], Bureau: parts[3], Department: parts[4], FiscalYear: 2024,
		Forms: []string{"A"}, Status: record.StatusRead, Records: records,
	}
	for i := range w.Records {
		r := &w.Records[i]
		for j, f := range r.Fields {
			r.Fields[j].Sheet = r.Sheet
			w.Cells = append(
				w.Cells,
				record.Cell{Sheet: r.Sheet, Ref: f.Cell, Row: r.Row, Col: j + 1, Text: f.Text, Record: i + 1},
			)
		}
	}
	return w
}

// row is a record of form A in a row: a name and an actual value, and a remark.
func row(name string, at int, value, remark string) record.Record {
	cell := func(column string) string { return fmt.Sprint(column, at) }
	r := record.Record{
		Form: "A", Kind: "indicator", FiscalYear: 2024, Sheet: "表", Row: at, Cell: cell("A"), Key: name,
		Fields: []record.Field{
			{Name: "indicator", Text: name, Value: name, Cell: cell("A")},
			{Name: "actual", Scope: "2024", Text: value + "件", Value: value, Unit: "件", Cell: cell("B")},
		},
	}
	if remark != "" {
		r.Fields = append(r.Fields, record.Field{Name: "remarks", Text: remark, Value: remark, Cell: cell("C")})
	}
	return r
}

func excludedBy(r record.Record) record.Record {
	r.Excluded = true
	return r
}

func cityIn(t *testing.T, db *warehouse.Reader) City {
	t.Helper()
	c, err := ReadCity(context.Background(), db, "市")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// figureAt is a figure of one or more cells of the sheet 表, as `file cell`.
func figureAt(address, text, value string, cells ...string) brief.Figure {
	f := brief.Figure{
		Address: "2025-10-21/1/" + address, Table: "表", Row: address, Column: "R6", Text: text, Value: value, Unit: "件",
	}
	for _, at := range cells {
		path, cell, _ := strings.Cut(at, " ")
		f.Origins = append(f.Origins, brief.Origin{Sources: []brief.Source{{Path: path, Sheet: "表", Cell: cell}}})
	}
	return f
}

func paperOf(figures ...brief.Figure) []brief.ItemPaper {
	return []brief.ItemPaper{{
		Item:  brief.Item{ID: "1", Number: "1", Title: "題", Brief: "a.md", Department: "人事課"},
		Paper: brief.Paper{Figures: figures, Parameters: map[string]any{"year": 2024}},
	}}
}

// Rows that an error leaves out and forms that are not there hold a paper up whose figures they are missing in: neither
// what only needs mending, nor a confirmation, nor another city's. Each is waived by its own row alone.
func TestGapsOfAPublishedFile(t *testing.T) {
	duty := func(department, status string, year int) record.Submission {
		return record.Submission{FormID: "A", Status: status, Duty: record.Duty{
			Municipality: "市", Form: "成果指標調査票", Bureau: "部", Department: department, FiscalYear: year, Due: "2025-05-30",
		}}
	}
	confirmation := excludedBy(row("確認", 2, "1", ""))
	confirmation.Form, confirmation.Kind = "K", "confirmation"
	welfare := book(
		welfareFile,
		row("相談", 2, "5", ""),
		excludedBy(row("訪問", 3, "6", "")),
		excludedBy(row("利用", 4, "7", "")),
	)
	found := func(code, cell string) record.Finding {
		f := finding.New(code, "表", cell, "六", "")
		f.Municipality, f.Path = "市", welfareFile
		return f
	}
	welfare.Findings = []record.Finding{found(finding.NumberUnreadable, "B3"), found(finding.NumberUnreadable, "B4")}
	waiver := record.Decision{
		Municipality: "市", Path: welfareFile, Cell: "表!B4", Decision: "除いて確定", Reason: "理由", Post: "課長", Date: "令和7年10月1日",
	}
	other := book("inputs/町/令和6年度/福祉部/福祉課/票.xlsx", excludedBy(row("相談", 2, "5", "")))
	db := published(t, warehouse.Batch{
		Workbooks: []*record.Workbook{book(staffFile, row("職員", 2, "5", "")), welfare, book(answerFile, confirmation), other},
		Decisions: []record.Decision{waiver},
		Submissions: []record.Submission{
			duty("人事課", "提出済", 2024), duty("福祉課", "要修正", 2024), duty("総務課", "未提出", 2024), duty("財政課", "未提出", 2025),
			duty("税務課", "未提出", 2023),
		},
	})
	c := cityIn(t, db)
	for _, x := range []struct {
		name   string
		figure brief.Figure
		want   string // a gap each, ! where it is waived
	}{
		{"of the department that left out", figureAt("甲", "5件", "5", welfareFile+" B2"), "誤り福祉課A3 誤り福祉課A4!"},
		{"of another department", figureAt("甲", "5件", "5", staffFile+" B2"), ""},
		{"of both", figureAt("甲", "9件", "9", staffFile+" B2", welfareFile+" B2"), "誤り福祉課A3 誤り福祉課A4! 未提出総務課"},
	} {
		gaps, err := c.Gaps(context.Background(), db, meeting, paperOf(x.figure))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range gaps {
			text := o.Kind + o.Department + o.Cell
			if o.Waiver != nil {
				text += "!"
			}
			got = append(got, text)
			if o.Kind == WithError && !strings.Contains(o.What, strings.Replace(o.Cell, "A", "B", 1)+"：") ||
				o.Kind == WithError && strings.Count(o.What, "：") != 1 {
				t.Errorf("%s: %s is told as %s", x.name, o.Cell, o.What)
			}
		}
		if text := strings.Join(got, " "); text != x.want {
			t.Errorf("%s: %s, want %s", x.name, text, x.want)
		}
	}
}

// A line of 判断.csv waives the row whose cell it names. Of cards beside each other it means the one that the cell
// belongs to, in whichever of its rows; a cell of both, or of neither, means none of the two. A row that answers two
// forms is waived in both.
func TestWaiversOfCardsBesideEachOther(t *testing.T) {
	card := func(name, column string) record.Record {
		r := excludedBy(row(name, 11, "5", ""))
		r.Cell = column + "11"
		r.Fields[0].Cell, r.Fields[1].Cell = column+"11", column+"14"
		r.Fields = append(r.Fields, record.Field{Name: "pillar", Text: "柱", Value: "柱", Cell: "A11"})
		return r
	}
	alone := excludedBy(row("単独", 20, "5", ""))
	other := excludedBy(row("別の様式", 20, "5", ""))
	other.Form, other.Cell = "B", "B20"
	read := book(welfareFile, card("左", "B"), card("右", "H"), alone, row("読めた", 21, "5", ""), row("B", 30, "5", ""), other)
	read.Records[4].Form = "B"
	for i := range read.Records[:2] {
		read.Records[i].Fields[2].Sheet = "表"
	}
	db := published(t, warehouse.Batch{Workbooks: []*record.Workbook{read}})
	for cell, want := range map[string]string{
		"表!B11": "B11", "表!B14": "B11", "表!H11": "H11", "H14": "H11", "表!A11": "", "表!K11": "", "表!K14": "", "別表!B11": "",
		"表!A20": "A20B20", "表!Z20": "A20B20", "表!A21": "", "": "",
	} {
		c := cityIn(t, db)
		c.waivers = []record.Decision{{Path: welfareFile, Cell: cell}}
		gaps, err := c.Gaps(context.Background(), db, meeting, paperOf(figureAt("甲", "5件", "5", welfareFile+" B21")))
		if err != nil || len(gaps) != 4 {
			t.Fatalf("%+v, %v", gaps, err)
		}
		got := ""
		for _, o := range gaps {
			if o.Waiver != nil {
				got += o.Cell
			}
		}
		if unused := len(c.Unused(gaps)) == 1; got != want || unused != (want == "") {
			t.Errorf("%s waives %q, want %q; unused %v", cell, got, want, unused)
		}
	}
}

// A line without a sheet waives a row where only one sheet has one that it can mean.
func TestWaiversWithoutASheet(t *testing.T) {
	on := func(sheet string, at int) record.Record {
		r := excludedBy(row(sheet+fmt.Sprint(at), at, "5", ""))
		r.Sheet = sheet
		return r
	}
	db := published(t, warehouse.Batch{Workbooks: []*record.Workbook{
		book(welfareFile, on("表", 5), on("別表", 5), on("表", 6), row("読めた", 7, "5", "")),
	}})
	for cell, want := range map[string]string{"D5": "", "表!D5": "表A5", "別表!D5": "別表A5", "D6": "表A6", "D7": ""} {
		c := cityIn(t, db)
		c.waivers = []record.Decision{{Path: welfareFile, Cell: cell}}
		gaps, err := c.Gaps(context.Background(), db, meeting, paperOf(figureAt("甲", "5件", "5", welfareFile+" B7")))
		if err != nil || len(gaps) != 3 {
			t.Fatalf("%+v, %v", gaps, err)
		}
		got, said := "", 0
		for _, o := range gaps {
			if o.Waiver != nil {
				got += o.Sheet + o.Cell
			}
			if strings.Contains(o.What, "「"+o.Sheet+"!D5」のように書いてください") {
				said++
			}
		}
		if wantSaid := map[bool]int{true: 2}[cell == "D5"]; got != want || said != wantSaid {
			t.Errorf("%s waives %q, want %q; said %d times", cell, got, want, said)
		}
	}
}

// What is read otherwise than before holds a paper up until somebody has looked at it, where its figures rest on it, or
// where nothing is left to rest on it.
func TestWhatIsReadAnewHoldsAPaperUp(t *testing.T) {
	reread := func(city, form, item, decided string) lineage.Reread {
		return lineage.Reread{
			Municipality: city, Department: "福祉課", Place: lineage.Place{Path: welfareFile, Sheet: "表", Cell: "B2"}, Form: form,
			Item: item, Old: "5", New: "6", Decided: decided,
		}
	}
	db := published(t, warehouse.Batch{
		Workbooks: []*record.Workbook{book(staffFile, row("職員", 2, "5", "")), book(welfareFile, row("相談", 2, "5", ""))},
	}, reread("市", "A", "値", ""), reread("市", "A", "見た値", "確認"), reread("町", "A", "町の値", ""),
		reread("市", "B", "無くなった様式", ""))
	c := cityIn(t, db)
	for _, x := range []struct {
		name   string
		papers []brief.ItemPaper
		want   string
	}{
		{"that rests on it", paperOf(figureAt("甲", "5件", "5", welfareFile+" B2")), "値 無くなった様式"},
		{"of another department", paperOf(figureAt("甲", "5件", "5", staffFile+" B2")), ""},
		{"of no figures", paperOf(), "値 無くなった様式"},
	} {
		list, err := c.ReadAnew(context.Background(), db, meeting, x.papers)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, o := range list {
			item, _, _ := strings.Cut(o.What, "：")
			got = append(got, item)
		}
		if text := strings.Join(got, " "); text != x.want {
			t.Errorf("a paper %s: %s, want %s", x.name, text, x.want)
		}
	}
}

// answerSheet is a 数値確認票 as it is read back: one answer in a row.
func answerSheet(path string, excluded bool, round, figure, subject, said, correction string) *record.Workbook {
	r := record.Record{
		Form: "K", Kind: "confirmation", FiscalYear: 2024, Sheet: "数値確認票", Row: 5, Cell: "Q5", Key: path,
		Excluded: excluded,
	}
	for i, f := range [][2]string{
		{"round", round}, {"figure", figure}, {"subject", subject}, {"answer", said}, {"correction", correction},
		{"confirmed_on", "令和7年10月1日"}, {"post", "課長"},
	} {
		if f[1] != "" {
			r.Fields = append(r.Fields, record.Field{Name: f[0], Text: f[1], Value: f[1], Cell: fmt.Sprintf("%c5", 'A'+i)})
		}
	}
	w := book(path, r)
	w.Forms = []string{"K"}
	return w
}

// said is an answer of a round about a figure, in a file of its own.
type said struct {
	round, subject, answer, correction string
	excluded                           bool
}

// asked are the lines of the only department that is asked, by record.
func asked(t *testing.T, db *warehouse.Reader, papers []brief.ItemPaper) (s Sheet, lines map[string]Line) {
	t.Helper()
	sheets, err := cityIn(t, db).Confirmations(context.Background(), db, meeting, papers)
	if err != nil || len(sheets) != 1 {
		t.Fatalf("%+v, %v", sheets, err)
	}
	lines = map[string]Line{}
	for _, l := range sheets[0].Lines {
		lines[l.Record] = l
	}
	if len(lines) != len(sheets[0].Lines) {
		t.Fatalf("records are asked twice: %+v", sheets[0].Lines)
	}
	return sheets[0], lines
}

// Sheets that asked for printed figures come back and count as they did: the newest round of answers holds; what an
// error leaves out, or no answer was given to, is none.
func TestSheetsOfPrintedFiguresComeBack(t *testing.T) {
	var batch warehouse.Batch
	word := figureAt("語", "改善", "", welfareFile+" B2")
	word.Word = true
	figures, want, records := []brief.Figure{word}, map[string]State{}, []record.Record{}
	for i, x := range []struct {
		name    string
		answers []said
		want    State
	}{
		{"何もなし", nil, Waiting},
		{"確認", []said{{"1", "5件", "確認", "", false}}, Confirmed},
		{"確認、訂正", []said{{"1", "5件", "確認", "", false}, {"2", "5件", "訂正", "6件", false}}, Correct},
		{"訂正、確認", []said{{"1", "5件", "訂正", "6件", false}, {"2", "5件", "確認", "", false}}, Confirmed},
		{"九回、十回", []said{{"9", "5件", "確認", "", false}, {"10", "5件", "訂正", "6件", false}}, Correct},
		{"前の値", []said{{"1", "4件", "確認", "", false}}, Changed},
		{"誤りで除く", []said{{"1", "5件", "確認", "", true}}, Waiting},
		{"答えなし", []said{{"1", "5件", "", "", false}}, Waiting},
	} {
		f := figureAt(x.name, "5件", "5", fmt.Sprint(welfareFile, " B", i+2))
		figures, want[x.name] = append(figures, f), x.want
		records = append(records, row(x.name, i+2, "5", ""))
		for _, a := range x.answers {
			path := fmt.Sprint(answerFile, len(batch.Workbooks))
			batch.Workbooks = append(
				batch.Workbooks,
				answerSheet(path, a.excluded, a.round, f.Address, a.subject, a.answer, a.correction),
			)
		}
	}
	// of a meeting whose name begins alike
	batch.Workbooks = append(batch.Workbooks, answerSheet(answerFile, false, "1", "2025-10-211/1/何もなし", "5件", "確認", ""))
	batch.Workbooks = append(batch.Workbooks, book(welfareFile, records...))
	s, lines := asked(t, published(t, batch), paperOf(figures...))
	if s.Department != "福祉課" || s.Bureau != "福祉部" || s.Round != 9 || len(lines) != len(want) {
		t.Errorf("round %d of %s%s: %d lines", s.Round, s.Bureau, s.Department, len(lines))
	}
	for name, state := range want {
		if l := lines[name]; l.State != state {
			t.Errorf("%s: %s, %s", name, l.State, l.Note)
		}
	}
}

// A correction of a printed figure that rests on none of the department's own answers stays until it is settled; one
// that rests on them is told there, until a newer sheet has asked for the answer itself.
func TestCorrectionsOfPrintedFigures(t *testing.T) {
	shared := figureAt("合計", "11件", "11", welfareFile+" B2", staffFile+" B2") // 人事課 is responsible for the paper
	welfare := figureAt("一方", "5件", "5", welfareFile+" B2")
	total := figureAt("課の計", "11件", "11", welfareFile+" B2", welfareFile+" B3")
	own := meeting.ID + ownRoom + "A｜indicator｜相談｜actual｜2024"
	for _, x := range []struct {
		name    string
		figures []brief.Figure
		answers []*record.Workbook
		want    string
	}{
		{"of both", []brief.Figure{shared}, []*record.Workbook{
			answerSheet(staffAnswer, false, "1", shared.Address, "11件", "訂正", "12件"),
		}, "人事課・職員 訂正待ち 福祉課・相談 未確認"},
		{"of the other alone", []brief.Figure{welfare}, []*record.Workbook{
			answerSheet(staffAnswer, false, "1", welfare.Address, "5件", "訂正", "6件"),
		}, "福祉課・相談 未確認"},
		{"asked anew later", []brief.Figure{welfare}, []*record.Workbook{
			answerSheet(answerFile+"1", false, "1", welfare.Address, "5件", "訂正", "6件"),
			answerSheet(answerFile+"2", false, "2", own, "5件", "確認", ""),
		}, "福祉課・相談 確認済"},
		{"in the same round", []brief.Figure{welfare}, []*record.Workbook{
			answerSheet(answerFile+"1", false, "2", welfare.Address, "5件", "訂正", "6件"),
			answerSheet(answerFile+"2", false, "2", own, "5件", "確認", ""),
		}, "福祉課・相談 訂正待ち"},
		{"a total that has changed", []brief.Figure{total, welfare}, []*record.Workbook{
			answerSheet(answerFile+"1", false, "1", total.Address, "10件", "確認", ""),
			answerSheet(answerFile+"2", false, "1", welfare.Address, "5件", "確認", ""),
		}, "福祉課・相談 確認済 福祉課・訪問 再確認"},
		{"a confirmation in the same round", []brief.Figure{welfare}, []*record.Workbook{
			answerSheet(answerFile+"1", false, "2", welfare.Address, "4件", "確認", ""),
			answerSheet(answerFile+"2", false, "2", own, "5件", "確認", ""),
		}, "福祉課・相談 確認済"},
	} {
		db := published(t, warehouse.Batch{Workbooks: append(
			x.answers, book(staffFile, row("職員", 2, "6", "")), book(welfareFile, row("相談", 2, "5", ""), row("訪問", 3, "6", "")),
		)})
		sheets, err := cityIn(t, db).Confirmations(context.Background(), db, meeting, paperOf(x.figures...))
		if err != nil {
			t.Fatal(err)
		}
		if got := statesOf(sheets); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}

const staffAnswer = "inputs/市/令和6年度/総務部/人事課/数値確認票"

// statesOf are the lines of sheets with their states.
func statesOf(sheets []Sheet) string {
	var out []string
	for _, s := range sheets {
		for _, l := range s.Lines {
			out = append(out, s.Department+"・"+l.Record+" "+string(l.State))
		}
	}
	return strings.Join(out, " ")
}

// The 想定問答 compares a figure with the year before in the same unit, takes what cells state that count, and tells what
// departments have remarked.
func TestQuestionsOfAPublishedFile(t *testing.T) {
	older := row("相談", 5, "3", "")
	older.FiscalYear, older.Fields[1].Scope = 2023, "2023"
	wrong := excludedBy(row("訪問", 6, "1", ""))
	wrong.Fields[1].Scope = "2023"
	ours := row("二課の", 7, "1", "")
	ours.Fields[1].Scope = "2023"
	theirs := row("二課の", 3, "2", "")
	theirs.Fields[1].Scope = "2023"
	db := published(t, warehouse.Batch{Workbooks: []*record.Workbook{
		book(welfareFile, row("相談", 2, "5", "増えた"), row("訪問", 3, "6", ""), older, wrong, ours),
		book(staffFile, row("職員", 2, "5", ""), theirs),
	}})
	figure := func(address, cell, key, unit string) brief.Figure {
		f := figureAt(address, "5件", "5", welfareFile+" "+cell)
		f.Unit, f.Fact, f.Year = unit, "A｜indicator｜"+key+"｜actual｜2024｜件", 2024
		return f
	}
	before := figureAt("同じ場所", "4件", "4")
	before.Column, before.Unit = "R5", "件"
	other := before
	other.Row, other.Unit = "別の単位", "人"
	word := figureAt("語", "改善", "", welfareFile+" B2")
	word.Word = true
	data, err := Questions(context.Background(), db, meeting, paperOf(
		figure("事実", "B2", "相談", "件"), figure("除いた事実", "B3", "訪問", "件"), figure("同じ場所", "B2", "相談", "件"),
		figure("別の単位", "B2", "相談", "件"), figure("二課の事実", "B3", "二課の", "件"), word,
	), [2]map[string]brief.Paper{{"1": {Figures: []brief.Figure{before, other}}}})
	if err != nil {
		t.Fatal(err)
	}
	_, all, found := strings.Cut(textOfWorkbook(t, data), "すべての数値（5件）\n")
	if !found {
		t.Fatal("not all figures are told")
	}
	lines := strings.Split(all, "\n")[:5]
	want := []string{
		"表事実R635件+2福祉課：増えた2025-10-21/1/事実", "表除いた事実R65件2025-10-21/1/除いた事実",
		"表同じ場所R64件5件+1福祉課：増えた2025-10-21/1/同じ場所", "表別の単位R64件5件福祉課：増えた2025-10-21/1/別の単位",
		"表二課の事実R65件2025-10-21/1/二課の事実",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("\n got %q\nwant %q", lines, want)
	}
	if _, err := Questions(context.Background(), db, meeting, paperOf(word), [2]map[string]brief.Paper{}); err == nil {
		t.Error("a paper of words has questions")
	}
}
