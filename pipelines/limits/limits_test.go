package limits

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Every line of the table stands once, within its own bounds, with words for people, and its value is its own field.
func TestTableHolds(t *testing.T) {
	t.Parallel()
	seen := map[*int64]string{}
	var s Set
	var names []string
	for _, r := range table {
		if r.usual < r.least || r.usual > r.most || r.least < 1 {
			t.Errorf("%s: %d is not within %d and %d", r.name, r.usual, r.least, r.most)
		}
		if other := seen[r.at(&s)]; other != "" || slices.Contains(names, r.name) {
			t.Errorf("%s shares its field with %s", r.name, other)
		}
		seen[r.at(&s)] = r.name
		names = append(names, r.name)
		if r.short == "" || r.unit == "" || (r.advice == "") != (r.of == ofSQL || r.of == ofRun) {
			t.Errorf("%s: short %q, unit %q, advice %q", r.name, r.short, r.unit, r.advice)
		}
		for _, value := range []int64{r.usual, r.least, r.most} {
			if got, ok := parse(r.unit, Amount(r.unit, value)); !ok || got != value {
				t.Errorf("%s: %s is read as %d, %v", r.name, Amount(r.unit, value), got, ok)
			}
		}
	}
	d := Default()
	if d.File != 100*mb || d.ReadingCPU != 30*time.Second || d.SQLMemory != gb || len(d.All()) != len(table) {
		t.Errorf("%+v", d)
	}
	if e, ok := d.Of(Merges); !ok || e.Value != d.Merges || e.Stated || e.Limit() != "50,000か所" {
		t.Errorf("%+v, %v", e, ok)
	}
	if _, ok := d.Of("nothing"); ok {
		t.Error("a limit without a name")
	}
}

// A limit may be lowered and raised to its bounds and not beyond them.
func TestOverride(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"file 1MB": mb, "file 1.5 mb": mb + mb/2, "file 100KB": 100 * kb, "file 102400バイト": 100 * kb, "file 1GiB": gb,
		"cells 1000": 1000, "cells 1,000": 1000, "cells 1_000個": 1000, "reading_cpu 90s": int64(90 * time.Second),
		"reading_cpu 2分": int64(2 * time.Minute), "reading_cpu 1時間": int64(time.Hour),
		"reading_cpu 1.5秒": int64(1500 * time.Millisecond),
	} {
		name, value, _ := strings.Cut(text, " ")
		s := Default()
		before := s
		if err := s.Override(name, value); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if e, _ := s.Of(name); e.Value != want || !e.Stated {
			t.Errorf("%s: %+v, want %d", text, e, want)
		}
		if e, _ := before.Of(name); e.Stated || e.Value != e.Default {
			t.Errorf("%s: a copy changed as well", text)
		}
	}
	for text, says := range map[string]string{
		"file 100": "100MB のように", "file 多い": "100MB のように", "file -1MB": "100MB のように", "file 1.5バイト": "100MB のように",
		"file 99.9KB": "100KB から 1GB まで", "file 1025MB": "100KB から 1GB まで", "cells 999": "1,000個 から",
		"cells 1.5": "500,000個 のように", "cells 1MB": "500,000個 のように", "reading_time 0秒": "1秒 から 1時間 まで",
		"reading_time 61分": "1秒 から 1時間 まで", "file 99999999999999999999GB": "100MB のように", "file 9999999999TB": "100MB のように",
		"flie 1MB": "「file」のことではありませんか", "Cells 1": "「cells」のことではありませんか", "cell_txt 1KB": "「cell_text」のこと",
		"大きさ 1MB": "使える名前は file、",
	} {
		name, value, _ := strings.Cut(text, " ")
		s := Default()
		if err := s.Override(name, value); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Amounts are written as they are read.
func TestAmount(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]string{
		"1,023バイト": size(1023), "1KB": size(1024), "1KB ": size(1025) + " ", "1.5KB": size(1536), "100MB": size(100 * mb),
		"1,023.9MB": size(gb - 1), "1GB": size(gb), "20GB": size(20 * gb), "2TB": size(2048 * gb),
		"30秒": seconds(30 * time.Second), "90秒": seconds(90 * time.Second), "60秒": seconds(time.Minute),
		"2分": seconds(2 * time.Minute), "1時間": seconds(time.Hour), "0.5秒": seconds(time.Second / 2),
		"1,234,567行": Amount(Rows, 1234567), "12個": Amount(Pieces, 12),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What is beyond a limit is said with what was found, where that is known.
func TestExceeded(t *testing.T) {
	t.Parallel()
	d := Default()
	for want, got := range map[string]Exceeded{
		"シート「表」のセルの結合が50,001か所で、上限の50,000か所（merges）を超えています": d.Beyond(Merges, 50_001, "シート「表」の"),
		"ファイルの大きさが20GBで、上限の100MB（file）を超えています":              d.Beyond(File, 20*gb, ""),
		"読み取りに使うメモリが上限の768MB（reading_memory）を超えています":        d.Beyond(ReadingMemory, 0, ""),
	} {
		if got.String() != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// What is beyond a limit is told how the limit is raised, as far as that goes.
func TestRaise(t *testing.T) {
	set := Default()
	e := set.Beyond("cells", 0, "")
	want := "kyogikai.yaml の limits に「cells」を" + Amount(e.Unit, e.Most) + "までの大きさで書くと読めます（いまは" + e.Limit() + "）。"
	if got := e.Raise(); !strings.HasSuffix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	if e.Value = e.Most; e.Raise() != "" {
		t.Errorf("at its most: %s", e.Raise())
	}
	if e.Value = e.Most - 1; e.Raise() == "" {
		t.Error("below its most: nothing")
	}
}
