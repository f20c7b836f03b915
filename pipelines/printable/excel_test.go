package printable

import "testing"

// What a spreadsheet would compute is guarded, in whatever it is wrapped; numbers, signs and other texts are not.
func TestFormula(t *testing.T) {
	for _, s := range []string{
		"=1+1", "=cmd|'/c calc'!A1", "+81-178-43", "-cmd|' /C calc'!A0", "@SUM(1)", "＝1＋1", "＋1＋1", "－（注）", "＠SUM(1)",
		" =1+1", "　=1+1", "\u00a0=1", "\"=1+1\"", "'=1+1", "\u200b=1", "\n=1", "\t1", "\t=1", "\r=1", "\rabc", "-2+3+cmd|' /C calc'!A0",
		"-5件/人", "-1 day 2", "=", "==x", "-A1", "+A1:B2", "-5!A1", "--1", "-(5)", "-5m2", "-1E5",
	} {
		if want := s != "="; Formula(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	for _, s := range []string{
		"", "-5", "+5", "-1,234.50", "－５", "＋１．５％", "-5件", "-0.3 ポイント", " -5 ", "-", "－", "---", "－－", "－　－", "+", "@", "▲5", "−5", "△",
		"1-1", "a=b", "指標", "[1]", "'", "'指標", "(=1)", "\t", "-12℃",
	} {
		if Formula(s) {
			t.Errorf("%q is a formula", s)
		}
	}
}

// What is guarded comes back as it was.
func FuzzGuarded(f *testing.F) {
	for _, s := range []string{"=1", "'=1", "''", "-5", "指標", "\t", "＝", "'x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Guarded(s)
		if Unguarded(got) != s {
			t.Errorf("%q comes back as %q", s, Unguarded(got))
		}
		if Formula(s) && got[0] != '\'' {
			t.Errorf("%q is not guarded: %q", s, got)
		}
	})
}
