package yamlfile

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

type sample struct {
	Schedule string            `yaml:"schedule"`
	KeepRuns int               `yaml:"keep_runs"`
	Strict   bool              `yaml:"strict"`
	Rate     float64           `yaml:"rate"`
	Day      time.Time         `yaml:"day"`
	Signs    map[string]string `yaml:"negative_signs"`
	Plans    []plan            `yaml:"plans"`
	Any      map[string]any    `yaml:"any"`
	hidden   int
}

type plan struct {
	Name  string   `yaml:"name"`
	Forms []string `yaml:"forms"`
	Years years    `yaml:"years"`
	Ranks *ranks   `yaml:"ranks"`
}

type ranks struct {
	Of string `yaml:"of"`
}

// years may be written as one or as several.
type years []int

func (y *years) UnmarshalYAML(node *yaml.Node) error {
	var one int
	if node.Decode(&one) == nil {
		*y = years{one}
		return nil
	}
	var list []int
	err := node.Decode(&list)
	*y = list
	return err
}

var means = Means{"keep_runs": "データファイルを何回分残すか", "plans[].forms": "様式の記号"}

func read(text string, into any) error {
	d, err := Parse("kyogikai.yaml", 0, []byte(text))
	if err != nil {
		return err
	}
	return d.Decode(into, means)
}

// What is written well is read as the library reads it.
func TestWhatIsWrittenWellIsRead(t *testing.T) {
	const text = `# 注記
---
schedule: "0 2 * * *" # 毎晩
keep_runs: 0x1E
strict: yes
rate: 1
day: 2025-10-21
negative_signs: {八戸市: ▲, 24: −}
plans:
  - &a1
    name: 123
    forms: [A, B]
    years: 2025
    ranks: {of: attainment}
  - <<: *a1
    name: 乙
    years: [2025, 2026]
  - *a1
any: {a: [1, {b: c}], c: null}
---
# 何もない
`
	var s sample
	if err := read(text, &s); err != nil {
		t.Fatal(err)
	}
	if s.KeepRuns != 30 || !s.Strict || s.Rate != 1 ||
		s.Day.Format(time.DateOnly) != "2025-10-21" || s.Signs["24"] != "−" ||
		len(s.Plans) != 3 || s.Plans[0].Name != "123" || s.Plans[1].Name != "乙" || s.Plans[1].Ranks.Of != "attainment" ||
		len(s.Plans[1].Years) != 2 ||
		s.Plans[0].Years[0] != 2025 ||
		s.hidden != 0 {
		t.Errorf("%+v", s)
	}
	for _, nothing := range []string{"", "\n# 注記\n", "---\n", "\ufeff", "~"} {
		d, err := Parse("a.yaml", 0, []byte(nothing))
		if err != nil || !d.Empty() || d.Decode(&s, nil) != nil {
			t.Errorf("%q: %v", nothing, err)
		}
	}
	if err := read("\ufeffkeep_runs: 7\r\nstrict: true\r\n", &s); err != nil || s.KeepRuns != 7 {
		t.Errorf("with a mark and CRLF: %v", err)
	}
}

