package brief

import "testing"

func TestUngiven(t *testing.T) {
	mark := func(i string) string { return string(valueOpen) + i + string(valueClose) }
	for text, want := range map[string][]string{
		"取組数は" + mark("0") + "件です":        nil,
		"取組数は119件です":                      {"119件"},
		"約１，２００万円の削減、達成率は88.2％":           {"１，２００万円", "88.2％"},
		"令和7年10月21日、第2期計画の3(2)、令和6年度":     nil,
		"第3回の会議":                          nil,
		"柱4の推進項目":                         nil,
		"5年間で" + mark("1") + "、うち" + "3課": {"5年間", "3課"},
	} {
		got := ungiven(text)
		if len(got) != len(want) {
			t.Errorf("%s: %v", text, got)
			continue
		}
		for i := range got {
			if got[i].Text != want[i] || got[i].Around == "" {
				t.Errorf("%s: %+v, want %s", text, got[i], want[i])
			}
		}
	}
}
