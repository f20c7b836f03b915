package council

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// Obstacle is what keeps a meeting's papers from being final: what is missing, where, and who must act. One that 判断.csv
// waives with reason, post and date keeps nothing.
type Obstacle struct {
	Kind       string           `json:"kind"`       // 誤り, 未提出, 未記入, 掲載なし, 未確認, 〓, 出どころ不明, 読み方の変更
	Department string           `json:"department"` // who must act
	Where      string           `json:"where"`
	What       string           `json:"what"`
	Target     string           `json:"target"` // what a line of 判断.csv names as its path to waive it
	Sheet      string           `json:"sheet,omitempty"`
	Cell       string           `json:"cell,omitempty"` // of a row that is left out: the line of 判断.csv names it too
	Waiver     *record.Decision `json:"waiver,omitempty"`

	name   string // of the record; "" of a whole file
	plan   string // that it belongs to; "" where nothing says
	exact  bool   // a line of 判断.csv must name the very cell
	held   bool   // no line of 判断.csv waives it
	former string // Target as addresses were spelled before, "" where it is the same or named no one row
	form   string // of what is left out of the figures: whose figures
	year   int
	on     *recordsOn // of a row that is left out: those of its form on its sheet
}

// Kinds of obstacles.
const (
	WithError   = "誤り"
	NotIn       = "未提出"
	NotAnswered = "未記入"
	Gone        = "掲載なし" // last year's form or a list has it, this year's form has not
	Unconfirmed = "未確認"
	NoGlyph     = "〓"
	NoSource    = "出どころ不明"
	ReadAnew    = "読み方の変更"
)

// excludes reports whether something is left out of the figures.
func (o Obstacle) excludes() bool { return o.Kind == WithError || o.Kind == NotIn }

// rests is what one figure rests on: forms of years, and departments.
type rests struct {
	years       map[string][2]int // the first and the last year of each form; "" stands for any form
	departments []string
}

// rests says what a figure of a paper rests on. The paper's own year counts too: a form of that year that is not there
// at all has left no cell behind.
func (c City) rests(f brief.Figure, reported int) rests {
	out := rests{map[string][2]int{}, c.of(f)}
	add := func(id string, year int) {
		span, ok := out.years[id]
		if !ok {
			span = [2]int{year, max(year, reported)}
		}
		out.years[id] = [2]int{min(span[0], year), max(span[1], year)}
	}
	for _, s := range f.Sources() {
		file, ok := c.files[s.Path]
		if !ok {
			continue
		}
		add("", file.year)
		for _, id := range c.sheets[Place{Path: s.Path, Sheet: s.Sheet}] {
			add(id, file.year)
		}
	}
	return out
}

// paperRests says what the figures of a paper rest on, and which plan it is about: "" where its template names none.
type paperRests struct {
	plan  string
	rests []rests
}

// allRests says what every figure of papers rests on, paper by paper.
func (c City) allRests(papers []brief.ItemPaper) []paperRests {
	out := make([]paperRests, len(papers))
	for i, p := range papers {
		out[i].plan, _ = p.Parameters["plan"].(string)
		for _, f := range p.Figures {
			out[i].rests = append(out[i].rests, c.rests(f, reportedYear(p)))
		}
	}
	return out
}

// concerns reports whether what is left out belongs to what a paper prints. A paper about one plan misses nothing of
// another.
func (o Obstacle) concerns(p paperRests) bool {
	if p.plan != "" && o.plan != "" && record.Key(p.plan) != record.Key(o.plan) {
		return false
	}
	return slices.ContainsFunc(p.rests, o.touches)
}

// touches reports whether what is left out belongs to what a figure rests on. A figure of one department alone misses
// nothing that another has left out.
func (o Obstacle) touches(r rests) bool {
	span, ok := r.years[o.form]
	return ok && span[0] <= o.year && o.year <= span[1] && (len(r.departments) != 1 || r.departments[0] == o.Department)
}

