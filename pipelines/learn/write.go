package learn

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"kyogikai/pipelines/form"
)

// quoted is a text as it may stand in a list of YAML.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func list(texts []string) string {
	var out []string
	for _, t := range texts {
		out = append(out, quoted(t))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// write is the YAML of the draft, with what is sure and what is not beside each field.
func (d *draft) write() []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "%s\n", oneLine(fmt.Sprintf(format, args...))) }
	fields := line
	if d.unread { // a person takes the marks off
		fields = func(format string, args ...any) { line("# "+format, args...) }
	}
	titles := d.titles
	if len(titles) == 0 {
		titles = []string{d.called()}
	}
	line("# %s：例から作った案。「%s」「%s」とあるところを確かめ、要らない欄を除いてから使う。", d.called(), Probable, Open)
	line("id: %s", d.id)
	line("name: %s", quoted(d.called()))
	if d.unread {
		line("# %s：例の一部を、この案では読めません。下の項目を直して「# 」を外し、layout を %s にしてから使う。", Open, d.layout())
		line("layout: %s", form.LayoutUnknown)
	} else {
		line("layout: %s", d.layout())
	}
	line("record: %s", d.record())
	line("titles: %s", list(titles))
	if d.series {
		d.writeSeries(fields)
	} else {
		d.writeFields(fields)
	}
	for _, o := range d.left {
		line("# %s：見出し「%s」（%s）%s。", Open, o.head.texts[0], o.head.at[0], o.why)
		if o.line != "" {
			line("# %s", o.line)
		}
	}
	line("skip_words: %s", list(words().Totals))
	line("note_marks: %s", list(words().Notes))
	return []byte(b.String())
}

// oneLine keeps what a cell says in its line of the YAML: no mark in it begins another.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
}

// layout is how the form's sheets are read.
func (d *draft) layout() string {
	if d.series {
		return form.LayoutSeries
	}
	return form.LayoutTable
}

// kinds are the records that the models know, with the fields that each cannot do without.
var kinds = []struct {
	record string
	fields []string
}{
	{"indicator", []string{"indicator", "unit", "direction", "actual"}},
	{"initiative", []string{"initiative", "progress", "self_rating"}},
	{"initiative_text", []string{"initiative", "status", "departments"}},
	{"planned_project", []string{"project", "novelty"}},
	{"current_project", []string{"project", "outcome"}},
	{"reduction", []string{"tool", "hours"}},
	{"tax_settlement", []string{"tax_item", "adjusted", "income"}},
}

// record is the kind of the records: one that the models know where the form asks all that it needs.
func (d *draft) record() string {
	if d.series {
		return "indicator_value"
	}
	for _, k := range kinds {
		if d.namer != nil && d.namer.name == k.fields[0] && d.has(k.fields...) {
			return k.record
		}
	}
	return "learned_" + d.namer.name
}

func (d *draft) writeFields(line func(string, ...any)) {
	if slices.ContainsFunc(d.fields, func(f *field) bool { return f.scoped }) {
		line("period_words: %s", list(words().Periods))
	}
	line("fields:")
	sets := map[string]*field{}
	for _, f := range d.fields {
		for _, why := range f.why {
			line("  # %s：%s", f.sure, why)
		}
		line("%s", d.line(f))
		if f.kind == "symbol" && f != d.namer {
			sets[f.name] = f
		}
	}
	if len(sets) > 0 {
		line("symbols:")
		for _, f := range d.fields {
			if sets[f.name] == nil {
				continue
			}
			line("  %s:", f.name)
			for _, s := range f.symbols {
				line("    - {symbol: %s, meaning: %s, variants: %s}", quoted(s.Symbol), quoted(s.Meaning), list(variants(s.Symbol)))
			}
		}
	}
	if len(sets) > 0 {
		line("tally:")
		line("  count_words: ['件数', '取組数']")
		line("  share_words: ['構成比', '割合']")
		line("  total_words: ['計', '合計', '総計']")
		if d.has("relisted") {
			line("  leave_out: relisted")
		}
	}
	if len(d.total) > 0 {
		line("total: {words: ['合計', '計', '総計'], fields: [%s]}", strings.Join(d.total, ", "))
	}
	line("required:")
	line("  - {field: %s}", d.namer.name)
	line("key: [%s]", strings.Join(d.key, ", "))
}

// line is a field as it stands in the YAML.
func (d *draft) line(f *field) string { return "  - {" + strings.Join(d.attributes(f), ", ") + "}" }

