// Package ledger reads and writes the 公表値台帳: every figure that a final paper has printed, a CSV for each edition in the
// folder ledger of a municipality's inputs, where the city keeps it under version control.
package ledger

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/workbook"
)

// Line is one printed figure. Value is its exact decimal in Unit, "" for a text that is no number. Fact names what the
// figure states, wherever it is printed; it is "" where that cannot be told. Year is the fact's fiscal year, 0 where it
// has none.
type Line struct {
	Meeting  string
	Held     time.Time
	Edition  int
	Paper    string // 資料番号
	Item     string // its title
	Brief    string // its template
	Of       int    // the fiscal year that the paper reports, 0 where it names none
	Figure   string // address
	Table    string
	Row      string
	Column   string
	Text     string
	Value    string
	Unit     string
	Fact     string
	Year     int
	Path     string // of the file that says so
	Position string // cell of the printed text in it
}

var head = []string{"会議", "開催日", "版", "資料番号", "案件", "ひな形", "報告年度", "番地", "表", "行", "列", "印字", "値", "単位", "事実", "事実の年度"}

// FileName of an edition of a meeting's ledger.
func FileName(meeting string, edition int) string {
	return fmt.Sprintf("%s_第%d版.csv", meeting, edition)
}

// Write writes lines as CSV that Excel opens: UTF-8 with its mark.
func Write(lines []Line) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	rows := [][]string{head}
	for _, l := range lines {
		row := []string{
			l.Meeting, l.Held.Format(time.DateOnly), strconv.Itoa(l.Edition), l.Paper, l.Item, l.Brief, number(l.Of), l.Figure,
			l.Table, l.Row, l.Column,
			l.Text, l.Value, l.Unit, l.Fact, number(l.Year),
		}
		for i := range row {
			row[i] = printable.Guarded(row[i])
		}
		rows = append(rows, row)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("writing a ledger: %w", err)
	}
	return out.Bytes(), nil
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Read reads a ledger's CSV. Its error names the file, the cell and what to do: a ledger that is read in part would let
// comparisons fall back on other values.
func Read(path string, data []byte, within limits.Set) ([]Line, error) {
	wb, err := workbook.Open(path, data, within)
	if err != nil {
		return nil, fmt.Errorf("公表値台帳 %s を読めません。確定したときのファイル（outputs/final）から戻してください: %w", path, err)
	}
	s := wb.Sheets[0]
	columns := map[string]int{}
	for j := range s.Cols {
		columns[strings.TrimSpace(s.At(0, j).Text)] = j
	}
	for _, name := range head {
		if _, ok := columns[name]; !ok {
			return nil, fmt.Errorf("公表値台帳 %s の1行目に「%s」の列がありません。確定したときのファイル（outputs/final）から戻してください", path, name)
		}
	}
	var out []Line
	for i := 1; i < s.Rows; i++ {
		at := func(name string) string { return printable.Unguarded(s.At(i, columns[name]).Text) }
		if at("番地") == "" {
			continue
		}
		l := Line{
			Meeting: at("会議"), Paper: at("資料番号"), Item: at("案件"), Brief: at("ひな形"), Figure: at("番地"), Table: at("表"),
			Row: at("行"), Column: at("列"),
			Text: at("印字"), Value: at("値"), Unit: at("単位"), Fact: at("事実"), Path: path, Position: s.Ref(i, columns["印字"]),
		}
		for name, into := range map[string]*int{"版": &l.Edition, "報告年度": &l.Of, "事実の年度": &l.Year} {
			if text := at(name); text != "" {
				if *into, err = strconv.Atoi(text); err != nil {
					return nil, wrong(path, s.Ref(i, columns[name]), name, text)
				}
			}
		}
		if l.Held, err = day(at("開催日")); err != nil {
			return nil, wrong(path, s.Ref(i, columns["開催日"]), "開催日", at("開催日"))
		}
		out = append(out, l)
	}
	return out, nil
}

// day reads 2025-10-21, and 2025/10/21 as Excel writes it back.
func day(text string) (time.Time, error) {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at, nil
	}
	return time.Parse("2006/1/2", text)
}

func wrong(path, cell, name, text string) error {
	return fmt.Errorf("公表値台帳 %s の %s: 「%s」は%sとして読めません。確定したときのファイル（outputs/final）から戻してください", path, cell, text, name)
}

// Standing keeps of each meeting's lines those of its newest edition, in the order of meetings.
func Standing(lines []Line) []Line {
	newest := map[string]int{}
	for _, l := range lines {
		newest[l.Meeting] = max(newest[l.Meeting], l.Edition)
	}
	out := slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Edition != newest[l.Meeting] })
	slices.SortStableFunc(out, func(a, b Line) int { return a.Held.Compare(b.Held) })
	return out
}
