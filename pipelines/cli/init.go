package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/begin"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/yamlfile"
)

// initOptions are what a new city says of itself, as it was typed.
type initOptions struct {
	plan, years, first, last, forms, organisation, due, year string
}

func newInit(o *options) *cobra.Command {
	var f initOptions
	c := &cobra.Command{
		Use: "init 自治体", Short: "新しい自治体を始める（組織.csv、提出対象.csv、設定の計画、最初の年度のフォルダ）",
		Long: `
端末では、足りないことを一つずつ尋ねる。すでにあるファイルは書き換えず、一つでもあれば何も書かない。
設定ファイルがあれば、書き換えずに、加える行を示す。templates がなければ、様式を写して置く。

部と課の一覧（--organisation）は、一行に「総務部　人事課」のように、タブ、コンマ、空白のどれかで区切って書く。
部を一行に書き、その下に課を並べてもよい。- とすると、標準入力から読む。

例: kyogikai init みどり市 --plan 第1次みどり市総合計画 --years 令和7年度-令和10年度 --forms A \
      --organisation 課の一覧.txt --due 令和8年4月24日
`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"自治体の名前を一つ書いてください（例: kyogikai init みどり市）"}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return o.init(args[0], f) },
	}
	c.Flags().StringVar(&f.plan, "plan", "", "計画の名前")
	c.Flags().StringVar(&f.years, "years", "", "計画の年度（例: 令和7年度-令和10年度）")
	c.Flags().StringVar(&f.first, "first", "", "計画の最初の年度（--years の代わり）")
	c.Flags().StringVar(&f.last, "last", "", "計画の最後の年度（--years の代わり）")
	c.Flags().StringVar(&f.forms, "forms", "", "様式の記号（例: A,B。端末では一覧から選ぶ）")
	c.Flags().StringVar(&f.organisation, "organisation", "", "部と課の一覧のファイル（- で標準入力）")
	c.Flags().StringVar(&f.due, "due", "", "提出期限（例: 令和8年4月24日、2026-04-24）")
	c.Flags().StringVar(&f.year, "year", "", "最初に調査する年度（既定は、計画の最初の年度）")
	return c
}

func (o *options) init(name string, f initOptions) error {
	o.begins = true
	env, err := o.env()
	if err != nil {
		return err
	}
	if !begin.FolderName(name) {
		return usageError{"自治体の名前「" + name + "」は、フォルダの名前に使えない字があります"}
	}
	forms, err := form.Load(env.Project, "templates/forms")
	if err != nil {
		return fmt.Errorf("reading forms: %w", err)
	}
	if o.interactive() {
		if err := o.askCity(&f, forms); err != nil {
			return err
		}
	}
	city, err := o.city(name, f, forms)
	if err != nil {
		return err
	}
	return o.beginCity(env, city)
}

// beginCity writes what a city begins with, all of it or nothing.
func (o *options) beginCity(env project.Env, city begin.City) error {
	files, err := city.Files(env.Inputs)
	if err != nil {
		return err
	}
	if err := begin.Absent(files); err != nil {
		return err
	}
	dir := filepath.Dir(o.config)
	lines, under := "", false
	settings, err := os.ReadFile(o.config)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		files = append(files, begin.File{Path: o.config, Data: []byte(city.Settings())})
	case err != nil:
		return fmt.Errorf("設定 %s を読めません: %w", o.config, err)
	default:
		if clash := city.Clash(env.Settings.Plans); clash != "" {
			return fmt.Errorf("%s。--forms を変えるか、設定の計画を直してください。何も書いていません", clash)
		}
		if lines, under, err = city.Added(settings, filepath.Base(o.config)); err != nil {
			return err
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "templates")); errors.Is(err, fs.ErrNotExist) {
		more, err := begin.Templates(o.Embedded, dir)
		if err != nil {
			return err
		}
		files = append(files, more...)
	}
	if err := begin.Write(files); err != nil {
		return err
	}
	return o.toldCity(env, city, files, lines, under)
}

