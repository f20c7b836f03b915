// Package limits is the one table of how much of anything the program takes in: of one workbook, of one file of a
// source, of one session of SQL, of one run. Settings override it by name; other packages get its values as parameters.
package limits

import "time"

// Set holds the limits in force. Sizes are in bytes.
type Set struct {
	// of one workbook, in a source and in the inputs alike
	File     int64 // the file itself
	Unpacked int64 // everything in it, unpacked
	Part     int64 // one of its parts, unpacked
	Parts    int64 // how many it has
	Sheets   int64
	Area     int64 // rows × columns that a sheet spans
	Cells    int64 // of all sheets
	CellText int64 // the text of one cell
	Text     int64 // the texts of all cells, counted for every cell that shows them
	Strings  int64 // texts in the list that cells point to
	Merges   int64
	Formulas int64
	// of reading one workbook
	ReadingMemory int64
	ReadingCPU    time.Duration
	ReadingTime   time.Duration

	// of one session of SQL
	SQLMemory int64
	SQLSpill  int64         // what it writes to disk for want of memory
	SQLCPU    time.Duration // of one query, on all cores
	SQLTime   time.Duration // of one query
	SQLOutput int64         // what one query puts out
	SQLRows   int64         // likewise

	RunTime time.Duration // of one run: a night, a load, a collection

	stated map[string]bool // the names that settings override
}

// Default is the table without any settings.
func Default() Set {
	var s Set
	for _, r := range table {
		*r.at(&s) = r.usual
	}
	return s
}

// Unit says what a limit counts.
type Unit string

// Units of limits.
const (
	Bytes   Unit = "バイト"
	Seconds Unit = "秒"
	Sheets  Unit = "枚"
	Pieces  Unit = "個"
	Places  Unit = "か所"
	Rows    Unit = "行"
)

// Entry is one limit with its value in force.
type Entry struct {
	Name    string // as the settings spell it
	Of      string // what it is a limit of: 調査票一つ, 読み取り, SQL
	Short   string // what it counts, in Japanese: セルの数
	Meaning string // the same with all that has to be known of it
	Advice  string // what the author of a workbook does that is beyond it, a sentence; "" where it is nobody's
	Unit    Unit
	Default int64 // nanoseconds where the unit is Seconds
	Value   int64
	Least   int64 // what settings may say
	Most    int64
	Stated  bool // by the settings
}

// All are the limits in force, in the order of the table.
func (s Set) All() []Entry {
	out := make([]Entry, len(table))
	for i, r := range table {
		out[i] = r.entry(&s)
	}
	return out
}

// Of is one of the limits by its name; ok is false for a name that there is not.
func (s Set) Of(name string) (e Entry, ok bool) {
	for _, r := range table {
		if r.name == name {
			return r.entry(&s), true
		}
	}
	return Entry{}, false
}

// Exceeded says that something is beyond a limit: how much was found, 0 where only that it is more, and where, in
// Japanese: シート「集計」の.
type Exceeded struct {
	Entry
	Found int64
	Where string
}

// Beyond is what there is to say of something that is beyond the limit of a name.
func (s Set) Beyond(name string, found int64, where string) Exceeded {
	e, _ := s.Of(name)
	return Exceeded{e, found, where}
}

// Raise says how the limit is raised for what is truly of that size; "" where it cannot be.
func (e Exceeded) Raise() string {
	if e.Value >= e.Most {
		return ""
	}
	return "本当にこの大きさの表なら、kyogikai.yaml の limits に「" + e.Name + "」を" + Amount(e.Unit, e.Most) +
		"までの大きさで書くと読めます（いまは" + e.Limit() + "）。"
}

func (e Exceeded) String() string {
	found := ""
	if e.Found > 0 {
		found = Amount(e.Unit, e.Found) + "で、"
	}
	return e.Where + e.Short + "が" + found + "上限の" + e.Limit() + "（" + e.Name + "）を超えています"
}
