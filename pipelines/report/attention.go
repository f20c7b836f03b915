// Package report is what people are told: how a run went, what needs a person, what is wrong in which department's
// workbooks, what is not handed in, and which figures have changed.
package report

import (
	"fmt"
	"slices"

	"kyogikai/pipelines/runs"
)

// Grade is how grave it is that something needs a person, and what of the whole it concerns.
type Grade int

// Grades, the gravest last.
const (
	Remains    Grade = iota + 1 // something is left to be looked at
	Collecting                  // something could not be collected
	Stale                       // nothing runs what should run
	Broken                      // what was to be made is not made
)

// Concern is one thing that needs a person, in Japanese.
type Concern struct {
	Grade Grade
	Text  string
}

// Attention lists why a run needs a person, in Japanese; nothing where it does not.
func Attention(r *runs.Run) []string { return Texts(Concerns(r)) }

// Texts are the texts of concerns.
func Texts(concerns []Concern) []string {
	var out []string
	for _, c := range concerns {
		out = append(out, c.Text)
	}
	return out
}

// Concerns lists why a run needs a person; nothing where it does not.
func Concerns(r *runs.Run) []Concern {
	var out []Concern
	add := func(g Grade, text string) { out = append(out, Concern{g, text}) }
	switch r.Status {
	case runs.StatusFailed:
		add(Broken, "失敗しました。前のデータがそのまま使われています")
	case runs.StatusInterrupted:
		add(Broken, "途中で止まりました。次の実行が続きを行います")
	}
	for _, s := range r.Failures() {
		add(gradeOf(s.Name), StepName(s.Name)+"でできなかったことがあります："+s.Error)
	}
	for _, s := range r.Sources {
		for _, text := range ofSource(s) {
			add(Collecting, text)
		}
	}
	for _, text := range missing(r.Lost) {
		add(Collecting, text)
	}
	if n := r.Errors(); n > 0 {
		add(Remains, ErrorsLeft(n))
	}
	if r.Unlooked > 0 {
		add(Remains, fmt.Sprintf("読み方の変わった値が%d件、確かめられていません（kyogikai sql @読み方の変わった値）", r.Unlooked))
	}
	for _, text := range append(untold(r), r.Notes...) {
		add(Remains, text)
	}
	return out
}

// ErrorsLeft says how many errors are left in the workbooks.
func ErrorsLeft(n int) string {
	return fmt.Sprintf("調査票に誤りが%d件残っています（kyogikai check）", n)
}

// gradeOf is how grave it is that a step failed.
func gradeOf(step string) Grade {
	switch step {
	case "collect":
		return Collecting
	case "tell":
		return Remains
	}
	return Broken
}

// untold says what could not be told, once for each cause.
func untold(r *runs.Run) []string {
	count, subject := map[string]int{}, map[string]string{}
	var causes []string
	for _, t := range r.Told {
		cause := "「" + t.Channel + "」に知らせられませんでした：" + t.Error
		if t.Error == "" {
			continue
		}
		if count[cause]++; count[cause] == 1 {
			causes = append(causes, cause)
			subject[cause] = t.Subject
		}
	}
	for i, c := range causes {
		causes[i] += "（" + subject[c]
		if n := count[c]; n > 1 {
			causes[i] += fmt.Sprintf("　ほか%d通", n-1)
		}
		causes[i] += "）"
	}
	return causes
}

var stepNames = []struct{ name, japanese string }{
	{"collect", "収集"}, {"read", "読み込み"}, {"load", "取り込み"}, {"model", "集計"}, {"check", "検査"}, {"brief", "資料作成"},
	{"publish", "更新"}, {"tell", "通知"},
}

// StepName is a step in Japanese.
func StepName(name string) string {
	if i := slices.IndexFunc(stepNames, func(s struct{ name, japanese string }) bool { return s.name == name }); i >= 0 {
		return stepNames[i].japanese
	}
	return name
}

// TriggerName is what began a run, in Japanese.
func TriggerName(trigger string) string {
	switch trigger {
	case "nightly":
		return "夜間の実行"
	case "load":
		return "読み込み"
	case "brief":
		return "資料作成の前の読み込み"
	case "collect":
		return "収集"
	}
	return trigger
}

// StatusName is the status of a run in Japanese.
func StatusName(status string) string {
	switch status {
	case runs.StatusRunning:
		return "実行中"
	case runs.StatusPublished:
		return "更新"
	case runs.StatusUnchanged:
		return "変更なし"
	case runs.StatusInterrupted:
		return "中断"
	}
	return "失敗"
}
