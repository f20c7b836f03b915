package warehouse

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// explanation is an EXPLAIN, taken apart.
type explanation struct {
	head  string // EXPLAIN with what it asks for, written anew
	about string // the statement that it explains
	at    int    // where that begins in the text
}

// explained takes an EXPLAIN apart; ok is false where the text does not begin with one. The reading of it need not be
// the database's: only what was understood is run.
func explained(text string) (e explanation, ok bool) {
	r := &words{rest: text}
	if r.word() != "EXPLAIN" {
		return e, false
	}
	e.head = "EXPLAIN"
	after := *r
	switch word := r.word(); {
	case word == "ANALYZE" || word == "ANALYSE":
		e.head += " ANALYZE"
	case word == "" && strings.HasPrefix(r.rest, "("):
		asked, ok := r.options()
		if !ok { // the brackets of the statement itself
			*r = after
			break
		}
		e.head += " (" + asked + ")"
	default:
		*r = after
	}
	r.skip()
	e.about, e.at = r.rest, len(text)-len(r.rest)
	return e, true
}

// words reads a text word by word, past spaces and comments.
type words struct{ rest string }

// word is the next word in capitals, "" where something else comes next.
func (w *words) word() string {
	w.skip()
	end := strings.IndexFunc(w.rest, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') })
	if end < 0 {
		end = len(w.rest)
	}
	word := w.rest[:end]
	if next, _ := utf8.DecodeRuneInString(w.rest[end:]); next == '_' || unicode.IsLetter(next) || unicode.IsDigit(next) {
		return "" // a longer name
	}
	w.rest = w.rest[end:]
	return strings.ToUpper(word)
}

var formats = regexp.MustCompile(`(?i)^(?:FORMAT\s+'?(default|text|json|html|graphviz|yaml|mermaid)'?|ANALY[SZ]E)$`)

// options reads what an EXPLAIN asks for in brackets: (ANALYZE, FORMAT json).
func (w *words) options() (asked string, ok bool) {
	inside, rest, closed := strings.Cut(w.rest[1:], ")")
	if !closed {
		return "", false
	}
	var out []string
	for _, o := range strings.Split(inside, ",") {
		m := formats.FindStringSubmatch(strings.TrimSpace(o))
		if m == nil {
			return "", false
		}
		if m[1] != "" {
			out = append(out, "FORMAT "+strings.ToLower(m[1]))
		} else {
			out = append(out, "ANALYZE")
		}
	}
	w.rest = rest
	return strings.Join(out, ", "), true
}

// skip skips spaces and comments. Comments between /* and */ stand one in another.
func (w *words) skip() {
	for {
		w.rest = strings.TrimLeftFunc(w.rest, unicode.IsSpace)
		switch {
		case strings.HasPrefix(w.rest, "--"):
			_, w.rest, _ = strings.Cut(w.rest, "\n")
		case strings.HasPrefix(w.rest, "/*"):
			w.rest = w.rest[commentEnd(w.rest):]
		default:
			return
		}
	}
}

// commentEnd is where a comment ends that a text begins with.
func commentEnd(text string) int {
	depth, i := 0, 0
	for i < len(text) {
		switch {
		case strings.HasPrefix(text[i:], "/*"):
			depth, i = depth+1, i+2
		case strings.HasPrefix(text[i:], "*/"):
			if depth, i = depth-1, i+2; depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return len(text)
}

// withoutSemicolons is a text with spaces for the semicolons that stand outside of quotes and comments: what it says
// keeps its place. Whether it reads quotes as the database does, is for the caller to find out.
func withoutSemicolons(text string) string {
	out := []byte(text)
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ';':
			out[i] = ' '
			i++
		case c == '\'' && i > 0 && (text[i-1] == 'E' || text[i-1] == 'e'):
			i += 1 + quoteEnd(text[i+1:], "'", true)
		case c == '\'' || c == '"':
			i += 1 + quoteEnd(text[i+1:], string(c), false)
		case c == '$' && dollar.MatchString(text[i:]):
			tag := dollar.FindString(text[i:])
			i += len(tag) + quoteEnd(text[i+len(tag):], tag, false)
		case strings.HasPrefix(text[i:], "--"):
			i += quoteEnd(text[i:], "\n", false)
		case strings.HasPrefix(text[i:], "/*"):
			i += commentEnd(text[i:])
		default:
			i++
		}
	}
	return string(out)
}

// dollar begins a text between dollars: $$ or $name$.
var dollar = regexp.MustCompile(`^\$([\p{L}_][\p{L}\p{N}_]*)?\$`)

// quoteEnd is where a quote has ended, behind its end. A quote that is doubled within ends one and begins another.
func quoteEnd(text, end string, escapes bool) int {
	for i := 0; i < len(text); i++ {
		if escapes && text[i] == '\\' {
			i++
			continue
		}
		if strings.HasPrefix(text[i:], end) {
			return i + len(end)
		}
	}
	return len(text)
}
