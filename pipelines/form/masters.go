package form

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Department is a line of 組織.csv. Order is the order in which departments print.
type Department struct {
	Municipality, Bureau, Name string
	Order                      int
	FormerNames                string
	Mail                       string // where its findings are sent, "" for nowhere
}

// Duty is a line of 提出対象.csv: who must submit which form by when. Path and Cell are where it says so.
type Duty struct {
	Municipality, Form, Bureau, Department, Due string
	FiscalYear                                  int
	Path, Cell                                  string
}

// Decision is a line of 判断.csv: what a person decided about a file.
type Decision struct {
	Municipality string `json:"municipality"`
	Path         string `json:"path"`
	Cell         string `json:"cell"`
	Decision     string `json:"decision"`
	Reason       string `json:"reason"`
	Date         string `json:"date"`
	Post         string `json:"post,omitempty"` // of who decided
}

// Withdraws reports whether the decision withdraws the whole file.
func (d Decision) Withdraws() bool {
	return d.Cell == "" && (strings.Contains(d.Decision, "取下") || strings.Contains(d.Decision, "取り下げ"))
}

// Confirms reports whether the decision accepts a value as it is.
func (d Decision) Confirms() bool {
	return d.Cell != "" && (strings.Contains(d.Decision, "確認") || strings.Contains(d.Decision, "認め") || strings.Contains(d.Decision, "正しい"))
}

// Waives reports whether the decision lets a paper be final although what it is about stays open: 除いて確定.
func (d Decision) Waives() bool { return strings.Contains(d.Decision, "除いて") }

// Lacks says what a waiver lacks to hold, "" where it is whole.
func (d Decision) Lacks() string {
	var out []string
	for _, part := range [][2]string{{d.Reason, "理由（reason）"}, {d.Post, "職（post）"}, {d.Date, "日付（date）"}} {
		if strings.TrimSpace(part[0]) == "" {
			out = append(out, part[1])
		}
	}
	return strings.Join(out, "、")
}

// Applies reports whether the decision is about a file: it may name the end of its path.
func (d Decision) Applies(path string) bool {
	return d.Path != "" && strings.HasSuffix(path, strings.TrimPrefix(d.Path, "/"))
}

// Place is the sheet, "" where none is named, and the cell of 「E12」 or 「シート名!E12」.
func (d Decision) Place() (sheet, cell string) {
	at := strings.ReplaceAll(d.Cell, "！", "!")
	if i := strings.LastIndex(at, "!"); i >= 0 {
		sheet, at = at[:i], at[i+1:]
	}
	return sheet, strings.ToUpper(strings.ReplaceAll(record.Normal(at), "$", ""))
}

// Idle says why a decision changes nothing, or "" when it does its work: findings are those that remain, paths the files.
func (d Decision) Idle(findings []record.Finding, paths []string) string {
	if d.Waives() {
		if lacks := d.Lacks(); lacks != "" {
			return lacks + "がないので、除いて確定できません"
		}
		return ""
	}
	if !slices.ContainsFunc(paths, d.Applies) {
		return "ファイル「" + d.Path + "」がありません"
	}
	switch {
	case d.Withdraws():
		return ""
	case d.Confirms():
		for _, f := range findings {
			if d.Applies(f.Path) && d.at(f.Cell) {
				return "「" + f.Message + "」は、確認では消えません。セルを直してください"
			}
		}
		return ""
	case d.Cell != "" && strings.Contains(d.Decision, "取"):
		return "取下げはファイル全体についての判断です。セルの欄を空にしてください"
	}
	return "「" + d.Decision + "」は決まった語ではありません（取下げ、確認、除いて確定）"
}

// at reports whether the decision is about a cell.
func (d Decision) at(cell string) bool {
	_, at := d.Place()
	return cell != "" && strings.EqualFold(at, cell)
}

// Masters are the tables that a municipality keeps beside its departments' folders.
type Masters struct {
	Departments []Department
	Duties      []Duty
	Decisions   []Decision
}

// Of is what concerns one municipality.
func (m Masters) Of(city string) Masters {
	var out Masters
	for _, d := range m.Departments {
		if d.Municipality == city {
			out.Departments = append(out.Departments, d)
		}
	}
	for _, d := range m.Duties {
		if d.Municipality == city {
			out.Duties = append(out.Duties, d)
		}
	}
	for _, d := range m.Decisions {
		if d.Municipality == city {
			out.Decisions = append(out.Decisions, d)
		}
	}
	return out
}

