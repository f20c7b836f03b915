package form

import (
	"testing"

	"kyogikai/pipelines/record"
)

// A department that was renamed is one department in every year, in its folder and where rows name it.
func TestFormerNamesAreOneDepartment(t *testing.T) {
	m := Masters{
		Departments: []record.Department{
			{Municipality: "市", Bureau: "部", Name: "デジタル推進課", FormerNames: "情報政策課、情報課"},
			{Municipality: "市", Bureau: "部", Name: "人事課"},
			{Municipality: "他市", Bureau: "部", Name: "情報政策課"},
		},
		Duties: []record.Duty{{Municipality: "市", Form: "様式", Department: "情報政策課", FiscalYear: 2024}},
	}
	row := record.Record{
		Form: "D", Kind: "k", Key: "a", Fields: []record.Field{{Name: "departments", Value: "情報課\n人事課\nデジタル推進課"}},
	}
	books := []*record.Workbook{
		{
			Path: "inputs/市/令和6年度/部/情報政策課/a.csv", Municipality: "市", Department: "情報政策課", FiscalYear: 2024, Forms: []string{"D"},
			Records: []record.Record{row},
		},
		{
			Path: "inputs/他市/令和6年度/部/情報政策課/a.csv", Municipality: "他市", Department: "情報政策課", FiscalYear: 2024,
			Forms: []string{"D"}, Records: []record.Record{{Form: "D", Key: "b"}},
		},
	}
	Screen(nil, books, m)
	if got := books[0].Department; got != "デジタル推進課" {
		t.Errorf("the department is %s", got)
	}
	if got := books[0].Records[0].Value("departments"); got != "デジタル推進課\n人事課" {
		t.Errorf("the row names %q", got)
	}
	if got := books[1].Department; got != "情報政策課" {
		t.Errorf("the other city's department is %s", got)
	}
	for _, w := range books {
		if len(w.Findings) > 0 {
			t.Errorf("%s: %v", w.Path, w.Findings)
		}
	}
	submissions, _ := Submissions([]Form{{ID: "D", Name: "様式"}}, books, m)
	if submissions[0].Status != "提出済" {
		t.Errorf("what it owed under its old name is %s", submissions[0].Status)
	}
}
