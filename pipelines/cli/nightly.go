package cli

import (
	"os"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/printable"
)

func newNightly(o *options) *cobra.Command {
	var parent int
	var trigger string
	c := &cobra.Command{
		Use: "nightly", Short: "夜間の実行：収集、読み込み、検査、次の会議の資料、更新、通知", Args: atMost(0),
		Long: `
途中で止まった実行があり、調査票などが変わっていなければ、その続きから行う。何も変わっていなければ、何も作らない。
記録は outputs/runs/<実行の番号>.json、通知の文面は同じ名前の .txt に残る。
`,
		RunE: func(c *cobra.Command, _ []string) error {
			o.logging = true
			env, err := o.env()
			if err != nil {
				return err
			}
			if parent != 0 {
				env.Orphan = func() bool { return os.Getppid() != parent }
			}
			run, err := nightly.Nightly(c.Context(), env, trigger)
			if err != nil {
				return err
			}
			if !o.json {
				for _, f := range run.Papers {
					printable.Fprintln(o.Stdout, f)
				}
			}
			return o.outcome(c.Context(), env, run)
		},
	}
	c.Flags().IntVar(&parent, "parent", 0, "この実行を始めたプロセス。それがなくなれば更新しない")
	c.Flags().StringVar(&trigger, "trigger", "nightly", "記録に残す、実行のきっかけ")
	_, _ = c.Flags().MarkHidden("parent"), c.Flags().MarkHidden("trigger")
	return c
}
