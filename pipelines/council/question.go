package council

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// largest is how many changes stand first in the 想定問答.
const largest = 10

// recordsShown is how many records' remarks stand beside a figure: of more, nobody reads the remarks.
const recordsShown = 5

// question is one figure for whoever explains it.
type question struct {
	figure  brief.Figure
	years   [3]string // as printed: two years before, the year before, this year
	values  [2]*big.Rat
	remarks string
}

// Questions makes the 想定問答 of a meeting's papers: a sheet for each paper with its ten largest changes first, and every
// figure with its exact ratio, three years and what the department has remarked. earlier are the same papers for the
// year before and the one before that, by the item's key; nil where they cannot be made.
func Questions(
	ctx context.Context, db *warehouse.Reader, m brief.Meeting, papers []brief.ItemPaper,
	earlier [2]map[string]brief.Paper,
) ([]byte, error) {
	remarks, err := readRemarks(ctx, db, m.Municipality)
	if err != nil {
		return nil, err
	}
	known, err := readFacts(ctx, db, m.Municipality, papers)
	if err != nil {
		return nil, err
	}
	var sheets []workbook.Table
	for _, p := range papers {
		var all []question
		for _, f := range p.Figures {
			if f.Word {
				continue
			}
			q := question{figure: f, remarks: remarks.of(f)}
			q.years[2] = flat(f.Text)
			q.values[1], _ = new(big.Rat).SetString(f.Value)
			for k, back := range []int{1, 2} {
				if old, ok := sameFigure(earlier[k][p.Item.Key()], f, reportedYear(p), back); ok {
					q.years[1-k] = flat(old.Text)
					if k == 0 && old.Unit == f.Unit {
						q.values[0], _ = new(big.Rat).SetString(old.Value)
					}
				} else if value, ok := known[earlierFact(f, back)]; ok {
					q.years[1-k] = brief.Printed(value, f)
					if k == 0 {
						q.values[0] = value
					}
				}
			}
			all = append(all, q)
		}
		if len(all) > 0 {
			sheets = append(sheets, questionSheet(p, all))
		}
	}
	if len(sheets) == 0 {
		return nil, fmt.Errorf("会議 %s の資料に数値がないので、想定問答は作れません", m.ID)
	}
	data, err := workbook.WriteTables(sheets)
	if err != nil {
		return nil, fmt.Errorf("想定問答を作れません: %w", err)
	}
	return data, nil
}

// readFacts are what the cells and the tables state that figures of papers come from, of every year.
func readFacts(
	ctx context.Context, db *warehouse.Reader, municipality string, papers []brief.ItemPaper,
) (map[string]*big.Rat, error) {
	// of what several departments state in one survey year, it is not told whose is meant
	r, err := db.Query(ctx, `SELECT concat_ws('｜', r.form, r.kind, r.key, f.name, f.scope, f.unit) AS fact, f.value
		FROM raw.fields AS f JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)
		WHERE w.municipality = $municipality AND NOT r.excluded AND regexp_full_match(f.value, '-?\d+(\.\d+)?')
		QUALIFY min(w.department) OVER (PARTITION BY fact, w.fiscal_year)
			= max(w.department) OVER (PARTITION BY fact, w.fiscal_year)
		ORDER BY w.fiscal_year, r.record_id`,
		warehouse.Named("municipality", municipality))
	if err != nil {
		return nil, fmt.Errorf("reading what cells state: %w", err)
	}
	out := map[string]*big.Rat{}
	for _, row := range r.Rows {
		out[fmt.Sprint(row[0])], _ = new(big.Rat).SetString(fmt.Sprint(row[1]))
	}
	read := map[string]bool{}
	for _, p := range papers {
		for _, f := range p.Figures {
			table, _, _ := strings.Cut(f.Fact, "｜")
			if !strings.HasPrefix(table, "marts.") || read[table] {
				continue
			}
			read[table] = true
			r, err := db.Query(ctx, "FROM "+table)
			if err != nil {
				return nil, fmt.Errorf("reading %s: %w", table, err)
			}
			for _, row := range r.Rows {
				for i := range r.Columns {
					if value, ok := new(big.Rat).SetString(fmt.Sprint(row[i])); ok {
						if fact, year := brief.RowFact(table, r, row, i); year > 0 {
							out[fact] = value
						}
					}
				}
			}
		}
	}
	return out, nil
}

// earlierFact names what a figure states, of so many years before; "" where it states nothing of a year.
func earlierFact(f brief.Figure, back int) string {
	if f.Fact == "" || f.Year == 0 {
		return ""
	}
	parts := strings.Split(f.Fact, "｜")
	moved := false
	for i, part := range parts {
		key, year, cut := strings.Cut(part, "|"+strconv.Itoa(f.Year))
		switch {
		case part == strconv.Itoa(f.Year):
			parts[i], moved = strconv.Itoa(f.Year-back), true
		case part == fiscal.Wareki(f.Year):
			parts[i], moved = fiscal.Wareki(f.Year-back), true
		case cut && year == "":
			parts[i], moved = key+"|"+strconv.Itoa(f.Year-back), true
		}
	}
	if !moved {
		return ""
	}
	return strings.Join(parts, "｜")
}

// sameFigure finds in a paper of an earlier year the figure that stands in the same place.
func sameFigure(p brief.Paper, f brief.Figure, year, back int) (brief.Figure, bool) {
	key := placeKey(f, year)
	for _, old := range p.Figures {
		if !old.Word && placeKey(old, year-back) == key {
			return old, true
		}
	}
	return brief.Figure{}, false
}

