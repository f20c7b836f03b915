package nightly

import (
	"context"
	"html"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/webpage"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

// A character that no typeface has is found in its cell; one that a further face has is not.
func TestMissingGlyphIsFound(t *testing.T) {
	t.Parallel()
	inputs := copyInputs(t)
	path := filepath.Join(inputs, "八戸市/令和6年度/市民環境部/暮らし交通安全課/【暮らし交通安全課】行財政改革取組状況.xlsx")
	workbooktest.SetCell(t, path, "取組状況", "D6", "𠮷野家の髙橋と\U0001F600")
	workbooktest.SetCell(t, path, "取組状況", "D7", "𠮷野家の髙橋と☑㏊")
	env := newEnv(t, inputs)
	mustLoad(t, env)
	got := query(t, env, "SELECT cell, severity, found FROM meta.findings WHERE code = 'glyph_missing'")
	if len(got) != 1 || got[0][0] != "D6" || got[0][1] != "warning" || !strings.Contains(got[0][2], "U+1F600") {
		t.Errorf("got %q", got)
	}
}

// The other forms of a paper say the same: every text of the tree in the HTML, every table a sheet in the workbook.
func TestOtherFormsSayTheSame(t *testing.T) {
	t.Parallel()
	for name, p := range allPapers(t) {
		html, err := webpage.Write(p.Item.Title, p.Document)
		if err != nil {
			t.Fatal(err)
		}
		page := squeeze(htmlText(string(html)))
		want, charts := wordsOf(p.Document)
		for _, w := range want {
			if !strings.HasPrefix(w, "legend:") && !strings.Contains(page, w) {
				t.Errorf("%s: the HTML does not say %s", name, w)
			}
		}
		for _, c := range charts {
			for _, s := range c.Series {
				for _, text := range s.Texts {
					if !strings.Contains(page, squeeze(text)) {
						t.Errorf("%s: the HTML of chart %s does not say %s", name, c.ID, text)
					}
				}
			}
		}
		tables, err := brief.Sheets([]brief.ItemPaper{p})
		if err != nil {
			t.Fatal(err)
		}
		if len(tables) == 0 {
			continue
		}
		data, err := workbook.WriteTables(tables)
		if err != nil {
			t.Fatal(err)
		}
		wb, err := workbook.Open("a.xlsx", data, limits.Default())
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for _, table := range tables {
			for i < len(wb.Sheets) && strings.Contains(wb.Sheets[i].Name, "の出どころ") {
				i++
			}
			s := wb.Sheets[i]
			i++
			for _, c := range table.Cells {
				if got := s.At(
					2+c.Row, c.Col,
				).Text; squeeze(got) != squeeze(strings.Replace(c.Text, "−", "-", 1)) && squeeze(got) != squeeze(c.Text) {
					t.Errorf("%s: sheet %s %s shows %q, want %q", name, s.Name, s.Ref(2+c.Row, c.Col), got, c.Text)
				}
			}
		}
	}
}

// htmlText is what a page says without its tags.
func htmlText(s string) string {
	_, s, _ = strings.Cut(s, "<body>")
	var b strings.Builder
	for s != "" {
		before, rest, _ := strings.Cut(s, "<")
		b.WriteString(before)
		_, s, _ = strings.Cut(rest, ">")
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&").Replace(b.String())
}

// A draft says so in every title and ends with the open findings, each of the city's once, and none of another's.
func TestDraftEndsWithTheOpenFindings(t *testing.T) {
	t.Parallel()
	env := sample(t)
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m := october(t, env)
	r, err := papers.Render(context.Background(), env, db, m, papers.Options{Draft: true, Format: "html"})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Items {
		if !strings.HasSuffix(p.Document.Title, "（案）") {
			t.Errorf("title %s", p.Document.Title)
		}
	}
	whole := string(r.Contents()[m.FileName()+"（案）.html"])
	_, points, found := strings.Cut(whole, "確認を要する事項")
	if !found || strings.Contains(points, "確認を要する事項") {
		t.Fatal("the list does not stand once")
	}
	open := query(t, env, "SELECT message, count(*) FROM meta.findings "+
		"WHERE municipality = '八戸市' AND severity <> 'info' GROUP BY ALL")
	for _, row := range open {
		if n := strings.Count(points, html.EscapeString(row[0])); strconv.Itoa(n) < row[1] {
			t.Errorf("%s: %d times, want %s", row[0], n, row[1])
		}
	}
	if strings.Contains(points, "秦野市") {
		t.Error("another city's finding")
	}
	own := string(r.Contents()[r.Items[0].Item.FileName()+"（案）.html"])
	if strings.Count(own, "確認を要する事項") != 1 || len(own) >= len(whole) {
		t.Error("an item's draft has no list of its own")
	}
}

// A list beside the briefs without its source is refused; its figures lead to its lines.
func TestListsNeedASource(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.Project = overlay{env.Project, "templates/briefs/無出典.csv", "番号,値\n1,2\n"}
	if _, err := Load(context.Background(), env, "test"); err == nil || !strings.Contains(
		err.Error(), "無出典.csv:1: 出典と見出しがありません",
	) {
		t.Errorf("got %v", err)
	}
	got := query(t, sample(t), `SELECT line, sources[1].path, sources[1].cell FROM lists."委員所属" WHERE "番号" = '3'`)
	data, err := os.ReadFile(filepath.Join(root, got[0][1]))
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(string(data), "\n"); got[0][2] != "A5" || !strings.HasPrefix(lines[4], "3,") {
		t.Errorf("got %q, line 5 is %s", got, lines[4])
	}
}
