package meetings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/typeset"
)

// Errata is what has changed since a meeting's papers were handed out.
type Errata struct {
	Of      council.Edition // that is corrected
	List    []council.Erratum
	Pages   []council.Pages
	Files   []string         // the 正誤表 and the replacement pages
	Removed []string         // those of an earlier look, which no longer hold
	Notes   []string         // what was not compared
	Stored  *council.Edition // the new edition, nil where only a look was asked for
}

// ErrataOptions say how the errata of a meeting are made.
type ErrataOptions struct {
	Final       bool      // store the correction as the next edition
	Distributed time.Time // the day on which it is handed out
	Templates   bool      // take the templates as they are now: corrections of their words too
	Reason      string    // in a sentence, for the members
}

const (
	errataFile  = "正誤表.pdf"      // for the members
	officeFile  = "正誤表_事務局用.pdf" // with the cells
	replaceFile = "差替え頁.pdf"
)

// MakeErrata compares a meeting's final papers with what the published data say now. Nothing final is changed: a
// correction is an edition of its own.
func MakeErrata(
	ctx context.Context, env project.Env, m brief.Meeting, decisions Decisions, o ErrataOptions,
) (Errata, error) {
	release, err := papers.Lock(ctx, env.FinalOf(m.ID))
	if err != nil {
		return Errata{}, err
	}
	defer release()
	council.RemoveHalf(env.FinalOf(m.ID))
	editions, err := council.Editions(env.FinalOf(m.ID))
	if err != nil {
		return Errata{}, err
	}
	if len(editions) == 0 {
		return Errata{}, fmt.Errorf("会議 %s の資料はまだ確定していないので、正誤表は作れません。先に kyogikai final %s で確定してください", m.ID, m.ID)
	}
	out := Errata{Of: editions[len(editions)-1]}
	if damage, err := out.Of.Damage(); err != nil || len(damage) > 0 {
		if err == nil {
			err = fmt.Errorf("確定した資料（%s）が、確定したときと違います（%s）。控えから戻してから、もう一度実行してください", out.Of.Dir, damage[0])
		}
		return out, err
	}
	old, err := openEdition(ctx, env, out.Of)
	if err != nil {
		return out, err
	}
	defer old.Close()
	now, notes, err := openNow(ctx, env, out.Of, m, o.Templates)
	if err != nil {
		return out, err
	}
	defer now.Close()
	out.Notes = notes
	day := fiscal.WarekiDate(o.Distributed)
	files, found, err := replacement(ctx, old, now, day, o.Reason)
	if err != nil {
		return out, err
	}
	out.List, out.Pages = found.List, found.Pages
	looks := filepath.Join(env.Outputs, "errata", m.ID)
	if len(out.List) == 0 && len(out.Pages) == 0 {
		out.Removed, err = removeErrata(looks)
		return out, err
	}
	if o.Final {
		e := council.Edition{
			Number: out.Of.Number + 1, Distributed: o.Distributed.Format(time.DateOnly), Reason: o.Reason,
		}
		for _, p := range out.Pages {
			e.Replaced = append(e.Replaced, p.String())
		}
		e, err = store(ctx, now.env, now.db, now.meeting, decisions, e, files)
		if err != nil {
			return out, err
		}
		out.Stored = &e
		for _, name := range errataFiles {
			if _, ok := files[name]; ok {
				out.Files = append(out.Files, filepath.Join(e.Dir, name))
			}
		}
		out.Removed, err = removeErrata(looks) // the edition holds them now
		return out, err
	}
	out.Files, err = writeErrata(looks, files)
	return out, err
}

// errataFiles are all that a correction may have, the list of the members first.
var errataFiles = []string{errataFile, officeFile, replaceFile}

// removeErrata removes what an earlier look has left, and says what that was. Editions are elsewhere, and stay.
func removeErrata(dir string) ([]string, error) {
	var out []string
	for i := len(errataFiles) - 1; i >= 0; i-- { // the pages before the list that names them
		path := filepath.Join(dir, errataFiles[i])
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := atomicfile.Remove(path); err != nil {
			return out, fmt.Errorf("前の %s を消せません。権限を確かめてください: %w", path, err)
		}
		out = append(out, path)
	}
	return out, nil
}

