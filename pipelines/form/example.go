package form

import (
	"regexp"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
)

var exampleMark = regexp.MustCompile(`^[（(【〔\[＜<]?(?:記入|記載|入力|回答)?例[0-9①-⑳]*[）)】〕\]＞>：:]?$`)

// exampleName is a name that is marked as an example: （例）○○の件数, 例：….
var exampleName = regexp.MustCompile(`^[（(【〔\[＜<]?(?:記入|記載|入力|回答)?例[0-9０-９]*[）)】〕\]＞>：: 　]`)

var (
	// exampleRemark is a remark that says that its row is an example: （記入例）, 記載例です.
	exampleRemark = regexp.MustCompile(`^[(【〔\[]?(?:記入|記載|入力|回答)例(?:です|である|)[)】〕\]]?$`)
	// entryMark is a line above the rows that are to be filled in: 【記入欄】.
	entryMark = regexp.MustCompile(`^[(【〔\[■◆●]?(?:記入|記載|入力|回答)欄[)】〕\]]?$`)
)

// isExample reports a text that marks a row as an example: 記入例, （例）, 【記載例】, 例１.
func isExample(text string) bool {
	n := record.Normal(text)
	return strings.Contains(text, "例") && (exampleMark.MatchString(n) || exampleName.MatchString(strings.TrimSpace(text)))
}

// example passes over a row that the form fills in to show how: one of its first cells says so. A mark over several
// rows holds for all of them, and for the rows below that are no record of their own.
func (t *reader) example(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	marked := false
	for n, j := range cells {
		row, _ := t.sheet.Origin(i, j)
		text := t.sheet.At(i, j).Text
		if row == i && (n < 2 && isExample(text) || len(cells) > 2 && exampleRemark.MatchString(record.Normal(text))) {
			marked = true
		}
	}
	for j := b.left; j < b.right && !marked; j++ {
		if row, _ := t.sheet.Origin(i, j); row < i && isExample(t.sheet.At(i, j).Text) {
			marked = true
		}
	}
	if len(cells) == 1 && marked {
		// The row below a mark without a name is the example.
		t.exampleLine = exampleMark.MatchString(record.Normal(t.sheet.At(i, cells[0]).Text))
	} else if t.exampleLine && !marked {
		t.exampleLine = false
		if marked = len(cells) > 1; marked && !t.entryBelow(b, i) {
			t.takenForExample(i, cells[0])
		}
	}
	if len(cells) == 1 && entryMark.MatchString(record.Normal(t.sheet.At(i, cells[0]).Text)) {
		t.endGroup()
		t.claim(i, cells[0], record.ClaimTemplate)
		return true
	}
	below := t.exampleRow == i-1 && t.exampleRow > 0 && !geometry.Own(t.sheet, i, b.name) && len(cells) > 0 &&
		t.labelled(b, i)
	if !marked && !below {
		return false
	}
	t.endGroup()
	t.exampleRow = i
	for _, j := range cells {
		t.claim(i, j, record.ClaimExample)
	}
	return true
}

// entryBelow reports a line further down that says where the rows to be filled in begin.
func (t *reader) entryBelow(b *band, i int) bool {
	for k := i + 1; k < b.end; k++ {
		part, ok := geometry.Alone(t.sheet, k, b.left, b.right)
		if ok && entryMark.MatchString(record.Normal(part.Text)) {
			return true
		}
	}
	return false
}

// takenForExample tells of a row that only the line above it makes an example: where the example was cleared and its
// mark left, it is an answer.
func (t *reader) takenForExample(i, j int) {
	text := record.OneLine(t.sheet.At(i, j).Text)
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
	f.Severity = record.Warning
	f.Message = "「" + text + "」の行は、上の行に記入例とあるため読んでいません。記入した行なら、「記入例」の行を消してください。"
	t.findings = append(t.findings, f)
}

// labelled reports a row whose label says which measure or year its values are of.
func (t *reader) labelled(b *band, i int) bool {
	if b.measures >= 0 {
		if _, ok := t.form.measure(record.OneLine(t.sheet.At(i, b.measures).Text)); ok {
			return true
		}
	}
	return b.years >= 0 && t.yearLabel(b, t.sheet.At(i, b.years).Text) != ""
}
