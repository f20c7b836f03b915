package form

import (
	"slices"
	"strings"

	"kyogikai/pipelines/fiscal"
)

// guideMark begins the lines of a guide, as it does notes.
const guideMark = "※"

// guide is what an intake sheet says of filling it in: until when, where to, whom to ask, what the marks mean. Each
// line begins as a note does.
func (f *Form) guide(who Asker, asked []question) []string {
	var out []string
	var sent []string
	for _, said := range [][2]string{{"提出期限：", wareki(who.Due)}, {"送り先：", who.SendTo}, {"問合せ先：", who.Contact}} {
		if text := strings.TrimSpace(said[1]); text != "" {
			sent = append(sent, said[0]+text)
		}
	}
	if len(sent) > 0 {
		out = append(out, strings.Join(sent, "　　"))
	}
	out = append(out, f.howTo(who.FiscalYear, asked))
	out = append(out, f.legends(asked)...)
	for i := range out {
		out[i] = guideMark + " " + out[i]
	}
	return out
}

// wareki writes a day as people here write it; what is no day stays as it is written.
func wareki(day string) string {
	if t, ok := fiscal.ParseDay(day); ok {
		return fiscal.WarekiDate(t)
	}
	return day
}

// howTo says in a line how the sheet is filled in.
func (f *Form) howTo(year int, asked []question) string {
	is := func(like func(question) bool) bool { return slices.ContainsFunc(asked, like) }
	out := "色の付いた欄に記入してください。"
	if is(func(a question) bool { return a.rule.Type == "number" && !a.rule.Literal }) {
		out += "数値の欄には、単位を付けずに数字だけを記入してください。"
	}
	out += "新しく加えるものは、表の下の空いた行に記入してください。足りないときは、空いた行の間に行を挿入できます。"
	if f.startsIn() && is(func(a question) bool { return a.scope < yearText(year) && a.scope != "" }) {
		out += "今年度に始めたものは、前の年度の欄を空けておいてください。"
	}
	return out
}

// startsIn reports a form that asks when something began.
func (f *Form) startsIn() bool {
	return slices.ContainsFunc(f.Fields, func(r FieldRule) bool { return r.StartYear != "" })
}

// legends are the meanings of symbols and the words to choose from, a line each.
func (f *Form) legends(asked []question) []string {
	var out []string
	told := map[string]bool{}
	states := false
	for _, a := range asked {
		states = states || a.state
		if a.state || told[a.rule.Name] {
			continue
		}
		told[a.rule.Name] = true
		var words []string
		switch a.rule.Type {
		case "symbol":
			for _, s := range f.Symbols[a.rule.Symbols] {
				words = append(words, strings.TrimSuffix(s.Symbol+"："+s.Meaning, "："))
			}
		case "choice", "ended":
			words = a.rule.choices()
		}
		if len(words) > 0 {
			out = append(out, a.rule.title+"　"+strings.Join(words, "　"))
		}
	}
	if states {
		out = append(out, "回答状況　値を書けないときに、そのわけを選んでください（"+strings.Join(AnswerStates, "、")+
			"）。値を書いたときは空欄のままにしてください。")
	}
	return out
}

// choices are the values that a drop-down of the field offers.
func (rule *FieldRule) choices() []string {
	if rule.Type == "ended" {
		return slices.Concat(rule.Values[:1], rule.Endings)
	}
	var out []string
	for _, c := range rule.Choices {
		out = append(out, c.Value)
	}
	return out
}
