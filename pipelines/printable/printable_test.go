package printable

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"
)

// What a terminal would obey, what cannot be seen and what breaks a line is shown; Japanese is left alone.
func TestLine(t *testing.T) {
	for s, want := range map[string]string{
		"":         "",
		"調査票.xlsx": "調査票.xlsx",
		"　全角 の空白":  "　全角 の空白",
		"か\u3099き\u309A葛\U000E0100辻\uFE00": "か\u3099き\u309A葛\U000E0100辻\uFE00",
		"外字\uE000・𠮷野家・ﾊﾟ・①㈱〜":              "外字\uE000・𠮷野家・ﾊﾟ・①㈱〜",
		"a\x1b[31m赤":                         "a␛[31m赤",
		"a\x1b]0;題\x07":                      "a␛]0;題␇",
		"一\n二\r\n三\r四\t五":                    "一⏎二⏎三␍四␉五",
		"a\x00b\x7fc":                        "a␀b␡c",
		"a\u009b31m":                         "a〔U+009B〕31m",
		"a\u0085b":                           "a〔U+0085〕b",
		"調査票\u202Efdp.exe":                   "調査票〔U+202E〕fdp.exe",
		"\u200e\u200f\u061c\u2066\u2069":     "〔U+200E〕〔U+200F〕〔U+061C〕〔U+2066〕〔U+2069〕",
		"福\u200b祉\u200d課\ufeff\u2060":        "福〔U+200B〕祉〔U+200D〕課〔U+FEFF〕〔U+2060〕",
		"一\u2028二\u2029":                     "一〔U+2028〕二〔U+2029〕",
		"\U000E0041\u3164\uFFA0\u00AD\uFFFE": "〔U+E0041〕〔U+3164〕〔U+FFA0〕〔U+00AD〕〔U+FFFE〕",
		"\x92\xb2\x8d\xb8.xlsx":              "〔0x92B28DB8〕.xlsx",
		"a\xe8\xaab\ufffd":                   "a〔0xE8AA〕b\ufffd",
		"既に␛ある⏎印〔U+202E〕":                    "既に␛ある⏎印〔U+202E〕",
		"\u00a0\u2003é~":                     "\u00a0\u2003é~",
	} {
		if got := Line(s); got != want {
			t.Errorf("%+q: %q, want %q", s, got, want)
		}
		if Clean(s) != (want == s) {
			t.Errorf("%+q: clean is %v", s, Clean(s))
		}
	}
}

// A text keeps the lines and tabs that the program has given it, and nothing else.
func TestText(t *testing.T) {
	for s, want := range map[string]string{
		"一\n　二\n": "一\n　二\n", "a\tb": "a\tb", "一\r\n二": "一\n二", "一\r二": "一␍二", "\x1b[2J\n": "␛[2J\n",
		"一\v二\f": "一␋二␌",
	} {
		if got := Text(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

// Whatever the text, a Line is one line of visible characters, valid, and its own Line; what is visible stays.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"調査票", "a\x1b\n", "\xff\xfe", "\u202e", "\r", "一\r\n", "か\u3099"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Line(s)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) ||
			strings.ContainsAny(got, "\u2028\u2029\u202e") {
			t.Errorf("%q becomes %q", s, got)
		}
		if Line(got) != got || Text(got) != got || !Clean(got) {
			t.Errorf("%q is not its own line", got)
		}
		if strings.Count(Text(s), "\n") != strings.Count(s, "\n") {
			t.Errorf("%q has other lines: %q", s, Text(s))
		}
	})
}

// Every character of the kinds that hide is shown, and none of those that Japanese is written with.
func TestEveryCharacter(t *testing.T) {
	shown := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		hides := unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point,
			unicode.Other_Default_Ignorable_Code_Point)
		if got := Line(string(r)) != string(r); got != hides {
			t.Errorf("U+%04X: shown %v", r, got)
		}
		if hides {
			shown++
		}
		if unicode.In(r, unicode.Variation_Selector, unicode.Co, unicode.Han, unicode.Hiragana, unicode.Mn) && hides &&
			!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) {
			t.Errorf("U+%04X is written in Japanese", r)
		}
	}
	if shown < 200 {
		t.Errorf("only %d are shown", shown)
	}
}

