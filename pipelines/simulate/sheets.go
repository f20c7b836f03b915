package simulate

import (
	"errors"
	"fmt"
	"strconv"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/workbook"
)

// sheet is a table under way: rows of texts below a head of one or two rows.
type sheet struct {
	t workbook.Table
}

func newSheet(name, title, preamble string, widths ...float64) *sheet {
	return &sheet{workbook.Table{Name: name, Title: title, Unit: preamble, Widths: widths}}
}

// head adds a heading that spans rows and columns.
func (s *sheet) head(row, col, rows, cols int, text string) {
	s.t.Cells = append(s.t.Cells, workbook.TableCell{
		Row: row, Col: col, Rows: rows, Cols: cols, Text: text, Align: "center",
	})
	s.t.Head = max(s.t.Head, row+rows)
	s.t.Rows = max(s.t.Rows, s.t.Head)
}

// row adds a line; "" leaves a cell empty.
func (s *sheet) row(texts ...string) {
	for j, text := range texts {
		s.t.Cells = append(s.t.Cells, workbook.TableCell{Row: s.t.Rows, Col: j, Rows: 1, Cols: 1, Text: text})
	}
	s.t.Rows++
}

// add puts the sheet into the department's folder as a workbook of its own.
func (s *sheet) add(c *city, d department, form string, year int, name string) {
	data, err := workbook.WriteTables([]workbook.Table{s.t})
	if err != nil {
		c.err = errors.Join(c.err, err)
		return
	}
	c.submit(d, form, year, name, data)
}

var (
	pillars = []string{"職員能力の向上と組織運営の強化", "市民サービスの向上", "業務の効率化・適正化", "持続可能な財政運営"}
	items   = []string{"職員の能力向上", "ICTを活用したサービスの向上", "業務プロセスの最適化", "広域連携の推進", "歳入の確保・強化"}
	deeds   = []string{
		"手順書の整備", "オンライン申請の対象拡大", "窓口業務の委託", "入力作業の自動化", "台帳の電子化", "共同研修の実施", "広告掲載の拡大", "使用料の見直し", "庁内勉強会の開催", "様式の標準化",
		"公用車の共同利用", "施設予約の電子化",
	}
	marks   = []string{"◎", "○", "○", "○", "○", "○", "△", "△", "▲"}
	ratings = map[string]string{"◎": "A", "○": "B", "△": "C", "▲": "C"}
	results = []string{"計画どおり実施した。", "対象を二つの業務に広げた。", "一部の作業について関係機関との調整に時間を要した。", "利用した市民は前年度を上回った。"}
)

func (c *city) reform(d department)       { c.reformOf(d, thisYear-1) }
func (c *city) reformBefore(d department) { c.reformOf(d, thisYear-2) }

// reformOf is what a department did for the reform plan in a year, with the whole period beside it in the plan's last
// year.
func (c *city) reformOf(d department, year int) {
	s := newSheet(
		"取組状況", fiscal.Wareki(year)+"　行財政改革　取組状況調査票", "部課名："+d.bureau+"　"+d.name, 6, 26, 22, 34, 40, 8, 10, 8, 10, 12, 10, 12,
	)
	for j, head := range []string{"No.", "改革の柱", "推進項目", "取組名", "実績内容"} {
		s.head(0, j, 2, 1, head)
	}
	s.head(0, 5, 1, 2, fiscal.Wareki(year))
	s.head(0, 7, 1, 2, "推進期間全体")
	for j, head := range []string{"進捗", "自己評価", "進捗", "自己評価"} {
		s.head(1, 5+j, 1, 1, head)
	}
	for j, head := range []string{"開始年度", "終了区分", "終了年度"} {
		s.head(0, 9+j, 2, 1, head)
	}
	for i := range 5 + c.random.IntN(8) {
		p, k := c.random.IntN(len(pillars)), c.random.IntN(len(items))
		now, all := marks[c.random.IntN(len(marks))], marks[c.random.IntN(len(marks))]
		mark := now
		if c.random.IntN(150) == 0 {
			mark = "順調" // no symbol of the form
		}
		deed := deeds[i%len(deeds)]
		s.row(strconv.Itoa(i+1), fmt.Sprintf(
			"%d %s", p+1, pillars[p],
		), fmt.Sprintf("(%d) %s", k+1, items[k]), deed+"（"+d.name+"）",
			deed+"について、\n"+results[c.random.IntN(len(results))], mark, ratings[now], all, ratings[all],
			fiscal.Wareki(year-1-c.random.IntN(6)), "継続", "")
	}
	s.t.Notes = []string{"※ 進捗　◎：計画を上回って進んだ　○：計画どおり進んだ　△：一部の取組が遅れた　▲：全体的に取組が遅れた　×：未実施"}
	s.add(c, d, "行財政改革取組状況調査票", year, fmt.Sprintf("【%s】行財政改革取組状況_%d", d.name, year))
}

var indicators = []struct{ name, unit, direction string }{
	{"オンライン申請の割合", "％", "上昇"}, {"相談件数", "件", "上昇"}, {"研修受講者数", "人", "上昇"}, {"窓口の平均待ち時間", "分", "低下"},
	{"時間外勤務の時間数", "時間", "低下"}, {"講座の参加者数", "人", "上昇"}, {"施設の利用者数", "人", "上昇"}, {"苦情の件数", "件", "低下"},
	{"利用者の満足度", "％", "上昇"}, {"ごみの排出量", "トン", "低下"},
}

