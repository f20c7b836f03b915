package workbook

import (
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
)

// guided is a small form with everything that a sheet can have.
func guided() IntakeSheet {
	return IntakeSheet{
		Name: "調査", Form: "facilities", Version: "1", Record: "施設", Lines: []string{"題", "所属：課"},
		Guide: []string{"※ 提出期限：令和9年1月15日", "※ 記号　○：よい　×：わるい"},
		Columns: []IntakeColumn{
			{Head: "施設", Width: 20}, {Head: "状況", Width: 10, Choices: []string{"○", "×"}},
			{Head: "人数", Width: 10, Number: true, Right: true},
		},
		Rows: [][]IntakeCell{
			{{Text: "東館"}, {Text: "○"}, {Text: "1200"}},
			{{Text: "西館"}, {Open: true}, {Open: true, Note: "五百とあった"}},
		},
		Spare: 2,
	}
}

// What is said of filling in stands between the lines and the table, as wide as it, and the workbook says so.
func TestIntakeGuide(t *testing.T) {
	data, err := WriteIntake(Intake{Sheets: []IntakeSheet{guided()}})
	must(t, err)
	f := reopened(t, data)
	sameLines(t, "the form", lines(t, f, "調査", true), []string{
		"題", "所属：課", "※ 提出期限：令和9年1月15日", "※ 記号　○：よい　×：わるい", "", "施設|状況|人数", "東館|○|1200", "西館",
	})
	merged, err := f.GetMergeCells("調査")
	must(t, err)
	var wide []string
	for _, m := range merged {
		wide = append(wide, m.GetStartAxis()+":"+m.GetEndAxis())
	}
	if !slices.Equal(wide, []string{"A3:C3", "A4:C4"}) {
		t.Errorf("merged are %v", wide)
	}
	wb, err := Open("調査票.xlsx", data, limits.Default())
	must(t, err)
	if got := wb.Printed()["調査"]; !slices.Equal(got, guided().Guide) {
		t.Errorf("the workbook says that it printed %q", got)
	}
	for _, n := range f.GetDefinedName() {
		if strings.HasSuffix(n.Name, "Print_Titles") && !strings.HasSuffix(n.RefersTo, "$6:$6") {
			t.Errorf("%s is repeated on each page", n.RefersTo)
		}
	}
}

// A row can be inserted where nothing else can be changed, and has what its neighbours have; numbers stand right, as
// numbers where they are shown as they were written; a note hangs on its cell.
func TestIntakeRowsCanBeAdded(t *testing.T) {
	data, err := WriteIntake(Intake{Sheets: []IntakeSheet{guided()}})
	must(t, err)
	f := reopened(t, data)
	protection, err := f.GetSheetProtection("調査")
	must(t, err)
	if !protection.InsertRows || protection.DeleteColumns || protection.InsertColumns || protection.FormatCells {
		t.Errorf("allowed is %+v", protection)
	}
	validations, err := f.GetDataValidations("調査")
	must(t, err)
	var at []string
	for _, v := range validations {
		at = append(at, v.Sqref)
	}
	if !slices.Equal(at, []string{"B8:B10", "C8:C10"}) {
		t.Errorf("asked for at %v", at)
	}
	for cell, want := range map[string]string{
		"A7": "locked", "C7": "locked right", "A9": "", "C8": "right", "C10": "right", "B10": "",
	} {
		id, err := f.GetCellStyle("調査", cell)
		must(t, err)
		style, err := f.GetStyle(id)
		must(t, err)
		got := ""
		if style.Protection.Locked {
			got = "locked "
		}
		if got += style.Alignment.Horizontal; strings.TrimSpace(got) != want {
			t.Errorf("%s is %q, want %q", cell, got, want)
		}
	}
	comments, err := f.GetComments("調査")
	must(t, err)
	if len(comments) != 1 || comments[0].Cell != "C8" || !strings.Contains(comments[0].Text, "五百とあった") {
		t.Errorf("notes %+v", comments)
	}
}

// Whoever types what a cell does not take is told what to do instead.
func TestIntakeRefusals(t *testing.T) {
	w := newSheetWriter(nil, "")
	for want, c := range map[string]IntakeColumn{
		"数字だけを記入してください（単位：人）。値がないときは空欄にしてください。": {Head: "人数", Number: true},
		"数字だけを記入してください（単位：人）。空けて右で選ぶ。":          {Head: "人数", Number: true, NoValue: "空けて右で選ぶ。"},
		"○ × のいずれかを選んでください。":                    {Head: "状況", Choices: []string{"○", "×"}},
		"○ × のいずれかを選んでください。空けて右で選ぶ。":            {Head: "状況", Choices: []string{"○", "×"}, NoValue: "空けて右で選ぶ。"},
	} {
		if v := w.validation(c, "人", "A1"); *v.Error != want || *v.ErrorTitle != c.Head {
			t.Errorf("%s: %s", *v.ErrorTitle, *v.Error)
		}
	}
	tail := len([]rune(" のいずれかを選んでください。"))
	for n, want := range map[int]bool{longestMessage - tail: true, longestMessage - tail + 1: false} {
		v := w.validation(IntakeColumn{Choices: []string{strings.Repeat("語", n)}}, "", "A1")
		if strings.Contains(*v.Error, "のいずれか") != want {
			t.Errorf("of %d characters: %s", n, *v.Error)
		}
	}
	long := strings.Repeat("長", longestTitle)
	for _, head := range []string{long, long + "い"} {
		v := w.validation(IntakeColumn{Head: head, Number: true}, "", "A1")
		if *v.ErrorTitle != long || *v.PromptTitle != long {
			t.Errorf("titles %q and %q", *v.ErrorTitle, *v.PromptTitle)
		}
	}
}

// A text becomes a number only where the cell shows just what was written.
func TestIntakeNumbers(t *testing.T) {
	number := IntakeColumn{Right: true}
	for text, want := range map[string]any{
		"1200": 1200.0, "0": 0.0, "-3": -3.0, "12.6": 12.6, "0.00001": 0.00001, "1234567": 1234567.0,
		"12345678": "12345678", "0.000001": "0.000001", "12.0": "12.0", "1,200": "1,200", "007": "007", "12.6%": "12.6%",
		"600件": "600件", "": "", "1e3": "1e3", "+1": "+1",
	} {
		if got := (IntakeCell{Text: text}).value(number); got != want {
			t.Errorf("%q is put in as %v", text, got)
		}
		if got := (IntakeCell{Text: text}).value(IntakeColumn{}); got != text {
			t.Errorf("%q is put into a column of texts as %v", text, got)
		}
	}
}
