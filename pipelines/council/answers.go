package council

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// answer is a line that a department has handed back.
type answer struct {
	subject, answer, correction, on, post string
	at                                    Place
	files, cells                          string // where the figure's values stood when the sheet was made
	beside                                string // what was confirmed with the value
	round                                 int    // of asking
	order                                 int    // of all answers, the newest first
}

// whole reports an answer that says who confirmed it, and when.
func (a answer) whole() bool { return a.on != "" && a.post != "" }

// given are answers by department and address, of each the newest first.
type given map[string][]answer

func answerKey(department, address string) string { return department + "|" + record.Key(address) }

// ownRoom stands in the addresses of departments' own answers where those of printed figures have the paper.
const ownRoom = "/調査票/"

// about are the answers of a department to one of its own answers, the newest first.
func (g given) about(department, address string) []answer {
	return newestFirst(slices.Clone(g[answerKey(department, address)]))
}

// rounds counts the sheets of a meeting that a department has handed back.
func (g given) rounds(department, meeting string) int {
	files := map[string]bool{}
	for key, list := range g {
		if strings.HasPrefix(key, answerKey(department, meeting+"/")) {
			for _, a := range list {
				files[a.at.Path] = true
			}
		}
	}
	return len(files)
}

// printed reports whether sheets of a meeting have come back that asked for printed figures.
func (g given) printed(meeting string) bool {
	for key := range g {
		_, address, _ := strings.Cut(key, "|")
		if strings.HasPrefix(address, record.Key(meeting+"/")) && !strings.HasPrefix(address, record.Key(meeting+ownRoom)) {
			return true
		}
	}
	return false
}

// last is the value that a department confirmed last of one of its own answers, whatever meeting it was for; "" where
// it has confirmed none. What is asked is the answer's address without its meeting.
func (g given) last(department, meeting, what string) string {
	for _, a := range g.about(department, meeting+ownRoom+what) {
		if a.answer == "確認" && a.whole() {
			return a.subject
		}
	}
	latest, on := "", ""
	for key, list := range g {
		if !strings.HasPrefix(key, department+"|") || !strings.HasSuffix(key, record.Key(ownRoom+what)) {
			continue
		}
		for _, a := range list {
			day := a.on
			if d, ok := fiscal.ParseDay(a.on); ok {
				day = d.Format("2006-01-02")
			}
			if a.answer == "確認" && a.whole() && cmp.Or(cmp.Compare(day, on), cmp.Compare(a.subject, latest)) > 0 {
				latest, on = a.subject, day
			}
		}
	}
	return latest
}

// of are the answers to a line, under its address and the one that it had before, the newest first. Those of before
// told rows of one number apart by their order in print: an answer under any of them counts where it was about the same
// cells, and under the one that is worked out from today's values only then.
func (g given) of(l printedLine) []answer {
	out := slices.Clone(g[answerKey(l.department, l.figure.Address)])
	if l.figure.Former == "" {
		return out
	}
	former := answerKey(l.department, l.figure.Former)
	if !l.figure.Ordered {
		out = append(out, g[former]...)
	}
	if l.manyFiles() {
		return newestFirst(out) // the sheet did not say which cells
	}
	files, cells := l.places()
	row, _, _ := strings.Cut(former, "#")
	for key, some := range g {
		if of, _, _ := strings.Cut(key, "#"); of != row || key == former && !l.figure.Ordered {
			continue
		}
		for _, a := range some {
			if record.Key(a.files) == record.Key(files) && record.Key(a.cells) == record.Key(cells) {
				out = append(out, a)
			}
		}
	}
	return newestFirst(out)
}

func newestFirst(list []answer) []answer {
	slices.SortStableFunc(list, func(a, b answer) int { return cmp.Compare(a.order, b.order) })
	return list
}

func readAnswers(ctx context.Context, db *warehouse.Reader, m brief.Meeting, c City) (given, error) {
	r, err := db.Query(ctx, `WITH behind AS (
			SELECT w.path, a.sheet, a.cell, max(o.text) FILTER (o.name = 'file') AS files,
				max(o.text) FILTER (o.name = 'cells') AS cells, max(o.text) FILTER (o.name = 'beside') AS beside
			FROM raw.fields AS a
			JOIN raw.fields AS o USING (record_id)
			JOIN raw.records AS r USING (record_id)
			JOIN meta.workbooks AS w USING (workbook_id)
			WHERE r.form = 'K' AND a.name = 'answer'
			GROUP BY ALL)
		SELECT department, figure, subject, answer, correction, confirmed_on, post, path, sheet, cell, files, cells, beside,
			round
		FROM marts.confirmations LEFT JOIN behind USING (path, sheet, cell)
		WHERE municipality = $municipality AND answer IS NOT NULL
			ORDER BY round DESC, path, cell`, warehouse.Named("municipality", m.Municipality))
	if err != nil {
		return nil, fmt.Errorf("reading confirmations: %w", err)
	}
	out := given{}
	for order, row := range r.Rows {
		s := words(row)
		for i := range s {
			s[i] = strings.TrimSpace(s[i])
		}
		round, err := strconv.Atoi(s[13])
		if err != nil {
			return nil, fmt.Errorf("reading confirmations: %w", err)
		}
		key := answerKey(c.name(s[0]), s[1])
		out[key] = append(out[key], answer{
			subject: s[2], answer: s[3], correction: s[4], on: s[5], post: s[6], at: Place{s[7], s[8], s[9]},
			files: s[10], cells: s[11], beside: s[12], round: round, order: order,
		})
	}
	return out, nil
}
