package collect

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/fiscal"
)

// place reads from a file's path at its source whose it is, and so where it belongs under inputs.
type place struct {
	source  *Source
	pattern *regexp.Regexp
	fields  []string // what each group of the pattern is
}

// Fields of a pattern, by the words that stand for them.
var patternFields = map[string]string{
	"{自治体}": "municipality", "{municipality}": "municipality", "{年度}": "year", "{year}": "year",
	"{部}": "bureau", "{bureau}": "bureau", "{課}": "department", "{department}": "department",
	"{ファイル}": "file", "{file}": "file",
}

var patternPart = regexp.MustCompile(`\{[^{}]*\}|\*\*/|\*|[^{*]+|.`)

// newPlace compiles a source's pattern. * is any text without a /, **/ any number of folders, which are kept.
func newPlace(s *Source) (place, error) {
	p := place{source: s}
	var re strings.Builder
	re.WriteString("^")
	for _, part := range patternPart.FindAllString(norm.NFC.String(s.Pattern), -1) {
		field, known := patternFields[part]
		switch {
		case known && field == "file":
			re.WriteString("[^/]+")
		case known:
			re.WriteString("([^/]+?)")
			p.fields = append(p.fields, field)
		case part == "**/":
			re.WriteString("((?:[^/]+/)*)")
			p.fields = append(p.fields, "folders")
		case part == "*":
			re.WriteString("[^/]*")
		case strings.HasPrefix(part, "{"):
			return p, fmt.Errorf("pattern の「%s」は使えません（{自治体} {年度} {部} {課} {ファイル} * **/ が使えます）", part)
		default:
			re.WriteString(regexp.QuoteMeta(part))
		}
	}
	re.WriteString("$")
	var err error
	if p.pattern, err = regexp.Compile(re.String()); err != nil {
		return p, fmt.Errorf("pattern「%s」を読めません: %w", s.Pattern, err)
	}
	for _, needed := range []struct{ field, word, fixed string }{
		{"municipality", "{自治体}", s.Municipality}, {"year", "{年度}", s.Year},
	} {
		if needed.fixed == "" && !strings.Contains(strings.Join(p.fields, " "), needed.field) {
			return p, fmt.Errorf("pattern に %s がありません。pattern に加えるか、%s: に決まった値を書いてください", needed.word, needed.field)
		}
	}
	return p, nil
}

// target is where under inputs a file of the source belongs: 八戸市/令和6年度/財政部/財政課/調査票.xlsx, and its
// municipality and department. why says in Japanese what is wrong where it belongs nowhere.
func (p place) target(name string, bureau func(municipality, department string) string) (t target, why string) {
	name = norm.NFC.String(name)
	m := p.pattern.FindStringSubmatch(name)
	if m == nil {
		return t, "置き場所が決まった形（" + p.source.Pattern + "）に合いません"
	}
	v := map[string]string{
		"municipality": p.source.Municipality, "year": p.source.Year, "bureau": p.source.Bureau,
		"department": p.source.Department,
	}
	for i, field := range p.fields {
		v[field] = strings.TrimSpace(m[i+1])
	}
	y, ok := year(v["year"])
	if !ok {
		return t, "「" + v["year"] + "」を年度として読めません"
	}
	if v["bureau"] == "" && v["department"] != "" {
		if v["bureau"] = bureau(v["municipality"], v["department"]); v["bureau"] == "" {
			return t, "「" + v["department"] + "」の部が分かりません。組織.csv に課を加えるか、部のフォルダに分けてください"
		}
	}
	parts := []string{v["municipality"], fiscal.Wareki(y)}
	for _, folder := range []string{v["bureau"], v["department"]} {
		if folder != "" {
			parts = append(parts, folder)
		}
	}
	if len(parts) == 2 {
		return t, "部も課も分かりません"
	}
	if folders := strings.Trim(v["folders"], "/"); folders != "" {
		parts = append(parts, strings.Split(folders, "/")...)
	}
	parts = append(parts, path.Base(name))
	for _, part := range parts {
		if !safe(part) {
			return t, "「" + part + "」はフォルダやファイルの名前に使えません"
		}
	}
	return target{strings.Join(parts, "/"), v["municipality"], v["department"]}, ""
}

type target struct{ path, municipality, department string }

// safe reports whether a name is that of one file or folder in its folder, which no reader hides.
func safe(name string) bool {
	return name != "" && len(name) <= 255 && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "~$") &&
		!strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7F || r == '/' || r == '\\' })
}
