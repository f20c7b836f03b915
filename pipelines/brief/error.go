package brief

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"kyogikai/pipelines/fault"
)

// Error is a mistake in a template or a meeting, told to the person who writes them: where, what, what to do.
type Error struct {
	Where, What, Do string
	Cause           error
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s。%s", e.Where, strings.TrimSuffix(e.What, "。"), e.Do)
}
func (e *Error) Unwrap() error { return e.Cause }

var noEntry = regexp.MustCompile(`map has no entry for key "([^"]*)"`)

var execPlace = regexp.MustCompile(`template: ([^:]*):(\d+)`)

// templateError names the template's line in an error of text/template. offset is the line before the template's first.
func templateError(file string, offset int, err error) error {
	line := offset + 1
	if m := execPlace.FindStringSubmatch(err.Error()); m != nil {
		n := 0
		_, _ = fmt.Sscan(m[2], &n)
		line = offset + n
	}
	where := fmt.Sprintf("%s:%d", file, line)
	var own *valueError
	if asValueError(err, &own) {
		if at := placeOf(err); at != "" {
			where = at
		}
		do := own.do
		if errors.Is(err, errEmpty) {
			do += passOver(err.Error())
		}
		return &Error{Where: where, What: own.what, Do: do, Cause: err}
	}
	text := err.Error()
	if i := strings.LastIndex(text, ">: "); i >= 0 {
		text = text[i+3:]
	}
	if m := noEntry.FindStringSubmatch(text); m != nil {
		return &Error{Where: where, What: "問合せに「" + m[1] + "」の列がありません", Do: "列の名前を確かめてください。", Cause: err}
	}
	return &Error{
		Where: where, What: "文中の式を計算できません（" + fault.Template(text) + "）", Do: "式の書き方を直してください。", Cause: err,
	}
}

// emptyIn is the expression that text/template was at: <pct .change_pct>.
var emptyIn = regexp.MustCompile(`<(?:(\w+) )?(\.\w+)(?: \| emit)?>`)

// passOver says how an expression is written of which the value may be missing.
func passOver(said string) string {
	field, whole := ".列", "関数 .列"
	if m := emptyIn.FindStringSubmatch(said); m != nil {
		field, whole = m[2], strings.TrimSpace(m[1]+" "+m[2])
	}
	return "空のことがある値なら、{{if " + field + "}}{{" + whole + "}}{{else}}－{{end}} のように書いてください。"
}

// queryLine is where a query of the front matter stands: the line of the file with its name, and whether its text begins
// on the next one.
type queryLine struct {
	line  int
	below bool
}

var (
	queriesHead = regexp.MustCompile(`^queries:\s*$`)
	queryHead   = regexp.MustCompile(`^\s+["']?([^\s"':]+)["']?:\s*([|>][0-9+-]*\s*(?:#.*)?$)?`)
	outerKey    = regexp.MustCompile(`^[^\s#]`)
	lineOfQuery = regexp.MustCompile(`(?m)^LINE (\d+): `)
)

// queryLines finds the queries in a front matter, whose first line is the second of its file.
func queryLines(head string) map[string]queryLine {
	out := map[string]queryLine{}
	in, indent := false, -1
	for i, line := range strings.Split(head, "\n") {
		switch m := queryHead.FindStringSubmatch(line); {
		case queriesHead.MatchString(line):
			in, indent = true, -1
		case outerKey.MatchString(line):
			in = false
		case in && m != nil:
			depth := len(line) - len(strings.TrimLeft(line, " "))
			if indent < 0 {
				indent = depth
			}
			if depth == indent {
				out[m[1]] = queryLine{i + 2, m[2] != ""}
			}
		}
	}
	return out
}

// of is the place of what the database says of a query, "" where the query's own is not known.
func (q queryLine) of(file string, err error) string {
	if q.line == 0 {
		return ""
	}
	line := q.line
	if m := lineOfQuery.FindStringSubmatch(err.Error()); m != nil && q.below {
		n := 0
		_, _ = fmt.Sscan(m[1], &n)
		line += n
	}
	return fmt.Sprintf("%s:%d", file, line)
}
