// Package form turns a grid into records by a form's YAML: how to recognise it, which header word is which field,
// which symbols are allowed, what is required. Matching is on normalised words, never on positions.
package form

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/yamlfile"
)

// Layouts that the reader knows.
const (
	LayoutTable   = "table"        // one record a row under a header of one to three rows
	LayoutSeries  = "series"       // indicators by fiscal years, years across or down
	LayoutUnknown = "not_read_yet" // recognised by its title alone
)

// Form is one YAML file of templates/forms.
type Form struct {
	ID      string `yaml:"id"`
	Name    string `yaml:"name"`
	Version int    `yaml:"version"` // of the form, written into intake workbooks; 1 when not stated
	Layout  string `yaml:"layout"`
	Record  string `yaml:"record"`
	// the fields may also stand on cards, each label beside or above its value
	Cards       bool                `yaml:"cards"`
	Titles      []string            `yaml:"titles"`
	HeaderRows  int                 `yaml:"header_rows"`
	PeriodWords []string            `yaml:"period_words"`
	Fields      []FieldRule         `yaml:"fields"`
	Symbols     map[string][]Symbol `yaml:"symbols"`
	Required    []Requirement       `yaml:"required"`
	Key         []string            `yaml:"key"`        // the fields whose values are the record's identity
	MarkedKey   []string            `yaml:"marked_key"` // the same for a row that repeats another (再掲)
	OneOwner    bool                `yaml:"one_owner"`  // a municipality has each record once
	SkipWords   []string            `yaml:"skip_words"`
	NoteMarks   []string            `yaml:"note_marks"`
	Judge       *JudgeRule          `yaml:"judge"`
	Total       *TotalRule          `yaml:"total"`
	Ratios      []RatioRule         `yaml:"ratios"`
	Tally       *TallyRule          `yaml:"tally"`
	Series      *SeriesRule         `yaml:"series"`
	Blocks      BlockRules          `yaml:"blocks"` // which years heads mean that come again without one

	heads    *headMemo
	numbered bool        // a head may be a number alone
	rules    []FieldRule // what a sheet is read by: the fields, or those of the series
	namer    *FieldRule  // whose head begins a block: the field of names, else the first that is needed
	only     *FieldRule  // the field of values of which nothing says another: actual values of a series
}

// FieldRule says how a column or a label is found and how its cells are read.
type FieldRule struct {
	Name  string   `yaml:"name"`
	Words []string `yaml:"words"`
	// text name label numbered symbol mark year ended number choice unit departments list skip
	Type     string   `yaml:"type"`
	Symbols  string   `yaml:"symbols"` // which symbol set, for type symbol
	Scoped   bool     `yaml:"scoped"`  // one column a fiscal year, or one for the whole period
	FillDown bool     `yaml:"fill_down"`
	FillWith string   `yaml:"fill_with"` // filled down only where this field is blank too
	Mark     string   `yaml:"mark"`      // for type name: the field that （再掲） at either end of the name sets
	Marks    []string `yaml:"marks"`     // for type mark: what means yes
	Unmarked []string `yaml:"unmarked"`  // for type mark: what means no
	Needed   bool     `yaml:"needed"`    // the header is not recognised without it
	// for type ended: words that mean it has not ended; for type list: values that are one, whatever stands in them
	Values    []string `yaml:"values"`
	Endings   []string `yaml:"endings"` // for type ended: words that mean how it ended
	EndYear   string   `yaml:"end_year"`
	StartYear string   `yaml:"start_year"`

	Choices     []Choice `yaml:"choices"`     // for type choice
	In          string   `yaml:"in"`          // for type number: the unit of every value, whatever a cell says
	Unit        string   `yaml:"unit"`        // for type number: the field that states the unit
	Parentheses string   `yaml:"parentheses"` // for type number: what 「(7)」 is; negative, or "" for a plain 7
	Scale       int      `yaml:"scale"`       // for type number: 1 for a ratio printed as a fraction, 0.981 for 98.1%
	Literal     bool     `yaml:"literal"`     // for type number: a text without digits is kept as it is, and has no value
	HeadYear    string   `yaml:"head_year"`   // the field that a year in the heading sets: 基準値（令和6年度）
	Dated       []string `yaml:"dated"`       // words that name the field only together with a year: 最終目標値（令和10年度）
	Under       []string `yaml:"under"`       // a heading of two rows: one of these above …
	Below       []string `yaml:"below"`       // … and one of these below
	// a row in which nothing else stands is no record (numbered lines of an empty form)
	Prefilled bool     `yaml:"prefilled"`
	Asked     bool     `yaml:"asked"`    // the department answers it every year; in an intake workbook it is open
	Preamble  bool     `yaml:"preamble"` // may stand once for the sheet: 計画名：…
	title     string   // the first of the words, as the form writes it
	endings   []Choice // for type ended: a municipality's own words for the endings
	Qualifies string   `yaml:"qualifies"` // the field of numbers that a remark is about: 速報値, 12月末時点
	SectionOf []string `yaml:"section"`   // words that a line which heads a section begins with; "" any numbered line
}

