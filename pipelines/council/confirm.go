package council

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Line is one printed figure that a department confirms. A figure that rests on the department alone is confirmed as it
// is printed; of one that rests on several departments each confirms its own cells, and the department of the paper the
// figure.
type Line struct {
	Paper   string // 資料番号, else the number on the agenda
	Title   string
	Figure  brief.Figure
	Last    string // as the last final paper of the kind printed it, "" where there is none
	Subject string // what the department confirms
	Shared  bool   // Subject is what stands in the department's own cells
	Cells   []Place

	State State
	Note  string // what has to be done, "" where nothing
	At    Place  // of the answer
}

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

// Confirmations are the figures of a meeting's papers by the department that confirms them, with what has been
// answered, in the order of the city's departments. Words that follow the figures are not confirmed: they change with
// them.
func (c City) Confirmations(
	ctx context.Context, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper,
) ([]Sheet, error) {
	texts, err := cellTexts(ctx, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	last, err := lastPrinted(ctx, db, m)
	if err != nil {
		return nil, err
	}
	answers, err := readAnswers(ctx, db, m, c)
	if err != nil {
		return nil, err
	}
	lines := map[string][]Line{}
	for _, p := range papers {
		owner := c.responsible(p.Item)
		before := last[p.Item.Brief]
		formerly := formerPlaces(p)
		for _, own := range c.lines(p, owner, texts) {
			own.Last = before.of(own.Figure, reportedYear(p), formerly)
			own.settle(answers.of(own))
			lines[own.department] = append(lines[own.department], own.Line)
		}
	}
	names := slices.SortedFunc(maps.Keys(lines), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.place(a), c.place(b)), strings.Compare(a, b))
	})
	var out []Sheet
	for _, name := range names {
		rounds := map[string]bool{}
		for key, list := range answers {
			for _, a := range list {
				if department, figure, _ := strings.Cut(key, "|"); department == name &&
					strings.HasPrefix(figure, record.Key(m.ID)+"/") {
					rounds[a.at.Path] = true
				}
			}
		}
		out = append(out, Sheet{Department: name, Bureau: c.bureau[name], Lines: lines[name], Round: len(rounds) + 1})
	}
	return out, nil
}

// longestLiteral is how many characters a printed literal (90%以上, 令和7年4月1日) has; what is longer is a text with digits
// in it.
const longestLiteral = 20

type ownedLine struct {
	Line
	department string
}

// lines are the lines of one paper.
func (c City) lines(p brief.ItemPaper, owner string, texts map[Place]string) []ownedLine {
	var out []ownedLine
	// table and department → own cell → the figure that the fewest cells are behind
	narrowest := map[string]map[Place]int{}
	for i, f := range p.Figures {
		if f.Word || f.Value == "" && len([]rune(f.Text)) > longestLiteral {
			continue
		}
		sources, behind := f.Sources(), c.of(f)
		department := owner
		if len(behind) == 1 {
			department = behind[0]
		}
		l := Line{Paper: p.Item.Name(), Title: p.Item.Title, Figure: f, Subject: f.Text, Cells: placesOf(sources)}
		out = append(out, ownedLine{l, department})
		if len(behind) < 2 || f.Table == brief.ProseTable {
			continue
		}
		for _, s := range sources {
			d := c.files[s.Path].department
			if d == "" || d == owner || s.Cell == "" {
				continue
			}
			key, at := f.Table+"|"+d, placeOf(s)
			if narrowest[key] == nil {
				narrowest[key] = map[Place]int{}
			}
			if k, ok := narrowest[key][at]; !ok || len(sources) < len(p.Figures[k].Sources()) {
				narrowest[key][at] = i
			}
		}
	}
	shared := map[int]map[string][]Place{}
	for key, cells := range narrowest {
		_, d, _ := strings.Cut(key, "|")
		for at, i := range cells {
			if shared[i] == nil {
				shared[i] = map[string][]Place{}
			}
			shared[i][d] = append(shared[i][d], at)
		}
	}
	for _, i := range slices.Sorted(maps.Keys(shared)) {
		for _, d := range slices.Sorted(maps.Keys(shared[i])) {
			cells := shared[i][d]
			slices.SortFunc(cells, comparePlaces)
			var own []string
			for _, at := range cells {
				own = append(own, strings.Join(strings.Fields(texts[at]), " "))
			}
			l := Line{
				Paper: p.Item.Name(), Title: p.Item.Title, Figure: p.Figures[i], Subject: strings.Join(own, "、"), Shared: true,
				Cells: cells,
			}
			out = append(out, ownedLine{l, d})
		}
	}
	return out
}

func placeOf(s brief.Source) Place { return Place{s.Path, s.Sheet, s.Cell} }

