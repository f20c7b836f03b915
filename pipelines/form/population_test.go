package form

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/collect"
)

func populationFile(text string) collect.File {
	return collect.File{Path: "inputs/市/人口.csv", Disk: "x", Data: []byte(text)}
}

// The population of a year has its day, its source and its cell. The first and the last day of a year are in it.
func TestPopulation(t *testing.T) {
	got, err := readPopulation("市", populationFile("年度,基準日,人口,出典,備考\n令和6年度,令和7年1月1日,\"162,345人\",住民基本台帳,決算カードと同じ\n"+
		"2025,2025-04-01,161000,推計人口,\n,,,,\nR8,R9.3.31,160000,推計人口,\n"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range got {
		lines = append(lines, fmt.Sprintf(
			"%s %d %s %d %s %s %s",
			p.Municipality, p.FiscalYear, p.AsOf.Format(time.DateOnly), p.People, p.Source, p.Path, p.Cell,
		))
	}
	want := "市 2024 2025-01-01 162345 住民基本台帳 inputs/市/人口.csv C2|市 2025 2025-04-01 161000 推計人口 inputs/市/人口.csv C3|" +
		"市 2026 2027-03-31 160000 推計人口 inputs/市/人口.csv C5"
	if strings.Join(lines, "|") != want {
		t.Errorf("got %s", strings.Join(lines, "|"))
	}
}

// A municipality without 人口.csv has no population.
func TestNoPopulation(t *testing.T) {
	if got, err := readPopulation("市", collect.File{}); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// A line that does not say all that a figure per head rests on is refused with its place and what to write.
func TestPopulationThatCannotBeTaken(t *testing.T) {
	const head = "年度,基準日,人口,出典\n"
	for name, c := range map[string]struct{ text, says string }{
		"no column":         {"年度,人口,出典\n", ":1: 「基準日」の列がありません"},
		"unknown column":    {"年度,基準日,人口,出典,世帯\n", ":1: 「世帯」という列は読めません"},
		"column twice":      {"年度,基準日,人口,出典,人口\n", ":1: 「人口」の列が二つ"},
		"year twice":        {head + "令和6年度,R7.1.1,5,調べ\n2024,R6.10.1,6,調べ\n", ":3: 令和6年度の人口は、2行目にもあります"},
		"no year":           {head + ",R7.1.1,5,調べ\n", ":2: 年度「」"},
		"year in words":     {head + "昨年度,R7.1.1,5,調べ\n", ":2: 年度「昨年度」"},
		"no day":            {head + "令和6年度,,5,調べ\n", ":2: 基準日「」"},
		"no such day":       {head + "令和6年度,令和7年2月30日,5,調べ\n", ":2: 基準日「令和7年2月30日」"},
		"the day before":    {head + "令和6年度,令和6年3月31日,5,調べ\n", "令和5年度の日で、令和6年度の日ではありません"},
		"the day after":     {head + "令和6年度,令和7年4月1日,5,調べ\n", "令和7年度の日で、令和6年度の日ではありません"},
		"no number":         {head + "令和6年度,R7.1.1,,調べ\n", ":2: 人口「」"},
		"number in words":   {head + "令和6年度,R7.1.1,十六万人,調べ\n", ":2: 人口「十六万人」"},
		"rounded":           {head + "令和6年度,R7.1.1,16.2万人,調べ\n", ":2: 人口「16.2万人」"},
		"about":             {head + "令和6年度,R7.1.1,約162000人,調べ\n", ":2: 人口「約162000人」"},
		"zero":              {head + "令和6年度,R7.1.1,0,調べ\n", ":2: 人口「0」"},
		"a part":            {head + "令和6年度,R7.1.1,5.5,調べ\n", ":2: 人口「5.5」"},
		"households":        {head + "令和6年度,R7.1.1,70000世帯,調べ\n", ":2: 人口「70000世帯」"},
		"unquoted thousand": {head + "令和6年度,R7.1.1,162,345,調べ\n", ":2: 「調べ」は、見出しのない列"},
		"moved by a comma":  {"年度,基準日,人口,出典,備考\n令和6年度,R7.1.1,162,345,調べ\n", ":2: 出典「345」は数です"},
		"no source":         {head + "令和6年度,R7.1.1,5,\n", ":2: 出典が空です"},
	} {
		got, err := readPopulation("市", populationFile(c.text))
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.HasPrefix(err.Error(), "inputs/市/人口.csv:") {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
