package reading

import (
	"slices"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
)

// Listed are the records that the lists of municipalities (指標.csv, 取組.csv) name, and what is to be said of the lists.
func Listed(env project.Env, forms []form.Form, masters form.Masters) ([]record.Listed, []record.Finding, error) {
	return masters.Listed(forms, func(city, plan string) []string {
		var out, all []string
		for _, p := range env.Settings.Plans {
			if p.Municipality != city {
				continue
			}
			all = append(all, p.Forms...)
			if record.Key(p.Name) == record.Key(plan) {
				out = append(out, p.Forms...)
			}
		}
		if len(out) == 0 { // of a plan that only workbooks state
			out = all
		}
		slices.Sort(out)
		return slices.Compact(out)
	})
}

// readLists reads what the lists of every municipality name.
func (r *Reader) readLists(env project.Env, forms []form.Form) error {
	listed, findings, err := Listed(env, forms, r.masters)
	if err != nil {
		return err
	}
	r.listed, r.listFindings = map[string][]record.Listed{}, map[string][]record.Finding{}
	for _, l := range listed {
		r.listed[l.Municipality] = append(r.listed[l.Municipality], l)
	}
	for _, f := range findings {
		r.listFindings[f.Municipality] = append(r.listFindings[f.Municipality], f)
	}
	return nil
}
