package model

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	oneModel  = "-- 表。一行が一つ。\nSELECT 1 AS a"
	sevenNull = "SELECT NULL AS municipality, NULL AS department, NULL AS path, NULL AS sheet, NULL AS cell, " +
		"NULL AS found, NULL AS expected WHERE false\n"
)

// What a head says and cannot hold is refused with file and line, before anything is computed.
func TestHeadsThatCannotHoldAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ file, text, says string }{
		"a misspelt code": {
			"sql/tests/x.sql", "-- 一つ前の年度と担当課が違う成果指標。\n-- 範囲: 自治体ごと\n-- 指摘: owner_chnged\n" + sevenNull,
			"sql/tests/x.sql:3: 指摘「owner_chnged」という種類はありません。最も近いのは「",
		},
		"a code one letter off": {
			"sql/tests/x.sql", "-- 何か\n-- 指摘: values_disagre\n" + sevenNull, "最も近いのは「values_disagree」",
		},
		"a good code": {"sql/tests/x.sql", "-- 何か\n-- 指摘: values_disagree\n" + sevenNull, ""},
		"no code":     {"sql/tests/x.sql", "-- 何か\n-- 指摘:\n" + sevenNull, "sql/tests/x.sql:2: 指摘「」という種類"},
		"a wide colon": {
			"sql/tests/x.sql", "-- 何か\n--指摘：values_disagre\n" + sevenNull, "sql/tests/x.sql:2: 指摘「values_disagre」",
		},
		"a mark before all": {
			"sql/tests/x.sql", "\ufeff-- 指摘: nothing_known\r\n" + sevenNull, "sql/tests/x.sql:1: 指摘「nothing_known」",
		},
		"two codes": {
			"sql/tests/x.sql", "-- 何か\n-- 指摘: values_disagree\n-- 指摘: jumps\n" + sevenNull,
			"sql/tests/x.sql:3: 「指摘」が二つあります（2行目にもあります）",
		},
		"a code and another severity": {
			"sql/tests/x.sql", "-- 何か\n-- 指摘: values_disagree\n-- 重大度: error\n" + sevenNull,
			"sql/tests/x.sql:3: 指摘「values_disagree」の重大度は warning と決まっていて、error にはできません",
		},
		"a code and its severity": {"sql/tests/x.sql", "-- 何か\n-- 指摘: values_disagree\n-- 重大度: warning\n" + sevenNull, ""},
		"a misspelt severity": {
			"sql/tests/x.sql", "-- 何か\n-- 重大度: waring\nSELECT 1 AS a WHERE false",
			"sql/tests/x.sql:2: 重大度「waring」はありません。最も近いのは「warning」です",
		},
		"a severity in Japanese": {
			"sql/tests/x.sql", "-- 何か\n-- 重大度: 注意\nSELECT 1 AS a", "sql/tests/x.sql:2: 重大度「注意」はありません。最も近いのは「warning」です",
		},
		"a misspelt word": {
			"sql/tests/x.sql", "-- 何か\n-- 重大渡: warning\nSELECT 1 AS a",
			"sql/tests/x.sql:2: 「重大渡」という指定はありません。「-- 重大度: warning」",
		},
		"a misspelt word of codes": {
			"sql/tests/x.sql", "-- 何か\n-- 指適: values_disagree\n" + sevenNull, "sql/tests/x.sql:2: 「指適」という指定はありません",
		},
		"a word of a sentence": {"sql/tests/x.sql", "-- 指標: 職員数\n-- 範例: 八戸市\nSELECT 1 AS a WHERE false", ""},
		"below the head": {
			"sql/tests/x.sql", "-- 何か\n\n-- 指摘: values_disagree\n" + sevenNull,
			"sql/tests/x.sql:3: 「-- 指摘: values_disagree」は、ここでは読みません",
		},
		"a misspelt scope": {
			"sql/tests/x.sql", "-- 何か\n-- 範囲: 自治体毎\nSELECT 1 AS a", "sql/tests/x.sql:2: 範囲「自治体毎」はありません",
		},
		"a test among the tables": {
			"sql/marts/x.sql", "-- 何か\n-- 指摘: values_disagree\nSELECT 1 AS a", "sql/marts/x.sql:2: 「指摘」は、sql/tests の検査にだけ書けます",
		},
		"a severity of a table": {"sql/marts/x.sql", "-- 何か\n-- 重大度: warning\nSELECT 1 AS a", "sql/marts/x.sql:2: 「重大度」"},
		"a misspelt scope, table": {
			"sql/marts/x.sql", "-- 何か\n-- 範団: 自治体ごと\nSELECT 1 AS a", "sql/marts/x.sql:2: 「範団」という指定はありません",
		},
		"two keys": {
			"sql/marts/x.sql", "-- 何か\n-- 鍵: a\n-- 鍵: b\nSELECT 1 AS a", "sql/marts/x.sql:3: 「鍵」が二つあります（2行目にもあります）",
		},
		"nothing but instructions": {"sql/marts/x.sql", "-- 鍵: a\nSELECT 1 AS a", "sql/marts/x.sql:1: 先頭に、表の意味"},
	} {
		project := fstest.MapFS{"sql/staging/one.sql": {Data: []byte(oneModel)}, c.file: {Data: []byte(c.text)}}
		_, err := Load(project)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nwant %s", name, err, c.says)
		}
	}
}

