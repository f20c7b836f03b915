package nightly

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// Papers renders a meeting's papers from the published warehouse: each item that has a template, and the whole. Nothing
// is written where one of them fails. It returns the files written and the characters that no typeface has.
func Papers(ctx context.Context, env Env, m brief.Meeting) ([]string, typeset.Missing, error) {
	fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
	if err != nil {
		return nil, nil, fmt.Errorf("reading fonts: %w", err)
	}
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		return nil, nil, err //nolint:wrapcheck // told to a person as it is
	}
	defer db.Close() //nolint:errcheck // read only
	set := []document.Document{brief.Agenda(m)}
	files := map[string][]byte{}
	var order []string
	var missing typeset.Missing
	draw := func(name, title string, docs ...document.Document) error {
		pdf, absent, err := typeset.Render(fonts, title, m.Date, docs...)
		if err != nil {
			return fmt.Errorf("%s を組版できません: %w", name, err)
		}
		files[name], missing = pdf, absent
		order = append(order, name)
		return nil
	}
	for _, it := range m.Items {
		if it.Brief == "" {
			continue
		}
		doc, err := brief.Render(ctx, env.Project, m, it, db)
		if err != nil {
			return nil, nil, err //nolint:wrapcheck // says where, what and what to do
		}
		if err := draw(it.FileName()+".pdf", it.Title, doc); err != nil {
			return nil, nil, err
		}
		set = append(set, doc)
	}
	if err := draw(m.FileName()+".pdf", m.Kind, set...); err != nil {
		return nil, nil, err
	}
	dir := filepath.Join(env.Outputs, "briefs", m.ID)
	var written []string
	for _, name := range order {
		path := filepath.Join(dir, name)
		if err := writeFile(path, files[name]); err != nil {
			return written, missing, err
		}
		written = append(written, path)
	}
	return written, missing, nil
}

// Nightly is one night: load, then the papers of coming meetings; without one, no papers. The papers of one meeting do
// not stop those of another.
func Nightly(ctx context.Context, env Env) (*Run, error) {
	release, err := lock(env.Outputs, holder(env, "nightly"))
	if err != nil {
		return nil, err
	}
	defer release()
	run := newRun(env, "nightly")
	err = load(ctx, env, run)
	if err != nil {
		return run, finish(env, run, err)
	}
	if err = comingPapers(ctx, env, run); err != nil {
		err = fmt.Errorf("データは公表しましたが、資料を作れなかったものがあります。その資料は前のままです: %w", err)
	}
	return run, finish(env, run, err)
}

func comingPapers(ctx context.Context, env Env, run *Run) error {
	return run.step(env, "brief", func() error {
		meetings, err := brief.Meetings(env.Project)
		if err != nil {
			return err //nolint:wrapcheck // says where, what and what to do
		}
		var failed error
		for _, m := range brief.Coming(meetings, env.AsOf) {
			files, _, err := Papers(ctx, env, m)
			run.Papers = append(run.Papers, files...)
			failed = errors.Join(failed, err)
		}
		return failed
	})
}
