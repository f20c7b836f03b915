package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/quantity"
)

func newParse(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "parse <数量>…", Short: "数量の書き方がどう読まれるかを示す",
		Long: `
一つの数量につきJSONを一行出す。value は桁をそろえた値（20億4千万円 は 2040000000 円、9割 は 90 %）。
例: kyogikai parse -3.4 20億4千万円 '6(1)' 90%以上`,
		DisableFlagParsing: true, // -3.4 is a literal
		RunE: func(c *cobra.Command, args []string) error {
			literals, help := literals(args)
			if help {
				return c.Help()
			}
			if len(literals) == 0 {
				return usageError{"数量を一つ以上書いてください（例: kyogikai parse 20億4千万円）"}
			}
			return o.parse(literals)
		},
	}
}

// literals drops the flags that every verb has: none changes how a literal is read. Behind -- everything is a literal.
func literals(args []string) (out []string, help bool) {
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "--":
			return append(out, args[i+1:]...), help
		case "--help", "-h":
			help = true
		case "--json", "--verbose", "-v":
		case "--config", "--inputs", "--outputs", "--as-of":
			i++
		default:
			if name, _, ok := strings.Cut(args[i], "="); !ok || !strings.HasPrefix(name, "--") {
				out = append(out, args[i])
			}
		}
	}
	return out, help
}

// parsed is one line of the verb's output; the contract fixes its names.
type parsed struct {
	Literal        string `json:"literal"`
	Value          string `json:"value"`
	Unit           string `json:"unit"`
	Comparator     string `json:"comparator"`
	Change         string `json:"change"`
	Approx         bool   `json:"approx"`
	SecondaryValue string `json:"secondary_value"`
	SecondaryUnit  string `json:"secondary_unit"`
	Status         string `json:"status"`
	Why            string `json:"why,omitempty"`
}

func (o *options) parse(literals []string) error {
	var all bytes.Buffer
	out := json.NewEncoder(&all)
	out.SetEscapeHTML(false)
	for _, l := range literals {
		q := quantity.Parse(l)
		err := out.Encode(parsed{
			Literal: l, Value: q.Base, Unit: q.BaseUnit, Comparator: cmp.Or(q.Comparator, "none"),
			Change: cmp.Or(q.Change, "none"),
			Approx: q.Approx, SecondaryValue: q.Secondary, SecondaryUnit: q.SecondaryUnit, Status: string(q.Status), Why: q.Why,
		})
		if err != nil {
			return fmt.Errorf("writing the result: %w", err)
		}
	}
	_, err := o.Stdout.Write(printable.JSON(all.Bytes()))
	return err
}
