package learn

import (
	"cmp"
	"fmt"
	"strings"
)

// items are what the proposal says, each with how sure it is and where it is seen.
func (d *draft) items() []Item {
	var out []Item
	title := Item{What: "表題", Says: strings.Join(d.titles, "、"), Sure: Sure}
	if len(d.titles) == 0 {
		title.Says, title.Sure, title.Why = d.called(), Open, "見出しの上に表題が見つかりません。titles に書いてください"
	}
	out = append(out, title)
	for _, f := range d.fields {
		it := Item{
			What: "項目 " + f.name, Says: strings.Join(f.words, "、"), Sure: cmp.Or(f.sure, Sure), Why: strings.Join(f.why, "。"),
		}
		for _, h := range f.heads {
			it.At = append(it.At, h.at...)
		}
		out = append(out, it)
	}
	for _, o := range d.left {
		out = append(out, Item{What: "見出し", Says: o.head.texts[0], Sure: Open, Why: o.why, At: o.head.at})
	}
	const most = 10
	for n, f := range d.trouble {
		if n == most {
			out = append(out, Item{What: "合わないところ", Says: fmt.Sprintf("ほか %d か所", len(d.trouble)-most), Sure: Open})
			break
		}
		out = append(out, Item{What: "合わないところ", Says: f.Message, Sure: Open, At: []string{f.Sheet + "!" + f.Cell}})
	}
	return append(out, Item{
		What: "同じもの", Says: strings.Join(d.key, "、"), Sure: Probable,
		Why: fmt.Sprintf("例 %d 件に同じものが二度ないことだけを確かめました", len(d.of)),
	})
}
