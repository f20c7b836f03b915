package nightly

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// allPapers are the papers of every meeting from the sample inputs, rendered once: nobody changes them.
func allPapers(t *testing.T) map[string]brief.ItemPaper {
	t.Helper()
	env := sample(t)
	shared.render.Do(func() { shared.papersOf = renderAll(t, env) })
	if len(shared.papersOf) < 8 {
		t.Fatalf("only %d papers", len(shared.papersOf))
	}
	return shared.papersOf
}

func renderAll(t *testing.T, env project.Env) map[string]brief.ItemPaper {
	t.Helper()
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]brief.ItemPaper{}
	for _, m := range meetings {
		papers, err := brief.RenderAll(context.Background(), env.Project, m, db)
		if err != nil {
			t.Fatalf("%s: %v", m.ID, err)
		}
		for _, p := range papers {
			out[m.ID+" "+p.Item.Number] = p
		}
	}
	return out
}

// wordsOf is what a document says, in reading order; charts apart.
func wordsOf(doc document.Document) (said []string, charts []document.Chart) {
	add := func(s string) {
		if s = squeeze(s); s != "" {
			said = append(said, s)
		}
	}
	add(doc.Number)
	for _, s := range doc.Box {
		add(s)
	}
	add(doc.Title)
	var items func(list []document.Item, inBox bool)
	items = func(list []document.Item, inBox bool) {
		for _, it := range list {
			add(it.Marker + document.Plain(it.Spans))
			items(it.Items, inBox)
		}
	}
	var walk func(blocks []document.Block)
	walk = func(blocks []document.Block) {
		for _, b := range blocks {
			switch b.Kind {
			case document.TableOf:
				add(b.Table.Caption)
				add(b.Table.Unit)
				for _, row := range append(append([]document.Row(nil), b.Table.Head...), b.Table.Rows...) {
					for _, c := range row.Cells {
						add(c.Text)
					}
				}
				if len(b.Table.Legend) > 0 {
					said = append(said, "legend:"+squeeze(strings.Join(b.Table.Legend, "")))
				}
				for _, n := range b.Table.Notes {
					add(n)
				}
			case document.ChartOf:
				add(b.Chart.Caption)
				charts = append(charts, *b.Chart)
				for _, n := range b.Chart.Notes {
					add(n)
				}
			case document.Box:
				add(b.Label)
				walk(b.Blocks)
			case document.List, document.Terms:
				items(b.Items, false)
			case document.Title:
				add(b.Number)
				add(document.Plain(b.Spans))
			default:
				add(b.Number + document.Plain(b.Spans))
			}
		}
	}
	walk(doc.Blocks)
	return said, charts
}

// spoken is what the PDF's structure tree says, an entry an element, and the text of its figures.
func spoken(t *testing.T, file string) (said []string, figures string) {
	t.Helper()
	out, err := trial.Command(t, "pdfinfo", "-struct-text", file).Output()
	if err != nil {
		t.Fatalf("pdfinfo: %v", err)
	}
	inFigure, fresh := false, true
	for _, line := range strings.Split(string(out), "\n") {
		text := strings.TrimSpace(line)
		if !strings.HasPrefix(text, `"`) {
			if !strings.HasPrefix(text, "/") && text != "" {
				inFigure, fresh = strings.HasPrefix(text, "Figure"), true
			}
			continue
		}
		text = squeeze(strings.TrimSuffix(strings.TrimPrefix(text, `"`), `"`))
		switch {
		case text == "": // an empty cell says nothing
		case inFigure:
			figures += text
		case fresh:
			said, fresh = append(said, text), false
		default:
			said[len(said)-1] += text
		}
	}
	return said, figures
}

// Every paragraph and cell of every brief stands in its PDF, whole and in reading order, and no character is missing.
func TestEveryTextIsInThePDF(t *testing.T) {
	t.Parallel()
	env := sample(t)
	fonts, err := typeset.LoadFonts(env.Project, "templates/fonts")
	if err != nil {
		t.Fatal(err)
	}
	day := october(t, env).Date
	for name, p := range allPapers(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // one set of fonts serves many documents
			pdf, missing, err := typeset.Render(fonts, p.Item.Title, day, p.Document)
			if err != nil || len(missing) > 0 {
				t.Fatalf("%v, missing %q", err, string(missing))
			}
			file := filepath.Join(t.TempDir(), "a.pdf")
			if err := os.WriteFile(file, pdf, 0o644); err != nil {
				t.Fatal(err)
			}
			want, charts := wordsOf(p.Document)
			got, figures := spoken(t, file)
			i := 0
			for _, w := range want {
				if legend, ok := strings.CutPrefix(w, "legend:"); ok { // set on as many lines as it needs
					said := ""
					for i < len(got) && len(said) < len(legend) {
						said += got[i]
						i++
					}
					if said != legend {
						t.Fatalf("legend\n got  %s\n want %s", said, legend)
					}
					continue
				}
				if i >= len(got) || got[i] != w {
					t.Fatalf("text %d\n got  %s\n want %s", i, fmt.Sprint(got[min(i, len(got)-1)]), w)
				}
				i++
			}
			if i != len(got) {
				t.Errorf("the PDF says more: %q", got[i:])
			}
			for _, c := range charts {
				for _, cat := range c.Categories {
					for _, part := range strings.Split(cat, "\n") {
						if !strings.Contains(figures, squeeze(part)) {
							t.Errorf("chart %s does not show %s", c.ID, part)
						}
					}
				}
			}
			if strings.Contains(strings.Join(got, ""), "〓") {
				t.Error("a geta is printed")
			}
			if out, err := trial.Command(t, "qpdf", "--check", file).CombinedOutput(); err != nil {
				t.Errorf("qpdf: %v\n%s", err, out)
			}
		})
	}
}

// All text of all briefs, laid out at ten widths: no line begins or ends with what Japanese forbids, no number is
// parted.
func TestAllTextKeepsTheRulesAtTenWidths(t *testing.T) {
	t.Parallel()
	fonts, err := typeset.LoadFonts(sample(t).Project, "templates/fonts")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range allPapers(t) {
		said, _ := wordsOf(p.Document)
		for _, s := range said {
			seen[s] = true
		}
	}
	for text := range seen {
		for _, width := range []float64{14, 16, 18, 20, 23, 26, 30, 34, 41, 63} {
			lines := typeset.Break(fonts, text, width)
			for i, l := range lines {
				r := []rune(l)
				if i == 0 || len(r) == 0 || len([]rune(lines[i-1])) == 0 {
					continue
				}
				before := []rune(lines[i-1])
				last := before[len(before)-1]
				switch {
				case strings.ContainsRune("、。，．）」』】〕％ー々ぁぃぅぇぉっゃゅょ～㎡・", r[0]):
					t.Errorf("width %v: a line begins with %c: %s", width, r[0], l)
				case strings.ContainsRune("（「『【〔", last):
					t.Errorf("width %v: a line ends with %c: %s", width, last, lines[i-1])
				case isDigit(last) && (isDigit(r[0]) || strings.ContainsRune("億万円人件年月日%％", r[0])):
					t.Errorf("width %v: a number is parted: %s / %s", width, lines[i-1], l)
				}
			}
			if strings.Join(lines, "") != strings.ReplaceAll(text, "\n", "") {
				t.Errorf("width %v: text is lost: %s", width, text)
			}
		}
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
