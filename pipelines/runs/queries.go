package runs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"syscall"
	"time"

	"kyogikai/pipelines/atomicfile"
)

// queries is the folder of the query log, outputs/queries/2026-11_sato.jsonl: a file for each month and user, which its
// user alone writes and his group may read. Everybody who is let into the outputs may begin one there.
func queries(outputs string) string { return filepath.Join(outputs, "queries") }

// MakeQueries makes the folder of the query log, or lets others into one that an older version has made for itself. The
// caller owns the outputs.
func MakeQueries(outputs string) error {
	above, err := os.Stat(outputs)
	if err != nil {
		return fmt.Errorf("making the folder of the query log: %w", err)
	}
	mode := fs.FileMode(0o770) // sticky: nobody takes away what is another's
	if above.Mode().Perm()&0o005 != 0 {
		mode = 0o777
	}
	dir := queries(outputs)
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err = mkdirExactly(dir, mode|fs.ModeSticky); err == nil {
			return atomicfile.Sync(outputs)
		}
	}
	if err != nil || !info.IsDir() {
		return fmt.Errorf("問合せの記録を置く %s を作れません: %w", dir, err)
	}
	if info.Mode()&(fs.ModeSticky|mode) == fs.ModeSticky|mode {
		return nil
	}
	if err := os.Chmod(dir, info.Mode()&fs.ModeSetgid|mode|fs.ModeSticky); err != nil {
		return fmt.Errorf("問合せの記録を置く %s に、ほかの利用者が書けません。chmod g+rwx,+t %s を行ってください: %w", dir, dir, err)
	}
	return nil
}

// masking is held while the process withholds nothing from others.
var masking sync.Mutex

// mkdirExactly makes a folder with a mode of which the process withholds nothing. To change the mode afterwards would
// take from the folder, or ask of the system what a service may not do, that it belongs to the group of the one above.
func mkdirExactly(dir string, mode fs.FileMode) error {
	masking.Lock()
	defer masking.Unlock()
	defer syscall.Umask(syscall.Umask(0))
	return os.Mkdir(dir, mode)
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]`)

// LogQuery adds a line to this user's log of queries, of the month in which the query was asked. Where there is no
// folder for it, one is made, if this user may do so.
func LogQuery(outputs string, asked time.Time, line []byte) error {
	dir := queries(outputs)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := MakeQueries(outputs); err != nil {
			return err
		}
	}
	// No link is followed, and nothing is waited for: whoever may write here could have put anything in the way.
	const how = os.O_APPEND | os.O_CREATE | os.O_WRONLY | syscall.O_NOFOLLOW | syscall.O_NONBLOCK
	path := filepath.Join(dir, asked.Format("2006-01")+"_"+loginName()+".jsonl")
	f, err := os.OpenFile(path, how, 0o640)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // the line has been written, or has not
	info, err := f.Stat()
	if err != nil {
		return err
	}
	own, known := info.Sys().(*syscall.Stat_t)
	if !info.Mode().IsRegular() || !known || int(own.Uid) != os.Geteuid() || own.Nlink != 1 {
		return fmt.Errorf("%s は、この利用者の記録ではありません", path)
	}
	_ = f.Chmod(0o640) // whatever the process withholds from others
	_, err = f.Write(append(line, '\n'))
	return err
}

// loginName is the user of this process as a file's name can hold it. The number tells apart what that has made alike.
func loginName() string {
	number := strconv.Itoa(os.Geteuid())
	u, err := user.LookupId(number)
	if err != nil {
		return number
	}
	if safe := unsafeName.ReplaceAllString(u.Username, "_"); safe != u.Username || safe == "" {
		return safe + "_" + number
	}
	return u.Username
}
