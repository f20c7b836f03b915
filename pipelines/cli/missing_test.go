package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seaside is a small city: three departments answered last year, of which one comes back this year with two of its
// three answers blank, and the two others are gone without a word.
func seaside(t *testing.T) *city {
	t.Helper()
	c := emptyCity(t)
	const head = "指標番号,事業名,種別,指標名,単位,目指す方向,基準年度,基準値,令和7年度目標値,令和7年度実績値,令和8年度目標値,令和8年度実績値\n"
	const lastYear = "指標番号,事業名,種別,指標名,単位,目指す方向,基準年度,基準値,令和7年度目標値,令和7年度実績値\n"
	for name, text := range map[string]string{
		"kyogikai.yaml":     "plans: [{municipality: 海辺市, name: 産業振興計画, forms: [A], first_year: 2025, last_year: 2028}]\n",
		"inputs/海辺市/組織.csv": "部,課,表示順,旧名称\n経済部,商工課,10,\n経済部,農林課,20,\n福祉部,福祉課,30,\n",
		"inputs/海辺市/提出対象.csv": "様式,年度,部,課,提出期限\n成果指標調査票,令和7年度,経済部,商工課,令和8年1月16日\n" +
			"成果指標調査票,令和7年度,経済部,農林課,令和8年1月16日\n成果指標調査票,令和7年度,福祉部,福祉課,令和8年1月16日\n" +
			"成果指標調査票,令和8年度,経済部,商工課,令和9年1月15日\n",
		"inputs/海辺市/令和7年度/経済部/商工課/a.csv": "成果指標調査票（令和7年度）\n計画名,産業振興計画\n" + lastYear +
			"1-1,観光,成果,観光客数,千人,上昇,令和4年度,800,900,950\n1-2,創業,成果,創業件数,件,上昇,令和4年度,18,20,23\n" +
			"1-3,商店街,成果,空き店舗率,%,低下,令和4年度,14.2,12.0,12.6\n",
		"inputs/海辺市/令和7年度/経済部/農林課/a.csv": "成果指標調査票（令和7年度）\n計画名,産業振興計画\n" + lastYear +
			"2-1,就農,成果,新規就農者数,人,上昇,令和4年度,5,7,8\n",
		"inputs/海辺市/令和7年度/福祉部/福祉課/a.csv": "成果指標調査票（令和7年度）\n計画名,産業振興計画\n" + lastYear +
			"3-1,就労,成果,就職者数,人,上昇,令和4年度,11,12,13\n",
		"inputs/海辺市/令和8年度/経済部/商工課/a.csv": "成果指標調査票（令和8年度）\n計画名,産業振興計画\n" + head +
			"1-1,観光,成果,観光客数,千人,上昇,令和4年度,800,900,950,1000,1050\n1-2,創業,成果,創業件数,件,上昇,令和4年度,18,20,23,,\n" +
			"1-3,商店街,成果,空き店舗率,%,低下,令和4年度,14.2,12.0,12.6,11.5,\n",
		"templates/meetings/2026-02-17.yaml": seasideMeeting("2026-02-17", "2025"),
		"templates/meetings/2027-02-16.yaml": seasideMeeting("2027-02-16", "2026"),
	} {
		c.write(name, []byte(text))
	}
	return c
}

func seasideMeeting(day, year string) string {
	return "date: " + day + "\nkind: 経済協議会資料\nagenda_title: 協議事項\nmunicipality: 海辺市\nitems:\n" +
		"  - {number: \"1\", title: 成果指標の達成状況について, department: 経済部商工課, brief: 成果指標の達成状況.md,\n" +
		"     parameters: {plan: 産業振興計画, year: " + year + "}}\n"
}

const (
	seasidePaper = "outputs/briefs/2027-02-16/経済協議会資料.html"
	blankOf12    = "inputs/海辺市/令和8年度/経済部/商工課/a.csv"
)

// says wants words in what was said, or in a file of the city.
func (c *city) says(said string, want ...string) {
	c.t.Helper()
	for _, w := range want {
		if !strings.Contains(said, w) {
			c.t.Errorf("does not say %s:\n%s", w, said)
		}
	}
}

func (c *city) silent(said string, unwanted ...string) {
	c.t.Helper()
	for _, w := range unwanted {
		if strings.Contains(said, w) {
			c.t.Errorf("says %s:\n%s", w, said)
		}
	}
}

func (c *city) file(name string) string {
	c.t.Helper()
	data, err := os.ReadFile(filepath.Join(c.dir, filepath.FromSlash(name)))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(data)
}

