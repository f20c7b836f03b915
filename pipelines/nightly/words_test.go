package nightly

import (
	"context"
	"strings"
	"testing"

	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/wording"
)

// The sample's papers hold one figure that somebody has written and two letters too wide; its departments' answers one
// digit. Nothing else is remarked on: figures that queries gave, dates and numbers of chapters are no remarks.
func TestWordsOfTheSample(t *testing.T) {
	t.Parallel()
	env := sample(t)
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	remarks, err := wording.Texts(context.Background(), env.Project, db, october(t, env))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range remarks {
		where := r.Item
		if r.Path != "" {
			where = r.Department
		}
		got = append(got, strings.Join([]string{r.Kind, where, r.Place}, "|"))
		if r.Message == "" {
			t.Errorf("%+v says nothing", r)
		}
	}
	want := []string{
		"根拠未確認|4 教職員による児童生徒の撮影及び画像・映像データ等の取扱いについて|2025-10-21/4/本文/4-2",
		"全角・半角|要旨 委員長説明要旨|要点 の1番目（✓）", "全角・半角|要旨 委員長説明要旨|要点 の1番目（✓）",
		"全角・半角|情報政策課|KPI › E10",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
