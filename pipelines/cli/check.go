package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

var severityNames = map[string]string{record.Error: "誤り", record.Warning: "注意", record.Info: "参考"}

func newCheck(o *options) *cobra.Command {
	var sendBack, words bool
	var wanted report.Wanted
	var picture readingPicture
	c := &cobra.Command{
		Use:   "check [課] [--form A] [--year 令和8年度] [--severity error] [--returns | --words [MEETING] | --reading FILE]",
		Short: "確認を要する調査票を課ごとに示す", Args: atMost(1),
		Long: `
課、様式、年度、重さのどれか（いくつでも）を書くと、それに当たるものだけを示す。終了コードも、示したものによる。
同じ名前の課が二つ以上あるときは、福祉部/総務課 や 八戸市/総務課 のように、前に部か自治体を書く。
様式の分からない（開けない）調査票は、その課が提出する様式のどれかとみなす。
--words を付けると、会議（名前がなければ次の会議）の資料と、各課が書いた文章を、templates/用字用語.csv、組織.csv の旧名称、括弧の組、
問合せから出ていない数値について調べる。指摘や集計は変わらない。
--returns を付けると、課ごとの差戻し票を outputs/returns/ に作る（すべての課の分。課などを書けば、それに当たるものの名前だけを出す）。
差戻し票は調査票の写しで、確かめるセルに色とコメントを付け、最初のシートに一覧を置く。提出された調査票は変わらない。
--reading FILE を付けると、その一つのファイルをどう読んだかを、シートの形のままのHTMLにする。データは要らず、変わらない。自治体と年度は
置き場所（inputs/<自治体>/<年度>/<部>/<課>/）から分かる。ほかの場所のファイルは --municipality と --year で言う。
`,
		RunE: func(c *cobra.Command, args []string) error {
			if picture.file != "" && (words || sendBack || wanted.Form != "" || wanted.Severity != "") {
				return usageError{"--reading は、--words、--returns、--form、--severity と一緒に使えません"}
			}
			picture.year = wanted.Year
			if done, err := o.reading(c.Context(), picture, args); done {
				return err
			}
			name := strings.Join(args, "")
			if words && wanted != (report.Wanted{}) {
				return usageError{"--words と --form、--year、--severity は一緒に使えません"}
			}
			env, db, err := o.published(c.Context(), runs.ByState)
			if err != nil {
				return err
			}
			defer db.Close()
			if words {
				return o.words(c.Context(), env, db, name)
			}
			wanted.Department = name
			return o.checkFindings(c.Context(), env, db, wanted, sendBack)
		},
	}
	c.Flags().BoolVar(&words, "words", false, "会議の資料と各課の文章の、用字用語・括弧・根拠のない数値を調べる")
	c.Flags().BoolVar(&sendBack, "returns", false, "差戻し票を outputs/returns/ に作る")
	c.Flags().StringVar(&wanted.Form, "form", "", "様式の記号か名称（例: A）")
	c.Flags().StringVar(&wanted.Year, "year", "", "年度（例: 令和8年度）")
	c.Flags().StringVar(&wanted.Severity, "severity", "", "重さ（error 誤り、warning 注意、info 参考）")
	picture.flags(c)
	return c
}

// checkFindings shows the findings that are wanted, and the decisions about their files.
func (o *options) checkFindings(
	ctx context.Context, env project.Env, db *warehouse.Reader, wanted report.Wanted, sendBack bool,
) error {
	selection, err := o.selected(ctx, env, db, wanted)
	if err != nil {
		return err
	}
	found, err := report.Findings(ctx, db)
	if err != nil {
		return err
	}
	failed := 0
	if sendBack {
		if failed, err = o.sendBack(ctx, env, db, selection); err != nil {
			return err
		}
	}
	decisions, err := nightly.Decisions(ctx, env)
	if err != nil {
		return err
	}
	files := "SELECT path FROM meta.workbooks"
	if listed, err := db.Has(ctx, "raw.listed"); err != nil {
		return err
	} else if listed { // lines of a list are decided upon too
		files += " UNION SELECT path FROM raw.listed"
	}
	r, err := db.Query(ctx, files)
	if err != nil {
		return fmt.Errorf("reading workbooks: %w", err)
	}
	var paths []string
	for _, row := range r.Rows {
		paths = append(paths, fmt.Sprint(row[0]))
	}
	run, ok, err := runs.Find(env.Outputs, db.Run)
	if err != nil {
		return err
	}
	if ok { // what is missing can be withdrawn too
		for _, l := range run.Lost {
			paths = append(paths, l.Files...)
		}
	}
	var shown []record.Finding
	for _, f := range found {
		if selection.Has(f) {
			shown = append(shown, f)
		}
	}
	var told []decided
	for _, d := range decisions {
		if selection.Decided(d, paths) {
			told = append(told, decided{d, d.Idle(found, paths)})
		}
	}
	err = o.check(shown, told)
	if ok && wanted == (report.Wanted{}) {
		if err := o.dataTests(run.Tests); err != nil {
			return err
		}
	}
	if failed == 0 {
		return err
	}
	return codeError(exitFailed)
}

