package result

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/printable"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/transform"
)

// Encodings of CSV. Excel opens UTF-8 rightly where it begins with a mark.
var Encodings = []string{"utf-8-bom", "utf-8", "cp932"}

// CSVOptions say for whom a CSV is.
type CSVOptions struct {
	Encoding string // one of Encodings
	// Guard puts a ' before texts that Excel would take for formulas. Numbers stay numbers.
	Guard   bool
	Guarded *int // counts them, where it is not nil
}

// ForExcel reports an encoding whose files Excel opens.
func ForExcel(encoding string) bool { return encoding != "utf-8" }

// CSV writes a header and the rows, with CRLF where the encoding is CP932, as programs of its time expect. A character
// that CP932 does not have is an error that names it.
func CSV(w io.Writer, o CSVOptions, columns []string, rows Rows) (int, error) {
	encoding := o.Encoding
	out := w
	switch encoding {
	case "utf-8-bom":
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return 0, fmt.Errorf("writing CSV: %w", err)
		}
	case "cp932":
		encoded := transform.NewWriter(w, japanese.ShiftJIS.NewEncoder())
		defer encoded.Close() //nolint:errcheck // only what was cut in the middle of a character waits for it
		out = encoded
	}
	c := csv.NewWriter(out)
	c.UseCRLF = encoding == "cp932"
	line := 0
	write := func(cells []string) error {
		for i, cell := range cells {
			if r, bad := unfit(cell); bad && encoding == "cp932" {
				return unfitError(line, columns[i], r)
			}
		}
		line++
		if len(cells) == 1 && cells[0] == "" { // else a line that readers pass over
			c.Flush()
			_, err := io.WriteString(out, map[bool]string{true: "\"\"\r\n", false: "\"\"\n"}[c.UseCRLF])
			return err
		}
		if err := c.Write(cells); err != nil {
			return fmt.Errorf("writing CSV: %w", err)
		}
		return nil
	}
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = o.guard(c)
	}
	if err := write(head); err != nil {
		return 0, err
	}
	n, err := each(rows, func(row []any) error {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = Text(v)
			if text, ok := v.(string); ok {
				cells[i] = o.guard(text)
			}
		}
		return write(cells)
	})
	c.Flush()
	if err == nil && c.Error() != nil {
		err = fmt.Errorf("writing CSV: %w", c.Error())
	}
	return n, err
}

// guard is a text as it stands in the file.
func (o CSVOptions) guard(text string) string {
	if !o.Guard || !printable.Formula(text) {
		return text
	}
	if o.Guarded != nil {
		*o.Guarded++
	}
	return "'" + text
}

func unfitError(line int, column string, r rune) error {
	where := "見出し"
	if line > 0 {
		where = fmt.Sprintf("%d行目", line)
	}
	return fmt.Errorf(
		"%s「%s」の文字「%c」（U+%04X）は cp932 にありません。--encoding utf-8-bom で出すか、SQLの replace で別の字にしてください", where, column, r, r,
	)
}

// unfit finds a character that CP932 does not have.
func unfit(s string) (rune, bool) {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return 0, false
	}
	if _, err := japanese.ShiftJIS.NewEncoder().String(s); err == nil {
		return 0, false
	}
	for _, r := range s {
		if _, err := japanese.ShiftJIS.NewEncoder().String(string(r)); err != nil {
			return r, true
		}
	}
	return 0, false
}

// DecodeSQL is the text of a file of SQL: UTF-8, or CP932 as old editors save it.
func DecodeSQL(data []byte) string {
	if !utf8.Valid(data) {
		if text, err := japanese.ShiftJIS.NewDecoder().String(string(data)); err == nil {
			return text
		}
	}
	return strings.ToValidUTF8(strings.TrimPrefix(string(data), "\ufeff"), "\uFFFD")
}
