package meetings

import (
	"context"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// side is a meeting's papers as a run and templates make them.
type side struct {
	papers.Rendered
	env     project.Env
	meeting brief.Meeting
	db      *warehouse.Reader
}

// Close closes the run.
func (s side) Close() { s.db.Close() }

// AsHandedOut is the project with the templates of an edition, and its meeting as it was then.
func AsHandedOut(env project.Env, e council.Edition) (project.Env, brief.Meeting, error) {
	env.Project = e.Templates(env.Project)
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return env, brief.Meeting{}, err
	}
	m, err := brief.Choose(meetings, e.Meeting, env.AsOf)
	return env, m, err
}

// openEdition makes the papers of an edition from its run with its templates.
func openEdition(ctx context.Context, env project.Env, e council.Edition) (side, error) {
	env, m, err := AsHandedOut(env, e)
	if err != nil {
		return side{}, err
	}
	db, err := runs.OpenRun(ctx, env.Outputs, e.Run, runs.ByContents)
	if err != nil {
		return side{}, err
	}
	return newSide(ctx, env, m, db)
}

// sideOf makes a meeting's papers from a run; the side closes it.
func newSide(ctx context.Context, env project.Env, m brief.Meeting, db *warehouse.Reader) (side, error) {
	r, err := papers.Render(ctx, env, db, m, papers.Options{})
	if err != nil {
		db.Close()
		return side{}, err
	}
	return side{r, env, m, db}, nil
}
