package nightly

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/webpage"
	"kyogikai/pipelines/whole"
	"kyogikai/pipelines/workbook"
)

// Papers is what was made for a meeting.
type Papers struct {
	Files    []string        // the papers; beside each stands its list of figures
	Figures  []brief.Figure  // of all items, in the order of the papers
	Untraced []brief.Figure  // those whose query does not tell their cells
	Missing  typeset.Missing // characters that no typeface has
	Run      string          // that they were made from
}

// PaperOptions say how papers are made.
type PaperOptions struct {
	Draft  bool   // （案）, with the open findings on the last page
	Format string // pdf, html or xlsx; pdf where it is empty
	Run    string // that they are made from; the published one where it is empty
}

// Formats in which papers are made.
var Formats = []string{"pdf", "html", "xlsx"}

// MakePapers renders a meeting's papers from the published warehouse: each item that has a template, and the whole, and
// beside each the list of its figures. Nothing is written where one of them fails. A nightly run that writes the same
// meeting's papers waits, or is waited for.
func MakePapers(ctx context.Context, env Env, m brief.Meeting, o PaperOptions) (Papers, error) {
	dir := paperDir(env, m)
	release, err := lockPapers(ctx, dir)
	if err != nil {
		return Papers{}, err
	}
	defer release()
	db, err := openRun(ctx, env, o.Run)
	if err != nil {
		return Papers{}, err
	}
	defer db.Close()                     //nolint:errcheck // read only
	key, err := paperKey(env, m, db.Run) // before they are made: a template that is saved meanwhile makes them stale
	if err != nil {
		return Papers{}, err
	}
	r, err := renderPapers(ctx, env, db, m, o)
	if err != nil {
		return Papers{}, err
	}
	out := r.Papers
	out.Run = db.Run
	if out.Files, err = r.set.write(dir); err != nil || o.Draft {
		return out, err
	}
	return out, r.set.note(dir, db.Run, key)
}

// openRun opens what a run has published, the newest where none is named.
func openRun(ctx context.Context, env Env, run string) (*warehouse.Reader, error) {
	if run == "" {
		return warehouse.Open(ctx, env.WarehouseDir()) //nolint:wrapcheck // told to a person as it is
	}
	run, err := PickRun(env, run)
	if err != nil {
		return nil, err
	}
	return warehouse.OpenRun(ctx, env.WarehouseDir(), run) //nolint:wrapcheck // told to a person as it is
}

func paperDir(env Env, m brief.Meeting) string { return filepath.Join(env.Outputs, "briefs", m.ID) }

// rendered is a meeting's papers, made and not written.
type rendered struct {
	Papers
	papers []brief.ItemPaper
	laid   []typeset.Laid // of each paper
	set    *paperSet
}

// renderPapers makes a meeting's papers without writing any.
func renderPapers(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting, o PaperOptions) (rendered, error) {
	var out rendered
	fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
	if err != nil {
		return out, fmt.Errorf("reading fonts: %w", err)
	}
	if out.papers, err = brief.RenderAll(ctx, env.Project, m, db); err != nil {
		return out, err //nolint:wrapcheck // says where, what and what to do
	}
	gaps, err := council.Gaps(ctx, db, m, out.papers)
	if err != nil {
		return out, err //nolint:wrapcheck // says what it was doing
	}
	if err := council.Except(ctx, db, m, out.papers, gaps); err != nil {
		return out, err //nolint:wrapcheck // says what it was doing
	}
	if o.Draft {
		open, err := openPoints(ctx, env, db, m, out.papers)
		if err != nil {
			return out, err
		}
		if err := brief.Draft(ctx, m, db, out.papers, open); err != nil {
			return out, err //nolint:wrapcheck // says what it was doing
		}
	}
	out.set = &paperSet{fonts: fonts, day: m.Date, format: o.Format, draft: o.Draft, files: map[string][]byte{}}
	whole := []brief.ItemPaper{{Paper: brief.Paper{Document: brief.Agenda(m)}}}
	for _, p := range out.papers {
		laid, err := out.set.add(p.Item.FileName(), p.Item.Title, p)
		if err != nil {
			return out, err
		}
		if out.laid = append(out.laid, laid...); !p.Item.Unlisted {
			whole = append(whole, p)
		}
	}
	if _, err := out.set.add(m.FileName(), m.Kind, whole...); err != nil {
		return out, err
	}
	if err := out.addSet(m, whole, o); err != nil {
		return out, err
	}
	out.Missing = out.set.missing
	for _, p := range out.papers {
		out.Figures = append(out.Figures, p.Figures...)
	}
	for _, f := range out.Figures {
		if len(f.Sources()) == 0 {
			out.Untraced = append(out.Untraced, f)
		}
	}
	return out, nil
}

