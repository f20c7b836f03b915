package nightly

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// How much of each part a summary shows. The rest is counted, with the command that shows it.
const (
	shownChanges     = 20
	shownSubmissions = 30
	shownDepartments = 40
)

// summary is what a run tells to people.
func (n *night) summary(ctx context.Context) notify.Message {
	var b strings.Builder
	n.result(&b)
	if err := n.news(ctx, &b); err != nil {
		fmt.Fprintf(&b, "\n■ この通知のうち作れなかった部分があります\n%v\n", err)
	}
	return notify.Message{Subject: n.subject(), Text: strings.TrimRight(b.String(), "\n")}
}

func (n *night) subject() string {
	_, current, _ := warehouse.Current(n.WarehouseDir()) // "" where there is none
	told := lastTold(n.Env)
	what := "公表しました"
	switch {
	case current == "" || !n.same && current != n.run.ID:
		what = "失敗しました（前に公表したものがそのまま使われています）"
	case len(n.errs) > 0 && n.same:
		what = "できなかったことがあります（数値は前回のまま）"
	case len(n.errs) > 0:
		what = "公表しましたが、できなかったことがあります"
	case n.same && told != "" && told != current:
		what = "前回の知らせの後に公表されたものがあります"
	case n.same:
		what = "前回から変更はありません"
	}
	var also []string
	if failed := sourcesFailed(n.run); failed > 0 {
		also = append(also, fmt.Sprintf("取り込めない収集元%d", failed))
	}
	if e := n.run.Errors(); e > 0 {
		also = append(also, fmt.Sprintf("調査票の誤り%d件", e))
	}
	if len(also) > 0 {
		what += "（" + strings.Join(also, "、") + "）"
	}
	return "【協議会資料】" + fiscal.WarekiDate(n.run.Started.In(n.Clock().Location())) + "の実行：" + what
}

func sourcesFailed(r *Run) int {
	n := 0
	for _, s := range r.Sources {
		if s.Error != "" {
			n++
		}
	}
	return n
}

// result says what the run has done.
func (n *night) result(b *strings.Builder) {
	fmt.Fprintf(b, "■ 結果\n実行 %s（%s）　調査票%d件、前回からの変更%d件\n", n.run.ID, triggerName(n.run.Trigger), n.run.Workbooks, n.run.Changed)
	for _, p := range n.run.Papers {
		fmt.Fprintf(b, "資料: %s\n", p)
	}
	if attention := Attention(n.run); len(attention) > 0 {
		b.WriteString("\n■ 確かめてください\n")
		for _, a := range attention {
			fmt.Fprintf(b, "・%s\n", a)
		}
	}
	if len(n.run.Sources) > 0 {
		b.WriteString("\n■ 収集\n")
		for _, s := range n.run.Sources {
			fmt.Fprintf(b, "%s: 新規%d、更新%d、変更なし%d、収集元から削除%d、失敗%d\n", s.Source, s.New, s.Changed, s.Unchanged, s.Removed, s.Failed)
		}
	}
}

// news says what the published file tells: changed figures, what is not handed in, findings.
func (n *night) news(ctx context.Context, b *strings.Builder) error {
	db, err := warehouse.Open(ctx, n.WarehouseDir())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // read only
	if err := n.figures(ctx, b, db); err != nil {
		return err
	}
	open, err := Submissions(ctx, db, n.AsOf)
	if err != nil {
		return err
	}
	b.WriteString("\n■ 未提出・要修正\n")
	if len(open) == 0 {
		b.WriteString("ありません。\n")
	}
	for i, s := range open {
		if i == shownSubmissions {
			fmt.Fprintf(b, "ほか%d件（kyogikai status）\n", len(open)-i)
			break
		}
		fmt.Fprintf(b, "%s　%s%s　%s%s　%s　%s\n", s.Municipality, s.Bureau, s.Department, fiscal.Wareki(s.FiscalYear), s.Form, s.Status, s.When())
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
			fmt.Fprintf(b, "ほか%d課（kyogikai check）\n", len(counts)-i)
			break
		}
		fmt.Fprintf(b, "%s　誤り%d　注意%d　参考%d\n", c.Who(), c.Errors, c.Warnings, c.Infos)
	}
	return nil
}

// DepartmentFindings counts the findings of a department.
type DepartmentFindings struct {
	Municipality string `json:"municipality"`
	Department   string `json:"department"`
	Errors       int    `json:"errors"`
	Warnings     int    `json:"warnings"`
	Infos        int    `json:"infos"`
}

// Who names the department; findings of none are about the whole.
func (d DepartmentFindings) Who() string {
	switch {
	case d.Municipality == "" && d.Department == "":
		return "（収集）"
	case d.Department == "": // of a source, or of a file that stands in no department's folder
		return d.Municipality + "（課によらないもの）"
	}
	return strings.TrimPrefix(d.Municipality+"　"+d.Department, "　")
}

