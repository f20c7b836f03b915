package form

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
)

// natures are the words for how final a value is, the ones that say most first.
var natures = []struct {
	nature string
	words  *regexp.Regexp
}{
	{"集計中", regexp.MustCompile(`集計(?:作業)?中|精査中|確認中|調査中|取りまとめ中|とりまとめ中`)},
	{"暫定", regexp.MustCompile(`暫定|仮集計|仮算定`)},
	{"速報", regexp.MustCompile(`速報`)},
	{"推計", regexp.MustCompile(`推計|推定|概算`)},
	{"見込", regexp.MustCompile(`見込|予測値|予定値`)},
	{"確定", regexp.MustCompile(`確定[値数額済]|^[(（]?確定[)）]?$|[(（]確定[)）]`)},
}

// spans are the words for the time that a value is of, where it is not simply the whole year. What is said of a part of
// the year, or of its end, is read by momentOf: 累計 as of the end of a year is 累計, as of December a part of the year.
var spans = []struct {
	span  string
	words *regexp.Regexp
}{
	{"累計", regexp.MustCompile(`累計|累積|通算`)},
	{"月平均", regexp.MustCompile(`月平均|月間平均|1か月平均|1月当たりの?平均`)},
	{yearEnd, regexp.MustCompile(`年度末`)},
	{"単年度", regexp.MustCompile(`単年度`)},
}

// nature is what words beside a number say of it: how final it is, which time it is of, and as of when.
type nature struct{ nature, span, asOf string }

// natureOf reads the words of a cell, or of its head.
func natureOf(text string) nature {
	text = folded(text)
	return natureAt(text, momentOf(text))
}

// natureAt is what a folded text says of a value that it says was taken at some moment.
func natureAt(text string, m moment) nature {
	var n nature
	for _, w := range natures {
		if w.words.MatchString(text) {
			n.nature = w.nature
			break
		}
	}
	if m.span == record.PartOfYear {
		n.span, n.asOf = m.span, m.words
		return n
	}
	for _, w := range spans {
		if w.words.MatchString(text) {
			n.span = w.span
			break
		}
	}
	if n.span == "" || n.span == yearEnd {
		n.span, n.asOf = cmp.Or(m.span, n.span), m.words
	}
	return n
}

var firstOfApril = regexp.MustCompile(`(?:^|\D)4(?:月1日|[./]1(?:\D|$))`)

// ofRecord is the nature of a value of a form that counts what there is on a day: the first of April is the day of
// record of staff and population, and no part of the year.
func (n nature) ofRecord() nature {
	if n.span == record.PartOfYear && firstOfApril.MatchString(n.asOf) {
		n.span = ""
	}
	return n
}

// over completes what a cell says of itself by what its head says.
func (n nature) over(head nature) nature {
	if n.nature == "" {
		n.nature = head.nature
	}
	if n.span == "" {
		n.span, n.asOf = head.span, head.asOf
	}
	return n
}

// suffixed is how a head says of what nature its numbers are: 実績見込, 実績（速報値）, 令和7年度（見込）. A head that is about
// an estimate (推計人口) says nothing of the kind.
var suffixed = regexp.MustCompile(`(?:見込み?|速報|推計|推定|概算|暫定|確定|集計中|累計|累積|月平均|途中)[値数額]?$`)

var (
	headParts  = regexp.MustCompile(`[()・、,/ ]+`)
	headNotes  = regexp.MustCompile(`[※*＊]+\d*$`)
	headOfMade = regexp.MustCompile(`(?:実績|決算)?[値数額]?$`)
	planned    = regexp.MustCompile(`^予定[値]?$`)
)

// natureOfHeads is what the heads of a number say of it.
func natureOfHeads(heads []string) nature {
	var n nature
	for _, h := range heads {
		h = headNotes.ReplaceAllString(folded(record.OneLine(h)), "")
		m := momentOf(h)
		n = n.over(natureAt("", m))
		for i, part := range headParts.Split(h, -1) {
			if part = headNotes.ReplaceAllString(part, ""); i > 0 && planned.MatchString(part) {
				n = n.over(nature{nature: "見込"})
			}
			for _, p := range []string{part, headOfMade.ReplaceAllString(part, "")} {
				if suffixed.MatchString(p) {
					n = n.over(natureAt(suffixed.FindString(p), moment{}))
				}
			}
		}
	}
	return n
}

var natureAlone = regexp.MustCompile(`^(?:実績)?(?:見込み?|速報|推計|暫定|確定|予定|累計|月平均|集計中)[値数額]?$`)

// saysNature reports a text that says of what nature values are, and nothing else: 見込, 速報値, （12月末現在）.
func saysNature(text string) bool {
	text = strings.Trim(folded(record.OneLine(text)), "() ")
	return natureAlone.MatchString(text) || momentOf(text).words == text && text != ""
}

