package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// exportMark is the file by which a folder is known to be an export, and may be replaced.
const exportMark = "はじめにお読みください.txt"

// dictionaryQuery is the data dictionary: a line a column.
const dictionaryQuery = `SELECT c.table_name AS 表, t.comment AS 表の説明, c.column_name AS 列, c.data_type AS 型,
  c.comment AS 説明
FROM duckdb_columns() AS c JOIN duckdb_tables() AS t USING (database_name, schema_name, table_name)
WHERE c.schema_name = 'marts' AND database_name = current_database() ORDER BY c.table_name, c.column_index`

func newExport(o *options) *cobra.Command {
	var run string
	var guard bool
	c := &cobra.Command{
		Use: "export DIR", Short: "集計の表を、ほかのソフト（R、Python、Excel、BI）のためにファイルに出す",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"出す先のフォルダを一つ書いてください。例: kyogikai export 持出し"}
			}
			return nil
		},
		Long: `
DIR の parquet に Parquet（自治体と年度で分ける）、csv に CSV（BOM付きUTF-8）、データ辞書.csv に列の説明を書く。
DIR が前に出したものなら、全部を書いてから入れ替える。ほかのファイルのあるフォルダには書かない。
`,
		RunE: func(c *cobra.Command, args []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			return o.export(c.Context(), env, run, filepath.Clean(args[0]), guard)
		},
	}
	c.Flags().StringVar(&run, "run", "", "出す実行（番号、前回、先月、2026-10）。なければいまのデータ")
	addGuardFlag(c, &guard)
	return c
}

func (o *options) export(ctx context.Context, env project.Env, run, dir string, guard bool) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(dir, exportMark)); err != nil {
			return usageError{dir + " には、ほかのファイルがあります。新しいフォルダを指定してください"}
		}
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s を開けません。権限を確かめてください: %w", dir, err)
	}
	if err := atomicfile.MkdirAll(filepath.Dir(dir)); err != nil {
		return fmt.Errorf("%s を作れません。権限と空き容量を確かめてください: %w", filepath.Dir(dir), err)
	}
	next, err := os.MkdirTemp(filepath.Dir(dir), ".export-*")
	if err != nil {
		return fmt.Errorf("%s に書き込めません。権限と空き容量を確かめてください: %w", filepath.Dir(dir), err)
	}
	defer os.RemoveAll(next) //nolint:errcheck // it is gone where it was renamed
	tables, rows, run, err := o.exportTo(ctx, env, run, next, guard)
	if err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(next, 0o755), swap(next, dir)); err != nil {
		return fmt.Errorf("%s に置けません。権限を確かめてください: %w", dir, err)
	}
	for _, t := range tables {
		if o.json {
			if err := o.line("table", map[string]any{"table": t, "rows": rows[t]}); err != nil {
				return err
			}
			continue
		}
		printable.Fprintf(o.Stdout, "%s  %d行\n", result.Padded(t, 20), rows[t])
	}
	if !o.json {
		printable.Fprintf(o.Stdout, "%s に出しました（実行 %s）。\n", dir, run)
	}
	return nil
}

// swap puts a new folder in the place of an old one.
func swap(next, dir string) error {
	old := next + ".old"
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var unsure *atomicfile.Unsure
	if err := atomicfile.PlaceFolder(next, dir); errors.As(err, &unsure) {
		return err
	} else if err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

// exportTo writes everything of a run into a folder.
func (o *options) exportTo(
	ctx context.Context, env project.Env, word, dir string, guard bool,
) (tables []string, rows map[string]int64, run string, err error) {
	for _, d := range []string{"parquet", "csv"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			return nil, nil, "", fmt.Errorf("making the folder %s: %w", d, err)
		}
	}
	if word == "" {
		if _, run, err = warehouse.Current(env.WarehouseDir()); err != nil {
			return nil, nil, "", err
		}
	} else if run, err = pick(env, word); err != nil {
		return nil, nil, "", err
	}
	if err := runs.Verify(env.Outputs, run, runs.ByState); err != nil {
		return nil, nil, "", err
	}
	if tables, rows, err = warehouse.Export(ctx, env.WarehouseDir(), run, filepath.Join(dir, "parquet")); err != nil {
		return nil, nil, "", err
	}
	folder, err := warehouse.SessionFolder(env.WarehouseDir())
	if err != nil {
		return nil, nil, "", err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the next session removes it
	how := sqlOptions{run: run, most: env.Settings.Limits.SQLMemory, encoding: "utf-8-bom", guard: guard}
	a, err := newQuerier(ctx, o, env, how, &desk{o: o, env: env}, folder)
	if err != nil {
		return nil, nil, "", err
	}
	defer a.close()
	queries := map[string]string{"データ辞書.csv": dictionaryQuery}
	for _, t := range tables {
		queries[filepath.Join("csv", t+".csv")] = `SELECT * FROM marts."` + t + `" ORDER BY ALL`
	}
	guarded := 0
	for _, name := range slices.Sorted(maps.Keys(queries)) {
		some, err := a.exportCSV(ctx, filepath.Join(dir, name), queries[name])
		if err != nil {
			return nil, nil, "", err
		}
		guarded += some
	}
	o.tellGuarded(guarded)
	var b strings.Builder
	marks := ""
	if guarded > 0 {
		marks = printable.Sprintf("          式に見える文字%d件の先頭に ' を付けてあります（数値と parquet はもとのまま）。\n", guarded)
	}
	printable.Fprintf(&b, "協議会資料の集計表\n実行: %s\n\ncsv/      BOM付きUTF-8。エクセルでそのまま開けます。sources の列は、値の出どころ（ファイル、シート、セル）です。\n%s"+
		"parquet/  municipality=自治体/fiscal_year=年度 のフォルダに分けてあります（hive形式）。\nデータ辞書.csv  表と列の説明。\n\n",
		a.session.Run, printable.Block(marks))
	for _, t := range tables {
		printable.Fprintf(&b, "%s  %d行\n", result.Padded(t, 20), rows[t])
	}
	if err := os.WriteFile(filepath.Join(dir, exportMark), []byte(b.String()), 0o644); err != nil {
		return nil, nil, "", fmt.Errorf("writing %s: %w", exportMark, err)
	}
	return tables, rows, run, nil
}

// exportCSV writes one table, and counts the texts that are guarded from Excel.
func (a *querier) exportCSV(ctx context.Context, path, query string) (guarded int, err error) {
	q, err := result.Question(ctx, a.session, query)
	if err != nil {
		return 0, err
	}
	rows, err := a.session.Ask(ctx, q, warehouse.ForPeople, nil)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	f, err := os.Create(path)
	if err != nil {
		return 0, fmt.Errorf("writing %s: %w", path, err)
	}
	w := bufio.NewWriter(f)
	_, guarded, err = a.csv(w, rows)
	if err = errors.Join(err, w.Flush(), f.Close()); err != nil {
		return guarded, fmt.Errorf("writing %s: %w", path, err)
	}
	return guarded, nil
}
