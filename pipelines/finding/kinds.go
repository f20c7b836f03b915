package finding

import "kyogikai/pipelines/record"

// Codes of the contract. People and scripts depend on them.
const (
	NumberUnreadable   = "number_unreadable"
	SymbolUnknown      = "symbol_unknown"
	RequiredMissing    = "required_missing"
	FormulaError       = "formula_error"
	FormulaUncached    = "formula_uncached"
	DuplicateRow       = "duplicate_row"
	HiddenData         = "hidden_data"
	UnitScaleSuspect   = "unit_scale_suspect"
	UnknownDepartment  = "unknown_department"
	AmbiguousVersion   = "ambiguous_version"
	WorkbookUnreadable = "workbook_unreadable"
	WorkbookEncrypted  = "workbook_encrypted"
	WorkbookTooLarge   = "workbook_too_large"
	FormUnrecognized   = "form_unrecognized"
	TotalMismatch      = "total_mismatch"
	RatioMismatch      = "ratio_mismatch"
	YearMismatch       = "year_mismatch"
	ValuesDisagree     = "values_disagree"
	DefinitionChanged  = "definition_changed"
	MisplacedFile      = "misplaced_file"
	GlyphMissing       = "glyph_missing"
	NotSubmitted       = "not_submitted"
	PublishedRevised   = "published_revised"
	SourceFailed       = "source_failed"
	TargetAlreadyMet   = "target_already_met"
	SourceRemoved      = "source_removed"
	ReadingAmbiguous   = "reading_ambiguous"
	CellsUnread        = "cells_unread"
	FileUnsupported    = "file_unsupported"
	UnitMismatch       = "unit_mismatch"
	ReportedTwice      = "reported_twice"
	DirectionConflict  = "target_direction_conflict"
	ValueAmbiguous     = "value_ambiguous"
	NotAnswered        = "not_answered"
	Disappeared        = "disappeared"
)

// What an error leaves out.
const (
	row      = "その行"
	workbook = "その調査票の全体"
)