// writeErrata writes the 正誤表 and the replacement pages that belong to it. Those of before go first: pages of one time
// must not lie beside a list of another, whatever happens in between.
func writeErrata(dir string, files map[string][]byte) ([]string, error) {
	var out []string
	if _, err := removeErrata(dir); err != nil {
		return nil, err
	}
	for _, name := range errataFiles {
		data, ok := files[name]
		if !ok {
			continue
		}
		if err := atomicfile.Write(filepath.Join(dir, name), data); err != nil {
			return out, err
		}
		out = append(out, filepath.Join(dir, name))
	}
	return out, nil
}

// openNow makes an edition's papers from what is published now, with the edition's templates unless those of today are
// wanted. The departments' own PDFs are data, and those of today in either case; notes tell of which that cannot be.
func openNow(
	ctx context.Context, env project.Env, e council.Edition, m brief.Meeting, today bool,
) (now side, notes []string, err error) {
	if !today {
		project, present := env.Project, m
		if env, m, err = AsHandedOut(env, e); err != nil {
			return side{}, nil, err
		}
		if env.Project, notes, err = withPDFs(env.Project, project, m, present); err != nil {
			return side{}, nil, err
		}
	}
	db, err := runs.Open(ctx, env.Outputs, runs.ByContents)
	if err != nil {
		return side{}, nil, err
	}
	now, err = newSide(ctx, env, m, db)
	return now, notes, err
}

// replacement finds what differs between two sides, and makes the 正誤表 and the pages that are handed out in place of
// others.
func replacement(
	ctx context.Context, old, now side, day, reason string,
) (map[string][]byte, Errata, error) {
	was, is := old.asSide(), now.asSide()
	changes, err := lineage.Diff(ctx, old.db, now.db, old.Figures, now.Figures)
	if err != nil {
		return nil, Errata{}, err
	}
	out := Errata{List: council.Errata(was, is, changes), Pages: council.Replaced(was, is)}
	for _, p := range out.Pages { // nothing is replaced without a line that says so: a drawing, a PDF of a department
		name := council.PaperName(p.Paper.Item)
		if !slices.ContainsFunc(out.List, func(e council.Erratum) bool { return e.Paper == name }) {
			out.List = append(out.List, council.Erratum{
				Paper: name, Title: p.Paper.Item.Title, Place: "頁の全体", Wrong: "配った頁", Right: "差替え頁のとおり",
			})
		}
	}
	if len(out.List) == 0 && len(out.Pages) == 0 {
		return nil, out, nil
	}
	files := map[string][]byte{}
	notice := council.Notice{List: out.List, Pages: out.Pages, Day: day, Reason: reason}
	for name, d := range map[string]document.Document{
		errataFile: notice.ForMembers(now.meeting), officeFile: notice.ForOffice(now.meeting),
	} {
		made, err := typeset.Typeset(now.Fonts, d.Title, now.meeting.Date, typeset.Options{}, d)
		if err != nil {
			return nil, out, fmt.Errorf("%sを作れません: %w", d.Title, err)
		}
		files[name] = made.PDF
	}
	docs, numbers := council.ToPrint(out.Pages)
	if len(docs) == 0 {
		return files, out, nil
	}
	mark := typeset.Options{
		Mark: "（差替え）" + day, Only: func(doc, page int) bool { return slices.Contains(numbers[doc], page) },
	}
	made, err := typeset.Typeset(now.Fonts, "差替え頁", now.meeting.Date, mark, docs...)
	if err != nil {
		return nil, out, fmt.Errorf("差替え頁を作れません: %w", err)
	}
	files[replaceFile] = made.PDF
	return files, out, nil
}

func (s side) asSide() council.Side { return council.Side{Papers: s.Items, Laid: s.Laid} }