func placesOf(sources []brief.Source) []Place {
	var out []Place
	for _, s := range sources {
		if p := placeOf(s); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func comparePlaces(a, b Place) int {
	return cmp.Or(
		strings.Compare(a.Path, b.Path), strings.Compare(a.Sheet, b.Sheet), cmp.Compare(len(a.Cell), len(b.Cell)),
		strings.Compare(a.Cell, b.Cell),
	)
}

func cellTexts(ctx context.Context, db *warehouse.Reader, municipality string) (map[Place]string, error) {
	r, err := db.Query(ctx, `SELECT w.path, coalesce(c.sheet, ''), c.cell, c.text FROM raw.cells AS c
		JOIN meta.workbooks AS w USING (workbook_id)
		WHERE w.municipality = $municipality`, warehouse.Named("municipality", municipality))
	if err != nil {
		return nil, fmt.Errorf("reading cells: %w", err)
	}
	out := map[Place]string{}
	for _, row := range r.Rows {
		out[Place{fmt.Sprint(row[0]), fmt.Sprint(row[1]), fmt.Sprint(row[2])}] = fmt.Sprint(row[3])
	}
	return out, nil
}

// answer is a line that a department has handed back.
type answer struct {
	subject, answer, correction, on, post string
	at                                    Place
	files, cells                          string // where the figure's values stood when the sheet was made
	order                                 int    // of all answers, the newest first
}

// given are answers by department and address, of each the newest first.
type given map[string][]answer

func answerKey(department, address string) string { return department + "|" + record.Key(address) }

// of are the answers to a line, under its address and the one that it had before, the newest first. Those of before
// told rows of one number apart by their order in print: an answer under any of them counts where it was about the same
// cells, and under the one that is worked out from today's values only then.
func (g given) of(l ownedLine) []answer {
	out := slices.Clone(g[answerKey(l.department, l.Figure.Address)])
	if l.Figure.Former == "" {
		return out
	}
	former := answerKey(l.department, l.Figure.Former)
	if !l.Figure.Ordered {
		out = append(out, g[former]...)
	}
	if l.manyFiles() {
		return newestFirst(out) // the sheet did not say which cells
	}
	files, cells := l.places()
	row, _, _ := strings.Cut(former, "#")
	for key, some := range g {
		if of, _, _ := strings.Cut(key, "#"); of != row || key == former && !l.Figure.Ordered {
			continue
		}
		for _, a := range some {
			if record.Key(a.files) == record.Key(files) && record.Key(a.cells) == record.Key(cells) {
				out = append(out, a)
			}
		}
	}
	return newestFirst(out)
}

func newestFirst(list []answer) []answer {
	slices.SortStableFunc(list, func(a, b answer) int { return cmp.Compare(a.order, b.order) })
	return list
}

func readAnswers(ctx context.Context, db *warehouse.Reader, m brief.Meeting, c City) (given, error) {
	r, err := db.Query(ctx, `WITH behind AS (
			SELECT w.path, a.sheet, a.cell, max(o.text) FILTER (o.name = 'file') AS files,
				max(o.text) FILTER (o.name = 'cells') AS cells
			FROM raw.fields AS a
			JOIN raw.fields AS o USING (record_id)
			JOIN raw.records AS r USING (record_id)
			JOIN meta.workbooks AS w USING (workbook_id)
			WHERE r.form = 'K' AND a.name = 'answer'
			GROUP BY ALL)
		SELECT department, figure, subject, answer, correction, confirmed_on, post, path, sheet, cell, files, cells
		FROM marts.confirmations LEFT JOIN behind USING (path, sheet, cell)
		WHERE municipality = $municipality AND answer IS NOT NULL
			ORDER BY round DESC, path, cell`, warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return nil, fmt.Errorf("reading confirmations: %w", err)
	}
	out := given{}
	for order, row := range r.Rows {
		s := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				s[i] = strings.TrimSpace(fmt.Sprint(v))
			}
		}
		key := answerKey(c.name(s[0]), s[1])
		out[key] = append(out[key], answer{
			s[2], s[3], s[4], s[5], s[6], Place{s[7], s[8], s[9]}, s[10], s[11], order,
		})
	}
	return out, nil
}

