package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/chzyer/readline"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/warehouse"
)

// sessionVariable tells a process that it is a session's own, and of which.
const sessionVariable = "KYOGIKAI_SQL_SESSION"

// session is what the process of a session is told at its start.
type session struct {
	Folder string        `json:"folder"`
	State  dialogueState `json:"state"`
}

// What the process of a session has from its parent beside the standard files.
const (
	lineFile   = 3
	stderrFile = 4 // its own gets what libraries say when they end the program
)

const (
	// told is added to the code with which the process of a session ends that has said what there was to say. Go itself
	// ends a program with 2.
	told = 64
	// again is that code where a dialogue goes on in another process.
	again = 63

	lostTables = "この接続で作った一時的な表はなくなりました。"
	// grace is how much longer than the query itself the process of a session has.
	grace = stuck + time.Second/2
	// roomBesideEngine is what such a process may use beside what the database keeps in memory.
	roomBesideEngine = 192 << 20
)

// asSession makes this process the one of a session where its parent says so, and answers from within. Else the host is
// nil.
func (o *options) asSession() (s session, h host, err error) {
	given := ""
	if o.Getenv != nil {
		given = o.Getenv(sessionVariable)
	}
	if given == "" {
		return s, nil, nil
	}
	if err := json.Unmarshal([]byte(given), &s); err != nil {
		return s, nil, fmt.Errorf("reading %s: %w", sessionVariable, err)
	}
	line, err := bounded.LineOn(os.NewFile(lineFile, "line"))
	if err != nil {
		return s, nil, err
	}
	syscall.CloseOnExec(stderrFile)
	o.rawStderr = os.NewFile(stderrFile, "stderr")
	o.Stderr = printable.NewWriter(o.rawStderr)
	return s, remote{line}, nil
}

// supervisor runs sessions in processes of their own, one after another.
type supervisor struct {
	o     *options
	env   project.Env
	opts  sqlOptions
	talks bool
	desk  *desk

	mu      sync.Mutex
	child   *bounded.Child
	pending *logged // the query under way
	asked   int     // queries of this process
	state   dialogueState
	noise   tail
}

// supervise answers in a process of its own, and says what became of it where it cannot say so itself.
func (o *options) supervise(ctx context.Context, env project.Env, q sqlOptions, talks bool) error {
	if _, err := warehouse.Kept(env.WarehouseDir()); err != nil {
		return err
	}
	folder, err := warehouse.SessionFolder(env.WarehouseDir())
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the next session removes it
	s := &supervisor{o: o, env: env, opts: q, talks: talks, desk: &desk{o: o, env: env}}
	if talks {
		o.wait(noEnd) // Ctrl-C is the query's there
		shortenHistory()
	}
	restore := terminalState()
	for {
		code, err := s.run(ctx, folder)
		restore()
		if err == nil && code == again || err != nil && s.goesOn(err) {
			s.state.Again = true
			continue
		}
		if err != nil {
			return err
		}
		return codeError(code)
	}
}

// goesOn tells in a dialogue that the process has ended over a query, and reports whether there is to be another.
func (s *supervisor) goesOn(err error) bool {
	var ended *sessionError
	if !s.talks || s.asked == 0 || !errors.As(err, &ended) {
		return false
	}
	printable.Fprintln(s.o.Stderr, printable.Block(ended.Error()))
	return true
}

// run is the life of one process. The code is what the person gets, without told.
func (s *supervisor) run(ctx context.Context, folder string) (code int, err error) {
	line, theirs, err := bounded.NewLine()
	if err != nil {
		return 0, err
	}
	defer line.Close()
	c, err := s.command(folder, theirs)
	if err != nil {
		return 0, err
	}
	s.asked, s.pending, s.noise = 0, nil, tail{}
	child, err := bounded.Start(context.WithoutCancel(ctx), c, s.limits(folder))
	_ = theirs.Close()
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	s.child = child
	s.mu.Unlock()
	if free := child.Confined(); free != nil {
		s.env.Log.Debug("the system does not hold a session to its folder", "error", free)
	}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = attend(line, s) // it ends with the process
	}()
	err = s.wait(ctx, child)
	line.Close()
	<-served
	return s.ended(ctx, err)
}

// command is this program again, with the same command line.
func (s *supervisor) command(folder string, line *os.File) (*exec.Cmd, error) {
	told, err := json.Marshal(session{Folder: folder, State: s.state})
	if err != nil {
		return nil, fmt.Errorf("starting a session: %w", err)
	}
	c := exec.Command(s.o.Self, s.o.args...)
	c.Stdin, c.Stdout, c.Stderr = s.o.Stdin, s.o.rawStdout, &s.noise
	c.ExtraFiles = []*os.File{line, s.stderr()}
	c.Env = append(os.Environ(), sessionVariable+"="+string(told), "TMPDIR="+folder)
	return c, nil
}

// stderr is the file to which people are told things.
func (s *supervisor) stderr() *os.File {
	if f, ok := s.o.rawStderr.(*os.File); ok {
		return f
	}
	return os.Stderr
}