// A mistake is told with its line, what was found and what is meant.
func TestMistakesAreTold(t *testing.T) {
	for text, want := range map[string]string{
		// names
		"keep_run: 5\n":                           "の1行目: 「keep_run」という項目はありません。「keep_runs」（データファイルを何回分残すか）では",
		"strict: true\nKeep_Runs: 5\n":            "2行目: 「Keep_Runs」という項目はありません。「keep_runs」",
		"plans:\n  - name: 甲\n    form: [A]\n":    "3行目: 「form」という項目はありません。「forms」（様式の記号）ではありませんか",
		"forms: [A]\n":                            "1行目: 「forms」という項目はありません。「forms」は plans の中の項目です。字下げを確かめてください",
		"plans:\n  - name: 甲\n    strict: true\n": "3行目: 「strict」という項目はありません。「strict」は いちばん外側 の中の項目です",
		"まったく別: 1\n": "ここに書けるのは any、day、keep_runs、negative_signs、plans、rate、" +
			"schedule、strict です",
		"keep_runs: 1\nstrict: true\nkeep_runs: 2\n": "3行目: 「keep_runs」が二度あります（はじめは1行目）",
		"negative_signs: {市: ▲, 市: −}\n":             "「市」が二度あります",
		"any: {a: 1, a: 2}\n":                        "「a」が二度あります",
		"? [a, b]\n: 1\n":                            "ここには「名前: 値」の名前を書きます",
		// kinds
		"keep_runs: たくさん\n":                 "1行目: keep_runs（データファイルを何回分残すか）には整数を書きます。「たくさん」とあります",
		"keep_runs: ３０\n":                   "「３０」とあります（半角の数字で書いてください）",
		"keep_runs: 30回\n":                  "（単位を付けず、数字だけを書いてください）",
		"keep_runs: 1.5\n":                  "整数を書きます。「1.5」とあります",
		"keep_runs: 99999999999999999999\n": "（数が大きすぎます）",
		"keep_runs: [1]\n":                  "整数を書きます。並びがあります",
		"keep_runs: {a: 1}\n":               "整数を書きます。「名前: 値」の組があります",
		"strict: はい\n":                      "strict には true か false を書きます。「はい」とあります",
		"rate: 高い\n":                        "rate には数を書きます",
		"day: きのう\n":                        "day には日付（令和7年10月21日か 2025-10-21 の形）を書きます。「きのう」とあります",
		"day: 令和7年10月32日\n":                 "「令和7年10月32日」とあります",
		"schedule: [1, 2]\n":                "schedule には文字を書きます。並びがあります（「: 」や [ ] や { } を含む文字なら、' で囲んでください）",
		"negative_signs: ▲\n":               "negative_signs には「名前: 値」の組を書きます",
		"negative_signs: [▲]\n":             "negative_signs には「名前: 値」の組を書きます。並びがあります",
		"negative_signs: {市: [▲]}\n":        "negative_signs には文字を書きます。並びがあります",
		"plans: 甲\n":                        "plans には並び（[甲, 乙] か、行ごとの「- 甲」）を書きます。「甲」とあります",
		"plans:\n  name: 甲\n":               "plans には並び",
		"plans: [甲]\n":                      "plans には「名前: 値」の組を書きます",
		"plans:\n  - forms: A\n":            "plans[].forms",
		"plans:\n  - years: 令和七年\n":         "years には決まった形の値を書きます",
		// syntax
		"keep_runs: 30\nplans:\n\t- name: 甲\n":        "3行目: 「- name: 甲」を読めません。字下げにタブがあります。半角の空白に替えてください",
		"plans:\n  - name: 甲\n　　forms: [A]\n":         "3行目: 「forms」の前か後ろに全角の空白があります。半角の空白に替えてください",
		"keep_runs：30\nstrict: true\n":                "1行目: 「keep_runs：30」を読めません。「：」が全角です",
		"strict: true\nkeep_runs:30\nrate: 1\n":       "2行目: 「keep_runs:30」を読めません。「:」の後ろに半角の空白がありません",
		"strict: true\nkeep_runs\nrate: 1\n":          "2行目: 「keep_runs」を読めません。「名前: 値」の形になっていません",
		"strict: true\nschedule: @daily\n":            "2行目: 「schedule: @daily」を読めません。値は「@」で始められません。' で囲んでください",
		"schedule: %a\n":                              "値は「%」で始められません",
		"schedule: 'あ\nkeep_runs: 3\n":                "1行目: 「schedule: 'あ」を読めません。囲みの記号（\" か '）が閉じていません",
		"strict: true\nschedule: \"0 2\nkeep_runs: 3": "2行目: 「schedule: \"0 2」を読めません。囲みの記号",
		"strict: true\nplans: [甲\nrate: 1\n":          "2行目: 「plans: [甲」を読めません。「[」が対になっていません",
		"strict: true\nany: {a: 1\nrate: 1\n":         "2行目: 「any: {a: 1」を読めません。「{」が対になっていません",
		"keep_runs：30\n":                              "ここには「名前: 値」の組を書きます。「keep_runs：30」とあります（「：」が全角です",
		"schedule: {年度}/{部}\n":                        "1行目: 「schedule: {年度}/{部}」を読めません。値が「{」で始まっています。文字なら ' で囲み",
		"schedule: a: b\n":                            "値の中に「: 」があります。値を ' で囲んでください",
		"plans:\n    - name: 甲\n   - name: 乙\n":       "3行目: 「- name: 乙」を読めません。字下げ",
		"any:\n    a: 1\n  b: 2\n":                    "3行目: 「b: 2」を読めません。字下げ（行の始めの半角の空白の数）が、前の行と合いません。",
		"any:\n    a: 2\n  b: 3\n":                    "同じ数だけ字下げしてください（前の行は「a: 2」）",
		"schedule: *none\n":                           "「*」で始まる値は",
		"strict: true\nschedule: a\x1b[2J\n":          "2行目: 見えない文字「␛」があります（「schedule: a␛[2J」）",
		"strict: true\u2028rate: 1\n":                 "1行目: 見えない文字「〔U+2028〕」",
		// documents
		"keep_runs: 1\n---\nkeep_runs: 2\n":       "kyogikai.yaml の2行目: 「---」の後に、もう一つの文書があります",
		"# 注\n---\nkeep_runs: 1\n--- \nrate: 2\n": "4行目: 「---」の後に",
		"keep_runs: 1\n---\nkeep_runs: [\n":       "2行目: 「---」の後に",
	} {
		var s sample
		err := read(text, &s)
		if want == "plans[].forms" { // a list of one may be written alone nowhere: the library decides
			want = "forms（様式の記号）には並び"
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
			continue
		}
		if !strings.HasPrefix(err.Error(), "kyogikai.yaml の") || len(Mistakes(err)) == 0 {
			t.Errorf("%q: %v does not say where", text, err)
		}
	}
}

