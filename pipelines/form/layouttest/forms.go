package layouttest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// manners are the habits of the one who fills in a workbook.
type manners struct {
	year   int
	years  string // how years are spelled
	few    bool   // one or two records
	wrap   bool   // long names stand on two lines
	blanks string
	number string
}

func (d *draw) manners() manners {
	m := manners{year: 2024 + d.source("year").IntN(3)}
	m.years = d.pick("year spelling", yearSpellings...)
	if m.years == relative {
		m.years += "@" + strconv.Itoa(m.year)
	}
	m.few = d.pick("records", "all", "all", "few") == "few"
	m.wrap = d.pick("names", "plain", "plain", "wrapped", "furigana") == "wrapped"
	m.blanks = d.pick("none spelling", "", "", "－", "―", "該当なし", "…", "x")
	m.number = d.pick("number spelling", numberSpellings...)
	return m
}

func (m *manners) name(text string) string {
	if m.wrap {
		return wrap(text)
	}
	return text
}

// numbers writes numbers in the department's manner.
func (m *manners) numbers(value, unit string) Cell { return numberCell(value, unit, m.number) }

func (d *draw) answers(form string, m manners) *content {
	var c *content
	switch form {
	case "A":
		c = d.indicators(m)
	case "B":
		c = d.initiatives(m)
	case "C":
		c = d.finances(m)
	default:
		c = d.texts(m)
	}
	c.form, c.titles = form, titles[form]
	if strings.HasPrefix(m.years, relative) {
		c.relativeTo = m.year
	}
	d.bringTogether(c)
	if m.few {
		c.entries = c.entries[:min(len(c.entries), 1+d.source("few").IntN(2))]
	}
	return c
}

// bringTogether orders the records so that what stands once for several of them can: in a section row before them, or
// in the preamble, for all.
func (d *draw) bringTogether(c *content) {
	var sections []string
	for _, a := range c.attrs {
		switch a.place {
		case "preamble":
			c.filter(a.field)
		case "heading":
			sections = append([]string{a.field}, sections...)
		case "section":
			sections = append(sections, a.field)
		}
	}
	if len(sections) > 0 {
		c.sortBy(sections...)
	}
}

// place chooses where a shared attribute stands. Only lists have section rows.
func (d *draw) place(dimension string, values ...string) string {
	if d.list {
		return d.pick(dimension, values...)
	}
	for i, v := range values {
		if v == "section" {
			values[i] = "column"
		}
	}
	return d.pick(dimension, values...)
}

func (d *draw) head(form, field string) string { return d.word(form+" "+field, words[form][field]) }

// indicators are the answers to form A.
func (d *draw) indicators(m manners) *content {
	c := &content{blanks: m.blanks, number: m.numbers}
	plan := d.place("A plan", "column", "column", "preamble", "preamble", "section", "heading", "none")
	project := d.place("A project", "column", "column", "column", "preamble", "section", "heading")
	if plan == "heading" && project == "heading" {
		project = "column"
	}
	kind := d.place("A kind", "column", "column", "column", "column", "preamble", "section")
	goal := d.place("A goal", "none", "none", "none", "column")
	add := func(field, place string, a attr) {
		if place != "none" {
			a.field, a.place, a.head = field, place, d.head("A", field)
			c.attrs = append(c.attrs, a)
		}
	}
	add("plan", plan, attr{group: true, worded: true})
	add("goal", goal, attr{group: true, worded: true})
	add("code", "column", attr{group: true})
	add("project", project, attr{group: true, worded: true})
	add("kind", kind, attr{worded: true})
	subgroups := d.pick("A subgroups", "none", "none", "some") == "some"
	if subgroups {
		add("subgroup", "column", attr{})
	}
	add("indicator", "column", attr{name: true})
	add("unit", "column", attr{})
	add("direction", "column", attr{})
	d.baseline(c, m, add)
	lenient := d.rare(30, "A unknown head", "none", "target") == "target"
	target := measure{field: "target", head: d.head("A", "target"), lenient: lenient}
	if lenient {
		target.head = d.head("A", "unknown")
	}
	actual := measure{field: "actual", head: d.head("A", "actual")}
	if target.head == "数値目標" || target.head == "目標数値" {
		actual.head = "実績値"
	}
	c.measures = []measure{target, actual}
	if d.pick("A attainment", "none", "none", "none", "printed") == "printed" {
		c.measures = append(c.measures, measure{field: "attainment", head: d.head("A", "attainment"), own: true})
	}
	add("remarks", "column", attr{})
	c.scopes = []int{m.year - 1, m.year, m.year + 1, m.year + 2}
	if d.pick("A target years", "contiguous", "with gaps") == "with gaps" {
		c.scopes = []int{m.year - 1, m.year, m.year + 2, m.year + 5}
	}
	d.indicatorEntries(c, m, subgroups)
	return c
}

