package begin

import (
	"path"
	"reflect"
	"strings"
	"time"

	"kyogikai/pipelines/brief"
)

// Postponed is a meeting's file with another date.
type Postponed struct {
	Text     []byte
	Changed  []Line
	Mentions []Line // lines that name the day of before: nobody has changed them
}

// Postpone gives a meeting's file another date and keeps the meeting's id: a file that states none gets it as a line.
// All other bytes stay. m is the meeting as the file says it now.
func Postpone(m brief.Meeting, text []byte, day time.Time) (Postponed, error) {
	var out Postponed
	file := path.Join(brief.MeetingsDir, m.File+".yaml")
	lines := strings.Split(string(text), "\n")
	at := only(lines, dateLine)
	if at < 0 {
		return out, noDateLine(file)
	}
	changed := []string{setValue(lines[at], dateLine, day.Format(time.DateOnly))}
	out.Changed = []Line{{Number: at + 1, Was: lines[at], Now: changed[0]}}
	if only(lines, idLine) < 0 {
		id := `id: "` + m.ID + `"`
		if strings.HasSuffix(lines[at], "\r") {
			id += "\r"
		}
		changed = append(changed, id)
		out.Changed = append(out.Changed, Line{Number: at + 2, Now: id})
	}
	out.Mentions = mentions(lines, m.Date, at)
	for i := range out.Mentions {
		if out.Mentions[i].Number > at+1 {
			out.Mentions[i].Number += len(changed) - 1
		}
	}
	lines = append(lines[:at:at], append(changed, lines[at+1:]...)...)
	out.Text = []byte(strings.Join(lines, "\n"))
	now, err := brief.ReadMeeting(file, out.Text)
	if err != nil {
		return out, err
	}
	was := m
	was.Date = now.Date
	if !now.Date.Equal(day) || !reflect.DeepEqual(was, now) { // the date stands elsewhere: in an anchor, in a merged part
		return out, noDateLine(file)
	}
	return out, nil
}
