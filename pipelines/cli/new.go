package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/begin"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
)

func newNew(o *options) *cobra.Command {
	c := &cobra.Command{
		Use: "new", Short: "会議の設定や、資料のひな形を、新しく作る",
		Long: "\n例: kyogikai new meeting 2026-02-24 --from 2025-10-21\n    kyogikai new brief 進捗\n",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{"new の後には meeting（会議）か brief（ひな形）を書いてください。「" + args[0] + "」は作れません"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newNewMeeting(o), newNewBrief(o))
	return c
}

// newOptions are those of a new meeting and of a new template.
type newOptions struct{ from, municipality, plan, year, template string }

func newNewMeeting(o *options) *cobra.Command {
	var f newOptions
	c := &cobra.Command{
		Use: "meeting 開催日 [--from MEETING]", Short: "会議の設定を、前の会議から写して（なければ始めから）作る",
		Args: exactly(1, "開催日（例: kyogikai new meeting 2026-02-24 --from 2025-10-21）"),
		Long: `
--from の会議の設定を写し、date を新しい日にする。二つの日の年度が違えば、その差だけ、parameters の year と、
表題の「令和n年度」を進める。注はそのまま残す。変えた行と、確かめる行を示す。同じ名前のファイルがあれば、何も書かない。
--from がなければ、注の付いた、始めの設定を作る。

例: kyogikai new meeting 2026-02-24 --from 2025-10-21
    kyogikai new meeting 令和8年5月26日 --brief 進捗.md
`,
		RunE: func(c *cobra.Command, args []string) error { return o.newMeeting(c.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.from, "from", "", "写す会議")
	c.Flags().StringVar(&f.municipality, "municipality", "", "自治体（既定は、写す会議の自治体）")
	c.Flags().StringVar(&f.template, "brief", "", "--from がないとき、資料のひな形（既定は、一つだけあるひな形）")
	c.Flags().StringVar(&f.plan, "plan", "", "--from がないとき、計画の名前（既定は、設定の計画）")
	c.Flags().StringVar(&f.year, "year", "", "--from がないとき、資料が報告する年度")
	return c
}

func newNewBrief(o *options) *cobra.Command {
	var f newOptions
	c := &cobra.Command{
		Use: "brief 名前", Short: "資料のひな形を、注の付いた小さいものから始める", Args: exactly(1, "ひな形の名前（例: kyogikai new brief 進捗）"),
		Long: `
templates/briefs に、成果指標（その様式のない計画では取組）の表が一つあるひな形を作る。そのまま資料になるので、少しずつ書き換えていく。
書き方は docs/ひな形の書き方.md にある。同じ名前のファイルがあれば、何も書かない。

例: kyogikai new brief 進捗
`,
		RunE: func(c *cobra.Command, args []string) error { return o.newBrief(c.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.municipality, "municipality", "", "自治体（既定は、次の会議の自治体）")
	c.Flags().StringVar(&f.plan, "plan", "", "計画の名前（既定は、成果指標の様式がある計画）")
	c.Flags().StringVar(&f.year, "year", "", "資料が報告する年度（既定は、前の年度）")
	return c
}

func (o *options) newMeeting(ctx context.Context, day string, f newOptions) error {
	env, err := o.env()
	if err != nil {
		return err
	}
	held, err := typedDay(day)
	if err != nil {
		return err
	}
	if err := o.ownTemplates(); err != nil {
		return err
	}
	if f.municipality != "" {
		if f.municipality, err = o.municipality(ctx, env, f.municipality); err != nil {
			return err
		}
	}
	if f.from == "" {
		return o.firstMeeting(ctx, env, begin.Start{Day: held}, f)
	}
	from, err := chooseMeeting(env, f.from)
	if err != nil {
		return err
	}
	text, err := fs.ReadFile(env.Project, path.Join(brief.MeetingsDir, from.File+".yaml"))
	if err != nil {
		return fmt.Errorf("会議 %s の設定を読めません: %w", from.ID, err)
	}
	made, err := begin.Copy(from, text, held, f.municipality)
	if err != nil {
		return err
	}
	name := o.meetingFile(made.File)
	if err := o.makeMeeting(env, made.File, begin.File{Path: name, Data: made.Text}); err != nil {
		return err
	}
	if o.json {
		return o.line("new", map[string]any{
			"meeting": made.File, "file": name, "from": from.ID, "years": made.Years, "changed": made.Changed, "look": made.Look,
		})
	}
	printable.Fprintf(o.Stdout, "%s\n会議 %s（%s）の設定を、会議 %s から作りました。変えた行:\n", name, made.File,
		fiscal.WarekiDate(held), from.ID)
	o.toldLines(made.Changed)
	if made.Years == 0 {
		printable.Fprintf(o.Stdout, "二つの会議は同じ年度（%s）なので、年度は変えていません。\n", fiscal.Wareki(fiscal.YearOf(held)))
	}
	o.toldLook("変えていません。このままでよいか、確かめてください", made.Look)
	return nil
}

// makeMeeting writes a meeting's file where no other meeting has its name.
func (o *options) makeMeeting(env project.Env, id string, f begin.File) error {
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(meetings, func(m brief.Meeting) bool { return m.ID == id })
	if i >= 0 && meetings[i].File != id {
		return fmt.Errorf("会議「%s」はもうあります（%s.yaml の id）。何も書いていません", id, meetings[i].File)
	}
	return begin.Write([]begin.File{f})
}

// firstMeeting makes a meeting that is copied from none.
func (o *options) firstMeeting(ctx context.Context, env project.Env, s begin.Start, f newOptions) (err error) {
	if s.Municipality, err = o.municipality(ctx, env, f.municipality); err != nil {
		return err
	}
	plan, year, err := o.planOf(env, s.Municipality, f)
	if err != nil {
		return err
	}
	s.Plan, s.Year = plan.Name, year
	if s.Brief, err = o.templateOf(f.template); err != nil {
		return err
	}
	s.Title = strings.TrimSuffix(s.Brief, ".md") + "について"
	masters, err := mastersOf(ctx, env, s.Municipality)
	if err != nil {
		return err
	}
	if c, ok := env.Settings.Contact(s.Municipality); ok {
		s.Reporter = c.Name
	} else if len(masters.Departments) > 0 {
		s.Reporter = masters.Departments[0].Bureau + masters.Departments[0].Name
	} else {
		return usageError{"組織.csv に課がありません。先に kyogikai init " + s.Municipality + " を行ってください"}
	}
	file, err := s.Meeting()
	if err != nil {
		return err
	}
	id := strings.TrimSuffix(path.Base(file.Path), ".yaml")
	file.Path = o.meetingFile(id)
	if err := o.makeMeeting(env, id, file); err != nil {
		return err
	}
	if o.json {
		return o.line("new", map[string]any{
			"meeting": id, "file": file.Path, "brief": s.Brief, "plan": s.Plan, "year": s.Year,
		})
	}
	printable.Fprintf(o.Stdout, "%s\n会議 %s の設定を作りました。ひな形は %s、計画は「%s」、報告する年度は%s、担当は%sにしました。\n"+
		"時刻、場所、題、担当を確かめて直してください。\n", file.Path, id, s.Brief, s.Plan, fiscal.Wareki(s.Year), s.Reporter)
	return nil
}

func (o *options) newBrief(ctx context.Context, name string, f newOptions) error {
	env, err := o.env()
	if err != nil {
		return err
	}
	if !begin.TemplateName(name) {
		return usageError{"ひな形の名前「" + name + "」は、ファイルの名前に使えない字があります。「進捗」のように書いてください"}
	}
	if err := o.ownTemplates(); err != nil {
		return err
	}
	if f.municipality == "" { // that of the meeting that a person is about
		if m, err := chooseMeeting(env, ""); err == nil {
			f.municipality = m.Municipality
		}
	}
	city, err := o.municipality(ctx, env, f.municipality)
	if err != nil {
		return err
	}
	plan, year, err := o.planOf(env, city, f)
	if err != nil {
		return err
	}
	file := begin.Template(name, plan, year)
	file.Path = filepath.Join(filepath.Dir(o.config), filepath.FromSlash(file.Path))
	if err := begin.Write([]begin.File{file}); err != nil {
		return err
	}
	if o.json {
		return o.line("new", map[string]any{
			"brief": filepath.Base(file.Path), "file": file.Path, "plan": plan.Name, "year": year,
		})
	}
	of := "成果指標"
	if begin.OfInitiatives(plan) {
		of = "取組"
	}
	printable.Fprintf(o.Stdout, "%s\nひな形を作りました。%sの「%s」の、%sの%sを示します（会議の parameters で変えられます）。\n"+
		"会議の items に「brief: %s」と書くと、資料になります。\n", file.Path, city, plan.Name, fiscal.Wareki(year), of,
		filepath.Base(file.Path))
	return nil
}

// planOf is the plan that a person names, else the one with indicators, else the first; and the year that is reported,
// else the one before today's, as far as the plan has it.
func (o *options) planOf(env project.Env, city string, f newOptions) (plan project.PlanSetting, year int, err error) {
	var own []project.PlanSetting
	var names []string
	for _, p := range env.Settings.Plans {
		if p.Municipality == city {
			own, names = append(own, p), append(names, p.Name)
		}
	}
	i := slices.IndexFunc(own, func(p project.PlanSetting) bool { return f.plan == p.Name })
	if f.plan == "" {
		if i = slices.IndexFunc(own, func(p project.PlanSetting) bool { return slices.Contains(p.Forms, "A") }); i < 0 {
			i = min(0, len(own)-1)
		}
	}
	if i < 0 {
		says := "設定に、" + city + "の計画「" + f.plan + "」はありません"
		if near := record.Nearest(f.plan, names); near != "" {
			says += "（近いもの: " + near + "）"
		}
		return plan, 0, usageError{says + "。kyogikai init で示された行を、設定の plans に加えてください"}
	}
	p := own[i]
	year = min(max(fiscal.YearOf(env.AsOf)-1, p.FirstYear), p.LastYear)
	if f.year != "" {
		var ok bool
		if year, ok = begin.Year(f.year); !ok {
			return plan, 0, usageError{"--year は 令和7年度 のように書いてください"}
		}
	}
	return p, year, nil
}

// templateOf is the template that a person names, else the only one that the project has.
func (o *options) templateOf(name string) (string, error) {
	dir := filepath.Join(filepath.Dir(o.config), filepath.FromSlash(brief.TemplatesDir))
	files, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return "", fmt.Errorf("%s を読めません: %w", dir, err)
	}
	var all []string
	for _, f := range files {
		all = append(all, filepath.Base(f))
	}
	if name != "" {
		name = strings.TrimSuffix(name, ".md") + ".md"
		if slices.Contains(all, name) {
			return name, nil
		}
		says := "ひな形 " + filepath.Join(dir, name) + " がありません"
		if near := record.Nearest(name, all); near != "" {
			says += "（近いもの: " + near + "）"
		}
		return "", usageError{says + "。kyogikai new brief で作れます"}
	}
	switch len(all) {
	case 1:
		return all[0], nil
	case 0:
		return "", usageError{"ひな形がまだありません。先に kyogikai new brief 進捗 のように作ってください"}
	}
	return "", usageError{"--brief に、ひな形を一つ書いてください: " + strings.Join(all, "、")}
}

// municipality is the one that a person names, else the only one that there is.
func (o *options) municipality(ctx context.Context, env project.Env, name string) (string, error) {
	known, err := collect.Municipalities(ctx, env.Inputs, collect.Walking{})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	for _, p := range env.Settings.Plans {
		if !env.Settings.Embedded && !slices.Contains(known, p.Municipality) {
			known = append(known, p.Municipality)
		}
	}
	switch {
	case slices.Contains(known, name):
		return name, nil
	case len(known) == 0:
		return "", usageError{"自治体がまだありません。先に kyogikai init 自治体 を行ってください"}
	case name == "" && len(known) == 1:
		return known[0], nil
	case name == "":
		return "", usageError{"--municipality に自治体を一つ書いてください: " + strings.Join(known, "、")}
	}
	says := "自治体「" + name + "」はありません"
	if near := record.Nearest(name, known); near != "" {
		says += "（近いもの: " + near + "）"
	}
	return "", usageError{says + "。あるのは " + strings.Join(known, "、") + " です"}
}

// mastersOf reads the lists of a municipality.
func mastersOf(ctx context.Context, env project.Env, city string) (form.Masters, error) {
	tree, err := collect.Walk(ctx, env.Inputs, collect.Walking{
		Masters: true, Of: func(name string) bool { return name == city },
	})
	if err != nil {
		return form.Masters{}, err
	}
	return form.ReadMasters(tree)
}
