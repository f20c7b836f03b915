package wording

import (
	"strings"
	"testing"
	"testing/fstest"
)

const head = "用いない,用いる,区分,除く,備考\n"

func list(t *testing.T, lines string) List {
	t.Helper()
	l, err := Load(fstest.MapFS{File: {Data: []byte("\ufeff" + head + lines)}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestCheck(t *testing.T) {
	l := list(t, "概ね,おおむね,用語,,\n取組み,取組,用語,取組みます|取組みました,名詞のとき\n/[０-９]+/,半角,全角・半角,,数字は半角\n平成32年,令和2年,年号,,\n")
	l = l.Names(map[string]string{"福祉課": "障がい福祉課", "情報管理課": "情報政策課"})
	for text, want := range map[string][]string{
		"おおむね計画どおり":       nil,
		"概ね計画どおり、概ね完了":    {"おおむね", "おおむね"},
		"取組みを進め、取組みました":   {"取組"},
		"１２件を処理":          {"12"},
		"平成32年度から":        {"令和2年"},
		"障がい福祉課と福祉課":      {"障がい福祉課"},
		"情報管理課":           {"情報政策課"},
		"（計画）「目標」(案)【参考】": nil,
		"（計画":    {""},
		"計画）":    {""},
		"（計画)":   {""},
		"「（計画」）": {"", ""},
		"1) 一つ目\n2) 二つ目 ア）三つ目": nil,
		"": nil,
	} {
		got := l.Check(text)
		if len(got) != len(want) {
			t.Errorf("%s: %v", text, got)
			continue
		}
		for i := range got {
			if got[i].Use != want[i] || got[i].Found == "" || got[i].Kind == "" ||
				!strings.Contains(got[i].Message(), got[i].Found) {
				t.Errorf("%s: %+v, want %s", text, got[i], want[i])
			}
		}
	}
	if r := l.Check("この計画は、概ね期間のとおりに進んだ"); r[0].Found != "この計画は、概ね期間のとおり" ||
		r[0].Message() != "「この計画は、概ね期間のとおり」の「概ね」は、「おおむね」と書きます。" {
		t.Errorf("%+v", r)
	}
}

func TestLoad(t *testing.T) {
	for data, want := range map[string]string{
		"a,b\n":            ":1: 見出しは",
		"":                 ":1: 見出しは",
		head + "概ね,おおむね\n": ":2: 列は",
		head + "概ね,おおむね,用語,,\n,x,,,\n": ":3: 列は",
		head + "/(/,x,用語,,\n":          "正規表現",
		head + "/x*/,x,用語,,\n":         "正規表現",
		head + "\"概ね,x\n":              "引用符",
	} {
		if _, err := Load(fstest.MapFS{File: {Data: []byte(data)}}); err == nil || !strings.Contains(
			err.Error(), want,
		) || !strings.Contains(err.Error(), File) {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
	if l, err := Load(fstest.MapFS{}); err != nil || l != nil {
		t.Errorf("no list: %v, %v", l, err)
	}
}

func FuzzCheck(f *testing.F) {
	l := List{}.Names(map[string]string{"福祉課": "障がい福祉課"})
	f.Add("（福祉課）」")
	f.Add("\x80)")
	f.Fuzz(func(t *testing.T, text string) {
		if got := len(l.Check(text)); got > len(text) {
			t.Errorf("%d remarks on %q", got, text)
		}
	})
}
