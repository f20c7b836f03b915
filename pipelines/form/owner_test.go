package form

import (
	"strings"
	"testing"

	"kyogikai/pipelines/record"
)

// told is an indicator as a department tells it: "target 100件以上, actual 90件".
func told(department, path string, values ...string) *record.Workbook {
	const year = 2026
	r := record.Record{
		Form: "A", Kind: "indicator", Key: "計画|1|来館者", FiscalYear: year, Sheet: "S", Cell: "A2",
		Fields: []record.Field{{Name: "indicator", Value: "来館者", Sheet: "S", Cell: "A2"}},
	}
	for i, v := range values {
		p := strings.Fields(v) // name, scope, value, unit, comparator
		f := record.Field{Name: p[0], Scope: p[1], Text: p[2], Value: p[2], Sheet: "S", Cell: string(rune('B'+i)) + "2"}
		if len(p) > 3 {
			f.Unit = p[3]
		}
		if len(p) > 4 {
			f.Comparator = p[4]
		}
		if f.Value == "—" || !hasDigit(f.Value) && f.Unit != "" {
			f.Value = ""
		}
		r.Fields = append(r.Fields, f)
	}
	return &record.Workbook{
		Path: path, Municipality: "市", FiscalYear: year, Department: department, Status: record.StatusRead,
		Records: []record.Record{r},
	}
}

func ownedForm() []Form {
	return []Form{{ID: "A", Record: "indicator", rules: []FieldRule{
		{Name: "indicator", Type: "name"}, {Name: "target", Type: "number"}, {Name: "actual", Type: "number"},
		{Name: "direction", Type: "choice"}, {Name: "remarks", Type: "text"},
	}}}
}

// What becomes of one indicator told by two departments in one survey year: u used, s superseded, x left out.
func TestOwners(t *testing.T) {
	cases := []struct{ name, a, b, want string }{
		{"equal", "target 2026 100 件,actual 2026 90 件", "target 2026 100 件,actual 2026 90 件", "us"},
		{"the second says more", "target 2026 100 件", "target 2026 100 件,actual 2026 90 件", "su"},
		{"equal but for a dash", "target 2026 — 件,actual 2026 90 件", "actual 2026 90 件", "us"},
		{"equal in another scale", "actual 2026 342000 円", "actual 2026 342 千円", "us"},
		{"equal in another spelling of the unit", "actual 2026 5 名", "actual 2026 5 人", "us"},
		{"other remarks", "actual 2026 90 件,remarks - あ", "actual 2026 90 件,remarks - い", "us"},
		{"another actual", "target 2026 100 件,actual 2026 90 件", "target 2026 100 件,actual 2026 91 件", "xx"},
		{"another unit", "actual 2026 90 件", "actual 2026 90 人", "xx"},
		{"another direction", "direction - 上昇,actual 2026 90 件", "direction - 低下,actual 2026 90 件", "xx"},
		{"another comparator", "target 2026 100 件 ge", "target 2026 100 件 le", "xx"},
		{"a target of one, the actual of the other", "target 2026 100 件", "actual 2026 90 件", "xx"},
		{"other years", "actual 2025 90 件", "actual 2026 90 件", "xx"},
		{"still to be decided", "target 2026 後に決定 件,actual 2026 90 件", "target 2026 100 件,actual 2026 90 件", "xx"},
		{"both to be decided", "target 2026 後に決定 件,actual 2026 90 件", "target 2026 後に決定 件,actual 2026 90 件", "us"},
		{"no answer yet", "target 2026 100 件,actual 2026 集計中 件", "target 2026 100 件,actual 2026 90 件", "su"},
		{"a text for a number", "target 2026 全国平均 件,actual 2026 90 件", "target 2026 100 件,actual 2026 90 件", "xx"},
	}
	for _, c := range cases {
		books := []*record.Workbook{
			told("図書課", "inputs/市/R8/図書.xlsx", strings.Split(c.a, ",")...),
			told("文化課", "inputs/市/R8/文化.xlsx", strings.Split(c.b, ",")...),
		}
		owners(books, ownedForm(), Masters{})
		if got := standings(books); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		for i, w := range books {
			if (len(w.Findings) == 1) != (c.want == "xx") {
				t.Errorf("%s: findings %+v", c.name, w.Findings)
				continue
			}
			if c.want != "xx" {
				continue
			}
			f, other := w.Findings[0], books[1-i]
			if f.Code != "reported_twice" || f.Severity != record.Error || f.Cell == "" ||
				!strings.Contains(f.Message, other.Path) || !strings.Contains(f.Message, other.Department) ||
				!strings.Contains(f.Message, "S!") {
				t.Errorf("%s: %+v does not name both cells", c.name, f)
			}
		}
	}
}

func standings(books []*record.Workbook) string {
	got := ""
	for _, w := range books {
		switch r := w.Records[0]; {
		case r.Excluded:
			got += "x"
		case r.Superseded:
			got += "s"
		default:
			got += "u"
		}
	}
	return got
}

