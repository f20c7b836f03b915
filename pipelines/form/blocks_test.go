package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

const programmes = `id: P
name: 事業一覧
layout: table
record: programme
titles: [事業一覧]
fields:
  - {name: programme, type: name, needed: true, words: [事業名]}
  - {name: cost, type: number, scoped: true, words: [事業費]}
  - {name: labour, type: number, scoped: true, words: [人件費]}
  - {name: visitors, type: number, scoped: true, words: [利用者数]}
key: [programme]
`

const sixYears = "blocks: {fields: [cost, labour], years: [2020, 2021, 2022, 2023, 2024, 2025]}\n"

// loaded are the forms of one YAML.
func loaded(t *testing.T, yaml string) []Form {
	t.Helper()
	forms, err := Load(fstest.MapFS{"forms/様式.yaml": {Data: []byte(yaml)}}, "forms")
	if err != nil {
		t.Fatal(err)
	}
	return forms
}

// programmeSheet is a table of two programmes whose heads come again so many times without a year.
func programmeSheet(times int, heads ...string) string {
	lines := []string{"事業一覧", "事業名", "図書館の運営", "公園の管理"}
	for k := range times {
		for n, head := range heads {
			lines[1] += "," + head
			lines[2] += fmt.Sprintf(",%d", 1000*(k+1)+n)
			lines[3] += fmt.Sprintf(",%d", 2000*(k+1)+n)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func yearlyValues(w *record.Workbook, field string) string {
	var out []string
	for i := range w.Records {
		for _, f := range w.Records[i].Fields {
			if f.Name == field && !w.Records[i].Excluded {
				out = append(out, f.Scope+"="+f.Value)
			}
		}
	}
	return strings.Join(out, " ")
}

// Heads that come again without a year are refused until the form says which years they mean.
func TestBlocksOfYearsWithoutYearWords(t *testing.T) {
	sheet := []byte(programmeSheet(6, "事業費", "人件費"))
	w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
	Read(loaded(t, programmes), &w, sheet, limits.Default())
	if !slices.ContainsFunc(w.Findings, func(f record.Finding) bool { return f.Code == finding.ReadingAmbiguous }) ||
		yearlyValues(&w, "cost") != "" {
		t.Errorf("without blocks: %d records with %q, findings %v", len(w.Records), yearlyValues(&w, "cost"), w.Findings)
	}
	w = record.Workbook{Path: "a.csv", FiscalYear: 2025}
	Read(loaded(t, programmes+sixYears), &w, sheet, limits.Default())
	if len(w.Findings) > 0 || len(w.Records) != 2 {
		t.Fatalf("with blocks: %d records, findings %v", len(w.Records), w.Findings)
	}
	if got, want := yearlyValues(&w, "cost"), "2020=1000 2021=2000 2022=3000 2023=4000 2024=5000 2025=6000 "+
		"2020=2000 2021=4000 2022=6000 2023=8000 2024=10000 2025=12000"; got != want {
		t.Errorf("costs are %q, want %q", got, want)
	}
	if got, want := yearlyValues(&w, "labour"), "2020=1001 2021=2001 2022=3001 2023=4001 2024=5001 2025=6001 "+
		"2020=2001 2021=4001 2022=6001 2023=8001 2024=10001 2025=12001"; got != want {
		t.Errorf("labour is %q, want %q", got, want)
	}
}

// Blocks hold for as many heads as they have years, no more and no fewer; a lone head is of the sheet's year.
func TestBlocksHoldForAllTheirYears(t *testing.T) {
	for name, c := range map[string]struct {
		sheet, cost string
		says        string
	}{
		"one head":        {programmeSheet(1, "事業費", "人件費"), "2025=1000 2025=2000", ""},
		"a year too few":  {programmeSheet(5, "事業費", "人件費"), "", "年度が6ありますが、年度のない同じ見出しは5"},
		"a year too many": {programmeSheet(7, "事業費", "人件費"), "", "年度が6ありますが、年度のない同じ見出しは7"},
		"one field only": {
			programmeSheet(6, "事業費"),
			"2020=1000 2021=2000 2022=3000 2023=4000 2024=5000 2025=6000 2020=2000 2021=4000 2022=6000 2023=8000 2024=10000 " +
				"2025=12000", "",
		},
		"a field beside that comes again": {programmeSheet(6, "事業費", "利用者数"), "", "同じ見出し「利用者数」"},
		"heads with years": {
			"事業一覧\n事業名,令和6年度事業費,令和7年度事業費\n図書館の運営,1,2\n", "2024=1 2025=2", "",
		},
		"groups that name no year": {
			"事業一覧\n,1期,,2期,,3期,,4期,,5期,,6期,\n事業名,事業費,人件費,事業費,人件費,事業費,人件費,事業費,人件費,事業費,人件費,事業費,人件費\n" +
				"図書館の運営,1,2,3,4,5,6,7,8,9,10,11,12\n公園の管理,1,2,3,4,5,6,7,8,9,10,11,12\n",
			"2020=1 2021=3 2022=5 2023=7 2024=9 2025=11 2020=1 2021=3 2022=5 2023=7 2024=9 2025=11", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
			Read(loaded(t, programmes+sixYears), &w, []byte(c.sheet), limits.Default())
			if got := yearlyValues(&w, "cost"); got != c.cost {
				t.Errorf("costs are %q, want %q; findings %v", got, c.cost, w.Findings)
			}
			said := fmt.Sprint(w.Findings)
			if c.says == "" && len(w.Findings) > 0 || !strings.Contains(said, c.says) {
				t.Errorf("findings %v, want %q", w.Findings, c.says)
			}
		})
	}
}

// A list of blocks gives each field its own years.
func TestSeveralBlocks(t *testing.T) {
	forms := loaded(t, programmes+"blocks:\n  - {fields: [cost], years: [2024, 2025]}\n"+
		"  - {fields: [visitors], years: [2022, 2023]}\n")
	w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
	Read(forms, &w, []byte(programmeSheet(2, "事業費", "利用者数")), limits.Default())
	if got := yearlyValues(&w, "cost"); got != "2024=1000 2025=2000 2024=2000 2025=4000" {
		t.Errorf("costs are %q, findings %v", got, w.Findings)
	}
	if got := yearlyValues(&w, "visitors"); got != "2022=1001 2023=2001 2022=2001 2023=4001" || len(w.Findings) > 0 {
		t.Errorf("visitors are %q, findings %v", got, w.Findings)
	}
}

// What blocks cannot mean is refused with its line.
func TestMistakesInBlocks(t *testing.T) {
	for name, c := range map[string]struct{ yaml, says string }{
		"no such field":   {"blocks: {fields: [price], years: [2020, 2021]}\n", ":12: 「price」という項目"},
		"no yearly field": {"blocks: {fields: [programme], years: [2020, 2021]}\n", ":12: 項目「programme」は年度ごとの欄では"},
		"a year twice":    {"blocks: {fields: [cost], years: [2020, 2020]}\n", ":12: 年度 2020 が"},
		"one year":        {"blocks: {fields: [cost], years: [2020]}\n", ":12: blocks.years が空です"},
		"years in words":  {"blocks: {fields: [cost], years: [令和2年度, 令和3年度]}\n", ":12: blocks.years.0 の書き方"},
		"no years":        {"blocks: {fields: [cost]}\n", ":12: blocks に years がありません"},
		"field in two": {
			"blocks:\n  - {fields: [cost], years: [2020, 2021]}\n  - {fields: [cost], years: [2022, 2023]}\n",
			":14: 項目「cost」の年度",
		},
		"unknown key":      {"blocks:\n  - {fields: [cost], years: [2020, 2021], per: 2}\n", ":13: blocks.0 に「per」"},
		"a word":           {"blocks: cost\n", ":12: blocks の書き方"},
		"empty list":       {"blocks: []\n", ":12: blocks が空です"},
		"list, no years":   {"blocks:\n  - {fields: [cost]}\n", ":13: blocks.0 に years がありません"},
		"scale of a text":  {"  - {name: note, type: text, scale: 1, words: [備考]}\n", "scale: は type: number"},
		"scale of percent": {"  - {name: rate, type: number, in: '%', scale: 1, words: [率]}\n", "scale: 1 にはできません"},
		"other scale":      {"  - {name: rate, type: number, scale: 10, words: [率]}\n", "「10」は使えません"},
	} {
		t.Run(name, func(t *testing.T) {
			yaml := programmes + c.yaml
			if strings.HasPrefix(c.yaml, "  - {name") {
				yaml = strings.Replace(programmes, "key:", c.yaml+"key:", 1)
			}
			_, err := Load(fstest.MapFS{"forms/様式.yaml": {Data: []byte(yaml)}}, "forms")
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want %q", err, c.says)
			}
		})
	}
	series := "id: S\nname: 推移\nlayout: series\ntitles: [推移]\nseries: {indicator_words: [指標]}\n"
	_, err := Load(fstest.MapFS{"forms/様式.yaml": {
		Data: []byte(series + "blocks: {fields: [actual], years: [2020, 2021]}\n"),
	}}, "forms")
	if err == nil || !strings.Contains(err.Error(), ":6: blocks: は layout: series") {
		t.Errorf("a series with blocks: %v", err)
	}
}

// The same holds where records stand beside each other, and in a table that begins anew on the next page.
func TestBlocksInOtherLayouts(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(programmeSheet(6, "事業費", "人件費")), "\n")
	var cells [][]string
	for _, l := range lines[1:] {
		cells = append(cells, strings.Split(l, ","))
	}
	across := lines[0] + "\n"
	for j := range cells[0] {
		across += cells[0][j] + "," + cells[1][j] + "," + cells[2][j] + "\n"
	}
	again := strings.Join(lines, "\n") + "\n\n" + lines[1] + "\n" + strings.Replace(lines[2], "図書館", "体育館", 1) + "\n"
	const library = "2020=1000 2021=2000 2022=3000 2023=4000 2024=5000 2025=6000"
	const park = " 2020=2000 2021=4000 2022=6000 2023=8000 2024=10000 2025=12000"
	for name, c := range map[string]struct{ sheet, want string }{
		"records across": {across, library + park},
		"heads again":    {again, library + park + " " + library},
	} {
		t.Run(name, func(t *testing.T) {
			w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
			Read(loaded(t, programmes+sixYears), &w, []byte(c.sheet), limits.Default())
			if got := yearlyValues(&w, "cost"); got != c.want || len(w.Findings) > 0 {
				t.Errorf("costs are %q, findings %v", got, w.Findings)
			}
			w = record.Workbook{Path: "a.csv", FiscalYear: 2025}
			Read(loaded(t, programmes), &w, []byte(c.sheet), limits.Default())
			if got := yearlyValues(&w, "cost"); got != "" || len(w.Findings) == 0 {
				t.Errorf("without blocks costs are %q", got)
			}
		})
	}
}

