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
}

// PaperOptions say how papers are made.
type PaperOptions struct {
	Draft  bool   // （案）, with the open findings on the last page
	Format string // pdf, html or xlsx; pdf where it is empty
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
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		return Papers{}, err //nolint:wrapcheck // told to a person as it is
	}
	defer db.Close()                     //nolint:errcheck // read only
	key, err := paperKey(env, m, db.Run) // before they are made: a template that is saved meanwhile makes them stale
	if err != nil {
		return Papers{}, err
	}
	out, set, err := renderPapers(ctx, env, db, m, o)
	if err != nil {
		return Papers{}, err
	}
	if out.Files, err = set.write(dir); err != nil || o.Draft {
		return out, err
	}
	return out, set.note(dir, db.Run, key)
}

func paperDir(env Env, m brief.Meeting) string { return filepath.Join(env.Outputs, "briefs", m.ID) }

// renderPapers makes a meeting's papers without writing any.
func renderPapers(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting, o PaperOptions) (Papers, *paperSet, error) {
	fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
	if err != nil {
		return Papers{}, nil, fmt.Errorf("reading fonts: %w", err)
	}
	papers, err := brief.RenderAll(ctx, env.Project, m, db)
	if err != nil {
		return Papers{}, nil, err //nolint:wrapcheck // says where, what and what to do
	}
	if o.Draft {
		open, err := openWords(ctx, env, db, m, papers)
		if err != nil {
			return Papers{}, nil, err
		}
		if err := brief.Draft(ctx, m, db, papers, open); err != nil {
			return Papers{}, nil, err //nolint:wrapcheck // says what it was doing
		}
	}
	set := &paperSet{fonts: fonts, day: m.Date, format: o.Format, draft: o.Draft, files: map[string][]byte{}}
	agenda := brief.ItemPaper{Paper: brief.Paper{Document: brief.Agenda(m)}}
	whole := []brief.ItemPaper{agenda}
	for _, p := range papers {
		if err := set.add(p.Item.FileName(), p.Item.Title, p); err != nil {
			return Papers{}, nil, err
		}
		if !p.Item.Unlisted {
			whole = append(whole, p)
		}
	}
	if err := set.add(m.FileName(), m.Kind, whole...); err != nil {
		return Papers{}, nil, err
	}
	out := Papers{Missing: set.missing}
	for _, p := range papers {
		out.Figures = append(out.Figures, p.Figures...)
	}
	for _, f := range out.Figures {
		if len(f.Sources()) == 0 {
			out.Untraced = append(out.Untraced, f)
		}
	}
	return out, set, nil
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

// add makes one file of papers, and beside it the list of their figures.
func (s *paperSet) add(name, title string, papers ...brief.ItemPaper) error {
	var docs []document.Document
	var figures []brief.Figure
	for _, p := range papers {
		docs, figures = append(docs, p.Document), append(figures, p.Figures...)
	}
	var data []byte
	var err error
	switch s.format {
	case "html":
		data = webpage.Write(title, docs...)
	case "xlsx":
		tables := brief.Sheets(papers)
		if len(tables) == 0 {
			return nil // an item of words alone has no workbook
		}
		data, err = workbook.WriteTables(tables)
	default:
		s.format = "pdf"
		var absent typeset.Missing
		data, absent, err = typeset.Render(s.fonts, title, s.day, docs...)
		for _, r := range absent {
			if !slices.Contains(s.missing, r) {
				s.missing = append(s.missing, r)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("%s.%s を作れません: %w", name, s.format, err)
	}
	var list bytes.Buffer
	if err := brief.WriteFigures(&list, figures); err != nil {
		return err //nolint:wrapcheck // says what it was doing
	}
	if s.draft {
		name += "（案）"
	}
	s.files[name+"."+s.format], s.files[name+".figures.csv"] = data, list.Bytes()
	s.order = append(s.order, name+"."+s.format, name+".figures.csv")
	return nil
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
