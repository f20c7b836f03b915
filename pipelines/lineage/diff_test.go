package lineage

import (
	"context"
	"path"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// said writes a change in one line: table, figure, values and causes. Of a file only 年度 and 課 are said.
func said(c Change) string {
	var causes []string
	for _, x := range c.Causes {
		parts := strings.Split(x.Path, "/")
		where := strings.Join(parts[max(0, len(parts)-1):], "")
		if len(parts) == 6 {
			where = parts[2] + parts[4]
		}
		for _, s := range []string{x.Sheet, x.Cell} {
			where = strings.TrimSpace(where + " " + s)
		}
		what := x.What
		if x.Old+x.New != "" {
			what += "「" + x.Old + "→" + x.New + "」"
		}
		causes = append(causes, strings.TrimSpace(where+" "+what))
	}
	return c.Table + " " + c.Figure + ": " + c.Old + "→" + c.New + " | " + strings.Join(causes, ", ")
}

func sameChanges(t *testing.T, changes []Change, err error, want []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		got = append(got, said(c))
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got\n  %s\n want\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// Each case changes something in a city that is otherwise the same, and says all that diff tells of it, in its order.
func TestDiffOfMarts(t *testing.T) {
	before := city(t).publish(t)
	const moved = "計算式が変わった"
	for _, c := range []struct {
		name   string
		change func(w *world)
		want   []string
	}{
		{"nothing", func(*world) {}, nil},
		{"a file was saved again", func(w *world) { w.file(staffFile).version++ }, nil},
		{"a text that means the same", func(w *world) { w.write(welfareFile, "相談件数", 2, "520 件") }, nil},
		{"a value, and what follows from it", func(w *world) { w.write(welfareFile, "相談件数", 2, "499件") }, []string{
			"marts.indicators 相談件数／2024／actual: 520→499 | 令和6年度福祉課 表 C2 「520件→499件」",
			"marts.indicators 相談件数／2024／achieved: true→false | 令和6年度福祉課 表 C2 「520件→499件」",
			"marts.tally 2024／behind: 2→3 | 令和6年度福祉課 表 C2 「520件→499件」",
		}},
		{"two cells behind one figure", func(w *world) {
			w.write(welfareFile, "訪問回数", 1, "20回")
			w.write(welfareFile, "訪問回数", 2, "24.5回")
		}, []string{
			"marts.indicators 訪問回数／2024／target: 30→20 | 令和6年度福祉課 表 B3 「30回→20回」",
			"marts.indicators 訪問回数／2024／actual: 25→24.5 | 令和6年度福祉課 表 C3 「25回→24.5回」",
			"marts.indicators 訪問回数／2024／achieved: false→true | " +
				"令和6年度福祉課 表 B3 「30回→20回」, 令和6年度福祉課 表 C3 「25回→24.5回」",
			"marts.tally 2024／behind: 2→1 | 令和6年度福祉課 表 C3 「25回→24.5回」",
		}},
		{"a count that was none has the cells that it counts now", func(w *world) {
			w.write(lastYearFile, "相談件数", 1, "470件")
			w.write(lastYearFile, "相談件数", 2, "460件")
		}, []string{
			"marts.indicators 相談件数／2023／target: 480→470 | 令和5年度福祉課 表 B2 「480件→470件」",
			"marts.indicators 相談件数／2023／actual: 490→460 | 令和5年度福祉課 表 C2 「490件→460件」",
			"marts.indicators 相談件数／2023／achieved: true→false | " +
				"令和5年度福祉課 表 B2 「480件→470件」, 令和5年度福祉課 表 C2 「490件→460件」",
			"marts.tally 2023／behind: 0→1 | 令和5年度福祉課 表 C2 「490件→460件」",
		}},
		{"a value that is not there any more", func(w *world) { w.write(staffFile, "職員数", 1, "") }, []string{
			"marts.indicators 職員数／2024／target: 1400→ | 令和6年度人事課 表 B2 「1,400人→」",
			"marts.indicators 職員数／2024／achieved: false→ | 令和6年度人事課 表 B2 「1,400人→」",
			"marts.tally 2024／behind: 2→1 | 令和6年度人事課 表 B2 「1,400人→」",
		}},
		{"a new row", func(w *world) {
			f := w.file(staffFile)
			f.version++
			f.rows = append(f.rows, [3]string{"研修回数", "10回", "12回"})
		}, []string{
			"marts.indicators 研修回数／2024: →（行） | 令和6年度人事課 表 A3 「→研修回数」, " +
				"令和6年度人事課 表 B3 「→10回」, 令和6年度人事課 表 C3 「→12回」",
			"marts.tally 2024／indicators: 3→4 | 令和6年度人事課 表 A3 「→研修回数」",
		}},
		{"a row that has gone, after the rows that are there", func(w *world) {
			f := w.file(welfareFile)
			f.version++
			f.rows = f.rows[:1]
			w.write(lastYearFile, "相談件数", 2, "491件")
		}, []string{
			"marts.indicators 相談件数／2023／actual: 490→491 | 令和5年度福祉課 表 C2 「490件→491件」",
			"marts.indicators 訪問回数／2024: （行）→ | 令和6年度福祉課 表 A3 「訪問回数→」, " +
				"令和6年度福祉課 表 B3 「30回→」, 令和6年度福祉課 表 C3 「25回→」",
			"marts.tally 2024／indicators: 3→2 | 令和6年度福祉課 表 A3 「訪問回数→」",
			"marts.tally 2024／behind: 2→1 | 令和6年度福祉課 表 C3 「25回→」",
		}},
		{"a new file", func(w *world) {
			w.files = append(w.files, &file{
				path: strings.Replace(staffFile, "人事課", "財政課", 1), year: 2024,
				rows: [][3]string{{"基金残高", "10億円", "12億円"}},
			})
		}, []string{
			"marts.indicators 基金残高／2024: →（行） | 令和6年度財政課 ファイルが加わった",
			"marts.tally 2024／indicators: 3→4 | 令和6年度財政課 ファイルが加わった",
		}},
		{"a file that has gone", func(w *world) { w.files = w.files[1:] }, []string{
			"marts.indicators 職員数／2024: （行）→ | 令和6年度人事課 ファイルが無くなった",
			"marts.tally 2024／indicators: 3→2 | 令和6年度人事課 ファイルが無くなった",
			"marts.tally 2024／behind: 2→1 | 令和6年度人事課 ファイルが無くなった",
		}},
		{"an error in one year's file takes the rows of all years out", func(w *world) {
			w.write(welfareFile, "相談件数", 2, "多数")
			for _, path := range []string{welfareFile, lastYearFile} {
				w.file(path).excluded = map[string]bool{"相談件数": true}
			}
			w.file(welfareFile).findings = []record.Finding{ // the cell says it already
				{
					Severity: record.Error, Code: "number_unreadable", Path: welfareFile, Sheet: "表", Cell: "C2",
					Message: "数値として読めません",
				},
			}
		}, []string{
			"marts.indicators 相談件数／2023: （行）→ | 令和6年度福祉課 表 C2 「520件→多数」",
			"marts.indicators 相談件数／2024: （行）→ | 令和6年度福祉課 表 C2 「520件→多数」",
			"marts.tally 2024／indicators: 3→2 | 令和6年度福祉課 表 C2 「520件→多数」",
			"marts.tally 2023: （行）→ | 令和6年度福祉課 表 C2 「520件→多数」",
		}},
		{"a file that an error leaves out", func(w *world) {
			f := w.file(staffFile)
			f.status, f.findings = record.StatusLeftOut, []record.Finding{
				{Severity: record.Error, Code: "year", Path: staffFile, Cell: "A1", Message: "年度が違います"},
				{Severity: record.Warning, Code: "hidden", Path: staffFile, Message: "隠れた行があります"},
			}
		}, []string{
			"marts.indicators 職員数／2024: （行）→ | 令和6年度人事課 A1 誤りの指摘が付いた：年度が違います",
			"marts.tally 2024／indicators: 3→2 | 令和6年度人事課 A1 誤りの指摘が付いた：年度が違います",
			"marts.tally 2024／behind: 2→1 | 令和6年度人事課 A1 誤りの指摘が付いた：年度が違います",
		}},
		{"a file that was withdrawn", func(w *world) { w.file(staffFile).status = record.StatusWithdrawn }, []string{
			"marts.indicators 職員数／2024: （行）→ | 令和6年度人事課 ファイルの扱いが変わった（読み込み済み → 取り下げられた）",
			"marts.tally 2024／indicators: 3→2 | 令和6年度人事課 ファイルの扱いが変わった（読み込み済み → 取り下げられた）",
			"marts.tally 2024／behind: 2→1 | 令和6年度人事課 ファイルの扱いが変わった（読み込み済み → 取り下げられた）",
		}},
		{"a model", func(w *world) {
			w.statement("marts/indicators", "actual >= target", "actual <= target")
		}, []string{
			"marts.indicators 相談件数／2023／achieved: true→false | " + moved + "（marts.indicators）",
			"marts.indicators 相談件数／2024／achieved: true→false | " + moved + "（marts.indicators）",
			"marts.indicators 職員数／2024／achieved: false→true | " + moved + "（marts.indicators）",
			"marts.indicators 訪問回数／2024／achieved: false→true | " + moved + "（marts.indicators）",
		}},
		{"a model that others read", func(w *world) {
			w.statement("staging/indicators", "WHERE", "WHERE r.key <> '職員数' AND")
			w.statement("marts/loose", "name, actual", "name, actual * 2 AS actual")
		}, []string{
			"marts.indicators 職員数／2024: （行）→ | " + moved + "（staging.indicators）",
			"marts.tally 2024／indicators: 3→2 | " + moved + "（staging.indicators）",
			"marts.tally 2024／behind: 2→1 | " + moved + "（staging.indicators）",
		}},
		{"a model's comment and white space", func(w *world) {
			w.statement("marts/indicators", "SELECT name,", "-- 指標の名前\nSELECT  name,")
		}, nil},
		{"a model's key, table and columns that only one run has", func(w *world) {
			w.statement("marts/indicators", "sources\n", "1 AS one, sources\n")
			w.add("marts/another", "-- 一行。\n-- 鍵: n\nSELECT 1 AS n, 2 AS m")
		}, nil},
		{"a decision", func(w *world) {
			w.file(welfareFile).excluded = map[string]bool{"訪問回数": true}
			w.decisions = []record.Decision{withdrawal(welfareFile, "C3")}
		}, []string{
			"marts.indicators 訪問回数／2024: （行）→ | 令和6年度福祉課 判断.csv に加わった：表｜C3｜取下げ",
			"marts.tally 2024／indicators: 3→2 | 令和6年度福祉課 判断.csv に加わった：表｜C3｜取下げ",
			"marts.tally 2024／behind: 2→1 | 令和6年度福祉課 判断.csv に加わった：表｜C3｜取下げ",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := city(t)
			c.change(w)
			changes, err := Diff(context.Background(), before, w.publish(t), nil, nil)
			sameChanges(t, changes, err, c.want)
		})
	}
}

// What was undone: the finding and the decision of the older run are gone.
func TestDiffOfWhatWasMended(t *testing.T) {
	for _, c := range []struct {
		name string
		was  func(w *world)
		want string
	}{
		{"a finding", func(w *world) {
			w.file(staffFile).status = record.StatusLeftOut
			w.file(staffFile).findings = []record.Finding{
				{Severity: record.Error, Code: "year", Path: staffFile, Message: "年度が違います"},
			}
		}, "令和6年度人事課 誤りの指摘が消えた：年度が違います"},
		{"a file that could not be opened", func(w *world) { w.file(staffFile).status = record.StatusUnreadable },
			"令和6年度人事課 ファイルの扱いが変わった（開けない → 読み込み済み）"},
		{"a decision", func(w *world) {
			w.file(staffFile).excluded = map[string]bool{"職員数": true}
			w.decisions = []record.Decision{ // the second concerns none of the figures below
				withdrawal(staffFile, "C2"), withdrawal(lastYearFile, "C2"),
			}
		}, "令和6年度人事課 判断.csv から無くなった：表｜C2｜取下げ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := city(t)
			c.was(w)
			changes, err := Diff(context.Background(), w.publish(t), city(t).publish(t), nil, nil)
			sameChanges(t, changes, err, []string{
				"marts.indicators 職員数／2024: →（行） | " + c.want,
				"marts.tally 2024／indicators: 2→3 | " + c.want,
				"marts.tally 2024／behind: 1→2 | " + c.want,
			})
		})
	}
}

// Rows are told apart by the columns of 鍵: an empty column keeps its place, and none hides another of the same key.
func TestDiffTellsRowsApartByTheirKey(t *testing.T) {
	rows := func(values string) *warehouse.Reader {
		w := city(t)
		w.files = nil
		const head = "-- 一行。\n-- 鍵: item, bureau\nSELECT * FROM (VALUES "
		w.add("marts/keyed", head+values+") AS v(bureau, item, n, label, flags)")
		return w.publish(t)
	}
	const third = "('部', '甲', 3, 'う', []), "
	before := rows("('総務部', NULL, 1.50, 'あ', [true]), (NULL, '総務部', 2, 'い', []), " + third + "('部', '甲', 4, 'え', [])")
	after := rows("(NULL, '総務部', 20, 'お', [false]), ('総務部', NULL, 1.5, 'い', []), " + third + "('部', '甲', 40, 'え', [])")
	const unknown = " | もとのセルは変わっていない（資料のひな形か設定が変わった）"
	changes, err := Diff(context.Background(), before, after, nil, nil)
	for i := range changes { // the rows stand in the model itself
		changes[i].Causes = []Cause{{What: "もとのセルは変わっていない（資料のひな形か設定が変わった）"}}
	}
	sameChanges(t, changes, err, []string{
		"marts.keyed －／総務部／n: 2→20" + unknown, "marts.keyed 部／甲#2／n: 4→40" + unknown,
	})
}

// Settings have no cells, and lists beside the workbooks are no workbooks.
func TestDiffOfSettingsAndLists(t *testing.T) {
	models := func(w *world) *world {
		w.add("marts/hours", "-- 一行が一つの計画。\n-- 鍵: plan\nSELECT plan, hours_per_person FROM meta.plans")
		w.add("marts/submitted", `-- 一行が一つの年度。
-- 鍵: fiscal_year
SELECT fiscal_year, count(*) FILTER (status = '提出済')::INTEGER AS submitted,
  list({'field': 'due', 'path': path, 'sheet': NULL, 'cell': cell}) FILTER (department IN ('人事課', '総務課')) AS sources
FROM raw.submissions GROUP BY ALL`)
		return w
	}
	was, now := models(city(t)), models(city(t))
	now.plans[0].HoursPerPerson = "1860"
	was.submissions = append(was.submissions, submission("総務課", "A2", "提出済"), submission("財政課", "A5", "未提出"))
	now.submissions = []record.Submission{ // 財政課 has changed, but no figure rests on its line
		submission("福祉課", "A4", "提出済"), submission("人事課", "A3", "提出済"), submission("総務課", "A2", "提出済"),
		submission("財政課", "A5", "要修正"),
	}
	changes, err := Diff(context.Background(), was.publish(t), now.publish(t), nil, nil)
	sameChanges(t, changes, err, []string{
		"marts.hours 見本計画／hours_per_person: 2000→1860 | もとのセルは変わっていない（資料のひな形か設定が変わった）",
		"marts.submitted 2024／submitted: 2→3 | 提出対象.csv#人事課 見本市　人事課　調査票　令和6年度「未提出→提出済」",
	})
}

// Printed figures come first, in the order of the newer paper; then those that are gone; then the marts.
func TestDiffOfPapers(t *testing.T) {
	looked := brief.Origin{Query: "q", Examined: true, Sources: []brief.Source{source("actual", staffFile, "C2")}}
	staff, visits := source("actual", staffFile, "C2"), source("actual", welfareFile, "C3")
	old := []brief.Figure{
		printed("会議/1/本文/1/1", "1,383人", staff), printed("会議/1/表/計/件数", "3件", visits),
		printed("会議/1/表/旧/件数", "25", visits), printed("会議/1/表/同/件数", "25", visits),
		{Address: "会議/1/表/無/件数", Text: "0件", Origins: []brief.Origin{looked}},
	}
	now := []brief.Figure{
		printed("会議/1/表/無/件数", "1件", visits), printed("会議/1/表/新/件数", "24", visits),
		printed("会議/1/本文/1/1", "r1,383人", staff), printed("会議/1/表/同/件数", "25", staff),
		printed("会議/1/表/計/件数", "2件", staff, visits),
	}
	was, w := city(t), city(t)
	for _, each := range []*world{was, w} { // a decision that both runs know is no cause
		each.decisions = []record.Decision{withdrawal(staffFile, "C2")}
	}
	w.file(staffFile).version++
	w.write(welfareFile, "訪問回数", 2, "24回")
	changes, err := Diff(context.Background(), was.publish(t), w.publish(t), old, now)
	const visited = "令和6年度福祉課 表 C3 「25回→24回」"
	sameChanges(t, changes, err, []string{
		Papers + " 会議/1/表/無/件数: 0件→1件 | " + visited,
		Papers + " 会議/1/表/新/件数: →24 | " + visited,
		Papers + " 会議/1/本文/1/1: 1,383人→r1,383人 | もとのセルは変わっていない（資料のひな形か設定が変わった）",
		Papers + " 会議/1/表/計/件数: 3件→2件 | " + visited,
		Papers + " 会議/1/表/旧/件数: 25→ | " + visited,
		"marts.indicators 訪問回数／2024／actual: 25→24 | " + visited,
	})
}

// Cells that were only looked through, as those behind a count of none, are no cause.
func TestCellsThatWereLookedThroughAreNoCause(t *testing.T) {
	w := city(t)
	w.write(staffFile, "職員数", 1, "1,390人")
	looked := func(text string) []brief.Figure {
		return []brief.Figure{{Address: "会議/1/表/無/件数", Text: text, Origins: []brief.Origin{
			{Query: "q", Examined: true, Sources: []brief.Source{source("target", staffFile, "B2")}},
		}}}
	}
	changes, err := Diff(context.Background(), city(t).publish(t), w.publish(t), looked("0件"), looked("0"))
	sameChanges(t, changes, err, []string{
		Papers + " 会議/1/表/無/件数: 0件→0 | もとのセルは変わっていない（資料のひな形か設定が変わった）",
		"marts.indicators 職員数／2024／target: 1400→1390 | 令和6年度人事課 表 B2 「1,400人→1,390人」",
	})
}

// Causes stand in the order of files, sheets and cells, each once.
func TestCausesAreInOrder(t *testing.T) {
	w := city(t)
	w.write(welfareFile, "相談件数", 2, "1件")
	w.write(welfareFile, "訪問回数", 2, "1回")
	w.write(staffFile, "職員数", 2, "1人")
	cells := []brief.Source{
		source("actual", staffFile, "C2"), source("actual", welfareFile, "C3"), source("actual", welfareFile, "C2"),
		source("target", welfareFile, "C2"),
	}
	figures := func(text string) []brief.Figure {
		return []brief.Figure{printed("会議/1/表/計/件数", text, cells...)}
	}
	changes, err := Diff(context.Background(), city(t).publish(t), w.publish(t), figures("2"), figures("0"))
	if err != nil || len(changes) == 0 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	var got []string
	for _, c := range changes[0].Causes {
		got = append(got, path.Base(path.Dir(c.Path))+" "+c.Cell)
	}
	if want := []string{"福祉課 C2", "福祉課 C3", "人事課 C2"}; !slices.Equal(got, want) {
		t.Errorf("causes in %q, want %q", got, want)
	}
}

// A run that cannot be read is named.
func TestDiffNamesTheRunThatCannotBeRead(t *testing.T) {
	db := city(t).publish(t)
	db.Close()
	if _, err := Diff(context.Background(), db, db, nil, nil); err == nil || !strings.Contains(err.Error(), db.Run) {
		t.Errorf("got %v", err)
	}
}

// Where two templates name a row otherwise, its figures are found by the address that both had before; one that was by
// order finds nothing, and an address of its own is nobody else's.
func TestFiguresUnderOtherNames(t *testing.T) {
	figure := func(address, former, text string, ordered bool) brief.Figure {
		return brief.Figure{Address: address, Former: former, Text: text, Ordered: ordered}
	}
	before := []brief.Figure{
		figure("m/1/表/1・甲/数", "m/1/表/1/数", "10", false), figure("m/1/表/2・乙/数", "m/1/表/2/数", "20", true),
		figure("m/1/表/3/数", "", "30", false), figure("m/1/表/4・丁/数", "m/1/表/4/数", "40", false),
	}
	after := []brief.Figure{
		figure("m/1/表/1・甲・成果/数", "m/1/表/1/数", "11", false), figure("m/1/表/2・乙・成果/数", "m/1/表/2/数", "20", true),
		figure("m/1/表/3・丙/数", "m/1/表/3/数", "30", false), figure("m/1/表/4・丁/数", "m/1/表/4/数", "40", false),
		figure("m/1/表/4・戊/数", "m/1/表/4/数", "50", false),
	}
	var got []string
	for _, d := range paperChanges(before, after) {
		got = append(got, d.Figure+" "+d.Old+"→"+d.New)
	}
	want := []string{
		"m/1/表/1・甲・成果/数 10→11", "m/1/表/2・乙・成果/数 →20", "m/1/表/4・戊/数 →50", "m/1/表/2・乙/数 20→",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
