package main

// wrappers are functions of which the first argument alone is a mutant.
var wrappers = map[string]bool{
	"coalesce": true, "nullif": true, "abs": true, "sign": true, "trim": true, "list_distinct": true, "list_sort": true,
	"replace": true, "flatten": true, "lpad": true,
}

// calls makes the mutants that drop a function around its first argument, and DISTINCT and FILTER.
func (m *maker) calls(i int) {
	t := m.at(i)
	switch {
	case t.kind == word && wrappers[t.s] && m.at(i+1).is("("):
		end := closing(m.list, i+1)
		parts := m.parts(i+2, end-1)
		m.replace(i, end, "("+m.text(parts[0][0], parts[0][1])+")")
	case t.is("DISTINCT") && !m.at(i-1).is("IS", "NOT"):
		m.replace(i, i, "")
	case t.is("FILTER") && m.at(i+1).is("("):
		m.replace(i, closing(m.list, i+1), "")
	case t.is("LEFT") && m.at(i+1).is("JOIN"):
		m.replace(i, i, "")
	case t.is("UNION") && !m.at(i+1).is("ALL"):
		m.replace(i, i, "UNION ALL")
	}
}

// text is the text of the tokens from first to last.
func (m *maker) text(first, last int) string { return m.sql[m.at(first).start:m.at(last).end] }

// parts are the pieces between the commas from first to last, as the tokens that each begins and ends with.
func (m *maker) parts(first, last int) [][2]int {
	var out [][2]int
	begin := first
	for i := first; i <= last; i++ {
		if m.at(i).is("(", "[", "{") {
			i = closing(m.list, i)
			continue
		}
		if m.at(i).is(",") {
			out = append(out, [2]int{begin, i - 1})
			begin = i + 1
		}
	}
	return append(out, [2]int{begin, last})
}

// clauses makes the mutants that drop a condition, a branch of a CASE, or a column of USING or PARTITION BY.
func (m *maker) clauses(i int) {
	t := m.at(i)
	switch {
	case t.is("WHERE", "ON", "QUALIFY", "HAVING"):
		m.conditions(i+1, m.endOfClause(i+1))
	case t.is("FILTER") && m.at(i+1).is("("):
		last := closing(m.list, i+1) - 1
		if first := i + 2; m.at(first).is("WHERE") {
			m.conditions(first+1, last)
		} else {
			m.conditions(first, last)
		}
	case t.is("CASE"):
		m.branches(i)
	case t.is("USING") && m.at(i+1).is("("):
		m.columns(i+2, closing(m.list, i+1)-1)
	case t.is("PARTITION") && m.at(i+1).is("BY"):
		m.columns(i+2, m.endOfClause(i+2))
	}
}

// endOfClause is the last token of a clause: before the next clause, or the bracket that ends it.
func (m *maker) endOfClause(i int) int {
	for ; i < len(m.list); i++ {
		t := m.at(i)
		if t.is("(", "[", "{") {
			i = closing(m.list, i)
			continue
		}
		if t.is(")", "]", "}", ";") ||
			t.is("GROUP", "ORDER", "QUALIFY", "UNION", "WHERE", "JOIN", "LEFT", "WINDOW", "HAVING", "ROWS") {
			return i - 1
		}
	}
	return len(m.list) - 1
}

// conditions drops each of the conditions that AND joins, where there are several.
func (m *maker) conditions(first, last int) {
	var cuts []int // the ANDs
	for i := first; i <= last; i++ {
		t := m.at(i)
		switch {
		case t.is("(", "[", "{"):
			i = closing(m.list, i)
		case t.is("CASE"):
			i = m.endOfCase(i)
		case t.is("OR"):
			return
		case t.is("AND") && !m.isBetween(i):
			cuts = append(cuts, i)
		}
	}
	begin := first
	for _, cut := range append(cuts, last+1) {
		m.replace(begin, cut-1, "true")
		begin = cut + 1
	}
}

func (m *maker) endOfCase(i int) int {
	depth := 0
	for ; i < len(m.list); i++ {
		if m.at(i).is("CASE") {
			depth++
		}
		if m.at(i).is("END") {
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(m.list) - 1
}

// branches drops each WHEN of a CASE that has several, and its ELSE.
func (m *maker) branches(i int) {
	end := m.endOfCase(i)
	var starts []int
	for k := i + 1; k < end; k++ {
		t := m.at(k)
		switch {
		case t.is("(", "[", "{"):
			k = closing(m.list, k)
		case t.is("CASE"):
			k = m.endOfCase(k)
		case t.is("WHEN", "ELSE"):
			starts = append(starts, k)
		}
	}
	whens := len(starts)
	if whens > 0 && m.at(starts[whens-1]).is("ELSE") {
		whens--
	}
	for n, start := range starts {
		last := end - 1
		if n+1 < len(starts) {
			last = starts[n+1] - 1
		}
		if whens > 1 || m.at(start).is("ELSE") {
			m.replace(start, last, "")
		}
	}
}

// columns drops each of the columns of a list that has several.
func (m *maker) columns(first, last int) {
	parts := m.parts(first, last)
	if len(parts) < 2 {
		return
	}
	for n, p := range parts {
		if n+1 < len(parts) {
			m.replace(p[0], p[1]+1, "")
		} else {
			m.replace(p[0]-1, p[1], "")
		}
	}
}
