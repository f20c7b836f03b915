package form

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// ListLine is a line of 指標.csv or 取組.csv as it stands there: which form its columns are of follows from the forms and
// the plans.
type ListLine struct {
	Municipality string
	File         string // collect.Indicators or collect.Initiatives
	Path         string
	Row          int               // from 1
	Words        map[string]string // by head
	Heads        []string          // in their order
	Cells        map[string]string // by head
}

// Heads of a list that are of no form.
const (
	listForm       = "様式"
	listBureau     = "部"
	listDepartment = "課"
	listPlan       = "計画"
	listFirst      = "開始年度"
	listLast       = "終了年度"
	listCode       = "番号"
)

// readList reads a list of a municipality. One that is absent has no lines.
func readList(city, name string, file collect.File) ([]ListLine, error) {
	var out []ListLine
	if file.Disk == "" {
		return nil, nil
	}
	wb, err := openMaster(file)
	if err != nil {
		return nil, fmt.Errorf("%s を読めません: %w", file.Path, err)
	}
	s := wb.Sheets[0]
	var heads []string
	columns := map[string]int{}
	for j := range s.Cols {
		head := record.OneLine(s.At(0, j).Text)
		if head == "" {
			continue
		}
		if _, twice := columns[head]; twice {
			return nil, &SchemaError{file.Path, 1, "見出し「" + head + "」が二つあります。一方を直すか消してください"}
		}
		heads, columns[head] = append(heads, head), j
	}
	for i := 1; i < s.Rows; i++ {
		l := ListLine{
			Municipality: city, File: name, Path: file.Path, Row: i + 1, Heads: heads,
			Words: map[string]string{}, Cells: map[string]string{},
		}
		some := false
		for _, head := range heads {
			l.Words[head], l.Cells[head] = strings.TrimSpace(s.At(i, columns[head]).Text), s.Ref(i, columns[head])
			some = some || l.Words[head] != ""
		}
		if some {
			out = append(out, l)
		}
	}
	return out, nil
}

// Listed are the records that the lists of municipalities name. formsOf are the forms of a plan by the settings, of all
// plans of the municipality where none is named. A line that names no record, or that may be of several forms, is
// refused with its place: what it names would be missed in silence.
func (m Masters) Listed(forms []Form, formsOf func(city, plan string) []string) ([]record.Listed, []record.Finding, error) {
	var out []record.Listed
	var found []record.Finding
	for _, l := range m.Lists {
		f, err := l.form(forms, formsOf)
		if err != nil {
			return nil, nil, err
		}
		one, err := l.read(f)
		if err != nil {
			return nil, nil, err
		}
		if one.Department = m.Present(l.Municipality, one.Department); !m.knows(l.Municipality, one.Department) {
			u := finding.New(finding.UnknownDepartment, "", l.Cells[listDepartment], one.Department, "")
			u.Municipality, u.Path = l.Municipality, l.Path
			u.Message = "「" + one.Department + "」は組織.csvにありません。今の課名に直すか、組織.csvに加えてください。"
			found = append(found, u)
		}
		if one.Bureau = cmp.Or(one.Bureau, m.Bureau(l.Municipality, one.Department)); one.Plan == "" {
			one.Plan = l.Words[listPlan]
		}
		out = append(out, one)
	}
	return out, found, nil
}

func (l ListLine) refuse(format string, args ...any) error {
	return &SchemaError{l.Path, l.Row, fmt.Sprintf(format, args...)}
}

// namedBy is the head of a list under which a form's records are named, "" where the list has none.
func (f *Form) namedBy(heads []string) string {
	if f.namer == nil {
		return ""
	}
	for _, h := range heads {
		if contains(f.namer.Words, record.Normal(h)) || f.namer.title != "" && record.Normal(h) == record.Normal(f.namer.title) {
			return h
		}
	}
	return ""
}