// FindingCounts counts the findings by department, those with errors first.
func FindingCounts(ctx context.Context, db *warehouse.Reader) ([]DepartmentFindings, error) {
	r, err := db.Query(ctx, `SELECT coalesce(municipality, ''), coalesce(department, ''), severity, count(*) FROM meta.findings GROUP BY ALL ORDER BY ALL`)
	if err != nil {
		return nil, fmt.Errorf("counting findings: %w", err)
	}
	var out []DepartmentFindings
	for _, row := range r.Rows {
		if last := len(out) - 1; last < 0 || out[last].Municipality != text(row[0]) || out[last].Department != text(row[1]) {
			out = append(out, DepartmentFindings{Municipality: text(row[0]), Department: text(row[1])})
		}
		d := &out[len(out)-1]
		for severity, count := range map[string]*int{record.Error: &d.Errors, record.Warning: &d.Warnings, record.Info: &d.Infos} {
			if text(row[2]) == severity {
				if _, err := fmt.Sscan(text(row[3]), count); err != nil {
					return nil, fmt.Errorf("counting findings: %w", err)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b DepartmentFindings) int { return b.Errors - a.Errors })
	return out, nil
}

// figures says what has changed in the figures since people were told last, with the departments whose cells changed them.
// Before anybody was told, that is since the run before.
func (n *night) figures(ctx context.Context, b *strings.Builder, now *warehouse.Reader) error {
	since := lastTold(n.Env)
	if since == "" && n.before != n.run.ID {
		since = n.before
	}
	if since == "" || since == now.Run {
		return nil
	}
	before, err := warehouse.OpenRun(ctx, n.WarehouseDir(), since)
	if err != nil {
		fmt.Fprintf(b, "\n■ 数値の変化\n前に知らせた実行 %s の公表ファイルがないので、比べられません。\n", since)
		return nil
	}
	defer before.Close() //nolint:errcheck // read only
	changes, err := n.compare(ctx, before, now)
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\n■ 数値の変化（%s から）\n", since)
	if len(changes) == 0 {
		b.WriteString("ありません。\n")
		return nil
	}
	printed := 0
	for _, c := range changes {
		if c.Table == lineage.Papers {
			printed++
		}
	}
	fmt.Fprintf(b, "資料の数値%d件、集計表の数値%d件（すべては kyogikai diff %s %s）\n", printed, len(changes)-printed, since, now.Run)
	for i, c := range changes {
		if i == shownChanges {
			fmt.Fprintf(b, "ほか%d件\n", len(changes)-i)
			break
		}
		fmt.Fprintf(b, "%s %s：%s → %s", c.Table, c.Figure, orNone(c.Old), orNone(c.New))
		if who := departmentsOf(c.Causes); who != "" {
			fmt.Fprintf(b, "（%s）", who)
		}
		b.WriteString("\n")
	}
	return nil
}

// compare compares two runs: the papers of the coming meetings, else of the latest one, and every mart.
func (n *night) compare(ctx context.Context, before, now *warehouse.Reader) ([]lineage.Change, error) {
	meetings, err := brief.Meetings(n.Project)
	if err != nil {
		return nil, err
	}
	of := brief.Coming(meetings, n.AsOf)
	if len(of) == 0 {
		if latest, err := brief.Choose(meetings, "", n.AsOf); err == nil {
			of = []brief.Meeting{latest}
		}
	}
	var old, is []brief.Figure
	was, has := Figures(ctx, n.Project, before, of, nil), Figures(ctx, n.Project, now, of, nil)
	for _, m := range of {
		if was[m.ID] != nil && has[m.ID] != nil {
			old, is = append(old, was[m.ID]...), append(is, has[m.ID]...)
		}
	}
	return lineage.Diff(ctx, before, now, old, is)
}

// Figures renders the papers of meetings from one run and returns their figures, by meeting. A meeting whose papers that
// run cannot make is told to skipped, if that is set, and passed over.
func Figures(ctx context.Context, project fs.FS, db *warehouse.Reader, meetings []brief.Meeting, skipped func(brief.Meeting, error)) map[string][]brief.Figure {
	out := map[string][]brief.Figure{}
	for _, m := range meetings {
		papers, err := brief.RenderAll(ctx, project, m, db)
		if err != nil {
			if skipped != nil {
				skipped(m, err)
			}
			continue
		}
		for _, p := range papers {
			out[m.ID] = append(out[m.ID], p.Figures...)
		}
	}
	return out
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
	return strings.ReplaceAll(s, "\n", "⏎")
}
