package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/serve"
	"kyogikai/pipelines/warehouse"
)

const submissionsQuery = `SELECT municipality, form, fiscal_year, wareki(fiscal_year),
  count(*) FILTER (status = '提出済'), count(*) FILTER (status = '要修正'), count(*) FILTER (status = '未提出')
FROM marts.submissions GROUP BY ALL ORDER BY ALL`

// runsShown is how many runs status shows.
const runsShown = 5

func newStatus(o *options) *cobra.Command {
	var monitor bool
	c := &cobra.Command{
		Use: "status [--monitor]", Short: "最近と次の実行、提出の状況、読んだ値の数、残っている指摘、ディスクを示す", Args: atMost(0),
		Long: `
最後の実行が人の確認を要するとき（失敗、中断、誤りの残り、収集や通知の失敗、予定の時刻を過ぎても実行がない）は、終了コード3で終わる。
値の数は、様式ごとに、読んだもの、誤りの指摘があって集計から除いたもの、どの決まりでも読めずに残ったセル。
督促の印は、期限の7日前、前日、期限超過。閉庁日に当たるときは、その前の開庁日に付く。

--monitor は、監視のための一行を出す。初めの語は、重いものから次のどれか。OK なら終了コード0、ほかは3。
  BROKEN    何も読み込まれていない、データのファイルが壊れている、最後の実行が失敗した
  STALE     夜間の実行が予定の時刻を過ぎても行われていない、行うものが止まっている
  COLLECT   収集元、またはそのファイルを取り込めなかった
  FINDINGS  調査票の誤りなど、人が確かめることが残っている
  OK        確かめることはない
`,
		RunE: func(c *cobra.Command, _ []string) error {
			if monitor {
				return o.monitor(c.Context())
			}
			env, err := o.env()
			if err != nil {
				return err
			}
			newest, err := runs.List(env.Outputs, runsShown)
			if err != nil {
				return err
			}
			db, err := runs.Open(c.Context(), env.Outputs, runs.ByContents)
			if errors.Is(err, warehouse.ErrNothingPublished) && len(newest) > 0 && !newest[0].Good() { // why nothing is there
				printable.Fprintf(
					o.Stderr, "最後の実行 %s: %s %s\n", newest[0].ID, report.StatusName(newest[0].Status), newest[0].Error,
				)
			}
			if err != nil {
				return err
			}
			defer db.Close()
			return o.status(c.Context(), env, db, newest)
		},
	}
	c.Flags().BoolVar(&monitor, "monitor", false, "監視のための一行だけを出す")
	return c
}

// monitor prints the one line for monitors. Whatever goes wrong is a line too: a monitor reads nothing else.
func (o *options) monitor(ctx context.Context) error {
	env, err := o.env()
	var usage usageError
	if errors.As(err, &usage) {
		return err
	}
	v := serve.Ill(err)
	if err == nil {
		v = serve.Monitor(ctx, env)
	}
	if o.json {
		err = o.line("monitor", v)
	} else {
		err = nil
		printable.Fprintln(o.Stdout, v.Line())
	}
	if err == nil && v.State != serve.OK {
		return codeError(exitFindings)
	}
	return err
}

// cityStatus is all that status shows.
type cityStatus struct {
	published     string
	next          serve.Night
	attention     []string
	runs          []runs.Run
	submissions   warehouse.Result // counted by form
	open          []report.Submission
	answers       []report.Answered
	unlisted      []report.Unlisted
	values        []report.FormValues
	findings      []report.DepartmentFindings
	confirmations []meetings.MeetingConfirmations
	unlooked      map[string]int // by department: values that are read otherwise, at which nobody has looked
	disk          serve.Disk
}

// statusOf asks for all that status shows.
func statusOf(ctx context.Context, env project.Env, db *warehouse.Reader, newest []runs.Run) (s cityStatus, err error) {
	s = cityStatus{published: db.Run, runs: newest, disk: serve.DiskUse(env)}
	if s.next, err = serve.NextNight(env); err != nil {
		return s, err
	}
	if s.attention, err = serve.NeedsAttention(env); err != nil {
		return s, err
	}
	if s.submissions, err = db.Query(ctx, submissionsQuery); err != nil {
		return s, fmt.Errorf("reading submissions: %w", err)
	}
	if s.open, err = report.Submissions(ctx, db, env.AsOf); err != nil {
		return s, err
	}
	if s.answers, err = report.Answers(ctx, db); err != nil {
		return s, err
	}
	if s.unlisted, err = report.UnlistedForms(ctx, db); err != nil {
		return s, err
	}
	if s.values, err = report.Values(ctx, db); err != nil {
		return s, err
	}
	if s.findings, err = report.FindingCounts(ctx, db); err != nil {
		return s, err
	}
	anew, err := lineage.ReadRereads(ctx, db)
	if err != nil {
		return s, err
	}
	s.unlooked = map[string]int{}
	for _, r := range anew {
		if r.Waits() {
			s.unlooked[r.Municipality+"　"+r.Department]++
		}
	}
	s.confirmations, err = meetings.OpenConfirmations(ctx, env, db)
	return s, err
}

