package form

import "testing"

// When a value was taken, however it is written: the months of a part of the year, the last of March, the whole year,
// and numbers that are no dates.
func TestNatureOf(t *testing.T) {
	const part, cumulative = "年度途中", "累計"
	for text, want := range map[string]nature{
		"90件（12月末時点）":         {"", part, "12月末時点"},
		"90（12月まで）":           {"", part, "12月まで"},
		"90（12月31日現在）":        {"", part, "12月31日現在"},
		"90（1/31時点）":          {"", part, "1/31時点"},
		"90（1.31現在）":          {"", part, "1.31現在"},
		"90（12/31）":           {"", part, "12/31"},
		"90（1/12）":            {},
		"90（令9.1.31）":         {"", part, "令9.1.31"},
		"90（Ｒ９．１．３１現在）":       {"", part, "R9.1.31現在"},
		"90（2027年1月末現在）":      {"", part, "2027年1月末現在"},
		"90（2027.1.31現在）":     {"", part, "2027.1.31現在"},
		"2026.5件":             {},
		"1.5分":                {},
		"90（12月）":             {"", part, "12月"},
		"12月に90件":             {},
		"90（三月末）":             {"", yearEnd, "3月末"},
		"90（3月31日現在）":         {"", yearEnd, "3月31日現在"},
		"90（3月30日現在）":         {"", part, "3月30日現在"},
		"90（R9.3.31）":         {"", yearEnd, "R9.3.31"},
		"90（R9.3.15）":         {"", part, "R9.3.15"},
		"90（4月～3月）":           {},
		"90（4月～2月）":           {"", part, "4月~2月"},
		"90（4～12月）":           {"", part, "4~12月"},
		"90（R8.4～R9.1）":       {"", part, "R8.4~R9.1"},
		"令和8年4月～令和9年1月":       {"", part, "令和8年4月~令和9年1月"},
		"90（上期）":              {"", part, "上期"},
		"90（第３四半期まで）":         {"", part, "第3四半期まで"},
		"90（9か月分）":            {"", part, "9か月分"},
		"90（12か月分）":           {},
		"90（中間集計）":            {"", part, ""},
		"90（3月末までの累計）":        {"", cumulative, ""},
		"90（12月末までの累計）":       {"", part, "12月末まで"},
		"90（速報、令和9年1月末現在）":    {"速報", part, "令和9年1月末現在"},
		"90件（見込み）":            {"見込", "", ""},
		"90（年度末残高）":           {"", yearEnd, ""},
		"90（令和8年度末の値）":        {"", yearEnd, ""},
		"90（令和8年度12月末の実績）":    {"", part, "令和8年度12月末"},
		"90（令和8年4月1日～12月28日）": {"", part, "令和8年4月1日~12月28日"},
	} {
		if got := natureOf(text); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// A head says of what nature its numbers are in any of its parts, with the whole of a date.
func TestNatureOfHeads(t *testing.T) {
	for head, want := range map[string]nature{
		"令和8年度実績（見込）":           {"見込", "", ""},
		"令和8年度実績値（見込み）※":        {"見込", "", ""},
		"令和8年度（予定）":             {"見込", "", ""},
		"令和8年度実績見込値":            {"見込", "", ""},
		"令和8年度速報実績":             {"速報", "", ""},
		"令和8年度実績値（12月末現在）":      {"", "年度途中", "12月末現在"},
		"令和8年度実績値（12月31日現在）":    {"", "年度途中", "12月31日現在"},
		"令和8年度12月末実績":           {"", "年度途中", "令和8年度12月末"},
		"令和8年度実績（速報・R8.12.31）":  {"速報", "年度途中", "R8.12.31"},
		"令和8年度実績（上期）":           {"", "年度途中", "上期"},
		"令和8年度実績（累計）":           {"", "累計", ""},
		"令和8年度推計人口":             {},
		"令和8年度推計人口（千人）":         {},
		"令和8年度実績値":              {},
		"目標値（令和8年度末）":           {},
		"令和8年度（令和9年3月31日現在）":    {"", "年度末時点", "令和9年3月31日現在"},
		"令和8年度の予定事業（件）":         {},
		"令和8年度実績（確定値）":          {"確定", "", ""},
		"令和8年度実績（見込、12月末時点の数値）": {"見込", "年度途中", "12月末時点"},
	} {
		if got := natureOfHeads([]string{head}); got != want {
			t.Errorf("%s is %q, want %q", head, got, want)
		}
	}
}

// A remark speaks of the value as far as it speaks of nothing else; what was done until a month is no value's month.
func TestRemarkOn(t *testing.T) {
	for text, want := range map[string]struct {
		nature
		other bool
	}{
		"3月末時点の速報値":                  {nature{"速報", yearEnd, "3月末時点"}, false},
		"12月末時点。年度末には目標達成の見込み":       {nature{"", "年度途中", "12月末時点"}, true},
		"12月末時点の実績であり、年度末には達成する見込み":  {nature{"見込", "年度途中", "12月末時点"}, false},
		"12月末時点の実績であり、年度末には目標に届く見込み": {nature{"", "年度途中", "12月末時点"}, true},
		"12月末時点。前年同月比5%増":            {nature{"", "年度途中", "12月末時点"}, false},
		"令和7年度より10件増。12月末時点の値":       {nature{"", "年度途中", "12月末時点"}, false},
		"前年は、12月末時点の値":               {},
		"目標は12月末時点のもの":               {nature{}, true},
		"12月まで工事のため休館":               {nature{}, true},
		"9月末で事業終了":                   {nature{}, true},
		"12月末に設置":                    {nature{}, true},
		"12月末の利用者数":                  {nature{"", "年度途中", "12月末"}, false},
		"令和8年10月から受付開始":              {},
		"令和6年度からの累計":                 {nature{"", "累計", ""}, false},
		"見込みを上回った":                   {nature{}, true},
		"原因を確認中":                     {nature{}, true},
		"確認中":                        {nature{"集計中", "", ""}, false},
		"10月実施のアンケートによる":             {},
	} {
		if own, other := remarkOn(text, "2026"); own != want.nature || other != want.other {
			t.Errorf("%s is %q (of another: %v), want %q (%v)", text, own, other, want.nature, want.other)
		}
	}
}
