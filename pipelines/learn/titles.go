package learn

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
)

var (
	emptyBrackets = regexp.MustCompile(`[（(【［\[][ 　]*[）)】］\]]`)
	cardSuffix    = regexp.MustCompile(`[（(](?:個票|様式\d*|別紙\d*|一覧|続き)[）)]$`)
)

// titlesOf are the titles of the sheets, the most frequent first.
func titlesOf(sheets []*sheet) []string {
	count := map[string]int{}
	var out []string
	for _, s := range sheets {
		t := s.title()
		if t == "" {
			continue
		}
		if count[t] == 0 {
			out = append(out, t)
		}
		count[t]++
	}
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	return out
}

// title is the title of a sheet without its year: of the texts above its heads the first that sounds like one.
func (s *sheet) title() string {
	first := s.first()
	lone := ""
	for i := range min(first, s.grid.Rows) {
		for _, k := range s.rows[i] {
			p := s.spots[k]
			text := withoutYear(p.text)
			if p.head || p.looks == looksYear || p.looks == looksNumber || text == "" {
				continue
			}
			const longest = 120 // bytes
			if strings.ContainsAny(p.text, ":：。") || len(text) > longest {
				continue
			}
			if lone == "" && len(s.rows[i]) == 1 {
				lone = text
			}
			if p.looks == looksHead && len(s.rows[i]) > 1 {
				continue
			}
			for _, w := range words().Titles {
				if strings.Contains(record.Normal(text), record.Normal(w)) {
					return text
				}
			}
		}
	}
	return lone
}

// withoutYear is a title without the fiscal year that it is of.
func withoutYear(text string) string {
	for range 2 {
		_, rest, ok := fiscal.FindYear(text)
		if !ok {
			break
		}
		text = rest
	}
	text = emptyBrackets.ReplaceAllString(text, "")
	text = cardSuffix.ReplaceAllString(strings.TrimSpace(text), "")
	return strings.Trim(strings.TrimSpace(text), "・　 -_/")
}

// year is the fiscal year on which an example reports: that of its folder, of its title, else of its heads the latest
// that is reported.
func (d *draft) year(example, folder int) int {
	if folder != 0 {
		return folder
	}
	latest := 0
	for _, s := range d.sheets {
		if s.example != example {
			continue
		}
		if y := s.titledYear(); y != 0 {
			return y
		}
		for _, p := range s.spots {
			if p.head && p.year > latest {
				latest = p.year
			}
		}
	}
	return latest
}

// titledYear is the fiscal year that stands above the heads of a sheet, alone or in its title; 0 for none.
func (s *sheet) titledYear() int {
	first := s.first()
	for _, p := range s.spots {
		if p.row >= first {
			break
		}
		if y := fiscal.Named(p.text); len(y) == 1 {
			return y[0]
		}
		if w, y := form.HeadWord(p.text); w == "" && y != 0 {
			return y
		}
	}
	return 0
}

// mixed reports a sheet with a second title below its first heads, or with answers above them: two forms share it.
func (s *sheet) mixed() bool {
	const fewest = 4 // cells of a line of answers
	for i := range s.first() {
		if len(s.rows[i]) >= fewest && !s.headIn(i) && slices.ContainsFunc(s.rows[i], func(k int) bool {
			p := s.spots[k]
			return p.looks == looksNumber || len([]rune(p.text)) == 1
		}) {
			return true
		}
	}
	first, title := s.first(), record.Normal(s.title())
	const shortest = 4 // runes of a title
	for i := first + 1; i < s.grid.Rows; i++ {
		if len(s.rows[i]) != 1 {
			continue
		}
		text := s.spots[s.rows[i][0]].text
		n := record.Normal(withoutYear(text))
		if len([]rune(n)) < shortest || n == title || strings.ContainsAny(text, ":：。") || numberedLike.MatchString(text) {
			continue
		}
		if slices.ContainsFunc(words().SecondTitles, func(w string) bool { return strings.Contains(n, record.Normal(w)) }) {
			return true
		}
	}
	return false
}

// yearColumn reports a column in which the year of each row stands: fiscal years below each other, under 年度, a corner
// or nothing, and not under a head that asks for a year (開始年度).
func (s *sheet) yearColumn() bool {
	for _, line := range s.cols {
		over, run, last := "", 0, 0
		for _, k := range line {
			p := s.spots[k]
			axis := over == "" || words().corners[over] || over == "年度"
			switch {
			case p.looks == looksYear && axis && (!p.head || s.labels[p.col]):
				if run++; run >= 2 && p.row-last <= 2 {
					return true
				}
				last = p.row
			case p.head:
				over, run = p.word, 0
			default:
				run = 0
			}
		}
	}
	return false
}