// form is the form whose records a line names.
func (l ListLine) form(forms []Form, formsOf func(city, plan string) []string) (*Form, error) {
	stated, plan := l.Words[listForm], l.Words[listPlan]
	var may []*Form
	of := formsOf(l.Municipality, plan)
	for i := range forms {
		f := &forms[i]
		n := record.Normal(stated)
		switch {
		case f.Layout == LayoutUnknown || f.ID == confirmations || f.namedBy(l.Heads) == "":
		case l.File == collect.Indicators && !strings.HasPrefix(f.Record, "indicator"):
		case l.File == collect.Initiatives && strings.HasPrefix(f.Record, "indicator"):
		case stated != "" && n != record.Normal(f.ID) && n != record.Normal(f.Name):
		case stated == "" && len(of) > 0 && !slices.Contains(of, f.ID):
		default:
			may = append(may, f)
		}
	}
	switch {
	case len(may) == 1:
		return may[0], nil
	case len(may) == 0 && stated != "" && len(named(forms, stated)) == 0:
		return nil, l.refuse("様式「%s」はありません。%s", stated, formChoices(forms, stated))
	case len(may) == 0:
		return nil, l.refuse("どの様式の%sか分かりません。1行目に「%s」の列を置き、「様式」の列に様式名を書いてください",
			l.what(), map[string]string{collect.Indicators: "指標名", collect.Initiatives: "取組名"}[l.File])
	}
	var names []string
	for _, f := range may {
		names = append(names, f.Name)
	}
	return nil, l.refuse("どの様式の%sか決められません。「様式」の列に、次のどれかを書いてください：%s",
		l.what(), strings.Join(slices.Compact(names), "、"))
}

func (l ListLine) what() string {
	if l.File == collect.Indicators {
		return "指標"
	}
	return "取組"
}

// read reads a line by a form: every column whose head is a word of the form is a field of the record.
func (l ListLine) read(f *Form) (record.Listed, error) {
	naming := f.namedBy(l.Heads)
	out := record.Listed{
		Municipality: l.Municipality, Form: f.ID, Kind: f.Record, Bureau: l.Words[listBureau],
		Department: l.Words[listDepartment], Path: l.Path, Cell: l.Cells[naming],
	}
	if l.Words[naming] == "" {
		return out, l.refuse("「%s」が空です。名称を書くか、この行を消してください", naming)
	}
	if out.Department == "" {
		return out, l.refuse("「%s」が空か、その列がありません。答える課を書いてください", listDepartment)
	}
	for head, into := range map[string]*int{listFirst: &out.FirstYear, listLast: &out.LastYear} {
		text := l.Words[head]
		if text == "" {
			continue
		}
		year, ok := fiscal.ParseYear(text)
		if !ok {
			year, ok = fiscal.ParseYear(text + "年度")
		}
		if !ok {
			return out, l.refuse("%s「%s」を年度として読めません。令和7年度 のように書いてください", head, text)
		}
		*into = year
	}
	if out.LastYear != 0 && out.LastYear < out.FirstYear {
		return out, l.refuse("終了年度「%s」が開始年度「%s」より前です。どちらかを直してください", l.Words[listLast], l.Words[listFirst])
	}
	r := record.Record{Form: f.ID, Kind: f.Record, Cell: out.Cell}
	for _, head := range l.Heads {
		text := l.Words[head]
		rule := f.listRule(head, naming)
		if rule == nil || text == "" {
			continue
		}
		fields, err := l.field(rule, head, text)
		if err != nil {
			return out, err
		}
		r.Fields = append(r.Fields, fields...)
	}
	out.Fields, out.Code, out.Name, out.Plan = r.Fields, r.Value("code"), r.Name(), r.Value("plan")
	if f.Series != nil {
		out.Key = record.Key(out.Name)
	} else {
		out.Key = f.key(&r)
	}
	return out, nil
}

