package papers

import (
	"context"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/wording"
)

// openPoints are what is open about a meeting's papers as a draft lists it: words, figures that nobody gave, figures
// that their departments have not confirmed.
func openPoints(
	ctx context.Context, env project.Env, db *warehouse.Reader, m brief.Meeting, r Rendered,
) ([][4]string, error) {
	words, err := wording.Papers(ctx, env.Project, db, m, r.Items)
	if err != nil {
		return nil, err
	}
	var out [][4]string
	for _, w := range words {
		kind := "用語"
		if w.Kind == wording.Unfounded {
			kind = "根拠"
		}
		out = append(out, [4]string{kind, "", w.Item + " › " + w.Place, w.Message})
	}
	sheets, err := r.City.Confirmations(ctx, db, m, r.Items)
	if err != nil {
		return nil, err
	}
	for _, o := range r.City.Unanswered(m, sheets, 1) {
		if o.Waiver == nil {
			out = append(out, [4]string{"確認", o.Department, o.Where, o.What})
		}
	}
	return out, nil
}
