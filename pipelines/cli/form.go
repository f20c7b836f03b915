package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/begin"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/survey"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// formOptions are for which year, form and municipality workbooks are made, and where they go.
type formOptions struct {
	all, learn                    bool
	year, only, out, municipality string
}

func newForm(o *options) *cobra.Command {
	var f formOptions
	c := &cobra.Command{
		Use: "form <課> | --all --year 令和8年度 | --learn FILE…", Short: "課に渡す調査票を作る。記入例や空の調査票から様式の案を作る",
		Long: `
その課の指標と取組を前年度の調査票から写し、今年度の欄を空けた調査票（xlsx）を作る。記号は選択肢から選べ、
数値の欄は数字だけを受け付け、見出しは固定してある。読み込むときは、様式を推測せずに読む。
まだ何も読み込んでいなければ、inputs/<自治体>/指標.csv と 取組.csv の指標と取組を並べ、それもなければ空の行だけにする。
自治体が二つ以上あって同じ名前の課があるときは、八戸市/人事課 のように書く。

--all は、提出対象.csv のその年度のすべての課に、課ごとのフォルダを作り、調査票と依頼文（様式、提出期限、送り先、照会先）を置く。
送り先と照会先は、設定の contacts のもの。すでにあるファイルは書き換えず、一つでもあれば何も書かない。

--learn は、記入された、または空の調査票（一つ以上）から、様式の YAML の案を作る。見出し、項目、種類、単位、選択肢、記号と凡例、
年度を調べ、項目ごとに「確か」「たぶん」「未定」を付ける。例を二つ以上渡すと、一つで決まらないところが決まる。案ごとに、例を
どう読んだかの図（HTML）も作る。人が直して templates/forms/ に移すまで、どの読み込みにも使われない。

例: kyogikai form 人事課
    kyogikai form --all --year 令和8年度 --municipality 八戸市
    kyogikai form --learn 調査票.xlsx 調査票（別の課）.xlsx
`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case f.learn && (f.all || f.only != "" || f.year != "" || f.municipality != ""):
				return usageError{"--learn は、-o のほかの指定と一緒に使えません"}
			case f.learn && len(args) == 0:
				return usageError{"例にする調査票を一つ以上書いてください（例: kyogikai form --learn 調査票.xlsx）"}
			case f.learn:
				return nil
			case f.all && len(args) > 0:
				return usageError{"--all と課の名前は、どちらか一つにしてください"}
			case f.all && f.only != "":
				return usageError{"--all では、様式は提出対象.csv のとおりです。--form は使えません"}
			case !f.all && len(args) != 1:
				return usageError{"課を一つ書いてください（例: kyogikai form 人事課）。すべての課なら kyogikai form --all --year 令和8年度"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			switch {
			case f.learn:
				return o.learn(c.Context(), args, f.out)
			case f.all:
				return o.formAll(c.Context(), f)
			}
			return o.form(c.Context(), args[0], f)
		},
	}
	c.Flags().BoolVar(&f.all, "all", false, "提出対象.csv のすべての課に作る")
	c.Flags().BoolVar(&f.learn, "learn", false, "調査票から様式の案を作る")
	c.Flags().StringVar(&f.year, "year", "", "調査する年度（課を一つ書くときの既定は、前の調査票の次の年度）")
	c.Flags().StringVar(&f.only, "form", "", "様式の記号（既定は、前に提出した様式すべて）")
	c.Flags().StringVar(&f.municipality, "municipality", "", "自治体")
	c.Flags().StringVarP(&f.out, "output", "o", "", "書き出すファイル、--all と --learn ではフォルダ（既定は outputs/forms/ の下）")
	return c
}

// anyYear is later than any that is asked for.
const anyYear = 9999

// year is the fiscal year that was typed, 0 for none.
func (f formOptions) typedYear() (int, error) {
	if f.year == "" {
		return 0, nil
	}
	y, ok := begin.Year(f.year)
	if !ok {
		return 0, usageError{"--year は 令和9年度 のように書いてください"}
	}
	return y, nil
}

// publishedOrNil opens what is published, nil where nothing ever was.
func (o *options) publishedOrNil(ctx context.Context, env project.Env) (*warehouse.Reader, error) {
	db, err := runs.Open(ctx, env.Outputs, runs.ByState)
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return nil, nil
	}
	return db, err
}

