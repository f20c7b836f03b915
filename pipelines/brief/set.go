package brief

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/typeset"
)

// PaperSet says how a meeting's papers are put together. A meeting without one has papers without numbers and 取扱区分.
type PaperSet struct {
	Numbering bool   `yaml:"numbering"` // 資料番号 by the order of the agenda
	Handling  string `yaml:"handling"`  // 取扱区分 of items that name none; 会議後公表 where it is empty
	Copies    []Copy `yaml:"copies"`    // who gets how many
}

// Copy is who gets how many copies of the papers.
type Copy struct {
	To    string `yaml:"to"`
	Count int    `yaml:"count"`
}

// 取扱区分 of a paper. Neither what is to be handled with care nor what is hidden is in the public's version.
const (
	AfterMeeting = "会議後公表"
	WithCare     = "取扱注意"
	Open         = "公表可"
)

// Series of papers, each with numbers of its own.
var series = []string{"資料", "別紙", "参考"}

// arrange gives the items their numbers by their order, without those that are withdrawn, and says what is wrong with
// them.
func (m *Meeting) arrange() string {
	m.withdrawn = map[string]bool{}
	if m.Set != nil && m.Set.Handling == "" {
		m.Set.Handling = AfterMeeting
	}
	var kept []Item
	for _, it := range m.Items {
		if it.ID == "" && m.numbered() && it.Brief+it.PDF != "" {
			it.ID = strings.TrimSuffix(path.Base(it.Brief+it.PDF), path.Ext(it.Brief+it.PDF))
		}
		if it.Withdrawn {
			m.withdrawn[it.ID] = true
			continue
		}
		if it.Handling == "" && m.Set != nil {
			it.Handling = m.Set.Handling
		}
		kept = append(kept, it)
	}
	m.Items = kept
	if len(kept) == 0 {
		return "案件がすべて取り下げられています"
	}
	ids := map[string]bool{}
	for _, it := range kept {
		switch {
		case it.ID != "" && ids[it.ID]:
			return "id「" + it.ID + "」の案件が二つあります。別の id を書いてください（書かなければ、ひな形の名前が id になります）"
		case it.Handling != "" && !slices.Contains([]string{AfterMeeting, WithCare, Open}, it.Handling):
			return "取扱区分「" + it.Handling + "」は使えません（" + AfterMeeting + "、" + WithCare + "、" + Open + "）"
		case it.Series != "" && !slices.Contains(series, it.Series):
			return "series「" + it.Series + "」は使えません（" + strings.Join(series, "、") + "）"
		case it.Brief != "" && it.PDF != "":
			return "案件「" + it.Title + "」に brief と pdf の両方があります"
		}
		ids[it.ID] = true
	}
	if m.numbered() {
		return m.number()
	}
	return ""
}

func (m Meeting) numbered() bool { return m.Set != nil && m.Set.Numbering }

// number gives 資料1, 資料2-1, 別紙1, 参考1. A part (part: true) belongs to the item before it.
func (m *Meeting) number() string {
	count := map[string]int{}
	agenda := 0
	for i := 0; i < len(m.Items); i++ {
		it := &m.Items[i]
		kind := it.kind()
		if it.Unlisted {
			if it.Number == "" {
				it.Number = it.ID
			}
			continue
		}
		if it.Part && agenda == 0 {
			return "案件「" + it.Title + "」は part ですが、前に案件がありません"
		}
		if kind != series[0] {
			count[kind]++
			it.Paper = kind + strconv.Itoa(count[kind])
			it.Number, it.Part = it.Paper, true
			continue
		}
		if it.Part {
			continue // numbered with the item that it belongs to
		}
		agenda++
		it.Number = strconv.Itoa(agenda)
		if it.Brief+it.PDF == "" {
			continue // nothing is handed out
		}
		m.numberParts(i, agenda)
	}
	return ""
}

