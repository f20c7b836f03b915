package council

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Line is one of a department's own answers that printed figures rest on: a record's item, as it was read. A figure is
// confirmed once all the answers behind it are, at the values that they have now.
type Line struct {
	Address string // 番地, by which what comes back is known: 2025-10-21/調査票/B｜initiative｜窓口の改善｜progress｜2024
	Record  string // the initiative or the indicator
	Item    string // what of it, with the year
	Subject string // what the department confirms: the value as it was read
	Number  string // the same without its unit, "" where it is no number
	Written string // as it stands in the cell, "" where that is the same
	Before  string // the value of the year before, "" where none is known
	Last    string // as the department confirmed it last, "" where it never has
	Beside  []string
	Cells   []Place
	Figures []brief.Figure // that rest on it, those that rest on the fewest cells first

	State State
	Note  string // what has to be done, "" where nothing
	At    Place  // of the answer

	word string // what the item is called, without the year
}

// Name says which answer it is, in words.
func (l Line) Name() string { return strings.Trim(l.Record+"・"+l.Item, "・") }

// State is how far a line is.
type State string

// The states of a line. Only confirmed ones let a paper be final.
const (
	Confirmed State = "確認済"
	Waiting   State = "未確認"
	Correct   State = "訂正待ち" // a correction has come, and the workbook is not fixed yet
	Changed   State = "再確認"  // the value has changed since it was confirmed
)

// Sheet is what one department confirms of a meeting's papers.
type Sheet struct {
	Department, Bureau string
	Lines              []Line
	Round              int // of asking: one more than the department has answered
}

// Count counts the lines in a state.
func (s Sheet) Count(of State) int {
	n := 0
	for _, l := range s.Lines {
		if l.State == of {
			n++
		}
	}
	return n
}

// Progress says how far a sheet is: 26件のうち訂正待ち1件、未確認3件.
func (s Sheet) Progress() string {
	var parts []string
	for _, state := range []State{Correct, Changed, Waiting} {
		if n := s.Count(state); n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d件", state, n))
		}
	}
	if len(parts) == 0 {
		return fmt.Sprintf("%d件すべて確認済み", len(s.Lines))
	}
	return fmt.Sprintf("%d件のうち%s", len(s.Lines), strings.Join(parts, "、"))
}

// Open is how many lines are not confirmed.
func (s Sheet) Open() int { return len(s.Lines) - s.Count(Confirmed) }

// longestLiteral is how many characters a printed literal (90%以上, 令和7年4月1日) has; what is longer is a text with digits
// in it.
const longestLiteral = 20

// confirmed reports a figure whose answers departments confirm. Words that follow the figures are not: they change with
// them.
func confirmed(f brief.Figure) bool {
	return !f.Word && (f.Value != "" || len([]rune(f.Text)) <= longestLiteral)
}

// Confirmations are the answers that a meeting's papers rest on by the department that gave and confirms them, with
// what has come back, in the order of the city's departments.
func (c City) Confirmations(
	ctx context.Context, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper,
) ([]Sheet, error) {
	answers, err := readAnswers(ctx, db, m, c)
	if err != nil {
		return nil, err
	}
	stated, err := c.readStated(ctx, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	own := c.own(m, papers, stated)
	printed, err := c.printed(ctx, db, m, papers, answers)
	if err != nil {
		return nil, err
	}
	lines := map[string][]Line{}
	for _, department := range slices.Sorted(maps.Keys(own)) {
		for _, l := range own[department] {
			what := strings.TrimPrefix(l.Address, m.ID+ownRoom)
			l.Last = answers.last(department, m.ID, what)
			l.settle(answers.about(department, l.Address))
			l.heed(answers.about(department, l.Address), printed[department])
			lines[department] = append(lines[department], l)
		}
	}
	for department, list := range printed {
		for _, l := range list {
			if l.State == Correct && !slices.ContainsFunc(lines[department], l.covers) {
				lines[department] = append(lines[department], l.Line)
			}
		}
	}
	names := slices.SortedFunc(maps.Keys(lines), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.place(a), c.place(b)), strings.Compare(a, b))
	})
	var out []Sheet
	for _, name := range names {
		out = append(out, Sheet{
			Department: name, Bureau: c.bureau[name], Lines: lines[name], Round: answers.rounds(name, m.ID) + 1,
		})
	}
	return out, nil
}

