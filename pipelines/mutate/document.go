package main

import (
	"fmt"
	"strings"
)

// group is a part of the program with the least that its tests must notice.
type group struct {
	title   string
	folders []string // begin the names of its files
	least   float64  // percent
	sample  uint32   // every one of so many lines; 1 for all
}

// groups are the parts, in the order of the document.
func groups() []group {
	out := []group{
		{"sql/macros", []string{"sql/macros/"}, 98, 1},
		{"sql/staging と sql/marts", []string{"sql/staging/", "sql/marts/"}, 95, 1},
	}
	for _, p := range goPackages {
		name := "pipelines/" + p.name
		out = append(out, group{name, []string{name + "/"}, p.rate, p.one})
	}
	return out
}

// maxSame is the most of a group's mutants, in percent, that may be said to change nothing.
const maxSame = 3

// count is what became of the mutants of a file or a group.
type count struct{ killed, lived, same, broken int }

func (c count) judged() int { return c.killed + c.lived }

// rate is the percentage of the mutants that change something that the tests noticed, in tenths, rounded down: what is
// short of a bound does not print as the bound.
func (c count) rate() int {
	if c.judged() == 0 {
		return 1000
	}
	return c.killed * 1000 / c.judged()
}

func (c *count) add(r result, why *reason) {
	switch {
	case r.outcome == broken:
		c.broken++
	case r.outcome == killed:
		c.killed++
	case why != nil && why.is == same:
		c.same++
	default:
		c.lived++
	}
}

func (c count) row(name string) string {
	return fmt.Sprintf("| %s | %d | %d | %d | %d | %d | %d.%d%% |\n",
		name, c.killed+c.lived+c.same, c.killed, c.lived, c.same, c.broken, c.rate()/10, c.rate()%10)
}

// faults are the bounds that the group does not keep.
func (g group) faults(c count) []string {
	var out []string
	if float64(c.rate()) < g.least*10 {
		out = append(out, fmt.Sprintf("%s: 検査が気付いた変異が %d.%d%% で、%g%% に足りません", g.title, c.rate()/10, c.rate()%10, g.least))
	}
	if all := c.judged() + c.same; c.same*100 > maxSame*all {
		out = append(out, fmt.Sprintf("%s: 何も変えない変異としたものが %d 件で、%d 件の %d%% を超えます", g.title, c.same, all, maxSame))
	}
	return out
}

const preface = `# 変異試験

プログラムを一か所だけ書き換えたもの（変異）を一つずつ作り、そのパッケージの速い検査が気付くかを確かめた結果です。
` + "`make mutants`" + ` が書きます。手で直さないでください。気付かれなかった変異の理由は
pipelines/mutate/変異の理由.csv にあり、理由のない変異、もう残っていない変異の理由があれば ` + "`make mutants`" + ` は失敗します。

- **SQL** の変異は pipelines/mutate が作り、sql/unit の検査例（変えたマクロや表を使う例）で試します。変えるのは、比較（<と<=、=と<>など）、
  加減乗除、AND と OR、NOT、IS NULL、数（前後に1）、文字列（最後の一字を消す）、true と false、並べる向き、min と max など対になる関数、
  FILTER・DISTINCT・LEFT、coalesce などの外側、CASE の枝、WHERE などの条件、USING と PARTITION BY の列です。
  表の行の並び（最後の ORDER BY）は変えません。
- **Go** の変異は gremlins v0.6.0 が作り、そのパッケージの ` + "`go test -short`" + ` で試します。
- 「無効」は、SQL や Go として成り立たないものです。数に入れません。「同じ」は、何も変えない変異で、どちらにも数えません（多くて3%）。
- 検査に時間の掛かるパッケージは、行を選んで試します。どの行かは、種「` + seed + `」とその行に書かれたものから決まります。

`

// document is docs/変異試験.md, and what is wrong with the results.
func document(results []result, why map[int]*reason) (string, []string) {
	var b strings.Builder
	var faults []string
	b.WriteString(preface)
	b.WriteString("## まとめ\n\n" +
		"| 対象 | 変異 | 気付いた | 残った | 同じ | 無効 | 率 | 求める率 | 試した行 |\n|---|--:|--:|--:|--:|--:|--:|--:|---|\n")
	for _, g := range groups() {
		c, _ := g.counts(results, why)
		faults = append(faults, g.faults(c)...)
		row := strings.TrimSuffix(c.row(g.title), "\n")
		lines := "すべて"
		if g.sample > 1 {
			lines = fmt.Sprintf("%d行に1行", g.sample)
		}
		fmt.Fprintf(&b, "%s %g%% | %s |\n", row, g.least, lines)
	}
	for _, g := range groups() {
		_, files := g.counts(results, why)
		fmt.Fprintf(&b, "\n## %s\n\n| ファイル | 変異 | 気付いた | 残った | 同じ | 無効 | 率 |\n|---|--:|--:|--:|--:|--:|--:|\n", g.title)
		for _, f := range files {
			b.WriteString(f.row(f.name))
		}
		g.survivors(&b, results, why)
	}
	return b.String(), faults
}

// fileCount is a file with its counts.
type fileCount struct {
	name string
	count
}

// counts are the counts of the group and of each of its files, in the order of the results.
func (g group) counts(results []result, why map[int]*reason) (count, []fileCount) {
	var all count
	var files []fileCount
	for i, r := range results {
		if !g.has(r.file) {
			continue
		}
		if n := len(files); n == 0 || files[n-1].name != r.file {
			files = append(files, fileCount{name: r.file})
		}
		all.add(r, why[i])
		files[len(files)-1].add(r, why[i])
	}
	return all, files
}

func (g group) has(file string) bool {
	for _, folder := range g.folders {
		if strings.HasPrefix(file, folder) {
			return true
		}
	}
	return false
}

// survivors lists what no test noticed, with the reasons.
func (g group) survivors(b *strings.Builder, results []result, why map[int]*reason) {
	head := "\n| ファイル | 行 | 変更 | 扱い | 理由 |\n|---|---|---|---|---|\n"
	for i, r := range results {
		if r.outcome != lived || !g.has(r.file) {
			continue
		}
		is, text := left, "**理由がありません**"
		if why[i] != nil {
			is, text = why[i].is, why[i].why
		}
		change := code(r.what)
		if r.nth > 1 {
			change += fmt.Sprintf("（%d番目）", r.nth)
		}
		fmt.Fprintf(b, "%s| %s | %s | %s | %s | %s |\n", head, r.file, code(r.key.line), change, is, text)
		head = ""
	}
}

// code sets a text in the face of programs, inside a table.
func code(s string) string {
	return "`` " + strings.ReplaceAll(s, "|", "\\|") + " ``"
}
