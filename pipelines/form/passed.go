package form

import (
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// isTotal reports the label of a printed total by any usual name: 総数, 小 計, 合計（再掲を除く）, 計①, 総務部計.
func (f *Form) isTotal(text string) bool {
	n := record.Normal(text)
	if slices.Contains(f.SkipWords, n) {
		return true
	}
	if !strings.ContainsAny(n, "計総") {
		return false
	}
	m := totalWord.FindString(n)
	return m != ""
}

var totalWord = regexp.MustCompile(`^[【〔\[(]?(?:総合計|総計|総数|合計|小計|累計|中計|計)[】〕\])]?(?:\([^()]*\))?(?:[①-⑳]|\d{1,2})?$`)

// skip reports rows that are no records: notes, printed totals.
func (t *reader) skip(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	if len(cells) == 0 {
		return true
	}
	first := strings.TrimSpace(t.sheet.At(i, cells[0]).Text)
	if t.form.note(first) && !t.substance(b, i) && !t.valuesBehind(b, i, cells) {
		t.claimRow(cells, i, record.ClaimNote)
		return true
	}
	if columnNumbers(t.sheet, i, b.left, b.right) && (t.current == nil || geometry.Own(t.sheet, i, b.name)) {
		t.claimRow(cells, i, record.ClaimTemplate)
		return true
	}
	mark := continuedMark.MatchString(record.Normal(first)) || endMark.MatchString(record.Normal(first))
	if t.legend(i, cells) || len(cells) == 1 && mark {
		t.claimRow(cells, i, record.ClaimTemplate)
		return true
	}
	totals := 0
	for _, j := range cells {
		if text := t.sheet.At(i, j).Text; t.form.isTotal(text) || t.subtotal(b, i, text) {
			totals++
		}
	}
	if totals == 0 || t.substance(b, i) || t.totalRecord(b, i) || t.complete(b, i) && !t.form.isTotal(first) {
		return false
	}
	if t.nameless(b, i) || t.form.isTotal(first) {
		t.endGroup()
		t.claimRow(cells, i, record.ClaimTotal)
		return true
	}
	return false
}

// valuesBehind reports a line that begins like a note and has values as a record has: ※1 | 研修 | ○.
func (t *reader) valuesBehind(b *band, i int, cells []int) bool {
	n := 0
	for _, j := range cells[1:] {
		c, ok := b.at(j)
		if !ok || c.rule != nil && c.rule.Type == "skip" {
			continue
		}
		text := t.sheet.At(i, j).Text
		if c.rule == nil || c.rule.Type == "number" || c.rule.Type == "symbol" {
			if isNumber(text) || t.form.isSymbol(text) {
				return true
			}
		}
		n++
	}
	const several = 2
	return n >= several
}

// endMark is a line that closes a list: 以上, 以下余白.
var endMark = regexp.MustCompile(`^[-－(（]*(?:以上|以下余白|余白|\d+(?:[/／]\d+)?(?:頁|ページ|枚目))[-－)）]*$|^[-－]\d+[-－]$`)

// continuedMark is a line that says that a list goes on: （続き）.
var continuedMark = regexp.MustCompile(`^[(【]?(?:前頁|前ページ|表)?(?:の|から)?(?:続き|つづき|続)[)】]?$`)

var contactLine = regexp.MustCompile(`^[(（※・]?(?:記入|作成|回答|提出|入力)?` +
	`(?:担当者?|担当係|問合せ先?|問い?合わせ先?|連絡先|電話|内線|tel|作成者|提出先|回答期限|提出期限|締切|` +
	`作成日|印刷日)[:：（( ]|^問い?合わ?せ先$|\d{2,4}-\d{2,4}-\d{4}$`)

// struck passes over a row that its author has struck out, and says so: its naming cell is, or all of it.
func (t *reader) struck(b *band, i int) bool {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	all := len(cells) > 0
	for _, j := range cells {
		all = all && t.sheet.At(i, j).Struck
	}
	name := t.sheet.At(i, b.name)
	own := geometry.Own(t.sheet, i, b.name)
	if !all && (!own || !name.Struck) {
		return false
	}
	t.endGroup()
	at := [2]int{i, b.name}
	if !own {
		at = [2]int{i, cells[0]}
	}
	t.struckOut(at, t.sheet.At(at[0], at[1]).Text)
	t.claimRow(cells, i, record.ClaimSkipped)
	return true
}

func (t *reader) struckOut(at [2]int, text string) {
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref(at), text, "")
	f.Severity = record.Warning
	f.Message = "「" + text + "」は取消線で消してあるため、読んでいません。生きている記載なら取消線を外し、不要なら削除してください。"
	t.findings = append(t.findings, f)
}

