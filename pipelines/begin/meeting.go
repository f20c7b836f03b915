package begin

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
)

// Copied is the file of a meeting that was made from another's.
type Copied struct {
	File    string // its name, without the ending
	Text    []byte
	Years   int    // by which fiscal years were moved
	Changed []Line // in the order of the lines
	Look    []Line // lines with a year, a day or a file of before that stay as they are: a person looks at them
}

// Copy makes a meeting's file from another's: with its date, for another municipality where one is named, and with the
// years moved by as many fiscal years as lie between the two dates: the parameter year, and 令和n年度 in titles. Comments
// stay.
func Copy(from brief.Meeting, text []byte, day time.Time, city string) (Copied, error) {
	out := Copied{File: fileFor(from, day, city), Years: fiscal.YearOf(day) - fiscal.YearOf(from.Date)}
	source := path.Join(brief.MeetingsDir, from.File+".yaml")
	lines := strings.Split(string(text), "\n")
	if only(lines, dateLine) < 0 {
		return out, noDateLine(source)
	}
	var kept []string
	for _, was := range lines {
		var now string
		switch {
		case dateLine.MatchString(was):
			now = setValue(was, dateLine, day.Format(time.DateOnly))
		case idLine.MatchString(was):
			out.Changed = append(out.Changed, Line{Number: len(kept) + 1, Was: was})
			continue
		case cityLine.MatchString(was) && city != "":
			now = setValue(was, cityLine, city)
		default:
			now = moveYears(was, out.Years)
		}
		kept = append(kept, now)
		if now != was {
			out.Changed = append(out.Changed, Line{Number: len(kept), Was: was, Now: now})
		}
		if out.Years != 0 && unmoved(was, now) || beside.MatchString(was) {
			out.Look = append(out.Look, Line{Number: len(kept), Now: strings.TrimSpace(now)})
		}
	}
	out.Look = append(out.Look, mentions(kept, from.Date)...)
	out.Text = []byte(strings.Join(kept, "\n"))
	m, err := brief.ReadMeeting(path.Join(brief.MeetingsDir, out.File+".yaml"), out.Text)
	if err == nil && !m.Date.Equal(day) {
		err = noDateLine(source)
	}
	return out, err
}

var (
	isoDay = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
	// a year that is left as it is: another parameter (first_year: 2020), 令和6年度 outside of titles
	stays = regexp.MustCompile(`_year\s*:\s*\d{4}|(令和|平成|[RH])\.?([0-9０-９]{1,2}|元)年度|\d{4}年度`)
	// a paper of the meeting before
	beside = regexp.MustCompile(`(^|[\s{,])(pdf|attached|example|withdrawn)\s*:`)
)

// unmoved reports a year of a line that is the same as before.
func unmoved(was, now string) bool {
	before, after := stays.FindAllString(was, -1), stays.FindAllString(now, -1)
	for i, year := range before {
		if i >= len(after) || after[i] == year {
			return true
		}
	}
	return false
}

// fileFor is the name of a copy's file: as the other's, with the day of the copy.
func fileFor(from brief.Meeting, day time.Time, city string) string {
	date := day.Format(time.DateOnly)
	if city != "" && city != from.Municipality {
		return brief.SafeName(city) + "-" + date
	}
	if isoDay.MatchString(from.File) {
		return isoDay.ReplaceAllString(from.File, date)
	}
	return date
}

var (
	yearParameter = regexp.MustCompile(`((?:^|[\s{,])year\s*:\s*)(\d{4})\b`)
	// a title on a line of its own, to the line's end, and one in { }, to the next comma
	titleAlone = regexp.MustCompile(`^(\s*(?:-\s+)?(?:agenda_title|title)\s*:\s*)(.*)`)
	titleAmong = regexp.MustCompile(`([\s{,](?:agenda_title|title)\s*:\s*)("[^"]*"|'[^']*'|[^,}"'][^,}]*)`)
	titleYear  = regexp.MustCompile(`(令和|平成|[RH])([0-9０-９]{1,2}|元)年度|([0-9０-９]{4})年度`)
	span       = regexp.MustCompile(`年度\s*(から|～|〜|~|-|－|―|–|—)`)
)

