package form

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// BlockRule says which years heads mean that come again without one: the first heads of the fields are of the first
// year, the second of the second.
type BlockRule struct {
	Fields []string `yaml:"fields"`
	Years  []int    `yaml:"years"`
}

// BlockRules are the block rules of a form; its YAML may write a lone one without the list.
type BlockRules []BlockRule

// UnmarshalYAML reads one rule, or a list of them.
func (b *BlockRules) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	if node.Kind == yaml.MappingNode {
		var one BlockRule
		if err := node.Decode(&one); err != nil {
			return fmt.Errorf("reading blocks: %w", err)
		}
		*b = BlockRules{one}
		return nil
	}
	var list []BlockRule
	if err := node.Decode(&list); err != nil {
		return fmt.Errorf("reading blocks: %w", err)
	}
	*b = list
	return nil
}

// blockOf is the rule that gives a field's repeated heads their years, nil where there is none.
func (f *Form) blockOf(name string) *BlockRule {
	for i := range f.Blocks {
		if slices.Contains(f.Blocks[i].Fields, name) {
			return &f.Blocks[i]
		}
	}
	return nil
}

// blockYears says which years the heads without one mean, by their columns; none where one of the fields of a rule does
// not come once for each of its years: which year is missing, nobody can know.
func (f *Form) blockYears(yearless []column) map[int]string {
	given := map[int]string{}
	for _, rule := range f.Blocks {
		columns := map[string][]int{}
		for _, c := range yearless {
			if slices.Contains(rule.Fields, c.rule.Name) {
				columns[c.rule.Name] = append(columns[c.rule.Name], c.col)
			}
		}
		if !rule.fits(columns) {
			continue
		}
		for _, cols := range columns {
			for k, col := range cols {
				given[col] = yearText(rule.Years[k])
			}
		}
	}
	return given
}

// fits reports that the heads of each field come once for each year.
func (rule BlockRule) fits(columns map[string][]int) bool {
	for _, cols := range columns {
		if len(cols) != len(rule.Years) {
			return false
		}
	}
	return true
}

// blockYears gives the labels of each card that come again without a year the years that the form's blocks say.
func (c *cards) blockYears() {
	for k, start := range c.starts {
		end := c.sheet.Rows
		if k+1 < len(c.starts) {
			end = c.starts[k+1]
		}
		var yearless []column
		for i, l := range c.labels {
			if l.assumed && l.row >= start && l.row < end {
				yearless = append(yearless, column{rule: l.rule, col: i})
			}
		}
		for i, year := range c.form.blockYears(yearless) {
			c.labels[i].scope, c.labels[i].assumed = year, false
		}
	}
}

// misfit says of heads that come again without a year that they are not as many as the form's years; "" where the form
// says nothing of them.
func (b *band) misfit(name string) string {
	rule := b.form.blockOf(name)
	if rule == nil {
		return ""
	}
	n := 0
	for _, c := range b.yearless {
		if c.rule.Name == name {
			n++
		}
	}
	if n == len(rule.Years) {
		return ""
	}
	return fmt.Sprintf("様式の blocks には年度が%dありますが、年度のない同じ見出しは%dあります。", len(rule.Years), n)
}

// inconsistentBlocks finds what a form's blocks cannot mean, and says where.
func (f *Form) inconsistentBlocks() (place []string, what string) {
	seen := map[string]bool{}
	for i, rule := range f.Blocks {
		at := []string{"blocks"}
		if len(f.Blocks) > 1 {
			at = append(at, fmt.Sprint(i))
		}
		if f.Layout == LayoutSeries {
			return at, "blocks: は layout: series の様式には書けません。表の見出しに年度を書いてください"
		}
		for _, name := range rule.Fields {
			field := fieldIn(f.Fields, name)
			switch {
			case field == nil:
				return append(at, "fields"), "「" + name + "」という項目は fields にありません"
			case !field.Scoped:
				return append(at, "fields"), "項目「" + name + "」は年度ごとの欄ではありません。scoped: true の項目を書いてください"
			case seen[name]:
				return append(at, "fields"), "項目「" + name + "」の年度が blocks: に二度あります"
			}
			seen[name] = true
		}
		for k, year := range rule.Years {
			if slices.Index(rule.Years, year) != k {
				return append(at, "years"), fmt.Sprintf("年度 %d が blocks: の years: に二度あります", year)
			}
		}
	}
	return nil, ""
}

func fieldIn(fields []FieldRule, name string) *FieldRule {
	for i := range fields {
		if fields[i].Name == name {
			return &fields[i]
		}
	}
	return nil
}
