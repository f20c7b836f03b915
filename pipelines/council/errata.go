package council

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/typeset"
)

// Erratum is one place of a paper that was handed out and says something else now. Wrong or Right is "" where the
// place is only in one of the two.
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
		e.Wrong, e.Right = asFound(c.Old, was[c.Figure]), asFound(c.New, is[c.Figure])
		e.Causes = causeTexts(c.Causes)
		explained[at.key] = append(explained[at.key], pair{c.Old, c.New})
		out = append(out, e)
	}
	for i, p := range now.Papers {
		before, laid, ok := old.find(p.Item.Key())
		if !ok {
			out = append(out, Erratum{Paper: PaperName(p.Item), Title: p.Item.Title, Place: "資料の全体", Right: "加わった資料です"})
			continue
		}
		out = append(out, otherFiles(before, p)...)
		out = append(out, otherWords(before, p, laid, now.Laid[i], explained[p.Item.Key()])...)
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
	key   string
	whole string // the figure with the unit that stands behind it
}

// asFound is a figure as a reader finds it, with its unit; "" where there was none.
func asFound(text string, at placed) string {
	if text = flat(text); text == "" || !strings.Contains(at.whole, text) {
		return text
	}
	return at.whole
}

// whole is a figure with the unit that stands behind it in its text.
func whole(f brief.Figure) string {
	before, text, after := flat(f.Before), flat(f.Text), flat(f.After)
	switch {
	case f.Word:
		return text
	case f.Unit != "" && strings.HasPrefix(after, f.Unit):
		return text + f.Unit
	}
	return printable.Figure(before+text+after, len(before), len(before)+len(text))
}

// titled are what a reader knows the tables and charts of a paper by: their captions, else their ids.
func titled(blocks []document.Block) map[string]string {
	out := map[string]string{}
	for _, b := range blocks {
		switch {
		case b.Table != nil:
			out[b.Table.ID] = or(b.Table.Caption, "表「"+b.Table.ID+"」")
		case b.Chart != nil:
			out[b.Chart.ID] = or(b.Chart.Caption, "図「"+b.Chart.ID+"」")
		}
		maps.Copy(out, titled(b.Blocks))
	}
	return out
}

// places says where every figure of papers stands, by its address.
func places(s Side) map[string]placed {
	out := map[string]placed{}
	for i, p := range s.Papers {
		names := titled(p.Document.Blocks)
		for _, f := range p.Figures {
			e := Erratum{
				Paper: PaperName(p.Item), Title: p.Item.Title, Word: f.Word, Page: s.Laid[i].Page(f.At, f.Text+f.After),
			}
			if f.Table == brief.ProseTable {
				e.Place = strings.TrimSpace("本文 "+headingOf(f.Row)) + "「" + around(f) + "」"
			} else {
				e.Place = or(flat(names[f.Table]), "表「"+f.Table+"」") + "　" + strings.Trim(flat(f.Row)+"・"+flat(f.Column), "・")
			}
			out[f.Address] = placed{e, p.Item.Key(), whole(f)}
		}
	}
	return out
}

// around is a figure in its sentence, with a few characters on each side.
func around(f brief.Figure) string {
	const near = 12
	before, text := flat(f.Before), flat(f.Text)
	return printable.Excerpt(before+text+flat(f.After), len(before), len(before)+len(text), near)
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
	return "「" + printable.Short(flat(s), 30) + "」"
}

var digitsIn = regexp.MustCompile(`[r−-]?[\d０-９][\d０-９,，.．]*`)

// pair is a figure or word before and after.
type pair struct{ old, now string }

// otherWords lists the texts of a paper that differ, and not only by figures or words that are listed already: a name,
// a row, a sentence, what a total leaves out.
func otherWords(before, now brief.ItemPaper, was, is typeset.Laid, explained []pair) []Erratum {
	gone, added := unlike(before.Document.Texts(), now.Document.Texts(), explained)
	var out []Erratum
	for _, t := range gone {
		e := Erratum{Paper: PaperName(now.Item), Title: now.Item.Title, Place: strings.TrimSpace(t.Place)}
		tail := t.Text
		if i := slices.IndexFunc(added, func(a document.Text) bool { return a.Place == t.Place }); i >= 0 {
			tail = t.Text[same(t.Text, added[i].Text):]
			e.Wrong, e.Right = differing(flat(t.Text), flat(added[i].Text))
			added = slices.Delete(added, i, i+1)
		} else {
			e.Wrong = printable.Short(flat(t.Text), quoted)
		}
		e.Page = was.Page(t.At, tail)
		out = append(out, e)
	}
	for _, t := range added {
		out = append(out, Erratum{
			Paper: PaperName(now.Item), Title: now.Item.Title, Place: strings.TrimSpace(t.Place), Page: is.Page(t.At, ""),
			Right: printable.Short(flat(t.Text), quoted),
		})
	}
	return out
}

// otherFiles lists the PDFs of a paper that are other files now: a department's own paper, and what is behind it. What
// is otherwise in them nobody has compared.
func otherFiles(before, now brief.ItemPaper) []Erratum {
	var out []Erratum
	add := func(place, wrong, right, cause string) {
		out = append(out, Erratum{
			Paper: PaperName(now.Item), Title: now.Item.Title, Place: place, Wrong: wrong, Right: right,
			Causes: []string{cause + "（PDFの中の違いは比べていません）"},
		})
	}
	if a, b := before.Document.Existing, now.Document.Existing; a != nil && b != nil && !bytes.Equal(a.Data, b.Data) {
		add("頁の全体（課のPDF）", "配った頁", "差替え頁のとおり", "課のPDFが、別のファイルに替わっています")
	}
	was := map[string][]byte{}
	for _, a := range before.Document.Attached {
		was[a.Name] = a.Data
	}
	for _, a := range now.Document.Attached {
		data, ok := was[a.Name]
		delete(was, a.Name)
		switch {
		case !ok:
			add("別添「"+a.Name+"」", "", "加わった別添です", "別添が加わっています")
		case !bytes.Equal(data, a.Data):
			add("別添「"+a.Name+"」", "配った頁", "差替え頁のとおり", "別添のPDFが、別のファイルに替わっています")
		}
	}
	for _, a := range before.Document.Attached {
		if _, left := was[a.Name]; left {
			add("別添「"+a.Name+"」", "無くなった別添です", "", "別添が無くなっています")
		}
	}
	return out
}

// quoted is about how many characters of a text are shown, and onBothSides how many beside what differs in a longer
// one.
const quoted, onBothSides = 80, 20

// differing are two texts, or of long ones the places in which they differ.
func differing(old, now string) (was, is string) {
	if utf8.RuneCountInString(old) <= quoted && utf8.RuneCountInString(now) <= quoted {
		return old, now
	}
	from := same(old, now)
	behind := 0
	for behind < min(len(old), len(now))-from && old[len(old)-1-behind] == now[len(now)-1-behind] {
		behind++
	}
	for behind > 0 && !utf8.RuneStart(old[len(old)-behind]) {
		behind--
	}
	return printable.Excerpt(old, from, len(old)-behind, onBothSides),
		printable.Excerpt(now, from, len(now)-behind, onBothSides)
}

// same is how far two texts begin alike, to the beginning of a character.
func same(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && !utf8.RuneStart(a[n]) {
		n--
	}
	return n
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
