package wording

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Found is a place in a paper or in a department's answer that somebody should look at: a word that the city does not
// use, a bracket without a partner, a figure in prose that no query gave.
type Found struct {
	Item       string `json:"item,omitempty"`       // number and title of the paper, "" for an answer
	Key        string `json:"-"`                    // of the paper's item
	Department string `json:"department,omitempty"` // whose answer it is
	Path       string `json:"path,omitempty"`
	Place      string `json:"place"` // in the paper, or sheet › cell
	Kind       string `json:"kind"`
	Message    string `json:"message"`
}

// Unfounded is the kind of figures that nothing gave.
const Unfounded = "根拠未確認"

// Texts compares a meeting's papers, and what the departments of its municipality have written, with the city's list.
func Texts(ctx context.Context, project fs.FS, db *warehouse.Reader, m brief.Meeting) ([]Found, error) {
	papers, err := brief.RenderAll(ctx, project, m, db)
	if err != nil {
		return nil, err
	}
	list, err := ofCity(ctx, project, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	answers, err := answers(ctx, project, db, m.Municipality, list)
	return slices.Concat(inPapers(list, papers), unchecked(papers), answers), err
}

// unchecked are the PDFs of departments among papers: nobody has looked through their words.
func unchecked(papers []brief.ItemPaper) []Found {
	var out []Found
	for _, r := range brief.Remarks(papers) {
		if r.Kind == brief.Unchecked {
			out = append(out, Found{
				Item: r.Item.Number + " " + r.Item.Title, Key: r.Item.Key(), Place: r.Place, Kind: r.Kind, Message: r.What + "。",
			})
		}
	}
	return out
}

// Papers compares papers with the city's list.
func Papers(
	ctx context.Context, project fs.FS, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper,
) ([]Found, error) {
	list, err := ofCity(ctx, project, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	return inPapers(list, papers), nil
}

// ofCity is the city's list, with the former names of its departments.
func ofCity(ctx context.Context, project fs.FS, db *warehouse.Reader, municipality string) (List, error) {
	list, err := Load(project)
	if err != nil {
		return nil, err
	}
	r, err := db.Query(
		ctx, "SELECT department, former_names FROM meta.departments WHERE municipality = $municipality",
		warehouse.Named("municipality", municipality),
	)
	if err != nil {
		return nil, fmt.Errorf("reading departments: %w", err)
	}
	present, now := map[string]string{}, map[string]bool{}
	for _, row := range r.Rows {
		now[warehouse.Text(row[0])] = true
		for _, old := range record.FormerNames(warehouse.Text(row[1])) {
			present[old] = warehouse.Text(row[0])
		}
	}
	for old := range present {
		if now[old] { // a department has the name again
			delete(present, old)
		}
	}
	return list.Names(present), nil
}

// inPapers looks through papers.
func inPapers(list List, papers []brief.ItemPaper) []Found {
	var out []Found
	for _, p := range papers {
		item := p.Item.Number + " " + p.Item.Title
		for _, t := range p.Document.Texts() {
			for _, r := range list.Check(t.Text) {
				out = append(out, Found{Item: item, Key: p.Item.Key(), Place: t.Place, Kind: r.Kind, Message: r.Message()})
			}
		}
		for _, u := range p.Ungiven {
			out = append(out, Found{Item: item, Key: p.Item.Key(), Place: u.Address, Kind: Unfounded,
				Message: "「" + u.Around + "」の「" + u.Text + "」は、問合せから出た数値ではありません。根拠を確かめるか、問合せの値にしてください。"})
		}
	}
	return out
}

// onlyNumber is a cell that holds the number of an entry: how wide it is written, nobody reads.
var onlyNumber = regexp.MustCompile(`^[\s\d０-９.．\-－()（）]*$`)

// answers looks through the texts that departments have written.
func answers(
	ctx context.Context, project fs.FS, db *warehouse.Reader, municipality string, list List,
) ([]Found, error) {
	forms, err := form.Load(project, "templates/forms")
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
		WHERE w.municipality = $municipality ORDER BY ALL`, warehouse.Named("municipality", municipality))
	if err != nil {
		return nil, fmt.Errorf("reading answers: %w", err)
	}
	var out []Found
	seen := map[string]bool{}
	for _, row := range r.Rows {
		at := strings.Join([]string{warehouse.Text(row[1]), warehouse.Text(row[2]), warehouse.Text(row[3])}, " › ")
		if !prose[warehouse.Text(row[5])] || seen[at] || onlyNumber.MatchString(warehouse.Text(row[4])) {
			continue
		}
		seen[at] = true
		for _, remark := range list.Check(warehouse.Text(row[4])) {
			out = append(out, Found{
				Department: warehouse.Text(row[0]), Path: warehouse.Text(row[1]),
				Place: warehouse.Text(row[2]) + " › " + warehouse.Text(row[3]), Kind: remark.Kind, Message: remark.Message(),
			})
		}
	}
	return out, nil
}