// moveYears moves the year of a line's parameter and the fiscal years of its title; its comment stays. A title with a
// span of years (令和7年度～令和10年度) is a plan's, and stays.
func moveYears(line string, by int) string {
	if by == 0 {
		return line
	}
	note := comment(line)
	body := strings.TrimSuffix(line, note)
	body = yearParameter.ReplaceAllStringFunc(body, func(s string) string {
		m := yearParameter.FindStringSubmatch(s)
		year, _ := strconv.Atoi(m[2]) // four digits
		return m[1] + strconv.Itoa(year+by)
	})
	title := titleAmong
	if titleAlone.MatchString(body) {
		title = titleAlone
	}
	body = title.ReplaceAllStringFunc(body, func(s string) string {
		m := title.FindStringSubmatch(s)
		if span.MatchString(m[2]) {
			return s
		}
		return m[1] + titleYear.ReplaceAllStringFunc(m[2], func(word string) string { return moveYear(word, by) })
	})
	return body + note
}

const (
	narrow = "0123456789"
	wide   = "０１２３４５６７８９"
)

// moveYear moves 令和6年度, R6年度 or 2024年度, and writes it as it was written.
func moveYear(word string, by int) string {
	m := titleYear.FindStringSubmatch(word)
	year, ok := fiscal.ParseYear(word)
	if !ok {
		return word
	}
	now := fiscal.Wareki(year + by)
	switch {
	case m[3] != "":
		now = strconv.Itoa(year+by) + "年度"
	case m[1] == "R" || m[1] == "H":
		now = fiscal.Short(year+by) + "年度"
	}
	if strings.ContainsAny(word, wide) {
		now = widened(now)
	}
	return now
}

// widened is a text with wide digits.
func widened(s string) string {
	w := []rune(wide)
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune(narrow, r); i >= 0 {
			return w[i]
		}
		return r
	}, s)
}

// Start is what a first meeting says.
type Start struct {
	Day                    time.Time
	Municipality, Plan     string
	Brief, Title, Reporter string // the template, the item's title, and which department it is of
	Year                   int    // that the paper reports
}

// Meeting is the file of a meeting to begin with, with a comment beside what is not told by its name.
func (s Start) Meeting() (File, error) {
	name := s.Day.Format(time.DateOnly)
	text := strings.NewReplacer(
		"DATE", name, "WAREKI", fiscal.WarekiDate(s.Day), "CITY", quoted(s.Municipality), "TITLE", quoted(s.Title),
		"WHO", quoted(s.Reporter), "BRIEF", quoted(s.Brief), "PLAN", quoted(s.Plan), "YEAR", strconv.Itoa(s.Year),
		"FISCAL", fiscal.Wareki(s.Year),
	).Replace(firstMeeting)
	file := path.Join(brief.MeetingsDir, name+".yaml")
	_, err := brief.ReadMeeting(file, []byte(text))
	return File{Path: file, Data: []byte(text)}, err
}

// quoted is a text as a value of YAML.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

const firstMeeting = `# WAREKIの会議。「#」から後ろは注で、資料には出ない。ほかに書けることは docs/ひな形の書き方.md にある。
date: DATE             # 延期するときは、ここを直さずに kyogikai postpone を使う
time: 午前10時
place: 第一委員会室
kind: 総務協議会資料         # 右上の枠の一行目で、全体のファイル名
agenda_title: 総務協議会協議事項
group: 所管事項の報告について
municipality: CITY
items:
  - number: '1'
    title: TITLE   # 議事と、資料のファイル名
    department: WHO   # 資料の枠に印字する部課名
    brief: BRIEF   # templates/briefs のひな形
    parameters:
      plan: PLAN
      year: YEAR         # FISCAL。資料が報告する年度
`
