package unitcase

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/model"
	"kyogikai/pipelines/warehouse"
)

// Fill makes the tables that a case gives, in place of those of the same names.
func (c Case) Fill(ctx context.Context, b *warehouse.Build) error {
	for _, t := range c.Given {
		if err := b.Exec(ctx, t.sql()); err != nil {
			return fmt.Errorf("%s: %w", t.File, err)
		}
	}
	return nil
}

// Models are the models whose rows the case expects, each after those of them that it reads.
func (c Case) Models(ctx context.Context, on model.Querier, all []model.Model) ([]model.Model, error) {
	var out []model.Model
	reads := map[string][]string{}
	for _, t := range c.Expected {
		i := slices.IndexFunc(all, func(m model.Model) bool { return m.Name == t.Name })
		if i < 0 {
			return nil, fmt.Errorf("%s: there is no model %s", t.File, t.Name)
		}
		needs, err := model.Reads(ctx, on, all[i].SQL)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", all[i].File, err)
		}
		reads[t.Name] = needs
		out = append(out, all[i])
	}
	for i := range out { // few: the next is the first that waits for none of the others
		for j := i; j < len(out); j++ {
			waits := func(m model.Model) bool { return m.Name != out[j].Name && slices.Contains(reads[out[j].Name], m.Name) }
			if !slices.ContainsFunc(out[i:], waits) {
				out[i], out[j] = out[j], out[i]
				break
			}
		}
	}
	return out, nil
}

// Check makes every model and calls every macro of the case. It returns how they differ from what is expected.
func (c Case) Check(ctx context.Context, b *warehouse.Build, all []model.Model) ([]string, error) {
	var out []string
	for _, t := range c.Macros {
		differ, err := CheckMacro(ctx, b, t)
		if err != nil {
			return nil, err
		}
		out = append(out, differ...)
	}
	models, err := c.Models(ctx, b, all)
	if err != nil {
		return nil, err
	}
	for _, m := range models {
		differ, err := c.CheckModel(ctx, b, m)
		if err != nil {
			return nil, err
		}
		if differ != "" {
			out = append(out, differ)
		}
	}
	return out, nil
}

// CheckMacro calls a macro with every line's arguments and returns the calls whose value is another.
func CheckMacro(ctx context.Context, b *warehouse.Build, t Table) ([]string, error) {
	r, err := b.Query(ctx, t.calls())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.File, err)
	}
	var out []string
	for i, row := range r.Rows {
		v := row[1]
		got, want := shown(v), trimmed(t.Rows[i][len(t.Head)-1])
		if t.Head[len(t.Head)-1] == "exactly" && v != nil {
			got, want = fmt.Sprint(v), t.Rows[i][len(t.Head)-1]
		}
		if got != want {
			args := strings.Join(t.Rows[i][:len(t.Head)-1], ", ")
			out = append(out, fmt.Sprintf("%s(%s) = %s, want %s", t.Name, args, got, want))
		}
	}
	return out, nil
}

// CheckModel makes the table of a model and returns how its rows differ from what the case expects, in any order;
// "" for not at all.
func (c Case) CheckModel(ctx context.Context, b *warehouse.Build, m model.Model) (string, error) {
	i := slices.IndexFunc(c.Expected, func(t Table) bool { return t.Name == m.Name })
	if i < 0 {
		return "", fmt.Errorf("the case %s expects nothing of %s", c.Name, m.Name)
	}
	t := c.Expected[i]
	if err := b.Exec(ctx, "CREATE OR REPLACE TABLE "+m.Name+" AS\n"+m.SQL); err != nil {
		return "", fmt.Errorf("%s: %w", m.File, err)
	}
	columns := make([]string, len(t.Head))
	for i, h := range t.Head {
		expression, is := strings.CutPrefix(h, "=")
		if !is {
			expression = fmt.Sprintf("%q", h)
		}
		columns[i] = "CAST(" + expression + " AS VARCHAR)"
	}
	r, err := b.Query(ctx, "SELECT "+strings.Join(columns, ", ")+" FROM "+m.Name)
	if err != nil { // the table is there, but not with these columns
		return fmt.Sprintf("%s: %v", t.File, err), nil
	}
	var got, want []string
	for _, row := range r.Rows {
		texts := make([]string, len(row))
		for i, v := range row {
			texts[i] = shown(v)
		}
		got = append(got, strings.Join(texts, " | "))
	}
	for _, row := range t.Rows {
		texts := make([]string, len(row))
		for i, v := range row {
			texts[i] = trimmed(v)
		}
		want = append(want, strings.Join(texts, " | "))
	}
	slices.Sort(got)
	slices.Sort(want)
	if slices.Equal(got, want) {
		return "", nil
	}
	return fmt.Sprintf("%s\n got\n  %s\n want\n  %s", m.Name, strings.Join(got, "\n  "), strings.Join(want, "\n  ")), nil
}

// shown is a value as a case writes it.
func shown(v any) string {
	switch v {
	case nil:
		return ""
	case "":
		return "''"
	}
	return trimmed(fmt.Sprint(v))
}

// trimmed is a number without its trailing zeros, another text as it is.
func trimmed(v string) string {
	if strings.Contains(v, ".") && strings.Trim(v, "-0123456789.") == "" {
		return strings.TrimSuffix(strings.TrimRight(v, "0"), ".")
	}
	return v
}
