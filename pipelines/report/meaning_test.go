package report

import (
	"testing"

	"kyogikai/pipelines/lineage"
)

// A mail names what has changed in words; what has no comment keeps its name.
func TestMeanings(t *testing.T) {
	m := meanings{
		"marts.indicator_summary": "成果指標の達成状況のまとめ", "marts.indicator_summary.achieved": "目標を達成した指標の数",
	}
	for want, c := range map[string]lineage.Change{
		"成果指標の達成状況のまとめ 市／2024／計の「目標を達成した指標の数」": {Table: "marts.indicator_summary", Figure: "市／2024／計／achieved"},
		"成果指標の達成状況のまとめ 市／2024／計":               {Table: "marts.indicator_summary", Figure: "市／2024／計"},
		"成果指標の達成状況のまとめ 計":                      {Table: "marts.indicator_summary", Figure: "計"},
		"marts.own 市／2024／n":                   {Table: "marts.own", Figure: "市／2024／n"},
		"資料 2025-10-21/表1/achieved":            {Table: lineage.Papers, Figure: "2025-10-21/表1/achieved"},
	} {
		if got := m.figure(c); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
