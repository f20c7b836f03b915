// Package finding is the one list of everything that a person may be told to look at: each kind with its severity, what
// it leaves out of the figures, and what to do.
package finding

import (
	"strings"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
)

// Kind is a kind of finding: what the contract calls its code, and what it means for the figures.
type Kind struct {
	Code      string
	Severity  string // record.Error, Warning or Info
	LeavesOut string // what is in no figure while the finding stands, in Japanese; "" for nothing
	Says      string // what was found and expected: {found} and {expected} stand for them
	Do        string // what a person does about it, likewise
}

// Of finds a kind of this program by its code; ok is false for a code that it does not have.
func Of(code string) (k Kind, ok bool) {
	return List(Kinds).Of(code)
}

// New makes a finding about a cell; sheet and cell are "" where it is about a whole file, and the caller adds whose it
// is. The code is one of the list: a test holds every use against it.
func New(code, sheet, cell, found, expected string) record.Finding {
	k, _ := Of(code)
	return k.Finding(sheet, cell, found, expected)
}

// Message is the sentence for what was found and expected: one line, whatever stands in the cell.
func (k Kind) Message(found, expected string) string {
	found, expected = printable.Line(found), printable.Line(expected)
	return strings.NewReplacer("{found}", found, "{expected}", expected).Replace(k.Says + k.Do)
}

// Locate names the place of a finding: file › sheet › cell.
func Locate(f record.Finding) string {
	parts := []string{f.Path}
	for _, s := range []string{f.Sheet, f.Cell} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " › ")
}

// Codes are the codes of this program's kinds, in the order of the list.
func Codes() []string { return List(Kinds).Codes() }
