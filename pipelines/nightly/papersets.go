package nightly

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
	"syscall"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/warehouse"
)

// meetingSet is a meeting's papers, made and not yet written.
type meetingSet struct {
	meeting brief.Meeting
	set     *paperSet
	run     string
	key     string
}

// madeFile beside the papers of a format says from which run they were made: that run is kept, and the papers are not made
// again.
func madeFile(format string) string {
	if format == "pdf" {
		return ".papers.json"
	}
	return ".papers-" + format + ".json"
}

type made struct {
	Run   string            `json:"run"`
	Key   string            `json:"key"`
	Files map[string]string `json:"files"` // name → sha256
}

// brief makes the papers of coming meetings, those alone that are not there yet. Those of one meeting do not stop
// those of another.
func (n *night) brief(ctx context.Context, s *Step) error {
	meetings, err := brief.Meetings(n.Project)
	if err != nil {
		return err
	}
	run := n.run.ID
	if n.same {
		run = n.before
	}
	var failed error
	coming := brief.Coming(meetings, n.AsOf)
	s.Counts = map[string]int{"meetings": len(coming)}
	for i, m := range coming {
		n.count("brief", m.ID, i, len(coming))
		set, err := n.papersOf(ctx, m, run)
		switch {
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("会議 %s の資料を作れません。前の資料はそのままです: %w", m.ID, err))
		case set == nil:
			s.Counts["kept"]++
		default:
			n.sets = append(n.sets, *set)
		}
	}
	if len(n.sets) == 0 && failed == nil {
		return kept(s)
	}
	return failed
}

// papersOf makes a meeting's papers from a run's file, nil where they are there or are final.
func (n *night) papersOf(ctx context.Context, m brief.Meeting, run string) (*meetingSet, error) {
	if editions, err := Editions(n.Env, m); err != nil || len(editions) > 0 {
		return nil, err
	}
	key, err := paperKey(n.Env, m, run)
	if err != nil || upToDate(paperDir(n.Env, m), key) {
		return nil, err
	}
	db, err := warehouse.OpenBuilt(ctx, n.WarehouseDir(), run)
	if err != nil {
		return nil, err
	}
	defer db.Close() //nolint:errcheck // read only
	r, err := renderPapers(ctx, n.Env, db, m, PaperOptions{})
	if err != nil {
		return nil, err
	}
	return &meetingSet{m, r.set, run, key}, nil
}

// writePapers puts the papers that were made in place.
func (n *night) writePapers(ctx context.Context) (int, error) {
	var failed error
	written := 0
	for _, s := range n.sets {
		files, err := s.write(ctx, paperDir(n.Env, s.meeting))
		n.run.Papers = append(n.run.Papers, files...)
		written += len(files)
		failed = errors.Join(failed, err)
	}
	return written, failed
}

func (s meetingSet) write(ctx context.Context, dir string) ([]string, error) {
	release, err := lockPapers(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer release()
	files, err := s.set.write(dir)
	if err != nil {
		return files, err
	}
	return files, s.set.note(dir, s.run, s.key)
}

// note says from what the papers of a folder were made.
func (s *paperSet) note(dir, run, key string) error {
	m := made{run, key, map[string]string{}}
	for name, data := range s.files {
		sum := sha256.Sum256(data)
		m.Files[name] = hex.EncodeToString(sum[:])
	}
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("writing what papers were made from: %w", err)
	}
	return atomicfile.Write(filepath.Join(dir, madeFile(s.format)), data)
}

// readMade reads the note beside the papers of a format; ok is false where there is none. One that cannot be read is an
// error: nobody knows then which run the papers rest on.
func readMade(dir, format string) (m made, ok bool, err error) {
	path := filepath.Join(dir, madeFile(format))
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return m, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return m, false, fmt.Errorf("%s を読めないので、資料のもとになった実行が分かりません。古い公表ファイルは消さずにおきます。資料を作り直してください: %w", path, err)
	}
	return m, true, nil
}

// upToDate reports whether a folder's papers were made from what key names, and are still as they were made.
func upToDate(dir, key string) bool {
	m, ok, err := readMade(dir, "pdf")
	if err != nil || !ok || m.Key != key || len(m.Files) == 0 {
		return false
	}
	for name, want := range m.Files {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if sum := sha256.Sum256(data); err != nil || hex.EncodeToString(sum[:]) != want {
			return false
		}
	}
	return true
}

// paperKey names everything that a meeting's papers rest on beside the data of a run: templates and the program.
func paperKey(env Env, m brief.Meeting, run string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, env.Version, run, m.ID)
	for _, root := range []string{"templates/briefs", "templates/meetings", "templates/fonts"} {
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

// lockPapers takes the lock of a meeting's folder and waits for it: whoever writes there writes a whole set.
func lockPapers(ctx context.Context, dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("%s を作れません。権限と空き容量を確かめてください: %w", dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("%s に書き込めません。権限を確かめてください: %w", dir, err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
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