// qualify writes the nature into a field that has a value: without one there is nothing to qualify.
func qualify(f *record.Field, n nature) {
	if f.Value != "" {
		f.Nature, f.Span, f.AsOf = n.nature, n.span, n.asOf
	}
}

// aboutOther are remarks about another value than the one asked for: of another year, of the target, of what may come.
var aboutOther = regexp.MustCompile(`前年|昨年|前回|過年度|次年|翌年度|来年|目標|計画|基準|可能性|予定|[要原]因|理由|` +
	`見込み?(?:を|より|どおり|通り|に[対比反])`)

// started is a remark that says since when there has been something to count: 令和8年10月から受付開始.
var started = regexp.MustCompile(`(?:受付|受け付け|運用|利用|稼働|供用|提供|配信|実施|サービス|事業)(?:を)?開始`)

// remarks lets a remark (備考) qualify the number that the form asks for: its nature and time as far as the remark speaks
// of nothing else, and since when there has been anything to count. What it says of which value nobody can know stands
// in the paper in its own words.
func (t *reader) remarks(r *record.Record, g *group) {
	for i := range t.form.rules {
		rule := &t.form.rules[i]
		if rule.Qualifies == "" {
			continue
		}
		seen := map[[2]int]bool{}
		for _, e := range g.entries {
			at := t.origin(e.at[0], e.at[1])
			if e.rule != rule || e.nothing || seen[at] {
				continue
			}
			seen[at] = true
			text := t.sheet.At(at[0], at[1]).Text
			about := g.newest(r, rule.Qualifies, t.rowsOf(g, rule.Qualifies, at))
			if about == nil || strings.TrimSpace(text) == "" {
				continue
			}
			own, other := remarkOn(text, about.Scope)
			if other || started.MatchString(norm.NFKC.String(text)) {
				about.Remark = record.OneLine(text)
			}
			t.ofAll(r, own, text)
			qualify(about, nature{about.Nature, about.Span, about.AsOf}.over(own))
		}
	}
}

// ofAll lets a remark that says over what time an indicator is counted (累計, 月平均, 単年度), and of which of its values it
// speaks not, hold for all of them: targets that count up are of the same kind as the values that reach them.
func (t *reader) ofAll(r *record.Record, own nature, remark string) {
	if own.span == "" || own.span == record.PartOfYear || own.span == yearEnd ||
		ofOneValue.MatchString(folded(remark)) {
		return
	}
	for i := range r.Fields {
		f := &r.Fields[i]
		rule := t.form.fieldNamed(f.Name)
		if rule != nil && rule.Type == "number" && f.Value != "" && f.Span == "" {
			f.Span = own.span
		}
	}
}

// ofOneValue is a remark that says which value it is about.
var ofOneValue = regexp.MustCompile(`実績|今年度|当年度|本年度|年度[はの分]`)

// rowsOf tells the rows of a remark from the others of its record: where each year has a row, it is about its own. It
// holds of all where no number of that name stands in its rows.
func (t *reader) rowsOf(g *group, name string, at [2]int) func(entry) bool {
	last := at[0] + geometry.Height(t.sheet, at[0], at[1])
	in := func(e entry) bool { return e.at[0] >= at[0] && e.at[0] < last }
	if g.band == nil || !slices.ContainsFunc(g.entries, func(e entry) bool { return e.rule.Name == name && in(e) }) {
		return func(entry) bool { return true }
	}
	return in
}

// remarkOn is what a remark says of the value of a year, and whether it says something of the kind about another: a
// sentence is about the value up to its first clause that is about another, 12月末時点の実績であり、年度末には目標を達成する見込み.
func remarkOn(text, scope string) (own nature, other bool) {
	text = folded(text)
	for _, sentence := range strings.FieldsFunc(text, among("。｡\n;")) {
		about := true
		for _, clause := range strings.FieldsFunc(sentence, among("、,")) {
			said := natureAt(clause, besideOf(clause))
			about = about && !aboutOther.MatchString(clause) && otherYear(clause, scope) == ""
			switch {
			case !about:
				other = other || said != nature{} && !strings.Contains(sentence, "前年")
			case started.MatchString(clause): // the date is that of the beginning
				own = own.over(nature{nature: said.nature})
			default:
				other = other || said.span == "" && momentOf(clause).span != ""
				own = own.over(said)
			}
		}
	}
	return own, other
}

func among(marks string) func(rune) bool {
	return func(r rune) bool { return strings.ContainsRune(marks, r) }
}

// newest is the number of that name in the last year that some cells of the record are of; nil where it is blank.
func (g *group) newest(r *record.Record, name string, of func(entry) bool) *record.Field {
	scope := ""
	for _, e := range g.entries {
		if e.rule != nil && e.rule.Name == name && of(e) {
			scope = max(scope, e.scope)
		}
	}
	for i := range r.Fields {
		if f := &r.Fields[i]; f.Name == name && f.Scope == scope && f.Value != "" {
			return f
		}
	}
	return nil
}
