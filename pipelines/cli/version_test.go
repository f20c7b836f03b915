package cli

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The version is the one at the top of CHANGELOG.md; what is not released stands there as such.
func TestVersion(t *testing.T) {
	stdout, _, code := run(context.Background(), "--version")
	if code != exitDone || !regexp.MustCompile(`^kyogikai \d+\.\d+\.\d+(-dev)?（構築 [0-9a-f]{16}）\n$`).MatchString(stdout) {
		t.Errorf("exit %d: %q", code, stdout)
	}
	data, err := os.ReadFile(root + "/CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## (\S+)`).FindStringSubmatch(string(data))
	want := release
	if strings.HasSuffix(release, "-dev") {
		want = "Unreleased"
	}
	if newest == nil || newest[1] != want {
		t.Errorf("CHANGELOG.md begins with %q, the program is %s", newest, release)
	}
}
