package reading

import (
	"fmt"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// SourceProblems are what the last collection found wrong with the sources.
func SourceProblems(env project.Env) ([]collect.Problem, error) {
	if len(env.Settings.Sources) == 0 {
		return nil, nil
	}
	state, err := collect.LoadState(env.CollectDir())
	if err != nil {
		return nil, err
	}
	return state.Problems(env.Settings.Sources), nil
}

// SourceFindings puts the problems of sources into findings.
func SourceFindings(problems []collect.Problem) []record.Finding {
	var out []record.Finding
	for _, p := range problems {
		if day, err := time.Parse(time.DateOnly, p.What); err == nil {
			p.What = fiscal.WarekiDate(day)
		}
		f := finding.New(p.Code, "", "", p.What, p.Source)
		f.Municipality, f.Department, f.Path = p.Municipality, p.Department, p.Path
		out = append(out, f)
	}
	return out
}

// Beside is what a load takes that belongs to no workbook: the settings' plans, the forms' symbols, what is wrong with
// the sources, and the lists beside the templates.
func Beside(env project.Env, problems []collect.Problem) (warehouse.Batch, []warehouse.List, error) {
	forms, err := form.Load(env.Project, "templates/forms")
	if err != nil {
		return warehouse.Batch{}, nil, fmt.Errorf("reading forms: %w", err)
	}
	lists, err := lists(env.Project)
	return warehouse.Batch{
		Plans: env.Settings.PlanRows(), Symbols: symbols(forms), Findings: SourceFindings(problems),
	}, lists, err
}

// Hashes are the sums of a tree's workbooks by their paths.
func Hashes(tree collect.Tree) map[string]string {
	out := map[string]string{}
	for _, f := range tree.Files {
		out[f.Path] = f.SHA256
	}
	return out
}
