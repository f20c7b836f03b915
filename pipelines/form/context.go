package form

import (
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
)

// section is a line that heads the records below it: 基本目標1 すみよいデジタル, 【重点事業】, ①…の取組, 計画名：….
type section struct {
	style string
	field string
}

// sectionStyles are the ways in which such lines are numbered; lines of one way are of one level.
var sectionStyles = []struct {
	name string
	like *regexp.Regexp
}{
	{"【", regexp.MustCompile(`^[【〈《＜<■◆●○◎]`)},
	{"①", regexp.MustCompile(`^[①-⑳]`)},
	{"Ⅰ", regexp.MustCompile(`^[Ⅰ-Ⅻ]`)},
	{"第", regexp.MustCompile(`^第\s*[\d０-９一二三四五六七八九十]+`)},
	{"(1)", regexp.MustCompile(`^[（(]\s*[\d０-９]+\s*[)）]`)},
	{"1", regexp.MustCompile(`^[\d０-９]+\s*[.．、　 ]`)},
	{"ア", regexp.MustCompile(`^[ア-ン]\s*[.．、　 ]`)},
}

func sectionStyle(text string) string {
	for _, s := range sectionStyles {
		if s.like.MatchString(text) {
			return s.name
		}
	}
	return "text"
}

// pair is a field and what a text states for it: 計画名：第2期….
type pair struct {
	rule *FieldRule
	text string
}

var colon = regexp.MustCompile(`[：:]`)

// pairs reads a text that states fields by their words: 「計画名：X」, 「事業番号：1-1　事業名：Y」. Nothing may stand before the
// first word.
func (f *Form) pairs(text string, preferred func(*FieldRule) bool) []pair {
	text = strings.TrimSpace(text)
	if m := wholeInBrackets.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	var out []pair
	start := -1
	for _, at := range colon.FindAllStringIndex(text, -1) {
		from := strings.LastIndexAny(text[:at[0]], " 　\n\t") + 1
		if from > 0 && text[from-1] >= 0x80 { // the last byte of a wide blank
			from = strings.LastIndex(text[:at[0]], "　") + len("　")
			if k := strings.LastIndexAny(text[:at[0]], " \n\t") + 1; k > from {
				from = k
			}
		}
		rule := f.statedBy(text[from:at[0]], preferred)
		if rule == nil && start < 0 {
			if whole := f.statedBy(text[:at[0]], preferred); whole != nil { // 計 画 名：
				rule, from = whole, 0
			}
		}
		if rule == nil {
			continue
		}
		if start >= 0 {
			out[len(out)-1].text = strings.TrimSpace(text[start:from])
		} else if strings.TrimSpace(text[:from]) != "" {
			return nil
		}
		out, start = append(out, pair{rule: rule}), at[1]
	}
	if start >= 0 {
		out[len(out)-1].text = strings.TrimSpace(text[start:])
	}
	return slices.DeleteFunc(out, func(p pair) bool { return p.text == "" })
}

var wholeInBrackets = regexp.MustCompile(`^[（(【\[]([^（）()【】\[\]]*)[)）】\]]$`)

// statedBy is the field that a word before a colon, or beside a value, names: one of no year that is no name.
func (f *Form) statedBy(word string, preferred func(*FieldRule) bool) *FieldRule {
	n := headWord(strings.TrimLeft(strings.TrimSpace(word), "・■◆●○◇□【["))
	var found *FieldRule
	for i := range f.rules {
		r := &f.rules[i]
		if r.Scoped || r.Type == "skip" || r.Type == "name" || !contains(r.Words, n) {
			continue
		}
		if preferred(r) {
			return r
		}
		if found == nil {
			found = r
		}
	}
	return found
}

