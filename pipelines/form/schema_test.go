package form

import (
	"strings"
	"testing"
	"testing/fstest"
)

// A mistake in a form's YAML is named with its line, in words of the person who wrote it.
func TestMistakesInForms(t *testing.T) {
	const head = "id: X\nname: 試験の様式\nlayout: table\ntitles: [試験の様式]\n"
	const fields = "fields:\n  - {name: item, type: name, words: [項目]}\nkey: [item]\n"
	cases := map[string]struct {
		yaml string
		line string
		says string
	}{
		"unknown key":          {head + "titel: [あ]\n" + fields, ":5:", "titel"},
		"no titles":            {"id: X\nname: 試験\nlayout: table\n" + fields, ":1:", "titles がありません"},
		"empty titles":         {"id: X\nname: 試験\nlayout: table\ntitles: []\n" + fields, ":4:", "空です"},
		"unknown layout":       {"id: X\nname: 試験\nlayout: list\ntitles: [あ]\n" + fields, ":3:", "table, series"},
		"unknown type":         {head + "fields:\n  - {name: item, type: name, words: [項目]}\n  - name: value\n    type: float\n    words: [値]\nkey: [item]\n", ":8:", "float"},
		"word is a number":     {head + "fields:\n  - {name: item, type: name, words: [1]}\nkey: [item]\n", ":6:", "文字"},
		"key that is no field": {head + "fields:\n  - {name: item, type: name, words: [項目]}\nkey: [itme]\n", ":7:", "itme"},
		"no symbols":           {head + "fields:\n  - {name: item, type: name, words: [項目]}\n  - {name: p, type: symbol, symbols: progress, words: [進捗]}\nkey: [item]\n", ":7:", "progress"},
		"no choices":           {head + "fields:\n  - {name: item, type: choice, words: [項目]}\nkey: [item]\n", ":6:", "choices"},
		"ratio of nothing":     {head + fields + "ratios:\n  - {field: item, of: item, to: nothing}\n", ":9:", "nothing"},
		"broken YAML":          {head + "fields:\n  - {name: item\n" + "key: [item]\n", ":", "文法"},
		"series without rule":  {"id: X\nname: 試験\nlayout: series\ntitles: [あ]\n", ":3:", "series:"},
		"nothing":              {"", ":1:", "書かれていません"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{"forms/試験.yaml": {Data: []byte(c.yaml)}}, "forms")
			if err == nil || !strings.Contains(err.Error(), "forms/試験.yaml"+c.line) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want line %s and %q", err, c.line, c.says)
			}
		})
	}
	if _, err := Load(fstest.MapFS{"forms/試験.yaml": {Data: []byte(head + fields)}}, "forms"); err != nil {
		t.Errorf("a right form is refused: %v", err)
	}
}
