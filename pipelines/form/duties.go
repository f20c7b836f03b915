package form

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// Heads of 提出対象.csv.
const (
	dutyForm       = "様式"
	dutyYear       = "年度"
	dutyBureau     = "部"
	dutyDepartment = "課"
	dutyDue        = "提出期限"
)

var dutyHeads = []string{dutyForm, dutyYear, dutyBureau, dutyDepartment, dutyDue}

// dutyLine is a line of 提出対象.csv as it is written; the first one holds the heads that are none of the table's.
type dutyLine struct {
	municipality, path string
	row                int
	words, cells       map[string]string // by head; of the line of heads, by itself
}

// readDuties reads what departments owe. A line in which nothing is written is none.
func (m *Masters) readDuties(city string, file collect.File) error {
	if file.Disk == "" {
		return nil
	}
	heads := dutyLine{municipality: city, path: file.Path, row: 1, words: map[string]string{}, cells: map[string]string{}}
	row := 1
	err := eachLine(file, []string{dutyForm, dutyYear, dutyDepartment}, func(
		line map[string]string, at func(string) string,
	) {
		row++
		l := dutyLine{municipality: city, path: file.Path, row: row, words: line, cells: map[string]string{}}
		some := false
		for head, word := range line {
			some = some || word != ""
			l.cells[head] = at(head)
			if head != "" && !slices.Contains(dutyHeads, head) {
				heads.words[head] = head
				heads.cells[head] = strings.TrimRight(at(head), "0123456789") + "1"
			}
		}
		if !some {
			return
		}
		m.asked = append(m.asked, l)
		year, _ := fiscal.ParseYear(line[dutyYear])
		m.Duties = append(m.Duties, record.Duty{
			Municipality: city, Form: line[dutyForm], Bureau: line[dutyBureau], Department: line[dutyDepartment],
			Due: line[dutyDue], FiscalYear: year, Path: file.Path, Cell: at(dutyDue),
		})
	})
	if len(heads.words) > 0 {
		m.asked = append(m.asked, heads)
	}
	return err
}

// duties are what departments owe, of forms by their names, and what 提出対象.csv says that cannot be: a form, a year or a
// department that does not exist, a day that is none, a head that nothing reads. What has no year is owed by nobody.
func (m Masters) duties(forms []Form) ([]record.Duty, []record.Finding) {
	var out []record.Duty
	for _, d := range m.Duties {
		if f := formCalled(forms, d.Form); f != nil {
			d.Form = f.Name
		}
		if d.FiscalYear != 0 {
			out = append(out, d)
		}
	}
	var found []record.Finding
	for _, l := range m.asked {
		found = append(found, l.check(forms, m)...)
	}
	return out, found
}

// formCalled is the form of a name or an id, nil where there is none.
func formCalled(forms []Form, text string) *Form {
	n := record.Normal(text)
	for i := range forms {
		if n != "" && (record.Normal(forms[i].Name) == n || record.Normal(forms[i].ID) == n) {
			return &forms[i]
		}
	}
	return nil
}

// check says what a line states that cannot be.
func (l dutyLine) check(forms []Form, m Masters) []record.Finding {
	if l.row == 1 {
		return l.strangeHeads()
	}
	var out []record.Finding
	tell := func(code, head, expected, message string) {
		out = append(out, l.tell(code, head, l.words[head], expected, message))
	}
	if formCalled(forms, l.words[dutyForm]) == nil {
		names := formNames(forms)
		tell(finding.FormUnrecognized, dutyForm, strings.Join(names, "、"), fmt.Sprintf(
			"様式「%s」はありません。%s書けるのは %s です。", l.words[dutyForm], instead(record.Closest(l.words[dutyForm], names)),
			strings.Join(names, "、"),
		))
	}
	if _, ok := fiscal.ParseYear(l.words[dutyYear]); !ok {
		tell(finding.YearMismatch, dutyYear, "令和8年度", fmt.Sprintf(
			"年度「%s」を読めないので、この行は提出対象に数えていません。%sのように直してください。", l.words[dutyYear],
			yearMeant(l.words[dutyYear]),
		))
	}
	if name := l.words[dutyDepartment]; name == "" || !m.knows(l.municipality, name) {
		near := record.Nearest(name, m.departmentNames(l.municipality))
		says := fmt.Sprintf("課「%s」は組織.csvにありません。%s今の課名か旧名称に直すか、組織.csvに加えてください。", name, instead(near))
		if name == "" {
			says = "課が空欄です。提出を求める課を書いてください。"
		}
		tell(finding.UnknownDepartment, dutyDepartment, near, says)
	}
	if due := l.words[dutyDue]; due != "" {
		if _, err := fiscal.ReadDay(due); err != nil {
			tell(finding.NotSubmitted, dutyDue, "令和8年4月25日", "提出期限"+err.Error()+"。")
		}
	}
	return out
}

// instead offers the nearest known word.
func instead(near string) string {
	if near == "" {
		return ""
	}
	return "「" + near + "」ではありませんか。"
}

func (l dutyLine) strangeHeads() []record.Finding {
	var out []record.Finding
	var missing []string
	for _, h := range dutyHeads {
		if l.cells[h] == "" {
			missing = append(missing, h)
		}
	}
	for _, word := range slices.Sorted(maps.Keys(l.words)) {
		near := record.Nearest(word, missing)
		for _, h := range missing {
			if near == "" && (strings.Contains(h, word) || strings.Contains(word, h)) {
				near = h
			}
		}
		out = append(out, l.tell(finding.NotSubmitted, word, word, near, fmt.Sprintf(
			"見出し「%s」の列は読んでいません。%s読むのは %s です。", word, instead(near), strings.Join(dutyHeads, "、"),
		)))
	}
	return out
}

