package form

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
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
		"unknown key":    {head + "titel: [あ]\n" + fields, ":5:", "titel"},
		"no titles":      {"id: X\nname: 試験\nlayout: table\n" + fields, ":1:", "titles がありません"},
		"empty titles":   {"id: X\nname: 試験\nlayout: table\ntitles: []\n" + fields, ":4:", "空です"},
		"unknown layout": {"id: X\nname: 試験\nlayout: list\ntitles: [あ]\n" + fields, ":3:", "table, series"},
		"unknown type": {
			head + "fields:\n  - {name: item, type: name, words: [項目]}\n  - name: value\n    type: float\n    words: [値]\n" +
				"key: [item]\n",
			":8:", "float",
		},
		"word is a number":     {head + "fields:\n  - {name: item, type: name, words: [1]}\nkey: [item]\n", ":6:", "文字"},
		"key that is no field": {head + "fields:\n  - {name: item, type: name, words: [項目]}\nkey: [itme]\n", ":7:", "itme"},
		"no symbols": {
			head + "fields:\n  - {name: item, type: name, words: [項目]}\n  - {name: p, type: symbol, symbols: progress, words: " +
				"[進捗]}\nkey: [item]\n",
			":7:", "progress",
		},
		"no choices": {
			head + "fields:\n  - {name: item, type: choice, words: [項目]}\nkey: [item]\n", ":6:", "choices",
		},
		"ratio of nothing": {head + fields + "ratios:\n  - {field: item, of: item, to: nothing}\n", ":9:", "nothing"},
		"broken YAML":      {head + "fields:\n  - {name: item\n" + "key: [item]\n", ":6:", "「{」が対になっていません"},
		"key that is near": {head + fields + "requird:\n  - {field: item}\n", ":8:", "「required」ではありませんか"},
		"near in a field": {
			head + "fields:\n  - {name: item, type: name, wrods: [項目]}\nkey: [item]\n", ":6:", "「words」ではありませんか",
		},
		"list for a text":     {"id: [X]\nname: 試験\nlayout: table\ntitles: [あ]\n" + fields, ":1:", "文字 を書くところに 並び（[…]） があります）。これは、様式の記号"},
		"too many head rows":  {head + "header_rows: 6\n" + fields, ":5:", "「6」は使えません（5以下）"},
		"no head rows":        {head + "header_rows: 0\n" + fields, ":5:", "「0」は使えません（1以上）"},
		"key twice":           {head + fields + "layout: table\n", ":8:", "「layout」が二度あります（はじめは3行目）"},
		"tab":                 {head + "fields:\n\t- {name: item}\n", ":6:", "字下げにタブ"},
		"two documents":       {head + fields + "---\nid: Y\n", ":8:", "もう一つの文書"},
		"Shift_JIS":           {"id: X\nname: \x8e\x8e\x8c\xb1\n", ":2:", "Shift_JIS（メモ帳の「ANSI」）です（「name: 試験」と書かれています）"},
		"series without rule": {"id: X\nname: 試験\nlayout: series\ntitles: [あ]\n", ":3:", "series:"},
		"nothing":             {"", ":1:", "書かれていません"},
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

// The example of the documentation is a form that loads.
func TestDocumentedExample(t *testing.T) {
	doc, err := os.ReadFile("../../docs/様式の書き方.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(doc), "## いちばん短い例")
	_, rest, _ = strings.Cut(rest, "```yaml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("there is no example")
	}
	forms, err := Load(fstest.MapFS{"forms/例.yaml": {Data: []byte(example)}}, "forms")
	if err != nil {
		t.Fatal(err)
	}
	for name, csv := range map[string]string{
		"one head":   "来館者調査票\n施設名,単位,令和7年度来館者数,令和8年度来館者数,備考\n図書館,人,\"1,200\",1300人,\n",
		"two heads":  "来館者数報告\n\n,施設,単位,R7,R8\n,,,人数,人数\n,図書館,人,1200,1300\n",
		"years down": "来館者調査票\n施設名,単位,年度,来館者数\n図書館,人,令和7年度,1200\n,,令和8年度,1300\n",
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2026}
		Read(forms, &w, []byte(csv), limits.Default())
		if len(w.Records) != 1 || len(w.Findings) > 0 {
			t.Errorf("%s: %d records, findings %v", name, len(w.Records), w.Findings)
			continue
		}
		for year, want := range map[string]string{"2025": "1200", "2026": "1300"} {
			if f, _ := w.Records[0].Field("visitors", year); f.Value != want {
				t.Errorf("%s: %s is %q, want %s", name, year, f.Value, want)
			}
		}
	}
}
