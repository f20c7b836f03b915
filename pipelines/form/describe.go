package form

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

var inAnyBrackets = regexp.MustCompile(`[（(]([^（）()]{1,6})[)）]`)

var unitInBrackets = regexp.MustCompile(`^[（(](?:単位[:：])?([^（）()]{1,6})[)）]$`)

// describe finds what each column of a block is.
func (f *Form) describe(s *workbook.Sheet, b *band, year int) {
	seen := map[string]int{}
	b.columns, b.unknown, b.yearless = nil, nil, nil
	deepest := b.bottom
	for slices.Contains(b.numbers, deepest) { // numbers of columns group nothing
		deepest--
	}
	for j := b.left; j < b.right; j++ {
		own, all := geometry.Stack(s, b.top, deepest, b.left, j)
		unit := headUnit(texts(own))
		if above := s.At(max(b.top-1, 0), j).Text; unit == "" && b.top > 0 && isUnit(above) && allUnits(s, b, b.top-1) {
			unit = unitName(above)
		}
		said := natureOfHeads(texts(all)) // also of a row of dates
		own, all = f.withoutNumbers(b, own), f.withoutNumbers(b, all)
		own, all = f.spelled(s, b, own, year), f.spelled(s, b, all, year)
		if len(all) == 0 || len(own) == 0 {
			continue
		}
		b.heads[j], b.own[j] = all, texts(own)
		c, ok := f.matchParts(texts(own))
		if (!ok || c.rule == nil || c.rule.Scoped && c.scope == "") && len(all) > len(own) {
			if wide, matched := f.matchParts(texts(all)); matched && wide.rule != nil && (wide.scope != "" || !ok) {
				c, ok = wide, true
			}
		}
		if s.Covered(b.bottom, j) && f.sameAsLeft(s, b, b.bottom, j) {
			continue
		}
		if !ok {
			b.unknown = append(b.unknown, j)
			continue
		}
		c.col = j
		c.unit, c.said = unit, said
		if f.Series != nil { // there a row of dates says when the values hold
			c.said = natureOfHeads(texts(all))
		}
		for _, p := range all {
			c.scope, c.headYear = era(p.Text, c.scope, year), era(p.Text, c.headYear, year)
		}
		if c.rule != nil && c.rule.Scoped && c.scope == "" {
			b.yearless = append(b.yearless, c)
			c.scope, c.assumed = yearText(year), true
			if given := b.given[j]; given != "" {
				c.scope, c.assumed = given, false
			}
		}
		id := c.scope
		if c.rule != nil {
			id += "/" + c.rule.Name
		}
		if first, again := seen[id]; again {
			if next := f.namesake(c.rule, strings.Join(texts(own), ""), seen); next != nil {
				c.rule, id = next, "/"+next.Name
			} else if k := b.place(first); k >= 0 && c.rule != nil {
				if next := f.namesake(c.rule, b.headText(first), seen); next != nil { // the first may be the other field
					b.columns[k].rule = next
					seen["/"+next.Name] = first
					delete(seen, id)
				}
			}
		}
		if c.rule != nil && c.rule.Type == "skip" {
			b.columns = append(b.columns, c)
			continue
		}
		if k, again := seen[id]; again {
			b.rivals[j] = k
			continue
		}
		seen[id] = j
		b.columns = append(b.columns, c)
	}
}

var eraAlone = regexp.MustCompile(`^(?:令和|平成|昭和|R|H|S|Ｒ|Ｈ)$`)

// spelled writes the years of a head as years: an era split over two cells (令和 over 7年度), a bare number in a row of
// years, 前年度 and 今年度.
func (f *Form) spelled(s *workbook.Sheet, b *band, parts []geometry.Part, year int) []geometry.Part {
	var out []geometry.Part
	for k := 0; k < len(parts); k++ {
		p := parts[k]
		if eraAlone.MatchString(p.Text) && k+1 < len(parts) && hasDigit(firstRune(parts[k+1].Text)) {
			p = geometry.Part{At: parts[k+1].At, Text: p.Text + parts[k+1].Text}
			if !strings.Contains(p.Text, "年") {
				p.Text += "年度"
			}
			k++
		} else if n, ok := bareNumber(p.Text); ok && f.yearRow(s, b, p.At[0], year) {
			p.Text = fiscal.Wareki(eraNumber(n, year))
		} else {
			p.Text = relativeYear(p.Text, year)
		}
		out = append(out, p)
	}
	return out
}

func firstRune(text string) string {
	for _, r := range text {
		return string(r)
	}
	return ""
}

// relativeYear writes 前年度 and 今年度 as the years that they are on a sheet of a year; other words that begin so
// (前年度比) stay.
func relativeYear(text string, year int) string {
	if year == 0 || !strings.Contains(text, "年度") {
		return text
	}
	n := record.Normal(text)
	for _, w := range relativeYears {
		rest, ok := cutWord(n, w.word)
		if !ok || comparing.MatchString(rest) {
			continue
		}
		if w.word == "年度" {
			continue
		}
		return fiscal.Wareki(year+w.years) + rest
	}
	return text
}

