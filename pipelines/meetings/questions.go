package meetings

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"strconv"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// WriteQuestions writes the 想定問答 of a meeting.
func WriteQuestions(ctx context.Context, env project.Env, m brief.Meeting) (string, error) {
	db, err := runs.Open(ctx, env.Outputs, runs.ByState)
	if err != nil {
		return "", err
	}
	defer db.Close()
	editions, err := council.Editions(env.FinalOf(m.ID))
	if err != nil {
		return "", err
	}
	if n := len(editions); n > 0 { // the figures that stand on the paper, whatever the data say now
		side, err := openEdition(ctx, env, editions[n-1])
		if err != nil {
			return "", err
		}
		defer side.Close()
		env, m, db = side.env, side.meeting, side.db
	}
	papers, err := brief.RenderAll(ctx, env.Project, m, db)
	if err != nil {
		return "", err
	}
	var earlier [2]map[string]brief.Paper
	for k := range earlier {
		earlier[k] = map[string]brief.Paper{}
		for _, p := range papers {
			year, err := strconv.Atoi(fmt.Sprint(p.Parameters["year"]))
			if p.Item.Brief == "" || err != nil {
				continue
			}
			it := p.Item
			it.Parameters = maps.Clone(it.Parameters)
			it.Parameters["year"] = year - k - 1
			// a year of which there is nothing has no paper
			if old, err := brief.Render(ctx, env.Project, m, it, db); err == nil {
				earlier[k][it.Key()] = old
			} else if ctx.Err() != nil {
				return "", fmt.Errorf("making the papers of earlier years: %w", ctx.Err())
			}
		}
	}
	data, err := council.Questions(ctx, db, m, papers, earlier)
	if err != nil {
		return "", err
	}
	path := filepath.Join(env.Outputs, "briefs", m.ID, "想定問答.xlsx")
	return path, atomicfile.Write(path, data)
}
