package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

func newQuestions(o *options) *cobra.Command {
	return meetingVerb(o, "questions", "想定問答（xlsx）を作る: 数値ごとの正確な率、三年分、課の備考",
		`作ったものは outputs/briefs/<会議>/想定問答.xlsx に置く。

例: kyogikai questions 2025-10-21`, o.questions)
}

// questions writes the 想定問答.
func (o *options) questions(ctx context.Context, env project.Env, m brief.Meeting) error {
	path, err := meetings.WriteQuestions(ctx, env, m)
	if err != nil {
		return err
	}
	if o.json {
		return o.line("questions", map[string]any{"meeting": m.ID, "file": path})
	}
	printable.Fprintln(o.Stdout, path)
	return nil
}