var relativeYears = []struct {
	word  string
	years int
}{
	{"前々年度", -2}, {"前年度", -1}, {"昨年度", -1}, {"今年度", 0}, {"本年度", 0}, {"当年度", 0}, {"当該年度", 0}, {"翌年度", 1},
	{"来年度", 1},
}

// bareNumber reads a whole number that may be a year: of an era, or of the west.
func bareNumber(text string) (int, bool) {
	n, err := strconv.Atoi(record.Normal(text))
	return n, err == nil && (n > 0 && n <= 64 || n >= 1990 && n <= 2060)
}

// eraNumber is the fiscal year of a bare number on a sheet of a year: 7 is 令和7年度, 29 平成29年度 where
// 令和29年度 lies far ahead.
func eraNumber(n, now int) int {
	const reiwa, heisei = 2018, 1988
	switch {
	case n > 64:
		return n
	case now > 0 && reiwa+n > now+farAhead && n <= 31:
		return heisei + n
	}
	return reiwa + n
}

func (f *Form) withoutNumbers(b *band, parts []geometry.Part) []geometry.Part {
	return slices.DeleteFunc(slices.Clone(parts), func(p geometry.Part) bool {
		return slices.Contains(b.numbers, p.At[0]) || f.dateHead(p.Text) || unitHead(p.Text) ||
			isUnit(p.Text) && f.field(headWord(p.Text)) == nil
	})
}

// dateHead reports a date of measurement in a head: R3.4.1 現在, （各年度末）. It is no year of the values.
func (f *Form) dateHead(text string) bool {
	if !isAsOf(text) || f.yearOf(text) != "" {
		return false
	}
	_, field := f.matchHeader(text)
	return !field
}

func texts(parts []geometry.Part) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = p.Text
	}
	return out
}

// headUnit is the unit that a head states in brackets: 来館者数（人）, or in a row of its own below.
func headUnit(parts []string) string {
	for k := len(parts) - 1; k >= 0; k-- {
		if m := unitInBrackets.FindStringSubmatch(strings.TrimSpace(parts[k])); m != nil && isUnit(m[1]) {
			return unitName(m[1])
		}
		if len(parts) > 1 && isUnit(parts[k]) {
			return unitName(parts[k])
		}
		for _, m := range inAnyBrackets.FindAllStringSubmatch(parts[k], -1) {
			if isUnit(m[1]) {
				return unitName(m[1])
			}
		}
	}
	return ""
}

// usualUnit is a unit as heads state it.
var usualUnit = regexp.MustCompile(`^(?:延べ?)?(?:十|百|千|万|十万|百万|千万|億|兆)?(?:` +
	`円|人|名|件|回|日|月|年|時間|分|秒|週|か月|ヶ月|カ月|か所|箇所|ヶ所|カ所|ケ所|施設|団体|世帯|戸|台|枚|部|冊|校|園|館|棟|室|区画|` +
	`％|%|‰|割|点|ポイント|pt|種類|種|事業|組|本|個|社|者|床|頭|匹|羽|便|路線|地区|自治会|講座|ページ|頁|アクセス|回線|隻|駅|橋|基|口|票|` +
	`k?m|㎞|ｍ|㎡|m2|km2|㎢|ha|a|kg|㎏|g|t|トン|l|ℓ|リットル|kwh|mwh|kw|mw|kl|t-co2|kg-co2|gb|mb|坪|畳|式|クラス|学級|コース|教室|路|便数|歳|才|位|倍|度` +
	`)(?:[/／](?:年|月|日|人|世帯|台|件|回|時間))?$`)

// isUnit reports a text that is one of the usual units.
func isUnit(text string) bool { return usualUnit.MatchString(strings.ToLower(record.Normal(text))) }

// sameAsLeft reports a heading merged over the columns to its left: the first of them holds the field.
func (f *Form) sameAsLeft(s *workbook.Sheet, b *band, row, col int) bool {
	_, left := s.Origin(row, col)
	return slices.ContainsFunc(b.columns, func(c column) bool { return c.col >= left && c.col < col })
}

// namesake is another field that a head names as well and that has no column yet: the second 区分 of two, 記入課 beside 所管課.
func (f *Form) namesake(rule *FieldRule, head string, seen map[string]int) *FieldRule {
	n := headWord(head)
	for i := range f.rules {
		r := &f.rules[i]
		if rule == nil || r == rule || r.Scoped || r.Type == "skip" ||
			!slices.Equal(r.Words, rule.Words) && !contains(r.Words, n) {
			continue
		}
		if _, taken := seen["/"+r.Name]; !taken {
			return r
		}
	}
	return nil
}