// variants are the other ways in which a symbol is written.
func variants(s string) []string {
	var out []string
	for v, of := range alikeSymbols {
		if of == s {
			out = append(out, v)
		}
	}
	if len(s) == 1 && s[0] >= 'A' && s[0] <= 'Z' {
		out = append(out, strings.ToLower(s))
	}
	slices.Sort(out)
	return out
}

// attributes are what the YAML says of a field.
func (d *draft) attributes(f *field) []string {
	kind := f.kind
	switch {
	case f == d.namer:
		kind = "name"
	case kind == "symbol" && len(f.symbols) == 0:
		kind = "text"
	}
	out := []string{"name: " + f.name, "type: " + kind}
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if f == d.namer {
		add("needed: true")
		if d.has("relisted") {
			add("mark: relisted")
		}
	} else if f.needed {
		add("needed: true")
	}
	if f.scoped {
		add("scoped: true")
	}
	if f.section {
		add("section: ['*']")
	}
	if q := f.question; q != nil {
		if q.Asked {
			add("asked: true")
		}
		for _, key := range []string{"preamble", "prefilled", "section"} {
			switch v := q.Attributes[key]; {
			case v == "":
			case key == "section":
				add("section: %s", list(append(slices.Clone(f.words), v)))
			default:
				add("%s: %s", key, v)
			}
		}
	}
	if f.fillDown {
		add("fill_down: true")
		if p := d.fieldNamed("project"); f.name == "code" && p != nil && p != d.namer && p.fillDown {
			add("fill_with: project")
		}
	}
	d.asType(f, kind, add)
	if len(f.over) > 0 {
		below := words().ValueBelow
		if f.kind == "year" {
			below = words().YearBelow
		}
		add("under: %s, below: %s", list(f.over), list(below))
	}
	add("words: %s", list(f.words))
	return out
}

// asType adds what a field's type needs.
func (d *draft) asType(f *field, kind string, add func(string, ...any)) {
	switch kind {
	case "symbol":
		add("symbols: %s", f.name)
	case "number":
		if d.has("unit") {
			add("unit: unit")
		}
		if f.scoped || f.name == "baseline" {
			add("literal: true")
		}
		if f.name == "baseline" && d.has("baseline_year") {
			add("head_year: baseline_year")
		}
	case "choice":
		var all []string
		for _, c := range f.choices {
			all = append(all, "{value: "+quoted(c.Value)+", words: "+list(c.Words)+"}")
		}
		add("choices: [%s]", strings.Join(all, ", "))
	case "ended":
		var going, over []string
		for _, c := range f.choices {
			if c.Value == "継続" {
				going = append(going, c.Words...)
			} else {
				over = append(over, c.Words...)
			}
		}
		add("values: %s, endings: %s", list(going), list(over))
		for _, name := range []string{"start_year", "end_year"} {
			if d.has(name) {
				add("%s: %s", name, name)
			}
		}
	case "mark":
		yes := []string{"○", "〇", "◯", "◎", "●", "再掲", "有", "あり", "はい", "レ", "✓", "1", "TRUE", "＊"}
		no := []string{"-", "－", "―", "ー", "×", "無", "なし", "いいえ", "非該当", "0", "FALSE"}
		add("marks: %s, unmarked: %s", list(yes), list(no))
	case "year":
		add("literal: true")
	}
}

func (d *draft) writeSeries(line func(string, ...any)) {
	line("series:")
	wordsOf := func(names ...string) []string {
		var out []string
		for _, n := range names {
			if f := d.fieldNamed(n); f != nil {
				out = append(out, f.words...)
			}
		}
		return out
	}
	say := func(key string, texts []string) {
		if len(texts) > 0 {
			line("  %s: %s", key, list(texts))
		}
	}
	say("indicator_words", wordsOf("indicator", "item"))
	say("standard_words", wordsOf("standard", "baseline"))
	say("year_words", []string{"年度", "区分年度"})
	say("kind_words", []string{"区分", "種別", "実績・計画の別"})
	say("as_of_words", []string{"時点", "基準日", "現在"})
	say("actual_words", append(wordsOf("actual"), missingFrom(wordsOf("actual"), "実績", "実績値")...))
	say("plan_words", append(wordsOf("target"), missingFrom(wordsOf("target"), "計画", "計画値", "目標値")...))
	say("unit_words", append(wordsOf("unit"), missingFrom(wordsOf("unit"), "単位")...))
	say("skip_words", append(wordsOf("attainment"), missingFrom(wordsOf("attainment"), "差", "増減", "差引")...))
	say("year_suffixes", []string{"決算", "実績", "実績値", "末"})
	line("  parentheses: plan")
}

func missingFrom(have []string, words ...string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return slices.Contains(have, w) })
}
