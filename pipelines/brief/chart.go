package brief

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"kyogikai/pipelines/document"
)

// chartSpec is the YAML of a fenced chart: every row of its query is a category.
type chartSpec struct {
	ID       string       `yaml:"id"`
	Kind     string       `yaml:"kind"` // line, bars, stacked, attainment, shares
	Caption  string       `yaml:"caption"`
	Unit     string       `yaml:"unit"`
	Query    string       `yaml:"query"`
	Category string       `yaml:"category"` // a template over the query's columns
	Row      string       `yaml:"row"`      // likewise: what names a category in addresses; else the category
	Series   []seriesSpec `yaml:"series"`
	Notes    []string     `yaml:"notes"`
	Least    int          `yaml:"least"` // categories; with fewer the chart is not drawn
}

// seriesSpec draws a column of the query; text is a template that prints it. An empty value is not drawn, and its text
// says why.
type seriesSpec struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
	Text  string `yaml:"text"`
}

// fenced makes the block of a fenced part.
func (r *renderer) fenced(f fenced) (document.Block, error) {
	where := fmt.Sprintf("%s:%d", r.source.file, f.line)
	switch f.kind {
	case "table":
		t, err := r.table(f)
		r.at.block++
		return document.Block{Kind: document.TableOf, Table: t, Hidden: err == nil && t.Hidden}, err
	case "chart":
		c, err := r.chart(where, f)
		if c == nil {
			return document.Block{}, err
		}
		r.at.block++
		return document.Block{Kind: document.ChartOf, Chart: c}, err
	case "page":
		name := strings.TrimSpace(f.text)
		if !slices.Contains(sheetNames, name) {
			return document.Block{}, unknownSheet(where, name)
		}
		return document.Block{Kind: document.PageBreak, Sheet: name}, nil
	}
	text, err := r.text(where, strings.TrimSpace(f.text), nil)
	if label, title, ok := strings.Cut(r.plainText(text), "\n"); f.kind == "title" {
		if !ok {
			label, title = "", label
		}
		if title == "" && err == nil {
			err = &Error{Where: where, What: "表題がありません", Do: "一行目に「別紙」、二行目に表題を書いてください。"}
		}
		return document.Block{Kind: document.Title, Number: label, Spans: []document.Span{{Text: title}}}, err
	}
	return document.Block{Kind: document.Right, Spans: []document.Span{{Text: r.plainText(text)}}}, err
}

func (r *renderer) chart(where string, f fenced) (*document.Chart, error) {
	var spec chartSpec
	if err := decodeYAML(r.source.file, f.line-1, "図の指定", []byte(f.text), &spec); err != nil {
		return nil, err
	}
	if kinds := document.ChartKinds(); !slices.Contains(kinds, spec.Kind) || len(spec.Series) == 0 {
		return nil, &Error{
			Where: where, What: "図の kind「" + spec.Kind + "」か series を使えません",
			Do: "kind は " + strings.Join(kinds, "、") + " のいずれかにし、series を書いてください。",
		}
	}
	caption, err := r.text(where, spec.Caption, nil)
	if err != nil {
		return nil, err
	}
	r.beginTable(spec.ID)
	c := &document.Chart{ID: spec.ID, Kind: spec.Kind, Caption: r.plainText(caption), Unit: spec.Unit}
	for _, s := range spec.Series {
		c.Series = append(c.Series, document.Series{Name: s.Name})
	}
	if spec.Query == "" {
		return nil, &Error{Where: where, What: "図に query がありません", Do: "前書きの queries の名前を書いてください。"}
	}
	dots, err := r.dots(where, spec.Query)
	if err != nil {
		return nil, err
	}
	if len(dots) == 0 {
		err := noRows(spec.Query)
		return nil, &Error{Where: where, What: err.Error(), Do: doOf(err), Cause: err}
	}
	if len(dots) < spec.Least {
		r.omitted = append(r.omitted, c.Caption)
		return nil, nil
	}
	var shown []string
	for _, one := range spec.Series {
		shown = append(shown, "."+one.Value)
	}
	if err := r.noneUnshown(where, dots, append(shown, spec.Notes...)); err != nil {
		return nil, err
	}
	for _, dot := range dots {
		if err := r.category(where, spec, dot, c); err != nil {
			return nil, err
		}
	}
	r.nameRows()
	if what := unfit(c); what != "" {
		return nil, &Error{Where: where, What: what, Do: "問合せか kind を直すか、表にしてください。"}
	}
	for _, note := range spec.Notes {
		text, err := r.text(where, note, nil)
		if err != nil {
			return nil, err
		}
		if text = r.plainText(text); text != "" {
			c.Notes = append(c.Notes, text)
		}
	}
	if note := revisedNote(r.figures[r.tableStart:]); note != "" {
		c.Notes = append(c.Notes, note)
	}
	c.Notes = append(c.Notes, natureNotes(r.figures[r.tableStart:])...)
	if note := r.signNote(r.figures[r.tableStart:]); note != "" {
		c.Notes = append(c.Notes, note)
	}
	return c, nil
}