// aside passes over a lone text that is no record: whom to ask, a caption in a column of values.
func (t *reader) aside(b *band, i int) bool {
	part, ok := geometry.Alone(t.sheet, i, b.left, b.right)
	if !ok {
		return false
	}
	c, known := b.at(part.At[1])
	switch {
	case contactLine.MatchString(record.Normal(part.Text)):
	case part.At[1] == b.name, isNumber(part.Text), known && (c.rule == nil || c.rule.Scoped), missingMark(part.Text):
		return false
	case isDay(part.Text):
	case t.sheet.Covered(i, b.name) || t.current != nil && known:
		return false
	}
	t.claim(i, part.At[1], record.ClaimTemplate)
	return true
}

// legend reports a lone line that explains symbols: ◎：計画を上回って進んだ　○：….
func (t *reader) legend(i int, cells []int) bool {
	if len(cells) != 1 {
		return false
	}
	return t.form.explains(t.sheet.At(i, cells[0]).Text)
}

// explains reports a text that explains at least two of the form's symbols.
func (f *Form) explains(text string) bool {
	n := 0
	for _, set := range f.Symbols {
		for _, s := range set {
			if strings.Contains(text, s.Symbol+"：") || strings.Contains(text, s.Symbol+":") ||
				s.Meaning != "" && strings.Contains(text, s.Symbol) && strings.Contains(text, s.Meaning) {
				n++
			}
		}
	}
	return n >= 2
}

// subtotal reports the label of a line without a name: 柱1 計, 総務部小計.
func (t *reader) subtotal(b *band, i int, text string) bool {
	n := record.Normal(text)
	for _, w := range t.form.SkipWords {
		if strings.HasSuffix(n, w) {
			return !t.standsIn(i, t.form.naming()) && !t.valued(b, i)
		}
	}
	return false
}

// complete reports a row in which every required field is filled in: an indicator may be called 割合.
func (t *reader) complete(b *band, i int) bool {
	n := 0
	for _, q := range t.form.Required {
		c, ok := b.find(q.Field)
		if !ok {
			continue
		}
		if t.sheet.At(i, c.col).Blank() {
			return false
		}
		n++
	}
	return n >= 3
}

// substance reports a row in which a required field of its own stands that no total and no note has: a unit, a
// direction.
func (t *reader) substance(b *band, i int) bool {
	for _, q := range t.form.Required {
		rule := t.form.fieldNamed(q.Field)
		if rule == nil || rule.FillDown || rule.Scoped || rule.Type != "choice" && rule.Type != "unit" {
			continue
		}
		c, ok := b.find(q.Field)
		if !ok || !geometry.Own(t.sheet, i, c.col) {
			continue
		}
		text := t.sheet.At(i, c.col).Text
		if !isNumber(text) && !t.form.isTotal(text) && !t.form.note(strings.TrimSpace(text)) {
			return true
		}
	}
	return false
}

// totalRecord reports a printed total that is a record of its own.
func (t *reader) totalRecord(b *band, i int) bool {
	return t.form.Total != nil && matches(t.sheet.At(i, b.name).Text, t.form.Total.Words)
}

// nameless reports a row whose naming cell is blank or holds no name (a total's label, a count).
func (t *reader) nameless(b *band, i int) bool {
	cell := t.sheet.At(i, b.name)
	return cell.Blank() || cell.Kind == workbook.Number || t.form.isTotal(cell.Text)
}
