package yamlfile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// diagnose says which line cannot be read, and why. The library's line is that of where it noticed, or of what it was
// in, or none.
func diagnose(text string, err error) *Mistake {
	all := lines(text)
	at := badLine(all, noticed(err, len(all)))
	if before := previous(all, at); before > 0 && !strings.Contains(all[before-1], ": ") && misshapen(all[before-1]) {
		at = before // it was taken for a text of several lines
	}
	return &Mistake{Line: at, Says: "「" + excerpt(all[at-1]) + "」を読めません。" + why(all, at, err.Error())}
}

var noticedLine = regexp.MustCompile(`line (\d+)`)

func noticed(err error, of int) int {
	if m := noticedLine.FindStringSubmatch(err.Error()); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil {
			return min(max(n, 1), of)
		}
	}
	return 1
}

// badLine is the first line behind the longest beginning of the text that can be read: whatever stands before it stands
// well. Lines are counted from 1.
func badLine(all []string, noticed int) int {
	reads := func(n int) bool {
		_, _, err := nodes(strings.Join(all[:n], "\n") + "\n")
		return err == nil
	}
	const tries = 200
	good := noticed
	for i := 0; i < tries && good > 0 && !reads(good); i++ {
		good--
	}
	for i := 0; i < tries && good < len(all)-1 && reads(good+1); i++ {
		good++
	}
	for at := good + 1; at < len(all); at++ {
		if t := strings.TrimSpace(all[at-1]); t != "" && t[0] != '#' {
			return at
		}
	}
	return min(good+1, len(all))
}

var (
	fullColon  = regexp.MustCompile(`^[\s　]*(?:-\s+)?[\p{L}\p{N}_ 　]+：`)
	tightColon = regexp.MustCompile(`^\s*(?:-\s+)?[\p{L}\p{N}_]+:[^\s/:]`)
	valueSign  = regexp.MustCompile("^\\s*(?:-\\s+)*(?:[^:#\"']+:\\s+)?([@`%&*!|>{}\\[\\]?,])")
	twoColons  = regexp.MustCompile(`:\s.*:(?:\s|$)`)
	noColon    = regexp.MustCompile(`^\s*(?:-\s+)?[^:#]+$`)
)

// why explains a line that cannot be read: by what the line holds, else by what the library was about.
func why(all []string, at int, said string) string {
	line := strings.TrimRight(all[at-1], " \r")
	indent := line[:len(line)-len(strings.TrimLeftFunc(line, unicode.IsSpace))]
	body := strings.TrimLeftFunc(line, unicode.IsSpace)
	sign := ""
	if m := valueSign.FindStringSubmatch(line); m != nil {
		sign = m[1]
	}
	switch {
	case strings.Contains(indent, "\t"):
		return "字下げにタブがあります。半角の空白に替えてください"
	case strings.Contains(indent, "　"):
		return "字下げに全角の空白があります。半角の空白に替えてください"
	case fullColon.MatchString(line) && !strings.Contains(line, ": "):
		return "「：」が全角です。半角の「: 」（コロンと空白）で書いてください"
	case strings.Contains(said, "anchor"):
		return "「*」で始まる値は、前に付けた名前（&）を指します。文字なら ' で囲んでください"
	case odd(body, '"') || odd(body, '\''):
		return "囲みの記号（\" か '）が閉じていません"
	case sign == "@" || sign == "`" || sign == "%":
		return "値は「" + sign + "」で始められません。' で囲んでください"
	case unbalanced(body) != "":
		return "「" + unbalanced(body) + "」が対になっていません。閉じるか、文字なら ' で囲んでください"
	case strings.ContainsAny(sign, "{[") && sign != "":
		return "値が「" + sign + "」で始まっています。文字なら ' で囲み、並びや組なら書き方を確かめてください"
	case sign != "":
		return "値は「" + sign + "」で始められません。文字なら ' で囲んでください"
	case tightColon.MatchString(line):
		return "「:」の後ろに半角の空白がありません。「名前: 値」の形で書いてください"
	case twoColons.MatchString(body) && strings.Contains(said, "mapping values"):
		return "値の中に「: 」があります。値を ' で囲んでください"
	case strings.Contains(line, "\t"):
		return "タブがあります。半角の空白に替えてください"
	case strings.Contains(said, "expected ':'") || noColon.MatchString(line) && !strings.HasPrefix(body, "- "):
		return "「名前: 値」の形になっていません（「:」は半角で、後ろに半角の空白を置く）"
	}
	return "字下げ（行の始めの半角の空白の数）が、前の行と合いません。同じ並びの項目は、同じ数だけ字下げしてください" + above(all, at)
}

// misshapen reports a line that was meant as 「名前: 値」 and is none.
func misshapen(line string) bool { return fullColon.MatchString(line) || tightColon.MatchString(line) }

// previous is the line before another that is no comment, 0 for none.
func previous(all []string, at int) int {
	for i := at - 1; i > 0; i-- {
		if t := strings.TrimSpace(all[i-1]); t != "" && t[0] != '#' {
			return i
		}
	}
	return 0
}

// above quotes the line that the bad one does not follow.
func above(all []string, at int) string {
	if i := previous(all, at); i > 0 {
		return fmt.Sprintf("（前の行は「%s」）", excerpt(all[i-1]))
	}
	return ""
}

// odd reports a sign that opens and does not close.
func odd(s string, sign rune) bool { return strings.Count(s, string(sign))%2 == 1 }

// unbalanced is the bracket of a line that has no other; "" where all have.
func unbalanced(s string) string {
	for _, pair := range []string{"[]", "{}"} {
		if open, closed := strings.Count(s, pair[:1]), strings.Count(s, pair[1:]); open > closed {
			return pair[:1]
		} else if closed > open {
			return pair[1:]
		}
	}
	return ""
}
