package form

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

var (
	bareYear     = regexp.MustCompile(`^(\d{1,2})年度`)
	bareYearIn   = regexp.MustCompile(`(?:^|[^\d和成昭rhs.])(\d{1,2}年度)`)
	westernIn    = regexp.MustCompile(`(?:^|[^\d(])((?:19|20)\d{2})(?:[^\d年)(]|$)`)
	yearRange    = regexp.MustCompile(`\d(?:年度?)?[~〜～](?:令和|平成|[rh])?\d`)
	revised      = regexp.MustCompile(`当初|変更|見直|改[定訂正]|修正|補正`) // 目標値（見直し後）: which of two is meant, nobody can know
	bareYearOnly = regexp.MustCompile(`^\d{1,2}年度$`)
	headNumber   = regexp.MustCompile(`^(?:[①-⑳]|[(]\d{1,2}[)]|\d{1,2}[.)、])`)
	headNote     = regexp.MustCompile(`(?:[※*★☆]+\d*|\((?:必須|任意|注\d*|※\d*|見込み?|見込値|予定|速報値?|暫定値?|確定値?)\))$`)
	headMark     = regexp.MustCompile(`^[※*★☆●■◆▼▽○]+`)
	headBrackets = regexp.MustCompile(`^(.+?)\([^()]*\)$`)
)

// matchParts reads the parts of a header column: all together; a field under a group (基準 over 値); else one part as
// the field and another as its year; else a year alone.
func (f *Form) matchParts(parts []string) (column, bool) {
	if len(parts) == 0 {
		return column{}, false
	}
	if c, ok := f.matchHeader(strings.Join(parts, "")); ok {
		return c, true
	}
	last := len(parts) - 1
	if c, ok := f.matchUnder(parts); ok {
		return c, true
	}
	if c, ok := f.matchDated(parts); ok {
		return c, true
	}
	for k := last; k >= 0; k-- {
		c, ok := f.matchHeader(parts[k])
		if !ok || c.rule == nil || !c.rule.Scoped && k != last && c.rule.HeadYear == "" {
			continue
		}
		if c.rule.Scoped && k != last && !f.describes(parts[last]) {
			return column{}, false // what stands right over the values is unknown: 計, 評点, 県平均
		}
		if c.rule.Scoped && k == last && f.namesField(parts[:last]) {
			return column{}, false // a value under a heading, not a heading
		}
		for m := 0; c.scope == "" && m < len(parts); m++ {
			if m == k {
				continue
			}
			if c.rule.Scoped {
				c.scope = f.scopeOf(parts[m])
			} else if y := f.yearOf(parts[m]); y != "" && c.rule.HeadYear != "" {
				c.headYear = y
			}
		}
		if !c.rule.Scoped && k != last && c.headYear == "" {
			continue
		}
		return c, true
	}
	if scoped := f.hasScoped(); scoped {
		if y := f.scopeAlone(parts[last]); y != "" {
			return column{scope: y}, true
		}
	}
	return column{}, false
}

// describes reports a part of a head that says something the form knows: a field, a measure, a year, a note.
func (f *Form) describes(part string) bool {
	if _, ok := f.matchHeader(part); ok {
		return true
	}
	if _, ok := f.measure(part); ok {
		return true
	}
	n := headWord(part)
	return f.scopeOf(part) != "" || f.yearOf(part) != "" || f.below(part) || isAsOf(part) || dayInHead.MatchString(part) ||
		n == "" || headNote.MatchString("("+n+")") || inBrackets.MatchString(part) || contains([]string{"値", "数値"}, n)
}

// matchDated reads headings of which one names a field only together with the year of another: 最終目標 over R10.
func (f *Form) matchDated(parts []string) (column, bool) {
	for k, p := range parts {
		rule := f.datedField(headWord(p))
		if rule == nil {
			continue
		}
		for m, other := range parts {
			if m != k {
				if scope := f.scopeOf(other); scope != "" {
					return column{rule: rule, scope: scope}, true
				}
			}
		}
	}
	return column{}, false
}

func (f *Form) datedField(word string) *FieldRule {
	for i := range f.rules {
		if contains(f.rules[i].Dated, word) {
			return &f.rules[i]
		}
	}
	return nil
}

