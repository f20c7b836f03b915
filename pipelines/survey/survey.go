// Package survey makes the workbooks that departments are asked with: who owes which form, what is known of it from the
// year before and from the city's lists, and the letter that goes with it.
package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// City is what there is to ask a municipality's departments with.
type City struct {
	Name    string
	Forms   []form.Form
	Masters form.Masters
	Contact project.Contact // its Name is "" where the settings name nobody
	Listed  []record.Listed
}

// Owed is a form that a department owes for a year.
type Owed struct {
	Form string // its id
	Name string
	Due  string // as 提出対象.csv has it
}

// Read reads what concerns a municipality. What is wrong with its lists is an error: it would be missing in the
// workbooks.
func Read(ctx context.Context, env project.Env, name string) (City, error) {
	c := City{Name: name}
	own := func(n string) bool { return n == name }
	tree, err := collect.Walk(ctx, env.Inputs, collect.Walking{Masters: true, Of: own})
	if err != nil {
		return c, err
	}
	if c.Masters, err = form.ReadMasters(tree); err != nil {
		return c, err
	}
	if c.Forms, err = form.Load(env.Project, "templates/forms"); err != nil {
		return c, fmt.Errorf("reading forms: %w", err)
	}
	c.Contact, _ = env.Settings.Contact(name)
	listed, findings, err := reading.Listed(env, c.Forms, c.Masters)
	for _, f := range findings {
		err = errors.Join(err, fmt.Errorf("%s %s: %s", f.Path, f.Cell, f.Message))
	}
	if err != nil {
		return c, err
	}
	c.Listed = listed
	form.KnowListed(c.Forms, c.Listed, nil, func(city, id string) string {
		for _, p := range env.Settings.Plans {
			if p.Municipality == city && slices.Contains(p.Forms, id) {
				return p.Name
			}
		}
		return ""
	})
	return c, nil
}

// NobodyError says that no department owes anything for a year.
type NobodyError struct {
	City  string
	Year  int
	Years []string // for which somebody does
}

func (e *NobodyError) Error() string {
	says := e.City + "の" + collect.Submissions + "に、" + fiscal.Wareki(e.Year) + "の行がありません"
	if len(e.Years) > 0 {
		says += "（あるのは " + strings.Join(e.Years, "、") + "）"
	}
	return says + "。様式、年度、部、課、提出期限を書いた行を加えてください"
}

// Owing are the departments that owe a form for a year, in the order of 提出対象.csv, with what each owes. A line whose
// form or department does not exist is an error that names its place.
func (c City) Owing(year int) ([]form.Asker, map[string][]Owed, error) {
	var who []form.Asker
	owed := map[string][]Owed{}
	var years []string
	var wrong []error
	for _, d := range c.Masters.Duties {
		if name := fiscal.Wareki(d.FiscalYear); d.FiscalYear == 0 {
			wrong = append(wrong, fmt.Errorf("%s %s の行: 年度を読めません。令和7年度 のように書いてください", d.Path, d.Cell))
			continue
		} else if d.FiscalYear != year {
			if !slices.Contains(years, name) {
				years = append(years, name)
			}
			continue
		}
		o, err := c.owed(d)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		name := c.Masters.Present(c.Name, d.Department)
		if owed[name] == nil {
			who = append(who, form.Asker{
				Municipality: c.Name, Bureau: c.bureau(d.Bureau, name), Department: name, FiscalYear: year,
			})
		}
		owed[name] = append(owed[name], o)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, nil, err
	}
	if len(who) == 0 {
		return nil, nil, &NobodyError{c.Name, year, years}
	}
	return who, owed, nil
}

func (c City) bureau(stated, department string) string {
	if stated != "" {
		return stated
	}
	return c.Masters.Bureau(c.Name, department)
}