// form makes the workbook of one department.
func (o *options) form(ctx context.Context, name string, f formOptions) error {
	year, err := f.typedYear()
	if err != nil {
		return err
	}
	env, err := o.env()
	if err != nil {
		return err
	}
	db, err := o.publishedOrNil(ctx, env)
	if err != nil {
		return err
	}
	known := survey.Known{}
	if db != nil {
		defer db.Close()
	}
	who, err := o.department(ctx, env, db, name, f.municipality)
	if err != nil {
		return err
	}
	city, err := survey.Read(ctx, env, who.Municipality)
	if err != nil {
		return err
	}
	before := anyYear
	if year > 0 {
		before = year
	}
	if db != nil {
		if known, err = city.Answers(ctx, db, f.only, before); err != nil {
			return err
		}
	}
	who.Department = city.Masters.Present(who.Municipality, who.Department)
	answers, newest := known.Of(who.Department)
	if who.FiscalYear = year; year == 0 && newest > 0 {
		who.FiscalYear = newest + 1
	}
	if err := surveyOnly(city, f.only); err != nil {
		return err
	}
	wanted, err := wantedForms(city, &who, answers, newest, f.only)
	if err != nil {
		return err
	}
	in, cannot := city.Workbook(who, wanted, answers)
	for _, name := range cannot {
		printable.Fprintf(o.Stderr, "%sは、指標と年度の表なので作れません。前の調査票を写して使ってください。\n", name)
	}
	if len(in.Sheets) == 0 {
		return fmt.Errorf("%sの%sには、写せる調査票がありません（表の様式だけを作れます）", who.Municipality, who.Department)
	}
	return o.writeForm(env, who, in, f.out)
}

// surveyOnly refuses a form by which no department is asked for a year.
func surveyOnly(city survey.City, only string) error {
	for i := range city.Forms {
		if f := &city.Forms[i]; f.ID == only && !f.IsSurvey() {
			return usageError{f.Name + "は、会議の資料ごとに kyogikai confirm で作ります。--form には調査票の記号を書いてください"}
		}
	}
	return nil
}

