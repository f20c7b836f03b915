package quantity

import (
	"strings"
	"testing"
)

// says is what a literal says, in one line: status, value and unit as written, value and unit scaled, and the rest.
func says(literal string) string {
	q := Parse(literal)
	out := []string{string(q.Status)}
	if q.Value != "" {
		out = append(out, q.Value+q.Unit+"="+q.Base+q.BaseUnit)
	} else if q.Unit != "" {
		out = append(out, q.Unit)
	}
	for _, s := range []string{q.Comparator, q.Change} {
		if s != "" {
			out = append(out, s)
		}
	}
	if q.Approx {
		out = append(out, "approx")
	}
	if q.Secondary != "" {
		out = append(out, "and "+q.Secondary+q.SecondaryUnit)
	}
	if q.Why != "" {
		out = append(out, q.Why)
	}
	return strings.Join(out, " ")
}

func saysAll(t *testing.T, cases map[string]string) {
	t.Helper()
	for literal, want := range cases {
		if got := says(literal); got != want {
			t.Errorf("Parse(%q): %s, want %s", literal, got, want)
		}
	}
}

// A fraction is at most one, and only one that a decimal can say.
func TestFractions(t *testing.T) {
	saysAll(t, map[string]string{
		"1/2": "number 0.5=0.5", "1/1": "number 1=1", "2/1": "text 分数または日付と読める", "0/1": "number 0=0",
		"1/0": "text 分数または日付と読める", "0/0": "text 分数または日付と読める", "1/3": "text 小数で書き表せない分数",
		"2分の1": "number 0.5=0.5", "1分の1": "number 1=1", "1分の2": "text 分数または日付と読める",
		"0分の1": "text 分数または日付と読める", "3分の1": "text 小数で書き表せない分数", "999999/1000000": "text 単位「/1000000」が読めない",
		"1/999999": "text 小数で書き表せない分数", "5/8": "number 0.625=0.625",
	})
}

// What stands behind hours stays below an hour, and units go from large to small.
func TestClocks(t *testing.T) {
	const no = "text 時間の書き方が読めない"
	saysAll(t, map[string]string{
		"1時間59分": "number 119分=119分", "1時間60分": no, "1時間61分": no, "1時間0分": "number 60分=60分",
		"1分59秒": "number 119秒=119秒", "1分60秒": no, "1日23時間": "number 47時間=47時間", "1日24時間": no,
		"2年11か月": "number 35か月=35か月", "2年12か月": no, "30分1時間": no, "1時間1時間": no, "1か月3日": no, "2年3時間": no,
		"1時間59分59秒": "number 7199秒=7199秒", "1時間30.5分": "number 90.5分=90.5分", "1時間半": "number 1.5時間=1.5時間",
		"60分": "number 60分=60分",
	})
}

// Scales go from large to small, and none comes twice.
func TestOrderOfScales(t *testing.T) {
	const order = "text 桁の並びが読めない"
	saysAll(t, map[string]string{
		"2百3十人": "number 2.3百人=230人", "2百3百": order, "2百3百人": order, "2百3千人": order, "2千3百人": "number 2.3千人=2300人",
		"1億2万円": "number 1.0002億円=100020000円", "1万2億円": order, "1億2億円": order, "1万2万": order,
		"1億2千万円": "number 1.2億円=120000000円", "2千万3百万円": order, "2千3": "number 2003=2003",
		"20億4千万円": "number 20.4億円=2040000000円", "1兆1億1万1円": "number 1.000100010001兆円=1000100010001円",
		"1.5億2万円": "text 数字が続いている", "12 3人": "text 数字が続いている",
		"1億2千3百万円": "number 1.23億円=123000000円", "1億2": "number 100000002=100000002", "1億2 3": order, "1億2 3人": order,
		"2千3 4人": order, "1 2 3": "text 数字が続いている",
	})
}

// No number is longer than forty characters.
func TestLimitOfDigits(t *testing.T) {
	saysAll(t, map[string]string{
		strings.Repeat("1", 40) + "円":  "number " + strings.Repeat("1", 40) + "円=" + strings.Repeat("1", 40) + "円",
		strings.Repeat("1", 41) + "円":  "text 桁数が多すぎる",
		"1億" + strings.Repeat("1", 41): "text 桁数が多すぎる",
	})
	for n, want := range map[int]string{39: "1", 40: "1"} { // with a point and zeros behind it
		if got := Canonical("1." + strings.Repeat("0", n-2)); got != want {
			t.Errorf("%d characters: %s", n, got)
		}
	}
	if long := "1." + strings.Repeat("0", 39); Canonical(long) != long {
		t.Errorf("%d characters become %s", len(long), Canonical(long))
	}
}

