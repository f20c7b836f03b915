package brief

import (
	"slices"
	"testing"
)

// at are the addresses of figures.
func at(figures []Figure) []string {
	var out []string
	for _, f := range figures {
		out = append(out, f.Address)
	}
	return out
}

// A whole address is that figure, whatever else ends alike; one that ends as several figures' do is none of them.
func TestFindFigure(t *testing.T) {
	figures := []Figure{
		{Address: "会議/1/表/①-1・件数/実績"}, {Address: "会議/1/表/1-1・件数/実績"}, {Address: "会議/1/表/計/実績"}, {Address: "会議/2/表/計/実績"},
		{Address: "実績"}, {Address: "会議/1/表/計/実績#2"}, {Address: "別の会議/会議/1/表/計/実績"},
		{Address: "会議/1/表/1-2・件数/実績", Former: "会議/1/表/1-2/実績", shared: true, Ordered: true},
		{Address: "会議/1/表/1-2・割合/実績", Former: "会議/1/表/1-2/実績#2", shared: true, Ordered: true},
		{Address: "会議/1/表/1-3・件数/実績", Former: "会議/1/表/1-3/実績"},
		{Address: "会議/1/表/1-6・件数・成果/実績"}, {Address: "会議/1/表/1-6・割合・成果/実績"}, {Address: "会議/1/表/1-7・割合/実績"},
		{Address: "会議/1/表/1-7/実績"}, {Address: "会議/1/表/1-60・割合・成果/実績"},
		{Address: "会議/1/表/1-4/実績", Former: "会議/1/表/1-5/実績"}, {Address: "会議/1/表/1-5/実績"},
	}
	for asked, want := range map[string]string{
		"会議/1/表/①-1・件数/実績": "会議/1/表/①-1・件数/実績", "会議/1/表/1-1・件数/実績": "会議/1/表/1-1・件数/実績",
		"会議/１/表/１-１・件 数/実績": "会議/1/表/1-1・件数/実績", "表/①-1・件数/実績": "会議/1/表/①-1・件数/実績",
		"会議/1/表/計/実績": "会議/1/表/計/実績", "2/表/計/実績": "会議/2/表/計/実績", "実績": "実績",
		"計/実績#2": "会議/1/表/計/実績#2",
		// as they were called before
		"会議/1/表/1-2/実績": "会議/1/表/1-2・件数/実績", "会議/1/表/1-2/実績#2": "会議/1/表/1-2・割合/実績",
		"表/1-2/実績#2": "会議/1/表/1-2・割合/実績", "会議/1/表/1-3/実績": "会議/1/表/1-3・件数/実績", "1-3/実績": "会議/1/表/1-3・件数/実績",
		"会議/1/表/1-5/実績": "会議/1/表/1-5/実績",
		// with the first words of the row alone
		"表/①-1/実績": "会議/1/表/①-1・件数/実績", "１-１/実績": "会議/1/表/1-1・件数/実績", "表/1-6・割合/実績": "会議/1/表/1-6・割合・成果/実績",
		"表/1-7/実績": "会議/1/表/1-7/実績",
	} {
		found, _ := FindFigure(figures, asked)
		if found == nil || found.Address != want {
			t.Errorf("%s: %+v, want %s", asked, found, want)
		}
	}
	for asked, want := range map[string][]string{
		"計/実績": {"会議/1/表/計/実績", "会議/2/表/計/実績", "別の会議/会議/1/表/計/実績"}, "1/表/計/実績": {"会議/1/表/計/実績", "別の会議/会議/1/表/計/実績"},
		"1-2/実績": {"会議/1/表/1-2・件数/実績", "会議/1/表/1-2・割合/実績"}, "1-5/実績": {"会議/1/表/1-4/実績", "会議/1/表/1-5/実績"},
		"表/1-6/実績": {"会議/1/表/1-6・件数・成果/実績", "会議/1/表/1-6・割合・成果/実績"},
	} {
		found, near := FindFigure(figures, asked)
		if found != nil || !slices.Equal(at(near), want) || !slices.Equal(at(Matching(figures, asked)), want) {
			t.Errorf("%s: %+v of %v and %v, want %v", asked, found, at(near), at(Matching(figures, asked)), want)
		}
	}
	found, near := FindFigure(figures, "会議/1/表/1-9・件数/実績")
	if found != nil || len(near) == 0 || len(Matching(figures, "会議/1/表/1-9・件数/実績")) != 0 {
		t.Errorf("what is not there: %+v, near %v", found, at(near))
	}
}
