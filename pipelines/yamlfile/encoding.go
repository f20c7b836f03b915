package yamlfile

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

	"kyogikai/pipelines/printable"
)

// Text is the text of a file of which YAML is a part. Its error is a *Mistake about the encoding.
func Text(file string, data []byte) (string, error) {
	text, m := decode(data)
	if m != nil {
		return "", &Mistake{file, m.Line, m.Says}
	}
	return text, nil
}

// decode is a file's text. The mistake is about its encoding: others than UTF-8 are named, not guessed at.
func decode(data []byte) (string, *Mistake) {
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(data, []byte(mark)) {
			return "", &Mistake{Line: 1, Says: "文字コードが UTF-16（メモ帳の「Unicode」）です。UTF-8 で保存し直してください（メモ帳なら「名前を付けて保存」で文字コードを選ぶ）"}
		}
	}
	data = trimMark(data)
	if bad := invalidAt(data); bad >= 0 {
		start := bytes.LastIndexByte(data[:bad], '\n') + 1
		line, _, _ := bytes.Cut(data[start:], []byte("\n"))
		m := &Mistake{Line: bytes.Count(data[:bad], []byte("\n")) + 1}
		name, text := otherEncoding(data, line)
		if name == "" {
			m.Says = fmt.Sprintf("UTF-8 でない文字「%s」があります。打ち直すか、UTF-8 で保存し直してください", excerpt(string(line)))
			return "", m
		}
		m.Says = fmt.Sprintf("文字コードが UTF-8 でなく、%sです（「%s」と書かれています）。UTF-8 で保存し直してください（メモ帳なら「名前を付けて保存」で文字コードを選ぶ）",
			name, excerpt(text))
		return "", m
	}
	return string(data), nil
}

func invalidAt(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// otherEncoding names the encoding in which a whole file is Japanese, with what a line of it says; "" where none is.
func otherEncoding(data, line []byte) (name, text string) {
	for _, e := range []struct {
		name string
		is   encoding.Encoding
	}{{"Shift_JIS（メモ帳の「ANSI」）", japanese.ShiftJIS}, {"EUC-JP ", japanese.EUCJP}} {
		all, err := e.is.NewDecoder().Bytes(data)
		if err != nil || bytes.ContainsRune(all, utf8.RuneError) {
			continue
		}
		said, err := e.is.NewDecoder().String(string(line))
		if err == nil && strings.ContainsFunc(said, func(r rune) bool {
			return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han)
		}) {
			return e.name, said
		}
	}
	return "", ""
}

// hiddenLine finds a control character, or a line break that only YAML takes for one: neither is there on purpose.
func hiddenLine(text string) *Mistake {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		for _, r := range line {
			if r != '\t' && (unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || r == 0xFEFF) {
				return &Mistake{Line: i + 1, Says: fmt.Sprintf("見えない文字「%s」があります（「%s」）。消してください", printable.Line(string(r)), excerpt(line))}
			}
		}
	}
	return nil
}
