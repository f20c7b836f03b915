package begin

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/printable"
)

// Department is a line of a city's 組織.csv.
type Department struct{ Bureau, Name string }

var (
	listColumns = regexp.MustCompile(`[\t,、，]|[ 　]+`)
	indent      = regexp.MustCompile(`^[\t ,　、，・]+`)
	// how bureaus are called, and departments
	bureauName = regexp.MustCompile(`(部|局|本部|委員会|院|庁|会計管理者)$`)
	listHead   = regexp.MustCompile(`^(部|部名|部局|部局名)[\t ,　、，]+(課|課名|課等|課室)`)
)

// Departments reads a list of bureaus and departments as people paste it: 部 and 課 in a line, with a tab, a comma or
// spaces between, or a bureau on a line of its own with its departments under it. A line that could be either is
// refused, and every line that is wrong is told.
func Departments(text string) ([]Department, error) {
	r := listReader{at: map[string]int{}}
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
	for _, l := range lines {
		r.indented = r.indented || indent.MatchString(l) && strings.TrimSpace(l) != ""
	}
	for i, l := range lines {
		if strings.TrimSpace(l) != "" && !listHead.MatchString(l) {
			r.line(i+1, l)
		}
	}
	r.bureauEnds()
	if len(r.wrong) == 0 && len(r.out) == 0 {
		r.refuse(1, "", "部と課が一つもありません。一行に「総務部　人事課」のように書いてください")
	}
	return r.out, errors.Join(r.wrong...)
}

type listReader struct {
	out      []Department
	wrong    []error
	at       map[string]int // the line of a department's name
	indented bool           // departments stand in from the margin somewhere: what stands at it alone is a bureau
	bureau   string         // the one whose departments follow
	begun    int            // the line on which it stands alone, 0 once it has a department
}

func (r *listReader) refuse(line int, text, says string) {
	if text = strings.TrimSpace(text); text != "" {
		says = "「" + text + "」" + says
	}
	r.wrong = append(r.wrong, fmt.Errorf("部と課の一覧の%d行目: %s", line, printable.Line(says)))
}

// bureauEnds tells of a bureau that stood alone and had no department.
func (r *listReader) bureauEnds() {
	if r.begun > 0 {
		r.refuse(r.begun, r.bureau, "の下に課がありません。課のない部は「会計管理者　会計管理者」のように、部と課に同じ名前を書いてください")
	}
	r.begun = 0
}

func (r *listReader) line(n int, text string) {
	in := indent.FindString(text)
	var words []string
	for _, w := range listColumns.Split(strings.TrimSpace(strings.TrimPrefix(text, in)), -1) {
		if w != "" {
			words = append(words, w)
		}
	}
	switch {
	case len(words) == 0:
	case len(words) > 2:
		r.refuse(n, text, "は、部と課の二つに分けられません。一行に部と課を一つずつ書いてください")
	case len(words) == 2:
		r.bureauEnds()
		r.bureau = words[0]
		r.add(n, words[0], words[1])
	case in != "" && r.bureau == "":
		r.refuse(n, text, "の上に部がありません")
	case in != "":
		r.add(n, r.bureau, words[0])
	case r.indented || bureauName.MatchString(words[0]):
		r.bureauEnds()
		r.bureau, r.begun = words[0], n
	case r.bureau == "":
		r.refuse(n, text, "が部か課か分かりません。「部の名前　課の名前」と、一行に二つ書いてください")
	default:
		r.add(n, r.bureau, words[0])
	}
}

func (r *listReader) add(n int, bureau, name string) {
	r.begun = 0
	for _, word := range []string{bureau, name} {
		if !FolderName(word) {
			r.refuse(n, word, "は、フォルダの名前に使えない字があります")
			return
		}
	}
	if before := r.at[name]; before > 0 {
		r.refuse(n, name, fmt.Sprintf("が%d行目にもあります。同じ名前の課は見分けられないので、「教育委員会総務課」のように書き分けてください", before))
		return
	}
	r.at[name] = n
	r.out = append(r.out, Department{bureau, name})
}

// FolderName reports whether a name can be that of a folder.
func FolderName(name string) bool {
	return name != "" && brief.SafeName(name) == name && printable.Clean(name) && !hidden.MatchString(name) &&
		!slices.Contains([]string{"ledger"}, name)
}
