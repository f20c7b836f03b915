package reading

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workers"
)

// WorkerKind is the kind of children that read workbooks.
const WorkerKind = "read"

// told is what a child that reads is told before its first task: everything that a reading follows from beside the file
// itself. The forms are the bytes that the parent read.
type told struct {
	Forms  files
	Words  []form.Word
	Limits limits.Set
}

// replyHead is what is said of an outcome on its way back, before the workbook and the grid.
type replyHead struct {
	Kept          bool
	Failed, Stack string
	Book, Grid    int // bytes
}

// packed is an outcome for a pipe.
func (o outcome) packed() ([]byte, error) {
	book, err := encoded(o.Book)
	if err != nil {
		return nil, err
	}
	var grid []byte
	if o.Grid != nil {
		if grid, err = encoded(o.Grid); err != nil {
			return nil, err
		}
	}
	head, err := json.Marshal(replyHead{o.Kept, o.Failed, o.Stack, len(book), len(grid)})
	if err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return slices.Concat(head, []byte{'\n'}, book, grid), nil
}

// unpacked is the outcome of packed.
func unpacked(data []byte) (out outcome, err error) {
	line, rest, _ := bytes.Cut(data, []byte{'\n'})
	var head replyHead
	if err := json.Unmarshal(line, &head); err != nil {
		return out, fmt.Errorf("decoding: %w", err)
	}
	if head.Book < 0 || head.Grid < 0 || head.Book+head.Grid != len(rest) {
		return out, fmt.Errorf("decoding: %d bytes for %d and %d", len(rest), head.Book, head.Grid)
	}
	out = outcome{Kept: head.Kept, Failed: head.Failed, Stack: head.Stack, Encoded: rest[:head.Book]}
	if out.Book, err = decoded[record.Workbook](out.Encoded); err != nil {
		return out, err
	}
	if head.Grid > 0 {
		out.Grid, err = decoded[workbook.Workbook](rest[head.Book:])
	}
	return out, err
}

// formsDir is where the forms stand.
const formsDir = "templates/forms"

// newPool makes the pool of children that read for a reader; nil where there are none.
func newPool(env project.Env, words []form.Word) (*workers.Pool, error) {
	if env.Self == "" {
		return nil, nil
	}
	forms, err := readFolder(env.Project, formsDir)
	if err != nil {
		return nil, err
	}
	setup, err := encoded(told{forms, words, env.Settings.Limits})
	if err != nil {
		return nil, err
	}
	return env.Children(WorkerKind, setup), nil
}

// Serve is the work of a child that reads.
func Serve(in io.Reader, out io.Writer) error {
	return workers.Serve(in, out, func(setup []byte) (workers.Worker, error) {
		t, err := decoded[told](setup)
		if err != nil {
			return nil, err
		}
		common, err := form.Load(t.Forms, formsDir)
		if err != nil {
			return nil, err
		}
		forms := &childForms{common: common, words: t.Words}
		return func(piece []byte) ([]byte, error) { return work(piece, forms, t.Limits) }, nil
	})
}

func work(piece []byte, forms *childForms, within limits.Set) ([]byte, error) {
	t, err := decoded[task](piece)
	if err != nil {
		return nil, err
	}
	own, err := forms.of(t.File.Municipality)
	if err != nil {
		return nil, err
	}
	done, err := t.perform(context.Background(), own, form.Read, within)
	if err != nil {
		return nil, err
	}
	return done.packed()
}

// childForms are the forms of the municipality whose workbooks a child reads now. The parent has read the words before,
// and a child goes from one municipality to the next.
type childForms struct {
	common []form.Form
	words  []form.Word
	city   string
	own    []form.Form
}

func (f *childForms) of(city string) ([]form.Form, error) {
	if f.own != nil && f.city == city {
		return f.own, nil
	}
	words := slices.DeleteFunc(slices.Clone(f.words), func(w form.Word) bool { return w.Municipality != city })
	f.city, f.own = city, f.common
	if len(words) == 0 {
		return f.own, nil
	}
	own, err := form.WithWords(f.common, words)
	if err != nil {
		return nil, err //nolint:wrapcheck // in words for people already
	}
	f.own = own
	return own, nil
}

// attempt has a file read, by a child where there are any.
func (r *Reader) attempt(ctx context.Context, t task) (outcome, error) {
	t.Now, t.File.Data = r.now, nil
	if r.pool == nil {
		out, err := t.perform(ctx, r.forms.of(t.File.Municipality), r.reads, r.limits)
		if err == nil {
			out.Encoded, err = encoded(out.Book)
		}
		return out, err
	}
	piece, err := encoded(t)
	if err != nil {
		return outcome{}, err
	}
	data, err := r.pool.Do(ctx, piece)
	var end *bounded.EndError
	if errors.As(err, &end) && !errors.As(err, new(*workers.StartError)) {
		return r.ended(t, end)
	}
	if err != nil {
		return outcome{}, err //nolint:wrapcheck // the caller names the file
	}
	return unpacked(data)
}

// ended is the outcome of a file over which a child ended. What the machine may be the reason for, the next run tries
// again.
func (r *Reader) ended(t task, end *bounded.EndError) (outcome, error) {
	w := t.book()
	out := outcome{Book: w, Failed: end.Error(), Kept: end.Limit == bounded.Memory || end.Limit == bounded.CPU}
	out.Again = !out.Kept
	name, known := map[bounded.Limit]string{
		bounded.Memory: limits.ReadingMemory, bounded.CPU: limits.ReadingCPU, bounded.Time: limits.ReadingTime,
	}[end.Limit]
	if known {
		form.Refuse(w, &workbook.TooLargeError{Exceeded: r.limits.Beyond(name, 0, "")})
	} else {
		form.Faulty(w)
	}
	var err error
	out.Encoded, err = encoded(w)
	return out, err
}

// files are files by their names, as an fs.FS as far as forms ask for it.
type files map[string][]byte

// readFolder reads the files of a folder.
func readFolder(fsys fs.FS, dir string) (files, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*"))
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	out := files{}
	for _, name := range names {
		if info, err := fs.Stat(fsys, name); err != nil || info.IsDir() {
			continue
		}
		if out[name], err = fs.ReadFile(fsys, name); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
	}
	return out, nil
}

// Open opens nothing: forms are globbed for and read.
func (f files) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// Glob lists the files of a pattern.
func (f files) Glob(pattern string) ([]string, error) {
	var out []string
	for name := range f {
		if ok, err := path.Match(pattern, name); err != nil {
			return nil, fmt.Errorf("listing %s: %w", pattern, err)
		} else if ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out, nil
}

// ReadFile is the bytes of a file.
func (f files) ReadFile(name string) ([]byte, error) {
	data, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return slices.Clone(data), nil
}
