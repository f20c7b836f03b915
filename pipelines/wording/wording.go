// Package wording compares texts with a city's list of words: which one it writes and which it does not, and brackets
// that have no partner.
package wording

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/printable"

	"golang.org/x/text/unicode/norm"
)

// File is the city's list. Its columns are 用いない, 用いる, 区分, 除く and 備考.
const File = "templates/用字用語.csv"

// Rule is a line of the list.
type Rule struct {
	Avoid  string   // a word, or an expression between slashes
	Use    string   // what to write instead; 半角 and 全角 mean the same letters in that width
	Kind   string   // 用語, 全角・半角, 年号, 部署名 …
	Except []string // words that hold the avoided one and are right
	Note   string

	re *regexp.Regexp
}

// List is a city's rules in their order.
type List []Rule

// Remark is one place in a text that does not follow the list.
type Remark struct {
	Word  string // as it is written, "" for a bracket
	Found string // the same with what stands around it
	Use   string
	Kind  string
	Note  string
}

// Message says what to do.
func (r Remark) Message() string {
	out := "「" + r.Found + "」"
	if r.Word != "" && r.Word != r.Found {
		out += "の「" + r.Word + "」"
	}
	if r.Use != "" {
		out += "は、「" + r.Use + "」と書きます。"
	} else {
		out += "を確かめてください。"
	}
	if r.Note != "" {
		out += "（" + r.Note + "）"
	}
	return out
}

var columns = []string{"用いない", "用いる", "区分", "除く", "備考"}

// Load reads the list of a project; a project without one has no rules.
func Load(fsys fs.FS) (List, error) {
	data, err := fs.ReadFile(fsys, File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s を読めません: %w", File, err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	r.FieldsPerRecord = -1
	lines, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s を CSV として読めません。引用符とカンマを確かめてください: %w", File, err)
	}
	if len(lines) == 0 || !slices.Equal(lines[0], columns) {
		return nil, fmt.Errorf("%s:1: 見出しは「%s」です", File, strings.Join(columns, ","))
	}
	var out List
	for i, line := range lines[1:] {
		if len(line) != len(columns) || line[0] == "" {
			return nil, fmt.Errorf("%s:%d: 列は「%s」の%d個で、「用いない」は空にできません", File, i+2, strings.Join(columns, ","), len(columns))
		}
		rule := Rule{Avoid: line[0], Use: line[1], Kind: line[2], Note: line[4]}
		for _, word := range strings.Split(line[3], "|") {
			if word != "" {
				rule.Except = append(rule.Except, word)
			}
		}
		expression := regexp.QuoteMeta(rule.Avoid)
		if inner, ok := strings.CutPrefix(rule.Avoid, "/"); ok && strings.HasSuffix(inner, "/") {
			expression = strings.TrimSuffix(inner, "/")
		}
		if rule.re, err = regexp.Compile(expression); err != nil || rule.re.MatchString("") {
			return nil, fmt.Errorf("%s:%d: 「%s」は正規表現として使えません", File, i+2, rule.Avoid)
		}
		out = append(out, rule)
	}
	return out, nil
}

// Names adds rules for departments: a former name is written by the present one.
func (l List) Names(present map[string]string) List {
	out := slices.Clone(l)
	var former []string
	for old := range present {
		former = append(former, old)
	}
	slices.Sort(former)
	for _, old := range former {
		// 〔former name〕 within the present one, as 福祉課 within 障がい福祉課, is no former name.
		out = append(out, Rule{
			Avoid: old, Use: present[old], Kind: "部署名", Except: []string{present[old]}, Note: "組織.csv の旧名称",
			re: regexp.MustCompile(regexp.QuoteMeta(old)),
		})
	}
	return out
}

// Check lists what in a text does not follow the list, in the order of the text.
func (l List) Check(text string) []Remark {
	type at struct {
		begin int
		Remark
	}
	var found []at
	for _, rule := range l {
		for _, m := range rule.re.FindAllStringIndex(text, -1) {
			if !rule.excepted(text, m[0], m[1]) {
				use := rule.Use
				if use == "半角" || use == "全角" { // letters and digits become half as wide, kana twice
					use = norm.NFKC.String(text[m[0]:m[1]])
				}
				found = append(found, at{m[0], Remark{text[m[0]:m[1]], around(text, m[0], m[1]), use, rule.Kind, rule.Note}})
			}
		}
	}
	for _, k := range unbalanced(text) {
		found = append(found, at{k, Remark{Found: around(text, k, k), Kind: "括弧", Note: "括弧の組が合いません"}})
	}
	slices.SortStableFunc(found, func(a, b at) int { return a.begin - b.begin })
	var out []Remark
	for _, f := range found {
		out = append(out, f.Remark)
	}
	return out
}

// excepted reports that a place is part of a word that is right.
func (r Rule) excepted(text string, begin, end int) bool {
	for _, word := range r.Except {
		for k := strings.Index(text, word); k >= 0; {
			if k <= begin && end <= k+len(word) {
				return true
			}
			next := strings.Index(text[k+1:], word)
			if next < 0 {
				break
			}
			k += 1 + next
		}
	}
	return false
}

// near is how many characters of a text are shown on each side of a place.
const near = 6

func around(text string, begin, end int) string {
	return strings.Trim(strings.Join(strings.Fields(printable.Excerpt(text, begin, end, near)), " "), "…")
}

var (
	opening = map[rune]rune{
		'（': '）', '(': ')', '「': '」', '『': '』', '【': '】', '［': '］', '[': ']', '〔': '〕', '《': '》', '〈': '〉',
	}
	closing = map[rune]bool{}
	ordinal = regexp.MustCompile(`(?:^|\s)[0-9０-９a-zA-Zア-ンｱ-ﾝ]{1,2}$`) // 1) and ア） number a list
)

func init() {
	for _, c := range opening {
		closing[c] = true
	}
}

// unbalanced are the places of brackets without a partner of the same kind.
func unbalanced(text string) []int {
	type open struct {
		want rune
		at   int
	}
	var stack []open
	var out []int
	for k, c := range text {
		switch want, ok := opening[c]; {
		case ok:
			stack = append(stack, open{want, k})
		case !closing[c]:
		case len(stack) > 0 && stack[len(stack)-1].want == c:
			stack = stack[:len(stack)-1]
		case len(stack) == 0 && ordinal.MatchString(text[:k]):
		default:
			out = append(out, k)
			if len(stack) > 0 { // （…) is one mistake
				stack = stack[:len(stack)-1]
			}
		}
	}
	for _, o := range stack {
		out = append(out, o.at)
	}
	return out
}