// Who confirms a cell of one decides; a confirmation of both decides nothing. A record with an error of its own,
// another survey year, another municipality, a file left out and a form that many departments answer are no rivals.
func TestOwnersAreDecidedOn(t *testing.T) {
	two := func() []*record.Workbook {
		return []*record.Workbook{
			told("図書課", "inputs/市/R8/図書.xlsx", "actual 2026 90 件"),
			told("文化課", "inputs/市/R8/文化.xlsx", "actual 2026 91 件"),
		}
	}
	confirm := func(path, cell string) record.Decision {
		return record.Decision{Municipality: "市", Path: path, Cell: cell, Decision: "確認"}
	}
	cases := []struct {
		name   string
		change func(books []*record.Workbook, forms []Form) []record.Decision
		want   string
	}{
		{"nothing", func([]*record.Workbook, []Form) []record.Decision { return nil }, "xx"},
		{"the second is confirmed", func([]*record.Workbook, []Form) []record.Decision {
			return []record.Decision{confirm("文化.xlsx", "B2")}
		}, "su"},
		{"the name of the first is confirmed", func([]*record.Workbook, []Form) []record.Decision {
			return []record.Decision{confirm("図書.xlsx", "S!A2")}
		}, "us"},
		{"both are confirmed", func([]*record.Workbook, []Form) []record.Decision {
			return []record.Decision{confirm("図書.xlsx", "B2"), confirm("文化.xlsx", "B2")}
		}, "xx"},
		{"another cell is confirmed", func([]*record.Workbook, []Form) []record.Decision {
			return []record.Decision{confirm("文化.xlsx", "Z9")}
		}, "xx"},
		{"an error of its own", func(b []*record.Workbook, _ []Form) []record.Decision {
			b[0].Records[0].Excluded = true
			return nil
		}, "xu"},
		{"another survey year", func(b []*record.Workbook, _ []Form) []record.Decision {
			b[0].Records[0].FiscalYear = 2025
			return nil
		}, "uu"},
		{"another municipality", func(b []*record.Workbook, _ []Form) []record.Decision {
			b[0].Municipality = "町"
			return nil
		}, "uu"},
		{"a file left out", func(b []*record.Workbook, _ []Form) []record.Decision {
			b[0].Status = record.StatusLeftOut
			return nil
		}, "uu"},
		{"a form that many answer", func(b []*record.Workbook, forms []Form) []record.Decision {
			forms[0].Record, b[0].Records[0].Kind, b[1].Records[0].Kind = "counter", "counter", "counter"
			return nil
		}, "uu"},
		{"a form that says who answers", func(b []*record.Workbook, forms []Form) []record.Decision {
			forms[0].Record, b[0].Records[0].Kind, b[1].Records[0].Kind = "counter", "counter", "counter"
			forms[0].OneOwner = true
			return nil
		}, "xx"},
		{"the same department", func(b []*record.Workbook, _ []Form) []record.Decision {
			b[0].Department = b[1].Department
			return nil
		}, "uu"}, // ambiguous_version is another rule's
	}
	for _, c := range cases {
		books, forms := two(), ownedForm()
		m := Masters{Decisions: c.change(books, forms)}
		owners(books, forms, m)
		if got := standings(books); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Of two equal values the one that says more of itself holds; two that say different things of themselves are two.
func TestOwnersOfQualifiedValues(t *testing.T) {
	plain, january := record.Field{}, record.Field{Span: "年度途中", AsOf: "1月末"}
	december := record.Field{Span: "年度途中", AsOf: "12月末"}
	forecast, about := record.Field{Nature: "見込"}, record.Field{Approx: true}
	both := record.Field{Nature: "見込", Span: "年度途中", AsOf: "12月末"}
	for _, c := range []struct {
		name string
		a, b record.Field
		want string
	}{
		{"both plain", plain, plain, "us"},
		{"the second is of December", plain, december, "su"},
		{"the first is of December", december, plain, "us"},
		{"both are of December", december, december, "us"},
		{"December and January", december, january, "xx"},
		{"a forecast", plain, forecast, "su"},
		{"a forecast and December", forecast, december, "xx"},
		{"a forecast of December", december, both, "su"},
		{"about", about, plain, "us"},
		{"an increase", plain, record.Field{Change: "increase"}, "xx"},
	} {
		books := []*record.Workbook{
			told("図書課", "inputs/市/R8/図書.xlsx", "actual 2026 90 件"),
			told("文化課", "inputs/市/R8/文化.xlsx", "actual 2026 90 件"),
		}
		for i, q := range []record.Field{c.a, c.b} {
			f := &books[i].Records[0].Fields[1]
			f.Nature, f.Span, f.AsOf, f.Approx, f.Change = q.Nature, q.Span, q.AsOf, q.Approx, q.Change
		}
		owners(books, ownedForm(), Masters{})
		if got := standings(books); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
