package project

import (
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/encoding/japanese"
)

// fullSettings are settings in which every key stands.
const fullSettings = `schedule: "0 2 * * *"        # 毎晩の実行
timezone: Asia/Tokyo
keep_runs: 30
memory: 400MB
sources:
  - name: 庁内共有
    directory: /mnt/share/調査票
    municipality: 八戸市
    pattern: "{年度}/{部}/{課}/{ファイル}"
    max_megabytes: 50
  - name: 掲示板
    http: https://bbs.example.lg.jp/調査/
    pattern: "{課}/{ファイル}"
    municipality: 秦野市
    year: 令和8年度
    bureau: 総務部
    user_env: BBS_USER
    password_env: BBS_PASSWORD
  - name: 庁外
    rclone: 共有:調査票
    rclone_config: rclone.conf
    municipality: 秦野市
    year: 令和8年度
    pattern: "{部}/{課}/{ファイル}"
jobs:
  - {name: 昼の収集, schedule: "0 12 * * 1-5", verb: load, args: [-v]}
tell:
  - file: お知らせ.txt
    when: attention
  - webhook: {url_env: KYOGIKAI_WEBHOOK, format: text}
  - name: 課へ
    mail:
      server: "mail.example.lg.jp:587"
      from: kyogikai@example.lg.jp
      to: [gyosei@example.lg.jp]
      tls: starttls
      departments: true
negative_signs: {八戸市: ▲}
plans:
  - municipality: 八戸市
    name: 第7次八戸市行財政改革大綱
    forms: [B, C]            # この計画に属する様式
    first_year: 2020
    last_year: 2024
    share_method: largest_remainder
    count_relisted: false
    ended_mark: 【計画終了
    hours_per_person: {hours: '1,800', source: 人事課の調べ}
    ranks:
      of: attainment
      methods: [A, C]
      judged: {achieved: ◎, missed: ▲}
      levels:
        - {symbol: ◎, at_least: 100, meaning: 達成}
        - {symbol: ○, at_least: 79.5%, meaning: おおむね}
        - {symbol: ▲, meaning: 遅れ}
`

// quoted are the file's own words, which a message quotes, from the inside out.
var quoted = regexp.MustCompile(`「[^「」]*」`)

var asciiWord = regexp.MustCompile(`[A-Za-z]{2,}`)

// names are the words of ASCII that a message may say: keys, what may stand behind them, and names of things.
func names() map[string]bool {
	out := map[string]bool{}
	for path := range settingMeans {
		for _, w := range asciiWord.FindAllString(path, -1) {
			out[w] = true
		}
	}
	for _, w := range strings.Fields("kyogikai yaml UTF Shift JIS ANSI EUC JP true false MB GB largest remainder half " +
		"up " +
		"attainment progress Asia Tokyo templates forms id always attention text adaptive card starttls implicit none " +
		"https http rclone config outputs TLS webhook nightly collect load brief inputs") {
		out[w] = true
	}
	return out
}

// foreignWords are the words of a message that no clerk knows.
func foreignWords(says string) []string {
	for {
		next := quoted.ReplaceAllString(says, "")
		if next == says {
			break
		}
		says = next
	}
	var out []string
	known := names()
	for _, w := range asciiWord.FindAllString(says, -1) {
		if !known[w] {
			out = append(out, w)
		}
	}
	return out
}

func load(text string) (Settings, error) {
	return LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(text)}})
}

