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

// figuresShown is how many printed figures a sheet names of those that rest on an answer; of more it says how many
// there are.
const figuresShown = 2

// printedAt names the places in the papers that rest on a line.
func (l Line) printedAt() string {
	var out []string
	for _, f := range l.Figures[:min(len(l.Figures), figuresShown)] {
		_, at, _ := strings.Cut(f.Address, "/")
		out = append(out, at)
	}
	if n := len(l.Figures) - figuresShown; n > 0 {
		out = append(out, fmt.Sprintf("ほか%dか所", n))
	}
	return strings.Join(out, "、")
}

// standsAt is the cell of a line, with what stands there where that was read as something else; the file too, where the
// sheet is about several.
func (l Line) standsAt(files []string) string {
	if len(l.Cells) == 0 {
		return ""
	}
	at := l.Cells[0]
	out := strings.Trim(at.Sheet+"!"+at.Cell, "!")
	if len(files) > 1 {
		out = fileName(at) + "\n" + out
	}
	if l.Written != "" {
		out += "「" + printable.Short(l.Written, longestLiteral) + "」"
	}
	return out
}

func fileName(p Place) string { return p.Path[strings.LastIndex(p.Path, "/")+1:] }

// filesOf are the names of the files that lines come from.
func filesOf(lines []Line) []string {
	var out []string
	for _, l := range lines {
		if len(l.Cells) > 0 && !slices.Contains(out, fileName(l.Cells[0])) {
			out = append(out, fileName(l.Cells[0]))
		}
	}
	return out
}

// orNone is what stands where there is no value.
func orNone(s string) string {
	if s == "" {
		return "－"
	}
	return flat(s)
}

var confirmNotes = []string{
	"※ 貴課が調査票に書いた値を、資料に載せるために読み取ったものです。貴課の値だけを確かめてください。ほかの課の値と合計は、ほかの課が確かめます。",
	"※ 「確かめる値」と「あわせて確かめる値」が正しければ「確認」を、違っていれば「訂正」を選び、正しい値を「訂正後の値」に書いてください。",
	"※ 「あわせて確かめる値」の訂正は、「開始年度は令和2年度」のように、何の値かも書いてください。",
	"※ 確認日と確認者の職は、必ず書いてください（上の行と同じなら、空欄でかまいません）。",
	"※ 訂正したときは、調査票も直して、この票と一緒に返してください。",
}

var confirmColumns = []workbook.IntakeColumn{
	{Head: "取組・指標", Width: 22}, {Head: "項目", Width: 13}, {Head: "確かめる値", Width: 11}, {Head: "一年前の値", Width: 9},
	{Head: "前回確認した値", Width: 9}, {Head: "あわせて確かめる値", Width: 16}, {Head: "載る所", Width: 22},
	{Head: "もとのセル", Width: 14}, {Head: "確認", Width: 6, Choices: []string{"確認", "訂正"}}, {Head: "訂正後の値", Width: 10},
	{Head: "確認日", Width: 12}, {Head: "確認者の職", Width: 11}, {Head: "備考", Width: 7}, {Head: "回", Width: 5},
	{Head: "番地", Width: 60},
}

// unprinted is how many columns at the end are for the program alone.
const unprinted = 2

// open are the lines that a sheet asks for: those that are not confirmed yet, unless all are wanted.
func (s Sheet) open(all bool) []Line {
	return slices.DeleteFunc(slices.Clone(s.Lines), func(l Line) bool { return l.State == Confirmed && !all })
}

// Workbook is a department's sheet as it fills it in; back says until when and where it goes back, and who is asked.
// Lines that are confirmed already are left out, unless all are wanted.
func (s Sheet) Workbook(m brief.Meeting, all bool, back []string) ([]byte, error) {
	lines := s.open(all)
	files := filesOf(lines)
	sheet := workbook.IntakeSheet{
		Name: confirmName, Form: confirmForm, Version: "2", Record: confirmRecord,
		Lines: slices.Concat([]string{
			confirmName + s.roundWord(), m.Kind + "　" + fiscal.WarekiDate(m.Date) + "の会議",
			"所属：" + strings.TrimSpace(s.Bureau+"　"+s.Department),
			"もとの調査票：" + strings.Join(files, "、"),
		}, back),
		Notes: confirmNotes, Columns: confirmColumns, Unprinted: unprinted,
	}
	for _, l := range lines {
		sheet.Rows = append(sheet.Rows, []workbook.IntakeCell{
			{Text: flat(l.Record)}, {Text: l.Item}, {Text: flat(l.Subject)}, {Text: orNone(l.Before)}, {Text: orNone(l.Last)},
			{Text: orNone(l.beside())}, {Text: l.printedAt()}, {Text: l.standsAt(files)}, {Open: true}, {Open: true},
			{Open: true}, {Open: true}, {Open: true}, {Text: strconv.Itoa(s.Round)}, {Text: l.Address},
		})
	}
	data, err := workbook.WriteIntake(workbook.Intake{Sheets: []workbook.IntakeSheet{sheet}})
	if err != nil {
		return nil, fmt.Errorf("%sの数値確認票を作れません: %w", s.Department, err)
	}
	return data, nil
}

func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

// Document is a department's sheet as a paper, to be stamped by hand where that is the custom.
func (s Sheet) Document(m brief.Meeting, all bool, back []string) document.Document {
	t := &document.Table{ID: confirmName, Size: 9}
	head := []string{"取組・指標", "項目", "確かめる値", "前年度", "前回確認", "あわせて確かめる値", "載る所", "もとのセル", "確認", "訂正後の値"}
	row := document.Row{}
	for i, width := range []float64{12, 8.5, 5.5, 4, 4, 9.5, 14.5, 7, 3, 5.5} {
		t.Columns = append(t.Columns, document.Column{Width: width, Align: "left"})
		row.Cells = append(row.Cells, document.Cell{Text: head[i], Align: "center"})
	}
	t.Head = []document.Row{row}
	lines := s.open(all)
	files := filesOf(lines)
	for _, l := range lines {
		var out document.Row
		for _, text := range []string{
			flat(l.Record), l.Item, flat(l.Subject), orNone(l.Before), orNone(l.Last), orNone(l.beside()), l.printedAt(),
			l.standsAt(files), "", "",
		} {
			out.Cells = append(out.Cells, document.Cell{Text: text})
		}
		t.Rows = append(t.Rows, out)
	}
	for _, n := range confirmNotes {
		t.Notes = append(t.Notes, strings.Replace(n, "※ ", "※", 1))
	}
	if len(t.Rows) == 0 {
		return s.paper(m, []document.Block{paragraph("確かめる値は残っていません。")})
	}
	blocks := []document.Block{paragraph(fmt.Sprintf(
		"%sの資料は、貴課の次の%d件の値をもとにしています。もとの調査票と照らして確かめてください。", fiscal.WarekiDate(m.Date), len(t.Rows),
	))}
	for _, line := range slices.Concat([]string{"もとの調査票：" + strings.Join(files, "、")}, back) {
		blocks = append(blocks, paragraph(line))
	}
	return s.paper(m, append(
		blocks, document.Block{Kind: document.TableOf, Table: t},
		document.Block{Kind: document.Right, Spans: []document.Span{{
			Text: "確認日　令和　　年　　月　　日　　確認者の職　　　　　　　　　　　　",
		}}},
	))
}

func paragraph(text string) document.Block {
	return document.Block{Kind: document.Paragraph, Spans: []document.Span{{Text: text}}}
}

func (s Sheet) paper(m brief.Meeting, blocks []document.Block) document.Document {
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