// owed is what a line of 提出対象.csv asks for.
func (c City) owed(d record.Duty) (Owed, error) {
	refuse := func(says string) (Owed, error) {
		return Owed{}, fmt.Errorf("%s %s の行: %s", d.Path, d.Cell, printable.Line(says))
	}
	i := slices.IndexFunc(c.Forms, func(f form.Form) bool {
		return f.ID == d.Form || record.Normal(f.Name) == record.Normal(d.Form)
	})
	if i < 0 {
		var names []string
		for _, f := range c.Forms {
			names = append(names, f.Name)
		}
		says := "様式「" + d.Form + "」はありません"
		if near := record.Nearest(d.Form, names); near != "" {
			says += "（近いもの: " + near + "）"
		}
		return refuse(says + "。様式の名前を直してください")
	}
	known := slices.ContainsFunc(c.Masters.Departments, func(x record.Department) bool {
		return record.Normal(x.Name) == record.Normal(c.Masters.Present(c.Name, d.Department))
	})
	if len(c.Masters.Departments) > 0 && !known {
		var names []string
		for _, x := range c.Masters.Departments {
			names = append(names, x.Name)
		}
		says := "課「" + d.Department + "」は組織.csvにありません"
		if near := record.Nearest(d.Department, names); near != "" {
			says += "（近いもの: " + near + "）"
		}
		return refuse(says + "。課の名前を直してください")
	}
	return Owed{c.Forms[i].ID, c.Forms[i].Name, d.Due}, nil
}

// Known is what departments answered last, by department and within it by form and kind: A/indicator.
type Known map[string]map[string][]record.Record

// Of are one department's answers and the newest fiscal year among them.
func (k Known) Of(department string) (answers map[string][]record.Record, newest int) {
	for _, records := range k[department] {
		for _, r := range records {
			newest = max(newest, r.FiscalYear)
		}
	}
	return k[department], newest
}

// Answers are what the departments answered in the newest fiscal year before one, of each form, or of one that is
// named. What a department answered under a former name is its own.
func (c City) Answers(ctx context.Context, db *warehouse.Reader, only string, before int) (Known, error) {
	r, err := db.Query(ctx, `SELECT w.department, r.form, r.kind, r.record_id, r.fiscal_year, r.key, f.name, f.scope,
		f.text, f.value, f.unit, f.comparator
		FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id) JOIN raw.fields AS f USING (record_id)
		WHERE w.municipality = $city AND r.fiscal_year < $before
			AND ($form = '' OR r.form = $form)
		QUALIFY r.fiscal_year = max(r.fiscal_year) OVER (PARTITION BY w.department, r.form)
		ORDER BY r.record_id`,
		warehouse.Named("city", c.Name), warehouse.Named("before", before),
		warehouse.Named("form", only))
	if err != nil {
		return nil, fmt.Errorf("reading last year's answers: %w", err)
	}
	out := Known{}
	last := ""
	for _, row := range r.Rows {
		s := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				s[i] = fmt.Sprint(v)
			}
		}
		var year int
		if _, err := fmt.Sscan(s[4], &year); err != nil {
			return nil, fmt.Errorf("reading last year's answers: %w", err)
		}
		name, k := c.Masters.Present(c.Name, s[0]), s[1]+"/"+s[2]
		if !slices.ContainsFunc(c.Forms, func(f form.Form) bool { return f.ID+"/"+f.Record == k && f.IsSurvey() }) {
			continue
		}
		if out[name] == nil {
			out[name] = map[string][]record.Record{}
		}
		list := out[name][k]
		if s[3] != last {
			list = append(list, record.Record{Form: s[1], Kind: s[2], FiscalYear: year, Key: s[5]})
			last = s[3]
		}
		rec := &list[len(list)-1]
		rec.Fields = append(rec.Fields, record.Field{
			Name: s[6], Scope: s[7], Text: s[8], Value: s[9], Unit: s[10], Comparator: s[11],
		})
		out[name][k] = list
	}
	out.newest()
	return out, nil
}

