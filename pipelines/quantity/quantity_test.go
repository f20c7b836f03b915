package quantity

import (
	"encoding/csv"
	"os"
	"strconv"
	"strings"
	"testing"
)

// short writes what matters of a quantity in one line: status value unit comparator change ~ +secondary.
func short(q Quantity) string {
	out := []string{string(q.Status), q.Base, q.BaseUnit}
	if q.Comparator != "" {
		out = append(out, q.Comparator)
	}
	if q.Change != "" {
		out = append(out, q.Change)
	}
	if q.Approx {
		out = append(out, "~")
	}
	if q.Secondary != "" {
		out = append(out, "+", q.Secondary, q.SecondaryUnit)
	}
	return strings.Join(strings.Fields(strings.Join(out, " ")), " ")
}

func TestParse(t *testing.T) {
	cases := map[string]string{
		"１，３５４人": "number 1354 人", "２００％以下": "number 200 % le", "5件未満": "number 5 件 lt", "10回を超える": "number 10 回 gt",
		"126.0%": "number 126 %", "-0.0": "number 0", "12": "number 12", "1,234千円": "number 1234000 円",

		"▲3.4": "number -3.4", "△12": "number -12", "−5": "number -5", "－5": "number -5", "‐5％": "number -5 %",
		"–5":       "number -5",
		"マイナス2.5%": "number -2.5 %", "▲５００千円": "number -500000 円", "(7)": "number 7", "（1,346 人）": "number 1346 人",

		"20億4千万円": "number 2040000000 円", "1兆2,345億円": "number 1234500000000 円", "3億5千2百万円": "number 352000000 円",
		"1万2千人": "number 12000 人", "1,200百万円": "number 1200000000 円", "3.5万": "number 35000", "5千万円": "number 50000000 円",
		"3.2千人": "number 3200 人", "12億円余": "number 1200000000 円 ~", "100千円/回": "number 100000 円/回",

		"3割5分": "number 35 %", "9割以上": "number 90 % ge", "7割強": "number 70 % ~", "１２．５ﾎﾟｲﾝﾄ": "number 12.5 ポイント",
		"2.5ポイント増": "number 2.5 ポイント increase", "前年度比5%減": "number 5 % decrease", "前年度比▲1.2%": "number -1.2 %",

		"20分34秒": "number 1234 秒", "1時間30分": "number 90 分", "2年6か月": "number 30 か月", "1時間半": "number 1.5 時間",
		"1時間 30分 以内": "number 90 分 le",

		"月1回": "number 1 回", "-件": "missing 件", "0463-82-5111": "text", "０４６３（８２）５１１１": "text", "ー5％": "number -5 %",
		"年2回以上": "number 2 回 ge", "延べ1,234人": "number 1234 人", "8,800時間/年": "number 8800 時間",
		"90%以上を維持": "number 90 % ge", "おおむね80％": "number 80 % ~", "≧90%": "number 90 % ge",
		"令和8年度末までに100％": "number 100 %", "R8年度までに50件": "number 50 件", "30件（R6.3末時点）": "number 30 件", "30件※速報値": "number 30 件",
		"320件 (1,290人)": "number 320 件 + 1290 人", "6（再掲1）": "number 6 + 1 再掲", "30件（うち5件）": "number 30 件 + 5 件",
		"80名\n110名": "number 80 名 + 110 名", "80\n110": "number 80 + 110", "3回×20人=60人": "number 60 人 + 20 人", "½": "text",
		"①":   "text",
		"1/2": "number 0.5", "1/3": "text", "2分の1": "number 0.5", "¥1,234": "number 1234 円", "300㎡": "number 300 ㎡",
		"12t-CO2": "number 12 t-CO2",

		"—": "missing", "": "missing", "　": "missing", "…": "missing", "・": "missing", "〇〇": "missing", "(-)": "missing",
		"空欄":  "missing",
		"〇〇件": "missing 件", "○,○○○千円": "missing 円", "該当なし": "text", "N/A": "text", "/": "text",
		"目標値は試行の後に決定": "undecided", "未定": "undecided", "令和9年度に検討": "undecided", "調整中（R9）": "undecided",
		"R8年度の試行後に設定": "undecided",

		"2000 人": "number 2000 人", "1950 人以上": "number 1950 人 ge", "2020 50": "text", "10件策定": "number 10 件",
		"100件設定": "number 100 件",
		"五百件":    "text", "1O0": "text", "10O": "text", "l0": "text", "全国平均以上": "text ge", "1,35人": "text", "12 と 13": "text",
		"1 234":  "text",
		"10～20件": "text", "令和6年度": "text", "2024年度": "text", "R6": "text", "4月1日": "text", "2024/4/1": "text",
		"10:30": "text", "9時30分": "text",
		"0123-45-6789": "text", "3.4.5": "text", "第3回": "text", "100%→120%": "text", "実績はなし": "text", "約100名～": "text",
		"10-2":  "text",
		"30件増減": "text", "▲5%減": "text", "--5": "text", "1万2万": "text", "3件あったが今年は4件": "text", "2倍の3件": "text",
		"2×3=7": "text",
	}
	for literal, want := range cases {
		if got := short(Parse(literal)); got != want {
			t.Errorf("Parse(%q) = %s, want %s (%s)", literal, got, want, Parse(literal).Why)
		}
	}
}

