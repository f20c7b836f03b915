package document

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind is a kind of block: its name, the fields of a Block that it uses beside Kind and Hidden, the kinds of blocks
// that it may hold, and whether a workbook has a sheet for it. The other kinds are words alone.
type Kind struct {
	Name     string
	Level    bool
	Number   bool
	Spans    bool
	Items    bool
	Table    bool
	Chart    bool
	Label    bool
	Sheet    bool
	Blocks   []string
	Workbook bool
}

// Kinds are all kinds of blocks. Every writer of documents knows each of them.
func Kinds() []Kind {
	return []Kind{
		{Name: Heading, Level: true, Number: true, Spans: true},
		{Name: Paragraph, Spans: true},
		{Name: Note, Spans: true},
		{Name: List, Level: true, Items: true},
		{Name: Terms, Items: true},
		{Name: TableOf, Table: true, Workbook: true},
		{Name: ChartOf, Chart: true, Workbook: true},
		{Name: Title, Number: true, Spans: true},
		{Name: Right, Spans: true},
		{Name: Box, Label: true, Blocks: []string{Heading, Paragraph, Note, List}},
		{Name: PageBreak, Sheet: true},
	}
}

// KindOf finds a kind by its name.
func KindOf(name string) (Kind, bool) {
	kinds := Kinds()
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}

// UnknownKind is the error of a writer that does not know a kind of block: what it leaves out, nobody would miss.
func UnknownKind(name string) error {
	return fmt.Errorf("「%s」という種類の部分は書けません", name)
}

// Check says what a block, or one within it, holds that its kind has no place for, and what it lacks.
func (b Block) Check() error {
	k, ok := KindOf(b.Kind)
	if !ok {
		return UnknownKind(b.Kind)
	}
	for _, field := range []struct {
		name        string
		held, place bool
	}{
		{"level", b.Level != 0, k.Level}, {"number", b.Number != "", k.Number}, {"spans", len(b.Spans) > 0, k.Spans},
		{"items", len(b.Items) > 0, k.Items}, {"table", b.Table != nil, k.Table}, {"chart", b.Chart != nil, k.Chart},
		{"label", b.Label != "", k.Label}, {"sheet", b.Sheet != "", k.Sheet},
	} {
		if field.held && !field.place {
			return fmt.Errorf("「%s」の部分に %s は置けません", b.Kind, field.name)
		}
	}
	if k.Table && b.Table == nil || k.Chart && b.Chart == nil {
		return fmt.Errorf("「%s」の部分に中身がありません", b.Kind)
	}
	if b.Chart != nil && !slices.Contains(ChartKinds(), b.Chart.Kind) {
		return UnknownChart(b.Chart)
	}
	for _, child := range b.Blocks {
		if err := child.Check(); err != nil {
			return err
		}
		if !slices.Contains(k.Blocks, child.Kind) {
			return fmt.Errorf("「%s」の部分の中に「%s」は置けません", b.Kind, child.Kind)
		}
	}
	return nil
}

// ChartKinds are all kinds of charts.
func ChartKinds() []string {
	return []string{LineChart, BarChart, StackedChart, AttainmentChart, SharesChart}
}

// UnknownChart is the error of a writer that does not know a kind of chart.
func UnknownChart(c *Chart) error {
	return fmt.Errorf("図「%s」の種類「%s」を知りません。%s のいずれかにしてください", c.ID, c.Kind, strings.Join(ChartKinds(), "、"))
}

// Aligns are how cells of a table may stand. One that says nothing stands at the left, but heads no row.
func Aligns() []string { return []string{"left", "center", "right", "decimal"} }

// aligned checks how the columns and cells of a table stand.
func (t *Table) aligned() error {
	for i, c := range t.Columns {
		if !known(c.Align) {
			return fmt.Errorf("表「%s」の%d列目の%w", t.ID, i+1, unknownAlign(c.Align))
		}
	}
	for i, row := range slices.Concat(t.Head, t.Rows) {
		for _, c := range row.Cells {
			if !known(c.Align) {
				return fmt.Errorf("表「%s」の%d行目の%w", t.ID, i+1, unknownAlign(c.Align))
			}
		}
	}
	return nil
}

func known(align string) bool { return align == "" || slices.Contains(Aligns(), align) }

func unknownAlign(align string) error {
	return errors.New("揃え「" + align + "」を使えません。" + strings.Join(Aligns(), "、") + " のいずれかにしてください")
}
