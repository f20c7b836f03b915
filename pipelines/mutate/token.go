package main

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token of SQL is.
type kind int

const (
	word     kind = iota // a name or a keyword
	quoted               // a name in double quotes
	text                 // a string
	number               // a number
	operator             // <= || :: and the like
	mark                 // ( ) [ ] { } , ; .
)

// token is a piece of SQL that is neither white space nor a comment.
type token struct {
	kind       kind
	start, end int // bytes of the statement
	s          string
}

// is reports a keyword, whatever its case, or a mark or an operator.
func (t token) is(s ...string) bool {
	return t.kind != text && t.kind != quoted &&
		slices.ContainsFunc(s, func(s string) bool { return strings.EqualFold(t.s, s) })
}

var operators = []string{"<=", ">=", "<>", "!=", "||", "::", "//", "->", ":="}

// tokens parts SQL into its tokens.
func tokens(sql string) []token {
	var out []token
	for i := 0; i < len(sql); {
		rest := sql[i:]
		r, size := utf8.DecodeRuneInString(rest)
		add := func(k kind, n int) {
			out = append(out, token{k, i, i + n, sql[i : i+n]})
			i += n
		}
		switch {
		case unicode.IsSpace(r):
			i += size
		case strings.HasPrefix(rest, "--"):
			i += len(rest) - len(strings.TrimLeft(rest, "-"))
			if n := strings.IndexByte(sql[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(sql)
			}
		case r == '\'':
			add(text, quotedLength(rest))
		case r == '"':
			add(quoted, quotedLength(rest))
		case r >= '0' && r <= '9':
			add(number, len(rest)-len(strings.TrimLeft(rest, "0123456789.")))
		case isWord(r):
			add(word, len(rest)-len(strings.TrimLeftFunc(rest, isWord)))
		case strings.ContainsRune("()[]{},;.", r):
			add(mark, size)
		default:
			add(operator, operatorLength(rest))
		}
	}
	return out
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// quotedLength is the length of what stands in quotes, a quote doubled inside it being one character.
func quotedLength(s string) int {
	q := s[0]
	for i := 1; i < len(s); i++ {
		if s[i] != q {
			continue
		}
		if i+1 < len(s) && s[i+1] == q {
			i++
			continue
		}
		return i + 1
	}
	return len(s)
}

func operatorLength(s string) int {
	for _, o := range operators {
		if strings.HasPrefix(s, o) {
			return len(o)
		}
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// closing is the index of the bracket that closes the one at i, or of the last token.
func closing(list []token, i int) int {
	depth := 0
	for ; i < len(list); i++ {
		if list[i].is("(", "[", "{") {
			depth++
		}
		if list[i].is(")", "]", "}") {
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(list) - 1
}