// addSet adds what a meeting with a set has beside its papers: what the public gets, and the list of copies.
func (r *rendered) addSet(m brief.Meeting, whole []brief.ItemPaper, o PaperOptions) error {
	if m.Set == nil || o.Draft || o.Format != "" && o.Format != "pdf" {
		return nil
	}
	public := append([]brief.ItemPaper{{Paper: brief.Paper{Document: brief.PublicAgenda(m)}}}, brief.Public(whole[1:])...)
	if _, err := r.set.add("公開用_"+m.FileName(), m.Kind, public...); err != nil {
		return err
	}
	if len(m.Set.Copies) == 0 {
		return nil
	}
	var laid []typeset.Laid
	var listed []brief.ItemPaper
	for i, p := range r.papers {
		if !p.Item.Unlisted {
			listed, laid = append(listed, p), append(laid, r.laid[i])
		}
	}
	_, err := r.set.add("配布部数表", m.Kind+"　配布部数表", brief.ItemPaper{Paper: brief.Paper{Document: brief.CopyTable(m, listed, laid)}})
	return err
}

// paperSet is the files of a meeting, made before any of them is written.
type paperSet struct {
	fonts   *typeset.Fonts
	day     time.Time
	format  string
	draft   bool
	files   map[string][]byte
	order   []string
	missing typeset.Missing
}

// add makes one file of papers, and beside it the list of their figures. It says where the papers' parts stand.
func (s *paperSet) add(name, title string, papers ...brief.ItemPaper) (laid []typeset.Laid, err error) {
	var docs []document.Document
	var figures []brief.Figure
	for _, p := range papers {
		if p.Document.Existing != nil && s.format == "html" {
			continue // it is a PDF as it is
		}
		docs, figures = append(docs, p.Document), append(figures, p.Figures...)
	}
	var data []byte
	switch s.format {
	case "html":
		if len(docs) == 0 {
			return nil, nil
		}
		data, err = webpage.Write(title, docs...)
	case "xlsx":
		var tables []workbook.Table
		if tables, err = brief.Sheets(papers); err != nil {
			break
		}
		if len(tables) == 0 {
			return nil, nil // an item of words alone has no workbook
		}
		data, err = workbook.WriteTables(tables)
	default:
		s.format = "pdf"
		var made typeset.Set
		made, err = typeset.Typeset(s.fonts, title, s.day, typeset.Options{}, docs...)
		data, laid = made.PDF, made.Laid
		for _, r := range made.Missing {
			if !slices.Contains(s.missing, r) {
				s.missing = append(s.missing, r)
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s.%s を作れません: %w", name, s.format, err)
	}
	var list bytes.Buffer
	if err := brief.WriteFigures(&list, figures); err != nil {
		return nil, err //nolint:wrapcheck // says what it was doing
	}
	if s.draft {
		name += "（案）"
	}
	s.files[name+"."+s.format], s.files[name+".figures.csv"] = data, list.Bytes()
	s.order = append(s.order, name+"."+s.format, name+".figures.csv")
	return laid, nil
}

// write writes the files and returns the papers among them.
func (s *paperSet) write(dir string) ([]string, error) {
	var out []string
	for _, name := range s.order {
		path := filepath.Join(dir, name)
		if err := whole.Write(path, s.files[name]); err != nil {
			return out, err
		}
		if !strings.HasSuffix(name, ".figures.csv") {
			out = append(out, path)
		}
	}
	return out, nil
}
