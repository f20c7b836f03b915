package council

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/typeset"
)

// Erratum is one place of a paper that was handed out and says something else now. Wrong or Right is "" where the place
// is only in one of the two.
type Erratum struct {
	Paper string `json:"paper"` // 資料番号
	Title string `json:"title"`
	// of the paper that was handed out; of the new one where the place is only there; 0 unknown
	Page   int      `json:"page"`
	Place  string   `json:"place"`
	Wrong  string   `json:"wrong"`
	Right  string   `json:"right"`
	Causes []string `json:"causes"`
	Word   bool     `json:"word"` // a conclusion in words: 改善 → 低下
}

// Side is a meeting's papers with where their parts stand.
type Side struct {
	Papers []brief.ItemPaper
	Laid   []typeset.Laid
}

// handedOut is a side without the papers that only the chair gets.
func (s Side) handedOut() Side {
	var out Side
	for i, p := range s.Papers {
		if !p.Item.Unlisted {
			out.Papers, out.Laid = append(out.Papers, p), append(out.Laid, s.Laid[i])
		}
	}
	return out
}

// PaperName is what a paper is called: 資料2, or 案件2 where the papers have no numbers.
func PaperName(it brief.Item) string {
	if it.Paper != "" {
		return it.Paper
	}
	return "案件" + it.Number
}

func (s Side) find(key string) (brief.ItemPaper, typeset.Laid, bool) {
	i := slices.IndexFunc(s.Papers, func(p brief.ItemPaper) bool { return p.Item.Key() == key })
	if i < 0 {
		return brief.ItemPaper{}, typeset.Laid{}, false
	}
	return s.Papers[i], s.Laid[i], true
}

// Errata lists what a paper that was handed out says otherwise now: conclusions in words first, then figures, then
// other words, each in the order of the papers. changes are those of the printed figures, with the cells that made
// them.
func Errata(old, now Side, changes []lineage.Change) []Erratum {
	old, now = old.handedOut(), now.handedOut()
	was, is := places(old), places(now)
	var out []Erratum
	explained := map[string][]pair{} // what changed in a paper, by its key
	for _, c := range changes {
		if c.Table != lineage.Papers {
			continue
		}
		at, ok := was[c.Figure]
		if !ok {
			if at, ok = is[c.Figure]; !ok {
				continue // of a paper that is not handed out
			}
		}
		e := at.Erratum
		e.Wrong, e.Right = flat(c.Old), flat(c.New)
		e.Causes = causeTexts(c.Causes)
		explained[at.key] = append(explained[at.key], pair{c.Old, c.New})
		out = append(out, e)
	}
	for _, p := range now.Papers {
		before, laid, ok := old.find(p.Item.Key())
		if !ok {
			out = append(out, Erratum{Paper: PaperName(p.Item), Title: p.Item.Title, Place: "資料の全体", Right: "加わった資料です"})
			continue
		}
		out = append(out, otherWords(before, p, laid, explained[p.Item.Key()])...)
	}
	for _, p := range old.Papers {
		if _, _, ok := now.find(p.Item.Key()); !ok {
			out = append(out, Erratum{Paper: PaperName(p.Item), Title: p.Item.Title, Place: "資料の全体", Wrong: "無くなった資料です"})
		}
	}
	slices.SortStableFunc(out, func(a, b Erratum) int { return rank(a) - rank(b) })
	return out
}

func rank(e Erratum) int {
	if e.Word {
		return 0
	}
	return 1
}

type placed struct {
	Erratum
	key string
}

// places says where every figure of papers stands, by its address.
func places(s Side) map[string]placed {
	out := map[string]placed{}
	for i, p := range s.Papers {
		for _, f := range p.Figures {
			e := Erratum{Paper: PaperName(p.Item), Title: p.Item.Title, Word: f.Word}
			if f.Table == brief.ProseTable {
				e.Place = strings.TrimSpace("本文 "+headingOf(f.Row)) + "「" + around(f) + "」"
				if e.Page = s.Laid[i].PageOf(f.Before + f.Text + f.After); e.Page == 0 { // a sentence over the end of a page
					e.Page = s.Laid[i].PageOf(around(f))
				}
			} else {
				e.Place = "表「" + f.Table + "」　" + strings.Trim(flat(f.Row)+"・"+flat(f.Column), "・")
				rows := s.Laid[i].Rows[f.Table]
				if n := len(rows); n > 0 {
					e.Page = rows[min(f.Line, n-1)]
				}
			}
			out[f.Address] = placed{e, p.Item.Key()}
		}
	}
	return out
}

// around is a figure in its sentence, with a few characters on each side.
func around(f brief.Figure) string {
	const near = 12
	before, after := []rune(flat(f.Before)), []rune(flat(f.After))
	out := flat(f.Text)
	if n := len(before); n > near {
		out = "…" + string(before[n-near:]) + out
	} else {
		out = string(before) + out
	}
	if len(after) > near {
		return out + string(after[:near]) + "…"
	}
	return out + string(after)
}

