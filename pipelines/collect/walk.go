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
	"syscall"

	"kyogikai/pipelines/limits"
)

// Walking says what of an inputs folder is wanted, and how long its disks and shares may take.
type Walking struct {
	Supported func(name string) bool         // whether a file of this name can be read
	Of        func(municipality string) bool // nil for all
	Masters   bool                           // nothing but the masters
	Pace      Pace                           // the usual where it is not set
	Most      int64                          // bytes of one file; the usual limit where it is not set

	top bool // nothing but the municipalities themselves
}

// Walk lists the files of an inputs folder with the SHA-256 of each. A link to a folder is followed, out of the inputs
// too, as people mount shares; one that leads back is not. Lock files (~$) and hidden files are passed over, and files
// that no workbook reader knows by name unless a department has put them into its folder of a year: these are listed,
// so that somebody is told. What cannot be read, a folder too, is listed with its trouble.
func Walk(ctx context.Context, inputs string, w Walking) (Tree, error) {
	v, root, err := newWalker(ctx, inputs, w)
	if err != nil {
		return Tree{}, err
	}
	entries, err := v.names(v.root)
	if err != nil {
		return Tree{}, fmt.Errorf("listing %s: %w", inputs, err)
	}
	for _, e := range entries {
		name := PathName(e.Name())
		if w.Of != nil && !w.Of(name) {
			continue
		}
		if err := v.entry(name, filepath.Join(v.root, e.Name()), e, root); err != nil {
			return Tree{}, err
		}
	}
	v.tree.tellApart()
	v.tree.Sort()
	return v.tree, nil
}

// Municipalities lists the municipalities of an inputs folder in their order, as Walk finds them: its folders, and
// links to folders that are there or not, whatever is in them.
func Municipalities(ctx context.Context, inputs string, w Walking) ([]string, error) {
	w.top = true
	t, err := Walk(ctx, inputs, w)
	return t.Municipalities(), err
}

// oftenest is how often a walk comes to one folder by different links: links to folders of links would double it at
// every step.
const oftenest = 16

// folder is which folder it is, whatever it is called.
type folder struct{ device, inode uint64 }

func folderOf(info os.FileInfo) folder {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return folder{}
	}
	return folder{s.Dev, s.Ino}
}

// walker walks through an inputs folder.
type walker struct {
	Walking
	ctx     context.Context //nolint:containedctx // of one walk
	root    string
	tree    Tree
	times   map[folder]int  // that it has come to a folder
	stalled map[uint64]bool // devices that no longer answer
	hurried bool            // one has stalled
}

// newWalker makes ready to walk, and names the folders that lead to the inputs: a link to one of them leads back.
func newWalker(ctx context.Context, inputs string, w Walking) (*walker, []folder, error) {
	if w.Pace.Span == 0 {
		w.Pace = UsualPace()
	}
	if w.Most == 0 {
		w.Most = limits.Default().File
	}
	v := &walker{
		Walking: w, ctx: ctx, tree: Tree{Masters: map[string]map[string]File{}}, times: map[folder]int{},
		stalled: map[uint64]bool{},
	}
	var above []folder
	_, err := ask(ctx, w.Pace, func() (_ bool, err error) {
		if v.root, err = filepath.Abs(inputs); err == nil {
			v.root, err = filepath.EvalSymlinks(v.root)
		}
		for at := v.root; err == nil; at = filepath.Dir(at) {
			var info os.FileInfo
			if info, err = os.Stat(at); err == nil {
				above = append(above, folderOf(info))
			}
			if at == filepath.Dir(at) {
				break
			}
		}
		return true, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("listing %s: %w", inputs, err)
	}
	slices.Reverse(above)
	return v, above, nil
}

// names lists a folder without what is hidden, and without the lock files of office programs.
func (v *walker) names(at string) ([]os.DirEntry, error) {
	entries, err := ask(v.ctx, v.Pace, func() ([]os.DirEntry, error) { return os.ReadDir(at) })
	return slices.DeleteFunc(entries, func(e os.DirEntry) bool {
		return strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "~$")
	}), err
}

func (v *walker) stat(at string) (os.FileInfo, error) {
	return ask(v.ctx, v.Pace, func() (os.FileInfo, error) { return os.Stat(at) })
}

// entry lists what stands at one place under the inputs. above are the folders in which it lies. The error is that of a
// walk that was told to stop.
func (v *walker) entry(rel, at string, e os.DirEntry, above []folder) error {
	depth := strings.Count(rel, "/")
	city, _, _ := strings.Cut(rel, "/")
	if e.Type().IsRegular() && depth > 0 && v.passes(rel, depth) {
		return nil
	}
	lies, isLink := above[len(above)-1].device, e.Type()&fs.ModeSymlink != 0
	if !isLink && v.stalled[lies] {
		return v.trouble(rel, at, e.IsDir(), &StalledError{})
	}
	info, err := v.stat(at)
	switch {
	case err != nil && !isLink:
		return v.failing(lies, rel, at, e.IsDir(), err)
	case err != nil:
		return v.trouble(rel, at, true, err)
	case info.IsDir():
		if depth == 0 && v.tree.Masters[city] == nil {
			v.tree.Masters[city] = map[string]File{}
		}
		return v.folder(rel, at, folderOf(info), above)
	case depth == 0:
		return nil
	case !info.Mode().IsRegular():
		return v.trouble(rel, at, false, special(info.Mode()))
	}
	return v.file(rel, at, folderOf(info).device)
}

// passes reports a regular file that is nobody's.
func (v *walker) passes(rel string, depth int) bool {
	name := path.Base(rel)
	switch {
	case v.Masters:
		return depth != 1 || !slices.Contains(MasterNames(), name)
	case v.Supported(name), path.Base(path.Dir(rel)) == Ledger:
		return false
	}
	f := Whose(rel)
	return f.FiscalYear == 0 || f.Department == "" || !Submission(name)
}

