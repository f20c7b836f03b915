package workbook

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// longRows finds the rows of a CSV that have more fields than the head of their table: an unquoted comma in a number
// or a text moves what stands behind it.
//
// A head is the first row of several fields of the file, or of a part that an empty row or a lone caption begins; below
// two fields (担当,文化課) the next row of more words; and the rows right below it that go on with it, of which either's
// first field is empty. But for the file's first row, a head has words without amounts. A row is long where it has more
// fields than its head, and either its last field with something in it lies behind the head's, or two fields in it are
// the halves of a number (1 and 200). Commas alone at a row's end make no row long.
type longRows struct {
	rows  []int
	head  csvRow // of the table that is read
	open  bool   // rows may still belong to the head
	begun bool   // nothing has come since an empty row or a caption
}

// csvRow is what matters of a row.
type csvRow struct {
	fields int // with empty ones
	filled int // up to the last that is not empty
	words  int // that are not empty
	first  bool
	amount bool // there is a number that is neither a year nor a small one
	split  bool // 1 and 200 stand side by side
}

var (
	amount   = regexp.MustCompile(`^[▲△+\-−]?[0-9０-９]{3,}$|^[▲△+\-−]?[0-9０-９]+[.．][0-9０-９]+%?$`)
	yearLike = regexp.MustCompile(`^(19|20|１９|２０)[0-9０-９]{2}$`)
	leading  = regexp.MustCompile(`^[▲△+\-−]?[0-9]{1,3}$`)
	group    = regexp.MustCompile(`^[0-9]{3}(\.[0-9]+)?$`)
)

func measureRow(record []string) csvRow {
	r := csvRow{fields: len(record)}
	before := ""
	for i, field := range record {
		text := strings.TrimSpace(field)
		if text != "" {
			r.filled, r.words = i+1, r.words+1
			r.first = r.first || i == 0
		}
		if utf8.RuneCountInString(text) < 20 {
			r.amount = r.amount || amount.MatchString(text) && !yearLike.MatchString(text)
			r.split = r.split || leading.MatchString(before) && group.MatchString(text)
		}
		before = text
	}
	return r
}

// add takes the next row.
func (l *longRows) add(at int, record []string) {
	r := measureRow(record)
	if r.words < 2 { // empty, or a caption
		l.begun, l.open = true, false
		return
	}
	begun := l.begun
	l.begun = false
	switch {
	case l.head.fields == 0, begun && !r.amount, l.head.words < 3 && !r.amount && r.words > l.head.words:
		l.head, l.open = r, true
		return
	case l.open && !r.amount && (!l.head.first || !r.first):
		l.head.fields, l.head.filled = max(l.head.fields, r.fields), max(l.head.filled, r.filled)
		l.head.words, l.head.first = max(l.head.words, r.words), l.head.first || r.first
		return
	}
	l.open = false
	if r.fields > l.head.fields && (r.filled > l.head.filled || r.split) {
		l.rows = append(l.rows, at)
	}
}
