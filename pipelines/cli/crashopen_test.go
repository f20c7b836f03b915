package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/crashstate"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// opening opens the states of a tape, one after another in one folder, as the program would find them.
type opening struct {
	recorded
	history crashstate.History
	files   map[string]string // of runs that were finished: the SHA-256 of their file
	rows    map[string]string // of runs: how many initiatives they publish
	opened  map[string]string // by the bytes of a published file: how many it holds
	asked   map[[sha256.Size]byte]bool
	verbs   [][]string // that are run again in some states
	scratch string     // folder
	dir     string     // of the state that is open, in it
	state   crashstate.State
	wrong   []string
}

// A trial opens states for so long, and not fewer than so many.
const (
	longestOpening = 150 * time.Second
	fewestStates   = 1000
)

var errEnough = errors.New("enough states")

// open opens every state of the tape, and in every so many of them runs the program again. It tells how many there
// were.
func (r recorded) open(what string, every int, verbs ...[]string) {
	r.t.Helper()
	began := time.Now()
	o := &opening{recorded: r, history: r.tape.History(), files: map[string]string{}, rows: map[string]string{},
		opened: map[string]string{}, asked: map[[sha256.Size]byte]bool{}, verbs: verbs}
	o.known()
	o.scratch = r.t.TempDir()
	scratch, err := crashstate.NewScratch(o.scratch)
	if err != nil {
		r.t.Fatal(err)
	}
	o.dir = scratch.Dir
	var n, again, bad int
	count, err := r.tape.States(crashstate.Options{Window: 8, Writes: 3, Loose: loose}, func(s crashstate.State) error {
		if err := scratch.Show(s); err != nil {
			return err
		}
		o.state, o.wrong = s, nil
		o.look()
		o.ask()
		if n++; n%every == 0 {
			again++
			o.again()
		}
		if len(o.wrong) == 0 {
			if n >= fewestStates && time.Since(began) > longestOpening && os.Getenv("HOSTILE") != "all" {
				return errEnough
			}
			return nil
		}
		r.t.Errorf("%v:\n%s", s, strings.Join(o.wrong, "\n"))
		if bad++; bad == 20 {
			return errors.New("20 states are wrong")
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		r.t.Fatal(err)
	}
	if err != nil {
		r.t.Logf("%s: the last states were not opened for want of time: HOSTILE=all opens them", what)
	}
	r.t.Logf("%s: %d changes on the tape, %d states made, %d opened (%d different), "+
		"%d asked, %d run again, %d wrong, %.0f s",
		what, r.tape.Len(), count.Made, count.Tried, count.Different, len(o.asked), again, bad, time.Since(began).Seconds())
}

// loose reports whether what stands at a path need not outlast a power cut: the cache, 差戻し票, which are made anew, the
// logs of runs, and what lies in a folder that is being filled under another name.
func loose(p string) bool {
	return strings.HasPrefix(p, "outputs/runs/") && path.Ext(p) == ".log" ||
		strings.HasPrefix(p, "outputs/cache") || strings.HasPrefix(p, "outputs/returns") ||
		strings.Contains(p, ".collect-") || strings.Contains(p, "/.judge-") || strings.Contains(path.Dir(p), "/.next-")
}

// halfMade reports whether what stands at a path may be there in part, for nobody takes it for whole: what is being
// written under another name, locks, the cache, files of runs that the pointer does not lead to, the log of a run,
// which grows while it lasts.
func halfMade(p string) bool {
	for name := range strings.SplitSeq(p, "/") {
		if strings.HasPrefix(name, ".next-") || strings.HasPrefix(name, ".collect-") || strings.HasPrefix(name, ".judge-") ||
			name == ".current.next" ||
			name == ".lock" {
			return true
		}
	}
	name := path.Base(p)
	return strings.HasPrefix(p, "outputs/runs/") && path.Ext(p) == ".log" ||
		strings.HasPrefix(p, "outputs/cache") || strings.HasPrefix(p, "outputs/warehouse/") && name != "current.duckdb"
}

// known reads what the runs have published, from the files that they have left.
func (o *opening) known() {
	o.t.Helper()
	ctx, dir := context.Background(), warehouse.Dir(o.outputs)
	kept, err := warehouse.Kept(dir)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, run := range kept {
		print, err := warehouse.FingerprintOf(warehouse.Path(dir, run))
		if err != nil {
			o.t.Fatal(err)
		}
		db, err := warehouse.OpenFile(ctx, warehouse.Path(dir, run), run)
		if err != nil {
			o.t.Fatal(err)
		}
		o.files[run], o.rows[run] = print.SHA256, initiatives(db)
		db.Close()
		if n, err := strconv.Atoi(o.rows[run]); err != nil || n == 0 {
			o.t.Fatalf("run %s publishes nothing", run)
		}
	}
}

// rowsOf opens the published file of a folder and counts its initiatives; where that cannot be done, it says why.
func (o *opening) rowsOf(dir string) string {
	db, err := warehouse.Open(context.Background(), dir)
	if err != nil {
		return err.Error()
	}
	defer db.Close()
	return initiatives(db)
}

// initiatives is how many a file holds, or why that cannot be asked.
func initiatives(db *warehouse.Reader) string {
	r, err := db.Query(context.Background(), "SELECT count(*) FROM marts.initiatives")
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(r.Rows[0][0])
}

// look looks at all that is in the state.
func (o *opening) look() {
	o.fail(o.history.Wrong(o.state, o.floor(), halfMade)...)
	o.published()
	o.records()
	o.editions()
	o.notices()
	o.collected()
}

func (o *opening) fail(what ...string) { o.wrong = append(o.wrong, what...) }

func (o *opening) failf(format string, args ...any) { o.fail(fmt.Sprintf(format, args...)) }

// floor is what must not be lost: whatever was done before the program said something last, to a person or to another
// program, or ended.
func (o *opening) floor() int {
	floor := 0
	for _, m := range o.tape.Said() {
		if m.At <= o.state.At {
			floor = m.At
		}
	}
	return floor
}

func (o *opening) outputsDir() string { return filepath.Join(o.dir, "outputs") }

const pointer = "outputs/warehouse/current.duckdb"

// published opens the published file: it is a whole run's. So is each that passes for one of the past.
func (o *opening) published() {
	dir := warehouse.Dir(o.outputsDir())
	_, run, err := warehouse.Current(dir)
	if _, there := o.state.Path(pointer); errors.Is(err, warehouse.ErrNothingPublished) && !there {
		if o.history.Was(pointer, o.floor()) {
			o.failf("what was published is gone")
		}
		return
	}
	if err != nil {
		o.failf("the published file: %v", err)
		return
	}
	name := "outputs/warehouse/" + run + ".duckdb"
	log, _ := o.state.Path(name + ".wal")
	bytes := fmt.Sprintf("%s %s %x", run, o.state.SHA256(name), sha256.Sum256(log))
	if o.opened[bytes] == "" { // the same bytes open in the same way
		o.opened[bytes] = o.rowsOf(dir)
	}
	if o.opened[bytes] != o.rows[run] {
		o.failf("the published file holds %q initiatives, and not %q", o.opened[bytes], o.rows[run])
	}
	kept, err := warehouse.Kept(dir)
	if err != nil {
		o.failf("the kept runs: %v", err)
	}
	for _, run := range kept {
		if o.state.SHA256("outputs/warehouse/"+run+".duckdb") != o.files[run] {
			o.failf("the file of run %s is none that was finished", run)
		}
		if info, err := os.Stat(warehouse.Path(dir, run)); err != nil || info.Mode()&0o444 != 0o444 {
			o.failf("the file of run %s cannot be read by everybody: %v", run, err)
		}
	}
}

// records reads the records of runs: a run that was published as they say is.
func (o *opening) records() {
	_, current, _ := warehouse.Current(warehouse.Dir(o.outputsDir()))
	files, _ := filepath.Glob(filepath.Join(o.outputsDir(), "runs", "*.json")) // the pattern is well formed
	for _, f := range files {
		id := strings.TrimSuffix(filepath.Base(f), ".json")
		r, ok, err := runs.Find(o.outputsDir(), id)
		if id == "jobs" {
			continue
		}
		if err != nil || !ok || r.ID != id {
			o.failf("the record of run %s: %v", id, err)
		}
		if r.Status == runs.StatusPublished && current < id {
			o.failf("run %s was published by its record, and %q is", id, current)
		}
		if r.Built && r.File.SHA256 != o.files[id] {
			o.failf("run %s was finished by its record, and its file is another", id)
		}
	}
}

// editions verifies the final papers, and their ledgers.
func (o *opening) editions() {
	all, err := council.AllEditions(filepath.Join(o.outputsDir(), "final"))
	if err != nil {
		o.failf("the final papers: %v", err)
	}
	ledgers := map[string][]byte{}
	for _, e := range all {
		if damage, err := e.Damage(); err != nil || len(damage) > 0 {
			o.failf("final papers %s: %q, %v", e.Dir, damage, err)
		}
		for of, name := range map[string]string{council.LedgerFile: ".csv", council.Manifest: "_" + council.Manifest} {
			if data, err := e.Read(of); err != nil {
				o.failf("%v", err)
			} else {
				ledgers[fmt.Sprintf("%s_%s%s", e.Meeting, e.Name(), name)] = data
			}
		}
	}
	entries, _ := os.ReadDir(filepath.Join(o.dir, "inputs", "八戸市", "ledger")) // there may be none
	for _, e := range entries {
		if halfMade(e.Name()) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(o.dir, "inputs", "八戸市", "ledger", e.Name()))
		if err != nil || !bytes.Equal(data, ledgers[e.Name()]) {
			o.failf("the ledger %s is not that of final papers: %v", e.Name(), err)
		}
	}
}

// notices: what people were told of by the files that say so waits for them, or was sent.
func (o *opening) notices() {
	box := filepath.Join(o.outputsDir(), "outbox")
	data, err := os.ReadFile(filepath.Join(box, "told", "run"))
	if err != nil {
		return
	}
	told := strings.TrimSpace(string(data))
	if _, current, err := warehouse.Current(warehouse.Dir(o.outputsDir())); err != nil || current < told {
		o.failf("people were told of run %s, and %q is published", told, current)
	}
	for _, channel := range []string{"file", "webhook", "mail"} {
		o.waitsOrWasSent(told+"-1-"+channel, channel)
	}
	var departments map[string]string
	if data, err := os.ReadFile(filepath.Join(box, "told", "departments.json")); err == nil {
		if err := json.Unmarshal(data, &departments); err != nil || len(departments) == 0 {
			o.failf("which departments were told: %v", err)
		}
	}
	for who := range departments {
		found, _ := filepath.Glob(filepath.Join(box, "*-2-"+strings.ReplaceAll(who, "　", "_")+".json"))
		if len(found) == 0 {
			o.failf("%s was told, and no mail to it waits", who)
		}
	}
}

// waitsOrWasSent: the mail server never answers, the chat does in the second night, the file is in place.
func (o *opening) waitsOrWasSent(key, channel string) {
	if _, waits := o.state.Path("outputs/outbox/" + key + ".json"); waits {
		return
	}
	sent := channel == "file"
	for _, m := range o.tape.Said() {
		sent = sent || channel == "webhook" && m.At <= o.state.At && strings.HasPrefix(m.Text, "POST ")
	}
	if !sent {
		o.failf("%s neither waits nor was sent", key)
	}
}

// collected: what was pulled as the state of collecting says is there, or what came after it.
func (o *opening) collected() {
	state, err := collect.LoadState(filepath.Join(o.outputsDir(), "collect"))
	if data, there := o.state.Path("outputs/collect/state.json"); err != nil || there && len(state) == 0 {
		o.failf("the state of collecting, %d bytes: %v", len(data), err)
	}
	for _, source := range state {
		for name, f := range source.Files {
			if f.SHA256 == "" {
				continue
			}
			if !o.history.Since("inputs/"+f.Target, f.SHA256, o.state.SHA256("inputs/"+f.Target)) {
				o.failf("%s was pulled by the state of collecting, and is not in inputs", name)
			}
		}
	}
}