// TestLiterals compares with what people noted beside quantities: those of published plans and reports (literals.csv),
// and others that offices write (invented.csv, annotated by the same rules without looking at the parser).
func TestLiterals(t *testing.T) {
	for _, name := range []string{"testdata/literals.csv", "testdata/invented.csv"} {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := csv.NewReader(f).ReadAll()
		_ = f.Close() // read only
		if err != nil || len(lines) < 300 {
			t.Fatalf("%s: %d lines, %v", name, len(lines), err)
		}
		for _, l := range lines[1:] {
			compare(t, lines[0], l)
		}
	}
}

func compare(t *testing.T, head, l []string) {
	t.Helper()
	none := func(s string) string {
		if s == "" {
			return "none"
		}
		return s
	}
	q := Parse(l[0])
	got := []string{
		q.Base, q.BaseUnit, none(q.Comparator), none(q.Change), strconv.FormatBool(q.Approx), q.Secondary, q.SecondaryUnit,
		string(q.Status),
	}
	for i, want := range l[3:11] {
		if got[i] != want {
			t.Errorf("%q: %s is %q, want %q (%s)", l[0], head[3+i], got[i], want, q.Why)
		}
	}
}

func TestIn(t *testing.T) {
	cases := []struct{ literal, unit, want string }{
		{"342千円", "千円", "342"}, {"3.5万人", "人", "35000"}, {"3.5万人", "千人", "35"}, {"1時間30分", "分", "90"},
		{"1時間30分", "時間", "1.5"},
		{"20分34秒", "秒", "1234"}, {"約５割", "%", "50"}, {"20億4千万円", "円", "2040000000"}, {"342", "千円", "342"},
		{"15秒減", "秒", "15"},
		{"91,200,000千円", "千円", "91200000"}, {"30名", "人", "30"}, {"3箇所", "か所", "3"}, {"3件", "－", "3"},
		{"8,800時間/年間", "時間", "8800"},
		{"2ポイント増", "%", "2"}, {"1,234円", "千円（税込）", "1.234"}, {"25万尾以上", "万尾", "25"}, {"3.5千㎡", "㎡", "3500"},
		{"90件", "件/年", "90"}, {"20分", "時間", ""}, {"30件", "%", ""}, {"5人", "円", ""},
		{"五百件", "件", ""}, {"118,000m", "km", "118"}, {"2.5ha", "㎡", "25000"}, {"500g", "kg", "0.5"}, {"118件", "人", ""},
		{"118人", "件", ""},
		{"30名", "延べ人数", "30"}, {"5件", "件数", "5"}, {"3個所", "箇所", "3"}, {"3件", "回", ""}, {"5人", "人/日", "5"},
		{"100/年", "千円", "100"},
		{"500g", "kg-CO2", "0.5"}, {"500kg-CO2", "t-CO2", "0.5"}, {"500g-CO2", "kg", ""}, {"500Wh", "kWh/台", "0.5"},
		{"500m", "km/日", "0.5"}, {"2km", "km2", ""}, {"20分", "人分", ""}, {"30回線", "回", ""}, {"45円", "円/件", "45"},
		{"45円", "千円/件", "0.045"}, {"45円/件", "千円/件", "0.045"}, {"45円/件", "円/人", ""}, {"45円/件", "円", ""},
		{"5人/千人", "人/万人", "50"}, {"2ポイント増", "ポイント", "2"}, {"2ポイント", "%", ""}, {"20%", "ポイント", ""},
		{"342千円", "－", ""}, {"9割", "－", ""}, {"3件", "", "3"}, {"2km2", "ha", "200"}, {"3千箇所", "か所", "3000"},
		{"5件数", "件", "5"}, {"1m", "延長", ""}, {"2日", "時間", ""}, {"1年", "か月", "12"}, {"5kWh", "Wh", "5000"},
		{"12歳", "才", "12"}, {"5件", "件/月", "5"}, {"5件/月", "件", ""}, {"3t", "トン", "3"}, {"3トン", "kg", "3000"},
	}
	for _, c := range cases {
		if got, ok := Parse(c.literal).In(c.unit); got != c.want || ok != (c.want != "") {
			t.Errorf("Parse(%q).In(%q) = %q, %v, want %q", c.literal, c.unit, got, ok, c.want)
		}
	}
}

