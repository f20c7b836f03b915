package sendback

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
)

// theirs are words for a department in the place of those for the office: what the office does with its lists, a
// department asks it to do.
var theirs = []struct {
	office *regexp.Regexp
	words  string
}{
	{regexp.MustCompile(`判断\.csvに[^。、]*「[^。]*と書き、`), "担当に知らせ、"},
	{regexp.MustCompile(`判断\.csvに[^。]*と書けば`), "担当に知らせれば"},
	{regexp.MustCompile(`判断\.csvに[^。]*ください`), "担当に知らせてください"},
	{regexp.MustCompile(`判断\.csvで[^。]*取り下げてください`), "使わないものを担当に知らせてください"},
	{regexp.MustCompile(`は組織\.csvにありません`), "は、いまの組織にありません"},
	{regexp.MustCompile(`今の課名か組織\.csvの旧名称で`), "今の課名で"},
	{regexp.MustCompile(`課名を確かめ、正しいフォルダに(?:置い|移し)てください`), "課名を確かめ、担当に知らせてください"},
	{regexp.MustCompile(`別のフォルダに移してください`), "この調査の回答でないことを担当に知らせてください"},
	{regexp.MustCompile(`正しいフォルダに(?:置い|移し)てください`), "どの調査の回答かを担当に知らせてください"},
	{regexp.MustCompile(`直した理由を確かめ、[^。]*kyogikai[^。]*ください`), "直した理由を担当に知らせてください"},
}

// offices are words of sentences that only the office can act upon.
var offices = regexp.MustCompile(`判断\.csv|組織\.csv|提出対象\.csv|語彙\.csv|kyogikai|inputs|このフォルダ|事務局は`)

// Words are what a finding says to its department: what it can do itself, and what it tells the office, never what only
// the office does. What a city's own tests say stays as the city has written it.
func Words(f record.Finding, today time.Time) string {
	if f.Code == finding.NotSubmitted {
		return owed(printable.Line(f.Found), strings.TrimSpace(f.Expected), today)
	}
	said := printable.Line(f.Message)
	if _, known := finding.Of(f.Code); !known {
		return said
	}
	for _, t := range theirs {
		said = t.office.ReplaceAllString(said, t.words)
	}
	sentences := strings.SplitAfter(said, "。")
	kept := slices.DeleteFunc(slices.Clone(sentences), offices.MatchString)
	if len(kept) < len(sentences) {
		return strings.Join(kept, "") + "直し方は、担当に尋ねてください。"
	}
	return said
}

// owed says what has not been handed in, and whether the day for it is past.
func owed(form, due string, today time.Time) string {
	day, known := fiscal.ParseDay(due)
	switch {
	case !known && due == "":
		return form + "が、まだ届いていません。提出してください。"
	case !known:
		return form + "が、まだ届いていません（提出期限 " + printable.Line(due) + "）。提出してください。"
	case day.Before(today):
		return form + "が、提出期限の" + fiscal.WarekiDate(day) + "を過ぎても届いていません。至急、提出してください。"
	}
	return form + "が、まだ届いていません。" + fiscal.WarekiDate(day) + "までに提出してください。"
}
