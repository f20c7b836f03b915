package brief

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// knownNames refuses a meeting whose municipality, or one of whose items' plans, no data have: its tables would be empty,
// or fail with a query's name. The line of the meeting's file is told, and the name that is nearest.
func knownNames(ctx context.Context, fsys fs.FS, m Meeting, on Querier) error {
	cities, err := names(ctx, on, `SELECT municipality FROM meta.workbooks UNION SELECT municipality FROM meta.plans
		UNION SELECT municipality FROM meta.departments ORDER BY 1`)
	if err != nil {
		return err
	}
	if m.Municipality != "" && len(cities) > 0 && !slices.Contains(cities, m.Municipality) {
		return m.unknown(fsys, "municipality", m.Municipality, cities)
	}
	for _, it := range m.Items {
		city := m.Municipality
		if own, ok := it.Parameters["municipality"].(string); ok {
			if city = own; len(cities) > 0 && !slices.Contains(cities, own) {
				return m.unknown(fsys, "municipality", own, cities)
			}
		}
		plan, ok := it.Parameters["plan"].(string)
		if !ok {
			continue
		}
		plans, err := plansOf(ctx, on, city)
		if err != nil {
			return err
		}
		if len(plans) > 0 && !slices.Contains(plans, plan) {
			return m.unknown(fsys, "plan", plan, plans)
		}
	}
	return nil
}

// plansOf are the plans of the settings and of the marts, which may be a workbook's own.
func plansOf(ctx context.Context, on Querier, city string) ([]string, error) {
	marts, err := names(ctx, on, `SELECT table_name FROM duckdb_columns() WHERE schema_name = 'marts' AND column_name = 'plan'
		AND (database_name, table_name) IN (
			SELECT (database_name, table_name) FROM duckdb_columns() WHERE schema_name = 'marts' AND column_name = 'municipality')
		ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	query := "SELECT plan FROM meta.plans WHERE municipality = $municipality"
	for _, table := range marts {
		query += ` UNION SELECT plan FROM marts."` + table + `" WHERE municipality = $municipality`
	}
	return names(ctx, on, query+" ORDER BY 1", warehouse.Named("municipality", city))
}

func names(ctx context.Context, on Querier, query string, args ...any) ([]string, error) {
	r, err := on.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("reading what is known: %w", err)
	}
	var out []string
	for _, row := range r.Rows {
		if row[0] != nil {
			out = append(out, fmt.Sprint(row[0]))
		}
	}
	return out, nil
}

// unknown says which word of a meeting's file names nothing.
func (m Meeting) unknown(fsys fs.FS, key, word string, known []string) error {
	where := path.Join(meetingsDir, m.ID+".yaml")
	if data, err := fs.ReadFile(fsys, where); err == nil {
		for i, line := range strings.Split(string(data), "\n") {
			if strings.Contains(line, key) && strings.Contains(line, word) {
				where = fmt.Sprintf("%s の%d行目", where, i+1)
				break
			}
		}
	}
	what := map[string]string{"municipality": "自治体", "plan": "計画"}[key]
	do := "いまのデータにある" + what + "は " + strings.Join(known, "、") + " です。"
	if near := record.Closest(word, known); near != "" {
		do = "「" + near + "」ではありませんか。" + do
	}
	return &Error{Where: where, What: key + "（" + what + "）の「" + word + "」は、いまのデータにありません", Do: do}
}

// UnknownDepartments says which departments of a meeting's items 組織.csv does not know: they are printed in the box as
// they are written.
func UnknownDepartments(ctx context.Context, m Meeting, on Querier) ([]string, error) {
	known, err := names(ctx, on, `SELECT unnest([department, bureau || department]) FROM meta.departments WHERE municipality = $municipality
		ORDER BY 1`, warehouse.Named("municipality", m.Municipality))
	if err != nil || len(known) == 0 {
		return nil, err
	}
	var out []string
	for _, it := range m.Items {
		for _, name := range strings.FieldsFunc(it.Department, func(r rune) bool { return strings.ContainsRune("、，,・\n", r) }) {
			says := "案件「" + it.Title + "」の department「" + name + "」は組織.csvにありません"
			switch near := record.Nearest(record.Normal(name), known); {
			case slices.Contains(known, record.Normal(name)):
				continue
			case near != "":
				says += "。「" + near + "」ではありませんか"
			}
			if !slices.Contains(out, says) {
				out = append(out, says)
			}
		}
	}
	return out, nil
}
