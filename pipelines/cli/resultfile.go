package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// resultFile is the file of a result, which takes the place of an old one as a whole.
type resultFile struct {
	path string
	next *os.File
	mode os.FileMode
}

// newResultFile begins a file for a result where a person has named it: not where it would stand among what the program
// reads or has published, and not where the name leads elsewhere.
func newResultFile(env project.Env, path string) (*resultFile, error) {
	if strings.HasPrefix(filepath.Clean(path), "/dev/") {
		return nil, usageError{path + " はファイルではないので、書きません。画面や次の命令に出すなら -o を付けないでください"}
	}
	if err := straight(path); err != nil {
		return nil, err
	}
	if err := outsideOf(env, filepath.Dir(path)); err != nil {
		return nil, err
	}
	mode := os.FileMode(0o644)
	switch info, err := os.Lstat(path); {
	case err != nil: // it is new, or its folder will say what is wrong
	case !info.Mode().IsRegular():
		return nil, usageError{path + " はふつうのファイルではないので、書きません。画面に出すなら -o を付けないでください"}
	case linked(info):
		return nil, usageError{path + " は、ほかの名前でも置かれているファイル（ハードリンク）なので、書きません。別の名前を指定してください"}
	default:
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".next-*")
	if err != nil {
		return nil, fmt.Errorf("%s に書き込めません。フォルダがあるか、権限があるかを確かめてください: %w", path, err)
	}
	return &resultFile{path, f, mode}, nil
}

// straight refuses a name with a link in it: a file that is one, a folder on the way, or what the system shows of a
// process.
func straight(path string) error {
	at := "."
	if filepath.IsAbs(path) {
		at = "/"
	}
	for _, part := range strings.Split(path, "/") {
		if at = at + "/" + part; part == "" || part == "." || part == ".." {
			continue
		}
		info, err := os.Lstat(at)
		if err != nil {
			return nil //nolint:nilerr // what is not there leads nowhere
		}
		if info.Mode()&os.ModeSymlink == 0 {
			continue
		}
		says := path + " は、リンクを通る名前なので、書きません。リンクのない名前を指定してください"
		if real, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil && !strings.HasPrefix(path, "/proc/") {
			if real, err = filepath.Abs(real); err == nil {
				says += "（" + filepath.Dir(path) + " の実際の場所は " + real + " です）"
			}
		}
		return usageError{says}
	}
	return nil
}

// linked reports whether a file has other names.
func linked(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && s.Nlink > 1
}

// outsideOf refuses a folder among those in which only the program or the departments write.
func outsideOf(env project.Env, folder string) error {
	kept := []struct{ path, what string }{
		{env.Inputs, "調査票"}, {env.WarehouseDir(), "データファイル"}, {env.FinalDir(), "確定した資料"}, {runs.Dir(env.Outputs), "実行の記録"},
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return fmt.Errorf("finding the folder of a result: %w", err)
	}
	if folder, err = filepath.EvalSymlinks(folder); err != nil {
		return nil //nolint:nilerr // there is no such folder: nothing can be written to it
	}
	for at := folder; ; at = filepath.Dir(at) {
		here, err := os.Stat(at)
		for _, k := range kept {
			if is, failed := os.Stat(k.path); err == nil && failed == nil && os.SameFile(here, is) {
				return usageError{k.path + " には" + k.what + "を置くので、結果を書きません。別のフォルダを指定してください"}
			}
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

// keep puts the file in its place.
func (f *resultFile) keep() error {
	defer f.drop()
	if err := errors.Join(os.Chmod(f.next.Name(), f.mode), atomicfile.Place(f.next.Name(), f.path)); err != nil {
		return fmt.Errorf("%s に書き込めません: %w", f.path, err)
	}
	return nil
}

// drop takes away what was not kept.
func (f *resultFile) drop() {
	_ = f.next.Close()
	_ = os.Remove(f.next.Name()) // it is gone where it was kept
}