// Choice is one of the values of a field, with the words for it.
type Choice struct {
	Value string   `yaml:"value"`
	Words []string `yaml:"words"`
}

// Symbol is an allowed symbol with the other ways in which it is written.
type Symbol struct {
	Symbol   string   `yaml:"symbol"`
	Meaning  string   `yaml:"meaning"`
	Variants []string `yaml:"variants"`
}

// Requirement names a field that may not be blank, unless one of the conditions holds.
type Requirement struct {
	Field  string      `yaml:"field"`
	When   []Condition `yaml:"when"`
	Unless []Condition `yaml:"unless"`
}

// Condition is about another field of the same row.
type Condition struct {
	Field      string   `yaml:"field"`
	Set        bool     `yaml:"set"`         // it is not blank
	Is         []string `yaml:"is"`          // it has one of these values
	BeforeYear bool     `yaml:"before_year"` // it is a year before the sheet's
}

// JudgeRule names the fields that are compared with each other: an actual value a hundred times last year's, a
// baseline that meets the target already.
type JudgeRule struct {
	Actual    string `yaml:"actual"`
	Target    string `yaml:"target"`
	Baseline  string `yaml:"baseline"`
	Direction string `yaml:"direction"`
}

// TotalRule names the words of a printed total that is itself a record, and the fields that it must sum.
type TotalRule struct {
	Words  []string `yaml:"words"`
	Fields []string `yaml:"fields"`
}

// RatioRule is a printed ratio and the two fields that it must follow from: 収納率 = 収入済額 ÷ 調定額.
type RatioRule struct {
	Field    string      `yaml:"field"`
	Of       string      `yaml:"of"`
	To       string      `yaml:"to"`
	Rounding string      `yaml:"rounding"` // half_up, truncate, or "" for either
	When     []Condition `yaml:"when"`     // the records for which it holds; all where there is none
	// the denominator is of the record before: row, the one above; year, that of the year before
	ToPrevious string `yaml:"to_previous"`
}

// TallyRule finds a printed tally block, whose counts and shares are checked against the rows.
type TallyRule struct {
	CountWords []string `yaml:"count_words"`
	ShareWords []string `yaml:"share_words"`
	TotalWords []string `yaml:"total_words"`
	LeaveOut   string   `yaml:"leave_out"` // rows with this mark are not counted
}

