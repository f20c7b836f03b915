package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// The words with which a line of a file's head is an instruction to this program: 「-- 指摘: values_disagree」.
const (
	codeWord     = "指摘"  // of a test: the kind of the findings that it returns
	severityWord = "重大度" // of a test: how grave its rows are
	keyWord      = "鍵"   // columns that tell one row from another

	// 「-- 範囲: 自治体ごと」: a row rests on rows of its own municipality alone, and names it in the column municipality. Such
	// a statement may be run for some municipalities at a time, so that what it needs in memory does not grow with their
	// number.
	scope   = "範囲"
	ownRows = "自治体ごと" // the only scope
)

const testsDir = "sql/tests"

// head is what the comment lines at the top of a file say.
type head struct {
	comment string        // the sentences
	columns []saidColumn  // that it describes
	key     []saidColumn  // that 鍵 names
	set     map[string]at // by the word, of 指摘, 重大度 and 範囲
}

// saidColumn is a column of the statement that the head names, and where.
type saidColumn struct {
	name, text string
	line       int
}

// at is a value and the line where it stands.
type at struct {
	value string
	line  int
}

var (
	instructionLine = regexp.MustCompile(`^--\s*([^\s:：]+)\s*[:：]\s*(.*)$`)
	codeLike        = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// readHead reads the comment lines at the top of a file, and refuses an instruction that cannot be followed, one that
// is written twice, one that is nearly one, and one that stands where nobody reads it.
func readHead(file, text string) (head, error) {
	h := head{set: map[string]at{}}
	top := true
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		top = top && strings.HasPrefix(line, "--")
		word, value := instruction(line, strings.HasPrefix(file, testsDir+"/"))
		if !top {
			if word != "" {
				return h, fmt.Errorf(
					"%s:%d: 「-- %s: %s」は、ここでは読みません。空行を挟まずに、ファイルの先頭のコメントに移してください", file, i+1, word, value)
			}
			continue
		}
		if err := h.add(file, i+1, line, word, value); err != nil {
			return h, err
		}
	}
	return h, nil
}

// add takes a line of the head.
func (h *head) add(file string, line int, text, word, value string) error {
	written := instructionLine.FindStringSubmatch(text)
	switch {
	case word == "":
		text = strings.TrimSpace(strings.TrimPrefix(text, "--"))
		if m := columnComment.FindStringSubmatch(text); m != nil {
			h.columns = append(h.columns, saidColumn{m[1], m[2], line})
		} else {
			h.comment += text
		}
		return nil
	case word != written[1]:
		return fmt.Errorf("%s:%d: 「%s」という指定はありません。「-- %s: %s」と書いてください", file, line, written[1], word, value)
	}
	if before, twice := h.set[word]; twice || word == keyWord && len(h.key) > 0 {
		return fmt.Errorf("%s:%d: 「%s」が二つあります（%d行目にもあります）。一つにしてください",
			file, line, word, max(before.line, h.keyLine()))
	}
	switch word {
	case keyWord:
		for _, column := range strings.Split(value, ",") {
			h.key = append(h.key, saidColumn{strings.TrimSpace(column), "", line})
		}
		return nil
	case scope:
		if value != ownRows {
			return fmt.Errorf("%s:%d: 範囲「%s」はありません。書けるのは「-- %s: %s」だけです。自治体をまたぐ文なら、この行を消してください",
				file, line, value, scope, ownRows)
		}
	case severityWord:
		if !slices.Contains(finding.Severities, value) {
			return fmt.Errorf("%s:%d: %s", file, line, finding.UnknownSeverity(value))
		}
	}
	h.set[word] = at{value, line}
	return nil
}

func (h *head) keyLine() int {
	if len(h.key) == 0 {
		return 0
	}
	return h.key[0].line
}

// local reports whether the statement's rows rest on those of their own municipality.
func (h *head) local() bool { return h.set[scope].value == ownRows }

// instruction finds the instruction that a line of comment is, or is meant for: its word as it should be written, ""
// for any other line. A word that is one letter apart from another is meant for it only where its value looks like one,
// and where such an instruction has a place: 「-- 指標: 職員数」 is a sentence.
func instruction(line string, inTest bool) (word, value string) {
	m := instructionLine.FindStringSubmatch(line)
	if m == nil {
		return "", ""
	}
	value = strings.TrimSpace(m[2])
	for _, known := range []string{codeWord, severityWord, scope, keyWord} {
		if m[1] == known {
			return known, value
		}
	}
	looks := map[string]bool{
		codeWord:     inTest && codeLike.MatchString(value),
		severityWord: inTest && record.Nearest(value, finding.Severities) != "",
		scope:        record.Nearest(value, []string{ownRows}) != "",
	}
	for _, known := range []string{codeWord, severityWord, scope} {
		if d, _ := record.Near(m[1], known); d == 1 && looks[known] {
			return known, value
		}
	}
	return "", ""
}

// missing is a column that the head names and the statement does not have; ok is false where there is none.
func (h *head) missing(has []string) (c saidColumn, ok bool) {
	for _, c := range slices.Concat(h.columns, h.key) {
		if !slices.Contains(has, c.name) {
			return c, true
		}
	}
	return saidColumn{}, false
}

// noSuchColumn says that a column which the head names is not the statement's.
func noSuchColumn(file string, c saidColumn, has []string) error {
	return fmt.Errorf("%s:%d: 列「%s」は、この文の結果にありません。最も近いのは「%s」です。"+
		"名前を直すか、この行を消してください（列の説明でないなら、「：」を全角にしてください）", file, c.line, c.name, record.Closest(c.name, has))
}
