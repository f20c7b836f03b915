// Package reading reads the workbooks of inputs, one municipality after another, and hands on what the warehouse keeps
// of each.
package reading

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workers"
)

// Reader reads the workbooks of a tree, one municipality after another: what one workbook cannot tell, the others of
// its municipality can, and nothing of another municipality is needed.
type Reader struct {
	tree         collect.Tree
	forms        *cityForms
	masters      form.Masters
	published    map[string][]warehouse.Published // by municipality
	listed       map[string][]record.Listed       // by municipality: what its lists name
	listFindings map[string][]record.Finding      // and what is to be said of them
	plans        []warehouse.Plan                 // of the settings
	fonts        *typeset.Fonts
	removed      map[string]record.Removal // by path: files that are gone at their source
	now          time.Time
	before       *readings
	limits       limits.Set
	pool         *workers.Pool // of children that read; nil where this process reads
	reads        form.Reading  // how it reads then
	undone       atomic.Int64
	log          *slog.Logger

	Progress func(done int) // told how many workbooks are read
}

// New makes ready to read a tree.
func New(env project.Env, tree collect.Tree) (*Reader, error) {
	r, err := newReader(env, tree)
	if err != nil {
		return nil, err
	}
	if r.published, err = readLedgers(env, tree); err != nil {
		return nil, err
	}
	return r, keepMasters(env, tree)
}

// newReader is a reader that knows no published figures: what a workbook says does not follow from them.
func newReader(env project.Env, tree collect.Tree) (*Reader, error) {
	r := &Reader{
		tree: tree, plans: env.Settings.PlanRows(), now: env.Clock(), limits: env.Settings.Limits, reads: form.Read,
		log: env.Log, Progress: func(int) {},
	}
	forms, err := form.Load(env.Project, formsDir)
	if err != nil {
		return nil, fmt.Errorf("reading forms: %w", err)
	}
	if err := env.Settings.CheckForms(forms); err != nil {
		return nil, err
	}
	if r.fonts, err = typeset.LoadFonts(env.Project, "templates/fonts"); err != nil {
		return nil, fmt.Errorf("reading fonts: %w", err)
	}
	problems, err := SourceProblems(env)
	if err != nil {
		return nil, err
	}
	r.removed = removals(problems, env.Clock().Location())
	if r.masters, err = form.ReadMasters(tree); err != nil {
		return nil, err
	}
	if err := r.readLists(env, forms); err != nil {
		return nil, err
	}
	if r.forms, err = newCityForms(forms, r.masters.Words); err != nil {
		return nil, err
	}
	if r.before, err = newReadings(env, tree); err != nil {
		return nil, err
	}
	r.pool, err = newPool(env, r.masters.Words)
	return r, err
}

// rest ends the children that wait for work.
func (r *Reader) rest() {
	if r.pool != nil {
		r.pool.Close()
	}
}

// readLedgers reads the ledgers of a tree: of each meeting its newest edition.
//
// Each must be as it was when the papers became final, and none may be lacking: comparisons would silently take other
// values.
func readLedgers(env project.Env, tree collect.Tree) (map[string][]warehouse.Published, error) {
	if err := checkLedgers(env, tree); err != nil {
		return nil, err
	}
	lines := map[string][]ledger.Line{}
	for _, f := range tree.Ledgers {
		if !strings.EqualFold(filepath.Ext(f.Name), ".csv") {
			continue
		}
		some, err := ledger.Read(f.Path, f.Data, env.Settings.Limits)
		if err != nil {
			return nil, err
		}
		lines[f.Municipality] = append(lines[f.Municipality], some...)
	}
	out := map[string][]warehouse.Published{}
	for city, all := range lines {
		for _, l := range ledger.Standing(all) {
			out[city] = append(out[city], warehouse.Published{Municipality: city, Line: l})
		}
	}
	return out, nil
}

// Each hands on what every municipality holds, in their order. The workbooks of one of them are in memory at a time. It
// corrects the tree's sums to what was read: a file may have been replaced since it was listed.
func (r *Reader) Each(ctx context.Context, do func(city string, batch warehouse.Batch) error) error {
	defer r.rest()
	next, stop := iter.Pull2(inOrder(ctx, len(r.tree.Files), r.file))
	defer stop()
	read := 0
	for _, city := range r.tree.Municipalities() {
		var books []*record.Workbook
		for ; read < len(r.tree.Files) && r.tree.Files[read].Municipality == city; read++ {
			w, err, _ := next()
			if err == nil && w == nil {
				err = ctx.Err() // no more come once it is cancelled
			}
			if err != nil {
				return fmt.Errorf("reading workbooks: %w", err)
			}
			books = append(books, w)
			r.tree.Files[read].SHA256 = w.SHA256
			r.Progress(read + 1)
		}
		batch, err := r.contained(ctx, city, read-len(books), books, r.screened)
		if err != nil {
			return fmt.Errorf("comparing the workbooks of %s: %w", city, err)
		}
		r.forms.done(city)
		if err := do(city, batch); err != nil {
			return err
		}
	}
	return nil
}