// newest keeps of each form those of its newest year: a department may have answered an earlier one under a former
// name.
func (k Known) newest() {
	for _, answers := range k {
		for of, records := range answers {
			year := 0
			for _, r := range records {
				year = max(year, r.FiscalYear)
			}
			answers[of] = slices.DeleteFunc(records, func(r record.Record) bool { return r.FiscalYear < year })
		}
	}
}

// Workbook is the workbook of a department for the forms that wanted names by their ids: with what it answered last,
// what the lists name and it has not answered, and empty rows. cannot names the forms that no workbook can be made of.
// A form of several kinds is asked by the kinds that are known, by all where none is.
func (c City) Workbook(who form.Asker, wanted []string, answers map[string][]record.Record) (
	in workbook.Intake, cannot []string,
) {
	for _, id := range wanted {
		known := false
		for i := range c.Forms {
			f := &c.Forms[i]
			known = known || f.ID == id && len(c.rows(f, who, answers)) > 0
		}
		for i := range c.Forms {
			f := &c.Forms[i]
			rows := c.rows(f, who, answers)
			switch {
			case f.ID != id || !f.IsSurvey() || known && len(rows) == 0:
			case f.Layout != form.LayoutTable:
				cannot = append(cannot, f.Name)
			default:
				who.Due, who.SendTo, who.Contact = c.due(f, who), c.Contact.SendTo, c.reach()
				in.Sheets = append(in.Sheets, f.Intake(who, rows))
				name(in.Sheets)
			}
		}
	}
	return in, cannot
}

func (c City) reach() string {
	if c.Contact.Name == "" {
		return ""
	}
	return c.Contact.Reach()
}

// due is until when a department owes a form, as 提出対象.csv has it; "" where it does not say.
func (c City) due(f *form.Form, who form.Asker) string {
	for _, d := range c.Masters.Duties {
		if d.FiscalYear == who.FiscalYear && (d.Form == f.ID || record.Normal(d.Form) == record.Normal(f.Name)) &&
			record.Normal(c.Masters.Present(c.Name, d.Department)) == record.Normal(who.Department) {
			return d.Due
		}
	}
	return ""
}

// name gives the last sheet a name that no other has.
func name(sheets []workbook.IntakeSheet) {
	n := len(sheets)
	if slices.ContainsFunc(sheets[:n-1], func(s workbook.IntakeSheet) bool { return s.Name == sheets[n-1].Name }) {
		sheets[n-1].Name = fmt.Sprintf("%s%d", sheets[n-1].Name, n)
	}
}

// rows are the records of a form that a department is asked about: those that it answered last, and those that a list
// names.
func (c City) rows(f *form.Form, who form.Asker, answers map[string][]record.Record) []record.Record {
	out := slices.Clone(answers[f.ID+"/"+f.Record])
	for _, l := range c.Listed {
		mine := l.Form == f.ID && l.Kind == f.Record && record.Normal(l.Department) == record.Normal(who.Department)
		due := (l.FirstYear == 0 || l.FirstYear <= who.FiscalYear) && (l.LastYear == 0 || who.FiscalYear <= l.LastYear)
		if !mine || !due || slices.ContainsFunc(out, func(r record.Record) bool { return sameRecord(f, r, l) }) {
			continue
		}
		out = append(out, record.Record{Form: l.Form, Kind: l.Kind, FiscalYear: who.FiscalYear, Key: l.Key, Fields: l.Fields})
	}
	return out
}

// sameRecord reports that a record is what a line of a list names: of its key, or of all that the line states of it.
func sameRecord(f *form.Form, r record.Record, l record.Listed) bool {
	if r.Key == l.Key {
		return true
	}
	stated := false
	for _, name := range f.Key {
		i := slices.IndexFunc(l.Fields, func(x record.Field) bool { return x.Name == name })
		if i < 0 || l.Fields[i].Value == "" {
			continue
		}
		if name == "plan" && r.Value(name) == "" { // it is that of the settings
			continue
		}
		if stated = true; record.Key(l.Fields[i].Value) != record.Key(r.Value(name)) {
			return false
		}
	}
	return stated
}