// SeriesRule finds the parts of an indicator table.
type SeriesRule struct {
	IndicatorWords []string `yaml:"indicator_words"`
	StandardWords  []string `yaml:"standard_words"`
	YearWords      []string `yaml:"year_words"`
	KindWords      []string `yaml:"kind_words"`
	AsOfWords      []string `yaml:"as_of_words"`
	ActualWords    []string `yaml:"actual_words"`
	PlanWords      []string `yaml:"plan_words"`
	UnitWords      []string `yaml:"unit_words"`
	SkipWords      []string `yaml:"skip_words"`    // kinds of rows that are computed from others
	YearSuffixes   []string `yaml:"year_suffixes"` // what may stand behind a year in a head
	Parentheses    string   `yaml:"parentheses"`   // plan: a value in parentheses is the plan
}

// Load reads every form of a folder (templates/forms), in the order of their file names.
// An error names the file, and the line where YAML knows it.
func Load(fsys fs.FS, dir string) ([]Form, error) {
	names, err := fs.Glob(fsys, path.Join(dir, "*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("listing forms: %w", err)
	}
	sort.Strings(names)
	var forms []Form
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading form %s: %w", name, err)
		}
		f, err := Parse(name, data)
		if err != nil {
			return nil, err
		}
		for _, other := range forms {
			if other.ID == f.ID && other.Record == f.Record {
				return nil, &SchemaError{name, 1, "id「" + f.ID + "」と record「" + f.Record + "」が同じ様式がほかにもあります。どちらかを変えてください"}
			}
		}
		forms = append(forms, f)
	}
	if len(forms) == 0 {
		return nil, fmt.Errorf("様式が %s に一つもありません。様式のYAMLを置いてください", dir)
	}
	return forms, nil
}

// Parse reads a form's YAML, as Load does those of a folder; file is its name in messages.
func Parse(file string, data []byte) (Form, error) {
	f, err := parse(file, data)
	if err != nil {
		return Form{}, err
	}
	f.complete()
	f.normalise()
	return f, nil
}

// parse reads one form's YAML: against the schema, then for what a schema cannot say.
func parse(file string, data []byte) (Form, error) {
	doc, err := yamlfile.Parse(file, 0, data)
	if err != nil {
		return Form{}, schemaErrors(err)
	}
	if doc.Empty() {
		return Form{}, &SchemaError{file, 1, "様式が書かれていません"}
	}
	if err := doc.Decode(new(map[string]any), nil); err != nil { // a key that stands twice
		return Form{}, schemaErrors(err)
	}
	root := doc.Node()
	if err := checkSchema(file, root); err != nil {
		return Form{}, err
	}
	var f Form
	if err := root.Decode(&f); err != nil {
		return Form{}, &SchemaError{file, root.Line, "書き方が違います（docs/様式の書き方.md を見てください）"}
	}
	if place, what := f.inconsistent(); what != "" {
		return Form{}, &SchemaError{file, lineOf(root, place, ""), what}
	}
	return f, nil
}