// corrupted is a text with one thing in it that a hand, an editor or a disk may do.
func corrupted(r *rand.Rand, text string) string {
	lines := strings.Split(text, "\n")
	at := r.IntN(len(lines) - 1)
	line := []rune(lines[at])
	col := r.IntN(len(line) + 1)
	insert := []string{
		"\t",
		":",
		"：",
		"\"",
		"'",
		"[",
		"]",
		"{",
		"}",
		"@",
		"%",
		"&",
		"*",
		"!",
		"|",
		">",
		"#",
		"-",
		"　",
		" ",
		"x",
		"あ",
		"\x1b",
		",",
		"？",
		"0",
		"\u202e",
		"\u0085",
		"---\n",
		"\n",
		"&a ",
		"<<: ",
		"null",
		"~",
		"１",
		"!!int ",
		"? ",
	}
	switch r.IntN(12) {
	case 0: // a sign more
		lines[at] = string(line[:col]) + insert[r.IntN(len(insert))] + string(line[col:])
	case 1: // a character less
		if col < len(line) {
			lines[at] = string(line[:col]) + string(line[col+1:])
		}
	case 2: // a line less
		lines = slices.Delete(lines, at, at+1)
	case 3: // a line twice
		lines = slices.Insert(lines, at, lines[r.IntN(len(lines))])
	case 4: // indented otherwise
		lines[at] = strings.Repeat(" ", r.IntN(8)) + strings.TrimLeft(lines[at], " ")
	case 5: // by a tab, or by full-width spaces
		lines[at] = []string{"\t", "　", " \t"}[r.IntN(3)] + strings.TrimLeft(lines[at], " ")
	case 6: // cut off
		all := []rune(text)
		return string(all[:r.IntN(len(all))])
	case 7: // a byte otherwise
		b := []byte(text)
		b[r.IntN(len(b))] = byte(r.IntN(256))
		return string(b)
	case 8: // another value
		if name, _, ok := strings.Cut(lines[at], ": "); ok {
			values := []string{
				"たくさん",
				"[1, 2]",
				"{a: 1}",
				"はい",
				"-1",
				"1.5",
				"２０２５",
				"令和7年度",
				"99999999999999999999",
				"''",
				"true",
				"@",
				"*x",
				"0x10",
			}
			lines[at] = name + ": " + values[r.IntN(len(values))]
		}
	case 9: // two lines changed about
		other := r.IntN(len(lines) - 1)
		lines[at], lines[other] = lines[other], lines[at]
	case 10: // a misspelt name
		lines[at] = strings.Replace(lines[at], "_", []string{"", "-", "__", " "}[r.IntN(4)], 1)
	default: // in full width
		lines[at] = strings.NewReplacer(":", "：", "-", "－").Replace(lines[at])
	}
	return strings.Join(lines, "\n")
}

// Whatever is wrong with the settings, the message says where, in Japanese, and quotes the file alone.
func TestCorruptedSettingsAreToldInJapanese(t *testing.T) {
	sample, err := os.ReadFile("../../kyogikai.yaml")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(20, 4))
	place := regexp.MustCompile(`設定 kyogikai\.yaml の\d+行目: .|^設定 kyogikai\.yaml に何も|^設定 kyogikai\.yaml: 直すところ`)
	refused, told := 0, map[string]int{}
	for _, text := range []string{string(sample), fullSettings} {
		if _, err := load(text); err != nil {
			t.Fatal(err)
		}
		for range 2000 {
			bad := corrupted(r, text)
			for range r.IntN(3) {
				bad = corrupted(r, bad+"\n")
			}
			began := time.Now()
			_, err := load(bad)
			if took := time.Since(began); took > 5*time.Second {
				t.Fatalf("it takes %v:\n%s", took, bad)
			}
			if err == nil {
				continue
			}
			refused++
			for _, says := range strings.Split(err.Error(), "\n") {
				words := foreignWords(says)
				if !place.MatchString(says) || len(words) > 0 || !utf8.ValidString(says) {
					t.Fatalf("%q\nwords %q, of\n%s", says, words, bad)
				}
				told[quoted.ReplaceAllString(says, "")]++
			}
		}
	}
	if refused < 1500 || len(told) < 100 {
		t.Errorf("%d texts are refused in %d ways", refused, len(told))
	}
}

// A file of Shift_JIS, as old editors save it, is told by its name.
func TestSettingsInShiftJIS(t *testing.T) {
	sjis, err := japanese.ShiftJIS.NewEncoder().String(fullSettings)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load(
		sjis,
	); err == nil ||
		!strings.Contains(err.Error(), "設定 kyogikai.yaml の1行目: 文字コードが UTF-8 でなく、Shift_JIS") {
		t.Errorf("%v", err)
	}
}

