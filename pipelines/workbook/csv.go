package workbook

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"kyogikai/pipelines/limits"
)

var errQuotes = fmt.Errorf("%w: CSVの引用符が正しく閉じていません", ErrUnreadable)

// openCSV reads UTF-8 (with or without BOM), UTF-16 with BOM, or CP932; separated by commas or
// tabs. Cells are addressed by physical record, the preamble included.
func openCSV(data []byte, b *budget) (*Workbook, error) {
	// A character has at most two bytes before it becomes one of ours, and a cell needs one of ours and its comma.
	if n := int64(len(data)) / 2; n > b.Text+2*b.Cells {
		return nil, b.beyond(limits.Text, n, "")
	}
	text, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%w: 文字コードが分かりません（UTF-8かシフトJISで保存してください）", ErrUnreadable)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	if tabbed(text) {
		r.Comma = '\t'
	}
	if err := b.csv(text, byte(r.Comma)); err != nil {
		return nil, err
	}
	s := newSheet("")
	var long longRows
	next := 0
	for row := 0; ; row++ {
		start := r.InputOffset()
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			s.LongRows = long.rows
			return &Workbook{Sheets: []*Sheet{s}}, nil
		}
		if err != nil {
			return nil, errQuotes
		}
		row += blankLines(text[start:r.InputOffset()])
		if row > next {
			long.add(next, nil)
		}
		long.add(row, record)
		next = row + 1
		if err := b.count(len(record)); err != nil {
			return nil, err
		}
		for j, field := range record {
			if field == "" {
				continue
			}
			if err := b.put(s, row, j, Cell{Kind: Text, Text: field}); err != nil {
				return nil, err
			}
		}
	}
}

// csv refuses a text with more cells, or longer ones, than may be, before one is made: a record of the reader's is a
// whole line. Empty lines have no cell.
func (b *budget) csv(text []byte, comma byte) error {
	var cells, length, longest int64
	quoted, blank := false, true
	for _, c := range text {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == comma || c == '\n'):
			if c == comma || !blank {
				cells++
			}
			longest, length, blank = max(longest, length), 0, c == '\n'
			continue
		}
		length, blank = length+1, blank && c == '\r'
	}
	if quoted {
		return errQuotes
	}
	if cells > b.Cells {
		return b.beyond(limits.CellCount, cells, "")
	}
	if longest = max(longest, length); longest > b.CellText+int64(len(`""`)) {
		return b.beyond(limits.CellText, longest, "")
	}
	return nil
}

// tabbed reports a file whose columns are separated by tabs: more of its lines have tabs than have only commas.
// Lines above the table have neither, and amounts (1,234) have commas in either.
func tabbed(text []byte) bool {
	tabs, commas := 0, 0
	for line := range bytes.Lines(text) {
		if bytes.Contains(line, []byte("\t")) {
			tabs++
		} else if bytes.Contains(line, []byte(",")) {
			commas++
		}
	}
	return tabs > commas
}

// blankLines counts the empty lines before a record: the CSV reader skips them, Excel shows them as rows.
func blankLines(raw []byte) int {
	n := 0
	for {
		raw = bytes.TrimPrefix(raw, []byte("\r"))
		if !bytes.HasPrefix(raw, []byte("\n")) {
			return n
		}
		raw, n = raw[1:], n+1
	}
}

func decode(data []byte) ([]byte, error) {
	decoder := japanese.ShiftJIS.NewDecoder()
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		decoder = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case utf8.Valid(data):
		return data, nil
	}
	text, err := decoder.Bytes(data)
	if err != nil {
		return nil, err
	}
	if bytes.ContainsRune(text, utf8.RuneError) {
		return nil, fmt.Errorf("text is neither UTF-8 nor CP932")
	}
	return text, nil
}
