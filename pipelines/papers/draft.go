package papers

import (
	"context"
	"fmt"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/wording"
)

// openFindings lists what a person has still to look at, with where it is.
const openFindings = `SELECT CASE severity WHEN 'error' THEN '誤り' ELSE '注意' END, coalesce(department, ''),
  concat_ws(' › ', regexp_replace(path, '^inputs/[^/]*/', ''), sheet, cell), message, path, coalesce(sheet, '')
FROM meta.findings WHERE municipality = $municipality AND severity <> 'info' ORDER BY severity, path, sheet, cell, code`

// openPoints are what is open about a meeting's papers as a draft lists it, each once, with the papers that it
// concerns: findings, words, figures that nobody gave, what nobody has checked, figures that their departments have
// not confirmed.
func openPoints(
	ctx context.Context, env project.Env, db *warehouse.Reader, m brief.Meeting, r Rendered,
) ([]brief.Point, error) {
	concerns := r.City.Concerns(r.Items, r.Gaps)
	found, err := db.Query(ctx, openFindings, warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	var out []brief.Point
	for _, row := range found.Rows {
		s := make([]string, len(row))
		for i, v := range row {
			s[i] = warehouse.Text(v)
		}
		out = append(out, brief.Point{
			Kind: s[0], Department: s[1], Place: s[2], What: s[3], Papers: concerns.Of(s[4], s[5], s[1]),
		})
	}
	for _, remark := range r.Remarks {
		out = append(out, brief.Point{
			Kind: remark.Kind, Department: remark.Department, Place: remark.Place, What: remark.What,
			Papers: []string{remark.Item.Key()},
		})
	}
	words, err := wording.Papers(ctx, env.Project, db, m, r.Items)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		kind := "用語"
		if w.Kind == wording.Unfounded {
			kind = "根拠"
		}
		out = append(out, brief.Point{Kind: kind, Place: w.Place, What: w.Message, Papers: []string{w.Key}})
	}
	sheets, err := r.City.Confirmations(ctx, db, m, r.Items)
	if err != nil {
		return nil, err
	}
	for _, o := range r.City.Unanswered(m, sheets, 1) {
		if o.Waiver == nil {
			out = append(out, brief.Point{
				Kind: "確認", Department: o.Department, Place: o.Where, What: o.What, Papers: concerns.Department(o.Department),
			})
		}
	}
	return out, nil
}

// pointsOf are what papers no longer say, as a draft lists it.
func pointsOf(since []council.Difference, items []brief.ItemPaper) []brief.Point {
	var out []brief.Point
	for _, d := range since {
		p := brief.Point{Kind: "前年", Place: d.Where, What: d.Kind + "の" + d.Change + "：" + d.What}
		for _, it := range items {
			if it.Item.Name() == d.Paper {
				p.Papers = []string{it.Item.Key()}
			}
		}
		out = append(out, p)
	}
	return out
}
