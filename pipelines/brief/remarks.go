package brief

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/record"
)

// Remark is what a person should know about a paper before it is handed out: nothing keeps it from being made.
type Remark struct {
	Item       Item
	Department string `json:"department"`
	Kind       string `json:"kind"`
	Place      string `json:"place"`
	What       string `json:"what"`
}

// Kinds of remarks.
const (
	Unchecked = "未点検" // a PDF of a department: nothing in it has been looked at
	Attaching = "別添"  // what a text speaks of is not there
	Titles    = "表題"
	Numbering = "図番号"
)

// String is the remark as a line.
func (r Remark) String() string {
	return fmt.Sprintf("%s「%s」（%s）%s：%s", r.Item.Name(), r.Item.Title, r.Department, r.Place, r.What)
}

// Unchecked are the papers of a meeting, and parts of them, that are PDFs of departments: nothing in them is looked
// at.
func (m Meeting) Unchecked() []string {
	var out []string
	for _, it := range m.Items {
		if it.PDF != "" {
			out = append(out, it.Name()+"「"+it.Title+"」（"+it.Department+"のPDF）")
		}
		for _, name := range it.Attached {
			out = append(out, it.Name()+"の別添（"+name+"）")
		}
	}
	return out
}

// Remarks looks through papers as they are made, before they are marked as a draft.
func Remarks(papers []ItemPaper) []Remark {
	separate := slices.ContainsFunc(papers, func(p ItemPaper) bool { return p.Item.Series == "別紙" })
	var out []Remark
	for _, p := range papers {
		add := func(kind, place, what string) {
			out = append(out, Remark{p.Item, p.Item.Department, kind, place, what})
		}
		const nobody = "課のPDFをそのまま綴っています。中の数値、用語、出どころは確かめていません。課に確かめてください"
		if p.Document.Existing != nil {
			add(Unchecked, "資料の全体", nobody)
		}
		for _, a := range p.Document.Attached {
			add(Unchecked, "別添「"+a.Name+"」", nobody)
		}
		if p.Document.Existing != nil {
			continue
		}
		if printed, listed := p.Document.Title, p.Item.Title; !p.Item.Unlisted && record.Key(printed) != record.Key(listed) {
			add(Titles, "表題", "議事には「"+listed+"」、資料の表題には「"+printed+"」と印字します。違ってよいかを確かめ、"+
				"会議の設定の title か、ひな形の title を直してください")
		}
		if len(p.Document.Attached) == 0 {
			unattached(p, separate, func(place, what string) { add(Attaching, place, what) })
		}
		behind := len(p.Document.Attached) > 0
		figureNumbers(p.Document, behind, func(place, what string) { add(Numbering, place, what) })
		public, secret := p.Document, map[string]bool{}
		if public.Blocks = shown(p.Document.Blocks, secret); len(secret) > 0 && p.Item.Public() {
			figureNumbers(public, behind, func(place, what string) { add(Numbering, "公開用の"+place, what) })
		}
	}
	return out
}

var attached = regexp.MustCompile(`(別添|別紙)[0-9０-９－-]*(?:「[^」]*」)?(?:の(?:とおり|通り)|を?参照|に(?:示|掲げ|記載))`)

// unattached finds the texts that send their reader to what is not behind the paper. separate says that the meeting
// has papers that are called 別紙.
func unattached(p ItemPaper, separate bool, add func(place, what string)) {
	appendix := map[string]bool{"別紙": separate}
	for _, b := range p.Document.Blocks {
		for _, name := range []string{"別紙", "別添"} {
			if b.Kind == document.Title && strings.Contains(b.Number+document.Plain(b.Spans), name) {
				appendix[name] = true
			}
		}
	}
	for _, t := range p.Document.Texts() {
		for _, m := range attached.FindAllStringSubmatch(t.Text, -1) {
			if !appendix[m[1]] {
				add(strings.TrimSpace(t.Place), "「"+m[0]+"」とありますが、"+m[1]+"がありません。"+
					"会議の設定に attached: [ファイル名.pdf] と書いて綴るか、文を直してください")
			}
		}
	}
}

var captioned = regexp.MustCompile(`^図\s*([0-9０-９]+)`)

// figureNumbers finds numbers of figures that are left out or given twice, and figures that a text names and that are
// not there: not where there are PDFs behind it, which may hold them.
func figureNumbers(d document.Document, behind bool, add func(place, what string)) {
	count, last := map[int]int{}, 0
	var captions []string
	var walk func(blocks []document.Block)
	walk = func(blocks []document.Block) {
		for _, b := range blocks {
			if b.Chart != nil {
				captions = append(captions, b.Chart.Caption)
			}
			if b.Table != nil {
				captions = append(captions, b.Table.Caption)
			}
			walk(b.Blocks)
		}
	}
	walk(d.Blocks)
	for _, c := range captions {
		if m := captioned.FindStringSubmatch(c); m != nil {
			n := number(m[1])
			count[n]++
			last = max(last, n)
			if count[n] == 2 {
				add("図"+strconv.Itoa(n), "同じ番号の図が二つあります。図の番号を直してください")
			}
		}
	}
	for n := 1; n < last; n++ {
		if count[n] == 0 {
			add("図"+strconv.Itoa(last), fmt.Sprintf("図%dがありますが、図%dがありません。図の番号を直すか、図%[2]dを入れてください", last, n))
		}
	}
	if behind {
		return
	}
	for _, t := range d.Texts() {
		for _, m := range figureNumber.FindAllStringSubmatch(t.Text, -1) {
			if n := number(m[3]); count[n] == 0 {
				add(strings.TrimSpace(t.Place), fmt.Sprintf("「図%d」とありますが、図%[1]dがありません。図を入れるか、文を直してください", n))
			}
		}
	}
}

// number reads the digits of a caption, in either width.
func number(digits string) int {
	n, err := strconv.Atoi(norm.NFKC.String(digits))
	if err != nil {
		return 0 // more digits than any number of figures
	}
	return n
}