// A bare number passes from one unit to another only where the two are the same unit, or where the column's is a rate
// of the cell's: of all pairs, also of units that contain one another.
func TestBareNumbersPassOnlyBetweenSameUnits(t *testing.T) {
	units := append(Units(), "円", "千円", "百万円", "件", "件数", "回", "回線", "人", "人分", "人/日", "名", "延べ人数", "分", "時間", "日",
		"か月", "年", "%", "ポイント", "割", "か所", "箇所", "台", "kg-CO2", "t-CO2", "kWh/台", "km/日", "円/件", "円/人", "件/月", "点", "点字")
	same, converted, refused := 0, 0, 0
	for _, cell := range units {
		for _, column := range units {
			q := Parse("7" + cell)
			if q.Status != Number {
				continue // 7年 reads as a year, KM is no unit of a cell
			}
			got, ok := q.In(column)
			counted, _, rate := strings.Cut(column, "/")
			switch {
			case SameUnit(cell, column), rate && SameUnit(cell, counted), SameUnit(cell+"-CO2", column):
				same++
				if got != "7" || !ok {
					t.Errorf("7%s in %s is %q, %v, want 7", cell, column, got, ok)
				}
			case got == "7":
				t.Errorf("7%s passes for 7 in %s", cell, column)
			case ok:
				converted++
			default:
				refused++
			}
		}
	}
	if same < 80 || converted < 100 || refused < 1000 {
		t.Errorf("%d pairs are the same, %d convert, %d are refused", same, converted, refused)
	}
}

// The second value of a cell is in the unit that it states, else in that of the first as it is written.
func TestSecond(t *testing.T) {
	for literal, want := range map[string]string{
		"1,352千円（1,346千円）": "1346", "1,352千円（1,346）": "1346", "1,352千円（1百万円）": "1000", "1,352（1,346千円）": "1346",
		"6（再掲1）": "1", "6(1)": "1", "5千万円（3）": "30000", "2十億円（1）": "1000000", "2億円（1）": "100000", "2百円（5）": "0.5",
	} {
		if got, ok := Parse(literal).Second().In("千円"); got != want || !ok {
			t.Errorf("the second value of %s in 千円 is %q, %v, want %s", literal, got, ok, want)
		}
	}
	if got, ok := Parse("320件（1,290人）").Second().In("件"); ok {
		t.Errorf("1,290人 passes for %s件", got)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"1,354 人", "50 億円以上", "▲3.4", "…", "1O0", "\xff", "１．２．３", "20億4千万円", "1時間30分", "3割5分", "6(1)", "80名\n110名",
		"1,000千円×6人=6,000千円", "令和8年度末までに100％", "約〇人分", "1/2", "第3回", "約約約約1", "(((1", "99999999999999999999999999999999兆円",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s)
		if (q.Status == Number) != (q.Value != "") || (q.Status == Number) != (q.Base != "") {
			t.Errorf("Parse(%q) = %+v", s, q)
		}
		if q.Status == Number && (Canonical(q.Value) != q.Value || Canonical(q.Base) != q.Base) {
			t.Errorf("Parse(%q) has the value %q, %q, not canonical", s, q.Value, q.Base)
		}
		if (q.Status == Text) != (q.Why != "") {
			t.Errorf("Parse(%q) is text without a reason", s)
		}
		q.In("千円")
	})
}
