package picture

import "kyogikai/pipelines/record"

// claim is how a claim is shown: its word and the mark that tells it without colour.
type claim struct {
	claim  string // of record.Claims
	word   string
	mark   string // one character
	means  string
	colour string // of the cell's ground
	more   string // declarations besides
}

// claims are all claims, those first that a clerk looks for.
var claims = []claim{
	{record.ClaimValue, "値", "値", "記録の項目として読んだ", "#dbe9fa", ""},
	{record.ClaimUnread, "未読", "未", "読んでいない", "#fbdcd8", "background-image:" + stripes("#f0b4ac")},
	{record.ClaimHead, "見出し", "見", "列や行が何であるかを示す", "#e2e7ef", "font-weight:600"},
	{record.ClaimLabel, "項目名", "名", "隣の値が何であるかを示す", "#e8e1f4", ""},
	{record.ClaimSection, "区分", "区", "下に続く行が何に属するかを示す", "#d5ece1", "font-weight:600"},
	{record.ClaimTitle, "表題", "題", "シートや表の題", "#f4e3ee", "font-weight:600"},
	{record.ClaimPreamble, "前書き", "前", "表の前にあり、表の全体に掛かる", "#f5eed8", ""},
	{record.ClaimNote, "注記", "記", "備考や※の説明", "#f4f3ea", ""},
	{record.ClaimExample, "記入例", "例", "例として書かれている。値ではない", "#fbe6d0", "font-style:italic"},
	{record.ClaimTotal, "合計", "計", "印字された合計、件数、割合。検算に使う", "#d2ecef", ""},
	{record.ClaimTemplate, "様式の文", "様", "様式に初めからある文（凡例、記入要領など）", "#ececec", ""},
	{record.ClaimBlankMark, "空欄の印", "空", "－、該当なし、〃など", "#f1f6e4", ""},
	{
		record.ClaimSkipped, "読まない列", "飛", "様式が読まないと定めた列", "#f1efef",
		"background-image:" + stripes("#e0dcdc"),
	},
}

// unclaimed is a cell of which the reader does not say what it took it for.
var unclaimed = claim{word: "区別なし", mark: "", means: "何として読んだかの記録がない"}

// stripes tell a ground from others on paper without colours.
func stripes(colour string) string {
	return "repeating-linear-gradient(135deg,transparent 0 5px," + colour + " 5px 6px)"
}

func claimOf(name string) claim {
	for _, c := range claims {
		if c.claim == name {
			return c
		}
	}
	return unclaimed
}

func (c claim) class() string {
	if c.claim == "" {
		return ""
	}
	return "c-" + c.claim
}

// gravity is how findings of a severity are shown, the gravest first.
type gravity struct {
	severity string
	word     string
	mark     string
	frame    string
}

var gravities = []gravity{
	{record.Error, "誤り", "誤", "2px solid #b3261e"},
	{record.Warning, "注意", "注", "2px dashed #8a5a00"},
	{record.Info, "参考", "参", "2px dotted #33618f"},
}

func gravityOf(severity string) gravity {
	for _, g := range gravities {
		if g.severity == severity {
			return g
		}
	}
	return gravity{severity, severity, severity, gravities[0].frame}
}
