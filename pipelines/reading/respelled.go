package reading

import (
	"slices"
	"strings"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// factMark stands between the parts of a fact: form｜kind｜key｜field｜year｜unit.
const factMark = "｜"

// respelled are published figures whose facts are spelled as the records spell their keys now. Keys once folded ①
// into 1: what was published of ①-1 is a fact of 1-1 in the ledgers of that time, and goes on being one of ①-1.
//
// A fact that may be of either of two records is of none, unless its meeting tells the two apart itself: a value of the
// wrong record would be compared with this one.
func respelled(lines []warehouse.Published, books []*record.Workbook) []warehouse.Published {
	now := map[string][]string{} // form, kind and key as they were spelled → as records spell them
	plain := map[string]bool{}
	for _, w := range books {
		for i := range w.Records {
			r := &w.Records[i]
			spelled := factOf(r.Form, r.Kind, r.Key)
			was := factOf(r.Form, r.Kind, record.Normal(r.Key))
			if was == spelled {
				plain[was] = true
			} else if !slices.Contains(now[was], spelled) {
				now[was] = append(now[was], spelled)
			}
		}
	}
	if len(now) == 0 {
		return lines
	}
	apart := map[string]bool{} // meeting and record, as the ledger spells it
	for _, l := range lines {
		of, _ := recordOf(l.Fact)
		apart[l.Meeting+factMark+of] = true
	}
	out := make([]warehouse.Published, len(lines))
	for i, l := range lines {
		out[i] = l
		of, rest := recordOf(l.Fact)
		some := now[of]
		told := false
		for _, s := range some {
			told = told || apart[l.Meeting+factMark+s]
		}
		switch {
		case len(some) == 0 || told:
		case len(some) == 1 && !plain[of]:
			out[i].Fact = some[0] + rest
		default:
			out[i].Fact, out[i].Year = "", 0
		}
	}
	return out
}

func factOf(form, kind, key string) string { return form + factMark + kind + factMark + key }

// recordOf cuts a fact behind its key: the record that it is of, and the rest. A table's fact is of no record.
func recordOf(fact string) (record, rest string) {
	parts := strings.SplitAfterN(fact, factMark, 4)
	if len(parts) < 4 || strings.HasPrefix(fact, "marts.") {
		return "", fact
	}
	of := strings.Join(parts[:3], "")
	return strings.TrimSuffix(of, factMark), fact[len(of)-len(factMark):]
}
