package collect

import (
	"path"
	"strings"
	"time"
)

// youngAge is how long a file that shows no end must have rested before it is believed.
const youngAge = time.Minute

// halfAge is how long a file that does not look whole may still be being written.
const halfAge = 10 * time.Minute

// noteHalf remembers what a file looked like while it was not whole.
func (p *puller) noteHalf(f remote, sha256 string) {
	k := p.state.Files[f.name]
	if k == nil || k.Target != f.target.path {
		delete(p.state.Files, f.name)
		k = p.entry(f)
	}
	if k.Half != sha256 {
		k.Half, k.HalfAt = sha256, p.Clock().UTC()
	}
}

// checkComplete says whether a file that was got is whole: one that is being written is asked for again, and in the end
// left for the next run. One that has long been as it is, is what the department sent.
func (p *puller) checkComplete(f remote, got content) error {
	if int64(len(got.data)) > p.source.limit() {
		return failure{text: p.source.tooLarge()}
	}
	modified, now, digest := f.modified, p.Clock(), sum(got.data)
	if !got.modified.IsZero() {
		modified = got.modified
	}
	age := now.Sub(modified).Abs()
	if p.Complete(got.data) && looksLike(f.name, got.data) {
		if endless(f.name) && !modified.IsZero() && age < youngAge {
			return &halfError{digest}
		}
		return nil
	}
	k := p.state.Files[f.name]
	rested := k != nil && k.Half == digest && now.Sub(k.HalfAt) > halfAge
	first := k == nil || k.SHA256 == "" // one that was whole before is not given up for what an old date alone vouches for
	if rested || first && !modified.IsZero() && age > halfAge {
		return nil
	}
	return &halfError{digest}
}

// endless reports whether nothing in a file of this name shows where it ends: half of a CSV is a CSV.
func endless(name string) bool { return strings.EqualFold(path.Ext(name), ".csv") }

// halfError says that a file is still being written.
type halfError struct{ sha256 string }

func (*halfError) Error() string {
	return "まだ書き込み中か、途中で切れています。次の収集でもう一度取り込みます。続くときは、保存し直してください。"
}

// looksLike reports whether the first bytes are what the name promises. A share may show a file full of zeros while it
// is being written.
func looksLike(name string, data []byte) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx", ".xlsm", ".xls", ".ods":
		return len(data) > 0 && data[0] != 0
	}
	return true
}
