package report

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// How much of each part a summary shows. The rest is counted, with the command that shows it.
const (
	shownChanges     = 20
	shownSubmissions = 30
	shownDepartments = 40
)

// summary is what a run tells to people.
func (t Notice) summary(ctx context.Context) notify.Message {
	var b strings.Builder
	t.result(&b)
	if err := t.news(ctx, &b); err != nil {
		printable.Fprintf(&b, "\n■ この通知のうち作れなかった部分があります\n%s\n", printable.Block(fault.Text(err)))
	}
	return notify.Message{Subject: t.subject(), Text: strings.TrimRight(b.String(), "\n")}
}

func (t Notice) subject() string {
	_, current, _ := warehouse.Current(t.Env.WarehouseDir()) // "" where there is none
	told := LastNotified(t.Env)
	what := "更新しました"
	switch {
	case current == "" || !t.Unchanged && current != t.Run.ID:
		what = "失敗しました（前のデータがそのまま使われています）"
	case t.Failed && t.Unchanged:
		what = "できなかったことがあります（数値は前回のまま）"
	case t.Failed:
		what = "更新しましたが、できなかったことがあります"
	case t.Unchanged && told != "" && told != current:
		what = "前回の知らせの後に更新されたものがあります"
	case t.Unchanged:
		what = "前回から変更はありません"
	}
	var also []string
	if failed := sourcesFailed(t.Run); failed > 0 {
		also = append(also, fmt.Sprintf("取り込めない収集元%d", failed))
	}
	if lost := lostDepartments(t.Run); lost > 0 {
		also = append(also, fmt.Sprintf("調査票が届かない課%d", lost))
	}
	if e := t.Run.Errors(); e > 0 {
		also = append(also, fmt.Sprintf("調査票の誤り%d件", e))
	}
	if len(also) > 0 {
		what += "（" + strings.Join(also, "、") + "）"
	}
	return "【協議会資料】" + fiscal.WarekiDate(t.Run.Started.In(t.Env.Clock().Location())) + "の実行：" + what
}

// named is a run with its time of the city.
func (t Notice) named(id string) string { return runs.Named(id, t.Env.Clock().Location()) }

// lostDepartments counts the departments that were there and are not, or of which nothing comes any more.
func lostDepartments(r *runs.Run) int {
	seen := map[string]bool{}
	for _, l := range r.Lost {
		if l.Department != "" {
			seen[l.Municipality+"　"+l.Department] = true
		}
	}
	for _, s := range r.Sources {
		for _, d := range s.Stopped {
			seen[d.Municipality+"　"+d.Department] = true
		}
	}
	return len(seen)
}

func sourcesFailed(r *runs.Run) int {
	n := 0
	for _, s := range r.Sources {
		if s.Error != "" {
			n++
		}
	}
	return n
}

// result says what the run has done.
func (t Notice) result(b *strings.Builder) {
	printable.Fprintf(
		b, "■ 結果\n%s、%s　調査票%d件、前回からの変更%d件\n", t.named(t.Run.ID), TriggerName(t.Run.Trigger), t.Run.Workbooks,
		t.Run.Changed,
	)
	for _, p := range t.Run.Papers {
		printable.Fprintf(b, "資料: %s\n", p)
	}
	if attention := Attention(t.Run); len(attention) > 0 {
		b.WriteString("\n■ 確かめてください\n")
		for _, a := range attention {
			printable.Fprintf(b, "・%s\n", a)
		}
	}
	if len(t.Run.Sources) > 0 {
		b.WriteString("\n■ 収集\n")
		for _, s := range t.Run.Sources {
			printable.Fprintf(
				b,
				"%s: 新規%d、更新%d、変更なし%d、収集元から削除%d、失敗%d\n",
				s.Source,
				s.New,
				s.Changed,
				s.Unchanged,
				s.Removed,
				s.Failed,
			)
		}
	}
}

