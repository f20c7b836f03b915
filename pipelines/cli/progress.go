package cli

import (
	"fmt"
	"log/slog"
	"os"
	"strings"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"

	"github.com/mattn/go-isatty"
)

// progress shows how far a run is: one line that is written over on a terminal, a plain line for each step in a log,
// nothing where a verb is used in a pipe.
func (o *options) progress(log *slog.Logger) func(project.Progress) {
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
	case o.logging || o.logFormat == logJSON:
		return func(p project.Progress) {
			if p.Step == "wait" {
				log.Info("別の実行が終わるのを待っています（" + p.What + "）")
			}
			if p.Ended != nil {
				log.Info(report.StepLine(p.Step, p.Ended), o.stepKeys(p)...)
			}
		}
	}
	return nil
}

// watched reports whether a person sees what is written to standard error as it is written. Programs read JSON.
func (o *options) watched() bool {
	f, isFile := o.rawStderr.(*os.File)
	return isFile && o.logFormat != logJSON && isatty.IsTerminal(f.Fd())
}

// stepKeys are what a program reads of a step that has ended; people have its line.
func (o *options) stepKeys(p project.Progress) []any {
	if o.logFormat != logJSON {
		return nil
	}
	return []any{"step", p.Step, "status", p.Ended.Status, "seconds", p.Ended.Seconds, "counts", p.Ended.Counts}
}
