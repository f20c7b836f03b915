package cli

import (
	"github.com/spf13/cobra"

	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/reading"
)

func newCollect(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "collect", Short: "収集元から、変わった調査票だけを inputs に取り込む", Args: atMost(0),
		Long: `
収集元は設定の sources に書く。取り込めない収集元があっても、ほかは続ける。収集元から消えたファイルは、inputs に残して印を付ける。
`,
		RunE: func(c *cobra.Command, _ []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			if len(env.Settings.Sources) == 0 {
				printable.Fprintln(o.Stderr, "設定に sources（収集元）がありません。inputs に置かれた調査票をそのまま使います。")
				return nil
			}
			reports, err := nightly.Collect(c.Context(), env)
			if err != nil {
				return err
			}
			failed := 0
			for _, r := range reports {
				if r.Error != "" {
					failed++
				}
				if o.json {
					if err := o.line("source", r); err != nil {
						return err
					}
					continue
				}
				printable.Fprintf(
					o.Stdout, "%s: 新規%d、更新%d、変更なし%d、収集元から削除%d、失敗%d\n", r.Source, r.New, r.Changed, r.Unchanged, r.Removed, r.Failed,
				)
			}
			problems, err := reading.Problems(env)
			if err != nil {
				return err
			}
			for _, p := range problems {
				printable.Fprintln(o.Stderr, p)
			}
			if failed == len(reports) {
				return codeError(exitFailed)
			}
			return nil
		},
	}
}
