package limits

import "time"

// Sizes as Windows shows them.
const (
	kb int64 = 1 << 10
	mb       = 1 << 20
	gb       = 1 << 30
)

// Of what there are limits.
const (
	ofWorkbook = "調査票一つ"
	ofReading  = "調査票一つの読み取り"
	ofSQL      = "SQL"
	ofRun      = "実行一回"
)

// Names of the limits, as the settings spell them.
const (
	File          = "file"
	Unpacked      = "unpacked"
	Part          = "part"
	Parts         = "parts"
	SheetCount    = "sheets"
	Area          = "area"
	CellCount     = "cells"
	CellText      = "cell_text"
	Text          = "text"
	Strings       = "strings"
	Merges        = "merges"
	Formulas      = "formulas"
	ReadingMemory = "reading_memory"
	ReadingCPU    = "reading_cpu"
	ReadingTime   = "reading_time"
	SQLMemory     = "sql_memory"
	SQLSpill      = "sql_spill"
	SQLCPU        = "sql_cpu"
	SQLTime       = "sql_time"
	SQLOutput     = "sql_output"
	SQLRows       = "sql_rows"
	RunTime       = "run_time"
)

// What the author of a workbook does that is too large.
const (
	lessFormat = "使っていない行・列と書式を削除し、画像を除いて保存し直してください。"
	lessText   = "長い文章を短くするか、別の文書にして提出してください。"
	split      = "要らないシートを削除するか、調査票を分けて提出してください。"
	valuesOnly = "調査票の値だけを新しいブックに貼り付けて、提出し直してください。"
	later      = "機械が混んでいただけのこともあるので、次の実行で読み直します。続くときは、" + valuesOnly
)

// row is one line of the table. note says more of what it counts than its short words.
type row struct {
	name, of, short, note, advice string
	unit                          Unit
	usual, least, most            int64
	at                            func(*Set) *int64
}

// table has every limit with its usual value, and what settings may make of it.
var table = []row{
	{File, ofWorkbook, "ファイルの大きさ", "収集元と inputs に共通", lessFormat, Bytes, 100 * mb, 100 * kb, 1 * gb,
		func(s *Set) *int64 { return &s.File }},
	{Unpacked, ofWorkbook, "圧縮を解いた大きさ", "合計", lessFormat, Bytes, 256 * mb, 1 * mb, 4 * gb,
		func(s *Set) *int64 { return &s.Unpacked }},
	{Part, ofWorkbook, "中のXML一つの大きさ", "圧縮を解いて", lessFormat, Bytes, 128 * mb, 1 * mb, 1 * gb,
		func(s *Set) *int64 { return &s.Part }},
	{Parts, ofWorkbook, "中のファイルの数", "", lessFormat, Pieces, 10_000, 100, 1_000_000,
		func(s *Set) *int64 { return &s.Parts }},
	{SheetCount, ofWorkbook, "シートの数", "", split, Sheets, 1_000, 1, 100_000,
		func(s *Set) *int64 { return &s.Sheets }},
	{Area, ofWorkbook, "使用範囲のセルの数", "シートの行数×列数", lessFormat, Pieces, 4_000_000, 1_000, 100_000_000,
		func(s *Set) *int64 { return &s.Area }},
	{CellCount, ofWorkbook, "セルの数", "全シートの合計", lessFormat, Pieces, 500_000, 1_000, 20_000_000,
		func(s *Set) *int64 { return &s.Cells }},
	{CellText, ofWorkbook, "一つのセルの文字", "", lessText, Bytes, 1 * mb, 1 * kb, 64 * mb,
		func(s *Set) *int64 { return &s.CellText }},
	{Text, ofWorkbook, "文字の合計", "同じものもセルごとに数える", lessText, Bytes, 64 * mb, 100 * kb, 2 * gb,
		func(s *Set) *int64 { return &s.Text }},
	{Strings, ofWorkbook, "文字列の種類", "エクセルの共有文字列", lessText, Pieces, 1_000_000, 1_000, 20_000_000,
		func(s *Set) *int64 { return &s.Strings }},
	{Merges, ofWorkbook, "セルの結合", "全シートの合計", "使っていない行・列の結合を解除して保存し直してください。", Places, 50_000, 100, 1_000_000,
		func(s *Set) *int64 { return &s.Merges }},
	{Formulas, ofWorkbook, "計算式の数", "全シートの合計", valuesOnly, Pieces, 200_000, 100, 5_000_000,
		func(s *Set) *int64 { return &s.Formulas }},
	{ReadingMemory, ofReading, "読み取りに使うメモリ", "", valuesOnly, Bytes, 768 * mb, 256 * mb, 64 * gb,
		func(s *Set) *int64 { return &s.ReadingMemory }},
	{ReadingCPU, ofReading, "読み取りに使うCPUの時間", "", valuesOnly, Seconds, span(30 * time.Second), span(time.Second),
		span(time.Hour), func(s *Set) *int64 { return nanoseconds(&s.ReadingCPU) }},
	{ReadingTime, ofReading, "読み取りにかかる時間", "", later, Seconds, span(45 * time.Second), span(time.Second),
		span(time.Hour), func(s *Set) *int64 { return nanoseconds(&s.ReadingTime) }},
	{SQLMemory, ofSQL, "使うメモリ", "一つの接続", "", Bytes, 1 * gb, 256 * mb, 1024 * gb,
		func(s *Set) *int64 { return &s.SQLMemory }},
	{SQLSpill, ofSQL, "ディスクに書く大きさ", "メモリに入らない分", "", Bytes, 4 * gb, 1 * mb, 4096 * gb,
		func(s *Set) *int64 { return &s.SQLSpill }},
	{SQLCPU, ofSQL, "CPUの時間", "一つの問い合わせ、全コア", "", Seconds, span(10 * time.Minute), span(time.Second),
		span(240 * time.Hour), func(s *Set) *int64 { return nanoseconds(&s.SQLCPU) }},
	{SQLTime, ofSQL, "かかる時間", "一つの問い合わせ", "", Seconds, span(12 * time.Second), span(time.Second), span(24 * time.Hour),
		func(s *Set) *int64 { return nanoseconds(&s.SQLTime) }},
	{SQLOutput, ofSQL, "出力の大きさ", "一つの問い合わせ", "", Bytes, 1 * gb, 1 * mb, 1024 * gb,
		func(s *Set) *int64 { return &s.SQLOutput }},
	{SQLRows, ofSQL, "出力の行数", "一つの問い合わせ", "", Rows, 10_000_000, 1_000, 10_000_000_000,
		func(s *Set) *int64 { return &s.SQLRows }},
	{RunTime, ofRun, "かかる時間", "夜間の実行、読み込み、収集", "", Seconds, span(6 * time.Hour), span(time.Second),
		span(168 * time.Hour), func(s *Set) *int64 { return nanoseconds(&s.RunTime) }},
}

func span(d time.Duration) int64 { return int64(d) }

func nanoseconds(d *time.Duration) *int64 { return (*int64)(d) }

// entry is a line of the table with its value in a set.
func (r row) entry(s *Set) Entry {
	meaning := r.short
	if r.note != "" {
		meaning += "（" + r.note + "）"
	}
	return Entry{
		Name: r.name, Of: r.of, Short: r.short, Meaning: meaning, Advice: r.advice, Unit: r.unit, Default: r.usual,
		Value: *r.at(s), Least: r.least, Most: r.most, Stated: s.stated[r.name],
	}
}
