// Package meetings is the work around a meeting: departments confirm its figures, its papers become final, what changes
// after that is told as errata, and they are compared and explained.
package meetings

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// RefusedError says why papers cannot be final.
type RefusedError struct {
	Meeting      string
	Municipality string
	Obstacles    []council.Obstacle // those that nobody has waived
	Unused       []record.Decision  // waivers that name none of them
	Idle         []record.Decision  // lines that were meant as waivers, and are none

	Waivers string // the list of the lines that would waive the obstacles, "" where none can be
	Lines   int    // in it
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("会議 %s の資料は確定できません（妨げるもの%d件）", e.Meeting, len(e.Obstacles))
}

// why notes which lines of 判断.csv do not do what somebody meant them to.
func (e *RefusedError) why(c council.City, decisions []record.Decision, all []council.Obstacle) {
	e.Unused = c.Unused(all)
	for _, d := range decisions {
		if d.Municipality == e.Municipality && strings.Contains(d.Decision, "除") && (!d.Waives() || d.Lacks() != "") {
			e.Idle = append(e.Idle, d)
		}
	}
}

// propose writes beside the papers the lines of 判断.csv that would waive what is in the way, for a person to complete.
func (e *RefusedError) propose(env project.Env, m brief.Meeting) error {
	data, n, err := council.WaiverLines(e.Obstacles)
	if err != nil || n == 0 {
		return errors.Join(err, dropWaivers(env, m))
	}
	file := filepath.Join(papers.Folder(env, m), council.WaiverFile)
	if err := atomicfile.Write(file, data); err != nil {
		return fmt.Errorf("除いて確定する場合の判断.csv を書けません: %w", err)
	}
	e.Waivers, e.Lines = file, n
	return nil
}

