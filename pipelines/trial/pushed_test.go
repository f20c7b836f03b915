package trial

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the Makefile leaves out of a trial, because every push runs it as long, are tests that a trial does not change.
func TestPushedTestsAreNoTrials(t *testing.T) {
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^PUSHED = (.+)$`).FindSubmatch(makefile)
	if m == nil {
		t.Fatal("no PUSHED in the Makefile")
	}
	files, err := filepath.Glob("../*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
	}
	longer := regexp.MustCompile(`trial\.(?:Only|Count|On)\(|HOSTILE|KILLS`)
	for name := range strings.SplitSeq(string(m[1]), "|") {
		_, body, found := strings.Cut(source.String(), "\nfunc "+name+"(")
		body, _, _ = strings.Cut(body, "\n}\n")
		if !found || longer.MatchString(body) {
			t.Errorf("%s: there is such a test %v, a trial changes it %v", name, found, longer.MatchString(body))
		}
	}
}
