package begin

import (
	"regexp"
	"strings"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
)

// A line of a meeting's file that is a key of its own: date: 2025-10-21   # 注.
var (
	dateLine = keyLine("date")
	idLine   = keyLine("id")
	cityLine = keyLine("municipality")
)

func keyLine(key string) *regexp.Regexp {
	return regexp.MustCompile(`^(\x{FEFF}?` + key + `[ \t]*:[ \t]+)` +
		`("[^"]*"|'[^']*'|[^\s#"'][^#\r\n]*?)([ \t]*(?:[ \t]#[^\r\n]*)?\r?)$`)
}

// only finds the one line of a pattern, -1 where there is none or more than one.
func only(lines []string, pattern *regexp.Regexp) int {
	at := -1
	for i, l := range lines {
		if pattern.MatchString(l) {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// setValue gives the key of a line another value; its comment stays.
func setValue(line string, pattern *regexp.Regexp, value string) string {
	return pattern.ReplaceAllString(line, "${1}"+strings.ReplaceAll(value, "$", "$$")+"${3}")
}

// noDateLine tells of a file whose date cannot be changed by the program.
func noDateLine(file string) error {
	return &brief.Error{
		Where: file, What: "「date: 2025-10-21」の形の行が一つに決まりません",
		Do: "行の頭から「date: 」と書いた行を一つにしてから、もう一度実行してください。何も書き換えていません。",
	}
}

// comment is the part of a line of YAML behind its #, "" where it has none; a # in quotes begins none.
func comment(line string) string {
	quote := byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if i == 0 || strings.IndexByte(" \t:{[,", line[i-1]) >= 0 {
				quote = c
			}
		case c == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t'):
			return line[i:]
		}
	}
	return ""
}

// mentions lists the lines that name a day, in one of the ways in which people write it, other than the lines passed
// over.
func mentions(lines []string, day time.Time, pass ...int) []Line {
	words := []string{
		fiscal.WarekiDate(day), day.Format(time.DateOnly), day.Format("2006/1/2"), day.Format("2006年1月2日"),
		day.Format("1月2日"),
	}
	var out []Line
	for i, l := range lines {
		skip := false
		for _, p := range pass {
			skip = skip || i == p
		}
		for _, w := range words {
			if !skip && strings.Contains(l, w) {
				out = append(out, Line{Number: i + 1, Now: strings.TrimSpace(l)})
				break
			}
		}
	}
	return out
}
