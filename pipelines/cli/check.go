package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/warehouse"
)

var severityNames = map[string]string{record.Error: "誤り", record.Warning: "注意", record.Info: "参考"}

func newCheck(o *options) *cobra.Command {
	var sendBack, words bool
	var picture readingPicture
	c := &cobra.Command{
		Use: "check [--returns | --words [MEETING] | --reading FILE]", Short: "確認を要する調査票を課ごとに示す", Args: atMost(1),
		Long: `
--words を付けると、会議（名前がなければ次の会議）の資料と、各課が書いた文章を、templates/用字用語.csv、組織.csv の旧名称、括弧の組、
問合せから出ていない数値について調べる。指摘や集計は変わらない。
--returns を付けると、課ごとの差戻し票を outputs/returns/ に作る。差戻し票は調査票の写しで、確かめるセルに色とコメントを付け、
最初のシートに一覧を置く。提出された調査票は変わらない。
--reading FILE を付けると、その一つのファイルをどう読んだかを、シートの形のままのHTMLにする。公表したものは要らず、変わらない。自治体と年度は
置き場所（inputs/<自治体>/<年度>/<部>/<課>/）から分かる。ほかの場所のファイルは --municipality と --year で言う。
`,
		RunE: func(c *cobra.Command, args []string) error {
			if picture.file != "" && (words || sendBack) {
				return usageError{"--reading は、--words、--returns と一緒に使えません"}
			}
			if done, err := o.reading(c.Context(), picture, args); done {
				return err
			}
			if len(args) > 0 && !words {
				return usageError{"会議の名前は --words と一緒に書いてください"}
			}
			env, db, err := o.published(c.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			if words {
				return o.words(c.Context(), env, db, strings.Join(args, ""))
			}
			found, err := report.Findings(c.Context(), db)
			if err != nil {
				return err
			}
			if sendBack {
				if err := o.sendBack(c.Context(), env, db); err != nil {
					return err
				}
			}
			decisions, err := nightly.Decisions(env)
			if err != nil {
				return err
			}
			r, err := db.Query(c.Context(), "SELECT path FROM meta.workbooks")
			if err != nil {
				return fmt.Errorf("reading workbooks: %w", err)
			}
			var paths []string
			for _, row := range r.Rows {
				paths = append(paths, fmt.Sprint(row[0]))
			}
			return o.check(found, decisions, paths)
		},
	}
	c.Flags().BoolVar(&words, "words", false, "会議の資料と各課の文章の、用字用語・括弧・根拠のない数値を調べる")
	c.Flags().BoolVar(&sendBack, "returns", false, "差戻し票を outputs/returns/ に作る")
	picture.flags(c)
	return c
}

// sendBack writes the 差戻し票 and says where they are.
func (o *options) sendBack(ctx context.Context, env project.Env, db *warehouse.Reader) error {
	_, written, err := report.SendBack(ctx, env, db)
	if err != nil {
		return err
	}
	for _, w := range written {
		switch {
		case o.json:
			err = o.line("return", map[string]any{
				"municipality": w.Municipality, "department": w.Department, "source": w.Source, "file": w.File,
				"findings": w.Findings, "stale": w.Stale,
			})
		case w.Stale:
			fmt.Fprintf(o.Stderr, "%s は、読み込んだ後に変わっています。kyogikai load の後にもう一度実行してください。\n", w.Source)
		default:
			fmt.Fprintf(o.Stdout, "差戻し票: %s（%d件）\n", w.File, w.Findings)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// check prints findings by department, each with where, what was found and what to do.
func (o *options) check(fs []record.Finding, decisions []record.Decision, paths []string) error {
	total := map[string]int{}
	by := map[string]map[string]int{}
	key := func(f record.Finding) string { return f.Municipality + "　" + f.Department }
	for _, f := range fs {
		total[f.Severity]++
		if by[key(f)] == nil {
			by[key(f)] = map[string]int{}
		}
		by[key(f)][f.Severity]++
	}
	last := ""
	for _, f := range fs {
		if o.json {
			if err := o.line("finding", jsonFinding{
				f.Severity, f.Code, f.Municipality, f.Department, f.Path, f.Sheet, f.Cell, f.Message, f.Found, f.Expected,
			}); err != nil {
				return err
			}
			continue
		}
		if k := key(f); k != last {
			last = k
			if k == "　" {
				k = "収集"
			}
			fmt.Fprintf(
				o.Stdout, "■ %s（誤り%d、注意%d、参考%d）\n", strings.Trim(k, "　"), by[last][record.Error], by[last][record.Warning],
				by[last][record.Info],
			)
		}
		fmt.Fprintf(o.Stdout, "  [%s] %s\n        %s\n", severityNames[f.Severity], where(f), f.Message)
	}
	for _, d := range decisions {
		if o.json {
			if err := o.line("decision", d); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(o.Stdout, "□ 判断: %s %s %s　%s（%s）\n", d.Path, d.Cell, d.Decision, d.Reason, d.Date)
		if why := d.Idle(fs, paths); why != "" {
			fmt.Fprintf(o.Stdout, "  ※ この判断は効いていません：%s\n", why)
		}
	}
	if !o.json {
		fmt.Fprintf(o.Stdout, "合計: 誤り%d件、注意%d件、参考%d件\n", total[record.Error], total[record.Warning], total[record.Info])
		if total[record.Error] > 0 {
			fmt.Fprintln(o.Stdout, "誤りのある行とファイルは、直るまでどの集計にも入りません。")
		}
	}
	if total[record.Error] > 0 {
		return codeError(exitFindings)
	}
	return nil
}

// where is the place of a finding; one about a source as a whole names that.
func where(f record.Finding) string {
	if f.Path == "" && f.Expected != "" {
		return "収集元「" + f.Expected + "」"
	}
	return finding.Locate(f)
}

type jsonFinding struct {
	Severity     string `json:"severity"`
	Code         string `json:"code"`
	Municipality string `json:"municipality"`
	Department   string `json:"department"`
	Path         string `json:"path"`
	Sheet        string `json:"sheet"`
	Cell         string `json:"cell"`
	Message      string `json:"message"`
	Found        string `json:"found"`
	Expected     string `json:"expected"`
}