// settle says how far a line is. answers are the newest first. What a department has confirmed holds only while the
// value is the one that it saw; what it has corrected holds once the paper prints the correction.
func (l *Line) settle(answers []answer) {
	l.State, l.Note = Waiting, "数値確認票で確認してください"
	for _, a := range answers {
		same := brief.SamePrint(a.subject, l.Subject)
		fixed := a.answer == "訂正" && a.correction != "" && brief.SamePrint(a.correction, l.Subject)
		contradicts := a.answer == "確認" && a.correction != "" && !brief.SamePrint(a.correction, a.subject)
		switch {
		case same && contradicts:
			l.State, l.At = Correct, a.at
			l.Note = fmt.Sprintf("「確認」とありますが、訂正後の値「%s」も書かれています。どちらかに直してください", a.correction)
			return
		case (same && a.answer == "確認" || fixed) && (a.on == "" || a.post == ""):
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
		l.State, l.At = Changed, answers[0].at
		l.Note = fmt.Sprintf("確認の後に「%s」が「%s」に変わりました。確認票を作り直して、もう一度確認してください", answers[0].subject, l.Subject)
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

// printedBefore is what a final paper printed, by place; the second value of a place has its number behind it.
type printedBefore map[string]string

// of is what was printed in the place of a figure of a paper that reports a year. A paper of before may call its row by
// the number alone: then the row is the same where as many figures stood under that name as would now, one a row.
func (b printedBefore) of(f brief.Figure, reported int, formerly map[string]int) string {
	if text, there := b[placeKey(f, reported)]; there || f.Former == "" || f.Ordered {
		return text
	}
	before := f
	before.Row, before.Address = f.FormerRow, f.Former
	place := placeOnly(before, reported)
	n := 0
	for n < len(b) {
		if _, there := b[withOrdinal(place, n+1)]; !there {
			break
		}
		n++
	}
	if n != formerly[place] {
		return ""
	}
	return b[placeKey(before, reported)]
}

// formerPlaces counts the figures of a paper by the place that addresses of before gave them.
func formerPlaces(p brief.ItemPaper) map[string]int {
	out := map[string]int{}
	for _, f := range p.Figures {
		if !f.Word {
			f.Row = f.FormerRow
			out[placeOnly(f, reportedYear(p))]++
		}
	}
	return out
}

// lastPrinted is what the last final paper of each template printed before a meeting, by place.
func lastPrinted(ctx context.Context, db *warehouse.Reader, m brief.Meeting) (map[string]printedBefore, error) {
	r, err := db.Query(ctx, `SELECT brief, "table", "row", "column", text, coalesce(reported_year, 0), figure
		FROM meta.published
		WHERE municipality = $municipality AND held < $held::DATE AND meeting IS DISTINCT FROM $meeting
		QUALIFY held = max(held) OVER (PARTITION BY brief) ORDER BY path, figure`,
		warehouse.Named("municipality", m.Municipality), warehouse.Named("held", m.Date.Format("2006-01-02")),
		warehouse.Named("meeting", m.ID))
	if err != nil {
		return nil, fmt.Errorf("reading what was published: %w", err)
	}
	out := map[string]printedBefore{}
	for _, row := range r.Rows {
		s := make([]string, len(row))
		for i, v := range row {
			s[i] = fmt.Sprint(v)
		}
		of, err := strconv.Atoi(s[5])
		if err != nil {
			return nil, fmt.Errorf("reading what was published: %w", err)
		}
		if out[s[0]] == nil {
			out[s[0]] = printedBefore{}
		}
		key := placeKey(brief.Figure{Table: s[1], Row: s[2], Column: s[3], Address: s[6]}, of)
		if _, there := out[s[0]][key]; !there {
			out[s[0]][key] = s[4]
		}
	}
	return out, nil
}

func reportedYear(p brief.ItemPaper) int {
	year, _ := strconv.Atoi(fmt.Sprint(p.Parameters["year"]))
	return year
}

var writtenYear = regexp.MustCompile(`(令和|平成)(\d+|元)(年度|年)?|\b[rh](\d+)(年度)?`)

// leftOut is what a total says that it leaves out.
var leftOut = regexp.MustCompile(`\(\d+件を除く\)`)

// placeKey is where a figure stands, with years counted from the one that the paper reports: this year's column of this
// year's paper is that of last year's paper.
func placeKey(f brief.Figure, of int) string {
	n := 1
	if _, ordinal, several := strings.Cut(f.Address, "#"); several {
		n, _ = strconv.Atoi(ordinal) // the address of a figure ends in a number
	}
	return withOrdinal(placeOnly(f, of), n)
}

// withOrdinal is a place, of its second and further values with their number.
func withOrdinal(place string, n int) string {
	if n < 2 {
		return place
	}
	return place + "#" + strconv.Itoa(n)
}

// placeOnly is a place, whichever of its values is meant.
func placeOnly(f brief.Figure, of int) string {
	return relative(f.Table, of) + "/" + relative(f.Row, of) + "/" + relative(f.Column, of)
}

func relative(label string, of int) string {
	label = leftOut.ReplaceAllString(record.Key(label), "")
	if of == 0 {
		return label
	}
	return writtenYear.ReplaceAllStringFunc(label, func(word string) string {
		year, ok := fiscal.ParseYear(word)
		if !ok {
			year, ok = fiscal.ParseYear(word + "年度")
		}
		if !ok {
			return word
		}
		return fmt.Sprintf("〔%+d〕", year-of)
	})
}
