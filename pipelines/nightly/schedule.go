package nightly

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// Next is when the schedule of the settings comes next, in the city's zone: 2026-11-23 02:00.
func Next(env Env) (string, error) {
	if env.Settings.Schedule == "" {
		return "予定なし", nil
	}
	s, err := cron.ParseStandard(env.Settings.Schedule)
	if err != nil {
		return "", fmt.Errorf("設定の schedule「%s」を読めません（分 時 日 月 曜日 の順に書いてください）: %w", env.Settings.Schedule, err)
	}
	zone, err := time.LoadLocation(env.Settings.Timezone)
	if err != nil {
		return "", fmt.Errorf("設定の timezone を読めません: %w", err)
	}
	return s.Next(env.Clock().In(zone)).Format("2006-01-02 15:04"), nil
}