// baseline adds the fields of where an indicator began, in one of the ways in which sheets state its year.
func (d *draw) baseline(c *content, m manners, add func(field, place string, a attr)) {
	how := d.pick("A baseline", "none", "year and value", "year and value", "year in head")
	year := m.year - 2
	switch how {
	case "year and value":
		add("baseline_year", "column", attr{})
		add("baseline", "column", attr{number: true})
	case "year in head":
		add("baseline", "column", attr{number: true})
		c.attr("baseline").head += "（" + spelled(year, inWords(m.years)) + "）"
	}
}

func (d *draw) indicatorEntries(c *content, m manners, subgroups bool) {
	r := d.source("indicators")
	kindOf := map[string]string{"成果": oneOf(r, kinds["成果"]...), "実績": oneOf(r, kinds["実績"]...)}
	wayOf := map[string]string{"上昇": oneOf(r, directions["上昇"]...), "低下": oneOf(r, directions["低下"]...)}
	undecided := d.pick("A undecided", "none", "none", "none", "未定", "後に決定")
	one := d.pick("A units", "mixed", "mixed", "one") == "one"
	pool := slices.Clone(indicators)
	r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	if one {
		pool = slices.DeleteFunc(pool, func(k counted) bool { return k.unit != "件" && k.unit != "人" })
		for i := range pool {
			pool[i].unit = "件"
		}
	}
	twoPlans := r.IntN(2) == 0
	plan := shuffled(r, plans)
	for p, project := range shuffled(r, projects)[:2+r.IntN(3)] {
		for range 1 + r.IntN(2) {
			if len(pool) == 0 {
				return
			}
			k := pool[0]
			pool = pool[1:]
			groups := []string{""}
			if subgroups && r.IntN(3) == 0 {
				groups = shuffled(r, []string{"個人", "法人"})
			}
			what := []string{"成果", "実績"}[r.IntN(2)]
			for _, group := range groups {
				e := newEntry(k.name)
				if group != "" {
					e.key += "／" + group
				}
				its := plan[0]
				if twoPlans && p > 0 {
					its = plan[1]
				}
				e.say("plan", its, its)
				e.say("goal", goals[p%2].name, goals[p%2].name)
				e.say("code", fmt.Sprintf("%d-1", p+1), fmt.Sprintf("%d-1", p+1))
				e.say("project", project, project)
				e.say("kind", kindOf[what], what)
				e.say("subgroup", group, group)
				e.say("indicator", m.name(k.name), k.name)
				e.say("unit", k.unit, k.unit)
				e.say("direction", wayOf[k.goal], k.goal)
				e.say("remarks", oneOf(r, "", "年度末時点の数値。", "集計方法は前年度と同じ。"), "")
				e.value["remarks"] = e.text["remarks"]
				e.unit = k.unit
				counts(r, c, &e, k, m, undecided)
				c.entries = append(c.entries, e)
			}
		}
	}
}

