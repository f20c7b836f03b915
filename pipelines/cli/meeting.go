package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/project"
)

// meetingVerb is a verb that does one thing about a meeting. Its name is also a flag of brief, as it was before there
// was a verb.
func meetingVerb(
	o *options, use, short, long string, run func(ctx context.Context, env project.Env, m brief.Meeting) error,
) *cobra.Command {
	return &cobra.Command{
		Use: use + " [MEETING]", Short: short, Long: "\n" + long + "\n", Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			return o.fresh(c.Context(), strings.Join(args, ""), run)
		},
	}
}

// fresh does something about a meeting with what is published, which is loaded first where something has changed.
func (o *options) fresh(
	ctx context.Context, meeting string, do func(ctx context.Context, env project.Env, m brief.Meeting) error,
) error {
	env, err := o.env()
	if err != nil {
		return err
	}
	m, err := chooseMeeting(env, meeting)
	if err != nil {
		return err
	}
	if _, err := nightly.Fresh(ctx, env); err != nil {
		return err
	}
	return do(ctx, env, m)
}

// chooseMeeting finds the meeting that a person names; without a name the coming one, else the latest.
func chooseMeeting(env project.Env, name string) (brief.Meeting, error) {
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return brief.Meeting{}, err
	}
	return brief.Choose(meetings, name, env.AsOf)
}

// dayOf reads the day of --distributed; without it, it is today.
func dayOf(env project.Env, text string) (time.Time, error) {
	if text == "" {
		return env.AsOf, nil
	}
	day, err := fiscal.ReadDay(text)
	if err != nil {
		return day, usageError{"--distributed の" + err.Error()}
	}
	return day, nil
}

// checkDay refuses a day that cannot be read, before anything is loaded or made.
func checkDay(text string) error {
	_, err := dayOf(project.Env{}, text)
	return err
}
