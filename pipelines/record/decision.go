package record

import (
	"path"
	"slices"
	"strings"
)

// Decision is a line of 判断.csv: what a person decided about a file.
type Decision struct {
	Municipality string `json:"municipality"`
	Path         string `json:"path"`
	Cell         string `json:"cell"`
	Decision     string `json:"decision"`
	Reason       string `json:"reason"`
	Date         string `json:"date"`
	Post         string `json:"post,omitempty"` // of who decided
}

// Withdraws reports whether the decision withdraws the whole file.
func (d Decision) Withdraws() bool {
	return d.Cell == "" && (strings.Contains(d.Decision, "取下") || strings.Contains(d.Decision, "取り下げ"))
}

// Confirms reports whether the decision accepts a value as it is.
func (d Decision) Confirms() bool {
	return d.Cell != "" &&
		(strings.Contains(d.Decision, "確認") || strings.Contains(d.Decision, "認め") || strings.Contains(d.Decision, "正しい"))
}

// Looks reports whether the decision says that a person has looked at a whole file as it is read
// now: 確認 without a cell.
func (d Decision) Looks() bool {
	return d.Cell == "" && strings.Contains(d.Decision, "確認") && !d.Withdraws() && !d.Waives()
}

// Waives reports whether the decision lets a paper be final although what it is about stays open: 除いて確定.
func (d Decision) Waives() bool { return strings.Contains(d.Decision, "除いて") }

// states are the words with which a person says why an answer is not there, as marts.expected has them.
var states = []struct{ word, state string }{
	{"該当なし", "該当なし"}, {"集計中", "集計中"}, {"終了", "終了"}, {"取下", "取下げ"}, {"取り下げ", "取下げ"},
}

// State is what a decision about a cell says of an answer that is not there: 該当なし, 集計中, 終了, 取下げ; "" where it says
// nothing of the kind.
func (d Decision) State() string {
	if d.Cell == "" || d.Confirms() || d.Waives() {
		return ""
	}
	for _, s := range states {
		if strings.Contains(d.Decision, s.word) {
			return s.state
		}
	}
	return ""
}

// Kind is what a decision does: withdraw, confirm, look, waive, state, or "" where it does nothing.
func (d Decision) Kind() string {
	switch {
	case d.Withdraws():
		return "withdraw"
	case d.Confirms():
		return "confirm"
	case d.Looks() && strings.TrimSpace(d.Date) != "":
		return "look"
	case d.Waives() && d.Lacks() == "":
		return "waive"
	case d.State() != "" && strings.TrimSpace(d.Reason) != "":
		return "state"
	}
	return ""
}

// Lacks says what a waiver lacks to hold, "" where it is whole.
func (d Decision) Lacks() string {
	var out []string
	for _, part := range [][2]string{{d.Reason, "理由（reason）"}, {d.Post, "職（post）"}, {d.Date, "日付（date）"}} {
		if strings.TrimSpace(part[0]) == "" {
			out = append(out, part[1])
		}
	}
	return strings.Join(out, "、")
}

// Applies reports whether the decision is about a file: it may name the end of its path, from a folder or the file's
// own name on. 調査票.xlsx is not about 旧調査票.xlsx.
func (d Decision) Applies(file string) bool {
	named := strings.TrimPrefix(d.Path, "/")
	return named != "" && strings.HasSuffix("/"+file, "/"+named)
}

// Place is the sheet, "" where none is named, and the cell of 「E12」 or 「シート名!E12」.
func (d Decision) Place() (sheet, cell string) {
	at := strings.ReplaceAll(d.Cell, "！", "!")
	if i := strings.LastIndex(at, "!"); i >= 0 {
		sheet, at = at[:i], at[i+1:]
	}
	return sheet, strings.ToUpper(strings.ReplaceAll(Normal(at), "$", ""))
}

// Idle says why a decision changes nothing, or "" when it does its work: findings are those that remain, paths the
// files.
func (d Decision) Idle(findings []Finding, paths []string) string {
	if d.Waives() {
		if lacks := d.Lacks(); lacks != "" {
			return lacks + "がないので、除いて確定できません"
		}
		return ""
	}
	paths = d.own(paths)
	if !slices.ContainsFunc(paths, d.Applies) {
		return d.names(paths)
	}
	switch {
	case d.Withdraws():
		return ""
	case d.Confirms():
		for _, f := range findings {
			if d.Applies(f.Path) && d.IsAbout(f.Cell) {
				return "「" + f.Message + "」は、確認では消えません。セルを直してください"
			}
		}
		return ""
	case d.Looks():
		if strings.TrimSpace(d.Date) == "" {
			return "日付（date）がないので、いつ読み方を確かめたのか分かりません"
		}
		return ""
	case d.State() != "":
		if strings.TrimSpace(d.Reason) == "" {
			return "理由（reason）がないので、「" + d.State() + "」としていません"
		}
		for _, f := range findings {
			if d.Applies(f.Path) && d.IsAbout(f.Cell) {
				return "「" + f.Message + "」は、「" + d.State() + "」では消えません"
			}
		}
		return ""
	}
	return "「" + d.Decision + "」は決まった語ではありません（取下げ、確認、該当なし、集計中、終了、除いて確定）"
}

// What a path says before its ending where another file's name looks the same.
const (
	PlainTwin   = "（ふつうの名前）"
	DividedTwin = "（濁点が分かれた名前）"
	OtherTwin   = "（同じに見える別の名前）"
)

// names says why a decision's path names none of the files: two look the same, or it is misspelt.
func (d Decision) names(paths []string) string {
	var alike, ends []string
	whole := map[string]string{}
	for _, p := range paths {
		for _, mark := range []string{PlainTwin, DividedTwin, OtherTwin} {
			if i := strings.LastIndex(p, strings.TrimSuffix(mark, "）")); i > 0 && d.Applies(p[:i]+path.Ext(p)) {
				alike = append(alike, p)
			}
		}
		parts := strings.Split(p, "/")
		end := strings.Join(parts[max(0, len(parts)-len(strings.Split(strings.TrimPrefix(d.Path, "/"), "/"))):], "/")
		ends = append(ends, end)
		whole[end] = p
	}
	if len(alike) > 0 {
		return "「" + d.Path + "」に見える名前のファイルが二つ以上あり、どれのことか決められません。次のどれかを書くか、ファイルの名前を変えてください：" +
			strings.Join(alike, "、")
	}
	says := "ファイル「" + d.Path + "」がありません"
	if near := Nearest(d.Path, ends); near != "" {
		says += "。近い名前のファイルは「" + whole[near] + "」です"
	}
	return says
}

// own are those of the decision's municipality: another's are none of its business.
func (d Decision) own(paths []string) []string {
	if d.Municipality == "" {
		return paths
	}
	var out []string
	for _, p := range paths {
		if strings.HasPrefix(p, "inputs/"+d.Municipality+"/") {
			out = append(out, p)
		}
	}
	return out
}

// IsAbout reports whether the decision is about a cell, on whichever sheet.
func (d Decision) IsAbout(cell string) bool {
	_, at := d.Place()
	return cell != "" && strings.EqualFold(at, cell)
}
