package record

import "strings"

// Department is a line of 組織.csv. Order is the order in which departments print.
type Department struct {
	Municipality, Bureau, Name string
	Order                      int
	FormerNames                string // as they are written
	Mail                       string // where its findings are sent, "" for nowhere
}

// Duty is a line of 提出対象.csv: who must submit which form by when. Path and Cell are where it says so.
type Duty struct {
	Municipality, Form, Bureau, Department, Due string
	FiscalYear                                  int // 0 where it cannot be read
	Path, Cell                                  string
}

// Submission is what one department has done about one form that it owes.
type Submission struct {
	Duty
	FormID string // "" where no form has the name
	Status string // 提出済, 要修正, 未提出
}

// Former are the names that the department had before.
func (d Department) Former() []string { return FormerNames(d.FormerNames) }

// FormerNames splits the column 旧名称 of 組織.csv.
func FormerNames(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、,;・|/ 　", r) })
}
