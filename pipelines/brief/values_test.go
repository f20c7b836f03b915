package brief

import (
	"fmt"
	"strings"
	"testing"
)

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

// What a value is beside its number comes from its cells, where they are one record's; the note says it once, and names
// ten places.
func TestNatureOfValues(t *testing.T) {
	at := func(cell string) Source { return Source{Field: "actual", Path: "a", Sheet: "表", Cell: cell} }
	bare := func(cell string) Source { return Source{Path: "a", Sheet: "表", Cell: cell} }
	f := &facts{cells: map[Source][]cellFact{
		bare("B2"): {{record: "A｜indicator｜1", said: "見込値"}}, bare("C2"): {{record: "A｜indicator｜1"}},
		bare("D2"): {{record: "A｜indicator｜1", said: "およその値"}}, bare("B3"): {{record: "A｜indicator｜2"}},
	}}
	for _, c := range []struct {
		sources []Source
		want    string
	}{
		{nil, ""}, {[]Source{at("Z9")}, ""}, {[]Source{at("C2")}, ""}, {[]Source{at("B2")}, "見込値"},
		{[]Source{at("B2"), at("C2")}, "見込値"}, {[]Source{at("B2"), at("D2"), at("B2")}, "見込値・およその値"},
		{[]Source{at("B2"), at("B3")}, ""},
	} {
		if got := f.said(c.sources); got != c.want {
			t.Errorf("%v: %q, want %q", c.sources, got, c.want)
		}
	}
	for want, row := range map[string]map[string]any{
		"":    {"nature": "確定", "span": "単年度", "approx": false},
		"見込値": {"nature": "見込"}, "年度途中（12月末時点）": {"span": "年度途中", "as_of": "12月末時点"}, "年度途中の値": {"span": "年度途中"},
		"累計": {"span": "累計"}, "およその値": {"approx": true}, "増加の幅": {"change": "increase"}, "減少の幅": {"change": "decrease"},
		"調査票には1,290人も併記": {"second": "1290", "second_unit": "人"}, "調査票には1も併記": {"second": "1", "second_unit": "再掲"},
		"速報値・年度末時点（3月末時点）": {"nature": "速報", "span": "年度末時点", "as_of": "3月末時点"},
		"令和8年10月から受付開始":    {"remark": "令和8年10月から受付開始。"},
	} {
		if got := qualities(row); got != want {
			t.Errorf("%v: %q, want %q", row, got, want)
		}
	}
	var figures []Figure
	for i := range 12 {
		figures = append(figures, Figure{Table: "表1", Row: fmt.Sprint(i), Column: "実績", Said: "見込値"})
	}
	figures = append(figures, Figure{Table: ProseTable, Text: "11件", Said: "速報値"},
		Figure{Table: "表1", Row: "a", Column: "b"})
	want := "※* 見込値：0、1、2、3、4、5、6、7、8、9、ほか2か所\n※* 速報値：11件"
	if got := strings.Join(natureNotes(figures), "\n"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := natureNotes(figures[13:]); got != nil {
		t.Errorf("a note for nothing: %s", got)
	}
}

// A value of cells, a ratio and a change are of the nature of their cells; a count is not.
func TestRestsOn(t *testing.T) {
	for _, c := range []struct {
		o    Origin
		want bool
	}{
		{Origin{}, false}, {Origin{Fact: "A｜indicator｜1｜actual｜2026｜件"}, true}, {Origin{Numerator: "3"}, true},
		{Origin{Sources: []Source{{Field: "actual"}, {Field: "previous_actual"}}, own: true}, true},
		{Origin{Sources: []Source{{Field: "actual"}, {Field: "previous_actual"}}}, false}, // those of its row: a code, a year
		{Origin{Sources: []Source{{Field: "actual"}, {Field: "target"}}, own: true}, false},
	} {
		if got := c.o.restsOn(); got != c.want {
			t.Errorf("%+v: %v", c.o, got)
		}
	}
}