// listRule is the field that a column of a list is of; nil for a column of none.
func (f *Form) listRule(head, naming string) *FieldRule {
	if head == naming {
		return f.namer
	}
	n := record.Normal(head)
	if n == listCode { // on a form it may number the lines; a list has none but the plan's
		return f.fieldNamed("code")
	}
	for i := range f.rules {
		if rule := &f.rules[i]; !rule.Scoped && rule.Type != "skip" && rule.Type != "number" && contains(rule.Words, n) {
			return rule
		}
	}
	return nil
}

// field reads a cell of a list as the form's own cells are read.
func (l ListLine) field(rule *FieldRule, head, text string) ([]record.Field, error) {
	f := record.Field{Name: rule.Name, Text: text, Value: record.OneLine(text), Cell: l.Cells[head]}
	switch rule.Type {
	case "label":
		f.Value = record.Label(text)
	case "unit":
		f.Value = unitName(text)
	case "name":
		if rule.Mark != "" {
			f.Value, _ = cutMark(f.Value)
		}
	case "numbered":
		number, label := numbered(text, rule.Words...)
		f.Value = label
		if number != "" {
			no := f
			no.Name, no.Value = rule.Name+"_no", number
			return []record.Field{f, no}, nil
		}
	case "choice":
		value, ok := rule.choose(text)
		if !ok {
			return nil, l.refuse("%s「%s」は使えない語です。%s のいずれかを書いてください", head, text, rule.choiceList())
		}
		f.Value = value
	case "year":
		year, ok := fiscal.ParseYear(text)
		if !ok {
			return nil, nil
		}
		f.Value = yearText(year)
	case "departments":
		f.Value = strings.Join(departments(text, noneKnown), "\n")
	case "list":
		f.Value = strings.Join(rule.listed(text), "\n")
	}
	return []record.Field{f}, nil
}

// KnowListed gives what the lists name the keys of the records that departments have written of it: a list need not
// state all that makes a record's identity. plan completes the identity of what states none.
func KnowListed(forms []Form, listed []record.Listed, books []*record.Workbook, plan func(city, form string) string) {
	byForm := map[string]*Form{}
	for i := range forms {
		byForm[forms[i].ID+"/"+forms[i].Record] = &forms[i]
	}
	for i := range listed {
		l := &listed[i]
		f := byForm[l.Form+"/"+l.Kind]
		if l.Plan == "" {
			l.Plan = plan(l.Municipality, l.Form)
		}
		if f == nil || f.Series != nil {
			continue
		}
		if len(f.Key) > 0 && f.Key[0] == "plan" && !slices.ContainsFunc(l.Fields, func(x record.Field) bool { return x.Name == "plan" }) {
			l.Key = record.Key(l.Plan) + l.Key
		}
		if keys := f.keysOf(*l, books); len(keys) > 0 && !slices.Contains(keys, l.Key) {
			l.Key = keys[0]
		}
	}
}

// keysOf are the keys of the records that say of themselves what a line says of one, in order.
func (f *Form) keysOf(l record.Listed, books []*record.Workbook) []string {
	var out []string
	for _, w := range books {
		if w.Municipality != l.Municipality {
			continue
		}
		for i := range w.Records {
			r := &w.Records[i]
			if r.Form != l.Form || r.Kind != l.Kind || r.Value(f.markField()) != "" {
				continue
			}
			same := true
			for _, name := range f.Key {
				want := ""
				for _, x := range l.Fields {
					if x.Name == name {
						want = x.Value
					}
				}
				same = same && (want == "" || record.Key(want) == record.Key(r.Value(name)))
			}
			if same && !slices.Contains(out, r.Key) {
				out = append(out, r.Key)
			}
		}
	}
	slices.Sort(out)
	return out
}

// markField is the field that marks a row that repeats another, as a name that no form has where there is none.
func (f *Form) markField() string { return cmp.Or(f.markName(), "\x00") }