// checkLedgers compares the ledgers of a tree with what was noted beside each, and with the final papers.
func checkLedgers(env project.Env, tree collect.Tree) error {
	there := map[string]collect.File{}
	for _, f := range tree.Ledgers {
		there[f.Municipality+"/"+f.Name] = f
	}
	for _, f := range tree.Ledgers {
		if f.Trouble != nil {
			return fmt.Errorf("公表値台帳 %s を開けません（%s）。%sいまのデータは変わりません", f.Path, f.Trouble.Why, f.Trouble.Do)
		}
		base, isLedger := strings.CutSuffix(f.Name, ".csv")
		if !isLedger {
			continue
		}
		var e council.Edition
		err := json.Unmarshal(there[f.Municipality+"/"+base+"_"+council.Manifest].Data, &e)
		switch {
		case err != nil:
			return fmt.Errorf(
				"%s の隣に %s がないか、読めません。確定した資料（outputs/final）から戻すか、kyogikai brief <会議> を行ってください", f.Path, base+"_"+council.Manifest,
			)
		case e.Files[council.LedgerFile] != f.SHA256:
			return fmt.Errorf("公表値台帳 %s が、確定したときの内容と違います。確定した資料（outputs/final）の %s から戻してください", f.Path, council.LedgerFile)
		}
	}
	editions, err := council.AllEditions(env.FinalDir())
	if err != nil {
		return err
	}
	for _, e := range editions {
		name := e.Municipality + "/" + ledger.FileName(e.Meeting, e.Number)
		if _, ok := there[name]; !ok && tree.Masters[e.Municipality] != nil {
			return fmt.Errorf(
				"会議 %s の公表値台帳（inputs/%s/%s）がありません。kyogikai brief %s を行うと、確定した資料から戻ります", e.Meeting, e.Municipality, collect.Ledger,
				e.Meeting,
			)
		}
	}
	return nil
}

// screened is what a municipality's workbooks hold, once each has been compared with the others and with the masters.
func (r *Reader) screened(city string, books []*record.Workbook) warehouse.Batch {
	masters, forms := r.masters.Of(city), r.forms.of(city)
	batch := warehouse.Batch{Workbooks: books, Plans: unsetPlans(books, forms, r.plans)}
	plans := slices.Concat(r.plans, batch.Plans)
	planOf := func(city, id string) string {
		for _, p := range plans {
			if p.Municipality == city && p.Form == id {
				return p.Name
			}
		}
		return ""
	}
	form.SetPlans(forms, books, planOf)
	for _, w := range books {
		w.Removed = r.removed[w.Path]
	}
	form.Screen(forms, books, masters)
	beside := r.tree.Masters[city]
	if len(lacking(beside)) > 0 {
		form.LeaveOut(books)
	}
	missingGlyphs(r.fonts, books)
	batch.Listed = slices.Clone(r.listed[city])
	form.KnowListed(forms, batch.Listed, books, planOf)
	submissions, missing := form.Submissions(forms, books, masters)
	batch.Submissions, batch.Findings = submissions, slices.Concat(r.listFindings[city], missing)
	batch.Findings = append(batch.Findings, masterFindings(city, beside)...)
	batch.Decisions = decisions(masters, books)
	batch.Published = respelled(r.published[city], books)
	batch.Departments, batch.Population = masters.Departments, masters.Population
	return batch
}

// decisions lists what persons have decided, a line for every file that a decision is about. A waiver may be about what
// is not there: a form that was not handed in, a department that has not answered.
func decisions(masters form.Masters, books []*record.Workbook) []record.Decision {
	var out []record.Decision
	for _, d := range masters.Decisions {
		if d.Waives() && !d.Withdraws() && !d.Confirms() {
			out = append(out, d)
			continue
		}
		for _, file := range []string{collect.Indicators, collect.Initiatives} {
			if path := "inputs/" + d.Municipality + "/" + file; d.State() != "" && d.Applies(path) {
				one := d
				one.Path = path
				out = append(out, one)
			}
		}
		for _, w := range books {
			if w.Municipality == d.Municipality && d.Applies(w.Path) {
				one := d
				one.Path = w.Path
				out = append(out, one)
			}
		}
	}
	return out
}

// file reads one file, or takes what was read of it before. Its error is that of a run that was told to stop.
func (r *Reader) file(ctx context.Context, i int) (*record.Workbook, error) {
	file := r.tree.Files[i]
	id := fmt.Sprintf("w%05d", i+1)
	if file.Trouble != nil {
		return troubled(id, file, *file.Trouble), nil
	}
	if w := r.before.get(file); w != nil {
		w.ID = id
		return w, nil
	}
	out, err := r.read(ctx, task{ID: id, File: file})
	if err != nil {
		return nil, err
	}
	if out.Kept && out.Book.SHA256 == file.SHA256 { // not where it was replaced since it was listed
		r.before.put(file, out.Encoded)
	}
	return out.Book, nil
}

// slowAfter is how long a file may take before its name is told to the operator.
const slowAfter = 20 * time.Second

// read has a file read, and tells the operator what is unusual about it.
func (r *Reader) read(ctx context.Context, t task) (outcome, error) {
	slow := time.AfterFunc(slowAfter, func() { r.log.Warn("読むのに時間がかかっています", "path", t.File.Path) })
	defer slow.Stop()
	out, err := r.attempt(ctx, t)
	if err != nil {
		return outcome{}, fmt.Errorf("reading %s: %w", t.File.Path, err)
	}
	if out.Again {
		r.undone.Add(1)
	}
	if out.Failed != "" {
		r.log.Warn("読めないものがあります", "what", t.File.Path, "why", out.Book.Findings[0].Message)
		r.log.Debug("reading", "what", t.File.Path, "failed", out.Failed, "stack", out.Stack)
	}
	return out, nil
}

// Reused is how many workbooks were taken as they had been read before.
func (r *Reader) Reused() int { return r.before.reused }

// Undone is how many workbooks could not be read for a reason that may be the machine's: the next run tries them again,
// though nothing has changed.
func (r *Reader) Undone() int { return int(r.undone.Load()) }

// Prune removes from the cache what this run had no use for.
func (r *Reader) Prune() { r.before.prune() }