// dropWaivers removes the list of an earlier time.
func dropWaivers(env project.Env, m brief.Meeting) error {
	err := os.Remove(filepath.Join(papers.Folder(env, m), council.WaiverFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing what is settled: %w", err)
	}
	return nil
}

// AlreadyFinalError says that papers are final: they are not made again.
type AlreadyFinalError struct{ Edition council.Edition }

func (e *AlreadyFinalError) Error() string {
	return fmt.Sprintf("会議 %s の資料は、%sとして確定しています（配布日 %s、%s）。書き換えません。直すときは kyogikai errata %s を使ってください",
		e.Edition.Meeting, e.Edition.Name(), e.Edition.DistributedOn(), e.Edition.Dir, e.Edition.Meeting)
}

// Obstacles are what keeps a meeting's papers from being final, those that are waived too.
func Obstacles(ctx context.Context, env project.Env, m brief.Meeting) ([]council.Obstacle, error) {
	db, err := runs.Open(ctx, env.Outputs, runs.ByContents)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	r, err := papers.Render(ctx, env, db, m, papers.Options{})
	if err != nil {
		return nil, err
	}
	return obstacles(ctx, db, m, r, 1)
}

// obstacles are those of rendered papers, as an edition of that number.
func obstacles(
	ctx context.Context, db *warehouse.Reader, m brief.Meeting, r papers.Rendered, edition int,
) ([]council.Obstacle, error) {
	sheets, err := r.City.Confirmations(ctx, db, m, r.Items)
	if err != nil {
		return nil, err
	}
	anew, err := r.City.ReadAnew(ctx, db, m, r.Items)
	if err != nil {
		return nil, err
	}
	return slices.Concat(
		anew, r.Gaps, r.City.Unanswered(m, sheets, edition), r.City.Untraced(r.Items), r.City.Unprintable(r.Items, r.Missing),
	), nil
}

// Decisions asks for the lines of 判断.csv: only a refusal does.
type Decisions func() ([]record.Decision, error)

// Finalize makes a meeting's papers final: as 第1版, from the published run, on the day that they are handed out. It
// returns a
// *RefusedError where something stands in the way, and an *AlreadyFinalError where they are final. decisions are the
// lines of
// 判断.csv: a refusal names those that do not do what somebody meant them to.
func Finalize(
	ctx context.Context, env project.Env, m brief.Meeting, decisions Decisions, distributed time.Time,
) (council.Edition, error) {
	release, err := papers.Lock(ctx, env.FinalOf(m.ID))
	if err != nil {
		return council.Edition{}, err
	}
	defer release()
	council.RemoveHalf(env.FinalOf(m.ID))
	editions, err := council.Editions(env.FinalOf(m.ID))
	if err != nil {
		return council.Edition{}, err
	}
	if n := len(editions); n > 0 {
		return council.Edition{}, errors.Join(&AlreadyFinalError{editions[n-1]}, sealLedgers(env, m, editions))
	}
	if m.Municipality == "" {
		return council.Edition{}, fmt.Errorf(
			"会議 %s の設定に municipality がないので、確定できません。templates/meetings/%s.yaml に書いてください", m.ID, m.File,
		)
	}
	if left, err := filepath.Glob(filepath.Join(
		env.LedgerDir(m.Municipality), m.ID+"_第*版*",
	)); err != nil || len(left) > 0 {
		return council.Edition{}, fmt.Errorf("会議 %s は、台帳（%s）では確定していますが、確定した資料が %s にありません。控え（バックアップ）から戻してください。作り直しません",
			m.ID, strings.Join(left, "、"), env.FinalOf(m.ID))
	}
	db, err := runs.Open(ctx, env.Outputs, runs.ByContents)
	if err != nil {
		return council.Edition{}, err
	}
	defer db.Close()
	e := council.Edition{Number: 1, Distributed: distributed.Format(time.DateOnly)}
	return store(ctx, env, db, m, decisions, e, nil)
}

// store makes an edition from what a run holds and writes it; more are files that only this edition has.
func store(
	ctx context.Context, env project.Env, db *warehouse.Reader, m brief.Meeting, decisions Decisions,
	e council.Edition, more map[string][]byte,
) (council.Edition, error) {
	r, err := papers.Render(ctx, env, db, m, papers.Options{})
	if err != nil {
		return e, err
	}
	all, err := obstacles(ctx, db, m, r, e.Number)
	if err != nil {
		return e, err
	}
	refused := &RefusedError{Meeting: m.ID, Municipality: m.Municipality}
	for _, o := range all {
		if o.Waiver == nil {
			refused.Obstacles = append(refused.Obstacles, o)
			continue
		}
		e.Waived = append(e.Waived, o)
	}
	if len(refused.Obstacles) > 0 {
		lines, err := decisions()
		refused.why(r.City, lines, all)
		return e, errors.Join(err, refused.propose(env, m), refused)
	}
	for _, remark := range r.Remarks {
		e.Remarks = append(e.Remarks, remark.String())
	}
	e.Municipality = m.Municipality
	e.Meeting, e.Run, e.Program, e.Fixed = m.ID, db.Run, env.Version, env.Clock().UTC()
	if e.Fonts, err = council.Fonts(env.Project); err != nil {
		return e, err
	}
	files, err := council.KeepTemplates(env.Project, m.File, m.PDFs())
	if err != nil {
		return e, err
	}
	for name, data := range more {
		files[name] = data
	}
	made, err := paperFiles(m, e.Number, r)
	if err != nil {
		return e, err
	}
	for name, data := range made {
		files[name] = data
	}
	if e, err = council.Store(env.FinalOf(m.ID), e, files); err != nil {
		return e, err
	}
	return e, errors.Join(sealLedgers(env, m, []council.Edition{e}), dropWaivers(env, m))
}

// paperFiles are the files of an edition that follow from what its run holds: the papers, their figures, the ledger.
func paperFiles(m brief.Meeting, number int, r papers.Rendered) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, data := range r.Contents() {
		files[name] = data
	}
	var err error
	files[council.LedgerFile], err = ledger.Write(council.LedgerLines(m, number, r.Items))
	return files, err
}

// sealLedgers puts the ledgers of editions, and what says that they are final, into the municipality's inputs, where
// they are not there: a run that was killed after it had made papers final is completed by the next. One that differs
// is left, and told.
func sealLedgers(env project.Env, m brief.Meeting, editions []council.Edition) error {
	for _, e := range editions {
		seal := strings.TrimSuffix(ledger.FileName(m.ID, e.Number), ".csv") + "_" + council.Manifest
		for _, file := range []struct{ source, name string }{ // what seals the ledger comes after it
			{council.LedgerFile, ledger.FileName(m.ID, e.Number)}, {council.Manifest, seal},
		} {
			source, name := file.source, file.name
			data, err := e.Read(source)
			if err != nil {
				return err
			}
			into := filepath.Join(env.LedgerDir(m.Municipality), name)
			there, err := os.ReadFile(into)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				if err := atomicfile.Write(into, data); err != nil {
					return fmt.Errorf("%s の資料は確定しましたが、台帳を書けません。直してから、もう一度実行してください: %w", m.ID, err)
				}
			case err != nil:
				return fmt.Errorf("reading %s: %w", into, err)
			case !bytes.Equal(there, data):
				return fmt.Errorf(
					"台帳 %s が、確定したとき（%s）の内容と違います。書き換えたのでなければ、%s から戻してください", into, e.Name(), filepath.Join(e.Dir, source),
				)
			}
		}
	}
	return nil
}
