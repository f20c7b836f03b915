package learn

import (
	"fmt"
	"slices"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
)

// verify holds what the examples are read to say against what stands below and beside the heads: a field of which a
// cell is read as something else, or not at all, is left open, and so is what hangs together with it. The two know
// nothing of each other: heads are found by places, and cells are read by words.
func (d *draft) verify(examples []Example) {
	read := map[cell]record.Cell{}
	records, having := 0, map[string]int{}
	for k, w := range d.read {
		for _, c := range w.Cells {
			read[cell{example: d.of[k], sheet: c.Sheet, ref: c.Ref}] = c
		}
		for i := range w.Records {
			records++
			for name := range namesOf(&w.Records[i]) {
				having[name]++
			}
		}
	}
	odd := map[*field]string{}
	for _, f := range d.fields {
		if c, n := d.elsewhere(f, read); n > 0 {
			odd[f] = fmt.Sprintf("%s!%s の「%s」が、この項目と読めません", c.sheet, c.ref, c.text)
		}
	}
	if misfit := d.misfit(records); len(misfit) > 0 {
		d.trouble, d.unread = misfit, true
		d.try(examples)
		return
	}
	if len(odd) == 0 {
		return
	}
	for _, f := range d.fields {
		if odd[f] == "" && f != d.namer && f.kind != "skip" && len(f.heads) > 0 && (f.scoped || having[f.name] < records) {
			odd[f] = "読めない項目のある記録の値なので、確かめられません"
		}
	}
	before := d.doubts()
	one := *d
	one.fields, one.left, one.key = cloned(d.fields), slices.Clone(d.left), slices.Clone(d.key)
	d.openUp(odd)
	if d.try(examples) && d.doubts() <= before && len(d.troubles()) == 0 {
		return
	}
	*d = one // what is left would be read by other words than its own: nothing of it is sure
	d.unread = true
	d.try(examples)
}

// misfit is what makes the form not fit the examples at all; nothing where it does.
func (d *draft) misfit(records int) []record.Finding {
	if records == 0 && d.answered() {
		return []record.Finding{{Message: "記入された例から、記録を一つも読み取れません。"}}
	}
	if s := d.shownByExample(); s != nil {
		return []record.Finding{{
			Sheet: s.name, Message: "記入例がいくつもの行か列にまたがっています。記入例を除いた調査票を例にしてください。",
		}}
	}
	for _, w := range d.read {
		for _, c := range w.Cells {
			if c.Claim == record.ClaimValue && form.IsExample(c.Text) {
				return []record.Finding{{
					Sheet: c.Sheet, Cell: c.Ref, Message: "「" + c.Text + "」が記録として読まれます。記入例を除いた調査票を例にしてください。",
				}}
			}
		}
	}
	return d.troubles()
}

// answered reports an example that is filled in.
func (d *draft) answered() bool {
	return slices.ContainsFunc(d.fields, func(f *field) bool {
		return slices.ContainsFunc(f.heads, func(h *head) bool { return h.listed && len(h.answers.all) > 0 })
	})
}

// shownByExample is a sheet that shows how to fill in over several lines, of which only the first says so.
func (d *draft) shownByExample() *sheet {
	for _, s := range d.sheets {
		if s.exampled && (s.yearColumn() || len(s.labels) > 0 && len(s.heads) == 0) {
			return s
		}
	}
	return nil
}

func namesOf(r *record.Record) map[string]bool {
	out := map[string]bool{}
	for _, f := range r.Fields {
		out[f.Name] = true
	}
	return out
}

// openUp leaves fields open: they stand in the YAML for a person to take in, and are not read.
func (d *draft) openUp(odd map[*field]string) {
	d.fields = slices.DeleteFunc(d.fields, func(f *field) bool {
		why := odd[f]
		if why == "" || f == d.namer {
			return false
		}
		line := d.line(f)
		d.left = append(d.left, open{head: f.heads[0], why: why, line: line})
		return true
	})
	d.key = slices.DeleteFunc(d.key, func(name string) bool { return !d.has(name) })
}

// elsewhere counts the cells of a field that are read as something else, and gives the first.
func (d *draft) elsewhere(f *field, read map[cell]record.Cell) (first cell, n int) {
	name := f.name
	if d.series && name == "target" {
		name = "plan_value"
	}
	if f.kind == "skip" || d.series && name == "unit" {
		return first, 0
	}
	for _, h := range f.heads {
		for _, c := range h.cells {
			got := read[cell{example: c.example, sheet: c.sheet, ref: c.ref}]
			other := got.Claim == record.ClaimValue && got.Field != "" && got.Field != name
			if missing(c.text) || got.Claim != record.ClaimUnread && !other {
				continue
			}
			if n++; n == 1 {
				first = c
			}
		}
	}
	return first, n
}

// troubles are the findings that say that the form does not fit the examples, and not that an answer is amiss: what
// stands somewhere and is nobody's, what reads in two ways, records without a name; and whatever keeps out most
// records.
func (d *draft) troubles() []record.Finding {
	var out, all []record.Finding
	records, excluded := 0, 0
	for _, w := range d.read {
		for _, f := range w.Findings {
			if f.Severity != record.Error {
				continue
			}
			all = append(all, f)
			if f.Code == finding.CellsUnread || f.Code == finding.ReadingAmbiguous || f.Code == finding.RequiredMissing {
				out = append(out, f)
			}
		}
		for _, r := range w.Records {
			records++
			excluded += bit(r.Excluded)
		}
	}
	if 2*excluded > records || records == 0 {
		return all
	}
	return out
}
