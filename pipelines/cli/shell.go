package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/chzyer/readline"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

const shellHelp = `SQLは「;」か空行で実行する。何行に分けてもよい。

  .examples                 使える例の一覧
  .run 例の名前 [引数=値…]   例を実行する
  .tables [語]              表の一覧
  .describe 表の名前         表の列と説明
  .macros [語]              計算の決まり（マクロ）と例
  .comments on|off          結果に列の説明を付けるか
  .output ファイル           次の結果をファイルに書く（.csv .xlsx .json .parquet .md）
  .runs                     残っている実行の一覧
  .open 実行                 前の実行を見る（番号、前回、先月、2026-10）
  .before 実行               前の実行と比べる（before.marts.表 と書く）
  .refresh                  新しく更新されたものに替える
  .help                     この説明
  .quit                     終わる（Ctrl-D でも）

Tab で表・列・マクロの名前を補う。Ctrl-C は、実行中の問合せか、打ちかけの行を取り消す。
`

// dotCommand tells a command from SQL, also between the lines of a query.
var dotCommand = regexp.MustCompile(`^\.[a-z]`)

// lineMark stands for the line breaks of a query in the history, which has a line a query.
const lineMark = "⏎"

const (
	prompt     = "kyogikai> "
	morePrompt = "      ...> "
)

// shell is the dialogue: lines in, answers out, until .quit or Ctrl-D.
func (a *querier) shell(ctx context.Context) error {
	a.o.wait(noEnd)
	// Ctrl-C is the query's here, not the program's; only SIGTERM ends the session.
	ctx, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	line, err := readline.NewEx(&readline.Config{
		Prompt: prompt, HistorySearchFold: true, AutoComplete: &completer{a: a, ctx: ctx}, HistoryLimit: historyLines,
		InterruptPrompt: "^C", EOFPrompt: ".quit", DisableAutoSaveHistory: true, Stderr: a.o.rawStderr,
	})
	if err != nil {
		return fmt.Errorf("opening the terminal: %w", err)
	}
	defer line.Close() //nolint:errcheck // the session is over
	for _, l := range history() {
		_ = line.SaveHistory(l) // there is no file behind it
	}
	if !a.opts.again {
		printable.Fprintf(a.o.Stdout, "実行 %s を見ています（読むだけ）。.help で使い方、.examples で例、.quit で終わり。\n", a.session.Run)
	}
	var typed []string
	for ctx.Err() == nil {
		a.tellNewer(line)
		text, err := line.Readline()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			typed = nil
			line.SetPrompt(prompt)
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading the terminal: %w", err)
		}
		trimmed := strings.TrimSpace(text)
		if dotCommand.MatchString(trimmed) {
			a.keep(line, trimmed)
			if trimmed == ".quit" || trimmed == ".exit" {
				return nil
			}
			err := a.said(ctx, func(ctx context.Context) error { return a.command(ctx, strings.Fields(trimmed)) })
			if err != nil {
				return err
			}
			continue
		}
		if trimmed != "" {
			typed = append(typed, strings.ReplaceAll(text, lineMark, "\n"))
		}
		if len(typed) == 0 || trimmed != "" && !strings.HasSuffix(trimmed, ";") {
			if len(typed) > 0 {
				line.SetPrompt(morePrompt)
			}
			continue
		}
		query := strings.Join(typed, "\n")
		typed = nil
		line.SetPrompt(prompt)
		a.keep(line, strings.ReplaceAll(query, "\n", lineMark))
		if err := a.said(ctx, func(ctx context.Context) error { return a.statement(ctx, query) }); err != nil {
			return err
		}
	}
	return nil
}

// keep keeps a line in the history.
func (a *querier) keep(line *readline.Instance, text string) {
	_ = line.SaveHistory(text)
	_ = a.host.remember(text) // a history that cannot be kept is no matter
}

// said does something that Ctrl-C cancels, and tells what went wrong. The dialogue goes on, but where something does
// not stop that was told to: then another process has to go on with it.
func (a *querier) said(ctx context.Context, do func(ctx context.Context) error) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	err := do(ctx)
	var usage usageError
	switch {
	case err == nil:
	case errors.Is(err, context.Canceled):
		printable.Fprintln(a.o.Stderr, "取り消しました。"+a.lost())
	case errors.As(err, &usage):
		printable.Fprintln(a.o.Stderr, printable.Block(usage.text))
	case a.spent:
		printable.Fprintln(a.o.Stderr, printable.Block(fault.Text(err)+"。"+lostTables))
	default:
		printable.Fprintln(a.o.Stderr, printable.Block(fault.Text(err)))
	}
	if a.stuck || a.spent || a.full(ctx) {
		return codeError(again)
	}
	return a.host.change(dialogueState{Run: a.opts.run, Before: a.opts.before, Comments: a.opts.comments})
}

