package quantity

import (
	"regexp"
	"strings"
)

// The words that stand before and after a number and are no part of it.
var (
	missingMark = regexp.MustCompile(`^[(]?(?:[-—―ー‒─━.…‥・\s]*|[xXｘＸχΧ]|空欄|空白)[)]?$`)
	placeholder = regexp.MustCompile(
		`^(約|おおむね|概ね)?\s*(?:[-—―─]|[〇○◯●□]+|[×✕xX*＊]{2,})(?:[,.、・](?:[〇○◯●□]+|[×✕xX*＊]{2,}))*((?:千|百|十)?(?:万|億|兆)?)` +
			`\s*([^\s\d〇○◯●□]*)$`,
	)
	undecided = regexp.MustCompile(
		`未決定|(?:決定|設定|策定|検討)(?:する|します|予定|見込み?|中)?。?$|未定|未設定|未確定|検討中|検討し、|検討する|検討予定|要検討|調整中|協議中|精査中|集計中|算定中|算出中|確認中|策定中|` +
			`設定予定|決定後|後日|確定次第`,
	)
	counting   = regexp.MustCompile(`^(?:集計|精査|確認|算定|算出)中$`) // beside a number: it stands, and may change
	year       = `(?:(?:令和|平成|昭和|大正|[RHSrhs]\.? ?)(?:元|\d{1,2})(?:\(\d{4}\))?(?:年度|年)?|(?:19|20)\d{2}年度?)`
	yearPrefix = regexp.MustCompile(
		`^(?:` + year +
			`)(?:\d{1,2}月)?(?:\d{1,2}日)?(?:当初|末|中|度末)?(?:時点|現在|実績|目標)?(?:までに|において|には|では|から|より|まで|に|で|の|は|比で|比|:|、| )+`,
	)
	against = regexp.MustCompile(
		`^(?:対?(?:前|昨)年度?(?:同月|同期|実績)?(?:比|より|から|に比べて?|を)?|(?:基準|現状|現況|当初|策定時)(?:年度|値|時)?(?:比|より|から|に比べて?))[、:]?(?:で|の|に)` +
			`?\s*`,
	)
	ignored = regexp.MustCompile(
		`^(?:計|総計|合計|累計|全|各|平均|延べ?|のべ|述べ|総額|総数|総|年間?平均|年間|年額|年|毎年度?|(?:市民|住民|職員|人口|児童|生徒)?(?:[\d一]*[千万]?人)?(?:[\d一]?(?:日|` +
			`回|件|世帯|戸|月|か月|時間))?(?:当たり|あたり|当り)(?:の?平均)?)[:\s]*`,
	)
	perPeriod   = regexp.MustCompile(`^(?:毎?[月週日](?:平均|額|間)?)[:\s]*([\d約])`)
	approximate = regexp.MustCompile(`^(?:約|およそ|おおよそ|おおむね|概ね|ほぼ)\s*`)
	atLeast     = regexp.MustCompile(`^(少なくとも|最低でも|最低|≧|≥|>=|≦|≤|<=|>|<|最大でも|多くとも)\s*`)
	leading     = map[string]string{
		"少なくとも": "ge", "最低でも": "ge", "最低": "ge", "≧": "ge", "≥": "ge", ">=": "ge", "≦": "le", "≤": "le", "<=": "le",
		">": "gt", "<": "lt", "最大でも": "le", "多くとも": "le",
	}
	sign = regexp.MustCompile(`^(?:マイナス|プラス)\s*(\d)`)

	kanjiNumeral = regexp.MustCompile(`^[一二三四五六七八九十百千万〇数]+`)

	approxAfter = []string{"程度", "前後", "くらい", "ぐらい", "ほど", "強", "弱", "余り", "余", "あまり"}
	verbs       = []string{
		"策定", "設定", "を維持する", "を維持", "の維持", "を目指す", "を目標とする", "を目標", "とする", "を達成", "を確保", "の見込み", "の見込", "見込み", "見込", "達成",
		"維持", "実施", "開催", "である",
	}
	comparators = []struct{ word, code string }{
		{"以上", "ge"}, {"以下", "le"}, {"以内", "le"}, {"未満", "lt"}, {"を下回る", "lt"}, {"を超える", "gt"}, {"を超え", "gt"},
		{"を上回る", "gt"}, {"超える", "gt"}, {"超", "gt"},
	}
	changes = []struct{ word, code string }{
		{"増加", "increase"}, {"増", "increase"}, {"上昇", "increase"}, {"向上", "increase"}, {"増やす", "increase"},
		{"減少", "decrease"}, {"削減", "decrease"}, {"低減", "decrease"}, {"縮減", "decrease"}, {"短縮", "decrease"},
		{"低下", "decrease"}, {"軽減", "decrease"}, {"減らす", "decrease"}, {"減", "decrease"},
	}
)

