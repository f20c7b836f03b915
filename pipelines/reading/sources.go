package reading

import (
	"context"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// sourcePause is how long a source is given before it is asked again.
const sourcePause = 2 * time.Second

// Problems are what the last collection found wrong, in words.
func Problems(env project.Env) ([]string, error) {
	problems, err := SourceProblems(env)
	var out []string
	for _, f := range SourceFindings(problems) {
		text := f.Message
		if f.Path != "" {
			text = f.Path + ": " + text
		}
		out = append(out, text)
	}
	return out, err
}

// Pull brings what has changed at the sources into the inputs, and reports each source.
func Pull(ctx context.Context, env project.Env) ([]collect.Report, error) {
	for _, note := range env.Settings.Notes {
		env.Log.Warn(note)
	}
	masters, err := Masters(ctx, env)
	if err != nil {
		return nil, err
	}
	j := judge{env: env}
	defer j.close()
	return collect.Pull(ctx, collect.Options{
		Inputs: env.Inputs, StateDir: env.CollectDir(), Sources: env.Settings.Sources,
		Supported: workbook.Supported, Complete: workbook.Complete, Replaces: j.replaces, Bureau: masters.Bureau,
		Getenv: env.Getenv, Clock: env.Clock, Pause: env.PauseOr(sourcePause),
		Progress: func(source string, done, total int) {
			env.Report(project.Progress{Step: "collect", What: source, Count: done, Size: total})
		},
	})
}

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

// removals are the files of the inputs that are gone at their source.
func removals(problems []collect.Problem, zone *time.Location) map[string]record.Removal {
	out := map[string]record.Removal{}
	for _, p := range problems {
		if p.Code == finding.SourceRemoved {
			out[p.Path] = record.Removal{Source: p.Source, At: p.FoundAt().In(zone)}
		}
	}
	return out
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