// preamble reads the rows before a block: what is stated there holds for all its records.
func (t *reader) preamble(b *band, from, to, left, right int) {
	prefer := func(r *FieldRule) bool { return r.Preamble }
	t.preambles++
	for i := from; i < to; i++ {
		cells := geometry.Row(t.sheet, i, left, right)
		for n := 0; n < len(cells); n++ {
			j := cells[n]
			if t.claims[t.origin(i, j)] != "" {
				continue
			}
			text := record.OneLine(t.sheet.At(i, j).Text)
			if found := t.form.pairs(strings.TrimSpace(t.sheet.At(i, j).Text), prefer); len(found) > 0 {
				_, year := t.form.yearLineOf(text, t.year)
				for _, p := range found {
					if !year || p.rule.Preamble { // 対象：令和6年度分 is no 対象 of a record
						t.share(p, i, j)
					}
				}
				t.claim(i, j, record.ClaimPreamble)
				continue
			}
			if word, rest, ok := cutBlank(t.sheet.At(i, j).Text); ok {
				if rule := t.form.statedBy(word, prefer); rule != nil && rule.Preamble {
					t.share(pair{rule, rest}, i, j)
					t.claim(i, j, record.ClaimPreamble)
					continue
				}
			}
			if (len(cells) == 1 || n == 0 && t.labelledSection(b, text)) && t.sectionAbove(b, i, j, text) {
				continue
			}
			rule := t.form.statedBy(text, prefer)
			if rule == nil || n+1 >= len(cells) {
				t.statesYear(i, j, text)
				continue
			}
			t.claim(i, j, record.ClaimLabel)
			n = t.beside(rule, i, cells, n)
		}
	}
}

// labelledSection reports a text that heads a section by a word of the form and a number: 基本目標1 ….
func (t *reader) labelledSection(b *band, text string) bool {
	_, _, labelled := t.sectionField(b, text)
	return labelled
}

// sectionAbove takes a line before a block that heads a section: numbered, or by a word of the form.
func (t *reader) sectionAbove(b *band, i, j int, text string) bool {
	if t.form.isTitle(text) || t.form.note(text) {
		return false
	}
	rule, style, labelled := t.sectionField(b, text)
	if rule == nil || !labelled && (style == "text" || !contains(rule.SectionOf, "*")) {
		return false
	}
	t.setSection(rule, sectionText(rule, text), style, i, j)
	t.claim(i, j, record.ClaimSection)
	return true
}

// sectionText is what a line states, without the marks around it. A number may stand in brackets of its own: 【柱2】….
func sectionText(rule *FieldRule, text string) string {
	if rule.Type == "numbered" && numberInBrackets.MatchString(record.Label(text)) {
		return text
	}
	return strings.Trim(text, sectionMarks)
}

const sectionMarks = "【】〈〉《》＜＞<>■◆●◎ 　"

// cutBlank cuts 「所属　総務課」 at its first blank.
func cutBlank(text string) (word, rest string, ok bool) {
	text = strings.TrimSpace(text)
	k := strings.IndexAny(text, " 　")
	if k <= 0 {
		return "", "", false
	}
	rest = strings.Trim(text[k:], " 　")
	return text[:k], rest, rest != ""
}

// statesYear claims a cell before a block that says nothing of a field.
func (t *reader) statesYear(i, j int, text string) {
	if t.form.yearOf(text) != "" {
		t.claim(i, j, record.ClaimPreamble)
	}
}

// beside takes what stands right of a label before the block, up to a blank or the next label, and returns the index of
// the last cell taken.
func (t *reader) beside(rule *FieldRule, i int, cells []int, n int) int {
	var parts []string
	start, first := n+1, cells[n+1]
	for k := start; k < len(cells); k++ {
		text := t.sheet.At(i, cells[k]).Text
		if n := headWord(text); strings.HasSuffix(n, "年度") && !hasDigit(n) {
			break // 策定年度 is a label itself
		}
		next := t.form.statedBy(record.OneLine(text), func(r *FieldRule) bool { return r.Preamble })
		if next != nil || k > start && (rule.Type != "text" || cells[k] > cells[k-1]+geometry.Width(t.sheet, i, cells[k-1])) {
			break
		}
		if !rule.Preamble && len(parts) > 0 {
			break
		}
		parts = append(parts, record.OneLine(text))
		t.claim(i, cells[k], record.ClaimPreamble)
		n = k
	}
	if len(parts) > 0 {
		t.share(pair{rule, strings.Join(parts, " ")}, i, first)
	}
	return n
}

