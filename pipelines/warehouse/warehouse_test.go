package warehouse

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// publish builds and publishes a file of one table of one value.
func publish(t *testing.T, dir, run, value string) {
	t.Helper()
	ctx := context.Background()
	b, err := Create(ctx, Path(dir, run), "")
	if err != nil {
		t.Fatal(err)
	}
	err = b.InTransaction(
		ctx, func() error { return b.Append("meta.symbols", [][]any{{"B", "progress", int32(1), value, ""}}) },
	)
	if err := errors.Join(err, b.Finish(ctx), Publish(dir, run)); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, r *Reader, query string) any {
	t.Helper()
	res, err := r.Query(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	return res.Rows[0][0]
}

func TestReaderKeepsWhatItOpened(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(context.Background(), dir); !errors.Is(err, ErrNothingPublished) {
		t.Fatalf("nothing published: %v", err)
	}
	publish(t, dir, "20250101T000000Z", "old")
	old, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	publish(t, dir, "20250102T000000Z", "new")
	if got := read(t, old, "SELECT symbol FROM meta.symbols"); got != "old" {
		t.Errorf("the open reader sees %v", got)
	}
	now, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer now.Close()
	if got := read(t, now, "SELECT symbol FROM meta.symbols"); got != "new" || now.Run != "20250102T000000Z" {
		t.Errorf("a new reader sees %v of run %s", got, now.Run)
	}
}

func TestPruneKeepsTheCurrentAndWhatIsWanted(t *testing.T) {
	dir := t.TempDir()
	for _, run := range []string{"20250101T000000Z", "20250102T000000Z", "20250103T000000Z"} {
		publish(t, dir, run, run)
	}
	killed := Path(dir, "20250104T000000Z") // a run that never published
	for _, file := range []string{killed, killed + ".wal", Path(dir, "20250103T000000Z") + ".tmp/spill"} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Prune(dir, func(run string) bool { return run != "20250101T000000Z" }); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "2025*"))
	if err != nil || len(left) != 2 || filepath.Base(left[0]) != "20250102T000000Z.duckdb" {
		t.Errorf("left %q, %v", left, err)
	}
}

// A query can only read: no file, network, extension, setting or attachment.
func TestReaderCanOnlyRead(t *testing.T) {
	dir := t.TempDir()
	publish(t, dir, "20250101T000000Z", "x")
	before, err := os.ReadFile(Path(dir, "20250101T000000Z"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, hostile := range []string{
		"CREATE TABLE x AS SELECT 1", "DELETE FROM meta.symbols", "INSERT INTO meta.symbols VALUES ('', '', 1, '', '')",
		"DROP TABLE meta.symbols", "COPY meta.symbols TO '" + dir + "/out.csv'", "SELECT * FROM read_csv('/etc/passwd')",
		"SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM glob('/*')",
		"ATTACH '" + dir + "/other.duckdb' AS o", "INSTALL httpfs", "LOAD httpfs", "SET memory_limit = '100GB'",
		"SET enable_external_access = true", "EXPORT DATABASE '" + dir + "/out'",
		"SELECT 1; DROP TABLE meta.symbols", "RESET lock_configuration",
	} {
		if _, err := r.Query(context.Background(), hostile); err == nil {
			t.Errorf("allowed: %s", hostile)
		}
	}
	after, err := os.ReadFile(Path(dir, "20250101T000000Z"))
	if err != nil || string(before) != string(after) {
		t.Errorf("the published file has changed (%v)", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 2 {
		t.Errorf("written: %q", left)
	}
}

func TestValuesAreExact(t *testing.T) {
	dir := t.TempDir()
	publish(t, dir, "20250101T000000Z", "x")
	r, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for query, want := range map[string]any{
		"SELECT 3.0::DECIMAL(5,1)": Number("3.0"), "SELECT -0.05::DECIMAL(5,2)": Number("-0.05"),
		"SELECT sum(x)::HUGEINT FROM range(3) t(x)": Number("3"), "SELECT '文字'": "文字", "SELECT NULL": nil,
		"SELECT true": true, "SELECT 12345678901234567890.123456::DECIMAL(38,6)": Number("12345678901234567890.123456"),
	} {
		if got := read(t, r, query); got != want {
			t.Errorf("%s = %#v, want %#v", query, got, want)
		}
	}
}

// What a transaction appended before an error is not there afterwards.
func TestAppendIsAllOrNothing(t *testing.T) {
	ctx := context.Background()
	b, err := Create(ctx, filepath.Join(t.TempDir(), "a.duckdb"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Abandon()
	err = b.InTransaction(ctx, func() error {
		if err := b.Append("meta.symbols", [][]any{{"B", "progress", int32(1), "x", ""}}); err != nil {
			return err
		}
		return b.Append("meta.symbols", [][]any{{"B", "progress", "not a number", "x", ""}})
	})
	if err == nil || !strings.Contains(err.Error(), "meta.symbols") {
		t.Fatalf("got %v", err)
	}
	res, err := b.Query(ctx, "SELECT count(*) FROM meta.symbols")
	if err != nil || res.Rows[0][0] != Number("0") {
		t.Errorf("%v rows, %v", res.Rows, err)
	}
}
