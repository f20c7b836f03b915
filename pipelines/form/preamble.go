package form

import (
	"slices"
	"strings"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// preamble reads what stands once above the records: 計画名：第2期…, 所属 | 総務部 | 人事課.
func (f *Form) preamble(s *workbook.Sheet, h header) []record.Field {
	var out []record.Field
	for i := range min(h.top, s.Rows) {
		for j := range s.Cols {
			if s.Covered(i, j) || s.At(i, j).Blank() {
				continue
			}
			for k := range f.Fields {
				rule := &f.Fields[k]
				if !rule.Preamble || hasField(h.columns, rule.Name) {
					continue
				}
				if field, ok := stated(s, i, j, rule); ok {
					out = append(out, field)
				}
			}
		}
	}
	return out
}

// stated reads 「計画名：X」 in one cell, or 「計画名」 with X to its right.
func stated(s *workbook.Sheet, i, j int, rule *FieldRule) (record.Field, bool) {
	text := strings.TrimSpace(s.At(i, j).Text)
	f := record.Field{Name: rule.Name, Sheet: s.Name, Cell: s.Ref(i, j)}
	for _, colon := range []string{"：", ":", "　", " "} {
		word, rest, ok := strings.Cut(text, colon)
		if ok && contains(rule.Words, headWord(word)) && strings.TrimSpace(rest) != "" {
			f.Text = strings.TrimSpace(rest)
			f.Value = record.OneLine(f.Text)
			return f, true
		}
	}
	if !contains(rule.Words, headWord(text)) {
		return f, false
	}
	var parts []string
	for k := j + 1; k < s.Cols; k++ {
		c := s.At(i, k)
		if s.Covered(i, k) {
			continue
		}
		if c.Blank() {
			if len(parts) > 0 {
				break
			}
			continue
		}
		if len(parts) == 0 {
			f.Cell = s.Ref(i, k)
		}
		parts = append(parts, record.OneLine(c.Text))
	}
	f.Text = strings.Join(parts, " ")
	f.Value = f.Text
	if len(parts) > 0 && rule.Type != "text" {
		f.Value = parts[0]
	}
	return f, len(parts) > 0
}

// contains reports whether a normalised text is one of a form's words.
func contains(words []string, text string) bool { return text != "" && slices.Contains(words, text) }