// unfit says why a chart cannot show its values truly, "" where it can.
func unfit(c *document.Chart) string {
	horizontal := c.Kind == document.AttainmentChart || c.Kind == document.SharesChart
	some := false
	sums := make([]*big.Rat, len(c.Categories))
	for _, s := range c.Series {
		for i, text := range s.Values {
			v, ok := new(big.Rat).SetString(text)
			if !ok {
				continue
			}
			some = true
			if sums[i] == nil {
				sums[i] = new(big.Rat)
			}
			sums[i].Add(sums[i], v)
			switch {
			case v.Sign() < 0 && (horizontal || c.Kind == document.StackedChart):
				return "負の値は、この種類の図（" + c.Kind + "）では示せません"
			case new(big.Rat).Abs(v).Cmp(big.NewRat(1e15, 1)) > 0:
				return "値が大きすぎます"
			}
		}
	}
	switch {
	case !some:
		return "図にする値が一つもありません"
	case len(c.Series) > 5:
		return "系列は五つまでです（塗り分けられません）"
	case c.Kind == document.AttainmentChart && len(c.Series) > 1:
		return "達成率の図（attainment）の系列は一つだけです"
	case !horizontal && len(c.Categories) > 14:
		return "横軸は十四までです（字が重なります）"
	}
	for i, sum := range sums {
		if c.Kind == document.SharesChart && sum != nil &&
			new(big.Rat).Abs(new(big.Rat).Sub(sum, big.NewRat(100, 1))).Cmp(roundingOf(c, i)) > 0 {
			return "「" + c.Categories[i] + "」の構成比の合計が100になりません"
		}
	}
	return ""
}

// roundingOf is how far the shares of a category may be from 100 by their rounding: half of their last place each, and
// never more than one. What is further away lacks a part.
func roundingOf(c *document.Chart, category int) *big.Rat {
	places, n := 0, int64(0)
	for _, s := range c.Series {
		if _, fraction, _ := strings.Cut(s.Values[category], "."); s.Values[category] != "" {
			places, n = max(places, len(fraction)), n+1
		}
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	most := new(big.Rat).SetFrac(big.NewInt(n), unit.Mul(unit, big.NewInt(2)))
	if one := big.NewRat(1, 1); most.Cmp(one) > 0 {
		return one
	}
	return most
}

// category adds one row of the chart's query.
func (r *renderer) category(where string, spec chartSpec, dot map[string]any, c *document.Chart) error {
	name, err := r.text(where, spec.Category, dot)
	if err != nil {
		return err
	}
	name = r.plainText(name)
	c.Categories = append(c.Categories, name)
	row, err := r.rowName(where, spec.Row, dot)
	if err != nil {
		return err
	}
	r.rows = append(r.rows, rowWords{name: cmp.Or(row, name), former: name})
	for k, s := range spec.Series {
		value, ok := dot[s.Value]
		if !ok {
			return &Error{Where: where, What: "問合せ「" + spec.Query + "」に「" + s.Value + "」の列がありません", Do: "列の名前を確かめてください。"}
		}
		marked, err := r.text(where, s.Text, dot)
		if err != nil {
			return err
		}
		text, stands := r.resolve(marked)
		first := len(r.figures)
		r.register(spec.ID, name, s.Name, spec.Unit, stands)
		for i := first; i < len(r.figures); i++ {
			r.figures[i].row, r.figures[i].Line = len(r.rows), len(c.Categories)-1
		}
		number := ""
		if value != nil {
			n, err := rat(value)
			if err != nil {
				return &Error{Where: where, What: err.Error(), Do: "数値の列を指定してください。", Cause: err}
			}
			places, _ := n.FloatPrec()
			number = n.FloatString(places)
		}
		c.Series[k].Values = append(c.Series[k].Values, number)
		c.Series[k].Texts = append(c.Series[k].Texts, text)
	}
	return nil
}
