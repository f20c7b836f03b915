package finding

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/record"
)

// OwnFile lists the kinds of findings that a city has of its own, for the tests of its own in sql/tests. Its columns
// are 指摘 (the code), 重大度 (error, warning or info), 文 (what was found and expected) and すること.
const OwnFile = "sql/findings.csv"

var ownColumns = []string{"指摘", "重大度", "文", "すること"}

// operators begins the codes of what is the operator's to mend: those findings are sent back to no department.
const operators = "source_"

// List is every kind that a project knows: those of this program, and its own behind them.
type List []Kind

// Load reads the list of a project; one without OwnFile has the kinds of this program alone. What the file has wrong is
// an error with its line.
func Load(fsys fs.FS) (List, error) {
	data, err := fs.ReadFile(fsys, OwnFile)
	if errors.Is(err, fs.ErrNotExist) {
		return slices.Clone(Kinds), nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s を読めません: %w", OwnFile, err)
	}
	if !utf8.Valid(data) {
		return nil, fmt.Errorf("%s: 文字コードがUTF-8ではありません。エクセルでは「CSV UTF-8」で保存してください", OwnFile)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	r.FieldsPerRecord = -1
	out := slices.Clone(Kinds)
	lines := map[string]int{} // of each own code
	for first := true; ; first = false {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s を CSV として読めません。引用符とカンマを確かめてください: %w", OwnFile, err)
		}
		line, _ := r.FieldPos(0)
		if first {
			if !slices.Equal(fields, ownColumns) {
				return nil, fmt.Errorf("%s:%d: 見出しは「%s」です", OwnFile, line, strings.Join(ownColumns, ","))
			}
			continue
		}
		k, what := own(fields)
		if before, twice := lines[k.Code]; twice && what == "" {
			what = fmt.Sprintf("指摘「%s」は%d行目にもあります。どちらかを消してください", k.Code, before)
		}
		if what != "" {
			return nil, fmt.Errorf("%s:%d: %s", OwnFile, line, what)
		}
		lines[k.Code] = line
		out = append(out, k)
	}
}

var (
	codeForm    = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
)

// own makes a kind of a line, or says what is wrong with it.
func own(fields []string) (k Kind, what string) {
	if len(fields) != len(ownColumns) {
		return k, fmt.Sprintf("列が%d個です。「%s」の%d個を書いてください", len(fields), strings.Join(ownColumns, ","), len(ownColumns))
	}
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	k = Kind{Code: fields[0], Severity: fields[1], Says: sentence(fields[2]), Do: sentence(fields[3])}
	switch _, known := Of(k.Code); {
	case !codeForm.MatchString(k.Code):
		return k, "指摘「" + k.Code + "」は使えません。半角の英小文字で始め、英小文字・数字・「_」で書いてください（owner_changed など）"
	case strings.HasPrefix(k.Code, operators):
		return k, "指摘「" + k.Code + "」は使えません。" + operators + " で始まるものは収集の指摘で、課に差し戻しません。別の名前にしてください"
	case known:
		return k, "指摘「" + k.Code + "」は、はじめからある種類です。別の名前にしてください"
	case !slices.Contains(Severities, k.Severity):
		return k, UnknownSeverity(k.Severity)
	case fields[2] == "" || fields[3] == "":
		return k, "文とすることの両方を書いてください。差戻し票にそのまま載ります"
	}
	for _, m := range placeholder.FindAllString(k.Says+k.Do, -1) {
		if m != "{found}" && m != "{expected}" {
			return k, "「" + m + "」は使えません。使えるのは {found} と {expected} です"
		}
	}
	if k.Severity == record.Error {
		k.LeavesOut = "その行（セルのない指摘は、その調査票の全体）"
	}
	return k, ""
}

// sentence is a text with its full stop.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, "。") {
		return s
	}
	return s + "。"
}

// Severities are the words for how grave a finding is, the gravest first.
var Severities = []string{record.Error, record.Warning, record.Info}

// UnknownSeverity says that a word is none of Severities, and which it may have been meant for: people read them as 誤り,
// 注意 and 参考.
func UnknownSeverity(word string) string {
	near := record.Closest(word, Severities)
	if i := slices.Index([]string{"誤り", "注意", "参考"}, word); i >= 0 {
		near = Severities[i]
	}
	return fmt.Sprintf("重大度「%s」はありません。最も近いのは「%s」です。%s のいずれかを書いてください",
		word, near, "error（誤り）、warning（注意）、info（参考）")
}

// Of finds a kind by its code; ok is false for a code that the list does not have.
func (l List) Of(code string) (k Kind, ok bool) {
	i := slices.IndexFunc(l, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return l[i], true
}

// Codes are the codes of the list in its order.
func (l List) Codes() []string {
	out := make([]string, len(l))
	for i, k := range l {
		out[i] = k.Code
	}
	return out
}

// Finding makes a finding of this kind about a cell; sheet and cell are "" where it is about a whole file, and the
// caller adds whose it is.
func (k Kind) Finding(sheet, cell, found, expected string) record.Finding {
	return record.Finding{
		Severity: k.Severity, Code: k.Code, Sheet: sheet, Cell: cell, Found: found, Expected: expected,
		Message: k.Message(found, expected),
	}
}
