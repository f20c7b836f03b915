// Package brief makes the papers of a meeting: a template's words with the values of its queries, as document trees.
package brief

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
)

// MeetingsDir is the folder of a project's meetings, TemplatesDir that of its papers' templates.
const (
	MeetingsDir  = "templates/meetings"
	TemplatesDir = "templates/briefs"

	meetingsDir = MeetingsDir
	briefsDir   = TemplatesDir
)

// Meeting is one file of templates/meetings. Its id is how folders, addresses, ledgers and confirmations call it: the
// name of its file, unless the file states another. It stays when the meeting is put off.
type Meeting struct {
	ID           string    `yaml:"id"`
	File         string    `yaml:"-"` // the name of its file, without the ending
	Date         time.Time `yaml:"date"`
	Time         string    `yaml:"time"`
	Place        string    `yaml:"place"`
	Kind         string    `yaml:"kind"` // first line of the box, and the name of the whole
	AgendaTitle  string    `yaml:"agenda_title"`
	Group        string    `yaml:"group"` // the heading of the items
	Municipality string    `yaml:"municipality"`
	Example      bool      `yaml:"example"` // made only when it is named: it shows invented values
	Items        []Item    `yaml:"items"`   // those that are withdrawn are taken out when it is read
	Set          *PaperSet `yaml:"set"`

	withdrawn map[string]bool // items by their id
	public    bool            // the agenda is for the public
}

// Item of a meeting. Brief is a file of templates/briefs, "" for an item whose paper is not made here.
type Item struct {
	Number     string         `yaml:"number"`
	Title      string         `yaml:"title"`
	Department string         `yaml:"department"`
	Brief      string         `yaml:"brief"`
	Unlisted   bool           `yaml:"unlisted"` // not on the agenda nor in the whole: a summary for the chair
	Attached   []string       `yaml:"attached"` // existing PDFs behind it (別添), beside the meeting's file
	Paper      string         `yaml:"paper"`    // its number among the papers, above the box: 資料２
	Parameters map[string]any `yaml:"parameters"`

	ID        string   `yaml:"id"`        // by which others refer to it; the name of its template where there are numbers
	Series    string   `yaml:"series"`    // 資料, 別紙, 参考; 資料 where it is empty
	Part      bool     `yaml:"part"`      // belongs to the item before it: 資料2-2; not on the agenda
	PDF       string   `yaml:"pdf"`       // a department's own paper, beside the meeting's file
	Pages     int      `yaml:"pages"`     // that it must have
	Handling  string   `yaml:"handling"`  // 取扱区分
	Hidden    bool     `yaml:"hidden"`    // 非公表: the public does not get it
	Without   []string `yaml:"without"`   // who of those that get copies does not get this paper
	Withdrawn bool     `yaml:"withdrawn"` // 取下げ: those behind it move up
}

// FileName of an item's paper, without its ending.
func (i Item) FileName() string { return SafeName(i.Number + "_" + i.Title) }

// FileName of the whole.
func (m Meeting) FileName() string { return SafeName(m.Kind) }

// SafeName is a text as a part of a file name.
func SafeName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < 0x20 {
			return '_'
		}
		return r
	}, s)
}

// Meetings lists the meetings, oldest first.
func Meetings(fsys fs.FS) ([]Meeting, error) {
	files, err := fs.Glob(fsys, meetingsDir+"/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing meetings: %w", err)
	}
	var out []Meeting
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading meeting %s: %w", file, err)
		}
		m, err := ReadMeeting(file, data)
		if err != nil {
			return nil, err
		}
		for _, other := range out {
			if other.ID == m.ID {
				return nil, &Error{
					Where: file, What: "id「" + m.ID + "」の会議が二つあります（もう一つは " + other.File + ".yaml）",
					Do: "どちらかの id を変えてください。確定した資料や確認のある会議の id は変えないでください。",
				}
			}
		}
		out = append(out, m)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Date.Before(out[j].Date) })
	return out, nil
}

// ReadMeeting reads one meeting: the contents of a file of that name.
func ReadMeeting(file string, data []byte) (Meeting, error) {
	m := Meeting{File: strings.TrimSuffix(path.Base(file), ".yaml")}
	if err := decodeYAML(file, 0, "会議の設定", data, &m); err != nil {
		return m, err
	}
	stated := m.ID != ""
	if !stated {
		m.ID = m.File
	}
	if m.Date.IsZero() || m.Kind == "" || len(m.Items) == 0 {
		return m, &Error{Where: file, What: "date・kind・items のいずれかがありません", Do: "会議の設定を書き足してください。"}
	}
	what := m.arrange()
	if what == "" {
		what = m.mistake(stated)
	}
	if what != "" {
		return m, &Error{Where: file, What: what, Do: "会議の設定を直してください。"}
	}
	return m, nil
}

