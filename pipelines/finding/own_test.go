package finding

import (
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/record"
)

func TestOwnKinds(t *testing.T) {
	list, err := Load(fstest.MapFS{OwnFile: {Data: []byte("\ufeff指摘,重大度,文,すること\r\nowner_changed, warning ,担当課が「{found}」に" +
		"変わりました（前は{expected}）,\"組織.csvを、\n確かめてください。\"\r\n\r\nbig,error,大きすぎます。,直してください\r\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(Kinds)+2 || list[0] != Kinds[0] {
		t.Fatalf("%d kinds", len(list))
	}
	want := Kind{
		Code: "owner_changed", Severity: record.Warning, Says: "担当課が「{found}」に変わりました（前は{expected}）。",
		Do: "組織.csvを、\n確かめてください。",
	}
	k, ok := list.Of("owner_changed")
	if !ok || k != want {
		t.Errorf("got %+v", k)
	}
	if f := k.Finding("表", "A1", "甲", "乙"); f.Severity != record.Warning || !strings.HasPrefix(
		f.Message, "担当課が「甲」に変わりました（前は乙）。組織",
	) {
		t.Errorf("got %+v", f)
	}
	if k, _ := list.Of("big"); k.LeavesOut == "" || k.Severity != record.Error {
		t.Errorf("got %+v", k)
	}
	if list, err := Load(fstest.MapFS{}); err != nil || len(list) != len(Kinds) {
		t.Errorf("without the file: %d kinds, %v", len(list), err)
	}
}

func TestOwnKindsThatCannotHoldAreRefused(t *testing.T) {
	const head = "指摘,重大度,文,すること\n"
	for name, c := range map[string]struct{ text, says string }{
		"another head":        {"記号,重大度,文,すること\n", "sql/findings.csv:1: 見出しは「指摘,重大度,文,すること」です"},
		"a misspelt severity": {head + "\nbig,eror,文,する\n", "sql/findings.csv:3: 重大度「eror」はありません。最も近いのは「error」です"},
		"no severity":         {head + "big,,文,する\n", "sql/findings.csv:2: 重大度「」はありません"},
		"twice": {
			head + "big,error,文,する\nsmall,info,文,する\nbig,info,文,する\n", "sql/findings.csv:4: 指摘「big」は2行目にもあります",
		},
		"one of the program": {head + "hidden_data,error,文,する\n", "sql/findings.csv:2: 指摘「hidden_data」は、はじめからある種類です"},
		"no code":            {head + ",error,文,する\n", "sql/findings.csv:2: 指摘「」は使えません"},
		"capitals":           {head + "Big,error,文,する\n", "sql/findings.csv:2: 指摘「Big」は使えません"},
		"of the operator":    {head + "source_old,error,文,する\n", "sql/findings.csv:2: 指摘「source_old」は使えません"},
		"no text":            {head + "big,error,,する\n", "sql/findings.csv:2: 文とすることの両方"},
		"nothing to do":      {head + "big,error,文,\n", "sql/findings.csv:2: 文とすることの両方"},
		"a misspelt value":   {head + "big,error,「{fuond}」です,する\n", "sql/findings.csv:2: 「{fuond}」は使えません"},
		"a column too many":  {head + "big,error,文,する,他\n", "sql/findings.csv:2: 列が5個です"},
		"quotes":             {head + "big,error,\"文,する\n", "CSV として読めません"},
		"another encoding":   {head + "big,error,\x95\xb6,\x82\xb7\n", "UTF-8ではありません"},
	} {
		_, err := Load(fstest.MapFS{OwnFile: {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nwant %s", name, err, c.says)
		}
	}
}
