package report

import (
	"fmt"
	"strings"

	"kyogikai/pipelines/project"
)

// StepLine is a step that has ended, in one line.
func StepLine(step string, s *project.StepEnd) string {
	line := fmt.Sprintf("%s %s %.1f秒", StepName(step), stepStatus[s.Status], s.Seconds)
	for _, c := range stepCounts {
		if n, ok := s.Counts[c.name]; ok && (n > 0 || c.zero) {
			line += fmt.Sprintf(" %s%d", c.japanese, n)
		}
	}
	if s.Error != "" {
		line += " " + strings.ReplaceAll(s.Error, "\n", " ")
	}
	return line
}

var stepStatus = map[string]string{"done": "終了", "failed": "失敗", "skipped": "行わず", "kept": "作業なし"}

var stepCounts = []struct {
	name, japanese string
	zero           bool
}{
	{"new", "新規", true}, {"changed", "変更", true}, {"removed", "収集元から削除", false}, {"failed", "取り込めないファイル", false},
	{"sources_failed", "取り込めない収集元", false}, {"workbooks", "調査票", true}, {"tables", "表", false}, {"meetings", "会議", false},
	{"papers", "資料", false}, {"sent", "送信", false}, {"waiting", "未送信", false},
}
