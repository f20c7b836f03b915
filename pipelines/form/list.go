package form

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/record"
)

const (
	listMarks  = "\n\r、，,・･／/;；"
	nameBlanks = " 　\t" // also between the names of departments
	widestName = 8      // pieces between marks that one known name may have
)

// piece is a part of a text between two marks, with the mark before it.
type piece struct {
	from, to int
	mark     rune
	known    bool
}

// pieces are the parts of a list. A comma between thousands is no mark.
func pieces(text, marks string) []piece {
	var out []piece
	from, before := 0, rune(0)
	cut := func(to int) (empty bool) {
		if strings.TrimSpace(text[from:to]) == "" {
			return true
		}
		out = append(out, piece{from: from, to: to, mark: before})
		return false
	}
	for at, r := range text {
		grouping := (r == ',' || r == '，') && thousands.MatchString(text[at:]) && endsInDigit(text[:at])
		if !strings.ContainsRune(marks, r) || grouping {
			continue
		}
		if !cut(at) || strength(r) >= strength(before) {
			before = r
		}
		from = at + utf8.RuneLen(r)
	}
	cut(len(text))
	return out
}

// strength is how surely a mark parts two values: of several beside each other the surest tells.
func strength(mark rune) int {
	switch mark {
	case 0, ' ', '　', '\t':
		return 0
	case '・', '･':
		return 1
	}
	return 2
}

var thousands = regexp.MustCompile(`^[,，][0-9０-９]{3}(?:[^0-9０-９]|$)`)

func endsInDigit(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return r >= '0' && r <= '9' || r >= '０' && r <= '９'
}

// items splits a text at marks, but never inside a known value: it may hold a mark itself, or be broken over two lines.
// Each stands once.
func items(text, marks string, known func(string) bool, more func(text string, parts []piece) []piece) []string {
	parts := pieces(text, marks)
	var joined []piece
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		for j := min(len(parts), i+widestName) - 1; j >= i; j-- {
			if known(text[p.from:parts[j].to]) {
				p.to, p.known, i = parts[j].to, true, j
				break
			}
		}
		joined = append(joined, p)
	}
	if more != nil {
		joined = more(text, joined)
	}
	var out []string
	for _, p := range joined {
		if item := record.Label(text[p.from:p.to]); item != "" && !slices.Contains(out, item) {
			out = append(out, item)
		}
	}
	return out
}

// listed are the values of a cell of a list, without those that the form keeps whole being split.
func (rule *FieldRule) listed(text string) []string {
	return items(text, listMarks, func(whole string) bool {
		return slices.ContainsFunc(rule.Values, func(v string) bool { return record.Normal(v) == record.Normal(whole) })
	}, nil)
}

// departments lists the names in a cell: one a line, or with 、 ・ , / between them. known reports the names of 組織.csv;
// a ・ between others is a mark only behind what ends as a department does: まち・ひと・しごと創生課 is one.
func departments(text string, known func(string) bool) []string {
	return items(text, listMarks+nameBlanks, known, wholeNames)
}

var departmentEnd = regexp.MustCompile(`(?:課|室|局|部|係|班|センター|支所|事務所|委員会)$`)

// wholeNames joins what a ・ inside a name has cut.
func wholeNames(text string, parts []piece) []piece {
	var out []piece
	for _, p := range parts {
		last := len(out) - 1
		if last >= 0 && (p.mark == '・' || p.mark == '･') && !p.known && !out[last].known &&
			!departmentEnd.MatchString(strings.TrimSpace(text[out[last].from:out[last].to])) {
			out[last].to = p.to
			continue
		}
		out = append(out, p)
	}
	return out
}

func noneKnown(string) bool { return false }

// namedIn are the departments that a field names, by the names that a municipality's 組織.csv knows.
func (m Masters) namedIn(city string, f record.Field) []string {
	read := strings.Split(f.Value, "\n")
	own := departments(f.Text, noneKnown)
	if f.Value != strings.Join(own, "\n") && f.Value != record.OneLine(f.Text) {
		return read // another text than the cell's
	}
	if !m.lists(city) {
		return own
	}
	return departments(f.Text, func(name string) bool { return m.knows(city, name) })
}

// lists reports a municipality that has an 組織.csv.
func (m Masters) lists(city string) bool {
	return slices.ContainsFunc(m.Departments, func(d record.Department) bool { return d.Municipality == city })
}
