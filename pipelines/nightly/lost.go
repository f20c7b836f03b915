package nightly

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// whose is a department's folder of a year.
type whose struct {
	municipality       string
	year               int
	bureau, department string
}

// held is what a run holds: of each department the workbooks that count or could be opened, and all that is there.
type held struct {
	read   map[whose]map[string]string // path → sha256
	opened map[whose]bool              // something of it could be opened
	there  map[whose]bool              // something of it is there
	sums   map[string]bool             // municipality|sha256
}

// missing says which departments, and which masters, the published run held and this one does not. What was missing
// before stays so until it is there again, or a person has withdrawn it in 判断.csv.
func (n *night) missing(ctx context.Context) ([]runs.Lost, error) {
	last, ok, err := runs.Find(n.Outputs, n.before)
	if n.before == "" || err != nil || !ok {
		return nil, err
	}
	masters, err := reading.Masters(ctx, n.Env)
	if err != nil {
		return nil, err
	}
	now, err := heldIn(ctx, n.build, masters)
	if err != nil {
		return nil, err
	}
	lost := slices.Clone(last.Lost)
	if before, err := runs.OpenBuilt(ctx, n.Outputs, n.before, runs.ByState); err == nil { // else it is made anew
		defer before.Close()
		old, err := heldIn(ctx, before, masters)
		if err != nil {
			return nil, err
		}
		lost = append(lost, old.without(now, n.before)...)
	}
	lost = append(lost, n.mastersWithout(last)...)
	return n.unsettled(lost, now, masters), nil
}

// asker answers queries: a published file, or one that is being built.
type asker interface {
	Query(ctx context.Context, query string, args ...any) (warehouse.Result, error)
}

func heldIn(ctx context.Context, db asker, masters form.Masters) (held, error) {
	h := held{
		read: map[whose]map[string]string{}, opened: map[whose]bool{}, there: map[whose]bool{}, sums: map[string]bool{},
	}
	r, err := db.Query(ctx, `SELECT path, sha256, municipality, coalesce(fiscal_year, 0), coalesce(bureau, ''),
		coalesce(department, ''), status FROM meta.workbooks ORDER BY path`)
	if err != nil {
		return h, fmt.Errorf("reading workbooks: %w", err)
	}
	for _, row := range r.Rows {
		at, sum, status := warehouse.Text(row[0]), warehouse.Text(row[1]), warehouse.Text(row[6])
		w := whose{municipality: warehouse.Text(row[2]), bureau: warehouse.Text(row[4])}
		w.department = masters.Present(w.municipality, warehouse.Text(row[5]))
		if _, err := fmt.Sscan(warehouse.Text(row[3]), &w.year); err != nil {
			return h, fmt.Errorf("reading workbooks: fiscal year %q", warehouse.Text(row[3]))
		}
		if w.department != "" { // a department may have come to another bureau
			w.bureau = ""
		}
		h.there[w], h.sums[w.municipality+"|"+sum] = true, true
		h.opened[w] = h.opened[w] || status != record.StatusUnreadable
		if status == record.StatusRead || status == record.StatusLeftOut {
			if h.read[w] == nil {
				h.read[w] = map[string]string{}
			}
			h.read[w][at] = sum
		}
	}
	return h, nil
}

// without are the departments of which nothing is left that could be opened. What lies elsewhere now has been moved.
func (h held) without(now held, run string) []runs.Lost {
	var out []runs.Lost
	for w, files := range h.read {
		if now.opened[w] {
			continue
		}
		lost := runs.Lost{
			Municipality: w.municipality, FiscalYear: w.year, Bureau: w.bureau, Department: w.department, Run: run,
		}
		for _, at := range slices.Sorted(maps.Keys(files)) {
			if !now.sums[w.municipality+"|"+files[at]] {
				lost.Files = append(lost.Files, at)
				lost.Bureau = cmp.Or(lost.Bureau, collect.Whose(strings.TrimPrefix(at, "inputs/")).Bureau)
			}
		}
		if len(lost.Files) > 0 {
			out = append(out, lost)
		}
	}
	return out
}

// mastersWithout are the masters on which the last run rested and that are gone, of municipalities that are not.
func (n *night) mastersWithout(last runs.Run) []runs.Lost {
	var out []runs.Lost
	for at := range last.Masters {
		city := collect.Whose(strings.TrimPrefix(at, "inputs/")).Municipality
		masters, there := n.tree.Masters[city]
		if _, stands := masters[path.Base(at)]; there && !stands {
			out = append(out, runs.Lost{Municipality: city, Files: []string{at}, Run: n.before})
		}
	}
	return out
}

// unsettled are the losses that still stand, each once, in the order of their municipalities.
func (n *night) unsettled(lost []runs.Lost, now held, masters form.Masters) []runs.Lost {
	var out []runs.Lost
	seen := map[string]bool{}
	for _, l := range lost {
		w := whose{l.Municipality, l.FiscalYear, l.Bureau, masters.Present(l.Municipality, l.Department)}
		if w.department != "" {
			w.bureau = ""
		}
		if l.FiscalYear == 0 && l.Department == "" && l.Bureau == "" { // a master
			if _, stands := n.tree.Masters[l.Municipality][path.Base(l.Files[0])]; stands {
				continue
			}
		} else if now.opened[w] {
			continue
		}
		l.Unreadable = now.there[w]
		l.Files = slices.DeleteFunc(slices.Clone(l.Files), func(at string) bool {
			return slices.ContainsFunc(masters.Decisions, func(d record.Decision) bool {
				return d.Municipality == l.Municipality && d.Withdraws() && d.Applies(at)
			})
		})
		key := fmt.Sprint(w, l.Files)
		if len(l.Files) == 0 || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b runs.Lost) int {
		return cmp.Or(
			strings.Compare(a.Municipality, b.Municipality), b.FiscalYear-a.FiscalYear, strings.Compare(a.Files[0], b.Files[0]),
		)
	})
	return out
}
