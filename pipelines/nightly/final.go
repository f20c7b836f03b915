package nightly

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
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// finalDir is where a meeting's final papers are.
func finalDir(env Env, m brief.Meeting) string { return filepath.Join(env.Outputs, "final", m.ID) }

// Editions are the editions of a meeting's final papers, none where they are not final.
func Editions(env Env, m brief.Meeting) ([]council.Edition, error) {
	return council.Editions(finalDir(env, m))
}

// RefusedError says why papers cannot be final.
type RefusedError struct {
	Meeting      string
	Municipality string
	Obstacles    []council.Obstacle // those that nobody has waived
	Unused       []record.Decision  // waivers that name none of them
	Idle         []record.Decision  // lines that were meant as waivers, and are none
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("会議 %s の資料は確定できません（妨げるもの%d件）", e.Meeting, len(e.Obstacles))
}

// why notes which lines of 判断.csv do not do what somebody meant them to.
func (e *RefusedError) why(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting, all []council.Obstacle) (err error) {
	if e.Unused, err = council.Unused(ctx, db, m, all); err != nil {
		return err
	}
	decisions, err := Decisions(env)
	for _, d := range decisions {
		if d.Municipality == m.Municipality && strings.Contains(d.Decision, "除") && (!d.Waives() || d.Lacks() != "") {
			e.Idle = append(e.Idle, d)
		}
	}
	return err
}

// AlreadyFinalError says that papers are final: they are not made again.
type AlreadyFinalError struct{ Edition council.Edition }

func (e *AlreadyFinalError) Error() string {
	return fmt.Sprintf("会議 %s の資料は、%sとして確定しています（配布日 %s、%s）。書き換えません。直すときは kyogikai errata %s を使ってください",
		e.Edition.Meeting, e.Edition.Name(), e.Edition.DistributedOn(), e.Edition.Dir, e.Edition.Meeting)
}

// Obstacles are what keeps a meeting's papers from being final, those that are waived too.
func Obstacles(ctx context.Context, env Env, m brief.Meeting) ([]council.Obstacle, error) {
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // read only
	r, err := renderPapers(ctx, env, db, m, PaperOptions{})
	if err != nil {
		return nil, err
	}
	return obstacles(ctx, db, m, r, 1)
}

func obstacles(ctx context.Context, db *warehouse.Reader, m brief.Meeting, r rendered, edition int) ([]council.Obstacle, error) {
	out, err := council.Gaps(ctx, db, m, r.papers)
	if err != nil {
		return nil, err
	}
	sheets, err := council.Confirmations(ctx, db, m, r.papers)
	if err != nil {
		return nil, err
	}
	open, err := council.Unanswered(ctx, db, m, sheets, edition)
	if err != nil {
		return nil, err
	}
	glyphs, err := council.Unprintable(ctx, db, m, r.papers, r.Missing)
	if err != nil {
		return nil, err
	}
	untraced, err := council.Untraced(ctx, db, m, r.papers)
	if err != nil {
		return nil, err
	}
	return slices.Concat(out, open, untraced, glyphs), nil
}

// Finalize makes a meeting's papers final: as 第1版, from the published run, on the day that they are handed out. It returns a
// *RefusedError where something stands in the way, and an *AlreadyFinalError where they are final.
func Finalize(ctx context.Context, env Env, m brief.Meeting, distributed time.Time) (council.Edition, error) {
	release, err := lockPapers(ctx, finalDir(env, m))
	if err != nil {
		return council.Edition{}, err
	}
	defer release()
	council.RemoveHalf(finalDir(env, m))
	editions, err := Editions(env, m)
	if err != nil {
		return council.Edition{}, err
	}
	if n := len(editions); n > 0 {
		return council.Edition{}, errors.Join(&AlreadyFinalError{editions[n-1]}, sealLedgers(env, m, editions))
	}
	if m.Municipality == "" {
		return council.Edition{}, fmt.Errorf("会議 %s の設定に municipality がないので、確定できません。templates/meetings/%s.yaml に書いてください", m.ID, m.ID)
	}
	if left, err := filepath.Glob(filepath.Join(env.Inputs, m.Municipality, collect.Ledger, m.ID+"_第*版*")); err != nil || len(left) > 0 {
		return council.Edition{}, fmt.Errorf("会議 %s は、台帳（%s）では確定していますが、確定した資料が %s にありません。控え（バックアップ）から戻してください。作り直しません",
			m.ID, strings.Join(left, "、"), finalDir(env, m))
	}
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		return council.Edition{}, err
	}
	defer db.Close() //nolint:errcheck // read only
	e := council.Edition{Number: 1, Distributed: distributed.Format(time.DateOnly)}
	return store(ctx, env, db, m, e, nil)
}