// Files of other encodings are named by what they are.
func TestOtherEncodings(t *testing.T) {
	const text = "# 設定\nkeep_runs: 3 # 何回分残すか\n"
	sjis, err := japanese.ShiftJIS.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	euc, err := japanese.EUCJP.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]string{
		sjis:                        "1行目: 文字コードが UTF-8 でなく、Shift_JIS（メモ帳の「ANSI」）です（「# 設定」と書かれています）",
		"keep_runs: 3\n" + sjis:     "2行目: 文字コードが UTF-8 でなく、Shift_JIS",
		euc:                         "文字コードが UTF-8 でなく、EUC-JP です",
		wide:                        "UTF-16（メモ帳の「Unicode」）",
		"# 設定\nkeep_runs: \xff\xfe": "2行目: UTF-8 でない文字「keep_runs: 〔0xFFFE〕」があります",
	} {
		var s sample
		if err := read(data, &s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
}

// All mistakes are told at once, in the order of their lines, and no more than a reader takes in.
func TestAllMistakesAreTold(t *testing.T) {
	var s sample
	err := read("keep_run: 1\nplans:\n  - forms: {a: 1}\n    nme: 甲\nstrict: たぶん\n", &s)
	said := strings.Split(err.Error(), "\n")
	if len(said) != 4 || len(Mistakes(err)) != 4 {
		t.Fatalf("%v", err)
	}
	for i, line := range []int{1, 3, 4, 5} {
		if Mistakes(err)[i].Line != line {
			t.Errorf("%d: %v", i, Mistakes(err)[i])
		}
	}
	for n, told := range map[int]int{10: 10, 11: 11, 30: 11} {
		err := read(strings.Repeat("x", 1)+"0: 1\n"+manyUnknown(n-1), &s)
		if all := Mistakes(err); len(all) != told {
			t.Errorf("%d mistakes are told in %d lines", n, len(all))
		} else if n > 11 && all[10].Says != "直すところが、ほかに20あります" {
			t.Errorf("%v", all[10])
		}
	}
	if Mistakes(errors.New("別")) != nil || Mistakes(nil) != nil {
		t.Error("mistakes of another error")
	}
}

func manyUnknown(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("知らない" + strings.Repeat("項目", i+1) + ": 1\n")
	}
	return b.String()
}

