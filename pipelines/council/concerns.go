package council

import (
	"slices"

	"kyogikai/pipelines/brief"
)

// Concerns says which papers something about a department's file concerns: those of which a figure rests on the same
// form and year, and not on another department alone. Of a file that no form has read the year counts, of one that is
// not there the department and what it owes.
type Concerns struct {
	city   City
	papers []brief.ItemPaper
	rests  []paperRests
	gaps   []Obstacle
}

// Concerns prepares to say what papers something concerns; gaps are what those papers lack.
func (c City) Concerns(papers []brief.ItemPaper, gaps []Obstacle) Concerns {
	return Concerns{c, papers, c.allRests(papers), gaps}
}

// Of are the keys of the papers that something at a place concerns, in the order of the papers.
func (c Concerns) Of(path, sheet, department string) []string {
	f, known := c.city.files[path]
	var forms []string
	for at, some := range c.city.sheets {
		if at.Path == path && (sheet == "" || at.Sheet == sheet) {
			forms = append(forms, some...)
		}
	}
	if len(forms) == 0 {
		forms = []string{""}
	}
	department = c.city.named(department)
	return c.keys(func(rests rests) bool {
		if !known {
			return slices.Contains(rests.departments, department) || slices.ContainsFunc(c.gaps, func(o Obstacle) bool {
				return o.Kind == NotIn && o.Department == department && o.touches(rests)
			})
		}
		return slices.ContainsFunc(forms, func(form string) bool {
			return Obstacle{form: form, year: f.year, Department: department}.touches(rests)
		})
	})
}

// Department are the keys of the papers of which a figure rests on a department, or for which it answers.
func (c Concerns) Department(department string) []string {
	out := c.keys(func(r rests) bool { return slices.Contains(r.departments, department) })
	var all []string
	for _, p := range c.papers {
		if key := p.Item.Key(); slices.Contains(out, key) ||
			p.Document.Existing == nil && c.city.responsible(p.Item) == department {
			all = append(all, key)
		}
	}
	return all
}

func (c Concerns) keys(touches func(rests) bool) []string {
	var out []string
	for i, p := range c.papers {
		if slices.ContainsFunc(c.rests[i].rests, touches) {
			out = append(out, p.Item.Key())
		}
	}
	return out
}
