package main

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"kyogikai/pipelines/simulate"
)

// bench is a measurement under way.
type bench struct {
	full          bool
	program, self string
	work          string
	report        strings.Builder
}

var (
	//go:embed 所見.md
	findings string
	//go:embed baseline.py
	baseline string
)

func (b *bench) text(format string, args ...any) {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	b.report.WriteString(format + "\n\n")
}

// table writes a table; the first row is its head.
func (b *bench) table(rows ...[]string) {
	for i, row := range rows {
		b.report.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.report.WriteString("|" + strings.Repeat("---|", len(row)) + "\n")
		}
	}
	b.report.WriteString("\n")
}

// times is how often something is measured.
func (b *bench) times(few int) int {
	if b.full {
		return 2*few + 1
	}
	return few
}

func (b *bench) load(ctx context.Context, inputs, outputs string, more ...string) (cost, error) {
	return run(ctx, b.program, append([]string{"load", "--inputs", inputs, "--outputs", outputs}, more...)...)
}

func (b *bench) dir(name string) string { return filepath.Join(b.work, name) }

// machine says where it was measured.
func (b *bench) machine(ctx context.Context) error {
	model := "不明"
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close() //nolint:errcheck // read only
		for s := bufio.NewScanner(f); s.Scan(); {
			if name, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
			}
		}
	}
	commit, err := run(ctx, "git", "log", "-1", "--format=%h %cs")
	if err != nil {
		return err
	}
	b.text("# 性能")
	b.text("`make bench` が書いたもの（手で直さない。所見だけは pipelines/bench/所見.md に書く）。既定では十分以内、`BENCH=full make bench` は回数を増やす。")
	b.text("測った機械：%s、%dコア、%s、%s。プログラム：%s。時間は実時間、CPUはすべてのコアの合計、メモリは最大の常駐量。断りのない数は、交互に%d回測った中央値。",
		model, runtime.NumCPU(), runtime.GOOS+"/"+
			runtime.GOARCH, runtime.Version(), strings.TrimSpace(commit.out), b.times(5))
	return nil
}

// age dates the files of a folder a day back: one that is just written may still be being written, and is waited for.
func age(dir string) error {
	old := time.Now().Add(-24 * time.Hour)
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		return fmt.Errorf("dating inputs: %w", err)
	}
	return nil
}

// sample measures the sample cities: from scratch, with one change, with none, and against the floor.
func (b *bench) sample(ctx context.Context) error {
	inputs := b.dir("sample")
	if err := os.CopyFS(inputs, os.DirFS("inputs")); err != nil {
		return fmt.Errorf("copying inputs: %w", err)
	}
	if err := age(inputs); err != nil {
		return err
	}
	var scratch, changed, unchanged, floors []cost
	var readLoad, scratchRead, changedRead, rest []float64
	var last []stage
	for i := range b.times(5) {
		outputs := b.dir(fmt.Sprintf("sample-%d", i))
		c, err := b.load(ctx, inputs, outputs)
		if err != nil {
			return err
		}
		if last, err = stages(outputs); err != nil {
			return err
		}
		scratch = append(scratch, c)
		readLoad, scratchRead = append(readLoad, cpuOf(last, "read", "load")), append(scratchRead, cpuOf(last, "read"))
		rest = append(rest, cpuOf(last, "model", "check", "publish"))
		if err := edit(inputs, fmt.Sprint(i)); err != nil {
			return err
		}
		time.Sleep(time.Second) // ids of runs are seconds
		if c, err = b.load(ctx, inputs, outputs); err != nil {
			return err
		}
		again, err := stages(outputs)
		if err != nil {
			return err
		}
		changed, changedRead = append(changed, c), append(changedRead, cpuOf(again, "read"))
		time.Sleep(time.Second)
		if c, err = b.load(ctx, inputs, outputs); err != nil {
			return err
		}
		unchanged = append(unchanged, c)
		if c, err = run(ctx, b.self, "floor", inputs, b.dir(fmt.Sprintf("floor-%d.duckdb", i))); err != nil {
			return err
		}
		floors = append(floors, c)
	}
	s, c, u, f := median(scratch), median(changed), median(unchanged), median(floors)
	b.text("## 標本の二市（調査票128件）")
	row := func(name string, c cost) []string {
		return []string{name, seconds(c.wall), seconds(c.cpu), megabytes(c.peak)}
	}
	b.table(
		[]string{"`kyogikai load`", "時間（秒）", "CPU（秒）", "メモリ（MB）"}, row("始めから", s), row("一件だけ変わった", c), row("何も変わっていない", u),
	)
	b.text("何も変わっていない実行のCPUは、始めからの%.1f%%（目標は25%%以下）。", 100*u.cpu.Seconds()/s.cpu.Seconds())
	rows := [][]string{{"段階（始めから）", "時間（秒）", "CPU（秒）", "そこまでのメモリ（MB）"}}
	for _, st := range last {
		rows = append(rows, []string{
			st.Name, fmt.Sprintf("%.2f", st.wall()), fmt.Sprintf("%.2f", st.CPU), megabytes(st.Peak),
		})
	}
	b.table(rows...)
	b.text(
		"一件だけ変わったときの段階 read のCPUは%.2f秒（始めからは%.2f秒）。調査票を読むことそのものの比は「部分ごと」の ReadFiles にある。", middle(changedRead),
		middle(scratchRead),
	)
	b.text("## 下限との比")
	b.text("下限は、excelize の Rows で全シートを読み、DuckDB の Appender で全セルを入れるだけのもの（結合セルも数値も様式も見ない）。")
	b.table([]string{"", "CPU（秒）"}, []string{"下限（プロセス全体）", seconds(f.cpu)}, []string{
		"kyogikai の read と load", fmt.Sprintf("%.2f", middle(readLoad)),
	},
		[]string{
			"比（目標は4以下）", fmt.Sprintf("%.1f", middle(readLoad)/f.cpu.Seconds()),
		}, []string{"（別に）集計・検査・更新", fmt.Sprintf("%.2f", middle(rest))})
	return nil
}

