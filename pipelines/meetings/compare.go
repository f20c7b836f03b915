package meetings

import (
	"context"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// Against compares a meeting's papers with those of an earlier meeting: as they were handed out where they are final,
// else as the published data give them now, which handed says.
func Against(
	ctx context.Context, env project.Env, m, earlier brief.Meeting,
) (list []council.Difference, handed bool, err error) {
	db, err := runs.Open(ctx, env.Outputs, runs.ByState)
	if err != nil {
		return nil, false, err
	}
	defer db.Close()
	now, err := brief.RenderAll(ctx, env.Project, m, db)
	if err != nil {
		return nil, false, err
	}
	editions, err := council.Editions(env.FinalOf(earlier.ID))
	if err != nil {
		return nil, false, err
	}
	if n := len(editions); n > 0 {
		side, err := openEdition(ctx, env, editions[n-1])
		if err != nil {
			return nil, true, err
		}
		defer side.Close()
		return council.Against(side.Items, now), true, nil
	}
	before, err := brief.RenderAll(ctx, env.Project, earlier, db)
	if err != nil {
		return nil, false, err
	}
	return council.Against(before, now), false, nil
}