// counts draws the numbers of one indicator.
func counts(r *rand.Rand, c *content, e *entry, k counted, m manners, undecided string) {
	base := k.base*(70+r.IntN(60))/100 + 10
	step := base * (3 + r.IntN(6)) / 100
	if k.goal == "低下" {
		step = -step
	}
	start := m.year - 2
	if a := c.attr("baseline"); a != nil && r.IntN(4) > 0 {
		e.say("baseline", decimal(base, k.unit), decimal(base, k.unit))
		if c.attr("baseline_year") != nil {
			e.say("baseline_year", spelled(start, inWords(m.years)), strconv.Itoa(start))
		} else {
			e.also["baseline"] = [2]string{"baseline_year", strconv.Itoa(start)}
		}
	}
	for _, year := range c.scopes {
		aim := base + step*(year-start)
		switch {
		case undecided != "none" && year == c.scopes[len(c.scopes)-1] && r.IntN(3) == 0:
			e.rate("target", year, "="+undecided)
		case year < m.year+1 && r.IntN(8) == 0:
		default:
			e.rate("target", year, decimal(aim, k.unit))
		}
		if year <= m.year && r.IntN(5) > 0 {
			e.rate("actual", year, decimal(aim+step*(r.IntN(9)-4)/8, k.unit))
			e.rate("attainment", year, fmt.Sprintf("%d.%d%%", 95+r.IntN(9), r.IntN(10)))
		}
	}
}

// initiatives are the answers to form B.
func (d *draw) initiatives(m manners) *content {
	c := &content{number: func(value, _ string) Cell { return Cell{Text: value} }}
	pillar := d.place("B pillar", "column", "column", "section", "preamble", "heading")
	item := d.place("B item", "column", "column", "section")
	add := func(field, place string, a attr) {
		a.field, a.place, a.head = field, place, d.head("B", field)
		c.attrs = append(c.attrs, a)
	}
	add("code", "column", attr{})
	add("pillar", pillar, attr{group: true})
	add("item", item, attr{group: true})
	add("initiative", "column", attr{name: true})
	relisted := d.pick("B relisted", "none", "none", "column", "in name")
	if relisted == "column" {
		add("relisted", "column", attr{})
	}
	span := d.pick("B start and end", "none", "two columns", "one column")
	if span != "none" {
		add("start_year", "column", attr{})
		add("ended", "column", attr{})
	}
	if span == "two columns" {
		add("end_year", "column", attr{})
	}
	add("narrative", "column", attr{})
	c.measures = []measure{
		{field: "progress", head: d.head("B", "progress")}, {field: "self_rating", head: d.head("B", "self_rating")},
	}
	switch d.pick("B scopes", "year and whole", "two years and whole", "year only") {
	case "year and whole":
		c.scopes = []int{m.year, whole}
	case "two years and whole":
		c.scopes = []int{m.year - 1, m.year, whole}
	default:
		c.scopes = []int{m.year}
		c.yearElsewhere = d.pick("B year", "head", "head", "title", "line", "sheet name", "folder") != "head"
	}
	d.initiativeEntries(c, m, relisted, span)
	return c
}

func (d *draw) initiativeEntries(c *content, m manners, relisted, span string) {
	r := d.source("initiatives")
	style := d.pick("group numbering", "1 name", "①name", "(1)name", "（1）name", "（１）name", "word1 name", "【word1】name")
	names := shuffled(r, initiatives)
	ongoing := oneOf(r, going...)
	number := 0
	for p, pillar := range pillars {
		if r.IntN(2) == 0 && p < len(pillars)-1 {
			continue
		}
		for i, item := range pillar.below[:1+r.IntN(2)] {
			for range 1 + r.IntN(2) {
				number++
				e := newEntry(names[number-1])
				e.say("code", strconv.Itoa(number), strconv.Itoa(number))
				e.say("initiative", m.name(e.key), e.key)
				d.inGroup(c, &e, "pillar", "柱", p+1, pillar.name, style)
				d.inGroup(c, &e, "item", "推進項目", i+1, item, style)
				if r.IntN(2) == 0 {
					e.say("narrative", e.key+"を計画どおり実施した。", e.key+"を計画どおり実施した。")
				}
				lasts(r, &e, m, span, ongoing)
				rates(r, c, &e, m)
				c.entries = append(c.entries, e)
			}
		}
	}
	if relisted != "none" && len(c.entries) > 2 {
		relist(c, relisted, number+1)
	}
}

