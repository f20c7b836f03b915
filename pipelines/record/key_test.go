package record

import "testing"

// What differs only in width, white space, case or the drawing of one sign is one key.
func TestKeysThatAreOne(t *testing.T) {
	for _, same := range [][]string{
		{"1-1", "１-１", "１－１", " 1 - 1 ", "1-1　", "1-\n1"}, {"①-1", "①-１", "① － 1", "①\u00a0-1"},
		{"(1)", "（１）", "⑴"}, {"1.", "⒈", "１．"}, {"ii", "Ⅱ", "ⅱ", "ＩＩ"}, {"m2", "㎡", "m²", "ｍ２"}, {"co2", "CO₂", "ＣＯ２"},
		{"カード", "ｶｰﾄﾞ", "カ ー ド"}, {"ガイド", "ｶﾞｲﾄﾞ"}, {"(株)", "㈱", "（株）"}, {"平成", "㍻"}, {"cd", "ＣＤ", "Cd"}, {"1", "𝟏"},
		{"", " 　"},
	} {
		for _, s := range same[1:] {
			if Key(s) != Key(same[0]) {
				t.Errorf("%q is %q, %q is %q", s, Key(s), same[0], Key(same[0]))
			}
		}
	}
}

// A sign that says something else than the digit or letter in it is another key, wherever it stands.
func TestKeysThatDiffer(t *testing.T) {
	for _, apart := range [][]string{
		{"1-1", "①-1", "⑴-1", "⒈-1", "1-①", "Ⅰ-1", "❶-1", "１１"},
		{"20", "⑳", "⒇", "2⓪"}, {"21", "㉑", "㊿", "2①"}, {"a", "Ⓐ", "⒜", "🄰"}, {"上", "㊤", "(上)"}, {"ア", "㋐", "㋑"},
		{"12", "½", "1½", "11/2"},
		{"102", "10²", "10₂", "1⁰2"}, {"²-1", "2-1"}, {"ガ", "カ"}, {"-1", "1", "ー1"},
	} {
		seen := map[string]string{}
		for _, s := range apart {
			if other, again := seen[Key(s)]; again {
				t.Errorf("%q and %q are both %q", s, other, Key(s))
			}
			seen[Key(s)] = s
		}
	}
}

// Words of a vocabulary go on being compared without regard to circles.
func TestNormalFoldsCircles(t *testing.T) {
	if Normal("計①") != "計1" || Key("計①") != "計①" {
		t.Errorf("%q %q", Normal("計①"), Key("計①"))
	}
}
