package council

import (
	"fmt"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
)

// Pages are the pages that an edition replaces: of each paper, and of each PDF behind it, those that differ, and all
// from the first that differs where there are more or fewer pages than before.
type Pages struct {
	Paper   brief.ItemPaper
	Numbers []int // from 1, of the new paper
	Was     int   // pages of its own before, 0 where the paper is new
	Is      int
	named   []string // the pages as people call them: 3頁, 別添「計画書」1頁
	without []string // what is taken out: 前の版の5頁から, 別添「計画書」
}

// part is the pages of a paper that belong together: its own, or those of a PDF behind it.
type part struct {
	attached string
	before   int // pages of the paper before them
	pages    []typeset.PageLaid
}

func parts(l typeset.Laid) []part {
	var out []part
	for i, p := range l.Pages {
		if n := len(out); n == 0 || out[n-1].attached != p.Attached {
			out = append(out, part{attached: p.Attached, before: i})
		}
		last := &out[len(out)-1]
		last.pages = append(last.pages, p)
	}
	return out
}

// page is what people call a page of the paper.
func (p part) page(n int) string {
	if p.attached != "" {
		return "別添「" + p.attached + "」" + strconv.Itoa(n) + "頁"
	}
	return strconv.Itoa(n) + "頁"
}

func find(all []part, attached string) (part, bool) {
	for _, p := range all {
		if p.attached == attached {
			return p, true
		}
	}
	return part{}, false
}

// Replaced lists the pages to replace, in the order of the papers.
func Replaced(old, now Side) []Pages {
	old, now = old.handedOut(), now.handedOut()
	var out []Pages
	for i, p := range now.Papers {
		_, laid, ok := old.find(p.Item.Key())
		was, is := parts(laid), parts(now.Laid[i])
		r := Pages{Paper: p, Was: laid.Own(), Is: now.Laid[i].Own()}
		for _, one := range is {
			before, known := find(was, one.attached)
			all := !ok || !known
			for n := range one.pages {
				differs := n >= len(before.pages) || !brief.SamePrint(before.pages[n].Text, one.pages[n].Text)
				if all = all || differs && len(before.pages) != len(one.pages); all || differs {
					r.Numbers, r.named = append(r.Numbers, one.before+n+1), append(r.named, one.page(n+1))
				}
			}
			if len(before.pages) > len(one.pages) {
				r.without = append(r.without, "前の版の"+one.page(len(one.pages)+1)+"から")
			}
		}
		for _, one := range was {
			if _, known := find(is, one.attached); !known {
				r.without = append(r.without, "前の版の"+one.page(1)+"から")
			}
		}
		if len(r.Numbers)+len(r.without) > 0 {
			out = append(out, r)
		}
	}
	return out
}

// String says which pages they are: 資料2の3頁、5頁、別添「計画書」1頁.
func (p Pages) String() string {
	text := PaperName(p.Paper.Item) + "の" + strings.Join(p.named, "、")
	switch {
	case p.Was == 0:
		text += "（加わった資料）"
	case len(p.without) > 0:
		text += fmt.Sprintf("（%sは除く）", strings.Join(p.without, "、"))
	}
	return text
}

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
