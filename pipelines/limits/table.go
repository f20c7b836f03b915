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
	SheetCount    = "sheets"
	Area          = "area"
	CellCount     = "cells"
	CellText      = "cell_text"
	Text          = "text"
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
)

// row is one line of the table.
type row struct {
	name, of, meaning, advice string
	unit                      Unit
	usual, least, most        int64
	at                        func(*Set) *int64
}

// table has every limit with its usual value, and what settings may make of it.
var table = []row{
	{File, ofWorkbook, "ファイルの大きさ（収集元と inputs に共通）", lessFormat, Bytes, 100 * mb, 100 * kb, 1 * gb,
		func(s *Set) *int64 { return &s.File }},
	{Unpacked, ofWorkbook, "圧縮を解いた大きさの合計", lessFormat, Bytes, 256 * mb, 1 * mb, 4 * gb,
		func(s *Set) *int64 { return &s.Unpacked }},
	{Part, ofWorkbook, "中のXML一つの、圧縮を解いた大きさ", lessFormat, Bytes, 64 * mb, 1 * mb, 1 * gb,
		func(s *Set) *int64 { return &s.Part }},
	{SheetCount, ofWorkbook, "シートの数", split, Sheets, 1_000, 1, 100_000,
		func(s *Set) *int64 { return &s.Sheets }},
	{Area, ofWorkbook, "一つのシートの使用範囲（行数×列数）", lessFormat, Cells, 4_000_000, 1_000, 100_000_000,
		func(s *Set) *int64 { return &s.Area }},
	{CellCount, ofWorkbook, "セルの数（全シートの合計）", lessFormat, Cells, 500_000, 1_000, 20_000_000,
		func(s *Set) *int64 { return &s.Cells }},
	{CellText, ofWorkbook, "一つのセルの文字の大きさ", lessText, Bytes, 1 * mb, 1 * kb, 64 * mb,
		func(s *Set) *int64 { return &s.CellText }},
	{Text, ofWorkbook, "文字の大きさの合計（同じ文字列も、セルごとに数える）", lessText, Bytes, 64 * mb, 100 * kb, 2 * gb,
		func(s *Set) *int64 { return &s.Text }},
	{Merges, ofWorkbook, "結合したセルのか所（全シートの合計）", "使っていない行・列の結合を解除して保存し直してください。", Places,
		50_000, 100, 1_000_000, func(s *Set) *int64 { return &s.Merges }},
	{Formulas, ofWorkbook, "計算式の数（全シートの合計）", valuesOnly, Cells, 200_000, 100, 5_000_000,
		func(s *Set) *int64 { return &s.Formulas }},
	{ReadingMemory, ofReading, "使うメモリ", valuesOnly, Bytes, 768 * mb, 256 * mb, 64 * gb,
		func(s *Set) *int64 { return &s.ReadingMemory }},
	{ReadingCPU, ofReading, "使うCPUの時間", valuesOnly, Seconds, span(30 * time.Second), span(time.Second), span(time.Hour),
		func(s *Set) *int64 { return nanoseconds(&s.ReadingCPU) }},
	{ReadingTime, ofReading, "かかる時間", valuesOnly, Seconds, span(50 * time.Second), span(time.Second), span(time.Hour),
		func(s *Set) *int64 { return nanoseconds(&s.ReadingTime) }},
	{SQLMemory, ofSQL, "一つの接続が使うメモリ", "", Bytes, 1 * gb, 256 * mb, 1024 * gb,
		func(s *Set) *int64 { return &s.SQLMemory }},
	{SQLSpill, ofSQL, "メモリに入らず、ディスクに書く大きさ", "", Bytes, 4 * gb, 1 * mb, 4096 * gb,
		func(s *Set) *int64 { return &s.SQLSpill }},
	{SQLCPU, ofSQL, "一つの問い合わせが使うCPUの時間（全コアの合計）", "", Seconds, span(10 * time.Minute), span(time.Second),
		span(240 * time.Hour), func(s *Set) *int64 { return nanoseconds(&s.SQLCPU) }},
	{SQLTime, ofSQL, "一つの問い合わせにかかる時間", "", Seconds, span(5 * time.Minute), span(time.Second), span(24 * time.Hour),
		func(s *Set) *int64 { return nanoseconds(&s.SQLTime) }},
	{SQLOutput, ofSQL, "一つの問い合わせが出力する大きさ", "", Bytes, 1 * gb, 1 * mb, 1024 * gb,
		func(s *Set) *int64 { return &s.SQLOutput }},
	{SQLRows, ofSQL, "一つの問い合わせが出力する行数", "", Rows, 10_000_000, 1_000, 10_000_000_000,
		func(s *Set) *int64 { return &s.SQLRows }},
	{RunTime, ofRun, "夜間の実行、読み込み、収集にかかる時間", "", Seconds, span(6 * time.Hour), span(time.Second),
		span(168 * time.Hour), func(s *Set) *int64 { return nanoseconds(&s.RunTime) }},
}

func span(d time.Duration) int64 { return int64(d) }

func nanoseconds(d *time.Duration) *int64 { return (*int64)(d) }

// entry is a line of the table with its value in a set.
func (r row) entry(s *Set) Entry {
	return Entry{
		Name: r.name, Of: r.of, Meaning: r.meaning, Advice: r.advice, Unit: r.unit, Default: r.usual, Value: *r.at(s),
		Least: r.least, Most: r.most, Stated: s.stated[r.name],
	}
}
