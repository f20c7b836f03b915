package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

func newForm(o *options) *cobra.Command {
	var year, only, out string
	c := &cobra.Command{
		Use: "form <課> [--year 令和9年度] [--form A] [-o ファイル]", Short: "課に渡す調査票を、前年度の値を入れて作る",
		Long: `
その課の指標と取組を前年度の調査票から写し、今年度の欄を空けた調査票（xlsx）を作る。記号は選択肢から選べ、
数値の欄は数字だけを受け付け、見出しは固定してある。読み込むときは、様式を推測せずに読む。
自治体が二つ以上あって同じ名前の課があるときは、八戸市/人事課 のように書く。`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{"課を一つ書いてください（例: kyogikai form 人事課）"}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			env, db, err := o.published(c.Context(), runs.ByState)
			if err != nil {
				return err
			}
			defer db.Close()
			return o.form(c.Context(), env, db, args[0], year, only, out)
		},
	}
	c.Flags().StringVar(&year, "year", "", "調査する年度（既定は、前の調査票の次の年度）")
	c.Flags().StringVar(&only, "form", "", "様式の記号（既定は、前に提出した様式すべて）")
	c.Flags().StringVarP(&out, "output", "o", "", "書き出すファイル（既定は outputs/forms/ の下）")
	return c
}

func (o *options) form(ctx context.Context, env project.Env, db *warehouse.Reader, name, year, only, out string) error {
	who, err := department(ctx, db, name)
	if err != nil {
		return err
	}
	forms, err := surveys(env, only)
	if err != nil {
		return err
	}
	answers, newest, err := lastAnswers(ctx, db, forms, who, year, only)
	if err != nil {
		return err
	}
	who.FiscalYear = newest + 1
	if y, ok := fiscal.ParseYear(year); ok {
		who.FiscalYear = y
	} else if year != "" {
		return usageError{"--year は 令和9年度 のように書いてください"}
	}
	if c, ok := env.Settings.Contact(who.Municipality); ok {
		who.SendTo, who.Contact = c.SendTo, c.Reach()
	}
	var in workbook.Intake
	for i := range forms {
		f := &forms[i]
		records := answers[f.ID+"/"+f.Record]
		if len(records) > 0 && records[0].FiscalYear == newest && f.Layout == form.LayoutTable {
			if who.Due, err = dueDay(ctx, db, who, f.ID); err != nil {
				return err
			}
			in.Sheets = append(in.Sheets, f.Intake(who, records))
			if n := len(in.Sheets); n > 1 && slices.ContainsFunc(
				in.Sheets[:n-1], func(s workbook.IntakeSheet) bool { return s.Name == f.Name },
			) {
				in.Sheets[n-1].Name = fmt.Sprintf("%s%d", f.Name, n)
			}
		} else if len(records) > 0 && records[0].FiscalYear == newest {
			printable.Fprintf(o.Stderr, "%sは、指標と年度の表なので作れません。前の調査票を写して使ってください。\n", f.Name)
		}
	}
	if len(in.Sheets) == 0 {
		return fmt.Errorf("%sの%sには、写せる調査票がありません（表の様式だけを作れます）", who.Municipality, who.Department)
	}
	data, err := workbook.WriteIntake(in)
	if err != nil {
		return fmt.Errorf("調査票を作れません: %w", err)
	}
	if out == "" {
		out = filepath.Join(
			env.Outputs, "forms", printable.File(who.Municipality, ""),
			printable.File(fiscal.Wareki(who.FiscalYear)+"_調査票_"+who.Department, ".xlsx"),
		)
	}
	if err := writeFile(out, data); err != nil {
		return fmt.Errorf("writing %s: %w", out, err)
	}
	var names []string
	for _, s := range in.Sheets {
		names = append(names, fmt.Sprintf("%s %d行", s.Name, len(s.Rows)))
	}
	if o.json {
		return o.line("form", map[string]any{
			"file": out, "fiscal_year": who.FiscalYear, "department": who.Department, "municipality": who.Municipality,
		})
	}
	printable.Fprintf(o.Stdout, "調査票を作りました: %s（%s）\n", out, strings.Join(names, "、"))
	return nil
}

// surveys are the forms that departments are asked for a year.
func surveys(env project.Env, only string) ([]form.Form, error) {
	forms, err := form.Load(env.Project, "templates/forms")
	if err != nil {
		return nil, fmt.Errorf("reading forms: %w", err)
	}
	for i := range forms {
		if f := &forms[i]; f.ID == only && !f.IsSurvey() {
			return nil, usageError{f.Name + "は、会議の資料ごとに kyogikai confirm で作ります。--form には調査票の記号を書いてください"}
		}
	}
	return slices.DeleteFunc(forms, func(f form.Form) bool { return !f.IsSurvey() }), nil
}

