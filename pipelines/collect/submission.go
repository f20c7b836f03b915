package collect

import (
	"path"
	"strings"
)

// nobodys are the names of files that programs leave behind, and the endings of such names: no department hands them
// in.
var (
	nobodysNames = []string{"thumbs.db", "ehthumbs.db", "desktop.ini", "icon␍"}
	nobodysEnds  = []string{
		".tmp", ".temp", ".bak", ".xlk", ".old", ".orig", ".swp", ".part", ".partial", ".crdownload", ".download", ".lnk",
		".url", ".webloc",
	}
)

// Submission reports whether a file in a department's folder is something that the department has put there, by its
// name: hidden files, lock files, temporary and backup files, shortcuts and what a system keeps there are not.
func Submission(name string) bool {
	lower := strings.ToLower(PathName(name))
	for _, n := range nobodysNames {
		if lower == n {
			return false
		}
	}
	for _, end := range nobodysEnds {
		if path.Ext(lower) == end {
			return false
		}
	}
	return name != "" && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "~") && !strings.HasSuffix(name, "~")
}