// full reports whether the answers of before have left so much behind that there is little room for the next, and there
// is nothing of the person's own in this process: another one has more, and nobody need notice.
func (a *querier) full(ctx context.Context) bool {
	if bounded.Used() < a.opts.most/2 && bounded.Left() > a.opts.most/2 {
		return false
	}
	r, err := a.session.Reader().Query(ctx, "SELECT count(*) FROM duckdb_tables() WHERE temporary")
	return err != nil || result.Text(r.Rows[0][0]) == "0"
}

// statement answers a query that was typed, into the file that .output has named.
func (a *querier) statement(ctx context.Context, query string) error {
	values, err := params(a.opts.params)
	if err != nil {
		return err
	}
	return a.ask(ctx, query, values, a.takeOutput())
}

// takeOutput is the file for the next result; after that, results go to the terminal again.
func (a *querier) takeOutput() string {
	output := a.opts.output
	if a.opts.output = ""; output == "" {
		a.opts.format = "table"
	}
	return output
}

// command does what a line says that begins with a point.
func (a *querier) command(ctx context.Context, words []string) error {
	rest := words[1:]
	arg := strings.Join(rest, " ")
	switch words[0] {
	case ".help":
		fmt.Fprint(a.o.Stdout, shellHelp)
	case ".examples":
		return a.listExamples()
	case ".run":
		if len(rest) == 0 {
			return usageError{".run の後に例の名前を書いてください。一覧は .examples で見られます"}
		}
		return a.runExample(ctx, strings.TrimPrefix(rest[0], "@"), rest[1:], a.takeOutput())
	case ".tables":
		return a.show(ctx, tablesQuery, map[string]any{"word": arg})
	case ".describe":
		return a.describe(ctx, arg)
	case ".macros":
		return a.macros(ctx, arg)
	case ".comments":
		a.opts.comments = arg != "off"
	case ".output":
		next := a.opts
		next.output = arg
		if arg == "" {
			return usageError{".output の後にファイルの名前を書いてください"}
		}
		if err := next.check(false); err != nil {
			return err
		}
		a.opts = next
	case ".runs":
		kept, err := warehouse.Kept(a.env.WarehouseDir())
		if err != nil {
			return err
		}
		printable.Fprintln(a.o.Stdout, printable.Block(strings.Join(kept, "\n")))
	case ".open", ".before", ".refresh":
		return a.switchRun(ctx, words[0], arg)
	default:
		return usageError{words[0] + " という命令はありません。.help で使い方が見られます"}
	}
	return nil
}

// tablesQuery lists the tables that there are, with what they hold.
const tablesQuery = `SELECT schema_name || '.' || table_name AS 表, comment AS 説明 FROM duckdb_tables()
	WHERE schema_name IN ('marts', 'staging', 'raw', 'meta', 'lists') AND database_name = current_database()
		AND contains(table_name || coalesce(comment, ''), $word)
	ORDER BY list_position(['marts', 'lists', 'meta', 'staging', 'raw'], schema_name), table_name`

// showTables is how other databases are asked for their tables; here it would show those of an empty schema.
var showTables = regexp.MustCompile(`(?i)^\s*SHOW\s+TABLES\s*;?\s*$`)

// switchRun opens another run, or a run to compare with. Where that fails, the session stays as it was.
func (a *querier) switchRun(ctx context.Context, command, word string) error {
	before := a.opts
	switch command {
	case ".open":
		a.opts.run = word
	case ".before":
		a.opts.before = word
	default:
		a.opts.run = ""
	}
	if err := a.open(ctx); err != nil {
		a.opts = before
		return err
	}
	printable.Fprintf(a.o.Stdout, "実行 %s を見ています。", a.session.Run)
	if a.session.Before != "" {
		printable.Fprintf(a.o.Stdout, "before は %s です。", a.session.Before)
	}
	printable.Fprintln(a.o.Stdout)
	return nil
}

// show prints the program's own question as a table, whatever the form of results is.
func (a *querier) show(ctx context.Context, query string, values map[string]any) error {
	q, err := result.Question(ctx, a.session, query)
	if err != nil {
		return err
	}
	rows, err := a.session.Ask(ctx, q, warehouse.ForPeople, values)
	if err != nil {
		return err
	}
	defer rows.Close()
	how := result.TableOptions{}
	if a.o.terminal() {
		how.Width = readline.GetScreenWidth()
	}
	n, _, err := result.Table(a.o.Stdout, how, rows.Columns, rows)
	if err == nil && n == 0 {
		err = usageError{"当てはまるものがありません"}
	}
	return err
}

func (a *querier) describe(ctx context.Context, name string) error {
	schema, table, found := strings.Cut(name, ".")
	if !found {
		schema, table = "marts", name
	}
	if err := a.show(ctx, `SELECT column_name AS 列,
		CASE WHEN data_type LIKE 'STRUCT(field%' THEN '出どころ' ELSE data_type END AS 型, comment AS 説明
		FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = $schema AND table_name = $table
			ORDER BY column_index`,
		map[string]any{"schema": schema, "table": table}); err != nil {
		var usage usageError
		if errors.As(err, &usage) {
			return usageError{"表「" + name + "」がありません。一覧は .tables で見られます"}
		}
		return err
	}
	return nil
}

