package council

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/workbook"
)

// confirmForm is the form by which a 数値確認票 is read back.
const confirmForm, confirmRecord, confirmName = "K", "confirmation", "数値確認票"

// A sheet names so many cells and files of a line; of more it says how many there are.
const cellsShown, filesShown = 4, 2

// manyFiles reports a line of which the sheet only says how many files and cells are behind it.
func (l Line) manyFiles() bool {
	names := map[string]bool{}
	for _, p := range l.Cells {
		names[p.Path[strings.LastIndex(p.Path, "/")+1:]] = true
	}
	return len(names) > filesShown
}

// places names the files and the cells of a line.
func (l Line) places() (files, cells string) {
	var f, c []string
	for _, p := range l.Cells {
		if name := p.Path[strings.LastIndex(p.Path, "/")+1:]; !slices.Contains(f, name) {
			f = append(f, name)
		}
		if at := strings.Trim(p.Sheet+"!"+p.Cell, "!"); at != "" {
			c = append(c, at)
		}
	}
	if l.manyFiles() {
		return fmt.Sprintf("調査票%d件", len(f)), fmt.Sprintf("%dか所", len(l.Cells))
	}
	if n := len(c) - cellsShown; n > 0 {
		c = append(c[:cellsShown], fmt.Sprintf("ほか%dか所", n))
	}
	return strings.Join(f, "\n"), strings.Join(c, "、")
}

// shown is a figure as it is printed, with what its mark stands for: 11（見込値）.
func (l Line) shown() string {
	if l.Figure.Said == "" {
		return flat(l.Figure.Text)
	}
	return flat(l.Figure.Text) + "（" + l.Figure.Said + "）"
}

func (l Line) subject() string {
	if l.Shared {
		return l.Subject
	}
	return l.Figure.Text
}

// shownSubject is what is compared, on paper.
func (l Line) shownSubject() string {
	if l.Shared {
		return "貴課の値 " + flat(l.Subject)
	}
	return "印字の値"
}

// manner says what the department compares.
func (l Line) manner() string {
	if l.Shared {
		return "貴課の調査票の値"
	}
	return "印字する値"
}

// lastWord is what stands where no final paper has printed the figure before.
func (l Line) lastWord() string {
	if l.Last == "" {
		return "－"
	}
	return l.Last
}

var confirmNotes = []string{
	"※ 「確かめる値」が正しければ「確認」を、違っていれば「訂正」を選び、確かめる値に代わる値を「訂正後の値」に記入してください。確認日と確認者の職は必ず記入してください（上の行と同じなら空欄でかまいません）。",
	"※ 「貴課の調査票の値」とある行は、ほかの課と合わせて印字する値のうち、貴課の調査票のセルに書かれた値だけを確かめてください。印字の全体は、資料の担当課が確かめます。",
	"※ 訂正した値は、調査票も直して、いつもの場所に置き直してください。この票は、貴課の調査票と同じフォルダに置いてください。",
}

