package project

import (
	"strings"
	"testing"
)

// A municipality that the settings name and inputs does not have is told once, with its line, what names it, and the name
// that is near.
func TestStrangers(t *testing.T) {
	text := strings.NewReplacer("negative_signs: {八戸市: ▲}", "negative_signs: {八戸巿: ▲, 秦野市: △}", "- municipality: 八戸市", "- municipality: 八戸巿").
		Replace(fullSettings) // 巿 is no 市
	s, err := load(text)
	if err != nil {
		t.Fatal(err)
	}
	got := s.Strangers([]string{"八戸市", "潮見市"})
	want := []string{
		"設定 kyogikai.yaml の40行目: 自治体「八戸巿」のものが inputs に一つもありません（「八戸市」ではありませんか）。" +
			"計画「第7次八戸市行財政改革大綱」、negative_signsの設定は、どの調査票にも使われていません。自治体の名前を、inputs のフォルダと同じにしてください",
		"設定 kyogikai.yaml の38行目: 自治体「秦野市」のものが inputs に一つもありません。negative_signs、収集元「掲示板」、収集元「庁外」の設定は",
	}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if !strings.HasPrefix(got[i], want[i]) {
			t.Errorf("got %s\nwant %s", got[i], want[i])
		}
	}
	if got := s.Strangers([]string{"八戸市", "八戸巿", "秦野市"}); got != nil {
		t.Errorf("all are there: %q", got)
	}
	if s.Embedded = true; s.Strangers(nil) != nil {
		t.Error("the sample's municipalities are told where the settings are the sample's")
	}
}
