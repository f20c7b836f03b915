package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/warehouse"
)

const (
	// stuck is how long a query that was told to stop is waited for. Some functions of the database do not listen.
	stuck     = 2 * time.Second
	quietFor  = 2 * time.Second // before a slow query shows that it is running
	spinEvery = 500 * time.Millisecond
)

// querier answers queries on one run, within limits.
type querier struct {
	o       *options
	env     project.Env
	opts    sqlOptions
	host    host
	folder  string // for what does not fit into memory
	session *warehouse.Session
	out     *measured // of the query under way
	stuck   bool      // a query has not ended that was told to
	spent   bool      // the memory is used up, and may not come back
	screen  io.Writer // where results go that a person sees as they come
	spin    sync.Mutex
	shown   bool   // that a query is running
	silent  bool   // a result is being written
	newest  string // the run of which the person has been told that it is newer
}

func newQuerier(
	ctx context.Context, o *options, env project.Env, q sqlOptions, h host, folder string,
) (*querier, error) {
	a := &querier{o: o, env: env, opts: q, host: h, folder: folder}
	return a, a.open(ctx)
}

// open opens the session that the options name.
func (a *querier) open(ctx context.Context) error {
	run, before := a.opts.run, a.opts.before
	var err error
	for _, word := range []*string{&run, &before} {
		if *word != "" {
			if *word, err = pick(a.env, *word); err != nil {
				return err
			}
		}
	}
	old := a.session
	if old != nil {
		a.close() // the database shares what is open in one process, its locks too
	}
	how := warehouse.SessionOptions{
		Run: run, Before: before, Memory: engineSize(a.opts.most), Spill: engineSize(a.env.Settings.Limits.SQLSpill),
		Folder: a.folder, Zone: a.env.Settings.Timezone, Verify: a.host.verify,
	}
	s, err := warehouse.NewSession(ctx, a.env.WarehouseDir(), how)
	if err != nil && old != nil { // the dialogue goes on with what it had
		how.Run, how.Before = old.Run, old.Before
		if again, reopened := warehouse.NewSession(ctx, a.env.WarehouseDir(), how); reopened == nil {
			a.session, a.stuck = again, false
		}
	}
	if err != nil {
		return err
	}
	a.session, a.stuck = s, false
	return nil
}

// close closes the session, which was only read. A query that is still at work would hold it up.
func (a *querier) close() {
	if !a.stuck {
		_ = a.session.Close()
	}
}

// params are the values of $names, from year=2024.
func params(given []string) (map[string]any, error) {
	out := map[string]any{}
	for _, g := range given {
		name, value, ok := strings.Cut(g, "=")
		if name = strings.TrimPrefix(strings.TrimSpace(name), "$"); !ok || name == "" {
			return nil, usageError{"引数は「名前=値」の形で書いてください: " + g}
		}
		out[name] = value // as text: the query says what it is to be
	}
	return out, nil
}

// ask answers one query into the output, "" for standard output.
func (a *querier) ask(ctx context.Context, query string, values map[string]any, output string) error {
	if showTables.MatchString(query) {
		query, values = tablesQuery, map[string]any{"word": ""}
	}
	began := a.env.Clock()
	l := logged{
		At: began.UTC(), Run: a.session.Run, Before: a.session.Before, Query: query, Params: values, Output: output,
	}
	if err := a.host.begin(l); err != nil {
		return err
	}
	limited, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	a.silent, a.out = false, &measured{clock: a.env.Clock, most: a.env.Settings.Limits.SQLOutput}
	done := make(chan asked, 1)
	go func() {
		rows, err := a.run(limited, query, values, output)
		done <- asked{rows, err}
	}()
	r := a.wait(limited, stop, done, began)
	err := result.Explain(r.err, query)
	a.spent = result.OutOfMemory(r.err)
	switch {
	case r.err != nil && errors.Is(context.Cause(limited), errTooSlow):
		err = errors.New(a.opts.tooSlow(a.lost()))
	case r.err != nil && ctx.Err() != nil:
		err = ctx.Err()
	}
	l.Rows, l.Seconds = r.rows, a.env.Clock().Sub(began).Seconds()
	if err != nil {
		l.Error = err.Error()
	}
	return errors.Join(err, a.host.done(l))
}

// tooSlow says that a query took too long.
func (q sqlOptions) tooSlow(lost string) string {
	return limits.Amount(limits.Seconds, int64(q.timeout)) + "を過ぎたので打ち切りました。" + lost +
		"条件を絞るか、--timeout 5m のように延ばしてください"
}

// engineSize is a number of bytes as the database reads it.
func engineSize(n int64) string { return fmt.Sprintf("%dKiB", n>>10) }

// errTooSlow says that a query has used up its time.
var errTooSlow = errors.New("too slow")