// headingOf is the number of the heading that a text stands under: 3(2)-4 stands under the last of 3(2).
func headingOf(row string) string {
	numbers, _, _ := strings.Cut(row, "-")
	if i := strings.LastIndexAny(numbers, "(①②③④⑤⑥⑦⑧⑨⑩"); i >= 0 {
		return numbers[i:]
	}
	return numbers
}

// causeTexts says what changed, the cells of one sheet in one line: 福祉課/調査票.xlsx 取組状況：E5 「○」→「▲」、E6 「○」→「▲」.
func causeTexts(list []lineage.Cause) []string {
	var order []Place
	cells := map[Place][]string{}
	for _, c := range list {
		sheet := Place{Path: c.Path, Sheet: c.Sheet}
		if cells[sheet] == nil {
			order = append(order, sheet)
		}
		text := strings.TrimSpace(c.Cell + " " + c.What)
		if c.What == "" {
			text = fmt.Sprintf("%s %s→%s", c.Cell, orEmpty(c.Old), orEmpty(c.New))
		}
		cells[sheet] = append(cells[sheet], text)
	}
	var out []string
	for _, sheet := range order {
		parts := strings.Split(sheet.Path, "/")
		where := strings.TrimSpace(strings.Join(parts[max(0, len(parts)-2):], "/") + " " + sheet.Sheet)
		some := cells[sheet]
		if n := len(some) - causesShown; n > 0 {
			some = append(some[:causesShown], fmt.Sprintf("ほか%d件", n))
		}
		out = append(out, strings.Trim(where+"："+strings.Join(some, "、"), "："))
	}
	return out
}

