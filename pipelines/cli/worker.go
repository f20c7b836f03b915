package cli

import (
	"github.com/spf13/cobra"

	"kyogikai/pipelines/learn"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/sendback"
)

// newWorker is what children of this program do. They speak with their parent on their input and output; nobody types
// the verb.
func newWorker(o *options) *cobra.Command {
	return &cobra.Command{
		Use: project.WorkerVerb + " KIND", Short: "（このプログラムが自分で使う）", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			switch args[0] {
			case learn.WorkerKind:
				return learn.Serve(o.Stdin, o.rawStdout)
			case reading.WorkerKind:
				return reading.Serve(o.Stdin, o.rawStdout)
			case sendback.WorkerKind:
				return sendback.Serve(o.Stdin, o.rawStdout)
			}
			return usageError{"worker は、このプログラムが自分で使う命令です"}
		},
	}
}