// Gaps are the errors and the missing submissions that touch a figure of papers, in the order of departments: what is
// left out of a count of the same form and year is left out of that figure.
func (c City) Gaps(
	ctx context.Context, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper,
) ([]Obstacle, error) {
	on, err := readRecordsOn(ctx, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	named := warehouse.Named("municipality", m.Municipality)
	r, err := db.Query(ctx, `SELECT l.department, l.path, l.sheet, l.cell, coalesce(l.form, ''), coalesce(l.fiscal_year,
		0), l.what,
			(SELECT string_agg(DISTINCT concat_ws('：', f.cell, f.message), ' ' ORDER BY concat_ws('：', f.cell, f.message))
				FROM meta.findings AS f
			 WHERE f.severity = 'error' AND f.path = l.path
			   AND (l.cell IS NULL OR regexp_extract(f.cell, '\d+$') = regexp_extract(l.cell, '\d+$')
			   	AND f.sheet IS NOT DISTINCT FROM l.sheet))
		FROM marts.left_out AS l WHERE l.municipality = $municipality AND coalesce(l.form, '') <> 'K' ORDER BY ALL`, named)
	if err != nil {
		return nil, fmt.Errorf("reading what is left out: %w", err)
	}
	var out []Obstacle
	for _, row := range r.Rows {
		s := words(row)
		o := Obstacle{
			Kind: WithError, Department: c.named(s[0]), Where: Place{s[1], s[2], s[3]}.String(),
			What: strings.TrimSpace(s[6] + "　" + s[7]), Target: s[1], Sheet: s[2], Cell: s[3], form: s[4],
			on: on[formOn{s[1], s[2], s[4]}], name: s[6],
		}
		if _, err := fmt.Sscan(s[5], &o.year); err != nil {
			return nil, fmt.Errorf("reading what is left out: %w", err)
		}
		if o.What == "" {
			o.What = "誤りの指摘があり、集計から除いています"
		}
		out = append(out, o)
	}
	r, err = db.Query(ctx, `SELECT s.department, s.form, coalesce(s.form_id, ''), s.fiscal_year, s.due, s.bureau
		FROM marts.submissions AS s
		WHERE s.municipality = $municipality AND s.status = '未提出' ORDER BY ALL`, named)
	if err != nil {
		return nil, fmt.Errorf("reading submissions: %w", err)
	}
	for _, row := range r.Rows {
		s := words(row)
		o := Obstacle{Kind: NotIn, Department: c.named(s[0]), form: s[2]}
		if _, err := fmt.Sscan(s[3], &o.year); err != nil {
			return nil, fmt.Errorf("reading submissions: %w", err)
		}
		o.Where = fmt.Sprintf("%s（%s）", s[1], fiscal.Wareki(o.year))
		o.What = "調査票が提出されていません（期限 " + s[4] + "）"
		o.Target = fmt.Sprintf("%s/%d/%s", s[1], o.year, s[0])
		out = append(out, o)
	}
	open, err := c.unanswered(ctx, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	out = append(out, open...)
	c.waive(out)
	all := c.allRests(papers)
	return slices.DeleteFunc(out, func(o Obstacle) bool { return !slices.ContainsFunc(all, o.concerns) }), nil
}

// waive finds the waivers of gaps. A line that names no sheet is of one sheet: where it would be of rows on several, it
// is of none.
func (c City) waive(gaps []Obstacle) {
	for i := range gaps {
		o := &gaps[i]
		d := waiverOf(c.waivers, *o)
		if d == nil {
			continue
		}
		sheet, cell := d.Place()
		if sheet == "" && slices.ContainsFunc(gaps, func(other Obstacle) bool {
			return other.Sheet != o.Sheet && waiverOf([]record.Decision{*d}, other) != nil
		}) {
			o.What += "。判断.csv の「" + cell + "」は、どのシートの行か決められません。「" + o.Sheet + "!" + cell + "」のように書いてください"
			continue
		}
		o.Waiver = d
	}
}

func (c City) named(department string) string {
	if now := c.name(department); now != "" {
		return now
	}
	return department
}

func words(row []any) []string {
	out := make([]string, len(row))
	for i, v := range row {
		if v != nil {
			out[i] = fmt.Sprint(v)
		}
	}
	return out
}

// Unanswered are the departments whose figures are not all confirmed.
//
// A waiver is of one edition, and of silence: what a department has corrected, or has not seen since it changed, nobody
// waives.
func (c City) Unanswered(m brief.Meeting, sheets []Sheet, edition int) []Obstacle {
	var out []Obstacle
	for _, s := range sheets {
		if s.Open() == 0 {
			continue
		}
		o := Obstacle{
			Kind: Unconfirmed, Department: s.Department, Target: confirmName + "/" + m.ID + "/" + s.Department,
			Where: confirmName,
		}
		if edition > 1 {
			o.Target += "/" + editionName(edition)
		}
		o.What = s.Progress()
		for _, l := range s.Lines {
			if l.At != (Place{}) && l.State != Confirmed {
				o.What += "。" + l.Name() + "：" + l.Note + "（" + l.At.String() + "）"
				break
			}
		}
		if o.Waiver = waiverOf(c.waivers, o); s.Count(Correct)+s.Count(Changed) > 0 {
			o.Waiver, o.held = nil, true
		}
		out = append(out, o)
	}
	return out
}

// Untraced are the printed figures of which no cell is known: neither errors nor confirmations can be looked for.
func (c City) Untraced(papers []brief.ItemPaper) []Obstacle {
	var out []Obstacle
	for _, p := range papers {
		for _, f := range p.Figures {
			if f.Word || len(f.Sources()) > 0 {
				continue
			}
			o := Obstacle{Kind: NoSource, Department: p.Item.Department, Where: f.Address, Target: f.Address,
				What: "「" + flat(f.Text) + "」の出どころのセルが分からないので、誤りも確認も調べられません。ひな形の問合せに sources の列を足してください"}
			if !f.Ordered {
				o.former = f.Former
			}
			o.Waiver = waiverOf(c.waivers, o)
			out = append(out, o)
		}
	}
	return out
}

// Unprintable are the characters of papers that no typeface has: each with a place where it stands.
func (c City) Unprintable(papers []brief.ItemPaper, missing typeset.Missing) []Obstacle {
	var out []Obstacle
	for _, r := range missing {
		o := Obstacle{Kind: NoGlyph, What: fmt.Sprintf("文字「%c」（U+%04X）は書体になく、〓と印字されます。別の字に直してください", r, r), Target: string(r)}
		for _, p := range papers {
			i := slices.IndexFunc(p.Document.Texts(), func(t document.Text) bool { return strings.ContainsRune(t.Text, r) })
			if i >= 0 {
				o.Department, o.Where = p.Item.Department, p.Item.Name()+" "+p.Document.Texts()[i].Place
				break
			}
		}
		o.Waiver = waiverOf(c.waivers, o)
		out = append(out, o)
	}
	return out
}

func readWaivers(ctx context.Context, db *warehouse.Reader, municipality string) ([]record.Decision, error) {
	r, err := db.Query(ctx, `SELECT path, concat_ws('!', sheet, cell), decision, reason, date, coalesce(post, '')
		FROM meta.decisions
		WHERE municipality = $municipality AND kind = 'waive' ORDER BY ALL`, warehouse.Named("municipality", municipality))
	if err != nil {
		return nil, fmt.Errorf("reading decisions: %w", err)
	}
	var out []record.Decision
	for _, row := range r.Rows {
		s := words(row)
		out = append(out, record.Decision{
			Municipality: municipality, Path: s[0], Cell: s[1], Decision: s[2], Reason: s[3], Date: s[4], Post: s[5],
		})
	}
	return out, nil
}

// Unused are the waivers that name none of the obstacles: mistyped, or of what has been settled.
func (c City) Unused(obstacles []Obstacle) []record.Decision {
	return slices.DeleteFunc(slices.Clone(c.waivers), func(d record.Decision) bool {
		return slices.ContainsFunc(obstacles, func(o Obstacle) bool { return waiverOf([]record.Decision{d}, o) != nil })
	})
}

// waiverOf finds the decision that names an obstacle: its whole path, and of a row one of its cells. What is named in
// part, or for a whole file, would waive what nobody has looked at.
func waiverOf(all []record.Decision, o Obstacle) *record.Decision {
	for _, d := range all {
		path := record.Key(strings.TrimPrefix(d.Path, "/"))
		former := o.former != "" && path == record.Key(o.former)
		if target := record.Key(o.Target); path != target && "inputs/"+path != target && !former {
			continue
		}
		sheet, cell := d.Place()
		means := o.exact && cell == o.Cell || !o.exact && o.on.means(cell, o.Cell)
		if means && (sheet == "" || o.Sheet == "" || record.Key(sheet) == record.Key(o.Sheet)) {
			return &d
		}
	}
	return nil
}

// Except writes into the tables of papers what was left out of them by decision: 計（3件を除く）. A table without a total says
// it in a note.
func (c City) Except(papers []brief.ItemPaper, gaps []Obstacle) {
	for _, p := range papers {
		byTable := map[string][]rests{}
		for _, f := range p.Figures {
			if f.Value != "" {
				byTable[f.Table] = append(byTable[f.Table], c.rests(f, reportedYear(p)))
			}
		}
		var walk func(blocks []document.Block)
		walk = func(blocks []document.Block) {
			for _, b := range blocks {
				if b.Kind == document.TableOf {
					except(b.Table, byTable[b.Table.ID], gaps)
				}
				walk(b.Blocks)
			}
		}
		walk(p.Document.Blocks)
	}
}

func except(t *document.Table, figures []rests, gaps []Obstacle) {
	n := 0
	for _, o := range gaps {
		if o.excludes() && o.Waiver != nil && slices.ContainsFunc(figures, o.touches) {
			n++
		}
	}
	if n == 0 {
		return
	}
	said := false
	for i, row := range t.Rows {
		if !row.Total || len(row.Cells) == 0 ||
			!slices.Contains([]string{"計", "合計", "総計"}, strings.TrimSpace(row.Cells[0].Text)) {
			continue
		}
		t.Rows[i].Cells[0].Text += fmt.Sprintf("（%d件を除く）", n)
		said = true
	}
	told := slices.ContainsFunc(t.Notes, func(n string) bool { return strings.HasPrefix(n, "※集計から除いた") })
	if !said && !told {
		t.Notes = append(t.Notes, fmt.Sprintf("※%d件を除く。", n))
	}
}