// store makes an edition from what a run holds and writes it; more are files that only this edition has.
func store(ctx context.Context, env Env, db *warehouse.Reader, m brief.Meeting, e council.Edition, more map[string][]byte) (council.Edition, error) {
	r, err := renderPapers(ctx, env, db, m, PaperOptions{})
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
		return e, errors.Join(refused.why(ctx, env, db, m, all), refused)
	}
	e.Municipality = m.Municipality
	e.Meeting, e.Run, e.Program, e.Fixed = m.ID, db.Run, env.Version, env.Clock().UTC()
	if e.Fonts, err = council.Fonts(env.Project); err != nil {
		return e, err
	}
	files, err := council.KeepTemplates(env.Project, m.ID, m.PDFs())
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
	if e, err = council.Store(finalDir(env, m), e, files); err != nil {
		return e, err
	}
	return e, sealLedgers(env, m, []council.Edition{e})
}

// paperFiles are the files of an edition that follow from what its run holds: the papers, their figures, the ledger.
func paperFiles(m brief.Meeting, number int, r rendered) (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, data := range r.set.files {
		files[name] = data
	}
	var err error
	files[council.LedgerFile], err = ledger.Write(council.LedgerLines(m, number, r.papers))
	return files, err
}

// sealLedgers puts the ledgers of editions, and what says that they are final, into the municipality's inputs, where they are
// not there: a run that was killed after it had made papers final is completed by the next. One that differs is left, and told.
func sealLedgers(env Env, m brief.Meeting, editions []council.Edition) error {
	for _, e := range editions {
		for source, name := range map[string]string{council.LedgerFile: ledger.FileName(m.ID, e.Number), council.Manifest: strings.TrimSuffix(ledger.FileName(m.ID, e.Number), ".csv") + "_" + council.Manifest} {
			data, err := e.Read(source)
			if err != nil {
				return err
			}
			into := filepath.Join(env.Inputs, m.Municipality, collect.Ledger, name)
			there, err := os.ReadFile(into)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				if err := atomicfile.Write(into, data); err != nil {
					return fmt.Errorf("%s の資料は確定しましたが、台帳を書けません。直してから、もう一度実行してください: %w", m.ID, err)
				}
			case err != nil:
				return fmt.Errorf("reading %s: %w", into, err)
			case !bytes.Equal(there, data):
				return fmt.Errorf("台帳 %s が、確定したとき（%s）の内容と違います。書き換えたのでなければ、%s から戻してください", into, e.Name(), filepath.Join(e.Dir, source))
			}
		}
	}
	return nil
}

// Verified is what became of looking at a stored edition.
type Verified struct {
	Edition council.Edition
	Files   int      // that are as they were stored
	Same    int      // of them, those that come out byte for byte from the kept run
	Faults  []string // what is not as it was
	Notes   []string // why something could not be compared
}