// numberParts numbers an item and its parts: 資料2, or 資料2-1 and 資料2-2.
func (m *Meeting) numberParts(first, agenda int) {
	members := []int{first}
	for k := first + 1; k < len(m.Items); k++ {
		if it := m.Items[k]; it.kind() != series[0] || it.Unlisted {
			continue
		} else if !it.Part {
			break
		}
		members = append(members, k)
	}
	for n, k := range members {
		it := &m.Items[k]
		it.Paper = series[0] + strconv.Itoa(agenda)
		if len(members) > 1 {
			it.Paper += "-" + strconv.Itoa(n+1)
		}
		if n > 0 {
			it.Number = strconv.Itoa(agenda) + "-" + strconv.Itoa(n+1)
		}
	}
}

func (i Item) kind() string {
	if i.Series == "" {
		return series[0]
	}
	return i.Series
}

// Name is what people call an item's paper: its 資料番号, else its number on the agenda.
func (i Item) Name() string {
	if i.Paper != "" {
		return i.Paper
	}
	return i.Number
}

// Key is what an item's figures are addressed by: it stays when the papers are numbered anew.
func (i Item) Key() string {
	if i.ID != "" {
		return i.ID
	}
	return i.Number
}

// marks are what a paper bears on every page: its 取扱区分, and behind the text what not everybody may see yet.
func (i Item) marks(d *document.Document) {
	if i.Handling == "" {
		return
	}
	if d.Handling = "取扱区分：" + i.Handling; i.Handling != Open {
		d.Watermark = i.Handling
	}
	if i.Hidden {
		d.Handling += "（非公表）"
	}
}

// Public reports whether the public gets an item's paper.
func (i Item) Public() bool { return !i.Hidden && i.Handling != WithCare }

// number is the paper of an item as another refers to it.
func (m Meeting) paper(id string) (string, error) {
	for _, it := range m.Items {
		if it.Key() == id || it.ID == id {
			if it.Paper == "" {
				return "", &valueError{"「" + id + "」には資料番号がありません", "会議の設定に set: {numbering: true} と書いてください。"}
			}
			return it.Paper, nil
		}
	}
	if m.withdrawn[id] {
		return "", &valueError{"資料「" + id + "」は取り下げられています（withdrawn）", "この文を直すか、取下げをやめてください。"}
	}
	var ids []string
	for _, it := range m.Items {
		ids = append(ids, it.Key())
	}
	return "", &valueError{"資料「" + id + "」はこの会議にありません", "次のいずれかを書いてください：" + strings.Join(ids, "、")}
}

var reference = regexp.MustCompile(`(資料|別紙|参考)\s*([0-9０-９]+(?:[-－‐−][0-9０-９]+)?)`)

// references fails where a text speaks of a paper that the set does not hold.
func (m Meeting) references(papers []ItemPaper) error {
	if !m.numbered() {
		return nil
	}
	known := map[string]bool{}
	for _, it := range m.Items {
		known[record.Normal(it.Paper)] = it.Paper != ""
	}
	for _, p := range papers {
		for _, t := range p.Document.Texts() {
			for _, found := range reference.FindAllStringSubmatch(t.Text, -1) {
				if !known[record.Normal(found[1]+strings.NewReplacer("－", "-", "‐", "-", "−", "-").Replace(found[2]))] {
					return &Error{
						Where: p.Item.Name() + "（" + p.Item.Title + "）の " + t.Place, What: "「" + found[0] + "」という資料は、この会議にありません",
						Do: "ひな形では {{paper `ID`}} と書いてください。調査票の文なら、" + p.Item.Department + "に確かめてください。",
					}
				}
			}
		}
	}
	return nil
}

const (
	mm        = 72 / 25.4
	paperSlip = 3 * mm // a page may differ from the norm by so much
)

// Format is the size of a page: A4, A3, or "" for any other.
func Format(p typeset.PageLaid) string {
	short, long := min(p.Width, p.Height), max(p.Width, p.Height)
	for name, size := range map[string][2]float64{"A4": {210 * mm, 297 * mm}, "A3": {297 * mm, 420 * mm}} {
		if short > size[0]-paperSlip && short < size[0]+paperSlip && long > size[1]-paperSlip && long < size[1]+paperSlip {
			return name
		}
	}
	return ""
}

