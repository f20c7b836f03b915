// Package papers makes a meeting's papers: rendered from what a run has published, in every format, each with the list
// of its figures, written all or none.
package papers

import (
	"context"
	"fmt"
	"path/filepath"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// Made is what was made for a meeting.
type Made struct {
	Files    []string        // the papers; beside each stands its list of figures
	Figures  []brief.Figure  // of all items, in the order of the papers
	Untraced []brief.Figure  // those whose query does not tell their cells
	Remarks  []brief.Remark  // what a person should know about the papers, and what nobody has checked
	Missing  typeset.Missing // characters that no typeface has
	Unknown  []string        // what is to be said of departments that 組織.csv does not know
	Run      string          // that they were made from
}

// Options say how papers are made.
type Options struct {
	Draft  bool   // （案）, with what is open on the last page
	Format string // the name of a format; the official one where it is empty
	// LastYear compares the papers of a draft with those of the year before; nil compares nothing
	LastYear func(ctx context.Context, db *warehouse.Reader, items []brief.ItemPaper) ([]council.Difference, error)
	Run      string // that they are made from, or a word that names one; the published one where it is empty
}

// Make renders a meeting's papers: each item that has a template, and the whole, and beside each the list of its
// figures. Nothing is written where one of them fails. A nightly run that writes the same meeting's papers waits, or
// is waited for.
func Make(ctx context.Context, env project.Env, m brief.Meeting, o Options) (Made, error) {
	dir := Folder(env, m)
	release, err := Lock(ctx, dir)
	if err != nil {
		return Made{}, err
	}
	defer release()
	db, err := openRun(ctx, env, o.Run)
	if err != nil {
		return Made{}, err
	}
	defer db.Close()
	key, err := paperKey(env, m, db.Run) // before they are made: a template that is saved meanwhile makes them stale
	if err != nil {
		return Made{}, err
	}
	r, err := Render(ctx, env, db, m, o)
	if err != nil {
		return Made{}, err
	}
	out := r.Made
	out.Run = db.Run
	if out.Files, err = r.set.write(dir); err != nil {
		return out, err
	}
	if err := noteAddresses(ctx, env, db.Run, out.Figures); err != nil || o.Draft {
		return out, err
	}
	return out, r.set.note(dir, db.Run, key)
}

// openRun opens what a run has published, the newest where none is named.
func openRun(ctx context.Context, env project.Env, word string) (*warehouse.Reader, error) {
	if word == "" {
		return runs.Open(ctx, env.Outputs, runs.ByState)
	}
	zone, err := env.Zone()
	if err != nil {
		return nil, err
	}
	run, err := runs.Pick(env.Outputs, word, env.AsOf, zone)
	if err != nil {
		return nil, err
	}
	return runs.OpenRun(ctx, env.Outputs, run, runs.ByState)
}

// Folder is where a meeting's papers are.
func Folder(env project.Env, m brief.Meeting) string {
	return filepath.Join(env.Outputs, "briefs", m.ID)
}

// Rendered is a meeting's papers, made and not written.
type Rendered struct {
	Made
	Items []brief.ItemPaper
	Laid  []typeset.Laid // of each paper
	City  council.City   // whose papers they are
	Gaps  []council.Obstacle
	Fonts *typeset.Fonts

	set    *set
	points []brief.Point // of a draft
}

// Contents are the files by their names.
func (r Rendered) Contents() map[string][]byte { return r.set.files }

// Render makes a meeting's papers without writing any.
func Render(ctx context.Context, env project.Env, db *warehouse.Reader, m brief.Meeting, o Options) (Rendered, error) {
	var out Rendered
	format, err := formatOf(o.Format)
	if err != nil {
		return out, err
	}
	if out.Fonts, err = typeset.LoadFonts(env.Project, "templates/fonts"); err != nil {
		return out, fmt.Errorf("reading fonts: %w", err)
	}
	if err := out.items(ctx, env, db, m); err != nil {
		return out, err
	}
	if out.Unknown, err = brief.UnknownDepartments(ctx, m, db); err != nil {
		return out, fmt.Errorf("reading departments: %w", err)
	}
	if o.Draft {
		if out.points, err = openPoints(ctx, env, db, m, out); err != nil {
			return out, err
		}
		if o.LastYear != nil {
			since, err := o.LastYear(ctx, db, out.Items)
			if err != nil {
				return out, err
			}
			out.points = append(out.points, pointsOf(since, out.Items)...)
		}
		brief.Draft(out.Items)
	}
	out.set = &set{fonts: out.Fonts, day: m.Date, format: format, draft: o.Draft, files: map[string][]byte{}}
	if err := out.files(m); err != nil {
		return out, err
	}
	out.Missing = out.set.missing
	for _, p := range out.Items {
		out.Figures = append(out.Figures, p.Figures...)
	}
	for _, f := range out.Figures {
		if len(f.Sources()) == 0 {
			out.Untraced = append(out.Untraced, f)
		}
	}
	return out, nil
}

// items makes the papers of the items, and writes into them what was left out by decision.
func (r *Rendered) items(ctx context.Context, env project.Env, db *warehouse.Reader, m brief.Meeting) (err error) {
	if r.Items, err = brief.RenderAll(ctx, env.Project, m, db); err != nil {
		return err
	}
	for _, p := range r.Items {
		if err := Remember(env.Outputs, p.Figures); err != nil {
			return err
		}
	}
	if r.City, err = council.ReadCity(ctx, db, m.Municipality); err != nil {
		return err
	}
	if r.Gaps, err = r.City.Gaps(ctx, db, m, r.Items); err != nil {
		return err
	}
	r.City.Except(r.Items, r.Gaps)
	if err := r.City.NotIn(ctx, env.Project, db, m.Municipality, r.Items, r.Gaps); err != nil {
		return err
	}
	r.Remarks = brief.Remarks(r.Items)
	return nil
}

// files makes the files of every item, of the whole, and of what a meeting with a set has beside them.
func (r *Rendered) files(m brief.Meeting) error {
	whole := []brief.ItemPaper{{Paper: brief.Paper{Document: brief.Agenda(m)}}}
	for _, p := range r.Items {
		laid, err := r.set.add(p.Item.FileName(), p.Item.Title, r.withPoints([]brief.ItemPaper{p}, p.Item.Key())...)
		if err != nil {
			return err
		}
		if r.Laid = append(r.Laid, laid[:min(len(laid), 1)]...); !p.Item.Unlisted {
			whole = append(whole, p)
		}
	}
	whole = r.withPoints(whole, "")
	if _, err := r.set.add(m.FileName(), m.Kind, whole...); err != nil {
		return err
	}
	if m.Set == nil || r.set.draft || !r.set.format.official {
		return nil
	}
	return r.beside(m, whole)
}

// withPoints puts the last page of a draft behind papers: what is open about one item's, or where none is named about
// all.
func (r *Rendered) withPoints(papers []brief.ItemPaper, item string) []brief.ItemPaper {
	if !r.set.draft {
		return papers
	}
	return append(papers, brief.Points(r.Items, r.points, item))
}

// beside adds what a meeting with a set has beside its papers: what the public gets, and the list of copies.
func (r *Rendered) beside(m brief.Meeting, whole []brief.ItemPaper) error {
	agenda := brief.ItemPaper{Paper: brief.Paper{Document: brief.PublicAgenda(m)}}
	public := append([]brief.ItemPaper{agenda}, brief.Public(whole[1:])...)
	if _, err := r.set.add("公開用_"+m.FileName(), m.Kind, public...); err != nil {
		return err
	}
	if len(m.Set.Copies) == 0 {
		return nil
	}
	var laid []typeset.Laid
	var listed []brief.ItemPaper
	for i, p := range r.Items {
		if !p.Item.Unlisted {
			listed, laid = append(listed, p), append(laid, r.Laid[i])
		}
	}
	copies := brief.ItemPaper{Paper: brief.Paper{Document: brief.CopyTable(m, listed, laid)}}
	_, err := r.set.add("配布部数表", m.Kind+"　配布部数表", copies)
	return err
}
