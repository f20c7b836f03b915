package survey

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// readCity is a city with its lists.
func readCity(t *testing.T, lists map[string]string) (City, error) {
	t.Helper()
	inputs := filepath.Join(t.TempDir(), "inputs")
	for name, text := range lists {
		path := filepath.Join(inputs, "市", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	env := projecttest.Env(t, inputs)
	env.Settings.Plans = []project.PlanSetting{{Municipality: "市", Name: "計画", Forms: []string{"A"}}}
	env.Settings.Contacts = []project.Contact{{Municipality: "市", Name: "企画課", SendTo: "共有"}}
	return Read(context.Background(), env, "市")
}

const organisation = "部,課,表示順,旧名称\n総務部,総務課,10,庶務課\n福祉部,福祉課,20,\n"

// The rows of a workbook are what was answered last, and what a list names and nobody has answered, while it is due.
func TestRowsOfAWorkbook(t *testing.T) {
	c, err := readCity(t, map[string]string{
		"組織.csv": organisation, "提出対象.csv": "様式,年度,部,課,提出期限\n成果指標調査票,令和7年度,,庶務課,令和8年4月24日\n",
		"指標.csv": "課,指標名,種別,単位,目指す方向,開始年度,終了年度\n総務課,答えたもの,成果,件,上昇,,\n総務課,まだのもの,成果,件,上昇,,\n" +
			"総務課,来年から,成果,件,上昇,令和8年度,\n総務課,今年から,成果,件,上昇,令和7年度,\n総務課,去年まで,成果,件,上昇,,令和6年度\n" +
			"総務課,今年まで,成果,件,上昇,,令和7年度\n福祉課,ほかの課,成果,件,上昇,,\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	answered := record.Record{Form: "A", Kind: "indicator", FiscalYear: 2024, Key: "鍵", Fields: []record.Field{
		{Name: "indicator", Text: "答えたもの", Value: "答えたもの"}, {Name: "kind", Text: "成果", Value: "成果"},
	}}
	who := form.Asker{Municipality: "市", Bureau: "総務部", Department: "総務課", FiscalYear: 2025}
	in, cannot := c.Workbook(who, []string{"A", "C", "K"}, map[string][]record.Record{"A/indicator": {answered}})
	if len(in.Sheets) != 1 || strings.Join(cannot, "") != "財政・定員指標調査票" {
		t.Fatalf("%d sheets, cannot: %q", len(in.Sheets), cannot)
	}
	sheet := in.Sheets[0]
	if got := names(sheet); got != "答えたもの まだのもの 今年から 今年まで" {
		t.Errorf("rows: %s", got)
	}
	if above := strings.Join(sheet.Guide, "\n"); !strings.Contains(above, "令和8年4月24日") || !strings.Contains(above, "共有") {
		t.Errorf("until when and where to is not above the table:\n%s", above)
	}
}

// names are the indicators of a sheet.
func names(s workbook.IntakeSheet) string {
	var out []string
	for j, c := range s.Columns {
		if !strings.HasSuffix(c.Head, "指標名") {
			continue
		}
		for _, row := range s.Rows {
			out = append(out, row[j].Text)
		}
	}
	return strings.Join(out, " ")
}

// Who owes what stands in 提出対象.csv: by a former name too, once a form; a year of which it says nothing is nobody's.
func TestOwing(t *testing.T) {
	c, err := readCity(t, map[string]string{
		"組織.csv": organisation, "提出対象.csv": "様式,年度,部,課,提出期限\n成果指標調査票,令和7年度,,庶務課,令和8年4月24日\n" +
			"D,令和7年度,総務部,総務課,\n成果指標調査票,令和7年度,福祉部,福祉課,\n成果指標調査票,令和6年度,福祉部,福祉課,\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	who, owed, err := c.Owing(2025)
	if err != nil || len(who) != 2 || who[0].Department != "総務課" || who[0].Bureau != "総務部" || len(owed["総務課"]) != 2 ||
		owed["総務課"][1].Name != "デジタル推進計画取組状況調査票" {
		t.Errorf("%+v, %v, %v", who, owed, err)
	}
	var none *NobodyError
	if _, _, err := c.Owing(2026); !errors.As(err, &none) || strings.Join(none.Years, " ") != "令和7年度 令和6年度" {
		t.Errorf("a year of nobody: %v", err)
	}
	if _, err := readCity(t, map[string]string{"組織.csv": organisation, "指標.csv": "課,指標名,種別\n福社課,甲,成果\n"}); err == nil ||
		!strings.Contains(err.Error(), "「福社課」は組織.csvにありません") {
		t.Errorf("a list that names no department: %v", err)
	}
}

// A letter names each form with its day, where the workbook goes and whom to ask; what nobody is named for is not
// there.
func TestLetter(t *testing.T) {
	c := City{Name: "市", Contact: project.Contact{Name: "企画課", Phone: "内線 1", SendTo: "共有"}}
	who := form.Asker{Bureau: "総務部", Department: "総務課", FiscalYear: 2025}
	owed := []Owed{{"A", "甲票", "令和8年4月24日"}, {"C", "乙票", "追って"}}
	today := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	text := string(c.Letter(who, owed, "票.xlsx", []string{"乙票"}, today))
	for _, want := range []string{
		"令和8年3月2日", "総務部　総務課　御中", "年度　　　令和7年度", "様式　　　甲票\r\n提出期限　令和8年4月24日（金）", "提出期限　追って", "ファイル　票.xlsx",
		"乙票は、前の年度", "送り先　　共有", "照会先　　企画課（内線 1）",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, text)
		}
	}
	text = string(City{}.Letter(who, owed[:1], "", nil, today))
	for _, not := range []string{"送り先", "照会先", "ファイル", "前の年度の調査票を写して"} {
		if strings.Contains(text, not) {
			t.Errorf("it says %q of nobody:\n%s", not, text)
		}
	}
}