// share keeps what is stated once for all records below.
func (t *reader) share(p pair, i, j int) {
	row, col := t.sheet.Origin(i, j)
	f := record.Field{Name: p.rule.Name, Text: p.text, Sheet: t.sheet.Name, Cell: t.sheet.Ref(row, col)}
	for _, old := range t.shared {
		if old.Name == f.Name && t.sharedIn[f.Name] == t.preambles && record.Key(old.Text) != record.Key(f.Text) {
			t.sharedTwice(p.rule, old, f)
			return
		}
	}
	t.sharedIn[f.Name] = t.preambles
	t.drop(f.Name) // what the lines of another block said
	for _, g := range t.interpretShared(f, p.rule) {
		t.shared = append(slices.DeleteFunc(t.shared, func(old record.Field) bool { return old.Name == g.Name }), g)
	}
}

// sharedTwice tells of two lines above the records that state one field otherwise: neither holds.
func (t *reader) sharedTwice(rule *FieldRule, a, b record.Field) {
	t.shared = slices.DeleteFunc(t.shared, func(f record.Field) bool {
		return f.Name == rule.Name || f.Name == rule.Name+"_no"
	})
	f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, b.Cell, b.Text, a.Cell)
	f.Message = "「" + t.describeField(rule, "") + "」が " + a.Cell + " の「" + record.OneLine(a.Text) + "」と " +
		b.Cell + " の「" + record.OneLine(b.Text) + "」の二つあり、どちらか決められないため、どちらも使っていません。要らない方を消してください。"
	t.findings = append(t.findings, f)
}

// interpretShared reads what stands outside the records. A text keeps its words as they are.
func (t *reader) interpretShared(f record.Field, rule *FieldRule) []record.Field {
	if rule.Type == "text" || rule.Type == "departments" && rule.Preamble {
		f.Value = record.OneLine(f.Text)
		return []record.Field{f}
	}
	var scratch record.Record
	out := t.interpret(&scratch, f, rule)
	if scratch.Excluded {
		t.findings = t.findings[:len(t.findings)-1]
		return nil
	}
	return out
}

// section takes a line that heads a section, and reports whether the row was one.
func (t *reader) section(b *band, i int) bool {
	part, ok := geometry.Alone(t.sheet, i, b.left, b.reach()) // a mark beside the list is none of its cells
	if !ok {
		return t.pairRow(b, i)
	}
	col := part.At[1]
	wide := geometry.Width(t.sheet, i, col) >= 3
	prefer := func(r *FieldRule) bool { return !r.Preamble && !b.has(r.Name) }
	if found := t.form.pairs(t.sheet.At(i, col).Text, prefer); len(found) > 0 {
		for _, p := range found {
			t.setSection(p.rule, p.text, "：", i, col)
		}
		t.claim(i, col, record.ClaimSection)
		return true
	}
	said := strings.TrimSpace(part.Text)
	if request.MatchString(said) || col != b.name && sentence.MatchString(said) {
		t.claim(i, col, record.ClaimNote)
		return true
	}
	if isNumber(part.Text) || col == b.measures || col == b.years {
		return false
	}
	rule, style, labelled := t.sectionField(b, part.Text)
	if !labelled && colon.MatchString(part.Text) || isDay(part.Text) {
		return false // 担当：総務係
	}
	marked := strings.ContainsAny(part.Text[:min(3, len(part.Text))], "【〈《＜<■◆●◎")
	if col == b.name && !wide && !labelled && (!marked || rule == nil) {
		return false
	}
	if !wide && !labelled && !t.mayHead(b, col) {
		return false
	}
	if rule == nil {
		return false
	}
	t.setSection(rule, sectionText(rule, part.Text), style, i, col)
	t.claim(i, col, record.ClaimSection)
	return true
}