// edit changes a cell of one workbook.
func edit(inputs, value string) error {
	files, err := filepath.Glob(filepath.Join(inputs, "八戸市", "令和6年度", "*", "*", "*.xlsx"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("%s has no workbook to change", inputs)
	}
	f, err := excelize.OpenFile(files[0])
	if err != nil {
		return fmt.Errorf("changing a workbook: %w", err)
	}
	defer f.Close() //nolint:errcheck // saved below
	if err := f.SetCellStr(f.GetSheetName(0), "Z60", "測定"+value); err != nil {
		return fmt.Errorf("changing a workbook: %w", err)
	}
	if err := f.Save(); err != nil {
		return fmt.Errorf("changing a workbook: %w", err)
	}
	return nil
}

var benchLine = regexp.MustCompile(`(?m)^(Benchmark\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op(?:.*?([\d.]+) B/op)?`)

// goBench runs Go benchmarks and returns nanoseconds by name.
func goBench(ctx context.Context, pattern, pkg string, more ...string) (map[string]float64, string, error) {
	c, err := run(ctx, "go", append([]string{"test", "-run", "^$", "-bench", pattern, "-benchmem", pkg}, more...)...)
	if err != nil {
		return nil, "", err
	}
	out := map[string]float64{}
	for _, m := range benchLine.FindAllStringSubmatch(c.out, -1) {
		var ns float64
		if _, err := fmt.Sscan(m[2], &ns); err == nil {
			out[m[1]] = ns
		}
	}
	return out, c.out, nil
}

// pages measures typesetting.
func (b *bench) pages(ctx context.Context) error {
	found, _, err := goBench(ctx, "Render", "./pipelines/typeset", "-benchtime", "1s")
	if err != nil {
		return err
	}
	b.text("## 資料の頁数")
	rows := [][]string{{"頁", "組版（ミリ秒）", "一頁当たり（ミリ秒）"}}
	for _, pages := range []int{1, 10, 100} {
		ns, ok := found[fmt.Sprintf("BenchmarkRender/pages=%d", pages)]
		if !ok {
			return fmt.Errorf("no benchmark of %d pages", pages)
		}
		rows = append(rows, []string{
			fmt.Sprint(pages), fmt.Sprintf("%.0f", ns/1e6), fmt.Sprintf("%.1f", ns/1e6/float64(pages)),
		})
	}
	b.table(rows...)
	return nil
}

// perCity is how many workbooks a simulated municipality has.
const perCity = 60

func (b *bench) simulated(n int) (inputs string, err error) {
	dir := b.dir(fmt.Sprintf("country-%d", n))
	if _, err := os.Stat(dir); err == nil {
		return filepath.Join(dir, "inputs"), nil
	}
	_, err = simulate.Write(dir, simulate.Size{Municipalities: n, Workbooks: perCity, Seed: 1})
	if err != nil {
		return "", fmt.Errorf("simulating %d municipalities: %w", n, err)
	}
	return filepath.Join(dir, "inputs"), nil
}

// growth measures trees of ten times the size, and what follows for the country.
func (b *bench) growth(ctx context.Context) error {
	sizes := []int{2, 20, 200}
	const country = 1741
	var costs []cost
	b.text("## 量を増やす")
	b.text(
		"模擬の自治体（一つに調査票%d件、`go run ./pipelines/simulate/cmd` で同じものができる）を、始めから `kyogikai load` する。メモリの設定は既定のまま（足りなければ増える）。"+
			"一回だけ測る。",
		perCity,
	)
	rows := [][]string{{
		"自治体", "調査票", "時間（秒）", "CPU（秒）", "うち read", "load", "model", "check", "メモリ（MB）", "データファイル（MB）", "何も変わっていない（秒）",
	}}
	for _, n := range sizes {
		inputs, err := b.simulated(n)
		if err != nil {
			return err
		}
		outputs := b.dir(fmt.Sprintf("out-%d", n))
		c, err := b.load(ctx, inputs, outputs)
		if err != nil {
			return err
		}
		st, err := stages(outputs)
		if err != nil {
			return err
		}
		time.Sleep(time.Second)
		again, err := b.load(ctx, inputs, outputs)
		if err != nil {
			return err
		}
		file, err := os.Stat(filepath.Join(outputs, "warehouse", "current.duckdb"))
		if err != nil {
			return fmt.Errorf("looking at the published file: %w", err)
		}
		row := []string{fmt.Sprint(n), fmt.Sprint(n * perCity), seconds(c.wall), seconds(c.cpu)}
		for _, name := range []string{"read", "load", "model", "check"} {
			row = append(row, fmt.Sprintf("%.1f", cpuOf(st, name)))
		}
		rows = append(rows, append(row, megabytes(c.peak), megabytes(file.Size()), seconds(again.wall)))
		costs = append(costs, c)
	}
	b.table(rows...)
	first, last := costs[0], costs[len(costs)-1]
	for i := 1; i < len(costs); i++ {
		b.text("%dから%d自治体へ（10倍）：時間は%.1f倍、CPUは%.1f倍（目標は11倍以下）。", sizes[i-1], sizes[i],
			costs[i].wall.Seconds()/costs[i-1].wall.Seconds(), costs[i].cpu.Seconds()/costs[i-1].cpu.Seconds())
	}
	power := math.Log(last.wall.Seconds()/costs[1].wall.Seconds()) / math.Log(float64(sizes[2])/float64(sizes[1]))
	constant := last.wall.Seconds() / math.Pow(float64(sizes[2]), power)
	b.text("増え方は、20から200自治体の二点で、時間 ＝ %.3f × 自治体数^%.2f 秒。メモリは調査票が100倍で%.1f倍（%sMB から %sMB、目標は600MB未満）。",
		constant, power, float64(last.peak)/float64(first.peak), megabytes(first.peak), megabytes(last.peak))
	all := constant * math.Pow(country, power)
	b.text("全国の%d市区町村に当てはめると約%.0f分、この機械（%dコア）で。前提：どの自治体も調査票%d件、模擬の調査票と同じ大きさ、同じディスク、増え方が同じまま続く。"+
		"200自治体までしか測っていない。", country, all/60, runtime.NumCPU(), perCity)
	return nil
}

// shards measures what dividing the reading costs.
func (b *bench) shards(ctx context.Context) error {
	inputs, err := b.simulated(20)
	if err != nil {
		return err
	}
	b.text("## 読むところを分ける")
	const n = 4
	var slowest, sum cost
	to := b.dir("shares")
	for i := 1; i <= n; i++ {
		c, err := b.load(ctx, inputs, b.dir(fmt.Sprintf("share-%d", i)), "--shard", fmt.Sprintf("%d/%d", i, n), "--to", to)
		if err != nil {
			return err
		}
		sum.cpu += c.cpu
		slowest.wall = max(slowest.wall, c.wall)
	}
	merge, err := run(ctx, b.program, "load", "--merge", to, "--inputs", inputs, "--outputs", b.dir("merged"))
	if err != nil {
		return err
	}
	alone, err := b.load(ctx, inputs, b.dir("alone"))
	if err != nil {
		return err
	}
	b.table([]string{"20自治体（調査票1,200件）", "時間（秒）", "CPU（秒）"},
		[]string{"一台で", seconds(alone.wall), seconds(alone.cpu)},
		[]string{fmt.Sprintf("%d分の1を読む（最も遅いもの。CPUは合計）", n), seconds(slowest.wall), seconds(sum.cpu)},
		[]string{"まとめて更新する", seconds(merge.wall), seconds(merge.cpu)})
	b.text("一台の機械で一つずつ測った。分けた機械が同時に動けば、時間は「最も遅いもの」と「まとめて更新する」の和になる。")
	return nil
}

// queries measures what an analyst waits for.
func (b *bench) queries(ctx context.Context) error {
	asked := []struct{ name, sql string }{
		{
			"一つの自治体の計画の件数",
			"SELECT scope, measure, symbol, initiatives FROM marts.initiative_tally WHERE municipality = '模擬0001市' " +
				"AND pillar IS NULL",
		},
		{
			"すべての自治体の件数の合計",
			"SELECT symbol, sum(initiatives)::BIGINT AS n FROM marts.initiative_tally WHERE measure = 'progress' GROUP BY ALL " +
				"ORDER BY ALL",
		},
		{
			"達成率の低い指標の十件",
			"SELECT municipality, indicator, attainment_pct FROM marts.indicator_years WHERE attainment_pct IS NOT NULL " +
				"ORDER BY attainment_pct, municipality, indicator LIMIT 10",
		},
		{"セルの文字を探す", "SELECT count(*) FROM raw.cells WHERE text LIKE '%調整%'"},
	}
	sizes := []int{1, 100}
	rows := [][]string{{"問合せ（起動から結果まで、ミリ秒）"}}
	for _, q := range asked {
		rows = append(rows, []string{q.name})
	}
	for _, n := range sizes {
		inputs, err := b.simulated(n)
		if err != nil {
			return err
		}
		outputs := b.dir(fmt.Sprintf("out-%d", n))
		if _, err := b.load(ctx, inputs, outputs); err != nil {
			return err
		}
		rows[0] = append(rows[0], fmt.Sprintf("%d自治体", n))
		for i, q := range asked {
			var costs []cost
			for range b.times(7) {
				c, err := run(ctx, b.program, "sql", "--outputs", outputs, "--format", "csv", q.sql)
				if err != nil {
					return err
				}
				costs = append(costs, c)
			}
			rows[i+1] = append(rows[i+1], fmt.Sprintf("%d", median(costs).wall.Milliseconds()))
		}
	}
	b.text("## 問合せ")
	b.table(rows...)
	return nil
}

// before is what the Go benchmarks said when they were last kept; benchstat compares.
const before = "pipelines/bench/部分ごと.txt"

// parts runs the Go benchmarks that stand beside the code.
func (b *bench) parts(ctx context.Context) error {
	more := []string{"-benchtime", "3x"}
	if b.full {
		more = []string{"-benchtime", "5x", "-count", "6"}
	}
	var all strings.Builder
	rows := [][]string{{"ベンチマーク", "ミリ秒"}}
	var scratch, one float64
	for _, pkg := range []string{"workbook", "form", "reading", "nightly", "typeset"} {
		c, out, err := goBench(ctx, ".", "./pipelines/"+pkg, more...)
		if err != nil {
			return err
		}
		all.WriteString(out)
		for _, m := range benchLine.FindAllStringSubmatch(out, -1) {
			if ns, ok := c[m[1]]; ok {
				rows = append(rows, []string{pkg + "." + strings.TrimPrefix(m[1], "Benchmark"), fmt.Sprintf("%.1f", ns/1e6)})
				delete(c, m[1])
				switch m[1] {
				case "BenchmarkReadFiles/scratch":
					scratch = ns
				case "BenchmarkReadFiles/one-changed":
					one = ns
				}
			}
		}
	}
	if scratch == 0 || one == 0 {
		return fmt.Errorf("no benchmark of reading")
	}
	b.text("## 部分ごと（Go のベンチマーク）")
	b.table(rows...)
	b.text("調査票を読むこと（一つのコアで）：一件だけ変わったときは、始めからの%.3f（目標は0.1以下）。", one/scratch)
	now := b.dir("now.txt")
	if err := os.WriteFile(now, []byte(all.String()), 0o644); err != nil {
		return fmt.Errorf("keeping the benchmarks: %w", err)
	}
	if _, err := os.Stat(before); err == nil {
		if c, err := run(ctx, "go", "run", "golang.org/x/perf/cmd/benchstat@"+benchstat, before, now); err == nil {
			b.text("前に残した結果（%s）との比べ（benchstat）：", before)
			b.text("```\n" + strings.TrimSpace(c.out) + "\n```")
		} else {
			b.text("benchstat は動きませんでした。")
		}
	}
	if b.full { // several of each: what benchstat can compare
		if err := os.WriteFile(before, []byte(all.String()), 0o644); err != nil {
			return fmt.Errorf("keeping the benchmarks: %w", err)
		}
	}
	return nil
}

const benchstat = "v0.0.0-20260908200009-22c9c6c9d4da"