// limits are those of the process: above what the database keeps in memory there is room for the rest of the program.
func (s *supervisor) limits(folder string) bounded.Limits {
	set := s.env.Settings.Limits
	cpu := set.SQLCPU
	if s.opts.timeout > set.SQLTime { // who gives it more time gives it the processor too
		cpu = time.Duration(float64(cpu) * float64(s.opts.timeout) / float64(set.SQLTime))
	}
	return bounded.Limits{
		Memory: s.opts.most + roomBesideEngine, CPU: cpu, Time: s.opts.timeout + grace, Folder: folder,
		FileSize: max(set.SQLSpill, set.SQLOutput),
	}
}

// wait waits for the end of the process. Told to stop, it stops by itself, or is stopped.
func (s *supervisor) wait(ctx context.Context, child *bounded.Child) error {
	stop := ctx.Done()
	if s.talks { // Ctrl-C is the query's there
		terminate := make(chan os.Signal, 1)
		signal.Notify(terminate, syscall.SIGTERM)
		defer signal.Stop(terminate)
		stopped := make(chan struct{})
		defer close(terminate)
		go func() {
			if _, told := <-terminate; told {
				close(stopped)
			}
		}()
		stop = stopped
	}
	select {
	case <-child.Ended():
	case <-stop:
		child.Signal(syscall.SIGTERM)
		select {
		case <-child.Ended():
		case <-time.After(grace):
			child.Kill()
		}
	}
	return child.Wait()
}

// sessionError says how the process of a session ended over a query.
type sessionError struct{ text string }

func (e *sessionError) Error() string { return e.text }

// ended says how the process has ended.
func (s *supervisor) ended(ctx context.Context, err error) (code int, _ error) {
	var end *bounded.EndError
	switch {
	case err == nil: // it would have said so
		return exitDone, nil
	case !errors.As(err, &end):
		return 0, err
	case end.Code == again:
		return again, nil
	case end.Code >= told:
		return end.Code - told, nil
	case end.Signal == syscall.SIGPIPE: // nobody reads on
		return exitFailed, nil
	case ctx.Err() != nil && !s.talks:
		s.close(errInterrupted)
		return 0, ctx.Err()
	}
	if s.o.debug {
		printable.Fprintln(s.o.Stderr, printable.Block("debug: "+end.Error()+"\n"+s.noise.String()))
	}
	says := &sessionError{s.says(end)}
	s.close(says)
	return 0, says
}

var errInterrupted = errors.New("中断しました")

// close notes in the log a query that could not do so itself.
func (s *supervisor) close(err error) {
	s.mu.Lock()
	l := s.pending
	s.mu.Unlock()
	if l == nil {
		return
	}
	l.Error, l.Seconds = err.Error(), s.env.Clock().Sub(l.At).Seconds()
	_ = s.desk.done(*l) // it tells itself what it cannot do
}

// says is what a person is told of a process that ended over a query.
func (s *supervisor) says(end *bounded.EndError) string {
	switch end.Limit {
	case bounded.Memory:
		return "メモリの上限（" + limits.Amount(limits.Bytes, s.opts.most) + "）を超えたので、問合せを打ち切りました。" + lostTables +
			"条件を絞るか、先に集計してください（上限は --memory 2GB のように増やせます）。"
	case bounded.CPU:
		return "CPUの時間の上限（" + limits.Amount(limits.Seconds, int64(s.limits("").CPU)) + "）を超えたので、問合せを打ち切りました。" +
			lostTables + "条件を絞るか、先に集計してください（上限は設定の sql_cpu で変えられます）。"
	case bounded.Time:
		return s.opts.tooSlow(lostTables) + "。"
	case bounded.None:
	}
	return "問合せの途中でデータベースが止まりました（式の入れ子が深すぎるか、メモリが足りません）。" + lostTables +
		"式を分けるか、条件を絞ってください。いまのデータは変わりません。"
}

func (s *supervisor) begin(l logged) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	s.pending = &l
	s.child.Begin()
	return s.desk.begin(l)
}

// answered ends the time of the query: how long its result takes to be written, is for whoever reads it to say.
func (s *supervisor) answered() error {
	s.child.Done()
	return nil
}

func (s *supervisor) done(l logged) error {
	s.mu.Lock()
	s.pending = nil
	s.child.Done()
	s.mu.Unlock()
	return s.desk.done(l)
}

func (s *supervisor) change(d dialogueState) error {
	s.state = d
	return nil
}

func (s *supervisor) verify(run string) error              { return s.desk.verify(run) }
func (s *supervisor) create(path string) (*os.File, error) { return s.desk.create(path) }
func (s *supervisor) keep() error                          { return s.desk.keep() }
func (s *supervisor) remember(line string) error           { return s.desk.remember(line) }

// terminalState puts the terminal back as it is now.
func terminalState() (restore func()) {
	fd := int(os.Stdin.Fd())
	was, err := readline.GetState(fd)
	if err != nil { // none
		return func() {}
	}
	return func() { _ = readline.Restore(fd, was) }
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

// tailSize is how much of it.
const tailSize = 16 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	t.kept = bytes.Clone(t.kept[max(0, len(t.kept)-tailSize):])
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
