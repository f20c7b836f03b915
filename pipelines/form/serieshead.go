package form

import (
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// seriesHead is the row of year labels and what its columns are.
type seriesHead struct {
	top      int
	years    []yearColumn
	unknown  []int // columns whose head begins with a year but says more than is known
	labels   []labelColumn
	standard int // -1 where there is none
	unit     int
}

// yearColumn is a column of values of one fiscal year. kind is actual or plan where a head below says so.
type yearColumn struct {
	col, year int
	kind      string
}

// labelColumn holds indicators' names, or only the kinds of rows.
type labelColumn struct {
	col   int
	names bool
}

// headAt reads a row as a head: at least two fiscal years, and a column of labels to their left.
func (r *series) headAt(i int) (seriesHead, bool) {
	h := seriesHead{top: i, standard: -1, unit: -1}
	distinct := map[int]bool{}
	for j := range r.sheet.Cols {
		row, _ := r.sheet.Origin(i, j)
		text := record.OneLine(r.sheet.At(i, j).Text)
		year, known, begins := r.yearHead(text)
		switch {
		case row != i || !begins:
		case !known:
			h.unknown = append(h.unknown, j)
		default:
			distinct[year] = true
			h.years = append(h.years, yearColumn{j, year, r.subKind(i, j)})
		}
	}
	if len(distinct) < 2 {
		return h, false
	}
	r.labelColumns(&h)
	if len(h.labels) == 0 {
		return h, false
	}
	h.unknown = append(h.unknown, r.between(h)...)
	last := h.labels[len(h.labels)-1].col
	h.unknown = slices.DeleteFunc(h.unknown, func(j int) bool { return j < last }) // a title, in a flipped sheet
	return h, true
}

// between are the columns between two years whose heading is a number, as a year is abbreviated (令和4年度, 5, 6): the
// reader does not guess which.
func (r *series) between(h seriesHead) []int {
	var out []int
	first, last := h.years[0].col, h.years[len(h.years)-1].col
	for j := first + 1; j < last; j++ {
		text := r.sheet.At(h.top, j).Text
		if !r.sheet.Covered(h.top, j) && len(text) <= len("元年") && isNumber(text) && !slices.Contains(h.unknown, j) {
			out = append(out, j)
		}
	}
	return out
}

// yearHead reads 令和6年度 and 令和6年度決算. begins says that a year stands first, known that the rest is understood.
func (r *series) yearHead(text string) (year int, known, begins bool) {
	if y, err := strconv.Atoi(r.form.yearOf(text)); err == nil {
		return y, true, true
	}
	if m := bareYear.FindString(record.Normal(text)); m != "" {
		text = "令和" + record.Normal(text)
	}
	y, rest, ok := fiscal.FindYear(text)
	if !ok || strings.HasPrefix(record.Normal(text), rest) && rest != "" || isAsOf(text) {
		return 0, false, false
	}
	return y, matches(strings.Trim(rest, "()"), r.rule.YearSuffixes), true
}

// subKind reads the head below a year: 実績 or 計画.
func (r *series) subKind(i, j int) string {
	if i+1 >= r.sheet.Rows {
		return ""
	}
	switch text := record.OneLine(r.sheet.At(i+1, j).Text); {
	case matches(text, r.rule.ActualWords):
		return "actual"
	case matches(text, r.rule.PlanWords):
		return "plan"
	}
	return ""
}

// labelColumns finds, left of the years, the columns of names, kinds, units and the standard. A column of kinds that
// stands left of the names groups indicators and is no kind.
func (r *series) labelColumns(h *seriesHead) {
	named := false
	for j := range h.years[0].col {
		head := record.OneLine(r.sheet.At(h.top, j).Text)
		switch {
		case head == "":
		case matches(head, r.rule.StandardWords):
			h.standard = j
		case matches(head, r.rule.UnitWords):
			h.unit = j
		case matches(head, r.rule.IndicatorWords), matches(head, r.rule.YearWords):
			named = true
			h.labels = append(h.labels, labelColumn{j, true})
		case matches(head, r.rule.KindWords) && named:
			h.labels = append(h.labels, labelColumn{j, false})
		}
	}
}

// checkHead reports columns of years that are not understood or hidden: their values are in no figure.
func (r *series) checkHead() {
	for _, j := range r.head.unknown {
		f := finding.New(
			finding.NumberUnreadable, r.sheet.Name, r.sheet.Ref(r.head.top, j), record.OneLine(r.sheet.At(r.head.top, j).Text),
			"",
		)
		f.Message = "見出し「" + f.Found + "」がどの年度の何か分かりません。「令和6年度」のように書いてください。この列は集計から除きました。"
		r.findings = append(r.findings, f)
	}
	for _, y := range r.head.years {
		if r.sheet.HiddenCols[y.col] {
			r.findings = append(
				r.findings, finding.New(finding.HiddenData, r.sheet.Name, r.sheet.Ref(r.head.top, y.col), "非表示の列", ""),
			)
		}
	}
}
