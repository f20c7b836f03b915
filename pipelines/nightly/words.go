package nightly

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/wording"
)

// WordRemark is a place in a paper or in a department's answer that somebody should look at: a word that the city does not
// use, a bracket without a partner, a figure in prose that no query gave.
type WordRemark struct {
	Item       string `json:"item,omitempty"`       // number and title of the paper, "" for an answer
	Department string `json:"department,omitempty"` // whose answer it is
	Path       string `json:"path,omitempty"`
	Place      string `json:"place"` // in the paper, or sheet › cell
	Kind       string `json:"kind"`
	Message    string `json:"message"`
}

// unfounded is the kind of figures that nothing gave.
const unfounded = "根拠未確認"

// Words compares a meeting's papers, and what the departments of its municipality have written, with the city's list.
func Words(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting) ([]WordRemark, error) {
	list, err := words(ctx, env, db, m)
	if err != nil {
		return nil, err
	}
	papers, err := brief.RenderAll(ctx, env.Project, m, db)
	if err != nil {
		return nil, err
	}
	out := paperWords(list, papers)
	answers, err := answerWords(ctx, env, db, m, list)
	return append(out, answers...), err
}

// openPoints are what is open about a meeting's papers as a draft lists it: words, figures that nobody gave, figures that their
// departments have not confirmed.
func openPoints(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper) ([][4]string, error) {
	list, err := words(ctx, env, db, m)
	if err != nil {
		return nil, err
	}
	var out [][4]string
	for _, r := range paperWords(list, papers) {
		kind := "用語"
		if r.Kind == unfounded {
			kind = "根拠"
		}
		out = append(out, [4]string{kind, "", r.Item + " › " + r.Place, r.Message})
	}
	sheets, err := council.Confirmations(ctx, db, m, papers)
	if err != nil {
		return nil, err
	}
	open, err := council.Unanswered(ctx, db, m, sheets, 1)
	if err != nil {
		return nil, err
	}
	for _, o := range open {
		if o.Waiver == nil {
			out = append(out, [4]string{"確認", o.Department, o.Where, o.What})
		}
	}
	return out, nil
}

// words is the city's list, with the former names of its departments.
func words(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting) (wording.List, error) {
	list, err := wording.Load(env.Project)
	if err != nil {
		return nil, err
	}
	r, err := db.Query(ctx, "SELECT department, former_names FROM meta.departments WHERE municipality = $municipality", warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return nil, fmt.Errorf("reading departments: %w", err)
	}
	present, now := map[string]string{}, map[string]bool{}
	for _, row := range r.Rows {
		now[text(row[0])] = true
		for _, old := range record.FormerNames(text(row[1])) {
			present[old] = text(row[0])
		}
	}
	for old := range present {
		if now[old] { // a department has the name again
			delete(present, old)
		}
	}
	return list.Names(present), nil
}

// paperWords looks through papers.
func paperWords(list wording.List, papers []brief.ItemPaper) []WordRemark {
	var out []WordRemark
	for _, p := range papers {
		item := p.Item.Number + " " + p.Item.Title
		for _, t := range p.Document.Texts() {
			for _, r := range list.Check(t.Text) {
				out = append(out, WordRemark{Item: item, Place: t.Place, Kind: r.Kind, Message: r.Message()})
			}
		}
		for _, u := range p.Ungiven {
			out = append(out, WordRemark{Item: item, Place: u.Address, Kind: unfounded,
				Message: "「" + u.Around + "」の「" + u.Text + "」は、問合せから出た数値ではありません。根拠を確かめるか、問合せの値にしてください。"})
		}
	}
	return out
}

// onlyNumber is a cell that holds the number of an entry: how wide it is written, nobody reads.
var onlyNumber = regexp.MustCompile(`^[\s\d０-９.．\-－()（）]*$`)

// answerWords looks through the texts that departments have written.
func answerWords(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting, list wording.List) ([]WordRemark, error) {
	forms, err := form.Load(env.Project, "templates/forms")
	if err != nil {
		return nil, fmt.Errorf("reading forms: %w", err)
	}
	prose := map[string]bool{}
	for _, f := range forms {
		for _, rule := range f.Fields {
			if !rule.Preamble && (rule.Type == "text" || rule.Type == "name") {
				prose[f.ID+"/"+rule.Name] = true
			}
		}
	}
	r, err := db.Query(ctx, `SELECT DISTINCT w.department, w.path, f.sheet, f.cell, f.text, r.form || '/' || f.name
		FROM raw.fields AS f JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)
		WHERE w.municipality = $municipality ORDER BY ALL`, warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return nil, fmt.Errorf("reading answers: %w", err)
	}
	var out []WordRemark
	seen := map[string]bool{}
	for _, row := range r.Rows {
		at := strings.Join([]string{text(row[1]), text(row[2]), text(row[3])}, " › ")
		if !prose[text(row[5])] || seen[at] || onlyNumber.MatchString(text(row[4])) {
			continue
		}
		seen[at] = true
		for _, remark := range list.Check(text(row[4])) {
			out = append(out, WordRemark{Department: text(row[0]), Path: text(row[1]), Place: text(row[2]) + " › " + text(row[3]), Kind: remark.Kind, Message: remark.Message()})
		}
	}
	return out, nil
}
