package begin

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Where one file is there, it is named and nothing is written; a folder that is there is no matter.
func TestNothingIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := Write([]File{{at("甲/一.csv"), []byte("1")}, {Path: at("乙")}}); err != nil {
		t.Fatal(err)
	}
	err := Write([]File{{at("丙.csv"), []byte("2")}, {at("甲/一.csv"), []byte("3")}, {Path: at("乙")}})
	var there *ExistsError
	if !errors.As(err, &there) || !reflect.DeepEqual(there.Paths, []string{at("甲/一.csv")}) {
		t.Fatalf("%v", err)
	}
	if data, err := os.ReadFile(at("甲/一.csv")); err != nil || string(data) != "1" {
		t.Errorf("%s, %v", data, err)
	}
	if _, err := os.Stat(at("丙.csv")); err == nil {
		t.Error("the other file was written")
	}
	if err := Write([]File{{Path: at("甲/一.csv")}}); !errors.As(err, &there) {
		t.Errorf("a file where a folder is to be: %v", err)
	}
}

func TestListsOfDepartments(t *testing.T) {
	whole := []Department{{"総務部", "総務課"}, {"総務部", "人事課"}, {"福祉部", "福祉課"}}
	for name, c := range map[string]struct {
		text string
		want []Department
		says string
	}{
		"tabs":           {"総務部\t総務課\n総務部\t人事課\n福祉部\t福祉課\n", whole, ""},
		"a head":         {"\ufeff部,課,表示順\r\n総務部,総務課\r\n総務部,人事課\r\n福祉部,福祉課", whole, ""},
		"a space before": {"総務部　総務課\n\n総務部 人事課\n 福祉部   福祉課 \n", whole, ""},
		"wide spaces":    {"総務部　総務課\n\n総務部 人事課\n福祉部   福祉課 \n", whole, ""},
		"merged cells":   {"総務部\t総務課\n\t人事課\n福祉部\t福祉課\n", whole, ""},
		"under":          {"総務部\n総務課\n人事課\n福祉部\n福祉課\n", whole, ""},
		"indented":       {"総務部\n　総務課\n　人事課\n福祉部\n　福祉課\n", whole, ""},
		"a bureau of no known ending": {
			"市民病院群\n 医事課\n会計管理者　会計管理者\n", []Department{{"市民病院群", "医事課"}, {"会計管理者", "会計管理者"}}, "",
		},
		"nothing":         {"\n 　\n", nil, "部と課が一つもありません"},
		"either":          {"総務課\n", nil, "1行目: 「総務課」が部か課か分かりません"},
		"no bureau above": {" 総務課\n", nil, "1行目: 「総務課」の上に部がありません"},
		"three":           {"総務部 人事課 給与係\n", nil, "1行目: 「総務部 人事課 給与係」は、部と課の二つに分けられません"},
		"an empty bureau": {"総務部\n福祉部\n福祉課\n", nil, "1行目: 「総務部」の下に課がありません"},
		"the last empty":  {"総務部 総務課\n福祉部\n", nil, "2行目: 「福祉部」の下に課がありません"},
		"twice":           {"総務部 総務課\n教育部 総務課\n", nil, "2行目: 「総務課」が1行目にもあります"},
		"no folder":       {"総務部 総務/課\n", nil, "フォルダの名前に使えない字"},
		"two mistakes":    {"総務部 a b\n総務部 総務:課\n", nil, "2行目: 「総務:課」"},
	} {
		got, err := Departments(c.text)
		if c.says == "" && (err != nil || !reflect.DeepEqual(got, c.want)) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func TestYearsOfAPlan(t *testing.T) {
	for text, want := range map[string][2]int{
		"令和7年度-令和10年度": {2025, 2028}, "令和7年度～令和10年度": {2025, 2028}, "R7-R10": {2025, 2028}, "2025-2028": {2025, 2028},
		"令和７年度から令和１０年度まで": {2025, 2028}, "令和7年度-令和7年度": {2025, 2025}, "令和元年度〜R2": {2019, 2020},
		"令和8年度-令和7年度": {}, "令和7年度": {}, "7-10": {}, "": {},
	} {
		first, last, ok := Years(text)
		if ok != (want != [2]int{}) || ok && [2]int{first, last} != want {
			t.Errorf("%s: %d, %d, %v", text, first, last, ok)
		}
	}
}