// existing takes a department's own PDF for an item's paper. It must be A4 or A3, hold its typefaces, and have as many
// pages as was said.
func existing(fsys fs.FS, it Item) (Paper, error) {
	file := path.Join(meetingsDir, it.PDF)
	who := it.Department
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return Paper{}, &Error{
			Where: file, What: it.Name() + "「" + it.Title + "」のPDFがありません", Do: who + "から受け取って、この場所に置いてください。", Cause: err,
		}
	}
	x, err := typeset.Inspect(data)
	if err != nil {
		return Paper{}, &Error{
			Where: file, What: it.Name() + "のPDFを開けません（" + fault.Quote(err) + "）", Do: who + "に、保存し直したPDFを求めてください。", Cause: err,
		}
	}
	for n, p := range x.Pages {
		if Format(p) == "" {
			return Paper{}, &Error{
				Where: fmt.Sprintf("%s の%dページ", file, n+1),
				What:  fmt.Sprintf("大きさがA4でもA3でもありません（%.0f×%.0fmm）", p.Width/mm, p.Height/mm),
				Do:    who + "に、用紙をA4にしてPDFを作り直すよう求めてください。",
			}
		}
	}
	if len(x.Unembedded) > 0 {
		return Paper{}, &Error{
			Where: file, What: "書体が埋め込まれていません（" + strings.Join(x.Unembedded, "、") + "）。別の機械では字が変わります",
			Do: who + "に、書体を埋め込んで（ワードでは「PDF/A準拠」を選んで）PDFを作り直すよう求めてください。",
		}
	}
	if it.Pages > 0 && it.Pages != len(x.Pages) {
		return Paper{}, &Error{
			Where: file, What: fmt.Sprintf("%dページあります（会議の設定では%dページ）", len(x.Pages), it.Pages),
			Do: who + "に確かめ、正しいPDFに差し替えるか、会議の設定の pages を直してください。",
		}
	}
	attached, err := attachments(fsys, it)
	if err != nil {
		return Paper{}, err
	}
	d := document.Document{Title: it.Title, Number: it.Paper, Attached: attached, Existing: &document.Attachment{
		Name: it.Title, Data: data,
	}}
	it.marks(&d)
	return Paper{Document: d}, nil
}

// Public is what the public gets of papers: without those that are not public, without hidden parts, and without the
// marks that spoke of the time before.
func Public(papers []ItemPaper) []ItemPaper {
	var out []ItemPaper
	for _, p := range papers {
		if !p.Item.Public() {
			continue
		}
		p.Document.Handling, p.Document.Watermark = "", ""
		secret := map[string]bool{}
		p.Document.Blocks = shown(p.Document.Blocks, secret)
		p.Figures = slices.DeleteFunc(slices.Clone(p.Figures), func(f Figure) bool {
			return secret[f.Table] || f.Table == ProseTable && strings.Contains(f.Row, hiddenLabel+"-")
		})
		out = append(out, p)
	}
	return out
}

// hiddenLabel is the label of a box that the public does not get.
const hiddenLabel = "非公表"

// shown are blocks without those that are hidden, whose tables and charts it notes.
func shown(blocks []document.Block, secret map[string]bool) []document.Block {
	var out []document.Block
	for _, b := range blocks {
		if b.Hidden {
			hide(b, secret)
			continue
		}
		b.Blocks = shown(b.Blocks, secret)
		out = append(out, b)
	}
	return out
}

func hide(b document.Block, secret map[string]bool) {
	if b.Table != nil {
		secret[b.Table.ID] = true
	}
	if b.Chart != nil {
		secret[b.Chart.ID] = true
	}
	for _, child := range b.Blocks {
		hide(child, secret)
	}
}

// PublicAgenda is the first page of what the public gets: it says which papers are not in it.
func PublicAgenda(m Meeting) document.Document {
	m.public = true
	return Agenda(m)
}

