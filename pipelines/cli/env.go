package cli

import (
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"kyogikai/pipelines/council"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/serve"
	"kyogikai/pipelines/warehouse"
)

// env makes the run's surroundings from the flags. Templates, meetings and sql belong to the folder of --config;
// where it has none, the copies in the binary serve.
func (o *options) env() (project.Env, error) {
	dir := filepath.Dir(o.config)
	if o.config != project.SettingsFile && !o.begins {
		if _, err := os.Stat(o.config); err != nil {
			return project.Env{}, usageError{"設定ファイル " + o.config + " がありません"}
		}
	}
	own := layered{own: os.DirFS(dir), embedded: o.Embedded, settings: filepath.Base(o.config)}
	settings, err := settingsOf(own, filepath.Base(o.config))
	if err != nil {
		return project.Env{}, err
	}
	zone, err := project.Env{Settings: settings}.Zone()
	if err != nil {
		return project.Env{}, err
	}
	log := o.logger(zone)
	e := project.Env{
		Project: own, Inputs: o.inputs, Outputs: o.outputsDir(), Settings: settings, Log: log, Version: version(),
		Clock: func() time.Time { return o.Clock().In(zone) }, Getenv: o.Getenv, Progress: o.progress(log), Usage: usage,
		RunLog: func(w io.Writer) *slog.Logger { return o.runLog(w, zone) },
		Self:   o.Self,
	}
	if e.Inputs == "" {
		e.Inputs = filepath.Join(dir, "inputs")
	}
	now := e.Clock()
	e.AsOf = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	if o.asOf != "" {
		if e.AsOf, err = fiscal.ReadDay(o.asOf); err != nil {
			return e, usageError{"--as-of の" + err.Error()}
		}
	}
	return e, nil
}

// outputsDir is where what is made goes: beside the settings, unless a flag says otherwise.
func (o *options) outputsDir() string {
	if o.outputs != "" {
		return o.outputs
	}
	return filepath.Join(filepath.Dir(o.config), "outputs")
}

// settingsOf reads the settings of a project, a file of that name, with a schedule that can be held.
func settingsOf(own fs.FS, name string) (project.Settings, error) {
	settings, err := project.LoadSettingsAs(own, name)
	if err != nil {
		return settings, err
	}
	if l, ok := own.(layered); ok {
		settings.Embedded = !l.hasSettings()
	}
	return settings, serve.Check(settings)
}

// settingsAnew reads the settings as they are at the time of asking. A file that is gone was there when env was made:
// the copy in the binary does not stand for it.
func (o *options) settingsAnew(env project.Env) func() (project.Settings, error) {
	_, missing := os.Stat(o.config)
	return func() (project.Settings, error) {
		if _, err := os.Stat(o.config); err != nil && missing == nil {
			return project.Settings{}, fmt.Errorf("設定ファイル %s がなくなりました: %w", o.config, err)
		}
		return settingsOf(env.Project, filepath.Base(o.config))
	}
}

// pick finds the run that a word names: an id, 前回, 先月, 2026-10.
func pick(env project.Env, word string) (string, error) {
	zone, err := env.Zone()
	if err != nil {
		return "", err
	}
	return runs.Pick(env.Outputs, word, env.AsOf, zone)
}

// usage is what this process has used so far.
func usage() (cpu time.Duration, peak int64) {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0, 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), u.Maxrss * 1024 // Linux counts in KiB
}

// published opens the published warehouse for a verb that only reads. The caller closes it.
func (o *options) published(ctx context.Context, look runs.Look) (project.Env, *warehouse.Reader, error) {
	env, err := o.env()
	if err != nil {
		return env, nil, err
	}
	db, err := runs.Open(ctx, env.Outputs, look)
	return env, db, err
}

// layered is the project's folder over the copies in the binary. A folder that exists on disk is used alone.
type layered struct {
	own, embedded fs.FS
	settings      string // the name of the settings file on disk
}

func (l layered) Open(name string) (fs.File, error) {
	own := name
	if name == project.SettingsFile {
		own = l.settings
	}
	f, err := l.own.Open(own)
	if errors.Is(err, fs.ErrNotExist) && !l.owns(name) {
		return l.embedded.Open(name)
	}
	return f, err
}

// hasSettings reports whether the project has settings of its own.
func (l layered) hasSettings() bool {
	_, err := fs.Stat(l.own, l.settings)
	return err == nil
}

// owns reports whether the first folder of a name (sql, templates) is the project's own. Typefaces and blocks are
// always at hand.
func (l layered) owns(name string) bool {
	for _, folder := range []string{"templates/fonts", council.BlocksDir} {
		if name == folder || filepath.Dir(name) == folder {
			return false
		}
	}
	for filepath.Dir(name) != "." {
		name = filepath.Dir(name)
	}
	info, err := fs.Stat(l.own, name)
	return err == nil && info.IsDir()
}

// version names the program by what it was built from: a run by another program reads everything anew. The linker's
// build ID follows from the program's contents; where there is none, its own bytes name it.
func version() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	f, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer f.Close() //nolint:errcheck // read only
	h := sha256.New()
	if program, err := elf.NewFile(f); err == nil {
		if note := program.Section(".note.go.buildid"); note != nil {
			if id, err := note.Data(); err == nil && len(id) > 0 {
				sum := sha256.Sum256(id)
				return hex.EncodeToString(sum[:])[:16]
			}
		}
	}
	if _, err := io.Copy(h, f); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