// toldCity says what was written, what a person still has to add, and what comes next.
func (o *options) toldCity(env project.Env, city begin.City, files []begin.File, lines string, under bool) error {
	var names []string
	for _, f := range files {
		if f.Data != nil {
			names = append(names, f.Path)
		}
	}
	if o.json {
		return o.line("init", map[string]any{
			"municipality": city.Name, "files": names, "departments": len(city.Departments), "fiscal_year": city.Year,
			"add": lines,
		})
	}
	for _, n := range names {
		printable.Fprintln(o.Stdout, n)
	}
	printable.Fprintf(o.Stdout, "%sに、%d課のフォルダを作りました: %s\n", fiscal.Wareki(city.Year), len(city.Departments),
		filepath.Join(env.Inputs, city.Name, fiscal.Wareki(city.Year)))
	if lines != "" {
		where := "終わりに"
		if under {
			where = "「plans:」のすぐ下に"
		}
		printable.Fprintf(o.Stdout, "\n設定 %s は書き換えていません。次の行を、%s加えてください（加えれば読めることは確かめました）。\n%s",
			o.config, where, printable.Block(lines))
	}
	printable.Fprintf(o.Stdout, "\n次にすること: kyogikai form --all --year %s --municipality %s で、課に渡す調査票を作ります。\n",
		fiscal.Wareki(city.Year), city.Name)
	return nil
}

// city reads what was typed. Everything that is missing or wrong is told at once.
func (o *options) city(name string, f initOptions, forms []form.Form) (begin.City, error) {
	c := begin.City{Name: name, Plan: strings.TrimSpace(f.plan)}
	var wrong []string
	if c.Plan == "" {
		wrong = append(wrong, "--plan に計画の名前を書いてください")
	}
	var ok bool
	if f.years != "" {
		c.First, c.Last, ok = begin.Years(f.years)
	} else {
		var last bool
		c.First, ok = begin.Year(f.first)
		c.Last, last = begin.Year(f.last)
		ok = ok && last && c.Last >= c.First
	}
	if !ok {
		wrong = append(wrong, "--years に計画の年度を 令和7年度-令和10年度 のように書いてください")
	}
	if c.Year = c.First; f.year != "" {
		if c.Year, ok = begin.Year(f.year); !ok || c.First > 0 && (c.Year < c.First || c.Year > c.Last) {
			wrong = append(wrong, "--year には、計画のうちの年度を 令和7年度 のように書いてください")
		}
	}
	var err error
	if c.Due, err = fiscal.ReadDay(f.due); f.due == "" {
		wrong = append(wrong, "--due に提出期限を 令和8年4月24日 のように書いてください")
	} else if err != nil {
		wrong = append(wrong, "--due の"+err.Error())
	}
	chosen, says := chooseForms(f.forms, begin.AskedForms(forms))
	if c.Forms = chosen; says != "" {
		wrong = append(wrong, says)
	}
	if f.organisation == "" {
		wrong = append(wrong, "--organisation に部と課の一覧のファイルを書いてください（- で標準入力）")
	}
	if len(wrong) > 0 {
		return c, usageError{strings.Join(wrong, "\n  ")}
	}
	text, err := o.readList(f.organisation)
	if err != nil {
		return c, err
	}
	c.Departments, err = begin.Departments(text)
	return c, err
}

// chooseForms finds the forms of which a person types the letters or the names.
func chooseForms(text string, forms []form.Form) (chosen []form.Form, says string) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",、， 　", r) }) {
		i := slices.IndexFunc(forms, func(f form.Form) bool { return strings.EqualFold(f.ID, word) || f.Name == word })
		if i < 0 {
			return nil, "様式「" + word + "」はありません。--forms には次の記号を書いてください\n" + formList(forms)
		}
		if !slices.ContainsFunc(chosen, func(f form.Form) bool { return f.ID == forms[i].ID }) {
			chosen = append(chosen, forms[i])
		}
	}
	if len(chosen) == 0 {
		return nil, "--forms に様式の記号を書いてください（例: A,B）\n" + formList(forms)
	}
	return chosen, ""
}

