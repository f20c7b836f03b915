package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
)

type told struct{ cause error }

func (t *told) Error() string {
	return "資料.md:3: 図の指定を読めません。直してください"
}
func (t *told) Unwrap() error { return t.cause }

func TestText(t *testing.T) {
	missing := &fs.PathError{Op: "open", Path: "inputs/組織.csv", Err: syscall.ENOENT}
	library := errors.New("invalid memory block pointer")
	for name, c := range map[string]struct {
		err   error
		want  string
		hides bool
	}{
		"none":     {nil, "", false},
		"japanese": {errors.New("設定がありません"), "設定がありません", false},
		"english":  {library, Unforeseen, true},
		"two languages": {
			fmt.Errorf("testing models: %w", errors.New("sql/tests/x.sql:3: 検査を実行できません")), "sql/tests/x.sql:3: 検査を実行できません", true,
		},
		"library below":   {fmt.Errorf("更新できません: %w", library), "更新できません", true},
		"both around":     {fmt.Errorf("更新できません: %w", fmt.Errorf("renaming: %w", library)), "更新できません", true},
		"japanese twice":  {fmt.Errorf("会議の資料を作れません: %w", errors.New("表がありません")), "会議の資料を作れません: 表がありません", false},
		"japanese around": {fmt.Errorf("%w。前のものはそのままです", errors.New("表がありません")), "表がありません。前のものはそのままです", false},
		"the system":      {fmt.Errorf("組織を読めません: %w", missing), "組織を読めません: inputs/組織.csvがありません", false},
		"system, english": {fmt.Errorf("reading departments: %w", missing), "inputs/組織.csvがありません", true},
		"own words":       {&told{library}, "資料.md:3: 図の指定を読めません。直してください", false},
		"side by side":    {errors.Join(errors.New("一"), library, errors.New("二つ目です")), "一\n二つ目です", true},
		"joined inside": {
			fmt.Errorf("終わらなかったことがあります: %w", errors.Join(errors.New("一"), errors.New("二"))), "終わらなかったことがあります: 一\n二", false,
		},
		"names of others": {
			fmt.Errorf("一\n二: %w", errors.New("表「\x1b[2J\u202e」がありません")), "一⏎二: 表「␛[2J〔U+202E〕」がありません", false,
		},
		"a hostile file": {
			&fs.PathError{Op: "open", Path: "a\nb.pdf", Err: syscall.ENOENT}, "a⏎b.pdfがありません", false,
		},
		"a name is kept": {
			fmt.Errorf("設定: %w", fmt.Errorf("sources「NAS2」: %w", errors.New("使えません"))), "設定: sources「NAS2」: 使えません", false,
		},
		"a kind of error": {fmt.Errorf("読めません: %w", fmt.Errorf("%w: 引用符が閉じていません", library)), "読めません: 引用符が閉じていません", true},
		"a file is named": {
			fmt.Errorf("reading outputs/runs/a.json: %w", library), Unforeseen + "（outputs/runs/a.json）", true,
		},
		"an empty file": {fmt.Errorf("設定を読めません: %w", io.EOF), "設定を読めません: 何も書かれていません", false},
		"cut short":     {fmt.Errorf("写しを読めません: %w", io.ErrUnexpectedEOF), "写しを読めません: 途中で切れています", false},
		"a connection":  {&url.Error{Op: "Get", URL: "http://a/", Err: io.EOF}, "つながりが途中で切れました", false},
		"a renamed file": {
			&os.LinkError{Op: "rename", Old: "a", New: "b.pdf", Err: syscall.EACCES}, "b.pdfを読み書きする権限がありません", false,
		},
		"unknown to us": {
			&fs.PathError{Op: "open", Path: "a.pdf", Err: syscall.EXDEV}, "a.pdfを扱えません（「invalid cross-device link」）", false,
		},
		"the database": {errors.New("IO Error: Cannot open file \"a.duckdb\": x"), "ファイル「a.duckdb」を読み書きできません", false},
		"out of memory": {
			errors.New("Out of Memory Error: failed to allocate"), "メモリか一時ファイルの上限を超えたので止めました。条件で絞るか、集計してから結合してください", false,
		},
		"cancelled": {fmt.Errorf("waiting: %w", context.Canceled), "中断しました", true},
	} {
		if got := Text(c.err); got != c.want || Hides(c.err) != c.hides {
			t.Errorf("%s: %q, hides %v; want %q, %v", name, got, Hides(c.err), c.want, c.hides)
		}
	}
}

