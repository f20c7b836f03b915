package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/nightly"
)

func newNightly(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "nightly", Short: "夜間の実行：読み込み、集計、公表、次の会議の資料", Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			run, err := nightly.Nightly(c.Context(), env)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			if !o.json {
				for _, f := range run.Papers {
					fmt.Fprintln(o.Stdout, f)
				}
			}
			return o.tell(run)
		},
	}
}
