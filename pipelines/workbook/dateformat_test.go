package workbook

import "testing"

// A time, a date without its day, and a number under a condition are shown as Excel shows them; a time has no value.
func TestFormatsShowWhatTheAuthorSees(t *testing.T) {
	for _, c := range []struct{ format, raw, text, value string }{
		{`[h]:mm`, "1.520833333333333", "36:30", ""},
		{`h:mm`, "0.354166666666667", "8:30", ""},
		{`h:mm`, "0.999988425925926", "23:59", ""}, // one second to midnight
		{`h:mm`, "0.9999999", "0:00", ""},
		{`mm:ss.0`, "0.000012731", "00:01.1", ""},
		{`h:mm AM/PM`, "0.5", "12:00 PM", ""},
		{`[$-411]ggge"年度"`, "45748", "令和7年度", "45748"},
		{`[$-411]ge.m`, "45748", "R7.4", "45748"},
		{`e"年度"`, "45748", "7年度", "45748"},
		{`yyyy"年"`, "45748", "2025年", "45748"},
		{`yyyy/m`, "45748", "2025/4", "45748"},
		{`[$-ja-JP-x-gannen]ggge"年"`, "43586", "令和元年", "43586"},
		{`ggge"年"`, "43585", "平成31年", "43585"}, // the day before
		{`ggge"年"m"月"d"日"`, "45748", "2025-04-01", "45748"},
		{`m/d`, "45748", "2025-04-01", "45748"},
		{`yyyy/m/d h:mm`, "45748.5", "2025-04-01", "45748.5"},
		{`aaa`, "45748", "火", "45748"},
		{`aaaa`, "45748", "火曜日", "45748"},
		{`m"月"`, "45748", "4月", "45748"},
		{`mm`, "45748", "04", "45748"},
		{`mmm`, "45748", "Apr", "45748"},
		{`mmmm`, "45748", "April", "45748"},
		{`mmmmm`, "45748", "A", "45748"},
		{`[>=1000]#,##0,"千";0"人"`, "1000", "1千", "1000"},
		{`[>=1000]#,##0,"千";0"人"`, "999", "999人", "999"},
		{`[<0]"▲"0;[=0]"－";0`, "0", "－", "0"},
		{`[<0]"▲"0;[=0]"－";0`, "-1", "▲1", "-1"},
		{`[<0]"▲"0;[=0]"－";0`, "1", "1", "1"},
	} {
		f := parseFormat(c.format)
		got := f.cell(c.raw, false)
		if got.Text != c.text || got.Value != c.value || (got.Kind == Time) != (c.value == "") {
			t.Errorf("%s of %s: %+v, want %q %q", c.format, c.raw, got, c.text, c.value)
		}
	}
	for id, want := range map[int]Kind{13: Number, 14: Date, 17: Date, 18: Time, 21: Time, 22: Date, 23: Number,
		26: Number,
		27: Date, 32: Time, 33: Time, 34: Date, 36: Date, 44: Number, 45: Time, 47: Time, 48: Number, 50: Date, 58: Date,
		59: Number} {
		f := builtinFormat(id)
		if got := f.cell("45748.25", false); got.Kind != want {
			t.Errorf("format %d is %+v", id, got)
		}
	}
}