// settle says how far a line is. answers are the newest first. What a department has confirmed holds only while the
// values are those that it saw; what it has corrected holds once the workbook says the correction.
func (l *Line) settle(answers []answer) {
	l.State, l.Note = Waiting, "数値確認票で確認してください"
	for _, a := range answers {
		same := brief.SamePrint(a.subject, l.Subject) && l.seen(a)
		fixed := a.answer == "訂正" && a.correction != "" && l.says(a.correction) && l.seen(a)
		contradicts := a.answer == "確認" && a.correction != "" && !brief.SamePrint(a.correction, a.subject) &&
			!l.says(a.correction)
		switch {
		case same && contradicts:
			l.State, l.At = Correct, a.at
			l.Note = fmt.Sprintf("「確認」とありますが、訂正後の値「%s」も書かれています。どちらかに直してください", a.correction)
			return
		case (same && a.answer == "確認" || fixed) && !a.whole():
			l.State, l.Note, l.At = Waiting, "確認日か、確認者の職がありません。記入してください", a.at
			return
		case same && a.answer == "確認" || fixed:
			l.State, l.Note, l.At = Confirmed, "", a.at
			return
		case same && a.answer == "訂正" && a.correction == "":
			l.State, l.Note, l.At = Correct, "「訂正」とありますが、訂正後の値がありません。記入してください", a.at
			return
		case same && a.answer == "訂正":
			l.State, l.At = Correct, a.at
			l.Note = fmt.Sprintf("「%s」を「%s」に訂正するとの回答です。調査票（%s）を直して、置き直してください", l.Subject, a.correction, first(l.Cells))
			return
		case a.answer == "訂正" && a.correction != "": // what was confirmed before it no longer holds
			l.State, l.At = Correct, a.at
			l.Note = fmt.Sprintf(
				"訂正の回答は「%s」でしたが、いまは「%s」です。調査票（%s）を確かめて直すか、確認票を作り直して確認してください", a.correction, l.Subject, first(l.Cells),
			)
			return
		}
	}
	if len(answers) > 0 {
		l.change(answers[0])
	}
}

// change says that a line is no longer what was confirmed.
func (l *Line) change(a answer) {
	l.State, l.At = Changed, a.at
	what := fmt.Sprintf("「%s」が「%s」に", a.subject, l.Subject)
	if brief.SamePrint(a.subject, l.Subject) {
		what = fmt.Sprintf("あわせて確かめる値が「%s」に", l.beside())
	}
	l.Note = "確認の後に" + what + "変わりました。確認票を作り直して、もう一度確認してください"
}

// says reports whether a line says what somebody wrote: with or without its unit, or as it stands in the cell.
func (l Line) says(written string) bool {
	return slices.ContainsFunc([]string{l.Subject, l.Number, l.Written}, func(s string) bool {
		return s != "" && brief.SamePrint(s, written)
	})
}

// besideMark stands between the values that are confirmed with another.
const besideMark = "；"

// beside are the values that are confirmed with it, as the sheet has them.
func (l Line) beside() string { return strings.Join(l.Beside, besideMark) }

// seen reports whether an answer was given beside the values that stand there now.
func (l Line) seen(a answer) bool {
	var seen []string
	for _, s := range strings.Split(record.Key(a.beside), record.Key(besideMark)) {
		seen = append(seen, record.Key(s))
	}
	return !slices.ContainsFunc(l.Beside, func(s string) bool { return !slices.Contains(seen, record.Key(s)) })
}

// heed takes into account what has come back on sheets that asked for printed figures: of a line that was not asked
// itself what is said of the narrowest figures that rest on its cells, of any a correction that came no earlier.
func (l *Line) heed(answers []answer, printed []printedLine) {
	var of []printedLine
	for _, p := range printed {
		if p.covers(*l) && p.State == Correct && (len(answers) == 0 || p.round >= answers[0].round) {
			of = append(of, p)
		}
	}
	if len(answers) == 0 {
		for _, at := range l.Cells {
			of = append(of, narrowest(printed, at)...)
		}
	}
	for _, state := range []State{Correct, Changed, Waiting, Confirmed} {
		for _, p := range of {
			if p.State == state {
				l.State, l.Note, l.At = p.State, p.Note, p.At
				return
			}
		}
	}
}

func first(cells []Place) string {
	switch {
	case len(cells) == 0:
		return "出どころの分からない値"
	case len(cells) == 1:
		return cells[0].String()
	}
	return fmt.Sprintf("%s ほか%dか所", cells[0], len(cells)-1)
}
