package form

import (
	"strings"

	"kyogikai/pipelines/record"
)

// rule of a finding: its severity (codes.csv of the design) and its sentence, which says what was found, what was
// expected and what to do. {found} is what was found, {expected} what was expected.
var codes = map[string]struct{ severity, sentence string }{
	"number_unreadable":   {record.Error, "「{found}」は{expected}として読めません。書き方を直してください。"},
	"symbol_unknown":      {record.Error, "「{found}」は使えない記号です。{expected} のいずれかを記入してください。"},
	"required_missing":    {record.Error, "「{expected}」が空欄です。記入してください。"},
	"formula_error":       {record.Error, "計算式がエラー（{found}）です。計算式を直すか、値を記入してください。"},
	"formula_uncached":    {record.Error, "計算式の結果が保存されていません。エクセルで開いて保存し直してください。"},
	"duplicate_row":       {record.Error, "「{found}」が {expected} と重複しています。どちらも集計から除きました。不要な行を削除してください。"},
	"hidden_data":         {record.Error, "{found}に記載があります。再表示して確かめ、不要なら削除してください。"},
	"unknown_department":  {record.Error, "「{found}」は組織.csvにありません。課名を確かめ、正しいフォルダに置いてください。"},
	"ambiguous_version":   {record.Error, "同じ様式の版が複数あります（{found}）。正しい一つを残すか、判断.csvで他を取り下げてください。"},
	"workbook_unreadable": {record.Error, "ファイルを開けません（{found}）。元のファイルから保存し直して提出してください。"},
	"workbook_encrypted":  {record.Error, "パスワードで保護されています。パスワードを外して保存し直してください。"},
	"workbook_too_large":  {record.Error, "ファイルが大きすぎます（{found}）。不要な書式や行を削除して保存し直してください。"},
	"form_unrecognized":   {record.Warning, "既知の様式に当てはまりません。様式の表題と見出しを確かめるか、別のフォルダに移してください。"},
	"total_mismatch":      {record.Warning, "印字された件数「{found}」が、行を数えた {expected} と合いません。どちらかを直してください。"},
	"ratio_mismatch":      {record.Warning, "印字された割合「{found}」が、件数から計算した {expected} と合いません。計算し直してください。"},
	"year_mismatch":       {record.Warning, "和暦「{found}」と西暦「{expected}」が同じ年ではありません。どちらかを直してください。"},
	"unit_scale_suspect":  {record.Error, "「{found}」は前年度の「{expected}」の100倍以上（または100分の1以下）です。千円と円などの単位を確かめて直すか、正しければ判断.csvに「確認」と記入してください。"},
	"target_already_met":  {record.Info, "基準値「{found}」が、すでに目標「{expected}」を満たしています。目標値か基準値を確かめてください。"},
	"values_disagree":     {record.Warning, "前に提出された調査票と値が違います（{found}、以前は {expected}）。新しい年度の値を使います。確かめてください。"},
	"definition_changed":  {record.Warning, "前の調査票（{expected}）と、単位・方向・基準値のいずれかが違います：{found}。前年度とは比べていません。定義を変えたのなら判断.csvにこのセルを「確認」と書き、そうでなければ直してください。"},
	"misplaced_file":      {record.Warning, "表題は{found}ですが、{expected}のフォルダにあります。正しいフォルダに移してください。"},
	"glyph_missing":       {record.Warning, "「{found}」は資料の書体にない文字で、〓と印字されます。別の字に直してください。"},
	"source_failed":       {record.Warning, "収集元「{expected}」から取り込めませんでした：{found}前に取り込んだものがあれば、それを使っています。"},
	"source_removed":      {record.Info, "{found}に、収集元「{expected}」から消えたことが分かりました。取り込み済みのファイルを使い続けています。要らなければ inputs から除くか、判断.csvで取り下げてください。"},
	"published_revised":   {record.Warning, "公表した値は {expected} ですが、いまは「{found}」です（遡及改定）。後の年度の資料では、公表した値に r を付けて印字します。直した理由を確かめ、公表した資料の誤りなら kyogikai errata で正誤表を作ってください。"},
	"not_submitted":       {record.Warning, "{found}が提出されていません。{expected}までにこのフォルダに置いてください。"},
}

// finding makes a finding about a cell of a sheet; the reader of the file adds where the file is.
func finding(code, sheet, cell, found, expected string) record.Finding {
	c := codes[code]
	return record.Finding{
		Severity: c.severity, Code: code, Sheet: sheet, Cell: cell, Found: found, Expected: expected,
		Message: strings.NewReplacer("{found}", found, "{expected}", expected).Replace(c.sentence),
	}
}

// Severity of a code of the contract, "" for an unknown one.
func Severity(code string) string { return codes[code].severity }

// Sentence is the message of a code for what was found and expected.
func Sentence(code, found, expected string) string {
	return finding(code, "", "", found, expected).Message
}