// tell is a finding about a cell of the line. It is the secretariat's to mend, no department's.
func (l dutyLine) tell(code, head, found, expected, message string) record.Finding {
	f := finding.New(code, "", l.cells[head], found, expected)
	f.Municipality, f.Path = l.municipality, l.path
	f.Message = collect.Submissions + "の" + strconv.Itoa(l.row) + "行目：" + message
	return f
}

func formNames(forms []Form) []string {
	var out []string
	for i := range forms {
		if forms[i].ID != confirmations && !slices.Contains(out, forms[i].Name) {
			out = append(out, forms[i].Name)
		}
	}
	return out
}

func (m Masters) departmentNames(city string) []string {
	var out []string
	for _, d := range m.Departments {
		if d.Municipality == city {
			out = append(out, d.Name)
		}
	}
	return out
}

// namedAtMost is how many departments a sentence names; the rest it counts.
const namedAtMost = 10

// unlisted says which forms have come that 提出対象.csv asks nobody, or not these departments, for: whoever answers next
// year would not be missed. A municipality without the list asks in another way.
func unlisted(forms []Form, workbooks []*record.Workbook, m Masters) []record.Finding {
	owed, lists := map[string]bool{}, map[string]string{}
	key := func(city, form string, year int, department string) string {
		return strings.Join([]string{city, form, strconv.Itoa(year), department}, "\n")
	}
	for _, d := range m.Duties {
		lists[d.Municipality] = d.Path
		if f := formCalled(forms, d.Form); f != nil {
			owed[key(d.Municipality, f.ID, d.FiscalYear, m.Present(d.Municipality, d.Department))] = true
		}
	}
	type group struct {
		city, form string
		year       int
	}
	names := map[group][]string{}
	var order []group
	for _, w := range workbooks {
		for _, id := range w.Forms {
			if w.Department == "" || lists[w.Municipality] == "" || w.Status != record.StatusRead || w.FiscalYear == 0 ||
				id == confirmations || owed[key(w.Municipality, id, w.FiscalYear, w.Department)] {
				continue
			}
			g := group{w.Municipality, id, w.FiscalYear}
			if names[g] == nil {
				order = append(order, g)
			}
			if !slices.Contains(names[g], w.Department) {
				names[g] = append(names[g], w.Department)
			}
		}
	}
	var out []record.Finding
	for _, g := range order {
		form := formCalled(forms, g.form).Name + "（" + fiscal.Wareki(g.year) + "）"
		who := strings.Join(names[g][:min(len(names[g]), namedAtMost)], "、")
		if more := len(names[g]) - namedAtMost; more > 0 {
			who += fmt.Sprintf(" ほか%d課", more)
		}
		f := finding.New(finding.MisplacedFile, "", "", who, form)
		f.Municipality, f.Path = g.city, lists[g.city]
		f.Message = fmt.Sprintf("%s は提出されていますが、%sの行が%sにありません。提出を求めたものなら行を加え、そうでなければ正しいフォルダに移してください。",
			form, who, collect.Submissions)
		out = append(out, f)
	}
	return out
}

// yearFolders says which folders hold surveys and name no year: what is in them is compared with nothing that is owed.
func yearFolders(workbooks []*record.Workbook) []record.Finding {
	var out []record.Finding
	files := map[string]int{}
	for _, w := range workbooks {
		parts := strings.Split(w.Path, "/")
		if len(parts) < 4 || w.FiscalYear != 0 || w.Municipality == "" ||
			!strings.Contains(parts[2], "年") && len(w.Forms) == 0 {
			continue
		}
		at := path.Join(parts[:3]...)
		if files[at]++; files[at] > 1 {
			continue
		}
		f := finding.New(finding.MisplacedFile, "", "", parts[2], "令和8年度")
		f.Municipality, f.Path = w.Municipality, at
		out = append(out, f)
	}
	for i := range out {
		out[i].Message = fmt.Sprintf("フォルダ「%s」は年度の名前として読めないので、中のファイル%d件を提出対象と突き合わせていません。%sのような名前に直してください。",
			out[i].Found, files[out[i].Path], yearMeant(out[i].Found))
	}
	return out
}

// yearMeant is how a year is written that may have been meant: 令和7年度 for 7年度.
func yearMeant(text string) string {
	if year, ok := fiscal.ParseYear("令和" + text); ok {
		return "「" + fiscal.Wareki(year) + "」"
	}
	if year, ok := fiscal.ParseYear(text + "年度"); ok {
		return "「" + fiscal.Wareki(year) + "」"
	}
	return "「令和8年度」"
}

// tooHigh says which surveys stand in no department's folder and were read all the same: where no 組織.csv tells
// departments, nothing else would.
func tooHigh(workbooks []*record.Workbook) []record.Finding {
	var out []record.Finding
	for _, w := range workbooks {
		if w.Department != "" || w.Municipality == "" || w.Status != record.StatusRead || len(w.Forms) == 0 {
			continue
		}
		f := finding.New(finding.MisplacedFile, "", "", "", "")
		f.Municipality, f.Path = w.Municipality, w.Path
		f.Message = noFolder
		out = append(out, f)
	}
	return out
}

const noFolder = "課のフォルダに入っていないので、どの課の調査票か分かりません。inputs/<自治体>/<年度>/<部>/<課>/ に移してください。"

// unknownFolder says that the folder of a file is no department's.
func unknownFolder(w *record.Workbook) record.Finding {
	f := finding.New(finding.UnknownDepartment, "", "", w.Department, "")
	if w.Department == "" {
		f.Message = noFolder
	}
	return f
}