// inGroup says which group a record is in. In a section row and before a table, a number alone does not tell the level
// of a group: the form's word stands there, or the levels are numbered each in its own way.
func (d *draw) inGroup(c *content, e *entry, field, word string, number int, name, style string) {
	a := c.attr(field)
	if a == nil {
		return
	}
	lower := field == "item" || field == "measure"
	if a.place == "section" && lower && d.source("section numbering").IntN(2) == 0 {
		style = "（1）name" // the level above it has a word, or stands elsewhere
	} else if a.place != "column" && style != "【word1】name" {
		style = "word1 name"
	}
	if a.place == "preamble" {
		style, a.worded = "1 name", true
	}
	e.say(field, numbered(number, word, name, style), name)
}

// lasts says when an initiative began and whether it has ended.
func lasts(r *rand.Rand, e *entry, m manners, span, ongoing string) {
	if span == "none" {
		return
	}
	start := 2016 + r.IntN(7)
	e.say("start_year", spelled(start, inWords(m.years)), strconv.Itoa(start))
	if r.IntN(5) > 0 {
		e.say("ended", ongoing, "継続")
		return
	}
	end := m.year - 1
	if span == "two columns" {
		e.say("ended", "完了", "完了")
		e.say("end_year", spelled(end, inWords(m.years)), strconv.Itoa(end))
		return
	}
	_, letter, n := era(end)
	e.say("ended", fmt.Sprintf("完了（%s%d）", letter, n), "完了")
	e.also["ended"] = [2]string{"end_year", strconv.Itoa(end)}
}

func rates(r *rand.Rand, c *content, e *entry, m manners) {
	over := e.value["ended"] == "完了"
	for _, scope := range c.scopes {
		if over && scope == m.year {
			continue
		}
		e.rate("progress", scope, oneOf(r, "◎", "○", "○", "△", "▲", "×"))
		e.rate("self_rating", scope, oneOf(r, "A", "B", "B", "C", "－"))
	}
}

// relist states the first initiative once more, under the last one's item, as one that was listed before.
func relist(c *content, how string, number int) {
	first, last := c.entries[0], c.entries[len(c.entries)-1]
	if first.value["item"] == last.value["item"] {
		return
	}
	e := newEntry(first.key + "／再掲")
	for field, text := range first.text {
		e.say(field, text, first.value[field])
	}
	for field, also := range first.also {
		e.also[field] = also
	}
	for _, field := range []string{"pillar", "item"} {
		e.say(field, last.text[field], last.value[field])
	}
	e.say("code", strconv.Itoa(number), strconv.Itoa(number))
	for measure, byScope := range first.values {
		for scope, value := range byScope {
			e.rate(measure, scope, value)
		}
	}
	if how == "column" {
		e.say("relisted", "○", "true")
	} else {
		e.say("initiative", first.key+"（再掲）", first.key)
		e.also["initiative"] = [2]string{"relisted", "true"}
	}
	c.entries = append(c.entries, e)
}