// Workbook is a department's sheet as it fills it in. Lines that are confirmed already are left out, unless all are
// wanted.
func (s Sheet) Workbook(m brief.Meeting, all bool) ([]byte, error) {
	sheet := workbook.IntakeSheet{
		Name: confirmName, Form: confirmForm, Version: "1", Record: confirmRecord,
		Lines: []string{
			confirmName, m.Kind + "　" + fiscal.WarekiDate(m.Date) + "の会議", "所属：" + strings.TrimSpace(s.Bureau+"　"+s.Department),
		},
		Notes: confirmNotes,
		Columns: []workbook.IntakeColumn{
			{Head: "回", Width: 4}, {Head: "資料", Width: 8}, {Head: "表", Width: 16}, {Head: "行", Width: 24},
			{Head: "列", Width: 12}, {Head: "今回の印字", Width: 12}, {Head: "前回の印字", Width: 12},
			{Head: "確かめ方", Width: 14}, {Head: "確かめる値", Width: 16}, {Head: "もとのファイル", Width: 26}, {Head: "もとのセル", Width: 16},
			{Head: "確認", Width: 8, Choices: []string{"確認", "訂正"}}, {Head: "訂正後の値", Width: 14}, {Head: "確認日", Width: 13},
			{Head: "確認者の職", Width: 14}, {Head: "備考", Width: 18},
			{Head: "番地", Width: 30},
		},
	}
	for _, l := range s.Lines {
		if l.State == Confirmed && !all {
			continue
		}
		files, cells := l.places()
		row := []workbook.IntakeCell{
			{Text: strconv.Itoa(s.Round)}, {Text: l.Paper}, {Text: l.Figure.Table}, {Text: flat(l.Figure.Row)},
			{Text: flat(l.Figure.Column)}, {Text: l.shown()}, {Text: flat(l.lastWord())},
			{Text: l.manner()}, {Text: flat(l.subject())}, {Text: files}, {Text: cells},
			{Open: true}, {Open: true}, {Open: true}, {Open: true}, {Open: true}, {Text: l.Figure.Address},
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	data, err := workbook.WriteIntake(workbook.Intake{Sheets: []workbook.IntakeSheet{sheet}})
	if err != nil {
		return nil, fmt.Errorf("%sの数値確認票を作れません: %w", s.Department, err)
	}
	return data, nil
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// Document is a department's sheet as a paper, to be stamped by hand where that is the custom.
func (s Sheet) Document(m brief.Meeting, all bool) document.Document {
	t := &document.Table{ID: confirmName, Size: 9}
	head := []string{"資料", "表", "行", "列", "印字", "前回", "確かめる値", "もとのファイル・セル", "確認", "訂正後の値"}
	for i, width := range []float64{4.5, 9, 11, 6.5, 5.5, 5.5, 7.5, 13, 4, 7} {
		align := "left"
		if i == 4 || i == 5 {
			align = "right"
		}
		t.Columns = append(t.Columns, document.Column{Width: width, Align: align})
	}
	row := document.Row{}
	for _, text := range head {
		row.Cells = append(row.Cells, document.Cell{Text: text, Align: "center"})
	}
	t.Head = []document.Row{row}
	for _, l := range s.Lines {
		if l.State == Confirmed && !all {
			continue
		}
		files, cells := l.places()
		var out document.Row
		for _, text := range []string{
			l.Paper, l.Figure.Table, flat(l.Figure.Row), flat(l.Figure.Column), l.shown(), flat(l.lastWord()),
			l.shownSubject(),
			strings.ReplaceAll(files, "\n", "、") + "\n" + cells, "", "",
		} {
			out.Cells = append(out.Cells, document.Cell{Text: text})
		}
		t.Rows = append(t.Rows, out)
	}
	for _, n := range confirmNotes {
		t.Notes = append(t.Notes, strings.Replace(n, "※ ", "※", 1))
	}
	blocks := []document.Block{
		{
			Kind: document.Paragraph,
			Spans: []document.Span{{Text: fmt.Sprintf(
				"%sの資料に、次の%d件の値を印字します。もとの調査票と照らして確かめてください。", fiscal.WarekiDate(m.Date), len(t.Rows),
			)}},
		},
		{Kind: document.TableOf, Table: t},
		{Kind: document.Right, Spans: []document.Span{{Text: "確認日　令和　　年　　月　　日　　確認者の職　　　　　　　　　　　　"}}},
	}
	if len(t.Rows) == 0 {
		blocks = []document.Block{{Kind: document.Paragraph, Spans: []document.Span{{Text: "確かめる値は残っていません。"}}}}
	}
	return document.Document{
		Title: confirmName + s.roundWord(), Sheet: "landscape", Numbered: true, OfPages: true,
		Box: []string{m.Kind, fiscal.WarekiDate(m.Date), s.Bureau + s.Department}, Blocks: blocks,
	}
}

// roundWord tells a sheet that is made again: （2回目）.
func (s Sheet) roundWord() string {
	if s.Round < 2 {
		return ""
	}
	return fmt.Sprintf("（%d回目）", s.Round)
}

// FileName of a department's sheet, without its ending. round tells one that is made again from the one before.
func (s Sheet) FileName(m brief.Meeting) string {
	name := confirmName + "_" + m.ID + "_" + s.Department
	if s.Round > 1 {
		name += "_" + strconv.Itoa(s.Round) + "回目"
	}
	return printable.Stem(brief.SafeName(name), ".xlsx")
}
