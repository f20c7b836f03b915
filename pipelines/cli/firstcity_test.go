package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

// firstCity is a person at an empty folder who does what docs/はじめての市.md says.
type firstCity struct {
	t    *testing.T
	dir  string
	path string // with kyogikai in it
	said string // by the commands of the last block
}

func newFirstCity(t *testing.T) *firstCity {
	t.Helper()
	c := &firstCity{t: t, dir: t.TempDir()}
	bin := t.TempDir()
	script := "#!/bin/sh\n" + asProgram + "='" + filepath.Join(startDir, root) + "' exec '" + plain() + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "kyogikai"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	c.path = bin + ":" + os.Getenv("PATH")
	return c
}

// sh runs the commands of a block; one that fails stops it. allowed is the exit code that it may have beside 0.
func (c *firstCity) sh(commands string, allowed int) {
	c.t.Helper()
	cmd := exec.Command("bash", "-e", "-c", commands)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), "PATH="+c.path)
	out, err := cmd.CombinedOutput()
	c.said = string(out)
	if err != nil && (allowed == 0 || cmd.ProcessState.ExitCode() != allowed) {
		c.t.Fatalf("%s\n%v\n%s", commands, err, out)
	}
}

func (c *firstCity) write(name, text string, flag int) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|flag, 0o644)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		c.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// fill types a table's values into the departments' workbooks: under the same head, in the row of the indicator.
func (c *firstCity) fill(head []string, rows [][]string) {
	c.t.Helper()
	for _, row := range rows {
		found, err := filepath.Glob(filepath.Join(c.dir, "outputs/forms/*/*/*", row[0], "*.xlsx"))
		if err != nil || len(found) != 1 {
			c.t.Fatalf("workbooks of %s: %q, %v", row[0], found, err)
		}
		data, err := os.ReadFile(found[0])
		if err != nil {
			c.t.Fatal(err)
		}
		wb, err := workbook.Open(found[0], data, limits.Default())
		if err != nil {
			c.t.Fatal(err)
		}
		s := wb.Sheets[0]
		where := map[string]int{}
		at := -1
		for i := range s.Rows {
			for j := range s.Cols {
				text := s.At(i, j).Text
				if _, known := where[text]; !known {
					where[text] = j
				}
				if text == row[1] {
					at = i
				}
			}
		}
		for k := 2; k < len(row); k++ {
			j, ok := where[head[k]]
			if !ok || at < 0 {
				c.t.Fatalf("%s has no %s of %s", found[0], head[k], row[1])
			}
			workbooktest.SetCell(c.t, found[0], s.Name, s.Ref(at, j), row[k])
		}
	}
}

var (
	manualBlock = regexp.MustCompile("(?ms)^```(\\w+)([^\n]*)\n(.*?)^```$")
	manualRows  = regexp.MustCompile(`(?m)^\| (\S+課) \|.*\|$`)
)

// follow does what the manual says, block by block, and fills in its table before the first block that stands behind it.
func (c *firstCity) follow(manual string) {
	c.t.Helper()
	table := manualRows.FindStringIndex(manual)
	filled := false
	for _, m := range manualBlock.FindAllStringSubmatchIndex(manual, -1) {
		kind, where, text := manual[m[2]:m[3]], strings.Fields(manual[m[4]:m[5]]), manual[m[6]:m[7]]
		if !filled && table[0] < m[0] {
			filled = true
			c.fillTable(manual)
		}
		switch {
		case kind == "sh":
			c.sh(text, 0)
		case len(where) == 2 && where[0] == "追記":
			c.write(where[1], text, os.O_APPEND)
		case len(where) == 1:
			c.write(where[0], text, os.O_EXCL)
		default:
			c.t.Fatalf("nobody knows what to do with %s%q", kind, where)
		}
	}
}

func (c *firstCity) fillTable(manual string) {
	c.t.Helper()
	cells := func(line string) []string {
		var out []string
		for _, s := range strings.Split(strings.Trim(line, "| "), "|") {
			out = append(out, strings.TrimSpace(s))
		}
		return out
	}
	var rows [][]string
	lines := manualRows.FindAllString(manual, -1)
	for _, l := range lines {
		rows = append(rows, cells(l))
	}
	before := strings.Split(manual[:strings.Index(manual, lines[0])], "\n")
	c.fill(cells(before[len(before)-3]), rows)
}

// The steps of docs/はじめての市.md, as they stand there, lead from an empty folder to the first paper of a city.
func TestManualOfTheFirstCity(t *testing.T) {
	t.Parallel()
	trial.Needs(t, "pdftotext")
	manual, err := os.ReadFile(filepath.Join(root, "docs", "はじめての市.md"))
	if err != nil {
		t.Fatal(err)
	}
	c := newFirstCity(t)
	c.follow(string(manual))
	paper := pdfText(t, filepath.Join(c.dir, "outputs/briefs/2026-05-26/1_進捗について.pdf"))
	for _, want := range []string{
		"指標は6件で、実績の数値があるものは6件、目標を達成したものは4件です", "移住相談の件数", "131件", "36.5%", "企画部企画課",
	} {
		if !strings.Contains(tight(paper), want) {
			t.Errorf("the paper does not say %q:\n%s", want, paper)
		}
	}
	c.sh("kyogikai status", exitFindings)
	for _, folder := range []string{"2026-05-26", "2027-05-25"} {
		if _, err := os.Stat(filepath.Join(c.dir, "outputs/briefs", folder)); err != nil {
			t.Error(err)
		}
	}
}