func orEmpty(s string) string {
	if s == "" {
		return "空"
	}
	return "「" + short(flat(s), 30) + "」"
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

var digitsIn = regexp.MustCompile(`[r−-]?[\d０-９][\d０-９,，.．]*`)

// pair is a figure or word before and after.
type pair struct{ old, now string }

// otherWords lists the texts of a paper that differ, and not only by figures or words that are listed already: a name,
// a row, a sentence, what a total leaves out.
func otherWords(before, now brief.ItemPaper, laid typeset.Laid, explained []pair) []Erratum {
	gone, added := unlike(before.Document.Texts(), now.Document.Texts(), explained)
	var out []Erratum
	for _, t := range gone {
		e := Erratum{
			Paper: PaperName(now.Item), Title: now.Item.Title, Page: laid.PageOf(t.Text), Place: strings.TrimSpace(t.Place),
			Wrong: short(flat(t.Text), 80),
		}
		if i := slices.IndexFunc(added, func(a document.Text) bool { return a.Place == t.Place }); i >= 0 {
			e.Right = short(flat(added[i].Text), 80)
			added = slices.Delete(added, i, i+1)
		}
		out = append(out, e)
	}
	for _, t := range added {
		out = append(out, Erratum{
			Paper: PaperName(now.Item), Title: now.Item.Title, Place: strings.TrimSpace(t.Place), Right: short(flat(t.Text), 80),
		})
	}
	return out
}

// unlike are the texts of which one side has none: neither in the same place, alike or changed as is listed, nor
// anywhere else.
func unlike(before, now []document.Text, explained []pair) (gone, added []document.Text) {
	at := map[string]string{}
	for _, t := range now {
		at[t.Place] += "\x00" + t.Text
	}
	was := map[string]string{}
	for _, t := range before {
		was[t.Place] += "\x00" + t.Text
	}
	same := func(place string) bool {
		other, ok := at[place]
		return ok && (was[place] == other || follows(was[place], other, explained))
	}
	count := map[string]int{}
	for _, t := range now {
		if !same(t.Place) {
			count[t.Text]++
		}
	}
	for _, t := range before { // what has only moved
		switch {
		case same(t.Place):
		case count[t.Text] > 0:
			count[t.Text]--
		default:
			gone = append(gone, t)
		}
	}
	for i := len(now) - 1; i >= 0; i-- {
		if t := now[i]; !same(t.Place) && count[t.Text] > 0 {
			count[t.Text]--
			added = append(added, t)
		}
	}
	slices.Reverse(added)
	return gone, added
}

// follows reports whether a text becomes another by the changes that are listed, and nothing else: every number that
// differs, and every word.
func follows(old, now string, explained []pair) bool {
	numbers := map[pair]bool{}
	for _, p := range explained {
		if a, b := digitsIn.FindString(p.old), digitsIn.FindString(p.now); a != "" && b != "" {
			numbers[pair{a, b}] = true
		} else if p.old != "" && p.now != "" && strings.Contains(old, p.old) && strings.Contains(now, p.now) {
			old, now = strings.ReplaceAll(old, p.old, "＊"), strings.ReplaceAll(now, p.now, "＊")
		}
	}
	if digitsIn.ReplaceAllString(old, "＊") != digitsIn.ReplaceAllString(now, "＊") {
		return false
	}
	b := digitsIn.FindAllString(now, -1)
	for i, a := range digitsIn.FindAllString(old, -1) {
		if i >= len(b) || a != b[i] && !numbers[pair{a, b[i]}] {
			return false
		}
	}
	return true
}

// Pages are the pages that an edition replaces: of each paper those that differ, and all from the first that differs
// where there are more or fewer pages than before.
type Pages struct {
	Paper   brief.ItemPaper
	Numbers []int // from 1, of the new paper
	Was     int   // pages before, 0 where the paper is new
	Is      int
}

// Replaced lists the pages to replace, in the order of the papers.
func Replaced(old, now Side) []Pages {
	old, now = old.handedOut(), now.handedOut()
	var out []Pages
	for i, p := range now.Papers {
		_, before, ok := old.find(p.Item.Key())
		pages := now.Laid[i].Pages
		r := Pages{Paper: p, Is: len(pages), Was: len(before.Pages)}
		all := !ok
		for n := range pages {
			differs := n >= len(before.Pages) || !brief.SamePrint(before.Pages[n].Text, pages[n].Text)
			if all = all || differs && len(before.Pages) != len(pages); all || differs {
				r.Numbers = append(r.Numbers, n+1)
			}
		}
		if len(r.Numbers) > 0 || r.Was > r.Is {
			out = append(out, r)
		}
	}
	return out
}

// String says which pages they are: 資料2の3頁、5頁.
func (p Pages) String() string {
	var list []string
	for _, n := range p.Numbers {
		list = append(list, strconv.Itoa(n)+"頁")
	}
	text := PaperName(p.Paper.Item) + "の" + strings.Join(list, "、")
	switch {
	case p.Was == 0:
		text += "（加わった資料）"
	case p.Is < p.Was:
		text += fmt.Sprintf("（前の版の%d頁からは除く）", p.Is+1)
	}
	return text
}

// causesShown is how many cells the 正誤表 names for one place.
const causesShown = 3

// ToPrint are the documents of which pages are handed out anew, with the numbers of those pages. A paper that is only
// withdrawn has none.
func ToPrint(pages []Pages) (docs []document.Document, numbers [][]int) {
	for _, p := range pages {
		if len(p.Numbers) > 0 {
			docs, numbers = append(docs, p.Paper.Document), append(numbers, p.Numbers)
		}
	}
	return docs, numbers
}

// ErrataDocument is the 正誤表 as a paper.
func ErrataDocument(m brief.Meeting, list []Erratum, pages []Pages, day string) document.Document {
	t := &document.Table{ID: "正誤表", Size: 9, Columns: []document.Column{
		{Width: 4.5, Align: "left"}, {Width: 3, Align: "right"}, {Width: 13, Align: "left"}, {Width: 8, Align: "left"},
		{Width: 8, Align: "left"}, {Width: 14, Align: "left"},
	}}
	head := document.Row{}
	for _, text := range []string{"資料", "頁", "箇所", "誤", "正", "理由（変わったセル）"} {
		head.Cells = append(head.Cells, document.Cell{Text: text, Align: "center"})
	}
	t.Head = []document.Row{head}
	group := ""
	for _, e := range list {
		kind := "数値など"
		if e.Word {
			kind = "結論の言葉が変わるもの"
		}
		if kind != group && (e.Word || group != "") {
			t.Rows = append(t.Rows, document.Row{Group: true, Cells: []document.Cell{{Text: kind, ColSpan: 6, Align: "left"}}})
		}
		group = kind
		page := "－"
		if e.Page > 0 {
			page = strconv.Itoa(e.Page)
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			{Text: e.Paper}, {Text: page}, {Text: e.Place}, {Text: or(e.Wrong, "（なし）")},
			{Text: or(e.Right, "（削る）"), Strong: true}, {Text: causes(e.Causes)},
		}})
	}
	var parts []string
	for _, p := range pages {
		parts = append(parts, p.String())
	}
	intro := fmt.Sprintf("%sの%sについて、次のとおり訂正します。", fiscal.WarekiDate(m.Date), m.Kind)
	if len(parts) > 0 {
		intro += "差替え頁は、" + strings.Join(parts, "、") + "です。"
	}
	return document.Document{
		Title: "正誤表", Box: []string{m.Kind, fiscal.WarekiDate(m.Date), day + "　訂正"},
		Blocks: []document.Block{
			{Kind: document.Paragraph, Spans: []document.Span{{Text: intro}}},
			{Kind: document.TableOf, Table: t},
		},
	}
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func causes(list []string) string {
	if len(list) > causesShown {
		return strings.Join(list[:causesShown], "\n") + fmt.Sprintf("\nほか%d件", len(list)-causesShown)
	}
	return strings.Join(list, "\n")
}