// What the system says of a real file is translated.
func TestSystem(t *testing.T) {
	dir := t.TempDir()
	_, err := os.ReadFile(dir + "/a")
	if got := Text(err); got != dir+"/aがありません" {
		t.Error(got)
	}
	_, err = os.ReadFile(dir)
	if got := Text(err); got != dir+"はファイルでなくフォルダです" {
		t.Error(got)
	}
	if got := Text(os.Mkdir(dir, 0o755)); got != dir+"はすでにあります" {
		t.Error(got)
	}
}

// What an error says inside a sentence is never less than its own words.
func TestQuote(t *testing.T) {
	for want, err := range map[string]error{
		"「no such thing」": fmt.Errorf("asking: %w", errors.New("no such thing")),
		"表がありません":         fmt.Errorf("asking: %w", errors.New("表がありません")),
		"相手が受け付けません":      fmt.Errorf("asking: %w", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}),
		"利用者名かパスワードが違います": errors.New("535 5.7.8 authentication failed"),
		"時間内に終わりませんでした":   fmt.Errorf("asking: %w", context.DeadlineExceeded),
		"何も書かれていません":      io.EOF,
		"「454 try again」": errors.New("454 try again"),
	} {
		if got := Quote(err); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// What text/template says of an expression names what is wrong with it.
func TestTemplate(t *testing.T) {
	for said, want := range map[string]string{
		`nil data; no entry for key "totl"`:                  "「totl」という値はありません",
		`nil pointer evaluating interface {}.y`:              "「y」の前の値がありません",
		`template: a.md:3: missing value for if`:             "if の後に値がありません",
		`template: a.md:3: function "unheard" not defined`:   "「unheard」という関数はありません",
		`wrong number of args for n: want 1 got 2`:           "n に渡す値の数が違います（1に対して2）",
		`error calling index: cannot index item of type int`: "index に渡した値を使えません",
		`template: a.md:4: unclosed action`:                  "{{ }} か引用符が閉じていません",
		`something that nobody has heard of`:                 "「something that nobody has heard of」",
	} {
		if got := Template(said); got != want {
			t.Errorf("%s: %s, want %s", said, got, want)
		}
	}
}

// A machine without memory is told from a limit that was set, and from everything else, however deep it is.
func TestNoMemory(t *testing.T) {
	for said, want := range map[string]bool{
		"database/sql/driver: could not connect to database: Out of Memory Error: Allocation failure":                  true,
		"query: Out of Memory Error: Failed to allocate block of 262144 bytes (bad allocation)\n\nPossible solutions:": true,
		"std::bad_alloc": true,
		"fork/exec /opt/kyogikai: cannot allocate memory":                                            true,
		"Out of Memory Error: could not allocate block of size 256.0 KiB (127.9 MiB/128.0 MiB used)": false,
		"IO Error: Cannot open file \"a.duckdb\": Permission denied":                                 false,
	} {
		err := fmt.Errorf("新しいファイルを作れません。権限を確かめてください: %w", errors.New(said))
		if NoMemory(err) != want {
			t.Errorf("%s: want %v", said, want)
		}
	}
	if NoMemory(nil) || !NoMemory(&fs.PathError{Op: "mmap", Path: "a", Err: syscall.ENOMEM}) {
		t.Error("the system's own error")
	}
	// A query has a limit of its own, for what the database does not count too: that one is meant whatever is said.
	const limited = "上限を超えたので止めました"
	for _, said := range []string{"could not allocate block (1.0 GiB/1.0 GiB used)", "Allocation failure"} {
		if says := Query("Out of Memory Error: " + said); !strings.Contains(says, limited) {
			t.Errorf("%s: %s", said, says)
		}
	}
}
