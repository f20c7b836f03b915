package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// What a reason says of a mutant that no test notices.
const (
	same = "同じ" // it changes nothing: it counts neither as noticed nor as unnoticed
	left = "残す" // it stays
)

// reason is why a mutant stays, from 変異の理由.csv.
type reason struct {
	file string
	key
	is, why string
	line    int // in the list
	used    bool
}

var reasonHead = []string{"ファイル", "行", "変更", "番", "扱い", "理由"}

// readReasons reads the list of reasons.
func readReasons(name string) ([]reason, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the reasons: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the reasons: %w", err)
	}
	if len(lines) == 0 || strings.Join(lines[0], ",") != strings.Join(reasonHead, ",") {
		return nil, fmt.Errorf("%s:1: 見出しは「%s」でなければなりません", name, strings.Join(reasonHead, ","))
	}
	var out []reason
	for i, l := range lines[1:] {
		nth, err := strconv.Atoi(l[3])
		if err != nil || nth < 1 {
			return nil, fmt.Errorf("%s:%d: 番「%s」は1以上の整数ではありません", name, i+2, l[3])
		}
		if l[4] != same && l[4] != left {
			return nil, fmt.Errorf("%s:%d: 扱い「%s」は「%s」か「%s」でなければなりません", name, i+2, l[4], same, left)
		}
		if strings.TrimSpace(l[5]) == "" {
			return nil, fmt.Errorf("%s:%d: 理由がありません", name, i+2)
		}
		out = append(out, reason{file: l[0], key: key{l[1], l[2], nth}, is: l[4], why: l[5], line: i + 2})
	}
	return out, nil
}

// explain finds the reason of every mutant that lived. What it returns are faults of the list: a mutant without a
// reason, and a reason whose mutant does not live any more.
func explain(name string, list []reason, results []result) (map[int]*reason, []string) {
	why := map[int]*reason{}
	var faults []string
	for i, r := range results {
		if r.outcome != lived {
			continue
		}
		for k := range list {
			if list[k].file == r.file && list[k].key == r.key {
				list[k].used, why[i] = true, &list[k]
			}
		}
		if why[i] == nil {
			faults = append(faults, fmt.Sprintf("%s:%d: 検査が気付かない変異で、理由がありません: %s（%d番目）", r.file, r.line, r.what, r.nth))
		}
	}
	for _, one := range list {
		if !one.used {
			faults = append(faults, fmt.Sprintf("%s:%d: この変異は残っていません。行を消してください: %s %s（%d番目）",
				name, one.line, one.file, one.what, one.nth))
		}
	}
	return why, faults
}
