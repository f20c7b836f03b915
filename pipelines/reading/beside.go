package reading

import (
	"fmt"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/warehouse"
)

// Beside is what a load takes that belongs to no workbook: the settings' plans, the forms' symbols, what is wrong with
// the sources, and the lists beside the templates. The forms are those by which the workbooks were read;
// nil read is where others have read them.
func Beside(env project.Env, read *Reader, problems []collect.Problem) (warehouse.Batch, []warehouse.List, error) {
	var forms []form.Form
	if read != nil {
		forms = read.forms.common
	} else {
		var err error
		if forms, err = form.Load(env.Project, "templates/forms"); err != nil {
			return warehouse.Batch{}, nil, fmt.Errorf("reading forms: %w", err)
		}
	}
	lists, err := lists(env.Project)
	return warehouse.Batch{
		Plans: env.Settings.PlanRows(), Ranks: env.Settings.RankRows(), Signs: env.Settings.NegativeSigns,
		Symbols:  symbols(forms),
		Asked:    form.Questions(forms),
		Findings: SourceFindings(problems),
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

// MasterHashes are the sums of a tree's masters by their paths.
func MasterHashes(tree collect.Tree) map[string]string {
	out := map[string]string{}
	for _, masters := range tree.Masters {
		for _, name := range collect.MasterNames() {
			if f, there := masters[name]; there {
				out[f.Path] = f.SHA256
			}
		}
	}
	return out
}