func (f *Form) hasScoped() bool {
	for _, r := range f.rules {
		if r.Scoped {
			return true
		}
	}
	return false
}

// namesField reports that one of the parts is by itself the heading of a field that has no year.
func (f *Form) namesField(parts []string) bool {
	for _, p := range parts {
		if c, ok := f.matchHeader(p); ok && c.rule != nil && !c.rule.Scoped {
			return true
		}
	}
	return false
}

// matchUnder reads headings of two rows: 値 under 基準.
func (f *Form) matchUnder(parts []string) (column, bool) {
	if len(parts) < 2 {
		return column{}, false
	}
	last := headWord(parts[len(parts)-1])
	for i := range f.rules {
		r := &f.rules[i]
		if !contains(r.Below, last) {
			continue
		}
		for _, p := range parts[:len(parts)-1] {
			year, rest, _ := fiscal.FindYear(p)
			if !contains(r.Under, headWord(p)) && !contains(r.Under, headWord(rest)) {
				continue
			}
			c := column{rule: r}
			if r.HeadYear != "" {
				c.headYear = yearText(year)
			}
			return c, true
		}
	}
	return column{}, false
}

// cutCircled takes ① or ⑴ out of a heading, before it becomes a plain digit: 2026年度⑧目標値.
func cutCircled(text string) string {
	if !strings.ContainsFunc(text, circled) {
		return text
	}
	cut := strings.Map(func(r rune) rune {
		if circled(r) {
			return -1
		}
		return r
	}, text)
	if cut = strings.TrimSpace(strings.TrimLeft(cut, " 　.．")); cut == "" {
		return text
	}
	return cut
}

func circled(r rune) bool {
	return r >= '①' && r <= '⒇' || r >= '㉑' && r <= '㉟' || r >= '㊱' && r <= '㊿' || r >= '❶' && r <= '➓'
}

// headWord is a heading as it is compared: normalised, without the number, mark or note beside it.
func headWord(text string) string {
	text = cutCircled(text)
	n := strings.TrimRight(record.Normal(text), ":")
	// Most headings have none of the three; looking at their ends costs a tenth of asking the expressions.
	if strings.IndexAny(n, "0123456789(") == 0 || strings.ContainsAny(n, "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳") {
		n = headNumber.ReplaceAllString(n, "")
	}
	if strings.ContainsAny(n, "※*★☆)") {
		n = headNote.ReplaceAllString(n, "")
	}
	if strings.ContainsAny(n, "※*★☆●■◆▼▽○") {
		if m := headMark.ReplaceAllString(n, ""); m != "" {
			n = m
		}
	}
	return n
}

// yearOf is the fiscal year that a text is and nothing else; 8年度 is of 令和.
func (f *Form) yearOf(text string) string {
	if len(text) > maxHead || !strings.ContainsAny(text, "年RHSＲＨＳrhsｒｈｓ") {
		return ""
	}
	n := record.Normal(text)
	if strings.HasSuffix(n, ")") {
		n = headNote.ReplaceAllString(n, "") // 令和8年度(見込)
	}
	if m := headBrackets.FindStringSubmatch(n); m != nil { // 令和3年度(R4.4.1現在)
		if _, dated := fiscal.ParseDay("(" + strings.TrimSuffix(n[len(m[1])+1:], ")") + ")"); dated {
			n = m[1]
		}
	}
	if bareYearOnly.MatchString(n) {
		n = "令和" + n
	}
	if y, ok := fiscal.ParseYear(strings.TrimSuffix(n, "末")); ok {
		return yearText(y)
	}
	return ""
}

// scopeAlone is the fiscal year, or the whole period, that a text is and nothing else.
func (f *Form) scopeAlone(text string) string {
	if y := f.yearOf(text); y != "" {
		return y
	}
	if contains(f.PeriodWords, headWord(text)) {
		return record.WholePeriod
	}
	if f.Series != nil {
		year, rest, ok := fiscal.FindYear(text)
		if ok && contains(f.Series.YearSuffixes, record.Normal(strings.Trim(rest, "()"))) {
			return yearText(year)
		}
	}
	return ""
}