// finances are the answers to form C.
func (d *draw) finances(m manners) *content {
	c := &content{blanks: m.blanks}
	r := d.source("finances")
	unit := d.pick("C unit", "column", "column", "in name", "in cell", "above")
	spelling := m.number
	if c.unitInCell = unit == "in cell"; c.unitInCell {
		spelling = []string{"単位の書式", "単位付きの文字"}[r.IntN(2)]
	}
	c.number = func(value, of string) Cell { return numberCell(value, of, spelling) }
	c.attrs = []attr{{field: "indicator", head: d.head("C", "indicator"), place: "column", name: true}}
	if unit == "column" {
		c.attrs = append(c.attrs, attr{field: "unit", head: d.head("C", "unit"), place: "column"})
	}
	if unit == "above" {
		c.attrs = append(c.attrs, attr{field: "unit", head: "単位", place: "above"})
	}
	c.attrs = append(c.attrs, attr{field: "standard", head: d.head("C", "standard"), place: "column"})
	plan := d.pick("C plan", "none", "none", "all", "some")
	c.measures = []measure{{field: "value", head: d.head("C", "value")}}
	if plan != "none" {
		c.measures = append(c.measures, measure{field: "plan", head: d.head("C", "plan")})
	}
	switch d.pick("C years", "three", "five", "with gaps") {
	case "three":
		c.scopes = []int{m.year - 2, m.year - 1, m.year}
	case "five":
		c.scopes = []int{m.year - 4, m.year - 3, m.year - 2, m.year - 1, m.year}
	default:
		c.scopes = []int{2017, m.year - 4, m.year - 1, m.year}
	}
	pool := slices.Clone(finances)
	r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	if unit == "above" {
		pool = slices.DeleteFunc(pool, func(k counted) bool { return k.unit != "億円" })
	}
	for _, k := range pool[:min(len(pool), 2+r.IntN(4))] {
		e := newEntry(k.name)
		name := m.name(k.name)
		if unit == "in name" {
			name += "（" + k.unit + "）"
			e.also["indicator"] = [2]string{"unit", k.unit}
		}
		e.say("indicator", name, k.name)
		e.say("unit", k.unit, k.unit)
		e.say("standard", k.goal, k.goal)
		e.unit = k.unit
		planned := plan == "all" || plan == "some" && r.IntN(2) == 0
		for _, year := range c.scopes {
			e.rate("value", year, decimal(k.base*(90+r.IntN(20))/100, k.unit))
			if planned {
				e.rate("plan", year, decimal(k.base*(92+r.IntN(16))/100, k.unit))
			}
		}
		c.entries = append(c.entries, e)
	}
	return c
}

// texts are the answers to form D.
func (d *draw) texts(m manners) *content {
	c := &content{}
	r := d.source("texts")
	add := func(field, place string, a attr) {
		a.field, a.place, a.head = field, place, d.head("D", field)
		c.attrs = append(c.attrs, a)
	}
	add("goal", d.place("D goal", "column", "section", "preamble", "heading"), attr{group: true})
	add("measure", d.place("D measure", "column", "column", "section"), attr{group: true})
	add("code", "column", attr{})
	add("initiative", "column", attr{name: true})
	add("summary", "column", attr{})
	add("status", "column", attr{})
	add("departments", "column", attr{})
	style := d.pick("group numbering", "1 name", "①name", "(1)name", "（1）name", "（１）name", "word1 name", "【word1】name")
	between := d.pick("D departments", "、", "\n", "・", "，")
	names := shuffled(r, initiatives)
	number := 0
	for g, goal := range goals[:1+r.IntN(len(goals))] {
		for i, measure := range goal.below[:1+r.IntN(2)] {
			for range 1 + r.IntN(2) {
				number++
				e := newEntry(names[number-1])
				e.say("code", strconv.Itoa(number), strconv.Itoa(number))
				e.say("initiative", m.name(e.key), e.key)
				d.inGroup(c, &e, "goal", "基本目標", g+1, goal.name, style)
				d.inGroup(c, &e, "measure", "施策", i+1, measure, style)
				e.say("summary", e.key+"により、市民の手間を減らす。", e.key+"により、市民の手間を減らす。")
				done := fmt.Sprintf("○%sを%dか所で実施した。", e.key, 10+r.IntN(30))
				if r.IntN(2) == 0 {
					done += "\n○来年度も続ける。"
				}
				e.say("status", done, done)
				two := shuffled(r, offices)[:1+r.IntN(2)]
				e.say("departments", join(two, between), join(two, "、"))
				c.entries = append(c.entries, e)
			}
		}
	}
	return c
}

func join(texts []string, between string) string {
	out := texts[0]
	for _, t := range texts[1:] {
		out += between + t
	}
	return out
}
