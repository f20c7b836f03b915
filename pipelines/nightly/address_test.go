package nightly

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook/workbooktest"
)

// line is an indicator of a survey: number, name, kind, target and actual value.
type line struct{ code, name, kind, target, actual string }

// indicatorCity is a city whose department hands in these indicators, and the meeting that prints them.
func indicatorCity(t *testing.T, lines ...line) (env project.Env, write func(lines ...line)) {
	t.Helper()
	inputs := filepath.Join(t.TempDir(), "inputs")
	folder := filepath.Join(inputs, "秦野市", "令和8年度", "政策部", "デジタル推進課")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"組織.csv":   "部,課,表示順,旧名称\n政策部,デジタル推進課,10,\n",
		"提出対象.csv": "様式,年度,部,課,提出期限\n成果指標調査票,令和8年度,政策部,デジタル推進課,令和9年4月25日\n",
	} {
		if err := os.WriteFile(filepath.Join(inputs, "秦野市", name), []byte("\ufeff"+text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write = func(lines ...line) {
		rows := [][]any{
			{"成果指標調査票"}, {"計画名", "はだのDX推進計画"},
			{"事業番号", "事業名", "指標名", "種別", "単位", "方向", "令和8年度目標値", "令和8年度実績値"},
		}
		for _, l := range lines {
			rows = append(rows, []any{l.code, "窓口の改善", l.name, l.kind, "件", "上昇", l.target, l.actual})
		}
		data := workbooktest.New(t, "成果指標", rows)
		if err := os.WriteFile(filepath.Join(folder, "成果指標調査票.xlsx"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(lines...)
	return newEnv(t, inputs), write
}

// indicatorPaper loads the city and makes the paper of its meeting.
func indicatorPaper(t *testing.T, env project.Env) papers.Made {
	t.Helper()
	mustLoad(t, env)
	made, err := papers.Make(context.Background(), env, indicatorMeeting(t, env), papers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func indicatorMeeting(t *testing.T, env project.Env) brief.Meeting {
	t.Helper()
	ms, err := brief.Meetings(env.Project)
	if err != nil {
		t.Fatal(err)
	}
	m, err := brief.Choose(ms, "秦野市-2027-05-25", env.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// printedAt are the texts of the figures of the table of indicators, by their addresses in it.
func printedAt(made papers.Made) map[string]string {
	out := map[string]string{}
	for _, f := range made.Figures {
		if at, ok := strings.CutPrefix(f.Address, "秦野市-2027-05-25/1/指標ごと/"); ok && !strings.HasPrefix(at, "注") {
			out[at] = f.Text
		}
	}
	return out
}

// ①-1 and 1-1 of one form are two indicators with values of their own, whatever else is alike.
func TestCircledNumberIsAnotherIndicator(t *testing.T) {
	t.Parallel()
	env, _ := indicatorCity(t, line{"①-1", "利用件数", "成果", "100", "90"}, line{"1-1", "利用件数", "成果", "40", "50"})
	made := indicatorPaper(t, env)
	if found := query(t, env, "SELECT code, message FROM meta.findings"); len(found) > 0 {
		t.Errorf("findings: %v", found)
	}
	rows := query(t, env,
		"SELECT code, CAST(actual AS DOUBLE), achieved FROM marts.indicator_years WHERE fiscal_year = 2026")
	sameRows(t, "indicators", rows, [][]string{{"①-1", "90", "false"}, {"1-1", "50", "true"}})
	got := printedAt(made)
	for at, want := range map[string]string{
		"①-1・利用件数・成果/目標値": "100", "①-1・利用件数・成果/実績値": "90", "①-1・利用件数・成果/達成率": "90.0%",
		"1-1・利用件数・成果/目標値": "40", "1-1・利用件数・成果/実績値": "50", "1-1・利用件数・成果/達成率": "125.0%",
	} {
		if got[at] != want {
			t.Errorf("%s prints %q, want %q", at, got[at], want)
		}
	}
	for code, cell := range map[string]string{"①-1": "H4", "1-1": "H5"} {
		f, _ := brief.FindFigure(made.Figures, "指標ごと/"+code+"・利用件数・成果/実績値")
		if f == nil || len(f.Sources()) != 1 || f.Sources()[0].Cell != cell {
			t.Errorf("%s leads to %+v, want %s", code, f, cell)
		}
	}
}

// 「１－１」 in full width and with spaces is the number 1-1: two rows of it are one indicator twice.
func TestWidthsAndSpacesAreOneIndicator(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"１－１", "1 - 1", "１-1"} {
		env, _ := indicatorCity(t, line{"1-1", "利用件数", "成果", "100", "90"}, line{code, "利用　件数", "成果", "100", "90"})
		mustLoad(t, env)
		if found := query(t, env, "SELECT code, cell FROM meta.findings"); len(found) != 1 || found[0][0] != "duplicate_row" {
			t.Errorf("%s: %v", code, found)
		}
	}
}

// A － that is filled, and a row that is added above, leave the address of every other figure as it is; what was printed
// under the addresses of before is found as it was then.
func TestAddressesStayWhenRowsCome(t *testing.T) {
	t.Parallel()
	first := []line{
		{"1-2", "登録人数", "成果", "100", "90"}, {"1-2", "受付件数", "成果", "200", ""}, {"1-2", "受付件数", "実績", "300", "270"},
		{"1-2", "満足度", "成果", "80", "60"},
	}
	env, write := indicatorCity(t, first...)
	made := indicatorPaper(t, env)
	was := printedAt(made)
	former := map[string]string{} // 前の番地 → what was printed there
	for _, f := range made.Figures {
		if f.Former != "" {
			former[f.Former] = f.Text
		}
	}
	if former["秦野市-2027-05-25/1/指標ごと/1-2/実績値#3"] != "270" {
		t.Fatalf("addresses of before: %v", former)
	}
	second := slices.Clone(first)
	second[1].actual = "150" // a － filled
	second = append([]line{{"1-1", "交付枚数", "成果", "10", "9"}, {"1-2", "あんない件数", "成果", "30", "33"}}, second...)
	write(second...)
	again := indicatorPaper(t, env)
	is := printedAt(again)
	for at, text := range was {
		if is[at] != text {
			t.Errorf("%s: %q, printed %q before", at, is[at], text)
		}
	}
	if is["1-2・受付件数・成果/実績値"] != "150" || is["1-1・交付枚数・成果/実績値"] != "9" {
		t.Errorf("what was added is not printed: %v", is)
	}
	for at, text := range former {
		if strings.Contains(at, "/未報告/") { // it has been reported: its row is gone, and no other takes its address
			if f, _ := brief.FindFigure(again.Figures, at); f != nil {
				t.Errorf("%s is %s", at, f.Address)
			}
			continue
		}
		if f, _ := brief.FindFigure(again.Figures, at); f == nil || f.Text != text || f.Ordered {
			t.Errorf("%s is %+v, printed %q", at, f, text)
		}
	}
	for _, a := range again.Figures {
		if f, near := brief.FindFigure(again.Figures, a.Address); f == nil || f.Address != a.Address || len(near) > 0 {
			t.Errorf("%s is not found by its own address", a.Address)
		}
	}
	oldAndNew(t, env, again.Run)
}

// oldAndNew checks the table that is written with a run: an address of before a line, of whatever run it was first.
func oldAndNew(t *testing.T, env project.Env, run string) {
	t.Helper()
	data, err := os.ReadFile(runs.AddressesPath(env.Outputs, run))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\r\n")
	for _, want := range []string{
		"前の番地,いまの番地",
		"秦野市-2027-05-25/1/指標ごと/1-2/実績値#3,秦野市-2027-05-25/1/指標ごと/1-2・受付件数・活動/実績値",
		"秦野市-2027-05-25/1/指標ごと/1-1/実績値,秦野市-2027-05-25/1/指標ごと/1-1・交付枚数・成果/実績値",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("%q is not in the table:\n%s", want, data)
		}
	}
	if ids, err := warehouse.Kept(env.WarehouseDir()); err != nil || len(ids) != 2 {
		t.Errorf("runs %v, %v", ids, err)
	}
}

// confirmed are the states of a department's answers, by what they are called.
func confirmed(t *testing.T, env project.Env) map[string]council.State {
	t.Helper()
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	sheets, err := meetings.Confirmations(context.Background(), env, db, indicatorMeeting(t, env))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]council.State{}
	for _, s := range sheets {
		for _, l := range s.Lines {
			out[l.Name()] = l.State
		}
	}
	return out
}

// sheetOfBefore is a 数値確認票 as the version before handed it out, filled in: a row a printed figure, with the address
// that this had then.
func sheetOfBefore(t *testing.T, figures []brief.Figure) []byte {
	t.Helper()
	rows := [][]any{
		{"数値確認票"}, {"部長会議資料　令和9年5月25日の会議"}, {"所属：政策部　デジタル推進課"}, nil,
		{
			"回", "資料", "表", "行", "列", "今回の印字", "前回の印字", "確かめ方", "確かめる値", "もとのファイル", "もとのセル", "確認", "訂正後の値",
			"確認日", "確認者の職", "備考", "番地",
		},
	}
	for _, f := range figures {
		if f.Word || f.Value == "" && len([]rune(f.Text)) > 20 {
			continue
		}
		var files, cells []string
		for _, s := range f.Sources() {
			if name := filepath.Base(s.Path); !slices.Contains(files, name) {
				files = append(files, name)
			}
			cells = append(cells, s.Sheet+"!"+s.Cell)
		}
		if n := len(cells) - 4; n > 0 {
			cells = append(cells[:4], fmt.Sprintf("ほか%dか所", n))
		}
		rows = append(rows, []any{
			"1", "1", f.Table, f.Row, f.Column, f.Text, "－", "印字する値", f.Text, strings.Join(files, "\n"),
			strings.Join(cells, "、"), "確認", "", "令和9年5月10日", "課長", "", cmp.Or(f.Former, f.Address),
		})
	}
	return workbooktest.New(t, "数値確認票", rows)
}

// A sheet that was handed out with addresses of before counts when it comes back. What it confirmed of one row it never
// confirms of another, though that has the same number and the same value now.
func TestReturnedSheetUnderAddressesOfBefore(t *testing.T) {
	t.Parallel()
	lines := []line{
		{"1-2", "登録人数", "成果", "100", "90"}, {"1-2", "受付件数", "成果", "200", ""}, {"1-2", "満足度", "成果", "80", "60"},
	}
	env, write := indicatorCity(t, lines...)
	mustLoad(t, env)
	ctx, meeting := context.Background(), indicatorMeeting(t, env)
	db, err := warehouse.Open(ctx, env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	rendered, err := brief.RenderAll(ctx, env.Project, meeting, db)
	db.Close()
	if err != nil {
		t.Fatal(err)
	}
	var figures []brief.Figure
	for _, p := range rendered {
		figures = append(figures, p.Figures...)
	}
	back := filepath.Join(env.Inputs, "秦野市", "令和8年度", "政策部", "デジタル推進課", "数値確認票.xlsx")
	if err := os.WriteFile(back, sheetOfBefore(t, figures), 0o644); err != nil {
		t.Fatal(err)
	}
	mustLoad(t, env)
	const (
		people, received, content = "1-2　登録人数　成果・実績値（令和8年度）", "1-2　受付件数　成果・実績値（令和8年度）", "1-2　満足度　成果・実績値（令和8年度）"
		target                    = "1-2　受付件数　成果・目標値（令和8年度）"
	)
	got := confirmed(t, env)
	for _, at := range []string{people, content, target} {
		if got[at] != council.Confirmed {
			t.Errorf("%s: %q (of %v)", at, got[at], got)
		}
	}
	lines[1].actual = "60" // the first of the number now, as 満足度 was
	write(lines...)
	mustLoad(t, env)
	got = confirmed(t, env)
	if state := got[received]; state == council.Confirmed || state == "" {
		t.Errorf("what nobody has confirmed is %q (of %v)", state, got)
	}
	for _, at := range []string{people, content} { // the target has a rate now, which rests on the direction too
		if got[at] != council.Confirmed {
			t.Errorf("%s was confirmed and has not changed: %q", at, got[at])
		}
	}
}

// A department is asked for each of its answers once, confirms them on the sheet, and is asked again for the one that
// changes.
func TestSheetOfOwnAnswersComesBack(t *testing.T) {
	t.Parallel()
	lines := []line{{"1-1", "交付枚数", "成果", "1000", "1234"}, {"1-2", "受付件数", "成果", "200", "150"}}
	env, write := indicatorCity(t, lines...)
	mustLoad(t, env)
	ctx, meeting := context.Background(), indicatorMeeting(t, env)
	sheets, files, err := meetings.WriteConfirmations(ctx, env, meeting)
	if err != nil || len(files) != 2 || len(sheets) != 1 || sheets[0].Round != 1 {
		t.Fatalf("%+v, %v, %v", sheets, files, err)
	}
	asked := map[string]bool{}
	n := workbooktest.Fill(t, files[0], "数値確認票", 10, "O", func(row map[string]string) map[string]string {
		if asked[row["O"]] {
			t.Errorf("%s is asked twice", row["O"])
		}
		asked[row["O"]] = true
		if row["C"] == "150件" {
			return map[string]string{"I": "訂正", "J": "160", "K": "令和9年5月10日", "L": "課長"}
		}
		return map[string]string{"I": "確認", "K": "令和9年5月10日", "L": "課長"}
	})
	if n != 4 {
		t.Fatalf("%d answers are asked for, want the two values of two indicators", n)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	back := filepath.Join(env.Inputs, "秦野市", "令和8年度", "政策部", "デジタル推進課", "数値確認票.xlsx")
	if err := os.WriteFile(back, data, 0o644); err != nil {
		t.Fatal(err)
	}
	states := func() string {
		mustLoad(t, env)
		var out []string
		for name, state := range confirmed(t, env) {
			if state != council.Confirmed {
				out = append(out, name+" "+string(state))
			}
		}
		return strings.Join(out, "、")
	}
	if found := query(t, env, "SELECT code, message FROM meta.findings"); len(found) > 0 {
		t.Errorf("findings: %v", found)
	}
	const received = "1-2　受付件数　成果・実績値（令和8年度） "
	if got := states(); got != received+string(council.Correct) {
		t.Errorf("after the sheet: %s", got)
	}
	lines[1].actual = "160"
	write(lines...)
	if got := states(); got != "" {
		t.Errorf("after the correction: %s", got)
	}
	lines[1].actual = "170"
	write(lines...)
	if got := states(); got != received+string(council.Correct) {
		t.Errorf("after another value than the correction: %s", got)
	}
	lines[0].actual, lines[1].actual = "1235", "160"
	write(lines...)
	if got := states(); got != "1-1　交付枚数　成果・実績値（令和8年度） "+string(council.Changed) {
		t.Errorf("after a change: %s", got)
	}
	again, files, err := meetings.WriteConfirmations(ctx, env, meeting)
	if err != nil || len(files) != 2 || again[0].Round != 2 || again[0].Open() != 1 {
		t.Fatalf("%+v, %v, %v", again, files, err)
	}
	n = workbooktest.Fill(t, files[0], "数値確認票", 10, "O", func(row map[string]string) map[string]string {
		if row["C"] != "1,235件" || row["E"] != "1,234件" || row["N"] != "2" {
			t.Errorf("the second sheet asks %v", row)
		}
		return nil
	})
	if n != 1 {
		t.Errorf("%d answers are asked for again", n)
	}
}

// A value that was published when the key of ①-1 was spelled 1-1 is compared with today's of ①-1, and with that of no
// other.
func TestPublishedUnderTheOldSpellingOfAKey(t *testing.T) {
	t.Parallel()
	env, _ := indicatorCity(t, line{"①-1", "利用件数", "成果", "100", "90"}, line{"1-2", "利用件数", "成果", "100", "70"})
	published := func(key, value string) ledger.Line {
		return ledger.Line{
			Meeting: "2025-05-20", Held: time.Date(2025, 5, 20, 0, 0, 0, 0, time.UTC), Edition: 1, Paper: "資料1", Item: "題",
			Brief: "a.md", Of: 2026, Figure: "2025-05-20/1/表/" + key, Table: "表", Row: key, Column: "実績", Text: value + "件",
			Value: value, Unit: "件", Fact: "A｜indicator｜はだのdx推進計画|" + key + "|利用件数||成果｜actual｜2026｜件", Year: 2026,
		}
	}
	data, err := ledger.Write([]ledger.Line{published("1-1", "80"), published("1-2", "70")})
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := json.Marshal(council.Edition{Files: map[string]string{
		council.LedgerFile: fmt.Sprintf("%x", sha256.Sum256(data)),
	}})
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(env.Inputs, "秦野市", collect.Ledger)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"2025-05-20_第1版.csv": data, "2025-05-20_第1版_" + council.Manifest: manifest,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mustLoad(t, env)
	sameRows(t, "revised", query(t, env, "SELECT code, cell, found, expected FROM meta.findings"),
		[][]string{{"published_revised", "H4", "90", "80（会議 2025-05-20）"}})
	sameRows(t, "published", query(t, env, "SELECT fact, CAST(value AS INTEGER)::VARCHAR FROM staging.published_facts"),
		[][]string{
			{"A｜indicator｜はだのdx推進計画|①-1|利用件数||成果｜actual｜2026｜件", "80"},
			{"A｜indicator｜はだのdx推進計画|1-2|利用件数||成果｜actual｜2026｜件", "70"},
		})
}
