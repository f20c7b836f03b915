package brief

import (
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
		return &Error{Where: where, What: own.what, Do: own.do, Cause: err}
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
