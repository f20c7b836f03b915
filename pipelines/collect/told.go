package collect

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/finding"
)

// Report says what pulling one source did.
type Report struct {
	Source    string    `json:"source"`
	Listed    int       `json:"listed"`
	New       int       `json:"new"`
	Changed   int       `json:"changed"`
	Unchanged int       `json:"unchanged"`
	Removed   int       `json:"removed"` // files that were removed at the source, and are kept
	Failed    int       `json:"failed"`  // files and folders that could not be pulled, and are as they were
	NotAsked  int       `json:"not_asked,omitempty"`
	Error     string    `json:"error,omitempty"`
	Since     time.Time `json:"since,omitzero"`    // when the source as a whole began to fail
	Named     []string  `json:"named,omitempty"`   // some of what failed or was not asked for
	Stopped   []Stopped `json:"stopped,omitempty"` // departments of which nothing comes any more
	Behind    []string  `json:"behind,omitempty"`  // where the source failed: departments of which older files are used
}

// Stopped is a department whose files have stopped coming from a source. What came of them before is used on.
type Stopped struct {
	Municipality string    `json:"municipality"`
	Department   string    `json:"department"`
	Files        int       `json:"files"`
	Since        time.Time `json:"since"`
	Removed      bool      `json:"removed"` // all of them were removed at the source; else they cannot be pulled
	Kept         time.Time `json:"kept"`    // when the newest of those that are used came
}

// When a department's files count as stopped: files that cannot be pulled after a while, removed ones at once, and these
// are told for a month.
const (
	staleAfter  = 72 * time.Hour
	removedTold = 30 * 24 * time.Hour
)

// namedMost is how much of what failed a report names.
const namedMost = 20

// name names something that failed.
func (r *Report) name(what string) {
	if len(r.Named) < namedMost && !slices.Contains(r.Named, what) {
		r.Named = append(r.Named, what)
	}
}

// failed notes a file that could not be pulled; what was pulled of it before stays.
func (p *puller) failed(f remote, why string) {
	p.report.Failed++
	p.report.name(cmp.Or(f.target.department, within(f.name)) + "「" + path.Base(f.name) + "」")
	if f.target.path != "" {
		p.entry(f).fail(p.Clock())
	}
	p.problem(finding.SourceFailed, f.target, why)
}

// entry is what is known of a file, of one that never came too.
func (p *puller) entry(f remote) *Pulled {
	k := p.state.Files[f.name]
	if k == nil {
		k = &Pulled{Target: f.target.path, Municipality: f.target.municipality, Department: f.target.department}
		p.state.Files[f.name] = k
	}
	return k
}

// since is when a file began to fail, zero where it does not.
func (p *puller) since(name string) time.Time {
	if k := p.state.Files[name]; k != nil {
		return k.Failed
	}
	return time.Time{}
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

// isHidden reports a file of which nobody knows whether it is there.
func (p *puller) isHidden(name string) bool {
	return slices.ContainsFunc(p.hidden, func(folder string) bool { return inside(name, folder) })
}

// forget drops what is neither at the source nor in the inputs: a person has removed it here too.
func (p *puller) forget() {
	for name, k := range p.state.Files {
		if p.there[name] || k.SHA256 == "" {
			continue
		}
		if _, err := p.root.Lstat(filepath.FromSlash(k.Target)); errors.Is(err, fs.ErrNotExist) {
			delete(p.state.Files, name)
		}
	}
}

// removed marks the files that are no longer at the source. What was pulled of them stays.
func (p *puller) removed() {
	var names []string
	for name, f := range p.state.Files {
		switch _, taken := p.taken[f.Target]; {
		case p.there[name]:
		case p.isHidden(name):
			if f.Removed != "" {
				names = append(names, name)
			}
		case taken || f.SHA256 == "": // it goes by another name now, or never came
			delete(p.state.Files, name)
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		f := p.state.Files[name]
		if f.Removed == "" {
			f.Removed, f.RemovedAt, f.Failed = p.Clock().Format(time.DateOnly), p.Clock().UTC(), time.Time{}
		}
		p.report.Removed++
		p.problem(finding.SourceRemoved, target{f.Target, f.Municipality, f.Department}, f.Removed)
		p.state.Problems[len(p.state.Problems)-1].At = f.RemovedAt
	}
}

// conclude says of which departments nothing comes any more, and keeps the report.
func (p *puller) conclude(failed bool) {
	switch {
	case !failed:
		p.state.FailedAt = time.Time{}
	case p.state.FailedAt.IsZero():
		p.state.FailedAt = p.Clock().UTC()
	}
	p.report.Since = p.state.FailedAt
	type whose struct{ municipality, department string }
	of := map[whose][]*Pulled{}
	for _, f := range p.state.Files {
		if f.SHA256 != "" {
			at := whose{f.Municipality, f.Department}
			of[at] = append(of[at], f)
		}
	}
	for at, files := range of {
		if s, ok := stopped(files, p.Clock()); ok {
			s.Municipality, s.Department = at.municipality, at.department
			p.report.Stopped = append(p.report.Stopped, s)
		}
		if failed && at.department != "" {
			p.report.Behind = append(p.report.Behind, at.department)
		}
	}
	slices.SortFunc(p.report.Stopped, func(a, b Stopped) int {
		return cmp.Or(strings.Compare(a.Municipality, b.Municipality), strings.Compare(a.Department, b.Department))
	})
	slices.Sort(p.report.Behind)
	p.report.Behind = slices.Compact(p.report.Behind)
	last := p.report
	p.state.Last = &last
}

// stopped reports whether the files of a department, those that came once, have stopped coming.
func stopped(files []*Pulled, now time.Time) (s Stopped, ok bool) {
	var gone, stale []*Pulled
	for _, f := range files {
		switch {
		case f.Removed != "":
			gone = append(gone, f)
		case !f.Failed.IsZero() && now.Sub(f.Failed) >= staleAfter:
			stale = append(stale, f)
		}
	}
	since := func(f *Pulled) time.Time { return f.Failed }
	some := stale
	if len(gone) == len(files) {
		some, s.Removed = gone, true
		since = (*Pulled).removedAt
	}
	for _, f := range some {
		if s.Since.IsZero() || since(f).Before(s.Since) {
			s.Since = since(f)
		}
		if f.At.After(s.Kept) {
			s.Kept = f.At
		}
	}
	s.Files = len(some)
	newest := time.Time{}
	for _, f := range gone {
		if at := f.removedAt(); at.After(newest) {
			newest = at
		}
	}
	return s, len(some) > 0 && (!s.Removed || now.Sub(newest) < removedTold)
}

// ended ends a sentence.
func ended(text string) string { return strings.TrimRight(text, "。") + "。" }

// span is a time as people say it.
func span(d time.Duration) string {
	if d >= 2*time.Minute && d%time.Minute == 0 {
		return fmt.Sprintf("%d分", int(d.Minutes()))
	}
	return fmt.Sprintf("%d秒", int(d.Seconds()))
}
