package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Wanted is which findings a person asks for, in that person's words; what is "" is not asked.
type Wanted struct {
	Department string // 障がい福祉課, 福祉部/障がい福祉課, 八戸市/障がい福祉課, 八戸市/福祉部/障がい福祉課
	Form       string // its id or its name
	Year       string // 令和8年度, R8, 2026
	Severity   string // error, warning, info, or 誤り, 注意, 参考
}

// FormName is what a form is called.
type FormName struct{ ID, Name string }

// WantedError says that what is asked for does not exist, and what does.
type WantedError struct{ text string }

func (e *WantedError) Error() string { return printable.Line(e.text) }

// Selection is which findings of a published run are asked for.
type Selection struct {
	who      []unit // nil for every department
	form     FormName
	year     int
	severity string

	files  map[string]file           // by their paths
	sheets map[[2]string][]string    // the forms of a sheet of a file, where records say them
	owed   map[unit]map[int][]string // the forms that a department owes for a year, without its bureau
}

// unit is a department. One without a bureau is the same in any.
type unit struct{ municipality, bureau, name string }

func (u unit) String() string {
	return strings.Join(slices.DeleteFunc([]string{u.municipality, u.bureau, u.name}, func(s string) bool {
		return s == ""
	}), "/")
}

// file is whose a submitted file is, for which year, and which forms are in it.
type file struct {
	unit
	year  int
	forms []string
}