// sentence is a line that says something to people, and heads nothing; in the naming column it may be a name to which
// no answer was given, but for a request.
var (
	sentence = regexp.MustCompile(`(?:。|です|ます|ました)[)）]?$`)
	request  = regexp.MustCompile(`(?:のとおり|の通り|ください|下さい)。?[)）]?$`)
)

// isDay reports a text that is a date.
func isDay(text string) bool {
	_, ok := fiscal.ParseDay(text)
	return ok
}

// mayHead reports a column in which a line above records stands: the first, or one without a heading.
func (t *reader) mayHead(b *band, col int) bool {
	first := true
	for _, c := range b.columns {
		if c.col == col {
			return first
		}
		first = first && c.col > col
	}
	return true
}

// pairRow takes a row of labels and values between the records: 計画名 | 第2期…
func (t *reader) pairRow(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	if len(cells) == 0 || len(cells)%2 != 0 || len(cells) > 6 {
		return false
	}
	prefer := func(r *FieldRule) bool { return !r.Preamble && !b.has(r.Name) }
	for k := 0; k < len(cells); k += 2 {
		label := record.OneLine(t.sheet.At(i, cells[k]).Text)
		rule := t.form.statedBy(label, prefer)
		if rule == nil || cells[k] == b.measures {
			return false
		}
		if _, choice := rule.choose(t.sheet.At(i, cells[k+1]).Text); rule.Type == "choice" && choice {
			continue // 種別 | 実績: the value is spelt like a head
		}
		if c, ok := t.form.matchHeader(record.OneLine(t.sheet.At(i, cells[k+1]).Text)); ok && c.rule != nil {
			return false
		}
	}
	for n := range t.form.rules { // in their order: a plan ends what was filled under the last
		for k := 0; k < len(cells); k += 2 {
			rule := t.form.statedBy(record.OneLine(t.sheet.At(i, cells[k]).Text), prefer)
			if rule != &t.form.rules[n] {
				continue
			}
			if t.isShared(rule.Name) { // said anew for all that follows
				t.endGroup()
				t.preambles++
				t.share(pair{rule, t.sheet.At(i, cells[k+1]).Text}, i, cells[k+1])
			} else {
				t.setSection(rule, t.sheet.At(i, cells[k+1]).Text, "：", i, cells[k+1])
			}
			t.claim(i, cells[k], record.ClaimLabel)
			t.claim(i, cells[k+1], record.ClaimSection)
		}
	}
	return true
}

// sectionField is the field that a section line is, and its way of numbering: by the word that it begins with, by a
// choice that it is, else by the order in which the ways of numbering first came. labelled says that a word tells.
func (t *reader) sectionField(b *band, text string) (rule *FieldRule, style string, labelled bool) {
	n := record.Normal(strings.Trim(text, sectionMarks))
	longest := 0
	for i := range t.form.rules {
		r := &t.form.rules[i]
		if r.Scoped || r.Type == "name" || r.Type == "skip" {
			continue
		}
		for _, w := range append(slices.Clip(r.Words), r.SectionOf...) {
			if w == "*" || len(w) <= longest {
				continue
			}
			if statesLevel(n, w) {
				if r.Type == "numbered" || contains(r.SectionOf, w) || r.Type == "text" && !b.has(r.Name) {
					rule, style, longest = r, w, len(w)
				}
			}
		}
	}
	if rule != nil {
		return rule, style, true
	}
	style = sectionStyle(text)
	for i := range t.form.rules {
		r := &t.form.rules[i]
		if r.Type != "choice" || b.has(r.Name) {
			continue
		}
		if _, ok := r.choose(strings.Trim(text, "【】〈〉《》＜＞<>■◆●◎○ 　")); ok {
			return r, style, style != "text"
		}
	}
	levels := t.levels(b)
	if len(levels) == 0 {
		return nil, style, false
	}
	depth := 0
	for _, s := range t.sections {
		if s.style == style {
			if r := t.form.fieldNamed(s.field); slices.Contains(levels, r) {
				return r, style, false
			}
			return nil, style, false
		}
		if slices.Contains(levels, t.form.fieldNamed(s.field)) {
			depth++
		}
	}
	if depth >= len(levels) {
		if !contains(levels[len(levels)-1].SectionOf, "*") {
			return nil, style, false
		}
		depth = len(levels) - 1
	}
	return levels[depth], style, false
}

