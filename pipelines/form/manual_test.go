package form_test

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// Every example of the manual does what the manual says beside it. A ```yaml block is a form, or fields and
// settings that are added to the form before it. A ```csv block is a sheet (of the folder of 令和8年度), with what must
// come of it: a table of the records that count, every value of theirs and no other, and a line for each finding.
// 判断.csv decides upon the sheet before it; 語彙.csv holds to the end of its section; a sheet with □ is read once for
// each line of its table.
func TestManual(t *testing.T) {
	data, err := os.ReadFile("../../docs/様式の書き方.md")
	if err != nil {
		t.Fatal(err)
	}
	m := &manual{t: t, forms: map[string]map[string]any{}}
	m.read(string(data))
	const fewestSheets, fewestForms = 20, 3
	if m.sheets < fewestSheets || len(m.forms) < fewestForms {
		t.Errorf("%d sheets of %d forms were tried: are the examples still found?", m.sheets, len(m.forms))
	}
}

// An example without what must come of it fails; so do one of which something else comes, and a
// form that no sheet tries.
func TestManualIsHeldToItsWord(t *testing.T) {
	const head = "```yaml\nid: X\nname: 調査票\nlayout: table\nrecord: v\ntitles: [来館者調査票]\nfields:\n" +
		"  - {name: facility, type: name, needed: true, words: [施設名]}\n" +
		"  - {name: visitors, type: number, scoped: true, needed: true, words: [来館者数]}\nkey: [facility]\n```\n"
	const sheet = "```csv\n来館者調査票\n施設名,令和8年度来館者数,館長印\n図書館,1200,済\n```\n"
	const table = "| 施設名 | 来館者数 令和8年度 |\n|---|---|\n| 図書館 | 1200 |\n"
	const line = "- 注意 `cells_unread` C2：様式にないため、読んでいません。\n"
	const blank = "```csv\n来館者調査票\n施設名,令和8年度来館者数\n図書館,□\n```\n"
	for name, c := range map[string]struct{ doc, says string }{
		"all is said":         {head + sheet + table + line, ""},
		"no expectation":      {head + sheet, "nothing says"},
		"a value too many":    {head + sheet + "| 施設名 |\n|---|\n| 図書館 |\n" + line, "1200"},
		"another value":       {head + sheet + strings.Replace(table, "1200", "1300", 1) + line, "1300"},
		"another year":        {head + sheet + strings.Replace(table, "令和8", "令和7", 1) + line, "令和7年度"},
		"a record too many":   {head + sheet + table + "| 公民館 | 1 |\n" + line, "2 records"},
		"a finding untold":    {head + sheet + table, "cells_unread"},
		"a finding too many":  {head + sheet + table + line + "- 誤り `cells_unread` D2：見出し", "D2"},
		"another message":     {head + sheet + table + strings.Replace(line, "様式", "形式", 1), "形式"},
		"a form without use":  {head, "no sheet"},
		"an unknown fence":    {head + sheet + table + line + "```ini\na\n```\n", "ini"},
		"lines for a blank":   {head + blank + "| セル | 値 |\n|---|---|\n| 1,200 | 1200 |\n| － | （空） |\n", ""},
		"a wrong line":        {head + blank + "| セル | 値 |\n|---|---|\n| 1,200 | 120 |\n", "120"},
		"no lines":            {head + blank + "何か\n", "nothing says"},
		"wrong claim":         {head + blank + "| セル | 読み方 |\n|---|---|\n| 1,200 | 合計 |\n", "合計"},
		"a line of a finding": {head + blank + "| セル | 値 |\n|---|---|\n| 多数 | 誤り `number_unreadable` |\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var told strings.Builder
			m := &manual{t: complaints{t, &told}, forms: map[string]map[string]any{}}
			m.read(c.doc)
			if (c.says == "") != (told.Len() == 0) || !strings.Contains(told.String(), c.says) {
				t.Errorf("says %q, want %q", told.String(), c.says)
			}
		})
	}
}

// A mistake in a form is refused as it is printed in the manual.
func TestManualMistake(t *testing.T) {
	data, err := os.ReadFile("../../docs/様式の書き方.md")
	if err != nil {
		t.Fatal(err)
	}
	printed := regexp.MustCompile(`(?m)^templates/forms/(.*\.yaml):(\d+): .*「単位」.*$`).FindString(string(data))
	_, rest, _ := strings.Cut(string(data), "## いちばん短い例")
	_, rest, _ = strings.Cut(rest, "```yaml\n")
	short, _, found := strings.Cut(rest, "```")
	wrong := strings.Replace(short, "type: unit", "type: 単位", 1)
	file, _, _ := strings.Cut(strings.TrimPrefix(printed, "templates/forms/"), ":")
	if !found || wrong == short || file == "" {
		t.Fatalf("no example, or no message: %q", printed)
	}
	_, err = form.Load(fstest.MapFS{"templates/forms/" + file: {Data: []byte(wrong)}}, "templates/forms")
	if err == nil || err.Error() != printed {
		t.Errorf("says %v\nthe manual %s", err, printed)
	}
}

