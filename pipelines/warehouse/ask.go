package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// For is what an answer is for.
type For int

// What an answer is for: people and text, or a file of typed columns.
const (
	ForPeople For = iota
	ForParquet
)

// plainTypes are what every form of a result can hold without loss.
var plainTypes = regexp.MustCompile(
	`^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,\d+\)|FLOAT|DOUBLE|BOOLEAN|VARCHAR|DATE|ENUM)$`,
)

// inner is what of a nested type is not the type of an element: names of fields, brackets.
var inner = regexp.MustCompile(`"(?:[^"]|"")*"|STRUCT|[(){}\[\], ]|\d`)

// cast is the type to which a column is cast before it is written, "" where it stays: times, intervals, maps and the
// like are written as the database writes them.
func (f For) cast(t string) string {
	switch {
	case f == ForParquet && t == "HUGEINT":
		return "DECIMAL(38,0)"
	case f == ForParquet && (strings.Contains(t, "ENUM") || strings.Contains(t, "JSON") || strings.Contains(
		t, "UNION",
	) || strings.Contains(t, "BIT") ||
		strings.Contains(t, "UHUGEINT") || strings.Contains(t, "BIGNUM")):
		return "VARCHAR"
	case f == ForParquet || plainTypes.MatchString(t):
		return ""
	}
	if strings.HasPrefix(t, "STRUCT") || strings.HasSuffix(t, "]") {
		for _, word := range strings.Fields(inner.ReplaceAllString(t, " ")) {
			if !plainTypes.MatchString(word) && word != "DECIMAL" || word == "DATE" {
				return "VARCHAR"
			}
		}
		return ""
	}
	return "VARCHAR"
}