// CopyTable is the list by which the papers are printed and handed out. laid is how each paper came out, in their
// order.
func CopyTable(m Meeting, papers []ItemPaper, laid []typeset.Laid) document.Document {
	t := &document.Table{ID: "配布部数", Unit: "（単位：部）", Columns: []document.Column{
		{Width: 6, Align: "left"}, {Width: 14, Align: "left"}, {Width: 4.5, Align: "right"}, {Width: 5, Align: "center"},
	}}
	head := document.Row{}
	for _, text := range []string{"資料", "資料名", "頁数", "用紙"} {
		head.Cells = append(head.Cells, document.Cell{Text: text})
	}
	copies := 0
	for _, c := range m.Set.Copies {
		head.Cells = append(head.Cells, document.Cell{Text: c.To})
		t.Columns = append(t.Columns, document.Column{Width: 4, Align: "right"})
		copies += c.Count
	}
	head.Cells = append(head.Cells, document.Cell{Text: "計"})
	t.Columns = append(t.Columns, document.Column{Width: 4, Align: "right"})
	t.Head = []document.Row{head}
	pages, folded, sheets := 1, false, make([]int, len(m.Set.Copies)+1)
	first := document.Row{Cells: []document.Cell{{Text: "議事"}, {Text: m.AgendaTitle}, {Text: "1"}, {Text: "A4"}}}
	for k, c := range m.Set.Copies {
		first.Cells = append(first.Cells, document.Cell{Text: strconv.Itoa(c.Count)})
		sheets[k] += c.Count
	}
	first.Cells = append(first.Cells, document.Cell{Text: strconv.Itoa(copies)})
	t.Rows = []document.Row{first}
	for i, p := range papers {
		count := map[string]int{}
		for _, page := range laid[i].Pages {
			count[Format(page)]++
		}
		pages += len(laid[i].Pages)
		size := "A4"
		if n := count["A3"]; n > 0 {
			size, folded = fmt.Sprintf("A3 %d枚\n（Z折り）", n), true
		}
		title := p.Item.Title
		if n := len(laid[i].Pages) - laid[i].Own(); n > 0 {
			title += fmt.Sprintf("（うち別添%d頁）", n)
		}
		row := document.Row{Cells: []document.Cell{
			{Text: p.Item.Name()}, {Text: title}, {Text: strconv.Itoa(len(laid[i].Pages))}, {Text: size},
		}}
		all := 0
		for k, c := range m.Set.Copies {
			if slices.Contains(p.Item.Without, c.To) {
				row.Cells = append(row.Cells, document.Cell{Text: "－"})
				continue
			}
			row.Cells = append(row.Cells, document.Cell{Text: strconv.Itoa(c.Count)})
			all, sheets[k] = all+c.Count, sheets[k]+c.Count*len(laid[i].Pages)
		}
		row.Cells = append(row.Cells, document.Cell{Text: strconv.Itoa(all)})
		t.Rows = append(t.Rows, row)
	}
	total := document.Row{Total: true, Cells: []document.Cell{
		{Text: "印刷する頁の数（片面）", ColSpan: 2, Align: "center"}, {Text: strconv.Itoa(pages)}, {Text: ""},
	}}
	whole := 0
	for k := range m.Set.Copies {
		total.Cells = append(total.Cells, document.Cell{Text: commas(strconv.Itoa(sheets[k]))})
		whole += sheets[k]
	}
	total.Cells = append(total.Cells, document.Cell{Text: commas(strconv.Itoa(whole))})
	t.Rows = append(t.Rows, total)
	if folded {
		t.Notes = append(t.Notes, "※A3は、Z折りにしてA4の大きさにそろえる。")
	}
	return document.Document{Title: m.Kind + "　配布部数表", Blocks: []document.Block{{Kind: document.TableOf, Table: t}}}
}

// PDFs are the files beside a meeting's own that its papers take in.
func (m Meeting) PDFs() []string {
	var out []string
	for _, it := range m.Items {
		for _, name := range append([]string{it.PDF}, it.Attached...) {
			if name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}