// Select finds what is asked for. It returns a *WantedError where that does not exist.
func Select(ctx context.Context, db *warehouse.Reader, forms []FormName, w Wanted) (*Selection, error) {
	s := &Selection{}
	if err := s.look(ctx, db); err != nil {
		return nil, err
	}
	for _, choose := range []func() error{
		func() error { return s.chooseDepartment(ctx, db, w.Department) },
		func() error { return s.chooseForm(forms, w.Form) },
		func() error { return s.chooseYear(w.Year) },
		func() error { return s.chooseSeverity(w.Severity) },
	} {
		if err := choose(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// look lists what is known of the files.
func (s *Selection) look(ctx context.Context, db *warehouse.Reader) error {
	s.files, s.sheets, s.owed = map[string]file{}, map[[2]string][]string{}, map[unit]map[int][]string{}
	for query, keep := range map[string]func(row []string){
		"SELECT path, municipality, bureau, department, fiscal_year, form FROM meta.workbooks": func(row []string) {
			year, _ := strconv.Atoi(row[4]) // 0 where the folder names none
			f := file{unit: unit{row[1], row[2], row[3]}, year: year}
			if row[5] != "" {
				f.forms = strings.Split(row[5], ";")
			}
			s.files[row[0]] = f
		},
		`SELECT DISTINCT w.path, r.sheet, r.form FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id)
			ORDER BY ALL`: func(row []string) {
			at := [2]string{row[0], row[1]}
			s.sheets[at] = append(s.sheets[at], row[2])
		},
		"SELECT municipality, department, fiscal_year, form_id FROM raw.submissions ORDER BY ALL": func(row []string) {
			u := unit{municipality: row[0], name: row[1]}
			year, _ := strconv.Atoi(row[2])
			if s.owed[u] == nil {
				s.owed[u] = map[int][]string{}
			}
			s.owed[u][year] = append(s.owed[u][year], row[3])
		},
	} {
		if err := eachRow(ctx, db, query, keep); err != nil {
			return err
		}
	}
	return nil
}

func eachRow(ctx context.Context, db *warehouse.Reader, query string, keep func(row []string)) error {
	r, err := db.Query(ctx, query)
	if err != nil {
		return fmt.Errorf("reading what findings are about: %w", err)
	}
	for _, row := range r.Rows {
		texts := make([]string, len(row))
		for i, v := range row {
			texts[i] = warehouse.Text(v)
		}
		keep(texts)
	}
	return nil
}

// chooseDepartment finds the department of a name, with 自治体/ or 部/ in front where two have it.
func (s *Selection) chooseDepartment(ctx context.Context, db *warehouse.Reader, name string) error {
	if name == "" {
		return nil
	}
	parts := strings.Split(record.Normal(name), "/")
	last := len(parts) - 1
	var all, named []unit             // every department, those of the name
	now := map[unit]map[string]bool{} // by municipality and name: its bureaus in 組織.csv
	err := eachRow(ctx, db, `SELECT municipality, bureau, department, true FROM meta.departments
		UNION SELECT municipality, bureau, department, false FROM meta.workbooks WHERE department <> ''
		UNION SELECT municipality, bureau, department, false FROM raw.submissions
		UNION SELECT municipality, '', department, false FROM meta.findings WHERE department <> ''
		ORDER BY ALL`, func(row []string) {
		u := unit{row[0], row[1], row[2]}
		if !slices.Contains(all, u) {
			all = append(all, u)
			if same(parts[last], u.name) && u.within(parts[:last]) {
				named = append(named, u)
			}
		}
		if at := (unit{municipality: u.municipality, name: u.name}); row[3] == "true" {
			if now[at] == nil {
				now[at] = map[string]bool{}
			}
			now[at][u.bureau] = true
		}
	})
	if err != nil {
		return err
	}
	if len(named) == 0 {
		return &WantedError{"「" + name + "」という課はありません" + nearestOf(parts[last], all)}
	}
	for _, u := range named {
		at := unit{municipality: u.municipality, name: u.name}
		stated := last > 0 && same(parts[last-1], u.bureau)
		switch two := len(now[at]) > 1; {
		case two && !stated && !now[at][u.bureau]:
			continue // of an earlier year, or of no bureau: the bureaus of today come too
		case two:
			at = u
		}
		if !slices.Contains(s.who, at) {
			s.who = append(s.who, at)
		}
	}
	if len(s.who) > 1 {
		return &WantedError{"「" + name + "」は二つ以上の所にあります。" + listed(s.who, " か ") + " と書いてください"}
	}
	return nil
}

// within reports whether a department belongs to what stands in front of its name: a municipality, a bureau, or both.
func (u unit) within(front []string) bool {
	switch len(front) {
	case 0:
		return true
	case 1:
		return same(front[0], u.municipality) || same(front[0], u.bureau)
	case 2:
		return same(front[0], u.municipality) && same(front[1], u.bureau)
	}
	return false
}

func same(a, b string) bool { return b != "" && record.Normal(a) == record.Normal(b) }

// nearestOf names the departments that a name comes nearest to, else some that there are.
func nearestOf(name string, all []unit) string {
	all = slices.DeleteFunc(slices.Clone(all), func(u unit) bool { return u.bureau == "" })
	var names []string
	for _, u := range all {
		names = append(names, u.name)
	}
	if near := record.Nearest(name, names); near != "" {
		return "（近いもの: " + listed(slices.DeleteFunc(all, func(u unit) bool { return u.name != near }), "、") + "）"
	}
	const shown = 5
	if len(all) > shown {
		return fmt.Sprintf("（あるのは %s など%d課）", listed(all[:shown], "、"), len(all))
	}
	return "（あるのは " + listed(all, "、") + "）"
}

func listed(units []unit, between string) string {
	var out []string
	for _, u := range units {
		out = append(out, u.String())
	}
	return strings.Join(out, between)
}

func (s *Selection) chooseForm(forms []FormName, name string) error {
	if name == "" {
		return nil
	}
	var names, all []string
	for _, f := range forms {
		if same(name, f.ID) || same(name, f.Name) {
			s.form = f
			return nil
		}
		if full := f.ID + "（" + f.Name + "）"; !slices.Contains(all, full) {
			names, all = append(names, f.Name), append(all, full)
		}
	}
	if near := record.Nearest(name, names); near != "" {
		return &WantedError{"「" + name + "」という様式はありません（近いもの: " + all[slices.Index(names, near)] + "）"}
	}
	return &WantedError{"「" + name + "」という様式はありません（あるのは " + strings.Join(all, "、") + "）"}
}

func (s *Selection) chooseYear(text string) error {
	if text == "" {
		return nil
	}
	year, ok := fiscal.ParseYear(text)
	if !ok {
		year, ok = fiscal.ParseYear(text + "年度") // 2026
	}
	if !ok {
		return &WantedError{"「" + text + "」を年度として読めません。令和8年度 のように書いてください"}
	}
	years := map[int]bool{}
	for _, f := range s.files {
		years[f.year] = true
	}
	for _, owed := range s.owed {
		for y := range owed {
			years[y] = true
		}
	}
	delete(years, 0)
	if !years[year] {
		var there []string
		for _, y := range slices.Sorted(maps.Keys(years)) {
			there = append(there, fiscal.Wareki(y))
		}
		return &WantedError{fiscal.Wareki(year) + "の調査票はありません（あるのは " + strings.Join(there, "、") + "）"}
	}
	s.year = year
	return nil
}

// severities are the names that a severity has on the command line.
var severities = []struct{ name, japanese string }{
	{record.Error, "誤り"}, {record.Warning, "注意"}, {record.Info, "参考"},
}

func (s *Selection) chooseSeverity(name string) error {
	if name == "" {
		return nil
	}
	var all []string
	for _, v := range severities {
		if same(name, v.name) || same(name, v.japanese) {
			s.severity = v.name
			return nil
		}
		all = append(all, v.name+"（"+v.japanese+"）")
	}
	return &WantedError{"「" + name + "」という重さはありません（あるのは " + strings.Join(all, "、") + "）"}
}

// Has reports whether a finding is asked for.
func (s *Selection) Has(f record.Finding) bool {
	if s.severity != "" && f.Severity != s.severity {
		return false
	}
	at := s.fileAt(f.Path)
	if at.municipality == "" || f.Department != "" { // the finding says it itself: of a source, of what is not there
		at.municipality, at.name = f.Municipality, f.Department
	}
	if !s.hasDepartment(at.unit) || s.year != 0 && at.year != s.year {
		return false
	}
	switch of := s.sheets[[2]string{f.Path, f.Sheet}]; {
	case s.form.ID == "":
		return true
	case f.Code == finding.NotSubmitted:
		return strings.HasPrefix(f.Found, s.form.Name+"（")
	case len(of) > 0:
		return slices.Contains(of, s.form.ID)
	}
	return s.mayBe(at)
}

// About reports whether a file is of the department, form and year that are asked for.
func (s *Selection) About(path string) bool {
	at := s.fileAt(path)
	return s.hasDepartment(at.unit) && (s.year == 0 || at.year == s.year) && (s.form.ID == "" || s.mayBe(at))
}

// Decided reports whether a decision is about what is asked for. A waiver may be about no file: then its path says
// whose it is, which form and which year, in whatever order.
func (s *Selection) Decided(d record.Decision, paths []string) bool {
	if s.who == nil && s.form.ID == "" && s.year == 0 {
		return true
	}
	about := false
	for _, p := range paths {
		if d.Applies(p) && s.fileAt(p).municipality == d.Municipality {
			if s.About(p) {
				return true
			}
			about = true
		}
	}
	if about {
		return false
	}
	parts := strings.Split(d.Path, "/")
	says := func(word string) bool { return slices.Contains(parts, word) }
	who := s.who == nil || slices.ContainsFunc(s.who, func(u unit) bool {
		return u.municipality == d.Municipality && says(u.name)
	})
	form := s.form.ID == "" || says(s.form.ID) || says(s.form.Name)
	return who && form && (s.year == 0 || says(strconv.Itoa(s.year)) || says(fiscal.Wareki(s.year)))
}

func (s *Selection) hasDepartment(u unit) bool {
	return s.who == nil || slices.ContainsFunc(s.who, func(w unit) bool {
		return w.municipality == u.municipality && w.name == u.name &&
			(w.bureau == "" || u.bureau == "" || w.bureau == u.bureau)
	})
}

// mayBe reports whether a file may be of the form. One whose form nobody could tell may be any that its department owes
// for the year; where nobody says what that is, any.
func (s *Selection) mayBe(f file) bool {
	if len(f.forms) > 0 {
		return slices.Contains(f.forms, s.form.ID)
	}
	owed := s.owed[unit{municipality: f.municipality, name: f.name}][f.year]
	return f.name != "" && len(owed) == 0 || slices.Contains(owed, s.form.ID)
}

// fileAt is what is known of a path: of a submitted file, else what its folders say.
func (s *Selection) fileAt(path string) file {
	if f, ok := s.files[path]; ok {
		return f
	}
	var f file
	for i, part := range strings.Split(path, "/") {
		switch i {
		case 1:
			f.municipality = part
		case 2:
			f.year, _ = fiscal.ParseYear(part)
		case 3:
			f.bureau = part
		case 4:
			f.name = part
		}
	}
	return f
}