// On a card labels come again below each other.
func TestBlocksOnCards(t *testing.T) {
	card := func(name string, costs ...string) string {
		out := "事業名," + name + "\n"
		for _, c := range costs {
			out += "事業費," + c + "\n"
		}
		return out + "\n"
	}
	form := strings.Replace(programmes, "fields:", "cards: true\nfields:", 1)
	const years = "blocks: {fields: [cost], years: [2023, 2024, 2025]}\n"
	for name, c := range map[string]struct{ yaml, sheet, want string }{
		"three years": {
			form + years, card("図書館", "1", "2", "3") + card("公園", "4", "5", "6"), "2023=1 2024=2 2025=3 2023=4 2024=5 2025=6",
		},
		"without blocks": {form, card("図書館", "1", "2", "3") + card("公園", "4", "5", "6"), ""},
		"two years":      {form + years, card("図書館", "1", "2") + card("公園", "4", "5", "6"), "2023=4 2024=5 2025=6"},
		"four years":     {form + years, card("図書館", "1", "2", "3", "4") + card("公園", "4", "5", "6"), "2023=4 2024=5 2025=6"},
	} {
		t.Run(name, func(t *testing.T) {
			w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
			Read(loaded(t, c.yaml), &w, []byte("事業一覧\n\n"+c.sheet), limits.Default())
			if got := yearlyValues(&w, "cost"); got != c.want {
				t.Errorf("costs are %q, want %q; findings %v", got, c.want, w.Findings)
			}
			if refused := len(w.Findings) > 0; refused != (name != "three years") {
				t.Errorf("findings %v", w.Findings)
			}
		})
	}
}