func (o *options) status(ctx context.Context, env project.Env, db *warehouse.Reader, newest []runs.Run) error {
	s, err := statusOf(ctx, env, db, newest)
	if err != nil {
		return err
	}
	if o.json {
		err = o.statusJSON(s)
	} else {
		o.statusText(s, env.Clock().Location())
		o.submissions(s.submissions, s.open, env.AsOf)
		o.answers(s.answers, s.unlisted)
		o.values(s.values)
		o.confirmations(s.confirmations)
		o.unlooked(s.unlooked)
		o.openFindings(s.findings)
		o.disk(s.disk)
	}
	if err == nil && len(s.attention) > 0 {
		return codeError(exitFindings)
	}
	return err
}

func (o *options) statusJSON(all cityStatus) error {
	lines := []struct {
		kind string
		v    any
	}{}
	add := func(kind string, v any) {
		lines = append(lines, struct {
			kind string
			v    any
		}{kind, v})
	}
	for _, r := range all.runs {
		add("run", r)
	}
	for _, s := range all.submissions.Rows {
		add("submissions", map[string]any{
			"municipality": s[0], "form": s[1], "fiscal_year": result.JSONValue(s[2]), "submitted": result.JSONValue(s[4]),
			"to_mend": result.JSONValue(s[5]), "missing": result.JSONValue(s[6]),
		})
	}
	for _, s := range all.open {
		add("submission", s)
		if s.Reminder == report.Overdue {
			add("overdue", map[string]any{
				"municipality": s.Municipality, "bureau": s.Bureau, "department": s.Department, "form": s.Form,
				"fiscal_year": s.FiscalYear, "due": s.Due,
				"status": s.Status, "days": -s.Days,
			})
		}
	}
	for _, a := range all.answers {
		add("answers", a)
	}
	for _, v := range all.values {
		add("values", v)
	}
	for _, f := range all.findings {
		add("findings", f)
	}
	for _, c := range all.confirmations {
		add("confirmation", c)
	}
	add("disk", all.disk)
	add("status", map[string]any{
		"published": all.published, "next": all.next.At, "next_by": all.next.By,
		"attention": append([]string{}, all.attention...), "reread_waiting": all.unlooked,
	})
	for _, l := range lines {
		if err := o.line(l.kind, l.v); err != nil {
			return err
		}
	}
	return nil
}

// nextNight says when the next night is meant to come. That it comes is said only where something is known to run it.
func nextNight(n serve.Night) string {
	const form = "2006-01-02 15:04"
	switch n.By {
	case serve.Unplanned:
		return "次の夜間実行: 予定なし"
	case serve.ByServe:
		return "次の夜間実行: " + n.At.Format(form) + "（kyogikai serve が行います）"
	case serve.ByOthers:
		return "次の夜間実行: " + n.At.Format(form) + "（前の夜間実行は、予定どおり " + n.Last.Format(form) + " に行われました）"
	}
	return "夜間実行の予定: " + n.At.Format(form) + "（設定の schedule。これを行うもの（timer、cron、serve）が動いているかは、ここからは分かりません）"
}

func (o *options) statusText(s cityStatus, zone *time.Location) {
	printable.Fprintf(o.Stdout, "いまのデータ: %s\n%s\n", runs.Named(s.published, zone), nextNight(s.next))
	if len(s.attention) > 0 {
		printable.Fprintf(o.Stdout, "\n確かめてください\n")
		for _, a := range s.attention {
			printable.Fprintf(o.Stdout, "  ・%s\n", a)
		}
	}
	printable.Fprintf(o.Stdout, "\n最近の実行\n")
	for _, r := range s.runs {
		printable.Fprintf(o.Stdout, "  %s  %s  %s  調査票%d 誤り%d 注意%d\n",
			r.ID, r.Started.In(zone).Format("01-02 15:04"), result.Padded(report.StatusName(r.Status), 8), r.Workbooks,
			r.Findings["error"], r.Findings["warning"])
	}
}

