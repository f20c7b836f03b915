package meetings

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/typeset"
)

// Errata is what has changed since a meeting's papers were handed out.
type Errata struct {
	Of     council.Edition // that is corrected
	List   []council.Erratum
	Pages  []council.Pages
	Files  []string         // the 正誤表 and the replacement pages
	Stored *council.Edition // the new edition, nil where only a look was asked for
}

// ErrataOptions say how the errata of a meeting are made.
type ErrataOptions struct {
	Final       bool      // store the correction as the next edition
	Distributed time.Time // the day on which it is handed out
	Templates   bool      // take the templates as they are now: corrections of their words too
}

const (
	errataFile  = "正誤表.pdf"
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
	now, err := openNow(ctx, env, out.Of, m, o.Templates)
	if err != nil {
		return out, err
	}
	defer now.Close()
	day := fiscal.WarekiDate(o.Distributed)
	files, found, err := replacement(ctx, old, now, day)
	if err != nil {
		return out, err
	}
	out.List, out.Pages = found.List, found.Pages
	if len(out.List) == 0 && len(out.Pages) == 0 {
		return out, nil
	}
	if o.Final {
		e := council.Edition{Number: out.Of.Number + 1, Distributed: o.Distributed.Format(time.DateOnly)}
		for _, p := range out.Pages {
			e.Replaced = append(e.Replaced, p.String())
		}
		e, err = store(ctx, now.env, now.db, now.meeting, decisions, e, files)
		if err != nil {
			return out, err
		}
		out.Stored = &e
		for _, name := range []string{errataFile, replaceFile} {
			if _, ok := files[name]; ok {
				out.Files = append(out.Files, filepath.Join(e.Dir, name))
			}
		}
		return out, nil
	}
	out.Files, err = writeErrata(filepath.Join(env.Outputs, "errata", m.ID), files)
	return out, err
}

// writeErrata writes the 正誤表 and the replacement pages that belong to it. Those of before go first: pages of one time
// must not lie beside a list of another, whatever happens in between.
func writeErrata(dir string, files map[string][]byte) ([]string, error) {
	var out []string
	for _, name := range []string{replaceFile, errataFile} {
		if err := atomicfile.Remove(filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("前の %s を消せません。権限を確かめてください: %w", filepath.Join(dir, name), err)
		}
	}
	for _, name := range []string{errataFile, replaceFile} {
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
// wanted.
func openNow(ctx context.Context, env project.Env, e council.Edition, m brief.Meeting, today bool) (side, error) {
	if !today {
		var err error
		if env, m, err = AsHandedOut(env, e); err != nil {
			return side{}, err
		}
	}
	db, err := runs.Open(ctx, env.Outputs, runs.ByContents)
	if err != nil {
		return side{}, err
	}
	return newSide(ctx, env, m, db)
}

// replacement finds what differs between two sides, and makes the 正誤表 and the pages that are handed out in place of
// others.
func replacement(ctx context.Context, old, now side, day string) (map[string][]byte, Errata, error) {
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
	title := "正誤表"
	made, err := typeset.Typeset(
		now.Fonts, title, now.meeting.Date, typeset.Options{}, council.ErrataDocument(now.meeting, out.List, out.Pages, day),
	)
	if err != nil {
		return nil, out, fmt.Errorf("正誤表を作れません: %w", err)
	}
	files[errataFile] = made.PDF
	docs, numbers := council.ToPrint(out.Pages)
	if len(docs) == 0 {
		return files, out, nil
	}
	mark := typeset.Options{
		Mark: "（差替え）" + day, Only: func(doc, page int) bool { return slices.Contains(numbers[doc], page) },
	}
	if made, err = typeset.Typeset(now.Fonts, "差替え頁", now.meeting.Date, mark, docs...); err != nil {
		return nil, out, fmt.Errorf("差替え頁を作れません: %w", err)
	}
	files[replaceFile] = made.PDF
	return files, out, nil
}

func (s side) asSide() council.Side { return council.Side{Papers: s.Items, Laid: s.Laid} }
