package quantity_test

import (
	"fmt"

	"kyogikai/pipelines/quantity"
)

// A literal is read with its unit and its comparator. Value and Unit are as written, Base and BaseUnit scaled.
func ExampleParse() {
	for _, literal := range []string{"1,354 人", "20億4千万円", "90%以上", "３，５００時間未満", "9割", "1時間30分"} {
		q := quantity.Parse(literal)
		fmt.Printf("%s: %s %s = %s %s %q\n", literal, q.Value, q.Unit, q.Base, q.BaseUnit, q.Comparator)
	}
	// Output:
	// 1,354 人: 1354 人 = 1354 人 ""
	// 20億4千万円: 20.4 億円 = 2040000000 円 ""
	// 90%以上: 90 % = 90 % "ge"
	// ３，５００時間未満: 3500 時間 = 3500 時間 "lt"
	// 9割: 9 割 = 90 % ""
	// 1時間30分: 90 分 = 90 分 ""
}

// Words before and after a number say whether it is approximate and in which direction it is a change.
func ExampleParse_words() {
	for _, literal := range []string{"約３割", "▲1,200万円", "5%削減", "10件増"} {
		q := quantity.Parse(literal)
		fmt.Printf("%s: %s %s %v %q\n", literal, q.Value, q.Unit, q.Approx, q.Change)
	}
	// Output:
	// 約３割: 3 割 true ""
	// ▲1,200万円: -1200 万円 false ""
	// 5%削減: 5 % false "decrease"
	// 10件増: 10 件 false "increase"
}

// What is no number is told apart: a mark for no value, a value that is still to be decided, and text with the reason.
func ExampleParse_noNumber() {
	for _, literal := range []string{"－", "目標値は令和7年度に決定", "五百件くらい", "多数"} {
		q := quantity.Parse(literal)
		fmt.Printf("%s: %s %q\n", literal, q.Status, q.Why)
	}
	// Output:
	// －: missing ""
	// 目標値は令和7年度に決定: undecided ""
	// 五百件くらい: text "漢数字で書かれている"
	// 多数: text "数字がない"
}

// A second value stands in parentheses.
func ExampleParse_secondValue() {
	q := quantity.Parse("320件（1,290人）")
	fmt.Println(q.Value, q.Unit, q.Secondary, q.SecondaryUnit)
	// Output:
	// 320 件 1290 人
}

// The unit that a column states decides in which unit a value is wanted. It is false where the two measure different
// things.
func ExampleQuantity_In() {
	for _, c := range [][2]string{{"342千円", "千円"}, {"20億4千万円", "百万円"}, {"1時間30分", "分"}, {"120", "件"}, {"120人", "円"}} {
		value, ok := quantity.Parse(c[0]).In(c[1])
		fmt.Printf("%s in %s: %q %v\n", c[0], c[1], value, ok)
	}
	// Output:
	// 342千円 in 千円: "342" true
	// 20億4千万円 in 百万円: "2040" true
	// 1時間30分 in 分: "90" true
	// 120 in 件: "120" true
	// 120人 in 円: "" false
}

func ExampleCanonical() {
	for _, s := range []string{"126.0", "-0", "50.10", "未定"} {
		fmt.Println(quantity.Canonical(s))
	}
	// Output:
	// 126
	// 0
	// 50.1
	// 未定
}
