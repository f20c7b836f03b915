package limits

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Override makes a limit what settings say: 100MB, 60秒, 500,000. A name that there is not and a value that cannot be
// are errors in words for whoever wrote them.
func (s *Set) Override(name, text string) error {
	i := slices.IndexFunc(table, func(r row) bool { return r.name == name })
	if i < 0 {
		return unknown(name)
	}
	r := table[i]
	value, ok := parse(r.unit, text)
	switch {
	case !ok:
		return fmt.Errorf("「%s」（%s）の「%s」を読めません。%s のように書いてください", name, r.short, text, Amount(r.unit, r.usual))
	case value < r.least || value > r.most:
		return fmt.Errorf("「%s」（%s）の「%s」は使えません。%s から %s までで書いてください（既定は %s）",
			name, r.short, text, Amount(r.unit, r.least), Amount(r.unit, r.most), Amount(r.unit, r.usual))
	}
	*r.at(s) = value
	if s.stated = maps.Clone(s.stated); s.stated == nil { // another copy of the set keeps its own
		s.stated = map[string]bool{}
	}
	s.stated[name] = true
	return nil
}

// unknown says that there is no limit of a name, and which is spelt most nearly so.
func unknown(name string) error {
	near, least := "", len(name)/2+1
	var names []string
	for _, r := range table {
		names = append(names, r.name)
		if d := distance(strings.ToLower(name), r.name); d < least {
			near, least = r.name, d
		}
	}
	if near != "" {
		return fmt.Errorf("「%s」という上限はありません。「%s」のことではありませんか（すべての名前は kyogikai limits で見られます）", name, near)
	}
	return fmt.Errorf("「%s」という上限はありません。使える名前は %s です", name, strings.Join(names, "、"))
}

// distance is how many letters have to be put, taken or changed to make one word of another.
func distance(a, b string) int {
	last := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		corner := last[0]
		last[0] = i + 1
		for j := range len(b) {
			changed := corner
			if a[i] != b[j] {
				changed++
			}
			corner, last[j+1] = last[j+1], min(changed, last[j]+1, last[j+1]+1)
		}
	}
	return last[len(b)]
}

var amount = regexp.MustCompile(`^([0-9][0-9,_]*)(?:\.([0-9]{1,3}))?\s*([^0-9]*)$`)

// scales are what one of a unit's words counts.
var scales = map[Unit]map[string]int64{
	Bytes: {
		"b": 1, "バイト": 1, "kb": kb, "kib": kb, "mb": mb, "mib": mb, "gb": gb, "gib": gb, "tb": 1024 * gb, "tib": 1024 * gb,
	},
	Seconds: {
		"s": span(time.Second), "秒": span(time.Second), "m": span(time.Minute), "分": span(time.Minute),
		"h": span(time.Hour), "時間": span(time.Hour),
	},
}

// parse reads an amount of a unit. Sizes and times need a word behind the number: nobody knows whether 100 are bytes or
// megabytes.
func parse(u Unit, text string) (value int64, ok bool) {
	m := amount.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, false
	}
	scale, known := scales[u][strings.ToLower(strings.TrimSpace(m[3]))]
	if scales[u] == nil {
		scale, known = 1, m[3] == "" || m[3] == string(u)
	}
	whole, err := strconv.ParseInt(strings.NewReplacer(",", "", "_", "").Replace(m[1]), 10, 64)
	if err != nil || !known || m[2] != "" && scale == 1 {
		return 0, false
	}
	const most = 1 << 62
	if whole > most/scale {
		return 0, false
	}
	value = whole * scale
	if m[2] != "" {
		thousandths, _ := strconv.ParseInt((m[2] + "00")[:3], 10, 64) // the pattern admits nothing else
		value += scale / 1000 * thousandths
		value += scale % 1000 * thousandths / 1000
	}
	return value, true
}
