package cli

import (
	"fmt"
	"os"
	"strings"
	"time"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"

	"github.com/mattn/go-isatty"
)

// progress shows how far a run is: one line that is written over on a terminal, a plain line for each step in a log,
// nothing where a verb is used in a pipe.
func (o *options) progress(zone *time.Location) func(project.Progress) {
	switch {
	case o.watched():
		var at project.Progress
		return func(p project.Progress) {
			switch {
			case p.Step == "wait":
				printable.Fprintf(o.Stderr, "別の実行が終わるのを待っています（%s）\n", p.What)
				return
			case p.Ended != nil:
				fmt.Fprint(o.rawStderr, "\r\x1b[K")
				return
			case p.Of > 0:
				at = p
			}
			line := report.StepName(p.Step)
			if at.Of > 0 {
				line = fmt.Sprintf("[%d/%d] %s", at.Number, at.Of, line)
			}
			if p.Size > 0 {
				line += fmt.Sprintf(" %d/%d", p.Count, p.Size)
			}
			fmt.Fprint(o.rawStderr, "\r\x1b[K"+printable.Line(strings.TrimSpace(line+" "+p.What)))
		}
	case o.logging:
		return func(p project.Progress) {
			if p.Step == "wait" {
				printable.Fprintf(o.Stderr, "%s 別の実行が終わるのを待っています（%s）\n", o.now(zone), p.What)
			}
			if p.Ended != nil {
				printable.Fprintf(o.Stderr, "%s %s\n", o.now(zone), stepLine(p.Step, p.Ended))
			}
		}
	}
	return nil
}

// watched reports whether a person sees what is written to standard error as it is written.
func (o *options) watched() bool {
	f, isFile := o.rawStderr.(*os.File)
	return isFile && isatty.IsTerminal(f.Fd())
}

func (o *options) now(zone *time.Location) string { return o.Clock().In(zone).Format(time.DateTime) }

// stepLine is a step that has ended, in one line.
func stepLine(step string, s *project.StepEnd) string {
	line := fmt.Sprintf("%s %s %.1f秒", report.StepName(step), stepStatus[s.Status], s.Seconds)
	for _, c := range stepCounts {
		if n, ok := s.Counts[c.name]; ok && (n > 0 || c.zero) {
			line += fmt.Sprintf(" %s%d", c.japanese, n)
		}
	}
	if s.Error != "" {
		line += " " + strings.ReplaceAll(s.Error, "\n", " ")
	}
	return line
}

var stepStatus = map[string]string{"done": "終了", "failed": "失敗", "skipped": "行わず", "kept": "作業なし"}

var stepCounts = []struct {
	name, japanese string
	zero           bool
}{
	{"new", "新規", true}, {"changed", "変更", true}, {"removed", "収集元から削除", false}, {"failed", "取り込めないファイル", false},
	{"sources_failed", "取り込めない収集元", false}, {"workbooks", "調査票", true}, {"tables", "表", false}, {"meetings", "会議", false},
	{"papers", "資料", false}, {"sent", "送信", false}, {"waiting", "未送信", false},
}
