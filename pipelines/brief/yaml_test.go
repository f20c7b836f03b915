package brief

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Mistakes in the YAML of meetings and of front matters are told with the file's line, in Japanese.
func TestMistakesInYAMLOfMeetingsAndBriefs(t *testing.T) {
	const meeting = "date: 2025-10-21\nkind: 総務協議会\nitems:\n  - {number: 1, title: 総括, brief: a.md, department: 部}\n"
	for text, want := range map[string]string{
		strings.Replace(meeting, "kind", "knd", 1):                "2025-10-21.yaml:2: 会議の設定を読めません。「knd」という項目はありません。「kind」では",
		strings.Replace(meeting, "2025-10-21", "10月21日", 1):       "会議の設定を読めません。date には日付（令和7年10月21日か 2025-10-21 の形）を",
		strings.Replace(meeting, "items:\n  -", "items:\n\t-", 1): "2025-10-21.yaml:4: 会議の設定を読めません。「- {number: 1,",
		meeting + "---\n" + meeting:                               "2025-10-21.yaml:5: 会議の設定を読めません。「---」の後に、もう一つの文書",
		"":                                                        "2025-10-21.yaml: 会議の設定に何も書かれていません",
		"# 注\n":                                                   "2025-10-21.yaml: 会議の設定に何も書かれていません",
		"kind: \x89\xef":                                          "2025-10-21.yaml:1: 会議の設定を読めません。文字コードが UTF-8 でなく",
	} {
		_, err := Meetings(fstest.MapFS{meetingsDir + "/2025-10-21.yaml": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "cannot") {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
	const head = "---\ntitle: 総括\nqueries:\n  一: SELECT 1\n---\n本文\n"
	for text, want := range map[string]string{
		strings.Replace(head, "title", "titel", 1):                  "briefs/a.md:2: 前書きを読めません。「titel」という項目はありません。「title」",
		strings.Replace(head, "  一:", "\t一:", 1):                    "a.md:4: 前書きを読めません。「一: SELECT 1」を読めません。字下げにタブ",
		strings.Replace(head, "SELECT 1", "[1]", 1):                 "a.md:4: 前書きを読めません。queries には文字を書きます。並びがあります",
		strings.Replace(head, "queries:", "title: 二度\nqueries:", 1): "a.md:3: 前書きを読めません。「title」が二度あります（はじめは2行目）",
		"---\n\n---\n本文\n":                                          "a.md: 前書きに何も書かれていません",
		"---\ntitle: a\n---\n\x89\xef\x8b\x63\n":                    "a.md:4: ひな形を読めません。文字コードが UTF-8 でなく、Shift_JIS",
	} {
		_, err := readSource(fstest.MapFS{briefsDir + "/a.md": {Data: []byte(text)}}, "a.md")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
	if s, err := readSource(
		fstest.MapFS{briefsDir + "/a.md": {Data: []byte("\ufeff" + head)}},
		"a.md",
	); err != nil ||
		s.front.Title != "総括" {
		t.Errorf("with a mark: %v", err)
	}
}
