package picture

import (
	"fmt"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// statuses are what a file's status means to a clerk.
var statuses = map[string]string{
	record.StatusRead:         "読んだ",
	record.StatusNotReadYet:   "様式は分かったが、読み方が定められていない",
	record.StatusUnrecognized: "どの様式にも当てはまらない（読み込んでも何も残らない。下の図だけに示す）",
	record.StatusUnreadable:   "開けない",
	record.StatusLeftOut:      "誤りがあるので、全体を集計から除く",
	record.StatusWithdrawn:    "取り下げられている（判断.csv か、収集元から消えて新しい版があるため。読んだとすればこうなる）",
}

// head says which file it is, whose, and how it was read.
func (p *painter) head() {
	p.printf("<header>\n<h1>%s</h1>\n<dl>\n", esc(heading(p.Reading)))
	fact := func(name, text string) { p.printf("<div><dt>%s</dt><dd>%s</dd></div>\n", name, esc(text)) }
	whole := func(name, text string) {
		p.printf("<div class=\"whole\"><dt>%s</dt><dd>%s</dd></div>\n", name, esc(text))
	}
	whole("ファイル", p.Read.Path)
	fact("自治体", known(p.Read.Municipality, p.MunicipalityFrom))
	year := ""
	if p.Read.FiscalYear != 0 {
		year = fiscal.Wareki(p.Read.FiscalYear)
	}
	fact("年度", known(year, p.YearFrom))
	if who := strings.TrimSpace(p.Read.Bureau + "　" + p.Read.Department); who != "" {
		fact("部・課", who)
	}
	for _, f := range p.Read.Stated {
		fact("シートに書かれた所属", f.Text)
	}
	fact("様式", or(p.formNames(), "なし"))
	fact("状態", statuses[p.Read.Status])
	values := 0
	for i := range p.Read.Records {
		values += len(p.Read.Records[i].Fields)
	}
	fact("読んだもの", fmt.Sprintf("記録%s件、値%s件", thousands(len(p.Read.Records)), thousands(values)))
	if p.Read.SHA256 != "" {
		whole("内容（SHA-256）", p.Read.SHA256)
	}
	p.printf("</dl>\n")
	if p.Read.FiscalYear == 0 && len(p.Read.Records) > 0 {
		p.printf("<p>年度が分からないので、フォルダの年度で決まる値の年度は「%s」と示しています。</p>\n", ofFolder)
	}
	p.printf("</header>\n")
}

// known is what is known of a file, and from where.
func known(what, from string) string {
	switch {
	case what == "":
		return "なし（置き場所からも指定からも分からない）"
	case from == "":
		return what
	}
	return what + "（" + from + "）"
}

// formNames names the forms that were found: A 成果指標調査票.
func (p *painter) formNames() string {
	var out []string
	for _, id := range p.Read.Forms {
		name := id
		for i := range p.Forms {
			if p.Forms[i].ID == id {
				name = id + " " + p.Forms[i].Name
				break
			}
		}
		out = append(out, name)
	}
	return strings.Join(out, "、")
}

// legend says what each mark and colour means, and how many cells have it.
func (p *painter) legend() {
	if p.Grid == nil {
		return
	}
	counts := map[string]int{}
	for _, sheet := range p.claimed {
		for _, c := range sheet {
			counts[c.Claim]++
		}
	}
	p.printf("<section aria-labelledby=\"picture-legend\">\n<h2 id=\"picture-legend\">凡例</h2>\n" +
		"<p>何として読んだかを、セルの左の字と地の色で示す。数はセルの数。</p>\n<ul class=\"claims\">\n")
	for _, c := range claims {
		p.entry(c, counts[c.claim])
	}
	if n := counts[""]; n > 0 {
		p.entry(unclaimed, n)
	}
	p.printf("</ul>\n<p>指摘のあるセルは枠で囲む：")
	for i, g := range gravities {
		if i > 0 {
			p.printf("　")
		}
		p.printf("<span class=\"key f-%s\">%s</span> %s", g.severity, g.mark, g.word)
	}
	p.printf("。灰色の行と列は、シートで非表示になっている。値のセルに触れると、記録、項目、年度、単位が出る（同じものが各シートの下の一覧にある）。</p>\n</section>\n")
}

// entry is a line of the legend.
func (p *painter) entry(c claim, n int) {
	p.printf("<li><span class=\"%s\">%s</span><b>%s</b><span class=\"count\">%s</span>"+
		"<span class=\"means\">%s</span></li>\n",
		strings.TrimSpace("key "+c.class()), c.mark, c.word, thousands(n), c.means)
}

// findings lists what a person has to look at.
func (p *painter) findings() {
	p.printf("<section aria-labelledby=\"picture-findings\">\n<h2 id=\"picture-findings\">指摘</h2>\n")
	if len(p.found) == 0 {
		p.printf("<p>読み取りの指摘はありません。</p>\n</section>\n")
		return
	}
	p.printf("<div class=\"wide\">\n<table class=\"list\">\n<caption>読み取りの指摘（%d件）</caption>\n<thead>\n<tr>"+
		"<th scope=\"col\">番号</th><th scope=\"col\">重さ</th><th scope=\"col\">シート</th><th scope=\"col\">セル</th>"+
		"<th scope=\"col\">指摘</th></tr>\n</thead>\n<tbody>\n", len(p.found))
	for _, f := range p.found {
		g := gravityOf(f.Severity)
		sheet := p.sheetNumber(f.Sheet)
		name := esc(or(f.Sheet, "（ファイル全体）"))
		if sheet > 0 {
			name = fmt.Sprintf("<a href=\"#s%d\">%s</a>", sheet, name)
		}
		p.printf("<tr id=\"f%d\"><th scope=\"row\"><span class=\"key f-%s\">%s%d</span></th><td>%s</td><td>%s</td>"+
			"<td>%s</td><td>%s</td></tr>\n",
			f.n, esc(f.Severity), esc(g.mark), f.n, esc(g.word), name, p.link(sheet, f.Cell), esc(f.Message))
	}
	p.printf("</tbody>\n</table>\n</div>\n</section>\n")
}

// contents leads to the sheets.
func (p *painter) contents() {
	if p.Grid == nil || len(p.Grid.Sheets) < 2 {
		return
	}
	p.printf("<nav aria-labelledby=\"picture-sheets\">\n<h2 id=\"picture-sheets\">シートの一覧</h2>\n<ul>\n")
	for i, s := range p.Grid.Sheets {
		counts := map[string]int{}
		for _, c := range p.claimed[s.Name] {
			counts[c.Claim]++
		}
		hidden := ""
		if s.Hidden {
			hidden = "（非表示）"
		}
		p.printf("<li><a href=\"#s%d\">%s</a>%s　%s</li>\n", i+1, esc(s.Name), hidden, or(Tally(counts), "記載なし"))
	}
	p.printf("</ul>\n</nav>\n")
}

// sheet draws a sheet with what came of it.
func (p *painter) sheet(i int) string {
	g := p.newGrid(i)
	drawn := p.table(g)
	var b strings.Builder
	hidden := ""
	if g.Hidden {
		hidden = " <span class=\"tag\">非表示のシート</span>"
	}
	fmt.Fprintf(
		&b, "<section class=\"of-sheet\" id=\"s%[1]d\" aria-labelledby=\"s%[1]d-name\">\n"+
			"<h2 id=\"s%[1]d-name\">シート「%[2]s」%[3]s</h2>\n", g.number, esc(g.Name), hidden,
	)
	if g.Rows == 0 {
		b.WriteString("<p>何も書かれていません。</p>\n")
	}
	if text := p.leftOut(g); text != "" {
		b.WriteString("<p class=\"left-out\">" + esc(text) + "</p>\n")
	}
	b.WriteString(drawn)
	p.values(&b, g)
	b.WriteString("</section>\n")
	return b.String()
}
