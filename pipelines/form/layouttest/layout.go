package layouttest

import (
	"fmt"
	"slices"
	"strings"
)

// Layout is a workbook as one department might lay it out.
type Layout struct {
	Number     int
	FiscalYear int // of the folder in which it lies
	Choices    []Choice
	Sheets     []*Sheet
	Own        []string // heads of the department's own, which no form knows
	Lenient    bool     // some head is no word of its form, so that what belongs to it may be refused
	format     string
	furigana   bool
	stored     *Stored
	transposed []string // forms of which records run across
}

// Draw draws a layout. The same seed and number draw the same; pins replace what would have been drawn for a dimension,
// and leave all others as they are.
func Draw(seed uint64, number int, pins ...Choice) *Layout {
	d := &draw{seed: seed, number: number, pins: pins}
	l := &Layout{Number: number}
	l.format = d.pick("format", "xlsx", "xlsx", "xlsx", "xlsx", "csv", "csv with mark")
	forms := d.pick("forms", "one", "one", "one", "one", "one", "one", "one", "two sheets", "two in a sheet")
	if forms == "two sheets" && l.format != "xlsx" {
		forms = "two in a sheet"
	}
	m := d.manners()
	l.FiscalYear = m.year
	l.furigana = d.chosen("names") == "furigana"
	form := d.pick("form", "A", "A", "B", "B", "C", "D")
	first := d.compose(l, form, m)
	l.Sheets = first
	if forms != "one" {
		second := *d
		second.part = "2:"
		other := second.pick("form", strings.Split(strings.ReplaceAll("ABCD", form, ""), "")...)
		second.choices = nil
		m.few = true
		sheets := second.compose(l, other, m)
		d.choices = append(d.choices, Choice{"2:form", other})
		d.choices = append(d.choices, second.choices...)
		l.add(forms, sheets)
	}
	d.besides(l)
	if l.format != "xlsx" {
		l.Sheets = l.Sheets[:1]
		l.Sheets[0].Name = ""
		l.Sheets[0].merges = nil
	}
	l.Choices = d.choices
	for _, f := range l.Facts() {
		l.Lenient = l.Lenient || f.Lenient
	}
	return l
}

// add puts the sheets of a second form into the workbook: behind the first's, or below the first's last.
func (l *Layout) add(forms string, sheets []*Sheet) {
	if forms == "two in a sheet" && len(l.Sheets) == 1 && len(sheets) == 1 {
		const between = 2
		rows, _ := l.Sheets[0].size()
		l.Sheets[0].stamp(rows+between, 0, &sheets[0].grid)
		return
	}
	for _, s := range sheets {
		s.Name = l.free(s.Name)
		l.Sheets = append(l.Sheets, s)
	}
}

// free is a name that no sheet has yet.
func (l *Layout) free(name string) string {
	for n := 2; slices.ContainsFunc(l.Sheets, func(s *Sheet) bool { return s.Name == name }); n++ {
		name = fmt.Sprintf("%s (%d)", strings.TrimSuffix(name, fmt.Sprintf(" (%d)", n-1)), n)
	}
	return name
}

// Facts are the values that the workbook states.
func (l *Layout) Facts() []Fact {
	if l.stored != nil {
		return l.stored.Facts
	}
	return factsOf(l.Sheets)
}

// Stored is a workbook that somebody else laid out, with what it states.
type Stored struct {
	Name  string
	Data  []byte
	Facts []Fact
}

// Of makes a layout of a workbook that was not drawn here. forms are those of which records run across.
func Of(s Stored, number, year int, choices []Choice, forms ...string) *Layout {
	return &Layout{Number: number, FiscalYear: year, Choices: choices, stored: &s, transposed: forms}
}

// File is the workbook's name and bytes.
func (l *Layout) File() (name string, data []byte, err error) {
	if l.stored != nil {
		return l.stored.Name, l.stored.Data, nil
	}
	if l.format == "xlsx" {
		data, err = xlsx(l.Sheets, l.furigana)
		return "調査票.xlsx", data, err
	}
	data, err = commaSeparated(l.Sheets[0], l.format == "csv with mark")
	return "調査票.csv", data, err
}

// String tells what was drawn.
func (l *Layout) String() string { return fmt.Sprintf("%d: %s", l.Number, chosenLine(l.Choices)) }

// Transposed reports whether a form's records run across.
func (l *Layout) Transposed(form string) bool { return slices.Contains(l.transposed, form) }

// besides adds the sheets that hold no answers.
func (d *draw) besides(l *Layout) {
	if l.format != "xlsx" {
		return
	}
	if d.pick("cover sheet", "none", "none", "none", "given") == "given" {
		s := &Sheet{Name: "表紙", grid: *newGrid()}
		s.text(2, 1, "令和"+itoa(l.FiscalYear-beforeReiwa)+"年度　各種調査の回答")
		s.text(5, 1, "総務部　総務課")
		s.text(6, 1, "提出期限　5月31日（金）")
		l.Sheets = append([]*Sheet{s}, l.Sheets...)
	}
	if d.pick("instructions sheet", "none", "none", "none", "given") == "given" {
		s := &Sheet{Name: "記入要領", grid: *newGrid()}
		for i, line := range []string{"記入上の注意", "１　着色されていないセルに記入してください。", "２　行・列の追加及び削除は行わないでください。",
			"３　数値は単位の欄の単位で記入してください。", "問合せ　総務課　内線2345"} {
			s.text(i, 0, line)
		}
		l.Sheets = append(l.Sheets, s)
	}
	if list := d.pick("list sheet", "none", "none", "hidden", "shown"); list != "none" {
		s := &Sheet{Name: "リスト", Hidden: list == "hidden", grid: *newGrid()}
		for i, item := range []string{"◎", "○", "△", "▲", "×", "成果", "実績", "上昇", "低下", "維持"} {
			s.text(i, 0, item)
		}
		l.Sheets = append(l.Sheets, s)
	}
}

// Filled are the cells in which something can be seen, as sheet!cell.
func (l *Layout) Filled() []string {
	var cells []string
	for _, s := range l.Sheets {
		for _, p := range s.places() {
			cells = append(cells, s.Name+"!"+Ref(p[0], p[1]))
		}
	}
	return cells
}
