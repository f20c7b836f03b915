package council

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/warehouse"
)

// pending is the state of an answer that is still to come: nothing is missing, and no figure is printed.
const pending = "集計中"

// unanswered are the answers that a form asked for and has not got, and the records that should be on one and are not.
// Those of a form that has not been handed in at all are one obstacle with it.
func (c City) unanswered(ctx context.Context, db *warehouse.Reader, municipality string) ([]Obstacle, error) {
	all, err := c.expected(ctx, db, municipality, "state = '未記入' OR state = '未提出' AND record IS NOT NULL "+
		"AND NOT EXISTS (SELECT 1 FROM marts.submissions AS s WHERE s.municipality = expected.municipality "+
		"AND s.form_id = expected.form AND s.department = expected.department AND s.fiscal_year = expected.fiscal_year)")
	if err != nil {
		return nil, err
	}
	var out []Obstacle
	for _, o := range all {
		same := slices.ContainsFunc(out, func(other Obstacle) bool {
			return o.Kind == Gone && other.Kind == Gone && other.Target == o.Target && other.Sheet == o.Sheet &&
				other.Cell == o.Cell && other.year == o.year
		})
		if !same { // a record that is gone lacks all its answers
			out = append(out, o)
		}
	}
	return out, nil
}

// expected are rows of marts.expected as obstacles: where, whose, and what of which year.
func (c City) expected(ctx context.Context, db *warehouse.Reader, municipality, which string) ([]Obstacle, error) {
	if there, err := db.Has(ctx, "marts.expected"); err != nil || !there { // a run of before November 2026
		return nil, err
	}
	r, err := db.Query(ctx, `SELECT department, sources[1].path, sources[1].sheet, sources[1].cell, form,
		fiscal_year::VARCHAR, concat_ws('　', code, record), title, there::VARCHAR, known_by, plan
		FROM marts.expected WHERE municipality = $municipality AND (`+which+`)
		ORDER BY fiscal_year, coalesce((SELECT min(d.position) FROM meta.departments AS d
			WHERE d.municipality = expected.municipality AND d.department = expected.department), 999999), department, form,
			natural_order(code), record, kind, item, field`,
		warehouse.Named("municipality", municipality))
	if err != nil {
		return nil, fmt.Errorf("reading what is expected: %w", err)
	}
	var out []Obstacle
	for _, row := range r.Rows {
		s := words(row)
		o := Obstacle{
			Kind: NotAnswered, Department: c.named(s[0]), Where: Place{s[1], s[2], s[3]}.String(), Target: s[1],
			Sheet: s[2], Cell: s[3], form: s[4], name: s[6], plan: s[10], exact: true,
		}
		if _, err := fmt.Sscan(s[5], &o.year); err != nil {
			return nil, fmt.Errorf("reading what is expected: %w", err)
		}
		year := fiscal.Wareki(o.year)
		o.What = s[6] + "　" + year + s[7] + "が記入されていません"
		if s[8] != "true" {
			o.Kind = Gone
			o.What = s[6] + "　" + s[9] + "にあって、" + year + "の調査票にありません"
		}
		out = append(out, o)
	}
	return out, nil
}

// BlocksDir is where the blocks stand that papers share, a file each.
const BlocksDir = "templates/blocks"

const notInBlock = BlocksDir + "/集計に含まれていないもの.md"

// namedAtMost is how many of what is not in a paper are named; the others are counted.
const namedAtMost = 10

// notIn is what a block is told of what is not in a paper.
type notIn struct {
	Count  int // all of it
	Groups []notInGroup
	More   int // that are not named
}

type notInGroup struct {
	Reason string
	Names  []string // with their departments
}

// reasons are why something is not in a paper, in the order in which they are told.
var reasons = []struct{ kind, reason string }{
	{NotIn, "調査票が未提出"}, {WithError, "調査票の記載に不備があり、確認中"}, {NotAnswered, "未記入"},
	{Gone, "前年度の調査票または計画の一覧にあり、今年度の調査票に記載なし"}, {pending, "集計中"},
}

// NotIn writes into papers, under the last table of each, what is not in them: by name up to ten, by number beyond. The
// words are a file of templates/blocks; where there is none, as with the templates of an edition of before, nothing is
// written.
func (c City) NotIn(
	ctx context.Context, project fs.FS, db *warehouse.Reader, municipality string, papers []brief.ItemPaper,
	gaps []Obstacle,
) error {
	text, err := fs.ReadFile(project, notInBlock)
	switch {
	case errors.Is(err, fs.ErrNotExist): // an edition of before has no blocks: it is made again as it was
		return nil
	case err != nil:
		return fmt.Errorf("%s を読めません: %w", notInBlock, err)
	}
	block, err := template.New(notInBlock).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return fmt.Errorf("%s を読めません: %w", notInBlock, err)
	}
	open, err := c.expected(ctx, db, municipality, "state = '"+pending+"'")
	if err != nil {
		return err
	}
	for i := range open {
		open[i].Kind = pending
	}
	all := slices.Concat(gaps, open)
	for i, on := range c.allRests(papers) {
		var of []Obstacle
		for _, o := range all {
			if o.concerns(on) {
				of = append(of, o)
			}
		}
		if len(of) == 0 {
			continue
		}
		var b strings.Builder
		if err := block.Execute(&b, tell(of)); err != nil {
			return fmt.Errorf("%s を使えません: %w", notInBlock, err)
		}
		place(&papers[i].Paper, b.String())
	}
	return nil
}

// tell groups what is not in a paper by its reason.
func tell(all []Obstacle) notIn {
	out := notIn{}
	left := namedAtMost
	for _, why := range reasons {
		g := notInGroup{Reason: why.reason}
		told := map[string]bool{}
		for _, o := range all {
			if o.Kind != why.kind || told[o.called()] { // one answer of a record stands for them
				continue
			}
			told[o.called()] = true
			out.Count++
			if left == 0 {
				out.More++
				continue
			}
			left--
			g.Names = append(g.Names, o.called())
		}
		if len(g.Names) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

// called is what something that is not in a paper is called there: its name and its department.
func (o Obstacle) called() string {
	name := strings.TrimSpace(strings.ReplaceAll(o.name, "\n", ""))
	switch {
	case name == "" && o.Kind == NotIn:
		return o.Department
	case name == "":
		return o.Department + "の調査票"
	case strings.HasSuffix(name, "（"+o.Department+"）"):
		return name
	}
	return name + "（" + o.Department + "）"
}

// place puts the lines of a block under the last table or chart of a document, as notes.
func place(p *brief.Paper, text string) {
	var notes []document.Block
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			notes = append(notes, document.Block{Kind: document.Note, Spans: []document.Span{{Text: line}}})
		}
	}
	at := len(p.Document.Blocks)
	for i, b := range p.Document.Blocks {
		if b.Kind == document.TableOf || b.Kind == document.ChartOf {
			at = i + 1
		}
	}
	p.Insert(at, notes)
}