// macros prints the rules that queries can call, with the first lines of their files: what they are, and an example.
func (a *querier) macros(ctx context.Context, word string) error {
	r, err := a.session.Reader().Query(
		ctx, `SELECT name, sql FROM meta.models WHERE file LIKE 'sql/macros/%' ORDER BY name`,
	)
	if err != nil {
		return fmt.Errorf("reading the macros: %w", err)
	}
	for _, row := range r.Rows {
		name, text := result.Text(row[0]), result.Text(row[1])
		var head []string
		for _, line := range strings.Split(text, "\n") {
			comment, ok := strings.CutPrefix(line, "-- ")
			if !ok {
				break
			}
			head = append(head, comment)
		}
		if word == "" || strings.Contains(name+strings.Join(head, ""), word) {
			printable.Fprintf(a.o.Stdout, "%s\n    %s\n", name, printable.Block(strings.Join(head, "\n    ")))
		}
	}
	return nil
}

// tellNewer says once that something newer was published: the session stays on what it has opened.
func (a *querier) tellNewer(line *readline.Instance) {
	_, now, err := warehouse.Current(a.env.WarehouseDir())
	if err == nil && now > a.session.Run && a.opts.run == "" && a.newest != now {
		a.newest = now
		printable.Fprintf(line.Stderr(), "新しく更新されました: %s。.refresh で替えられます。\n",
			runs.Named(now, a.env.Clock().Location()))
	}
}

// historyFile is where the lines of dialogues are kept, "" where a person has no place of their own.
func historyFile() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".kyogikai_history")
}

// How many lines of dialogues are kept, and for whom to read.
const (
	historyLines = 500
	historyMode  = 0o600
)

// history are the lines of earlier dialogues, the newest last.
func history() []string {
	data, err := os.ReadFile(historyFile())
	if err != nil {
		return nil
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	return lines[max(0, len(lines)-historyLines):]
}

// shortenHistory leaves the newest lines alone once there are twice as many.
func shortenHistory() {
	data, err := os.ReadFile(historyFile())
	if err != nil || strings.Count(string(data), "\n") < 2*historyLines {
		return
	}
	if atomicfile.Write(historyFile(), []byte(strings.Join(history(), "\n")+"\n")) == nil { // else it grows on
		_ = os.Chmod(historyFile(), historyMode)
	}
}

// completer completes the names of tables, columns and macros from the catalogue of the run that is open.
type completer struct {
	a     *querier
	ctx   context.Context // the library calls Do without one
	run   string
	words []string
}

var shellWords = []string{
	".examples", ".run ", ".tables", ".describe ", ".macros", ".comments ", ".output ", ".runs", ".open ", ".before ",
	".refresh", ".help", ".quit",
	"SELECT", "FROM", "WHERE", "GROUP BY ALL", "ORDER BY", "LIMIT", "DISTINCT", "HAVING", "LEFT JOIN", "USING",
}

// Do implements readline.AutoCompleter: what may follow the word before the cursor, and how much of it is typed.
func (c *completer) Do(line []rune, pos int) ([][]rune, int) {
	start := pos
	for start > 0 && !strings.ContainsRune(" \t(),=<>+-*/'\"", line[start-1]) {
		start--
	}
	typed := strings.ToLower(string(line[start:pos]))
	if typed == "" { // a tab that was pasted is a space
		return [][]rune{[]rune(" ")}, 0
	}
	var out [][]rune
	for _, w := range c.candidates() {
		if strings.HasPrefix(strings.ToLower(w), typed) {
			out = append(out, []rune(w)[pos-start:])
		}
	}
	return out, pos - start
}

// candidateTime is how long completion may take: a key must not hang.
const candidateTime = time.Second

func (c *completer) candidates() []string {
	if c.run == c.a.session.Run {
		return c.words
	}
	ctx, cancel := context.WithTimeout(c.ctx, candidateTime)
	defer cancel()
	words := slices.Clone(shellWords)
	r, err := c.a.session.Reader().Query(ctx, `
		SELECT schema_name || '.' || table_name FROM duckdb_tables()
			WHERE schema_name IN ('marts', 'meta', 'staging', 'raw', 'lists')
		UNION SELECT column_name FROM duckdb_columns() WHERE schema_name IN ('marts', 'meta')
		UNION SELECT name || '(' FROM meta.models WHERE file LIKE 'sql/macros/%'`)
	if err == nil {
		for _, row := range r.Rows {
			words = append(words, result.Text(row[0]))
		}
	}
	if all, err := result.Examples(c.a.env.Project); err == nil {
		for _, e := range all {
			words = append(words, e.Name)
		}
	}
	slices.Sort(words)
	c.words, c.run = slices.Compact(words), c.a.session.Run
	return c.words
}