// indicators is a table of targets and actuals, a line an indicator.
func (c *city) indicators(d department) {
	const first = thisYear - 1
	s := newSheet(
		"成果指標", fiscal.Wareki(thisYear)+"　成果指標調査票", "回答課："+d.name, 6, 26, 14, 30, 8, 10, 12, 12, 12, 12, 12, 12, 12, 24,
	)
	heads := []string{"No.", "事業名", "種別", "成果指標名", "単位", "目指す方向", "基準年度", "基準値"}
	for j, head := range heads {
		s.head(0, j, 2, 1, head)
	}
	col := len(heads)
	for y := first; y <= first+1; y++ {
		s.head(0, col, 1, 2, fiscal.Wareki(y))
		s.head(1, col, 1, 1, "目標値")
		s.head(1, col+1, 1, 1, "実績値")
		col += 2
	}
	s.head(0, col, 1, 1, fiscal.Wareki(first+2))
	s.head(1, col, 1, 1, "目標値")
	s.head(0, col+1, 2, 1, "備考")
	for i := range 3 + c.random.IntN(8) {
		k := indicators[i%len(indicators)]
		most := 900
		step := 5 + c.random.IntN(20)
		if k.unit == "％" {
			most, step = 40, 1+c.random.IntN(5)
		}
		base := 50 + c.random.IntN(most)
		if k.unit == "％" {
			base -= 20
		}
		toward := func(n int) string { // after so many years
			if k.direction == "低下" {
				return strconv.Itoa(max(base-n*step, 1))
			}
			return strconv.Itoa(base + n*step)
		}
		actual := func(n int) string {
			v := base + (c.random.IntN(3)-1)*step + n*step/2
			if k.direction == "低下" {
				v = base - n*step/2 + (c.random.IntN(3)-1)*step
			}
			return strconv.Itoa(max(v, 1))
		}
		now := actual(2)
		if c.random.IntN(30) == 0 {
			now = "－" // not known yet
		}
		kind := "成果"
		if i%2 == 1 {
			kind = "実績"
		}
		s.row(
			strconv.Itoa(i+1), deeds[i%len(deeds)], kind, k.name+"（"+d.name+"）", k.unit, k.direction, fiscal.Wareki(first-1),
			strconv.Itoa(base), toward(1), actual(1), toward(2), now, toward(3), "",
		)
	}
	s.t.Notes = []string{"※ 実績値が分からないときは「－」と記入してください。"}
	s.add(c, d, "成果指標調査票", thisYear, "成果指標調査票_"+d.name)
}

// series are the city's financial indicators over the years.
func (c *city) series(d department) {
	const first, years = thisYear - 5, 5
	s := newSheet("指標", "財政・定員指標調査票", "回答課："+d.name, 34, 12, 12, 12, 12, 12, 12)
	s.head(0, 0, 1, 1, "指標")
	s.head(0, 1, 1, 1, "単位")
	for k := range years {
		s.head(0, 2+k, 1, 1, fiscal.Wareki(first+k))
	}
	for _, line := range []struct {
		name, unit  string
		from, spans int
	}{{"職員数", "人", 400, 2000}, {"財政調整基金残高", "百万円", 1000, 9000}, {"市債残高", "百万円", 20000, 80000}} {
		texts := []string{line.name, line.unit}
		value := line.from + c.random.IntN(line.spans)
		for range years {
			value += c.random.IntN(value/20+1) - value/40
			texts = append(texts, strconv.Itoa(value))
		}
		s.row(texts...)
	}
	s.add(c, d, "財政・定員指標調査票", thisYear-1, "財政指標")
}

// taxes are the settled taxes of a year, with the collection rates that follow from them.
func (c *city) taxes(d department) {
	s := newSheet("市税決算", fiscal.Wareki(thisYear-1)+"　市税決算", "単位：千円", 12, 18, 16, 14, 16, 16, 12)
	for j, head := range []string{"年度", "税目", "課税区分", "調定額", "収入済額", "収入未済額", "収納率"} {
		s.head(0, j, 1, 1, head)
	}
	for _, tax := range []string{"個人市民税", "法人市民税", "固定資産税", "軽自動車税", "市たばこ税", "都市計画税"} {
		for k, kind := range []string{"現年課税分", "滞納繰越分"} {
			due := (200000 + c.random.IntN(5000000)) / (1 + 40*k)
			paid := due * (950 + c.random.IntN(45)) / 1000
			if k == 1 {
				paid = due * (200 + c.random.IntN(300)) / 1000
			}
			tenths := (paid*2000 + due) / (2 * due)
			s.row(
				fiscal.Wareki(thisYear-1), tax, kind, strconv.Itoa(due), strconv.Itoa(paid), strconv.Itoa(due-paid),
				fmt.Sprintf("%d.%d%%", tenths/10, tenths%10),
			)
		}
	}
	s.add(c, d, "市税決算", thisYear-1, "市税決算")
}
