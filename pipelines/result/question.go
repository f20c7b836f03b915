package result

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/warehouse"
)

// QueryError says what is wrong with a query, in one sentence, and where, with the line of the query.
type QueryError struct {
	Sentence string
	Where    string // the line and a mark under the place; "" where that is not known
	Cause    error
}

func (e *QueryError) Error() string {
	if e.Where == "" {
		return e.Sentence
	}
	return e.Sentence + "\n" + e.Where
}

// Unwrap is what the database said.
func (e *QueryError) Unwrap() error { return e.Cause }

// Question checks that a text is one query that only reads. Its errors are *QueryErrors.
func Question(ctx context.Context, s *warehouse.Session, query string) (warehouse.Question, error) {
	q, err := s.Question(ctx, query)
	return q, refused(err, query)
}

// refused says in a sentence why a text is no query. Other errors stay as they are.
func refused(err error, query string) error {
	var r *warehouse.RefusedError
	if !errors.As(err, &r) {
		return err
	}
	e := &QueryError{Cause: err, Where: mark(query, r.At)}
	switch r.Why {
	case warehouse.RefusedSyntax:
		e.Sentence = fault.Query("Parser Error: " + r.Says)
	case warehouse.RefusedCharacter:
		e.Sentence, e.Where = "SQLの中に、文字として使えないもの（NUL）があります。取り除いてください", ""
	case warehouse.RefusedEmpty:
		e.Sentence = "問合せが空です"
	case warehouse.RefusedSeveral:
		e.Sentence = "一度に書ける問合せは一つだけです。「;」の後を分けて実行してください"
	case warehouse.RefusedFunction:
		e.Sentence = "関数「" + r.Names + "」は使えません。用意された表を読むだけです"
	case warehouse.RefusedOutside:
		e.Sentence = "関数「" + r.Names + "」は使えません。" + fault.Query("Permission Error")
	default:
		e.Sentence = fault.OnlyReads
		if pivot.MatchString(query) {
			e.Sentence = "PIVOT は SELECT * FROM (PIVOT 表 ON 列 IN (値, 値) USING sum(列)) の形で書いてください"
		}
	}
	return e
}

var pivot = regexp.MustCompile(`(?i)^\s*(WITH\b.*)?PIVOT\b`)

// Explain puts an error of the database into a sentence. Errors that are not the query's stay as they are.
func Explain(err error, query string) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var ask *warehouse.AskError
	if !errors.As(err, &ask) {
		return refused(err, query)
	}
	text := ask.Error()
	first, rest, _ := strings.Cut(text, "\n")
	where := ""
	if m := lineOf.FindStringSubmatch(rest); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			where = markToken(query, n, first)
		}
	}
	return &QueryError{Sentence: fault.Query(text), Where: where, Cause: err}
}

var noMemory = regexp.MustCompile(`Out of Memory Error|bad_alloc`)

// OutOfMemory reports whether the database had no memory for a query.
func OutOfMemory(err error) bool {
	return err != nil && noMemory.MatchString(err.Error())
}

var lineOf = regexp.MustCompile(`(?m)^LINE (\d+): `)

// shownWidth is how much of a long line is shown before what it is about, and behind.
const shownWidth = 50

// mark shows the line of a query that a byte stands in, with a mark under it. Of a long line it shows what is around.
func mark(query string, at int) string {
	if at < 0 || at > len(query) {
		return ""
	}
	start := strings.LastIndexByte(query[:at], '\n') + 1
	line, _, _ := strings.Cut(query[start:], "\n")
	n := strings.Count(query[:at], "\n") + 1
	shown := func(s string) string { return printable.Line(strings.ReplaceAll(s, "\t", " ")) }
	before, after := shown(strings.ToValidUTF8(query[start:at], "")), Shorten(shown(line[at-start:]), shownWidth)
	if over := []rune(before); len(over) > shownWidth {
		before = "…" + string(over[len(over)-shownWidth:])
	}
	head := fmt.Sprintf("%d行目: ", n)
	return head + before + after + "\n" + strings.Repeat(" ", uniseg.StringWidth(head)+uniseg.StringWidth(before)) + "^"
}

var named = regexp.MustCompile(`"([^"]+)"|name (\S+) does not|'([^'()]+)`)

// markToken marks what a message names first in a line of the query; only the line is shown where it is not in there.
func markToken(query string, n int, message string) string {
	lines := strings.Split(query, "\n")
	if n < 1 || n > len(lines) {
		return ""
	}
	start := 0
	for _, l := range lines[:n-1] {
		start += len(l) + 1
	}
	for _, m := range named.FindAllStringSubmatch(message, -1) {
		token := strings.Trim(m[1]+m[2]+m[3], `"'`)
		if i := strings.Index(lines[n-1], token); token != "" && i >= 0 {
			return mark(query, start+i)
		}
	}
	return printable.Sprintf("%d行目: %s", n, Shorten(lines[n-1], 2*shownWidth))
}