// yearIn is the fiscal year that a cell of a column of years is; 2025 is one there.
func (f *Form) yearIn(text string) string {
	if y := f.yearOf(text); y != "" {
		return y
	}
	if y, ok := fiscal.ParseYear(strings.TrimSpace(text) + "年度"); ok && y > 1900 &&
		len(record.Normal(text)) == len("2025") {
		return yearText(y)
	}
	return ""
}

// scopeOf reads a head that groups columns as a fiscal year or the whole period: 令和5年度実績, 5年度 (of 令和), 全体.
func (f *Form) scopeOf(text string) string {
	if len(text) > maxHead {
		return ""
	}
	if scope, told := scopeOfMonth(text); told { // 2026年3月
		return scope
	}
	if yearRange.MatchString(record.Normal(text)) { // 推進期間全体（R2～R6）
		n := record.Normal(text)
		if slices.ContainsFunc(f.PeriodWords, func(w string) bool { return strings.Contains(n, w) }) {
			return record.WholePeriod
		}
		return ""
	}
	const longest = 15 // runes beside the year: a sentence that mentions one is no heading
	if year, rest, ok := fiscal.FindYear(text); ok && utf8.RuneCountInString(rest) <= longest && !strings.ContainsAny(
		rest, "。:○",
	) {
		return yearText(year)
	}
	n := record.Normal(text)
	for _, w := range f.PeriodWords {
		if strings.Contains(n, w) {
			return record.WholePeriod
		}
	}
	if m := bareYear.FindStringSubmatch(n); m != nil {
		if year, ok := fiscal.ParseYear("令和" + m[1] + "年度"); ok {
			return yearText(year)
		}
	}
	return ""
}

// farAhead is how many years after the sheet's a target is set at most: a bare 29年度 that would lie later is of 平成.
const farAhead = 12

// era gives a year that a text states without an era (29年度) the era in which it does not lie far ahead: the reader
// took it for one of 令和.
func era(text, scope string, now int) string {
	year, err := strconv.Atoi(scope)
	if err != nil || now == 0 || year <= now+farAhead {
		return scope
	}
	const reiwa, heisei, last = 2018, 1988, 31
	n := year - reiwa
	for _, m := range bareYearIn.FindAllStringSubmatch(record.Normal(text), -1) {
		if m[1] == strconv.Itoa(n)+"年度" && n <= last {
			return strconv.Itoa(heisei + n)
		}
	}
	return scope
}

// maxHead is the number of bytes of the longest text that is looked at as a heading.
const maxHead = 180

// headMemo remembers how texts were read as headings: the departments of a city use the same few hundred.
type headMemo struct {
	mu   sync.Mutex
	read map[string]headMatch
}

type headMatch struct {
	column column
	ok     bool
}

// matchHeader reads a header text as a field and its year: 令和6年度進捗状況 is progress of 2024.
func (f *Form) matchHeader(text string) (column, bool) {
	if text == "" || len(text) > maxHead || !f.numbered && plainNumber(text) {
		return column{}, false
	}
	const most = 20_000
	f.heads.mu.Lock()
	m, known := f.heads.read[text]
	f.heads.mu.Unlock()
	if known {
		return m.column, m.ok
	}
	m.column, m.ok = f.readHeader(text)
	f.heads.mu.Lock()
	defer f.heads.mu.Unlock()
	if len(f.heads.read) >= most {
		clear(f.heads.read)
	}
	f.heads.read[text] = m
	return m.column, m.ok
}

// plainNumber reports a text of digits and what stands between them that cannot be a year of ours. Most cells of a
// large table are one, and no head is: what a smaller number says of a year, it says with a word.
func plainNumber(text string) bool {
	if strings.Contains(text, "19") || strings.Contains(text, "20") {
		return false
	}
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && c != '.' && c != ',' && c != '-' && c != '%' {
			return false
		}
	}
	return true
}

