package fiscal

import (
	"strings"
	"testing"
	"time"
)

func TestReadDay(t *testing.T) {
	for _, s := range []string{
		"令和8年2月24日", "R8.2.24", "2026年2月24日", "2026/2/24", "2026-02-24", "令和８年２月２４日（火）", "令和8年 2月24日(火曜日)", "令和8年2月24日まで",
	} {
		if day, err := ReadDay(s); err != nil || day.Format(time.DateOnly) != "2026-02-24" {
			t.Errorf("%s: %s, %v", s, day, err)
		}
	}
	for s, want := range map[string]string{
		"": "「」は日付として読めません", "2月24日": "令和8年2月24日、R8.2.24、2026-02-24 のように", "令和8年2月30日": "読めません",
		"令和8年2月24日（水）": "令和8年2月24日は、水曜日ではなく火曜日です", "令和8年2月24日（祝）": "読めません",
	} {
		if _, err := ReadDay(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", s, err, want)
		}
	}
}