// measured is a writer that takes no more than a query may put out, and knows for how long it had to wait for whoever
// reads: that time is not the query's.
type measured struct {
	clock  func() time.Time
	w      io.Writer
	most   int64
	taken  int64
	mu     sync.Mutex
	waited time.Duration
	since  time.Time // of a write under way
}

func (m *measured) Write(p []byte) (int, error) {
	if m.taken += int64(len(p)); m.taken > m.most {
		return 0, errors.New("結果が" + limits.Amount(limits.Bytes, m.most) + "を超えたので止めました。条件を絞るか、集計してください")
	}
	m.mu.Lock()
	m.since = m.clock()
	m.mu.Unlock()
	n, err := m.w.Write(p)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waited, m.since = m.waited+m.clock().Sub(m.since), time.Time{}
	return n, err
}

// onto makes it write to a writer.
func (m *measured) onto(w io.Writer) io.Writer {
	m.w = w
	return m
}

// wait is for how long it has waited so far.
func (m *measured) wait() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.since.IsZero() {
		return m.waited
	}
	return m.waited + m.clock().Sub(m.since)
}

// lost says what ends with a query that does not: the process that answers it.
func (a *querier) lost() string {
	if a.stuck {
		return lostTables
	}
	return ""
}

// asked is what became of a query.
type asked struct {
	rows int
	err  error
}

// wait waits for a query, stops it when its time is over, and shows on a terminal that it is running.
func (a *querier) wait(ctx context.Context, stop func(error), done <-chan asked, began time.Time) asked {
	tick := time.NewTicker(spinEvery)
	defer tick.Stop()
	over := time.NewTimer(a.opts.timeout)
	defer over.Stop()
	var given time.Duration // for what was waited for
	for {
		select {
		case r := <-done:
			a.quiet()
			return r
		case <-over.C:
			more := a.out.wait() - given
			if more <= 0 {
				stop(errTooSlow)
				continue
			}
			given += more
			over.Reset(more)
		case <-ctx.Done():
			a.quiet()
			select {
			case r := <-done:
				return r
			case <-time.After(stuck):
				a.stuck = true
				return asked{err: ctx.Err()}
			}
		case <-tick.C:
			a.busy(a.env.Clock().Sub(began))
		}
	}
}

// busy shows on a terminal that a query is running, until it has something to say.
func (a *querier) busy(took time.Duration) {
	a.spin.Lock()
	defer a.spin.Unlock()
	if took > quietFor && a.o.watched() && !a.silent {
		_, _ = io.WriteString(a.o.rawStderr, "\r\x1b[K実行中 "+strconv.Itoa(int(took.Seconds()))+"秒（Ctrl-C で止める）")
		a.shown = true
	}
}

// quiet takes that away.
func (a *querier) quiet() {
	a.spin.Lock()
	defer a.spin.Unlock()
	if a.silent = true; a.shown {
		fmt.Fprint(a.o.rawStderr, "\r\x1b[K")
		a.shown = false
	}
}

// quieting calls quiet before something is written.
type quieting struct {
	w     io.Writer
	quiet func()
}

func (q *quieting) Write(p []byte) (int, error) {
	q.quiet()
	return q.w.Write(p)
}

// run runs a query and writes its result. It counts the rows.
func (a *querier) run(ctx context.Context, query string, values map[string]any, output string) (int, error) {
	q, err := result.Question(ctx, a.session, query)
	if err != nil {
		return 0, err
	}
	format, err := sqlFormatOf(a.opts.format)
	if err != nil {
		return 0, err
	}
	var file *os.File
	if output != "" { // whether it may be written is no matter to find out at the end of a long query
		if file, err = a.host.create(output); err != nil {
			return 0, err
		}
		defer file.Close() //nolint:errcheck // of one that is kept, toFile has told
	}
	answer, err := a.session.Ask(ctx, q, format.asking, values)
	if err != nil {
		return 0, err
	}
	defer answer.Close()
	if err := a.host.answered(); err != nil {
		return 0, err
	}
	answer.Most = a.env.Settings.Limits.SQLRows
	if a.opts.comments {
		if err := a.comments(ctx, query, answer.Columns); err != nil {
			return 0, err
		}
	}
	if output != "" {
		n, err := a.toFile(ctx, format, file, answer, query)
		if err == nil {
			printable.Fprintf(a.o.Stderr, "%s に%d行を書きました。\n", output, n)
		}
		return n, err
	}
	to := a.o.Stdout
	if format.data && !a.o.terminal() { // a program reads it as it is
		to = a.o.rawStdout
	}
	w := bufio.NewWriter(a.out.onto(&quieting{to, a.quiet}))
	a.screen = w
	n, err := format.write(a, w, answer, query)
	if flushed := w.Flush(); err == nil {
		err = flushed
	}
	return n, err
}

