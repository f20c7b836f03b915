package fault

import (
	"regexp"
	"strconv"
	"strings"

	"kyogikai/pipelines/printable"
)

// OnlyReads says that a statement would write.
const OnlyReads = "読むだけです。SELECT（FROM、WITH、VALUES、DESCRIBE、SHOW、SUMMARIZE、EXPLAIN）のほかは実行できません"

// engine is what DuckDB says, and what that means. $1 is the first thing that it names.
var engine = []struct {
	says  *regexp.Regexp
	means string
}{
	{regexp.MustCompile(`syntax error at or near "([^"]*)"`), "文法が正しくありません（「$1」の近く）"},
	{regexp.MustCompile(`SELECT clause without selection list`), "SELECT の後に列がありません"},
	{regexp.MustCompile(`syntax error at end of input`), "文が途中で終わっています"},
	{regexp.MustCompile(`unterminated quoted`), "引用符（' か \"）が閉じていません"},
	{regexp.MustCompile(`unterminated /\* comment`), "コメント（/* と */ の間）が閉じていません"},
	{
		regexp.MustCompile(`(?s)Could not set lock on file "([^"]+)"(?:.*?lock is held in ([^ ]+ \(PID \d+\)))?`),
		"ファイル「$1」を、ほかのプログラム{（$2）}が書ける形で開いているので、読めません。それを閉じるか、読むだけの形（duckdb -readonly）で開き直してください",
	},
	{
		regexp.MustCompile(`Catalog "before" does not exist`),
		"比べる実行を開いていません。--before 先月（対話では .before 先月）を付けてください",
	},
	{
		regexp.MustCompile(`(?s)Table with name ([^ ]+) does not exist!\s*(?:Did you mean "([^"]*)")?`),
		"表「$1」がありません。{近い名前は「$2」です。}表の一覧は kyogikai sql の .tables で見られます",
	},
	{
		regexp.MustCompile(`(?s)Referenced (?:column|table) "([^"]*)" not found in.*?(?:Candidate \w+: (.*?))?(?:\n\n|$)`),
		"「$1」という列や表がありません。{候補: $2。}列の一覧は .describe 表の名前 で見られます",
	},
	{
		regexp.MustCompile(`Referenced column "([^"]*)" was not found because the FROM clause is missing`),
		"「$1」は列の名前のようですが、FROM がありません。文字なら ' で囲んでください",
	},
	{
		regexp.MustCompile(`(?s)Table "([^"]*)" does not have a column named "([^"]*)"`),
		"表「$1」に列「$2」がありません。列の一覧は .describe 表の名前 で見られます",
	},
	{
		regexp.MustCompile(`(?s)Function with name ([^ ]+) does not exist!\s*(?:Did you mean "([^"]*)")?`),
		"関数「$1」がありません。{近い名前は「$2」です。}使えるマクロは .macros で見られます",
	},
	{
		regexp.MustCompile(`column "([^"]*)" must appear in the GROUP BY`),
		"列「$1」は GROUP BY に書くか、sum や any_value などで包んでください",
	},
	{
		regexp.MustCompile(`No function matches the given name and argument types '([^']*)'`),
		"「$1」という使い方はできません。型を確かめてください（数にするには TRY_CAST(列 AS DECIMAL(18, 2))）",
	},
	{
		regexp.MustCompile(`Could not convert string '([^']*)' to`),
		"「$1」は、その型に変えられません。変えられないものを空にするには TRY_CAST を使ってください",
	},
	{
		regexp.MustCompile(`Permission Error|file system operations are disabled|external access|disabled by configuration`),
		"外のファイルやネットワーク、拡張には届きません。用意された表だけを読めます",
	},
	{regexp.MustCompile(`has been locked`), "設定は変えられません"},
	{regexp.MustCompile(`read-only mode|Cannot execute statement of type`), OnlyReads},
	{regexp.MustCompile(`IO Error: .*?"([^"]+)"`), "ファイル「$1」を読み書きできません"},
	{regexp.MustCompile(`Out of Memory Error|bad_alloc`), "メモリか一時ファイルの上限を超えたので止めました。条件で絞るか、集計してから結合してください"},
	{
		regexp.MustCompile(`Values were not provided for the following prepared statement parameters: ([^\s]+)`),
		"引数「$1」に値がありません",
	},
	{regexp.MustCompile(`incorrect argument count`), "引数（$で始まる名前）に値がありません"},
	{
		regexp.MustCompile(`(?i)max(imum)? (expression|recursion) depth|stack overflow|memory exhausted at or near`),
		"入れ子が深すぎます",
	},
}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

// Query is what the database says of a query, in Japanese.
func Query(text string) string {
	for _, s := range engine {
		m := s.says.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		out := s.means
		if len(m) < 3 || m[2] == "" {
			out = braces.ReplaceAllString(out, "")
		}
		for i, group := range m[1:] {
			if i > 0 { // several that are near
				group = strings.NewReplacer(" or ", "」か「", `", "`, "、", `"`, "").Replace(group)
			}
			out = strings.ReplaceAll(out, "$"+strconv.Itoa(i+1), strings.ReplaceAll(strings.TrimSpace(group), "\n", " "))
		}
		return printable.Line(strings.NewReplacer("{", "", "}", "").Replace(out))
	}
	first, _, _ := strings.Cut(text, "\n")
	return "実行できません：" + printable.Line(first)
}

// ofEngine is how the database begins what it says.
var ofEngine = regexp.MustCompile(`^(?:[A-Za-z]+ )+Error: `)
