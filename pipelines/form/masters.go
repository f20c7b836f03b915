package form

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Masters are the tables that a municipality keeps beside its departments' folders.
type Masters struct {
	Departments []record.Department
	Duties      []record.Duty
	asked       []dutyLine // the lines of 提出対象.csv as they are written, of duties and of what is none
	Decisions   []record.Decision
	Words       []Word
	Population  []record.Population
	Lists       []ListLine // of 指標.csv and 取組.csv
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
	for _, l := range m.asked {
		if l.municipality == city {
			out.asked = append(out.asked, l)
		}
	}
	for _, d := range m.Decisions {
		if d.Municipality == city {
			out.Decisions = append(out.Decisions, d)
		}
	}
	for _, w := range m.Words {
		if w.Municipality == city {
			out.Words = append(out.Words, w)
		}
	}
	for _, p := range m.Population {
		if p.Municipality == city {
			out.Population = append(out.Population, p)
		}
	}
	for _, l := range m.Lists {
		if l.Municipality == city {
			out.Lists = append(out.Lists, l)
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
			m.Departments = append(m.Departments, record.Department{
				Municipality: city, Bureau: line["部"], Name: line["課"], Order: order, FormerNames: line["旧名称"], Mail: mailOf(line),
			})
		})
		if err != nil {
			return m, err
		}
		if err := m.readDuties(city, files[collect.Submissions]); err != nil {
			return m, err
		}
		err = eachLine(files[collect.Decisions], []string{"path", "decision"}, func(
			line map[string]string, _ func(string) string,
		) {
			m.Decisions = append(m.Decisions, record.Decision{
				Municipality: city, Path: decidedPath(line["path"]), Cell: line["cell"],
				Decision: line["decision"], Reason: line["reason"], Date: line["date"], Post: line["post"],
			})
		})
		if err != nil {
			return m, err
		}
		words, err := readWords(city, files[collect.Vocabulary])
		if err != nil {
			return m, err
		}
		m.Words = append(m.Words, words...)
		people, err := readPopulation(city, files[collect.Population])
		if err != nil {
			return m, err
		}
		m.Population = append(m.Population, people...)
		for _, name := range []string{collect.Indicators, collect.Initiatives} {
			lines, err := readList(city, name, files[name])
			if err != nil {
				return m, err
			}
			m.Lists = append(m.Lists, lines...)
		}
	}
	return m, nil
}

// decidedPath is the path that a decision names, as the program says paths: however its characters are composed, and
// with / where a Windows share has ¥ or \.
func decidedPath(s string) string {
	return collect.PathName(strings.NewReplacer(`\`, "/", "¥", "/").Replace(record.OneLine(s)))
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

// openMaster opens a master. It has nobody's workbook's limits but the usual ones, whatever the settings say of those.
func openMaster(file collect.File) (*workbook.Workbook, error) {
	return workbook.Open(path.Base(file.Path), file.Data, limits.Default())
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
	wb, err := openMaster(file)
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
			return lacksHead(file.Path, n, slices.Sorted(maps.Keys(known)))
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

// lacksHead says which head a master lacks, and which of its heads was meant for it.
func lacksHead(path, head string, has []string) error {
	near := record.Nearest(head, has)
	for _, h := range has {
		if near == "" && h != "" && (strings.Contains(head, h) || strings.Contains(h, head)) {
			near = h
		}
	}
	if near != "" {
		return fmt.Errorf("%s の1行目に「%s」の列がありません。「%s」を「%s」に直してください", path, head, near, head)
	}
	has = slices.DeleteFunc(has, func(h string) bool { return h == "" })
	return fmt.Errorf("%s の1行目に「%s」の列がありません。見出しを直してください（いまの見出しは %s）",
		path, head, strings.Join(has, "、"))
}

// confirmed reports whether a person has accepted the value of a cell: 「E12」 or 「シート名!E12」.
func (m Masters) confirmed(w *record.Workbook, cell string) bool {
	for _, d := range m.Decisions {
		if d.Municipality == w.Municipality && d.Confirms() && d.Applies(w.Path) && d.IsAbout(cell) {
			return true
		}
	}
	return false
}

// confirmedOn reports the same of a cell of a sheet.
func (m Masters) confirmedOn(w *record.Workbook, sheet, cell string) bool {
	for _, d := range m.Decisions {
		on, _ := d.Place()
		if d.Municipality == w.Municipality && d.Confirms() && d.Applies(w.Path) && d.IsAbout(cell) &&
			(on == "" || on == sheet) {
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
		for _, old := range d.Former() {
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
		for _, old := range d.Former() {
			if record.Normal(old) == n {
				return d.Name
			}
		}
	}
	return department
}

// knows reports whether a department exists, under its present or a former name.
func (m Masters) knows(city, department string) bool {
	listed, name := false, record.Normal(department)
	for _, d := range m.Departments {
		if d.Municipality != city {
			continue
		}
		listed = true
		if record.Normal(d.Name) == name {
			return true
		}
		for _, old := range d.Former() {
			if record.Normal(old) == name {
				return true
			}
		}
	}
	return !listed // a municipality without 組織.csv has nothing to compare with
}
