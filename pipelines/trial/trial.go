// Package trial divides the tests into those of every push (make test) and the trials of a release (make trial), which
// are slow by their nature: they kill processes by the dozen, simulate a country, ask other programs.
package trial

import (
	"os"
	"os/exec"
	"testing"
)

// Variable is the variable of the environment that turns the trials on: 1.
const Variable = "KYOGIKAI_TRIAL"

// On reports whether the trials run.
func On() bool { return os.Getenv(Variable) == "1" }

// Only skips a test that is a trial where the trials are not run.
func Only(t testing.TB) {
	t.Helper()
	if !On() {
		t.Skipf("a trial, for a release: make trial runs it, or %s=1 go test -run '^%s$'", Variable, t.Name())
	}
}

// Slow skips a test of many seconds under -short, which is for work in between.
func Slow(t testing.TB) {
	t.Helper()
	if testing.Short() && !On() {
		t.Skipf("takes many seconds: go test without -short runs it, and make test does")
	}
}

// Count is how often a test does what it can do any number of times: a few times at every push, more often in a trial.
func Count(push, trial int) int {
	if On() {
		return trial
	}
	return push
}

// debian are the packages of the programs that tests of every push ask.
var debian = map[string]string{
	"pdftotext": "poppler-utils",
	"pdfinfo":   "poppler-utils",
	"qpdf":      "qpdf",
	"strace":    "strace",
}

// Needs skips a test where a program that it asks is not there. make test installs all of them first.
func Needs(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skipf("%s is not here: make tools installs it (apt-get install %s)", program, debian[program])
	}
}

// Command asks a program that the test needs.
func Command(t testing.TB, program string, args ...string) *exec.Cmd {
	t.Helper()
	Needs(t, program)
	return exec.Command(program, args...)
}
