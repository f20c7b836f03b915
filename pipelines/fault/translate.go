package fault

import (
	"regexp"
	"strings"

	"kyogikai/pipelines/printable"
)

// known is what the system and libraries say, and what that is in Japanese. $1 … are what the pattern found.
var known = []struct {
	pattern  *regexp.Regexp
	japanese string
}{
	{regexp.MustCompile(`^(?:\w+ (.+): )?no such file or directory$`), "${1}がありません"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?permission denied$`), "${1}を読み書きする権限がありません"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?operation not permitted$`), "${1}を読み書きする権限がありません"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?is a directory$`), "${1}はファイルでなくフォルダです"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?not a directory$`), "${1}はフォルダではありません"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?file exists$`), "${1}はすでにあります"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?file does not exist$`), "${1}がありません"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?no space left on device$`), "ディスクに空き容量がありません"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?disk quota exceeded$`), "ディスクの割り当てを使い切りました"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?cannot allocate memory$`), ShortOfMemory},
	{regexp.MustCompile(`^(?:\w+ (.+): )?read-only file system$`), "${1}のあるディスクは読むだけです"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?too many open files$`), "開いているファイルが多すぎます"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?input/output error$`), "ディスクの読み書きに失敗しました"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?stale (?:NFS )?file handle$`), "共有フォルダとのつながりが切れました"},
	{regexp.MustCompile(`^(?:\w+ (.+): )?file name too long$`), "${1}は名前が長すぎます"},
	{regexp.MustCompile(`^(?:.*: )?transport endpoint is not connected$`), "共有フォルダとのつながりが切れました"},
	{regexp.MustCompile(`^(?:.*: )?(?:host is down|no route to host)$`), "相手が動いていません"},
	{regexp.MustCompile(`^(?:.*: )?connection timed out$`), "時間内に答えがありません"},
	{regexp.MustCompile(`^(?:.*: )?connection refused$`), "相手が受け付けません"},
	{regexp.MustCompile(`^(?:.*: )?connection reset by peer$`), "つながりが相手から切られました"},
	{regexp.MustCompile(`^(?:.*: )?no such host$`), "相手の名前が見付かりません"},
	{regexp.MustCompile(`^(?:.*: )?network is unreachable$`), "ネットワークにつながっていません"},
	{regexp.MustCompile(`^(?:.*: )?i/o timeout$`), "時間内に答えがありません"},
	{regexp.MustCompile(`^(?:.*: )?address already in use$`), "その番号はほかのプログラムが使っています"},
	{regexp.MustCompile(`^(?:Get|Post|Put|Head|read|write|dial)\b.*: (?:unexpected )?EOF$`), "つながりが途中で切れました"},
	{regexp.MustCompile(`^EOF$`), "何も書かれていません"},
	{regexp.MustCompile(`^unexpected EOF$`), "途中で切れています"},
	{regexp.MustCompile(`(?:x509|tls): `), "相手の証明書を確かめられません"},
	{regexp.MustCompile(`^535\b`), "利用者名かパスワードが違います"},
	{regexp.MustCompile(`does not support SMTP AUTH`), "相手は利用者名とパスワードを受け付けません"},
	{regexp.MustCompile(`server gave HTTP response to HTTPS client$`), "相手は https で答えません"},
	{regexp.MustCompile(`^context deadline exceeded$`), "時間内に終わりませんでした"},
	{regexp.MustCompile(`^context canceled$`), "中断しました"},
	{regexp.MustCompile(`^signal: killed$`), "強制終了されました"},
	{regexp.MustCompile(`^too many levels of symbolic links$`), "リンクが輪になっています"},
	{regexp.MustCompile(`path escapes from parent$`), "フォルダの外を指しています"},
	{regexp.MustCompile(`^(?:zip|gzip): not a valid zip file$`), "ファイルが壊れています"},
}

// translated is what a library said, in Japanese; ok is false where it is not known.
func translated(text string) (said string, ok bool) {
	if ofEngine.MatchString(text) {
		return Query(text), true
	}
	for _, k := range known {
		if said, ok := expand(k.pattern, k.japanese, text); ok {
			return printable.Line(said), true
		}
	}
	return "", false
}

// expand puts what a pattern found into a sentence. A place that was not named is 「その場所」.
func expand(pattern *regexp.Regexp, sentence, text string) (said string, ok bool) {
	m := pattern.FindStringSubmatchIndex(text)
	if m == nil {
		return "", false
	}
	if strings.HasPrefix(sentence, "${1}") && len(m) > 3 && m[2] < 0 {
		sentence = "その場所" + strings.TrimPrefix(sentence, "${1}")
	}
	return string(pattern.ExpandString(nil, sentence, text, m)), true
}

// templates is what text/template says of an expression.
var templates = []struct {
	pattern  *regexp.Regexp
	japanese string
}{
	{regexp.MustCompile(`no entry for key "([^"]+)"$`), "「${1}」という値はありません"},
	{regexp.MustCompile(`nil pointer evaluating .*\.(\w+)$`), "「${1}」の前の値がありません"},
	{regexp.MustCompile(`error calling (\w+): .*$`), "${1} に渡した値を使えません"},
	{regexp.MustCompile(`missing value for (\w+)$`), "${1} の後に値がありません"},
	{regexp.MustCompile(`function "([^"]+)" not defined$`), "「${1}」という関数はありません"},
	{
		regexp.MustCompile(`wrong number of args for (\S+): want (?:at least )?(\d+) got (\d+)$`),
		"${1} に渡す値の数が違います（${2}に対して${3}）",
	},
	{regexp.MustCompile(`can't evaluate field (\S+) in type .*$`), "「${1}」がありません"},
	{
		regexp.MustCompile(`(?:wrong type for value|incompatible types for comparison|can't handle .* for arg).*$`),
		"値の種類が違います",
	},
	{regexp.MustCompile(`unexpected "?([^"]*)"? in (?:operand|command|.*)$`), "「${1}」はここに書けません"},
	{regexp.MustCompile(`(?:unclosed action|unexpected EOF|unterminated .*)$`), "{{ }} か引用符が閉じていません"},
}

// Template is what text/template says of an expression, in Japanese; its own words where they are not known.
func Template(text string) string {
	for _, k := range templates {
		if said, ok := expand(k.pattern, k.japanese, text); ok {
			return said
		}
	}
	return "「" + text + "」"
}