// folder lists what is in a folder.
func (v *walker) folder(rel, at string, me folder, above []folder) error {
	depth := strings.Count(rel, "/")
	if depth == 1 && slices.Contains(MasterNames(), path.Base(rel)) {
		return v.trouble(rel, at, false, &SpecialError{"フォルダ"})
	}
	if v.top || v.Masters && depth > 0 {
		return nil
	}
	if i := slices.Index(above, me); i >= 0 {
		v.note(rel, at, Trouble{
			Why: "自分を含むフォルダに戻るリンクです", Do: "リンクを消すか、正しい先に張り直してください。", Folder: true,
		})
		return nil
	}
	if v.times[me]++; v.times[me] > oftenest {
		v.note(rel, at, Trouble{
			Why: "同じフォルダへのリンクが多すぎます", Do: "要らないリンクを消してください。", Folder: true,
		})
		return nil
	}
	if v.stalled[me.device] {
		return v.trouble(rel, at, true, &StalledError{})
	}
	entries, err := v.names(at)
	if err != nil {
		return v.failing(me.device, rel, at, true, err)
	}
	above = append(slices.Clip(above), me)
	for _, e := range entries {
		if err := v.entry(path.Join(rel, PathName(e.Name())), filepath.Join(at, e.Name()), e, above); err != nil {
			return err
		}
	}
	return nil
}

// file lists one file.
func (v *walker) file(rel, at string, device uint64) error {
	depth := strings.Count(rel, "/")
	if v.passes(rel, depth) {
		return nil
	}
	if v.stalled[device] {
		return v.trouble(rel, at, false, &StalledError{})
	}
	f := fileAt(rel, at)
	master := depth == 1
	if master || strings.Split(rel, "/")[1] == Ledger {
		data, _, err := ReadFile(v.ctx, v.Pace, at, v.Most)
		if err != nil {
			return v.failing(device, rel, at, false, err)
		}
		f.Data, f.SHA256 = data, sum(data)
		if _, twice := v.tree.Masters[f.Municipality][f.Name]; master && twice {
			v.note(rel, at, Trouble{
				Why: "濁点などの文字の持ち方だけが違う、同じに見えるものが二つあります", Do: "中のものを一方に移し、もう一方を消してください。",
			})
			return nil
		}
		if master {
			v.tree.Masters[f.Municipality][f.Name] = f
		} else {
			v.tree.Ledgers = append(v.tree.Ledgers, f)
		}
		return nil
	}
	var err error
	if f.SHA256, err = v.sum(at); err != nil {
		return v.failing(device, rel, at, false, err)
	}
	v.tree.Files = append(v.tree.Files, f)
	return nil
}

// sum is the SHA-256 of a file. For one that is too large to be read stands that of its beginning and its size: they
// tell whether another is in its place.
func (v *walker) sum(at string) (string, error) {
	h := sha256.New()
	_, err := disk.copy(v.ctx, v.Pace, at, h, v.Most)
	var large *LargeError
	if !errors.As(err, &large) {
		return hex.EncodeToString(h.Sum(nil)), err
	}
	data, err := ReadBeginning(v.ctx, v.Pace, at, beginningOfLarge)
	return sum(fmt.Appendf(data, "|%d", large.Size)), err
}

const beginningOfLarge = 1 << 20

// failing notes the trouble with a place on a device. One that has stalled is asked for nothing more, and others that
// may hang on the same server are waited for less long.
func (v *walker) failing(device uint64, rel, at string, isFolder bool, err error) error {
	var stalled *StalledError
	if errors.As(err, &stalled) {
		v.stalled[device] = true
	}
	return v.trouble(rel, at, isFolder, err)
}

// trouble notes why something could not be read, unless it is nobody's or has just been removed.
func (v *walker) trouble(rel, at string, isFolder bool, err error) error {
	if v.ctx.Err() != nil {
		return fmt.Errorf("listing %s: %w", at, v.ctx.Err())
	}
	name, depth := path.Base(rel), strings.Count(rel, "/")
	if isFolder && v.Supported != nil && v.Supported(name) { // by its name it would be a file
		isFolder = false
	}
	if isFolder && !Submission(name) || !isFolder && (depth == 0 || v.passes(rel, depth)) {
		return nil
	}
	var stalled *StalledError
	if errors.As(err, &stalled) {
		if !v.hurried {
			v.Pace, v.hurried = v.Pace.hurried(), true
		}
	} else if _, err := os.Lstat(at); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	t := TroubleOf(err, at)
	t.Folder = isFolder
	v.note(rel, at, t)
	return nil
}

// note lists a file, or a folder, with its trouble.
func (v *walker) note(rel, at string, t Trouble) {
	f := fileAt(rel, at)
	if t.Folder {
		f = fileAt(path.Join(rel, "x"), at) // whose is what is in it
		f.Path, f.Name = path.Dir(f.Path), path.Base(rel)
	}
	f.Trouble = &t
	parts := strings.Split(rel, "/")
	f.Municipality = parts[0]
	masters := v.tree.Masters[f.Municipality]
	if masters == nil {
		masters = map[string]File{}
		v.tree.Masters[f.Municipality] = masters
	}
	switch {
	case len(parts) == 2 && slices.Contains(MasterNames(), f.Name):
		f.Disk = "" // as if there were none, for whoever does not look at the trouble
		masters[f.Name] = f
	case len(parts) > 1 && parts[1] == Ledger:
		v.tree.Ledgers = append(v.tree.Ledgers, f)
	case v.Masters:
	default:
		v.tree.Files = append(v.tree.Files, f)
	}
}
