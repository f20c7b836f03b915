// Package result writes the result of a query for people and for other programs: a table on a terminal, CSV, JSON,
// Markdown.
package result

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/warehouse"
)

// Rows are the rows of a result, one after another: warehouse.Rows is one. Next ends with warehouse.ErrEnd.
type Rows interface {
	Next() ([]any, error)
}

// each calls f for every row.
func each(rows Rows, f func(row []any) error) (n int, err error) {
	for {
		row, err := rows.Next()
		if errors.Is(err, warehouse.ErrEnd) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if err := f(row); err != nil {
			return n, err
		}
		n++
	}
}

// Text is a value as text: NULL is empty, numbers are exact, dates are 2026-11-22, lists and records JSON.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case warehouse.Number:
		return string(v)
	case bool:
		return fmt.Sprint(v)
	case time.Time: // a DATE: other times come as text
		if y := v.Year(); y > lastYear || y < -lastYear {
			return map[bool]string{true: "infinity", false: "-infinity"}[y > 0]
		}
		return v.Format(time.DateOnly)
	}
	data, err := json.Marshal(JSONValue(v))
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}

// lastYear is the last that a DATE of a calendar has; beyond it, infinity stands.
const lastYear = 294_000

// JSONValue is a value as JSON takes it, its numbers exact.
func JSONValue(v any) any {
	switch v := v.(type) {
	case warehouse.Number:
		if json.Valid([]byte(v)) {
			return json.Number(v)
		}
		return string(v) // inf, nan
	case time.Time:
		return Text(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = JSONValue(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = JSONValue(v[k])
		}
		return out
	}
	return v
}

// JSON writes an array of objects, a line each, keys in the order of the columns. What cannot be seen in a value stands
// as \u202e: the value is the same.
func JSON(w io.Writer, columns []string, rows Rows) (int, error) {
	keys := make([]string, len(columns))
	for i, c := range columns {
		if slices.Contains(columns[:i], c) {
			return 0, &warehouse.SameNameError{Name: c} // readers keep one of them
		}
		k, err := json.Marshal(c)
		if err != nil {
			return 0, fmt.Errorf("writing JSON: %w", err)
		}
		keys[i] = string(printable.JSON(k))
	}
	between := ""
	if _, err := io.WriteString(w, "["); err != nil {
		return 0, err
	}
	n, err := each(rows, func(row []any) error {
		var b strings.Builder
		b.WriteString(between + "\n{")
		between = ","
		for i, v := range row {
			value, err := json.Marshal(JSONValue(v))
			if err != nil {
				return fmt.Errorf("writing JSON: %w", err)
			}
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(keys[i] + ":" + string(printable.JSON(value)))
		}
		b.WriteByte('}')
		_, err := io.WriteString(w, b.String())
		return err
	})
	if err != nil {
		return n, err
	}
	_, err = io.WriteString(w, "\n]\n")
	return n, err
}

// Markdown writes a table for pasting into a document.
func Markdown(w io.Writer, columns []string, rows Rows) (int, error) {
	lines := strings.NewReplacer("|", "\\|", "\n", "<br>")
	escape := func(s string) string { return printable.Line(lines.Replace(printable.Text(s))) }
	var head, rule []string
	for _, c := range columns {
		head, rule = append(head, escape(c)), append(rule, "---")
	}
	begun := false
	begin := func() error {
		begun = true
		_, err := fmt.Fprintf(w, "| %s |\n|%s|\n", strings.Join(head, " | "), strings.Join(rule, "|"))
		return err
	}
	n, err := each(rows, func(row []any) error {
		var line []string
		for i, v := range row {
			if _, numeric := v.(warehouse.Number); numeric {
				rule[i] = "---:"
			}
			line = append(line, escape(shown(v)))
		}
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(w, "| %s |\n", strings.Join(line, " | "))
		return err
	})
	if err == nil && !begun {
		err = begin()
	}
	return n, err
}

// widestScale is the number of decimal places from which on a figure's type, not the figure, has them.
const widestScale = 6

// shown is a value as people read it: a figure without the zeros that only its type has, cells counted.
func shown(v any) string {
	switch v := v.(type) {
	case warehouse.Number:
		whole, fraction, _ := strings.Cut(string(v), ".")
		if len(fraction) >= widestScale {
			if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
				return whole
			}
			return whole + "." + fraction
		}
	case []any:
		if len(v) > 0 {
			if _, record := v[0].(map[string]any); record {
				return fmt.Sprintf("%d件", len(v))
			}
		}
	}
	return Text(v)
}