// complainer is where faults of the manual are told.
type complainer interface {
	Errorf(format string, args ...any)
}

type complaints struct {
	*testing.T
	told *strings.Builder
}

func (c complaints) Errorf(format string, args ...any) { fmt.Fprintf(c.told, format+"\n", args...) }

// manual is the document as far as it is read.
type manual struct {
	t      complainer
	forms  map[string]map[string]any // by id
	last   string                    // the id of the form to which fields are added
	unused int                       // the line of a form that no sheet has tried yet
	words  string                    // 語彙.csv of the section
	sheets int

	sheet     string // the last sheet
	decisions string
	open      bool // what must come of the sheet is still being read
	line      int
	rows      [][]string
	findings  []expected
}

// expected is a finding that the manual names.
type expected struct{ severity, code, cell, says string }

var findingLine = regexp.MustCompile("^- (誤り|注意|参考) `([a-z_]+)`(?: ([A-Z]+[0-9]+))?：(.+)$")

var severities = map[string]string{"誤り": record.Error, "注意": record.Warning, "参考": record.Info}

// read goes through the document line by line.
func (m *manual) read(doc string) {
	lines := strings.Split(doc, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		switch fence, isFence := strings.CutPrefix(line, "```"); {
		case isFence:
			from := i + 1
			for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
			}
			m.block(fence, strings.Join(lines[from:i], "\n")+"\n", from)
		case strings.HasPrefix(line, "#"):
			m.close()
			if strings.HasPrefix(line, "## ") {
				m.words = ""
			}
		case strings.HasPrefix(line, "|") && m.open && m.rows == nil:
			for ; i < len(lines) && strings.HasPrefix(lines[i], "|"); i++ {
				m.rows = append(m.rows, tableRow(lines[i]))
			}
			i--
		default:
			if f := findingLine.FindStringSubmatch(line); f != nil {
				m.findings = append(m.findings, expected{severities[f[1]], f[2], f[3], f[4]})
			}
		}
	}
	m.close()
	if m.unused > 0 {
		m.t.Errorf("line %d: no sheet tries this form", m.unused)
	}
}

func tableRow(line string) []string {
	cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
	for k := range cells {
		cells[k] = strings.Trim(strings.TrimSpace(cells[k]), "`")
		if strings.Count(cells[k], "`") == 1 { // 誤り `code`, of which the last mark is gone
			cells[k] += "`"
		}
	}
	return cells
}

// block takes a fenced block.
func (m *manual) block(fence, text string, line int) {
	m.close()
	switch {
	case fence == "yaml":
		if m.unused > 0 {
			m.t.Errorf("line %d: no sheet tries this form", m.unused)
		}
		m.unused = line
		m.addForm(text, line)
	case fence == "csv" && strings.HasPrefix(text, "様式,項目,語\n"):
		m.words = text
	case fence == "csv" && strings.HasPrefix(text, "path,cell,decision"):
		m.decisions, m.open, m.line = text, true, line
	case fence == "csv":
		m.sheet, m.decisions, m.open, m.line = text, "", true, line
	case fence == "" && plainBlock.MatchString(text):
	default:
		m.t.Errorf("line %d: what is a block of %q?", line, fence)
	}
}

// plainBlock is a message, which TestManualMistake or TestDocumentedWords holds against the program, or a command.
var plainBlock = regexp.MustCompile(`^(?:templates/forms/|inputs/|\$ )`)

// addForm takes a form, or adds fields and settings to the last one.
func (m *manual) addForm(text string, line int) {
	var whole map[string]any
	if err := yaml.Unmarshal([]byte(text), &whole); err == nil && whole["id"] != nil {
		m.last = fmt.Sprint(whole["id"])
		m.forms[m.last] = whole
		return
	}
	var fields []any
	if err := yaml.Unmarshal([]byte(text), &fields); err == nil {
		whole = map[string]any{"fields": fields}
	}
	of := m.forms[m.last]
	if of == nil || len(whole) == 0 {
		m.t.Errorf("line %d: neither a form nor a part of one", line)
		return
	}
	for key, value := range whole {
		more, list := value.([]any)
		if old, ok := of[key].([]any); ok && list && key == "fields" {
			value = append(slices.DeleteFunc(slices.Clone(old), func(f any) bool {
				return slices.ContainsFunc(more, func(g any) bool { return nameOf(f) == nameOf(g) })
			}), more...)
		}
		of[key] = value
	}
}

