package form

import (
	"fmt"
	"strconv"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// populationColumns are those of 人口.csv. A further one (備考) is for the people who keep it.
var populationColumns = []string{"年度", "基準日", "人口", "出典"}

// readPopulation reads a 人口.csv. One that is absent has no lines. A line that does not say of which year, which day and
// by whom it is known how many people there were is refused with its place: a figure per head rests on all of these.
func readPopulation(city string, file collect.File) ([]record.Population, error) {
	if file.Disk == "" {
		return nil, nil
	}
	wb, err := openMaster(file)
	if err != nil {
		return nil, fmt.Errorf("%s を読めません: %w", file.Path, err)
	}
	s := wb.Sheets[0]
	text := func(i, j int) string { return record.OneLine(s.At(i, j).Text) }
	at, err := populationHead(file.Path, s.Cols, func(j int) string { return text(0, j) })
	if err != nil {
		return nil, err
	}
	var out []record.Population
	lines := map[int]int{} // by fiscal year
	for i := 1; i < s.Rows; i++ {
		line := map[string]string{}
		blank := true
		for j := range s.Cols {
			t := text(i, j)
			blank = blank && t == ""
			if t != "" && text(0, j) == "" {
				return nil, &SchemaError{file.Path, i + 1,
					fmt.Sprintf("「%s」は、見出しのない列にあります。桁区切りの「,」のある数は、\"162,345\" のように囲んでください", t)}
			}
		}
		if blank {
			continue
		}
		for name, j := range at {
			line[name] = text(i, j)
		}
		p, why := populationOf(line)
		if before := lines[p.FiscalYear]; why == "" && before > 0 {
			why = fmt.Sprintf("%sの人口は、%d行目にもあります。どちらか一つにしてください", fiscal.Wareki(p.FiscalYear), before)
		}
		if why != "" {
			return nil, &SchemaError{file.Path, i + 1, why}
		}
		lines[p.FiscalYear] = i + 1
		p.Municipality, p.Path, p.Cell = city, file.Path, s.Ref(i, at["人口"])
		out = append(out, p)
	}
	return out, nil
}

// populationHead finds the columns. One that is missing or stands twice is refused.
func populationHead(file string, cols int, head func(int) string) (map[string]int, error) {
	at := map[string]int{}
	for _, name := range populationColumns {
		for j := range cols {
			if head(j) != name {
				continue
			}
			if _, twice := at[name]; twice {
				return nil, &SchemaError{file, 1, fmt.Sprintf("「%s」の列が二つあります。一つにしてください", name)}
			}
			at[name] = j
		}
		if _, ok := at[name]; !ok {
			return nil, &SchemaError{file, 1, fmt.Sprintf("「%s」の列がありません。1行目に 年度,基準日,人口,出典 と書いてください", name)}
		}
	}
	for j := range cols {
		if name := head(j); name != "" && name != "備考" {
			if _, ok := at[name]; !ok {
				return nil, &SchemaError{file, 1,
					fmt.Sprintf("「%s」という列は読めません。列は 年度,基準日,人口,出典（と 備考）だけにしてください", name)}
			}
		}
	}
	return at, nil
}

// populationOf is what a line says, or why it cannot be taken.
func populationOf(line map[string]string) (record.Population, string) {
	p := record.Population{Source: line["出典"]}
	var ok bool
	if p.FiscalYear, ok = statedYear(line["年度"]); !ok {
		return p, fmt.Sprintf("年度「%s」を、令和6年度 か 2024 のように書いてください", line["年度"])
	}
	if p.AsOf, ok = fiscal.ParseDay(line["基準日"]); !ok {
		return p, fmt.Sprintf("基準日「%s」を、令和7年1月1日 か 2025-01-01 のように書いてください", line["基準日"])
	}
	if of := fiscalYearOf(p.AsOf); of != p.FiscalYear {
		return p, fmt.Sprintf("基準日「%s」は%sの日で、%sの日ではありません。年度の4月1日から翌年3月31日までの日の人口を書いてください",
			line["基準日"], fiscal.Wareki(of), fiscal.Wareki(p.FiscalYear))
	}
	q := quantity.Parse(line["人口"])
	n, err := strconv.ParseInt(q.Value, 10, 64)
	if q.Status != quantity.Number || err != nil || n <= 0 || q.Approx || q.Comparator != "" || q.Change != "" ||
		q.Secondary != "" || q.Unit != "" && q.Unit != "人" {
		return p, fmt.Sprintf("人口「%s」を、162345 か 162,345人 のように、0より大きい整数で書いてください", line["人口"])
	}
	p.People = n
	if p.Source == "" {
		return p, "出典が空です。何という統計の人口かを書いてください（例：住民基本台帳人口）"
	}
	if quantity.Parse(p.Source).Status == quantity.Number {
		return p, fmt.Sprintf("出典「%s」は数です。統計の名前を書いてください。桁区切りの「,」のある人口は、\"162,345\" のように囲んでください", p.Source)
	}
	return p, ""
}

// statedYear is a fiscal year in a column of years, where 2024 alone is one.
func statedYear(text string) (int, bool) {
	if year, ok := fiscal.ParseYear(text); ok {
		return year, true
	}
	return fiscal.ParseYear(text + "年度")
}

// fiscalYearOf is the fiscal year of a day: from April to March.
func fiscalYearOf(day time.Time) int {
	if day.Month() < time.April {
		return day.Year() - 1
	}
	return day.Year()
}
