package meetings

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// YearBefore is what a meeting's papers no longer say that those of the year before said, and which values jump.
type YearBefore struct {
	Differences []council.Difference
	Without     []string // the papers of which there is none of the year before
}

// SinceLastYear compares a meeting's papers, unasked, with those of the year before: of the same template and plan, one
// year earlier; where a template reports no year, of the last meeting that had one. Those that were handed out are as
// they were then, others as the data give them now. What has come new is no loss, and not told.
func SinceLastYear(
	ctx context.Context, env project.Env, m brief.Meeting, db *warehouse.Reader, items []brief.ItemPaper,
) (YearBefore, error) {
	var out YearBefore
	all, err := brief.Meetings(env.Project)
	if err != nil {
		return out, err
	}
	made := map[string][]brief.ItemPaper{}
	for _, p := range items {
		if p.Item.Brief == "" || p.Item.Unlisted {
			continue
		}
		earlier, ok := yearBefore(all, m, p.Item)
		if !ok {
			out.Without = append(out.Without, p.Item.Name())
			continue
		}
		if _, done := made[earlier.ID]; !done {
			if made[earlier.ID], err = papersOf(ctx, env, earlier, db); err != nil {
				return out, fmt.Errorf("making the papers of %s: %w", earlier.ID, err)
			}
		}
		of := slices.IndexFunc(made[earlier.ID], func(b brief.ItemPaper) bool { return precedes(b.Item, p.Item) })
		if of < 0 { // it was taken out of the edition that was handed out
			out.Without = append(out.Without, p.Item.Name())
			continue
		}
		before := made[earlier.ID][of]
		before.Item.Brief, before.Item.Title = p.Item.Brief, p.Item.Title // they belong together, whatever they were called
		for _, d := range council.Against([]brief.ItemPaper{before}, []brief.ItemPaper{p}) {
			if d.Change == "削除" || d.Change == "飛び" {
				d.What += "（会議 " + earlier.ID + " の資料と比べて）"
				out.Differences = append(out.Differences, d)
			}
		}
	}
	return out, nil
}

// yearBefore is the last meeting before another that had the paper of the year before an item's.
func yearBefore(all []brief.Meeting, m brief.Meeting, it brief.Item) (brief.Meeting, bool) {
	var out brief.Meeting
	found := false
	for _, o := range all {
		if o.ID == m.ID || o.Municipality != m.Municipality || o.Example != m.Example || !o.Date.Before(m.Date) {
			continue
		}
		has := slices.ContainsFunc(o.Items, func(b brief.Item) bool { return precedes(b, it) })
		if has && (!found || o.Date.After(out.Date)) {
			out, found = o, true
		}
	}
	return out, found
}

// precedes reports whether an item is the paper of the year before another's.
func precedes(before, now brief.Item) bool {
	if before.Brief != now.Brief || record.Key(parameter(before, "plan")) != record.Key(parameter(now, "plan")) {
		return false
	}
	year, err := strconv.Atoi(parameter(now, "year"))
	return err != nil || parameter(before, "year") == strconv.Itoa(year-1)
}

func parameter(it brief.Item, name string) string {
	if v, ok := it.Parameters[name]; ok {
		return fmt.Sprint(v)
	}
	return ""
}

// papersOf are a meeting's papers: as they were handed out where they are final, else as the data give them now.
func papersOf(ctx context.Context, env project.Env, m brief.Meeting, db *warehouse.Reader) ([]brief.ItemPaper, error) {
	editions, err := council.Editions(env.FinalOf(m.ID))
	if err != nil {
		return nil, err
	}
	if n := len(editions); n > 0 {
		handed, err := openEdition(ctx, env, editions[n-1])
		if err != nil {
			return nil, err
		}
		defer handed.Close()
		return handed.Items, nil
	}
	return brief.RenderAll(ctx, env.Project, m, db)
}

// LastYear compares the papers of a meeting, made from what is published, with those of the year before.
func LastYear(ctx context.Context, env project.Env, m brief.Meeting) (YearBefore, error) {
	db, err := runs.Open(ctx, env.Outputs, runs.ByState)
	if err != nil {
		return YearBefore{}, err
	}
	defer db.Close()
	items, err := brief.RenderAll(ctx, env.Project, m, db)
	if err != nil {
		return YearBefore{}, err
	}
	return SinceLastYear(ctx, env, m, db, items)
}
