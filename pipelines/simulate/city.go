// Package simulate makes input trees of municipalities that do not exist, of any size, for measuring. The same numbers
// make the same bytes: a municipality depends on the seed and its own number alone, not on how many there are.
package simulate

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"kyogikai/pipelines/fiscal"
)

// Size is how much is made.
type Size struct {
	Municipalities int
	Workbooks      int // of each municipality
	Seed           uint64
}

// thisYear is the fiscal year in which the departments of the simulated municipalities are asked.
const thisYear = 2025

// Write makes a tree in a folder: inputs/<自治体>/<年度>/<部>/<課>/, with 組織.csv and 提出対象.csv. It returns the paths of
// the workbooks that are broken on purpose.
func Write(dir string, size Size) (broken []string, err error) {
	numbers := make(chan int)
	var mu sync.Mutex
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for n := range numbers {
				c := newCity(n, size)
				failed := c.write(dir)
				mu.Lock()
				broken = append(broken, c.broken...)
				if err == nil {
					err = failed
				}
				mu.Unlock()
			}
		})
	}
	for n := range size.Municipalities {
		numbers <- n + 1
	}
	close(numbers)
	workers.Wait()
	return broken, err
}

// saved is when the workbooks were saved: long enough ago that none can still be being written.
var saved = time.Date(thisYear, time.November, 4, 9, 0, 0, 0, time.UTC)

// city is a municipality that does not exist.
type city struct {
	name        string
	random      *rand.Rand
	departments []department
	duties      []string // lines of 提出対象.csv
	broken      []string
	files       []file
	err         error // of making a workbook
}

type department struct{ bureau, name string }

type file struct {
	path string
	data []byte
}

// Of twelve bureaus, and the words that departments are named with.
var (
	bureaus = strings.Fields("総務部 企画部 財政部 市民部 環境部 福祉部 こども部 健康部 産業部 建設部 都市部 教育委員会")
	fieldsA = strings.Fields(
		"総務 人事 企画 政策 財政 管財 市民 戸籍 税務 収納 環境 廃棄物 福祉 介護 障害 子育て 保育 健康 保健 商工 観光 農政 道路 河川 公園 住宅 下水道 学校 生涯学習 文化",
	)
	fieldsB = strings.Fields("管理 推進 支援 調整 振興 整備 対策 計画")
)

// newCity draws a municipality, whose workbooks are those of its departments in turn: what it did for the reform plan
// in the last year and the year before, and the indicators of its own field.
func newCity(number int, size Size) *city {
	c := &city{name: fmt.Sprintf("模擬%04d市", number), random: rand.New(rand.NewPCG(size.Seed, uint64(number)))}
	for i := range max(3, size.Workbooks/3) {
		name := fieldsA[i%len(fieldsA)]
		if i >= len(fieldsA) {
			name += fieldsB[(i/len(fieldsA)-1)%len(fieldsB)]
		}
		if again := i / (len(fieldsA) * (len(fieldsB) + 1)); again > 0 {
			name += fmt.Sprintf("第%d", again+1)
		}
		c.departments = append(c.departments, department{bureaus[i%len(bureaus)], name + "課"})
	}
	finance := c.departments[min(4, len(c.departments)-1)]
	kinds := []func(d department){c.reform, c.reformBefore, c.indicators}
	for i := range size.Workbooks {
		switch i {
		case 0:
			c.series(finance)
		case 1:
			c.taxes(finance)
		default:
			kinds[(i-2)%len(kinds)](c.departments[(i-2)/len(kinds)%len(c.departments)])
		}
	}
	return c
}

// submit puts a workbook into the department's folder. One in a hundred arrives cut short, as files do.
func (c *city) submit(d department, form string, year int, name string, data []byte) {
	p := filepath.Join("inputs", c.name, fiscal.Wareki(year), d.bureau, d.name, name+".xlsx")
	if c.random.IntN(100) == 0 {
		data = data[:len(data)/2]
		c.broken = append(c.broken, filepath.ToSlash(p))
	}
	c.files = append(c.files, file{p, data})
	c.duties = append(
		c.duties,
		fmt.Sprintf(
			"%s,%s,%s,%s,%s", form, fiscal.Wareki(year), d.bureau, d.name,
			fiscal.WarekiDate(time.Date(year+1, time.May, 29, 0, 0, 0, 0, time.UTC)),
		),
	)
}

// write writes what was drawn.
func (c *city) write(dir string) error {
	if c.err != nil {
		return c.err
	}
	home := filepath.Join("inputs", c.name)
	organisation := "部,課,表示順,旧名称\r\n"
	for i, d := range c.departments {
		organisation += fmt.Sprintf("%s,%s,%d,\r\n", d.bureau, d.name, (i+1)*10)
	}
	duties := "様式,年度,部,課,提出期限\r\n" + strings.Join(c.duties, "\r\n") + "\r\n"
	files := append([]file{
		{filepath.Join(home, "組織.csv"), []byte("\ufeff" + organisation)},
		{filepath.Join(home, "提出対象.csv"), []byte("\ufeff" + duties)},
	}, c.files...)
	for _, f := range files {
		target := filepath.Join(dir, f.path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return fmt.Errorf("making folders: %w", err)
		}
		if err := os.WriteFile(target, f.data, 0o644); err != nil {
			return fmt.Errorf("writing a workbook: %w", err)
		}
		if err := os.Chtimes(target, saved, saved); err != nil {
			return fmt.Errorf("dating a workbook: %w", err)
		}
	}
	return nil
}
