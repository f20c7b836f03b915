package papers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// made says from which run the papers of a format were made: that run is kept, and the papers are not made again.
type made struct {
	Run   string            `json:"run"`
	Key   string            `json:"key"`
	Files map[string]string `json:"files"` // name → sha256
}

// Pending is a meeting's papers as the night makes them: made, and not yet written.
type Pending struct {
	set      *set
	dir      string
	run, key string
	env      project.Env
	figures  []brief.Figure
}

// Coming are the meetings that are to come.
func Coming(env project.Env) ([]brief.Meeting, error) {
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return nil, err
	}
	return brief.Coming(meetings, env.AsOf), nil
}

// ComingOrLatest are the coming meetings, the latest one where none is to come.
func ComingOrLatest(env project.Env) ([]brief.Meeting, error) {
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return nil, err
	}
	if coming := brief.Coming(meetings, env.AsOf); len(coming) > 0 {
		return coming, nil
	}
	latest, err := brief.Choose(meetings, "", env.AsOf)
	if err != nil {
		return nil, nil //nolint:nilerr // there are no meetings, and so no papers to compare
	}
	return []brief.Meeting{latest}, nil
}

// Prepare makes a meeting's papers from a run's file, nil where they are there or are final.
func Prepare(ctx context.Context, env project.Env, m brief.Meeting, run string) (*Pending, error) {
	if editions, err := council.Editions(env.FinalOf(m.ID)); err != nil || len(editions) > 0 {
		return nil, err
	}
	key, err := paperKey(env, m, run)
	if err != nil || upToDate(Folder(env, m), key) {
		return nil, err
	}
	db, err := runs.OpenBuilt(ctx, env.Outputs, run, runs.ByState)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	r, err := Render(ctx, env, db, m, Options{})
	if err != nil {
		return nil, err
	}
	return &Pending{r.set, Folder(env, m), run, key, env, r.Figures}, nil
}

// Write puts the papers in place and names their files.
func (p *Pending) Write(ctx context.Context) ([]string, error) {
	release, err := Lock(ctx, p.dir)
	if err != nil {
		return nil, err
	}
	defer release()
	files, err := p.set.write(p.dir)
	if err != nil {
		return files, err
	}
	if err := noteAddresses(ctx, p.env, p.run, p.figures); err != nil {
		return files, err
	}
	return files, p.set.note(p.dir, p.run, p.key)
}

// note says from what the papers of a folder were made.
func (s *set) note(dir, run, key string) error {
	m := made{run, key, map[string]string{}}
	for name, data := range s.files {
		sum := sha256.Sum256(data)
		m.Files[name] = hex.EncodeToString(sum[:])
	}
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("writing what papers were made from: %w", err)
	}
	return atomicfile.Write(filepath.Join(dir, s.format.note), data)
}

// readMade reads the note beside the papers of a format; ok is false where there is none. One that cannot be read is
// an error: nobody knows then which run the papers rest on.
func readMade(dir string, f format) (m made, ok bool, err error) {
	path := filepath.Join(dir, f.note)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return m, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return m, false, fmt.Errorf("%s を読めないので、資料のもとになった実行が分かりません。古いデータファイルは消さずにおきます。資料を作り直してください: %w", path, err)
	}
	return m, true, nil
}

// Leftovers are the PDFs beside a meeting's papers that nobody has made with them: of earlier titles. They must not be
// handed out. What stands in the folder's own list, and is as it was made, is none; nor is a draft.
func Leftovers(files []string) []string {
	if len(files) == 0 || !strings.HasSuffix(files[0], "."+formats[0].name) { // other forms are not handed out
		return nil
	}
	dir := filepath.Dir(files[0])
	all, err := filepath.Glob(filepath.Join(dir, "*."+formats[0].name))
	if err != nil {
		return nil
	}
	m, _, err := readMade(dir, formats[0])
	if err != nil {
		m = made{} // nothing is known then of who has made what
	}
	return slices.DeleteFunc(all, func(file string) bool {
		name := filepath.Base(file)
		return slices.Contains(files, file) || strings.HasSuffix(name, draftMark+"."+formats[0].name) || m.holds(dir, name)
	})
}

// holds reports whether a file is one of those that were made, and as it was made.
func (m made) holds(dir, name string) bool {
	data, err := os.ReadFile(filepath.Join(dir, name))
	sum := sha256.Sum256(data)
	return err == nil && m.Files[name] == hex.EncodeToString(sum[:])
}

// upToDate reports whether a folder's papers were made from what key names, and are still as they were made.
func upToDate(dir, key string) bool {
	m, ok, err := readMade(dir, formats[0])
	if err != nil || !ok || m.Key != key || len(m.Files) == 0 {
		return false
	}
	for name := range m.Files {
		if !m.holds(dir, name) {
			return false
		}
	}
	return true
}

// Pinned are the runs that papers rest on, those that are final for good.
func Pinned(env project.Env) (map[string]bool, error) {
	out := map[string]bool{}
	meetings, err := os.ReadDir(filepath.Join(env.Outputs, "briefs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing papers: %w", err)
	}
	for _, m := range meetings {
		for _, f := range formats {
			made, ok, err := readMade(filepath.Join(env.Outputs, "briefs", m.Name()), f)
			if err != nil {
				return nil, err
			}
			if ok {
				out[made.Run] = true
			}
		}
	}
	editions, err := council.AllEditions(env.FinalDir())
	for _, e := range editions {
		out[e.Run] = true
	}
	return out, err
}

// paperKey names everything that a meeting's papers rest on beside the data of a run: templates and the program.
func paperKey(env project.Env, m brief.Meeting, run string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, env.Version, run, m.ID)
	for _, root := range []string{"templates/briefs", council.BlocksDir, "templates/meetings", "templates/fonts"} {
		err := fs.WalkDir(env.Project, root, func(name string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // the papers will say what they miss
			}
			if err != nil || d.IsDir() {
				return err
			}
			if root == "templates/fonts" { // large, and never edited in place
				info, err := d.Info()
				if err == nil {
					fmt.Fprintln(h, name, info.Size())
				}
				return err
			}
			data, err := fs.ReadFile(env.Project, name)
			fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(data))
			return err
		})
		if err != nil {
			return "", fmt.Errorf("%s を読めません: %w", root, err)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Lock takes the lock of a meeting's folder and waits for it: whoever writes there writes a whole set.
func Lock(ctx context.Context, dir string) (release func(), err error) {
	if err := atomicfile.MkdirAll(dir); err != nil {
		return nil, fmt.Errorf("%s を作れません。権限と空き容量を確かめてください: %w", dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("%s に書き込めません。権限を確かめてください: %w", dir, err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil { // what a process that was killed has put there must not be gone after a power cut
			err = atomicfile.Sync(filepath.Dir(dir), dir)
		}
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			_ = f.Close()
			return nil, fmt.Errorf("taking the lock of %s: %w", dir, err)
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, fmt.Errorf("waiting for the papers in %s: %w", dir, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}
