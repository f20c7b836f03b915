package printable

import "testing"

// A cut comes before or behind a figure, never into its number nor before its unit.
func TestExcerptNeverCutsAFigure(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"受付は1,234.5千円でした", 2, "受付…"}, {"受付は1,234.5千円でした", 3, "受付は…"},
		{"受付は1,234.5千円でした", 4, "受付は1,234.5千円…"}, {"受付は1,234.5千円でした", 9, "受付は1,234.5千円…"},
		{"受付は1,234.5千円でした", 11, "受付は1,234.5千円…"}, {"受付は1,234.5千円でした", 13, "受付は1,234.5千円で…"},
		{"受付は1,234.5千円でした", 15, "受付は1,234.5千円でした"}, {"", 3, ""},
		{"期間は令和6年度から", 4, "期間は令和6年度…"}, {"差は▲12ポイントです", 3, "差は▲12ポイント…"},
		{"残高は70.6 億円です", 7, "残高は70.6 億円…"}, {"時間は3時間20分まで", 6, "時間は3時間20分…"},
		{"3～5件", 1, "3～5件"}, {"毎3か月に", 2, "毎3か月…"}, {"１２件", 1, "１２件"},
	} {
		if got := Short(c.text, c.most); got != c.want {
			t.Errorf("%d of %s: %q, want %q", c.most, c.text, got, c.want)
		}
	}
	text := "基金の残高は令和5年度の69.6億円から増え、施設の数は35校になりました"
	at := len("基金の残高は令和5年度の69.6億円から")
	for near, want := range map[int]string{
		2: "…から増え、施…", 3: "…69.6億円から増え、施設…", 8: "…69.6億円から増え、施設の数は3"[:len("…69.6億円から増え、施設の数は")] + "35校…",
		40: text,
	} {
		if got := Excerpt(text, at, at+len("増え"), near); got != want {
			t.Errorf("%d: %q, want %q", near, got, want)
		}
	}
}
