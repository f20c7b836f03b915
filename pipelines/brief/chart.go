package brief

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

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
	Series   []seriesSpec `yaml:"series"`
	Notes    []string     `yaml:"notes"`
}

// seriesSpec draws a column of the query; text is a template that prints it. An empty value is not drawn, and its text
// says why.
type seriesSpec struct {
	Name  string `yaml:"name"`
	Value string `yaml:"value"`
	Text  string `yaml:"text"`
}

var chartKinds = []string{document.LineChart, document.BarChart, document.StackedChart, document.AttainmentChart, document.SharesChart}

// fenced makes the block of a fenced part.
func (r *renderer) fenced(f fenced) (document.Block, error) {
	where := fmt.Sprintf("%s:%d", r.source.file, f.line)
	switch f.kind {
	case "table":
		t, err := r.table(f)
		return document.Block{Kind: document.TableOf, Table: t}, err
	case "chart":
		c, err := r.chart(where, f)
		return document.Block{Kind: document.ChartOf, Chart: c}, err
	case "page":
		return document.Block{Kind: document.PageBreak, Sheet: strings.TrimSpace(f.text)}, nil
	}
	text, err := r.text(where, strings.TrimSpace(f.text), nil)
	if label, title, ok := strings.Cut(r.plainText(text), "\n"); f.kind == "title" {
		if !ok {
			label, title = "", label
		}
		return document.Block{Kind: document.Title, Number: label, Spans: []document.Span{{Text: title}}}, err
	}
	return document.Block{Kind: document.Right, Spans: []document.Span{{Text: r.plainText(text)}}}, err
}

func (r *renderer) chart(where string, f fenced) (*document.Chart, error) {
	var spec chartSpec
	d := yaml.NewDecoder(strings.NewReader(f.text))
	d.KnownFields(true)
	if err := d.Decode(&spec); err != nil {
		return nil, &Error{Where: where, What: "図の指定を読めません（" + err.Error() + "）", Do: "YAMLの書き方を直してください。"}
	}
	if !slices.Contains(chartKinds, spec.Kind) || len(spec.Series) == 0 {
		return nil, &Error{Where: where, What: "図の kind「" + spec.Kind + "」か series を使えません", Do: "kind は " + strings.Join(chartKinds, "、") + " のいずれかにし、series を書いてください。"}
	}
	caption, err := r.text(where, spec.Caption, nil)
	if err != nil {
		return nil, err
	}
	c := &document.Chart{ID: spec.ID, Kind: spec.Kind, Caption: r.plainText(caption), Unit: spec.Unit}
	for _, s := range spec.Series {
		c.Series = append(c.Series, document.Series{Name: s.Name})
	}
	dots, err := r.dots(where, spec.Query)
	if err != nil {
		return nil, err
	}
	for _, dot := range dots {
		if err := r.category(where, spec, dot, c); err != nil {
			return nil, err
		}
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
	return c, nil
}

// category adds one row of the chart's query.
func (r *renderer) category(where string, spec chartSpec, dot map[string]any, c *document.Chart) error {
	name, err := r.text(where, spec.Category, dot)
	if err != nil {
		return err
	}
	name = r.plainText(name)
	c.Categories = append(c.Categories, name)
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
		r.register(spec.ID, name, s.Name, spec.Unit, stands)
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