// An error that is found later is told with the line of its place, in the file that the text is a part of.
func TestPlaces(t *testing.T) {
	const text = "plans:\n  - name: 甲\n  - name: 乙\n    forms:\n      - A\n    ranks:\n      of: 何か\n"
	d, err := Parse("a.md", 10, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		place []any
		line  int
	}{
		{nil, 11}, {[]any{"plans"}, 11}, {[]any{"plans", 1}, 13},
		{[]any{"plans", 1, "ranks", "of"}, 17}, {[]any{"plans", 1, "forms", 0}, 15},
		{[]any{"plans", 1, "years"}, 13}, {[]any{"nothing"}, 11}, {[]any{"plans", 7}, 11},
	} {
		if got := d.Line(c.place...); got != c.line {
			t.Errorf("%v: line %d, want %d", c.place, got, c.line)
		}
	}
	for says, line := range map[string]int{"forms がない": 14, "ranks の of": 16, "informs でない": 13, "どれでもない": 13} {
		if got := d.About(says, "plans", 1); Mistakes(got)[0].Line != line {
			t.Errorf("%s: %v, want %d", says, got, line)
		}
	}
	var none *Doc
	if none.Line("a") != 0 || none.Mistake("だめ", "a").Error() != "だめ" || none.About("だめ").Error() != "だめ" {
		t.Error("a document that is not known")
	}
	if got := d.Mistake("だめ", "plans", 0).Error(); got != "a.md の12行目: だめ" {
		t.Error(got)
	}
	_, err = Parse("a.md", 10, []byte("a: 1\n\tb: 2\n"))
	if got := Mistakes(err); len(got) != 1 || got[0].Line != 12 {
		t.Errorf("%v", err)
	}
}

// Aliases that hold themselves, or multiply without end, end.
func TestAliases(t *testing.T) {
	bomb := "any:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 12; i++ {
		n := string(rune('a'+i)) + "0"
		before := string(rune('a'+i-1)) + "0"
		bomb += "  " + n + ": &" + n + " [" + strings.Repeat("*"+before+", ", 8) + "*" + before + "]\n"
	}
	for _, text := range []string{bomb, "any: &a {b: *a}\n", "plans: &p\n  - *p\n", "any:\n  <<: &m\n    <<: *m\n"} {
		var s sample
		done := make(chan error, 1)
		go func() { done <- read(text, &s) }()
		select {
		case err := <-done:
			if err == nil || !strings.Contains(err.Error(), "「&」と「*」の使い方") && !strings.Contains(err.Error(), "組を書きます") {
				t.Errorf("%.40q is read: %v", text, err)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%.40q does not end", text)
		}
	}
}

// A day may stand as a city writes days, quoted or not.
func TestDaysInJapanese(t *testing.T) {
	for _, text := range []string{
		"2026-02-24", "令和8年2月24日", "'令和8年2月24日（火）'", "R8.2.24", "2026年2月24日", "2026/2/24", "\"2026-02-24\"",
	} {
		var s sample
		if err := read("day: "+text+"\n", &s); err != nil || s.Day.Format("2006-01-02") != "2026-02-24" {
			t.Errorf("%s: %s, %v", text, s.Day, err)
		}
	}
}
