package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"

	"golang.org/x/text/unicode/norm"
)

// Options are what pulling needs from outside.
type Options struct {
	Inputs    string
	StateDir  string
	Sources   []Source
	Supported func(name string) bool // whether a file of this name is a workbook
	Complete  func(data []byte) bool // whether a file looks complete
	Bureau    func(municipality, department string) string
	Getenv    func(string) string
	Clock     func() time.Time
	Pause     time.Duration // between tries
	Progress  func(source string, done, total int)
}

// tries is how often something is asked for that failed, or that is still being written.
const tries = 3

// Report says what pulling one source did.
type Report struct {
	Source    string `json:"source"`
	Listed    int    `json:"listed"`
	New       int    `json:"new"`
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
	Removed   int    `json:"removed"` // files that were removed at the source, and are kept
	Failed    int    `json:"failed"`  // files that could not be pulled, and are as they were
	Error     string `json:"error,omitempty"`
}

// remote is a file at its source.
type remote struct {
	name     string // its path there, with /
	target   target
	size     int64     // -1 where the source does not say
	modified time.Time // zero where the source does not say
	hash     string    // of its contents with its kind, "" where the source does not say
	address  string    // where the door finds it, if not by its name
	bad      string    // why it is not looked into, "" for a file
}

// content is a file that was got.
type content struct {
	data               []byte
	etag, lastModified string
	modified           time.Time
	unchanged          bool // the source says that it is as it was known
}

// door is a way to a source.
type door interface {
	list(ctx context.Context) ([]remote, error)
	// prepare brings what the door brings all at once.
	prepare(ctx context.Context, files []remote, staging string) error
	get(ctx context.Context, f remote, known *Pulled) (content, error)
	close()
}

// failure is why something could not be pulled, in words for a person that end with what to do.
type failure struct {
	text string
	soon bool // asking again soon may help
}

func (f failure) Error() string { return f.text }

// puller pulls one source.
type puller struct {
	Options
	source  *Source
	root    *os.Root // of inputs: nothing is written outside it
	staging string   // a folder in it that no reader looks into
	state   *SourceState
	taken   map[string]string // target → source and path that it came from in this run
	there   map[string]bool   // what stands at the source
	report  Report
}

// Pull brings what has changed at the sources into the inputs folder, each file by rename. A source that fails does not
// stop the others; what is wrong is in the state. The error says that nothing could be done at all.
func Pull(ctx context.Context, o Options) (reports []Report, err error) {
	if len(o.Sources) == 0 {
		return nil, nil
	}
	if err := atomicfile.MkdirAll(o.Inputs); err != nil {
		return nil, fmt.Errorf("%s を作れません。権限を確かめてください: %w", o.Inputs, err)
	}
	root, err := os.OpenRoot(o.Inputs)
	if err != nil {
		return nil, fmt.Errorf("%s を開けません。権限を確かめてください: %w", o.Inputs, err)
	}
	defer root.Close() //nolint:errcheck // nothing is written through it any more
	state, err := LoadState(o.StateDir)
	if err != nil {
		return nil, err
	}
	old, err := filepath.Glob(filepath.Join(o.Inputs, ".collect-*")) // of runs that were killed: the caller holds the lock
	if err != nil {
		return nil, fmt.Errorf("looking for half-made files: %w", err)
	}
	for _, dir := range old {
		_ = os.RemoveAll(dir) // what stays is in nobody's way
	}
	staging, err := os.MkdirTemp(o.Inputs, ".collect-*")
	if err != nil {
		return nil, fmt.Errorf("%s に書き込めません。権限と空き容量を確かめてください: %w", o.Inputs, err)
	}
	defer os.RemoveAll(staging)  //nolint:errcheck // the next run removes what stays
	taken := map[string]string{} // a target belongs to whom it came from, also while that cannot be reached
	for _, s := range o.Sources {
		for name, f := range state.of(s.Name).Files {
			if _, other := taken[f.Target]; !other && f.Removed == "" && f.SHA256 != "" {
				taken[f.Target] = s.Name + " の " + name
			}
		}
	}
	for i := range o.Sources {
		s := &o.Sources[i]
		p := &puller{
			Options: o, source: s, root: root, staging: staging, state: state.of(s.Name), taken: taken, there: map[string]bool{},
			report: Report{Source: s.Name},
		}
		stopped := p.contained(ctx)
		reports = append(reports, p.report)
		if err := errors.Join(stopped, state.save(o.StateDir)); err != nil {
			return reports, err
		}
	}
	return reports, nil
}

