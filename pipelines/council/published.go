package council

import (
	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/ledger"
)

// LedgerLines are the figures of papers as the ledger keeps them. Words that follow the figures are not in it.
func LedgerLines(m brief.Meeting, edition int, papers []brief.ItemPaper) []ledger.Line {
	var out []ledger.Line
	for _, p := range papers {
		for _, f := range p.Figures {
			if f.Word {
				continue
			}
			out = append(out, ledger.Line{
				Meeting: m.ID, Held: m.Date, Edition: edition, Paper: p.Item.Name(), Item: p.Item.Title, Brief: p.Item.Brief,
				Of:     reportedYear(p),
				Figure: f.Address, Table: f.Table, Row: f.Row, Column: f.Column, Text: f.Text, Value: f.Value, Unit: f.Unit,
				Fact: f.Fact, Year: f.Year,
			})
		}
	}
	return out
}