// A column that a head names and the statement does not have is refused with its line, and so is a finding's that is
// missing, or that nothing takes.
func TestColumnsThatAreNotThereAreRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, c := range map[string]struct{ file, text, says string }{
		"described": {
			"sql/marts/x.sql", "-- 表\n-- fiscal_yeer: 年度\nSELECT 1 AS fiscal_year, 2 AS b",
			"sql/marts/x.sql:2: 列「fiscal_yeer」は、この文の結果にありません。最も近いのは「fiscal_year」です",
		},
		"of a key":  {"sql/marts/x.sql", "-- 表\n-- 鍵: a, bb\nSELECT 1 AS a, 2 AS b", "sql/marts/x.sql:2: 列「bb」は"},
		"all there": {"sql/marts/x.sql", "-- 表\n-- 鍵: a, b\n-- b: 二\nSELECT 1 AS a, 2 AS b", ""},
		"of a test": {"sql/tests/x.sql", "-- 検査\n-- b: 二\nSELECT 1 AS a WHERE false", "sql/tests/x.sql:2: 列「b」は"},
		"of a finding, gone": {
			"sql/tests/x.sql", "-- 指摘: values_disagree\n" + strings.Replace(sevenNull, "NULL AS cell, ", "", 1),
			"sql/tests/x.sql:1: 指摘を返す検査に列「cell」がありません",
		},
		"of a finding, more": {
			"sql/tests/x.sql", "-- 指摘: values_disagree\n" + strings.Replace(sevenNull, "AS found", "AS fuond", 1),
			"sql/tests/x.sql:1: 指摘を返す検査の列「fuond」は、どこにも使われません。最も近いのは「found」です",
		},
		"of a finding, all": {"sql/tests/x.sql", "-- 指摘: values_disagree\n" + sevenNull, ""},
		"of nobody": {
			"sql/tests/x.sql", "-- 何か\n-- 指摘: values_disagree\n" + strings.Replace(sevenNull, " WHERE false", "", 1),
			"sql/tests/x.sql:2: 自治体（municipality）かファイル（path）の空の行があります",
		},
	} {
		project := fstest.MapFS{"sql/staging/one.sql": {Data: []byte(oneModel)}, c.file: {Data: []byte(c.text)}}
		b := withMacros(t)
		models, err := Load(project)
		if err == nil {
			err = Build(ctx, b, project, models, PartSize)
		}
		if err == nil {
			_, err = Settle(ctx, b, project, PartSize)
		}
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\nwant %s", name, err, c.says)
		}
	}
}
