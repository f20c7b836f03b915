package limits

import (
	"strconv"
	"strings"
	"time"
)

// Amount writes an amount of a unit as settings and messages do: 100MB, 60秒, 500,000個.
func Amount(u Unit, value int64) string {
	switch u {
	case Bytes:
		return size(value)
	case Seconds:
		return seconds(time.Duration(value))
	}
	return grouped(value) + string(u)
}

// Limit is the value of an entry as people read it.
func (e Entry) Limit() string { return Amount(e.Unit, e.Value) }

// size writes bytes in the largest unit of which there is one, to a tenth.
func size(n int64) string {
	for _, u := range []struct {
		of   int64
		name string
	}{{1024 * gb, "TB"}, {gb, "GB"}, {mb, "MB"}, {kb, "KB"}} {
		if n < u.of {
			continue
		}
		if tenths := n % u.of * 10 / u.of; tenths != 0 {
			return grouped(n/u.of) + "." + strconv.FormatInt(tenths, 10) + u.name
		}
		return grouped(n/u.of) + u.name
	}
	return grouped(n) + string(Bytes)
}

func seconds(d time.Duration) string {
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		return grouped(int64(d/time.Hour)) + "時間"
	case d >= 2*time.Minute && d%time.Minute == 0:
		return grouped(int64(d/time.Minute)) + "分"
	case d%time.Second == 0:
		return grouped(int64(d/time.Second)) + "秒"
	}
	return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + "秒"
}

func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	var parts []string
	for len(s) > 3 {
		parts = append([]string{s[len(s)-3:]}, parts...)
		s = s[:len(s)-3]
	}
	return strings.Join(append([]string{s}, parts...), ",")
}
