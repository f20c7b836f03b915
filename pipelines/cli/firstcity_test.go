package cli

import (
	"flag"
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

var keepFirst = flag.String("first", "", "folder in which the first city leaves what it has made")

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
		values := map[string]string{}
		for k := 2; k < len(row); k++ {
			values[head[k]] = row[k]
		}
		c.set(found[0], row[1], values)
	}
}

// set types values under heads of a workbook's first sheet: in the row that names something, in every filled row where
// it is "".
func (c *firstCity) set(path, of string, values map[string]string) {
	c.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	wb, err := workbook.Open(path, data, limits.Default())
	if err != nil {
		c.t.Fatal(err)
	}
	s := wb.Sheets[0]
	columns := map[string]int{}
	done := 0
	for i := range s.Rows {
		mine := of == "" && s.At(i, 0).Text != "" && len(columns) == len(values)
		for j := range s.Cols {
			mine = mine || of != "" && s.At(i, j).Text == of
		}
		for j := range s.Cols {
			if _, wanted := values[s.At(i, j).Text]; wanted && len(columns) < len(values) && !mine {
				columns[s.At(i, j).Text] = j
			}
		}
		if !mine || len(columns) < len(values) || strings.HasPrefix(s.At(i, 0).Text, "※") {
			continue
		}
		for head, text := range values {
			workbooktest.SetCell(c.t, path, s.Name, s.Ref(i, columns[head]), text)
		}
		done++
	}
	if done == 0 {
		c.t.Fatalf("%s has no row of %q under %v", path, of, values)
	}
}

var (
	manualBlock = regexp.MustCompile("(?ms)^```(\\w+)([^\n]*)\n(.*?)^```$")
	manualRows  = regexp.MustCompile(`(?m)^\| (\S+課) \|.*\|$`)
)

// follow does what the manual says, block by block, and fills in its table before the first block that stands behind
// it.
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
	if *keepFirst != "" {
		if err := os.CopyFS(*keepFirst, os.DirFS(c.dir)); err != nil {
			t.Fatal(err)
		}
	}
	paper := pdfText(t, filepath.Join(c.dir, "outputs/briefs/2026-05-26/1_進捗について.pdf"))
	for _, want := range []string{
		"指標は6件で、実績の数値があるものは6件、目標を達成したものは4件です", "移住相談の件数", "131件", "36.5%", "企画部企画課",
	} {
		if !strings.Contains(tight(paper), want) {
			t.Errorf("the paper does not say %q:\n%s", want, paper)
		}
	}
	if _, err := os.Stat(filepath.Join(c.dir, "outputs/briefs/2027-05-25/1_進捗について（案）.pdf")); err != nil {
		t.Errorf("the papers of the meeting that was put off: %v", err)
	}
	c.putOff()
}

// putOff puts off the first meeting when its figures are confirmed, and again when its papers are final: nothing that
// belongs to it is lost, and what its own papers printed is not of before.
func (c *firstCity) putOff() {
	c.t.Helper()
	has := func(wants ...string) {
		c.t.Helper()
		for _, want := range wants {
			if !strings.Contains(c.said, want) {
				c.t.Errorf("it does not say %q:\n%s", want, c.said)
			}
		}
	}
	c.sh("kyogikai confirm 2026-05-26", 0)
	c.confirm()
	const status = "kyogikai status --as-of 2026-05-01"
	c.sh("kyogikai load && "+status, exitFindings)
	has("会議 2026-05-26（5課のうち5課が済んでいます）")
	c.sh("kyogikai postpone 2026-05-26 R8.6.9", 0)
	has("令和8年5月26日（火）から令和8年6月9日（火）", `id: "2026-05-26"`)
	c.sh("mv templates/meetings/2026-05-26.yaml templates/meetings/春の会議.yaml && "+status, exitFindings)
	has("会議 2026-05-26　令和8年6月9日（5課のうち5課が済んでいます）")
	c.sh("kyogikai final 2026-05-26 --distributed 2026-06-05", 0)
	has("会議 2026-05-26", "第1版")
	if ledger := c.read("inputs/みどり市/ledger/2026-05-26_第1版.csv"); !strings.Contains(ledger, ",2026-06-09,") {
		c.t.Errorf("the ledger does not tell the new day:\n%.200s", ledger)
	}
	c.sh("kyogikai postpone 2026-06-09 2026-06-16", 0) // by the day on which it is held
	has("会議 2026-05-26 の日を", "資料は確定しています（第1版）")
	c.sh("kyogikai brief 2026-05-26", 0)
	has("確定したときのまま")
	c.sh("kyogikai errata 2026-05-26", 0)
	has("いまのデータと違いません")

	book := filepath.Join(c.dir, "inputs/みどり市/令和7年度/企画部/企画課/令和7年度_調査票_企画課.xlsx")
	c.set(book, "移住相談の件数", map[string]string{"令和7年度実績値": "99"})
	for _, args := range []string{"", " --templates"} { // the meeting as it was handed out, and as it is now
		c.sh("kyogikai errata 2026-05-26"+args, exitFindings)
		has("誤 131件\n", "正 99件\n")
		if strings.Contains(c.said, "もとのセルは変わっていない") {
			c.t.Errorf("the template does not tell the cells of a figure:\n%s", c.said)
		}
	}
	if strings.Contains(c.read("outputs/briefs/2026-05-26/1_進捗について.figures.csv"), "r99") {
		c.t.Error("the meeting's own papers count as published before")
	}
	c.sh("kyogikai brief 2026-05-26 --draft", exitFindings)
	if strings.Contains(c.said, "遡及改定") {
		c.t.Errorf("the meeting's own papers count as published before:\n%s", c.said)
	}
}

func (c *firstCity) read(name string) string {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(data)
}

// confirm fills in the 数値確認票 of every department, and puts them where the workbooks are.
func (c *firstCity) confirm() {
	c.t.Helper()
	sheets, err := filepath.Glob(filepath.Join(c.dir, "outputs/confirmations/2026-05-26/*.xlsx"))
	if err != nil || len(sheets) != 5 {
		c.t.Fatalf("sheets: %q, %v", sheets, err)
	}
	for _, path := range sheets {
		name := filepath.Base(path)
		department := strings.TrimSuffix(name[strings.LastIndex(name, "_")+1:], ".xlsx")
		c.set(path, "", map[string]string{"確認": "確認", "確認日": "令和8年5月1日", "確認者の職": department + "長"})
		c.sh("mv outputs/confirmations/2026-05-26/"+name+" inputs/みどり市/令和7年度/*/"+department+"/", 0)
	}
}
