package council

import (
	"context"
	"slices"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/warehouse"
)

// ReadAnew are the values behind the figures of papers that are read otherwise than before although their files have
// not changed, and at which nobody has looked. No waiver helps: a line 確認 of 判断.csv says that somebody has looked.
func (c City) ReadAnew(
	ctx context.Context, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper,
) ([]Obstacle, error) {
	changed, err := lineage.ReadRereads(ctx, db)
	if err != nil {
		return nil, err
	}
	all := c.allRests(papers)
	none := !slices.ContainsFunc(all, func(p paperRests) bool { return len(p.rests) > 0 })
	var out []Obstacle
	for _, r := range changed {
		if r.Municipality != m.Municipality || !r.Waits() {
			continue
		}
		o := Obstacle{
			Kind: ReadAnew, Department: c.named(r.Department), Where: Place(r.Place).String(),
			What: r.Item + "：" + flat(r.Old) + " → " + flat(r.New), Target: r.Path, Sheet: r.Sheet, Cell: r.Cell,
			form: r.Form, year: c.files[r.Path].year,
		}
		if !c.reads(r.Form) { // no figure that rested on its form can say so any more
			o.form = ""
		}
		if none || slices.ContainsFunc(all, o.concerns) { // papers may have lost every figure by it
			out = append(out, o)
		}
	}
	return out, nil
}

// reads reports whether a value of a form is left.
func (c City) reads(form string) bool {
	for _, forms := range c.sheets {
		if slices.Contains(forms, form) {
			return true
		}
	}
	return false
}
