package warehouse

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/big"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"kyogikai/pipelines/fault"

	"github.com/duckdb/duckdb-go/v2"
)

// Number is an exact number as decimal text, with the decimals of its column's type.
type Number string

// Short is the number without the zeros that its column's type adds behind: 1383.000000 is 1383.
func (n Number) Short() string {
	if s := string(n); strings.Contains(s, ".") {
		return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return string(n)
}

// Result is the answer to a query. A value is nil, string, bool, Number, time.Time, []any or map[string]any.
type Result struct {
	Columns []string
	Rows    [][]any
}

// Reader reads a published file. It keeps what it opened while newer runs are published.
type Reader struct {
	db  *sql.DB
	Run string
}

// Open opens the published file of a folder read-only: no file, network, extension or setting can be reached. Whether
// it is what its run has published is for the caller to find out first: runs.Open does both.
func Open(ctx context.Context, dir string) (*Reader, error) {
	path, run, err := Current(dir)
	if err != nil {
		return nil, err
	}
	return OpenFile(ctx, path, run)
}

// OpenFile opens the file of a run, as Open does.
func OpenFile(ctx context.Context, path, run string) (*Reader, error) {
	q := url.Values{
		"access_mode":                  {"read_only"},
		"enable_external_access":       {"false"},
		"autoinstall_known_extensions": {"false"},
		"autoload_known_extensions":    {"false"},
		"allow_community_extensions":   {"false"},
		"memory_limit":                 {"1GB"},
		"lock_configuration":           {"true"},
	}
	connector, err := duckdb.NewConnector(path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, &DamagedError{path, err}
	}
	r := &Reader{db: sql.OpenDB(connector), Run: run}
	if err := r.db.PingContext(ctx); err != nil {
		return nil, &DamagedError{path, err}
	}
	return r, nil
}

// Kept lists the runs whose files are kept, newest first. It returns ErrNothingPublished when there is none.
func Kept(dir string) ([]string, error) {
	_, current, err := Current(dir)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("listing runs: %w", err)
	}
	var out []string
	for _, e := range entries {
		run, ok := strings.CutSuffix(e.Name(), ".duckdb")
		if ok && run != "current" && run <= current { // a newer one was never published
			out = append(out, run)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

// NoRunError says that the file of a run is not kept, and which are.
type NoRunError struct {
	Run  string
	Kept []string
}

func (e *NoRunError) Error() string {
	return fmt.Sprintf("実行「%s」のデータファイルはありません。残っているのは %s です", e.Run, strings.Join(e.Kept[:min(len(e.Kept), 10)], "、"))
}

// DamagedError says that the published file cannot be opened.
type DamagedError struct {
	Path  string
	Cause error
}

func (e *DamagedError) Error() string {
	switch said := e.Cause.Error(); {
	case fault.NoMemory(e.Cause):
		return e.Path + ": データのファイルを開けません。" + fault.ShortOfMemory
	case errors.Is(e.Cause, fs.ErrPermission) || strings.Contains(said, "Permission denied"):
		return e.Path + ": データのファイルを読む権限がありません。読める利用者のグループに入れてもらうよう、サーバを管理する人に頼んでください"
	default:
		return fmt.Sprintf("%s: データのファイルが壊れていて、開けません。kyogikai load で作り直してください（%s）", e.Path, said)
	}
}

func (e *DamagedError) Unwrap() error { return e.Cause }

// Query runs one query; named parameters ($year) are given as sql.Named values.
func (r *Reader) Query(ctx context.Context, query string, args ...any) (Result, error) {
	return queryOn(ctx, r.db, query, args...)
}

// Has reports whether a published file has a table (marts.expected): one of an earlier program may not.
func (r *Reader) Has(ctx context.Context, table string) (bool, error) {
	there, err := r.Query(ctx, "SELECT 1 FROM duckdb_tables() WHERE schema_name || '.' || table_name = $name "+
		"AND database_name = current_database()", Named("name", table))
	if err != nil {
		return false, fmt.Errorf("looking for %s: %w", table, err)
	}
	return len(there.Rows) > 0, nil
}

// Close closes the file. It was only read: nothing can be lost by it.
func (r *Reader) Close() { _ = r.db.Close() }

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func queryOn(ctx context.Context, on querier, query string, args ...any) (Result, error) {
	rows, err := on.QueryContext(ctx, query, args...)
	if err != nil {
		return Result{}, queryError(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	columns, err := rows.Columns()
	if err != nil {
		return Result{}, fmt.Errorf("query: %w", err)
	}
	out := Result{Columns: columns}
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return Result{}, fmt.Errorf("query: %w", err)
		}
		for i := range row {
			row[i] = plain(row[i])
		}
		out.Rows = append(out.Rows, row)
	}
	if err := rows.Err(); err != nil {
		return Result{}, queryError(err)
	}
	return out, nil
}

// queryError tells a file whose blocks are damaged from a query that is wrong.
func queryError(err error) error {
	if text := err.Error(); strings.Contains(text, "computed checksum") || strings.Contains(text, "Corrupt") {
		return &DamagedError{"outputs/warehouse", err}
	}
	return fmt.Errorf("query: %w", err)
}

// plain turns the driver's values into the few kinds that the rest of the program knows.
func plain(v any) any {
	switch v := v.(type) {
	case nil, string, bool, time.Time:
		return v
	case duckdb.Decimal:
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(v.Scale)), nil)
		return Number(new(big.Rat).SetFrac(v.Value, scale).FloatString(int(v.Scale)))
	case *big.Int:
		return Number(v.String())
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
		return v
	case []byte:
		return string(v)
	case float64:
		return float(v, 64)
	case float32:
		return float(float64(v), 32)
	}
	return Number(fmt.Sprint(v))
}

// float writes a binary number with the digits that tell it from its neighbours, without an exponent.
func float(v float64, bits int) Number {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return Number(fmt.Sprint(v))
	}
	return Number(strconv.FormatFloat(v, 'f', -1, bits))
}

// Named is a named parameter of a query.
func Named(name string, value any) any { return sql.Named(name, value) }

// Text is a value as text, "" for NULL.
func Text(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}
