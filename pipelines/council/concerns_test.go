package council

import (
	"slices"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
)

// What is open concerns the papers of which a figure rests on the same form and year, and of one department alone only
// its own.
func TestConcernsOfPapers(t *testing.T) {
	c := City{
		bureau: map[string]string{"福祉課": "福祉部", "財政課": "財政部", "総務課": "総務部"},
		files: map[string]file{
			"福祉.xlsx": {"福祉課", 2024}, "財政.xlsx": {"財政課", 2024}, "前年.xlsx": {"福祉課", 2020}, "他.xlsx": {"総務課", 2024},
			"未読.xlsx": {"総務課", 2024},
		},
		sheets: map[Place][]string{
			{Path: "福祉.xlsx", Sheet: "表"}: {"A"}, {Path: "財政.xlsx", Sheet: "表"}: {"A"}, {Path: "前年.xlsx", Sheet: "表"}: {"A"},
			{Path: "他.xlsx", Sheet: "表"}: {"B"}, {Path: "他.xlsx", Sheet: "別"}: {"A"},
		},
	}
	paper := func(id, department string, paths ...string) brief.ItemPaper {
		var f brief.Figure
		for _, path := range paths {
			f.Origins = append(f.Origins, brief.Origin{Sources: []brief.Source{{Path: path, Sheet: "表", Cell: "A1"}}})
		}
		p := brief.ItemPaper{Item: brief.Item{ID: id, Department: department}}
		p.Parameters, p.Figures = map[string]any{"year": 2024}, []brief.Figure{f}
		return p
	}
	pdf := paper("課の", "総務部総務課")
	pdf.Document.Existing, pdf.Figures = &document.Attachment{}, nil
	all := []brief.ItemPaper{
		paper("全", "総務部総務課", "福祉.xlsx", "財政.xlsx"), paper("福祉", "福祉部福祉課", "福祉.xlsx"), paper("他", "財政部財政課", "他.xlsx"), pdf,
	}
	gap := Obstacle{Kind: NotIn, Department: "総務課", form: "A", year: 2024}
	for _, x := range []struct {
		path, sheet, department string
		gaps                    []Obstacle
		want                    []string
	}{
		{"福祉.xlsx", "表", "福祉課", nil, []string{"全", "福祉"}}, {"財政.xlsx", "表", "財政課", nil, []string{"全"}},
		{"前年.xlsx", "表", "福祉課", nil, nil}, {"他.xlsx", "表", "総務課", nil, []string{"他"}},
		{"他.xlsx", "", "総務課", nil, []string{"全", "他"}}, {"未読.xlsx", "", "総務課", nil, []string{"全", "他"}},
		{"福祉部/福祉課", "", "福祉課", nil, []string{"全", "福祉"}}, {"総務部/総務課", "", "総務課", nil, []string{"他"}},
		{"総務部/総務課", "", "総務課", []Obstacle{gap}, []string{"全", "他"}},
	} {
		if got := c.Concerns(all, x.gaps).Of(x.path, x.sheet, x.department); !slices.Equal(got, x.want) {
			t.Errorf("%s %s: %q, want %q", x.path, x.sheet, got, x.want)
		}
	}
	for department, want := range map[string][]string{
		"福祉課": {"全", "福祉"}, "財政課": {"全", "他"}, "総務課": {"全", "他"}, "無い課": nil,
	} {
		if got := c.Concerns(all, nil).Department(department); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", department, got, want)
		}
	}
}
