package picture

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// painter draws one reading.
type painter struct {
	Reading
	out     strings.Builder
	claimed map[string]map[string]record.Cell // by sheet and address
	uses    map[string]map[string][]use       // the values that a cell gave, in the records' order
	found   []numbered                        // the gravest first
	linked  map[string]bool                   // the ids of the cells that are drawn
	at      map[string]string                 // the id of a cell under a merged range: that of its first one
	drawn   int                               // what the sheets drawn so far weigh
	listed  int                               // lines of the lists of values so far
}

// use is a value that a record has: its places in Workbook.Records and Record.Fields.
type use struct{ record, field int }

// numbered is a finding with its number in the page.
type numbered struct {
	record.Finding
	n int
}

func newPainter(r Reading) *painter {
	p := &painter{
		Reading: r, claimed: map[string]map[string]record.Cell{}, uses: map[string]map[string][]use{},
		linked: map[string]bool{}, at: map[string]string{},
	}
	for _, c := range r.Read.Cells {
		put(p.claimed, c.Sheet, c.Ref, c)
	}
	if r.Grid != nil {
		p.others()
	}
	for i := range r.Read.Records {
		for k, f := range r.Read.Records[i].Fields {
			if sheet := sheetOf(&r.Read.Records[i], f); f.Cell != "" {
				put(p.uses, sheet, f.Cell, append(p.uses[sheet][f.Cell], use{i, k}))
			}
		}
	}
	p.number()
	return p
}

// others are the cells of which nothing is kept: unread where no form recognised the file, else without a claim.
func (p *painter) others() {
	claim := ""
	if len(p.Read.Forms) == 0 {
		claim = record.ClaimUnread
	}
	for _, s := range p.Grid.Sheets {
		s.Each(func(row, col int, c workbook.Cell) {
			ref := s.Ref(row, col)
			if _, kept := p.claimed[s.Name][ref]; !kept && !c.Blank() && !s.Covered(row, col) {
				put(p.claimed, s.Name, ref, record.Cell{Sheet: s.Name, Ref: ref, Claim: claim})
			}
		})
	}
}

func (p *painter) number() {
	rank := func(f record.Finding) int {
		return slices.IndexFunc(gravities, func(g gravity) bool { return g.severity == f.Severity })
	}
	sorted := slices.Clone(p.Read.Findings)
	slices.SortStableFunc(sorted, func(a, b record.Finding) int { return rank(a) - rank(b) })
	for i, f := range sorted {
		p.found = append(p.found, numbered{f, i + 1})
	}
}

// sheetOf is the sheet on which a value stands: its own, or its record's.
func sheetOf(r *record.Record, f record.Field) string {
	if f.Sheet != "" {
		return f.Sheet
	}
	return r.Sheet
}

func put[T any](m map[string]map[string]T, sheet, ref string, v T) {
	if m[sheet] == nil {
		m[sheet] = map[string]T{}
	}
	m[sheet][ref] = v
}

func (p *painter) printf(format string, args ...any) { fmt.Fprintf(&p.out, format, args...) }

// form is the form of a record, nil where the forms have none of its name.
func (p *painter) form(r *record.Record) *form.Form {
	for i := range p.Forms {
		if p.Forms[i].ID == r.Form && p.Forms[i].Record == r.Kind {
			return &p.Forms[i]
		}
	}
	return nil
}

// sheetNumber is the place of a sheet in the file, 1-based; 0 where there is none of the name.
func (p *painter) sheetNumber(name string) int {
	if p.Grid == nil {
		return 0
	}
	return 1 + slices.IndexFunc(p.Grid.Sheets, func(s *workbook.Sheet) bool { return s.Name == name })
}

func cellID(sheet int, ref string) string { return "s" + strconv.Itoa(sheet) + "-" + ref }

// link is the address of a cell or a range, leading to it where that is drawn.
func (p *painter) link(sheet int, ref string) string {
	if ref == "" {
		return "－"
	}
	cell, _, _ := strings.Cut(ref, ":")
	id := cellID(sheet, cell)
	if first, ok := p.at[id]; ok {
		id = first
	}
	if !p.linked[id] {
		return esc(ref)
	}
	return "<a href=\"#" + esc(id) + "\">" + esc(ref) + "</a>"
}
