package cli

import (
	"encoding/json"
	"errors"
	"os"
	"os/user"
	"strconv"
	"time"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// host does for a session of SQL what the session itself may not, since it runs statements of people: all that is
// written to the disk.
type host interface {
	begin(l logged) error                 // a query begins
	answered() error                      // the database is done with it, and its result is being written
	done(l logged) error                  // it has ended
	verify(run string) error              // whether the file of a run is what the run has published
	create(path string) (*os.File, error) // opens what is to take the place of a file
	keep() error                          // puts it there
	remember(line string) error           // in the history of the dialogue
	change(d dialogueState) error         // what another process would have to begin with
}

// dialogueState is what a dialogue has been told to look at.
type dialogueState struct {
	Run      string `json:"run,omitempty"`
	Before   string `json:"before,omitempty"`
	Comments bool   `json:"comments,omitempty"`
	Again    bool   `json:"again,omitempty"` // a process before this one has ended over a query
}

// logged is a line of the query log.
type logged struct {
	At      time.Time      `json:"at"`
	User    string         `json:"user"`
	Run     string         `json:"run_id"`
	Query   string         `json:"query"`
	Params  map[string]any `json:"params,omitempty"`
	Before  string         `json:"before,omitempty"`
	Output  string         `json:"output,omitempty"`
	Rows    int            `json:"rows"`
	Seconds float64        `json:"seconds"`
	Error   string         `json:"error,omitempty"`
}

// desk is the host in the process that it serves, or that supervises it.
type desk struct {
	o     *options
	env   project.Env
	file  *resultFile // the one that is being written
	state dialogueState
	told  bool // that queries are not logged
}

func (d *desk) begin(logged) error { return nil }

func (d *desk) answered() error { return nil }

// done keeps who asked what. Where it cannot be kept, the query is answered all the same, and the person is told, once.
func (d *desk) done(l logged) error {
	if d.file != nil {
		d.file.drop()
		d.file = nil
	}
	l.User = who(d.env)
	line, err := json.Marshal(l)
	if err == nil {
		err = runs.LogQuery(d.env.Outputs, l.At.In(d.env.Clock().Location()), printable.JSON(line))
	}
	if err != nil && !d.told {
		d.told = true
		printable.Fprintf(d.o.Stderr, "注意: 問合せの記録を残せません（%s）。答えは変わりません。サーバを管理する人に知らせてください。\n", fault.Text(err))
	}
	return nil
}

func (d *desk) verify(run string) error { return runs.Verify(d.env.Outputs, run, runs.ByState) }

func (d *desk) create(path string) (*os.File, error) {
	f, err := newResultFile(d.env, path)
	if err != nil {
		return nil, err
	}
	d.file = f
	return f.next, nil
}

func (d *desk) keep() error {
	f := d.file
	if d.file = nil; f == nil {
		return errors.New("nothing was written")
	}
	return f.keep()
}

func (d *desk) remember(line string) error {
	f, err := os.OpenFile(historyFile(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, historyMode)
	if err != nil {
		return nil //nolint:nilerr // a history that cannot be kept is no matter
	}
	_, _ = f.WriteString(line + "\n")
	_ = f.Close()
	return nil
}

func (d *desk) change(s dialogueState) error {
	d.state = s
	return nil
}

// who is the person who asks: behind sudo, the one before it.
func who(env project.Env) string {
	if env.Getenv != nil && os.Getuid() == 0 { // anybody else could say any name
		if name := env.Getenv("SUDO_USER"); name != "" {
			return name
		}
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return strconv.Itoa(os.Getuid())
}
