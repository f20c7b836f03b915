// Package record holds what a form yields: records whose every value knows its file, sheet and cell,
// and the findings about what could not be read.
package record

import "time"

// Severity of a finding. The code of a finding decides it.
const (
	Error   = "error"   // the row or the file is left out of every figure until it is fixed
	Warning = "warning" // no value changes
	Info    = "info"    // no value changes
)

// Status of a workbook after reading.
const (
	StatusRead         = "read"         // at least one sheet was read into records
	StatusNotReadYet   = "not_read_yet" // recognised, but its form has no reading rules yet
	StatusUnrecognized = "unrecognized" // no known form
	StatusUnreadable   = "unreadable"   // damaged or encrypted
	StatusLeftOut      = "left_out"     // readable, but an error concerns the whole file
	StatusWithdrawn    = "withdrawn"    // a person withdrew it in 判断.csv
)

// Workbook is one submitted file. Path is relative to the parent of the inputs folder, NFC, with slashes.
type Workbook struct {
	ID           string
	Path         string
	SHA256       string
	Municipality string
	FiscalYear   int // western year in which the 年度 of the folder starts; 0 when the folder names none
	Bureau       string
	Department   string
	Alike        []string // paths of files whose names look the same as its own
	Forms        []string // form ids found in it, in the order of its sheets
	Status       string
	Records      []Record
	Stated       []Field // who sent it, as its sheets say (所属：…)
	Removed      Removal // from where it came; zero where it is there, or came from nowhere
	Cells        []Cell
	Findings     []Finding
}

// Removal says that a file is gone at the source from which it came, and since when that is known.
type Removal struct {
	Source string
	At     time.Time
}

// Cell is a non-empty cell of a recognised workbook. Cells of its sheets that no form reads have no text.
type Cell struct {
	Sheet, Ref string
	Row, Col   int // 1-based
	Text       string
	Value      string // exact decimal when the cell holds a number, else ""
	Formula    string
	Claim      string // one of Claims: what the reader took it for
	Record     int    // 1-based place in Workbook.Records of the one record that it serves; 0 for none or several
	Field      string // the one field that it serves, else ""
}

// What a cell was taken for.
const (
	ClaimValue     = "value"
	ClaimHead      = "head"
	ClaimLabel     = "label"
	ClaimSection   = "section"
	ClaimTitle     = "title"
	ClaimPreamble  = "preamble"
	ClaimNote      = "note"
	ClaimExample   = "example"
	ClaimTotal     = "total"    // a printed sum, tally, share or rate
	ClaimTemplate  = "template" // what the form prints: legend, instructions, column numbers, lists, cover
	ClaimBlankMark = "blank_mark"
	ClaimSkipped   = "skipped" // a column that a word passes over
	ClaimUnread    = "unread"
)

// Claims are all that a cell may be taken for.
var Claims = []string{
	ClaimValue, ClaimHead, ClaimLabel, ClaimSection, ClaimTitle, ClaimPreamble, ClaimNote, ClaimExample, ClaimTotal,
	ClaimTemplate, ClaimBlankMark, ClaimSkipped, ClaimUnread,
}

// Record is one row (or one value of a series) of a form.
type Record struct {
	Form       string
	Kind       string // which of the form's record kinds: initiative, series_value …
	FiscalYear int    // the year that the sheet reports on
	Sheet      string
	Row        int
	Cell       string // the cell that names the record; findings about the record point here
	Key        string // identity within municipality and department; equal keys are the same fact
	Excluded   bool   // an error concerns it
	Superseded bool   // another department tells the same, and its record is used
	Fields     []Field
	Blanks     []Field // cells in which its department is asked something and has written nothing
	Disputed   []Field // values of which two cells state another each; none of them is in Fields
	Sound      bool    // nothing but what is disputed or doubted leaves it out
	Doubt      string  // the cell whose confirmation takes it in: it looks like a total
}

// Field is one value of a record. Scope is the western fiscal year as text, WholePeriod, or "".
type Field struct {
	Name       string
	Scope      string
	Text       string // as the author sees it
	Value      string // canonical: symbol, label without number, western year, exact decimal
	Unit       string
	Comparator string // ge le gt lt or ""
	Sheet      string
	Cell       string

	Nature     string // how final a number is: 確定 速報 見込 推計 暫定 集計中, "" where nothing says
	Span       string // which time it is of: 単年度 累計 年度末時点 月平均 年度途中, "" where nothing says
	AsOf       string // when it was taken, as written: 12月末時点
	Approx     bool   // 約, 程度
	Change     string // increase decrease: 10%増加 is a change of 10
	Second     string // the second value in the cell, exact decimal in SecondUnit
	SecondUnit string
	Remark     string // what a remark says of the number: 令和8年10月から受付開始
}

// PartOfYear is the span of a value whose year was not over when it was taken: it has no attainment.
const PartOfYear = "年度途中"

// WholePeriod is the scope of values that speak of a plan's whole period.
const WholePeriod = "whole"

// Field returns the first field of that name and scope.
func (r *Record) Field(name, scope string) (Field, bool) {
	for _, f := range r.Fields {
		if f.Name == name && f.Scope == scope {
			return f, true
		}
	}
	return Field{}, false
}

// Value is the canonical value of the first field of that name, whatever its scope; "" when there is none.
func (r *Record) Value(name string) string {
	for _, f := range r.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// SetValue replaces the canonical value of the fields of that name.
func (r *Record) SetValue(name, value string) {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			r.Fields[i].Value = value
		}
	}
}

// Name is what the record is called by: the text of the field in its naming cell.
func (r *Record) Name() string {
	for _, f := range r.Fields {
		if f.Cell == r.Cell && f.Scope == "" {
			return f.Value
		}
	}
	return ""
}

// Finding is one thing that a person has to look at.
type Finding struct {
	Severity, Code           string
	Municipality, Department string
	Path, Sheet, Cell        string
	Message, Found, Expected string
}
