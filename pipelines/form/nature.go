package form

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

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

// spans are the words for the time that a value is of, where it is not simply the whole year.
var spans = []struct {
	span  string
	words *regexp.Regexp
}{
	{record.PartOfYear, regexp.MustCompile(
		`年度途中|途中経過|年度中途|[上下]半期|[前後]半期|第?[1-4]四半期|(?:^|\D)(?:[124-9]|1[0-2])月(?:\d{1,2}日|末|[上中下]旬)?` +
			`(?:時点|現在|末|まで)|(?:^|\D)(?:[124-9]|1[0-2])月末|\d月?\s*[~～〜-]\s*\d+月|\d月から\d+月`)},
	{"年度末時点", regexp.MustCompile(`年度末|(?:^|\D)3月(?:末|31日)|(?:^|[^\d/.])3[./]31`)},
	{"累計", regexp.MustCompile(`累計|累積|通算`)},
	{"月平均", regexp.MustCompile(`月平均|月間平均|1か月平均|1月当たりの?平均`)},
	{"単年度", regexp.MustCompile(`単年度`)},
}

// dated is when a value was taken: 12月末時点, 令和7年12月31日現在, R7.12.31時点.
var dated = regexp.MustCompile(`\d{1,2}月?\s*[~-]\s*\d{1,2}月|(?:(?:令和|平成|[RH])\.?\s*(?:元|\d{1,2})\s*[年./]\s*)?` +
	`(?:\d{1,2}月(?:\d{1,2}日|末日?|[上中下]旬)?|\d{1,2}[./]\d{1,2})(?:末)?(?:時点|現在|まで|で)?`)

// shortDate is a date in points, of which the month says whether the year was over: R7.12.31.
var shortDate = regexp.MustCompile(`(?:[RH]\.?\s*\d{1,2}[./])(\d{1,2})[./]?\d{0,2}`)

// nature is what words beside a number say of it: how final it is, which time it is of, and as of when.
type nature struct{ nature, span, asOf string }

// natureOf reads the words of a cell, of its head, or of a remark about it.
func natureOf(text string) nature {
	text = norm.NFKC.String(strings.ReplaceAll(text, "～", "~"))
	var n nature
	for _, w := range natures {
		if w.words.MatchString(text) {
			n.nature = w.nature
			break
		}
	}
	for _, w := range spans {
		if w.words.MatchString(text) {
			n.span = w.span
			break
		}
	}
	if m := shortDate.FindStringSubmatch(text); n.span == "" && m != nil {
		switch month, err := strconv.Atoi(m[1]); {
		case err != nil || month < 1 || month > 12:
		case month == 3:
			n.span = "年度末時点"
		default:
			n.span = record.PartOfYear
		}
	}
	if n.span == record.PartOfYear || n.span == "年度末時点" {
		n.asOf = strings.Trim(dated.FindString(text), "で()")
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
var suffixed = regexp.MustCompile(`(?:見込み?|速報|推計|推定|概算|暫定|確定|集計中|累計|累積|月平均|上半期|\d月末(?:時点|現在)?)[値数額]?[)）]?$`)

// natureOfHeads is what the heads of a number say of it.
func natureOfHeads(heads []string) nature {
	var n nature
	for _, h := range heads {
		if m := suffixed.FindString(norm.NFKC.String(record.OneLine(h))); m != "" {
			n = n.over(natureOf(m))
		}
	}
	return n
}

// qualify writes the nature into a field that has a value: without one there is nothing to qualify.
func qualify(f *record.Field, n nature) {
	if f.Value != "" {
		f.Nature, f.Span, f.AsOf = n.nature, n.span, n.asOf
	}
}

// aboutOther are remarks about another value than the one asked for: of another year, of the target, of what may come.
var aboutOther = regexp.MustCompile(`前年|昨年|前回|過年度|次年|翌年|来年|目標|計画|基準|可能性|予定`)

// started is a remark that says since when there has been something to count: 令和8年10月から受付開始.
var started = regexp.MustCompile(`(?:受付|受け付け|運用|利用|稼働|供用|提供|配信|実施|サービス|事業)(?:を)?開始`)

// remarks lets a remark (備考) qualify the number that the form asks for, in the newest year that has one: its nature and
// time where the remark speaks of nothing else, and since when there has been anything to count.
func (t *reader) remarks(r *record.Record, g *group) {
	for i := range t.form.rules {
		rule := &t.form.rules[i]
		if rule.Qualifies == "" {
			continue
		}
		text, ok := r.Field(rule.Name, "")
		about := g.newest(r, rule.Qualifies)
		if !ok || about == nil {
			continue
		}
		words := norm.NFKC.String(text.Text)
		if started.MatchString(words) {
			about.Remark = record.OneLine(text.Text)
		}
		said := natureOf(text.Text)
		if aboutOther.MatchString(words) || otherYear(words, about.Scope) != "" {
			if said != (nature{}) && !strings.Contains(words, "前年") { // of which value, only the remark itself says
				about.Remark = record.OneLine(text.Text)
			}
			continue
		}
		n := nature{about.Nature, about.Span, about.AsOf}.over(said)
		if started.MatchString(words) {
			n.span, n.asOf = about.Span, about.AsOf // the date is that of the beginning
		}
		qualify(about, n)
	}
}

// newest is the number of that name in the last year that the sheet has a cell for; nil where it is blank there.
func (g *group) newest(r *record.Record, name string) *record.Field {
	scope := ""
	for _, e := range g.entries {
		if e.rule != nil && e.rule.Name == name {
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