type stringer struct{}

func (stringer) String() string { return "一\n二" }

type named string

// Arguments are lines, whatever they are and however they are formatted; the format's own line breaks stay.
func TestSprintf(t *testing.T) {
	for want, got := range map[string]string{
		"■ a⏎b\n  5件 1.5 true\n": Sprintf("■ %s\n  %d件 %.1f %v\n", "a\nb", 5, 1.5, true),
		"失敗: ␛[2J":               Sprintf("失敗: %v", errors.New("\x1b[2J")),
		"[一⏎二]":                  Sprintf("%v", []string{"一\n二"}),
		"一⏎二 名⏎":                 Sprintf("%s %v", stringer{}, named("名\n")),
		"    5|[]|<nil>":         Sprintf("%*d|%v|%v", 5, 5, []string(nil), nil),
		"一\n二␛":                  Sprintf("%s", Block("一\n二\x1b")),
		`"a␛"`:                   Sprintf("%q", "a\x1b"),
		"〔U+202E〕 U+202E":        Sprintf("%c U+%04X", '\u202e', '\u202e'),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	var b bytes.Buffer
	Fprintf(&b, "%s\n", "一\n二")
	Fprintln(&b, "三\r", 4)
	if b.String() != "一⏎二\n三␍ 4\n" {
		t.Errorf("%q", b.String())
	}
}

// What passes the door is shown, also where a character comes in pieces; nothing is lost.
func TestWriter(t *testing.T) {
	const all = "調査\x1b票\n\x92か\u202e𠮷\xe8"
	for size := 1; size <= len(all); size++ {
		var b bytes.Buffer
		w := NewWriter(&b)
		for rest := []byte(all); len(rest) > 0; {
			n, err := w.Write(rest[:min(size, len(rest))])
			if err != nil || n != min(size, len(rest)) {
				t.Fatal(n, err)
			}
			rest = rest[n:]
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		if want := "調査␛票\n〔0x92〕か〔U+202E〕𠮷〔0xE8〕"; b.String() != want {
			t.Fatalf("%d bytes at a time: %q, want %q", size, b.String(), want)
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("closed") }

func TestWriterTellsThatItCannotWrite(t *testing.T) {
	w := NewWriter(broken{})
	if _, err := w.Write([]byte("a")); err == nil {
		t.Error("nobody is told")
	}
}

// Several may write at a time: their lines do not mix.
func TestWriterIsShared(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 100 {
				fmt.Fprintf(w, "行%d\n", i)
			}
		})
	}
	wg.Wait()
	for _, l := range strings.Split(strings.TrimSpace(b.String()), "\n") {
		if utf8.RuneCountInString(l) != 2 {
			t.Fatalf("%q", l)
		}
	}
}

// JSON says the same, in a form that a terminal does not obey.
func TestJSON(t *testing.T) {
	for _, s := range []string{
		"調査票", "a\x1b\n\u202e\u200b\u009b\u2028\x7f", "\U000E0041葛\U000E0100", "か\u3099", "\"\\", "\uFFFD",
	} {
		data, err := json.Marshal(map[string]string{s: s})
		if err != nil {
			t.Fatal(err)
		}
		out := JSON(data)
		if !Clean(string(out)) {
			t.Errorf("%+q: %q hides something", s, out)
		}
		var back map[string]string
		if err := json.Unmarshal(out, &back); err != nil || back[s] != s {
			t.Errorf("%+q comes back as %+q, %v", s, back, err)
		}
	}
	if lines := []byte("[\n{\"a\":1}\n]\n"); string(JSON(lines)) != string(lines) {
		t.Error("the lines between values are touched")
	}
}