// contained pulls a source, and makes a failure of that source alone out of what the program did not foresee.
func (p *puller) contained(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			p.report.Error = fmt.Sprintf("取り込みの途中で異常終了しました（%v）。作った人に知らせてください。", r)
			p.problem(finding.SourceFailed, target{}, p.report.Error)
		}
	}()
	return p.pull(ctx)
}

// pull brings one source. Its error is that of a run that was told to stop.
func (p *puller) pull(ctx context.Context) error {
	before := p.state.Problems
	p.state.At, p.state.Problems = p.Clock().UTC(), nil
	d, err := open(p.source, p.Options)
	if err == nil {
		defer d.close()
		var files []remote
		if files, err = p.list(ctx, d); err == nil {
			err = p.files(ctx, d, files)
		}
	}
	if ctx.Err() != nil {
		p.state.Problems = before
		return fmt.Errorf("collecting from %s: %w", p.source.Name, ctx.Err())
	}
	if err != nil {
		p.report.Error = cause(err)
		p.problem(finding.SourceFailed, target{}, p.report.Error)
		for _, old := range before { // nobody knows whether what was removed has come back
			if old.Code == finding.SourceRemoved {
				p.state.Problems = append(p.state.Problems, old)
			}
		}
	}
	return nil
}

func open(s *Source, o Options) (door, error) {
	switch {
	case s.Directory != "":
		return openDirectory(s)
	case s.HTTP != "":
		return openWeb(s, o)
	}
	return openRclone(s)
}