// inconsistent finds a name that nothing in the form has, and says where.
func (f *Form) inconsistent() (place []string, what string) {
	if f.Layout == LayoutSeries && f.Series == nil {
		return []string{"layout"}, "layout: series には series: の指定が必要です"
	}
	names := map[string]bool{}
	for i, rule := range f.Fields {
		if names[rule.Name] {
			return []string{"fields", strconv.Itoa(i), "name"}, "項目「" + rule.Name + "」が二度あります"
		}
		names[rule.Name] = true
	}
	named := func(name string, at ...string) {
		if name != "" && !names[name] && what == "" {
			place, what = at, "「"+name+"」という項目は fields にありません"
		}
	}
	for i, rule := range f.Fields {
		at := []string{"fields", strconv.Itoa(i)}
		if rule.Type == "symbol" && len(f.Symbols[rule.Symbols]) == 0 {
			return append(at, "symbols"), "項目 " + rule.Name + " の記号の組「" + rule.Symbols + "」が symbols: にありません"
		}
		if rule.Type == "choice" && len(rule.Choices) == 0 {
			return at, "項目 " + rule.Name + " には choices: が必要です"
		}
		if rule.Type == "ended" && (len(rule.Values) == 0 || len(rule.Endings) == 0) {
			return at, "項目 " + rule.Name + " には values: と endings: が必要です"
		}
		named(rule.Unit, append(at, "unit")...)
		named(rule.FillWith, append(at, "fill_with")...)
		named(rule.HeadYear, append(at, "head_year")...)
		named(rule.Mark, append(at, "mark")...)
	}
	for i, key := range f.Key {
		named(key, "key", strconv.Itoa(i))
	}
	for i, key := range f.MarkedKey {
		named(key, "marked_key", strconv.Itoa(i))
	}
	for i, q := range f.Required {
		named(q.Field, "required", strconv.Itoa(i), "field")
		for _, c := range slices.Concat(q.When, q.Unless) {
			named(c.Field, "required", strconv.Itoa(i))
		}
	}
	if j := f.Judge; j != nil {
		for _, name := range []string{j.Actual, j.Target, j.Baseline, j.Direction} {
			named(name, "judge")
		}
	}
	for i, r := range f.Ratios {
		for _, name := range []string{r.Field, r.Of, r.To} {
			named(name, "ratios", strconv.Itoa(i))
		}
		for _, c := range r.When {
			named(c.Field, "ratios", strconv.Itoa(i), "when")
		}
	}
	for _, find := range []func() ([]string, string){f.inconsistentBlocks, f.inconsistentRatios} {
		if at, found := find(); what == "" {
			place, what = at, found
		}
	}
	if f.Layout == LayoutTable && len(f.Key) == 0 {
		return nil, "key: に、同じものかどうかを決める項目を書いてください"
	}
	return place, what
}

// normalise brings every word of the form into the shape in which texts are compared, once.
func (f *Form) normalise() {
	for i := range f.Fields {
		if words := f.Fields[i].Words; len(words) > 0 {
			f.Fields[i].title = words[0]
		}
	}
	f.derive()
	lists := [][]string{f.Titles, f.PeriodWords, f.SkipWords}
	for _, rule := range f.rules {
		lists = append(lists, rule.Words, rule.Marks, rule.Unmarked, rule.Under, rule.Below, rule.SectionOf, rule.Dated)
		for _, c := range rule.Choices {
			lists = append(lists, c.Words)
		}
	}
	if t := f.Total; t != nil {
		lists = append(lists, t.Words)
	}
	if t := f.Tally; t != nil {
		lists = append(lists, t.CountWords, t.ShareWords, t.TotalWords)
	}
	if s := f.Series; s != nil {
		lists = append(lists, s.IndicatorWords, s.StandardWords, s.YearWords, s.KindWords, s.AsOfWords, s.ActualWords,
			s.PlanWords, s.UnitWords, s.SkipWords, s.YearSuffixes)
	}
	for _, list := range lists {
		for i := range list {
			list[i] = record.Normal(list[i])
		}
	}
}

// derive sets what a sheet is read by, from the form's words as they are now.
func (f *Form) derive() {
	f.heads = &headMemo{read: map[string]headMatch{}}
	f.only, f.namer, f.numbered = nil, nil, false
	f.rules = append(slices.Clip(f.Fields), stateRules(f.Fields)...)
	if f.Series != nil {
		f.rules = seriesRules(f.Series)
		f.only = f.fieldNamed(seriesActual)
	}
	for i := range f.rules {
		f.numbered = f.numbered || slices.ContainsFunc(f.rules[i].Words, numberWord)
		if r := &f.rules[i]; r.Type == "name" || f.namer == nil && r.Needed {
			if f.namer == nil || f.namer.Type != "name" {
				f.namer = r
			}
		}
	}
}

// numberWord reports a word of a form that a cell of a table may hold as its value.
func numberWord(word string) bool { return plainNumber(record.Normal(word)) }

// matches reports whether a text is one of a form's words.
func matches(text string, words []string) bool { return slices.Contains(words, record.Normal(text)) }