// Kinds are all kinds of findings, the gravest first. An error leaves out of every figure, in all years, what stands in
// its third column, until it is fixed or decided upon; a warning and a remark change no value.
var Kinds = []Kind{
	{NumberUnreadable, record.Error, row,
		"「{found}」は{expected}として読めません。", "書き方を直してください。"},
	{SymbolUnknown, record.Error, row,
		"「{found}」は使えない記号です。", "{expected} のいずれかを記入してください。"},
	{RequiredMissing, record.Error, row,
		"「{expected}」が空欄です。", "記入してください。"},
	{FormulaError, record.Error, row,
		"計算式がエラー（{found}）です。", "計算式を直すか、値を記入してください。"},
	{FormulaUncached, record.Error, row,
		"計算式の結果が保存されていません。", "エクセルで開いて保存し直してください。"},
	{DuplicateRow, record.Error, "重複した行のすべて",
		"「{found}」が {expected} と重複しています。どちらも集計から除きました。", "不要な行を削除してください。"},
	{HiddenData, record.Error, "非表示の行かシート",
		"{found}に記載があります。", "再表示して確かめ、不要なら削除してください。"},
	{UnitScaleSuspect, record.Error, row,
		"「{found}」は前年度の「{expected}」の100倍以上（または100分の1以下）です。",
		"千円と円などの単位を確かめて直すか、正しければ判断.csvに「確認」と記入してください。"},
	{ReadingAmbiguous, record.Error, "その行、またはその表",
		"「{found}」と「{expected}」のどちらの値か決められません。",
		"一方を消すか見出しを直し、このままでよければ採るセルを判断.csvに「確認」と書いてください。"},
	{CellsUnread, record.Error, "その行、またはその表",
		"「{found}」を読んでいません。", "{expected}。"},
	{FileUnsupported, record.Error, workbook,
		"「{found}」は読めない形式のファイルです。", "{expected}。"},
	{UnitMismatch, record.Error, row,
		"「{found}」を、欄の単位「{expected}」に直せません。", "この単位で書き直してください。"},
	{ReportedTwice, record.Error, "その指標のその行",
		"同じ指標を別の課も報告していて、値が違います（「{found}」、{expected}）。どちらの値も集計から除きました。",
		"一方の課の値を消すか、採るほうのセルを判断.csvに「確認」と書いてください。"},
	{DirectionConflict, record.Error, row,
		"目標「{found}」と目指す方向「{expected}」が食い違っています。達成率は出していません。",
		"目標の「以上」「以下」か方向を直すか、目標のとおりでよければ、このセルを判断.csvに「確認」と書いてください。"},
	{UnknownDepartment, record.Error, "その調査票の全体、またはその行",
		"「{found}」は組織.csvにありません。", "課名を確かめ、正しいフォルダに置いてください。"},
	{AmbiguousVersion, record.Error, "その様式のすべての版",
		"同じ様式の版が複数あります（{found}）。", "正しい一つを残すか、判断.csvで他を取り下げてください。"},
	{WorkbookUnreadable, record.Error, workbook,
		"ファイルを開けません（{found}）。", "元のファイルから保存し直して提出してください。"},
	{WorkbookEncrypted, record.Error, workbook,
		"パスワードで保護されています。", "パスワードを外して保存し直してください。"},
	{WorkbookTooLarge, record.Error, workbook,
		"ファイルが大きすぎます（{found}）。", "不要な書式や行を削除して保存し直してください。"},
	{FormUnrecognized, record.Warning, workbook,
		"既知の様式に当てはまりません。", "様式の表題と見出しを確かめるか、別のフォルダに移してください。"},
	{TotalMismatch, record.Warning, "",
		"印字された件数「{found}」が、行を数えた {expected} と合いません。", "どちらかを直してください。"},
	{RatioMismatch, record.Warning, "",
		"印字された割合「{found}」が、件数から計算した {expected} と合いません。", "計算し直してください。"},
	{YearMismatch, record.Warning, "",
		"和暦「{found}」と西暦「{expected}」が同じ年ではありません。", "どちらかを直してください。"},
	{ValuesDisagree, record.Warning, "",
		"前に提出された調査票と値が違います（{found}、以前は {expected}）。新しい年度の値を使います。", "確かめてください。"},
	{DefinitionChanged, record.Warning, "",
		"前の調査票（{expected}）と、単位・方向・基準値のいずれかが違います：{found}。前年度とは比べていません。",
		"定義を変えたのなら判断.csvにこのセルを「確認」と書き、そうでなければ直してください。"},
	{MisplacedFile, record.Warning, "",
		"表題は{found}ですが、{expected}のフォルダにあります。", "正しいフォルダに移してください。"},
	{GlyphMissing, record.Warning, "",
		"「{found}」は資料の書体にない文字で、〓と印字されます。", "別の字に直してください。"},
	{NotSubmitted, record.Warning, "",
		"{found}が提出されていません。", "{expected}までにこのフォルダに置いてください。"},
	{NotAnswered, record.Warning, "",
		"{found}が記入されていません（{expected}）。",
		"記入してください。まだ数値がなければ「集計中」、当てはまらなければ「該当なし」と書いてください。"},
	{Disappeared, record.Warning, "",
		"{expected}にあった{found}の調査票にありません。",
		"書き足してください。終わったか取り下げたのなら、判断.csvにこのセルを「終了」か「取下げ」と、理由を添えて書いてください。"},
	{PublishedRevised, record.Warning, "",
		"公表した値は {expected} ですが、いまは「{found}」です（遡及改定）。後の年度の資料では、公表した値に r を付けて印字します。",
		"直した理由を確かめ、公表した資料の誤りなら kyogikai errata で正誤表を作ってください。"},
	{SourceFailed, record.Warning, "",
		"収集元「{expected}」から取り込めませんでした：{found}", "前に取り込んだものがあれば、それを使っています。"},
	{ValueAmbiguous, record.Warning, "その目標（「確認」があるまで文章として扱う）",
		"一つの目標の欄に同じ単位の値が二つあります（{found}）。数値としては使わず、達成率も出していません。",
		"一つにするか、採るほうを判断.csvに「確認 {expected}」のように書いてください。"},
	{TargetAlreadyMet, record.Info, "",
		"基準値「{found}」が、すでに目標「{expected}」を満たしています。", "目標値か基準値を確かめてください。"},
	{SourceRemoved, record.Info, "",
		"{found}に、収集元「{expected}」から消えたことが分かりました。取り込み済みのファイルを使い続けています。",
		"要らなければ inputs から除くか、判断.csvで取り下げてください。"},
}