// news says what the published file tells: changed figures, what is not handed in, findings.
func (t Notice) news(ctx context.Context, b *strings.Builder) error {
	db, err := runs.Open(ctx, t.Env.Outputs, runs.ByState)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := t.figures(ctx, b, db); err != nil {
		return err
	}
	open, err := Submissions(ctx, db, t.Env.AsOf)
	if err != nil {
		return err
	}
	b.WriteString("\n■ 未提出・要修正\n")
	if len(open) == 0 {
		b.WriteString("ありません。\n")
	}
	for i, s := range open {
		if i == shownSubmissions {
			printable.Fprintf(b, "ほか%d件（kyogikai status）\n", len(open)-i)
			break
		}
		printable.Fprintf(
			b, "%s　%s%s　%s%s　%s　%s\n", s.Municipality, s.Bureau, s.Department, fiscal.Wareki(s.FiscalYear), s.Form, s.Status,
			s.When(),
		)
	}
	counts, err := FindingCounts(ctx, db)
	if err != nil {
		return err
	}
	b.WriteString("\n■ 課ごとの指摘\n")
	if len(counts) == 0 {
		b.WriteString("ありません。\n")
	}
	for i, c := range counts {
		if i == shownDepartments {
			printable.Fprintf(b, "ほか%d課（kyogikai check）\n", len(counts)-i)
			break
		}
		printable.Fprintf(b, "%s　誤り%d　注意%d　参考%d\n", c.Who(), c.Errors, c.Warnings, c.Infos)
	}
	return nil
}

// figures says what has changed in the figures since people were told last, with the departments whose cells changed
// them. Before anybody was told, that is since the run before.
func (t Notice) figures(ctx context.Context, b *strings.Builder, now *warehouse.Reader) error {
	since := LastNotified(t.Env)
	if since == "" && t.Before != t.Run.ID {
		since = t.Before
	}
	if since == "" || since == now.Run {
		return nil
	}
	before, err := runs.OpenRun(ctx, t.Env.Outputs, since, runs.ByState)
	if err != nil {
		printable.Fprintf(b, "\n■ 数値の変化\n前に知らせた%sのデータファイルがないので、比べられません。\n", t.named(since))
		return nil
	}
	defer before.Close()
	changes, err := t.compare(ctx, before, now)
	if err != nil {
		return err
	}
	printable.Fprintf(b, "\n■ 数値の変化（%sから）\n", t.named(since))
	if len(changes) == 0 {
		b.WriteString("ありません。\n")
		return nil
	}
	in, err := readMeanings(ctx, now)
	if err != nil {
		return err
	}
	printed := 0
	for _, c := range changes {
		if c.Table == lineage.Papers {
			printed++
		}
	}
	printable.Fprintf(b, "資料の数値%d件、集計表の数値%d件（すべては kyogikai diff %s %s）\n", printed, len(changes)-printed, since, now.Run)
	for i, c := range changes {
		if i == shownChanges {
			printable.Fprintf(b, "ほか%d件\n", len(changes)-i)
			break
		}
		printable.Fprintf(b, "%s：%s → %s", in.figure(c), orNone(c.Old), orNone(c.New))
		if who := departmentsOf(c.Causes); who != "" {
			printable.Fprintf(b, "（%s）", who)
		}
		b.WriteString("\n")
	}
	return nil
}

// compare compares two runs: the papers of the coming meetings, else of the latest one, and every mart.
func (t Notice) compare(ctx context.Context, before, now *warehouse.Reader) ([]lineage.Change, error) {
	of, err := papers.ComingOrLatest(t.Env)
	if err != nil {
		return nil, err
	}
	return papers.Changes(ctx, t.Env.Project, before, now, of, nil)
}

// departmentsOf names the departments whose files are behind a change: the folder that a file stands in.
func departmentsOf(causes []lineage.Cause) string {
	var out []string
	for _, c := range causes {
		if parts := strings.Split(path.Dir(c.Path), "/"); len(parts) > 3 && !slices.Contains(out, parts[len(parts)-1]) {
			out = append(out, parts[len(parts)-1])
		}
	}
	return strings.Join(out, "、")
}

func orNone(s string) string {
	if s == "" {
		return "（なし）"
	}
	return s
}
