package collect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
)

// Options are what pulling needs from outside.
type Options struct {
	Inputs    string
	StateDir  string
	Sources   []Source
	Supported func(name string) bool // whether a file of this name is a workbook
	Complete  func(data []byte) bool // whether a file looks complete
	// Replaces says, of what has come for a file under inputs, why it must not take the place of what stands there, in
	// Japanese; "" where it may
	Replaces func(ctx context.Context, target string, next, old []byte) (why string)
	Bureau   func(municipality, department string) string
	Getenv   func(string) string
	Clock    func() time.Time
	Pause    time.Duration // between tries
	Progress func(source string, done, total int)
}

// How often something is asked for: what failed or is still being written, what answered nothing, and anything once a
// source has failed several times in a row.
const (
	tries      = 3
	deadTries  = 2
	weakAfter  = 2 // failures in a row
	deadsInRow = 3 // unanswered requests that end a source
)

// puller pulls one source.
type puller struct {
	Options
	source  *Source
	root    *os.Root // of inputs: nothing is written outside it
	staging string   // a folder in it that no reader looks into
	staged  int      // files in it so far
	state   *SourceState
	taken   map[string]string // target → source and path that it came from in this run
	there   map[string]bool   // what stands at the source
	hidden  []string          // folders and files of the source of which nobody knows what is in them
	failing int               // failures in a row
	dead    int               // of them, requests that were not answered
	report  Report
}

// Pull brings what has changed at the sources into the inputs folder, each file by rename. A source that fails does not
// stop the others; what is wrong is in the state. The error says that nothing could be done at all.
func Pull(ctx context.Context, o Options) (reports []Report, err error) {
	if len(o.Sources) == 0 {
		return nil, nil
	}
	root, staging, err := o.ready(ctx)
	if err != nil {
		return nil, err
	}
	defer root.Close()          //nolint:errcheck // nothing is written through it any more
	defer os.RemoveAll(staging) //nolint:errcheck // the next run removes what stays
	state, err := LoadState(o.StateDir)
	if err != nil {
		return nil, err
	}
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

// ready opens the inputs and makes a folder in them for what is not whole yet. The inputs may be a share.
func (o Options) ready(ctx context.Context) (root *os.Root, staging string, err error) {
	type opened struct {
		root    *os.Root
		staging string
	}
	done, err := ask(ctx, UsualPace(), func() (opened, error) {
		if err := atomicfile.MkdirAll(o.Inputs); err != nil {
			return opened{}, fmt.Errorf("%s を作れません。権限を確かめてください: %w", o.Inputs, err)
		}
		root, err := os.OpenRoot(o.Inputs)
		if err != nil {
			return opened{}, fmt.Errorf("%s を開けません。権限を確かめてください: %w", o.Inputs, err)
		}
		old, err := filepath.Glob(filepath.Join(o.Inputs, ".collect-*")) // of runs that were killed: the caller holds the lock
		if err != nil {
			return opened{}, errors.Join(fmt.Errorf("looking for half-made files: %w", err), root.Close())
		}
		for _, dir := range old {
			_ = os.RemoveAll(dir) // what stays is in nobody's way
		}
		staging, err := os.MkdirTemp(o.Inputs, ".collect-*")
		if err != nil {
			err = fmt.Errorf("%s に書き込めません。権限と空き容量を確かめてください: %w", o.Inputs, err)
			return opened{}, errors.Join(err, root.Close())
		}
		return opened{root, staging}, nil
	})
	var stalled *StalledError
	if errors.As(err, &stalled) {
		err = fmt.Errorf("%s を開けません。%s: %w", o.Inputs, doServer, err)
	}
	return done.root, done.staging, err
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

// pull brings one source, within the time that it has. Its error is that of a run that was told to stop.
func (p *puller) pull(ctx context.Context) error {
	before := p.state.Problems
	p.state.At, p.state.Problems = p.Clock().UTC(), nil
	limited, cancel := context.WithTimeout(ctx, p.source.longest())
	defer cancel()
	listed, err := p.bring(limited)
	if ctx.Err() != nil {
		p.state.Problems = before
		return fmt.Errorf("collecting from %s: %w", p.source.Name, ctx.Err())
	}
	if limited.Err() != nil {
		err = failure{text: fmt.Sprintf("%sたっても終わらないので、途中で止めました。ネットワークと収集元の具合を確かめるか、max_seconds を増やしてください。",
			span(p.source.longest()))}
	}
	if listed {
		p.removed()
	} else {
		for _, old := range before { // nobody knows whether what was removed has come back
			if old.Code == finding.SourceRemoved {
				p.state.Problems = append(p.state.Problems, old)
			}
		}
	}
	if err != nil {
		p.report.Error = cause(err)
		p.problem(finding.SourceFailed, target{}, p.report.Error)
	}
	p.conclude(err != nil)
	return nil
}

// bring lists a source and brings what has changed. listed says whether it is known what stands at the source.
func (p *puller) bring(ctx context.Context) (listed bool, err error) {
	d, err := open(ctx, p.source, p.Options)
	if err != nil {
		return false, err
	}
	defer d.close()
	files, err := p.list(ctx, d)
	if err != nil {
		return false, err
	}
	return true, p.files(ctx, d, files)
}

func open(ctx context.Context, s *Source, o Options) (door, error) {
	switch {
	case s.Directory != "":
		return openDirectory(ctx, s)
	case s.HTTP != "":
		return openWeb(s, o)
	}
	return openRclone(s)
}

// again calls f until it succeeds, is told to stop, or has failed often enough. What was not answered is asked for less
// often, and where much has failed everything is asked for once: it would take hours otherwise.
func (p *puller) again(ctx context.Context, f func() error) error {
	most := tries
	if p.failing >= weakAfter || p.dead > 0 {
		most = 1
	}
	for i := 0; ; {
		err := f()
		var why failure
		known := errors.As(err, &why)
		switch {
		case err == nil:
			p.failing, p.dead = 0, 0
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("collecting: %w", ctx.Err())
		case known && why.dead:
			most = min(most, deadTries)
		}
		if i++; known && !why.soon || i >= most {
			p.failing++
			p.dead++
			if !known || !why.dead {
				p.dead = 0
			}
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("collecting: %w", ctx.Err())
		case <-time.After(p.Pause * time.Duration(i)):
		}
	}
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
	return ended(fault.Text(err))
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
