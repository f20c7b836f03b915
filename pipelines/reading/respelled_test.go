package reading

import (
	"testing"

	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

func published(meeting, fact string) warehouse.Published {
	return warehouse.Published{Municipality: "市", Line: ledger.Line{Meeting: meeting, Fact: fact, Year: 2025, Value: "1"}}
}

func keyed(keys ...string) []*record.Workbook {
	w := &record.Workbook{Municipality: "市"}
	for _, k := range keys {
		w.Records = append(w.Records, record.Record{Form: "A", Kind: "indicator", Key: k})
	}
	return []*record.Workbook{w}
}

// A value that was published when keys folded ① into 1 is found under the key as it is spelled now; one that may be of
// either of two records is of none, unless its own meeting tells them apart.
func TestPublishedFactsAreRespelled(t *testing.T) {
	const (
		folded  = "A｜indicator｜計画|1-1|利用率||成果"
		circled = "A｜indicator｜計画|①-1|利用率||成果"
		rest    = "｜actual｜2025｜%"
	)
	for name, c := range map[string]struct {
		books []*record.Workbook
		fact  string
		more  string // another fact of the meeting
		want  string
	}{
		"circled alone":      {keyed("計画|①-1|利用率||成果"), folded + rest, "", circled + rest},
		"of no year or unit": {keyed("計画|①-1|利用率||成果"), folded + "｜baseline", "", circled + "｜baseline"},
		"plain alone":        {keyed("計画|1-1|利用率||成果"), folded + rest, "", folded + rest},
		"spelled now":        {keyed("計画|①-1|利用率||成果"), circled + rest, "", circled + rest},
		"another name":       {keyed("計画|①-1|件数||成果"), folded + rest, "", folded + rest},
		"either of two":      {keyed("計画|①-1|利用率||成果", "計画|1-1|利用率||成果"), folded + rest, "", ""},
		"two that are circled": {
			keyed("計画|①-1|利用率||成果", "計画|1-①|利用率||成果"), folded + rest, "", "",
		},
		"told apart": {
			keyed("計画|①-1|利用率||成果", "計画|1-1|利用率||成果"), folded + rest, circled + rest, folded + rest,
		},
		"of a table": {
			keyed("計画|①-1|利用率||成果"), "marts.progress_table｜計画｜1-1｜good_pct", "", "marts.progress_table｜計画｜1-1｜good_pct",
		},
		"of nothing": {keyed("計画|①-1|利用率||成果"), "", "", ""},
	} {
		lines := []warehouse.Published{published("会議", c.fact)}
		if c.more != "" {
			lines = append(lines, published("会議", c.more))
		}
		got := respelled(lines, c.books)
		if got[0].Fact != c.want {
			t.Errorf("%s: %q, want %q", name, got[0].Fact, c.want)
		}
		if lines[0].Fact != c.fact || len(got) != len(lines) {
			t.Errorf("%s: the ledger itself changed", name)
		}
		if c.fact != "" && (got[0].Year == 0) != (c.want == "") {
			t.Errorf("%s: year %d of %q", name, got[0].Year, got[0].Fact)
		}
	}
}

// Another meeting that tells two records apart says nothing of this one.
func TestOtherMeetingTellsNothing(t *testing.T) {
	const rest = "｜actual｜2025｜%"
	got := respelled([]warehouse.Published{
		published("前", "A｜indicator｜1-1"+rest), published("後", "A｜indicator｜①-1"+rest),
		published("後", "A｜indicator｜1-1"+rest),
	}, keyed("1-1", "①-1"))
	if got[0].Fact != "" || got[1].Fact != "A｜indicator｜①-1"+rest || got[2].Fact != "A｜indicator｜1-1"+rest {
		t.Errorf("%q, %q, %q", got[0].Fact, got[1].Fact, got[2].Fact)
	}
}
