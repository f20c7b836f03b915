package record

import (
	"testing"
	"unicode/utf8"
)

// What is taken for normal is what normalising leaves alone, for every character and for every pair of neighbours that
// might compose.
func TestNormalTextIsLeftAlone(t *testing.T) {
	plain := 0
	for r := range rune(utf8.MaxRune) {
		if !utf8.ValidRune(r) {
			continue
		}
		for _, s := range []string{string(r), "か" + string(r), string(r) + "ハ", "a" + string(r), string(r) + "\u3099"} {
			if isNormal(s) {
				plain++
				if n := normalised(s); n != s {
					t.Errorf("%q becomes %q", s, n)
				}
			}
		}
	}
	if plain < 20_000*4 {
		t.Errorf("only %d are taken for normal", plain)
	}
}

// All of what stands for itself is found without normalising, which takes ten times as long: the kanji of the basic
// block, kana with ・ and ー, printable ASCII but for capitals, and four marks.
func TestNormalCharacters(t *testing.T) {
	const kanji, kana = 0x9FFF - 0x4E00 + 1, (0x3096 - 0x3041 + 1) + (0x30FC - 0x30A1 + 1)
	const ascii, marks = 0x7E - 0x20 - 26, 4
	n := 0
	for r := range rune(utf8.MaxRune) {
		if utf8.ValidRune(r) && isNormal(string(r)) {
			n++
		}
	}
	if n != kanji+kana+ascii+marks {
		t.Errorf("%d, want %d", n, kanji+kana+ascii+marks)
	}
}

func FuzzNormal(f *testing.F) {
	for _, s := range []string{"取組状況", "ＫＰＩ　名", "か\u3099", "A b", "令和６年度\r\n", "\x80", "ﾊﾟ", "が\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Normal(s), normalised(s); got != want {
			t.Errorf("Normal(%q) = %q, want %q", s, got, want)
		}
	})
}