// What was answered last year and is not now, and what was asked and left blank, is named wherever people look, and
// keeps the paper from being final.
func TestBlankAnswersAreNamed(t *testing.T) {
	t.Parallel()
	c := seaside(t)
	c.mustRun("load")
	c.says(c.mustRun("check"), "L5", "L6", "「1-2　創業件数」の令和8年度実績値が記入されていません",
		"「1-3　空き店舗率」の令和8年度実績値", "令和7年度の調査票にあった「2-1　新規就農者数」が令和8年度の調査票にありません", "「3-1　就職者数」")
	status, _ := c.run("status")
	c.says(status, "商工課　記入 1/3", "農林課　記入 0/1", "福祉課　記入 0/1", "海辺市の様式 A は、", "漏れていても分かりません")
	c.mustRun("brief", "2027-02-16", "--format", "html")
	c.says(c.file(seasidePaper), "含まれていないもの（4件）", "・未記入：1-2　創業件数（商工課）、1-3　空き店舗率（商工課）",
		"今年度の調査票に記載なし：2-1　新規就農者数（農林課）、3-1　就職者数（福祉課）")
	c.silent(c.file(seasidePaper), "ありません")
	said, code := c.run("final", "2027-02-16")
	if code != exitFailed {
		t.Errorf("final: exit %d", code)
	}
	c.says(said, "■ 記入されていないもの", "■ 前の調査票か一覧にあって、この年度の調査票にないもの", "創業件数", "新規就農者数",
		"前の年度の資料にあって今回ないもの", "会議 2026-02-17 の資料と比べて")
	said = c.mustRun("brief", "2026-02-17", "--draft")
	c.says(said, "前の年度の資料がないので、比べていない資料：1")
}

// A state with its reason is an answer; one without is none, and says so. Lists name what nobody has answered.
func TestStatesAreAnswers(t *testing.T) {
	t.Parallel()
	c := seaside(t)
	c.write("inputs/海辺市/判断.csv", []byte("path,cell,decision,reason,date,post\n"+
		blankOf12+",L5,集計中,決算後に確定,令和9年1月20日,商工課長\n"+
		blankOf12+",L6,該当なし,,令和9年1月20日,商工課長\n"+
		"inputs/海辺市/令和7年度/経済部/農林課/a.csv,D4,終了,計画の改定,令和9年1月20日,企画課長\n"))
	c.write("inputs/海辺市/指標.csv", []byte("番号,指標名,種別,課,開始年度,終了年度\n"+
		"3-1,就職者数,成果,福祉課,,令和7年度\n4-1,新しい指標,成果,福祉課,令和8年度,\n4-2,先の指標,成果,福祉課,令和9年度,\n"))
	c.mustRun("load")
	said := c.mustRun("check")
	c.says(said, "空き店舗率", "理由（reason）がないので、「該当なし」としていません", "「4-1　新しい指標」の令和8年度実績値が記入されていません（指標.csvにあって")
	c.silent(said, "創業件数」の", "新規就農者数」が", "就職者数」が", "先の指標")
	c.mustRun("brief", "2027-02-16", "--format", "html")
	c.says(c.file(seasidePaper), "・未記入：1-3　空き店舗率（商工課）", "記載なし：4-1　新しい指標（福祉課）", "・集計中：1-2　創業件数（商工課）")
	status, _ := c.run("status")
	c.silent(status, "漏れていても")
	c.write("inputs/海辺市/令和8年度/福祉部/福祉課/取組.csv", []byte("取組状況調査票（令和8年度）\n"+
		"改革の柱,推進項目,取組名,令和8年度進捗,令和8年度自己評価,開始年度\n1 財政,1 歳入,広告の募集,○,B,令和7年度\n"))
	c.mustRun("load")
	status, _ = c.run("status")
	c.says(status, "海辺市の様式 B は、") // a list of one kind of records says nothing of another
	states := c.mustRun("sql", "--format", "csv", "--encoding", "utf-8",
		`SELECT record, state, "by", said_on FROM marts.expected
			WHERE fiscal_year = 2026 AND state NOT IN ('記入済', '未記入', '未提出') ORDER BY ALL`)
	c.says(states, "創業件数,集計中,商工課長,令和9年1月20日", "新規就農者数,終了,企画課長", "就職者数,終了,指標.csv")
}

// A list that says what cannot be is refused with its line.
func TestListsAreRefusedWithTheirLine(t *testing.T) {
	t.Parallel()
	c := seaside(t)
	for list, want := range map[string]string{
		"指標名,課\n,福祉課\n":                  "指標.csv:2: 「指標名」が空です",
		"指標名,課\n甲,\n":                    "指標.csv:2: 「課」が空か",
		"指標名,課,開始年度\n甲,福祉課,いつか\n":        "開始年度「いつか」を年度として読めません",
		"指標名,課,開始年度,終了年度\n甲,福祉課,R8,R7\n": "終了年度「R7」が開始年度「R8」より前です",
		"指標名,指標名,課\n甲,乙,福祉課\n":           "見出し「指標名」が二つあります",
		"名称,課\n甲,福祉課\n":                  "どの様式の指標か分かりません",
		"様式,指標名,課\n成果表,甲,福祉課\n":          "様式「成果表」はありません",
		"指標名,種別,課\n甲,見込,福祉課\n":           "種別「見込」は使えない語です",
	} {
		c.write("inputs/海辺市/指標.csv", []byte(list))
		if said, code := c.run("load"); code != exitFailed || !strings.Contains(said, want) {
			t.Errorf("%q: exit %d, does not say %s: %s", list, code, want, said)
		}
	}
	c.write("inputs/海辺市/指標.csv", []byte("指標名,課\n甲,ない課\n"))
	c.mustRun("load")
	c.says(c.mustRun("check"), "「ない課」は組織.csvにありません")
}
