package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/warehouse"
)

var memoryForm = regexp.MustCompile(`^\d+(\.\d+)?\s*[KMG]i?B$`)

const (
	spillLimit = "4GB"
	// stuck is how long a query that was told to stop is waited for. Some functions of the database do not listen.
	stuck     = 2 * time.Second
	quietFor  = 2 * time.Second // before a slow query shows that it is running
	spinEvery = 500 * time.Millisecond
)

// querier answers queries on one run, within limits, and keeps the log of them.
type querier struct {
	o       *options
	env     project.Env
	opts    sqlOptions
	session *warehouse.Session
	stuck   bool      // a query has not ended that was told to
	screen  io.Writer // where results go that a person sees as they come
	spin    sync.Mutex
	shown   bool   // that a query is running
	silent  bool   // a result is being written
	newest  string // the run of which the person has been told that it is newer
}

func newQuerier(ctx context.Context, o *options, env project.Env, q sqlOptions) (*querier, error) {
	a := &querier{o: o, env: env, opts: q}
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
		Run: run, Before: before, Memory: a.opts.memory, Spill: spillLimit, Zone: a.env.Settings.Timezone,
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

func (a *querier) close() {
	if a.stuck {
		a.session.Abandon()
		return
	}
	_ = a.session.Close() // read only
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

var paramName = regexp.MustCompile(`\$([\p{L}_][\p{L}\p{N}_]*)`)

// namedValues are the values that a query asks for by name: a value that it does not ask for would be an error of the
// database.
func namedValues(query string, values map[string]any) []any {
	var out []any
	var seen []string
	for _, m := range paramName.FindAllStringSubmatch(query, -1) {
		if v, ok := values[m[1]]; ok && !slices.Contains(seen, m[1]) {
			seen = append(seen, m[1])
			out = append(out, warehouse.Named(m[1], v))
		}
	}
	return out
}

// ask answers one query into the output, "" for standard output.
func (a *querier) ask(ctx context.Context, query string, values map[string]any, output string) error {
	began := a.env.Clock()
	limited, cancel := context.WithTimeout(ctx, a.opts.timeout)
	defer cancel()
	a.silent = false
	done := make(chan asked, 1)
	go func() {
		rows, err := a.run(limited, query, values, output)
		done <- asked{rows, err}
	}()
	r := a.wait(limited, done, began)
	err := result.Explain(r.err, query)
	switch {
	case r.err != nil && errors.Is(limited.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("%v を過ぎたので打ち切りました。条件を絞るか、--timeout を延ばしてください", a.opts.timeout)
	case r.err != nil && ctx.Err() != nil:
		err = ctx.Err()
	}
	a.log(logged{Query: query, Params: values, Output: output, Rows: r.rows}, began, err)
	return err
}

// asked is what became of a query.
type asked struct {
	rows int
	err  error
}

// wait waits for a query, and shows on a terminal that it is running.
func (a *querier) wait(ctx context.Context, done <-chan asked, began time.Time) asked {
	tick := time.NewTicker(spinEvery)
	defer tick.Stop()
	for {
		select {
		case r := <-done:
			a.quiet()
			return r
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
		fmt.Fprint(a.o.rawStderr, fmt.Sprintf("\r\x1b[K実行中 %d秒（Ctrl-C で止める）", int(took.Seconds())))
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
	if err := result.Check(ctx, a.session, query); err != nil {
		return 0, err
	}
	format, err := sqlFormatOf(a.opts.format)
	if err != nil {
		return 0, err
	}
	rows, err := a.session.Ask(ctx, query, format.asking, namedValues(query, values)...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if a.opts.comments {
		if err := a.comments(ctx, query, rows.Columns); err != nil {
			return 0, err
		}
	}
	if output == "" {
		to := a.o.Stdout
		if format.data && !a.o.terminal() { // a program reads it as it is
			to = a.o.rawStdout
		}
		w := bufio.NewWriter(&quieting{to, a.quiet})
		a.screen = w
		n, err := format.write(a, w, rows, query)
		if flushed := w.Flush(); err == nil {
			err = flushed
		}
		return n, err
	}
	return a.toFile(ctx, format, output, rows, query)
}

// toFile writes a result to a file, by rename: there is a whole one or none.
func (a *querier) toFile(
	ctx context.Context, format sqlFormat, output string, rows *warehouse.Rows, query string,
) (n int, err error) {
	mode := os.FileMode(0o644)
	if strings.HasPrefix(filepath.Clean(output), "/dev/") {
		return 0, usageError{output + " はファイルではないので、書きません。画面や次の命令に出すなら -o を付けないでください"}
	}
	if real, err := filepath.EvalSymlinks(output); err == nil { // the file that a link leads to, not the link
		output = real
	}
	if info, err := os.Stat(output); err == nil {
		if !info.Mode().IsRegular() {
			return 0, usageError{output + " はふつうのファイルではないので、書きません。画面に出すなら -o を付けないでください"}
		}
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(output), ".next-*")
	if err != nil {
		return 0, fmt.Errorf("%s に書き込めません。フォルダがあるか、権限があるかを確かめてください: %w", output, err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it is gone where it was renamed
	if format.toPath != nil {
		n, err = format.toPath(ctx, f.Name(), rows)
	} else {
		w := bufio.NewWriter(f)
		n, err = format.write(a, w, rows, query)
		err = errors.Join(err, w.Flush())
	}
	if err = errors.Join(err, os.Chmod(f.Name(), mode), f.Close()); err != nil {
		return n, err
	}
	if err := atomicfile.Place(f.Name(), output); err != nil {
		return n, fmt.Errorf("%s に書き込めません: %w", output, err)
	}
	printable.Fprintf(a.o.Stderr, "%s に%d行を書きました。\n", output, n)
	return n, nil
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
					"%sの公表ファイルがないので比べられません。--before で別の実行を指定してください（残っているのは %s）", e.Before, strings.Join(none.Kept, "、"),
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

// log keeps who asked what: outputs/queries/2026-11.jsonl. Where it cannot be kept, the query is answered all the same,
// and the person is told.
func (a *querier) log(l logged, began time.Time, failed error) {
	l.At, l.User, l.Run, l.Before = began.UTC(), who(a.env), a.session.Run, a.session.Before
	l.Seconds = a.env.Clock().Sub(began).Seconds()
	if failed != nil {
		l.Error = failed.Error()
	}
	line, err := json.Marshal(l)
	if err == nil {
		err = appendLine(filepath.Join(a.env.Outputs, "queries", began.Format("2006-01")+".jsonl"), append(line, '\n'))
	}
	if err != nil {
		printable.Fprintf(a.o.Stderr, "注意: 問合せの記録を書けません（%s）。\n", fault.Text(err))
	}
}

// appendLine adds a line to a file in one write, so that lines of several people do not mix.
func appendLine(path string, line []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_ = f.Chmod(0o664) // its group may add to it; where it is another's, it stays as it is
	_, err = f.Write(line)
	return errors.Join(err, f.Close())
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