// VerifyFinal compares a meeting's stored final papers with what was noted when they became final, and with what comes out of
// the kept runs now. It changes nothing in them; a ledger that is missing is put back.
func VerifyFinal(ctx context.Context, env Env, m brief.Meeting) ([]Verified, error) {
	release, err := lockPapers(ctx, finalDir(env, m))
	if err != nil {
		return nil, err
	}
	defer release()
	editions, err := Editions(env, m)
	if err != nil {
		return nil, err
	}
	var out []Verified
	for i, e := range editions {
		v := Verified{Edition: e}
		if v.Faults, err = e.Damage(); err != nil {
			return nil, err
		}
		damaged := map[string]bool{}
		for _, fault := range v.Faults {
			name, _, _ := strings.Cut(fault, "：")
			damaged[name] = true
		}
		v.Files = len(e.Files)
		for name := range e.Files {
			if damaged[name] {
				v.Files--
			}
		}
		var before *council.Edition
		if i > 0 {
			before = &editions[i-1]
		}
		if err := v.remake(ctx, env, before); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	if err := sealLedgers(env, m, editions); err != nil && len(out) > 0 {
		last := &out[len(out)-1]
		last.Faults = append(last.Faults, err.Error())
	}
	return out, nil
}

// remake makes an edition's files anew from the run that it rests on, and compares them.
func (v *Verified) remake(ctx context.Context, env Env, before *council.Edition) error {
	e := v.Edition
	files, err := remade(ctx, env, e, before)
	if err != nil {
		v.Notes = append(v.Notes, "もとの実行 "+e.Run+" から作り直して比べることはできませんでした："+err.Error())
		return ctx.Err()
	}
	var differ []string
	for name, data := range files {
		stored, err := e.Read(name)
		if err == nil && bytes.Equal(stored, data) {
			v.Same++
		} else {
			differ = append(differ, name)
		}
	}
	if len(differ) == 0 {
		return nil
	}
	fonts, err := council.Fonts(env.Project)
	if err != nil {
		return err
	}
	same := e.Program == env.Version
	for name, sum := range e.Fonts {
		same = same && fonts[name] == sum
	}
	what := fmt.Sprintf("もとの実行 %s から作り直すと、%d件のファイルの内容が違います（例：%s）", e.Run, len(differ), differ[0])
	if same {
		v.Faults = append(v.Faults, what)
	} else {
		v.Notes = append(v.Notes, what+"。プログラムか書体が、確定したときのものと違います")
	}
	return nil
}

// remade are an edition's files as they come out of its run now.
func remade(ctx context.Context, env Env, e council.Edition, before *council.Edition) (map[string][]byte, error) {
	side, err := openEdition(ctx, env, e)
	if err != nil {
		return nil, err
	}
	defer side.Close()
	files, err := paperFiles(side.meeting, e.Number, side.rendered)
	if err != nil || before == nil {
		return files, err
	}
	old, err := openEdition(ctx, env, *before)
	if err != nil {
		return nil, err
	}
	defer old.Close()
	more, _, err := replacement(ctx, old, side, e.DistributedOn())
	for name, data := range more {
		files[name] = data
	}
	return files, err
}

// editionSide is a meeting's papers as a run and templates make them.
type editionSide struct {
	rendered
	env     Env
	meeting brief.Meeting
	db      *warehouse.Reader
}

// Close closes the run.
func (s editionSide) Close() { _ = s.db.Close() }

// AsHandedOut is the project with the templates of an edition, and its meeting as it was then.
func AsHandedOut(env Env, e council.Edition) (Env, brief.Meeting, error) {
	env.Project = e.Templates(env.Project)
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return env, brief.Meeting{}, err
	}
	m, err := brief.Choose(meetings, e.Meeting, env.AsOf)
	return env, m, err
}

// openEdition makes the papers of an edition from its run with its templates.
func openEdition(ctx context.Context, env Env, e council.Edition) (editionSide, error) {
	env, m, err := AsHandedOut(env, e)
	if err != nil {
		return editionSide{}, err
	}
	db, err := warehouse.OpenRun(ctx, env.WarehouseDir(), e.Run)
	if err != nil {
		return editionSide{}, err
	}
	return sideOf(ctx, env, m, db)
}

// sideOf makes a meeting's papers from a run; the side closes it.
func sideOf(ctx context.Context, env Env, m brief.Meeting, db *warehouse.Reader) (editionSide, error) {
	r, err := renderPapers(ctx, env, db, m, PaperOptions{})
	if err != nil {
		_ = db.Close()
		return editionSide{}, err
	}
	return editionSide{r, env, m, db}, nil
}
