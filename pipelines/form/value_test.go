package form

import (
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// Numbering is split from a label alike, with or without the level's word, for every level.
func TestNumbered(t *testing.T) {
	levels := map[string][]string{
		"柱": {"柱", "改革の柱"}, "推進項目": {"推進項目", "項目"}, "施策": {"施策"}, "基本目標": {"基本目標", "目標"}, "取組": {"取組"}, "戦略": {"戦略"},
	}
	for level, words := range levels {
		for text, want := range map[string][2]string{
			level + "1　窓口の改善":        {"1", "窓口の改善"},
			level + "１　窓口の改善":        {"1", "窓口の改善"},
			level + " 1 窓口の改善":       {"1", "窓口の改善"},
			level + "1窓口の改善":         {"1", "窓口の改善"},
			level + "１：窓口の改善":        {"1", "窓口の改善"},
			level + "1:窓口の改善":        {"1", "窓口の改善"},
			level + "1．窓口の改善":        {"1", "窓口の改善"},
			level + "12 窓口の改善":       {"12", "窓口の改善"},
			level + "2-1　窓口の改善":      {"1", "窓口の改善"},
			level + "２－１　窓口の改善":      {"1", "窓口の改善"},
			level + "(2)窓口の改善":       {"2", "窓口の改善"},
			level + "（２）　窓口の改善":      {"2", "窓口の改善"},
			level + "①　窓口の改善":        {"1", "窓口の改善"},
			level + "Ⅱ　窓口の改善":        {"2", "窓口の改善"},
			level + "二　窓口の改善":        {"2", "窓口の改善"},
			"【" + level + "2】窓口の改善":  {"2", "窓口の改善"},
			"【" + level + "２】　窓口の改善": {"2", "窓口の改善"},
			"〔" + level + "2〕窓口の改善":  {"2", "窓口の改善"},
			"[" + level + "2] 窓口の改善": {"2", "窓口の改善"},
			"（" + level + "2）窓口の改善":  {"2", "窓口の改善"},
			"〈" + level + "2〉窓口の改善":  {"2", "窓口の改善"},
			"《" + level + "2》窓口の改善":  {"2", "窓口の改善"},
			"＜" + level + "2＞窓口の改善":  {"2", "窓口の改善"},
			"【" + level + "Ⅱ】窓口の改善":  {"2", "窓口の改善"},
			"【" + level + "2　窓口の改善】": {"2", "窓口の改善"},
			"第1の" + level + " 窓口の改善": {"1", "窓口の改善"},
			"第１の" + level + "　窓口の改善": {"1", "窓口の改善"},
			"第2" + level + "　窓口の改善":  {"2", "窓口の改善"},
			"第二の" + level + "　窓口の改善": {"2", "窓口の改善"},
			"第1の" + level + "：窓口の改善": {"1", "窓口の改善"},
			level + "：窓口の改善":         {"", level + "：窓口の改善"},
			level + "24時間窓口の改善":      {"24", "時間窓口の改善"},
		} {
			number, label := numbered(text, words...)
			if number != want[0] || label != want[1] {
				t.Errorf("%s is %q and %q, want %q", text, number, label, want)
			}
		}
	}
	for text, want := range map[string][2]string{
		"Ⅱ 窓口の改善":        {"2", "窓口の改善"},
		"Ⅱ．窓口の改善":        {"2", "窓口の改善"},
		"Ⅻ窓口の改善":         {"12", "窓口の改善"},
		"(2) 窓口の改善":      {"2", "窓口の改善"},
		"（２）窓口の改善":       {"2", "窓口の改善"},
		"(2-1)窓口の改善":     {"1", "窓口の改善"},
		"2-1 窓口の改善":      {"1", "窓口の改善"},
		"2-1　窓口の改善":      {"1", "窓口の改善"},
		"２－１．窓口の改善":      {"1", "窓口の改善"},
		"1-2-3 窓口の改善":    {"3", "窓口の改善"},
		"2.窓口の改善":        {"2", "窓口の改善"},
		"2 窓口の改善":        {"2", "窓口の改善"},
		"2、窓口の改善":        {"2", "窓口の改善"},
		"2：窓口の改善":        {"2", "窓口の改善"},
		"2)窓口の改善":        {"2", "窓口の改善"},
		"①窓口の改善":         {"1", "窓口の改善"},
		"⑳　窓口の改善":        {"20", "窓口の改善"},
		"第2　窓口の改善":       {"2", "窓口の改善"},
		"【2】窓口の改善":       {"2", "窓口の改善"},
		"【Ⅱ】窓口の改善":       {"2", "窓口の改善"},
		"柱1 窓口の改善（市民）":   {"1", "窓口の改善（市民）"},
		"①窓口の改善(市民)":     {"1", "窓口の改善(市民)"},
		"【柱2】窓口の改善（市民）":  {"2", "窓口の改善（市民）"},
		"第1の柱 窓口の改善(市民)": {"1", "窓口の改善(市民)"},
		"柱2－窓口の改善":       {"2", "窓口の改善"},
		"1.5倍の窓口":        {"", "1.5倍の窓口"},
		"窓口の改善":          {"", "窓口の改善"},
		"24時間窓口":         {"", "24時間窓口"},
		"3Rの推進":          {"", "3Rの推進"},
		"第2次計画の推進":       {"", "第2次計画の推進"},
		"第3セクターの見直し":     {"", "第3セクターの見直し"},
		"2-1":            {"", "2-1"},
		"柱":              {"", "柱"},
		"（新）窓口の改善":       {"", "（新）窓口の改善"},
		"【重点】窓口の改善":      {"", "【重点】窓口の改善"},
		"【令和7年度】窓口":      {"", "【令和7年度】窓口"},
		"一人ひとりの成長":       {"", "一人ひとりの成長"},
		"柱一本の支え":         {"", "柱一本の支え"},
		"Ⅱ":              {"", "Ⅱ"},
	} {
		number, label := numbered(text, "柱", "推進項目")
		if number != want[0] || label != want[1] {
			t.Errorf("%s is %q and %q, want %q", text, number, label, want)
		}
	}
}

// A line above the records states its level by the level's word and a number, however the two are written.
func TestLinesOfLevels(t *testing.T) {
	yaml := "id: P\nname: 取組一覧\nlayout: table\nrecord: work\ntitles: [取組一覧]\nfields:\n" +
		"  - {name: pillar, type: numbered, words: [柱]}\n  - {name: item, type: numbered, words: [推進項目]}\n" +
		"  - {name: work, type: name, needed: true, words: [取組]}\n  - {name: state, type: text, words: [状況]}\nkey: [work]\n"
	forms := loaded(t, yaml)
	for _, lines := range [][2]string{
		{"柱2　行政の改革", "推進項目3　窓口"}, {"柱２：行政の改革", "推進項目３：窓口"}, {"【柱２】行政の改革", "【推進項目3】窓口"},
		{"＜柱2＞行政の改革", "〈推進項目3〉窓口"}, {"第2の柱　行政の改革", "第3の推進項目　窓口"}, {"柱Ⅱ　行政の改革", "推進項目Ⅲ　窓口"},
		{"柱（2）行政の改革", "推進項目(3) 窓口"}, {"柱②　行政の改革", "推進項目③　窓口"}, {"柱2　行政の改革", "推進項目2-3　窓口"},
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
		Read(forms, &w, []byte("取組一覧\n取組,状況\n"+lines[0]+"\n"+lines[1]+"\n見守り,実施した\n"), limits.Default())
		if len(w.Records) != 1 || len(w.Findings) > 0 {
			t.Errorf("%v: %d records, findings %v", lines, len(w.Records), w.Findings)
			continue
		}
		r := &w.Records[0]
		if got := r.Value("pillar_no") + r.Value("pillar") + r.Value("item_no") + r.Value("item"); got != "2行政の改革3窓口" {
			t.Errorf("%v is %s", lines, got)
		}
	}
}
