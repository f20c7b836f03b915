// Package fault says in Japanese what went wrong: people who run the program read Japanese, and what only developers
// need stays in the error, behind --debug.
//
// Errors are wrapped in two languages. A layer whose own words are Japanese is meant for people; one in English says
// what the program was doing and is meant for developers. What libraries and the system say at the bottom is translated
// where it is known.
package fault

import (
	"io/fs"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode"

	"kyogikai/pipelines/printable"
)

// Unforeseen is what a person is told of an error that has no words for people.
const Unforeseen = "プログラムの中で、できなかったことがあります"

// Text is an error for a person: a line, or a line for each of several that stand side by side. What it quotes of names
// and of other machines is printable. Nothing that it leaves out is needed to act; Hides tells whether it leaves out
// anything.
func Text(err error) string {
	if err == nil {
		return ""
	}
	text, _ := say(err)
	if text == "" {
		return Unforeseen + about(err)
	}
	return text
}

// named is a file that an error of developers names.
var named = regexp.MustCompile(`[^\s:"]*[^\s:"/]\.[A-Za-z]{2,6}\b|(?:/[^\s:"/]+){2,}`)

// about is the file that an error without words for people names, in brackets; "" where it names none.
func about(err error) string {
	if file := named.FindString(err.Error()); file != "" {
		return "（" + printable.Line(file) + "）"
	}
	return ""
}

// Quote is what an error has to say inside a sentence that says the rest: in Japanese where it can be said so, else the
// very words of the library or of the other machine.
func Quote(err error) string {
	if text, _ := say(err); text != "" {
		return text
	}
	for inner := unwrapped(err); len(inner) == 1 && !ofSystem(err); inner = unwrapped(err) {
		err = inner[0]
	}
	return "「" + printable.Line(strings.TrimSpace(err.Error())) + "」"
}

// Hides reports whether an error has more to say to developers than Text tells.
func Hides(err error) bool {
	if err == nil {
		return false
	}
	text, hides := say(err)
	return hides || text == ""
}

// Detail is the whole of an error for developers, "" where Text leaves nothing out.
func Detail(err error) string {
	if !Hides(err) {
		return ""
	}
	return err.Error()
}

// say is what the layers of an error have to say to people, and whether anything is left unsaid.
func say(err error) (text string, hides bool) {
	inner := unwrapped(err)
	if day, ok := err.(*time.ParseError); ok { //nolint:errorlint // the layers are looked at one by one
		return "「" + day.Value + "」は日付ではありません（2025-10-21 のように書く）", false
	}
	if ofSystem(err) {
		return system(err), false
	}
	if len(inner) == 0 {
		return leaf(err.Error())
	}
	whole := err.Error()
	if joined(err) {
		var said []string
		for _, e := range inner {
			one, more := say(e)
			hides = hides || more
			if one != "" {
				said = append(said, one)
			}
		}
		return strings.Join(said, "\n"), hides
	}
	if len(inner) > 1 { // a sentence around several
		return leaf(whole)
	}
	i := strings.LastIndex(whole, inner[0].Error())
	if i < 0 || inner[0].Error() == "" { // it has words of its own for what it wraps
		return leaf(whole)
	}
	before, after := whole[:i], whole[i+len(inner[0].Error()):]
	below, hides := say(inner[0])
	switch {
	case !Japanese(before + after):
		return below, hides || strings.TrimSpace(before+after) != ""
	case below == "" && strings.TrimSpace(before) == "":
		return printable.Line(strings.TrimLeft(after, ":： ")), true
	case below == "":
		return printable.Line(strings.TrimRight(before, ":： ") + after), true
	}
	return printable.Line(before) + below + printable.Line(after), hides
}

// unwrapped are the errors that one is around.
func unwrapped(err error) []error {
	switch e := err.(type) { //nolint:errorlint // as in say
	case interface{ Unwrap() []error }:
		return e.Unwrap()
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return []error{inner}
		}
	}
	return nil
}

// ofSystem reports an error that says with what the system failed: its layers are one.
func ofSystem(err error) bool {
	switch err.(type) { //nolint:errorlint // as in say
	case *fs.PathError, *os.LinkError, *os.SyscallError, *net.OpError, *net.DNSError, *url.Error:
		return true
	}
	return false
}

// system is what the system says, translated; what is not known keeps the file that it is about.
func system(err error) string {
	switch e := err.(type) { //nolint:errorlint // as in say
	case *os.LinkError: // of the two files that it names, the one that was to be made
		return system(&fs.PathError{Op: e.Op, Path: e.New, Err: e.Err})
	case *fs.PathError:
		if said, known := translated(e.Op + " " + e.Path + ": " + e.Err.Error()); known {
			return said
		}
		return printable.Line(e.Path) + "を扱えません（" + Quote(e.Err) + "）"
	}
	if said, known := translated(err.Error()); known {
		return said
	}
	return "「" + printable.Line(err.Error()) + "」"
}

// joined reports errors that only stand side by side, as errors.Join puts them.
func joined(err error) bool {
	var lines []string
	for _, e := range unwrapped(err) {
		lines = append(lines, e.Error())
	}
	return len(lines) > 0 && err.Error() == strings.Join(lines, "\n")
}

// leaf is what an error without anything inside has to say.
func leaf(text string) (said string, hides bool) {
	if said, known := translated(text); known {
		return said, false
	}
	if Japanese(text) {
		return printable.Line(text), false
	}
	return "", true
}

// Japanese reports a text that is written for a person: it holds kana, kanji, or a mark that only Japanese uses
// (「」、。：).
func Japanese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) || r >= 0x3001 && r <= 0x303F || r >= 0xFF00 &&
			r <= 0xFF65
	})
}
