package record

// StatusWord is a workbook's status in Japanese, as it stands in a sentence.
func StatusWord(s string) string {
	if w, ok := map[string]string{
		StatusRead: "読み込み済み", StatusWithdrawn: "取り下げられた", StatusUnreadable: "開けない",
		StatusLeftOut: "集計から除かれた", StatusUnrecognized: "様式不明", StatusNotReadYet: "未対応の様式",
	}[s]; ok {
		return w
	}
	return s
}
