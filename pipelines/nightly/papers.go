package nightly

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// Papers is what was made for a meeting.
type Papers struct {
	Files    []string        // the PDFs; beside each stands its list of figures
	Figures  []brief.Figure  // of all items, in the order of the papers
	Untraced []brief.Figure  // those whose query does not tell their cells
	Missing  typeset.Missing // characters that no typeface has
}

// MakePapers renders a meeting's papers from the published warehouse: each item that has a template, and the whole, and
// beside each PDF the list of its figures. Nothing is written where one of them fails.
func MakePapers(ctx context.Context, env Env, m brief.Meeting) (Papers, error) {
	fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
	if err != nil {
		return Papers{}, fmt.Errorf("reading fonts: %w", err)
	}
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		return Papers{}, err //nolint:wrapcheck // told to a person as it is
	}
	defer db.Close() //nolint:errcheck // read only
	set := []document.Document{brief.Agenda(m)}
	files := map[string][]byte{}
	var order []string
	var out Papers
	draw := func(name, title string, figures []brief.Figure, docs ...document.Document) error {
		pdf, absent, err := typeset.Render(fonts, title, m.Date, docs...)
		if err != nil {
			return fmt.Errorf("%s.pdf を組版できません: %w", name, err)
		}
		var list bytes.Buffer
		if err := brief.WriteFigures(&list, figures); err != nil {
			return err //nolint:wrapcheck // says what it was doing
		}
		files[name+".pdf"], files[name+".figures.csv"], out.Missing = pdf, list.Bytes(), absent
		order = append(order, name+".pdf", name+".figures.csv")
		return nil
	}
	papers, err := brief.RenderAll(ctx, env.Project, m, db)
	if err != nil {
		return Papers{}, err //nolint:wrapcheck // says where, what and what to do
	}
	for _, paper := range papers {
		if err := draw(paper.Item.FileName(), paper.Item.Title, paper.Figures, paper.Document); err != nil {
			return Papers{}, err
		}
		if !paper.Item.Unlisted {
			set = append(set, paper.Document)
		}
		out.Figures = append(out.Figures, paper.Figures...)
	}
	if err := draw(m.FileName(), m.Kind, out.Figures, set...); err != nil {
		return Papers{}, err
	}
	dir := filepath.Join(env.Outputs, "briefs", m.ID)
	for _, name := range order {
		path := filepath.Join(dir, name)
		if err := writeFile(path, files[name]); err != nil {
			return out, err
		}
		if strings.HasSuffix(name, ".pdf") {
			out.Files = append(out.Files, path)
		}
	}
	for _, f := range out.Figures {
		if len(f.Sources()) == 0 {
			out.Untraced = append(out.Untraced, f)
		}
	}
	return out, nil
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
			made, err := MakePapers(ctx, env, m)
			run.Papers = append(run.Papers, made.Files...)
			failed = errors.Join(failed, err)
		}
		return failed
	})
}