// toFile writes a result to a file, by rename: there is a whole one or none.
func (a *querier) toFile(
	ctx context.Context, format sqlFormat, f *os.File, rows *warehouse.Rows, query string,
) (n int, err error) {
	w := bufio.NewWriter(a.out.onto(f))
	if format.toPath != nil {
		n, err = a.through(ctx, format, w, rows)
	} else {
		n, err = format.write(a, w, rows, query)
	}
	if err = errors.Join(err, w.Flush(), f.Close()); err != nil {
		return n, err
	}
	return n, a.host.keep()
}

// through writes what a library writes by its path to another file first.
func (a *querier) through(ctx context.Context, format sqlFormat, w io.Writer, rows *warehouse.Rows) (int, error) {
	path := filepath.Join(a.folder, "answer")
	defer os.Remove(path) //nolint:errcheck // it goes with its folder
	n, err := format.toPath(ctx, path, rows)
	if err != nil {
		return n, err
	}
	f, err := os.Open(path)
	if err != nil {
		return n, fmt.Errorf("reading what was written: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	_, err = io.Copy(w, f)
	return n, err
}

// comments tells what the columns of a result mean, where the tables that the query reads say so.
func (a *querier) comments(ctx context.Context, query string, columns []string) error {
	tables, err := model.Reads(ctx, a.session.Reader(), query)
	if err != nil {
		return nil //nolint:nilerr // DESCRIBE and the like have no columns of tables
	}
	r, err := a.session.Reader().Query(ctx, `SELECT column_name, schema_name || '.' || table_name, comment
		FROM duckdb_columns()
		WHERE comment IS NOT NULL AND database_name = current_database()
			AND list_contains(string_split($tables, ','), schema_name || '.' || table_name) ORDER BY ALL`,
		warehouse.Named("tables", strings.Join(tables, ",")))
	if err != nil {
		return fmt.Errorf("reading the comments: %w", err)
	}
	for _, c := range columns {
		for _, row := range r.Rows {
			if result.Text(row[0]) == c {
				printable.Fprintf(a.o.Stderr, "%s（%s）: %s\n", c, result.Text(row[1]), result.Text(row[2]))
			}
		}
	}
	return nil
}

// runExample runs an example by its name, with parameters given as year=2024.
func (a *querier) runExample(ctx context.Context, name string, given []string, output string) error {
	all, err := result.Examples(a.env.Project)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e result.Example) bool { return e.Name == name })
	if i < 0 {
		return usageError{"例「" + name + "」はありません。一覧は kyogikai sql @examples（対話では .examples）で見られます"}
	}
	e := all[i]
	values, err := params(given)
	if err != nil {
		return err
	}
	for name := range values {
		if !slices.ContainsFunc(e.Params, func(p result.Param) bool { return p.Name == name }) {
			return usageError{fmt.Sprintf("例「%s」に引数「%s」はありません（%s）", e.Name, name, paramList(e))}
		}
	}
	for _, p := range e.Params {
		value, given := values[p.Name].(string)
		if !given {
			values[p.Name] = nil
			if p.Name == "today" { // the day of the run, in the city's zone
				values[p.Name] = a.env.AsOf.Format(time.DateOnly)
			}
			continue
		}
		if values[p.Name], err = p.Read(value); err != nil {
			return usageError{err.Error()}
		}
	}
	if e.Before != "" && a.session.Before == "" {
		was := a.opts.before
		a.opts.before = e.Before
		if err := a.open(ctx); err != nil {
			a.opts.before = was
			var none *warehouse.NoRunError
			if errors.As(err, &none) {
				return fmt.Errorf(
					"%sのデータファイルがないので比べられません。--before で別の実行を指定してください（残っているのは %s）", e.Before, strings.Join(none.Kept, "、"),
				)
			}
			return err
		}
	}
	if a.o.watched() {
		printable.Fprintln(a.o.Stderr, e.Question)
	}
	return a.ask(ctx, e.SQL, values, output)
}

func paramList(e result.Example) string {
	if len(e.Params) == 0 {
		return "引数のない例です"
	}
	var out []string
	for _, p := range e.Params {
		out = append(out, p.Name+": "+p.Meaning)
	}
	return strings.Join(out, "、")
}

// listExamples prints the examples with what they answer.
func (a *querier) listExamples() error {
	all, err := result.Examples(a.env.Project)
	if err != nil {
		return err
	}
	for _, e := range all {
		printable.Fprintf(a.o.Stdout, "@%s\n    %s\n", e.Name, e.Question)
		for _, p := range e.Params {
			printable.Fprintf(a.o.Stdout, "    %s=…　%s\n", p.Name, p.Meaning)
		}
	}
	return nil
}