// Two quantities side by side have both a unit, or none on lines of their own.
func TestPairs(t *testing.T) {
	saysAll(t, map[string]string{
		"80名 110名": "number 80名=80名 and 110名", "80名 110": "text 単位「名110」が読めない", "80 110名": "text 数字が続いている",
		"80 110": "text 数字が続いている", "80\n110": "number 80=80 and 110", "80名\n110名": "number 80名=80名 and 110名",
		"80名\n110": "text 単位「名\n110」が読めない", "80\n110名": "text 数字が続いている", "1.5\n2.5": "number 1.5=1.5 and 2.5",
	})
}

// What stands in parentheses is a second value, a note, or says that the first is none.
func TestParentheses(t *testing.T) {
	saysAll(t, map[string]string{
		"30件（未定）": "undecided", "30件（調整中）": "undecided", "30件（15件は未定）": "number 30件=30件", "6(1)": "number 6=6 and 1再掲",
		"320件（1,290人）": "number 320件=320件 and 1290人", "30件（年）以上": "number 30件=30件 ge", "30件（1年）": "number 30件=30件",
		"30件（再掲5）": "number 30件=30件 and 5再掲", "30件（速報）": "number 30件=30件", "30件（R6）": "number 30件=30件",
		"多数（30件）": "text 数字がない",
	})
}

func TestFormulas(t *testing.T) {
	saysAll(t, map[string]string{
		"1,000千円×6人=6,000千円": "number 6000千円=6000000円 and 6人", "1,000千円×6人=6,001千円": "text 式の左右が等しくない",
		"2×3=6": "number 6=6 and 3", "2×多数=6": "text 式の各項が数量として読めない",
	})
}

func TestSigns(t *testing.T) {
	saysAll(t, map[string]string{
		"▲1件": "number -1件=-1件", "▲▲1件": "text 符号が重なっている", "-▲1": "text 符号が重なっている", "+1件": "number 1件=1件",
		"▲1件減": "text 符号と「増」「減」が重なっている", "マイナス1件": "number -1件=-1件", "プラス1件": "number 1件=1件",
		"▲0": "number 0=0", "0": "number 0=0", "9": "number 9=9", "/5": "text 数字の前に読めない語がある", ":5": "text 数字の前に読めない語がある",
	})
}

// Tenths, grouped digits, and scales without a unit.
func TestAmounts(t *testing.T) {
	saysAll(t, map[string]string{
		"9割": "number 9割=90%", "3割5分": "number 3.5割=35%", "3割5分2厘": "number 3.52割=35.2%", "3割2厘": "number 3.02割=30.2%",
		"1,354人": "number 1354人=1354人", "1,35人": "text 桁区切りの位置が違う", "1,3545人": "text 桁区切りの位置が違う",
		"12,354人": "number 12354人=12354人", "1234,567人": "text 桁区切りの位置が違う", "3.5万": "number 35000=35000",
		"3.5万人": "number 3.5万人=35000人", "3百人": "number 3百人=300人", "3千万円": "number 3千万円=30000000円",
		"2.5日半": "text 単位「日半」が読めない",
		"2日半":   "number 2.5日=2.5日", "5パーセント": "number 5パーセント=5%", "100千円/回": "number 100千円/回=100000円/回",
		"5" + strings.Repeat("件", 14): "number 5" + strings.Repeat("件", 14) + "=5" + strings.Repeat("件", 14),
		"5" + strings.Repeat("件", 15): "text 単位「" + strings.Repeat("件", 15) + "」が読めない",
	})
}