// wantedForms are the forms of one department's workbook: those that it answered in the newest year; where it never
// answered, those that it owes, and those of what the lists name. The year is that of what it owes where none is
// known.
func wantedForms(
	city survey.City, who *form.Asker, answers map[string][]record.Record, newest int, only string,
) ([]string, error) {
	var out []string
	add := func(id string) {
		if !slices.Contains(out, id) && (only == "" || only == id) {
			out = append(out, id)
		}
	}
	for i := range city.Forms {
		records := answers[city.Forms[i].ID+"/"+city.Forms[i].Record]
		if len(records) > 0 && records[0].FiscalYear == newest {
			add(city.Forms[i].ID)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	if who.FiscalYear == 0 {
		for _, d := range city.Masters.Duties {
			if record.Normal(d.Department) == record.Normal(who.Department) {
				who.FiscalYear = max(who.FiscalYear, d.FiscalYear)
			}
		}
	}
	if who.FiscalYear == 0 {
		return nil, usageError{"どの年度の調査票か分かりません。--year 令和8年度 のように書くか、提出対象.csv に行を加えてください"}
	}
	_, owed, err := city.Owing(who.FiscalYear)
	var none *survey.NobodyError
	if err != nil && (!errors.As(err, &none) || only == "" && len(city.Listed) == 0) {
		return nil, err
	}
	for _, d := range owed[who.Department] {
		add(d.Form)
	}
	for _, l := range city.Listed {
		if record.Normal(l.Department) == record.Normal(who.Department) {
			add(l.Form)
		}
	}
	if only != "" && slices.ContainsFunc(city.Forms, func(f form.Form) bool { return f.ID == only }) {
		add(only)
	}
	return out, nil
}

// writeForm writes one department's workbook.
func (o *options) writeForm(env project.Env, who form.Asker, in workbook.Intake, out string) error {
	data, err := workbook.WriteIntake(in)
	if err != nil {
		return fmt.Errorf("調査票を作れません: %w", err)
	}
	if out == "" {
		out = filepath.Join(env.Outputs, "forms", printable.File(who.Municipality, ""), formFile(who))
	}
	if err := writeFile(out, data); err != nil {
		return fmt.Errorf("writing %s: %w", out, err)
	}
	if o.json {
		return o.line("form", map[string]any{
			"file": out, "fiscal_year": who.FiscalYear, "department": who.Department, "municipality": who.Municipality,
		})
	}
	printable.Fprintf(o.Stdout, "調査票を作りました: %s（%s）\n", out, sheetsOf(in))
	return nil
}

// formFile is the name of a department's workbook.
func formFile(who form.Asker) string {
	return printable.File(fiscal.Wareki(who.FiscalYear)+"_調査票_"+who.Department, ".xlsx")
}

// sheetsOf says what is in a workbook: 成果指標調査票 3行.
func sheetsOf(in workbook.Intake) string {
	var names []string
	for _, s := range in.Sheets {
		names = append(names, fmt.Sprintf("%s %d行", s.Name, len(s.Rows)))
	}
	return strings.Join(names, "、")
}

// formAll makes the workbooks and letters of all departments that owe something for a year.
func (o *options) formAll(ctx context.Context, f formOptions) error {
	year, err := f.typedYear()
	if err != nil {
		return err
	}
	if year == 0 {
		return usageError{"--year に、調査する年度を書いてください（例: kyogikai form --all --year 令和8年度）"}
	}
	env, err := o.env()
	if err != nil {
		return err
	}
	name, err := o.municipality(ctx, env, f.municipality)
	if err != nil {
		return err
	}
	city, err := survey.Read(ctx, env, name)
	if err != nil {
		return err
	}
	who, owed, err := city.Owing(year)
	if err != nil {
		return err
	}
	known := survey.Known{}
	db, err := o.publishedOrNil(ctx, env)
	if err != nil {
		return err
	}
	if db != nil {
		defer db.Close()
		if known, err = city.Answers(ctx, db, "", year); err != nil {
			return err
		}
	}
	if f.out == "" {
		f.out = filepath.Join(env.Outputs, "forms", printable.File(name, ""), fiscal.Wareki(year))
	}
	var files []begin.File
	made := make([]formMade, len(who))
	for i, asker := range who {
		one, more, err := packet(env, city, asker, owed[asker.Department], known, f.out)
		if err != nil {
			return err
		}
		made[i] = one
		files = append(files, more...)
	}
	if err := begin.Write(files); err != nil {
		return err
	}
	return o.toldForms(city, year, made, db != nil)
}

// formMade is what was made for a department.
type formMade struct {
	who    form.Asker
	files  []string
	sheets string
	cannot []string
	known  int // rows that are filled in so far
}

// packet is a department's folder: its workbook, where one can be made, and the letter.
func packet(
	env project.Env, city survey.City, who form.Asker, owed []survey.Owed, known survey.Known, dir string,
) (formMade, []begin.File, error) {
	made := formMade{who: who}
	var ids []string
	for _, x := range owed {
		if !slices.Contains(ids, x.Form) {
			ids = append(ids, x.Form)
		}
	}
	answers, _ := known.Of(who.Department)
	in, cannot := city.Workbook(who, ids, answers)
	made.cannot, made.sheets = cannot, sheetsOf(in)
	for _, s := range in.Sheets {
		made.known += len(s.Rows)
	}
	folder := filepath.Join(dir, printable.File(who.Bureau, ""), printable.File(who.Department, ""))
	var files []begin.File
	name := ""
	if len(in.Sheets) > 0 {
		data, err := workbook.WriteIntake(in)
		if err != nil {
			return made, nil, fmt.Errorf("%sの調査票を作れません: %w", who.Department, err)
		}
		name = formFile(who)
		files = append(files, begin.File{Path: filepath.Join(folder, name), Data: data})
	}
	files = append(files, begin.File{
		Path: filepath.Join(folder, survey.LetterName), Data: city.Letter(who, owed, name, cannot, env.AsOf),
	})
	for _, x := range files {
		made.files = append(made.files, x.Path)
	}
	return made, files, nil
}

// toldForms says what was made, and what is not in it.
func (o *options) toldForms(city survey.City, year int, made []formMade, published bool) error {
	if o.json {
		for _, m := range made {
			if err := o.line("form", map[string]any{
				"municipality": m.who.Municipality, "bureau": m.who.Bureau, "department": m.who.Department,
				"fiscal_year": year, "files": m.files, "rows": m.known, "cannot": m.cannot,
			}); err != nil {
				return err
			}
		}
		return nil
	}
	for _, m := range made {
		printable.Fprintf(o.Stdout, "%s（%s）\n", filepath.Dir(m.files[0]), orDash(m.sheets))
		for _, name := range m.cannot {
			printable.Fprintf(o.Stderr, "注意: %sの%sは、指標と年度の表なので作れません。前の調査票を写して使ってください。\n", m.who.Department, name)
		}
	}
	printable.Fprintf(o.Stdout, "%sの%d課に、%sの調査票と依頼文を作りました。\n", city.Name, len(made), fiscal.Wareki(year))
	if !published && len(city.Listed) == 0 {
		printable.Fprintf(o.Stderr, "注意: 前の年度の調査票も、指標と取組の一覧（inputs/%s/%s、%s）もないので、調査票は空の行だけです。\n",
			city.Name, collect.Indicators, collect.Initiatives)
	}
	if city.Contact.Name == "" {
		printable.Fprintf(o.Stderr, "注意: 設定の contacts に%sの担当がないので、依頼文に送り先と照会先がありません。書き足してから渡してください。\n", city.Name)
	}
	return nil
}

// department finds who 人事課 or 八戸市/人事課 is: among those that 組織.csv names, and those that are published.
func (o *options) department(
	ctx context.Context, env project.Env, db *warehouse.Reader, name, municipality string,
) (form.Asker, error) {
	city, dept, ok := strings.Cut(name, "/")
	if !ok {
		city, dept = "", name
	}
	if municipality != "" {
		named, err := o.municipality(ctx, env, municipality)
		if err != nil {
			return form.Asker{}, err
		}
		if city != "" && city != named {
			return form.Asker{}, usageError{"--municipality と「" + name + "」の自治体が違います"}
		}
		city = named
	}
	all, err := departments(ctx, env, db)
	if err != nil {
		return form.Asker{}, err
	}
	var found []form.Asker
	var names []string
	for _, a := range all {
		names = append(names, a.Department)
		if a.Department == dept && (city == "" || a.Municipality == city) &&
			!slices.ContainsFunc(found, func(b form.Asker) bool { return a.Municipality == b.Municipality }) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		says := "「" + name + "」という課はありません"
		if near := record.Nearest(dept, names); near != "" {
			says += "（近いもの: " + near + "）"
		}
		return form.Asker{}, usageError{says}
	case 1:
		return found[0], nil
	}
	var cities []string
	for _, a := range found {
		cities = append(cities, a.Municipality+"/"+a.Department)
	}
	return form.Asker{}, usageError{"「" + name + "」は二つ以上の自治体にあります。" + strings.Join(cities, " か ") + " と書いてください"}
}

// departments are all that 組織.csv names, and all that are published.
func departments(ctx context.Context, env project.Env, db *warehouse.Reader) ([]form.Asker, error) {
	var out []form.Asker
	if db != nil {
		r, err := db.Query(ctx, `SELECT municipality, bureau, department FROM meta.departments
			UNION SELECT municipality, bureau, department FROM meta.workbooks ORDER BY ALL`)
		if err != nil {
			return nil, fmt.Errorf("reading departments: %w", err)
		}
		for _, row := range r.Rows {
			out = append(out, form.Asker{
				Municipality: fmt.Sprint(row[0]), Bureau: fmt.Sprint(row[1]), Department: fmt.Sprint(row[2]),
			})
		}
	}
	tree, err := collect.Walk(ctx, env.Inputs, collect.Walking{Masters: true})
	if err != nil {
		return nil, err
	}
	masters, err := form.ReadMasters(tree)
	if err != nil {
		return nil, err
	}
	for _, d := range masters.Departments {
		out = append(out, form.Asker{Municipality: d.Municipality, Bureau: d.Bureau, Department: d.Name})
	}
	return out, nil
}
