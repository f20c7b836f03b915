package survey

import (
	"strings"
	"time"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
)

// LetterName is the file of the letter that goes with a department's workbook.
const LetterName = "依頼文.txt"

// Letter is what goes with a department's workbook: what is asked, until when, where to send it, whom to ask. file is
// the workbook's name, cannot the forms that it does not hold.
func (c City) Letter(who form.Asker, owed []Owed, file string, cannot []string, today time.Time) []byte {
	lines := []string{
		fiscal.WarekiDate(today), "", strings.TrimSpace(who.Bureau+"　"+who.Department) + "　御中", "",
	}
	if c.Contact.Name != "" {
		lines = append(lines, "　　　　　　　　　　"+c.Contact.Name, "")
	}
	lines = append(lines,
		fiscal.Wareki(who.FiscalYear)+"の調査票の提出について（依頼）", "",
		"　次の調査票に記入し、期限までに提出してください。", "",
		"年度　　　"+fiscal.Wareki(who.FiscalYear),
	)
	for _, o := range owed {
		lines = append(lines, "様式　　　"+o.Name, "提出期限　"+due(o.Due))
	}
	if file != "" {
		lines = append(lines, "ファイル　"+file)
	}
	for _, name := range cannot {
		lines = append(lines, "　　　　　"+name+"は、前の年度の調査票を写して記入してください。")
	}
	if c.Contact.SendTo != "" {
		lines = append(lines, "送り先　　"+c.Contact.SendTo)
	}
	if c.Contact.Name != "" {
		lines = append(lines, "照会先　　"+c.Contact.Reach())
	}
	lines = append(lines, "",
		"記入のしかた",
		"・色の付いた欄に記入してください。灰色や色のない欄は、前の年度の調査票や計画から写したもので、直すときは担当に知らせてください。",
		"・新しく加えるものは、下の空いた行に記入してください。",
		"・値がまだないとき、該当しないときは、空けずに、その理由を記入してください（集計中、該当なし）。",
	)
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}

// due is a day with its day of the week, as it was written where it is no day.
func due(text string) string {
	day, ok := fiscal.ParseDay(text)
	if !ok {
		return text
	}
	return fiscal.WarekiDate(day) + "（" + fiscal.Weekday(day) + "）"
}