// Ask begins an answer. Values are those of the question's $names. The caller closes the answer.
//
// Columns of types that only the database can write as text it casts to text itself, around the question; what runs
// then has been checked as the question was.
func (s *Session) Ask(ctx context.Context, q Question, f For, values map[string]any) (*Rows, error) {
	if q.explains {
		return s.answer(ctx, q, values)
	}
	inside, err := s.inside(ctx, q)
	if err != nil {
		return nil, err
	}
	// Nothing is computed for the types. The text stands in its first line, so that errors name the lines of the question.
	types, err := s.answerText(ctx, "SELECT * FROM ("+inside+"\n) AS t LIMIT 0", values)
	if err != nil {
		return nil, err
	}
	types.Close()
	around, needed := f.around(inside, types.Types)
	if !needed {
		return s.answer(ctx, q, values)
	}
	columns, err := s.columns(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(columns) != len(types.Columns) { // the database knows them only once it has the values
		columns = types.Columns
	}
	a, err := s.answerText(ctx, around, values)
	if err != nil {
		return nil, err
	}
	a.Columns = columns
	return a, nil
}

// inside is the text of a question as it stands between brackets: without the semicolons around it, and by its syntax
// tree the same.
func (s *Session) inside(ctx context.Context, q Question) (string, error) {
	inside := withoutSemicolons(q.text)
	if inside == q.text {
		return inside, nil
	}
	before, err := s.tree(ctx, q.text)
	if err != nil {
		return "", err
	}
	after, err := s.tree(ctx, inside)
	if err != nil {
		return "", err
	}
	if string(before) != string(after) {
		return "", &RefusedError{Why: RefusedSeveral, At: -1}
	}
	return inside, nil
}

// around is a question whose columns are cast to what an answer is for; needed is false where none has to be.
func (f For) around(inside string, types []string) (text string, needed bool) {
	var columns, casts []string
	for i, t := range types {
		name := fmt.Sprintf("c%d", i)
		columns = append(columns, name)
		if to := f.cast(t); to != "" {
			needed = true
			name = "CAST(" + name + " AS " + to + ")"
		}
		casts = append(casts, name)
	}
	return "SELECT " + strings.Join(casts, ", ") + " FROM (" + inside + "\n) AS t(" + strings.Join(columns, ", ") + ")",
		needed
}

// answerText checks a text as a question and answers it as it stands.
func (s *Session) answerText(ctx context.Context, text string, values map[string]any) (*Rows, error) {
	q, err := s.Question(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.answer(ctx, q, values)
}

// answer answers a question as it stands.
func (s *Session) answer(ctx context.Context, q Question, values map[string]any) (*Rows, error) {
	p, err := s.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	return p.answer(ctx, values)
}

// prepared is a statement that the database has prepared, on a connection of its own.
type prepared struct {
	conn *sql.Conn
	stmt *duckdb.Stmt
}

// prepare has the database prepare the text of a question, and refuses what it does not take for a statement that only
// reads: one alone, a SELECT, or an EXPLAIN of what was checked.
func (s *Session) prepare(ctx context.Context, q Question) (*prepared, error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, &AskError{err}
	}
	p := &prepared{conn: conn}
	err = conn.Raw(func(c any) error {
		stmt, err := c.(*duckdb.Conn).Prepare(q.text) // of several statements it prepares none
		if err != nil {
			return &AskError{err}
		}
		p.stmt = stmt.(*duckdb.Stmt)
		kind, err := p.stmt.StatementType()
		if err != nil {
			return &AskError{err}
		}
		reads := kind == duckdb.STATEMENT_TYPE_SELECT || q.explains && kind == duckdb.STATEMENT_TYPE_EXPLAIN
		if !reads {
			return &RefusedError{Why: RefusedStatement, At: -1}
		}
		return nil
	})
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *prepared) close() {
	if p.stmt != nil {
		_ = p.stmt.Close() // nothing was written
	}
	_ = p.conn.Close()
}

// columns are the names of what a question gives, which its own prepared statement alone knows: in brackets, one that
// stands twice gets another name. None where the database does not know them yet.
func (s *Session) columns(ctx context.Context, q Question) ([]string, error) {
	p, err := s.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	defer p.close()
	n, err := p.stmt.ColumnCount()
	if err != nil {
		return nil, &AskError{err}
	}
	out := make([]string, n)
	for i := range out {
		if out[i], err = p.stmt.ColumnName(i); err != nil {
			return nil, &AskError{err}
		}
	}
	return out, nil
}

// MissingValueError says that a question has a $name without a value.
type MissingValueError struct{ Name string }

func (e *MissingValueError) Error() string { return "引数 $" + e.Name + " の値がありません" }

// answer runs the statement. The answer closes it.
func (p *prepared) answer(ctx context.Context, values map[string]any) (*Rows, error) {
	var given []driver.NamedValue
	for i := 1; i <= p.stmt.NumInput(); i++ {
		name, err := p.stmt.ParamName(i)
		value, ok := values[name]
		if err != nil || !ok {
			p.close()
			return nil, &MissingValueError{name}
		}
		given = append(given, driver.NamedValue{Name: name, Ordinal: i, Value: value})
	}
	rows, err := p.stmt.QueryContext(ctx, given)
	if err != nil {
		p.close()
		return nil, &AskError{err}
	}
	a := &Rows{Columns: rows.Columns(), rows: rows, prepared: p}
	for i := range a.Columns {
		a.Types = append(a.Types, rows.(driver.RowsColumnTypeDatabaseTypeName).ColumnTypeDatabaseTypeName(i))
	}
	return a, nil
}

// AskError is what the database says of a query that it cannot answer.
type AskError struct{ Err error }

func (e *AskError) Error() string { return e.Err.Error() }

// Unwrap is the driver's error.
func (e *AskError) Unwrap() error { return e.Err }

// Rows is the result of a query, row by row. Types are DuckDB's names: DECIMAL(18,1), VARCHAR[].
type Rows struct {
	Columns, Types []string
	Most           int64 // how many rows may be read; 0 for all

	rows     driver.Rows
	prepared *prepared
	raw      bool // values as the driver gives them
	read     int64
}

// TooManyRowsError says that an answer has more rows than may be read.
type TooManyRowsError struct{ Most int64 }

func (e *TooManyRowsError) Error() string {
	return fmt.Sprintf("結果が%d行を超えたので止めました。条件を絞るか、集計してください", e.Most)
}

// ErrEnd says that an answer has no more rows.
var ErrEnd = errors.New("no more rows")

// Next is the next row; ErrEnd where there is none.
func (a *Rows) Next() ([]any, error) {
	values := make([]driver.Value, len(a.Columns))
	if err := a.rows.Next(values); errors.Is(err, io.EOF) {
		return nil, ErrEnd
	} else if err != nil {
		return nil, &AskError{err}
	}
	if a.read++; a.Most > 0 && a.read > a.Most {
		return nil, &TooManyRowsError{a.Most}
	}
	row := make([]any, len(values))
	for i, v := range values {
		if row[i] = v; !a.raw {
			row[i] = plain(v)
		}
	}
	return row, nil
}

// Close ends the answer.
func (a *Rows) Close() {
	_ = a.rows.Close() // what was wrong, Next has said
	a.prepared.close()
}
