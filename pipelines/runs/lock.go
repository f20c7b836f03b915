package runs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"kyogikai/pipelines/atomicfile"
)

// LockedError says that another run, or scheduler, holds the lock, and which.
type LockedError struct {
	Holder    string
	Scheduler bool
}

func (e *LockedError) Error() string {
	if e.Scheduler {
		return "別の kyogikai serve が動いています（" + e.Holder + "）。一つの outputs で動かすのは一つだけです。予定の実行は、動いているほうが行います"
	}
	return "別の実行が動いています（" + e.Holder + "）。終わるのを待ってから、もう一度実行してください。いまのデータは変わりません"
}

// Lock takes the lock of an outputs folder. It goes with the process, however that ends.
func Lock(outputs, holder string) (release func(), err error) { return lock(outputs, runLock, holder) }

// LockSchedule takes the lock of the scheduler of an outputs folder: there is one, beside which runs go on.
func LockSchedule(outputs, holder string) (release func(), err error) {
	return lock(outputs, scheduleLock, holder)
}

// Names of the locks.
const (
	runLock      = ".lock"
	scheduleLock = ".serve"
)

func lock(outputs, name, holder string) (release func(), err error) {
	if err := atomicfile.MkdirAll(outputs); err != nil {
		return nil, fmt.Errorf("%s を作れません。権限を確かめるか、--outputs で場所を指定してください: %w", outputs, err)
	}
	f, err := os.OpenFile(filepath.Join(outputs, name), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("%s に書き込めません。権限を確かめてください。いまのデータは変わりません: %w", outputs, err)
	}
	_ = f.Chmod(0o644) // whoever may read what is published may look whether a run is under way
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	for range lookTries { // somebody may only be looking whether a run is under way
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			break
		}
		time.Sleep(lookTime)
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		defer f.Close() //nolint:errcheck // nothing was written
		if errors.Is(err, syscall.EWOULDBLOCK) {
			who, _ := os.ReadFile(f.Name())
			return nil, &LockedError{strings.TrimSpace(string(who)), name == scheduleLock}
		}
		return nil, fmt.Errorf("taking the lock: %w", err)
	}
	if err := settle(outputs); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(holder+"\n"), 0) // who holds it is a courtesy, the lock holds without it
	}
	return func() { _ = f.Close() }, nil
}

// settle puts on disk what a run that was killed has renamed and had not put there: what this one sees and builds on
// must not be gone after a power cut.
func settle(outputs string) error {
	entries, err := os.ReadDir(outputs)
	if err != nil {
		return fmt.Errorf("listing %s: %w", outputs, err)
	}
	dirs := []string{filepath.Dir(outputs), outputs}
	for _, e := range entries {
		if e.IsDir() {
			dirs = append(dirs, filepath.Join(outputs, e.Name()))
		}
	}
	if err := atomicfile.Sync(dirs...); err != nil {
		return fmt.Errorf("%s をディスクに書き込めません。ディスクの状態を確かめてください。いまのデータは変わりません: %w", outputs, err)
	}
	return nil
}

// A look at the lock takes much less than this.
const (
	lookTries = 4
	lookTime  = 25 * time.Millisecond
)

// UnderWay reports whether a run holds the lock of an outputs folder.
func UnderWay(outputs string) bool { return held(outputs, runLock) }

// Scheduled reports whether a scheduler holds its lock of an outputs folder: the jobs of the settings are run.
func Scheduled(outputs string) bool { return held(outputs, scheduleLock) }

func held(outputs, name string) bool {
	f, err := os.Open(filepath.Join(outputs, name))
	if err != nil {
		return false
	}
	defer f.Close() //nolint:errcheck // nothing is written
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
