// Package report is what people are told: how a run went, what needs a person, what is wrong in which department's
// workbooks, what is not handed in, and which figures have changed.
package report

import (
	"fmt"
	"slices"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/runs"
)

// Attention lists why a run needs a person, in Japanese; nothing where it does not.
func Attention(r *runs.Run) []string {
	var out []string
	switch r.Status {
	case runs.StatusFailed:
		out = append(out, "失敗しました。前に公表したものがそのまま使われています")
	case runs.StatusInterrupted:
		out = append(out, "途中で止まりました。次の実行が続きを行います")
	}
	for _, s := range r.Failures() {
		out = append(out, StepName(s.Name)+"でできなかったことがあります："+s.Error)
	}
	for _, s := range r.Sources {
		if s.Error != "" {
			out = append(out, "収集元「"+s.Source+"」から取り込めませんでした："+s.Error)
		} else if s.Failed > 0 {
			out = append(out, printable.Sprintf("収集元「%s」で取り込めないファイルが%d件あります", s.Source, s.Failed))
		}
	}
	if n := r.Errors(); n > 0 {
		out = append(out, fmt.Sprintf("調査票に誤りが%d件残っています（kyogikai check）", n))
	}
	if r.Unlooked > 0 {
		out = append(out, fmt.Sprintf("読み方の変わった値が%d件、確かめられていません（kyogikai sql @読み方の変わった値）", r.Unlooked))
	}
	return append(append(out, untold(r)...), r.Notes...)
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
	{"publish", "公表"}, {"tell", "通知"},
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
		return "公表"
	case runs.StatusUnchanged:
		return "変更なし"
	case runs.StatusInterrupted:
		return "中断"
	}
	return "失敗"
}
