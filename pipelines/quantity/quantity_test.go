package quantity

import "testing"

func TestParse(t *testing.T) {
	cases := map[string]Quantity{
		"1,354 人":   {Number, "1354", "人", ""},
		"１，３５４人":    {Number, "1354", "人", ""},
		"50 億円以上":   {Number, "50", "億円", "ge"},
		"18%以下":     {Number, "18", "%", "le"},
		"２００％以下":    {Number, "200", "%", "le"},
		"5件未満":      {Number, "5", "件", "lt"},
		"10回を超える":   {Number, "10", "回", "gt"},
		"50.1 億円":   {Number, "50.1", "億円", ""},
		"126.0%":    {Number, "126", "%", ""},
		"▲3.4":      {Number, "-3.4", "", ""},
		"△12":       {Number, "-12", "", ""},
		"−5":        {Number, "-5", "", ""},
		"-0.0":      {Number, "0", "", ""},
		"約５割":       {Number, "5", "割", ""},
		"計 20":      {Number, "20", "", ""},
		"—":         {Missing, "", "", ""},
		"－":         {Missing, "", "", ""},
		"":          {Missing, "", "", ""},
		"…":         {Missing, "", "", ""},
		"〇〇":        {Missing, "", "", ""},
		"目標値は…後に決定": {Undecided, "", "", ""},
		"未定":        {Undecided, "", "", ""},
		"五百件":       {Text, "", "", ""},
		"1O0":       {Text, "", "", ""},
		"全国平均以上":    {Text, "", "", ""},
		"1,35人":     {Text, "", "", ""},
		"(7)":       {Text, "", "", ""},
		"12 と 13":   {Text, "", "", ""},
	}
	for literal, want := range cases {
		if got := Parse(literal); got != want {
			t.Errorf("Parse(%q) = %+v, want %+v", literal, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1,354 人", "50 億円以上", "▲3.4", "…", "1O0", "\xff", "１．２．３"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s)
		if (q.Status == Number) != (q.Value != "") {
			t.Errorf("Parse(%q) = %+v", s, q)
		}
		if q.Status == Number && Canonical(q.Value) != q.Value {
			t.Errorf("Parse(%q) has the value %q, not canonical", s, q.Value)
		}
	})
}
