package cli

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/record"
)

func newLoad(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "load", Short: "調査票を読み、集計し、検査して公表する", Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			run, err := nightly.Load(c.Context(), env, "load")
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			return o.tell(run)
		},
	}
}

// tell says how a run ended.
func (o *options) tell(run *nightly.Run) error {
	if o.json {
		if err := o.line("run", run); err != nil {
			return err
		}
	} else {
		if run.Status == "unchanged" {
			fmt.Fprintf(o.Stdout, "前回から何も変わっていません（調査票%d件）。公表済みのものをそのまま使います。\n", run.Workbooks)
		} else {
			fmt.Fprintf(o.Stdout, "公表しました: %s（調査票%d件、前回からの変更%d件）\n", run.ID, run.Workbooks, run.Changed)
		}
		o.counts(run.Findings)
	}
	if run.Errors() > 0 {
		return codeError(exitFindings)
	}
	return nil
}

func (o *options) counts(n map[string]int) {
	fmt.Fprintf(o.Stdout, "指摘: 誤り%d件、注意%d件、参考%d件", n[record.Error], n[record.Warning], n[record.Info])
	if n[record.Error]+n[record.Warning] > 0 {
		fmt.Fprint(o.Stdout, "（内容は kyogikai check）")
	}
	fmt.Fprintln(o.Stdout)
}

// line prints a value as one JSON line with its type.
func (o *options) line(kind string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	fields["type"] = kind
	if data, err = json.Marshal(fields); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	fmt.Fprintln(o.Stdout, string(data))
	return nil
}