// department finds who 人事課 or 八戸市/人事課 is.
func department(ctx context.Context, db *warehouse.Reader, name string) (form.Asker, error) {
	city, dept, ok := strings.Cut(name, "/")
	if !ok {
		city, dept = "", name
	}
	r, err := db.Query(ctx, `SELECT municipality, bureau, department FROM meta.departments
		UNION SELECT municipality, bureau, department FROM meta.workbooks ORDER BY ALL`)
	if err != nil {
		return form.Asker{}, fmt.Errorf("reading departments: %w", err)
	}
	var found []form.Asker
	for _, row := range r.Rows {
		a := form.Asker{Municipality: fmt.Sprint(row[0]), Bureau: fmt.Sprint(row[1]), Department: fmt.Sprint(row[2])}
		if a.Department == dept && (city == "" || a.Municipality == city) &&
			!slices.ContainsFunc(found, func(b form.Asker) bool { return a.Municipality == b.Municipality }) {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return form.Asker{}, usageError{"「" + name + "」という課はありません"}
	case 1:
		return found[0], nil
	}
	var cities []string
	for _, a := range found {
		cities = append(cities, a.Municipality+"/"+a.Department)
	}
	return form.Asker{}, usageError{"「" + name + "」は二つ以上の自治体にあります。" + strings.Join(cities, " か ") + " と書いてください"}
}

// dueDay is until when a department owes a form, as 提出対象.csv has it; "" where it does not say.
func dueDay(ctx context.Context, db *warehouse.Reader, who form.Asker, id string) (string, error) {
	r, err := db.Query(ctx, fmt.Sprintf(`SELECT s.due FROM raw.submissions AS s
		WHERE s.municipality = %s AND s.fiscal_year = %d AND s.form_id = %s AND (s.department = %s
			OR EXISTS (SELECT 1 FROM meta.departments AS d WHERE d.municipality = s.municipality AND d.department = %[4]s
				AND list_contains(regexp_split_to_array(d.former_names, '[、,;・|/ 　]+'), s.department)))
		ORDER BY s.due LIMIT 1`, quoted(who.Municipality), who.FiscalYear, quoted(id), quoted(who.Department)))
	if err != nil {
		return "", fmt.Errorf("reading when %s is due: %w", id, err)
	}
	if len(r.Rows) == 0 || r.Rows[0][0] == nil {
		return "", nil
	}
	return fmt.Sprint(r.Rows[0][0]), nil
}

// lastAnswers are a department's records of the newest fiscal year before the one asked for, by form and kind.
func lastAnswers(
	ctx context.Context, db *warehouse.Reader, forms []form.Form, who form.Asker, year, only string,
) (map[string][]record.Record, int, error) {
	before := 9999
	if y, ok := fiscal.ParseYear(year); ok {
		before = y
	}
	r, err := db.Query(ctx, fmt.Sprintf(`SELECT r.form, r.kind, r.record_id, r.fiscal_year, r.key, f.name, f.scope,
		f.text, f.value, f.unit, f.comparator
		FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id) JOIN raw.fields AS f USING (record_id)
		WHERE w.municipality = %s AND w.department = %s AND r.fiscal_year < %d AND (%s = '' OR r.form = %s)
		QUALIFY r.fiscal_year = max(r.fiscal_year) OVER (PARTITION BY r.form)
		ORDER BY r.record_id`, quoted(who.Municipality), quoted(who.Department), before, quoted(only), quoted(only)))
	if err != nil {
		return nil, 0, fmt.Errorf("reading last year's answers: %w", err)
	}
	out := map[string][]record.Record{}
	newest, last := 0, ""
	for _, row := range r.Rows {
		s := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				s[i] = fmt.Sprint(v)
			}
		}
		var y int
		if _, err := fmt.Sscan(s[3], &y); err != nil {
			return nil, 0, fmt.Errorf("reading last year's answers: %w", err)
		}
		k := s[0] + "/" + s[1]
		if !slices.ContainsFunc(forms, func(f form.Form) bool { return f.ID+"/"+f.Record == k }) {
			continue
		}
		newest = max(newest, y)
		if s[2] != last {
			out[k] = append(out[k], record.Record{Form: s[0], Kind: s[1], FiscalYear: y, Key: s[4]})
			last = s[2]
		}
		rec := &out[k][len(out[k])-1]
		rec.Fields = append(rec.Fields, record.Field{
			Name: s[5], Scope: s[6], Text: s[7], Value: s[8], Unit: s[9], Comparator: s[10],
		})
	}
	return out, newest, nil
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