func (f *Form) readHeader(text string) (column, bool) {
	text = cutCircled(text)
	n := headWord(text)
	for _, try := range []string{record.Normal(text), n} {
		if rule := f.field(try); rule != nil {
			return column{rule: rule}, true
		}
	}
	if spelled, short := spellYear(n); short {
		n, text = spelled, spelled
	}
	if scope, told := scopeOfMonth(text); told { // 実績（2026年3月）
		if _, rest, ok := fiscal.FindYear(monthAlone.ReplaceAllString(record.Normal(text), "年度")); ok && scope != "" {
			if rule := f.field(headWord(strings.Trim(rest, "末のにおける時点現在_-・/()（）[]【】"))); rule != nil && rule.Scoped {
				return column{rule: rule, scope: scope}, true
			}
		}
		return column{}, false
	}
	if yearRange.MatchString(n) {
		return column{}, false // 令和7～8年度: of which year its values are, nobody can know
	}
	if year, rest, ok := fiscal.FindYear(text); ok {
		whole := headWord(strings.NewReplacer("()", "", "（）", "", "[]", "", "【】", "").Replace(rest))
		rest = headWord(strings.Trim(rest, "末のにおける時点_-・/()（）[]【】"))
		rule := f.field(whole)
		if rule == nil {
			rule = f.withoutBrackets(whole)
		}
		if rule == nil {
			rule = f.field(rest)
		}
		if rule == nil {
			rule = f.datedField(rest)
		}
		if rule != nil {
			switch {
			case rule.Scoped:
				return column{rule: rule, scope: yearText(year)}, true
			case rule.HeadYear != "":
				return column{rule: rule, headYear: yearText(year)}, true
			case rule.Type == "text" || rule.Type == "skip":
				return column{rule: rule}, true
			}
		}
	}
	for _, w := range f.PeriodWords {
		if rest, ok := cutWord(n, w); ok {
			if rule := f.field(strings.Trim(rest, "の_-・/()")); rule != nil && rule.Scoped {
				return column{rule: rule, scope: record.WholePeriod}, true
			}
		}
	}
	if m := headBrackets.FindStringSubmatch(n); m != nil && contains(f.PeriodWords, strings.Trim(n[len(m[1]):], "()")) {
		if rule := f.field(m[1]); rule != nil && rule.Scoped { // 進捗（全体）
			return column{rule: rule, scope: record.WholePeriod}, true
		}
	}
	if m := headBrackets.FindStringSubmatch(n); m != nil { // 備考（変更の理由など）
		if rule := f.field(m[1]); rule != nil && (!rule.Scoped || !revised.MatchString(n[len(m[1]):])) {
			return column{rule: rule}, true
		}
	}
	return column{}, false
}

// spellYear writes a year in full that a head abbreviates: 8年度目標, 目標値(8年度) of 令和, 2026 目標.
func spellYear(n string) (spelled string, short bool) {
	if m := bareYearIn.FindStringSubmatchIndex(n); m != nil {
		n, short = n[:m[2]]+"令和"+n[m[2]:], true
	}
	if m := westernIn.FindStringSubmatchIndex(n); m != nil {
		n, short = n[:m[3]]+"年度"+n[m[3]:], true
	}
	return n, short
}

func (f *Form) field(word string) *FieldRule {
	for i := range f.rules {
		if contains(f.rules[i].Words, word) {
			return &f.rules[i]
		}
	}
	return nil
}

// withoutBrackets is the field that a heading names before the units and notes in brackets behind it: 目標（件）.
func (f *Form) withoutBrackets(n string) *FieldRule {
	for {
		m := headBrackets.FindStringSubmatch(n)
		if m == nil || !isUnit(strings.Trim(n[len(m[1]):], "()")) && !headNote.MatchString(n) {
			return nil
		}
		if n = m[1]; f.field(n) != nil {
			return f.field(n)
		}
	}
}

// cutWord takes a word off the beginning or the end of a text.
func cutWord(text, word string) (string, bool) {
	if rest, ok := strings.CutPrefix(text, word); ok {
		return rest, true
	}
	return strings.CutSuffix(text, word)
}

// isNumber reports a text that a column of numbers can hold.
func isNumber(text string) bool {
	return strings.ContainsAny(text, "0123456789０１２３４５６７８９") && quantity.Parse(text).Status == quantity.Number
}
