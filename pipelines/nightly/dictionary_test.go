package nightly

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite docs/データ辞書.md and the golden papers")

// The data dictionary is made from the comments of the published file: it is never behind sql/, and nothing is without
// one.
func TestDictionaryIsFresh(t *testing.T) {
	t.Parallel()
	env := sample(t)
	var out strings.Builder
	out.WriteString("# データ辞書\n\nデータファイル（outputs/warehouse/current.duckdb）の表と列、SQLで使えるマクロの一覧です。\n" +
		"`sql/` のコメントから作ります（`go test ./pipelines/nightly -run Dictionary -update`）。\n")
	for _, schema := range [][2]string{{"marts", "資料に使う表"}, {"staging", "途中の表"}, {"raw", "読み取ったまま"}, {"meta", "実行と設定"}} {
		fmt.Fprintf(&out, "\n## %s（%s）\n", schema[0], schema[1])
		for _, table := range query(
			t, env, `SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = '`+schema[0]+`' ORDER BY 1`,
		) {
			if table[1] == "" {
				t.Errorf("%s.%s has no comment", schema[0], table[0])
			}
			fmt.Fprintf(&out, "\n### %s.%s\n\n%s\n\n| 列 | 型 | 説明 |\n|---|---|---|\n", schema[0], table[0], table[1])
			for _, c := range query(t, env, `SELECT column_name, data_type, comment FROM duckdb_columns()
				WHERE schema_name = '`+schema[0]+`' AND table_name = '`+table[0]+`' ORDER BY column_index`) {
				if c[2] == "" {
					t.Errorf("%s.%s.%s has no comment: add it to the file or to sql/columns.sql", schema[0], table[0], c[0])
				}
				fmt.Fprintf(&out, "| %s | %s | %s |\n", c[0], strings.ReplaceAll(c[1], "|", "\\|"), c[2])
			}
		}
	}
	out.WriteString("\n## マクロ\n\n計算の決まりです。どの問い合わせからも呼べます。\n")
	macros, err := filepath.Glob(filepath.Join(root, "sql/macros/*.sql"))
	if err != nil || len(macros) < 10 {
		t.Fatalf("%d macros, %v", len(macros), err)
	}
	for _, file := range macros {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".sql")
		parameters := query(
			t, env,
			`SELECT array_to_string(parameters, ', ') FROM duckdb_functions() WHERE function_name = '`+name+`' AND NOT internal`,
		)
		if len(parameters) == 0 {
			t.Fatalf("%s is no macro of the published file", name)
		}
		fmt.Fprintf(&out, "\n### %s(%s)\n\n", name, parameters[0][0])
		example := false
		for _, line := range strings.Split(string(data), "\n") {
			text, comment := strings.CutPrefix(line, "-- ")
			if !comment {
				break
			}
			example = example || strings.HasPrefix(text, "例:")
			out.WriteString(text + "  \n")
		}
		if !example {
			t.Errorf("%s has no example (例:)", file)
		}
	}
	file := filepath.Join(root, "docs", "データ辞書.md")
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if now, err := os.ReadFile(file); err != nil || string(now) != out.String() {
		t.Errorf("docs/データ辞書.md is behind sql/: go test ./pipelines/nightly -run Dictionary -update (%v)", err)
	}
}