// dataTests shows what the tests of sql/tests have noticed in the figures as a whole. It is the secretariat's to look
// at: no department has it among its own.
func (o *options) dataTests(tests []model.Failure) error {
	for i, t := range tests {
		if o.json {
			if err := o.line("data_test", t); err != nil {
				return err
			}
			continue
		}
		if i == 0 {
			printable.Fprintf(o.Stdout, "\n■ 集計の検査（事務局が確かめるもの。値は変えていません）\n")
		}
		printable.Fprintf(o.Stdout,
			"  [%s] %s（%d行）\n        行は kyogikai sql \"FROM meta.test_rows WHERE test = '%s'\" で見られます。\n",
			severityNames[t.Severity], cmp.Or(t.Says, "検査 "+t.Test+" に掛かりました。"), t.Rows, t.Test)
	}
	return nil
}

// selected finds out what is wanted; what does not exist is a mistake in the command line.
func (o *options) selected(
	ctx context.Context, env project.Env, db *warehouse.Reader, wanted report.Wanted,
) (*report.Selection, error) {
	var names []report.FormName
	if wanted.Form != "" {
		forms, err := form.Load(env.Project, "templates/forms")
		if err != nil {
			return nil, fmt.Errorf("reading forms: %w", err)
		}
		for _, f := range forms {
			names = append(names, report.FormName{ID: f.ID, Name: f.Name})
		}
	}
	selection, err := report.Select(ctx, db, names, wanted)
	var unknown *report.WantedError
	if errors.As(err, &unknown) {
		says := unknown.Error()
		if _, err := time.Parse(time.DateOnly, wanted.Department); err == nil {
			says += "。会議の名前は --words と一緒に書いてください"
		}
		return nil, usageError{says}
	}
	return selection, err
}

// sendBack writes the 差戻し票 and says which and where they are, of those that are wanted. It counts those that could not
// be written.
func (o *options) sendBack(
	ctx context.Context, env project.Env, db *warehouse.Reader, selection *report.Selection,
) (failed int, err error) {
	_, written, err := report.SendBack(ctx, env, db)
	if err != nil {
		return 0, err
	}
	made := 0
	unnamed := map[string]bool{} // municipalities of which the settings name nobody to ask
	for _, w := range written {
		if w.File != "" {
			made++
			if _, known := env.Settings.Contact(w.Municipality); !known {
				unnamed[w.Municipality] = true
			}
		}
		if !selection.About(w.Source) {
			continue
		}
		if w.Failed != "" {
			failed++
		}
		switch {
		case o.json:
			err = o.line("return", map[string]any{
				"municipality": w.Municipality, "department": w.Department, "source": w.Source, "file": w.File,
				"findings": w.Findings, "stale": w.Stale, "failed": w.Failed,
			})
		case w.Failed != "":
			printable.Fprintf(o.Stderr, "差戻し票を作れませんでした: %s（%s）。ほかの差戻し票は作りました。\n", w.Source, w.Failed)
		case w.Stale:
			printable.Fprintf(o.Stderr, "%s は、読み込んだ後に変わっています。kyogikai load の後にもう一度実行してください。\n", w.Source)
		default:
			printable.Fprintf(o.Stdout, "差戻し票: %s（%d件）\n", w.File, w.Findings)
		}
		if err != nil {
			return failed, err
		}
	}
	return failed, o.sentBack(made, report.ReturnsDir(env), slices.Sorted(maps.Keys(unnamed)))
}

// sentBack says how many 差戻し票 were written, and where; and of which municipalities they name nobody to ask.
func (o *options) sentBack(made int, dir string, unnamed []string) error {
	if o.json {
		return o.line("returns", map[string]any{"files": made, "dir": dir, "without_contact": append([]string{}, unnamed...)})
	}
	printable.Fprintf(o.Stdout, "差戻し票を全部で%d件作りました（%s）。課に渡してください。\n", made, dir)
	if len(unnamed) > 0 {
		printable.Fprintf(o.Stderr, "注意: kyogikai.yaml の contacts（担当）に「%s」がないので、差戻し票には期限と送り先がなく、問合せ先は"+
			"「%s」としています。担当を書いてから、もう一度実行してください。\n", strings.Join(unnamed, "」「"), project.NobodyNamed)
	}
	return nil
}

// decided is a decision, and why it changes nothing, "" where it does its work.
type decided struct {
	record.Decision
	idle string
}

// check prints findings by department, each with where, what was found and what to do.
func (o *options) check(fs []record.Finding, decisions []decided) error {
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
			printable.Fprintf(
				o.Stdout, "■ %s（誤り%d、注意%d、参考%d）\n", strings.Trim(k, "　"), by[last][record.Error], by[last][record.Warning],
				by[last][record.Info],
			)
		}
		printable.Fprintf(o.Stdout, "  [%s] %s\n        %s\n", severityNames[f.Severity], where(f), f.Message)
	}
	for _, d := range decisions {
		if o.json {
			if err := o.line("decision", d.Decision); err != nil {
				return err
			}
			continue
		}
		printable.Fprintf(o.Stdout, "□ 判断: %s %s %s　%s（%s）\n", d.Path, d.Cell, d.Decision.Decision, d.Reason, d.Date)
		if d.idle != "" {
			printable.Fprintf(o.Stdout, "  ※ この判断は効いていません：%s\n", d.idle)
		}
	}
	if !o.json {
		printable.Fprintf(o.Stdout, "合計: 誤り%d件、注意%d件、参考%d件\n", total[record.Error], total[record.Warning], total[record.Info])
		if total[record.Error] > 0 {
			printable.Fprintln(o.Stdout, "誤りのある行とファイルは、直るまでどの集計にも入りません。")
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