func nameOf(field any) string {
	m, _ := field.(map[string]any)
	return fmt.Sprint(m["name"])
}

// close compares what came of the last sheet with what the manual says.
func (m *manual) close() {
	if !m.open {
		return
	}
	rows, findings := m.rows, m.findings
	m.open, m.rows, m.findings, m.unused = false, nil, nil, 0
	switch {
	case strings.Contains(m.sheet, "□"):
		if len(rows) < 3 {
			m.t.Errorf("line %d: nothing says what comes of this sheet", m.line)
			return
		}
		for _, row := range rows[2:] {
			m.fill(rows[0][1], row)
		}
		return
	case len(rows) == 0 && len(findings) == 0:
		m.t.Errorf("line %d: nothing says what comes of this sheet", m.line)
		return
	}
	w, forms := m.readSheet(m.sheet)
	m.compareRecords(w, forms, rows)
	m.compareFindings(w, findings)
}

// readSheet reads a sheet with the forms, words and decisions that hold there.
func (m *manual) readSheet(text string) (*record.Workbook, []form.Form) {
	m.sheets++
	files := fstest.MapFS{}
	for _, id := range slices.Sorted(maps.Keys(m.forms)) {
		data, err := yaml.Marshal(m.forms[id])
		if err != nil {
			m.t.Errorf("line %d: %v", m.line, err)
		}
		files["forms/"+id+".yaml"] = &fstest.MapFile{Data: data}
	}
	w := &record.Workbook{Municipality: "市", Path: "inputs/市/令和8年度/部/課/調査票.csv", Department: "課", FiscalYear: 2026}
	forms, err := form.Load(files, "forms")
	if err != nil {
		m.t.Errorf("line %d: %v", m.line, err)
		return w, nil
	}
	beside := map[string]collect.File{}
	for name, data := range map[string]string{collect.Vocabulary: m.words, collect.Decisions: m.decisions} {
		if data != "" {
			beside[name] = collect.File{Path: path.Join("inputs/市", name), Disk: name, Data: []byte(data)}
		}
	}
	masters, err := form.ReadMasters(collect.Tree{Masters: map[string]map[string]collect.File{"市": beside}})
	if err == nil {
		forms, err = form.WithWords(forms, masters.Words)
	}
	if err != nil {
		m.t.Errorf("line %d: %v", m.line, err)
		return w, forms
	}
	form.Read(forms, w, []byte(text), limits.Default())
	form.Screen(forms, []*record.Workbook{w}, masters)
	return w, forms
}

// compareRecords holds the records that count against a table: a line each, with all their values.
func (m *manual) compareRecords(w *record.Workbook, forms []form.Form, rows [][]string) {
	var got []map[string]string
	for i := range w.Records {
		if r := &w.Records[i]; !r.Excluded {
			got = append(got, byTitle(r, forms))
		}
	}
	var want [][]string
	if len(rows) > 2 {
		want = rows[2:]
	}
	if len(got) != len(want) {
		m.t.Errorf("line %d: %d records count, the manual has %d records: %v", m.line, len(got), len(want), got)
		return
	}
	for k, r := range got {
		for j, title := range rows[0] {
			if !sameValue(want[k][j], r[title]) {
				m.t.Errorf("line %d: %s of record %d is %q, the manual says %q", m.line, title, k+1, r[title], want[k][j])
			}
			delete(r, title)
		}
		for _, title := range slices.Sorted(maps.Keys(r)) {
			m.t.Errorf("line %d: %s of record %d is %q, the manual does not say so", m.line, title, k+1, r[title])
		}
	}
}

// byTitle are the values of a record by what people call their fields, with the year where they are of one.
func byTitle(r *record.Record, forms []form.Form) map[string]string {
	out := map[string]string{}
	k := slices.IndexFunc(forms, func(f form.Form) bool { return f.ID == r.Form && f.Record == r.Kind })
	for _, f := range r.Fields {
		title := forms[k].Word(f.Name)
		switch {
		case f.Scope == record.WholePeriod:
			title += " " + forms[k].PeriodWords[0]
		case f.Scope != "":
			var year int
			_, _ = fmt.Sscan(f.Scope, &year)
			title += " " + fiscal.Wareki(year)
		}
		if f.Value != "" {
			out[title] = strings.ReplaceAll(f.Value, "\n", "、")
		}
		if forms[k].Layout == form.LayoutSeries && f.Unit != "" && f.Name != "standard" {
			out[forms[k].Word("unit")] = f.Unit
		}
	}
	return out
}

