package cli

import (
	"context"
	"maps"
	"slices"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/wording"
)

// words prints what is to be looked at in a meeting's papers and in the departments' texts, by paper and department.
func (o *options) words(ctx context.Context, env project.Env, db *warehouse.Reader, meeting string) error {
	m, err := chooseMeeting(env, meeting)
	if err != nil {
		return err
	}
	remarks, err := wording.Texts(ctx, env.Project, db, m)
	if err != nil {
		return err
	}
	kinds := map[string]int{}
	last, path := "", ""
	for _, r := range remarks {
		kinds[r.Kind]++
		if o.json {
			if err := o.line("word", r); err != nil {
				return err
			}
			continue
		}
		head := "■ 資料 " + r.Item
		if r.Item == "" {
			head = "■ " + r.Department
		}
		if head != last {
			printable.Fprintln(o.Stdout, head)
			last = head
		}
		if r.Path != "" && r.Path != path {
			path = r.Path
			printable.Fprintln(o.Stdout, "  "+r.Path)
		}
		printable.Fprintf(o.Stdout, "  %s［%s］\n    %s\n", r.Place, r.Kind, r.Message)
	}
	if !o.json {
		printable.Fprintf(o.Stdout, "会議 %s: 確かめるところ%d件", m.ID, len(remarks))
		for _, kind := range slices.Sorted(maps.Keys(kinds)) {
			printable.Fprintf(o.Stdout, "、%s%d件", kind, kinds[kind])
		}
		printable.Fprintln(o.Stdout)
	}
	return nil
}
