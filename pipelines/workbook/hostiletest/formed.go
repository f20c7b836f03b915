package hostiletest

import (
	"fmt"
	"io"
	"strings"
)

// formed are hostile in that they look like what is asked for.
func formed() []Case {
	const head = "成果指標調査票\n指標名,種別,単位,目指す方向,令和7年度実績値,令和8年度実績値\n"
	table := func(line func(i int) string) func(w io.Writer, n int) error {
		return func(w io.Writer, n int) error {
			t := &text{w: w}
			t.put(head)
			for i := range n {
				t.put(line(i))
			}
			return t.err
		}
	}
	either := Read + "|reading_cpu|reading_memory"
	return []Case{
		{Name: "a table of very many indicators", Ext: ".csv", Small: 100, Full: 80_000, Want: either,
			Write: table(func(i int) string { return fmt.Sprintf("指標%d,成果,人,上昇,%d,%d\n", i, i, i+1) })},
		{Name: "a table of very many mistakes", Ext: ".csv", Small: 100, Full: 80_000, Want: either,
			Write: table(func(i int) string { return fmt.Sprintf("指標%d,成果,人,上昇,五百%d,多い\n", i, i) })},
		{Name: "one indicator again and again", Ext: ".csv", Small: 100, Full: 80_000, Want: either,
			Write: table(func(int) string { return "来館者数,成果,人,上昇,1,2\n" })},
		{Name: "tables below one another", Ext: ".csv", Small: 5, Full: 8000, Want: either,
			Write: table(func(i int) string { return fmt.Sprintf("指標%d,成果,人,上昇,1,2\n\n%s", i, head) })},
		{Name: "heads and nothing else", Ext: ".csv", Small: 20, Full: 100_000, Want: either,
			Write: table(func(int) string { return "指標名,種別,単位,目指す方向,令和8年度実績値\n" })},
		{Name: "values that are long texts", Ext: ".csv", Small: 5, Full: 1500, Want: either,
			Write: table(func(i int) string {
				return fmt.Sprintf("指標%d,成果,人,上昇,%s,2\n", i, strings.Repeat("約1,200人以上（令和6年12月末時点）・", 600))
			})},
		{Name: "years without an end", Ext: ".csv", Small: 20, Full: 60_000, Want: either, Write: years},
	}
}

// years are a table with so many heads of years.
func years(w io.Writer, n int) error {
	t := &text{w: w}
	t.put("成果指標調査票\n指標名,種別,単位,目指す方向")
	for i := range n {
		t.putf(",令和%d年度実績値", i%40+1)
	}
	t.put("\n来館者数,成果,人,上昇")
	t.repeat(",5", n)
	t.put("\n")
	return t.err
}