// sameValue reports that a cell of the manual is a value; years may be written as years.
func sameValue(want, got string) bool {
	year, ok := fiscal.ParseYear(want)
	return want == got || ok && got == fmt.Sprint(year)
}

// compareFindings holds the findings against the lines of the manual: each is there, and no other.
func (m *manual) compareFindings(w *record.Workbook, want []expected) {
	left := slices.Clone(w.Findings)
	for _, e := range want {
		k := slices.IndexFunc(left, func(f record.Finding) bool {
			return f.Severity == e.severity && f.Code == e.code && f.Cell == e.cell && strings.Contains(f.Message, e.says)
		})
		if k < 0 {
			m.t.Errorf("line %d: no finding %v among %s", m.line, e, toldAll(w.Findings))
			continue
		}
		left = slices.Delete(left, k, k+1)
	}
	for _, f := range left {
		m.t.Errorf("line %d: the manual does not tell of %s", m.line, told(f))
	}
}

func toldAll(findings []record.Finding) string {
	out := make([]string, len(findings))
	for i, f := range findings {
		out[i] = told(f)
	}
	return strings.Join(out, "\n")
}

var findingAlone = regexp.MustCompile("^(誤り|注意) `([a-z_]+)`$")

// claimNames are the claims as the picture of a reading calls them.
var claimNames = map[string]string{
	"値": record.ClaimValue, "未読": record.ClaimUnread, "見出し": record.ClaimHead, "項目名": record.ClaimLabel,
	"区分": record.ClaimSection, "表題": record.ClaimTitle, "前書き": record.ClaimPreamble, "注記": record.ClaimNote,
	"記入例": record.ClaimExample, "合計": record.ClaimTotal, "様式の文": record.ClaimTemplate,
	"空欄の印": record.ClaimBlankMark, "読まない列": record.ClaimSkipped,
}

// fill reads a sheet with something in the place of □, and holds what comes of it against a line of a table: the field
// and year of a head, the value of a cell, or what a cell was taken for; or else a finding.
func (m *manual) fill(kind string, row []string) {
	var b strings.Builder
	cw := csv.NewWriter(&b)
	if err := cw.Write([]string{row[0]}); err != nil {
		m.t.Errorf("line %d: %v", m.line, err)
	}
	cw.Flush()
	text := strings.ReplaceAll(m.sheet, "□", strings.TrimSuffix(b.String(), "\n"))
	w, forms := m.readSheet(text)
	if f := findingAlone.FindStringSubmatch(row[1]); f != nil {
		if !slices.ContainsFunc(w.Findings, func(g record.Finding) bool {
			return g.Severity == severities[f[1]] && g.Code == f[2]
		}) {
			m.t.Errorf("line %d: %s: no finding %s among %s", m.line, row[0], row[1], toldAll(w.Findings))
		}
		return
	}
	if len(w.Findings) > 0 {
		m.t.Errorf("line %d: %s: %s", m.line, row[0], toldAll(w.Findings))
	}
	cell := m.place()
	got := ""
	switch kind {
	case "項目と年度":
		for i := range w.Records {
			titles := byTitle(&w.Records[i], forms)
			if _, ok := titles[row[1]]; ok {
				return
			}
			got = strings.Join(slices.Sorted(maps.Keys(titles)), "、")
		}
	case "値":
		for _, r := range w.Records {
			for _, f := range r.Fields {
				if f.Cell == cell {
					got = f.Value
				}
			}
		}
		if got == row[1] || got == "" && row[1] == "（空）" {
			return
		}
	case "読み方":
		for _, c := range w.Cells {
			if c.Ref == cell {
				got = c.Claim
			}
		}
		if got != "" && got == claimNames[row[1]] {
			return
		}
	}
	m.t.Errorf("line %d: %s: %s is %q, the manual says %q", m.line, row[0], kind, got, row[1])
}

// place is the cell of □.
func (m *manual) place() string {
	r := csv.NewReader(strings.NewReader(m.sheet))
	r.FieldsPerRecord = -1
	for {
		cells, err := r.Read()
		if err != nil {
			return ""
		}
		if j := slices.Index(cells, "□"); j >= 0 {
			line, _ := r.FieldPos(j)
			return fmt.Sprintf("%c%d", 'A'+j, line)
		}
	}
}
