package report

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// How many of several an attention names; the rest is counted.
const (
	namedFiles       = 5
	namedDepartments = 10
)

// Collected is what pulling the sources did the last time, within a run or by itself; nothing where nothing was ever
// pulled.
func Collected(env project.Env) ([]collect.Report, error) {
	state, err := collect.LoadState(env.CollectDir())
	if err != nil {
		return nil, err
	}
	return state.Reports(env.Settings.Sources), nil
}

// ofSource says what of a source needs a person, with what is used in the place of what does not come.
func ofSource(s collect.Report) []string {
	var out []string
	name := printable.Line(s.Source)
	if s.Error != "" {
		since := ""
		if s.Since != "" {
			since = "（" + wareki(s.Since) + "から）"
		}
		text := "収集元「" + name + "」から取り込めませんでした" + since + "：" + printable.Line(s.Error)
		if len(s.Behind) > 0 {
			text += "前に取り込んだものを使っている課：" + some(s.Behind, len(s.Behind), namedDepartments, "課")
		}
		out = append(out, text)
	}
	if what := s.Failed + s.NotAsked; what > 0 && (s.Failed > 0 || s.Error == "") {
		text := fmt.Sprintf("収集元「%s」で取り込めないファイルが%d件あります", name, what)
		if len(s.Named) > 0 {
			text += "：" + some(s.Named, what, namedFiles, "件") + "（kyogikai check）"
		}
		out = append(out, text)
	}
	for _, d := range s.Stopped[:min(len(s.Stopped), namedDepartments)] {
		why, do := "を取り込めません", "続きは kyogikai check で確かめてください"
		if d.Removed {
			why, do = "がすべて消えました", "要らないものなら inputs から除くか、判断.csvで取り下げてください"
		}
		out = append(out, fmt.Sprintf("%s%s：%sから、収集元「%s」の調査票%s。%sまでに取り込んだ%d件を使い続けています。%s",
			spacedName(d.Municipality), d.Department, wareki(d.Since), name, why, wareki(d.Kept), d.Files, do))
	}
	if more := len(s.Stopped) - namedDepartments; more > 0 {
		out = append(out, fmt.Sprintf("収集元「%s」から届かなくなった課が、ほかに%dあります（kyogikai check）", name, more))
	}
	return out
}

// missing says which departments and masters an earlier run held and this one does not, a line for each municipality,
// year and run.
func missing(lost []runs.Lost) []string {
	type group struct {
		city       string
		year       int
		run        string
		unreadable bool
		master     bool
	}
	names := map[group][]string{}
	var order []group
	for _, l := range lost {
		master := l.Department == "" && l.Bureau == "" && l.FiscalYear == 0
		g := group{l.Municipality, l.FiscalYear, l.Run, l.Unreadable, master}
		if names[g] == nil {
			order = append(order, g)
		}
		name := cmp.Or(l.Department, l.Bureau)
		if name == "" {
			name = path.Base(l.Files[0])
		}
		if !slices.Contains(names[g], name) {
			names[g] = append(names[g], name)
		}
	}
	var out []string
	for _, g := range order {
		if g.master {
			out = append(out, fmt.Sprintf("%s：%sがなくなりました（%s の実行の後）。もとに戻すか、要らないものなら、見出しだけのファイルを置いてください",
				g.city, some(names[g], len(names[g]), namedDepartments, "件"), g.run))
			continue
		}
		year, what := "", "なくなりました"
		if g.year != 0 {
			year = "　" + fiscal.Wareki(g.year)
		}
		if g.unreadable {
			what = "開けません"
		}
		out = append(out, fmt.Sprintf("%s%s：前はあった課の調査票が%s（%s）。値は実行 %s に残っています（kyogikai sql --run %s）。"+
			"フォルダをもとに戻すか、取り下げたのなら判断.csvに「取下げ」と書いてください",
			g.city, year, what, some(names[g], len(names[g]), namedDepartments, "課"), g.run, g.run))
	}
	return out
}

// some names the first of several, of which not all need be known by name, and counts the rest.
func some(names []string, all, most int, unit string) string {
	shown := names[:min(len(names), most)]
	text := printable.Line(strings.Join(shown, "、"))
	if more := all - len(shown); more > 0 {
		text += fmt.Sprintf(" ほか%d%s", more, unit)
	}
	return text
}

// wareki is a day of a report.
func wareki(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return fiscal.WarekiDate(at)
}

func spacedName(name string) string {
	if name == "" {
		return ""
	}
	return name + "　"
}