// weight is how large a change is: of a percentage its points in hundredths, else the part of the year before.
func (q question) weight() *big.Rat {
	if q.values[0] == nil || q.values[1] == nil {
		return new(big.Rat)
	}
	diff := new(big.Rat).Sub(q.values[1], q.values[0])
	diff.Abs(diff)
	if strings.ContainsAny(q.figure.Unit, "%％") || q.values[0].Sign() == 0 {
		return diff.Quo(diff, big.NewRat(100, 1))
	}
	return diff.Quo(diff, new(big.Rat).Abs(q.values[0]))
}

func (q question) change() string {
	if q.values[0] == nil || q.values[1] == nil {
		return ""
	}
	diff := new(big.Rat).Sub(q.values[1], q.values[0])
	places, _ := diff.FloatPrec()
	text := diff.FloatString(places)
	if diff.Sign() > 0 {
		text = "+" + text
	}
	return strings.Replace(text, "-", "−", 1)
}

// ratio is the exact ratio of a figure: numerator ÷ denominator, and its decimal with more digits than are printed.
func ratio(f brief.Figure) string {
	if len(f.Origins) != 1 || f.Origins[0].Numerator == "" {
		return ""
	}
	o := f.Origins[0]
	a, okA := new(big.Rat).SetString(o.Numerator)
	b, okB := new(big.Rat).SetString(o.Denominator)
	if !okA || !okB || b.Sign() == 0 {
		return ""
	}
	percent := new(big.Rat).Mul(new(big.Rat).Quo(a, b), big.NewRat(100, 1))
	sign := "＝"
	if _, exact := percent.FloatPrec(); !exact {
		sign = "≒"
	}
	return fmt.Sprintf(
		"%s ÷ %s %s %s%%", o.Numerator, o.Denominator, sign,
		strings.TrimRight(strings.TrimRight(percent.FloatString(6), "0"), "."),
	)
}

var questionHead = []string{"順", "表", "行", "列", "前々年度", "前年度", "今年度の印字", "前年度からの変化", "正確な率（分子÷分母）", "課の備考", "番地"}

var questionWidths = []float64{6, 18, 26, 14, 12, 12, 14, 14, 36, 44, 44}

func questionSheet(p brief.ItemPaper, all []question) workbook.Table {
	top := slices.Clone(all)
	slices.SortStableFunc(top, func(a, b question) int { return b.weight().Cmp(a.weight()) })
	top = slices.DeleteFunc(top, func(q question) bool { return q.weight().Sign() == 0 })
	top = top[:min(len(top), largest)]
	s := workbook.Table{
		Name: p.Item.Name() + "_想定問答", Title: "想定問答　" + p.Item.Name() + "　" + p.Item.Title, Widths: questionWidths, Head: 1,
	}
	if year := reportedYear(p); year > 0 {
		s.Unit = fiscal.Wareki(year) + "の資料"
	}
	line := func(cells ...string) {
		for j, text := range cells {
			s.Cells = append(s.Cells, workbook.TableCell{Row: s.Rows, Col: j, Rows: 1, Cols: 1, Text: text, Align: "left"})
		}
		s.Rows++
	}
	add := func(order string, q question) {
		f := q.figure
		line(
			order, f.Table, flat(f.Row), flat(f.Column), q.years[0], q.years[1], q.years[2], q.change(), ratio(f), q.remarks,
			f.Address,
		)
	}
	group := func(text string) {
		s.Cells = append(s.Cells, workbook.TableCell{
			Row: s.Rows, Rows: 1, Cols: len(questionHead), Text: text, Align: "left",
		})
		s.Rows++
	}
	line(questionHead...)
	group(fmt.Sprintf("前年度からの変化の大きいもの（%d件）", len(top)))
	for i, q := range top {
		add(strconv.Itoa(i+1), q)
	}
	group(fmt.Sprintf("すべての数値（%d件）", len(all)))
	for _, q := range all {
		add("", q)
	}
	s.Notes = []string{
		"※変化の大きさは、割合はポイントの差、そのほかは前年度の値に対する割合で比べている。",
		"※前年度と前々年度は、同じ資料をその年度について作ったときの印字。公表した値とは違うことがある。",
	}
	return s
}

// remarks are what departments have written beside their figures, by cell.
type remarks struct {
	record map[Place]string // the record that a cell belongs to
	text   map[string]string
}

func readRemarks(ctx context.Context, db *warehouse.Reader, municipality string) (remarks, error) {
	out := remarks{map[Place]string{}, map[string]string{}}
	r, err := db.Query(ctx, `SELECT r.record_id, w.path, coalesce(f.sheet, ''), f.cell, f.name, f.text, w.department,
			CASE WHEN f.name IN ('remarks', 'narrative', 'status') THEN f.text END
		FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id) JOIN raw.fields AS f USING (record_id)
		WHERE w.municipality = $municipality AND f.cell IS NOT NULL
			ORDER BY r.record_id, f.scope, f.cell`, warehouse.Named("municipality", municipality))
	if err != nil {
		return out, fmt.Errorf("reading remarks: %w", err)
	}
	for _, row := range r.Rows {
		s := words(row)
		out.record[Place{s[1], s[2], s[3]}] = s[0]
		if text := flat(s[7]); text != "" && !strings.Contains(out.text[s[0]], text) {
			if out.text[s[0]] == "" {
				out.text[s[0]] = s[6] + "："
			}
			out.text[s[0]] += printable.Short(text, 200)
		}
	}
	return out, nil
}

func (r remarks) of(f brief.Figure) string {
	var records []string
	for _, s := range f.Sources() {
		if id := r.record[placeOf(s)]; id != "" && !slices.Contains(records, id) {
			records = append(records, id)
		}
	}
	if len(records) > recordsShown {
		return fmt.Sprintf("%d件の回答による", len(records))
	}
	var out []string
	slices.SortFunc(records, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	for _, id := range records {
		if text := r.text[id]; text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, "\n")
}
