package collect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
)

// files brings the files of a source.
func (p *puller) files(ctx context.Context, d door, files []remote) error {
	for name, f := range p.state.Files { // what is no longer there may come from elsewhere
		if !p.there[name] && !p.isHidden(name) && p.taken[f.Target] == p.source.Name+" の "+name {
			delete(p.taken, f.Target)
		}
	}
	var wanted []remote
	for _, f := range files {
		known := p.known(ctx, f)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("collecting: %w", ctx.Err())
		case !p.take(f):
			p.failed(f, "置き場所が "+p.taken[f.target.path]+" と同じです。"+alike(p.taken[f.target.path], p.source.Name+" の "+f.name)+
				"どちらかを消すか、名前を変えてください。")
		case f.size > p.source.limit():
			p.failed(f, p.source.tooLarge())
		case f.hash != "" && known != nil && known.Hash == f.hash:
			p.report.Unchanged++
			known.came()
		default:
			wanted = append(wanted, f)
		}
	}
	left := d.prepare(ctx, wanted, p.staging) // what has come until then is taken all the same
	wanted, lacking := d.prepared(wanted)
	for i, f := range wanted {
		if p.Progress != nil {
			p.Progress(p.source.Name, i+1, len(wanted))
		}
		err := p.file(ctx, d, f)
		if ctx.Err() != nil {
			p.notAsked(slices.Concat(wanted[i:], lacking))
			return err
		}
		if err != nil {
			p.failed(f, cause(err))
		}
		if p.dead >= deadsInRow { // only a source that no longer answers is left: it would take hours to ask for them all
			p.notAsked(slices.Concat(wanted[i+1:], lacking))
			return err
		}
	}
	p.notAsked(lacking)
	return left
}

// notAsked notes the files that were not asked for, because their source was left.
func (p *puller) notAsked(files []remote) {
	if len(files) == 0 {
		return
	}
	counts, first := map[string]int{}, map[string]remote{}
	var order []string
	for _, f := range files {
		dir := path.Dir(f.target.path)
		if counts[dir]++; counts[dir] == 1 {
			order, first[dir] = append(order, dir), f
		}
		p.entry(f).fail(p.Clock())
	}
	p.report.NotAsked = len(files)
	for _, dir := range order {
		f := first[dir]
		p.report.name(dir)
		p.problem(finding.SourceFailed, target{dir, f.target.municipality, f.target.department},
			fmt.Sprintf("収集元を途中で離れたので、この %d件は尋ねていません（%s）。", counts[dir], ellipsis(path.Base(f.name), counts[dir])))
	}
}

// ellipsis is a name, with a mark where it is one of several.
func ellipsis(name string, of int) string {
	if of > 1 {
		return name + " など"
	}
	return name
}

// standing is what stands under inputs, nil where there is nothing.
func (p *puller) standing(ctx context.Context, target string) ([]byte, error) {
	in := opener{p.root.Stat, p.root.OpenFile}
	data, _, err := in.read(ctx, UsualPace(), filepath.FromSlash(target), math.MaxInt64)
	switch {
	case err == nil:
		return data, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	}
	return nil, fmt.Errorf("inputs/%s を読めません（%s）。権限を確かめ、途中にリンクがあれば、実物のフォルダにしてください", target, reason(err))
}

// known is what was pulled of a file before, nil where that is not what stands in inputs now.
func (p *puller) known(ctx context.Context, f remote) *Pulled {
	k := p.state.Files[f.name]
	if k == nil || k.Target != f.target.path || k.SHA256 == "" {
		return nil
	}
	if data, err := p.standing(ctx, k.Target); err != nil || data == nil || sum(data) != k.SHA256 {
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
	known := p.known(ctx, f)
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
		known.came()
		return nil
	}
	next := &Pulled{
		Target: f.target.path, SHA256: sum(got.data), Hash: f.hash, ETag: got.etag, LastModified: got.lastModified,
		At:           p.Clock().UTC(),
		Municipality: f.target.municipality, Department: f.target.department,
	}
	old, err := p.standing(ctx, f.target.path)
	if err != nil {
		return err
	}
	if old != nil && sum(old) == next.SHA256 {
		if known != nil {
			next.At = known.At
		}
		p.report.Unchanged++
		p.state.Files[f.name] = next
		return nil
	}
	if err := p.accept(ctx, f, got, old); err != nil {
		return err
	}
	if err := p.put(ctx, f.target.path, got.data); err != nil {
		return err
	}
	if old == nil {
		p.report.New++
	} else {
		p.report.Changed++
	}
	p.state.Files[f.name] = next
	return nil
}

// put writes a file under inputs by rename.
func (p *puller) put(ctx context.Context, target string, data []byte) error {
	name := filepath.FromSlash(target)
	p.staged++ // one that was left behind may yet write
	staged := filepath.Join(filepath.Base(p.staging), "next"+strconv.Itoa(p.staged))
	_, err := ask(ctx, p.source.writing(), func() (bool, error) {
		err := atomicfile.WriteIn(p.root, staged, name, data)
		return err == nil, err
	})
	if err != nil && strings.Contains(err.Error(), "path escapes") {
		return fmt.Errorf("inputs/%s の途中に、inputs の外へのリンクがあるので、書き込みません。実物のフォルダにしてください", target)
	}
	if err != nil {
		return fmt.Errorf("inputs/%s に書き込めません（%s）。権限と空き容量を確かめてください", target, fault.Quote(err))
	}
	return nil
}