// mistake says what is missing or contradictory in a meeting, "" when nothing is. stated says that its file states the
// id: only then may the date be another than that of the file's name.
func (m Meeting) mistake(stated bool) string {
	if day, err := time.Parse(time.DateOnly, m.ID); err == nil && !stated && !day.Equal(m.Date) {
		return "ファイル名の日付と date が違います。延期したのなら、date を戻してから kyogikai postpone " + m.ID + " " +
			m.Date.Format(time.DateOnly) + " としてください（確認や確定した資料が付いてきます）"
	}
	if strings.TrimSpace(m.ID) != m.ID || SafeName(m.ID) != m.ID || strings.ContainsAny(m.ID, "[]") ||
		strings.HasPrefix(m.ID, ".") {
		return "id「" + m.ID + "」は使えません。フォルダの名前になるので、/ \\ : * ? \" < > | [ ] と前後の空白のない名前にしてください"
	}
	seen := map[string]bool{}
	for _, it := range m.Items {
		switch {
		case it.Number == "" || it.Title == "":
			return "number か title のない案件があります"
		case seen[it.Number]:
			return "案件の番号「" + it.Number + "」が重複しています"
		case it.Brief+it.PDF != "" && it.Department == "":
			return "案件「" + it.Title + "」の department（資料の枠に印字する部課名）がありません"
		}
		seen[it.Number] = true
	}
	return ""
}

// Choose picks the meeting named by id, by the name of its file, or by the day on which it is held, where that is one
// meeting's; without id the coming one on or after a day, else the latest. A day that is an id is that meeting's, in
// whatever way the day is written, also when the meeting was put off.
func Choose(meetings []Meeting, id string, day time.Time) (Meeting, error) {
	var ids []string
	var held []Meeting // on the day that id names, or in the file of that name
	named, dayErr := fiscal.ReadDay(id)
	for _, m := range meetings {
		if m.ID == id || dayErr == nil && m.ID == named.Format(time.DateOnly) {
			return m, nil
		}
		ids = append(ids, m.ID)
		if dayErr == nil && m.Date.Equal(named) || m.File == id {
			held = append(held, m)
		}
	}
	if len(held) == 1 {
		return held[0], nil
	}
	if len(meetings) == 0 {
		return Meeting{}, &Error{Where: meetingsDir, What: "会議が一つもありません", Do: "会議のYAMLを置いてください。"}
	}
	if id != "" {
		return Meeting{}, &Error{
			Where: meetingsDir, What: "会議「" + id + "」がありません",
			Do: "次のいずれかを指定するか、" + id + ".yaml を置いてください：" + strings.Join(ids, "、"),
		}
	}
	last := meetings[len(meetings)-1]
	for _, m := range meetings {
		if m.Example {
			continue
		}
		if last = m; !m.Date.Before(day.Truncate(24 * time.Hour)) {
			break
		}
	}
	return last, nil
}

// Coming lists the meetings on or after a day.
func Coming(meetings []Meeting, day time.Time) []Meeting {
	var out []Meeting
	for _, m := range meetings {
		if !m.Example && !m.Date.Before(day.Truncate(24*time.Hour)) {
			out = append(out, m)
		}
	}
	return out
}

// papersOf names the papers of an item of the agenda where they have numbers: （資料2-1、資料2-2、別紙1）.
func (m Meeting) papersOf(of Item) string {
	if !m.numbered() {
		return ""
	}
	var names []string
	mine := false
	for _, it := range m.Items {
		if !it.Part {
			mine = it.Key() == of.Key()
		}
		if mine && it.Paper != "" && !it.Unlisted {
			name := it.Paper
			if m.public && !it.Public() {
				name += "は" + hiddenLabel
			}
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "（" + strings.Join(names, "、") + "）"
}

// Agenda is the first page of a meeting's papers.
func Agenda(m Meeting) document.Document {
	when := fmt.Sprintf("%s（%s）", fiscal.WarekiDate(m.Date), fiscal.Weekday(m.Date))
	if m.Time != "" {
		when += "　" + m.Time
	}
	var items []document.Item
	for _, it := range m.Items {
		if !it.Unlisted && !it.Part {
			items = append(items, document.Item{Marker: it.Number, Spans: []document.Span{{Text: it.Title + m.papersOf(it)}}})
		}
	}
	return document.Document{
		Title: m.AgendaTitle,
		Blocks: []document.Block{
			{Kind: document.Terms, Items: []document.Item{
				{Marker: "日時", Spans: []document.Span{{Text: when}}},
				{Marker: "場所", Spans: []document.Span{{Text: m.Place}}},
			}},
			{Kind: document.Heading, Level: 1, Number: "○", Spans: []document.Span{{Text: m.Group}}},
			{Kind: document.List, Items: items},
		},
	}
}