func missing(s string) (Quantity, bool) {
	if missingMark.MatchString(s) {
		return Quantity{Status: Missing}, true
	}
	m := placeholder.FindStringSubmatch(s)
	if m == nil || s == "〇" || s == "○" || s == "◯" || s == "●" || s == "□" {
		return Quantity{}, false
	}
	u := measure(cutPeriod(m[3]))
	return Quantity{Status: Missing, Approx: m[1] != "", Unit: m[2] + m[3], BaseUnit: u.base}, true
}

var (
	footnote = regexp.MustCompile(`\s*(?:[※＊*].*|\(?注\d*\)?.*|[¹²³⁴⁵]+\)?)$`)
	inside   = regexp.MustCompile(`\([^()]*\)`)
)

// trimNote takes a footnote mark and what follows it off the end: 30件※速報値.
func trimNote(s string) string {
	cut := footnote.ReplaceAllString(s, "")
	if strings.Contains(s, "=") || cut == "" {
		cut = s // an asterisk may be a multiplication
	}
	return strings.TrimRight(cut, "。 \n")
}

func outsideBrackets(s string) string { return strings.TrimSpace(inside.ReplaceAllString(s, "")) }

// cutPrefixes takes off what may stand before a number: a period (令和8年度末までに), what it is compared with (前年度比),
// totals (計 延べ), how often (年1回, 月3回), 約.
func cutPrefixes(s string) (rest string, approx bool, comparator string) {
	for {
		before := s
		for _, re := range []*regexp.Regexp{yearPrefix, against} {
			if m := re.FindString(s); m != "" && m != s {
				s = s[len(m):]
			}
		}
		if m := perPeriod.FindStringSubmatchIndex(s); m != nil {
			s = s[m[2]:]
		}
		if m := ignored.FindString(s); m != "" && m != s {
			s = s[len(m):]
		}
		if m := approximate.FindString(s); m != "" {
			s, approx = s[len(m):], true
		}
		if m := atLeast.FindStringSubmatch(s); m != nil {
			s, comparator = s[len(m[0]):], leading[m[1]]
		}
		if m := sign.FindStringSubmatchIndex(s); m != nil {
			minus := ""
			if strings.HasPrefix(s, "マイナス") {
				minus = "-"
			}
			s = minus + s[m[2]:]
		}
		if s == before {
			return s, approx, comparator
		}
	}
}

// cutSuffixes takes off what may stand behind the unit: 以上, 程度, 増, を維持.
func (q *Quantity) cutSuffixes(s string) string {
	for {
		before := s
		s = strings.TrimSpace(strings.TrimSuffix(s, "。"))
		if rest, code := cutComparator(s); code != "" && q.Comparator == "" {
			s, q.Comparator = strings.TrimSuffix(rest, "を"), code
		}
		for _, w := range approxAfter {
			if rest, ok := strings.CutSuffix(s, w); ok && rest != "" {
				s, q.Approx = rest, true
			}
		}
		for _, w := range verbs {
			if rest, ok := strings.CutSuffix(s, w); ok && rest != "" {
				s = rest
			}
		}
		for _, c := range changes {
			rest, ok := strings.CutSuffix(s, c.word)
			if ok && q.Change == "" && rest != "" && !strings.HasSuffix(rest, "増") {
				s, q.Change = strings.TrimRight(strings.TrimSpace(rest), "のを"), c.code
			}
		}
		if s == before {
			return s
		}
	}
}

func cutComparator(s string) (string, string) {
	for _, c := range comparators {
		if rest, ok := strings.CutSuffix(s, c.word); ok {
			return strings.TrimSpace(rest), c.code
		}
	}
	return s, ""
}

// cutYen reads a leading ¥ as the unit 円 behind the number.
func cutYen(s string) string {
	for _, mark := range []string{"¥", "\\"} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			rest = strings.TrimSpace(strings.TrimSuffix(rest, "-"))
			if !strings.HasSuffix(rest, "円") {
				rest += "円"
			}
			return rest
		}
	}
	return s
}

var shapes = []struct {
	like *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`^0\d`), "番号と読める"},
	{regexp.MustCompile(`^(?:19|20)\d{2}年(?:度)?|^\d{1,2}年度`), "年度と読める"},
	{regexp.MustCompile(`^\d{1,4}年\d{1,2}月(?:\d|末|$)`), "日付と読める"},
	{regexp.MustCompile(`^\d{1,2}月(?:\d|末|中|上旬|下旬|$)`), "日付と読める"},
	{regexp.MustCompile(`^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}`), "日付と読める"},
	{regexp.MustCompile(`^\d{1,2}(?::\d|時(?:$|\d{1,2}分|半|頃|ごろ))`), "時刻または比と読める"},
	{regexp.MustCompile(`^[\d.,]+[^\d]{0,6}(?:~|から|-|・)\s*[▲△-]?\d`), "範囲または番号と読める"},
}

// looksLike says what a text that begins with a digit is when it is no quantity.
func looksLike(s string) string {
	for _, shape := range shapes {
		if shape.like.MatchString(s) {
			return shape.why
		}
	}
	return ""
}