// formList is the forms to choose from, a line each.
func formList(forms []form.Form) string {
	var out []string
	for _, f := range forms {
		line := printable.Sprintf("    %s  %s", f.ID, f.Name)
		if f.Layout != form.LayoutTable {
			line += "（form では作れない様式。前の調査票を写して使う）"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// mostList is more than the longest list of departments has.
const mostList = 1 << 20

// readList reads a pasted list: a file, or - for standard input.
func (o *options) readList(name string) (string, error) {
	if strings.Contains(name, "\n") { // pasted when it was asked for
		return name, nil
	}
	in := o.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return "", usageError{"部と課の一覧 " + name + " を開けません。--organisation にファイルの名前を書いてください"}
		}
		defer file.Close() //nolint:errcheck // read only
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, mostList))
	if err != nil {
		return "", fmt.Errorf("部と課の一覧 %s を読めません: %w", name, err)
	}
	return yamlfile.Text("部と課の一覧 "+name, data)
}

// askCity asks at the terminal for what the flags do not say.
func (o *options) askCity(f *initOptions, forms []form.Form) error {
	in := bufio.NewReader(o.Stdin)
	var failed error
	ask := func(into *string, question string, good func(string) bool) {
		for failed == nil && *into == "" {
			printable.Fprintf(o.Stderr, "%s: ", question)
			text, err := in.ReadString('\n')
			if text = strings.TrimSpace(text); text != "" && good(text) {
				*into = text
			} else if err != nil {
				failed = usageError{"入力が途中で終わりました。何も書いていません"}
			} else if text != "" {
				printable.Fprintf(o.Stderr, "「%s」は読めません。もう一度書いてください。\n", text)
			}
		}
	}
	any := func(string) bool { return true }
	ask(&f.plan, "計画の名前", any)
	if f.first == "" || f.last == "" {
		ask(&f.years, "計画の年度（例: 令和7年度-令和10年度）", func(s string) bool { _, _, ok := begin.Years(s); return ok })
	}
	if f.forms == "" {
		printable.Fprintf(o.Stderr, "様式\n%s\n", printable.Block(formList(begin.AskedForms(forms))))
	}
	ask(&f.forms, "使う様式の記号（例: A,B）", func(s string) bool {
		_, says := chooseForms(s, begin.AskedForms(forms))
		return says == ""
	})
	ask(&f.due, "提出期限（例: 令和8年4月24日）", func(s string) bool { _, err := fiscal.ReadDay(s); return err == nil })
	if failed == nil && f.organisation == "" {
		fmt.Fprint(o.Stderr, "部と課の一覧を貼り付けてください。終わったら、「おわり」とだけ書いた行を入れてください。\n")
		f.organisation = pasted(in)
	}
	return failed
}

// pasted is what is typed until a line says that it is all.
func pasted(in *bufio.Reader) string {
	var out strings.Builder
	for {
		line, err := in.ReadString('\n')
		if strings.TrimSpace(line) == "おわり" {
			break
		}
		out.WriteString(line)
		if err != nil {
			break
		}
	}
	return out.String() + "\n"
}

// day reads a day that a person types, in any of the ways in which people write one.
func typedDay(text string) (time.Time, error) {
	day, err := fiscal.ReadDay(text)
	if err != nil {
		return day, usageError{"日の" + err.Error()}
	}
	return day, nil
}

// meetingFile is where a meeting's file of the project is.
func (o *options) meetingFile(name string) string {
	return filepath.Join(filepath.Dir(o.config), filepath.FromSlash(brief.MeetingsDir), name+".yaml")
}
