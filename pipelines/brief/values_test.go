package brief

import "testing"

func TestNumbersInPrint(t *testing.T) {
	type call struct{ got, want string }
	show := func(t tracked, err error) string {
		if err != nil {
			return "error"
		}
		return t.text
	}
	for _, c := range []call{
		{show(thousands("1383.000000")), "1,383"},
		{show(thousands("1234567.5")), "1,234,567.5"},
		{show(thousands("-1200")), "−1,200"},
		{show(thousands("0")), "0"},
		{show(thousands("999")), "999"},
		{show(thousands("x")), "error"},
		{show(thousands(nil)), "error"},
		{show(decimals("126", 1)), "126.0"},
		{show(decimals("9.25", 1)), "error"}, // it never rounds
		{show(share("0.0")), "0%"},
		{show(share("3.0")), "3.0%"},
		{show(percent("0")), "0.0%"},
		{show(trend("95.1", "89.2")), "改善"},
		{show(trend("89.1", "89.2")), "低下"},
		{show(trend("89.20", "89.2")), "横ばい"},
		{show(gap("47", "人")), "を47人上回り"},
		{show(gap("-1200.000", "人")), "を1,200人下回り"},
		{show(gap("0", "人")), "と同数となり"},
		{show(allOrSome("2", "2")), "全て"},
		{show(allOrSome("1", "2")), "一部"},
		{show(allOrSome("0", "2")), ""},
		{show(tenths("93.3")), "9割以上"},
		{show(tenths("90.0")), "9割以上"},
		{show(tenths("89.9")), "8割以上"},
		{show(tenths("100.0")), "全て"},
		{show(tenths("9.9")), "1割未満"},
		{show(choose("2", "10", "上", "下", "同")), "下"}, // as numbers, not as text
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