// A column's unit and a value's: the same measure is recomputed, another is refused. A day is a day of
// work, no 24 hours.
func TestUnitsOfColumns(t *testing.T) {
	for _, c := range []struct{ literal, unit, want string }{
		{"1日", "時間", ""}, {"24時間", "日", ""}, {"1日", "日", "1"}, {"2時間", "分", "120"}, {"90秒", "分", "1.5"},
		{"1kWh", "Wh", "1000"}, {"1MWh", "kWh", "1000"}, {"1GWh", "MWh", "1000"}, {"1Wh", "kWh", "0.001"},
		{"5kWh", "kWh", "5"},
		{"1年", "か月", "12"}, {"6か月", "年", "0.5"}, {"1年", "日", ""}, {"1か月", "秒", ""},
		{"1m", "mm", "1000"}, {"1cm", "mm", "10"}, {"1km", "m", "1000"}, {"1㎞", "m", "1000"}, {"1メートル", "cm", "100"},
		{"1g", "mg", "1000"}, {"1kg", "g", "1000"}, {"1㎏", "グラム", "1000"}, {"1t", "kg", "1000"}, {"1トン", "t", "1"},
		{"1a", "㎡", "100"}, {"1ha", "a", "100"}, {"1㎢", "ha", "100"}, {"1km2", "平方メートル", "1000000"},
		{"1ヘクタール", "m2", "10000"},
		{"1L", "mL", "1000"}, {"1kL", "L", "1000"}, {"1㎥", "kL", "1"}, {"1m3", "リットル", "1000"}, {"1kl", "ml", "1000000"},
		{"1m", "g", ""}, {"1㎡", "m", ""}, {"5円", "人", ""}, {"5%", "ポイント", ""}, {"1割", "%", "10"},
		{"10秒", "時間", ""}, // no decimal says a 360th
		{"5", "円", "5"}, {"5円", "", "5"}, {"多数", "件", ""}, {"－", "件", ""},
	} {
		if got, ok := Parse(c.literal).In(c.unit); got != c.want || ok != (c.want != "") {
			t.Errorf("Parse(%q).In(%q) = %q, %v, want %q", c.literal, c.unit, got, ok, c.want)
		}
	}
}

// What marks a value that is not there, with and without a unit.
func TestMarks(t *testing.T) {
	saysAll(t, map[string]string{
		"〇〇件": "missing 件", "約〇〇件": "missing 件 approx", "〇": "text 漢数字で書かれている", "○": "text 数字がない", "◯": "text 数字がない",
		"●": "text 数字がない", "□": "text 数字がない", "□□": "missing", "－": "missing", "": "missing", "空欄": "missing",
		"〇千円": "missing 千円",
	})
}

// A note behind a footnote mark is cut off; an asterisk of a multiplication is none, and a mark alone is no number.
func TestFootnotes(t *testing.T) {
	saysAll(t, map[string]string{
		"30件※" + strings.Repeat("あ", 600): "number 30件=30件", "3\u200b0\ufeff件": "number 30件=30件",
		"30件※速報値": "number 30件=30件", "30件（注1）": "number 30件=30件", "2*3=6": "number 6=6 and 3", "※30件": "text 数字の前に読めない語がある",
		"¥1,200": "number 1200円=1200円", "¥1,200-": "number 1200円=1200円", "¥1,200円": "number 1200円=1200円",
	})
}

// 以上 and 以下 decide in parentheses of their own too; beside another comparator they say nothing new.
func TestComparatorInParentheses(t *testing.T) {
	for text, want := range map[string]string{
		"100件（以上）": "ge", "100件（以下）": "le", "100（未満）": "lt", "100件(超)": "gt", "100件以上（以下）": "ge", "100件（以下の場合）": "",
		"100件": "",
	} {
		if q := Parse(text); q.Status != Number || q.Value != "100" || q.Comparator != want {
			t.Errorf("%s: %s %s %q, want %q", text, q.Status, q.Value, q.Comparator, want)
		}
	}
}

// A unit in brackets is that unit, and not none: 人 is no （件）.
func TestUnitsInBrackets(t *testing.T) {
	for column, want := range map[string]bool{
		"（件）": true, "(件)": true, "[件]": true, "［件］": true, "【件】": true, "件": true, "件（延べ）": true, "（人）": false, "[人]": false,
	} {
		if v, ok := Parse("90件").In(column); ok != want || ok && v != "90" {
			t.Errorf("90件 in %s: %q %v, want %v", column, v, ok, want)
		}
	}
	for _, text := range []string{"90円/kWh", "90円/kg", "90円/m3", "90t/km2"} {
		if q := Parse(text); q.Status != Number || q.Value != "90" {
			t.Errorf("%s is %s (%s)", text, q.Status, q.Why)
		}
	}
}
