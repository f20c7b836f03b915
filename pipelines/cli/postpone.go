package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/begin"
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

func newPostpone(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "postpone MEETING 新しい日", Short: "会議の日を変える（確認、番地、確定した資料はそのまま使える）",
		Args: exactly(2, "会議の名前と新しい日（例: kyogikai postpone 2025-10-21 2025-11-04）"),
		Long: `
会議の設定（templates/meetings）の date だけを書き換える。会議の名前（id）が書かれていなければ、いまの名前を書き加える。
ほかの行と注は、一字も変えない。フォルダと番地は、会議の名前のままなので、課の確認も、確定した資料も、続けて使える。
前の日付が書かれたほかの行は、示すだけで変えない。

例: kyogikai postpone 2025-10-21 2025-11-04
    kyogikai postpone 2025-10-21 令和7年11月4日
`,
		RunE: func(_ *cobra.Command, args []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			day, err := typedDay(args[1])
			if err != nil {
				return err
			}
			m, err := chooseMeeting(env, args[0])
			if err != nil {
				return err
			}
			return o.postpone(env, m, day)
		},
	}
}

// postpone changes the day of a meeting in its file.
func (o *options) postpone(env project.Env, m brief.Meeting, day time.Time) error {
	if day.Equal(m.Date) {
		return usageError{"会議 " + m.ID + " は、もう" + fiscal.WarekiDate(day) + "です"}
	}
	name := o.meetingFile(m.File)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("会議 %s は、プログラムに付いてきた見本なので変えられません。%s を置いてください", m.ID, name)
	}
	if err != nil {
		return fmt.Errorf("%s を読めません: %w", name, err)
	}
	made, err := begin.Postpone(m, text, day)
	if err != nil {
		return err
	}
	if err := writeFile(name, made.Text); err != nil {
		return fmt.Errorf("%s を書けません。日は変わっていません: %w", name, err)
	}
	editions, err := council.Editions(env.FinalOf(m.ID))
	if err != nil {
		return err
	}
	if o.json {
		return o.line("postpone", map[string]any{
			"meeting": m.ID, "file": name, "from": m.Date.Format(time.DateOnly), "to": day.Format(time.DateOnly),
			"changed": made.Changed, "mentions": made.Mentions, "final": len(editions) > 0,
		})
	}
	printable.Fprintf(o.Stdout, "会議 %s の日を、%s（%s）から%s（%s）に変えました。\n%s\n", m.ID,
		fiscal.WarekiDate(m.Date), fiscal.Weekday(m.Date), fiscal.WarekiDate(day), fiscal.Weekday(day), name)
	o.toldLines(made.Changed)
	printable.Fprintf(o.Stdout, "会議の名前は %s のままです。確認、番地、確定した資料はそのまま使えます。\n", m.ID)
	o.toldLook("前の日付が書かれているので、確かめてください", made.Mentions)
	if len(editions) > 0 {
		printable.Fprintf(o.Stdout, "資料は確定しています（%s）。配った資料の日付を直すときは、kyogikai errata %s --templates を使ってください。\n",
			editions[len(editions)-1].Name(), m.ID)
	}
	return nil
}

func (o *options) toldLines(lines []begin.Line) {
	for _, l := range lines {
		printable.Fprintf(o.Stdout, "  %s\n", l.Told())
	}
}

// toldLook lists lines that a person is to look at.
func (o *options) toldLook(why string, lines []begin.Line) {
	if len(lines) == 0 {
		return
	}
	printable.Fprintf(o.Stdout, "%s:\n", why)
	for _, l := range lines {
		printable.Fprintf(o.Stdout, "  %d行目: %s\n", l.Number, l.Now)
	}
}

// ownTemplates refuses to put a file into the templates of a project that has none: with one file it would use none of
// the program's.
func (o *options) ownTemplates() error {
	dir := path.Dir(o.meetingFile("x"))
	if _, err := os.Stat(path.Dir(dir)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s がありません。先に kyogikai init 自治体 で作ってください（一つだけ置くと、様式が読めなくなります）", path.Dir(dir))
	}
	return nil
}