// list names the files of a source that the program reads, with where each belongs, and those that a department has put
// into its folder although nothing reads them: it is told.
func (p *puller) list(ctx context.Context, d door) ([]remote, error) {
	var all []remote
	err := p.again(ctx, func() (err error) { all, err = d.list(ctx); return err })
	if err != nil {
		return nil, err
	}
	var out []remote
	for _, f := range all {
		name := norm.NFC.String(path.Base(f.name))
		if f.bad != "" {
			p.failed(f, f.bad)
			continue
		}
		workbook := p.Supported(name)
		if !workbook && !Submission(name) || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") {
			continue
		}
		var why string
		f.target, why = p.source.place.target(f.name, p.Bureau)
		if !workbook && (why != "" || f.target.department == "" || f.size > p.limit()) {
			continue // no department has put it into its folder to be read
		}
		p.report.Listed++
		p.there[f.name] = true
		if why != "" {
			p.failed(f, why+"。"+f.name+" を正しい場所に移してください。")
			continue
		}
		out = append(out, f)
	}
	if p.report.Listed == 0 {
		return nil, failure{text: "調査票が一つもありません。共有フォルダが外れていないか、場所が変わっていないか、確かめてください。"}
	}
	slices.SortFunc(out, func(a, b remote) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

// files brings the files of a source and marks those that are no longer there.
func (p *puller) files(ctx context.Context, d door, files []remote) error {
	for name, f := range p.state.Files { // what is no longer there may come from elsewhere
		if !p.there[name] && p.taken[f.Target] == p.source.Name+" の "+name {
			delete(p.taken, f.Target)
		}
	}
	var wanted []remote
	for _, f := range files {
		known := p.known(f)
		switch {
		case !p.take(f):
			p.failed(f, "置き場所が "+p.taken[f.target.path]+" と同じです。"+alike(p.taken[f.target.path], p.source.Name+" の "+f.name)+
				"どちらかを消すか、名前を変えてください。")
		case f.size > p.limit():
			p.failed(f, p.tooLarge())
		case f.hash != "" && known != nil && known.Hash == f.hash:
			p.report.Unchanged++
			known.Removed = ""
		default:
			wanted = append(wanted, f)
		}
	}
	if err := p.again(ctx, func() error { return d.prepare(ctx, wanted, p.staging) }); err != nil {
		return err
	}
	dead := 0 // files in a row that the source did not give
	for i, f := range wanted {
		if p.Progress != nil {
			p.Progress(p.source.Name, i+1, len(wanted))
		}
		err := p.file(ctx, d, f)
		if ctx.Err() != nil {
			return err
		}
		var why failure
		if errors.As(err, &why) && why.soon {
			dead++
		} else {
			dead = 0
		}
		if err != nil {
			p.failed(f, cause(err))
		}
		if dead == tries { // it would take hours to ask for them all
			return err
		}
	}
	p.removed()
	return nil
}

func (p *puller) limit() int64 { return int64(p.source.MaxMegabytes) << 20 }

func (p *puller) tooLarge() string {
	return fmt.Sprintf("%d MBを超えています。不要な書式や行を削除して、小さくしてください。", p.source.MaxMegabytes)
}

// known is what was pulled of a file before, nil where that is not what stands in inputs now.
func (p *puller) known(f remote) *Pulled {
	k := p.state.Files[f.name]
	if k == nil || k.Target != f.target.path {
		return nil
	}
	data, err := p.root.ReadFile(filepath.FromSlash(k.Target))
	if err != nil || sum(data) != k.SHA256 {
		return nil
	}
	return k
}

// take notes where a target came from. It is false where another file, of this source or of one before it, has taken
// it.
func (p *puller) take(f remote) bool {
	from, taken := p.taken[f.target.path]
	if !taken {
		p.taken[f.target.path] = p.source.Name + " の " + f.name
	}
	return !taken || from == p.source.Name+" の "+f.name
}

// file brings one file.
func (p *puller) file(ctx context.Context, d door, f remote) error {
	known := p.known(f)
	var got content
	err := p.again(ctx, func() (err error) {
		if got, err = d.get(ctx, f, known); err != nil || got.unchanged {
			return err
		}
		return p.checkComplete(f, got)
	})
	var half *halfError
	if errors.As(err, &half) {
		p.noteHalf(f, half.sha256)
	}
	if err != nil {
		return err
	}
	if got.unchanged {
		p.report.Unchanged++
		known.Removed = ""
		return nil
	}
	next := &Pulled{
		Target: f.target.path, SHA256: sum(got.data), Hash: f.hash, ETag: got.etag, LastModified: got.lastModified,
		At:           p.Clock().UTC(),
		Municipality: f.target.municipality, Department: f.target.department,
	}
	old, err := p.root.ReadFile(filepath.FromSlash(f.target.path))
	fresh := errors.Is(err, fs.ErrNotExist)
	switch {
	case err == nil && sum(old) == next.SHA256:
		p.report.Unchanged++
		p.state.Files[f.name] = next
		return nil
	case err != nil && !fresh:
		return fmt.Errorf("inputs/%s を読めません。権限を確かめてください: %w", f.target.path, err)
	}
	if err := p.put(f.target.path, got.data); err != nil {
		return err
	}
	if fresh {
		p.report.New++
	} else {
		p.report.Changed++
	}
	p.state.Files[f.name] = next
	return nil
}

// again calls f until it succeeds, is told to stop, or has failed as often as tries.
func (p *puller) again(ctx context.Context, f func() error) error {
	var err error
	for i := range tries {
		var final failure
		if err = f(); err == nil || errors.As(err, &final) && !final.soon {
			return err
		}
		if i == tries-1 {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("collecting: %w", ctx.Err())
		case <-time.After(p.Pause * time.Duration(i+1)):
		}
	}
	return err
}

// put writes a file under inputs by rename.
func (p *puller) put(target string, data []byte) error {
	name := filepath.FromSlash(target)
	if err := atomicfile.WriteIn(p.root, filepath.Join(filepath.Base(p.staging), "next"), name, data); err != nil {
		return fmt.Errorf("inputs/%s に書き込めません。権限と空き容量を確かめてください: %w", target, err)
	}
	return nil
}

// removed marks the files that are no longer at the source. What was pulled of them stays.
func (p *puller) removed() {
	var names []string
	for name, f := range p.state.Files {
		if p.there[name] {
			continue
		}
		if _, taken := p.taken[f.Target]; taken || f.SHA256 == "" { // it goes by another name now, or never came
			delete(p.state.Files, name)
			continue
		}
		if _, err := p.root.Stat(filepath.FromSlash(f.Target)); errors.Is(err, fs.ErrNotExist) {
			delete(p.state.Files, name) // a person has removed it here too
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := p.state.Files[name]
		if f.Removed == "" {
			f.Removed = p.Clock().Format(time.DateOnly)
		}
		p.report.Removed++
		p.problem(finding.SourceRemoved, target{f.Target, f.Municipality, f.Department}, f.Removed)
	}
}

// failed notes a file that could not be pulled; what was pulled of it before stays.
func (p *puller) failed(f remote, why string) {
	p.report.Failed++
	p.problem(finding.SourceFailed, f.target, why)
}

func (p *puller) problem(code string, at target, what string) {
	q := Problem{Code: code, Source: p.source.Name, Municipality: at.municipality, Department: at.department, What: what}
	if q.Municipality == "" {
		q.Municipality = p.source.Municipality
	}
	if at.path != "" {
		q.Path = PathName("inputs/" + at.path)
	}
	p.state.Problems = append(p.state.Problems, q)
}

// cause is an error in words for a person.
func cause(err error) string {
	var f failure
	var half *halfError
	switch {
	case errors.As(err, &f):
		return f.text
	case errors.As(err, &half):
		return half.Error()
	}
	return strings.TrimRight(fault.Text(err), "。") + "。"
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