// What is wrong with a value is told with the line of its key.
func TestValuesThatCannotHoldAreTold(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"keep_runs: 30", "keep_runs: 0", "の3行目: keep_runs「0」は使えません。1以上"},
		{"keep_runs: 30", "keep_runs: -5", "の3行目: keep_runs「-5」"},
		{"Asia/Tokyo", "Asia/Tokio", "の2行目: timezone「Asia/Tokio」という時間帯はありません。Asia/Tokyo"},
		{"Asia/Tokyo", "''", "の2行目: timezone「」"},
		{"400MB", "400", "の4行目: memory「400」"},
		{"    directory: /mnt/share/調査票\n", "", "の6行目: sources「庁内共有」: directory、http、rclone のうち"},
		{"max_megabytes: 50", "max_megabytes: -1", "の10行目: sources「庁内共有」: max_megabytes"},
		{"    year: 令和8年度\n    bureau", "    year: 来年\n    bureau", "の15行目: sources「掲示板」: year「来年」"},
		{"    user_env: BBS_USER\n", "", "の17行目: sources「掲示板」: user_env と password_env は両方"},
		{"name: 庁外", "name: 掲示板", "の19行目: sources の3番目: name"},
		{"when: attention", "when: たまに", "の29行目: tell「file」: when は"},
		{"format: text", "format: xml", "の30行目: tell「webhook」: webhook の format"},
		{"tls: starttls", "tls: ssl", "の36行目: tell「課へ」: mail の tls"},
		{"八戸市: ▲", "八戸市: △▲", "の38行目: negative_signs の「八戸市」の「△▲」"},
		{"  - municipality: 八戸市\n    name: 第7次八戸市行財政改革大綱", "  - name: 第7次八戸市行財政改革大綱",
			"の40行目: 1番目の計画に municipality（自治体。inputs のフォルダの名前）がありません"},
		{"    forms: [B, C]            # この計画に属する様式\n", "", "の40行目: 1番目の計画に forms（この計画に属する様式の記号）がありません"},
		{"first_year: 2020", "first_year: 2", "の43行目: 計画「第7次八戸市行財政改革大綱」の first_year「2」は西暦"},
		{"last_year: 2024", "last_year: 2019", "の43行目: 計画「第7次八戸市行財政改革大綱」の first_year と last_year を正しく書いてください（2020 と 2019"},
		{"last_year: 2024", "last_year: 20240", "の44行目: 計画「第7次八戸市行財政改革大綱」の last_year「20240」"},
		{"share_method: largest_remainder", "share_method: 最大剰余", "の45行目: 計画「第7次八戸市行財政改革大綱」の share_method「最大剰余」"},
		{", source: 人事課の調べ", "", "の48行目: 計画「第7次八戸市行財政改革大綱」の hours_per_person"},
		{"methods: [A, C]", "methods: [A, E]", "の51行目: 計画「第7次八戸市行財政改革大綱」の ranks: methods の「E」"},
		{"at_least: 79.5%", "at_least: 100", "の49行目: 計画「第7次八戸市行財政改革大綱」の ranks: "},
	} {
		text := strings.Replace(fullSettings, c.old, c.new, 1)
		if text == fullSettings {
			t.Fatalf("%q is not there", c.old)
		}
		_, err := load(text)
		if err == nil || !strings.Contains(err.Error(), "設定 kyogikai.yaml "+c.want) {
			t.Errorf("%s → %s:\n got %v\nwant %s", c.old, c.new, err, c.want)
		}
	}
	for text, want := range map[string]string{
		"":         "設定 kyogikai.yaml に何も書かれていません",
		"# 注記だけ\n": "設定 kyogikai.yaml に何も書かれていません",
	} {
		if _, err := load(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := LoadSettingsAs(fstest.MapFS{SettingsFile: {Data: []byte("keep_run: 1\n")}}, "わが市.yaml"); err == nil ||
		!strings.HasPrefix(err.Error(), "設定 わが市.yaml の1行目: 「keep_run」") {
		t.Errorf("%v", err)
	}
}

// Years at the bounds are years.
func TestYearsOfPlans(t *testing.T) {
	for years, ok := range map[[2]string]bool{
		{"1945", "2199"}: true, {"1944", "2024"}: false, {"2020", "2200"}: false,
		{"2024", "2024"}: true, {"2025", "2024"}: false,
	} {
		text := strings.NewReplacer("first_year: 2020", "first_year: "+years[0], "last_year: 2024", "last_year: "+years[1]).
			Replace(fullSettings)
		if _, err := load(text); (err == nil) != ok {
			t.Errorf("%v: %v", years, err)
		}
	}
}

// Every key of the settings has a meaning that messages can tell, and no other has.
func TestEveryKeyHasAMeaning(t *testing.T) {
	var keys []string
	var list func(of reflect.Type, at string)
	list = func(of reflect.Type, at string) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			if of.Kind() == reflect.Slice {
				at += "[]"
			}
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || of == reflect.TypeFor[yaml.Node]() {
			return
		}
		for i := range of.NumField() {
			f := of.Field(i)
			if tag := f.Tag.Get("yaml"); f.IsExported() && tag != "-" {
				key := strings.TrimPrefix(at+"."+tag, ".")
				keys = append(keys, key)
				list(f.Type, key)
			}
		}
	}
	list(reflect.TypeFor[Settings](), "")
	for _, k := range keys {
		if settingMeans[k] == "" {
			t.Errorf("%s has no meaning in means.go", k)
		}
	}
	if len(keys) != len(settingMeans) {
		t.Errorf("%d keys, %d meanings", len(keys), len(settingMeans))
	}
}
