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

const onlyReads = "読むだけです。SELECT（FROM、WITH、VALUES、DESCRIBE、SHOW、SUMMARIZE、EXPLAIN）のほかは実行できません"

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
		return &QueryError{Sentence: sentence("Parser Error: " + tree.Message), Where: where}
	case tree.Error && pivot.MatchString(rest):
		return &QueryError{Sentence: "PIVOT は SELECT * FROM (PIVOT 表 ON 列 IN (値, 値) USING sum(列)) の形で書いてください"}
	case tree.Error:
		return &QueryError{Sentence: onlyReads}
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

// acting finds a function in a syntax tree that does more than to compute: that sets how the database logs, writes its file,
// or runs a text as a query.
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

var actingNames = regexp.MustCompile(`(?i)^(.*logging.*|write_log|truncate_duckdb_logs|.*checkpoint.*|query|json_execute_serialized_sql|pragma_.*|.*_secret.*|enable_.*|disable_.*|.*profil.*)$`)

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
	return &QueryError{Sentence: sentence(text), Where: where, Cause: err}
}

var lineOf = regexp.MustCompile(`(?m)^LINE (\d+): `)

// sentences are what DuckDB says, and what that means. $1 is the first thing that it names.
var sentences = []struct {
	says  *regexp.Regexp
	means string
}{
	{regexp.MustCompile(`syntax error at or near "([^"]*)"`), "文法が正しくありません（「$1」の近く）"},
	{regexp.MustCompile(`syntax error at end of input`), "文が途中で終わっています"},
	{regexp.MustCompile(`unterminated quoted`), "引用符（' か \"）が閉じていません"},
	{regexp.MustCompile(`(?s)Table with name ([^ ]+) does not exist!\s*(?:Did you mean "([^"]*)")?`), "表「$1」がありません。{近い名前は「$2」です。}表の一覧は kyogikai sql の .tables で見られます"},
	{regexp.MustCompile(`(?s)Referenced (?:column|table) "([^"]*)" not found in.*?(?:Candidate \w+: (.*?))?(?:\n\n|$)`), "「$1」という列や表がありません。{候補: $2。}列の一覧は .describe 表の名前 で見られます"},
	{regexp.MustCompile(`Referenced column "([^"]*)" was not found because the FROM clause is missing`), "「$1」は列の名前のようですが、FROM がありません。文字なら ' で囲んでください"},
	{regexp.MustCompile(`(?s)Table "([^"]*)" does not have a column named "([^"]*)"`), "表「$1」に列「$2」がありません。列の一覧は .describe 表の名前 で見られます"},
	{regexp.MustCompile(`(?s)Function with name ([^ ]+) does not exist!\s*(?:Did you mean "([^"]*)")?`), "関数「$1」がありません。{近い名前は「$2」です。}使えるマクロは .macros で見られます"},
	{regexp.MustCompile(`column "([^"]*)" must appear in the GROUP BY`), "列「$1」は GROUP BY に書くか、sum や any_value などで包んでください"},
	{regexp.MustCompile(`No function matches the given name and argument types '([^']*)'`), "「$1」という使い方はできません。型を確かめてください（数にするには TRY_CAST(列 AS DECIMAL(18, 2))）"},
	{regexp.MustCompile(`Could not convert string '([^']*)' to`), "「$1」は、その型に変えられません。変えられないものを空にするには TRY_CAST を使ってください"},
	{regexp.MustCompile(`Permission Error|file system operations are disabled|external access|disabled by configuration`), "外のファイルやネットワーク、拡張には届きません。公表された表だけを読めます"},
	{regexp.MustCompile(`has been locked`), "設定は変えられません"},
	{regexp.MustCompile(`read-only mode|Cannot execute statement of type`), onlyReads},
	{regexp.MustCompile(`Out of Memory Error`), "メモリか一時ファイルの上限を超えたので止めました。条件で絞るか、集計してから結合してください"},
	{regexp.MustCompile(`incorrect argument count|Values were not provided for the following prepared statement parameters: ([^\s]+)`), "引数（$で始まる名前）に値がありません"},
	{regexp.MustCompile(`(?i)max(imum)? (expression|recursion) depth|stack overflow`), "入れ子が深すぎます"},
}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

func sentence(text string) string {
	for _, s := range sentences {
		m := s.says.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		out := s.means
		if len(m) < 3 || m[2] == "" {
			out = braces.ReplaceAllString(out, "")
		}
		for i, group := range m[1:] {
			out = strings.ReplaceAll(out, "$"+strconv.Itoa(i+1), strings.ReplaceAll(strings.TrimSpace(group), "\n", " "))
		}
		return strings.NewReplacer("{", "", "}", "").Replace(out)
	}
	first, _, _ := strings.Cut(text, "\n")
	return "実行できません：" + first
}

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
	return head + strings.ReplaceAll(line, "\t", " ") + "\n" + strings.Repeat(" ", uniseg.StringWidth(head)+uniseg.StringWidth(strings.ReplaceAll(before, "\t", " "))) + "^"
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
	return fmt.Sprintf("%d行目: %s", n, lines[n-1])
}
