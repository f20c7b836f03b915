package picture

import (
	"fmt"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// mostListed is how many values are listed in a page; more are counted.
const mostListed = 20_000

// ofFolder is the year of a value that has none of its own where nothing says the folder's.
const ofFolder = "フォルダの年度"

// value is a value in words.
type value struct {
	number                                  int // of its record, 1-based
	record, field, year, unit, text, stated string
	sheetYear                               string // of its record
	excluded                                bool
}

func (p *painter) describe(u use) value {
	r := &p.Read.Records[u.record]
	f := r.Fields[u.field]
	v := value{
		number: u.record + 1, record: recordName(r), field: p.word(r, f.Name), year: p.year(r, f),
		unit: f.Unit, text: shorten(f.Value, longestQuote) + comparators[f.Comparator], excluded: r.Excluded,
		sheetYear: ofFolder,
	}
	if r.FiscalYear != 0 {
		v.sheetYear = fiscal.Wareki(r.FiscalYear)
	}
	if f.Text != f.Value {
		v.stated = shorten(f.Text, longestQuote)
	}
	return v
}

// recordName is what a record is called by.
func recordName(r *record.Record) string {
	return or(shorten(record.OneLine(r.Name()), longestQuote), "（名前なし）")
}

// word is what people call a field of a record.
func (p *painter) word(r *record.Record, field string) string {
	if form := p.form(r); form != nil {
		return form.Word(field)
	}
	return field
}

var comparators = map[string]string{"ge": "以上", "gt": "超", "le": "以下", "lt": "未満"}

// year is the year of a value, "" of one that belongs to none.
func (p *painter) year(r *record.Record, f record.Field) string {
	if f.Scope == record.WholePeriod {
		return "計画期間全体"
	}
	if y, err := strconv.Atoi(f.Scope); err == nil && y > 0 {
		return fiscal.Wareki(y)
	}
	if form := p.form(r); form == nil || !form.Yearly(f.Name) {
		return ""
	}
	if y, err := strconv.Atoi(r.Value("year")); err == nil && y > 0 {
		return fiscal.Wareki(y)
	}
	if r.FiscalYear == 0 {
		return ofFolder
	}
	return fiscal.Wareki(r.FiscalYear)
}

// lines are a value as a cell tells it.
func (v value) lines() []string {
	out := []string{fmt.Sprintf("記録%d：%s", v.number, v.record), "項目：" + v.field}
	if v.year != "" {
		out = append(out, "年度："+v.year)
	} else {
		out = append(out, "年度：なし（シートの年度は"+v.sheetYear+"）")
	}
	out = append(out, "値："+or(v.text, "（なし）"))
	if v.unit != "" {
		out = append(out, "単位："+v.unit)
	}
	if v.excluded {
		out = append(out, "※この記録は集計から除く")
	}
	return out
}

func or(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}

// values lists the values of a sheet by their records.
func (p *painter) values(b *strings.Builder, g *grid) {
	total, listed := 0, 0
	var body strings.Builder
	for i := range p.Read.Records {
		r := &p.Read.Records[i]
		var uses []use
		for k, f := range r.Fields {
			if sheetOf(r, f) == g.Name {
				uses = append(uses, use{i, k})
			}
		}
		total += len(uses)
		if len(uses) > 0 && p.listed < mostListed {
			p.listed += len(uses)
			listed += len(uses)
			p.recordRows(&body, g, r, uses)
		}
	}
	if total == 0 {
		b.WriteString("<p>このシートから読んだ値はありません。</p>\n")
		return
	}
	fmt.Fprintf(
		b, "<div class=\"wide\">\n<table class=\"list\">\n<caption>シート「%s」から読んだ値（%s件）</caption>\n<thead>\n<tr>",
		esc(g.Name), thousands(total),
	)
	for _, h := range []string{"記録", "項目", "年度", "値", "単位", "シートの記載", "セル"} {
		b.WriteString("<th scope=\"col\">" + h + "</th>")
	}
	b.WriteString("</tr>\n</thead>\n" + body.String() + "</table>\n</div>\n")
	if listed < total {
		fmt.Fprintf(b, "<p>多いので、ほかの%s件は示していません。読み込んだ後は raw.fields にすべてあります。</p>\n", thousands(total-listed))
	}
}

func (p *painter) recordRows(b *strings.Builder, g *grid, r *record.Record, uses []use) {
	b.WriteString("<tbody>\n")
	for k, u := range uses {
		v := p.describe(u)
		b.WriteString("<tr>")
		if k == 0 {
			fmt.Fprintf(
				b, "<th scope=\"rowgroup\" rowspan=\"%d\">%d　%s<small>様式%s　%s</small>", len(uses), v.number,
				esc(v.record), esc(r.Form), esc("シートの年度は"+v.sheetYear),
			)
			if v.excluded {
				b.WriteString("<small class=\"out\">集計から除く</small>")
			}
			b.WriteString("</th>")
		}
		fmt.Fprintf(
			b, "<td class=\"s\">%s</td><td class=\"s\">%s</td><td>%s</td><td class=\"s\">%s</td><td>%s</td><td>%s</td></tr>\n",
			esc(v.field), esc(or(v.year, "－")), esc(or(v.text, "－")), esc(v.unit), esc(v.stated),
			p.link(g.number, r.Fields[u.field].Cell),
		)
	}
	b.WriteString("</tbody>\n")
}
