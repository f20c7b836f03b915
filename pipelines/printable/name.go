package printable

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestName is how many bytes the name of a file or folder may have: systems refuse more.
const LongestName = 255

// File is the name of a file that the program writes, made of what others have named and of an ending of its own.
func File(name, ending string) string { return Stem(name, ending) + ending }

// Stem is the part of a file's name that stands before its ending, the longest where there are several: a Line without
// a /, with which no more than LongestName comes together. What has to be cut is cut between two characters, and then
// tells itself apart by the beginning of its sum: 長い名前…3f2a9c01.
func Stem(name, ending string) string {
	name = strings.ReplaceAll(Line(name), "/", "／")
	if strings.Trim(name+ending, ".") == "" { // this folder, or the one above
		name += "_"
	}
	if len(name)+len(ending) <= LongestName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	mark := "…" + hex.EncodeToString(sum[:4])
	return cut(name, LongestName-len(ending)-len(mark)) + mark
}

// Folders is a path under a folder of outputs, each part of which is the name of one folder: none leads out.
func Folders(path string) string {
	var parts []string
	for _, part := range strings.Split(path, "/") {
		if part != "" {
			parts = append(parts, File(part, ""))
		}
	}
	return strings.Join(parts, "/")
}

// cut is the beginning of a text, at most so many bytes of it. A character keeps what belongs to it: its 濁点, its
// selector.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := max(most, 0)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	for end > 0 {
		r, _ := utf8.DecodeRuneInString(s[end:])
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			break
		}
		_, n := utf8.DecodeLastRuneInString(s[:end])
		end -= n
	}
	return s[:end]
}