// ReadMasters reads the masters of every municipality of a tree.
func ReadMasters(t collect.Tree) (Masters, error) {
	var m Masters
	for _, city := range t.Municipalities() {
		files := t.Masters[city]
		before := len(m.Departments)
		err := eachLine(files[collect.Organisation], []string{"部", "課"}, func(line map[string]string, _ func(string) string) {
			order, err := strconv.Atoi(line["表示順"])
			if err != nil {
				order = (len(m.Departments) - before + 1) * 10
			}
			m.Departments = append(m.Departments, Department{city, line["部"], line["課"], order, line["旧名称"], mailOf(line)})
		})
		if err != nil {
			return m, err
		}
		err = eachLine(files[collect.Submissions], []string{"様式", "年度", "課"}, func(line map[string]string, at func(string) string) {
			year, _ := fiscal.ParseYear(line["年度"])
			m.Duties = append(m.Duties, Duty{city, line["様式"], line["部"], line["課"], line["提出期限"], year, files[collect.Submissions].Path, at("提出期限")})
		})
		if err != nil {
			return m, err
		}
		err = eachLine(files[collect.Decisions], []string{"path", "decision"}, func(line map[string]string, _ func(string) string) {
			m.Decisions = append(m.Decisions, Decision{
				city, record.OneLine(line["path"]), line["cell"], line["decision"], line["reason"], line["date"], line["post"],
			})
		})
		if err != nil {
			return m, err
		}
	}
	return m, nil
}

// mailOf is the address of a department: the column メール, or メールアドレス.
func mailOf(line map[string]string) string {
	if m := strings.TrimSpace(line["メール"]); m != "" {
		return m
	}
	return strings.TrimSpace(line["メールアドレス"])
}

// Bureau is the bureau of a department, "" where 組織.csv does not say, or names two.
func (m Masters) Bureau(city, department string) string {
	bureau := ""
	for _, d := range m.Departments {
		if d.Municipality != city || d.Name != department {
			continue
		}
		if bureau != "" && bureau != d.Bureau {
			return ""
		}
		bureau = d.Bureau
	}
	return bureau
}

// columnNames of 判断.csv may be written in Japanese.
var columnNames = map[string]string{
	"ファイル": "path", "パス": "path", "セル": "cell", "判断": "decision", "決定": "decision", "理由": "reason", "日付": "date",
	"職": "post", "職名": "post", "判断者": "post", "決裁者": "post",
}

// eachLine calls f for every line of a master, by its header; at is the cell of a column in that line, that of the
// first column where there is none of the name. A master that is absent has no lines.
func eachLine(file collect.File, needed []string, f func(line map[string]string, at func(column string) string)) error {
	if file.Disk == "" {
		return nil
	}
	wb, err := workbook.Open(path.Base(file.Path), file.Data)
	if err != nil {
		return fmt.Errorf("%s を読めません: %w", file.Path, err)
	}
	s := wb.Sheets[0]
	head, columns := map[int]string{}, map[string]int{}
	known := map[string]bool{}
	for j := range s.Cols {
		name := strings.TrimSpace(s.At(0, j).Text)
		if english, ok := columnNames[name]; ok {
			name = english
		}
		head[j], known[name], columns[name] = name, true, j
	}
	for _, n := range needed {
		if !known[n] {
			return fmt.Errorf("%s の1行目に「%s」の列がありません。見出しを直してください", file.Path, n)
		}
	}
	for i := 1; i < s.Rows; i++ {
		line := map[string]string{}
		for j, name := range head {
			line[name] = strings.TrimSpace(s.At(i, j).Text)
		}
		f(line, func(column string) string { return s.Ref(i, columns[column]) })
	}
	return nil
}

// confirmed reports whether a person has accepted the value of a cell: 「E12」 or 「シート名!E12」.
func (m Masters) confirmed(w *record.Workbook, cell string) bool {
	for _, d := range m.Decisions {
		if d.Municipality == w.Municipality && d.Confirms() && d.Applies(w.Path) && d.at(cell) {
			return true
		}
	}
	return false
}

// names reports whether a text names a department, by its present or a former name.
func (m Masters) names(city, text, department string) bool {
	n := record.Normal(text)
	if strings.Contains(n, record.Normal(department)) {
		return true
	}
	for _, d := range m.Departments {
		if d.Municipality != city || record.Normal(d.Name) != record.Normal(department) {
			continue
		}
		for _, old := range FormerNames(d.FormerNames) {
			if strings.Contains(n, record.Normal(old)) {
				return true
			}
		}
	}
	return false
}

// Present is the present name of a department that may be written by a former one (旧名称 of 組織.csv): figures of two
// years are compared under one name.
func (m Masters) Present(city, department string) string {
	n := record.Normal(department)
	for _, d := range m.Departments {
		if d.Municipality == city && record.Normal(d.Name) == n {
			return d.Name
		}
	}
	for _, d := range m.Departments {
		if d.Municipality != city {
			continue
		}
		for _, old := range FormerNames(d.FormerNames) {
			if record.Normal(old) == n {
				return d.Name
			}
		}
	}
	return department
}

// FormerNames splits the column 旧名称 of 組織.csv.
func FormerNames(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,;・|/ 　", r) })
}

// knows reports whether a department exists, under its present or a former name.
func (m Masters) knows(city, department string) bool {
	listed := false
	for _, d := range m.Departments {
		if d.Municipality != city {
			continue
		}
		listed = true
		if record.Normal(d.Name) == record.Normal(department) {
			return true
		}
		for _, old := range FormerNames(d.FormerNames) {
			if record.Normal(old) == record.Normal(department) {
				return true
			}
		}
	}
	return !listed // a municipality without 組織.csv has nothing to compare with
}
