package record_test

import (
	"fmt"

	"kyogikai/pipelines/record"
)

// row is what a form has read of one row: its name stands in B5, and its values know their cells.
func row() record.Record {
	return record.Record{
		Form: "B", Kind: "initiative", FiscalYear: 2024, Sheet: "取組状況", Row: 5, Cell: "B5", Key: "窓口の予約制",
		Fields: []record.Field{
			{Name: "name", Text: "窓口の予約制", Value: "窓口の予約制", Sheet: "取組状況", Cell: "B5"},
			{Name: "progress", Scope: "2024", Text: "〇", Value: "○", Sheet: "取組状況", Cell: "F5"},
			{Name: "progress", Scope: record.WholePeriod, Text: "◎", Value: "◎", Sheet: "取組状況", Cell: "G5"},
		},
	}
}

func ExampleRecord_Field() {
	r := row()
	f, ok := r.Field("progress", record.WholePeriod)
	fmt.Println(f.Value, f.Cell, ok)
	_, ok = r.Field("progress", "2023")
	fmt.Println(ok)
	// Output:
	// ◎ G5 true
	// false
}

func ExampleRecord_Value() {
	r := row()
	fmt.Printf("%q %q\n", r.Value("progress"), r.Value("self_rating"))
	// Output:
	// "○" ""
}

func ExampleRecord_SetValue() {
	r := row()
	r.SetValue("progress", "△")
	fmt.Println(r.Fields[1].Value, r.Fields[2].Value, r.Fields[1].Text)
	// Output:
	// △ △ 〇
}

func ExampleRecord_Name() {
	r := row()
	fmt.Println(r.Name())
	// Output:
	// 窓口の予約制
}

// Normal is how words are compared: widths, case and white space do not matter.
func ExampleNormal() {
	fmt.Println(record.Normal("ＫＰＩ　名"), record.Normal("取組\n状況"), record.Normal("ﾏｲﾅﾝﾊﾞｰ カード"))
	fmt.Println(record.Normal("Ｒ６ 年度") == record.Normal("r6年度"))
	// Output:
	// kpi名 取組状況 マイナンバーカード
	// true
}

// A line break inside a name is a wrap.
func ExampleOneLine() {
	fmt.Println(record.OneLine(" 窓口の\n予約制 "))
	// Output:
	// 窓口の予約制
}

// Label is how a category prints: letters and digits half width, kana full width, punctuation as written.
func ExampleLabel() {
	fmt.Println(record.Label("（１）ﾃﾞｼﾞﾀﾙ化の\n推進・ﾊﾟｿｺﾝ"))
	// Output:
	// （1）デジタル化の推進・パソコン
}
