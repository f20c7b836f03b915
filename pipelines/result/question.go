package result

import (
	"context"
	"encoding/json"
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

var explain = regexp.MustCompile(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*EXPLAIN(\s+ANALYZE)?\s+`)

// Check says whether a text is one query that only reads. Its errors are *QueryErrors.
func Check(ctx context.Context, s *warehouse.Session, query string) error {
	rest := query[len(explain.FindString(query)):]
	r, err := s.Reader().Query(ctx, "SELECT json_serialize_sql($query::VARCHAR)::VARCHAR", warehouse.Named("query", rest))
	if err != nil {
		return fmt.Errorf("reading the syntax tree of a query: %w", err)
	}
	var tree struct {
		Error      bool   `json:"error"`
		Message    string `json:"error_message"`
		Type       string `json:"error_type"`
		Position   string `json:"position"`
		Statements []any  `json:"statements"`
	}
	text, _ := r.Rows[0][0].(string)
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return fmt.Errorf("reading the syntax tree of a query: %w", err)
	}
	switch {
	case tree.Error && tree.Type == "parser":
		at, err := strconv.Atoi(tree.Position)
		where := ""
		if runes := []rune(rest); err == nil && at <= len(runes) { // the parser counts characters
			where = mark(query, len(query)-len(rest)+len(string(runes[:at])))
		}
		return &QueryError{Sentence: fault.Query("Parser Error: " + tree.Message), Where: where}
	case tree.Error && pivot.MatchString(rest):
		return &QueryError{Sentence: "PIVOT は SELECT * FROM (PIVOT 表 ON 列 IN (値, 値) USING sum(列)) の形で書いてください"}
	case tree.Error:
		return &QueryError{Sentence: fault.OnlyReads}
	case len(tree.Statements) == 0:
		return &QueryError{Sentence: "問合せが空です"}
	case len(tree.Statements) > 1:
		return &QueryError{Sentence: "一度に書ける問合せは一つだけです。「;」の後を分けて実行してください"}
	}
	if name := acting(tree.Statements[0]); name != "" {
		return &QueryError{Sentence: "関数「" + name + "」は使えません。公表された表を読むだけです"}
	}
	return nil
}

var pivot = regexp.MustCompile(`(?i)^\s*(WITH\b.*)?PIVOT\b`)

// acting finds a function in a syntax tree that does more than to compute: that sets how the database logs, writes its
// file, or runs a text as a query.
func acting(node any) string {
	switch n := node.(type) {
	case map[string]any:
		if name, ok := n["function_name"].(string); ok && actingNames.MatchString(name) {
			return name
		}
		for _, v := range n {
			if name := acting(v); name != "" {
				return name
			}
		}
	case []any:
		for _, v := range n {
			if name := acting(v); name != "" {
				return name
			}
		}
	}
	return ""
}

var actingNames = regexp.MustCompile(
	`(?i)^(.*logging.*|write_log|truncate_duckdb_logs|.*checkpoint.*|query|json_execute_serialized_sql|pragma_.*|` +
		`.*_secret.*|enable_.*|disable_.*|.*profil.*)$`,
)

// Explain puts an error of the database into a sentence. Errors that are not the query's stay as they are.
func Explain(err error, query string) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var ask *warehouse.AskError
	if !errors.As(err, &ask) {
		return err
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

var lineOf = regexp.MustCompile(`(?m)^LINE (\d+): `)

// mark shows the line of a query that a byte stands in, with a mark under it.
func mark(query string, at int) string {
	if at < 0 || at > len(query) {
		return ""
	}
	start := strings.LastIndexByte(query[:at], '\n') + 1
	line, _, _ := strings.Cut(query[start:], "\n")
	n := strings.Count(query[:at], "\n") + 1
	before := strings.ToValidUTF8(query[start:at], "")
	head := fmt.Sprintf("%d行目: ", n)
	shown := func(s string) string { return printable.Line(strings.ReplaceAll(s, "\t", " ")) }
	return head + shown(line) + "\n" + strings.Repeat(" ", uniseg.StringWidth(head)+uniseg.StringWidth(shown(before))) + "^"
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
	return printable.Sprintf("%d行目: %s", n, lines[n-1])
}