// submissions shows how many have submitted, and then, by name, those whose reminder has come.
func (o *options) submissions(counts warehouse.Result, open []report.Submission, asOf time.Time) {
	printable.Fprintf(o.Stdout, "\n提出の状況（提出済／要修正／未提出）\n")
	for _, s := range counts.Rows {
		printable.Fprintf(o.Stdout, "  %v　%v　%v　%v／%v／%v\n", s[0], s[3], s[1], s[4], s[5], s[6])
	}
	for _, s := range open {
		if !s.Dated && s.Due != "" {
			printable.Fprintf(
				o.Stderr, "提出対象.csv の提出期限「%s」（%s　%s）を日付として読めません。令和9年4月25日 のように直してください。\n", s.Due, s.Municipality, s.Department,
			)
		}
	}
	for _, reminder := range []string{report.Overdue, report.RemindEve, report.RemindWeek} {
		first := true
		for _, s := range open {
			if s.Reminder != reminder {
				continue
			}
			if first {
				printable.Fprintf(o.Stdout, "\n%s（%s現在）\n", reminderTitle[reminder], fiscal.WarekiDate(asOf))
				first = false
			}
			today := ""
			if s.Today {
				today = "　★本日督促"
			}
			printable.Fprintf(
				o.Stdout, "  %s　%s　%s%s（%s）\n      期限 %s　%s%s\n", s.Municipality, s.Department, fiscal.Wareki(s.FiscalYear), s.Form,
				s.Status, s.Due, s.When(), today,
			)
		}
	}
}

// answers shows, of the newest survey of each form, the departments that have not answered all that was asked.
func (o *options) answers(answers []report.Answered, unlisted []report.Unlisted) {
	if len(answers) == 0 {
		return
	}
	printable.Fprintf(o.Stdout, "\n記入の状況（答えのある項目／求めた項目。様式ごとの最も新しい調査）\n")
	for i := 0; i < len(answers); {
		first, done := answers[i], 0
		printable.Fprintf(o.Stdout, "  %s　%s　%s\n", first.Municipality, fiscal.Wareki(first.FiscalYear), first.Form)
		for ; i < len(answers) && answers[i].Form == first.Form && answers[i].Municipality == first.Municipality; i++ {
			if a := answers[i]; a.Answered < a.Asked {
				printable.Fprintf(o.Stdout, "    %s　記入 %d/%d\n", a.Department, a.Answered, a.Asked)
			} else {
				done++
			}
		}
		if done > 0 {
			printable.Fprintf(o.Stdout, "    すべて記入した課：%d課\n", done)
		}
	}
	for _, u := range unlisted {
		printable.Fprintf(o.Stdout, "  %sの様式 %s は、指標.csv か 取組.csv に一覧がないので、前の調査票になかった新しいものは、漏れていても分かりません。\n",
			u.Municipality, strings.Join(u.Forms, "、"))
	}
}

var reminderTitle = map[string]string{
	report.Overdue: "期限超過", report.RemindEve: "期限の前日から当日", report.RemindWeek: "期限の7日前から",
}

// values shows by form how many values were read, left out and not read.
func (o *options) values(values []report.FormValues) {
	if len(values) == 0 {
		return
	}
	printable.Fprintf(o.Stdout, "\n調査票の値（読んだ値／誤りで除いた値／読んでいないセル）\n")
	for _, v := range values {
		printable.Fprintf(o.Stdout, "  %s　%s　%d／%d／%d\n", v.Municipality, v.Name, v.Read, v.Refused, v.Unread)
	}
}

// confirmations shows, of the coming meetings, which departments have yet to confirm their figures.
func (o *options) confirmations(meetings []meetings.MeetingConfirmations) {
	for _, m := range meetings {
		held := ""
		// its name is that of another day, or of none
		if day, ok := fiscal.ParseDay(m.Held); ok && !strings.Contains(m.Meeting, m.Held) {
			held = "　" + fiscal.WarekiDate(day)
		}
		printable.Fprintf(o.Stdout, "\n数値の確認　会議 %s%s（%d課のうち%d課が済んでいます）\n", m.Meeting, held, m.Departments,
			m.Departments-len(m.Open))
		for _, d := range m.Open {
			printable.Fprintf(o.Stdout, "  %s　%s\n", d.Department, d.What)
		}
		for _, name := range m.Unchecked {
			printable.Fprintf(o.Stdout, "  点検していない資料　%s\n", name)
		}
		if m.Final != "" {
			printable.Fprintf(o.Stdout, "  確定済み（%s）\n", m.Final)
		}
	}
}

func (o *options) openFindings(findings []report.DepartmentFindings) {
	printable.Fprintf(o.Stdout, "\n残っている指摘（誤り／注意／参考。内容は kyogikai check）\n")
	for _, f := range findings {
		printable.Fprintf(o.Stdout, "  %s　%d／%d／%d\n", f.Who(), f.Errors, f.Warnings, f.Infos)
	}
	if len(findings) == 0 {
		printable.Fprintln(o.Stdout, "  ありません")
	}
}

func (o *options) disk(d serve.Disk) {
	const mega = 1 << 20
	printable.Fprintf(
		o.Stdout, "\nディスク: データファイル%d回分 %d MB、outputs 全体 %d MB、空き %d MB\n", d.Runs, d.Warehouse/mega, d.Outputs/mega,
		d.Free/mega,
	)
}
