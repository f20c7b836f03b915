package brief

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// A meeting that names a municipality or a plan that no data have is refused with its line and the nearest name.
func TestNamesThatNoDataHave(t *testing.T) {
	db := loadedDB(t, warehouse.Batch{Plans: []warehouse.Plan{
		{Municipality: "市", Name: "総合計画", Form: "A"}, {Municipality: "市", Name: "行革大綱", Form: "B"},
		{Municipality: "町", Name: "まちの計画", Form: "A"},
	}})
	fsys := fstest.MapFS{"templates/meetings/会議.yaml": {Data: []byte("municipality: 市\nitems:\n  - plan: 総合計面\n")}}
	for name, c := range map[string]struct {
		city       string
		parameters map[string]any
		want       string
	}{
		"all known": {"市", map[string]any{"plan": "総合計画"}, ""},
		"no plan":   {"市", nil, ""},
		"a misspelt plan": {"市", map[string]any{"plan": "総合計面"}, "会議.yaml の3行目: plan（計画）の「総合計面」は、いまのデータにありません。" +
			"「総合計画」ではありませんか。いまのデータにある計画は 総合計画、行革大綱 です。"},
		"a plan of another":   {"市", map[string]any{"plan": "まちの計画"}, "いまのデータにある計画は 総合計画、行革大綱"},
		"a misspelt city":     {"村", nil, "municipality（自治体）の「村」は、いまのデータにありません"},
		"another city's item": {"市", map[string]any{"municipality": "町", "plan": "まちの計画"}, ""},
		"a city of an item":   {"市", map[string]any{"municipality": "国"}, "自治体は 市、町 です"},
	} {
		m := Meeting{ID: "会議", Municipality: c.city, Items: []Item{{Title: "題", Parameters: c.parameters}}}
		err := knownNames(context.Background(), fsys, m, db)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	empty := loadedDB(t, warehouse.Batch{})
	m := Meeting{Municipality: "市", Items: []Item{{Parameters: map[string]any{"plan": "総合計画"}}}}
	if err := knownNames(context.Background(), fsys, m, empty); err != nil {
		t.Errorf("where nothing is known: %v", err)
	}
}

func TestUnknownDepartments(t *testing.T) {
	db := loadedDB(t, warehouse.Batch{Departments: []record.Department{
		{Municipality: "市", Bureau: "総務部", Name: "行政管理課"}, {Municipality: "市", Bureau: "財政部", Name: "財政課"},
		{Municipality: "町", Bureau: "総務部", Name: "港湾課"},
	}})
	for department, want := range map[string]string{
		"総務部行政管理課": "", "財政課": "", "財政課、行政管理課": "", "総務部　財政課": "「総務部　財政課」は組織.csvにありません",
		"総務部行政管理諜": "「総務部行政管理諜」は組織.csvにありません。「総務部行政管理課」ではありませんか", "港湾課": "「港湾課」は組織.csvにありません",
	} {
		m := Meeting{Municipality: "市", Items: []Item{{Title: "題", Department: department}}}
		got, err := UnknownDepartments(context.Background(), m, db)
		if err != nil || (want == "") != (len(got) == 0) || len(got) > 0 && !strings.Contains(got[0], want) {
			t.Errorf("%s: %v, %v, want %s", department, got, err, want)
		}
	}
}

// A meeting may be called by its day in any way of writing days; where two are held on a day, by its name alone.
func TestChooseByDay(t *testing.T) {
	one, two := Meeting{ID: "2026-10-20", Date: meetingDay}, Meeting{ID: "部長会議", Date: meetingDay.AddDate(0, 0, 1)}
	third := Meeting{ID: "庁議", Date: two.Date}
	for id, want := range map[string]string{
		"令和8年10月20日": "2026-10-20", "R8.10.20": "2026-10-20", "部長会議": "部長会議", "令和8年10月21日": "",
	} {
		got, err := Choose([]Meeting{one, two, third}, id, meetingDay)
		if got.ID != want || (err == nil) != (want != "") {
			t.Errorf("%s: %s, %v, want %s", id, got.ID, err, want)
		}
	}
}