// levels are the fields that a line without a word of its own may be, the highest first: those that the form says, else
// the numbered ones that neither a column nor the preamble states.
func (t *reader) levels(b *band) []*FieldRule {
	var said, numbered []*FieldRule
	for i := range t.form.rules {
		r := &t.form.rules[i]
		switch {
		case b.has(r.Name) || t.isShared(r.Name):
		case contains(r.SectionOf, "*"):
			said = append(said, r)
		case r.Type == "numbered" && !b.has(r.Name) && !t.isShared(r.Name):
			numbered = append(numbered, r)
		}
	}
	if len(said) > 0 {
		return said
	}
	return numbered
}

func (t *reader) isShared(name string) bool {
	return slices.ContainsFunc(t.shared, func(f record.Field) bool { return f.Name == name })
}

// setSection makes a line hold for the records below it, and ends the sections at and below its level.
func (t *reader) setSection(rule *FieldRule, text, style string, i, j int) {
	t.endGroup()
	if t.isShared(rule.Name) && t.fill[rule.Name].Name == "" { // what the preamble stated is above all sections
		for _, s := range t.sections {
			t.drop(s.field)
		}
		t.sections = nil
	}
	for k, s := range t.sections {
		if s.field == rule.Name {
			for _, gone := range t.sections[k:] {
				t.drop(gone.field)
			}
			t.sections = t.sections[:k]
			break
		}
	}
	row, col := t.sheet.Origin(i, j)
	f := record.Field{Name: rule.Name, Text: text, Sheet: t.sheet.Name, Cell: t.sheet.Ref(row, col)}
	t.drop(rule.Name)
	if rule.Type != "choice" && rule.Type != "unit" {
		t.forget(rule) // under a new pillar, the item of the old one no longer holds
	}
	for _, g := range t.interpretSection(f, rule) {
		t.fill[g.Name] = g
	}
	t.sections = append(t.sections, section{style, rule.Name})
}

func (t *reader) interpretSection(f record.Field, rule *FieldRule) []record.Field {
	if rule.Type == "text" {
		f.Value = record.OneLine(f.Text)
		return []record.Field{f}
	}
	var scratch record.Record
	return t.interpret(&scratch, f, rule)
}

func (t *reader) drop(name string) {
	delete(t.fill, name)
	delete(t.fill, name+"_no")
}

// context gives a record what the lines above it, or the sheet as a whole, state for a field.
func (t *reader) context(r *record.Record, rule *FieldRule) {
	for _, name := range []string{rule.Name, rule.Name + "_no"} {
		if f, ok := t.fill[name]; ok {
			r.Fields = append(r.Fields, f)
		}
	}
	if _, ok := t.fill[rule.Name]; ok {
		return
	}
	for _, f := range t.shared {
		if f.Name == rule.Name || f.Name == rule.Name+"_no" {
			r.Fields = append(r.Fields, f)
		}
	}
}

func (f *Form) fieldNamed(name string) *FieldRule {
	for i := range f.rules {
		if f.rules[i].Name == name {
			return &f.rules[i]
		}
	}
	return nil
}
