package form

import (
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/record"
)

// mastersOf reads the masters of 市 as their files hold them.
func mastersOf(t *testing.T, files map[string]string) Masters {
	t.Helper()
	m, err := readMastersOf(files)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func readMastersOf(files map[string]string) (Masters, error) {
	masters := map[string]collect.File{}
	for name, text := range files {
		masters[name] = collect.File{Path: "inputs/市/" + name, Name: name, Disk: name, Data: []byte(text)}
	}
	return ReadMasters(collect.Tree{Masters: map[string]map[string]collect.File{"市": masters}})
}

const (
	dutiesHead = "様式,年度,部,課,提出期限\n"
	someOffice = "部,課,表示順,旧名称\n財政部,財政課,1,\n財政部,市税課,2,税務課\n"
)

// What a line of 提出対象.csv says that cannot be is told with its line, its cell and what may stand there instead; what
// is right is told nothing of.
func TestDutiesThatCannotBe(t *testing.T) {
	forms := []Form{{ID: "A", Name: "成果指標調査票"}, {ID: "K", Name: "数値確認票"}}
	for name, c := range map[string]struct {
		lines    string
		statuses string
		want     []string
	}{
		"all right":          {"成果指標調査票,令和8年度,財政部,財政課,令和8年11月17日\n", "未提出", []string{"令和8年11月17日まで"}},
		"the form by its id": {"Ａ,R8,財政部,財政課,R8.11.17\n", "未提出", []string{"成果指標調査票（令和8年度）"}},
		"a former name":      {"成果指標調査票,令和8年度,財政部,税務課,2026/11/17\n", "未提出", []string{"2026/11/17まで"}},
		"a line of nothing":  {",,,,\n", "", nil},
		"no day":             {"成果指標調査票,令和8年度,財政部,財政課,\n", "未提出", []string{"提出されていません。このフォルダに"}},
		"a misspelt form":    {"成果指標,令和8年度,財政部,財政課,\n", "要修正", []string{"A2 提出対象.csvの2行目：様式「成果指標」はありません。「成果指標調査票」では"}},
		"a form of its own":  {"数値確認表,令和8年度,財政部,財政課,\n", "要修正", []string{"書けるのは 成果指標調査票 です"}},
		"no such department": {"成果指標調査票,令和8年度,財政部,財政諜,\n", "要修正", []string{"D2 提出対象.csvの2行目：課「財政諜」は組織.csvにありません。「財政課」では"}},
		"an unheard one":     {"成果指標調査票,令和8年度,財政部,港湾空港管理室,\n", "要修正", []string{"組織.csvにありません。今の課名か旧名称に"}},
		"no department":      {"成果指標調査票,令和8年度,財政部,,\n", "要修正", []string{"課が空欄です"}},
		"a bare year": {"成果指標調査票,8,財政部,財政課,\n", "", []string{"B2 提出対象.csvの2行目：年度「8」を読めないので、この行は" +
			"提出対象に数えていません。「令和8年度」のように"}},
		"no day of the month": {"成果指標調査票,令和8年度,財政部,財政課,令和8年11月31日\n", "未提出",
			[]string{"E2 提出対象.csvの2行目：提出期限「令和8年11月31日」は日付として読めません", "まで"}},
		"another weekday": {"成果指標調査票,令和8年度,財政部,財政課,令和8年11月17日（水）\n", "未提出", []string{"水曜日ではなく火曜日", "まで"}},
		"the weekday":     {"成果指標調査票,令和8年度,財政部,財政課,令和8年11月17日（火）\n", "未提出", []string{"まで"}},
	} {
		m := mastersOf(t, map[string]string{collect.Organisation: someOffice, collect.Submissions: dutiesHead + c.lines})
		submissions, found := Submissions(forms, nil, m.Of("市"))
		var statuses []string
		for _, s := range submissions {
			statuses = append(statuses, s.Status)
		}
		if strings.Join(statuses, " ") != c.statuses || len(found) != len(c.want) {
			t.Errorf("%s: %v, %d findings: %+v", name, statuses, len(found), found)
			continue
		}
		for i, f := range found {
			ofLine := f.Path == "inputs/市/提出対象.csv"
			if !strings.Contains(f.Cell+" "+f.Message, c.want[i]) || strings.Contains(f.Message, "行目") != ofLine {
				t.Errorf("%s: %+v, want %s", name, f, c.want[i])
			}
		}
	}
}

// A head that nothing reads is told with the one that was meant; a head that must be there, and is not, likewise.
func TestHeadsOfDuties(t *testing.T) {
	m := mastersOf(t, map[string]string{
		collect.Submissions: "様式,年度,部,課,期限,備考\nA,令和8年度,財政部,財政課,令和8年11月17日,\n",
	})
	_, found := Submissions([]Form{{ID: "A", Name: "調査票"}}, nil, m.Of("市"))
	if len(found) != 3 {
		t.Fatalf("%+v", found)
	}
	for i, want := range []string{
		"F1 提出対象.csvの1行目：見出し「備考」の列は読んでいません。読むのは 様式、年度、部、課、提出期限 です。",
		"E1 提出対象.csvの1行目：見出し「期限」の列は読んでいません。「提出期限」ではありませんか。読むのは",
		" 調査票（令和8年度）が提出されていません。このフォルダに置いてください。",
	} {
		if got := found[i].Cell + " " + found[i].Message; !strings.HasPrefix(got, want) {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
	for head, want := range map[string]string{
		"様式名,年度,部,課": "「様式」の列がありません。「様式名」を「様式」に直してください", "様式,年,部,課": "「年」を「年度」に直してください",
		"様式,年度,部,係長": "「課」の列がありません。見出しを直してください（いまの見出しは 係長、年度、様式、部）",
	} {
		_, err := readMastersOf(map[string]string{collect.Submissions: head + "\nA,令和8年度,財政部,財政課\n"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", head, err, want)
		}
	}
}

// What has come without being asked for is told, once for each form and year; ten departments by name.
func TestSubmittedAndNotListed(t *testing.T) {
	forms := []Form{{ID: "A", Name: "成果指標調査票"}, {ID: "K", Name: "数値確認票"}}
	m := mastersOf(t, map[string]string{collect.Submissions: dutiesHead + "A,令和8年度,財政部,財政課,\n"})
	book := func(year int, department, status string, forms ...string) *record.Workbook {
		return &record.Workbook{Path: "inputs/市/令和8年度/財政部/" + department + "/a.xlsx", Municipality: "市", FiscalYear: year,
			Department: department, Status: status, Forms: forms}
	}
	eleven := []*record.Workbook{}
	for _, name := range strings.Split("一二三四五六七八九十", "") {
		eleven = append(eleven, book(2026, name+"課", record.StatusRead, "A"))
	}
	for name, c := range map[string]struct {
		books []*record.Workbook
		want  string
	}{
		"asked for":      {[]*record.Workbook{book(2026, "財政課", record.StatusRead, "A")}, ""},
		"another year":   {[]*record.Workbook{book(2025, "財政課", record.StatusRead, "A")}, "成果指標調査票（令和7年度） は提出されていますが、財政課の行が"},
		"another office": {[]*record.Workbook{book(2026, "市税課", record.StatusRead, "A")}, "市税課の行が提出対象.csvにありません"},
		"a confirmation": {[]*record.Workbook{book(2026, "市税課", record.StatusRead, "K")}, ""},
		"withdrawn":      {[]*record.Workbook{book(2026, "市税課", record.StatusWithdrawn, "A")}, ""},
		"ten":            {eleven, "九課、十課の行が"},
		"eleven":         {append(slices.Clone(eleven), book(2026, "市税課", record.StatusRead, "A")), "十課 ほか1課の行が"},
	} {
		_, found := Submissions(forms, c.books, m.Of("市"))
		found = slices.DeleteFunc(found, func(f record.Finding) bool { return f.Path != "inputs/市/提出対象.csv" })
		if (c.want == "") != (len(found) == 0) || len(found) > 0 && !strings.Contains(found[0].Message, c.want) {
			t.Errorf("%s: %+v, want %s", name, found, c.want)
		}
	}
	if _, found := Submissions(forms, eleven, Masters{}); len(found) > 0 {
		t.Errorf("a municipality without the list: %+v", found)
	}
}

// A folder that names no year, and one of no department, are told for what they are.
func TestFoldersThatSayNothing(t *testing.T) {
	at := func(path, department string, records ...record.Record) *record.Workbook {
		return &record.Workbook{
			Path: path, Municipality: "市", Department: department, Status: record.StatusRead, Records: records,
		}
	}
	m := mastersOf(t, map[string]string{collect.Organisation: someOffice})
	books := []*record.Workbook{
		at("inputs/市/7年度/財政部/財政課/a.xlsx", "財政課"), at("inputs/市/7年度/財政部/財政課/b.xlsx", "財政課"), at("inputs/市/参考/覚え.xlsx", ""),
		at("inputs/市/令和8年度/財政部/c.xlsx", "", record.Record{}),
	}
	books[3].FiscalYear = 2026
	Screen(nil, books, m)
	if f := books[3].Findings; len(f) != 1 || !strings.Contains(f[0].Message, "課のフォルダに入っていないので") {
		t.Errorf("a file one folder too high: %+v", f)
	}
	_, found := Submissions(nil, books, m)
	const want = "「7年度」は年度の名前として読めないので、中のファイル2件を提出対象と突き合わせていません。「令和7年度」のような名前に"
	if len(found) != 1 || found[0].Path != "inputs/市/7年度" || !strings.Contains(found[0].Message, want) {
		t.Errorf("%+v", found)
	}
}

// Where nothing tells departments, a survey in no department's folder is read, and told.
func TestSurveysOfNoDepartment(t *testing.T) {
	book := &record.Workbook{
		Path: "inputs/市/令和8年度/財政部/c.xlsx", Municipality: "市", FiscalYear: 2026,
		Status: record.StatusRead, Forms: []string{"A"}, Records: []record.Record{{}},
	}
	books := []*record.Workbook{book}
	m := mastersOf(t, map[string]string{collect.Submissions: dutiesHead + "A,令和8年度,財政部,財政課,\n"})
	Screen(nil, books, m)
	_, found := Submissions([]Form{{ID: "A", Name: "調査票"}}, books, m)
	if book.Status != record.StatusRead || len(found) != 2 || found[1].Message != noFolder || found[1].Path != book.Path {
		t.Errorf("%s, %+v", book.Status, found)
	}
}
